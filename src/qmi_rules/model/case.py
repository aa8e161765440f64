"""A case: the flat set of facts that the rows of the table are tested on, derived from a purchase or from one of its lots."""

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from attrs import field, frozen

from qmi_rules.model.buyer import (
    BUYER_KIND,
    CONTRACT_TYPE,
    EXCLUSION,
    INSTRUMENT,
    BuyerKind,
    ContractType,
    Exclusion,
    Instrument,
    to_buyer_kind,
    to_contract_type,
    to_exclusion,
    to_instrument,
)
from qmi_rules.model.need import Need
from qmi_rules.model.purchase import FACT_NAMES, Facts, Lot, Purchase, is_marked
from qmi_rules.schema.scalars import (
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

_LOCAL = frozenset(BuyerKind) - {BuyerKind.STATE, BuyerKind.UTILITY}


# with slots a decision would be a tenth quicker, and a case that is read from a document slower by far more
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
        exclusion: Why the contract is outside the rules of award.
        instrument: What is signed.
        local_authority: The buyer, as a utility, is a local authority or one of its bodies.
        cpv: CPV code of the object.
        small_lots_share: Value of all such lots over the value of all lots. A decimal quotient of 28 digits: amounts are
            below 1e12 in cents, so it is on the right side of 0.2 whenever the exact fraction is.
        small_lots_value: Value of all such lots together, EUR HT.
        marked: Something in it may call for a question that the table otherwise presumes answered.
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
    small_lots_value: Decimal | None = field(default=None, converter=to_optional_decimal, validator=optional(EUROS))

    exclusion: Exclusion | None = field(default=None, converter=to_exclusion, validator=EXCLUSION)
    instrument: Instrument | None = field(default=None, converter=to_instrument, validator=INSTRUMENT)
    local_authority: bool | None = field(default=None, validator=TRUTH)
    cpv: str | None = None

    marked: bool = field(init=False, eq=False, repr=False)

    simple: ClassVar[bool] = True

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "marked", is_marked(self))


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
    together, share = small_lots_value(purchase), small_lots_share(purchase)
    own = set(FACT_NAMES)
    if whole.contract_type not in (None, ContractType.SERVICES):
        # a lot of services in a contract whose main object is another follows that object: which list it is on is no matter
        own.discard("specific_service")
    return tuple(
        _case(
            whole,
            {
                **{name: said for name in FACT_NAMES if name in own and (said := getattr(lot, name)) is not None},
                "allotted": True,
                "lot_value": lot.estimated_value,
                "lot_type": lot.contract_type or whole.contract_type,
                "small_lot": lot.small_lot,
                "small_lots_share": share,
                "small_lots_value": together,
            },
        )
        for lot in purchase.lots
    )


def small_lots_share(purchase: Purchase) -> Decimal | None:
    """The value of the lots for which the small-lot rule is meant, over that of all lots; None while that is not said of each."""
    together = small_lots_value(purchase)
    if together is None:
        return None
    whole = _sum(purchase.lots)
    return together / whole if whole else Decimal(0)


def small_lots_value(purchase: Purchase) -> Decimal | None:
    """The value of the lots for which the small-lot rule is meant, EUR HT; None while that is not said of each."""
    if not purchase.lots or any(lot.small_lot is None for lot in purchase.lots):
        return None
    return _sum(tuple(lot for lot in purchase.lots if lot.small_lot))


def _sum(lots: tuple[Lot, ...]) -> Decimal:
    return sum((lot.estimated_value for lot in lots), Decimal(0))


def _case(source: "Case | Purchase", changes: dict[str, Any]) -> Case:
    names = (*FACT_NAMES, "launched_on", "contract_type", "buyer_kind", "value", "duration_months", "allotted")
    names += ("exclusion", "instrument", "local_authority", "cpv")
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
    if sums[ContractType.WORKS]:
        return None
    # services where they are worth more than the supplies: equal halves are supplies
    return ContractType.SERVICES if sums[ContractType.SERVICES] > sums[ContractType.SUPPLIES] else ContractType.SUPPLIES


def _mainly_specific(need: Need) -> bool | None:
    """R2123-2: a mixed contract follows the category of higher value; if that cannot be told, the ordinary rules."""
    parts = need.parts
    if all(part.specific_service is None for part in parts):
        return None
    specific = sum((part.value for part in parts if part.specific_service), Decimal(0))
    return specific * 2 > sum((part.value for part in parts), Decimal(0))


def _common_kind(purchase: Purchase) -> BuyerKind | None:
    """The kind of the members and of the coordinator, where it is one; of several the one with the lowest thresholds.

    No text says whose threshold decides where they differ: the lowest is the cautious reading, and a warning says so. Local
    buyers of several kinds (a commune and its EPT) are local buyers: the law does not distinguish them.
    """
    kinds = member_kinds(purchase)
    if len(kinds) == 1:
        return next(iter(kinds))
    if None in kinds:
        return None
    if BuyerKind.STATE in kinds:
        return BuyerKind.STATE
    return next((kind for kind in (purchase.buyer_kind,) if kind in _LOCAL), BuyerKind.OTHER_LOCAL)


def member_kinds(purchase: Purchase) -> frozenset[BuyerKind | None]:
    """The kinds of all who buy: the members, and the coordinator where one is named."""
    coordinator = () if purchase.buyer_kind is None else (purchase.buyer_kind,)
    return frozenset((*coordinator, *(member.buyer.kind for member in purchase.members)))


def kinds_differ(purchase: Purchase) -> bool:
    """Whether the buyers of a joint purchase are of kinds that the thresholds tell apart."""
    groups = {"local" if kind in _LOCAL else kind for kind in member_kinds(purchase) if kind is not None}
    return bool(purchase.members) and len(groups) > 1
