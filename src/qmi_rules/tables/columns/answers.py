"""The answers to a table of purchases, for frames and SQL alike: what the rows of the law mean over columns, and what is asked of them.

A row is defined in `law.examination`; here it becomes an AND of comparisons, in which a fact that is not filled, a limit
that is not known and readings that disagree are undetermined. Two things need more than that logic: a buyer kind or
contract type that is not filled, and a contested limit that rows use in both directions; there the answer is the
consensus over all kinds, types and readings, as in `law.compilation`.
"""

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from itertools import groupby, product
from types import MappingProxyType
from typing import Final, Generic, Protocol, TypeAlias, TypeVar

from attrs import evolve, frozen

from qmi_rules.errors import DocumentError, fault
from qmi_rules.law import Condition, FactKind, LawInForce, Procedure, Rule, Table
from qmi_rules.law.truth import Truth
from qmi_rules.model import BuyerKind, ContractType
from qmi_rules.schema.faults import shown
from qmi_rules.tables.columns.formulas import Formula, Holds, consensus, doubtful, every, negate, nullable, some
from qmi_rules.tables.columns.inputs import PARTS, VALUE, Column, Columns, Valuation, each_once, valuation_of

# --- rows


Fixed: TypeAlias = Mapping[str, str]
"""Words that are taken for given: of `contract_type` and `buyer_kind`."""
Readings: TypeAlias = Mapping[str, int]
"""Which reading of a contested threshold is taken; one that is not named is undetermined between its readings."""

_KIND: Final = "buyer_kind"
_TYPE: Final = "contract_type"
_WORDS: Final[dict[str, tuple[str, ...]]] = {_TYPE: tuple(ContractType), _KIND: tuple(BuyerKind)}
_LESS: Final = ("below", "at_most")
_NONE: Final[Fixed] = MappingProxyType({})
_ANY: Final[Readings] = MappingProxyType({})


