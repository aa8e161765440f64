"""What to beware of in the way a need is counted: a part taken alone, the main object of a mixed contract, works by operation."""

import math
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from qmi_rules.contexts import ContractType, Purchase, main_type, whole_case
from qmi_rules.contexts.case import with_facts
from qmi_rules.findings import Truth
from qmi_rules.procurement.caveat import Caveat, caveat
from qmi_rules.text import message

if TYPE_CHECKING:
    from qmi_rules.procurement.decision import Decision

_OTHER_CONTRACTS = ("same_need", "operation")


def counting_caveats(decision: "Decision") -> Iterator[Caveat | None]:
    """What the value of the need may hide, the most pressing first; None where there is nothing to say."""
    yield _splitting(decision)
    yield _main_object(decision)
    yield _counted_by_operation(decision)


def _splitting(decision: "Decision") -> Caveat | None:
    """A part of a need, if it were a need of its own, would open a lighter procedure than the whole does."""
    law, whole = decision.law, decision.estimated_value
    if whole is None:
        return None
    lightest = math.inf if decision.lightest is None else law.table.procedures[decision.lightest].order
    for amount in _alone(decision, whole):
        packed = law.evaluate(with_facts(whole_case(decision.purchase), {"value": amount}))
        lighter = {
            procedure.id: procedure.label
            for procedure, opens, _ in law.table.bits(False)
            if packed & opens and procedure.order < lightest and decision[procedure.id].truth is not Truth.YES
        }
        if lighter:
            return caveat(
                "splitting",
                message(
                    "Le besoin se compte en entier (R2121-4 interdit de le scinder pour échapper aux règles) : prise seule, "
                    "une part de {amount} aurait paru ouvrir : {about}."
                ),
                about=lighter,
                amount=amount,
            )
    return None


def _alone(decision: "Decision", whole: Decimal) -> Iterator[Decimal]:
    """The amounts that a buyer may be tempted to compare with the thresholds alone, this contract without the others first.

    Of lots and of members only the largest: below it, that one lot is small says nothing of the way the need is counted.
    """
    purchase = decision.purchase
    if not isinstance(purchase, Purchase):
        return
    if purchase.need is not None and len(decision.valuation) > 1:
        amounts = {part.part: part.amount for part in decision.valuation if part.amount}
        contract = whole - sum((amounts.get(part) or Decimal(0) for part in _OTHER_CONTRACTS), Decimal(0))
        yield from (amount for amount in (contract, *sorted(set(amounts.values()), reverse=True)) if 0 < amount < whole)
    for group in (
        [lot.estimated_value for lot in purchase.lots],
        [member.part for member in purchase.members],
    ):
        if len(group) > 1 and max(group) < whole:
            yield max(group)


def _main_object(decision: "Decision") -> Caveat | None:
    """A mixed contract is declared as something else than its largest part (L1111-5)."""
    purchase = decision.purchase
    if not isinstance(purchase, Purchase) or purchase.contract_type is None or purchase.need is None:
        return None
    main = main_type(purchase.need)
    if main is None or main is purchase.contract_type:
        return None
    return caveat(
        "main_object",
        message(
            "Le type déclaré n'est pas celui de la part la plus élevée du marché mixte (L1111-5) : vérifier l'objet principal."
        ),
        about={"contract_type": decision.law.facts["contract_type"].label},
    )


def _counted_by_operation(decision: "Decision") -> Caveat | None:
    """Homogeneous needs are given for works, which are counted by operation (R2121-5, not R2121-6)."""
    purchase = decision.purchase
    if not isinstance(purchase, Purchase) or purchase.need is None or not purchase.need.same_need:
        return None
    if decision.question.case.contract_type is not ContractType.WORKS:
        return None
    return caveat(
        "counted_by_operation",
        message(
            "need.same_need : les besoins homogènes (R2121-6) sont ceux des fournitures et des services. Travaux : employer "
            "need.operation, car la valeur est celle de toute l'opération de travaux (R2121-5)."
        ),
        about={"need.same_need": message("besoins homogènes déjà achetés ou prévus")},
    )
