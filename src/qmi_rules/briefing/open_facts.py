"""What to settle next, over all rooms: one ranked list of the facts that nobody filled."""

from collections.abc import Iterator, Mapping
from typing import ClassVar, Literal, TypeAlias

from attrs import frozen

from qmi_rules.funding import FundingPlan, question_of
from qmi_rules.guide import Review, default_guide
from qmi_rules.law.wording import question_text
from qmi_rules.pages import Explained, Language, Page, Paragraph, Said, Term, message
from qmi_rules.procurement import Decision
from qmi_rules.schema.fields import Layout
from qmi_rules.scoring import Scorecard

RoomName: TypeAlias = Literal["procurement", "budget_calendar", "funding", "scoring", "guide"]
"""A part of a briefing that asks and answers."""


@frozen(kw_only=True)
class OpenFact(Explained):
    """A fact that nobody filled.

    Attributes:
        path: Where a dossier fills it: ``purchase.innovative``, ``project.expense``, ``checklist.…``.
        room: The room that waits for it.
        waiting: The other rooms that wait for the same fact.
        text: How to ask for it.
    """

    _layout: ClassVar[Layout] = Layout(part=True, own_page=True)
    path: str
    room: RoomName
    waiting: tuple[RoomName, ...] = ()
    text: Said

    @property
    def table_edition(self) -> str | None:
        """It does not know by itself."""
        return None

    def page(self, say: Language) -> Page:
        """The question as a page."""
        return Page(say.code, (Paragraph(self.text.said(say)),))


_SAME = {"project.innovative": "purchase.innovative", "project.beneficiary.kind": "purchase.buyer.kind"}
"""Facts that two rooms ask under two names: one question to the person."""


def open_facts(
    decision: Decision,
    scorecards: Mapping[str, Scorecard],
    funding: FundingPlan | None,
    review: Review,
    calendar_missing: tuple[str, ...],
) -> tuple[OpenFact, ...]:
    """The open facts of all rooms: how to buy comes first, then when, who pays, the index, the nine questions.

    A fact that several rooms wait for moves up: it settles more.
    """
    found = list(_all(decision, scorecards, funding, review, calendar_missing))
    rooms: dict[str, list[RoomName]] = {}
    for path, room in found:
        rooms.setdefault(_SAME.get(path, path), []).append(room)
    ranked = sorted(rooms.items(), key=lambda item: -len(item[1]))
    return tuple(
        OpenFact(
            path=path,
            room=waiting[0],
            waiting=tuple(dict.fromkeys(waiting[1:])),
            text=_question(path, decision, scorecards, funding),
        )
        for path, waiting in ranked
    )


def _all(
    decision: Decision,
    scorecards: Mapping[str, Scorecard],
    funding: FundingPlan | None,
    review: Review,
    calendar_missing: tuple[str, ...],
) -> Iterator[tuple[str, RoomName]]:
    for path in decision.missing:
        yield f"purchase.{path}", "procurement"
    for path in calendar_missing:
        yield path, "budget_calendar"
    for path in funding.missing if funding else ():
        yield f"project.{path}", "funding"
    for rubric, card in scorecards.items():
        for criterion in card.missing:
            yield f"solution.{rubric}.{criterion}", "scoring"
    for path in review.open:
        yield f"checklist.{path}", "guide"


def _question(where: str, decision: Decision, scorecards: Mapping[str, Scorecard], funding: FundingPlan | None) -> Said:
    """How to ask for a fact; one of a lot names the lot."""
    part, _, path = where.partition(".")
    match part:
        case "purchase":
            asked = Said(question_text(decision.law.table, path))
            lots = getattr(decision.purchase, "lots", ())
            if not path.startswith("lots[") or not lots:
                return asked
            lot = lots[int(path[5 : path.index("]")])]
            return Said(message("Lot {id} : {question}"), {"id": lot.id, "question": asked})
        case "checklist":
            asked_by_guide = {entry.id: entry.text for entry in default_guide().questions.items}
            return Said(asked_by_guide.get(path.partition(".")[0], path))
        case "solution":
            rubric, _, criterion = path.partition(".")
            card = scorecards[rubric]
            label = next((one.label for one in card.criteria if one.id == criterion), criterion)
            return Said(message("{rubric} : {criterion}"), {"rubric": Term(card.title), "criterion": Term(label)})
        case "project" if funding is not None:  # as the room that waits for it asks it
            return Said(question_of(path, funding.table))
        case _:
            return Said(_PARTS.get(where, where))


_PARTS = {
    "commune": message("Quand la commune vote-t-elle son budget, et quand son conseil se réunit-il ?"),
    "schedule": message("Par quelle procédure, et pour quelle date, l'achat est-il prévu ?"),
    "schedule.procedure": message("Par quelle procédure l'achat est-il prévu ?"),
}