@frozen(kw_only=True)
class RowFormulas:
    """The formulas of rows and procedures.

    Attributes:
        table: The law.
        columns: The columns there are.
        laws: The law of each span of days, in order of time.
        in_force: The ids of the rules in force in each.
    """

    table: Table
    columns: Columns
    laws: tuple[LawInForce, ...]
    in_force: tuple[frozenset[str], ...]

    def status(self, procedure: str) -> Formula:
        """Whether a procedure is open."""
        definition = self.table.procedures[procedure]
        known = [law.knows(definition) for law in self.laws]
        rules = [rule for rule in self.table.rules if rule.procedure == procedure and any(_takes(rule))]
        open_ = consensus(self._over_words(rules, readings, known) for readings in self._readings(rules))
        told = some(open_, *(every(span, Truth.UNDETERMINED) for span in self._spans(lambda i: not known[i])))
        outside = self.outside()
        return some(every(told, negate(outside)), every(outside, Truth.UNDETERMINED))

    def outside(self) -> Formula:
        """Whether a purchase is an act that the table says nothing of; never undetermined."""
        return some(
            *(
                every(negate(self.columns.unfilled(one.fact)), self.columns.word(one.fact, one.in_))
                for one in self.table.outside
                if one.fact in self.columns.present
            )
        )

    def known(self, procedure: Procedure) -> Formula:
        """Whether the table knows a procedure on the day; never undetermined."""
        return some(*self._spans(lambda i: self.laws[i].knows(procedure)))

    def not_told(self) -> Iterator[tuple[str, Formula]]:
        """The acts that the table says nothing of, and the procedures that it does not know on the day, each with where."""
        inside = negate(self.outside())
        for one in self.table.outside:
            if one.fact in self.columns.present:
                yield one.id, every(negate(self.columns.unfilled(one.fact)), self.columns.word(one.fact, one.in_))
        for procedure in self.table.procedures.values():
            if not procedure.arrangement:
                unknown = [not law.knows(procedure) for law in self.laws]
                yield procedure.id, every(inside, some(*self._spans(unknown.__getitem__)))

    def row(
        self, rule: Rule, fixed: Fixed = _NONE, readings: Readings = _ANY, known: list[bool] | None = None
    ) -> Formula:
        """Whether a row holds; `known` cuts out the spans for which the table does not know its procedure.

        One that is in doubt itself, and would free from competition, is undetermined where its conditions hold.
        """
        doubt = () if self.table.trusts(rule) else (Truth.UNDETERMINED,)
        return every(self._conditions(rule, fixed, readings, known), *doubt)

    def _conditions(self, rule: Rule, fixed: Fixed, readings: Readings, known: list[bool] | None) -> Formula:
        steady = [self._steady(condition, fixed) for condition in rule.when if not condition.threshold]
        if Truth.NO in steady:
            return Truth.NO
        dated = [condition for condition in rule.when if condition.threshold]

        def key(i: int) -> tuple[tuple[Decimal, ...], ...] | None:
            if rule.id not in self.in_force[i] or (known is not None and not known[i]):
                return None
            return tuple(self.laws[i].limit(condition.threshold).amounts for condition in dated)

        variants = [
            every(
                span,
                *(
                    self._compare(condition, amounts, readings)
                    for condition, amounts in zip(dated, key(i) or (), strict=True)
                ),
            )
            for i, span in self._variants(key)
        ]
        return every(self._lot(rule), *steady, some(*variants))

    def reasons(self, rule: Rule) -> tuple[Iterator[tuple[str, Formula]], ...]:
        """Why a row may be undetermined: facts not filled, contested thresholds, thresholds not known."""
        return self._missing(rule), self._contested(rule), self._unknown(rule)

    def _missing(self, rule: Rule) -> Iterator[tuple[str, Formula]]:
        for condition in rule.when:
            fact = self.table.facts[condition.fact]
            unfilled = self.columns.unfilled(fact.id)
            yield (
                fact.where,
                every(unfilled, self.columns.asked(fact)) if fact.presumed or fact.presumed_choice else unfilled,
            )

    def _contested(self, rule: Rule) -> Iterator[tuple[str, Formula]]:
        for condition in rule.when:
            if condition.threshold:
                filled = negate(self.columns.unfilled(condition.fact))
                for amounts, span in self._limits(condition):
                    if len(amounts) > 1:
                        yield (
                            condition.threshold,
                            every(filled, span, doubtful(self._compare(condition, amounts, _ANY))),
                        )

        if not self.table.trusts(rule) and not rule.unknown:
            yield rule.id, self._surely(rule)

    def _unknown(self, rule: Rule) -> Iterator[tuple[str, Formula]]:
        for condition in rule.when:
            if condition.threshold:
                for amounts, span in self._limits(condition):
                    if not amounts:
                        yield condition.threshold, span
        if rule.unknown:
            yield rule.id, self._surely(rule)

    def _surely(self, rule: Rule) -> Formula:
        """Whether all conditions of a row hold; never undetermined."""
        holds = self._conditions(rule, _NONE, _ANY, None)
        return every(holds, negate(doubtful(holds)))

    def _over_words(self, rules: list[Rule], readings: Readings, known: list[bool]) -> Formula:
        """Whether one of the rows holds; where kind or type is not filled, also where all of them agree that one does.

        That no row holds needs no consensus: each row says so for all the kinds and types that it takes.
        """
        columns = self.columns
        tested = {condition.fact for rule in rules for condition in rule.when}
        empty = {fact: columns.unfilled(fact) for fact in _WORDS if fact in tested}
        plain = some(*(self.row(rule, _NONE, readings, known) for rule in rules))
        if all(formula is Truth.NO for formula in empty.values()):
            return plain

        def may_be(fact: str, words: list[str]) -> Formula:
            return (
                some(columns.unfilled(fact), columns.word(fact, words)) if len(words) < len(_WORDS[fact]) else Truth.YES
            )

        agreed = []
        for live, cells in _cells(rules).items():
            among = [rule for rule in rules if rule.id in live]
            holds = some(*(self.row(rule, cells[0], readings, known) for rule in among))
            by_type: dict[str, list[str]] = {}
            for cell in cells:
                by_type.setdefault(cell[_TYPE], []).append(cell[_KIND])
            by_kinds: dict[tuple[str, ...], list[str]] = {}
            for word, kinds in by_type.items():
                by_kinds.setdefault(tuple(kinds), []).append(word)
            compatible = some(
                *(every(may_be(_TYPE, types), may_be(_KIND, list(kinds))) for kinds, types in by_kinds.items())
            )
            agreed.append(holds if len(empty) == 1 else some(negate(compatible), holds))
        return some(plain, every(some(*empty.values()), *agreed))

    def _readings(self, rules: list[Rule]) -> list[Readings]:
        """Every choice of readings of the contested thresholds that rows of a procedure use in both directions.

        One that is used in a single direction needs no choice: its lowest and its highest reading settle the others.
        """
        directions: dict[str, set[bool]] = {}
        for condition in (condition for rule in rules for condition in rule.when if condition.threshold):
            directions.setdefault(condition.threshold, set()).add(condition.edge in _LESS)
        counts = {
            threshold: max((len(law.limit(threshold).amounts) for law in self.laws), default=1)
            for threshold, used in directions.items()
            if len(used) > 1
        }
        contested = {threshold: count for threshold, count in counts.items() if count > 1}
        choices = product(*(range(count) for count in contested.values()))
        return [dict(zip(contested, choice, strict=True)) for choice in choices]

    def _steady(self, condition: Condition, fixed: Fixed) -> Formula:
        fact = self.table.facts[condition.fact]
        if fact.kind is FactKind.CHOICE:
            if fact.id in fixed:
                return Truth.YES if fixed[fact.id] in condition.in_ else Truth.NO
            if fact.presumed_choice:
                return self.columns.presumed_word(fact, condition.in_)
            return self.columns.word(fact.id, condition.in_)
        holds = self.columns.holds(fact)
        return holds if condition.is_ else negate(holds)

    def _compare(self, condition: Condition, amounts: tuple[Decimal, ...], readings: Readings) -> Formula:
        if not amounts:
            return Truth.UNDETERMINED
        if condition.threshold in readings:
            amounts = (amounts[min(readings[condition.threshold], len(amounts) - 1)],)
        strict, loose = (amounts[0], amounts[-1]) if condition.edge in _LESS else (amounts[-1], amounts[0])
        sure = self.columns.compare(condition.fact, condition.edge, strict)
        if strict == loose:
            return sure
        return some(sure, every(self.columns.compare(condition.fact, condition.edge, loose), Truth.UNDETERMINED))

    def _lot(self, rule: Rule) -> Formula:
        """A row that speaks of lots holds for lots only."""
        if any(self.table.facts[condition.fact].lot for condition in rule.when):
            return negate(self.columns.unfilled("lot_value"))
        return Truth.YES

    def _limits(self, condition: Condition) -> Iterator[tuple[tuple[Decimal, ...], Formula]]:
        def amounts(i: int) -> tuple[Decimal, ...]:
            return self.laws[i].limit(condition.threshold).amounts

        for i, span in self._variants(amounts):
            yield amounts(i), span

    def _spans(self, wanted: Callable[[int], bool]) -> Iterator[Formula]:
        for _, span in self._variants(lambda i: True if wanted(i) else None):
            yield span

    def _variants(self, key: Callable[[int], object]) -> Iterator[tuple[int, Formula]]:
        """The spans of days over which a key is the same; those where it is None are left out."""
        end = len(self.laws) - 1
        for found, group in groupby(range(len(self.laws)), key):
            positions = list(group)
            if found is not None:
                since = None if positions[0] == 0 else self.laws[positions[0]].since
                before = None if positions[-1] == end else self.laws[positions[-1] + 1].since
                yield positions[0], self.columns.between(since, before)


