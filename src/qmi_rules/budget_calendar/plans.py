"""The plans of one purchase, early and late: what makes a wish impossible, what fixes them, and who waits for whom."""

from collections.abc import Iterator
from datetime import date, timedelta
from enum import StrEnum
from typing import Final, Literal, TypeAlias

from attrs import evolve, field, frozen

from qmi_rules.budget_calendar.facts import fact, sentences
from qmi_rules.budget_calendar.planner import LONG_WEEKEND, NoDayError, Placed, Task, plan_backward, plan_forward
from qmi_rules.budget_calendar.route import Route
from qmi_rules.budget_calendar.steps import Basis
from qmi_rules.model.schedule import Milestone, StepId
from qmi_rules.pages import Language, message
from qmi_rules.pages.sentences import Remark, Said, Term, Value, remark
from qmi_rules.schema import Wording
from qmi_rules.schema.fields import said_by


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


def earliest_plan(route: Route) -> dict[str, Placed]:
    """Every step as early as possible.

    The consultation is not launched before the day the purchase says. Where `not_before` is given (and the consultation not
    already launched), the preparation must fit in between; otherwise it is taken to be done by the launch.
    """
    launched_on, not_before = route.purchase.launched_on, _not_before(route)
    head, launched, rest = _divided(route)
    if not_before is not None and not_before <= launched_on:
        launched = (evolve(launched[0], not_before=launched_on), *launched[1:])
        return plan_forward((*head, *launched, *rest), not_before)
    rest = tuple(evolve(task, not_before=not_before) for task in rest)
    placed = plan_forward((*launched, *rest), launched_on)
    return {**plan_backward(head, placed[route.launch].start), **placed}


def _divided(route: Route) -> tuple[tuple[Task, ...], tuple[Task, ...], tuple[Task, ...]]:
    """The preparation, the launch up to the receipt, and what follows."""
    place = route.included.index(route.launch)
    received = route.included.index(StepId.RECEIPT) + 1
    return route.tasks[:place], route.tasks[place:received], route.tasks[received:]


def _not_before(route: Route) -> date | None:
    return None if ConstraintKind.NOT_BEFORE in route.relaxed else route.schedule.not_before


def latest_plan(route: Route, wanted_on: date) -> dict[str, Placed] | None:
    """Every step as late as the wanted start allows; None where no launch, however early, would do.

    That is so where the council dates that were given all come too late.
    """
    try:
        return plan_backward(route.tasks, wanted_on)
    except NoDayError:
        return None


def wished_plan(route: Route, wanted_on: date) -> dict[str, Placed]:
    """Every step as late as the wanted start allows if credits and council did not count: what the wish would mean."""
    return plan_backward(
        _relax(route, frozenset({ConstraintKind.CREDITS, ConstraintKind.COUNCIL_MEETINGS})).tasks, wanted_on
    )


def last_end(plan: dict[str, Placed]) -> date:
    """The day performance starts."""
    return plan[StepId.START].end


def in_time(route: Route, wanted_on: date) -> bool:
    """Whether performance can start on the wanted day."""
    if ConstraintKind.LAUNCHED_ON not in route.relaxed:
        return last_end(earliest_plan(route)) <= wanted_on
    not_before = _not_before(route)
    if not_before is None:
        return True
    _, _, rest = _divided(route)
    tasks = route.tasks if not_before <= route.purchase.launched_on else rest
    return last_end(plan_forward(tasks, not_before)) <= wanted_on


def infeasibility(route: Route, wanted_on: date) -> tuple[Constraint, ...]:
    """A minimal set of constraints that make the wanted start impossible even if all others are left aside.

    Minimal: leave one of them aside as well, and the start is possible. Other sets may exist; only a constraint that is in
    all of them is `enough` to lift. Estimates are left aside first, then the user's own lengths, then what the law and the
    dates ask for, so that what stays is as hard as it can be.
    """
    kept = list(_constraints(route))
    # the softest first, each tried once: a constraint that could be spared early stays spared, so one pass is enough
    for constraint in tuple(kept):
        aside = frozenset(c.name for c in _constraints(route) if c not in kept or c == constraint)
        if not in_time(_relax(route, aside), wanted_on):
            kept.remove(constraint)
    return (
        Constraint(kind=ConstraintKind.WANTED_ON, enough=True),
        *(evolve(c, enough=in_time(_relax(route, frozenset({c.name})), wanted_on)) for c in reversed(kept)),
    )


def _relax(route: Route, names: frozenset[str]) -> Route:
    lifted = route.credits.lifted or ConstraintKind.CREDITS in names
    return evolve(route, relaxed=names, credits=evolve(route.credits, lifted=lifted))


def _constraints(route: Route) -> Iterator[Constraint]:
    """All constraints, the softest first."""
    for basis in (Basis.ESTIMATE, Basis.USER):
        yield from (_length(step.id) for step in route.steps if step.basis is basis and step.days)
    if route.commune.council_meetings and StepId.COUNCIL in route.included:
        yield Constraint(kind=ConstraintKind.COUNCIL_MEETINGS)
    yield from (_length(step.id) for step in route.steps if step.basis is Basis.LAW and step.days)
    yield Constraint(kind=ConstraintKind.CREDITS)
    yield Constraint(kind=ConstraintKind.LAUNCHED_ON)
    yield Constraint(kind=ConstraintKind.NOT_BEFORE)


def _length(step: StepId) -> Constraint:
    return Constraint(kind=ConstraintKind.DURATION, step=step)


