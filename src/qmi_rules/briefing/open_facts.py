"""What to settle next, over all rooms: one ranked list of the facts that nobody filled."""

from collections.abc import Iterator, Mapping

from attrs import frozen

from qmi_rules.contexts.dossier import Dossier
from qmi_rules.funding import FundingPlan
from qmi_rules.guide import Review, default_guide
from qmi_rules.procurement import Decision
from qmi_rules.procurement.sentences import question
from qmi_rules.scoring import Scorecard
from qmi_rules.text import Language, message


@frozen(kw_only=True)
class OpenFact:
    """A fact that nobody filled.

    Attributes:
        path: Where a dossier fills it: ``purchase.innovative``, ``project.expense``, ``checklist.…``.
        room: The room that waits for it.
        waiting: The other rooms that wait for the same fact.
    """

    path: str
    room: str
    waiting: tuple[str, ...] = ()


_SAME = {"project.innovative": "purchase.innovative", "project.beneficiary.kind": "purchase.buyer.kind"}
"""Facts that two rooms ask under two names: one question to the person."""


def open_facts(
    dossier: Dossier,
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
    rooms: dict[str, list[str]] = {}
    for path, room in found:
        rooms.setdefault(_SAME.get(path, path), []).append(room)
    ranked = sorted(rooms.items(), key=lambda item: -len(item[1]))
    return tuple(
        OpenFact(path=path, room=waiting[0], waiting=tuple(dict.fromkeys(waiting[1:]))) for path, waiting in ranked
    )


def _all(
    decision: Decision,
    scorecards: Mapping[str, Scorecard],
    funding: FundingPlan | None,
    review: Review,
    calendar_missing: tuple[str, ...],
) -> Iterator[tuple[str, str]]:
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


def open_fact_sentence(say: Language, decision: Decision, scorecards: Mapping[str, Scorecard], fact: OpenFact) -> str:
    """How to ask for an open fact."""
    part, _, path = fact.path.partition(".")
    match part:
        case "purchase":
            return question(say, decision.law, path)
        case "checklist":
            asked = {question.id: question.text for question in default_guide().questions.items}
            return say(asked.get(path.partition(".")[0], path))
        case "solution":
            rubric, _, criterion = path.partition(".")
            card = scorecards[rubric]
            return say("{rubric} : {criterion}", rubric=say(card.title), criterion=say(_criterion(card, criterion)))
        case _:
            return say(_PROJECT.get(fact.path, fact.path))


def _criterion(card: Scorecard, criterion: str) -> str:
    return next((c.label for c in card.criteria if c.id == criterion), criterion)


_PROJECT = {
    "commune": message("Quand la commune vote-t-elle son budget, et quand son conseil se réunit-il ?"),
    "schedule": message("Par quelle procédure, et pour quelle date, l'achat est-il voulu ?"),
    "schedule.procedure": message("Par quelle procédure l'achat est-il prévu ?"),
    "schedule.wanted_on": message("Pour quelle date l'exécution est-elle voulue ?"),
    "project": message(
        "Que coûte l'opération, est-ce un investissement ou du fonctionnement, et qui est le fournisseur ?"
    ),
    "project.expense": message("Est-ce une dépense d'investissement ou de fonctionnement ?"),
    "project.beneficiary.insee_code": message("Quel est le code INSEE de la commune bénéficiaire ?"),
    "project.supplier.in_ile_de_france": message("Le fournisseur a-t-il un établissement en Île-de-France ?"),
    "project.supplier.staff": message("Combien de personnes le fournisseur emploie-t-il ?"),
    "project.supplier.turnover": message("Quel est le chiffre d'affaires annuel du fournisseur ?"),
    "project.supplier.balance_sheet": message("Quel est le total du bilan du fournisseur ?"),
    "project.supplier.linked_firms": message("Le fournisseur est-il lié à d'autres entreprises ?"),
    "project.theme": message("Quel est le thème du projet ?"),
    "project.starts_on": message("Quand le projet commence-t-il ?"),
    "project.vat_rate": message("Quel est le taux de TVA de l'achat ?"),
}
