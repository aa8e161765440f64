"""A commune's own rules laid over the national table: they may only tighten, and it is proved on the boxes.

A local rule of a procedure does not replace the law: while it is in force the procedure is open only where a national row
*and* a local row hold. A local row that would hold where no national row does, is a misunderstanding of the law: the file is
refused, with the row and a case that shows it.
"""

import datetime
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from attrs import evolve

from qmi_rules.errors import LooseningError, Problem, TableError
from qmi_rules.law.rows import DutyRow, Rule

if TYPE_CHECKING:
    from qmi_rules.law.table import Table

_DAY = datetime.timedelta(days=1)


def lay_over(local: "Table", base: "Table") -> "Table":
    """The base table tightened by a local one.

    Raises:
        TableError: The local table declares an id of the base anew.
        LooseningError: A local row would open what the base closes, or shorten what it requires.
    """
    name = local.edition or "local"
    if twice := [
        Problem(f"{section}.{key}", "stands in the national table already; a local table adds, it does not redefine")
        for section in ("sources", "thresholds", "procedures", "duties")
        for key in getattr(local, section)
        if key in getattr(base, section)
    ]:
        raise TableError(twice, name)
    rules = tuple(evolve(rule, local=name) for rule in local.rules)
    duty_rows = tuple(evolve(row, local=name) for row in local.duty_rows)
    joined: dict[str, Any] = {
        section: getattr(base, section) | getattr(local, section)
        for section in ("sources", "thresholds", "procedures", "duties", "facts")
    }
    side_by_side = base.replace(**joined, rules=(*base.rules, *rules), duty_rows=(*base.duty_rows, *duty_rows))
    problems = [*_loosening_rules(side_by_side), *_loosening_duties(base, duty_rows)]
    if problems:
        raise LooseningError(problems, name)
    touched = {rule.procedure for rule in rules}
    kept = [rule for rule in base.rules if rule.procedure not in touched]
    tightened = [
        piece
        for rule in base.rules
        if rule.procedure in touched and rule.procedure in base.procedures
        for piece in _tightened(rule, [own for own in rules if own.procedure == rule.procedure])
    ]
    added = [rule for rule in rules if rule.procedure not in base.procedures]
    return base.replace(
        **joined,
        edition=f"{base.edition} + {name}",
        rules=tuple(sorted((*kept, *tightened), key=_order(base.rules))) + tuple(added),
        duty_rows=(*base.duty_rows, *duty_rows),
        cautions=(*base.cautions, *(evolve(row, local=name) for row in local.cautions)),
    )


def _order(rules: Iterable[Rule]) -> Any:
    position = {rule.id: i for i, rule in enumerate(rules)}
    return lambda rule: position[rule.id.split("..")[0]]


def _tightened(rule: Rule, own: list[Rule]) -> Iterator[Rule]:
    """A national row with each local one while that is in force, and alone for the rest of the time."""
    for local in own:
        since = max(rule.effective_from, local.effective_from)
        until = _earlier(rule.effective_until, local.effective_until)
        if until is None or since <= until:
            yield evolve(
                rule,
                id=f"{rule.id}..{local.id}",
                ground=f"{rule.ground} ; {local.ground}".strip(" ;"),
                when=(*rule.when, *local.when),
                effective_from=since,
                effective_until=until,
                published_on=max(rule.published_on, local.published_on),
                local=local.local,
            )
    for i, (since, until) in enumerate(_free(rule, own)):
        yield evolve(rule, id=rule.id if i == 0 else f"{rule.id}..part{i}", effective_from=since, effective_until=until)


def _free(rule: Rule, own: list[Rule]) -> list[tuple[datetime.date, datetime.date | None]]:
    """The parts of a row's period in which no local row is in force."""
    free: list[tuple[datetime.date, datetime.date | None]] = [(rule.effective_from, rule.effective_until)]
    for local in own:
        cut: list[tuple[datetime.date, datetime.date | None]] = []
        for since, until in free:
            if local.effective_from > since:
                cut.append((since, _earlier(until, local.effective_from - _DAY)))
            if local.effective_until is not None and (until is None or local.effective_until < until):
                cut.append((max(since, local.effective_until + _DAY), until))
        free = [(since, until) for since, until in cut if until is None or since <= until]
    return free


def _earlier(one: datetime.date | None, other: datetime.date | None) -> datetime.date | None:
    return min((day for day in (one, other) if day is not None), default=None)


def _loosening_rules(table: "Table") -> Iterator[Problem]:
    """Local rows that hold somewhere where no national row of the procedure does, each with the smallest such case."""
    from qmi_rules.law.partition import Scope

    reported: set[str] = set()
    for law in table.segments():
        for lots in (False, True):
            scope = Scope(law, lots=lots)
            for row in law.rules:
                if not row.local or row.id in reported:
                    continue
                for world in scope.worlds:
                    box = scope.possible(row, world)
                    if box is None:
                        continue
                    covers = [
                        cover
                        for other in law.rules
                        if not other.local
                        and _permits(table, other, row)
                        and (cover := scope.possible(other, world)) is not None
                    ]
                    if left := scope.space.uncovered(box, covers):
                        reported.add(row.id)
                        yield Problem(f"row {row.id}", _refusal(table, row, law.day, scope.space.witness(left[0])))
                        break


def _permits(table: "Table", national: Rule, local: Rule) -> bool:
    """Whether a national row can stand for a local one: of the same procedure, or for a new dispensed one any dispensed row."""
    if local.procedure == national.procedure:
        return True
    own, other = table.procedures[local.procedure], table.procedures[national.procedure]
    return not any(rule.procedure == own.id and not rule.local for rule in table.rules) and (
        not own.dispensed or other.dispensed
    )


def _refusal(table: "Table", row: Rule, day: datetime.date, witness: dict[str, Any]) -> str:
    tested = {condition.fact for condition in row.when} | {"contract_type", "buyer_kind", "estimated_value"}
    case = ", ".join(f"{fact} = {value}" for fact, value in witness.items() if fact in tested)
    label = table.procedures[row.procedure].label
    return (
        f"would open {row.procedure} ({label}) where the national table closes it, for example on {day}: {case}; "
        "a local rule may only add conditions"
    )


def _loosening_duties(base: "Table", rows: tuple[DutyRow, ...]) -> Iterator[Problem]:
    """Local time limits shorter than the national ones of the same duty."""
    for row in rows:
        national = [
            other.days
            for other in base.duty_rows
            if other.duty == row.duty
            and other.days is not None
            and (not row.procedures or not other.procedures or set(row.procedures) & set(other.procedures))
        ]
        if row.days is not None and national and row.days < max(national):
            yield Problem(
                f"row {row.id}",
                f"would shorten {row.duty} to {row.days} days where the national table has up to {max(national)}; "
                "a local rule may only lengthen a time limit",
            )
