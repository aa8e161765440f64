"""The briefing: how to buy, when, who pays, is it innovative, will it scale, what is open, and what collides."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from attrs import field, frozen

from qmi_rules.briefing.collision import Collision
from qmi_rules.briefing.collisions import collisions
from qmi_rules.briefing.filling import Taken, fill
from qmi_rules.briefing.open_facts import OpenFact, open_facts
from qmi_rules.budget_calendar import CalendarCheck, check_calendar
from qmi_rules.contexts import Purchase
from qmi_rules.contexts.dossier import Checklist, Dossier
from qmi_rules.documents import unstructure
from qmi_rules.documents.faults import below
from qmi_rules.documents.read_only import to_read_only
from qmi_rules.documents.scalars import require, shown
from qmi_rules.errors import DocumentError, Problem
from qmi_rules.funding import FundingPlan, SchemeTable, find_funding
from qmi_rules.guide import Review, review
from qmi_rules.law import Table
from qmi_rules.procurement import Decision, decide
from qmi_rules.scoring import Scorecard, link_evidence, score_solution
from qmi_rules.text import Explained, Language, Page

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
    def declared_only(self) -> bool:
        """Whether the solution is declared innovative and nothing in the dossier supports it."""
        return bool(self.dossier.purchase.innovative) and not _has_evidence(self.dossier.purchase, self.scorecards)

    def page(self, say: Language) -> Page:
        """The page an agent takes to the meeting: the decision first."""
        from qmi_rules.briefing.page import briefing_page

        return briefing_page(self, say)

    def summary(self, say: Language) -> Page:
        """The same on one page: the answer of each room in a line or two."""
        from qmi_rules.briefing.page import summary_page

        return summary_page(self, say)

    def as_document(self) -> dict[str, Any]:
        """The briefing as plain data, one key a room."""
        return {
            "dossier": unstructure(self.dossier),
            "decision": unstructure(self.decision),
            "calendar": unstructure(self.calendar),
            "scorecards": {name: unstructure(card) for name, card in self.scorecards.items()},
            "funding": unstructure(self.funding),
            "review": unstructure(self.review),
            "open_facts": unstructure(self.open_facts),
            "conflicts": [conflict.as_document() for conflict in self.conflicts],
            "taken": unstructure(self.taken),
        }


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
    """
    require("dossier", dossier, Dossier)
    if table is not None:
        require("table", table, Table)
    if schemes is not None:
        require("schemes", schemes, SchemeTable)
    if isinstance(rubrics, str | bytes) or not isinstance(rubrics, Sequence):
        raise DocumentError([Problem("rubrics", f"expected a list of paths, got {shown(rubrics)}")])
    for i, rubric in enumerate(rubrics):
        require(f"rubrics[{i}]", rubric, Path, str)
    asked = dossier
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
