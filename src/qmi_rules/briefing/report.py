"""Reports (extra ``report``): a briefing or a calendar as one self-contained HTML file, for a phone, a screen and A4."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from html import escape
from importlib.resources import files
from itertools import combinations, pairwise
from typing import TYPE_CHECKING, Any, Final

from attrs import frozen

from qmi_rules.briefing import Briefing
from qmi_rules.briefing.briefing import (
    cited_evidence,
    list_of_sources,
    nested,
    open_lines,
    part_of,
    ways,
)
from qmi_rules.budget_calendar import CalendarCheck, to_svg
from qmi_rules.funding import bar_svg
from qmi_rules.guide import default_guide
from qmi_rules.model.schedule import StepId
from qmi_rules.pages import Heading, Items, Language, Page, Paragraph, language, message, to_html, visible
from qmi_rules.pages.blocks import Block
from qmi_rules.pages.harmless import cleaned
from qmi_rules.procurement.view import (
    DISCLAIMER,
    PARTS,
    described,
    lots_blocks,
    obligations,
    option_blocks,
    valuation_blocks,
)
from qmi_rules.schema.faults import require
from qmi_rules.scoring import radar_svg

if TYPE_CHECKING:
    from markupsafe import Markup

PART_LEVEL = 3
"""Level of the heading of a part of a section."""
NARROW = 336
"""Width of a picture for a telephone."""


@frozen(kw_only=True)
class Picture:
    """A picture of a section: inline SVG made by the rooms, what it shows, and the same for a narrow screen, if it differs."""

    svg: "Markup"
    caption: str
    narrow: "Markup | None" = None


@frozen(kw_only=True)
class ReportSection:
    """A section of the report.

    Attributes:
        id: Anchor.
        heading: Its heading.
        body: Escaped HTML.
        figures: Its pictures.
    """

    id: str
    heading: str
    body: "Markup"
    figures: tuple[Picture, ...] = ()


def to_html_report(briefing: Briefing, lang: str = "fr") -> str:
    """The report as the text of one HTML file without any outside resource: the card and one picture, then what is folded behind them.

    Args:
        briefing: What to report.
        lang: A language there is a catalogue for.

    Raises:
        DocumentError: `briefing` is no `Briefing`.
        UnsupportedLocaleError: There is no catalogue for `lang`.
    """
    require("briefing", briefing, Briefing)
    say, answer = language(lang), briefing.answer
    wide, narrow = days_svg(briefing, lang), days_svg(briefing, lang, NARROW)
    return _rendered(
        say,
        briefing.title,
        _sections(briefing, say),
        card=fragment(Page(say.code, [Paragraph(line) for line in briefing.card_lines(say)])),
        # never green where something is to be verified
        state="reserved" if answer.reservations or answer.competition == "undetermined" else answer.competition,
        notice=fragment(Page(say.code, part_of(briefing, say, "outside"))),
        picture=_picture(say("Les dates du dossier"), wide, narrow) if wide else None,
    )


def to_html_calendar(check: CalendarCheck, lang: str = "fr") -> str:
    """A calendar with its Gantt picture as the text of one HTML file without any outside resource.

    Args:
        check: What to show.
        lang: A language there is a catalogue for.

    Raises:
        DocumentError: `check` is no `CalendarCheck`.
        UnsupportedLocaleError: There is no catalogue for `lang`.
    """
    require("check", check, CalendarCheck)
    say = language(lang)
    closing = [say("Édition de la base juridique : {edition}.", edition=check.table_edition), say(DISCLAIMER)]
    return _rendered(say, check.title, [_when(check, say)], closing=closing)


def _rendered(say: Language, title: str, sections: "Iterable[ReportSection]", **more: Any) -> str:
    from jinja2 import Environment, StrictUndefined
    from markupsafe import Markup

    template = files("qmi_rules").joinpath("data", "pages", "report.html.j2").read_text("utf-8")
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    answer = {"card": "", "state": "", "notice": "", "picture": None, "closing": []} | more
    answer |= {name: Markup(answer[name]) for name in ("card", "notice")}
    page = environment.from_string(template).render(say=say, title=visible(title), sections=list(sections), **answer)
    return cleaned(page)


def _sections(briefing: Briefing, say: Language) -> Iterator[ReportSection]:
    from markupsafe import Markup

    def body(*blocks: Any) -> Markup:
        return Markup(fragment(Page(say.code, blocks)))

    not_given = Paragraph(say("Non traité : cette partie du dossier n'est pas remplie."))
    why, to_do = _main_way(briefing, say)
    yield ReportSection(id="why", heading=say("Pourquoi"), body=body(*why))
    yield ReportSection(id="do", heading=say("À faire"), body=body(*to_do))
    calendar, funding = briefing.calendar, briefing.funding
    yield _when(calendar, say) if calendar else ReportSection(id="when", heading=say("Quand"), body=body(not_given))
    yield ReportSection(
        id="funding",
        heading=say("Qui paie"),
        body=Markup(
            _but(
                say,
                (say("À renseigner"), say("Ce qu'il faut déposer")),
                [*totals(briefing, say), *nested(funding.page(say), say)],
            )
        )
        if funding
        else body(not_given),
        figures=(_picture(say("Qui paie quoi"), bar_svg(funding, say.code), bar_svg(funding, say.code, NARROW)),)
        if funding and funding.counts
        else (),
    )
    radar = next((card for name, card in briefing.scorecards.items() if name == "replicability"), None)
    yield ReportSection(
        id="evidence",
        heading=say("Preuves"),
        body=Markup(
            _but(say, tuple(say(card.title) for card in briefing.scorecards.values()), _evidence(briefing, say))
        ),
        figures=()
        if radar is None
        else (_picture(say(radar.title), radar_svg(radar, say.code), radar_svg(radar, say.code, numbered=True)),),
    )
    yield ReportSection(id="annex", heading=say("Annexe"), body=Markup(_annex(briefing, say)))


def _but(say: Language, shown: tuple[str, ...], blocks: Iterable[Block]) -> str:
    """The HTML of blocks in which every part folds but those with one of some headings: paper shows what does not fold."""
    return folded(say.code, blocks, lambda heading: heading.level == PART_LEVEL and heading.text not in shown)


def _picture(caption: str, wide: str, narrow: str) -> "Picture":
    from markupsafe import Markup

    return Picture(svg=Markup(wide), caption=caption, narrow=Markup(narrow))


def _told_apart(briefing: Briefing) -> str | None:
    """The procedure whose reasons and duties have sections of their own: none where everything hangs on an amount that is not known."""
    return None if briefing.answer.ladder else briefing.answer.procedure


def _main_way(briefing: Briefing, say: Language) -> tuple[list[Block], list[Block]]:
    """Why the procedure of the card is open, with the other ways in a line each; and what it obliges to, with what is still to establish."""
    decision = briefing.decision
    why: list[Block] = [Paragraph(described(decision, say), "note")]
    to_do: list[Block] = []
    if (procedure := _told_apart(briefing)) is not None:
        option = decision.option(procedure)
        told, owed = [*option_blocks(say, option, cited_evidence(briefing, say))], [*obligations(say, option)]
        together = next((one for one in decision.arrangements if one.procedure == "joint_procurement"), None)
        if together is not None and together.status == "open":
            to_do += [*obligations(say, together)][1:]
        # what it obliges to is told in a list of its own
        why += told[: len(told) - len(owed)]
        to_do += [block for block in owed if not isinstance(block, Paragraph) or block.kind]
    why += [Heading(say("Toutes les procédures"), 3), *part_of(briefing, say, "how_to_buy")]
    if briefing.conflicts:
        why += [Heading(say("Ce qui se contredit dans le dossier"), 3)]
        why += [Paragraph(conflict.text.said(say), "warning") for conflict in briefing.conflicts]
    why += _lower([*lots_blocks(decision, say), *valuation_blocks(decision, say)])
    if questions := open_lines(briefing, say, without="guide"):  # the guide's own stand among the evidence
        to_do += [Heading(say("À établir ensuite"), 3), Items(questions, "numbers")]
    return why, to_do or [Paragraph(say("Rien tant que le montant n'est pas connu."))]


def _lower(blocks: Iterable[Block]) -> list[Block]:
    return [Heading(block.text, block.level + 1) if isinstance(block, Heading) else block for block in blocks]


def totals(briefing: Briefing, say: Language) -> Iterator[Block]:
    """Why the cost of the project and the value of the need are not the same amount, where they are not."""
    project, value = briefing.dossier.project, briefing.decision.estimated_value
    if project is None or project.cost is None or value is None or project.cost == value:
        return
    parts = {part.part: part.amount for part in briefing.decision.valuation if part.amount}
    # what the law counts and the project does not pay for
    beside = next(
        (
            names
            for size in range(1, len(parts))
            for names in combinations(parts, size)
            if sum((parts[name] for name in names), Decimal(0)) == value - project.cost
        ),
        (),
    )
    named = [f"{say(PARTS[name])}, {say.euros(parts[name])}" for name in beside]
    yield from part_of(briefing, say, "totals", beside=named)


def _evidence(briefing: Briefing, say: Language) -> Iterator[Block]:
    """What the rubrics and the guide's questions say."""
    if briefing.declared_only:
        yield Paragraph(say("Caractère innovant : déclaré, sans preuve donnée (ni grille ni pièce)."), "warning")
    for card in briefing.scorecards.values():
        yield Heading(say(card.title), 3)
        yield from _lower(nested(card.page(say), say))
    yield Heading(say("Les neuf questions du guide"), 3)
    yield from _lower(nested(briefing.review.page(say), say))


