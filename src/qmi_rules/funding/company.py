"""The company's side: its size, what it asks for and receives, and the grounds of State aid that must bear it."""

from datetime import date
from decimal import ROUND_DOWN, Decimal
from types import SimpleNamespace

from attrs import evolve, frozen

from qmi_rules.funding.eligibility import CENT, Eligibility, SchemeFunding, examinations_of, least_sure
from qmi_rules.funding.plan import Totals, refusal
from qmi_rules.funding.schemes import SchemeTable, StateAidBasis
from qmi_rules.funding.stacking import WishConflict, WishConflictCode
from qmi_rules.law import Certainty, LawInForce, Source
from qmi_rules.law.truth import Truth, disjunction
from qmi_rules.model.project import Supplier
from qmi_rules.pages import message
from qmi_rules.schema import Wording

_NO_BASIS = message(
    "Faites dire par le financeur sur quelle base d'aide d'État il se fonde, et gardez sa réponse au dossier."
)


@frozen(kw_only=True)
class StateAid:
    """A ground of State aid on the day.

    Attributes:
        basis: Id of the ground.
        label: Its name, French.
        in_force: Whether it is in force on the day.
        until: Last day known.
        ceiling: The most that a firm may receive on it, EUR; None = no such sum.
        received: What the firm already received on it, EUR; None = not known.
        room: What is left, EUR; None = not known.
        note: What to know, French.
        certainty: How sure it is.
        legal_basis: What it rests on.
    """

    basis: str
    label: Wording
    in_force: bool
    until: date | None
    ceiling: Decimal | None
    received: Decimal | None
    room: Decimal | None
    note: Wording
    certainty: Certainty | None
    legal_basis: tuple[Source, ...]


def ground_of(basis: StateAidBasis, supplier: Supplier, table: SchemeTable, law: LawInForce) -> StateAid:
    """One ground on the day of a law, with what a firm already received on it."""
    rows = table.rows_of(basis.id)
    value = law.limit(basis.ceiling) if basis.ceiling else None
    ceiling = law.amount(basis.ceiling) if basis.ceiling else None
    received = supplier.de_minimis_received if basis.ceiling else None
    last = max(rows, key=lambda row: row.effective_from, default=None)
    bases = (*([last.legal_basis] if last else []), *(value.basis if value else ()))
    return StateAid(
        basis=basis.id,
        label=basis.label,
        in_force=bool(law.rules_of(basis.id)),
        until=last.effective_until if last else None,
        ceiling=ceiling,
        received=received,
        room=None if ceiling is None or received is None else max(ceiling - received, Decimal(0)),
        note=basis.note,
        certainty=least_sure((last.certainty if last else None, value.certainty if value else None)),
        legal_basis=tuple(law.table.sources[source] for source in dict.fromkeys(bases)),
    )


def grounds_exceeded(
    schemes: tuple[SchemeFunding, ...], grounds: tuple[StateAid, ...], totals: Totals
) -> list[WishConflict]:
    """No ground in force is wide enough: all those in force have a ceiling, and what is known to be aid exceeds the room.

    Grants alone are known to be aid; the equivalent of an advance adds to them where it is known.
    """
    # until the funder has worked out the equivalent of an advance, only the grants are sure to be aid
    aid = totals.gross_grant_equivalent or totals.grants
    in_force = [ground for ground in grounds if ground.in_force]
    if not aid or any(ground.ceiling is None for ground in in_force):
        return []
    room = max(
        ((ground.ceiling if ground.room is None else ground.room) or Decimal(0) for ground in in_force),
        default=Decimal(0),
    )
    if aid <= room:
        return []
    return [
        WishConflict(
            code=WishConflictCode.NO_STATE_AID_BASIS,
            label=message("Bases d'aide d'État"),
            schemes=tuple(funding.scheme for funding in schemes if funding.counted),
            amount=aid,
            allowed=room,
            advice=_NO_BASIS,
            legal_basis=tuple(source for ground in grounds for source in ground.legal_basis),
            certainty=in_force[0].certainty if in_force else None,
        )
    ]


LARGE = "large"
_TOO_MUCH = message("Demandez au plus le plafond.")


