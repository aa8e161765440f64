"""The rows that show why a procedure is open or closed for a case: which are chosen, and what is left out as nobody said it."""

from typing import Any

from attrs import evolve

from qmi_rules.contexts import BuyerKind, Case, ContractType, Purchase
from qmi_rules.findings import ChoiceFinding, Truth
from qmi_rules.law import Examination, Procedure, Rule, examine
from qmi_rules.procurement.question import Question


def grounds_of(question: Question, procedure: Procedure, truth: Truth) -> tuple[Examination, ...]:
    """The rows that concern a case, examined; those that settle the status where it is settled."""
    law, case = question.law, question.case
    supposed = is_supposed(case, truth)
    seen = _Supposed(case) if supposed else case  # every kind and type agree: one of them shows why
    examined = [examine(rule, seen, law, question.path) for rule in law.relevant_rules(procedure.id, seen)]
    if supposed:
        examined = [_without_supposed(e, case) for e in examined]
    examined = [e for e in examined if e.applies] or examined
    if truth is Truth.NO:
        return tuple(examined)
    chosen = [e for e in examined if e.truth is truth]
    return tuple(chosen or examined)


def is_supposed(case: Case | Purchase, truth: Truth) -> bool:
    """The kind of buyer or type of contract is not filled, and the answer is the same for all."""
    return truth is not Truth.UNDETERMINED and (case.buyer_kind is None or case.contract_type is None)


def closed_locally(ground: Examination) -> bool:
    """Whether a row fails only on conditions that a local table added, or is a local one altogether."""
    assert isinstance(ground.row, Rule)
    national = ground.findings[: len(ground.findings) - ground.row.local_conditions]
    return not ground.row.local_basis or all(finding.truth is not Truth.NO for finding in national)


def _without_supposed(examination: Examination, case: Case | Purchase) -> Examination:
    """Leave out what was only supposed: the answer does not depend on it, and nobody said it."""
    supposed = {"buyer.kind": case.buyer_kind is None, "contract_type": case.contract_type is None}
    findings = tuple(f for f in examination.findings if not (isinstance(f, ChoiceFinding) and supposed.get(f.fact)))
    return evolve(examination, findings=findings)


class _Supposed:
    """A case seen as if the first kind and type of the lists had been filled."""

    __slots__ = ("_case",)

    def __init__(self, case: Case | Purchase) -> None:
        self._case = case

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._case, name)
        if value is None and name == "buyer_kind":
            return BuyerKind.COMMUNE
        if value is None and name == "contract_type":
            return ContractType.WORKS
        return value
