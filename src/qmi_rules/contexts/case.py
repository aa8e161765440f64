"""A case: the flat set of facts that the rows of the table are tested on, derived from a purchase or from one of its lots."""

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from attrs import field, frozen

from qmi_rules.contexts.buyer import BUYER_KIND, CONTRACT_TYPE, BuyerKind, ContractType, to_buyer_kind, to_contract_type
from qmi_rules.contexts.need import Need
from qmi_rules.contexts.purchase import FACT_NAMES, Facts, Lot, Purchase
from qmi_rules.documents.scalars import (
    DAY,
    EUROS,
    SHARE,
    TRUTH,
    optional,
    to_day,
    to_optional_decimal,
    to_optional_whole,
    whole,
)

_NOT_LOCAL = frozenset({None, BuyerKind.STATE, BuyerKind.UTILITY})


@frozen(kw_only=True, slots=False)
class Case(Facts):
    """One case put to the table. A simple `Purchase` has the same attributes and is put to the table as it is.

    Attributes:
        launched_on: Day the consultation is launched or the notice sent.
        contract_type: Type of the whole contract.
        buyer_kind: Kind of the buyer.
        value: Value of the whole need, EUR HT.
        duration_months: Duration of the contract, months.
        allotted: The contract is divided into lots.
        lot_value: Value of the lot in question, EUR HT.
        lot_type: Type of the lot in question.
        small_lot: The buyer means to use the small-lot rule for this lot.
        small_lots_share: Value of all such lots over the value of all lots. A decimal quotient of 28 digits: amounts are
            below 1e12 in cents, so it is on the right side of 0.2 whenever the exact fraction is.
    """

    launched_on: date = field(converter=to_day, validator=DAY)
    contract_type: ContractType | None = field(default=None, converter=to_contract_type, validator=CONTRACT_TYPE)
    buyer_kind: BuyerKind | None = field(default=None, converter=to_buyer_kind, validator=BUYER_KIND)
    value: Decimal | None = field(default=None, converter=to_optional_decimal, validator=optional(EUROS))
    duration_months: int | None = field(default=None, converter=to_optional_whole, validator=optional(whole(0, 1_200)))
    allotted: bool | None = field(default=None, validator=TRUTH)
    lot_value: Decimal | None = field(default=None, converter=to_optional_decimal, validator=optional(EUROS))
    lot_type: ContractType | None = field(default=None, converter=to_contract_type, validator=CONTRACT_TYPE)
    small_lot: bool | None = field(default=None, validator=TRUTH)
    small_lots_share: Decimal | None = field(default=None, converter=to_optional_decimal, validator=optional(SHARE))

    simple: ClassVar[bool] = True


def whole_case(purchase: "Case | Purchase") -> "Case | Purchase":
    """The purchase as one case: itself, unless its need or its members settle facts that it leaves open."""
    if isinstance(purchase, Case) or purchase.simple:
        return purchase
    derived: dict[str, Any] = {}
    if purchase.need is not None and purchase.need.parts:
        if purchase.contract_type is None:
            derived["contract_type"] = main_type(purchase.need)
        if purchase.specific_service is None:
            derived["specific_service"] = _mainly_specific(purchase.need)
    if purchase.members:
        derived["joint"] = True
        derived["buyer_kind"] = _common_kind(purchase)
    return _case(purchase, derived)


def lot_cases(purchase: Purchase) -> tuple[Case, ...]:
    """One case a lot: the facts of the lot before those of the purchase, with the share of the small lots."""
    whole = whole_case(purchase)
    share = small_lots_share(purchase)
    return tuple(
        _case(
            whole,
            {
                **{name: own for name in FACT_NAMES if (own := getattr(lot, name)) is not None},
                "allotted": True,
                "lot_value": lot.estimated_value,
                "lot_type": lot.contract_type or whole.contract_type,
                "small_lot": lot.small_lot,
                "small_lots_share": share,
            },
        )
        for lot in purchase.lots
    )


def small_lots_share(purchase: Purchase) -> Decimal | None:
    """The value of the lots for which the small-lot rule is meant, over that of all lots; None while that is not said of each."""
    if not purchase.lots or any(lot.small_lot is None for lot in purchase.lots):
        return None
    whole = _sum(purchase.lots)
    return _sum(tuple(lot for lot in purchase.lots if lot.small_lot)) / whole if whole else Decimal(0)


def _sum(lots: tuple[Lot, ...]) -> Decimal:
    return sum((lot.estimated_value for lot in lots), Decimal(0))


def _case(source: "Case | Purchase", changes: dict[str, Any]) -> Case:
    names = (*FACT_NAMES, "launched_on", "contract_type", "buyer_kind", "value", "duration_months", "allotted")
    return Case(**{name: getattr(source, name) for name in names} | changes)


def with_facts(case: "Case | Purchase", changes: dict[str, Any]) -> Case:
    """The case with some facts changed, whatever else the purchase says: for asking "what if", never for a document."""
    if isinstance(case, Case):
        return case.evolve(**changes)
    return _case(case, changes)


def main_type(need: Need) -> ContractType | None:
    """L1111-5: services or supplies by the larger value; whether works are the main object is for the buyer to say."""
    sums = {kind: Decimal(0) for kind in ContractType}
    for part in need.parts:
        sums[part.contract_type] += part.value
    present = [kind for kind, amount in sums.items() if amount]
    if len(present) == 1:
        return present[0]
    if sums[ContractType.WORKS] or sums[ContractType.SUPPLIES] == sums[ContractType.SERVICES]:
        return None
    return max(sums, key=lambda kind: sums[kind])


def _mainly_specific(need: Need) -> bool | None:
    """R2123-2: a mixed contract follows the category of higher value; if that cannot be told, the ordinary rules."""
    parts = need.parts
    if all(part.specific_service is None for part in parts):
        return None
    specific = sum((part.value for part in parts if part.specific_service), Decimal(0))
    return specific * 2 > sum((part.value for part in parts), Decimal(0))


def _common_kind(purchase: Purchase) -> BuyerKind | None:
    """That of the purchase's buyer (the coordinator), if given; else the kind of the members, where it is one.

    Local buyers of several kinds (a commune and its EPT) are local buyers: the law does not distinguish them.
    """
    if purchase.buyer_kind is not None:
        return purchase.buyer_kind
    kinds = {member.buyer.kind for member in purchase.members}
    if len(kinds) == 1:
        return kinds.pop()
    return None if kinds & _NOT_LOCAL else BuyerKind.OTHER_LOCAL
