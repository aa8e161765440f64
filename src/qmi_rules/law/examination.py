"""What a row means: each of its conditions tested on a case, with all that an explanation needs; which row of a duty binds."""

import math
from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from attrs import evolve, frozen

from qmi_rules.law.facts import COMPARISONS, Condition, FactDefinition, FactKind
from qmi_rules.law.findings import AmountFinding, ChoiceFinding, FactFinding, Finding, PeriodFinding
from qmi_rules.law.rows import Procedure, Row, Rule
from qmi_rules.law.sections import DutyRow
from qmi_rules.law.truth import Truth, conjunction
from qmi_rules.model import Case, Purchase, lot_cases, small_lots_share, small_lots_value

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
        trusted: False where all its conditions hold, but the row is not confirmed and would free from competition.
    """

    row: Row
    truth: Truth
    findings: tuple[Finding, ...]
    applies: bool = True
    trusted: bool = True

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
        """Ids of the thresholds on which the sources disagree, and whose reading decides here; of the row that is in doubt itself."""
        if self.truth is not UNDETERMINED:
            return ()
        limits = tuple(f.threshold for f in self.findings if isinstance(f, AmountFinding) and f.contested)
        return limits if self.trusted or self._silent else (*limits, self.row.id)

    @property
    def unknown(self) -> tuple[str, ...]:
        """Ids of the thresholds whose value is not known on the day, and of the row where it says that no more is known."""
        if self.truth is not UNDETERMINED:
            return ()
        limits = tuple(f.threshold for f in self.findings if isinstance(f, AmountFinding) and f.unknown)
        return (*limits, self.row.id) if self._silent and not self.trusted else limits

    @property
    def _silent(self) -> bool:
        """The row says that no more is known of its case."""
        return isinstance(self.row, Rule) and bool(self.row.unknown)

    @property
    def presumed(self) -> tuple[str, ...]:
        """Names of the facts that were presumed false."""
        return tuple(f.fact for f in self.findings if isinstance(f, FactFinding | ChoiceFinding) and f.presumed)


class ConditionTest:
    """One condition of a row under one law: what is the same for every case, and the judgement of a value."""

    __slots__ = ("fact", "judge", "kind", "presumption", "slot", "static")

    def __init__(self, row: Row, condition: Condition, law: "LawInForce") -> None:
        self.fact: FactDefinition = law.facts[condition.fact]
        self.slot = self.fact.slot
        self.static: dict[str, Any] = {"row": row.id, "fact": self.fact.where}
        self.presumption = UNDETERMINED
        self.judge: Callable[[Any], Truth]
        self.kind: type[FactFinding] | type[ChoiceFinding] | type[AmountFinding]
        match self.fact.kind:
            case FactKind.TRUTH:
                expected = bool(condition.is_)
                self.kind = FactFinding
                self.presumption = (NO if expected else YES) if self.fact.presumed else UNDETERMINED
                self.static |= {"expected": expected}
                self.judge = {None: UNDETERMINED, expected: YES, not expected: NO}.__getitem__
            case FactKind.CHOICE:
                taken = frozenset(condition.in_)
                self.kind = ChoiceFinding
                if self.fact.presumed_choice:
                    self.presumption = YES if self.fact.presumed_choice in taken else NO
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
            self.judge = lambda value: UNDETERMINED if value is None else YES if compare(value, amount) else NO
        else:
            amounts = limit.amounts

            def judge(value: Any) -> Truth:
                answers = set() if value is None else {compare(value, amount) for amount in amounts}
                return UNDETERMINED if len(answers) != 1 else YES if True in answers else NO

            self.judge = judge

    def truth(self, case: Any) -> Truth:
        """Whether it holds on a case: that of its finding, without what only an explanation needs."""
        value = self.fact.of(case) if self.fact.path == "cpv" else getattr(case, self.slot, None)
        if value is None and self.presumption is not UNDETERMINED and not self.fact.is_called_for(case):
            return self.presumption
        return self.judge(value)

    def finding(self, case: Any, prefix: str = "") -> Finding:
        """The finding of a case; `prefix` goes before the path of a fact of a lot."""
        value = self.fact.of(case)
        static = self.static
        if prefix and (self.fact.lot or self.fact.kind is FactKind.TRUTH):
            static = {**static, "fact": prefix + static["fact"]}
        if self.kind is AmountFinding:
            return AmountFinding(**static, value=value, truth=self.judge(value))
        presumed = value is None and self.fact.is_presumed(case)
        truth = self.presumption if presumed else self.judge(value)
        if self.kind is FactFinding:
            return FactFinding(**static, value=value, truth=truth, presumed=presumed)
        return ChoiceFinding(**static, value=None if value is None else str(value), truth=truth, presumed=presumed)


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
    trusted = truth is not YES or law.table.trusts(row)
    return Examination(
        row=row, truth=truth if trusted else UNDETERMINED, findings=findings, applies=applies, trusted=trusted
    )


def truth_of(row: Row, case: Any, law: "LawInForce") -> Truth:
    """Whether a row holds on a case: what `examine` says, at the price of its first condition that does not hold."""
    tests, truth = law.tests(row), YES
    for test in tests:
        match test.truth(case):
            case Truth.NO:
                return NO
            case Truth.UNDETERMINED:
                truth = UNDETERMINED
    if any(test.fact.lot for test in tests) and not case_is_lot(case):
        return NO
    return truth if truth is not YES or law.table.trusts(row) else UNDETERMINED


def case_is_lot(case: Any) -> bool:
    """Whether a case is one lot of a purchase."""
    return getattr(case, "lot_value", None) is not None


Candidate: TypeAlias = tuple[DutyRow, Examination]
"""A row of a duty that holds, or may hold, and what its examination saw."""


def binding_by_duty(procedure: Procedure, case: Any, law: "LawInForce") -> dict[str, list[Candidate]]:
    """The rows that say what each duty of a procedure is on a case, by duty, in the order of the table; duties not owed are left out.

    An arrangement has only the duties that name it: those of every procedure come with the procedure that it combines with.
    """
    found: dict[str, list[Candidate]] = {}
    for row in law.duty_rows:
        owed = procedure.id in row.procedures or not (row.procedures or procedure.arrangement)
        if owed and truth_of(row, case, law) is not NO:
            found.setdefault(row.duty, []).append((row, examine(row, case, law)))
    return {duty: binding_rows(candidates, law) for duty, candidates in found.items()}


def binding_rows(candidates: list[Candidate], law: "LawInForce") -> list[Candidate]:
    """The rows that say what one duty is: the national one, or a local one that asks for more.

    Args:
        candidates: The rows of one duty that hold or may hold on a case; at least one.
        law: The law in force.

    Returns:
        One row; two, the stricter one last, while it is open whether a stricter local one holds.
    """
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


def _first(candidates: list[Candidate]) -> Candidate:
    """Among rows that hold, the shortest; while none surely does, the one with the fewest questions, then the longest."""
    if sure := [candidate for candidate in candidates if candidate[1].truth is Truth.YES]:
        return min(sure, key=lambda c: math.inf if c[0].days is None else c[0].days)
    return min(candidates, key=lambda c: (len(c[1].missing), -(c[0].days or 0)))


def _asks_for_more(local: DutyRow, national: DutyRow, law: "LawInForce") -> bool:
    if local.days is None or national.days is None:
        return local.days is not None
    return (local.days - national.days) * _sense(local, law) > 0


def _sense(row: DutyRow, law: "LawInForce") -> int:
    """A deadline is stricter where it is shorter, a minimum where it is longer."""
    return -1 if law.table.duties[row.duty].deadline else 1


# --- the lots of a purchase


def lots_under(law: "LawInForce", purchase: Purchase) -> tuple[tuple[Case, ...], tuple[int, ...]]:
    """One case a lot, as `lot_cases` has it, and the places of the lots that must still say whether they use the small-lot rule.

    The share of the small lots is known once each of those says so: any other silent lot cannot use the rule.
    """
    cases = lot_cases(purchase)
    whole = sum((lot.estimated_value for lot in purchase.lots), Decimal(0))
    meant = sum((lot.estimated_value for lot in purchase.lots if lot.small_lot), Decimal(0))

    def may_use_it(case: Case) -> bool:
        """Whether the rule may open something for a lot that it would not have otherwise, were it the last to use it."""
        assert case.lot_value is not None
        share = (meant + case.lot_value) / whole if whole else Decimal(0)
        used = evolve(case, small_lot=True, small_lots_share=share)
        return law.evaluate(used) != law.evaluate(evolve(case, small_lot=False))

    silent = [i for i, case in enumerate(cases) if case.small_lot is None]
    asked = tuple(i for i in silent if may_use_it(cases[i]))
    if not silent or asked:
        return cases, asked
    said = purchase.evolve(lots=[evolve(lot, small_lot=bool(lot.small_lot)) for lot in purchase.lots])
    share, together = small_lots_share(said), small_lots_value(said)
    return tuple(evolve(case, small_lots_share=share, small_lots_value=together) for case in cases), asked
