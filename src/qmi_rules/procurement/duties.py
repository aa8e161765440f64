"""What an option obliges the buyer to, and the pitfalls worth showing: rows of the table tested on the case."""

import math
from typing import Any, TypeAlias

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
    """The duties that come with a procedure on a case, one entry a duty, in the order of the table.

    Of a time limit the shortest row that holds binds, and a local row that asks for more binds instead of the national one.
    """
    found: dict[str, list[_Candidate]] = {}
    for row in law.duty_rows:
        if row.procedures and procedure.id not in row.procedures:
            continue
        if procedure.arrangement and not row.procedures:
            continue
        examined = examine(row, case, law)
        if examined.truth is not Truth.NO:
            found.setdefault(row.duty, []).append((row, examined))
    chosen = [entry for candidates in found.values() for entry in _binding(candidates, law)]
    outdone = _outdone(chosen, law)
    return tuple(_owed(row, examined, law) for row, examined in chosen if row.duty not in outdone)


_Candidate: TypeAlias = tuple[DutyRow, Examination]


def _binding(candidates: list[_Candidate], law: LawInForce) -> list[_Candidate]:
    """The rows that say what one duty is: the national one, or a local one that asks for more."""
    national = [candidate for candidate in candidates if not candidate[0].local]
    local = [candidate for candidate in candidates if candidate[0].local]
    if not national:
        return [_first(local)]
    binding = _first(national)
    stricter = [candidate for candidate in local if _asks_for_more(candidate[0], binding[0], law)]
    if not stricter:
        # a local row that surely holds says more than a national one that may not
        sure = [candidate for candidate in local if candidate[1].truth is Truth.YES]
        return [binding if binding[1].truth is Truth.YES or not sure else sure[0]]
    hardest = max(stricter, key=lambda c: (c[1].truth is Truth.YES, (c[0].days or 0) * _sense(c[0], law)))
    # while it is open whether the local row holds, both are told
    return [hardest] if hardest[1].truth is Truth.YES else [binding, hardest]


def _first(candidates: list[_Candidate]) -> _Candidate:
    """Among rows that hold, the shortest; while none surely does, the one with the fewest questions, then the longest."""
    if sure := [candidate for candidate in candidates if candidate[1].truth is Truth.YES]:
        return min(sure, key=lambda c: math.inf if c[0].days is None else c[0].days)
    return min(candidates, key=lambda c: (len(c[1].missing), -(c[0].days or 0)))


def _asks_for_more(local: DutyRow, national: DutyRow, law: LawInForce) -> bool:
    if local.days is None or national.days is None:
        return local.days is not None
    return (local.days - national.days) * _sense(local, law) > 0


def _sense(row: DutyRow, law: LawInForce) -> int:
    return -1 if law.table.duties[row.duty].deadline else 1


def _outdone(chosen: list[_Candidate], law: LawInForce) -> set[str]:
    """Duties that a heavier one of the same ladder makes needless: national rows exclude each other, a local row may add one."""
    owed = {row.duty for row, examined in chosen if examined.truth is Truth.YES}
    return {
        duty
        for ladder in law.table.ladders
        for position, duty in enumerate(ladder.duties)
        if owed & set(ladder.duties[position + 1 :])
    }


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
