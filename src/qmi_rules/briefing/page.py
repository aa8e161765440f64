"""The briefing as a page: the decision first, then collisions, what is open, calendar, funding, evidence, questions, sources."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from qmi_rules.briefing.filling import taken_lines
from qmi_rules.contexts import Purchase
from qmi_rules.findings import Truth
from qmi_rules.guide import default_guide
from qmi_rules.law.wording import citation, linked
from qmi_rules.procurement import decide
from qmi_rules.procurement.headline import answer_blocks, doubt_text, limit_questions
from qmi_rules.procurement.view import DISCLAIMER, described
from qmi_rules.text import (
    SOURCE_LANGUAGE,
    Heading,
    Items,
    Language,
    Line,
    Link,
    Page,
    Paragraph,
    Strong,
    language,
)
from qmi_rules.text.page import Block, Inline

if TYPE_CHECKING:
    from qmi_rules.briefing.briefing import Briefing
    from qmi_rules.budget_calendar import CalendarCheck
    from qmi_rules.law import Source
    from qmi_rules.procurement import Option


def briefing_page(briefing: "Briefing", say: Language) -> Page:
    """The whole briefing."""
    return Page(say.code, tuple(_blocks(briefing, say)))


def summary_page(briefing: "Briefing", say: Language) -> Page:
    """One page: the answer of each room in a line or two."""
    return Page(say.code, tuple(_summary(briefing, say)))


def how_to_buy(briefing: "Briefing", say: Language) -> list[Line]:
    """The answer in a few lines: what is open, lightest first, then what may still open."""
    decision = briefing.decision
    opened = sorted((option for option in decision.options if option.truth is Truth.YES), key=_rank)
    unsettled = sorted((o for o in decision.options if o.truth is Truth.UNDETERMINED), key=_rank)
    lighter = bool(opened and unsettled) and _rank(unsettled[0]) < _rank(opened[0])
    lead = say("le plus simple de ce qui est établi") if lighter else say("le plus simple")
    lines: list[Line] = []
    for i, option in enumerate(opened):
        bases: list[Inline] = [part for source in option.legal_basis for part in (", ", linked(say, source))]
        if doubt := doubt_text(option, say):  # the text to read is the one that gives the value
            bases = [", ", doubt]
        lines.append([Strong(say(option.label)), " · ", *bases[1:], *([f" — {lead}"] if i == 0 else [])])
    if unsettled:
        names = say.all_of([say(option.label) for option in unsettled])
        lines.append(say("Peut encore s'ouvrir, selon ce qui reste à établir : {procedures}.", procedures=names))
    return lines


def outside_the_tables(briefing: "Briefing", say: Language) -> Iterator[Block]:
    """A line where the tables do not know the law of the day, or only a part of it."""
    unknown = next((warning for warning in briefing.decision.warnings if warning.code == "threshold_unknown"), None)
    if unknown is not None and unknown.on is not None:
        yield Paragraph(
            say(
                "Les tables ne connaissent pas le droit de ce jour, le {day}, ou n'en connaissent qu'une partie : "
                "vérifiez chaque point sur les textes.",
                day=say.date(unknown.on),
            ),
            "warning",
        )


def reasons(briefing: "Briefing", say: Language) -> Page:
    """The page of the decision, the rubrics that it cites as evidence named in the reader's language."""
    decision = briefing.decision
    source = language(SOURCE_LANGUAGE)
    cited = {card.citation(source): card.citation(say) for card in briefing.scorecards.values()}
    purchase = decision.purchase
    if not isinstance(purchase, Purchase):
        return decision.page(say)
    said = tuple(cited.get(line, line) for line in purchase.evidence)
    if said == purchase.evidence:
        return decision.page(say)
    return decide(purchase.evolve(evidence=said), decision.law.table, decision.law.known_on).page(say)


def _rank(option: "Option") -> float:
    return option.definition.order


def _summary(briefing: "Briefing", say: Language) -> Iterator[Block]:
    decision = briefing.decision
    yield Heading(briefing.title, 1)
    yield from outside_the_tables(briefing, say)
    yield Paragraph(described(decision, say))
    yield Heading(say("Vous pouvez acheter ainsi"))
    yield from answer_blocks(decision, say)
    yield Items(how_to_buy(briefing, say))
    if briefing.conflicts:
        yield Heading(say("Ce qui ne va pas ensemble"))
        yield Items([conflict.sentence(say) for conflict in briefing.conflicts])
    if briefing.open_facts:
        yield Heading(say("À établir ensuite"))
        yield Items(open_lines(briefing, say, 5), "numbers")
    yield Heading(say("En bref"))
    yield Items(room_lines(briefing, say))
    yield Paragraph(say(DISCLAIMER), "note")