@frozen(kw_only=True)
class CompanySide:
    """What concerns the company: it applies for its own aid, which never enters the commune's plan.

    Attributes:
        size: ``micro``, ``sme``, ``eti`` or ``large``; None = not known.
        size_label: Its name, French.
        possible_sizes: The sizes that the figures given leave open.
        missing: Paths of the figures that would settle the size.
        linked_firms: As the user said; None = not known, and the figures may then be too small.
        state_aid: The grounds on which its aid may rest.
        totals: What it would receive.
    """

    size: str | None
    size_label: Wording | None
    possible_sizes: tuple[str, ...]
    missing: tuple[str, ...]
    linked_firms: bool | None
    state_aid: tuple[StateAid, ...]
    totals: Totals


def company_size(case: SimpleNamespace, table: SchemeTable, law: LawInForce) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The sizes that a firm's figures leave possible, and the paths of the figures that would settle it."""
    possible: list[str] = []
    missing: list[str] = []
    for size in table.sizes:
        rows = examinations_of(size.rows, case, law)
        truth = disjunction([row.truth for row in rows]) if rows else Truth.UNDETERMINED
        if truth is not Truth.NO:
            possible.append(size.id)
        if truth is Truth.YES:  # the sizes lie one within the next: the smallest that holds is the size
            break
        missing += [path for row in rows for path in row.missing]
    else:  # no row says large: it is what none of the sizes is
        possible.append(LARGE)
    return tuple(possible), tuple(dict.fromkeys(missing)) if len(possible) > 1 else ()


def company_side(
    supplier: Supplier,
    schemes: tuple[SchemeFunding, ...],
    case: SimpleNamespace,
    table: SchemeTable,
    law: LawInForce,
) -> CompanySide:
    """Size, grounds and totals of the company."""
    possible, missing = company_size(case, table, law)
    size = possible[0] if len(possible) == 1 else None
    labels = {one.id: one.label for one in table.sizes} | {LARGE: message("grande entreprise")}
    return CompanySide(
        size=size,
        size_label=labels[size] if size else None,
        possible_sizes=possible,
        missing=missing,
        linked_firms=supplier.linked_firms,
        state_aid=tuple(ground_of(basis, supplier, table, law) for basis in table.state_aid),
        totals=_totals(supplier, schemes),
    )


def asked_for(funding: SchemeFunding, supplier: Supplier) -> SchemeFunding:
    """A company scheme with what the company asks for, at most what its known limits allow; nothing asked, nothing counted."""
    if funding.status is not Eligibility.ELIGIBLE:
        return funding
    return evolve(
        funding,
        amount=_at_most(supplier.grant_asked, funding.at_most),
        advance=_at_most(supplier.advance_asked, funding.advance_ceiling),
        counted=supplier.grant_asked is not None or supplier.advance_asked is not None,
    )


def company_conflicts(supplier: Supplier, schemes: tuple[SchemeFunding, ...], side: CompanySide) -> list[WishConflict]:
    """Where the company asks for more than a scheme gives, or than the grounds of State aid in force allow."""
    conflicts = []
    for funding in schemes:
        if not funding.counted:
            continue
        for asked, most in (
            (supplier.grant_asked, funding.at_most),
            (supplier.advance_asked, funding.advance_ceiling),
        ):
            if asked is not None and most is not None and asked > most:
                conflict = refusal(WishConflictCode.CEILING_EXCEEDED, funding, _TOO_MUCH, asked)
                conflicts.append(evolve(conflict, allowed=most, certainty=funding.amount_certainty))
    return conflicts + grounds_exceeded(schemes, side.state_aid, side.totals)


def _at_most(asked: Decimal | None, most: Decimal | None) -> Decimal | None:
    if asked is None or most is None:  # where the limit is not known, nothing is granted
        return None
    return min(asked, most).quantize(CENT, ROUND_DOWN)


def _totals(supplier: Supplier, schemes: tuple[SchemeFunding, ...]) -> Totals:
    counted = [funding for funding in schemes if funding.counted]
    grants = sum((funding.amount or Decimal(0) for funding in counted), Decimal(0)).quantize(CENT)
    advances = sum((funding.advance or Decimal(0) for funding in counted), Decimal(0)).quantize(CENT)
    equivalent = supplier.advance_grant_equivalent if advances else Decimal(0)
    return Totals(
        grants=grants,
        advances=advances,
        gross_grant_equivalent=None if equivalent is None else (grants + equivalent).quantize(CENT),
    )
