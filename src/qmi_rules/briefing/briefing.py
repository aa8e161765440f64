"""The briefing: how to buy, when, who pays, is it innovative, will it scale, what is open, and what collides."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import field, frozen

from qmi_rules.briefing.collisions import Collision, collisions
from qmi_rules.briefing.filling import Taken, fill, taken_lines
from qmi_rules.briefing.open_facts import OpenFact, open_facts
from qmi_rules.budget_calendar import CalendarCheck, check_calendar
from qmi_rules.contexts import Purchase
from qmi_rules.contexts.dossier import Checklist, Dossier
from qmi_rules.documents.faults import below, require, shown
from qmi_rules.errors import DocumentError, fault
from qmi_rules.findings import Truth
from qmi_rules.funding import FundingPlan, SchemeTable, find_funding
from qmi_rules.guide import Review, default_guide, review
from qmi_rules.law import Source, Table
from qmi_rules.law.wording import linked, source_lines
from qmi_rules.procurement import Decision, Option, decide
from qmi_rules.procurement.card import Answer, answer_of
from qmi_rules.procurement.headline import doubt_text, limit_questions
from qmi_rules.procurement.view import DISCLAIMER, described
from qmi_rules.procurement.view import sources_of as cited_by
from qmi_rules.read_only import to_read_only
from qmi_rules.scoring import Scorecard, link_evidence, score_solution
from qmi_rules.text import SOURCE_LANGUAGE, Explained, Heading, Items, Language, Line, Page, Paragraph, Strong, language
from qmi_rules.text.page import Block, Inline

if TYPE_CHECKING:
    from qmi_rules.briefing.drafts import Draft, DraftKind

NO_EVIDENCE = ("replicability",)
"""Rubrics that say whether a solution will scale, which is no evidence that it is innovative."""


@frozen(kw_only=True)
class Briefing(Explained):
    """Everything the library can say of one dossier.

    Attributes:
        dossier: What was asked.
        decision: How it may be bought, why, with what duties.
        calendar: When; None without a commune and a schedule with a procedure.
        scorecards: What the rubrics say, by rubric id.
        funding: Who may help to pay; None without a project.
        review: The nine questions of the guide.
        open_facts: What to settle next, over all rooms, the most telling first.
        conflicts: Where the answers of two rooms collide.
        taken: Facts that a part of the dossier leaves open and that were taken from another part.
    """

    dossier: Dossier
    decision: Decision
    calendar: CalendarCheck | None
    scorecards: Mapping[str, Scorecard] = field(converter=to_read_only)
    funding: FundingPlan | None
    review: Review
    open_facts: tuple[OpenFact, ...]
    conflicts: tuple[Collision, ...]
    taken: tuple[Taken, ...]

    @property
    def title(self) -> str:
        """What is bought."""
        return self.dossier.purchase.title

    @property
    def answer(self) -> Answer:
        """The card of the decision, with who signs by the commune's own delegation."""
        commune = self.dossier.commune
        return answer_of(self.decision, commune.delegation_limit if commune is not None else None)

    @property
    def declared_only(self) -> bool:
        """Whether the solution is declared innovative and nothing in the dossier supports it."""
        return bool(self.dossier.purchase.innovative) and not _has_evidence(self.dossier.purchase, self.scorecards)

    def page(self, say: Language) -> Page:
        """The page an agent takes to the meeting: the decision first."""
        return Page(say.code, tuple(_blocks(self, say)))

    def summary(self, say: Language) -> Page:
        """The same on one page: the answer of each room in a line or two."""
        return Page(say.code, tuple(_summary(self, say)))

    def draft(self, kind: "DraftKind | str") -> "Draft":
        """A document to complete and to sign: ``deliberation``, ``decision`` or ``justification``.

        Raises:
            DocumentError: There is no such document.
        """
        from qmi_rules.briefing.drafts import draft

        return draft(self, kind)


