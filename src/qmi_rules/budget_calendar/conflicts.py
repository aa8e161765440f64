"""Conflicts: what in a plan collides with the budget, the politics or a change of the law; one frozen value each.

What is said of them, with its articles and figures, is data: ``conflicts.toml``.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from enum import StrEnum
from itertools import groupby
from typing import Literal

from attrs import field, frozen

from qmi_rules.budget_calendar.budget_year import Credits
from qmi_rules.budget_calendar.elections import (
    DATE_STATUSES,
    DateStatus,
    Election,
    communication_window,
    communication_windows,
    current_affairs,
    elections,
    renewals,
)
from qmi_rules.budget_calendar.facts import (
    Citation,
    Grounded,
    calendar_file,
    cite,
    fact,
    resting_on,
    sentences,
)
from qmi_rules.budget_calendar.planner import Placed
from qmi_rules.budget_calendar.procedure_law import LawChange, law_changes
from qmi_rules.budget_calendar.route import Route
from qmi_rules.law import Certainty, Table
from qmi_rules.model import whole_case
from qmi_rules.model.commune import BudgetVote
from qmi_rules.model.schedule import Expense, StepId
from qmi_rules.pages import Language, message
from qmi_rules.pages.sentences import AnyOf, Said, Term, Value
from qmi_rules.read_only import to_read_only
from qmi_rules.schema import Wording
from qmi_rules.schema.fields import said_by


class CalendarConflictCode(StrEnum):
    """What collides."""

    NO_CREDITS_YET = "no_credits_yet"
    QUARTER_EXCEEDED = "quarter_exceeded"
    QUARTER_CLOSED = "quarter_closed"
    DELEGATION_UNUSABLE = "delegation_unusable"
    ORIENTATION_DEBATE = "orientation_debate"
    DRAFT_BUDGET_LATE = "draft_budget_late"
    YEAR_END_CLIFF = "year_end_cliff"
    CURRENT_AFFAIRS_ONLY = "current_affairs_only"
    BODY_CHANGES_MID_PROCEDURE = "body_changes_mid_procedure"
    COMMUNICATION_WINDOW = "communication_window"
    ELECTION_PERIOD = "election_period"
    RULE_MAY_CHANGE = "rule_may_change"
    SCHOOL_BREAK = "school_break"


class Severity(StrEnum):
    """How much a conflict weighs."""

    BLOCKING = "blocking"
    WARNING = "warning"
    INFORMATION = "information"


_ONE = timedelta(days=1)
_DECIDING = (StepId.TENDER_COMMITTEE, StepId.COUNCIL, StepId.SIGNATURE)


@frozen(kw_only=True)
class CalendarConflict(Grounded):
    """One conflict of a plan.

    Attributes:
        code: What collides.
        from_: First day of the conflict (key ``from`` in JSON).
        until: Last day; None = no end known.
        severity: ``blocking``, ``warning`` or ``information``.
        advice: What to do, in French.
        about: ``wanted`` where it concerns the wanted start, which the plan shown avoids; else ``plan``.
    """

    code: CalendarConflictCode
    from_: date
    until: date | None
    severity: Severity
    advice: Wording = field(metadata=said_by("_sentence"))
    about: Literal["plan", "wanted"] = "plan"
    _sentence: Said | None = field(alias="sentence", default=None, eq=False, repr=False)

    @property
    def label(self) -> str:
        """What collides, in a few French words."""
        return conflict_label(self.code)

    def said(self, say: Language) -> str:
        """The advice in one language; in French only where it was read back from JSON."""
        return self._sentence.said(say) if self._sentence else self.advice


def conflict_label(code: CalendarConflictCode) -> str:
    """What collides, in a few French words."""
    return next(kind.label for kind in calendar_file("conflicts").kinds if kind.code == code)


def _conflict(
    name: str,
    first: date,
    last: date | None,
    severity: Severity | None = None,
    citation: Citation | None = None,
    /,
    **values: Value,
) -> CalendarConflict:
    """The conflict that the sentence of that name says; severity and texts are those of the sentence, or the ones given."""
    words = sentences()[name]
    said = words.with_values(values)
    return CalendarConflict(
        code=CalendarConflictCode(words.code or name),
        from_=first,
        until=last,
        severity=severity or Severity(words.severity or ""),
        advice=said.french,
        sentence=said,
        **resting_on(citation or words.citation),
    )


@frozen(kw_only=True)
class Situation:
    """A plan under examination.

    Attributes:
        route: What it was built from.
        plan: The steps with their days.
        feasible: Whether the wanted start can be kept.
    """

    route: Route
    plan: Mapping[str, Placed] = field(converter=to_read_only)
    feasible: bool

    @property
    def first(self) -> date:
        """First day of the plan."""
        return min(placed.start for placed in self.plan.values())

    @property
    def launch(self) -> date:
        """Day of the launch."""
        return self.plan[self.route.launch].start

    @property
    def signed(self) -> date:
        """Day of the signature."""
        return self.plan[StepId.SIGNATURE].end

    @property
    def starts(self) -> date:
        """Day performance starts."""
        return self.plan[StepId.START].end

    @property
    def today(self) -> date:
        """The earliest day the user speaks of."""
        days = [self.route.purchase.launched_on, self.route.schedule.not_before]
        return min(day for day in days if day is not None)


def conflicts_of(
    situation: Situation, credits: Credits, earliest: dict[str, Placed], table: Table, known_on: date | None
) -> Iterator[CalendarConflict]:
    """Everything that a plan collides with, in no order.

    Args:
        situation: The plan under examination.
        credits: The credits with their closures, also where the plan leaves them aside.
        earliest: The earliest plan: what could be ready, or signed, when.
        table: The law, whose changes are told,
        known_on: as they were known by a day.
    """
    yield from _before_the_vote(situation, credits)
    yield from _year_end(situation, earliest)
    yield from _debate(situation)
    yield from _draft(situation, earliest)
    yield from _renewal(situation)
    yield from _communication(situation)
    for election in elections(situation.first, situation.starts):
        # senators are elected by delegates: neither the town hall nor its staff is held up
        if election.concerns_territory and election.kind != "senatorial":
            yield from _election(election)
    yield from _changes(situation, table, known_on)
    yield from _breaks(situation)


def distinct(conflicts: Iterable[CalendarConflict]) -> Iterator[CalendarConflict]:
    """The conflicts without repetition of a code over the same days, in order of time."""
    seen: set[tuple[str, date]] = set()
    for entry in sorted(conflicts, key=lambda c: (c.from_, c.code)):
        if (entry.code, entry.from_) not in seen:
            seen.add((entry.code, entry.from_))
            yield entry


# --- with the credits: vote, quarter, delegation, year end


def _before_the_vote(situation: Situation, credits: Credits) -> Iterator[CalendarConflict]:
    signed = situation.signed
    severity = Severity.WARNING if situation.feasible else Severity.BLOCKING
    closure = credits.closed_on(signed)
    if closure is not None:
        names = ["unauthorised" if closure.code == CalendarConflictCode.NO_CREDITS_YET else closure.code]
        # told together: the authorisation alone would not do
        if names == ["unauthorised"] and credits.exceeds_quarter:
            names.append("quarter_exceeded")
        for name in names:
            values: dict[str, Value] = {"day": signed, "vote": closure.last + _ONE}
            if name == "quarter_exceeded":
                values |= {"amount": credits.amount or 0, "quarter": credits.quarter or 0}
            yield _conflict(name, closure.first, closure.last, severity, **values)
    if not credits.before_vote(signed) or credits.expense is Expense.OPERATING:
        return
    first, vote = date(signed.year, 1, 1), credits.budget(signed.year).voted_on
    if credits.expense is None:
        yield _conflict("expense_unknown", first, vote - _ONE, day=signed, vote=vote)
    if situation.route.delegated:
        weight = severity if closure is not None else None
        yield _conflict("delegation_unusable", first, vote - _ONE, weight, vote=vote)


def _year_end(situation: Situation, earliest: dict[str, Placed]) -> Iterator[CalendarConflict]:
    """The credits of the year of the launch fall at its end, unless the contract is signed by then."""
    signed, launch, carry_over = situation.signed, situation.launch, fact("carry_over")
    declared, first_signed = situation.route.purchase.launched_on, earliest[StepId.SIGNATURE].end
    if launch.year < signed.year:
        end = carry_over.on(launch.year)
        yield _conflict("year_end", end, signed, year=str(launch.year), launch=launch, day=signed)
    elif declared.year < min(launch.year, first_signed.year):
        years = {"year": str(signed.year), "former": str(declared.year)}
        end = carry_over.on(declared.year)
        yield _conflict("next_budget", end, signed, launch=launch, day=signed, declared=declared, **years)
    stop = situation.route.commune.orders_stop_on
    if stop is not None and stop <= signed <= carry_over.on(stop.year):
        yield _conflict("orders_stop", stop, carry_over.on(stop.year), day=stop)


# --- with what must come before the vote of the budget


def _debate(situation: Situation) -> Iterator[CalendarConflict]:
    commune = situation.route.commune
    voted, debate, inhabitants = commune.budget_voted_on, commune.orientation_debate_on, commune.inhabitants
    if voted is None or (debate is None and inhabitants is None):
        return
    if inhabitants is not None and inhabitants < fact("orientation_population").length:
        return
    first, last = voted - timedelta(days=fact("orientation_debate").length), voted - _ONE
    if debate is None:
        if voted >= situation.today:
            yield _conflict("debate_unknown", first, last, first=first, last=last)
    elif debate < first:
        yield _conflict("debate_early", debate, voted, debate=debate, vote=voted, first=first)
    elif debate > voted - timedelta(days=fact("orientation_debate_gap").length):
        yield _conflict("debate_same_day", debate, voted, vote=voted)


def _draft(situation: Situation, earliest: dict[str, Placed]) -> Iterator[CalendarConflict]:
    """The draft of the budget left too late, or before the need was known."""
    commune = situation.route.commune
    voted, sent = commune.budget_voted_on, commune.draft_budget_sent_on
    if voted is None:
        return
    latest = voted - timedelta(days=fact("draft_budget").length)
    if sent is not None and sent > latest:
        yield _conflict("draft_late", latest, voted, sent=sent, vote=voted, latest=latest)
    ready, leaves = earliest[StepId.NEED].end, sent or latest
    if (
        situation.today <= voted
        and situation.signed.year == commune.budget_year
        and ready > leaves
        and (commune.budget_vote is BudgetVote.YEAR_END or situation.signed >= voted)
    ):
        yield _conflict("need_after_draft", leaves, voted, ready=ready, leaves=leaves, vote=voted)


# --- with elections


def _renewal(situation: Situation) -> Iterator[CalendarConflict]:
    launch, signed = situation.launch, situation.signed
    deciding = [situation.plan[step] for step in _DECIDING if step in situation.plan]
    for election in renewals(launch, signed):
        span = current_affairs(election)
        assert span is not None
        if any(span.overlaps(placed.end, placed.end) for placed in deciding):
            yield _conflict("current_affairs", span.first, span.last)
        if launch <= span.first < signed:
            weight = Severity.WARNING if StepId.TENDER_COMMITTEE in situation.plan else Severity.INFORMATION
            yield _conflict("body_changes", launch, signed, weight)


def _communication(situation: Situation) -> Iterator[CalendarConflict]:
    events = [situation.starts] + [m.on for m in situation.route.schedule.milestones if m.who == "commune"]
    # reversed: of several events in one window the first stays, the start of performance before all others
    found = {election.id: (election, day) for day in reversed(events) for election in communication_windows(day)}
    for election, day in found.values():
        window, name = (
            communication_window(election),
            "own_campaign" if election.kind == "municipal" else "other_campaign",
        )
        yield _conflict(name, window.first, window.last, day=day, election=Term(election.label))


def _election(election: Election) -> Iterator[CalendarConflict]:
    span, due = election.span, election.decree_due_by
    values: dict[str, Value] = {
        "election": Term(election.label),
        "status": Term(DATE_STATUSES[election.date_status]),
        **({"due": due} if due else {}),
    }
    basis = cite(*election.legal_basis) if election.legal_basis else None
    name = "own_election" if election.kind == "municipal" else "other_election"
    yield _conflict(name, span.first, span.last, None, basis, **values)
    if election.date_status is not DateStatus.DECREED:
        yield _conflict("decree_due" if due else "date_open", span.first, span.last, None, basis, **values)


# --- with changes of the law, and with school breaks


def _changes(situation: Situation, table: Table, known_on: date | None) -> Iterator[CalendarConflict]:
    """One conflict for each day on which thresholds change between the launch as declared and the start."""
    purchase, launch = situation.route.purchase, situation.launch
    since = min(situation.first, purchase.launched_on)
    until = max(situation.starts, purchase.launched_on)
    kind = whole_case(purchase).contract_type
    changing = law_changes(table, situation.route.procedure, kind, since, until, known_on)
    for day, group in groupby(changing, key=lambda change: change.on):
        changes = tuple(group)
        # the law asked is that of the declared day: where the plan launches on the other side of a change, that is a warning
        either_law = (launch >= day) is not (purchase.launched_on >= day)
        weight = Severity.WARNING if either_law else Severity.INFORMATION
        basis = next((cite(change.source) for change in changes if change.source), None)
        told = tuple(_change(change) for change in changes)
        yield _conflict("law_changes", day, None, weight, basis, day=day, changes=told, launch=launch)


def _change(change: LawChange) -> Said:
    label: Value = Term(change.label)
    if change.certainty is Certainty.UNVERIFIED:
        label = Said(message("{label} (non vérifié)"), {"label": label})
    match change:
        case LawChange(before=None, after=None):
            return Said(message("{label}, ensuite non connu"), {"label": label})
        case LawChange(before=None, after=after) if after is not None:
            return Said(message("{label}, ensuite {after}"), {"label": label, "after": after})
        case LawChange(before=before, after=after) if before is not None and after is not None:
            return Said(message("{label}, de {before} à {after}"), {"label": label, "before": before, "after": after})
    text = (
        message("{label}, {before} jusque-là, ensuite contesté : {readings}")
        if change.readings
        else message("{label}, {before} jusque-là, ensuite non connu")
    )
    return Said(text, {"label": label, "before": change.before or 0, "readings": AnyOf(change.readings)})


def _breaks(situation: Situation) -> Iterator[CalendarConflict]:
    first, last = situation.launch, situation.plan[StepId.NOTIFICATION].end
    steps = (StepId.RECEIPT, StepId.TENDER_COMMITTEE, StepId.COUNCIL)
    awaiting = [situation.plan[step] for step in steps if step in situation.plan]
    for entry in calendar_file("school_breaks").breaks:
        if (
            entry.first <= last
            and first <= entry.last
            and any(placed.start <= entry.last and entry.first <= placed.end for placed in awaiting)
        ):
            yield _conflict("school_break", entry.first, entry.last, name=Term(entry.name))
