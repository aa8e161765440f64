"""The plan as a picture: an inline SVG for notebooks and reports, Mermaid text for documents."""

from collections.abc import Callable
from datetime import date, timedelta
from html import escape

from qmi_rules.budget_calendar.conflicts import CONFLICT_LABELS, ConflictCode, Severity
from qmi_rules.budget_calendar.result import CalendarCheck, Step
from qmi_rules.text import Language, language, visible

_Scale = Callable[[date], float]
_LEFT, _WIDTH, _ROW, _TOP = 250, 900, 22, 34
_LAW, _ESTIMATE, _MARK, _CLASH = "#1d4e89", "#8fb3d9", "#b3261e", "#f6d9d5"


def to_svg(check: CalendarCheck, lang: str = "fr") -> str:
    """The plan as one ``<svg>`` element without any outside resource.

    Steps whose length the law sets are dark, estimates light; blocking and warning conflicts shade
    their days (the end of a budget year only marks its day).
    """
    say = language(lang)
    first = min(step.start for step in check.steps)
    last = max(*(step.end for step in check.steps), check.wanted_on or check.earliest_start) + timedelta(days=1)
    scale = (_WIDTH - _LEFT - 20) / max((last - first).days, 1)
    height = _TOP + _ROW * len(check.steps) + 12

    def x(day: date) -> float:
        return round(_LEFT + (min(max(day, first), last) - first).days * scale, 1)

    title = escape(visible(say("Calendrier : {title}", title=check.title)))
    summary = escape(visible(_summary(check, say)))
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img" lang="{say.code}" '
        f'style="max-width:100%;height:auto;font-family:sans-serif;font-size:12px">',
        f"<title>{title}</title><desc>{summary}</desc>",
        *_shades(check, say, x, height),
        *_months(first, last, say, x, height),
        *(line for row, step in enumerate(check.steps) for line in _bar(step, row, say, x)),
    ]
    if check.wanted_on is not None:
        at, label = x(check.wanted_on), escape(say("début souhaité"))
        parts.append(
            f'<line x1="{at}" x2="{at}" y1="{_TOP - 8}" y2="{height - 6}" stroke="{_MARK}" stroke-dasharray="4 3">'
            f"<title>{label}, {escape(say.date(check.wanted_on))}</title></line>"
        )
    return "\n".join([*parts, "</svg>"])


def _summary(check: CalendarCheck, say: Language) -> str:
    return "; ".join(f"{say(step.label)} {say.date(step.start)} – {say.date(step.end)}" for step in check.steps)


def _shades(check: CalendarCheck, say: Language, x: _Scale, height: int) -> list[str]:
    shades = []
    for entry in check.conflicts:
        if entry.severity is Severity.INFORMATION or entry.about == "wanted":
            continue
        last = entry.from_ if entry.code is ConflictCode.YEAR_END_CLIFF else entry.until or entry.from_
        left, right = x(entry.from_), x(last)
        label = escape(say(CONFLICT_LABELS[entry.code]))
        shades.append(
            f'<rect x="{left}" y="{_TOP - 6}" width="{max(right - left, 2):.1f}" height="{height - _TOP}" fill="{_CLASH}">'
            f"<title>{label}</title></rect>"
        )
    return shades


def _months(first: date, last: date, say: Language, x: _Scale, height: int) -> list[str]:
    """A line at the first of each month; where there are many, only each quarter is named."""
    marks = []
    month = first.replace(day=1)
    many = (last - first).days > 300
    while month <= last:
        if month >= first:
            at = x(month)
            marks.append(f'<line x1="{at}" x2="{at}" y1="{_TOP - 8}" y2="{height - 6}" stroke="#ddd"/>')
            if not many or month.month in (1, 4, 7, 10):
                marks.append(f'<text x="{at + 2}" y="{_TOP - 14}" fill="#555">{month:%m/%Y}</text>')
        month = (month + timedelta(days=32)).replace(day=1)
    return marks


def _bar(step: Step, row: int, say: Language, x: _Scale) -> list[str]:
    y = _TOP + row * _ROW
    label = escape(visible(say(step.label)))
    dates = escape(f"{say.date(step.start)} – {say.date(step.end)}")
    left, right = x(step.start), x(step.end)
    colour = _ESTIMATE if step.estimate else _LAW
    shape = (
        f'<rect x="{left}" y="{y + 3}" width="{right - left:.1f}" height="{_ROW - 8}" rx="2" fill="{colour}">'
        if right - left >= 3
        else f'<path d="M{left} {y + 2} l6 7 l-6 7 l-6 -7 z" fill="{colour}">'
    )
    closing = "</rect>" if shape.startswith("<rect") else "</path>"
    return [
        f'<text x="4" y="{y + 14}" fill="#222">{label}</text>',
        f"{shape}<title>{label}, {dates}</title>{closing}",
    ]


def to_mermaid(check: CalendarCheck, lang: str = "fr") -> str:
    """The plan as the text of a Mermaid ``gantt`` diagram."""
    say = language(lang)
    critical = set(check.critical_path)
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
