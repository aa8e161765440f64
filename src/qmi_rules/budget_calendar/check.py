"""`check_calendar`: the calendar of one purchase of one commune, with everything that stands in its way."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from attrs import evolve
from dateutil.relativedelta import relativedelta

from qmi_rules.budget_calendar.assumptions import assumptions, missing
from qmi_rules.budget_calendar.budget_year import Credits, convocation_days
from qmi_rules.budget_calendar.conflicts import CalendarConflict, Situation, conflicts_of, distinct
from qmi_rules.budget_calendar.days import latest_convocation
from qmi_rules.budget_calendar.facts import calendar_rules, fact, resting_on
from qmi_rules.budget_calendar.planner import Placed, critical_path
from qmi_rules.budget_calendar.plans import (
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
from qmi_rules.budget_calendar.result import CalendarCheck, Deadline, PlannedStep
from qmi_rules.budget_calendar.route import Route, place_credits
from qmi_rules.budget_calendar.steps import Basis, ChainStep, chain_of, step_label
from qmi_rules.errors import DocumentError, fault
from qmi_rules.law import Table, default_table
from qmi_rules.model import Purchase
from qmi_rules.model.commune import Commune
from qmi_rules.model.schedule import Schedule, StepId
from qmi_rules.pages import message
from qmi_rules.schema import given
from qmi_rules.schema.faults import require


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
    remarks = tuple(assumptions(situation, funds))
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
        deadlines=_deadlines(route, shown),
        budget=funds.budget(situation.signed.year),
        missing=missing(route, remarks),
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
    return tuple(_step(by_id[StepId(name)], placed) for name, placed in plan.items())


def _step(step: ChainStep, placed: Placed) -> PlannedStep:
    parts = step.parts(placed.start)
    return PlannedStep(
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


def _critical(route: Route, earliest: dict[str, Placed]) -> tuple[StepId, ...]:
    """The steps that fix the earliest start.

    It begins with the launch where the day of the launch is given and the preparation only leads up to it, and with the
    credits where the signature waited for them.
    """
    path = critical_path(route.tasks, earliest)
    before, signature = earliest[_before_signature(route)], earliest[StepId.SIGNATURE]
    if path[0] == StepId.SIGNATURE and route.credits.closed_between(before.end, signature.start):
        path = (StepId.CREDITS, *path)
    not_before = route.schedule.not_before
    if route.launch in path and (not_before is None or not_before > route.purchase.launched_on):
        path = path[path.index(route.launch) :]
    return tuple(StepId(name) for name in path)


def _before_signature(route: Route) -> StepId:
    return route.included[route.included.index(StepId.SIGNATURE) - 1]


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


def _deadlines(route: Route, plan: dict[str, Placed]) -> tuple[Deadline, ...]:
    return tuple(sorted(_by_when(route, plan), key=lambda deadline: deadline.by))


def _by_when(route: Route, plan: dict[str, Placed]) -> Iterator[Deadline]:
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
