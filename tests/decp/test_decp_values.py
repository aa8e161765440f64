"""Single values, whatever they hold."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qmi_rules.decp.values import amount_of, cpv_of, day_of, label_of, months_of, text_of, truth_of

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.dates() | st.decimals(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("30000.00", "30000.00"),
        (30000, "30000"),
        (43192.5, "43192.5"),
        ("30 000,50 €", "30000.50"),
        ("30\u202f000", "30000"),
        ("1e5", "100000"),
        ("100", "100"),
        ("39999.999", "40000.00"),
        (Decimal("12345.67"), "12345.67"),
        ("99.99", None),
        ("0", None),
        ("1", None),
        ("6.00", None),
        ("-5000", None),
        ("999999999", None),
        ("999999999.99", None),
        ("999999998", "999999998"),
        ("MQ", None),
        ("INX 12000", None),
        ("12000 INX", None),
        ("douze mille", None),
        ("NaN", None),
        ("Infinity", None),
        (float("nan"), None),
        (True, None),
        (None, None),
        ([], None),
        ({}, None),
    ],
)
def test_amounts(written: Any, amount: str | None) -> None:
    assert amount_of(written) == (None if amount is None else Decimal(amount))


def test_a_number_without_end_is_no_amount() -> None:
    assert amount_of(10**5_000) is None


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2021-03-15", date(2021, 3, 15)),
        ("2018-12-17+01:00", date(2018, 12, 17)),
        ("2018-12-17-04:00", date(2018, 12, 17)),
        ("2018-12-17T10:00:00Z", date(2018, 12, 17)),
        (" 2018-12-17 ", date(2018, 12, 17)),
        ("17/12/2018", date(2018, 12, 17)),
        (date(2018, 12, 17), date(2018, 12, 17)),
        ("0218-12-17", None),
        ("2018-02-30", None),
        ("2018-12-175", None),
        ("20181217", None),
        ("MQ", None),
        (None, None),
        (20181217, None),
    ],
)
def test_days(written: Any, day: date | None) -> None:
    assert day_of(written) == day


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("34928400", ("34928400", "cpv")),
        ("34928400-2", ("34928400", "cpv")),
        ("031210005", ("03121000", "cpv")),
        ("9132100", ("09132100", "cpv_repaired")),
        ("99999999-9", (None, "")),
        ("INX 28213700-5", (None, "")),
        ("4", (None, "")),
        ("", (None, "")),
        (None, (None, "")),
        (45000000, ("45000000", "cpv")),
    ],
)
def test_cpv_codes(written: Any, code: tuple[str | None, str]) -> None:
    assert cpv_of(written)[:2] == code


@pytest.mark.parametrize(
    "absent", ["MQ", "mq", "CDL", "NC", "MQ NC", "", "  ", "INX quelque chose", "null", None, True, [1]]
)
def test_markers_of_absence_are_empty_texts(absent: Any) -> None:
    assert text_of(absent) == ""


def test_texts_lose_what_cannot_travel_and_nothing_else() -> None:
    assert text_of("Marqu\ufffd <br /> \ud800été\0") == "Marqu\ufffd <br /> été"
    assert len(text_of("x" * 1_000_000)) == 2_000


@pytest.mark.parametrize(
    ("written", "truth"), [("oui", True), ("1", True), (True, True), ("Non", False), ("test", None), ("", None)]
)
def test_truths(written: Any, truth: bool | None) -> None:
    assert truth_of(written) is truth


@given(ANYTHING)
def test_whatever_comes_no_value_raises(value: Any) -> None:
    text_of(value), label_of(value), truth_of(value), cpv_of(value)
    amount, day, months = amount_of(value), day_of(value), months_of(value)
    assert amount is None or (100 <= amount < Decimal("1e12") and amount == round(amount, 2))
    assert day is None or date(1990, 1, 1) <= day <= date(2100, 12, 31)
    assert months is None or 1 <= months <= 1_200
