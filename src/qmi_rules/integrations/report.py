"""Reports (extra ``report``): a briefing or a calendar as one self-contained HTML file, for a phone, a screen and A4."""

from collections.abc import Iterable, Iterator
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from attrs import frozen

from qmi_rules.briefing import Briefing
from qmi_rules.briefing.page import (
    how_to_buy,
    nested,
    open_lines,
    outside_the_tables,
    reasons,
    room_lines,
    sources_of,
)
from qmi_rules.budget_calendar import CalendarCheck, to_svg
from qmi_rules.documents.scalars import require
from qmi_rules.errors import MissingExtraError
from qmi_rules.funding import bar_svg
from qmi_rules.guide import default_guide
from qmi_rules.integrations.folding import folded, fragment
from qmi_rules.law.wording import citation
from qmi_rules.procurement.headline import answer_blocks, headline
from qmi_rules.procurement.option_view import SHARED
from qmi_rules.procurement.view import DISCLAIMER, described
from qmi_rules.scoring import radar_svg
from qmi_rules.text import Heading, Items, Language, Link, Page, Paragraph, language, visible

if TYPE_CHECKING:
    from markupsafe import Markup


NARROW = 360
"""Width of a picture for a telephone."""
OPTION_LEVEL = 4
"""Level of the heading of one procedure among the reasons."""


@frozen(kw_only=True)
class Figure:
    """A picture of a section: inline SVG made by the rooms, what it shows, and the same for a narrow screen, if it differs."""

    svg: "Markup"
    caption: str
    narrow: "Markup | None" = None


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
        conflicts=[visible(conflict.sentence(say)) for conflict in briefing.conflicts],
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


def _rendered(say: Language, title: str, sections: "Iterable[Section]", **more: Any) -> str:
    try:
        from jinja2 import Environment, StrictUndefined
        from markupsafe import Markup
    except ImportError as error:
        raise MissingExtraError("report", error.name or "jinja2") from None
    template = files("qmi_rules").joinpath("integrations", "report.html.j2").read_text("utf-8")
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    answer = {"described": "", "competition": "", "verdict": "", "ways": "", "notice": "", "conflicts": []} | more
    answer |= {name: Markup(answer[name]) for name in ("ways", "notice")}
    return environment.from_string(template).render(say=say, title=visible(title), sections=list(sections), **answer)


def _sections(briefing: Briefing, say: Language) -> Iterator[Section]:
    from markupsafe import Markup

    def body(*blocks: Any) -> Markup:
        return Markup(fragment(Page(say.code, blocks)))

    yield Section(id="brief", heading=say("En bref"), body=body(Items(room_lines(briefing, say))))
    if briefing.open_facts:
        yield Section(
            id="open",
            heading=say("À établir ensuite"),
            body=body(Items(open_lines(briefing, say), "numbers")),
        )
    yield Section(id="why", heading=say("Pourquoi, et que faire"), body=Markup(_why(briefing, say)))
    not_given = body(Paragraph(say("Non traité : cette partie du dossier n'est pas remplie.")))
    calendar, funding = briefing.calendar, briefing.funding
    yield _when(calendar, say) if calendar else Section(id="when", heading=say("Quand"), body=not_given)
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


def _when(calendar: CalendarCheck, say: Language) -> Section:
    from markupsafe import Markup

    wide, narrow = Markup(to_svg(calendar, say.code)), Markup(to_svg(calendar, say.code, NARROW))
    return Section(
        id="when",
        heading=say("Quand"),
        body=Markup(fragment(Page(say.code, tuple(nested(calendar.page(say)))))),
        figures=(Figure(svg=wide, caption=say("Le calendrier de l'achat"), narrow=narrow),),
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

    return folded(say.code, nested(reasons(briefing, say)), folds)
