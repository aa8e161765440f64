"""Plans of one project: what they may hold, the best one, the others worth a look, and what is left to the commune."""

from collections.abc import Mapping
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from enum import StrEnum

from attrs import evolve, field, frozen

from qmi_rules.funding.eligibility import CENT, Eligibility, SchemeFunding
from qmi_rules.funding.optimum import Allocation, Bounds, Search, Wish, keeps, schemes_first, search
from qmi_rules.funding.schemes import Aid, Applicant, Scheme, SchemeTable
from qmi_rules.funding.stacking import (
    BindingLimit,
    FondsDeConcours,
    WishConflict,
    WishConflictCode,
    bounds_of,
    cents,
    euros,
    own_share_minimum,
)
from qmi_rules.law import Certainty, LawInForce, Source
from qmi_rules.model.project import Grant, Project
from qmi_rules.pages import message
from qmi_rules.read_only import to_read_only
from qmi_rules.schema import Wording

_NOT_ELIGIBLE = message("Retirez ce dispositif des souhaits, ou corrigez les faits qui l'excluent.")
_UNDETERMINED = message("Renseignez les faits qui manquent ; tant qu'ils manquent, rien n'est compté.")
_AMOUNT_UNKNOWN = message("Inscrivez le montant parmi les autres subventions quand le financeur l'a donné.")
_NO_GRANT = message("Ce dispositif ne donne pas de subvention à la commune ; il n'entre pas dans le plan.")
_CEILING = message("Le montant au-delà du plafond n'est pas compté.")


class Why(StrEnum):
    """Why a plan is shown."""

    LARGEST_TOTAL = "largest_total"
    CUTS_OTHER_GRANTS = "cuts_other_grants"
    FEWER_FILES = "fewer_files"
    OTHER_CHOICE = "other_choice"


@frozen(kw_only=True)
class PlannedGrant:
    """One grant of a plan.

    Attributes:
        name: Id of the scheme, or the name that the user gave.
        label: The name to show, French for a scheme.
        amount: What it brings in this plan, EUR.
        wished: What it would bring alone, EUR.
        scheme: Id of its scheme; None = of no scheme of the table.
    """

    name: str
    label: Wording
    amount: Decimal
    wished: Decimal
    scheme: str | None = None


@frozen(kw_only=True)
class PaymentPlan:
    """Who pays what. Aid is rounded down to the cent, the minimum own share up.

    Attributes:
        why: Why this plan is shown.
        grants: Public grants to the commune.
        grants_total: Their sum, EUR.
        private_funding: Private money, EUR.
        own_share: What is left to the commune, EUR HT.
        own_share_minimum: The least that it must pay, EUR; 0 where no rule binds.
        admissible: Every limit known is kept.
        files: How many grants must be asked for.
    """

    why: Why
    grants: tuple[PlannedGrant, ...]
    grants_total: Decimal
    private_funding: Decimal
    own_share: Decimal
    own_share_minimum: Decimal
    admissible: bool
    files: int


@frozen(kw_only=True)
class PlanReading:
    """The best plan under one reading of an open question.

    Attributes:
        fonds_de_concours: The reading.
        plan: The best admissible plan under it.
    """

    fonds_de_concours: FondsDeConcours
    plan: PaymentPlan


@frozen(kw_only=True)
class Totals:
    """Money to one actor, kept apart by kind: an advance is repaid, so it is no grant.

    Attributes:
        grants: EUR.
        advances: Recoverable advances, EUR.
        gross_grant_equivalent: What counts as aid: grants, and of advances their gross grant equivalent, EUR; None where
            that of an advance is not known.
    """

    grants: Decimal
    advances: Decimal
    gross_grant_equivalent: Decimal | None


