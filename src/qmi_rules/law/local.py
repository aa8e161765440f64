"""A commune's own rules laid over the national table: they may only tighten, and it is proved on the boxes.

A local rule of a procedure does not replace the law: while it is in force the procedure is open only where a national row
*and* a local row hold. A local row that would hold where no national row does, is a misunderstanding of the law: the file is
refused, with the row and a case that shows it.
"""

import datetime
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from attrs import evolve, fields

from qmi_rules.contexts import Case
from qmi_rules.errors import LooseningError, Problem, TableError
from qmi_rules.law.rows import Rule

if TYPE_CHECKING:
    from qmi_rules.law.table import Table

_DAY = datetime.timedelta(days=1)
_LONGEST_ID = 80
_CASE = frozenset(attribute.name for attribute in fields(Case))


def lay_over(local: "Table", base: "Table") -> "Table":
    """The base table tightened by a local one.

    Raises:
        TableError: The local table declares an id of the base anew, or says what only the law can say.
        UnknownReferenceError: A local row names something that neither table declares.
        LooseningError: A local row would open what the base closes, or shorten what it requires.
    """
    from qmi_rules.law.tightening import loosened

    name = local.edition or "local"
    if problems := [*_twice(local, base), *_not_local(local)]:
        raise TableError(problems, name)
    rules = tuple(evolve(rule, local=name) for rule in local.rules)
    duty_rows = tuple(evolve(row, local=name) for row in local.duty_rows)
    cautions = tuple(evolve(row, local=name) for row in local.cautions)
    joined: dict[str, Any] = {
        section: getattr(base, section) | getattr(local, section)
        for section in ("sources", "thresholds", "procedures", "duties", "facts")
    }
    joined |= {"duty_rows": (*base.duty_rows, *duty_rows), "cautions": (*base.cautions, *cautions)}
    side_by_side = base.replace(**joined, rules=(*base.rules, *rules))
    own = frozenset(row.id for row in (*rules, *duty_rows))
    if problems := list(loosened(side_by_side, own)):
        raise LooseningError(problems, name)
    laid: list[Rule] = []
    for rule in base.rules:
        added = [own for own in rules if own.procedure == rule.procedure]
        laid += _tightened(rule, added, len(laid)) if added else [rule]
    laid += [rule for rule in rules if rule.procedure not in base.procedures]
    return base.replace(**joined, edition=f"{base.edition} + {name}", rules=tuple(laid))


def _twice(local: "Table", base: "Table") -> Iterator[Problem]:
    for section in ("sources", "thresholds", "procedures", "duties"):
        for key in getattr(local, section):
            if key in getattr(base, section):
                yield Problem(
                    f"{section}.{key}", "stands in the national table already; a local table adds, it does not redefine"
                )
    ids = {row.id for row in base.rows()}
    for row in local.rows():
        if row.id in ids:
            yield Problem(f"row {row.id}", "this id stands in the national table already; give the local row its own")


def _not_local(local: "Table") -> Iterator[Problem]:
    for section in ("ladders", "declared", "bearings"):
        if getattr(local, section):
            yield Problem(section, "only the national table says this; a local table adds rules, duties and cautions")
    for fact in local.facts.values():
        if fact.slot not in _CASE:
            yield Problem(
                f"facts.{fact.id}", f"a purchase has no {fact.slot!r}: a local rule tests the facts of the vocabulary"
            )


def _tightened(rule: Rule, own: list[Rule], position: int) -> Iterator[Rule]:
    """A national row with each local one while that is in force, and alone for the rest of the time."""
    for i, local in enumerate(own):
        since = max(rule.effective_from, local.effective_from)
        until = _earlier(rule.effective_until, local.effective_until)
        if until is None or since <= until:
            name = f"{rule.id}..{local.id}"
            yield evolve(
                rule,
                id=name if len(name) <= _LONGEST_ID else f"{name[: _LONGEST_ID - 12]}..{position}-{i}",
                when=(*rule.when, *local.when),
                effective_from=since,
                effective_until=until,
                published_on=max(rule.published_on, local.published_on),
                local=" + ".join(name for name in (rule.local, local.local) if name),
                local_basis=local.legal_basis,
                local_ground=local.ground,
                local_conditions=rule.local_conditions + len(local.when),
            )
    for i, (since, until) in enumerate(_free(rule, own)):
        ended_by = [local.published_on for local in own if until is not None and local.effective_from == until + _DAY]
        yield evolve(
            rule,
            id=rule.id if i == 0 else f"{rule.id[: _LONGEST_ID - 9]}..part{i}",
            effective_from=since,
            effective_until=until,
            # who does not know the local rule yet, goes by the national one
            end_published_on=min(ended_by) if ended_by and rule.effective_until is None else rule.end_published_on,
        )


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
