"""Reports (extra ``report``): a briefing or a calendar as one self-contained HTML file, for a phone, a screen and A4."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib.resources import files
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from attrs import frozen

from qmi_rules.briefing import Briefing
from qmi_rules.briefing.briefing import (
    how_to_buy,
    list_of_sources,
    nested,
    open_lines,
    outside_the_tables,
    reasons,
    room_lines,
)
from qmi_rules.budget_calendar import CalendarCheck, to_svg
from qmi_rules.documents.faults import require
from qmi_rules.errors import MissingExtraError
from qmi_rules.funding import bar_svg
from qmi_rules.guide import default_guide
from qmi_rules.integrations.harmless import cleaned
from qmi_rules.procurement.headline import answer_blocks, headline
from qmi_rules.procurement.option_view import SHARED
from qmi_rules.procurement.view import DISCLAIMER, described
from qmi_rules.scoring import radar_svg
from qmi_rules.text import Heading, Items, Language, Page, Paragraph, language, to_html, visible
from qmi_rules.text.page import Block

if TYPE_CHECKING:
    from markupsafe import Markup

NARROW = 360
"""Width of a picture for a telephone."""
OPTION_LEVEL = 4
"""Level of the heading of one procedure among the reasons."""


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
    """The report as the text of one HTML file without any outside resource.

    Args:
        briefing: What to report.
        lang: A language there is a catalogue for.

    Raises:
        DocumentError: `briefing` is no `Briefing`.
        MissingExtraError: jinja2 is not installed.
        UnsupportedLocaleError: There is no catalogue for `lang`.
    """
    require("briefing", briefing, Briefing)
    say, decision = language(lang), briefing.decision
    _, *more = answer_blocks(decision, say)
    return _rendered(
        say,
        briefing.title,
        _sections(briefing, say),
        described=described(decision, say),
        competition=decision.publicity_and_competition,
        verdict=visible(headline(decision, say)),
        ways=fragment(Page(say.code, (*more, Items(how_to_buy(briefing, say))))),
        notice=fragment(Page(say.code, (*outside_the_tables(briefing, say),))),
        conflicts=[visible(conflict.text.said(say)) for conflict in briefing.conflicts],
        closing=[
            say("Édition des tables du droit : {edition}.", edition=decision.table_edition),
            say(DISCLAIMER),
            say(default_guide().about.disclaimer),
        ],
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
    closing = [say("Édition des tables du droit : {edition}.", edition=check.table_edition), say(DISCLAIMER)]
    return _rendered(say, check.title, [_when(check, say)], closing=closing)


def _rendered(say: Language, title: str, sections: "Iterable[ReportSection]", **more: Any) -> str:
    try:
        from jinja2 import Environment, StrictUndefined
        from markupsafe import Markup
    except ImportError as error:
        raise MissingExtraError("report", error.name or "jinja2") from None
    template = files("qmi_rules").joinpath("integrations", "report.html.j2").read_text("utf-8")
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    answer = {"described": "", "competition": "", "verdict": "", "ways": "", "notice": "", "conflicts": []} | more
    answer |= {name: Markup(answer[name]) for name in ("ways", "notice")}
    page = environment.from_string(template).render(say=say, title=visible(title), sections=list(sections), **answer)
    return cleaned(page)


def _sections(briefing: Briefing, say: Language) -> Iterator[ReportSection]:
    from markupsafe import Markup

    def body(*blocks: Any) -> Markup:
        return Markup(fragment(Page(say.code, blocks)))

    yield ReportSection(id="brief", heading=say("En bref"), body=body(Items(room_lines(briefing, say))))
    if briefing.open_facts:
        yield ReportSection(
            id="open",
            heading=say("À établir ensuite"),
            body=body(Items(open_lines(briefing, say), "numbers")),
        )
    yield ReportSection(id="why", heading=say("Pourquoi, et que faire"), body=Markup(_why(briefing, say)))
    not_given = body(Paragraph(say("Non traité : cette partie du dossier n'est pas remplie.")))
    calendar, funding = briefing.calendar, briefing.funding
    yield _when(calendar, say) if calendar else ReportSection(id="when", heading=say("Quand"), body=not_given)
    yield ReportSection(
        id="funding",
        heading=say("Qui aide à payer"),
        body=body(*nested(funding.page(say), say)) if funding else not_given,
        figures=(Picture(svg=Markup(bar_svg(funding, say.code)), caption=say("Qui paie quoi")),) if funding else (),
    )
    for name, card in briefing.scorecards.items():
        yield ReportSection(
            id=f"rubric-{name}".replace("_", "-"),
            heading=say(card.title),
            body=body(*nested(card.page(say), say)),
            figures=(Picture(svg=Markup(radar_svg(card, say.code)), caption=say(card.title)),)
            if name == "replicability"
            else (),
        )
    yield ReportSection(
        id="questions", heading=say("Les neuf questions du guide"), body=body(*nested(briefing.review.page(say), say))
    )
    yield ReportSection(id="sources", heading=say("Sources"), body=body(list_of_sources(briefing, say)))


def _when(calendar: CalendarCheck, say: Language) -> ReportSection:
    from markupsafe import Markup

    wide, narrow = Markup(to_svg(calendar, say.code)), Markup(to_svg(calendar, say.code, NARROW))
    return ReportSection(
        id="when",
        heading=say("Quand"),
        body=Markup(fragment(Page(say.code, tuple(nested(calendar.page(say), say))))),
        figures=(Picture(svg=wide, caption=say("Le calendrier de l'achat"), narrow=narrow),),
    )


def _why(briefing: Briefing, say: Language) -> str:
    """The reasons: the lightest open procedure in full, every other one and what is closed folded away."""
    decision = briefing.decision
    lightest = say(decision[decision.lightest].label) if decision.lightest else None
    aside = (say(SHARED), say("Fermé"), say("À combiner avec une procédure"))

    def folds(heading: Heading) -> bool:
        if heading.level == OPTION_LEVEL:
            return lightest is None or not heading.text.startswith(f"{lightest} —")
        return heading.text in aside

    return folded(say.code, nested(reasons(briefing, say), say), folds)


# --- tables that stack on a telephone, parts folded away until a reader asks (open in print)


_TABLE = re.compile(r"<table>.*?</table>", re.DOTALL)
_HEADER = re.compile(r'<th scope="col">(.*?)</th>')
_ROW = re.compile(r"<tr><th scope=\"row\">.*?</tr>", re.DOTALL)


def fragment(page: Page) -> str:
    """The HTML of a page: its tables scrollable by keyboard, their cells named after their column for a narrow screen."""
    label = language(page.language)("Tableau")
    opening = f'<div class="scroll" tabindex="0" role="group" aria-label="{label}">'
    return _TABLE.sub(lambda table: f"{opening}{_named(table[0])}</div>", to_html(page, top=1))


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