@frozen(kw_only=True)
class Planner:
    """The wishes of one project and the limits that bind it.

    Attributes:
        project: The project.
        limits: The limits that bind it.
        wishes: What its plans may hold.
        schemes: The schemes by id.
    """

    project: Project
    limits: tuple[BindingLimit, ...]
    wishes: tuple[Wish, ...]
    schemes: Mapping[str, Scheme] = field(converter=to_read_only)
    _found: dict[Bounds, Search] = field(factory=dict, init=False, eq=False, repr=False)

    def bounds(self, reading: FondsDeConcours) -> Bounds:
        """The limits in cents under one reading of the open question."""
        return bounds_of(self.project, self.limits, reading)

    def found(self, reading: FondsDeConcours) -> Search:
        """What the search finds under one reading; both readings are one search where they do not differ."""
        bounds = self.bounds(reading)
        if bounds not in self._found:
            self._found[bounds] = search(self.wishes, bounds)
        return self._found[bounds]

    def best(self, reading: FondsDeConcours) -> PaymentPlan:
        """The admissible plan with the largest total, and of these one with the fewest files."""
        return self.shown(self.found(reading).frontier[0], reading)

    def alternatives(self, reading: FondsDeConcours) -> tuple[PaymentPlan, ...]:
        """Other admissible plans: with the cut elsewhere, with fewer files, with another choice among exclusive schemes."""
        best, *fewer = self.found(reading).frontier
        moved = schemes_first(best, self.bounds(reading))
        same = moved.total == best.total and moved.files == best.files
        others = [
            *([(moved, Why.CUTS_OTHER_GRANTS)] if same else []),
            *((allocation, Why.FEWER_FILES) for allocation in fewer),
            *((allocation, Why.OTHER_CHOICE) for allocation in self.found(reading).by_choice),
        ]
        plans = {_key(best): best}  # each is shown once, for the first reason there is
        why = dict[tuple[tuple[str, int], ...], Why]()
        for allocation, reason in others:
            if allocation.shares and _key(allocation) not in plans:
                plans[_key(allocation)], why[_key(allocation)] = allocation, reason
        return tuple(evolve(self.shown(plans[key], reading), why=reason) for key, reason in why.items())

    def shown(self, allocation: Allocation, reading: FondsDeConcours) -> PaymentPlan:
        """An allocation in euros."""
        private = (self.project.private_funding or Decimal(0)).quantize(CENT)
        total = euros(allocation.total)
        shares = sorted(
            allocation.shares,
            key=lambda share: (share.wish.given, share.wish.rank, -share.amount, share.wish.name),
        )
        return PaymentPlan(
            why=Why.LARGEST_TOTAL,
            grants=tuple(
                PlannedGrant(
                    name=share.wish.name,
                    label=share.wish.name if share.wish.given else self.schemes[share.wish.name].label,
                    amount=euros(share.amount),
                    wished=euros(share.wish.most),
                    scheme=share.wish.scheme,
                )
                for share in shares
            ),
            grants_total=total,
            private_funding=private,
            own_share=(self.project.cost - private - total).quantize(CENT),
            own_share_minimum=own_share_minimum(self.project, self.limits),
            admissible=keeps(allocation, self.bounds(reading)),
            files=allocation.files,
        )


def _key(allocation: Allocation) -> tuple[tuple[str, int], ...]:
    return tuple(sorted((share.wish.name, share.amount) for share in allocation.shares))


def wishes_of(
    project: Project, schemes: tuple[SchemeFunding, ...], table: SchemeTable
) -> tuple[tuple[Wish, ...], list[WishConflict]]:
    """What the plan may hold, and what was wished and cannot be counted."""
    by_id = {funding.scheme: funding for funding in schemes}
    given = {grant.scheme for grant in project.other_public_grants}
    wishes, conflicts = [], []
    for funding in schemes:
        if funding.counted and funding.actor is Applicant.COMMUNE and funding.amount is not None:
            wishes.append(_wish(funding.scheme, funding.amount, funding.scheme, table))
        elif funding.scheme in project.requested and funding.scheme not in given and (conflict := _refused(funding)):
            conflicts.append(conflict)
    for grant in project.other_public_grants:
        if grant.scheme is None:
            wishes.append(_own(grant))
            continue
        most, conflict = _given(grant, by_id[grant.scheme])
        if conflict:
            conflicts.append(conflict)
        wishes.append(evolve(_wish(grant.name, most, grant.scheme, table), given=True))
    return tuple(wishes), conflicts


def hopes_of(project: Project, schemes: tuple[SchemeFunding, ...], table: SchemeTable) -> tuple[Wish, ...] | None:
    """What a plan could hold if every open answer came out well; None where an open grant has no known limit."""
    by_id = {funding.scheme: funding for funding in schemes}
    given = {grant.scheme for grant in project.other_public_grants}
    found = []
    for funding in schemes:
        if (
            not funding.wanted
            or funding.actor is not Applicant.COMMUNE
            or funding.aid is not Aid.GRANT
            or funding.status is Eligibility.NOT_ELIGIBLE
            or funding.scheme in given
        ):
            continue
        most = funding.at_most if funding.amount is None else funding.amount
        if most is None:
            return None
        found.append(_wish(funding.scheme, most, funding.scheme, table))
    for grant in project.other_public_grants:
        if grant.scheme is None:
            found.append(_own(grant))
        elif (funding := by_id[grant.scheme]).status is not Eligibility.NOT_ELIGIBLE:
            bounds = [bound for bound in (funding.amount, funding.at_most, funding.ceiling) if bound is not None]
            most = min([grant.amount, *bounds])
            found.append(evolve(_wish(grant.name, most, grant.scheme, table), given=True))
    return tuple(found)


