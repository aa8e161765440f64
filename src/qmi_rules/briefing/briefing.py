"""The briefing: how to buy, when, who pays, is it innovative, will it scale, what is open, and what collides."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from attrs import evolve, field, frozen

from qmi_rules.briefing.collisions import Collision, collisions
from qmi_rules.briefing.open_facts import OpenFact, RoomName, open_facts
from qmi_rules.budget_calendar import CalendarCheck, check_calendar
from qmi_rules.errors import DocumentError, fault
from qmi_rules.funding import FundingPlan, SchemeTable, find_funding
from qmi_rules.guide import Review, review
from qmi_rules.law import Source, Table
from qmi_rules.law.truth import Truth
from qmi_rules.law.wording import informs, linked, source_lines
from qmi_rules.model import Buyer, BuyerKind, Purchase, commune_of, communes_edition, find_commune
from qmi_rules.model.commune import Commune
from qmi_rules.model.dossier import Checklist, Dossier
from qmi_rules.model.project import Beneficiary
from qmi_rules.model.territory import TerritoryCommune
from qmi_rules.pages import (
    SOURCE_LANGUAGE,
    Explained,
    Heading,
    Items,
    Language,
    Line,
    Page,
    language,
    text_line,
    visible,
)
from qmi_rules.pages.blocks import Block
from qmi_rules.pages.templates import page_of
from qmi_rules.procurement import Decision, Option, decide
from qmi_rules.procurement.card import Answer, answer_of
from qmi_rules.procurement.card.making import title_of
from qmi_rules.procurement.card.seen import doubt_text, limit_questions
from qmi_rules.procurement.dialogue.inquiry import is_asked, wanted_facts
from qmi_rules.procurement.view import DISCLAIMER, described
from qmi_rules.procurement.view import sources_of as cited_by
from qmi_rules.read_only import to_read_only
from qmi_rules.schema import given
from qmi_rules.schema.faults import below, require, shown
from qmi_rules.schema.fields import Layout
from qmi_rules.scoring import Scorecard, link_evidence, score_solution

if TYPE_CHECKING:
    from qmi_rules.briefing.drafts import Draft, DraftKind

NO_EVIDENCE = ("replicability",)
"""Rubrics that say whether a solution will scale, which is no evidence that it is innovative."""


T = TypeVar("T")


@frozen(kw_only=True)
class Taken:
    """A fact that one part of the dossier leaves open and another one, or the list of communes, gives.

    Attributes:
        path: Where it was open.
        source: The part it was taken from; ``communes`` is the list of the communes of France.
        commune: INSEE code of the commune of that list; None where a part of the dossier gives the fact.
    """

    OMIT_UNFILLED: ClassVar[bool] = True

    path: str
    source: str
    commune: str | None = None


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

    _layout: ClassVar[Layout] = Layout(
        keys="answer dossier decision calendar scorecards funding review open_facts conflicts taken"
    )

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
    def table_edition(self) -> str:
        """Name of the edition of the law."""
        return self.decision.table_edition

    @property
    def title(self) -> str:
        """What is bought."""
        return self.dossier.purchase.title

    @property
    def answer(self) -> Answer:
        """The card of the decision, with who signs by the commune's own delegation."""
        return self._answer

    @cached_property
    def _answer(self) -> Answer:
        commune = self.dossier.commune
        return answer_of(self.decision, commune.delegation_limit if commune is not None else None)

    def card(self, say: Language) -> str:
        """The card of the briefing as text."""
        return "\n".join(text_line(line) for line in self.card_lines(say))

    def card_lines(self, say: Language) -> list[Line]:
        """The card of the decision, and in one line when to launch, what the commune pays and the first thing that collides."""
        more = [] if self.calendar is None else [calendar_line(say, self.calendar)]
        if self.funding is not None and self.funding.counts:
            own = say.euros(self.funding.plan.own_share)
            more.append(say("À la charge de la commune : {own} HT.", own=own))
        if self.conflicts:
            more.append(self.conflicts[0].text.said(say))
        return [*self.answer.lines(say), *([visible(" ".join(more))] if more else [])]

    @property
    def declared_only(self) -> bool:
        """Whether the solution is declared innovative and nothing in the dossier supports it."""
        return bool(self.dossier.purchase.innovative) and not _has_evidence(self.dossier.purchase, self.scorecards)

    def page(self, say: Language) -> Page:
        """The page an agent takes to the meeting: the decision first."""
        return page_of("briefing", say, voices=VOICES, **values_of(self, say))

    def _told_page(self, say: Language) -> Page:
        """The page of a briefing that was read back: the pages of its parts, what collides and what is open."""
        return page_of("briefing_told", say, it=self, nested=lambda page: [*nested(page, say)])

    def summary(self, say: Language) -> Page:
        """The same on one page: the answer of each room in a line or two."""
        return page_of("briefing_summary", say, voices=VOICES, **values_of(self, say))

    def draft(self, kind: "DraftKind | str") -> "Draft":
        """A document to complete and to sign: ``deliberation``, ``decision`` or ``justification``.

        Raises:
            DocumentError: There is no such document.
        """
        from qmi_rules.briefing.drafts import draft

        return draft(self, kind)


