"""The table of the law: everything that its files declare, checked as a whole, and the law in force on a day."""

import datetime
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from attrs import evolve, field, fields, frozen

from qmi_rules.documents import to_json
from qmi_rules.documents.faults import require, shown
from qmi_rules.documents.scalars import is_a
from qmi_rules.errors import (
    DocumentError,
    OverlappingPeriodsError,
    Phrase,
    Problem,
    TableError,
    UnknownReferenceError,
    fault,
)
from qmi_rules.law.compilation import bits
from qmi_rules.law.facts import FactDefinition, fact_definitions, faults
from qmi_rules.law.in_force import LawInForce
from qmi_rules.law.rows import Bearing, Caution, Declared, Duty, DutyRow, Ladder, Procedure, Row, Rule
from qmi_rules.law.sources import Certainty, Dated, Source
from qmi_rules.law.thresholds import Prudence, Threshold
from qmi_rules.read_only import to_read_only

if TYPE_CHECKING:
    from qmi_rules.law.proving.proof import Proof


@frozen(kw_only=True, slots=False)
class Table:
    """The law as data. Frozen; compares by value; one table may be shared by threads.

    Attributes:
        edition: Name of the edition.
        reviewed_on: Day up to which the maintainers know the law; None = not said.
        local: It is a commune's own table: it must be laid over the national one before it can answer.
        sources: The texts cited, by id.
        thresholds: The dated series, by id.
        procedures: Procedures and arrangements, in the order of the table.
        facts: The vocabulary of facts: that of the package and those the table adds, by id.
        rules: The rows, in the order of the table.
        duties: The duties, by id.
        duty_rows: When each duty is owed.
        cautions: Pitfalls worth showing.
        ladders: Duties of which one at most is owed at once.
        declared: What the proof of the table lets pass, and why.
        bearings: What a buyer may do about each fact.
    """

    edition: str = field(validator=is_a(str))
    reviewed_on: datetime.date | None = None
    local: bool = False
    sources: Mapping[str, Source] = field(converter=to_read_only)
    thresholds: Mapping[str, Threshold] = field(converter=to_read_only)
    procedures: Mapping[str, Procedure] = field(converter=to_read_only)
    facts: Mapping[str, FactDefinition] = field(factory=fact_definitions, converter=to_read_only)
    rules: tuple[Rule, ...] = ()
    duties: Mapping[str, Duty] = field(factory=dict, converter=to_read_only)
    duty_rows: tuple[DutyRow, ...] = ()
    cautions: tuple[Caution, ...] = ()
    ladders: tuple[Ladder, ...] = ()
    declared: tuple[Declared, ...] = ()
    bearings: tuple[Bearing, ...] = ()

    def __attrs_post_init__(self) -> None:
        if not self.local:  # what a local table refers to is checked once it is laid over the national one
            check_ids(self)
            check_references(self)
            check_periods(self)

    def in_force(self, on: datetime.date, known_on: datetime.date | None = None) -> LawInForce:
        """The law in force on a day, resolved once for all days between two changes and then remembered.

        Args:
            on: The day the consultation is launched or the notice sent.
            known_on: Take only what was published by this day; None = everything the table holds.

        Raises:
            DocumentError: One of the two is no date; a date with a time is none.
        """
        try:
            position = bisect_right(self._changes, on)
            if known_on is None and (latest := self._latest[position]) is not None:
                return latest  # the way of every decision: nothing else is looked at
            known = None if known_on is None else bisect_right(self._published, known_on)
        except TypeError:
            raise DocumentError(
                [
                    fault(
                        "not_a_date",
                        name,
                        "expected a date without a time, such as date(2026, 5, 15), got {got}",
                        got=shown(value),
                    )
                    for name, value in (("on", on), ("known_on", known_on))
                    if type(value) is not datetime.date and (value is not None or name == "on")
                ]
            ) from None
        if self.local:
            raise TableError(
                fault(
                    "contradiction",
                    "",
                    "a local table answers nothing alone: lay it over the national one, local.over(default_table())",
                )
            )
        law = self._laws.get((position, known))
        if law is None:
            law = self._laws[position, known] = self._resolve(position, known_on)
            if known_on is None:
                self._latest[position] = law
        return law

    def segments(self, known_on: datetime.date | None = None) -> Iterator[LawInForce]:
        """The law of each span of days without a change, from the first to the last."""
        for position in range(len(self._changes) + 1):
            day = self._changes[position - 1] if position else self._changes[0] - datetime.timedelta(days=1)
            yield self.in_force(day, known_on)

    def over(self, other: "Table") -> "Table":
        """This (local) table laid over another (national) one; it may only tighten.

        Raises:
            LooseningError: A row would open what the other table closes; with the row and a witness case.
            DocumentError: `other` is no table.
        """
        require("other", other, Table)
        from qmi_rules.law.proving.tightening import lay_over

        return lay_over(self, other)

    def check(self) -> "Proof":
        """Prove the table over every case that its facts can describe, and every day; exact, without sampling.

        Returns:
            Flaws with their smallest witness, exceptions declared, and a certificate that others can verify.
        """
        from qmi_rules.law.proving.proof import prove

        return prove(self)

    def bits(self, arrangements: bool | None) -> tuple[tuple[Procedure, int, int], ...]:
        """Each procedure (False), arrangement (True) or both (None) with its open bit and its may-be-open bit."""
        return self._bits[arrangements]

    @cached_property
    def _bits(self) -> dict[bool | None, tuple[tuple[Procedure, int, int], ...]]:
        count = len(self.procedures)
        every = tuple((procedure, *bits(i, count)) for i, procedure in enumerate(self.procedures.values()))
        return {None: every, **{kind: tuple(e for e in every if e[0].arrangement is kind) for kind in (False, True)}}

    @cached_property
    def hash(self) -> str:
        """SHA-256 of the canonical JSON of the table: the same content, the same hash."""
        from hashlib import sha256

        return sha256(to_json(self, None).encode()).hexdigest()

    @cached_property
    def _changes(self) -> list[datetime.date]:
        """Every day on which a value or a row begins, or is no longer there, in order."""
        day = datetime.timedelta(days=1)
        dated: Iterable[Dated] = self.dated()
        days = {entry.effective_from for entry in dated}
        days |= {entry.effective_until + day for entry in self.dated() if entry.effective_until is not None}
        days |= {p.known_from for p in self.procedures.values() if p.known_from is not None}
        return sorted(days)

    @cached_property
    def _published(self) -> list[datetime.date]:
        days = {entry.published_on for entry in self.dated()}
        days |= {entry.end_published_on for entry in self.dated() if entry.end_published_on is not None}
        return sorted(days)

    @cached_property
    def _latest(self) -> list[LawInForce | None]:
        return [None] * (len(self._changes) + 1)

    @cached_property
    def _laws(self) -> dict[tuple[int, int | None], LawInForce]:
        return {}

    def _resolve(self, position: int, known_on: datetime.date | None) -> LawInForce:
        changes = self._changes
        since = changes[position - 1] if position else None
        until = changes[position] - datetime.timedelta(days=1) if position < len(changes) else None
        day = since or until or datetime.date(1990, 1, 1)
        return LawInForce(table=self, day=day, since=since, until=until, known_on=known_on)

    def dated(self) -> Iterator[Dated]:
        """Every dated entry: the values of the thresholds and the rows."""
        for threshold in self.thresholds.values():
            yield from threshold.values
        yield from self.rules
        yield from self.duty_rows
        yield from self.cautions

    def rows(self) -> Iterator[Row]:
        """Every row: rules, duties, cautions."""
        yield from self.rules
        yield from self.duty_rows
        yield from self.cautions

    def cited(self, source: str, day: datetime.date) -> Source:
        """A source as a result of that day cites it."""
        return self.sources[source].on(day)

    @cached_property
    def facts_at(self) -> Mapping[str, tuple[FactDefinition, ...]]:
        """The facts by the path at which a document fills them; rows tell those of one path apart."""
        found: dict[str, tuple[FactDefinition, ...]] = {}
        for fact in self.facts.values():
            found[fact.where] = (*found.get(fact.where, ()), fact)
        return to_read_only(found)

    def trusts(self, row: Row) -> bool:
        """Whether a row may open something by itself: no procedure without competition rests on a row that is not confirmed."""
        return row.certainty is Certainty.CONFIRMED or not (
            isinstance(row, Rule) and row.procedure in self.procedures and self.procedures[row.procedure].dispensed
        )

    @cached_property
    def prudence(self) -> Mapping[str, Prudence]:
        """How each threshold that frees from competition is read where its value is not confirmed.

        The conditions that a local table added are left out: they tighten, so that their value is the prudent one.
        """
        found: dict[str, Prudence] = {}
        for rule in self.rules:
            if self.procedures[rule.procedure].dispensed and not (rule.local and not rule.local_conditions):
                for condition in rule.when[: len(rule.when) - rule.local_conditions]:
                    if condition.threshold:
                        lower = (
                            condition.edge in ("below", "at_most") and found.get(condition.threshold) != Prudence.KNOWN
                        )
                        found[condition.threshold] = Prudence.LOWER if lower else Prudence.KNOWN
        return found

    def label(self, name: str) -> str:
        """The French name of a threshold, or of a ground, by its id."""
        if name in self.thresholds:
            return self.thresholds[name].label
        return next((rule.ground for rule in self.rules if rule.id == name and rule.ground), name)

    def tested_by(self, row: str) -> frozenset[str]:
        """Ids of the facts that a row tests; none where there is no such row."""
        return self._tested.get(row, frozenset())

    @cached_property
    def _tested(self) -> dict[str, frozenset[str]]:
        return {row.id: frozenset(condition.fact for condition in row.when) for row in self.rows()}

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in self.__dict__.items() if name in _FIELDS}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)

    def __hash__(self) -> int:
        return hash((self.edition, len(self.rules)))

    def replace(self, **changes: Any) -> "Table":
        """A copy with some parts changed, checked anew."""
        return evolve(self, **changes)