def _own(grant: Grant) -> Wish:
    return Wish(name=grant.name, most=cents(grant.amount), given=True)


def _wish(name: str, amount: Decimal, scheme: str, table: SchemeTable) -> Wish:
    definition = table.schemes[scheme]
    return Wish(
        name=name,
        most=cents(amount),
        family=definition.family,
        scheme=scheme,
        fonds_de_concours=definition.fonds_de_concours,
        rank=definition.rank,
    )


def _given(grant: Grant, funding: SchemeFunding) -> tuple[Decimal, WishConflict | None]:
    """What may be counted of a grant that the user says comes from a scheme."""
    if funding.status is Eligibility.NOT_ELIGIBLE:
        return Decimal(0), refusal(WishConflictCode.SCHEME_NOT_ELIGIBLE, funding, _NOT_ELIGIBLE, grant.amount)
    if funding.missing:  # where the table alone does not know, the user's word stands
        return Decimal(0), refusal(WishConflictCode.SCHEME_UNDETERMINED, funding, _UNDETERMINED, grant.amount)
    # the funder may give less than the table works out, never more
    known = [bound for bound in (funding.amount, funding.ceiling) if bound is not None]
    most = min(known, default=grant.amount)
    if grant.amount > most:
        conflict = refusal(WishConflictCode.CEILING_EXCEEDED, funding, _CEILING, grant.amount)
        return most, evolve(conflict, allowed=most)
    return grant.amount, None


def _refused(funding: SchemeFunding) -> WishConflict | None:
    match funding:
        case SchemeFunding(status=Eligibility.NOT_ELIGIBLE):
            return refusal(WishConflictCode.SCHEME_NOT_ELIGIBLE, funding, _NOT_ELIGIBLE, None)
        case SchemeFunding(status=Eligibility.UNDETERMINED):
            return refusal(WishConflictCode.SCHEME_UNDETERMINED, funding, _UNDETERMINED, None)
        case SchemeFunding(actor=Applicant.COMMUNE, amount=None):
            advice = _AMOUNT_UNKNOWN if funding.aid is Aid.GRANT else _NO_GRANT
            return refusal(WishConflictCode.AMOUNT_UNKNOWN, funding, advice, None)
        case _:
            return None


def refusal(code: WishConflictCode, funding: SchemeFunding, advice: str, amount: Decimal | None) -> WishConflict:
    """What is wrong with a wish that concerns one scheme."""
    return WishConflict(
        code=code,
        label=funding.label,
        schemes=(funding.scheme,),
        amount=amount,
        missing=funding.missing,
        advice=advice,
        legal_basis=funding.legal_basis,
        certainty=funding.certainty,
    )


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
        recovery_basis: What its rate rests on.
    """

    rate: Decimal
    cost: Decimal
    own_share: Decimal
    recovery: Decimal | None
    recovery_certainty: Certainty | None
    recovery_basis: tuple[Source, ...]


def with_vat(
    project: Project, plan: PaymentPlan, schemes: tuple[SchemeFunding, ...], law: LawInForce
) -> WithVat | None:
    """A plan with VAT; None where the project gives no rate."""
    if project.vat_rate is None:
        return None
    cost = (project.cost * (1 + project.vat_rate)).quantize(CENT, ROUND_HALF_UP)
    refund = next((f for f in schemes if f.scheme == VAT_REFUND and f.status is Eligibility.ELIGIBLE), None)
    rate = law.amount(f"{VAT_REFUND}.rate") if refund else None
    return WithVat(
        rate=project.vat_rate,
        cost=cost,
        own_share=cost - plan.private_funding - plan.grants_total,
        recovery=None if rate is None else (cost * rate / 100).quantize(CENT, ROUND_DOWN),
        recovery_certainty=None if rate is None else law.limit(f"{VAT_REFUND}.rate").certainty,
        recovery_basis=()
        if rate is None
        else tuple(law.table.sources[one] for one in law.limit(f"{VAT_REFUND}.rate").basis),
    )