def brief(
    dossier: Dossier | Mapping[str, Any],
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
    dossier = given("dossier", dossier, Dossier)
    if table is not None:
        require("table", table, Table)
    if schemes is not None:
        require("schemes", schemes, SchemeTable)
    if isinstance(rubrics, str | bytes) or not isinstance(rubrics, Sequence):
        raise DocumentError([fault("wrong_type", "rubrics", "expected a list of paths, got {got}", got=shown(rubrics))])
    for i, rubric in enumerate(rubrics):
        require(f"rubrics[{i}]", rubric, Path, str)
    asked = dossier  # the briefing keeps what the user wrote; what is filled in stands in `taken`
    dossier, taken = _complete(dossier)
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
        if decision.lightest and not decision.option(decision.lightest).definition.formal
        else None,
        need_met_before=True if purchase.need and purchase.need.same_need else None,
    )


def values_of(briefing: Briefing, say: Language) -> dict[str, Any]:
    """What the templates of a briefing know: what is open, lightest first, what may still open, and what is computed where it is said."""
    decision = briefing.decision
    opened = sorted((option for option in decision.options if option.truth is Truth.YES), key=_rank)
    unsettled = sorted((o for o in decision.options if o.truth is Truth.UNDETERMINED), key=_rank)
    return {
        "it": briefing,
        "opened": opened,
        "unsettled": unsettled,
        "lighter": bool(opened and unsettled) and _rank(unsettled[0]) < _rank(opened[0]),
        "places": places_of(briefing.taken),
        "pairs": pairs_of(briefing.taken),
        "communes_edition": communes_edition,
        "doubt_of": lambda option: doubt_text(option, say),
        "described": lambda decision: described(decision, say),
        "questions": lambda most: open_lines(briefing, say, most),
        "nested": lambda page: [*nested(page, say)],
        "ways": lambda: ways(briefing, say),
        "sources": lambda: list_of_sources(briefing, say),
        "disclaimer": DISCLAIMER,
    }


def part_of(briefing: Briefing, say: Language, part: str, **values: Any) -> tuple[Block, ...]:
    """The blocks of one part of a briefing: ``outside``, ``how_to_buy``, ``rooms`` or ``totals``."""
    return page_of("briefing_part", say, voices=VOICES, part=part, **values_of(briefing, say), **values).blocks


def cited_evidence(briefing: Briefing, say: Language) -> tuple[str, ...]:
    """What is cited for the innovative character, the rubrics among it named in the reader's language."""
    source = language(SOURCE_LANGUAGE)
    # a rubric stands among the evidence in French words of ours: a page says it in its own language
    cited = {card.citation(source): card.citation(say) for card in briefing.scorecards.values()}
    evidence: tuple[str, ...] = getattr(briefing.decision.purchase, "evidence", ())
    return tuple(cited.get(line, line) for line in evidence)


def reasons(briefing: Briefing, say: Language) -> Page:
    """The page of the decision, the rubrics that it cites as evidence named in the reader's language."""
    decision = briefing.decision
    purchase, said = decision.purchase, cited_evidence(briefing, say)
    if not isinstance(purchase, Purchase) or said == purchase.evidence:
        return decision.page(say)
    return decide(purchase.evolve(evidence=said), decision.law.table, decision.law.known_on).page(say)


def _rank(option: Option) -> float:
    return option.definition.order


def room_lines(briefing: Briefing, say: Language) -> list[Line]:
    """Calendar, funding, index and questions, a line each; a part that is not given says so."""
    return [line for block in part_of(briefing, say, "rooms") if isinstance(block, Items) for line in block.lines]


def calendar_line(say: Language, calendar: CalendarCheck | None) -> str:
    if calendar is None:
        return say("Calendrier : il faut la commune et la date souhaitée.")
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


