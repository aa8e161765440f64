"""The certificate of a proof: the space, for each span and reading of the law its exact counts, and a witness for each row."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from qmi_rules.law.boxes import Interval, World, worlds
from qmi_rules.law.checks import necessary, uncovered_cases
from qmi_rules.law.partition import Scope, as_document

if TYPE_CHECKING:
    from qmi_rules.law.table import Table

FORMAT = "qmi-rules-proof/1"


def certificate_of(table: "Table") -> dict[str, Any]:
    """The certificate of a table, as JSON data.

    ``spans`` lists, for each span of days, kind of case and reading of the contested limits, how many cases there are, on how
    many each procedure is open, and boxes that do not overlap, each with the row that opens a procedure on all of it (or
    ``not_known`` before the table knows the procedures). ``rows`` holds for each rule a case on which it alone opens its procedure.
    """
    spans = [(Scope(law, lots=False), Scope(law, lots=True)) for law in table.segments()]
    entries: list[dict[str, Any]] = []
    witnesses: dict[str, dict[str, Any]] = {}
    for scopes in spans:
        for scope in scopes:
            law = scope.law
            for world in worlds(law, law.rules):
                entries.append(_entry(scope, world))
            for procedure in table.procedures.values():
                if law.knows(procedure):
                    for row, (reading, case) in necessary(scope, procedure.id).items():
                        witnesses.setdefault(
                            row,
                            {
                                "row": row,
                                "on": law.day.isoformat(),
                                "scope": scope.name,
                                "limits": _limits(reading),
                                "case": {fact: _plain(value) for fact, value in case.items()},
                            },
                        )
    last = spans[-1]
    return {
        "format": FORMAT,
        "edition": table.edition,
        "table_hash": table.hash,
        "space": {scope.name: _space(scope) for scope in last},
        "counts": {
            "spans": len(spans),
            "rows": sum(1 for _ in table.rows()),
            "cases": str(sum(scope.space.size({}) for scope in last)),
        },
        "spans": entries,
        "rows": list(witnesses.values()),
    }


def _space(scope: Scope) -> dict[str, Any]:
    return {
        fact: {"from": str(part.low), "below": str(part.high), "step": str(scope.space.steps[fact])}
        if isinstance(part, Interval)
        else sorted(part, key=str)
        for fact, part in scope.space.parts.items()
    }


def _entry(scope: Scope, world: World) -> dict[str, Any]:
    law = scope.law
    pieces, left = uncovered_cases(scope, world)
    known = all(law.knows(procedure) for procedure in law.table.procedures.values())
    covered = [{"box": as_document(box), "by": row, "cases": str(scope.space.size(box))} for box, row in pieces]
    if not known:
        covered += [{"box": as_document(box), "by": "not_known", "cases": str(scope.space.size(box))} for box in left]
    return {
        "since": law.since and law.since.isoformat(),
        "until": law.until and law.until.isoformat(),
        "scope": scope.name,
        "limits": _limits(world),
        "cases": str(scope.space.size({})),
        "open": {
            procedure: str(sum(scope.space.size(box) for box in scope.space.disjoint(scope.region(procedure, world))))
            for procedure in law.table.procedures
        },
        "covered": covered,
    }


def _limits(world: World) -> dict[str, str | None]:
    return {threshold: None if amount is None else str(amount) for threshold, amount in world.items()}


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Decimal) else value
