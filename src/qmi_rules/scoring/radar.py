"""A radar of levels as inline SVG, without any package: an unknown axis is a dashed open range, never a zero."""

from collections.abc import Iterator
from html import escape
from math import cos, pi, sin

from attrs import frozen

from qmi_rules.pages import Language, language, visible
from qmi_rules.schema.faults import require
from qmi_rules.scoring.scorecard import Scorecard, ScoredCriterion

RADIUS = 120.0
MIDDLE = (260.0, 180.0)
FEWEST_AXES = 3
"""A radar of fewer axes than this has no surface; a bar view shows them better."""
LETTER = 7.2
"""Room for one letter of a label, generous for a sans-serif of size 12: no edge cuts a label, whatever font draws it."""
LONGEST_LABEL = 48
NARROW_BOX = (96, 36, 328)
"""Left, top and width of what is shown where the axes are only numbered, for a telephone."""
_LEGEND_TOP = 300
MOST_RINGS = 10
"""A finer scale is drawn with its outer ring alone."""


@frozen(kw_only=True)
class Spoke:
    """One axis of a radar.

    Attributes:
        label: The axis in the reader's language.
        level: Its level; None = not known.
        top: The best level.
        angle: Where it points, radians, clockwise from the top.
    """

    label: str
    level: int | None
    top: int
    angle: float


def spokes(card: Scorecard, lang: str = "fr") -> tuple[Spoke, ...]:
    """The axes of a scorecard that have levels, evenly spread from the top clockwise."""
    say = language(lang)
    axes: list[ScoredCriterion] = [criterion for criterion in card.criteria if criterion.top is not None]
    return tuple(
        Spoke(label=say(c.label), level=c.number, top=c.top or 1, angle=2 * pi * i / len(axes))
        for i, c in enumerate(axes)
    )


def runs(axes: tuple[Spoke, ...]) -> tuple[tuple[int, ...], ...]:
    """Indices of neighbouring axes that are known, going round; one run of all of them closes."""
    known = [axis.level is not None for axis in axes]
    if all(known):
        return (tuple(range(len(axes))),)
    first = known.index(False)
    found: list[tuple[int, ...]] = []
    run: list[int] = []
    for step in range(1, len(axes) + 1):
        i = (first + step) % len(axes)
        if known[i]:
            run.append(i)
        elif run:
            found.append(tuple(run))
            run = []
    return tuple(found)


def radar_svg(card: Scorecard, lang: str = "fr", *, numbered: bool = False) -> str:
    """The levels of a scorecard as an SVG element to put into a page; it carries its own text for screen readers.

    Args:
        card: The scorecard.
        lang: A language there is a catalogue for.
        numbered: The axes have numbers and are told below the picture, for a telephone.

    Raises:
        DocumentError: `card` is no scorecard.
        UnsupportedLocaleError: There is no catalogue for `lang`.
    """
    require("card", card, Scorecard)
    say = language(lang)
    axes = spokes(card, lang)
    title = escape(visible(say(card.title)))
    words = [
        say("{criterion} : {answer}", criterion=say(c.label), answer=_level_words(c, say))
        for c in card.criteria
        if c.top is not None
    ]
    summary = escape("; ".join(visible(item) for item in words))
    drawn = "\n".join(_drawn(axes, numbered)) if len(axes) >= FEWEST_AXES else ""
    return (
        f'<svg class="qmi-radar" role="img" lang="{escape(lang)}" viewBox="{_numbered_box(axes) if numbered else _box(axes)}" xmlns="http://www.w3.org/2000/svg">\n'
        f"<title>{title}</title>\n<desc>{summary}</desc>\n{drawn}\n</svg>"
    )


def _level_words(criterion: ScoredCriterion, say: Language) -> str:
    if criterion.number is None:
        return say("non renseigné")
    return say("{level} sur {top}", level=criterion.number, top=criterion.top)


def _point(angle: float, share: float) -> tuple[float, float]:
    return MIDDLE[0] + RADIUS * share * sin(angle), MIDDLE[1] - RADIUS * share * cos(angle)


