"""Conflicts around the vote of the budget: the orientation debate, and the draft that leaves before the need is known."""

from collections.abc import Iterator
from datetime import timedelta

from qmi_rules.budget_calendar.conflicts import Conflict, ConflictCode, Severity, Situation, conflict
from qmi_rules.budget_calendar.facts import fact
from qmi_rules.budget_calendar.planner import Placed
from qmi_rules.contexts.commune import BudgetVote
from qmi_rules.contexts.schedule import StepId
from qmi_rules.text import message

_ONE = timedelta(days=1)


def vote_conflicts(situation: Situation, earliest: dict[str, Placed]) -> Iterator[Conflict]:
    """The conflicts with what must come before the vote.

    Args:
        situation: The plan under examination.
        earliest: The earliest plan: what could be ready when.
    """
    yield from _debate(situation)
    yield from _draft(situation, earliest)


def _debate(situation: Situation) -> Iterator[Conflict]:
    commune = situation.frame.commune
    voted, debate = commune.budget_voted_on, commune.orientation_debate_on
    rule = fact("orientation_debate")
    inhabitants = commune.inhabitants
    if voted is None or (debate is None and inhabitants is None):
        return
    if inhabitants is not None and inhabitants < (rule.count or 0):
        return
    first, last = voted - timedelta(days=rule.days or 0), voted - _ONE
    if debate is None:
        if voted >= situation.today:
            yield conflict(
                ConflictCode.ORIENTATION_DEBATE,
                first,
                last,
                Severity.INFORMATION,
                rule.legal_basis,
                message(
                    "À partir de 3 500 habitants, un débat d'orientation budgétaire se tient entre le {first} et le {last} : "
                    "sa date n'est pas donnée. Sans lui, le budget peut être annulé."
                ),
                first=first,
                last=last,
            )
    elif debate < first:
        yield conflict(
            ConflictCode.ORIENTATION_DEBATE,
            debate,
            voted,
            Severity.WARNING,
            rule.legal_basis,
            message(
                "Le débat d'orientation budgétaire du {debate} précède de plus de dix semaines le vote du {vote} : tenez-le "
                "à partir du {first}, ou avancez le vote."
            ),
            debate=debate,
            vote=voted,
            first=first,
        )
    elif debate == voted:
        yield conflict(
            ConflictCode.ORIENTATION_DEBATE,
            debate,
            voted,
            Severity.WARNING,
            fact("orientation_debate_gap").legal_basis,
            message(
                "Débat d'orientation et vote du budget le même jour ({vote}) : le juge annule. Laissez au moins une nuit "
                "entre les deux ; l'AMF conseille deux jours."
            ),
            vote=voted,
        )


def _draft(situation: Situation, earliest: dict[str, Placed]) -> Iterator[Conflict]:
    commune = situation.frame.commune
    voted, sent = commune.budget_voted_on, commune.draft_budget_sent_on
    if voted is None:
        return
    rule = fact("draft_budget")
    latest = voted - timedelta(days=rule.days or 0)
    if sent is not None and sent > latest:
        yield conflict(
            ConflictCode.DRAFT_BUDGET_LATE,
            latest,
            voted,
            Severity.WARNING,
            rule.legal_basis,
            message(
                "Le projet de budget part le {sent} pour un vote le {vote} : il devait partir le {latest} au plus tard (douze "
                "jours avant). Reportez le vote, ou le budget peut être contesté."
            ),
            sent=sent,
            vote=voted,
            latest=latest,
        )
    ready = earliest[StepId.NEED].end
    leaves = sent or latest
    if (
        situation.today <= voted
        and situation.signed.year == commune.budget_year
        and ready > leaves
        and (commune.budget_vote is BudgetVote.YEAR_END or situation.signed >= voted)
    ):
        yield conflict(
            ConflictCode.DRAFT_BUDGET_LATE,
            leaves,
            voted,
            Severity.WARNING,
            rule.legal_basis,
            message(
                "Le besoin ne sera estimé que le {ready}, après le départ du projet de budget ({leaves}) pour le vote du "
                "{vote} : faites inscrire une provision, amender le projet, ou prévoyez une décision modificative."
            ),
            ready=ready,
            leaves=leaves,
            vote=voted,
        )
