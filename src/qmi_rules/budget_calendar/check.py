"""`check_calendar`: the calendar of one purchase of one commune, with everything that stands in its way and what it rests on."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any, ClassVar, Literal

from attrs import evolve, field, frozen
from dateutil.relativedelta import relativedelta

from qmi_rules.budget_calendar.budget_year import BudgetYear, Credits, budget_deadline, convocation_days
from qmi_rules.budget_calendar.conflicts import CalendarConflict, Situation, conflicts_of, distinct
from qmi_rules.budget_calendar.days import latest_convocation
from qmi_rules.budget_calendar.facts import (
    Grounded,
    YearlyDay,
    calendar_rules,
    fact,
    resting_on,
    sentences,
)
from qmi_rules.budget_calendar.planner import Placed, critical_path
from qmi_rules.budget_calendar.plans import (
    Constraint,
    Wait,
    council_binding,
    earliest_plan,
    in_time,
    infeasibility,
    last_end,
    latest_plan,
    launch_path,
    waits,
    wished_plan,
)
from qmi_rules.budget_calendar.procedure_law import duties_in_calendar, open_procedures, planned_status
from qmi_rules.budget_calendar.route import Route, place_credits
from qmi_rules.budget_calendar.steps import Basis, StepPart, chain_of, step_label
from qmi_rules.errors import DocumentError, fault
from qmi_rules.law import Certainty, Source, Table, default_table
from qmi_rules.law.truth import Status, Truth
from qmi_rules.law.wording import certainty_mark, informs
from qmi_rules.model import Purchase, commune_of, communes_edition
from qmi_rules.model.commune import BudgetVote, Commune
from qmi_rules.model.schedule import Expense, Schedule, StepId
from qmi_rules.pages import Explained, Language, Page, message
from qmi_rules.pages.sentences import Remark, Term, Value
from qmi_rules.pages.templates import page_of
from qmi_rules.schema import Wording, given
from qmi_rules.schema.faults import require
from qmi_rules.schema.fields import UNFILLED_IS_ABSENT, Layout
from qmi_rules.schema.scalars import to_tuple


@frozen(kw_only=True)
class PlannedStep(Grounded):
    """One step of the plan.

    Attributes:
        id: Which step.
        label: Its name in French.
        start: First day.
        end: Day it is done; the next step starts on that day or later.
        days: Its length in calendar days; `end` may be later because of days off, `start` earlier never.
        estimate: True where the length, or a part of it, is an estimate and no rule.
        basis: ``law``, ``estimate``, ``user`` or ``council_dates``.
        note: What a reader should know, in French.
        parts: The spans inside it (a receipt in two phases).
    """

    id: StepId
    label: Wording
    start: date
    end: date
    days: int
    estimate: bool
    basis: Basis
    note: Wording | None = field(default=None, metadata=UNFILLED_IS_ABSENT)
    parts: tuple[StepPart, ...] = field(default=(), converter=to_tuple, metadata=UNFILLED_IS_ABSENT)


@frozen(kw_only=True)
class Deadline(Grounded):
    """A day by which something beside the steps must be done.

    Attributes:
        id: ``convocation``, ``award_notice`` or ``essential_data``.
        label: What, in French.
        by: Last day.
    """

    id: Literal["convocation", "award_notice", "essential_data"]
    label: Wording
    by: date


@frozen(kw_only=True)
class CalendarCheck(Explained):
    """The calendar of one purchase.

    Attributes:
        title: What is bought.
        procedure: Id of the procedure.
        procedure_label: Its legal name, in French.
        procedure_status: Whether it is open for the purchase: ``open``, ``closed`` or ``undetermined``.
        procedure_remark: What to know where it is not open.
        insee_code: The commune, where known.
        launched_on: Day of the launch that the purchase declares: it decides which law applies.
        wanted_on: Day performance was wanted to start.
        feasible: Whether it can; True where no day was wanted.
        launch_by: Last day to launch the consultation so as to start on the wanted day; None where none was wanted, or
            where the council dates given leave no such day.
        earliest_start: First day performance can start.
        steps: The plan: back from the wanted day where that is feasible, else as early as possible.
        earliest_steps: The same steps as early as possible.
        critical_path: The steps that fix `earliest_start`.
        launch_path: The steps that fix `launch_by`, where the plan runs back from the wanted day; else empty.
        binding: Why a council meeting fixes the plan shown; None where something else does.
        blocking: A minimal set of constraints that make the wanted day impossible, all others left aside; empty where it is
            feasible. Those that are `enough` make it possible if they alone are lifted.
        council_meetings: Days the council meets, as the commune gives them.
        conflicts: What collides with budget, politics and changes of the law, in order of time.
        waits: When the commune and the firm wait for each other.
        deadlines: What else must be done by when.
        budget: The budget year that pays, by the day of the signature.
        missing: Paths, in a dossier, of what was not given and had to be assumed; a fact of the purchase by its name alone.
        assumptions: What the plan rests on where something was not given or is not settled.
        table_edition: Edition of the law table.
    """

    _layout: ClassVar[Layout] = Layout(own_page=True)

    title: str
    procedure: str
    procedure_label: Wording
    procedure_status: Status
    procedure_remark: Remark | None
    insee_code: str | None
    launched_on: date
    wanted_on: date | None
    feasible: bool
    launch_by: date | None
    earliest_start: date
    steps: tuple[PlannedStep, ...] = field(converter=to_tuple)
    earliest_steps: tuple[PlannedStep, ...] = field(converter=to_tuple)
    critical_path: tuple[StepId, ...] = field(converter=to_tuple)
    launch_path: tuple[StepId, ...] = field(converter=to_tuple)
    binding: Remark | None
    blocking: tuple[Constraint, ...] = field(converter=to_tuple)
    council_meetings: tuple[date, ...] = field(converter=to_tuple)
    conflicts: tuple[CalendarConflict, ...] = field(converter=to_tuple)
    waits: tuple[Wait, ...] = field(converter=to_tuple)
    deadlines: tuple[Deadline, ...] = field(converter=to_tuple)
    budget: BudgetYear
    missing: tuple[str, ...] = field(converter=to_tuple)
    assumptions: tuple[Remark, ...] = field(converter=to_tuple)
    table_edition: str

    def __getitem__(self, step: str) -> PlannedStep:
        """The step of that id."""
        for entry in self.steps:
            if entry.id == step:
                return entry
        raise KeyError(step)

    @property
    def sources(self) -> tuple[Source, ...]:
        """The legal texts that it cites, each once; none where it was read back from JSON."""
        parts = (part for step in self.steps for part in step.parts)
        cited = (*self.steps, *parts, *self.conflicts, *self.deadlines, *self.budget.dates)
        return tuple({source.id: source for entry in cited for source in entry.sources}.values())

    def page(self, say: Language) -> Page:
        """Verdict, plan, conflicts, rhythms, budget and assumptions."""
        day = YearlyDay(fact("year_end_vote").month_day or "").said(say)
        voices = (informs, certainty_mark)
        return page_of("calendar", say, voices=voices, it=self, step_label=step_label, year_end=day)

    def _repr_html_(self) -> str:
        from qmi_rules.budget_calendar.gantt import to_svg

        return to_svg(self) + self.explain("fr", "html")


def check_calendar(
    purchase: Purchase | Mapping[str, Any],
    commune: Commune | Mapping[str, Any],
    schedule: Schedule | Mapping[str, Any],
    table: Table | None = None,
    known_on: date | None = None,
) -> CalendarCheck:
    """Plan a purchase and say what stands in its way.

    Args:
        purchase: What is bought; `launched_on` decides which law applies and is the first day of the launch.
        commune: Who buys.
        schedule: The procedure, and when performance is wanted to start.
        table: The law table; the package's by default.
        known_on: Take only the law that was published by this day.

    Raises:
        DocumentError: An argument of the wrong kind, no procedure, a procedure without steps, a wanted start before the
            launch, a length below the law's.

    >>> from qmi_rules import Commune, Purchase, Schedule, read
    >>> purchase = read({"title": "Capteurs", "launched_on": "2026-03-02", "contract_type": "services"}, Purchase)
    >>> check = check_calendar(purchase, Commune(budget_vote="spring"), Schedule(procedure="direct_award"))
    >>> print(check.steps[0].id)
    sourcing
    """
    purchase = given("purchase", purchase, Purchase)
    commune = given("commune", commune, Commune)
    schedule = given("schedule", schedule, Schedule)
    if table is not None:
        require("table", table, Table)
    table = table or default_table()
    route = _route(purchase, commune, schedule, table, known_on)
    funds = route.credits
    earliest = place_credits(route, earliest_plan(route))
    wanted_on = schedule.wanted_on
    feasible = wanted_on is None or in_time(route, wanted_on)
    late = latest_plan(route, wanted_on) if wanted_on else None
    latest = place_credits(route, late) if late else None
    shown = latest if latest is not None and feasible else earliest
    situation = Situation(route=route, plan=shown, feasible=feasible)
    remarks = tuple(_assumptions(situation, funds))
    critical = _critical(route, earliest)
    path = launch_path(route, shown) if shown is latest else ()
    procedure = route.procedure
    status, status_said = planned_status(purchase, commune, procedure, table, situation.launch, known_on)
    return CalendarCheck(
        title=purchase.title,
        procedure=procedure,
        procedure_label=table.procedures[procedure].label,
        procedure_status=status,
        procedure_remark=status_said,
        insee_code=commune.insee_code,
        launched_on=purchase.launched_on,
        wanted_on=wanted_on,
        feasible=feasible,
        launch_by=latest[route.launch].start if latest is not None else None,
        earliest_start=last_end(earliest),
        steps=_steps(route, shown),
        earliest_steps=_steps(route, earliest),
        critical_path=critical,
        launch_path=path,
        binding=council_binding(route, shown, path or critical),
        blocking=() if feasible or wanted_on is None else infeasibility(route, wanted_on),
        council_meetings=tuple(sorted(commune.council_meetings)),
        conflicts=_conflicts(situation, funds, earliest, table, known_on),
        waits=waits(shown, schedule.milestones),
        deadlines=tuple(sorted(_deadlines(route, shown), key=lambda deadline: deadline.by)),
        budget=funds.budget(situation.signed.year),
        missing=_missing(route, remarks),
        assumptions=remarks,
        table_edition=table.edition,
    )


def _route(purchase: Purchase, commune: Commune, schedule: Schedule, table: Table, known_on: date | None) -> Route:
    procedure = schedule.procedure
    problems = []
    if procedure is None:
        problems.append(
            fault(
                "required",
                "schedule.procedure",
                "expected the procedure, so that its steps are known; got none; {choices}",
                choices=open_procedures(purchase, commune, table, known_on),
            )
        )
    if schedule.wanted_on is not None and schedule.wanted_on < purchase.launched_on:
        problems.append(
            fault(
                "contradiction",
                "schedule.wanted_on",
                "expected a day from the launch of the consultation ({launched_on}) on, got {got}",
                launched_on=purchase.launched_on,
                got=schedule.wanted_on,
            )
        )
    last = calendar_rules().known_until
    problems += [
        fault(
            "contradiction",
            path,
            "expected a day up to the end of {last}, the last budget year that is known, got {got}",
            last=last,
            got=day,
        )
        for path, day in (("purchase.launched_on", purchase.launched_on), ("schedule.wanted_on", schedule.wanted_on))
        if day is not None and day.year > last
    ]
    if problems or procedure is None:
        raise DocumentError(problems)
    chain = chain_of(procedure, table)
    law = table.in_force(purchase.launched_on, known_on)
    return Route(
        purchase=purchase,
        commune=commune,
        schedule=schedule,
        chain=chain,
        duties=duties_in_calendar(purchase, commune, procedure, law),
        credits=Credits(
            commune=commune,
            expense=schedule.expense,
            amount=purchase.value,
            programme_authorised=schedule.programme_authorised,
        ),
    )


def _steps(route: Route, plan: dict[str, Placed]) -> tuple[PlannedStep, ...]:
    by_id = {step.id: step for step in route.steps}
    return tuple(
        PlannedStep(
            id=step.id,
            label=step_label(step.id),
            start=placed.start,
            end=placed.end,
            days=step.days,
            estimate=step.basis is Basis.ESTIMATE or any(part.legal_basis is None for part in parts),
            basis=step.basis,
            note=step.note,
            parts=parts,
            **resting_on(step.citation),
        )
        for name, placed in plan.items()
        for step in [by_id[StepId(name)]]
        for parts in [step.parts(placed.start)]
    )


def _critical(route: Route, earliest: dict[str, Placed]) -> tuple[StepId, ...]:
    """The steps that fix the earliest start.

    It begins with the launch where the day of the launch is given and the preparation only leads up to it, and with the
    credits where the signature waited for them.
    """
    path = critical_path(route.tasks, earliest)
    before_it = route.included[route.included.index(StepId.SIGNATURE) - 1]
    before, signature = earliest[before_it], earliest[StepId.SIGNATURE]
    if path[0] == StepId.SIGNATURE and route.credits.closed_between(before.end, signature.start):
        path = (StepId.CREDITS, *path)
    not_before = route.schedule.not_before
    if route.launch in path and (not_before is None or not_before > route.purchase.launched_on):
        path = path[path.index(route.launch) :]
    return tuple(StepId(name) for name in path)


def _conflicts(
    situation: Situation, credits: Credits, earliest: dict[str, Placed], table: Table, known_on: date | None
) -> tuple[CalendarConflict, ...]:
    """The conflicts of the plan shown, and before them those of the wish where the plan had to depart from it."""
    found = list(conflicts_of(situation, credits, earliest, table, known_on))
    wanted_on = situation.route.schedule.wanted_on
    if wanted_on is not None:
        wish = latest_plan(evolve(situation.route, credits=evolve(credits, lifted=True)), wanted_on)
        if wish is None:
            wish = wished_plan(situation.route, wanted_on)
        if wish != situation.plan:
            # what the plan shown meets anyway is said once, of the plan
            known = {(entry.code, entry.from_) for entry in found}
            found += [
                evolve(entry, about="wanted")
                for entry in conflicts_of(evolve(situation, plan=wish), credits, earliest, table, known_on)
                if (entry.code, entry.from_) not in known
            ]
    return tuple(distinct(found))


def _deadlines(route: Route, plan: dict[str, Placed]) -> Iterator[Deadline]:
    if StepId.COUNCIL in plan and plan[StepId.COUNCIL].end in route.commune.council_meetings:
        convocation = convocation_days(route.commune)
        yield Deadline(
            id="convocation",
            label=message("Convocation du conseil qui vote le marché"),
            by=latest_convocation(plan[StepId.COUNCIL].end, convocation.length),
            **resting_on(convocation.citation),
        )
    if (notice := route.duties.get("award_notice")) is not None and notice.days is not None:
        by = plan[StepId.SIGNATURE].end + timedelta(days=notice.days)
        yield Deadline(id="award_notice", label=notice.label, by=by, **resting_on(notice.citation))
    if (data := route.duties.get("essential_data")) is not None:
        rule = fact("essential_data")
        by = plan[StepId.NOTIFICATION].end + relativedelta(months=rule.length)
        yield Deadline(id="essential_data", label=data.label, by=by, **resting_on(rule.citation))


# --- what was not given, or is not settled: said, never silent


_SUNDAY = 6
_WEEKEND = {5: message("samedi"), 6: message("dimanche")}


def _missing(route: Route, remarks: Iterable[Remark]) -> tuple[str, ...]:
    """Paths, in a dossier, of what the plan had to assume; those of the procedure first."""
    asks = {entry.id: entry.asks for entry in sentences().values() if entry.asks}
    duties = [path for duty in route.duties.values() for path in duty.missing]
    return tuple(dict.fromkeys([*duties, *(asks[entry.id] for entry in remarks if entry.id in asks)]))


def _assumptions(situation: Situation, credits: Credits) -> Iterator[Remark]:
    """The assumptions of a plan, each as a remark."""
    route = situation.route
    yield from _of_budget(situation, credits)
    yield from _of_council(route)
    yield from _of_procedure(route)
    if route.schedule.not_before is None:
        yield _assumed("preparation")
    if any(step.basis is Basis.ESTIMATE and step.days for step in route.steps):
        yield _assumed("estimates")


def _assumed(name: str, about: str = "", /, **values: Value) -> Remark:
    """The sentence of that name as a remark; `about` tells remarks of one kind apart."""
    said = sentences()[name].with_values(values)
    return Remark(id=f"{name}.{about}" if about else name, text=said.french, sentence=said)


def _of_budget(situation: Situation, credits: Credits) -> Iterator[Remark]:
    year, before_vote = situation.signed.year, credits.before_vote(situation.signed)
    budget = credits.budget(year)
    if budget.assumed:
        yield _assumed("budget_vote", year=str(year), day=budget.voted_on)
    elif budget.budget_vote is BudgetVote.SPRING and budget.voted_on >= budget_deadline(year):
        yield _assumed("budget_deadline", year=str(year), day=budget.voted_on, limit=budget_deadline(year))
    if credits.expense is None:
        yield _assumed("expense")
    if credits.expense is Expense.OPERATING and before_vote:
        yield _assumed("operating_before_vote")
    if situation.route.schedule.programme_authorised and before_vote:
        yield _assumed("programme")
    if credits.expense is Expense.INVESTMENT and before_vote:
        if situation.route.commune.early_investment_authorised and credits.quarter is None:
            yield _assumed("quarter")
        elif credits.quarter is not None:  # the law counts credits with VAT, thresholds and documents without
            yield _assumed("vat", quarter=credits.quarter)


def _of_council(route: Route) -> Iterator[Remark]:
    commune = route.commune
    voted, meetings = commune.budget_voted_on, commune.council_meetings
    if commune.inhabitants is None:
        yield _assumed("population")
    elif commune.population is None and (place := commune_of(commune.insee_code)) is not None:
        yield _assumed(
            "population_of_the_list", commune=place.name, inhabitants=commune.inhabitants, year=communes_edition()
        )
    if voted is not None and meetings and voted not in meetings:
        yield _assumed("budget_meeting", day=voted)
    if voted is not None and voted.weekday() in _WEEKEND:
        yield _assumed("budget_weekend", weekday=Term(_WEEKEND[voted.weekday()]), day=voted)
    for day in sorted(meetings):
        if day.weekday() == _SUNDAY:
            yield _assumed("sunday_meeting", day=day)
    if StepId.COUNCIL not in route.included:
        return
    if route.delegated is None:
        yield _assumed("delegation")
    if not meetings:
        yield _assumed("council_meetings")
    yield _assumed("convocation")


def _of_procedure(route: Route) -> Iterator[Remark]:
    for duty in route.duties.values():
        if duty.owed is Truth.UNDETERMINED:
            unsettled = tuple(Term(label) for label in duty.unsettled)
            yield _assumed("undetermined", duty.duty, duty=Term(duty.label), missing=unsettled)
        elif duty.certainty is Certainty.UNVERIFIED:
            yield _assumed("unverified", duty.duty, duty=Term(duty.label), basis=duty.citation)
    for step, limit in route.limited():
        given = route.schedule.durations.get(step)
        if given is not None and limit.days is not None and given < limit.days:
            cases = tuple(Term(entry.label) for entry in limit.reductions if entry.days <= given)
            yield _assumed("short", step, days=limit.days, basis=limit.citation, cases=cases)
    receipt = next(step for step in route.steps if step.id is StepId.RECEIPT)
    advised = route.estimate(StepId.RECEIPT).low  # what is advised where the code sets no minimum
    if route.chain.id == "adapted" and receipt.days < advised:
        yield _assumed("short_receipt", days=advised)
    if route.chain.id in ("restricted", "negotiated"):
        yield _assumed("agreed_date")
    if StepId.STANDSTILL in route.included:
        yield _assumed("standstill")
