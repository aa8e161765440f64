"""The lots of a purchase under a law: one case each, and which of them must still say whether they use the small-lot rule."""

from decimal import Decimal
from typing import TYPE_CHECKING

from attrs import evolve

from qmi_rules.model import Case, Purchase, lot_cases, small_lots_share, small_lots_value

if TYPE_CHECKING:
    from qmi_rules.law.in_force import LawInForce


def lots_under(law: "LawInForce", purchase: Purchase) -> tuple[tuple[Case, ...], tuple[int, ...]]:
    """One case a lot, as `lot_cases` has it, and the places of the lots that must still say whether they use the small-lot rule.

    The share of the small lots is known once each of those says so: any other silent lot cannot use the rule.
    """
    cases = lot_cases(purchase)
    whole = sum((lot.estimated_value for lot in purchase.lots), Decimal(0))
    meant = sum((lot.estimated_value for lot in purchase.lots if lot.small_lot), Decimal(0))
    silent = [i for i, case in enumerate(cases) if case.small_lot is None]
    asked = tuple(i for i in silent if _may_use_it(law, cases[i], meant, whole))
    if not silent or asked:
        return cases, asked
    said = purchase.evolve(lots=[evolve(lot, small_lot=bool(lot.small_lot)) for lot in purchase.lots])
    share, together = small_lots_share(said), small_lots_value(said)
    return tuple(evolve(case, small_lots_share=share, small_lots_value=together) for case in cases), asked


def _may_use_it(law: "LawInForce", case: Case, meant: Decimal, whole: Decimal) -> bool:
    """Whether the rule may open something for a lot that it would not have otherwise, were it the last to use it."""
    assert case.lot_value is not None
    share = (meant + case.lot_value) / whole if whole else Decimal(0)
    used = evolve(case, small_lot=True, small_lots_share=share)
    return law.evaluate(used) != law.evaluate(evolve(case, small_lot=False))
