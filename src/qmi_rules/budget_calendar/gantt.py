"""The plan as a picture: an inline SVG for notebooks and reports, Mermaid text for documents."""

from datetime import date, timedelta
from html import escape
from typing import ClassVar

from attrs import frozen

from qmi_rules.budget_calendar.check import CalendarCheck, PlannedStep
from qmi_rules.budget_calendar.conflicts import CalendarConflict, CalendarConflictCode, Severity
from qmi_rules.errors import DocumentError, fault
from qmi_rules.model.schedule import StepId
from qmi_rules.pages import Language, language, message, visible
from qmi_rules.schema.faults import require, shown

_LETTER = 6.5  # width of a letter at 12 px, on average
_NARROW = 600
_LAW_COLOUR = "#1d4e89"
_ESTIMATE_COLOUR = "#8fb3d9"
_WANTED_COLOUR = "#b3261e"
_CONFLICT_COLOUR = "#f6d9d5"
_MEETING_COLOUR = "#5b3a8c"

_BY_LAW = message("durée ou jour que fixe le droit, le conseil ou vous")
_ESTIMATED = message("estimation")
_ONE_DAY = message("étape d'un jour")
_IN_CONFLICT = message("jours d'un conflit (attention ou bloquant)")
_WANTED_START = message("début souhaité")
_MEETING = message("séance du conseil")


@frozen(kw_only=True)
class _Sheet:
    """The paper of one picture: what stands where, and where a day is.

    Attributes:
        say: The reader's language.
        first: First day drawn.
        last: Last day drawn.
        width: Width of the picture.
        left: Where the days begin; on a narrow picture 0, the names then stand above the bars.
        row: Height of a row.
        rows: How many rows.
    """

    say: Language
    first: date
    last: date
    width: int
    left: int
    row: int
    rows: int

    TOP: ClassVar[int] = 34
    RIGHT: ClassVar[int] = 46

    @property
    def bottom(self) -> int:
        """Where the rows end and the legend begins."""
        return self.TOP + self.row * self.rows + 6

    def x(self, day: date) -> float:
        """Where a day is, those outside at the edge."""
        scale = (self.width - self.left - self.RIGHT) / max((self.last - self.first).days, 1)
        return round(self.left + 6 + (min(max(day, self.first), self.last) - self.first).days * scale, 1)

    def upright(self, day: date, stroke: str, dash: str = "") -> str:
        """The opening of a line from top to bottom."""
        at, dashes = self.x(day), f' stroke-dasharray="{dash}"' if dash else ""
        return f'<line x1="{at}" x2="{at}" y1="{self.TOP - 8}" y2="{self.bottom}" stroke="{stroke}"{dashes}>'


def to_svg(check: CalendarCheck, lang: str = "fr", width: int = 900) -> str:
    """The plan as one ``<svg>`` element without any outside resource, with its legend.

    Steps whose length the law sets are dark, estimates light; blocking and warning conflicts shade their days (the end of a
    budget year only marks its day); the meetings of the council stand on its row.

    Args:
        check: The calendar.
        lang: A language there is a catalogue for.
        width: Width of the picture, 320 to 2000; below 600 the names stand above the bars, for a telephone.

    Raises:
        DocumentError: `check` is no `CalendarCheck`, or `width` no such number.
        UnsupportedLocaleError: There is no catalogue for `lang`.
    """
    require("check", check, CalendarCheck)
    if isinstance(width, bool) or not isinstance(width, int) or not 320 <= width <= 2_000:
        words = "expected a whole number from 320 to 2000, got {got}"
        raise DocumentError(fault("out_of_range", "width", words, got=shown(width)))
    say, narrow = language(lang), width < _NARROW
    first = min(step.start for step in check.steps)
    last = max(*(step.end for step in check.steps), check.wanted_on or check.earliest_start) + timedelta(days=1)
    rows, left, row = len(check.steps), 0 if narrow else 250, 36 if narrow else 22
    sheet = _Sheet(say=say, first=first, last=last, width=width, left=left, row=row, rows=rows)
    legend, height = _legend(_shown_signs(check, say), sheet)
    title = escape(visible(say("Calendrier : {title}", title=check.title)))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" lang="{say.code}" '
        f'style="max-width:100%;height:auto;font-family:sans-serif;font-size:12px">',
        f"<title>{title}</title><desc>{escape(visible(_summary(check, say)))}</desc>",
        *_shades(check, sheet),
        *_months(sheet),
        *(line for place, step in enumerate(check.steps) for line in _bar(step, place, sheet)),
        *_meetings(check, sheet),
    ]
    if check.wanted_on is not None:
        named = f"{say(_WANTED_START)}, {say.date(check.wanted_on)}"
        parts.append(f"{sheet.upright(check.wanted_on, _WANTED_COLOUR, '4 3')}<title>{escape(named)}</title></line>")
    return "\n".join([*parts, *legend, "</svg>"])