def row_formulas(
    table: Table,
    known_on: datetime.date | None,
    columns: Columns,
    first: datetime.date | None,
    last: datetime.date | None,
) -> RowFormulas:
    """The formulas for launches from a first to a last day; None = nothing is known of them."""
    laws = tuple(
        law
        for law in table.segments(known_on)
        if not (first and law.until and law.until < first) and not (last and law.since and law.since > last)
    )
    in_force = tuple(frozenset(rule.id for rule in law.rules) for law in laws)
    return RowFormulas(table=table, columns=columns, laws=laws, in_force=in_force)


_PAIRS: Final = tuple({_TYPE: word, _KIND: kind} for word, kind in product(_WORDS[_TYPE], _WORDS[_KIND]))


def _takes(rule: Rule) -> list[bool]:
    """For each pair of a contract type and a buyer kind, whether a row takes it."""
    return [all(pair[c.fact] in c.in_ for c in rule.when if c.fact in pair) for pair in _PAIRS]


def _cells(rules: list[Rule]) -> dict[frozenset[str], list[dict[str, str]]]:
    """The pairs of a contract type and a buyer kind by the rows that take them."""
    taken = {rule.id: _takes(rule) for rule in rules}
    cells: dict[frozenset[str], list[dict[str, str]]] = {}
    for i, pair in enumerate(_PAIRS):
        cells.setdefault(frozenset(name for name, takes in taken.items() if takes[i]), []).append(pair)
    return cells


