"""The law in force over a span of days without a change: limits resolved, rows chosen, statuses decided."""

import datetime
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cached_property
from itertools import product
from math import prod
from typing import TYPE_CHECKING, Any

from attrs.exceptions import FrozenInstanceError

from qmi_rules.errors import TableError, fault
from qmi_rules.law.compilation import Evaluation, compile_rules, status
from qmi_rules.law.facts import FactDefinition
from qmi_rules.law.rows import Procedure, Row, Rule
from qmi_rules.law.thresholds import Limit, limit_on
from qmi_rules.law.truth import Truth

if TYPE_CHECKING:
    from qmi_rules.law.examination import ConditionTest
    from qmi_rules.law.sections import Caution, DutyRow
    from qmi_rules.law.table import Table


MOST_READINGS = 256
"""Ways to read the contested limits that meet in one question; a table with more is refused."""
_LESS = ("below", "at_most")

_SCOPE = frozenset({"contract_type", "buyer_kind", "lot_type"})
"""The facts that say whom and what a row speaks of."""


class LawInForce:
    """What the table says on a day; the same for all days from `since` to `until`. Made by `Table.in_force`.

    Attributes:
        table: The table it comes from.
        day: A day of the span.
        since: First day of the span; None = the table knows nothing before `until`.
        until: Last day of the span; None = the table knows of no later change.
        known_on: Only what was published by this day is taken; None = everything.
        rules: The rules in force.
    """

    table: "Table"
    day: datetime.date
    since: datetime.date | None
    until: datetime.date | None
    known_on: datetime.date | None
    rules: tuple[Rule, ...]
    _limits: dict[str, Limit]
    _relevant: dict[tuple[Any, ...], tuple[Rule, ...]]
    _tests: "dict[str, tuple[ConditionTest, ...]]"
    _doubtful: dict[str, tuple[tuple[str, bool], ...]]

    def __init__(
        self,
        table: "Table",
        day: datetime.date,
        since: datetime.date | None,
        until: datetime.date | None,
        known_on: datetime.date | None,
    ) -> None:
        vars(self).update(table=table, day=day, since=since, until=until, known_on=known_on)
        vars(self).update(
            rules=tuple(rule for rule in table.rules if rule.holds_on(day, known_on)),
            _limits={},
            _relevant={},
            _tests={},
            _doubtful={},
        )

    def __setattr__(self, name: str, value: object) -> None:
        raise FrozenInstanceError

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, (self.table, self.day, self.known_on)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, LawInForce):
            return NotImplemented
        return self is other or (
            (self.since, self.until, self.known_on) == (other.since, other.until, other.known_on)
            and self.table == other.table
        )

    def __hash__(self) -> int:
        return hash((self.since, self.until, self.known_on))

    def __repr__(self) -> str:
        return f"<law in force from {self.since} to {self.until}, edition {self.table.edition!r}>"

    def known_by(self, known_on: datetime.date | None) -> "LawInForce":
        """This law as known by another day on which the same was published; what was worked out of it is shared."""
        other = object.__new__(LawInForce)
        vars(other).update(vars(self), known_on=known_on)
        return other

    @property
    def facts(self) -> Mapping[str, FactDefinition]:
        """The vocabulary of facts, by id."""
        return self.table.facts

    def limit(self, threshold: str) -> Limit:
        """The value of a threshold in this span."""
        limit = self._limits.get(threshold)
        if limit is None:
            limit = self._limits[threshold] = limit_on(
                self.table.thresholds, threshold, self.day, self.known_on, self.table.prudence.get(threshold)
            )
        return limit

    def amount(self, threshold: str) -> Decimal | None:
        """The one value of a threshold in this span; None where it is contested or not known."""
        amounts = self.limit(threshold).amounts
        return amounts[0] if len(amounts) == 1 else None

    def worlds(
        self, rows: Iterable[Row] = (), strict: Iterable[Row] = (), loose: Iterable[Row] = ()
    ) -> list[dict[str, Decimal | None]]:
        """The ways to read contested limits that a question about some rows turns on; one where nothing is contested.

        Readings of different limits are independent, and an OR of rows moves one way with each: of most limits one reading
        settles all the others, so that the work does not grow with the product of all of them.

        Args:
            rows: The limits that these compare with are read in every combination.
            strict: Of the limits of these, the reading under which they hold on the fewest cases.
            loose: Of the limits of these, the reading under which they hold on the most cases.

        Raises:
            TableError: More ways than `MOST_READINGS` are left, as limits that rows compare with both ways are read in every way.
        """
        if not self._contested:
            return [self._settled]
        whole = {threshold for row in rows for threshold, _ in self._readings_of(row)}
        lowest: dict[str, set[bool]] = {}
        for group, below in ((strict, True), (loose, False)):
            for threshold, less in (found for row in group for found in self._readings_of(row)):
                lowest.setdefault(threshold, set()).add(less is below)
        used = [threshold for threshold in self._contested if threshold in whole or threshold in lowest]
        choices: list[tuple[Decimal, ...]] = []
        for threshold in used:
            amounts = self.limit(threshold).amounts
            if threshold not in whole and len(lowest[threshold]) == 1:
                amounts = amounts[:1] if True in lowest[threshold] else amounts[-1:]
            choices.append(amounts)
        if (count := prod(map(len, choices))) > MOST_READINGS:
            raise TableError(
                fault(
                    "out_of_range",
                    "",
                    "expected at most {most} ways to read the contested limits that meet in one question, got {got} on {day}: {limits}",
                    most=MOST_READINGS,
                    got=count,
                    day=self.day,
                    limits=tuple(t for t, amounts in zip(used, choices, strict=True) if len(amounts) > 1),
                )
            )
        return [{**self._settled, **dict(zip(used, amounts, strict=True))} for amounts in product(*choices)]

    def reading(self, world: Mapping[str, Decimal | None]) -> tuple[Decimal | None, ...]:
        """How a world reads the contested limits: all that tells it from the other worlds of these days."""
        return tuple([world[threshold] for threshold in self._contested])

    @cached_property
    def _settled(self) -> dict[str, Decimal | None]:
        """Every limit of the table; the lowest reading of one that is contested, None of one that is not known."""
        return {name: next(iter(self.limit(name).amounts), None) for name in self.table.thresholds}

    @cached_property
    def _contested(self) -> dict[str, None]:
        return {name: None for name in self.table.thresholds if self.limit(name).contested}

    def _readings_of(self, row: Row) -> tuple[tuple[str, bool], ...]:
        """The contested limits that a row compares with, each with whether it must be below."""
        found = self._doubtful.get(row.id)
        if found is None:
            tested = ((c.threshold, c.edge in _LESS) for c in row.when if c.threshold)
            found = self._doubtful[row.id] = tuple(entry for entry in tested if entry[0] in self._contested)
        return found

    def tests(self, row: Row) -> "tuple[ConditionTest, ...]":
        """The tests of the conditions of a row under this law."""
        tests = self._tests.get(row.id)
        if tests is None:
            from qmi_rules.law.examination import ConditionTest

            tests = self._tests[row.id] = tuple(ConditionTest(row, condition, self) for condition in row.when)
        return tests

    def knows(self, procedure: Procedure) -> bool:
        """Whether the table knows, for this span, if the procedure exists."""
        return procedure.known_from is None or (self.since is not None and self.since >= procedure.known_from)

    def rules_of(self, procedure: str) -> tuple[Rule, ...]:
        """The grounds of a procedure in force."""
        return self._grounds.get(procedure, ())

    @cached_property
    def _grounds(self) -> dict[str, tuple[Rule, ...]]:
        found: dict[str, tuple[Rule, ...]] = {}
        for rule in self.rules:
            found[rule.procedure] = (*found.get(rule.procedure, ()), rule)
        return found

    def relevant_rules(self, procedure: str, case: Any) -> tuple[Rule, ...]:
        """The grounds of a procedure that concern the contract type and buyer kind of a case; all, where none does."""
        key = (procedure, case.contract_type, case.buyer_kind, getattr(case, "lot_type", None))
        rules = self._relevant.get(key)
        if rules is None:
            grounds = self.rules_of(procedure)
            rules = tuple(
                rule
                for rule in grounds
                if all(
                    test.judge(getattr(case, test.slot, None)) is not Truth.NO
                    for test in self.tests(rule)
                    if test.fact.id in _SCOPE
                )
            )
            rules = self._relevant[key] = rules or grounds
        return rules

    @cached_property
    def duty_rows(self) -> "tuple[DutyRow, ...]":
        """The duty rows in force."""
        return tuple(row for row in self.table.duty_rows if row.holds_on(self.day, self.known_on))

    @cached_property
    def cautions(self) -> "tuple[Caution, ...]":
        """The cautions in force."""
        return tuple(row for row in self.table.cautions if row.holds_on(self.day, self.known_on))

    @cached_property
    def evaluate(self) -> Evaluation:
        """From a case to the packed statuses of all procedures, see `compilation`."""
        return compile_rules(self)

    def statuses(self, case: Any) -> dict[str, Truth]:
        """The answer of each procedure and arrangement of the table for a case."""
        packed, count = self.evaluate(case), len(self.table.procedures)
        return {name: status(packed, i, count) for i, name in enumerate(self.table.procedures)}


def _again(table: "Table", day: datetime.date, known_on: datetime.date | None) -> LawInForce:
    return table.in_force(day, known_on)
