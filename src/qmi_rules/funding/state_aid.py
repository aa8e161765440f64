"""The grounds of State aid: which are in force on the day, what room they leave, and when none is wide enough."""

from datetime import date
from decimal import Decimal

from attrs import frozen

from qmi_rules.contexts.project import Supplier
from qmi_rules.funding.conflicts import Conflict, ConflictCode
from qmi_rules.funding.funding_file import StateAidBasis
from qmi_rules.funding.plan import Totals
from qmi_rules.funding.scheme_funding import SchemeFunding
from qmi_rules.funding.shelf import SchemeTable
from qmi_rules.law import Certainty, LawInForce, Source
from qmi_rules.text import message

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
    label: str
    in_force: bool
    until: date | None
    ceiling: Decimal | None
    received: Decimal | None
    room: Decimal | None
    note: str
    certainty: Certainty | None
    legal_basis: tuple[Source, ...]


def ground_of(basis: StateAidBasis, supplier: Supplier, table: SchemeTable, law: LawInForce) -> StateAid:
    """One ground on the day of a law, with what a firm already received on it."""
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


def grounds_exceeded(
    schemes: tuple[SchemeFunding, ...], grounds: tuple[StateAid, ...], totals: Totals
) -> list[Conflict]:
    """No ground in force is wide enough: all those in force have a ceiling, and what is known to be aid exceeds the room.

    Grants alone are known to be aid; the equivalent of an advance adds to them where it is known.
    """
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
        Conflict(
            code=ConflictCode.NO_STATE_AID_BASIS,
            label=message("Bases d'aide d'État"),
            schemes=tuple(funding.scheme for funding in schemes if funding.counted),
            amount=aid,
            allowed=room,
            advice=_NO_BASIS,
            legal_basis=tuple(source for ground in grounds for source in ground.legal_basis),
            certainty=in_force[0].certainty if in_force else None,
        )
    ]
