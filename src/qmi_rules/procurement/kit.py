"""The kit's purchases: documents, the facts that follow from them and the card, for an evaluator in another language to agree with."""

import json
from collections.abc import Iterator
from decimal import Decimal
from itertools import cycle, product
from typing import Any, Final

from qmi_rules.law import FactKind, LawInForce, Table, lots_under
from qmi_rules.model import Case, ContractType, Purchase, whole_case
from qmi_rules.pages import languages
from qmi_rules.procurement.decision import decide
from qmi_rules.schema import structure, unstructure

_CENT: Final = Decimal("0.01")
_RATES: Final = ("0.2", "0.055", "0.10", "0.021")
_RECENT: Final = 10
_TITLE: Final = "…"
"""A title decides nothing; every document has one."""


def document_kit(table: Table) -> Iterator[str]:
    """Generate the kit's purchases, one JSON line each: ``purchase``, ``facts``, ``expected``, ``lots``, ``answer`` by language.

    Needs of every part with and without VAT, lots around the share of the small ones, joint purchases, every yes/no fact alone, and
    under the law of every span of days amounts a cent around its limits, for every kind of buyer and type of contract in turn.
    """
    for document in _documents(table):
        yield json.dumps(case_of(table, document), ensure_ascii=False, separators=(",", ":"))


def facts_document(purchase: Purchase, law: LawInForce) -> dict[str, Any]:
    """The facts that a purchase puts to the table, by id, those of its lots and what its need is worth, as they travel."""
    cases, _ = lots_under(law, purchase)
    return {
        **_facts(whole_case(purchase), law),
        "lots": [{"id": lot.id, **_facts(case, law)} for lot, case in zip(purchase.lots, cases, strict=True)],
        "valuation": unstructure(purchase.valuation),
    }


def _facts(case: "Case | Purchase", law: LawInForce) -> dict[str, Any]:
    found = {"cpv": case.cpv, **{fact.id: fact.of(case) for fact in law.facts.values()}}
    if (share := found["small_lots_share"]) is not None:
        # how many zeros end a quotient is a matter of the way it was computed
        found["small_lots_share"] = share.normalize()
    return {name: _told(value) for name, value in found.items() if value is not None}


def _told(value: Any) -> Any:
    if isinstance(value, bool):
        return value
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def case_of(table: Table, document: dict[str, Any]) -> dict[str, Any]:
    """One line of the kit."""
    purchase = structure(document, Purchase)
    decision = decide(purchase, table)
    statuses = {option.procedure: option.status for option in (*decision.options, *decision.arrangements)}
    return {
        "purchase": document,
        "facts": facts_document(purchase, decision.law),
        "expected": statuses,
        "lots": [{"id": lot.id, "expected": {o.procedure: o.status for o in lot.options}} for lot in decision.lots],
        "answer": {lang: decision.answer.told(lang) for lang in languages()},
    }


# --- the documents


def _documents(table: Table) -> Iterator[dict[str, Any]]:
    laws = [law for law in table.segments() if law.rules]
    last = laws[-2]  # the last law of which the limits are known
    for bought in (*_needs(), *_lots(last), *_joint(table)):
        yield {"title": _TITLE, "launched_on": last.day.isoformat(), **bought}
    yield from _particular(last)
    # of the older laws, which differ by little, every other one
    for law in (*laws[:-_RECENT:2], *laws[-_RECENT:]):
        yield from _around_limits(law)


def _needs() -> Iterator[dict[str, Any]]:
    """Every part alone and beside a firm one, with and without VAT; amounts that VAT rounds; mixed contracts."""
    parts: dict[str, Any] = {
        "firm": "59999.99",
        "options": ["10000", "2500.50"],
        "renewals": {"count": 3, "each": "15000.10"},
        "yearly": {"amount": "20000", "years": 4},
        "framework": {"maximum": "90000"},
        "same_need": ["39999.99", "0.01"],
        "operation": ["70000"],
        "rd_phases": ["30000", "40000"],
        "later_purchases": ["100000"],
        "prizes": ["5000"],
    }
    for name, value in parts.items():
        yield {"contract_type": "services", "buyer": {"kind": "commune"}, "need": {name: value}}
        for rate in _RATES[:2]:
            yield {"contract_type": "supplies", "need": {"firm": "12345.67", name: value, "vat_rate": rate}}
    for rate in _RATES:
        yield {"contract_type": "services", "need": {**parts, "vat_rate": rate}}
    yield {"contract_type": "services", "buyer": {"kind": "commune"}, "need": {"firm": "1000", "framework": {}}}
    yield {"contract_type": "services", "need": {"framework": {}}}
    yield {"contract_type": "services", "need": {}, "estimated_value": "12000.50"}
    for works, supplies, services in ((0, 1, 1), (0, 1, 2), (1, 0, 0), (1, 5, 9), (0, 0, 0)):
        kinds = zip(("works", "supplies", "services"), (works, supplies, services), strict=True)
        mixed = [{"contract_type": kind, "value": str(share * 30_000)} for kind, share in kinds]
        yield {"need": {"parts": mixed}, "buyer": {"kind": "commune"}}
        for specific in (True, False):
            yield {"need": {"parts": [*mixed[:2], {**mixed[2], "specific_service": specific}]}}


