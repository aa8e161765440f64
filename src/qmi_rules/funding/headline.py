"""What may be counted on, in one sentence, and what open answers could still add."""

from typing import TYPE_CHECKING

from qmi_rules.funding.scheme_funding import Availability
from qmi_rules.funding.sentences import missing_facts, reasons
from qmi_rules.text import Language

if TYPE_CHECKING:
    from qmi_rules.funding.result import FundingPlan


def headline(funding: "FundingPlan", say: Language) -> str:
    """What may be counted on; where nothing can be counted yet, what must be known first."""
    plan, waiting = funding.plan, funding.waiting
    if plan.grants or not waiting:
        return say(
            "Sur {cost} HT, {grants} de subventions sont envisageables et {own} restent à la collectivité.",
            cost=say.euros(funding.cost),
            grants=say.euros(plan.grants_total),
            own=say.euros(plan.own_share),
        )
    open_ones = [scheme for scheme in waiting if scheme.availability is Availability.OPEN]
    if facts := missing_facts(open_ones, funding.table, say):
        return say("On ne peut pas encore chiffrer les aides : il manque {facts}.", facts=say.all_of(facts))
    causes = [f"{say(scheme.label)} ({reasons(scheme, funding.table, say)})" for scheme in waiting]
    return say("On ne peut pas chiffrer les aides pour ce jour : {schemes}.", schemes=say.all_of(causes))


def still_possible(funding: "FundingPlan", say: Language) -> str:
    """What open answers could still add; nothing where they can add nothing, or where no limit is known."""
    plan, most = funding.plan, funding.at_most
    if not funding.waiting or most is None or most <= plan.grants_total:
        return ""
    names = say.all_of(say(scheme.label) for scheme in funding.waiting)
    if plan.grants:
        return say(
            "D'autres aides restent à déterminer ({schemes}) : jusqu'à {amount} en tout restent possibles.",
            schemes=names,
            amount=say.euros(most),
        )
    return say(
        "Sur {cost} HT, jusqu'à {amount} restent possibles ({schemes}).",
        cost=say.euros(funding.cost),
        amount=say.euros(most),
        schemes=names,
    )