def brief(
    dossier: Dossier,
    table: Table | None = None,
    known_on: date | None = None,
    schemes: SchemeTable | None = None,
    rubrics: Sequence[Path | str] = (),
) -> Briefing:
    """Answer for one purchase everything at once.

    What one part of the dossier leaves open and another one says is taken from there, and `taken` says so.

    Args:
        dossier: The purchase and what is known around it.
        table: The law; None = the national table of the package.
        known_on: Take only the law that was published by this day.
        schemes: The funding schemes; None = those of the package.
        rubrics: Rubric files of one's own; one that bears a shipped id replaces it.

    Raises:
        DocumentError: An argument of the wrong kind; a part of the dossier that contradicts itself, with paths from the
            dossier's root.

    >>> from qmi_rules import Dossier, read
    >>> dossier = read({"purchase": {"title": "Capteurs", "launched_on": "2024-05-15", "estimated_value": 30_000}}, Dossier)
    >>> brief(dossier).explain("en").splitlines()[0]
    'Capteurs'
    """
    require("dossier", dossier, Dossier)
    if table is not None:
        require("table", table, Table)
    if schemes is not None:
        require("schemes", schemes, SchemeTable)
    if isinstance(rubrics, str | bytes) or not isinstance(rubrics, Sequence):
        raise DocumentError([fault("wrong_type", "rubrics", "expected a list of paths, got {got}", got=shown(rubrics))])
    for i, rubric in enumerate(rubrics):
        require(f"rubrics[{i}]", rubric, Path, str)
    asked = dossier  # the briefing keeps what the user wrote; what is filled in stands in `taken`
    dossier, taken = fill(dossier)
    with _faults_below("solution"):
        scorecards = (
            score_solution(dossier.solution, *rubrics, as_of=dossier.purchase.launched_on) if dossier.solution else {}
        )
    evidence = {name: card for name, card in scorecards.items() if name not in NO_EVIDENCE}
    purchase = link_evidence(dossier.purchase, evidence) if evidence else dossier.purchase
    decision = decide(purchase, table, known_on)
    calendar, waiting = _calendar(dossier, purchase, table, known_on)
    with _faults_below("project"):
        funding = find_funding(dossier.project, schemes, known_on=known_on) if dossier.project else None
    # "checked" would be untrue of a character that is declared and that nothing supports
    bare = dossier.purchase.innovative is not None and not _has_evidence(dossier.purchase, evidence)
    reviewed = review(
        dossier.checklist,
        dossier=_settled(purchase, decision),
        declared=("innovative_character_checked",) if bare else (),
    )
    return Briefing(
        dossier=asked,
        decision=decision,
        calendar=calendar,
        scorecards=scorecards,
        funding=funding,
        review=reviewed,
        open_facts=open_facts(decision, scorecards, funding, reviewed, waiting),
        conflicts=collisions(asked, decision, calendar, scorecards, funding),
        taken=taken,
    )


@contextmanager
def _faults_below(part: str) -> Iterator[None]:
    """Faults that a room finds in a part of the dossier have their paths from the dossier's root."""
    try:
        yield
    except DocumentError as error:
        raise DocumentError(below(part, error.problems), error.where) from None


def _has_evidence(purchase: Purchase, scorecards: Mapping[str, Scorecard]) -> bool:
    """Whether anything supports that the solution is innovative: evidence that is named, or a rubric with an answer."""
    answered = (card for name, card in scorecards.items() if name not in NO_EVIDENCE)
    return bool(purchase.evidence) or any(len(card.missing) < len(card.criteria) for card in answered)


def _calendar(
    dossier: Dossier, purchase: Purchase, table: Table | None, known_on: date | None
) -> tuple[CalendarCheck | None, tuple[str, ...]]:
    """The calendar, or what is missing for one."""
    missing = [name for name in ("commune", "schedule") if getattr(dossier, name) is None]
    if dossier.schedule is not None and dossier.schedule.procedure is None:
        missing.append("schedule.procedure")
    if missing or dossier.commune is None or dossier.schedule is None:
        return None, tuple(missing)
    return check_calendar(purchase, dossier.commune, dossier.schedule, table, known_on), ()


def _settled(purchase: Purchase, decision: Decision) -> Checklist:
    """What the rest of the dossier already answers of the nine questions."""
    return Checklist(
        innovative_character_checked=True if purchase.innovative is not None else None,
        legal_vehicle_identified=True
        if decision.lightest and not decision[decision.lightest].definition.formal
        else None,
        need_met_before=True if purchase.need and purchase.need.same_need else None,
    )


def how_to_buy(briefing: Briefing, say: Language) -> list[Line]:
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


def outside_the_tables(briefing: Briefing, say: Language) -> Iterator[Block]:
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


