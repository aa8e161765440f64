"""The scheduler: forward is the earliest, backward the latest, and both agree with brute force and with each other."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from properties import examples
from qmi_rules.budget_calendar.days import METROPOLE
from qmi_rules.budget_calendar.planner import Task, critical_path, plan_backward, plan_forward
from qmi_rules.errors import DocumentError

START = date(2026, 12, 1)


def task(id: str, days: int, after: tuple[tuple[str, int], ...] = (), closed: tuple[date, date] | None = None) -> Task:
    def may_start(day: date) -> bool:
        return METROPOLE.include(day) and (closed is None or not closed[0] <= day <= closed[1])

    return Task(
        id=id, ends=lambda day: METROPOLE.on_or_after(day + timedelta(days=days)), may_start=may_start, after=after
    )


@st.composite
def chains(draw: st.DrawFn) -> list[Task]:
    lengths = draw(st.lists(st.integers(0, 25), min_size=1, max_size=6))
    tasks: list[Task] = []
    for i, days in enumerate(lengths):
        after = [(tasks[-1].id, 0)] if tasks else []
        if i > 1 and draw(st.booleans()):
            after.append((tasks[draw(st.integers(0, i - 2))].id, draw(st.integers(0, 10))))
        closed = None
        if draw(st.integers(0, 3)) == 0:
            first = START + timedelta(days=draw(st.integers(0, 60)))
            closed = (first, first + timedelta(days=draw(st.integers(0, 90))))
        tasks.append(task(f"t{i}", days, tuple(after), closed))
    return tasks


@given(chains(), st.integers(0, 30))
def test_no_task_starts_before_those_it_waits_for_have_ended(tasks: list[Task], shift: int) -> None:
    forward = plan_forward(tasks, START + timedelta(days=shift))
    backward = plan_backward(tasks, forward[tasks[-1].id].end)
    for plan in (forward, backward):
        for entry in tasks:
            for name, gap in entry.after:
                assert plan[entry.id].start >= plan[name].end + timedelta(days=gap)
            assert plan[entry.id].end >= plan[entry.id].start


@given(chains(), st.integers(0, 400))
def test_forward_and_backward_agree_on_what_is_feasible(tasks: list[Task], horizon: int) -> None:
    deadline = START + timedelta(days=horizon)
    forward, backward = plan_forward(tasks, START), plan_backward(tasks, deadline)
    feasible = forward[tasks[-1].id].end <= deadline
    assert feasible == all(backward[t.id].start >= START for t in tasks)
    if feasible:
        assert all(forward[t.id].start <= backward[t.id].start for t in tasks)


@given(chains())
def test_one_day_less_than_the_earliest_end_is_infeasible(tasks: list[Task]) -> None:
    end = plan_forward(tasks, START)[tasks[-1].id].end
    assert plan_backward(tasks, end)[tasks[0].id].start >= START
    assert plan_backward(tasks, end - timedelta(days=1))[tasks[0].id].start < START


@settings(max_examples=examples(60))
@given(st.lists(st.integers(0, 12), min_size=1, max_size=3))
def test_backward_is_the_latest_start_by_brute_force(lengths: list[int]) -> None:
    tasks = [task(f"t{i}", days, ((f"t{i - 1}", 0),) if i else ()) for i, days in enumerate(lengths)]
    for deadline in (START + timedelta(days=i) for i in range(40, 75, 5)):
        in_time = [
            day
            for day in (deadline - timedelta(days=i) for i in range(80))
            if METROPOLE.include(day) and plan_forward(tasks, day)[tasks[-1].id].end <= deadline
        ]
        assert plan_backward(tasks, deadline)["t0"].start == max(in_time)


def test_the_critical_path_stops_at_the_task_that_waited_for_a_day_of_its_own() -> None:
    tasks = [
        task("a", 5),
        task("b", 5, (("a", 0),)),
        task("c", 5, (("b", 0),), closed=(START, START + timedelta(days=60))),
        task("d", 5, (("c", 0),)),
    ]
    assert critical_path(tasks, plan_forward(tasks, START)) == ("c", "d")
    assert critical_path(tasks[:2], plan_forward(tasks[:2], START)) == ("a", "b")


def test_a_gap_that_binds_is_on_the_critical_path() -> None:
    tasks = [task("a", 1), task("b", 20, (("a", 0),)), task("c", 1, (("b", 0), ("a", 60)))]
    assert critical_path(tasks, plan_forward(tasks, START)) == ("a", "c")


def test_a_task_that_can_never_start_is_an_error() -> None:
    never = Task(id="never", ends=lambda day: day, may_start=lambda day: False)
    with pytest.raises(DocumentError, match="no day on which never may take place"):
        plan_forward([never], START)
    with pytest.raises(DocumentError, match="no day on which never may take place"):
        plan_backward([never], START)


def test_a_letter_goes_out_on_the_day_its_time_limit_starts() -> None:
    letters = Task(
        id="letters",
        ends=lambda day: METROPOLE.on_or_after(day + timedelta(days=5)),
        may_start=METROPOLE.include,
        sends_at_end=True,
    )
    wait = Task(
        id="wait", ends=lambda day: day + timedelta(days=11), may_start=METROPOLE.include, after=(("letters", 0),)
    )
    for deadline in (START + timedelta(days=i) for i in range(30)):
        plan = plan_backward([letters, wait], deadline)
        assert all(plan[a].end == plan[b].start for a, b in pairwise(plan))
