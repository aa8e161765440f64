"""What a row means: each of its conditions tested on a case, with everything that an explanation needs."""

from collections.abc import Callable
from decimal import Decimal
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final

from attrs import frozen

from qmi_rules.findings import AmountFinding, ChoiceFinding, FactFinding, Finding, PeriodFinding, Truth, conjunction
from qmi_rules.law.conditions import COMPARISONS, Condition
from qmi_rules.law.facts import FactDefinition, FactKind
from qmi_rules.law.rows import Row

if TYPE_CHECKING:
    from qmi_rules.law.in_force import LawInForce

YES: Final = Truth.YES
NO: Final = Truth.NO
UNDETERMINED: Final = Truth.UNDETERMINED


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
        if self.truth is not UNDETERMINED:
            return ()
        return tuple(
            dict.fromkeys(
                finding.fact
                for finding in self.findings
                if finding.truth is UNDETERMINED and not isinstance(finding, PeriodFinding) and finding.value is None
            )
        )

    @property
    def contested(self) -> tuple[str, ...]:
        """Ids of the thresholds on which the sources disagree, and whose reading decides here."""
        if self.truth is not UNDETERMINED:
            return ()
        return tuple(f.threshold for f in self.findings if isinstance(f, AmountFinding) and f.contested)

    @property
    def unknown(self) -> tuple[str, ...]:
        """Ids of the thresholds whose value is not known on the day."""
        if self.truth is not UNDETERMINED:
            return ()
        return tuple(f.threshold for f in self.findings if isinstance(f, AmountFinding) and f.unknown)

    @property
    def presumed(self) -> tuple[str, ...]:
        """Names of the facts that were presumed false."""
        return tuple(f.fact for f in self.findings if isinstance(f, FactFinding) and f.presumed)


class ConditionTest:
    """One condition of a row under one law: what is the same for every case, and the judgement of a value."""

    __slots__ = ("fact", "judge", "kind", "settled", "slot", "static")

    def __init__(self, row: Row, condition: Condition, law: "LawInForce") -> None:
        self.fact: FactDefinition = law.facts[condition.fact]
        self.slot = self.fact.slot
        self.static: dict[str, Any] = {"row": row.id, "fact": self.fact.where}
        self.judge: Callable[[Any], Truth]
        self.settled: tuple[Callable[[Any, Any], bool], Decimal] | None = None
        self.kind: type[FactFinding] | type[ChoiceFinding] | type[AmountFinding]
        match self.fact.kind:
            case FactKind.TRUTH:
                expected = bool(condition.is_)
                presumed = NO if expected else YES
                unfilled = presumed if self.fact.presumed else UNDETERMINED
                self.kind = FactFinding
                self.static |= {"expected": expected}
                self.judge = {None: unfilled, expected: YES, not expected: NO}.__getitem__
            case FactKind.CHOICE:
                taken = frozenset(condition.in_)
                self.kind = ChoiceFinding
                self.static |= {"expected": condition.in_}
                self.judge = lambda value: UNDETERMINED if value is None else YES if value in taken else NO
            case FactKind.NUMBER:
                self.kind = AmountFinding
                self._number(condition, law)

    def _number(self, condition: Condition, law: "LawInForce") -> None:
        limit = law.limit(condition.threshold)
        compare = COMPARISONS[condition.edge]
        self.static |= {
            "edge": condition.edge,
            "threshold": condition.threshold,
            "label": limit.threshold.label,
            "unit": limit.threshold.unit,
            "limit": limit.amounts[0] if len(limit.amounts) == 1 else None,
            "readings": limit.amounts if limit.contested else (),
            "since": limit.since,
            "until": limit.until,
            "legal_basis": limit.basis,
            "certainty": limit.certainty,
        }
        if len(limit.amounts) == 1:
            (amount,) = limit.amounts
            self.settled = (compare, amount)
            self.judge = lambda value: UNDETERMINED if value is None else YES if compare(value, amount) else NO
        else:
            amounts = limit.amounts

            def judge(value: Any) -> Truth:
                answers = set() if value is None else {compare(value, amount) for amount in amounts}
                return UNDETERMINED if len(answers) != 1 else YES if True in answers else NO

            self.judge = judge

    def finding(self, case: Any, prefix: str = "") -> Finding:
        """The finding of a case; `prefix` goes before the path of a fact of a lot."""
        value = getattr(case, self.slot, None)
        static = self.static
        if prefix and (self.fact.lot or self.fact.kind is FactKind.TRUTH):
            static = {**static, "fact": prefix + static["fact"]}
        if self.kind is FactFinding:
            return FactFinding(
                **static, value=value, truth=self.judge(value), presumed=value is None and self.fact.presumed
            )
        if self.kind is ChoiceFinding:
            return ChoiceFinding(**static, value=None if value is None else str(value), truth=self.judge(value))
        return AmountFinding(**static, value=value, truth=self.judge(value))

    @property
    def scope(self) -> bool:
        """It says what the row is about (a type, a kind of buyer) rather than what decides."""
        return self.kind is ChoiceFinding

    def documenter(self) -> Callable[[Any], dict[str, Any]]:
        """A function from a case to the same finding as plain data, made without the object."""
        template = {
            "kind": self.kind.kind,
            **{k: _plain(v) for k, v in self.static.items()},
            "value": None,
            "truth": "",
        }
        slot, judge, copy = self.slot, self.judge, template.copy
        read = attrgetter(slot)
        if self.kind is FactFinding:
            words = {value: judge(value).value for value in (None, True, False)}
            presumed = self.fact.presumed

            def document(case: Any) -> dict[str, Any]:
                result = copy()
                value = result["value"] = read(case)
                result["truth"] = words[value]
                if presumed:
                    result["presumed"] = value is None
                return result

        elif self.settled is not None:
            compare, amount = self.settled

            def document(case: Any) -> dict[str, Any]:
                result = copy()
                value = read(case)
                if value is None:
                    result["truth"] = "undetermined"
                else:
                    result["value"] = str(value)
                    result["truth"] = "yes" if compare(value, amount) else "no"
                return result

        else:

            def document(case: Any) -> dict[str, Any]:
                result = copy()
                value = read(case)
                if value is not None:
                    result["value"] = str(value)
                result["truth"] = judge(value)._value_
                return result

        return document


def _plain(value: Any) -> Any:
    match value:
        case tuple():
            return [_plain(item) for item in value]
        case bool() | None:
            return value
        case Decimal():
            return str(value)
        case _:
            return value if type(value) is str else str(value)


def examine(row: Row, case: Any, law: "LawInForce", path: str = "") -> Examination:
    """Test every condition of a row on a case.

    Args:
        row: A rule, duty, caution or scheme.
        case: Anything with the attributes that the facts name: a `Case`, a simple `Purchase`.
        law: The law in force on the day.
        path: What to put before the paths of facts, such as ``"lots[0]."``.
    """
    tests = law.tests(row)
    findings = tuple(test.finding(case, path) for test in tests)
    applies = case_is_lot(case) or not any(test.fact.lot for test in tests)
    truth = conjunction([finding.truth for finding in findings]) if applies else NO
    return Examination(row=row, truth=truth, findings=findings, applies=applies)


def case_is_lot(case: Any) -> bool:
    """Whether a case is one lot of a purchase."""
    return getattr(case, "lot_value", None) is not None