# --- procedures and reasons


@frozen(kw_only=True)
class Answers:
    """The answers of a table of purchases as formulas.

    Attributes:
        statuses: For each procedure, whether it is open.
        rows: For the rows that may be undetermined, whether they are, by the name of an intermediate column.
        missing: For each path of a fact, whether it is missing; over the columns of statuses and rows.
        contested: The same for the ids of contested thresholds.
        unknown: The same for the ids of thresholds that the table does not know on the day.
        lightest: The procedures from the lightest on, each with whether it is open.
    """

    statuses: dict[str, Formula]
    rows: dict[str, Formula]
    missing: dict[str, Formula]
    contested: dict[str, Formula]
    unknown: dict[str, Formula]
    lightest: dict[str, Formula]


def truth_column(procedure: str) -> str:
    """Name of the intermediate column that holds whether a procedure is open."""
    return f"_truth_{procedure}"


def answers_of(
    table: Table,
    known_on: datetime.date | None,
    columns: Columns,
    first: datetime.date | None = None,
    last: datetime.date | None = None,
) -> Answers:
    """The formulas of a table of the law over some columns.

    Args:
        table: The law.
        known_on: Take only what was published by this day; None = everything the table holds.
        columns: The columns there are.
        first: No row is launched before this day; None = nothing is known.
        last: No row is launched after this day; None = nothing is known.
    """
    writer = row_formulas(table, known_on, columns, first, last)
    statuses = {procedure: writer.status(procedure) for procedure in table.procedures}
    truths = {
        procedure: formula
        if isinstance(formula, Truth)
        else Holds(column=truth_column(procedure), nullable=nullable(formula))
        for procedure, formula in statuses.items()
    }
    outside = writer.outside()
    inside = negate(outside)
    rows: dict[str, Formula] = {}
    reasons: tuple[dict[str, list[Formula]], ...] = ({}, {}, {})
    for i, rule in enumerate(table.rules):
        doubt = doubtful(truths[rule.procedure])
        if doubt is Truth.NO or table.procedures[rule.procedure].arrangement:
            continue
        row = doubtful(writer.row(rule))
        if row is Truth.NO:
            continue
        if row is not Truth.YES:
            rows[f"_row_{i}"] = row
            row = Holds(column=f"_row_{i}", nullable=False)
        # of a procedure that the table does not know on the day, it is the procedure that is unknown, and no limit of its rows
        known = (Truth.YES, Truth.YES, writer.known(table.procedures[rule.procedure]))
        for kind, so, found in zip(reasons, known, writer.reasons(rule), strict=True):
            for name, formula in found:
                kind.setdefault(name, []).append(every(inside, doubt, row, so, formula))
    missing, contested, unknown = (
        {name: reason for name, parts in kind.items() if (reason := some(*parts)) is not Truth.NO} for kind in reasons
    )
    unknown |= {name: formula for name, formula in writer.not_told() if formula is not Truth.NO}
    order = list(dict.fromkeys(fact.where for fact in table.facts.values()))
    ranked = [p for p in table.procedures.values() if p.rank is not None and not p.arrangement]
    return Answers(
        statuses=statuses,
        rows=rows,
        missing={where: missing[where] for where in order if where in missing},
        contested={
            name: contested[name] for name in (*table.thresholds, *(r.id for r in table.rules)) if name in contested
        },
        unknown={
            name: unknown[name]
            for name in (*table.thresholds, *(k for k in unknown if k not in table.thresholds))
            if name in unknown
        },
        lightest={p.id: truths[p.id] for p in sorted(ranked, key=lambda p: p.order)},
    )


# --- what is asked


STATUS_PREFIX: Final = "status_"
"""What the name of a status column begins with: `books` is a fact and a procedure."""
ANSWERS: Final = ("valuation", "statuses", "missing", "contested", "unknown", "lightest", "fault")
"""What may be asked: `valuation` is one column a part of the need, and `estimated_value`, where the need is laid flat in
columns; `statuses` is one column a procedure; the others are one column each."""
SEPARATOR: Final = "|"
VALID: Final = "_qmi_valid"

E = TypeVar("E")


