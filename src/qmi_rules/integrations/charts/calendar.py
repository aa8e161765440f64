"""A calendar as a Gantt picture (extra ``charts``)."""

from textwrap import fill
from typing import TYPE_CHECKING, Any

from qmi_rules.budget_calendar import CalendarCheck, ConflictCode, Severity
from qmi_rules.integrations.charts.canvas import figure_class, plain
from qmi_rules.text import language

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_LAW, _ESTIMATE, _MARK, _CLASH = "#1d4e89", "#8fb3d9", "#b3261e", "#f6d9d5"
_TITLE_WIDTH = 100
"""Letters of a title that fit the width of the picture."""


def draw_gantt(check: CalendarCheck, lang: str = "fr") -> "Figure":
    """The plan as a matplotlib figure: one bar a step, dark where the law sets its length, light where it is estimated.

    The figure belongs to no window and no global state: ``draw_gantt(check).savefig("plan.png")``.

    Raises:
        MissingExtraError: matplotlib is not installed.
        UnsupportedLocaleError: There is no catalogue for `lang`.
    """
    blank = figure_class()
    import matplotlib.dates

    dates: Any = matplotlib.dates
    number = dates.date2num
    say = language(lang)
    figure = blank(figsize=(10, 0.9 + 0.34 * len(check.steps)), layout="constrained")
    axes: Any = figure.add_subplot()
    for entry in check.conflicts:
        if entry.severity is not Severity.INFORMATION and entry.about == "plan":
            last = entry.from_ if entry.code is ConflictCode.YEAR_END_CLIFF else entry.until or entry.from_
            axes.axvspan(number(entry.from_), number(last) + 1, color=_CLASH, zorder=0)
    for row, step in enumerate(check.steps):
        colour = _ESTIMATE if step.estimate else _LAW
        if step.start == step.end:
            axes.plot([number(step.start)], [row], marker="D", markersize=6, color=colour)
        else:
            axes.barh(row, (step.end - step.start).days, left=number(step.start), height=0.6, color=colour)
    if check.wanted_on is not None:
        axes.axvline(number(check.wanted_on), color=_MARK, linestyle="--", linewidth=1)
    axes.set_yticks(range(len(check.steps)), [plain(say(step.label)) for step in check.steps])
    axes.invert_yaxis()
    first, last = min(step.start for step in check.steps), max(step.end for step in check.steps)
    axes.set_xlim(number(first) - 5, max(number(last), number(check.wanted_on or last)) + 5)
    axes.xaxis.set_major_locator(dates.AutoDateLocator(maxticks=8))
    axes.xaxis.set_major_formatter(dates.DateFormatter("%d/%m/%Y"))
    axes.grid(axis="x", color="#ddd")
    axes.set_axisbelow(True)
    figure.suptitle(fill(plain(say("Calendrier : {title}", title=check.title)), _TITLE_WIDTH), fontsize=11)
    return figure
