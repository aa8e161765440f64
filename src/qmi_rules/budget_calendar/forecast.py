"""The plans of one purchase, as early and as late as possible, and the fewest constraints that make a wish impossible."""

from collections.abc import Iterator
from datetime import date
from enum import StrEnum

from attrs import evolve, frozen

from qmi_rules.budget_calendar.chain import Route
from qmi_rules.budget_calendar.planner import NoDayError, Placed, Task, plan_backward, plan_forward
from qmi_rules.budget_calendar.steps import Basis
from qmi_rules.contexts.schedule import StepId


class ConstraintKind(StrEnum):
    """What may stand in the way of a wanted start."""

    WANTED_ON = "wanted_on"
    NOT_BEFORE = "not_before"
    LAUNCHED_ON = "launched_on"
    CREDITS = "credits"
    COUNCIL_MEETINGS = "council_meetings"
    DURATION = "duration"


@frozen(kw_only=True)
class Constraint:
    """One of the constraints that together make the wanted start impossible.

    Attributes:
        kind: What it is.
        step: The step whose length it is, for a duration.
        enough: To lift it alone, all others kept, would make the start possible.
    """

    kind: ConstraintKind
    step: StepId | None = None
    enough: bool = False

    @property
    def name(self) -> str:
        """How `relaxed` names it."""
        return f"{self.kind}:{self.step}" if self.step else self.kind


def earliest_plan(frame: Route) -> dict[str, Placed]:
    """Every step as early as possible.

    The consultation is not launched before the day the purchase says. Where `not_before` is given (and the consultation not
    already launched), the preparation must fit in between; otherwise it is taken to be done by the launch.
    """
    launched_on, not_before = frame.purchase.launched_on, _not_before(frame)
    head, launched, rest = _divided(frame)
    if not_before is not None and not_before <= launched_on:
        launched = (evolve(launched[0], not_before=launched_on), *launched[1:])
        return plan_forward((*head, *launched, *rest), not_before)
    rest = tuple(evolve(task, not_before=not_before) for task in rest)
    placed = plan_forward((*launched, *rest), launched_on)
    return {**plan_backward(head, placed[frame.launch].start), **placed}


def _divided(frame: Route) -> tuple[tuple[Task, ...], tuple[Task, ...], tuple[Task, ...]]:
    """The preparation, the launch up to the receipt, and what follows."""
    place = frame.included.index(frame.launch)
    received = frame.included.index(StepId.RECEIPT) + 1
    return frame.tasks[:place], frame.tasks[place:received], frame.tasks[received:]


def _not_before(frame: Route) -> date | None:
    return None if ConstraintKind.NOT_BEFORE in frame.relaxed else frame.schedule.not_before


def latest_plan(frame: Route, wanted_on: date) -> dict[str, Placed] | None:
    """Every step as late as the wanted start allows; None where no launch, however early, would do.

    That is so where the council dates that were given all come too late.
    """
    try:
        return plan_backward(frame.tasks, wanted_on)
    except NoDayError:
        return None


def wished_plan(frame: Route, wanted_on: date) -> dict[str, Placed]:
    """Every step as late as the wanted start allows if credits and council did not count: what the wish would mean."""
    return plan_backward(
        _relax(frame, frozenset({ConstraintKind.CREDITS, ConstraintKind.COUNCIL_MEETINGS})).tasks, wanted_on
    )


def last_end(plan: dict[str, Placed]) -> date:
    """The day performance starts."""
    return plan[StepId.START].end


def in_time(frame: Route, wanted_on: date) -> bool:
    """Whether performance can start on the wanted day."""
    if ConstraintKind.LAUNCHED_ON not in frame.relaxed:
        return last_end(earliest_plan(frame)) <= wanted_on
    not_before = _not_before(frame)
    if not_before is None:
        return True
    _, _, rest = _divided(frame)
    tasks = frame.tasks if not_before <= frame.purchase.launched_on else rest
    return last_end(plan_forward(tasks, not_before)) <= wanted_on


def infeasibility(frame: Route, wanted_on: date) -> tuple[Constraint, ...]:
    """A minimal set of constraints that make the wanted start impossible even if all others are left aside.

    Minimal: leave one of them aside as well, and the start is possible. Other sets may exist; only a constraint that is in
    all of them is `enough` to lift. Estimates are left aside first, then the user's own lengths, then what the law and the
    dates ask for, so that what stays is as hard as it can be.
    """
    kept = list(_constraints(frame))
    for constraint in tuple(kept):
        aside = frozenset(c.name for c in _constraints(frame) if c not in kept or c == constraint)
        if not in_time(_relax(frame, aside), wanted_on):
            kept.remove(constraint)
    return (
        Constraint(kind=ConstraintKind.WANTED_ON, enough=True),
        *(evolve(c, enough=in_time(_relax(frame, frozenset({c.name})), wanted_on)) for c in reversed(kept)),
    )


def _relax(frame: Route, names: frozenset[str]) -> Route:
    lifted = frame.credits.lifted or ConstraintKind.CREDITS in names
    return evolve(frame, relaxed=names, credits=evolve(frame.credits, lifted=lifted))


def _constraints(frame: Route) -> Iterator[Constraint]:
    """All constraints, the softest first."""
    for basis in (Basis.ESTIMATE, Basis.USER):
        yield from (_length(step.id) for step in frame.steps if step.basis is basis and step.days)
    if frame.commune.council_meetings and StepId.COUNCIL in frame.included:
        yield Constraint(kind=ConstraintKind.COUNCIL_MEETINGS)
    yield from (_length(step.id) for step in frame.steps if step.basis is Basis.LAW and step.days)
    yield Constraint(kind=ConstraintKind.CREDITS)
    yield Constraint(kind=ConstraintKind.LAUNCHED_ON)
    yield Constraint(kind=ConstraintKind.NOT_BEFORE)


def _length(step: StepId) -> Constraint:
    return Constraint(kind=ConstraintKind.DURATION, step=step)
