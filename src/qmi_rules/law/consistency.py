"""Whether a table holds together: each id once, every reference declared, no two values for one day."""

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from qmi_rules.errors import OverlappingPeriodsError, Phrase, Problem, TableError, UnknownReferenceError, fault
from qmi_rules.law.facts import faults
from qmi_rules.law.rows import Rule
from qmi_rules.law.sections import Caution, DutyRow
from qmi_rules.law.thresholds import Threshold
from qmi_rules.schema.faults import shown

if TYPE_CHECKING:
    from qmi_rules.law.table import Table


def check_ids(table: "Table") -> None:
    """Every row has an id of its own.

    Raises:
        TableError: Each id that stands twice.
    """
    counts = Counter(row.id for row in table.rows())
    if twice := [name for name, count in counts.items() if count > 1]:
        raise TableError(
            [fault("duplicate", f"row {name}", "this id stands twice; each row has its own") for name in twice]
        )


def check_references(table: "Table") -> None:
    """Every id that a row or a value names is declared.

    Raises:
        UnknownReferenceError: All of those that are not.
    """
    problems: list[Problem] = []

    def known(path: str, id: str, where: Mapping[str, Any], what: str) -> None:
        if id not in where:
            near = ", ".join(sorted(where)[:40]) or Phrase("none is declared")
            words = "unknown {what} {id}; declare it or use one of: {near}"
            problems.append(fault("unknown_id", path, words, what=Phrase(what), id=shown(id), near=near))

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
    for outside in table.outside:
        known(f"outside[{outside.fact}].fact", outside.fact, table.facts, "fact")
        known(f"outside[{outside.fact}].legal_basis", outside.legal_basis, table.sources, "source")
    if problems:
        raise UnknownReferenceError(problems)


def check_periods(table: "Table") -> None:
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


def _circles(table: "Table", threshold: Threshold) -> Iterator[Problem]:
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
            words = "takes its value, through same_as, from itself; give one of them an amount"
            yield fault("contradiction", f"thresholds[{threshold.id}]", words)
            return
        if name not in reached:
            reached.add(name)
            todo |= targets(table.thresholds[name])
