"""A small scheduler: tasks that wait for others, as early as possible from a day or as late as possible before one.

A task says when it ends if started on a day. The only demand on it is that starting later never means ending earlier; then
the forward plan is the earliest for every task at once, the backward plan the latest, and the two agree on what is feasible.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta

from attrs import frozen

from qmi_rules.errors import DocumentError, fault

_ONE = timedelta(days=1)
LONG_WEEKEND = timedelta(days=4)
"""A pause up to this long between two steps is days off, not waiting."""
_SEARCH = 1_500  # days; longer than any wait, so that a task that can never take place is an error and not a loop


class NoDayError(DocumentError):
    """A task finds no day on which it may take place."""


def any_day(day: date) -> bool:
    """The condition of a task that may start on any day."""
    return True


@frozen(kw_only=True)
class Task:
    """One piece of a plan.

    Attributes:
        id: Its name.
        ends: The day it ends when started on a day; never earlier than that day, never earlier for a later start.
        may_start: Whether it may start on a day.
        after: The tasks it waits for, each with the days that must lie between that one's end and its own start.
        not_before: First day on which it may start.
        sends_at_end: It ends with a letter that starts the next task's time limit, so it ends on the day that one starts.
    """

    id: str
    ends: Callable[[date], date]
    may_start: Callable[[date], bool] = any_day
    after: tuple[tuple[str, int], ...] = ()
    not_before: date | None = None
    sends_at_end: bool = False


@frozen(kw_only=True)
class Placed:
    """A task with its days."""

    id: str
    start: date
    end: date


Plan = Mapping[str, Placed]


def plan_forward(tasks: Sequence[Task], not_before: date) -> dict[str, Placed]:
    """Every task as early as possible, none before a day; tasks come in an order in which each follows those it waits for."""
    plan: dict[str, Placed] = {}
    for task in tasks:
        start = _first(max(not_before, task.not_before or not_before, *_released(task, plan)), task)
        plan[task.id] = Placed(id=task.id, start=start, end=task.ends(start))
    return plan


def plan_backward(tasks: Sequence[Task], deadline: date) -> dict[str, Placed]:
    """Every task as late as possible so that all have ended by a day; what a task's `not_before` says is left aside."""
    latest: dict[str, date] = {}
    placed: dict[str, Placed] = {}
    for task in reversed(tasks):
        end_by = latest.get(task.id, deadline)
        start = _last(end_by, task)
        placed[task.id] = Placed(id=task.id, start=start, end=end_by if task.sends_at_end else task.ends(start))
        for name, gap in task.after:
            bound = start - timedelta(days=gap)
            latest[name] = min(latest.get(name, bound), bound)
    return {task.id: placed[task.id] for task in tasks}


def critical_path(tasks: Sequence[Task], plan: Plan) -> tuple[str, ...]:
    """The tasks that fix the end of a forward plan: from the last one back, each time the one that was waited for longest.

    It stops at a task that started on a day of its own: because of its `not_before`, or of the days on which it may start.
    """
    by_id = {task.id: task for task in tasks}
    path = [tasks[-1].id]
    while waited := [
        (plan[name].end + timedelta(days=gap), name) for name, gap in by_id[path[0]].after if name in plan
    ]:
        release, name = max(waited)
        if plan[path[0]].start - release > LONG_WEEKEND:  # something else than the other task was waited for
            break
        path.insert(0, name)
    return tuple(path)


def _released(task: Task, plan: Plan) -> list[date]:
    return [plan[name].end + timedelta(days=gap) for name, gap in task.after if name in plan]


def _first(day: date, task: Task) -> date:
    for _ in range(_SEARCH):
        if task.may_start(day):
            return day
        day += _ONE
    raise _no_day(task)


def _no_day(task: Task) -> NoDayError:
    words = "no day on which {task} may take place was found in {days} days"
    return NoDayError(fault("out_of_range", "", words, task=task.id, days=_SEARCH))


def _last(end_by: date, task: Task) -> date:
    """The last day on which the task may start and still end by a day."""
    day = end_by
    for _ in range(_SEARCH):
        if task.may_start(day) and task.ends(day) <= end_by:
            return day
        day -= _ONE
    raise _no_day(task)