def _lots(law: LawInForce) -> Iterator[dict[str, Any]]:
    """Small lots whose share is at, under and over the limit, said, not said and denied; lots of another type or with facts of their own."""
    units = {name: threshold.unit for name, threshold in law.table.thresholds.items()}
    share = next(limit for name, unit in units.items() if unit == "share" for limit in law.limit(name).amounts)
    works: dict[str, Any] = {"contract_type": "works", "buyer": {"kind": "commune"}}
    whole, one = Decimal(500_000), Decimal(40_000)
    for kind, more, said in product(("works", "services"), (-_CENT, Decimal(0), _CENT), (True, None, False)):
        small = whole * share + more
        lots = [_lot("1", small - one, small_lot=said), _lot("2", one, small_lot=said)]
        lots.append(_lot("3", whole - small, small_lot=False))
        yield {**works, "contract_type": kind, "innovative": said is not False, "lots": lots}
    yield {**works, "lots": [_lot(f"Lot {i}", one, small_lot=i < 2) for i in range(12)]}
    yield {**works, "lots": [_lot(f"Lot {i}", one) for i in range(12)]}
    # a lot that says nothing cannot use the rule beside the first one: it is not asked, and the share is known
    yield {**works, "lots": [_lot("1", one, small_lot=True), _lot("2", 2 * one - _CENT), _lot("3", whole - 3 * one)]}
    lots = [
        _lot("a", 2 * one - _CENT, contract_type="services", innovative=True, small_lot=True),
        _lot("b", 2 * one, contract_type="services", small_lot=True),
        _lot("c", 2 * whole, supplier_is_jei=True),
    ]
    yield {**works, "innovative": False, "lots": lots}
    # what a lot of another kind is does not count beside the main object
    social = _lot("social", one, contract_type="services", specific_service=True)
    for kind in ContractType:
        yield {**works, "contract_type": kind.value, "lots": [_lot("main", one), social]}


def _lot(id: str, amount: Decimal, **facts: Any) -> dict[str, Any]:
    said = {name: value for name, value in facts.items() if value is not None}
    return {"id": id, "estimated_value": format(amount, "f"), **said}


def _joint(table: Table) -> Iterator[dict[str, Any]]:
    """Members of one kind, of several local ones, of kinds that the limits tell apart, of a kind that is not said."""
    kinds: list[str | None] = [word.id for word in table.facts["buyer_kind"].choices]
    groups = [kinds[:1] * 3, kinds[:2], [kinds[0], None], *([kinds[0], kind] for kind in kinds[-3:])]
    for own in (None, "commune", "ept", "utility"):
        for group in groups:
            members = [
                {"buyer": {"kind": kind} if kind else {}, "part": str(50_000 + 1_000 * i)}
                for i, kind in enumerate(group)
            ]
            yield {"contract_type": "services", "members": members, **({"buyer": {"kind": own}} if own else {})}


def _particular(law: LawInForce) -> Iterator[dict[str, Any]]:
    """Every yes/no fact alone, every word of the other lists, the codes that call for a question; below and above the limits."""
    base: dict[str, Any] = {"title": _TITLE, "launched_on": law.day.isoformat()}
    yield base
    base |= {"contract_type": "services", "buyer": {"kind": "commune"}}
    for fact in law.facts.values():
        if fact.lot or "." in fact.where:
            continue
        for choice in fact.choices if fact.where == fact.id else ():
            yield {**base, "estimated_value": "150000", fact.id: choice.id}
        if fact.kind is FactKind.TRUTH and fact.where == fact.id:
            yield {**base, "estimated_value": "150000", fact.id: True}
            yield {**base, "estimated_value": "250000", fact.id: True, "innovative": True}
        for span in fact.asked.cpv[:2] if fact.asked else ():
            yield {**base, "estimated_value": "85000", "cpv": span[:8]}
        for word in fact.asked.words[:2] if fact.asked else ():
            yield {**base, "title": f"{word.title()}s : {_TITLE}", "estimated_value": "85000"}
    utility = {"buyer": {"kind": "utility", "insee_code": "93001"}, "duration_months": 61}
    yield {**base, **utility, "estimated_value": "89999.99"}


def _around_limits(law: LawInForce) -> Iterator[dict[str, Any]]:
    """Under one law: its limits and a cent on either side, kinds of buyers, types and innovation in turn; and no amount at all."""
    kinds = cycle([word.id for word in law.facts["buyer_kind"].choices])
    types = cycle([word.id for word in law.facts["contract_type"].choices])
    steps, innovative = cycle((-_CENT, Decimal(0), _CENT, -_CENT)), cycle((None, True, None, None, False))
    limits = sorted(
        {
            amount
            for name in law.table.thresholds
            for amount in law.limit(name).amounts
            if amount > 1 and law.table.thresholds[name].unit == "EUR HT"
        }
    )
    # of neighbours one under each law: the next law has the other
    for limit in (*limits[law.day.toordinal() % 2 :: 2], None):
        document: dict[str, Any] = {
            "title": _TITLE,
            "launched_on": law.day.isoformat(),
            "contract_type": next(types),
            "buyer": {"kind": next(kinds)},
        }
        if limit is not None:
            document["estimated_value"] = format(limit + next(steps), "f")
        if (declared := next(innovative)) is not None:
            document["innovative"] = declared
        yield document
