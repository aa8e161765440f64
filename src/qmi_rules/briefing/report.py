"""Reports (extra ``report``): a briefing or a calendar as one self-contained HTML file, for a phone, a screen and A4."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from importlib.resources import files
from itertools import combinations, pairwise
from typing import TYPE_CHECKING, Any

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
from qmi_rules.briefing.line_of_days import days_svg
from qmi_rules.budget_calendar import CalendarCheck, to_svg
from qmi_rules.errors import MissingExtraError
from qmi_rules.funding import bar_svg
from qmi_rules.guide import default_guide
from qmi_rules.pages import Heading, Items, Language, Page, Paragraph, language, to_html, visible
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
        MissingExtraError: jinja2 is not installed.
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
        MissingExtraError: jinja2 is not installed.
        UnsupportedLocaleError: There is no catalogue for `lang`.
    """
    require("check", check, CalendarCheck)
    say = language(lang)
    closing = [say("Édition de la base juridique : {edition}.", edition=check.table_edition), say(DISCLAIMER)]
    return _rendered(say, check.title, [_when(check, say)], closing=closing)


def _rendered(say: Language, title: str, sections: "Iterable[ReportSection]", **more: Any) -> str:
    try:
        from jinja2 import Environment, StrictUndefined
        from markupsafe import Markup
    except ImportError as error:
        raise MissingExtraError("report", error.name or "jinja2") from None
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
