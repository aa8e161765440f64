"""The conformance kit: generated from the table, replayed line by line against the oracle, which knows nothing of the library."""

import json
from collections import Counter
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from oracle import Oracle
from qmi_rules.law import conformance_kit, default_table

ORACLE = Oracle()
NUMBERS = {fact["id"] for fact in ORACLE.tables["facts"] if fact["kind"] == "number"}


@pytest.fixture(scope="module")
def lines():
    return list(conformance_kit(default_table()))


def test_the_first_line_says_what_it_is(lines):
    head = json.loads(lines[0])
    assert head["format"] == "qmi-rules-conformance/1"
    assert head["table_hash"] == default_table().hash


@pytest.mark.parametrize("step", [9, pytest.param(1, marks=pytest.mark.slow)])  # every line: slow
def test_the_oracle_gives_the_expected_answers(lines, step):
    for text in lines[1::step]:
        line = json.loads(text)
        case = {k: read(k, v) for k, v in line["case"].items()}
        day = date.fromisoformat(line["on"])
        for procedure, expected in line["expected"].items():
            assert ORACLE.status(procedure, case, day) == expected, text


def read(fact, value):
    if fact == "small_lots_share":
        return Fraction(value)
    return Decimal(value) if fact in NUMBERS else value


def test_the_kit_reaches_every_span_and_every_status_of_every_procedure(lines):
    rows = [json.loads(line) for line in lines[1:]]
    table = default_table()
    assert {table.in_force(date.fromisoformat(row["on"])).since for row in rows} == {
        law.since for law in table.segments() if law.rules
    }
    seen = Counter((p, s) for row in rows for p, s in row["expected"].items())
    for procedure in table.procedures.values():
        always = procedure.id in (
            "open_procedure",
            "restricted_procedure",
            "central_purchasing_body",
            "reserved_contract",
        )
        for status in ("open",) if always else ("open", "closed", "undetermined"):
            assert seen[procedure.id, status], (procedure.id, status)


def test_every_limit_is_met_with_a_cent_on_each_side(lines):
    amounts = {Decimal(json.loads(line)["case"].get("estimated_value", 0)) for line in lines[1:]}
    for limit in (15_000, 25_000, 40_000, 60_000, 70_000, 90_000, 100_000, 140_000, 216_000, 432_000, 5_404_000):
        assert {limit - Decimal("0.01"), Decimal(limit), limit + Decimal("0.01")} <= amounts


def test_the_kit_is_the_same_each_time(lines):
    assert list(conformance_kit(default_table())) == lines
