"""The proof that a local table only tightens: its rows against the national ones, box by box, day by day; witness if not."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from qmi_rules.errors import Problem
from qmi_rules.law.boxes import Box, World, intersect
from qmi_rules.law.partition import Scope
from qmi_rules.law.rows import DutyRow, Row, Rule

if TYPE_CHECKING:
    from qmi_rules.law.table import Table

_ALWAYS_TOLD = frozenset({"contract_type", "buyer_kind", "estimated_value"})


def loosened(table: "Table", own: frozenset[str]) -> Iterator[Problem]:
    """What a local table would loosen, one problem a row, each with the smallest case that shows it.

    Args:
        table: National and local rows side by side.
        own: Ids of the local rows.
    """
    reported: set[str] = set()
    for law in table.segments():
        for lots in (False, True):
            scope = Scope(law, lots=lots)
            for row in (*law.rules, *law.duty_rows):
                if row.id not in own or row.id in reported:
                    continue
                for world in scope.worlds:
                    if problem := _fault(table, row, own, scope, world):
                        reported.add(row.id)
                        yield problem
                        break
    for duty_row in table.duty_rows:
        if duty_row.id in own and duty_row.id not in reported:
            yield from _short_reductions(table, duty_row, own)


def _fault(table: "Table", row: Row, own: frozenset[str], scope: Scope, world: World) -> Problem | None:
    box = scope.possible(row, world)
    if box is None:
        return None
    if isinstance(row, Rule):
        return _opened(table, row, own, box, scope, world)
    assert isinstance(row, DutyRow)
    return None if row.days is None else _shortened(table, row, own, box, scope, world)


def _opened(table: "Table", row: Rule, own: frozenset[str], box: Box, scope: Scope, world: World) -> Problem | None:
    """A local rule that holds where no national rule of its procedure does."""
    covers = [
        cover
        for other in scope.law.rules
        if other.id not in own
        and _permits(table, other, row, own)
        and (cover := scope.possible(other, world)) is not None
    ]
    left = scope.space.uncovered(box, covers)
    if not left:
        return None
    return Problem(
        f"row {row.id}",
        f"would open {row.procedure} ({table.procedures[row.procedure].label}) where the national table closes it, "
        f"for example on {scope.law.day}: {_case(row, scope, left[0])}; a local rule may only add conditions",
    )


def _permits(table: "Table", national: Rule, local: Rule, own: frozenset[str]) -> bool:
    """Whether a national row can stand for a local one: of the same procedure, or for a new dispensed one any dispensed row."""
    if local.procedure == national.procedure:
        return True
    mine, other = table.procedures[local.procedure], table.procedures[national.procedure]
    return not any(rule.procedure == mine.id and rule.id not in own for rule in table.rules) and (
        not mine.dispensed or other.dispensed
    )


def _shortened(
    table: "Table", row: DutyRow, own: frozenset[str], box: Box, scope: Scope, world: World
) -> Problem | None:
    """A local time limit that gives firms less time than the national one, or the buyer more, for one of its procedures."""
    assert row.days is not None
    deadline = table.duties[row.duty].deadline
    national = [
        (other.days, other, other_box)
        for other in scope.law.duty_rows
        if other.id not in own
        and _same_duty(other, row)
        and other.days is not None
        and (other_box := scope.possible(other, world)) is not None
    ]
    for procedure in row.procedures or table.procedures:
        bound = [
            (days, there) for days, other, there in national if procedure in (other.procedures or table.procedures)
        ]
        # of a minimum the shortest row that holds binds: where one no longer than the local row holds, nothing is shortened
        enough = [] if deadline else [there for days, there in bound if days <= row.days]
        for days, there in sorted(bound, key=lambda entry: entry[0]):
            harder = days < row.days if deadline else days > row.days
            meeting = intersect(box, there) if harder else None
            if meeting is not None and (left := scope.space.uncovered(meeting, enough)):
                verb, only = ("lengthen", "shorten a deadline") if deadline else ("shorten", "lengthen a time limit")
                return Problem(
                    f"row {row.id}",
                    f"would {verb} {row.duty} to {row.days} days where the national table has {days}, "
                    f"for example on {scope.law.day}: procedure = {procedure}, {_case(row, scope, left[0])}; "
                    f"a local rule may only {only}",
                )
    return None


def _same_duty(national: DutyRow, local: DutyRow) -> bool:
    return national.duty == local.duty and (
        not national.procedures or not local.procedures or bool(set(national.procedures) & set(local.procedures))
    )


def _short_reductions(table: "Table", row: DutyRow, own: frozenset[str]) -> Iterator[Problem]:
    """A length shown beside a local time limit that is beyond any that the national table knows."""
    national = [
        days
        for other in table.duty_rows
        if other.id not in own and _same_duty(other, row) and other.days is not None
        for days in (other.days, *(reduction.days for reduction in other.reductions))
    ]
    shown = [reduction.days for reduction in row.reductions]
    if not national or not shown:
        return
    if table.duties[row.duty].deadline:
        loosest, edge, verb, only = max(shown), max(national), "lengthen", "shorten a deadline"
        loosens = loosest > edge
    else:
        loosest, edge, verb, only = min(shown), min(national), "shorten", "lengthen a time limit"
        loosens = loosest < edge
    if loosens:
        yield Problem(
            f"row {row.id}.reductions",
            f"would {verb} {row.duty} to {loosest} days where the national table goes no further than {edge}; "
            f"a local rule may only {only}",
        )


def _case(row: Row, scope: Scope, box: Box) -> str:
    witness: dict[str, Any] = scope.space.witness(box)
    told = {condition.fact for condition in row.when} | _ALWAYS_TOLD
    return ", ".join(f"{fact} = {value}" for fact, value in witness.items() if fact in told)
