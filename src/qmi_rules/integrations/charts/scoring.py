"""Charts of scorecards with matplotlib (extra ``charts``): a radar and a bar view; what is unknown is drawn as open, never as 0."""

from collections.abc import Mapping
from math import sin
from textwrap import fill
from typing import TYPE_CHECKING, Any

from qmi_rules.errors import DocumentError
from qmi_rules.integrations.charts.canvas import figure_class, plain
from qmi_rules.scoring import Comparison, Scorecard
from qmi_rules.scoring.radar import FEWEST_AXES, Spoke, runs, spokes
from qmi_rules.text import language

if TYPE_CHECKING:
    from matplotlib.figure import Figure

COLOURS = ("#0b5c8a", "#b35900", "#3f7d20", "#7a3e9d")
"""Told apart in print and by most colour-blind readers; each series also has its own line style."""
STYLES = ("-", "--", "-.", ":")
UNKNOWN = "#8a8a8a"
_LABEL_WIDTH = 22


def radar_chart(cards: "Scorecard | Comparison | Mapping[str, Scorecard]", lang: str = "fr") -> "Figure":
    """The profiles of up to four scorecards of one rubric on one radar.

    Args:
        cards: A scorecard, a comparison, or scorecards by name.
        lang: Language of the labels.

    Raises:
        MissingExtraError: matplotlib is not installed.
        DocumentError: Nothing to draw: no card, more than four, or fewer than three axes with levels.
    """
    blank = figure_class()
    shown = _named(cards, lang)
    axes = spokes(next(iter(shown.values())), lang)
    if len(axes) < FEWEST_AXES:
        raise DocumentError(
            f"expected at least {FEWEST_AXES} axes with levels for a radar, got {len(axes)}: use bar_chart"
        )
    figure = blank(figsize=(8.5, 6.5), layout="constrained")
    plot: Any = figure.add_subplot(projection="polar")
    plot.set_theta_zero_location("N")
    plot.set_theta_direction(-1)
    top = max(axis.top for axis in axes)
    plot.set_ylim(0, top)
    plot.set_yticks(range(1, top + 1) if top <= 10 else [top])
    plot.set_xticks([axis.angle for axis in axes], [fill(plain(axis.label), _LABEL_WIDTH) for axis in axes])
    for label, axis in zip(plot.get_xticklabels(), axes, strict=True):  # outside the circle, on the side of its axis
        side = round(sin(axis.angle), 6)
        label.set_horizontalalignment("center" if side == 0 else "left" if side > 0 else "right")
    plot.tick_params(axis="x", pad=6)
    for i, (name, card) in enumerate(shown.items()):
        _profile(plot, spokes(card, lang), name, COLOURS[i], STYLES[i])
    _titled(figure, plot, shown, lang)
    return figure


def bar_chart(cards: "Scorecard | Comparison | Mapping[str, Scorecard]", lang: str = "fr") -> "Figure":
    """The levels of up to four scorecards of one rubric as bars, one panel each; an unknown axis is an empty hatched bar.

    Raises:
        MissingExtraError: matplotlib is not installed.
        DocumentError: Nothing to draw: no card, more than four, or no axis with levels.
    """
    blank = figure_class()
    shown = _named(cards, lang)
    say = language(lang)
    count = len(spokes(next(iter(shown.values())), lang))
    if not count:
        raise DocumentError("expected at least one axis with levels, got none")
    figure = blank(figsize=(3.6 + 2.9 * len(shown), 1.2 + 0.55 * count), layout="constrained")
    panels: Any = figure.subplots(1, len(shown), sharey=True, squeeze=False)[0]
    for plot, (name, card), colour in zip(panels, shown.items(), COLOURS, strict=False):
        axes = spokes(card, lang)
        top = max(axis.top for axis in axes)
        for row, axis in enumerate(axes):
            if axis.level is None:
                plot.barh(row, axis.top, color="none", edgecolor=UNKNOWN, hatch="////", linewidth=1)
                plot.text(
                    axis.top / 2,
                    row,
                    say("non renseigné"),
                    ha="center",
                    va="center",
                    backgroundcolor="white",
                    fontsize=8,
                )
            else:
                plot.barh(row, axis.level, color=colour)
                plot.text(axis.level + top * 0.03, row, f"{axis.level}/{axis.top}", va="center", fontsize=9)
        plot.set_yticks(range(count), [fill(plain(axis.label), 34) for axis in axes])
        plot.set_xlim(0, top * 1.18)
        plot.set_xticks(range(top + 1) if top <= 10 else [0, top])
        plot.spines[["top", "right"]].set_visible(False)
        plot.set_title(name if len(shown) > 1 else "", fontsize=10)
    panels[0].invert_yaxis()
    figure.suptitle(_title(shown, lang), fontsize=11)
    return figure


def _named(cards: "Scorecard | Comparison | Mapping[str, Scorecard]", lang: str) -> dict[str, Scorecard]:
    match cards:
        case Scorecard():
            shown = {plain(language(lang)(cards.title)): cards}
        case Comparison():
            shown = {plain(entry.name): entry.card for entry in cards.entries}
        case _:
            shown = {plain(name): card for name, card in cards.items()}
    if not 1 <= len(shown) <= len(COLOURS):
        raise DocumentError(f"expected one to {len(COLOURS)} scorecards on one chart, got {len(shown)}")
    if len({card.rubric for card in shown.values()}) > 1:
        raise DocumentError("expected scorecards of one rubric on one chart")
    return shown


def _profile(plot: Any, axes: tuple[Spoke, ...], name: str, colour: str, style: str) -> None:
    """Known neighbours are joined; an unknown axis leaves the line open and gets a hollow mark at both ends of its range."""
    label: str | None = name
    complete = all(axis.level is not None for axis in axes)
    for run in runs(axes):
        ring = [*run, run[0]] if complete else run
        angles, levels = [axes[i].angle for i in ring], [axes[i].level for i in ring]
        plot.plot(angles, levels, style, marker="o", color=colour, linewidth=2, label=label)
        label = None
    if complete:
        plot.fill([axis.angle for axis in axes], [axis.level for axis in axes], color=colour, alpha=0.12)
    for axis in axes:
        if axis.level is None:
            plot.plot(
                [axis.angle] * 2,
                [0, axis.top],
                linestyle=(0, (4, 3)),
                color=UNKNOWN,
                marker="o",
                mfc="none",
                label=label,
            )
            label = None


def _titled(figure: "Figure", plot: Any, shown: dict[str, Scorecard], lang: str) -> None:
    figure.suptitle(_title(shown, lang), fontsize=11)
    if len(shown) > 1:
        plot.legend(loc="upper left", bbox_to_anchor=(-0.25, 1.12), fontsize=9, frameon=False)


def _title(shown: dict[str, Scorecard], lang: str) -> str:
    say = language(lang)
    return plain(say(next(iter(shown.values())).title))
