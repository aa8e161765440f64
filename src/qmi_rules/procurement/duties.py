"""What an option obliges the buyer to, and the pitfalls worth showing: rows of the table tested on the case."""

from typing import TYPE_CHECKING, Any

from attrs import frozen

from qmi_rules.findings import Truth
from qmi_rules.law import (
    Candidate,
    DutyRow,
    Examination,
    LawInForce,
    Procedure,
    Reduction,
    Source,
    binding_rows,
    examine,
)
from qmi_rules.text import Explained

if TYPE_CHECKING:
    from qmi_rules.text import Language, Page


@frozen(kw_only=True)
class DutyOwed(Explained):
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
        missing_labels: The French names of the facts that are not filled.
        unsettled_labels: The French names of the thresholds that are not known, or contested.
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
    missing_labels: tuple[str, ...] = ()
    unsettled_labels: tuple[str, ...] = ()

    def page(self, say: "Language") -> "Page":
        """The duty in one line, with its article."""
        from qmi_rules.procurement.sentences import duty_line
        from qmi_rules.text import Page, Paragraph

        return Page(say.code, [Paragraph(duty_line(say, self))])

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
    found: dict[str, list[Candidate]] = {}
    for row in law.duty_rows:
        if row.procedures and procedure.id not in row.procedures:
            continue
        if procedure.arrangement and not row.procedures:
            continue
        examined = examine(row, case, law)
        if examined.truth is not Truth.NO:
            found.setdefault(row.duty, []).append((row, examined))
    chosen = [entry for candidates in found.values() for entry in binding_rows(candidates, law)]
    outdone = _outdone(chosen, law)
    return tuple(_owed(row, examined, law) for row, examined in chosen if row.duty not in outdone)


def _outdone(chosen: list[Candidate], law: LawInForce) -> set[str]:
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
    unsettled = (*examined.contested, *examined.unknown)
    labels = {fact.where: fact.label for fact in law.facts.values()} if examined.missing else {}
    return DutyOwed(
        id=duty.id,
        label=duty.label,
        detail=row.detail,
        legal_basis=law.table.sources[row.legal_basis],
        days=row.days,
        reductions=row.reductions,
        written=duty.written,
        missing=examined.missing,
        unsettled=unsettled,
        row=row.id,
        local=row.local,
        certainty=row.certainty,
        missing_labels=tuple(labels.get(path, path) for path in examined.missing),
        unsettled_labels=tuple(dict.fromkeys(law.table.thresholds[name].label for name in unsettled)),
    )


def cautions_of(procedure: Procedure, case: Any, law: LawInForce) -> tuple[str, ...]:
    """The cautions that concern an option on a case, in French."""
    return tuple(
        row.text
        for row in law.cautions
        if (not row.procedures or procedure.id in row.procedures) and examine(row, case, law).truth is Truth.YES
    )