def launch_path(route: Route, latest: dict[str, Placed]) -> tuple[StepId, ...]:
    """The steps that fix the last day to launch: from the launch on, up to the first that leaves time after it."""
    waits = {task.id: task.after for task in route.tasks}
    order = list(latest)[list(latest).index(route.launch) :]
    path = order[:1]
    for step in order[1:]:
        gaps = dict(waits[step])
        released = latest[path[-1]].end + timedelta(days=max(gaps.values(), default=0))
        if latest[step].start - released > LONG_WEEKEND:
            break
        path.append(step)
    if path[-1] == StepId.CREDITS:  # open in good time, they hold nothing up
        path.pop()
    return tuple(StepId(step) for step in path)


def council_binding(route: Route, plan: dict[str, Placed], path: tuple[StepId, ...]) -> Remark | None:
    """Why the council meeting of the plan fixes it; None where something else does.

    Args:
        route: What the plan was built from.
        plan: The plan shown.
        path: The steps that fix it.
    """
    meetings = sorted(route.commune.council_meetings)
    if StepId.COUNCIL not in path or plan[StepId.COUNCIL].end not in meetings:
        return None
    council = plan[StepId.COUNCIL]
    values: dict[str, Value] = {"meeting": council.end}
    if path[-1] == StepId.START:  # the earliest plan
        waited = council.end - council.start
        if waited <= LONG_WEEKEND:
            return None
        values |= {"ready": council.start, "days": waited.days}
        text = message(
            "La séance du conseil du {meeting} fixe le début au plus tôt : la décision est prête le {ready} et l'attend "
            "{days} jours. Une séance plus proche avancerait le début d'autant."
        )
        return remark("council_binding", text, **values)
    if path[-1] != StepId.COUNCIL:
        return None
    follows = plan[route.included[route.included.index(StepId.COUNCIL) + 1]].start
    values |= {"follows": follows, "free": (follows - council.end).days}
    later = next((day for day in meetings if day > council.end), None)
    if later is None:
        text = message(
            "La séance du conseil du {meeting} fixe le dernier lancement : aucune séance plus tardive n'est donnée. La suite "
            "pourrait attendre le {follows} ; {free} jours restent libres entre les deux."
        )
    else:
        values |= {"later": later, "late": (later - follows).days}
        text = message(
            "La séance du conseil du {meeting} fixe le dernier lancement : la suivante, le {later}, viendrait trop tard de "
            "{late} j, car la suite doit commencer le {follows} au plus tard ; {free} jours restent libres entre les deux."
        )
    return remark("council_binding", text, **values)


Waiter: TypeAlias = Literal["commune", "company"]
"""Who waits."""
COMMUNE: Final = "commune"
COMPANY: Final = "company"
CASH_MILESTONES = frozenset({"cash_runway", "runway", "cash"})
NAMES = {
    "production_ready": Term(message("matériel à livrer")),
    "launch_event": Term(message("événement de lancement")),
    "subsidy_decision": Term(message("accord de subvention")),
}
"""What a reader calls the milestones that the documents name; any other is called as its author did."""


@frozen(kw_only=True)
class Wait:
    """A span in which one party waits for the other.

    Attributes:
        id: What it comes from: a milestone's id, ``tenders`` or ``answer``.
        who: Who waits: ``commune`` or ``company``.
        from_: First day (key ``from`` in JSON).
        until: Day the wait ends.
        days: Its length.
        reason: What is waited for, in French.
    """

    id: str
    who: Waiter
    from_: date
    until: date
    days: int
    reason: Wording = field(metadata=said_by("_sentence"))
    _sentence: Said | None = field(alias="sentence", default=None, eq=False, repr=False)

    def said(self, say: Language) -> str:
        """The reason in one language; in French only where it was read back from JSON."""
        return self._sentence.said(say) if self._sentence else self.reason


def waits(plan: dict[str, Placed], milestones: tuple[Milestone, ...]) -> tuple[Wait, ...]:
    """The days on which the commune and the firm wait for each other, in order."""
    return tuple(sorted(_waits(plan, milestones), key=lambda wait: (wait.from_, wait.id)))


def _waits(plan: dict[str, Placed], milestones: tuple[Milestone, ...]) -> Iterator[Wait]:
    receipt, notified, start = plan[StepId.RECEIPT], plan[StepId.NOTIFICATION].end, plan[StepId.START].end
    if receipt.start < receipt.end:
        said = Said(message("Les entreprises préparent leurs offres ou leurs devis."), {})
        yield _wait("tenders", COMMUNE, receipt.start, receipt.end, said)
    if receipt.end < notified:
        yield _wait("answer", COMPANY, receipt.end, notified, Said(message("La commune analyse, décide et signe."), {}))
    paid = start + timedelta(days=fact("payment").length)
    for milestone in milestones:
        what, on, ours = milestone.id, milestone.on, milestone.who == COMMUNE
        values: dict[str, Value] = {"name": NAMES.get(what, what), "who": milestone.who, "on": on}
        if not ours and what in CASH_MILESTONES:
            if on < paid:
                yield _wait(what, COMPANY, on, paid, sentences()["cash"].with_values({"on": on, "paid": paid}))
        elif on > start:
            text = message("« {name} » ({who}) n'est prêt que le {on}, après le début d'exécution prévu.")
            yield _wait(what, COMPANY if ours else COMMUNE, start, on, Said(text, values))
        elif on < start and not ours:
            text = message("« {name} » ({who}) est prêt le {on} et attend le début d'exécution.")
            yield _wait(what, COMPANY, on, start, Said(text, values))


def _wait(id: str, who: Waiter, first: date, last: date, said: Said) -> Wait:
    return Wait(id=id, who=who, from_=first, until=last, days=(last - first).days, reason=said.french, sentence=said)
