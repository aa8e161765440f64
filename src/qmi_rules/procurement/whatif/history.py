"""Every day on which the answer to a purchase changes, and why: the law of all spans of days asked the same question."""

import datetime
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar

from attrs import field, frozen

from qmi_rules.law import LawInForce, Table, default_table
from qmi_rules.law.doubts import Doubt, doubted, doubts_about
from qmi_rules.law.maintenance.compare import Cause, causes
from qmi_rules.law.truth import STATUS, Status, Truth
from qmi_rules.law.wording import STATUSES
from qmi_rules.model import Case, Purchase, whole_case
from qmi_rules.model.case import with_facts
from qmi_rules.pages import Explained, Language, Page
from qmi_rules.pages.templates import page_of
from qmi_rules.procurement.decision import Decision, decide
from qmi_rules.schema import Wording, given
from qmi_rules.schema.faults import require
from qmi_rules.schema.fields import Layout
from qmi_rules.schema.scalars import to_tuple


@frozen(kw_only=True)
class Turn:
    """One procedure whose answer changes on a day.

    Attributes:
        procedure: Id of the procedure.
        label: Its French name.
        before: Its status the day before.
        after: Its status from that day on.
        because: What changed in the law.
        doubts: Where it opens, what it then rests on that is not confirmed.
    """

    procedure: str
    label: Wording
    before: Status
    after: Status
    because: tuple[Cause, ...] = field(converter=to_tuple)
    doubts: tuple[Doubt, ...] = field(default=(), converter=to_tuple)

    @property
    def learned(self) -> bool:
        """Only the table's knowledge begins: the law did not change."""
        return all(cause.code == "known" for cause in self.because)


@frozen(kw_only=True)
class StandingOption:
    """The answer for one procedure on the day of launch.

    Attributes:
        procedure: Id of the procedure.
        label: Its French name.
        status: ``open`` or ``undetermined``.
        doubts: What it rests on that is not confirmed.
    """

    procedure: str
    label: Wording
    status: Status
    doubts: tuple[Doubt, ...] = field(default=(), converter=to_tuple)


@frozen(kw_only=True)
class AnswerSpan:
    """Days on which the answer is the same.

    Attributes:
        since: First day; None = before every change that the table knows.
        until: Last day; None = after every change.
        open: Ids of the procedures open.
        undetermined: Ids of those not determined.
        turns: What changed on the first day.
    """

    since: datetime.date | None
    until: datetime.date | None
    open: tuple[str, ...] = field(converter=to_tuple)
    undetermined: tuple[str, ...] = field(converter=to_tuple)
    turns: tuple[Turn, ...] = field(converter=to_tuple)

    @property
    def of_the_law(self) -> list[Turn]:
        """What changed as the law did, not only what the table knows of it."""
        return [turn for turn in self.turns if not turn.learned]


@frozen(kw_only=True)
class Timeline(Explained):
    """The answer to one purchase over all days.

    Attributes:
        title: What is bought.
        launched_on: The day that the purchase gives.
        spans: From the first day to the last, without gap.
        now: What is open, or not determined, on the day of launch; the fewest formalities first.
        table_edition: Name of the edition of the law.
    """

    _layout: ClassVar[Layout] = Layout(own_page=True)

    title: str
    launched_on: datetime.date
    spans: tuple[AnswerSpan, ...] = field(converter=to_tuple)
    now: tuple[StandingOption, ...] = field(default=(), converter=to_tuple)
    table_edition: str

    def on(self, day: datetime.date) -> AnswerSpan:
        """The span of a day."""
        return next(s for s in self.spans if s.until is None or day <= s.until)

    @property
    def turning(self) -> list[AnswerSpan]:
        """The spans on whose first day something changes."""
        return [span for span in self.spans if span.since is not None and span.turns]

    def page(self, say: Language) -> Page:
        """The timeline in one language: the answer on the day of launch, what changes after it, then what came before."""
        return page_of("timeline", say, voices=(doubted, why, changes), it=self, statuses=STATUSES)


def why(say: Language, turn: Turn) -> str:
    """What changed in the law, in one clause."""
    return say.clauses(cause.sentence(say) for cause in turn.because)


def changes(say: Language, turns: Iterable[Turn]) -> str:
    """What changed on a day, in one clause."""
    return say.clauses(
        f"{say(turn.label)} ({say(STATUSES[turn.before])} → {say(STATUSES[turn.after])})" for turn in turns
    )


def timeline(
    purchase: Purchase | Case | Mapping[str, Any], table: Table | None = None, known_on: datetime.date | None = None
) -> Timeline:
    """All days on which the answer to a purchase changes, had it been launched then, each with the text that did it.

    Args:
        purchase: The purchase; its own day of launch does not matter.
        table: The law; None = the national table of the package.
        known_on: Take only the law that was published by this day.

    Raises:
        DocumentError: An argument is not what was expected.

    >>> from qmi_rules import Purchase
    >>> past = timeline(Purchase(title="Capteurs", launched_on="2024-05-15", estimated_value=50_000, contract_type="services"))
    >>> past.title
    'Capteurs'
    """
    purchase = given("purchase", purchase, Purchase, Case)
    table = default_table() if table is None else table
    require("table", table, Table)
    return Timeline(
        title=getattr(purchase, "title", ""),
        launched_on=purchase.launched_on,
        spans=tuple(_spans(whole_case(purchase), table, known_on)),
        now=tuple(_now(decide(purchase, table, known_on))),
        table_edition=table.edition,
    )


def _now(decision: Decision) -> Iterator[StandingOption]:
    options = [option for option in decision.options if option.truth is not Truth.NO]
    for option in sorted(options, key=lambda option: (option.truth is not Truth.YES, option.order)):
        yield StandingOption(procedure=option.procedure, label=option.label, status=option.status, doubts=option.doubts)


def _spans(case: Purchase | Case, table: Table, known_on: datetime.date | None) -> Iterator[AnswerSpan]:
    pending: dict[str, Any] | None = None
    before: tuple[LawInForce, dict[str, Truth]] | None = None
    for law in table.segments(known_on):
        answers = law.statuses(with_facts(case, {"launched_on": law.day}))
        # a change of law that leaves this answer alone does not end the span
        if pending is not None and before is not None and before[1] == answers:
            pending["until"] = law.until
            before = (law, answers)
            continue
        if pending is not None:
            yield AnswerSpan(**pending)
        # nothing turns on the first day that the table knows
        turns = [] if before is None else list(_turns(*before, law, answers, case))
        pending = {
            "since": law.since,
            "until": law.until,
            "open": tuple(p for p, truth in answers.items() if truth is Truth.YES),
            "undetermined": tuple(p for p, truth in answers.items() if truth is Truth.UNDETERMINED),
            "turns": turns,
        }
        before = (law, answers)
    if pending is not None:
        yield AnswerSpan(**pending)


def _turns(
    old: LawInForce, was: dict[str, Truth], law: LawInForce, now: dict[str, Truth], case: Purchase | Case
) -> Iterator[Turn]:
    for procedure, truth in now.items():
        if was[procedure] is not truth:
            yield Turn(
                procedure=procedure,
                label=law.table.procedures[procedure].label,
                before=STATUS[was[procedure]],
                after=STATUS[truth],
                because=causes(old, law, procedure, case),
                doubts=doubts_about(procedure, with_facts(case, {"launched_on": law.day}), law)
                if truth is Truth.YES
                else (),
            )