def _summary(check: CalendarCheck, say: Language) -> str:
    return "; ".join(f"{say(step.label)} {say.date(step.start)} – {say.date(step.end)}" for step in check.steps)


def _shaded(check: CalendarCheck) -> tuple[tuple[CalendarConflict, date, date], ...]:
    """The conflicts of the plan that warn or block, with the first and the last day to shade.

    The end of a budget year only marks its day.
    """
    return tuple(
        (
            entry,
            entry.from_,
            entry.from_ if entry.code is CalendarConflictCode.YEAR_END_CLIFF else entry.until or entry.from_,
        )
        for entry in check.conflicts
        if entry.severity is not Severity.INFORMATION and entry.about == "plan"
    )


def _shades(check: CalendarCheck, sheet: _Sheet) -> list[str]:
    shades = []
    for entry, first, last in _shaded(check):
        left, right = sheet.x(first), sheet.x(last)
        label = escape(sheet.say(entry.label))
        shades.append(
            f'<rect x="{left}" y="{sheet.TOP - 6}" width="{max(right - left, 2):.1f}" height="{sheet.bottom - sheet.TOP + 6}" '
            f'fill="{_CONFLICT_COLOUR}"><title>{label}</title></rect>'
        )
    return shades


def _months(sheet: _Sheet) -> list[str]:
    """A line at the first of each month; those named leave room for the name of the one before."""
    marks = []
    month, free = sheet.first.replace(day=1), 0.0
    while month <= sheet.last:
        if month >= sheet.first:
            at, name = sheet.x(month), f"{month:%m/%Y}"
            marks.append(f"{sheet.upright(month, '#ddd')}</line>")
            if at >= free and at + _LETTER * len(name) <= sheet.width:
                marks.append(f'<text x="{at}" y="{sheet.TOP - 14}" fill="#555">{name}</text>')
                free = at + _LETTER * len(name) + 6
        month = (month + timedelta(days=32)).replace(day=1)
    return marks


def _bar(step: PlannedStep, place: int, sheet: _Sheet) -> list[str]:
    y, say = sheet.TOP + place * sheet.row, sheet.say
    label = escape(visible(say(step.label)))
    dates = escape(f"{say.date(step.start)} – {say.date(step.end)}")
    left, right = sheet.x(step.start), sheet.x(step.end)
    colour = _ESTIMATE_COLOUR if step.estimate else _LAW_COLOUR
    at = y + sheet.row - 19
    shape = (
        f'<rect x="{left}" y="{at}" width="{right - left:.1f}" height="14" rx="2" fill="{colour}">'
        if right - left >= 3
        else f'<path d="M{left} {at} l6 7 l-6 7 l-6 -7 z" fill="{colour}">'
    )
    closing = "</rect>" if shape.startswith("<rect") else "</path>"
    return [
        f'<text x="4" y="{y + 14}" fill="#222">{label}</text>',
        f"{shape}<title>{label}, {dates}</title>{closing}",
    ]