def _path(points: list[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)


def _drawn(axes: tuple[Spoke, ...], numbered: bool) -> Iterator[str]:
    yield from _web(axes)
    everything_known = all(axis.level is not None for axis in axes)
    for run in runs(axes):
        points = [_point(axes[i].angle, (axes[i].level or 0) / axes[i].top) for i in run]
        shape = "polygon" if everything_known else "polyline"
        fill = 'fill="#0b5c8a" fill-opacity="0.2"' if everything_known else 'fill="none"'
        yield f'<{shape} points="{_path(points)}" {fill} stroke="#0b5c8a" stroke-width="2.5"/>'
        yield from (f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="#0b5c8a"/>' for x, y in points)
    if numbered:
        yield from _told_below(axes)
        return
    for axis in axes:
        x, y = _point(axis.angle, 1.12)
        yield (
            f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{_anchor(axis)}" font-size="12" font-family="sans-serif" '
            f'fill="#222">{escape(_words(axis))}</text>'
        )


def _told_below(axes: tuple[Spoke, ...]) -> Iterator[str]:
    """A number at the end of each spoke, and below the picture what it stands for."""
    left, top, width = NARROW_BOX
    for i, axis in enumerate(axes, 1):
        x, y = _point(axis.angle, 1.1)
        yield (
            f'<text x="{x:.1f}" y="{y + 5:.1f}" text-anchor="middle" font-size="14" font-weight="bold" '
            f'font-family="sans-serif" fill="#222">{i}</text>'
        )
        label, level = visible(axis.label), "?" if axis.level is None else f"{axis.level}/{axis.top}"
        room = int(width / LETTER) - len(level) - 6
        short = label if len(label) <= room else label[: room - 1] + "…"
        yield (
            f'<text x="{left + 2}" y="{top + _LEGEND_TOP + 20 * (i - 1)}" font-size="13" font-family="sans-serif" '
            f'fill="#222">{i}. {escape(short)} ({level})</text>'
        )


def _numbered_box(axes: tuple[Spoke, ...]) -> str:
    left, top, width = NARROW_BOX
    return f"{left} {top} {width} {_LEGEND_TOP + 20 * len(axes)}"


def _anchor(axis: Spoke) -> str:
    return "middle" if abs(sin(axis.angle)) < 0.1 else ("start" if sin(axis.angle) > 0 else "end")


def _words(axis: Spoke) -> str:
    """What stands at the end of a spoke; a very long label is cut, the table beside the picture has it whole."""
    label = visible(axis.label)
    short = label if len(label) <= LONGEST_LABEL else label[: LONGEST_LABEL - 1] + "…"
    return f"{short} ({'?' if axis.level is None else f'{axis.level}/{axis.top}'})"


def _box(axes: tuple[Spoke, ...]) -> str:
    """The part of the plane that is shown: as wide as the labels need."""
    half = MIDDLE[0]
    for axis in axes:
        width = LETTER * len(_words(axis))
        outer = width / 2 if _anchor(axis) == "middle" else abs(_point(axis.angle, 1.12)[0] - MIDDLE[0]) + width
        half = max(half, outer)
    return f"{MIDDLE[0] - half:.0f} 0 {2 * half:.0f} 360"


def _web(axes: tuple[Spoke, ...]) -> Iterator[str]:
    """The rings of the shared scale and the spokes; the spoke of an unknown axis is dashed over its whole range."""
    tops = {axis.top for axis in axes}
    rings = tops.pop() if len(tops) == 1 and max(tops) <= MOST_RINGS else 1
    for ring in range(1, rings + 1):
        yield f'<polygon points="{_path([_point(a.angle, ring / rings) for a in axes])}" fill="none" stroke="#bbb"/>'
    for axis in axes:
        x, y = _point(axis.angle, 1.0)
        style = 'stroke="#b35900" stroke-width="2.5" stroke-dasharray="5 4"' if axis.level is None else 'stroke="#bbb"'
        yield f'<line x1="{MIDDLE[0]:.1f}" y1="{MIDDLE[1]:.1f}" x2="{x:.1f}" y2="{y:.1f}" {style}/>'
