"""The library and the naive oracle give the same answers: statuses of the whole and of each lot, duties, rows that hold."""

import json
from datetime import date
from decimal import Decimal
from itertools import product

import pytest
from around import AMOUNTS, DAYS, documents, known_days
from hypothesis import given, settings

from oracle import KINDS, NO, TYPES, YES, Oracle, cases_of, read_tables
from properties import examples, newest
from qmi_rules.law import default_table
from qmi_rules.law.compilation import status
from qmi_rules.law.truth import Truth
from qmi_rules.model import Buyer, Purchase
from qmi_rules.procurement import decide
from qmi_rules.schema import structure

ORACLE = Oracle()
STATUS = {Truth.YES: "open", Truth.NO: "closed", Truth.UNDETERMINED: "undetermined"}


def as_purchase(document):
    return structure(json.loads(json.dumps(document)), Purchase)


@settings(max_examples=examples(400), deadline=None)
@given(documents(), known_days)
def test_decide_says_what_the_oracle_says(document, known_on):
    decision = decide(as_purchase(document), known_on=known_on)
    whole, lots = cases_of(document)
    day = date.fromisoformat(document["launched_on"])
    seen = {option.procedure: option.status for option in (*decision.options, *decision.arrangements)}
    assert seen == ORACLE.statuses(whole, day, known_on)
    for lot, case in zip(decision.lots, ORACLE.settled(lots, day, known_on), strict=True):
        expected = ORACLE.statuses(case, day, known_on)
        assert {option.procedure: option.status for option in lot.options} == {
            option.procedure: expected[option.procedure] for option in lot.options
        }


@settings(max_examples=examples(150), deadline=None)
@given(documents(lots=False))
def test_duties_are_those_of_the_oracle(document):
    decision = decide(as_purchase(document))
    case, _ = cases_of(document)
    day = date.fromisoformat(document["launched_on"])
    for option in (*decision.options, *decision.arrangements):
        owed = {duty.id: duty.days for duty in option.duties if not duty.missing and not duty.unsettled}
        if option.status != NO and decision.law.knows(option.definition):
            expected = ORACLE.duties(option.procedure, case, day)
            assert owed == expected, option.procedure


@settings(max_examples=examples(150), deadline=None)
@given(documents(lots=False))
def test_the_grounds_of_an_open_procedure_are_rows_that_hold(document):
    document["buyer"] = document.get("buyer", {"kind": "commune"})
    document.setdefault("contract_type", "services")
    decision = decide(as_purchase(document))
    case, _ = cases_of(document)
    day = date.fromisoformat(document["launched_on"])
    for option in decision.options:
        if option.status == YES:
            assert {g.row.id for g in option.examined} <= ORACLE.holding_rows(option.procedure, case, day)


@pytest.mark.parametrize("day", newest([day for day in DAYS if day in default_table()._changes], 6), ids=str)
def test_every_edge_of_amount_and_day_for_every_kind_and_type(day):
    """Exhaustive where the facts are plain: all amounts of the table, a cent on each side, at each change of law."""
    table = default_table()
    law = table.in_force(day)
    procedures = ("direct_award", "innovative_purchase", "adapted_procedure", "books", "open_procedure")
    positions = {name: i for i, name in enumerate(table.procedures)}
    for kind, contract, amount in product(("commune", "state", "utility"), TYPES, AMOUNTS):
        facts = {"innovative": True, "books": True, "estimated_value": amount, "contract_type": contract}
        packed = law.evaluate(Purchase(title="x", launched_on=day, buyer=Buyer(kind=kind), **facts))
        for name in procedures:
            seen = STATUS[status(packed, positions[name], len(positions))]
            assert seen == ORACLE.status(name, facts | {"buyer_kind": kind}, day), (day, kind, contract, amount, name)


def test_the_oracle_reads_every_row_of_the_table():
    tables, table = read_tables(), default_table()
    assert {row["id"] for row in tables["rules"]} == {rule.id for rule in table.rules}
    assert {row["id"] for row in tables.get("duty_rows", [])} == {row.id for row in table.duty_rows}
    assert set(KINDS) == {choice.id for choice in table.facts["buyer_kind"].choices}


@pytest.mark.parametrize(
    ("day", "amount", "expected"),
    [
        (date(2026, 3, 31), "39999.99", YES),
        (date(2026, 3, 31), "40000", NO),
        (date(2026, 4, 1), "59999.99", YES),
        (date(2026, 4, 1), "60000", NO),
    ],
)
def test_the_oracle_itself_knows_the_plain_law(day, amount, expected):
    case = {"contract_type": "supplies", "buyer_kind": "commune", "estimated_value": Decimal(amount)}
    assert ORACLE.status("direct_award", case, day) == expected
