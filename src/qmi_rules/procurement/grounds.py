"""What was seen of the rows of a procedure: the grounds of an option, made when somebody reads them."""

from collections.abc import Collection
from typing import TYPE_CHECKING, Any, ClassVar

from attrs import evolve, field, frozen

from qmi_rules.law import Certainty, Examination, Procedure, Rule, examine, truth_of
from qmi_rules.law.findings import AmountFinding, ChoiceFinding, FactFinding, Finding, PeriodFinding
from qmi_rules.law.truth import STATUS, Status, Truth
from qmi_rules.model import BuyerKind, Case, ContractType, Purchase
from qmi_rules.procurement.options import Submission, is_supposed
from qmi_rules.schema import Wording
from qmi_rules.schema.fields import Layout
from qmi_rules.schema.scalars import to_tuple

if TYPE_CHECKING:
    from qmi_rules.procurement.options import Option


def grounds_of(submission: Submission, procedure: Procedure, truth: Truth) -> tuple[Examination, ...]:
    """The rows that concern a case, examined; those that settle the status where it is settled."""
    law, case = submission.law, submission.case
    supposed = is_supposed(case, truth)
    seen = _Supposed(case) if supposed else case  # every kind and type agree: one of them shows why
    rows = law.relevant_rules(procedure.id, seen)
    if truth is not Truth.NO:
        # one ground that holds opens the procedure: those that do not hold would only distract
        rows = tuple(rule for rule in rows if truth_of(rule, seen, law) is truth) or rows
    examined = [examine(rule, seen, law, submission.path) for rule in rows]
    if supposed:
        examined = [_without_supposed(e, case) for e in examined]
    # a row about lots says nothing of the whole, unless there is nothing else to show
    return tuple(e for e in examined if e.applies) or tuple(examined)


def closed_locally(ground: Examination) -> bool:
    """Whether a row fails only on conditions that a local table added, or is a local one altogether."""
    assert isinstance(ground.row, Rule)
    # a local table adds its conditions at the end of the national row
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


@frozen(kw_only=True)
class Ground:
    """What was seen of one row.

    Attributes:
        row: Id of the row of the table.
        status: Whether it holds: ``open``, ``closed`` or ``undetermined``.
        findings: Each of its conditions against what the purchase says.
    """

    _layout: ClassVar[Layout] = Layout(keys="row status findings:_told_findings")

    row: str
    status: Status
    findings: tuple[Finding, ...] = field(converter=to_tuple)

    @property
    def _told_findings(self) -> tuple[Finding, ...]:
        """The same as they travel: the row is said once."""
        return tuple(evolve(finding, row="") for finding in self.findings)

    def deciding(self, beside: Collection[str]) -> list[Finding]:
        """The findings that make it so, but for facts that are not filled and stand in a list beside it."""
        truth = next(truth for truth, status in STATUS.items() if status is self.status)
        return [
            finding
            for finding in self.findings
            if finding.truth is truth
            and not (
                isinstance(finding, FactFinding | ChoiceFinding) and finding.value is None and finding.fact in beside
            )
        ]


def _short(finding: Finding) -> Finding:
    """A finding of an option that is not listed in full: the name of its limit, and its text where it is confirmed, stand elsewhere."""
    if not isinstance(finding, AmountFinding):
        return finding
    if finding.certainty == Certainty.CONFIRMED:
        return evolve(finding, label="", certainty=None, legal_basis=())
    return evolve(finding, label="")


@frozen(kw_only=True)
class UnknownLaw:
    """Something that the table does not know, and that decides.

    Attributes:
        code: Id of the threshold, row, act or procedure.
        text: What is not known, in French.
    """

    code: str
    text: Wording


def grounds_seen(option: "Option") -> tuple[Ground, ...]:
    """What was seen, row by row; where no row was in force on the day, the span for which the table knows the procedure."""
    law, procedure = option.law, option.definition
    if not law.knows(procedure):
        truth, since = Truth.UNDETERMINED, procedure.known_from
    elif not option.examined:
        truth, since = (
            Truth.NO,
            min((r.effective_from for r in law.table.rules if r.procedure == procedure.id), default=None),
        )
    else:
        return tuple(Ground(row=one.row.id, status=STATUS[one.truth], findings=one.findings) for one in option.examined)
    period = PeriodFinding(row=procedure.id, on=option.case.launched_on, since=since, until=None, truth=truth)
    return (Ground(row=procedure.id, status=STATUS[truth], findings=(period,)),)


def deciding_grounds(option: "Option") -> tuple[Ground, ...]:
    """Of an option that is not listed in full what decides, each fact once."""
    told, met = [], set[str]()
    for ground in option.grounds:
        deciding = ground.deciding(beside=option.missing)
        if facts := {finding.fact for finding in deciding if not isinstance(finding, PeriodFinding)} - met:
            met |= facts
            told.append(evolve(ground, findings=[_short(f) for f in deciding if getattr(f, "fact", "") in facts]))
        elif not ground.findings or any(isinstance(finding, PeriodFinding) for finding in deciding):
            told.append(ground)
    return tuple(told)