_FIELDS = frozenset(attribute.name for attribute in fields(Table))


def check_ids(table: Table) -> None:
    """Every row has an id of its own.

    Raises:
        TableError: Each id that stands twice.
    """
    counts = Counter(row.id for row in table.rows())
    if twice := [name for name, count in counts.items() if count > 1]:
        raise TableError(
            [fault("duplicate", f"row {name}", "this id stands twice; each row has its own") for name in twice]
        )


def check_references(table: Table) -> None:
    """Every id that a row or a value names is declared.

    Raises:
        UnknownReferenceError: All of those that are not.
    """
    problems: list[Problem] = []

    def known(path: str, id: str, where: Mapping[str, Any], what: str) -> None:
        if id not in where:
            near = ", ".join(sorted(where)[:40]) or Phrase("none is declared")
            problems.append(
                fault(
                    "unknown_id",
                    path,
                    "unknown {what} {id}; declare it or use one of: {near}",
                    what=Phrase(what),
                    id=shown(id),
                    near=near,
                )
            )

    for threshold in table.thresholds.values():
        for i, value in enumerate(threshold.values):
            path = f"thresholds[{threshold.id}].values[{i}]"
            known(f"{path}.legal_basis", value.legal_basis, table.sources, "source")
            if value.same_as is not None:
                known(f"{path}.same_as", value.same_as, table.thresholds, "threshold")
            for j, reading in enumerate(value.readings):
                known(f"{path}.readings[{j}].legal_basis", reading.legal_basis, table.sources, "source")
                if reading.same_as is not None:
                    known(f"{path}.readings[{j}].same_as", reading.same_as, table.thresholds, "threshold")
    seen = {row.id for row in table.rows()}
    units: dict[str, tuple[str, str]] = {}
    for row in table.rows():
        path = f"row {row.id}"
        known(f"{path}.legal_basis", row.legal_basis, table.sources, "source")
        for i, condition in enumerate(row.when):
            problems += faults(condition, f"{path}.when[{i}]", table.facts)
            if condition.threshold:
                known(f"{path}.when[{i}].{condition.edge}", condition.threshold, table.thresholds, "threshold")
                if (limit := table.thresholds.get(condition.threshold)) is not None:
                    unit, first = units.setdefault(condition.fact, (limit.unit, row.id))
                    if limit.unit != unit:
                        problems.append(
                            fault(
                                "contradiction",
                                f"{path}.when[{i}].{condition.edge}",
                                "expected a threshold in {unit}, as the row {first} compares the fact {fact}, got {got} in {unit2}",
                                unit=unit,
                                first=first,
                                fact=condition.fact,
                                got=shown(condition.threshold),
                                unit2=limit.unit,
                            )
                        )
        match row:
            case Rule():
                known(f"{path}.procedure", row.procedure, table.procedures, "procedure")
            case DutyRow():
                known(f"{path}.duty", row.duty, table.duties, "duty")
                for reduction in row.reductions:
                    known(f"{path}.reductions", reduction.legal_basis, table.sources, "source")
        if isinstance(row, (DutyRow, Caution)):
            for procedure in row.procedures:
                known(f"{path}.procedures", procedure, table.procedures, "procedure")
    for ladder in table.ladders:
        for duty in ladder.duties:
            known(f"ladders[{ladder.id}].duties", duty, table.duties, "duty")
    for i, declared in enumerate(table.declared):
        known(f"declared[{i}].legal_basis", declared.legal_basis, table.sources, "source")
        for name in declared.rows:
            known(f"declared[{i}].rows", name, {**table.thresholds, **dict.fromkeys(seen)}, "row or threshold")
    for bearing in table.bearings:
        known(f"bearings[{bearing.fact}].fact", bearing.fact, table.facts, "fact")
        if bearing.legal_basis is not None:
            known(f"bearings[{bearing.fact}].legal_basis", bearing.legal_basis, table.sources, "source")
    if problems:
        raise UnknownReferenceError(problems)


