"""How grants may be added up: the limits that bind a project, in cents, and where wishes exceed them."""

from collections.abc import Collection, Iterable, Iterator
from decimal import ROUND_CEILING, ROUND_DOWN, Decimal
from enum import StrEnum
from types import SimpleNamespace

from attrs import frozen

from qmi_rules.funding.eligibility import CENT, Eligibility, SchemeFunding, examinations_of, least_sure
from qmi_rules.funding.optimum import Allocation, Bounds, excluded
from qmi_rules.funding.schemes import Applicant, LimitKind, SchemeTable, StackingLimit
from qmi_rules.law import Certainty, LawInForce, Source
from qmi_rules.law.truth import Truth, disjunction
from qmi_rules.model.project import Project
from qmi_rules.pages import message
from qmi_rules.schema import Wording

_COST = message("Le coût du projet")
_COST_ADVICE = message("Réduisez une subvention : l'aide ne dépasse jamais le coût.")


class FondsDeConcours(StrEnum):
    """How to read the open question whether the Métropole's aid is a fonds de concours in law."""

    NOT_BINDING = "not_binding"
    BINDING = "binding"


class WishConflictCode(StrEnum):
    """What is wrong with the wishes."""

    OWN_SHARE_TOO_SMALL = "own_share_too_small"
    AID_EXCEEDS_COST = "aid_exceeds_cost"
    JOINT_CEILING_EXCEEDED = "joint_ceiling_exceeded"
    EXCLUSIVE_SCHEMES = "exclusive_schemes"
    FONDS_DE_CONCOURS_TOO_LARGE = "fonds_de_concours_too_large"
    SCHEME_NOT_ELIGIBLE = "scheme_not_eligible"
    SCHEME_UNDETERMINED = "scheme_undetermined"
    AMOUNT_UNKNOWN = "amount_unknown"
    CEILING_EXCEEDED = "ceiling_exceeded"
    NO_STATE_AID_BASIS = "no_state_aid_basis"


@frozen(kw_only=True)
class WishConflict:
    """Where the wishes exceed what is allowed, or cannot be counted.

    Attributes:
        code: What is wrong.
        limit: Id of the limit; None where it is no limit on the sum.
        label: What the limit or scheme is called, French.
        schemes: The schemes and grants concerned.
        amount: What was wished, EUR.
        allowed: What is allowed, EUR.
        missing: Paths of the facts that would settle whether the limit binds.
        advice: What to do, French.
        legal_basis: What it rests on.
        certainty: How sure the limit is.
    """

    code: WishConflictCode
    limit: str | None = None
    label: Wording
    schemes: tuple[str, ...] = ()
    amount: Decimal | None = None
    allowed: Decimal | None = None
    missing: tuple[str, ...] = ()
    advice: Wording = ""
    legal_basis: tuple[Source, ...] = ()
    certainty: Certainty | None = None


@frozen(kw_only=True)
class ExcludedScheme:
    """A scheme that may be asked for and stands outside the plan, because it cannot be added to one that the plan holds.

    Attributes:
        scheme: Id of the scheme.
        label: Its name, French.
        amount: The grant it would bring alone, EUR.
        beside: Ids of the schemes of the plan that it cannot stand beside.
        limit: Id of the limit that says so.
        legal_basis: What it rests on.
        certainty: How sure the limit is.
    """

    scheme: str
    label: Wording
    amount: Decimal
    beside: tuple[str, ...]
    limit: str
    legal_basis: tuple[Source, ...]
    certainty: Certainty


@frozen(kw_only=True)
class BindingLimit:
    """A limit that binds a project, or may bind it: where a fact is missing the stricter answer is taken.

    Attributes:
        limit: The limit.
        share: Its share, where it has one.
        missing: Paths of the facts that would settle whether it binds.
        sources: What it rests on.
        certainty: How sure it is.
    """

    limit: StackingLimit
    share: Decimal
    missing: tuple[str, ...]
    sources: tuple[Source, ...]
    certainty: Certainty


def binding_limits(case: SimpleNamespace, table: SchemeTable, law: LawInForce) -> tuple[BindingLimit, ...]:
    """The limits in force whose rows hold, or might hold once a missing fact is filled."""
    found = []
    for limit in table.limits.values():
        rows = examinations_of(limit.id, case, law)
        truth = disjunction([row.truth for row in rows]) if rows else Truth.NO
        value = law.limit(limit.share) if limit.share else None
        amounts = value.amounts if value else (Decimal(0),)
        # a limit that may bind is applied: once the fact is known the plan can only get better
        if truth is Truth.NO or not amounts:
            continue
        telling = [row for row in rows if row.truth is truth]
        bases = dict.fromkeys((*(row.row.legal_basis for row in telling), *(value.basis if value else ())))
        sure = least_sure((telling[0].row.certainty, value.certainty if value else None))
        # where the sources of a share disagree, the stricter reading
        strict = max(amounts) if limit.kind is LimitKind.OWN_SHARE else min(amounts)
        found.append(
            BindingLimit(
                limit=limit,
                share=strict,
                missing=tuple(dict.fromkeys(path for row in telling for path in row.missing)),
                sources=tuple(law.table.sources[basis] for basis in bases),
                certainty=sure or telling[0].row.certainty,
            )
        )
    return tuple(found)


def own_share_minimum(project: Project, limits: Iterable[BindingLimit]) -> Decimal:
    """The least that the commune must pay, EUR, rounded up: a share of all public money, its own included."""
    shares = [limit.share for limit in limits if limit.limit.kind is LimitKind.OWN_SHARE]
    # rounded up, as grants are rounded down: no cent may be missing
    return (max(shares, default=Decimal(0)) * _public_money(project)).quantize(CENT, ROUND_CEILING)