def _annex(briefing: Briefing, say: Language) -> str:
    """Every other procedure folded away, what was taken from where, and the sources, once."""
    decision = briefing.decision
    told = _told_apart(briefing)
    main = None if told is None else say(decision.option(told).label)
    kept: list[Block] = []
    skipping: Heading | None = None
    for block in ways(briefing, say):
        if isinstance(block, Heading):
            if skipping is not None and block.level <= skipping.level:
                skipping = None
            elsewhere = block.text in (say("La valeur du besoin"), say("Lot par lot"))
            if skipping is None and (elsewhere or (main is not None and block.text.startswith(f"{main} —"))):
                skipping = block
        # the last word of all rooms stands once, at the end
        last_word = isinstance(block, Paragraph) and isinstance(block.line, str) and say(DISCLAIMER) in block.line
        if skipping is None and not last_word:
            if isinstance(block, Heading) and kept and isinstance(kept[-1], Heading) and kept[-1].level >= block.level:
                kept.pop()  # what stood under it is told elsewhere
            kept.append(block)
    blocks = [
        *kept,
        Heading(say("En bref"), 3),
        *part_of(briefing, say, "rooms"),
        Heading(say("Sources"), 3),
        list_of_sources(briefing, say),
        Paragraph(say("Édition de la base juridique : {edition}.", edition=decision.table_edition), "note"),
        Paragraph(say(DISCLAIMER), "note"),
        Paragraph(say(default_guide().about.disclaimer), "note"),
    ]
    return _but(say, (say("Sources"),), blocks)