def check_periods(table: Table) -> None:
    """The values of a series stand in order of time and do not overlap; a derogation may cover a value of the code.

    Raises:
        OverlappingPeriodsError: Every pair that claims the same day.
    """
    problems = []
    for threshold in table.thresholds.values():
        for derogation in (False, True):
            layer = [(i, value) for i, value in enumerate(threshold.values) if value.derogation is derogation]
            for (_, earlier), (i, later) in pairwise(layer):
                path = f"thresholds[{threshold.id}].values[{i}].effective_from"
                if later.effective_from <= earlier.effective_from:
                    problems.append(
                        fault(
                            "contradiction",
                            path,
                            "expected a day after {effective_from} (the value before), got {got}",
                            effective_from=earlier.effective_from,
                            got=later.effective_from,
                        )
                    )
                elif earlier.effective_until is not None and later.effective_from <= earlier.effective_until:
                    problems.append(
                        fault(
                            "contradiction",
                            path,
                            "{effective_from} is within the value before, which ends on {effective_until}; end that one earlier or begin this one later",
                            effective_from=later.effective_from,
                            effective_until=earlier.effective_until,
                        )
                    )
        problems += _circles(table, threshold)
    if problems:
        raise OverlappingPeriodsError(problems)


def _circles(table: Table, threshold: Threshold) -> Iterator[Problem]:
    def targets(one: Threshold) -> set[str]:
        return {
            name
            for value in one.values
            for name in (value.same_as, *(reading.same_as for reading in value.readings))
            if name is not None
        }

    reached, todo = set(), targets(threshold)
    while todo:
        name = todo.pop()
        if name == threshold.id:
            yield fault(
                "contradiction",
                f"thresholds[{threshold.id}]",
                "takes its value, through same_as, from itself; give one of them an amount",
            )
            return
        if name not in reached:
            reached.add(name)
            todo |= targets(table.thresholds[name])
