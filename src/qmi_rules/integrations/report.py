"""The report of a briefing (extra ``report``): one self-contained HTML file, decision first, for a phone, a screen and A4."""

from collections.abc import Iterator
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from attrs import frozen

from qmi_rules.briefing import Briefing
from qmi_rules.briefing.page import SHOWN_FACTS, how_to_buy, nested, open_lines, room_lines, sources_of
from qmi_rules.budget_calendar import to_svg
from qmi_rules.errors import MissingExtraError
from qmi_rules.funding import bar_svg
from qmi_rules.guide import default_guide
from qmi_rules.procurement.sentences import citation
from qmi_rules.procurement.view import COMPETITION, DISCLAIMER, described
from qmi_rules.scoring import radar_svg
from qmi_rules.text import Items, Language, Link, Page, Paragraph, language, to_html, visible

if TYPE_CHECKING:
    from markupsafe import Markup


@frozen(kw_only=True)
class Figure:
    """A picture of a section: inline SVG made by the rooms, and what it shows."""

    svg: "Markup"
    caption: str


@frozen(kw_only=True)
class Section:
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
    figures: tuple[Figure, ...] = ()


def to_html_report(briefing: Briefing, lang: str = "fr") -> str:
    """The report as the text of one HTML file without any outside resource.

    Args:
        briefing: What to report.
        lang: A language there is a catalogue for.

    Raises:
        MissingExtraError: jinja2 is not installed.
        UnsupportedLocaleError: There is no catalogue for `lang`.
    """
    try:
        from jinja2 import Environment, StrictUndefined
        from markupsafe import Markup
    except ImportError as error:
        raise MissingExtraError("report", error.name or "jinja2") from None
    say = language(lang)
    template = files("qmi_rules").joinpath("integrations", "report.html.j2").read_text("utf-8")
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    decision = briefing.decision
    ways: Any = Markup(_fragment(Page(say.code, (Items(how_to_buy(briefing, say)),))))
    return environment.from_string(template).render(
        say=say,
        title=visible(briefing.title),
        described=described(decision, say),
        competition=decision.publicity_and_competition,
        verdict=say(COMPETITION[decision.publicity_and_competition]),
        ways=ways,
        conflicts=[visible(conflict.sentence(say)) for conflict in briefing.conflicts],
        sections=list(_sections(briefing, say)),
        closing=[
            say("Édition des tables du droit : {edition}.", edition=decision.table_edition),
            say(DISCLAIMER),
            say(default_guide().about.disclaimer),
        ],
    )


def _fragment(page: Page) -> str:
    """The HTML of a page, its tables scrollable by keyboard on a narrow screen."""
    label = language(page.language)("Tableau")
    html = to_html(page, top=1)
    return html.replace(
        "<table>", f'<div class="scroll" tabindex="0" role="group" aria-label="{label}"><table>'
    ).replace("</table>", "</table></div>")


def _sections(briefing: Briefing, say: Language) -> Iterator[Section]:
    from markupsafe import Markup

    def body(*blocks: Any) -> Markup:
        return Markup(_fragment(Page(say.code, blocks)))

    yield Section(id="answer", heading=say("Vous pouvez acheter ainsi"), body=Markup(""))
    yield Section(id="brief", heading=say("En bref"), body=body(Items(room_lines(briefing, say))))
    if briefing.open_facts:
        yield Section(
            id="open",
            heading=say("À établir ensuite"),
            body=body(Items(open_lines(briefing, say, SHOWN_FACTS), "numbers")),
        )
    yield Section(id="why", heading=say("Pourquoi, et que faire"), body=body(*nested(briefing.decision.page(say))))
    not_given = body(Paragraph(say("Non traité : cette partie du dossier n'est pas remplie.")))
    calendar, funding = briefing.calendar, briefing.funding
    yield Section(
        id="when",
        heading=say("Quand"),
        body=body(*nested(calendar.page(say))) if calendar else not_given,
        figures=(Figure(svg=Markup(to_svg(calendar, say.code)), caption=say("Le calendrier de l'achat")),)
        if calendar
        else (),
    )
    yield Section(
        id="funding",
        heading=say("Qui aide à payer"),
        body=body(*nested(funding.page(say))) if funding else not_given,
        figures=(Figure(svg=Markup(bar_svg(funding, say.code)), caption=say("Qui paie quoi")),) if funding else (),
    )
    for name, card in briefing.scorecards.items():
        yield Section(
            id=f"rubric-{name}".replace("_", "-"),
            heading=say(card.title),
            body=body(*nested(card.page(say))),
            figures=(Figure(svg=Markup(radar_svg(card, say.code)), caption=say(card.title)),)
            if name == "replicability"
            else (),
        )
    yield Section(
        id="questions", heading=say("Les neuf questions du guide"), body=body(*nested(briefing.review.page(say)))
    )
    sources = [Link(citation(say, s), s.url) if s.url else citation(say, s) for s in sources_of(briefing)]
    yield Section(id="sources", heading=say("Sources"), body=body(Items(sources)))
