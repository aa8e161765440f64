"""The lots of a purchase as cases under one law: a lot for which the small-lot rule can open nothing is not asked whether it uses it."""

from decimal import Decimal
from typing import TYPE_CHECKING

from attrs import evolve

from qmi_rules.contexts import Case, Purchase, lot_cases, small_lots_share

if TYPE_CHECKING:
    from qmi_rules.law.in_force import LawInForce


def lot_cases_under(law: "LawInForce", purchase: Purchase) -> tuple[Case, ...]:
    """One case a lot, as `lot_cases` has it; the share of the small lots is known once each lot that may be one says so."""
    cases = lot_cases(purchase)
    idle = {i for i, case in enumerate(cases) if case.small_lot is None and not may_be_small(law, case)}
    if not idle:
        return cases
    lots = [evolve(lot, small_lot=False) if i in idle else lot for i, lot in enumerate(purchase.lots)]
    share = small_lots_share(purchase.evolve(lots=lots))
    return tuple(evolve(case, small_lots_share=share) for case in cases)


def may_be_small(law: "LawInForce", case: Case) -> bool:
    """Whether the small-lot rule may open something for a lot that it would not have otherwise."""
    used = evolve(case, small_lot=True, small_lots_share=Decimal(0))
    return law.evaluate(used) != law.evaluate(evolve(case, small_lot=False))
