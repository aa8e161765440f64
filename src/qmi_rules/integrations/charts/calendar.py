"""A calendar as a Gantt picture (extra ``charts``)."""

from textwrap import fill
from typing import TYPE_CHECKING, Any

from qmi_rules.budget_calendar import CalendarCheck, signs
from qmi_rules.integrations.charts.canvas import figure_class, plain
from qmi_rules.text import Language, language

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.figure import Figure

_TITLE_WIDTH = 100
"""Letters of a title that fit the width of the picture."""


def draw_gantt(check: CalendarCheck, lang: str = "fr") -> "Figure":
    """The plan as a matplotlib figure: one bar a step, with the legend of its signs.

    Dark where the law sets the length, light where it is estimated; days of conflicts are shaded, a dashed line is the
    wanted start.

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
    figure = blank(figsize=(10, 1.6 + 0.34 * len(check.steps)), layout="constrained")
    axes: Any = figure.add_subplot()
    for _, since, until in signs.shaded(check):
        axes.axvspan(number(since), number(until) + 1, color=signs.CONFLICT_COLOUR, zorder=0)
    for row, step in enumerate(check.steps):
        colour = signs.ESTIMATE_COLOUR if step.estimate else signs.LAW_COLOUR
        if step.start == step.end:
            axes.plot([number(step.start)], [row], marker="D", markersize=6, color=colour)
        else:
            axes.barh(row, (step.end - step.start).days, left=number(step.start), height=0.6, color=colour)
    if check.wanted_on is not None:
        axes.axvline(number(check.wanted_on), color=signs.WANTED_COLOUR, linestyle="--", linewidth=1)
    axes.set_yticks(range(len(check.steps)), [plain(say(step.label)) for step in check.steps])
    axes.invert_yaxis()
    first, last = min(step.start for step in check.steps), max(step.end for step in check.steps)
    axes.set_xlim(number(first) - 5, max(number(last), number(check.wanted_on or last)) + 5)
    axes.xaxis.set_major_locator(dates.AutoDateLocator(maxticks=8))
    axes.xaxis.set_major_formatter(dates.DateFormatter("%d/%m/%Y"))
    axes.grid(axis="x", color="#ddd")
    axes.set_axisbelow(True)
    figure.legend(handles=_legend(check, say), loc="outside lower center", fontsize=8, frameon=False, ncols=2)
    figure.suptitle(fill(plain(say("Calendrier : {title}", title=check.title)), _TITLE_WIDTH), fontsize=11)
    return figure


def _legend(check: CalendarCheck, say: Language) -> "list[Artist]":
    """The signs of this picture with their words."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    found: list[Artist] = [
        Patch(color=signs.LAW_COLOUR, label=plain(say(signs.BY_LAW))),
        Patch(color=signs.ESTIMATE_COLOUR, label=plain(say(signs.ESTIMATED))),
        Line2D([], [], color="#666", marker="D", markersize=6, linestyle="", label=plain(say(signs.ONE_DAY))),
    ]
    if signs.shaded(check):
        found.append(Patch(color=signs.CONFLICT_COLOUR, label=plain(say(signs.IN_CONFLICT))))
    if check.wanted_on is not None:
        found.append(
            Line2D([], [], color=signs.WANTED_COLOUR, linestyle="--", linewidth=1, label=plain(say(signs.WANTED_START)))
        )
    return found
