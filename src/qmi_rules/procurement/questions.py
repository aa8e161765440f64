"""Which facts a decision misses, ranked by how many open options each would settle: on average, then in the worst case."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from attrs import frozen

from qmi_rules.contexts import BuyerKind, Case, ContractType, Purchase, whole_case
from qmi_rules.contexts.case import with_facts
from qmi_rules.law import FactDefinition, FactKind, LawInForce

if TYPE_CHECKING:
    from qmi_rules.procurement.decision import Decision


def ranked_facts(decision: "Decision") -> tuple[str, ...]:
    """Paths of the missing facts of a decision; the one that settles most undetermined options on average first.

    The facts of lots follow those of the whole.
    """
    law, case = decision.law, whole_case(decision.purchase)
    wanted = dict.fromkeys(path for option in decision.options for path in option.missing)
    definitions = {fact.where: fact for fact in law.facts.values() if not fact.lot}
    definitions[decision.question.value_path] = definitions["estimated_value"]
    order = list(definitions)
    ranked = sorted(
        (path for path in wanted if path in definitions),
        key=lambda path: (*_rank(settling(law, case, definitions[path])), order.index(path)),
    )
    of_lots = dict.fromkeys(  # what is asked for the whole is not asked again for each lot
        path
        for lot in decision.lots
        for option in lot.options
        for path in option.missing
        if path.rsplit("].", 1)[-1] not in wanted
    )
    return tuple(dict.fromkeys((*ranked, *wanted, *of_lots)))


def undetermined(law: LawInForce, case: "Case | Purchase") -> int:
    """How many procedures a case leaves undetermined."""
    procedures = law.table.procedures
    packed, count = law.evaluate(case), len(procedures)
    maybe = (packed >> count) & ~packed
    return sum(maybe >> i & 1 for i, procedure in enumerate(procedures.values()) if not procedure.arrangement)


@frozen
class Settling:
    """How many undetermined procedures an answer to a question settles.

    Attributes:
        worst: Whatever the answer is.
        average: Over the answers that there are.
    """

    worst: int
    average: Decimal


def settling(law: LawInForce, case: "Case | Purchase", fact: FactDefinition) -> Settling:
    """How many undetermined procedures an answer about a fact settles."""
    before = undetermined(law, case)
    left = [undetermined(law, with_facts(case, {fact.slot: answer})) for answer in answers(law, fact)]
    return settled(before, left)


def settled(before: int, left: Sequence[int]) -> Settling:
    """What answers settle of so many undetermined procedures, each leaving its own number."""
    return Settling(before - max(left), Decimal(sum(before - after for after in left)) / len(left))


def _rank(settling: Settling) -> tuple[Decimal, int]:
    return -settling.average, -settling.worst


def answers(law: LawInForce, fact: FactDefinition) -> list[Any]:
    """The answers that a fact may be given: yes and no, each word, or one amount a cell between the limits in force."""
    match fact.kind:
        case FactKind.TRUTH:
            return [True, False]
        case FactKind.CHOICE:
            return list(BuyerKind if fact.id == "buyer_kind" else ContractType)
        case FactKind.NUMBER:
            return [Decimal(0), *sorted(set(limits_of(law, fact)))]


def limits_of(law: LawInForce, fact: FactDefinition) -> Iterator[Decimal]:
    """The amounts that the rules in force compare a fact with."""
    for rule in law.rules:
        for condition in rule.when:
            if condition.fact == fact.id and condition.threshold:
                yield from law.limit(condition.threshold).amounts
