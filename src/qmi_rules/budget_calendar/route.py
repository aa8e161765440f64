"""The steps of one purchase: what they depend on, how each is built, and what a user may not ask of them."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from functools import cached_property

from attrs import evolve, field, frozen

from qmi_rules.budget_calendar.budget_year import Credits, convocation_days
from qmi_rules.budget_calendar.days import WorkingDays, first_daytime_limit, receipt_ends, safe_signature
from qmi_rules.budget_calendar.facts import Citation, fact, resting_on
from qmi_rules.budget_calendar.planner import Placed, Task
from qmi_rules.budget_calendar.procedure_law import DutyInCalendar
from qmi_rules.budget_calendar.steps import Basis, Chain, ChainStep, Estimate, StepPart, durations, kind_of
from qmi_rules.errors import DocumentError, Problem, fault
from qmi_rules.model import Purchase
from qmi_rules.model.commune import Commune
from qmi_rules.model.schedule import Schedule, StepId
from qmi_rules.pages import message
from qmi_rules.read_only import to_read_only

_NO_TIME = Estimate(days=0, low=0, high=0)
_ALWAYS = {StepId.CREDITS, StepId.NOTIFICATION, StepId.START}


@frozen(kw_only=True, slots=False)
class Route:
    """Everything the steps of one purchase depend on, and the steps.

    Attributes:
        purchase: What is bought.
        commune: Who buys.
        schedule: When it is wanted.
        chain: The estimates of the procedure.
        duties: What the law asks, by duty id.
        credits: When the credits are open.
        relaxed: Constraints to leave aside, by name (see `constraints`): what `infeasibility` varies.

    Raises:
        DocumentError: A length is asked that the procedure never allows.
    """

    purchase: Purchase
    commune: Commune
    schedule: Schedule
    chain: Chain
    duties: Mapping[str, DutyInCalendar] = field(converter=to_read_only, eq=False)
    credits: Credits = field(eq=False)
    relaxed: frozenset[str] = frozenset()

    def __attrs_post_init__(self) -> None:
        if problems := list(_never_allowed(self)):
            raise DocumentError(problems)

    @property
    def procedure(self) -> str:
        """Id of the procedure; a route is only made where there is one."""
        return self.schedule.procedure or ""

    @cached_property
    def legal_days(self) -> WorkingDays:
        """The working days that move a time limit of the law."""
        return WorkingDays(alsace_moselle=bool(self.commune.alsace_moselle))

    @cached_property
    def town_days(self) -> WorkingDays:
        """The days on which the commune works."""
        return WorkingDays(alsace_moselle=bool(self.commune.alsace_moselle), closed_on=self.commune.closed_days)

    @cached_property
    def launch(self) -> StepId:
        """The step that launches the consultation."""
        return StepId.PUBLICATION if StepId.PUBLICATION in self.included else StepId.RECEIPT

    @cached_property
    def delegated(self) -> bool | None:
        """Whether the mayor may sign by delegation: None where the limit or the amount is not known."""
        limit, amount = self.commune.delegation_limit, self.purchase.value
        if limit == 0:
            return False
        return None if limit is None or amount is None else amount <= limit

    @cached_property
    def included(self) -> tuple[StepId, ...]:
        """The steps of the chain, in order."""

        def belongs(step: StepId) -> bool:
            if step in self.chain.forbids:
                return False
            if step in self.schedule.durations or step in _ALWAYS:
                return True
            # asked before the estimates are: a chain may hold one for a step that this purchase does not owe
            if (duty := kind_of(step).duty) is not None:
                return duty in self.duties
            return step in self.chain.steps or (step is StepId.COUNCIL and not self.delegated)

        return tuple(step for step in StepId if belongs(step))

    @cached_property
    def steps(self) -> tuple[ChainStep, ...]:
        """The steps with their lengths."""
        return tuple(_built(self, step) for step in self.included)

    @cached_property
    def tasks(self) -> tuple[Task, ...]:
        """The steps for the scheduler."""
        return tuple(step.task for step in self.steps)

    def length(self, step: StepId, law: int | None = None) -> tuple[int, Basis]:
        """The days of a step and what they rest on: the user's, else the law's, else the estimate."""
        if f"duration:{step}" in self.relaxed:
            return 0, Basis.ESTIMATE
        if step in self.schedule.durations:
            return self.schedule.durations[step], Basis.USER
        if law is not None:
            return law, Basis.LAW
        return self.estimate(step).days, Basis.ESTIMATE

    def estimate(self, step: StepId) -> Estimate:
        """The estimate of a step."""
        if step is StepId.PREFECT:
            return durations().prefect
        if step is StepId.COUNCIL:
            return durations().council_wait
        return self.chain.steps.get(step, _NO_TIME)

    def after(self, step: StepId) -> tuple[tuple[str, int], ...]:
        """The step before a step, as the scheduler takes it."""
        place = self.included.index(step)
        return ((self.included[place - 1], 0),) if place else ()

    def asked_by(self, step: StepId) -> Citation | None:
        """The texts that ask for a step."""
        kind = kind_of(step)
        if kind.rule is not None:
            return fact(kind.rule).citation
        duty = self.duties.get(kind.duty or "")
        return duty.citation if duty else None

    def launches_on(self, day: date) -> bool:
        """Whether a notice or an invitation may go out: on a working day, or on the very day the purchase says."""
        return day == self.purchase.launched_on or self.town_days.include(day)

    def limited(self) -> Iterator[tuple[StepId, DutyInCalendar]]:
        """The steps whose length the law bounds, each with the duty that does."""
        name = "time_limit_candidatures" if self.chain.two_phases else "time_limit_tenders"
        for step, duty in ((StepId.RECEIPT, name), (StepId.STANDSTILL, "standstill")):
            entry = self.duties.get(duty)
            if entry is not None and entry.days is not None:
                yield step, entry


def _never_allowed(route: Route) -> Iterator[Problem]:
    """What the procedure never allows: a forbidden step, a time limit below the shortest of the law."""
    given = route.schedule.durations
    for step in route.chain.forbids:
        if step in given:
            yield fault(
                "contradiction",
                f"schedule.durations.{step}",
                "expected no such step: {procedure} does not allow it",
                procedure=route.procedure,
            )
    for step, duty in route.limited():
        if step in given and not duty.allows(given[step]):
            yield fault(
                "out_of_range",
                f"schedule.durations.{step}",
                "expected at least {floor} days ({citation}), got {got}",
                floor=duty.floor,
                citation=duty.citation.french,
                got=given[step],
            )


def _built(route: Route, step: StepId) -> ChainStep:
    match step:
        case StepId.RECEIPT:
            return _receipt(route)
        case StepId.STANDSTILL:
            return _standstill(route)
        case StepId.COUNCIL:
            return _council(route)
        case StepId.SIGNATURE:
            return _signature(route)
        case StepId.PUBLICATION:
            return _work(route, step, may_start=route.launches_on, sends_at_end=True)
        case StepId.START:
            return _work(route, step, may_start=lambda day: True)
    return _work(route, step, sends_at_end=step is StepId.REJECTION_LETTERS)


def _work(
    route: Route, step: StepId, *, may_start: Callable[[date], bool] | None = None, sends_at_end: bool = False
) -> ChainStep:
    """A step of so many calendar days that ends on a working day."""
    days, basis = route.length(step)
    town = route.town_days

    def ends(start: date) -> date:
        return town.on_or_after(start + timedelta(days=days)) if days else start

    return ChainStep(
        id=step,
        days=days,
        basis=basis,
        citation=route.asked_by(step),
        note=route.estimate(step).note if basis is Basis.ESTIMATE else None,
        task=Task(
            id=step,
            ends=ends,
            may_start=may_start or town.include,
            after=route.after(step),
            sends_at_end=sends_at_end,
        ),
    )


def _receipt(route: Route) -> ChainStep:
    """Receipt of tenders: the time limit of the law, or an estimate; in two phases candidatures, selection and tenders."""
    tenders = route.duties.get("time_limit_tenders")
    if not route.chain.two_phases:
        days, basis = route.length(StepId.RECEIPT, tenders.days if tenders else None)
        return _received(route, days, basis, tenders, _over(route, days), lambda start: ())
    candidatures = route.duties.get("time_limit_candidatures")
    first = candidatures.days if candidatures and candidatures.days is not None else route.chain.steps["receipt"].days
    selection = route.chain.steps["selection"].days
    last = tenders.days if tenders and tenders.days is not None else route.chain.steps["tenders"].days
    days, basis = route.length(StepId.RECEIPT, first + selection + last)
    if basis is not Basis.LAW:  # the whole length is given: what the candidatures leave of it
        first = min(first, days)
        selection = min(selection, max(days - first, 0))
        last = max(days - first - selection, 0)

    def parts(start: date) -> tuple[StepPart, ...]:
        closed = first_daytime_limit(start, first, route.legal_days)
        invited = route.town_days.on_or_after(closed + timedelta(days=selection))
        received = first_daytime_limit(invited, last, route.legal_days) if last else invited
        set_by = tenders.citation if tenders and basis is Basis.LAW else None
        return (
            StepPart(
                id="candidatures",
                label=message("Candidatures"),
                start=start,
                end=closed,
                days=first,
                **resting_on(candidatures.citation if candidatures else None),
            ),
            StepPart(
                id="selection", label=message("Choix des candidats admis"), start=closed, end=invited, days=selection
            ),
            StepPart(
                id="tenders", label=message("Offres"), start=invited, end=received, days=last, **resting_on(set_by)
            ),
        )

    def over(start: date) -> date:
        return route.town_days.on_or_after(parts(start)[-1].end) if days else start

    return _received(route, days, basis, candidatures, over, parts)


def _over(route: Route, days: int) -> Callable[[date], date]:
    """When a time limit for receipt is over: after a notice, the first daytime limit; after a request for quotes, the day."""

    def over(start: date) -> date:
        if not days:
            return start
        count = first_daytime_limit if route.chain.notice else receipt_ends
        return route.town_days.on_or_after(count(start, days, route.legal_days))

    return over


def _received(
    route: Route,
    days: int,
    basis: Basis,
    duty: DutyInCalendar | None,
    over: Callable[[date], date],
    parts: Callable[[date], tuple[StepPart, ...]],
) -> ChainStep:
    step = _work(route, StepId.RECEIPT, may_start=route.launches_on)
    return evolve(
        step,
        days=days,
        basis=basis,
        citation=duty.citation if duty else None,
        note=step.note if basis is Basis.ESTIMATE else None,
        task=evolve(step.task, ends=over),
        parts=parts,
    )


def _standstill(route: Route) -> ChainStep:
    duty = route.duties.get("standstill")
    days, basis = route.length(StepId.STANDSTILL, duty.days if duty else None)

    def ends(sent: date) -> date:
        return route.town_days.on_or_after(safe_signature(sent, days, route.legal_days)) if days else sent

    step = _work(route, StepId.STANDSTILL)
    return evolve(step, days=days, basis=basis, note=None, task=evolve(step.task, ends=ends))


def _council(route: Route) -> ChainStep:
    """The vote of the council: the next meeting given, else a wait that is assumed; never before its convocation allows."""
    meetings = tuple(sorted(route.commune.council_meetings))
    clear = convocation_days(route.commune).length + 1  # clear days: the day of the meeting is not one of them
    days, basis = route.length(StepId.COUNCIL)
    relaxed = "council_meetings" in route.relaxed or f"duration:{StepId.COUNCIL}" in route.relaxed
    town = route.town_days

    def assumed(ready: date) -> date:
        return town.on_or_after(ready + timedelta(days=0 if relaxed else max(days, clear)))

    def ends(ready: date) -> date:
        if relaxed:
            return assumed(ready)
        return next((meeting for meeting in meetings if meeting >= ready), None) or assumed(ready)

    decided = next(
        (step for step in (StepId.TENDER_COMMITTEE, StepId.NEGOTIATION, StepId.ANALYSIS) if step in route.included),
        None,
    )
    notice = max(days, clear) if basis is Basis.USER else clear
    convened = ((decided, notice),) if decided and meetings and not relaxed else ()
    return ChainStep(
        id=StepId.COUNCIL,
        days=0 if meetings else days,
        basis=Basis.COUNCIL_DATES if meetings else basis,
        citation=route.asked_by(StepId.COUNCIL),
        note=None if meetings else durations().council_wait.note,
        task=Task(
            id=StepId.COUNCIL,
            ends=ends,
            may_start=lambda day: town.include(day) or day in meetings,
            after=(*route.after(StepId.COUNCIL), *convened),
        ),
    )


def _signature(route: Route) -> ChainStep:
    """The signature commits the money: it neither begins nor ends on a day on which the credits are closed."""
    step = _work(route, StepId.SIGNATURE)
    funds, ends, works = route.credits, step.task.ends, route.town_days.include
    if funds.lifted:  # spares the search of a plan that asks what the wish would mean
        return step

    def may_start(day: date) -> bool:
        return works(day) and funds.closed_on(day) is None and funds.closed_on(ends(day)) is None

    return evolve(step, task=evolve(step.task, may_start=may_start))


def place_credits(route: Route, plan: dict[str, Placed]) -> dict[str, Placed]:
    """The plan with the credits where they count.

    They keep their place where they stay open from there to the signature, or where an internal decision takes time there;
    else they stand just before the signature, on the first day they are open.
    """
    decided, signature = plan[StepId.CREDITS], plan[StepId.SIGNATURE]
    # a length the user gave the credits is an internal decision: it has its place in the preparation
    if decided.start != decided.end or not route.credits.closed_between(decided.end, signature.start):
        return plan
    order = [step for step in plan if step != StepId.CREDITS]
    place = order.index(StepId.SIGNATURE)
    day = route.credits.open_from(plan[order[place - 1]].end)
    if day > signature.start:  # a wish that the credits do not allow
        return plan
    order.insert(place, StepId.CREDITS)
    moved = Placed(id=StepId.CREDITS, start=day, end=day)
    return {step: moved if step == StepId.CREDITS else plan[step] for step in order}