def bounds_of(project: Project, limits: tuple[BindingLimit, ...], reading: FondsDeConcours) -> Bounds:
    """The limits of a project in cents, under one reading of the open question."""
    public = _public_money(project)
    kinds = {limit.limit.kind for limit in limits}
    return Bounds(
        public=cents(public),
        total=cents(public - own_share_minimum(project, limits)),
        joint=tuple(
            (frozenset(limit.limit.families), cents((limit.share * project.cost).quantize(CENT, ROUND_DOWN)))
            for limit in limits
            if limit.limit.kind is LimitKind.JOINT_CEILING
        ),
        alone=tuple(
            (limit.limit.schemes, frozenset(limit.limit.families))
            for limit in limits
            if limit.limit.kind is LimitKind.ONE_OF
        ),
        fonds_de_concours_binds=reading is FondsDeConcours.BINDING and LimitKind.FONDS_DE_CONCOURS in kinds,
    )


def _public_money(project: Project) -> Decimal:
    """What the public pays of a project, the commune's own share included."""
    return project.cost - (project.private_funding or Decimal(0))


def cents(amount: Decimal) -> int:
    """An amount in whole cents."""
    return int(amount * 100)


def euros(amount: int) -> Decimal:
    """Cents as an amount with two decimals."""
    return (Decimal(amount) / 100).quantize(CENT)


def stacking_conflicts(wished: Allocation, limits: tuple[BindingLimit, ...], bounds: Bounds) -> list[WishConflict]:
    """Every limit that the wishes exceed, with what is allowed."""
    conflicts = [conflict for limit in limits for conflict in _exceeded(wished, limit, bounds)]
    if wished.total > bounds.public:
        conflicts.append(
            WishConflict(
                code=WishConflictCode.AID_EXCEEDS_COST,
                label=_COST,
                schemes=_names(wished),
                amount=euros(wished.total),
                allowed=euros(bounds.public),
                advice=_COST_ADVICE,
                certainty=Certainty.CONFIRMED,
            )
        )
    return conflicts


def _exceeded(wished: Allocation, binding: BindingLimit, bounds: Bounds) -> list[WishConflict]:
    limit = binding.limit
    own = bounds.public - wished.total

    def conflict(
        code: WishConflictCode, names: tuple[str, ...], amount: int | None, allowed: int | None
    ) -> WishConflict:
        return WishConflict(
            code=code,
            limit=limit.id,
            label=limit.label,
            schemes=names,
            amount=None if amount is None else euros(amount),
            allowed=None if allowed is None else euros(allowed),
            missing=binding.missing,
            advice=limit.advice,
            legal_basis=binding.sources,
            certainty=binding.certainty,
        )

    match limit.kind:
        case LimitKind.OWN_SHARE:
            least = cents((binding.share * euros(bounds.public)).quantize(CENT, ROUND_CEILING))
            if own < least:
                most = bounds.public - least
                return [conflict(WishConflictCode.OWN_SHARE_TOO_SMALL, _names(wished), wished.total, most)]
        case LimitKind.JOINT_CEILING:
            shares = [share for share in wished.shares if share.wish.family in limit.families]
            most = next(most for families, most in bounds.joint if families == frozenset(limit.families))
            if (amount := sum(share.amount for share in shares)) > most:
                return [
                    conflict(WishConflictCode.JOINT_CEILING_EXCEEDED, _names(Allocation(tuple(shares))), amount, most)
                ]
        case LimitKind.ONE_OF:
            if beside := excluded(wished, limit.schemes, frozenset(limit.families)):
                names = tuple(sorted(wish.name for wish in beside))
                return [conflict(WishConflictCode.EXCLUSIVE_SCHEMES, names, None, None)]
        case LimitKind.FONDS_DE_CONCOURS if bounds.fonds_de_concours_binds:
            shares = [share for share in wished.shares if share.wish.fonds_de_concours]
            if (amount := sum(share.amount for share in shares)) > own:
                names = _names(Allocation(tuple(shares)))
                allowed = max(own + amount, 0) // 2  # as much for the one as for the other
                return [conflict(WishConflictCode.FONDS_DE_CONCOURS_TOO_LARGE, names, amount, allowed)]
        case _:
            pass
    return []


def exclusions(
    held: Collection[str], schemes: tuple[SchemeFunding, ...], limits: tuple[BindingLimit, ...], table: SchemeTable
) -> Iterator[ExcludedScheme]:
    """The schemes that may be asked for and that a plan leaves out because they exclude one of those that it holds."""
    for binding in limits:
        limit = binding.limit
        if limit.kind is not LimitKind.ONE_OF:
            continue
        bound = {one.id for one in table.schemes.values() if one.family in limit.families or one.id in limit.schemes}
        for funding in schemes:
            if funding.scheme not in bound.difference(held) or funding.actor is Applicant.COMPANY or not funding.amount:
                continue
            others = bound if funding.scheme in limit.schemes else set(limit.schemes)
            if funding.status is Eligibility.ELIGIBLE and (beside := sorted(others.intersection(held))):
                yield ExcludedScheme(
                    scheme=funding.scheme,
                    label=funding.label,
                    amount=funding.amount,
                    beside=tuple(beside),
                    limit=limit.id,
                    legal_basis=binding.sources,
                    certainty=binding.certainty,
                )


def _names(allocation: Allocation) -> tuple[str, ...]:
    return tuple(sorted(share.wish.name for share in allocation.shares))