def open_lines(
    briefing: Briefing, say: Language, most: int | None = None, without: RoomName | None = None
) -> list[Line]:
    """The first open facts as questions, without those of a room that shows its own; before them the contested limit that the answer hangs on."""
    hangs = briefing.decision.publicity_and_competition == "undetermined"
    limits = limit_questions(briefing.decision, say) if hangs else []
    # of the particular cases that the card presumes to be none the explanation of each procedure speaks
    decision = briefing.decision
    wanted, facts = wanted_facts(decision.law, decision.purchase), decision.law.table.facts
    presumed = {
        f"purchase.{name}"
        for name, fact in facts.items()
        if name in briefing.answer.presuming or not is_asked(fact, decision.purchase, title_of(decision), wanted)
    }
    asked = (fact for fact in briefing.open_facts if fact.path not in presumed and fact.room != without)
    sentences = (fact.text.said(say) for fact in asked)
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


VOICES = (calendar_line, linked)


def ways(briefing: Briefing, say: Language) -> list[Block]:
    """The explanation of the decision without its card: the briefing's own stands first, and knows who signs."""
    told = [*nested(reasons(briefing, say), say)]
    return told[next((i for i, block in enumerate(told) if isinstance(block, Heading)), len(told)) :]


def nested(page: Page, say: Language) -> Iterator[Block]:
    """The blocks of a room's page one level down, without its title, its sources and its last word: the briefing says those of all rooms once."""
    out = False
    for block in page.blocks:
        if block == informs(say):
            continue
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


# --- what one part of a dossier says for another: facts that a part leaves open are taken from where they stand


def places_of(taken: tuple[Taken, ...]) -> list[TerritoryCommune]:
    """The communes that the list of communes gave something for."""
    found = [find_commune(code) for code in dict.fromkeys(entry.commune for entry in taken if entry.commune)]
    return [place for place in found if place is not None and place.population is not None]


def pairs_of(taken: tuple[Taken, ...]) -> dict[tuple[str, str], list[str]]:
    """By part and the part that it was filled from, the paths of the facts that were taken."""
    pairs: dict[tuple[str, str], list[str]] = {}
    for entry in taken:
        if entry.commune is None:
            pairs.setdefault((entry.path.partition(".")[0], entry.source), []).append(entry.path)
    return pairs


def _complete(dossier: Dossier) -> tuple[Dossier, tuple[Taken, ...]]:
    """The dossier with what its parts say for each other, and what was taken from where; what a part says itself stays."""
    purchase, commune, schedule, project = dossier.purchase, dossier.commune, dossier.schedule, dossier.project
    taken: list[Taken] = []
    if commune is not None and not purchase.members:
        buyer = Buyer(kind=BuyerKind.COMMUNE, insee_code=commune.insee_code, population=commune.population)
        purchase = _filled(purchase, "purchase", {"buyer": ("commune", buyer)}, taken)
    if schedule is not None and project is not None:
        schedule = _filled(schedule, "schedule", {"expense": ("project", project.expense)}, taken)
    if project is not None:
        offers: dict[str, tuple[str, object]] = {"innovative": ("purchase", purchase.innovative)}
        if schedule is not None:
            offers |= {"starts_on": ("schedule", schedule.wanted_on), "expense": ("schedule", schedule.expense)}
        project = _filled(project, "project", offers, taken)
        if (buyer_of := purchase.buyer) is not None:
            offers = {name: ("purchase", getattr(buyer_of, name)) for name in ("kind", "insee_code", "population")}
            beneficiary = _filled(project.beneficiary, "project.beneficiary", offers, taken)
            project = project.evolve(beneficiary=beneficiary)
    taken += _of_the_list("commune", commune)
    taken += _of_the_list("project.beneficiary", project.beneficiary if project is not None else None)
    return evolve(dossier, purchase=purchase, schedule=schedule, project=project), tuple(taken)


def _of_the_list(path: str, part: Commune | Beneficiary | None) -> Iterator[Taken]:
    """The population, where nobody gave it and the list of communes does."""
    if part is None or part.population is not None or part.inhabitants is None:
        return
    place = commune_of(part.insee_code)
    assert place is not None
    yield Taken(path=f"{path}.population", source="communes", commune=place.insee_code)


def _filled(part: T, path: str, offers: Mapping[str, tuple[str, object]], taken: list[Taken]) -> T:
    """A part with what others offer where it is open; `taken` grows by what was used."""
    used = {name: offer for name, offer in offers.items() if getattr(part, name) is None and offer[1] is not None}
    taken += [Taken(path=f"{path}.{name}", source=source) for name, (source, _) in used.items()]
    whole: Any = part
    return evolve(whole, **{name: value for name, (_, value) in used.items()})  # type: ignore[no-any-return]
