"""What a row means: each of its conditions tested on a case, with everything that an explanation needs."""

from typing import TYPE_CHECKING, Any

from attrs import frozen

from qmi_rules.findings import AmountFinding, ChoiceFinding, FactFinding, Finding, PeriodFinding, Truth, conjunction
from qmi_rules.law.conditions import COMPARISONS, Condition
from qmi_rules.law.facts import FactKind
from qmi_rules.law.rows import Row

if TYPE_CHECKING:
    from qmi_rules.law.in_force import LawInForce


@frozen(kw_only=True)
class Examination:
    """A row examined on a case.

    Attributes:
        row: The row.
        truth: Whether all its conditions hold.
        findings: One finding a condition, in the order of the row.
        applies: False for a row that speaks of lots where the case is no lot.
    """

    row: Row
    truth: Truth
    findings: tuple[Finding, ...]
    applies: bool = True

    @property
    def missing(self) -> tuple[str, ...]:
        """Paths of the facts that are not filled and keep the row open."""
        if self.truth is not Truth.UNDETERMINED:
            return ()
        return tuple(
            finding.fact
            for finding in self.findings
            if finding.truth is Truth.UNDETERMINED and not isinstance(finding, PeriodFinding) and finding.value is None
        )

    @property
    def contested(self) -> tuple[str, ...]:
        """Ids of the thresholds on which the sources disagree, and whose reading decides here."""
        if self.truth is not Truth.UNDETERMINED:
            return ()
        return tuple(f.threshold for f in self.findings if isinstance(f, AmountFinding) and f.contested)

    @property
    def unknown(self) -> tuple[str, ...]:
        """Ids of the thresholds whose value is not known on the day."""
        if self.truth is not Truth.UNDETERMINED:
            return ()
        return tuple(f.threshold for f in self.findings if isinstance(f, AmountFinding) and f.unknown)

    @property
    def presumed(self) -> tuple[str, ...]:
        """Names of the facts that were presumed false."""
        return tuple(f.fact for f in self.findings if isinstance(f, FactFinding) and f.presumed)


def examine(row: Row, case: Any, law: "LawInForce", path: str = "") -> Examination:
    """Test every condition of a row on a case.

    Args:
        row: A rule, duty, caution or scheme.
        case: Anything with the attributes that the facts name: a `Case`, a simple `Purchase`.
        law: The law in force on the day.
        path: What to put before the paths of facts, such as ``"lots[0]."``.
    """
    findings = tuple(_finding(row, condition, case, law, path) for condition in row.when)
    applies = case_is_lot(case) or not any(law.facts[condition.fact].lot for condition in row.when)
    truth = conjunction([finding.truth for finding in findings]) if applies else Truth.NO
    return Examination(row=row, truth=truth, findings=findings, applies=applies)


def case_is_lot(case: Any) -> bool:
    """Whether a case is one lot of a purchase."""
    return getattr(case, "lot_value", None) is not None


def _finding(row: Row, condition: Condition, case: Any, law: "LawInForce", prefix: str) -> Finding:
    fact = law.facts[condition.fact]
    value = fact.of(case)
    path = prefix + fact.where if prefix and (fact.lot or fact.kind is FactKind.TRUTH) else fact.where
    match fact.kind:
        case FactKind.TRUTH:
            presumed = value is None and fact.presumed
            return FactFinding(
                row=row.id,
                fact=path,
                expected=bool(condition.is_),
                value=value,
                truth=_truth(False if presumed else value, lambda seen: seen is condition.is_),
                presumed=presumed,
            )
        case FactKind.CHOICE:
            return ChoiceFinding(
                row=row.id,
                fact=path,
                expected=condition.in_,
                value=None if value is None else str(value),
                truth=_truth(value, lambda seen: seen in condition.in_),
            )
        case FactKind.NUMBER:
            return _amount(row, condition, value, path, law)


def _truth(value: Any, test: Any) -> Truth:
    if value is None:
        return Truth.UNDETERMINED
    return Truth.YES if test(value) else Truth.NO


def _amount(row: Row, condition: Condition, value: Any, path: str, law: "LawInForce") -> AmountFinding:
    limit = law.limit(condition.threshold)
    compare = COMPARISONS[condition.edge]
    answers = set() if value is None else {compare(value, amount) for amount in limit.amounts}
    truth = Truth.UNDETERMINED if len(answers) != 1 else Truth.YES if True in answers else Truth.NO
    return AmountFinding(
        row=row.id,
        fact=path,
        value=value,
        edge=condition.edge,
        threshold=condition.threshold,
        label=limit.threshold.label,
        unit=limit.threshold.unit,
        limit=limit.amounts[0] if len(limit.amounts) == 1 else None,
        readings=limit.amounts if limit.contested else (),
        since=limit.since,
        until=limit.until,
        legal_basis=limit.basis,
        certainty=limit.certainty,
        truth=truth,
    )