def _when(calendar: CalendarCheck, say: Language) -> ReportSection:
    from markupsafe import Markup

    return ReportSection(
        id="when",
        heading=say("Quand"),
        body=Markup(
            _but(say, (say("Étapes"), say("Ce qui se heurte à ce calendrier")), nested(calendar.page(say), say))
        ),
        figures=(
            _picture(say("Le calendrier de l'achat"), to_svg(calendar, say.code), to_svg(calendar, say.code, NARROW)),
        ),
    )


# --- tables that stack on a telephone, parts folded away until a reader asks (open in print)


_BETWEEN_TAGS = re.compile(r"(?<=>)[^<]+")
_WHOLE = re.compile(r"(?:\bart\.\s)?\b[LRD][O]?\.?\s\d[\d-]*\d|\d[\d\s,]*€\sHT")
"""An article with its number, an amount with what it is: a line never ends within them (a hyphen that does not break would not be found when copied)."""
_TABLE = re.compile(r"<table>.*?</table>", re.DOTALL)
_HEADER = re.compile(r'<th scope="col">(.*?)</th>')
_ROW = re.compile(r"<tr><th scope=\"row\">.*?</tr>", re.DOTALL)


def fragment(page: Page) -> str:
    """The HTML of a page: its tables scrollable by keyboard, their cells named after their column for a narrow screen."""
    label = language(page.language)("Tableau")
    opening = f'<div class="scroll" tabindex="0" role="group" aria-label="{label}">'
    shown = _TABLE.sub(lambda table: f"{opening}{_named(table[0])}</div>", to_html(page, top=1))
    return _BETWEEN_TAGS.sub(lambda text: _WHOLE.sub(r'<span class="whole">\g<0></span>', text[0]), shown)


