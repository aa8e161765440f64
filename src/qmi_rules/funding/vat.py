"""The plan with VAT, and what the FCTVA might give back of it."""

from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

from attrs import frozen

from qmi_rules.contexts.project import Project
from qmi_rules.funding.eligibility import CENT
from qmi_rules.funding.plan import Plan
from qmi_rules.funding.scheme_funding import SchemeFunding, Status
from qmi_rules.law import Certainty, LawInForce

VAT_REFUND = "fctva"
"""Id of the scheme that gives VAT back."""


@frozen(kw_only=True)
class WithVat:
    """The plan with VAT. What may come back is a caution, never a promise.

    Attributes:
        rate: VAT rate.
        cost: Cost incl. VAT, EUR.
        own_share: What the commune pays out, VAT included, EUR.
        recovery: What the FCTVA might give back later, EUR; None where it does not apply or is not known.
        recovery_certainty: How sure its rate is.
    """

    rate: Decimal
    cost: Decimal
    own_share: Decimal
    recovery: Decimal | None
    recovery_certainty: Certainty | None


def with_vat(project: Project, plan: Plan, schemes: tuple[SchemeFunding, ...], law: LawInForce) -> WithVat | None:
    """A plan with VAT; None where the project gives no rate."""
    if project.vat_rate is None:
        return None
    cost = (project.cost * (1 + project.vat_rate)).quantize(CENT, ROUND_HALF_UP)
    refund = next((f for f in schemes if f.scheme == VAT_REFUND and f.status is Status.ELIGIBLE), None)
    rate = law.amount(f"{VAT_REFUND}.rate") if refund else None
    return WithVat(
        rate=project.vat_rate,
        cost=cost,
        own_share=cost - plan.private_funding - plan.grants_total,
        recovery=None if rate is None else (cost * rate / 100).quantize(CENT, ROUND_DOWN),
        recovery_certainty=None if rate is None else law.limit(f"{VAT_REFUND}.rate").certainty,
    )