def _meetings(check: CalendarCheck, sheet: _Sheet) -> list[str]:
    """The days the council meets, on its row; none where the plan has no vote."""
    place = next((i for i, step in enumerate(check.steps) if step.id is StepId.COUNCIL), None)
    if place is None:
        return []
    y = sheet.TOP + place * sheet.row + sheet.row - 12
    return [
        f'<circle cx="{sheet.x(day)}" cy="{y}" r="4" fill="none" stroke="{_MEETING_COLOUR}" stroke-width="2">'
        f"<title>{escape(f'{sheet.say(_MEETING)}, {sheet.say.date(day)}')}</title></circle>"
        for day in check.council_meetings
        if sheet.first <= day <= sheet.last
    ]


def _shown_signs(check: CalendarCheck, say: Language) -> list[tuple[str, str]]:
    """The signs that this picture uses, each drawn at the origin, with their words."""
    box = '<rect x="0" y="2" width="16" height="10" {}/>'
    council = next((step for step in check.steps if step.id is StepId.COUNCIL), None)
    found = [
        (box.format(f'fill="{_LAW_COLOUR}"'), say(_BY_LAW)),
        (box.format(f'fill="{_ESTIMATE_COLOUR}"'), say(_ESTIMATED)),
        ('<polygon points="8,0 14,7 8,14 2,7" fill="#666"/>', say(_ONE_DAY)),
    ]
    if _shaded(check):
        found.append((box.format(f'fill="{_CONFLICT_COLOUR}"'), say(_IN_CONFLICT)))
    if check.wanted_on is not None:
        line = f'<line x1="8" x2="8" y1="0" y2="14" stroke="{_WANTED_COLOUR}" stroke-dasharray="4 3"/>'
        found.append((line, say(_WANTED_START)))
    if council is not None and check.council_meetings:
        ring = f'<circle cx="8" cy="7" r="4" fill="none" stroke="{_MEETING_COLOUR}" stroke-width="2"/>'
        found.append((ring, say(_MEETING)))
    return found


def _legend(signs: list[tuple[str, str]], sheet: _Sheet) -> tuple[list[str], int]:
    """The legend under the rows, and the height of the picture with it."""
    parts, x, y = [], 4.0, sheet.bottom + 12
    for sign, words in signs:
        wide = 22 + _LETTER * len(words) + 14
        if x > 4 and x + wide > sheet.width:
            x, y = 4.0, y + 20
        parts.append(
            f'<g transform="translate({x:.0f} {y})">{sign}<text x="22" y="11" fill="#222">{escape(words)}</text></g>'
        )
        x += wide
    return parts, y + 24


def to_mermaid(check: CalendarCheck, lang: str = "fr") -> str:
    """The plan as the text of a Mermaid ``gantt`` diagram.

    Raises:
        DocumentError: `check` is no `CalendarCheck`.
        UnsupportedLocaleError: There is no catalogue for `lang`.
    """
    require("check", check, CalendarCheck)
    say = language(lang)
    critical = set(check.launch_path or check.critical_path)
    lines = ["gantt", f"    title {_plain(check.title)}", "    dateFormat YYYY-MM-DD", "    axisFormat %d/%m/%Y"]
    for step in check.steps:
        tags = ["crit"] if step.id in critical else []
        if step.start == step.end:
            tags.append("milestone")
        tags += [str(step.id), f"{step.start:%Y-%m-%d}", "0d" if step.start == step.end else f"{step.end:%Y-%m-%d}"]
        lines.append(f"    {_plain(say(step.label))} :{', '.join(tags)}")
    return "\n".join(lines) + "\n"


def _plain(text: str) -> str:
    """A text without the signs that Mermaid reads: colon, semicolon, hash, comma."""
    return " ".join(visible(text).translate({ord(sign): " " for sign in ":;#,%{}"}).split())
