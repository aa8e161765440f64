"""The conformance kit: cases at every corner of the table with the answers expected, as JSON lines for any language."""

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from qmi_rules.law.compilation import status
from qmi_rules.law.facts import FactKind
from qmi_rules.law.proving.boxes import Interval, Part, Scope, plain
from qmi_rules.law.truth import STATUS
from qmi_rules.model import Case

if TYPE_CHECKING:
    from qmi_rules.law.in_force import LawInForce
    from qmi_rules.law.table import Table

NOTE = (
    "Each line: a case (fact id to value; a fact that is absent is not known; amounts and shares as strings, EUR HT), the day the "
    "consultation is launched, and the status of every procedure and arrangement. A case with lot_value is one lot. Lines with a purchase "
    "in place of the case follow: the document, the facts that it puts to the table, the statuses (of its lots too), and the card by language."
)


def conformance_kit(table: "Table") -> Iterator[str]:
    """Generate the kit, line by line: first what it is, then one case a line.

    For every span of days and every rule in force: the corner where it holds alone, each of its facts flipped and left out, each
    of its limits a step on either side; on the first and the last day of the span.
    """
    yield _line({"format": "qmi-rules-conformance/1", "edition": table.edition, "table_hash": table.hash, "note": NOTE})
    for law in table.segments():
        seen: set[str] = set()
        days = list(dict.fromkeys(day for day in (law.since, law.until) if day is not None))
        for case in _corners(law):
            filled = plain({fact: value for fact, value in case.items() if value is not None})
            key = _line(filled)
            if key in seen:
                continue
            seen.add(key)
            expected = _expected(law, case)
            for day in days if len(seen) % 7 == 1 else days[:1]:
                yield _line({"on": day.isoformat(), "case": filled, "expected": expected})


def _corners(law: "LawInForce") -> Iterator[dict[str, Any]]:
    denied = {fact.id: False for fact in law.facts.values() if fact.kind is FactKind.TRUTH and not fact.lot}
    for lots in (False, True):
        scope = Scope(law, lots=lots)
        for rule in law.rules:
            for world in law.worlds([rule]):
                box = scope.possible(rule, world)
                if box is None or (lots and not any(law.facts[c.fact].lot for c in rule.when)):
                    continue
                inside = {
                    fact: part.low if isinstance(part, Interval) else sorted(part, key=str)[0]
                    for fact, part in box.items()
                }
                base = {**_plain_case(law, scope), **inside}
                if lots:
                    base["lot_value"] = base.get("lot_value") or Decimal(0)
                yield base
                yield {**denied, **base}
                yield {fact: value for fact, value in base.items() if fact not in box or fact == "lot_value"}
                for fact, part in box.items():
                    for value in _around(scope, fact, part):
                        if value is not None or fact != "lot_value":
                            yield {**base, fact: value}


def _plain_case(law: "LawInForce", scope: Scope) -> dict[str, Any]:
    case: dict[str, Any] = {
        "buyer_kind": "commune",
        "contract_type": "supplies",
        "estimated_value": Decimal(10_000_000),
    }
    if scope.lots:
        case |= {"allotted": True, "small_lots_share": Decimal("0.1"), "lot_type": "supplies", "small_lot": True}
    return {fact: value for fact, value in case.items() if fact in law.facts}


def _around(scope: Scope, fact: str, part: Part) -> Iterator[Any]:
    """Every value at the edge of a part, one step beyond it, and none at all."""
    yield None
    whole = scope.space.parts[fact]
    if not isinstance(part, Interval):
        assert isinstance(whole, frozenset)
        yield from sorted(whole, key=str)
        return
    assert isinstance(whole, Interval)
    step = scope.space.steps[fact] if fact != "small_lots_share" else Decimal("0.0001")
    for edge in (part.low, part.high):
        rounded = edge.quantize(Decimal("0.0001"))
        for value in (rounded - step, rounded, rounded + step):
            if value in whole:
                yield value.quantize(Decimal("0.01")) if step >= Decimal("0.01") else value


def _expected(law: "LawInForce", case: dict[str, Any]) -> dict[str, str]:
    fields = {law.facts[fact].slot: value for fact, value in case.items()}
    packed = law.evaluate(Case(launched_on=law.day, **fields))
    procedures = list(law.table.procedures)
    return {name: STATUS[status(packed, i, len(procedures))] for i, name in enumerate(procedures)}


def _line(data: dict[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