class Writer(Protocol[E]):
    """What writes formulas in the terms of an engine."""

    def status(self, formula: Formula) -> E:
        """The status of a procedure, in words."""
        ...

    def joined(self, named: Mapping[str, Formula]) -> E:
        """The names of the formulas that hold, joined by the separator; empty where none does."""
        ...

    def first(self, named: Mapping[str, Formula]) -> E:
        """The name of the first formula that holds; null where none does."""
        ...

    def euros(self, column: str) -> E:
        """A column of cents as euros."""
        ...

    def only_if(self, column: str, answer: E) -> E:
        """An answer where a column of truths holds; null elsewhere."""
        ...


def asked_of(
    table: Table,
    known_on: datetime.date | None,
    columns: Columns,
    first: datetime.date | None = None,
    last: datetime.date | None = None,
) -> tuple[Answers, dict[str, Formula], Valuation | None]:
    """The answers over some columns, the faults of each column, and how the need is valued where it is laid flat; as `answers_of`."""
    faults, valuation = columns.faults(), valuation_of(columns)
    if valuation is None:
        return answers_of(table, known_on, columns, first, last), faults, None
    # the law sees the value of the need in place of the one that was declared
    valued = Columns(present={**columns.present, VALUE: Column(name=valuation.value, whole=True, unit=100)})
    found = answers_of(table, known_on, valued, first, last)
    both = {
        name: some(faults.get(name, Truth.NO), valuation.faults.get(name, Truth.NO))
        for name in (*faults, *valuation.faults)
    }
    return evolve(found, missing=valuation.missing(found.missing)), both, valuation


@frozen(kw_only=True)
class ColumnPlan(Generic[E]):
    """How the answers are computed in two steps.

    Attributes:
        steps: Intermediate columns over those of the frame, by name.
        outputs: The columns of answers over these, by name.
    """

    steps: dict[str, Formula]
    outputs: dict[str, E]


def plan_of(
    answers: Answers,
    faults: Mapping[str, Formula],
    wanted: Iterable[str],
    writer: Writer[E],
    valuation: Valuation | None,
) -> ColumnPlan[E]:
    """How the answers that are wanted are computed; rows with a fault get none, if there may be any."""
    wanted = tuple(wanted)
    steps: dict[str, Formula] = {
        truth_column(procedure): formula
        for procedure, formula in answers.statuses.items()
        if not isinstance(formula, Truth)
    }
    if {"missing", "contested", "unknown"} & set(wanted):
        steps |= answers.rows
    faulty = some(*faults.values())
    if faulty is not Truth.NO:
        steps[VALID] = negate(faulty)
    outputs: dict[str, E] = {}
    for name in wanted:
        match name:
            case "valuation":
                valued = valuation.outputs if valuation else {}
                outputs |= {output: writer.euros(cents) for output, cents in valued.items()}
            case "statuses":
                for procedure, formula in answers.statuses.items():
                    column = truth_column(procedure)
                    truth = formula if isinstance(formula, Truth) else Holds(column=column, nullable=nullable(formula))
                    outputs[STATUS_PREFIX + procedure] = writer.status(truth)
            case "missing" | "contested" | "unknown":
                outputs[name] = writer.joined(getattr(answers, name))
            case "lightest":
                outputs[name] = writer.first(answers.lightest)
            case _:
                outputs[name] = writer.joined(faults)
    if VALID in steps:
        outputs = {name: o if name == "fault" else writer.only_if(VALID, o) for name, o in outputs.items()}
    return ColumnPlan(steps=steps, outputs=outputs)


def checked_answers(answers: Iterable[str]) -> tuple[str, ...]:
    """The answers that are asked for, each once.

    Raises:
        DocumentError: All that are none.
    """
    wanted = each_once(answers)
    if problems := [
        fault(
            "contradiction", "answers", "expected some of {choices}, got {got}", choices=tuple(ANSWERS), got=shown(name)
        )
        for name in wanted
        if name not in ANSWERS
    ]:
        raise DocumentError(problems)
    return wanted


def check_free(names: Iterable[str], table: Table) -> None:
    """No column has the name of an answer.

    Raises:
        DocumentError: All that have.
    """
    taken = {
        *ANSWERS[2:],
        *(STATUS_PREFIX + procedure for procedure in table.procedures),
        *(f"value_{part}" for part in PARTS),
    }
    if problems := [
        fault("contradiction", name, "this name is that of an answer; rename the column")
        for name in names
        if name in taken
    ]:
        raise DocumentError(problems)