def room_lines(briefing: "Briefing", say: Language) -> list[Line]:
    """Calendar, funding, index and questions, a line each; a part that is not given says so."""
    lines: list[Line] = []
    calendar, funding = briefing.calendar, briefing.funding
    lines.append(_calendar_line(calendar, say))
    if funding is None:
        lines.append(say("Financement : il faut décrire le projet."))
    elif funding.waiting and not funding.plan.grants:
        lines.append(say("Financement : on ne peut pas encore chiffrer les aides."))
    else:
        lines.append(
            say(
                "Financement : {grants} de subventions, {own} à la charge de la commune (HT).",
                grants=say.euros(funding.plan.grants_total),
                own=say.euros(funding.plan.own_share),
            )
        )
    lines += taken_lines(briefing.taken, say)
    for card in briefing.scorecards.values():
        lines.append(f"{card.citation(say)}.")
    if briefing.declared_only:
        lines.append(say("Caractère innovant : déclaré, sans preuve donnée (ni grille ni pièce)."))
    answered = len(briefing.review.answered)
    lines.append(
        say("Questions du guide répondues : {n} sur {total}.", n=answered, total=len(briefing.review.questions))
    )
    return lines


def _calendar_line(calendar: "CalendarCheck | None", say: Language) -> str:
    if calendar is None:
        return say("Calendrier : il faut la commune et la date voulue.")
    if calendar.procedure_status == "closed" and calendar.feasible and calendar.launch_by:
        line = say(
            "Calendrier : les délais seuls demanderaient de lancer au plus tard le {day}.",
            day=say.date(calendar.launch_by),
        )
    elif calendar.feasible and calendar.launch_by:
        line = say("Calendrier : lancer au plus tard le {day}.", day=say.date(calendar.launch_by))
    else:
        line = say("Calendrier : début possible au plus tôt le {day}.", day=say.date(calendar.earliest_start))
    remark = calendar.procedure_remark
    return line if remark is None else f"{line} {remark.said(say)}"


def open_lines(briefing: "Briefing", say: Language, most: int | None = None) -> list[Line]:
    """The first open facts as questions; before them the contested limit that the answer hangs on."""
    hangs = briefing.decision.publicity_and_competition == "undetermined"
    limits = limit_questions(briefing.decision, say) if hangs else []
    sentences = (fact.question(say) for fact in briefing.open_facts)
    lines: list[Line] = [*limits, *dict.fromkeys(sentences)]  # the parts of one question share its sentence
    return lines[:most]


def sources_of(briefing: "Briefing") -> "tuple[Source, ...]":
    """The legal texts that the decision cites, each once."""
    options = (*briefing.decision.options, *briefing.decision.arrangements)
    cited = [source for option in options for source in option.legal_basis]
    cited += [duty.legal_basis for option in options for duty in option.duties]
    return tuple(dict.fromkeys(cited))


def _blocks(briefing: "Briefing", say: Language) -> Iterator[Block]:
    decision = briefing.decision
    yield Heading(briefing.title, 1)
    yield from outside_the_tables(briefing, say)
    yield Heading(say("Vous pouvez acheter ainsi"))
    yield from answer_blocks(decision, say)
    yield Items(how_to_buy(briefing, say))
    if briefing.conflicts:
        yield Heading(say("Ce qui ne va pas ensemble"))
        yield Items([conflict.sentence(say) for conflict in briefing.conflicts])
    if briefing.open_facts:
        yield Heading(say("À établir ensuite"))
        yield Items(open_lines(briefing, say), "numbers")
    yield Heading(say("Pourquoi, et que faire"))
    yield from nested(reasons(briefing, say))
    for heading, result in (
        (say("Quand"), briefing.calendar),
        (say("Qui aide à payer"), briefing.funding),
        *((say("Grille : {rubric}", rubric=say(card.title)), card) for card in briefing.scorecards.values()),
        (say("Les neuf questions du guide"), briefing.review),
    ):
        yield Heading(heading)
        if result is None:
            yield Paragraph(say("Non traité : cette partie du dossier n'est pas remplie."))
        else:
            yield from nested(result.page(say))
    yield Heading(say("Sources"))
    yield Items(
        [
            Link(citation(say, source), source.url) if source.url else citation(say, source)
            for source in sources_of(briefing)
        ]
    )
    yield Paragraph(say("Édition des tables du droit : {edition}.", edition=decision.table_edition), "note")
    yield Paragraph(say(default_guide().about.disclaimer), "note")


def nested(page: Page) -> Iterator[Block]:
    """The blocks of a room's page one level down, without its title."""
    for block in page.blocks:
        match block:
            case Heading(level=1):
                continue
            case Heading(text=text, level=level):
                yield Heading(text, level + 1)
            case _:
                yield block
