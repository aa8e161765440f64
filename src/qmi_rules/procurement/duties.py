"""What an option obliges the buyer to, and the pitfalls worth showing: rows of the table tested on the case."""

from typing import Any

from attrs import frozen

from qmi_rules.findings import Truth
from qmi_rules.law import DutyRow, Examination, LawInForce, Procedure, Reduction, Source, examine


@frozen(kw_only=True)
class DutyOwed:
    """One thing to do.

    Attributes:
        id: Name of the duty in the vocabulary.
        label: What to do, in French.
        detail: What exactly, in French; may be empty.
        legal_basis: The text.
        days: Length of a time limit, days.
        reductions: Other lengths and when they apply.
        written: It leaves something that must be written down and kept.
        missing: Paths of facts that are not filled: whether the duty is owed depends on them.
        unsettled: Ids of thresholds that are not known, or contested, on the day: whether the duty is owed depends on them.
        row: Id of the row of the table.
        local: Name of the local table it comes from; empty for the national law.
        certainty: How sure the row is.
    """

    id: str
    label: str
    detail: str
    legal_basis: Source
    days: int | None
    reductions: tuple[Reduction, ...]
    written: bool
    missing: tuple[str, ...]
    unsettled: tuple[str, ...] = ()
    row: str
    local: str
    certainty: str

    def as_document(self) -> dict[str, Any]:
        """The duty as plain data; `days` only where there is a time limit."""
        basis = self.legal_basis
        document: dict[str, Any] = {
            "id": self.id,
            "label": self.label,
            "detail": self.detail,
            "legal_basis": {"id": basis.id, "text": basis.text, "article": basis.article, "url": basis.url},
            "written": self.written,
            "missing": list(self.missing),
            "unsettled": list(self.unsettled),
            "local": self.local,
            "certainty": str(self.certainty),
        }
        if self.days is not None:
            document["days"] = self.days
            document["reductions"] = [
                {"days": r.days, "label": r.label, "legal_basis": r.legal_basis} for r in self.reductions
            ]
        return document


def duties_of(procedure: Procedure, case: Any, law: LawInForce) -> tuple[DutyOwed, ...]:
    """The duties that come with a procedure on a case; of a time limit the shortest row that holds binds."""
    rows: dict[str, tuple[DutyRow, Examination]] = {}
    for row in law.duty_rows:
        if row.procedures and procedure.id not in row.procedures:
            continue
        if procedure.arrangement and not row.procedures:
            continue
        examined = examine(row, case, law)
        if examined.truth is Truth.NO:
            continue
        known = rows.get(row.duty)
        if known is None or _goes_before(row, examined.truth, known[0], known[1].truth):
            rows[row.duty] = (row, examined)
    return tuple(_owed(row, examined, law) for row, examined in rows.values())


def _goes_before(row: DutyRow, truth: Truth, other: DutyRow, other_truth: Truth) -> bool:
    """Whether a row says more surely, or more shortly, what a duty is; a local row adds to the national one."""
    if truth is not other_truth:
        return truth is Truth.YES
    if row.days is None or other.days is None:
        return False
    return row.days > other.days if row.local else row.days < other.days


def _owed(row: DutyRow, examined: Examination, law: LawInForce) -> DutyOwed:
    duty = law.table.duties[row.duty]
    return DutyOwed(
        id=duty.id,
        label=duty.label,
        detail=row.detail,
        legal_basis=law.table.sources[row.legal_basis],
        days=row.days,
        reductions=row.reductions,
        written=duty.written,
        missing=examined.missing,
        unsettled=(*examined.contested, *examined.unknown),
        row=row.id,
        local=row.local,
        certainty=row.certainty,
    )


def cautions_of(procedure: Procedure, case: Any, law: LawInForce) -> tuple[str, ...]:
    """The cautions that concern an option on a case, in French."""
    return tuple(
        row.text
        for row in law.cautions
        if (not row.procedures or procedure.id in row.procedures) and examine(row, case, law).truth is Truth.YES
    )