def reasons(briefing: Briefing, say: Language) -> Page:
    """The page of the decision, the rubrics that it cites as evidence named in the reader's language."""
    decision = briefing.decision
    source = language(SOURCE_LANGUAGE)
    # a rubric stands among the evidence in French words of ours: a page says it in its own language
    cited = {card.citation(source): card.citation(say) for card in briefing.scorecards.values()}
    purchase = decision.purchase
    if not isinstance(purchase, Purchase):
        return decision.page(say)
    said = tuple(cited.get(line, line) for line in purchase.evidence)
    if said == purchase.evidence:
        return decision.page(say)
    return decide(purchase.evolve(evidence=said), decision.law.table, decision.law.known_on).page(say)


def _rank(option: Option) -> float:
    return option.definition.order


def _summary(briefing: Briefing, say: Language) -> Iterator[Block]:
    yield Heading(briefing.title, 1)
    yield from outside_the_tables(briefing, say)
    yield Paragraph(described(briefing.decision, say))
    yield from _answer(briefing, say, 5)
    yield Heading(say("En bref"))
    yield Items(room_lines(briefing, say))
    yield Paragraph(say(DISCLAIMER), "note")


def _answer(briefing: Briefing, say: Language, most: int | None = None) -> Iterator[Block]:
    """What both pages begin with: how to buy, what collides, and at most so many open facts."""
    yield Heading(say("Vous pouvez acheter ainsi"))
    yield from briefing.answer.page(say).blocks
    yield Items(how_to_buy(briefing, say))
    if briefing.conflicts:
        yield Heading(say("Ce qui ne va pas ensemble"))
        yield Items([conflict.text.said(say) for conflict in briefing.conflicts])
    if briefing.open_facts:
        yield Heading(say("À établir ensuite"))
        yield Items(open_lines(briefing, say, most), "numbers")


def room_lines(briefing: Briefing, say: Language) -> list[Line]:
    """Calendar, funding, index and questions, a line each; a part that is not given says so."""
    lines: list[Line] = []
    calendar, funding = briefing.calendar, briefing.funding
    lines.append(_calendar_line(calendar, say))
    if funding is None:
        lines.append(say("Financement : il faut décrire le projet."))
    elif not funding.counts:
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


def _calendar_line(calendar: CalendarCheck | None, say: Language) -> str:
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


def open_lines(briefing: Briefing, say: Language, most: int | None = None) -> list[Line]:
    """The first open facts as questions; before them the contested limit that the answer hangs on."""
    hangs = briefing.decision.publicity_and_competition == "undetermined"
    limits = limit_questions(briefing.decision, say) if hangs else []
    sentences = (fact.text.said(say) for fact in briefing.open_facts)
    lines: list[Line] = [*limits, *dict.fromkeys(sentences)]  # the parts of one question share its sentence
    return lines[:most]


def sources_of(briefing: Briefing) -> tuple[Source, ...]:
    """What the decision, the calendar and the funding cite, each once."""
    cited = [*cited_by(briefing.decision)]
    for result in (briefing.calendar, briefing.funding):
        cited += result.sources if result else ()
    return tuple({source.id: source for source in cited}.values())


def list_of_sources(briefing: Briefing, say: Language) -> Items:
    """The sources with their versions on the day of the launch."""
    day = briefing.dossier.purchase.launched_on
    return Items(source_lines(say, briefing.decision.law.table, sources_of(briefing), day))


def _blocks(briefing: Briefing, say: Language) -> Iterator[Block]:
    yield Heading(briefing.title, 1)
    yield from outside_the_tables(briefing, say)
    yield from _answer(briefing, say)
    yield Heading(say("Pourquoi, et que faire"))
    yield from nested(reasons(briefing, say), say)
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
            yield from nested(result.page(say), say)
    yield Heading(say("Sources"))
    yield list_of_sources(briefing, say)
    yield Paragraph(say("Édition des tables du droit : {edition}.", edition=briefing.decision.table_edition), "note")
    yield Paragraph(say(default_guide().about.disclaimer), "note")


def nested(page: Page, say: Language) -> Iterator[Block]:
    """The blocks of a room's page one level down, without its title and without its sources: the briefing lists those of all rooms."""
    out = False
    for block in page.blocks:
        # the heading of the list and the list, not what a room says below it
        out = block.text == say("Sources") if isinstance(block, Heading) else out and isinstance(block, Items)
        if out:
            continue
        match block:
            case Heading(level=1):
                continue
            case Heading(text=text, level=level):
                yield Heading(text, level + 1)
            case _:
                yield block
