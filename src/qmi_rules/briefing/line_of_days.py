"""The days of a dossier on one line: from its first day to the start of performance, as a picture that needs no package."""

from collections.abc import Iterator
from datetime import date
from html import escape
from typing import TYPE_CHECKING, Final

from attrs import frozen

from qmi_rules.model.schedule import StepId
from qmi_rules.pages import Language, language, message, visible
from qmi_rules.schema.faults import require

if TYPE_CHECKING:
    from qmi_rules.briefing.briefing import Briefing

TWO_COLUMNS: Final = 600
"""From this width on the days are told in two columns."""
LONGEST_LABEL: Final = 34
_GRANT: Final = "subsidy_decision"
_ROW, _AXIS, _TOP, _EDGE = 18, 11, 33, 12
_PLAIN, _TOLD = "#1f4e79", "#b35900"


@frozen
class MarkedDay:
    """A day of the line.

    Attributes:
        on: The day.
        labels: What happens, in French; several things of one day stand together.
        decisive: It is the day by which the buyer must act.
    """

    on: date
    labels: tuple[str, ...]
    decisive: bool = False


def marked_days(briefing: "Briefing") -> tuple[MarkedDay, ...]:
    """What the dossier says of its days, in order: first day, council, vote of the budget, launch, grant, start; none without a calendar."""
    found: dict[date, list[str]] = {}
    for day, label in _days(briefing):
        if day is not None and label not in found.setdefault(day, []):
            found[day].append(label)
    launch_by = briefing.calendar.launch_by if briefing.calendar is not None else None
    return tuple(MarkedDay(day, tuple(found[day]), day == launch_by) for day in sorted(found) if found[day])


def _days(briefing: "Briefing") -> Iterator[tuple[date | None, str]]:
    calendar, commune, schedule = briefing.calendar, briefing.dossier.commune, briefing.dossier.schedule
    if calendar is None or commune is None or schedule is None:
        return
    end = calendar.wanted_on if calendar.feasible and calendar.wanted_on else calendar.earliest_start
    begins = min(step.start for step in calendar.steps)
    first = schedule.not_before or min(begins, calendar.launched_on)
    yield first, message("premier jour de travail")
    council = next((step for step in calendar.steps if step.id is StepId.COUNCIL), None)
    if council is not None:
        yield council.end, message("conseil")
    else:  # no step waits for it: the next meeting is where the commune can still decide
        yield next((day for day in calendar.council_meetings if first <= day <= end), None), message("conseil")
    if commune.budget_voted_on is not None and first <= commune.budget_voted_on <= end:
        yield commune.budget_voted_on, message("vote du budget")
    yield (
        calendar.launch_by or calendar.launched_on,
        (message("lancer au plus tard") if calendar.launch_by else message("lancement prévu")),
    )
    yield next((one.on for one in schedule.milestones if one.id == _GRANT), None), message("décision de subvention")
    yield end, message("début souhaité") if end == calendar.wanted_on else message("début possible")


def days_svg(briefing: "Briefing", lang: str = "fr", width: int = 720) -> str:
    """The days of a dossier as one ``<svg>`` element, numbered on a line and told below it; empty where there is no calendar.

    Args:
        briefing: The briefing.
        lang: A language there is a catalogue for.
        width: Width of the picture; below 600 the days are told one below the other.
    """
    from qmi_rules.briefing.briefing import Briefing

    require("briefing", briefing, Briefing)
    days, say = marked_days(briefing), language(lang)
    if len(days) < 2:
        return ""
    columns = 2 if width >= TWO_COLUMNS else 1
    rows = -(-len(days) // columns)
    height = _TOP + _ROW * rows + 2
    words = say.clauses(say.labelled(say.date(day.on), _label(day, say)) for day in days)
    title = escape(visible(say("Les dates du dossier")))
    drawn = "\n".join(_drawn(days, width, columns, rows, say))
    return (
        f'<svg class="qmi-days" role="img" lang="{escape(say.code)}" viewBox="0 0 {width} {height}" '
        f'xmlns="http://www.w3.org/2000/svg" font-family="sans-serif" font-size="13">\n<title>{title}</title>\n'
        f"<desc>{escape(visible(words))}</desc>\n{drawn}\n</svg>"
    )


def _label(day: MarkedDay, say: Language) -> str:
    return visible(", ".join(say(label) for label in day.labels))


def _drawn(days: tuple[MarkedDay, ...], width: int, columns: int, rows: int, say: Language) -> Iterator[str]:
    span = max((days[-1].on - days[0].on).days, 1)
    yield f'<line x1="{_EDGE}" y1="{_AXIS}" x2="{width - _EDGE}" y2="{_AXIS}" stroke="#8a8aa0" stroke-width="2"/>'
    free = 0.0
    for i, day in enumerate(days, 1):
        at = _EDGE + (width - 2 * _EDGE) * (day.on - days[0].on).days / span
        at = max(at, free)  # numbers of days that are near stand beside each other
        free = at + 2 * _EDGE
        # those that were pushed keep off the end of the line too
        at = min(at, width - _EDGE - 2 * _EDGE * (len(days) - i))
        yield _number(i, at, _AXIS, day)
        column, row = divmod(i - 1, rows)
        x, y = column * width / columns + _EDGE, _TOP + _ROW * row + 2
        yield _number(i, x, y, day)
        label = _label(day, say)
        shown = label if len(label) <= LONGEST_LABEL else label[: LONGEST_LABEL - 1] + "…"
        weight = ' font-weight="bold"' if day.decisive else ""
        yield f'<text x="{x + 16:.0f}" y="{y + 5:.0f}" fill="#1d1d2b"{weight}>{day.on:%d/%m/%Y} · {escape(shown)}</text>'


def _number(number: int, x: float, y: float, day: MarkedDay) -> str:
    colour = _TOLD if day.decisive else _PLAIN
    return (
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="8.5" fill="{colour}"/>'
        f'<text x="{x:.1f}" y="{y + 4:.1f}" text-anchor="middle" font-size="11" fill="#fff">{number}</text>'
    )
