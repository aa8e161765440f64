"""What fixes a plan: the steps that follow one another without a pause, and the council meeting they lead up to."""

from datetime import date, timedelta

from qmi_rules.budget_calendar.chain import Route
from qmi_rules.budget_calendar.planner import LONG_WEEKEND, Placed
from qmi_rules.budget_calendar.sentences import Remark, Value, remark
from qmi_rules.contexts.schedule import StepId
from qmi_rules.text import message


def launch_path(frame: Route, latest: dict[str, Placed]) -> tuple[StepId, ...]:
    """The steps that fix the last day to launch: from the launch on, up to the first that leaves time after it."""
    waits = {task.id: task.after for task in frame.tasks}
    order = list(latest)[list(latest).index(frame.launch) :]
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


def council_binding(frame: Route, plan: dict[str, Placed], path: tuple[StepId, ...]) -> Remark | None:
    """Why the council meeting of the plan fixes it; None where something else does.

    Args:
        frame: What the plan was built from.
        plan: The plan shown.
        path: The steps that fix it.
    """
    meetings = sorted(frame.commune.council_meetings)
    if StepId.COUNCIL not in path or plan[StepId.COUNCIL].end not in meetings:
        return None
    council = plan[StepId.COUNCIL]
    if path[-1] == StepId.START:  # the earliest plan
        waited = council.end - council.start
        return _awaited(council, waited) if waited > LONG_WEEKEND else None
    if path[-1] != StepId.COUNCIL:
        return None
    follows = plan[frame.included[frame.included.index(StepId.COUNCIL) + 1]].start
    return _last_useful(council.end, next((day for day in meetings if day > council.end), None), follows)


def _awaited(council: Placed, waited: timedelta) -> Remark:
    return remark(
        "council_binding",
        message(
            "La séance du conseil du {meeting} fixe le début au plus tôt : la décision est prête le {ready} et l'attend "
            "{days} jours. Une séance plus proche avancerait le début d'autant."
        ),
        meeting=council.end,
        ready=council.start,
        days=waited.days,
    )


def _last_useful(meeting: date, later: date | None, follows: date) -> Remark:
    values: dict[str, Value] = {"meeting": meeting, "follows": follows, "free": (follows - meeting).days}
    if later is None:
        text = message(
            "La séance du conseil du {meeting} fixe le dernier lancement : aucune séance plus tardive n'est donnée. La suite "
            "pourrait attendre le {follows} ; {free} jours restent libres entre les deux."
        )
    else:
        values |= {"later": later, "late": (later - follows).days}
        text = message(
            "La séance du conseil du {meeting} fixe le dernier lancement : la suivante, le {later}, viendrait trop tard de "
            "{late} j, car la suite doit commencer le {follows} au plus tard ; {free} jours restent libres entre les deux."
        )
    return remark("council_binding", text, **values)
