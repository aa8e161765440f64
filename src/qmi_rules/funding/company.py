"""The company's side: its size, the grounds of State aid, and what it asks for."""

from datetime import date
from decimal import ROUND_DOWN, Decimal
from types import SimpleNamespace

from attrs import evolve

from qmi_rules.contexts.project import Supplier
from qmi_rules.findings import Truth, disjunction
from qmi_rules.funding.eligibility import CENT, examinations_of
from qmi_rules.funding.results import (
    CompanySide,
    Conflict,
    ConflictCode,
    SchemeFunding,
    StateAid,
    Status,
    Totals,
)
from qmi_rules.funding.shelf import SchemeTable
from qmi_rules.law import LawInForce
from qmi_rules.text import message

LARGE = "large"
_LARGE_LABEL = message("grande entreprise")
_NO_BASIS = message(
    "Faites dire par le financeur sur quelle base d'aide d'État il se fonde, et gardez sa réponse au dossier."
)
_TOO_MUCH = message("Demandez au plus le plafond.")


def company_size(case: SimpleNamespace, table: SchemeTable, law: LawInForce) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The sizes that a firm's figures leave possible, and the paths of the figures that would settle it."""
    possible: list[str] = []
    missing: list[str] = []
    for size in table.sizes:
        rows = examinations_of(size.rows, case, law)
        truth = disjunction([row.truth for row in rows]) if rows else Truth.UNDETERMINED
        if truth is not Truth.NO:
            possible.append(size.id)
        if truth is Truth.YES:
            break
        missing += [path for row in rows for path in row.missing]
    else:
        possible.append(LARGE)
    return tuple(possible), tuple(dict.fromkeys(missing)) if len(possible) > 1 else ()


def company_side(
    supplier: Supplier,
    schemes: tuple[SchemeFunding, ...],
    case: SimpleNamespace,
    table: SchemeTable,
    law: LawInForce,
    on: date,
) -> CompanySide:
    """Size, grounds and totals of the company."""
    possible, missing = company_size(case, table, law)
    size = possible[0] if len(possible) == 1 else None
    labels = {one.id: one.label for one in table.sizes} | {LARGE: _LARGE_LABEL}
    return CompanySide(
        size=size,
        size_label=labels[size] if size else None,
        possible_sizes=possible,
        missing=missing,
        linked_firms=supplier.linked_firms,
        state_aid=tuple(_ground(basis.id, supplier, table, law, on) for basis in table.state_aid),
        totals=_totals(supplier, schemes),
    )


def asked_for(funding: SchemeFunding, supplier: Supplier) -> SchemeFunding:
    """A company scheme with what the company asks for, at most what its known limits allow; nothing asked, nothing counted."""
    if funding.status is not Status.ELIGIBLE:
        return funding
    return evolve(
        funding,
        amount=_at_most(supplier.grant_asked, funding.at_most),
        advance=_at_most(supplier.advance_asked, funding.advance_ceiling),
        counted=supplier.grant_asked is not None or supplier.advance_asked is not None,
    )


def company_conflicts(supplier: Supplier, schemes: tuple[SchemeFunding, ...], side: CompanySide) -> list[Conflict]:
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
                conflicts.append(
                    Conflict(
                        code=ConflictCode.CEILING_EXCEEDED,
                        label=funding.label,
                        schemes=(funding.scheme,),
                        amount=asked,
                        allowed=most,
                        advice=_TOO_MUCH,
                        legal_basis=funding.legal_basis,
                        certainty=funding.amount_certainty,
                    )
                )
    return conflicts + _grounds_exceeded(schemes, side)


def _grounds_exceeded(schemes: tuple[SchemeFunding, ...], side: CompanySide) -> list[Conflict]:
    """No ground in force is wide enough: all those in force have a ceiling, and what is known to be aid exceeds the room.

    Grants alone are known to be aid; the equivalent of an advance adds to them where it is known.
    """
    aid = side.totals.gross_grant_equivalent or side.totals.grants
    in_force = [ground for ground in side.state_aid if ground.in_force]
    if not aid or any(ground.ceiling is None for ground in in_force):
        return []
    room = max(
        ((ground.ceiling if ground.room is None else ground.room) or Decimal(0) for ground in in_force),
        default=Decimal(0),
    )
    if aid <= room:
        return []
    return [
        Conflict(
            code=ConflictCode.NO_STATE_AID_BASIS,
            label=message("Bases d'aide d'État"),
            schemes=tuple(funding.scheme for funding in schemes if funding.counted),
            amount=aid,
            allowed=room,
            advice=_NO_BASIS,
            legal_basis=tuple(source for ground in side.state_aid for source in ground.legal_basis),
            certainty=in_force[0].certainty if in_force else None,
        )
    ]


def _at_most(asked: Decimal | None, most: Decimal | None) -> Decimal | None:
    if asked is None or most is None:  # where the limit is not known, nothing is granted
        return None
    return min(asked, most).quantize(CENT, ROUND_DOWN)


def _ground(basis_id: str, supplier: Supplier, table: SchemeTable, law: LawInForce, on: date) -> StateAid:
    basis = next(one for one in table.state_aid if one.id == basis_id)
    rows = [row for row in table.law.rules if row.procedure == basis.id]
    ceiling = law.amount(basis.ceiling) if basis.ceiling else None
    received = supplier.de_minimis_received if basis.ceiling else None
    last = max(rows, key=lambda row: row.effective_from, default=None)
    return StateAid(
        basis=basis.id,
        label=basis.label,
        in_force=bool(law.rules_of(basis.id)),
        until=last.effective_until if last else None,
        ceiling=ceiling,
        received=received,
        room=None if ceiling is None or received is None else max(ceiling - received, Decimal(0)),
        note=basis.note,
        certainty=last.certainty if last else None,
        legal_basis=(table.law.sources[last.legal_basis],) if last else (),
    )


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
