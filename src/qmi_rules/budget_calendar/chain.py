"""The steps of one purchase, built from its procedure, with what a user may not ask of them."""

from functools import cached_property

from attrs import frozen

from qmi_rules.budget_calendar.building import build
from qmi_rules.budget_calendar.frame import Frame
from qmi_rules.budget_calendar.planner import Placed, Task
from qmi_rules.budget_calendar.steps import ChainStep
from qmi_rules.contexts.schedule import StepId
from qmi_rules.errors import DocumentError, Problem


@frozen(kw_only=True, slots=False)
class Route(Frame):
    """A frame with its steps.

    Raises:
        DocumentError: A length is asked that the procedure never allows.
    """

    def __attrs_post_init__(self) -> None:
        _check_durations(self)

    @cached_property
    def steps(self) -> tuple[ChainStep, ...]:
        """The steps with their lengths."""
        return tuple(build(self, step) for step in self.included)

    @cached_property
    def tasks(self) -> tuple[Task, ...]:
        """The steps for the scheduler."""
        return tuple(step.task for step in self.steps)


def _check_durations(frame: Frame) -> None:
    """Refuse what the procedure never allows: a forbidden step, a time limit below the shortest of the law."""
    given = frame.schedule.durations
    problems = [
        Problem(f"schedule.durations.{step}", f"expected no such step: {frame.schedule.procedure} does not allow it")
        for step in frame.chain.forbids
        if step in given
    ]
    problems += [
        Problem(
            f"schedule.durations.{step}",
            f"expected at least {duty.floor} days ({duty.legal_basis}), got {given[step]}",
        )
        for step, duty in frame.limited()
        if step in given and not duty.allows(given[step])
    ]
    if problems:
        raise DocumentError(problems)


def place_credits(route: Route, plan: dict[str, Placed]) -> dict[str, Placed]:
    """The plan with the credits where they count.

    They keep their place where they stay open from there to the signature, or where an internal decision takes time there;
    else they stand just before the signature, on the first day they are open.
    """
    decided, signature = plan[StepId.CREDITS], plan[StepId.SIGNATURE]
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