def _named(table: str) -> str:
    columns = _HEADER.findall(table)[1:]

    def name(row: re.Match[str]) -> str:
        first, *cells = row[0].split("<td>")
        return first + "".join(f'<td data-label="{column}">{cell}' for column, cell in zip(columns, cells, strict=True))

    return _ROW.sub(name, table)


def folded(code: str, blocks: Iterable[Block], folds: Callable[[Heading], bool]) -> str:
    """The HTML of blocks, in which each heading that folds holds what follows it, up to the next heading of its level.

    Args:
        code: The code of the language.
        blocks: Headings, paragraphs, lists and tables.
        folds: Which headings fold.
    """
    shown = tuple(blocks)
    starts = [i for i, block in enumerate(shown) if isinstance(block, Heading)]
    pieces = [_plain(code, shown[: starts[0] if starts else len(shown)])]
    inside: Heading | None = None
    for start, end in pairwise([*starts, len(shown)]):
        heading, body = shown[start], shown[start + 1 : end]
        assert isinstance(heading, Heading)
        if inside is not None and heading.level <= inside.level:
            pieces.append("</details>")
            inside = None
        if inside is None and folds(heading):
            pieces.append(f"<details><summary>{_plain(code, (heading,))}</summary>")
            inside = heading
            pieces.append(_plain(code, body))
        else:
            pieces.append(_plain(code, (heading, *body)))
    return "\n".join([*pieces, *(["</details>"] if inside is not None else [])])


def _plain(code: str, blocks: Sequence[Block]) -> str:
    return fragment(Page(code, blocks)) if blocks else ""


# --- the days of a dossier on one line: from its first day to the start of performance, as a picture that needs no package

TWO_COLUMNS: Final = 600
"""From this width on the days are told in two columns."""
LONGEST_LABEL: Final = 34
_GRANT: Final = "subsidy_decision"
_STEP, _AXIS, _TOP, _EDGE = 18, 11, 33, 12
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


def marked_days(briefing: Briefing) -> tuple[MarkedDay, ...]:
    """What the dossier says of its days, in order: first day, council, vote of the budget, launch, grant, start; none without a calendar."""
    found: dict[date, list[str]] = {}
    for day, label in _days(briefing):
        if day is not None and label not in found.setdefault(day, []):
            found[day].append(label)
    launch_by = briefing.calendar.launch_by if briefing.calendar is not None else None
    return tuple(MarkedDay(day, tuple(found[day]), day == launch_by) for day in sorted(found) if found[day])


def _days(briefing: Briefing) -> Iterator[tuple[date | None, str]]:
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


def days_svg(briefing: Briefing, lang: str = "fr", width: int = 720) -> str:
    """The days of a dossier as one ``<svg>`` element, numbered on a line and told below it; empty where there is no calendar.

    Args:
        briefing: The briefing.
        lang: A language there is a catalogue for.
        width: Width of the picture; below 600 the days are told one below the other.
    """
    require("briefing", briefing, Briefing)
    days, say = marked_days(briefing), language(lang)
    if len(days) < 2:
        return ""
    columns = 2 if width >= TWO_COLUMNS else 1
    rows = -(-len(days) // columns)
    height = _TOP + _STEP * rows + 2
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
        x, y = column * width / columns + _EDGE, _TOP + _STEP * row + 2
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
