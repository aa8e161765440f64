"""Every day on which the answer to a purchase changes, and why: the law of all spans of days asked the same question."""

import datetime
from collections.abc import Iterator
from typing import Any, ClassVar

from attrs import field, frozen

from qmi_rules.contexts import Case, Purchase, whole_case
from qmi_rules.contexts.case import with_facts
from qmi_rules.documents.scalars import to_tuple
from qmi_rules.findings import STATUS, Truth
from qmi_rules.law import LawInForce, Table, default_table
from qmi_rules.law.causes import Cause, causes
from qmi_rules.law.comparison import STATUSES
from qmi_rules.text import Explained, Language, Page
from qmi_rules.text.page import Block, Heading, Items, Paragraph


@frozen(kw_only=True)
class Turn:
    """One procedure whose answer changes on a day.

    Attributes:
        procedure: Id of the procedure.
        label: Its French name.
        before: Its status the day before.
        after: Its status from that day on.
        because: What changed in the law.
    """

    procedure: str
    label: str
    before: str
    after: str
    because: tuple[Cause, ...] = field(converter=to_tuple)


@frozen(kw_only=True)
class Span:
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


@frozen(kw_only=True)
class Timeline(Explained):
    """The answer to one purchase over all days.

    Attributes:
        title: What is bought.
        launched_on: The day that the purchase gives.
        spans: From the first day to the last, without gap.
    """

    READ_BACK: ClassVar[bool] = True

    title: str
    launched_on: datetime.date
    spans: tuple[Span, ...] = field(converter=to_tuple)

    def on(self, day: datetime.date) -> Span:
        """The span of a day."""
        return next(s for s in self.spans if s.until is None or day <= s.until)

    def page(self, say: Language) -> Page:
        """The timeline in one language: each day of change, the latest first, down to what came before."""
        blocks: list[Block] = [Heading(say("Les jours où la réponse change : {title}", title=self.title), level=1)]
        changing = [span for span in reversed(self.spans) if span.turns]
        if not changing:
            blocks.append(Paragraph(say("La réponse est la même tous les jours que connaît la table.")))
        for span in changing:
            assert span.since is not None
            blocks += [Heading(say("À partir du {day}", day=say.date(span.since))), Items(_lines(say, span))]
        return Page(say.code, blocks)


def _lines(say: Language, span: Span) -> list[str]:
    return [
        say(
            "{procedure} : {before} → {after} — {why}",
            procedure=say(turn.label),
            before=say(STATUSES[turn.before]),
            after=say(STATUSES[turn.after]),
            why="; ".join(cause.sentence(say) for cause in turn.because),
        )
        for turn in span.turns
    ]


def timeline(purchase: Purchase | Case, table: Table | None = None, known_on: datetime.date | None = None) -> Timeline:
    """All days on which the answer to a purchase changes, had it been launched then, each with the text that did it.

    Args:
        purchase: The purchase; its own day of launch does not matter.
        table: The law; None = the national table of the package.
        known_on: Take only the law that was published by this day.
    """
    table = table or default_table()
    return Timeline(
        title=getattr(purchase, "title", ""),
        launched_on=purchase.launched_on,
        spans=tuple(_spans(whole_case(purchase), table, known_on)),
    )


def _spans(case: Purchase | Case, table: Table, known_on: datetime.date | None) -> Iterator[Span]:
    pending: dict[str, Any] | None = None
    before: tuple[LawInForce, dict[str, Truth]] | None = None
    for law in table.segments(known_on):
        answers = law.statuses(with_facts(case, {"launched_on": law.day}))
        if pending is not None and before is not None and before[1] == answers:
            pending["until"] = law.until
            before = (law, answers)
            continue
        if pending is not None:
            yield Span(**pending)
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
        yield Span(**pending)


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
            )
