"""Amounts are kept in plain notation, whatever they came in, so that what is accepted is written and reads back the same."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qmi_rules import Purchase, decide, from_json, to_json
from qmi_rules.errors import DocumentError
from qmi_rules.model import Need
from qmi_rules.procurement import Decision
from qmi_rules.schema.scalars import decimal

LAUNCHED = date(2026, 5, 15)


@pytest.mark.parametrize(
    ("came", "kept"),
    [("5E+4", "50000"), ("-0", "0"), ("-0.00", "0.00"), ("0E+9", "0"), ("0E-9", "0.00"), ("85000.000", "85000.00"), ("85000.10", "85000.10"),
     ("85000.5", "85000.5"), ("1.23E+2", "123"), ("85000", "85000"), ("0.0550", "0.055"), ("0.20", "0.20"), ("1.00E+2", "100")],
)  # fmt: skip
def test_an_amount_is_kept_in_plain_notation(came, kept):
    assert str(decimal(Decimal(came))) == kept


def test_the_decision_about_a_rounded_amount_reads_back():
    purchase = Purchase(title="x", launched_on=LAUNCHED, estimated_value=Decimal("5E+4"), contract_type="services")
    decision = decide(purchase)
    assert '"50000"' in decision.to_json()
    assert from_json(decision.to_json(), Decision) == decision


@given(
    st.decimals()
    | st.decimals(0, 10**12)
    | st.builds(Decimal, st.from_regex(r"\A[0-9]{1,3}(\.[0-9]{1,3})?E[+-]?[0-9]{1,3}\Z"))
)
def test_every_amount_that_is_accepted_comes_back(amount):
    try:
        purchase = Purchase(title="x", launched_on=LAUNCHED, estimated_value=amount)
    except DocumentError:
        return
    assert purchase.estimated_value == amount
    assert "E" not in str(purchase.estimated_value)
    again = from_json(to_json(purchase), Purchase)
    assert again == purchase
    assert str(again.estimated_value) == str(purchase.estimated_value)


@given(st.decimals(0, 1))
def test_every_rate_that_is_accepted_comes_back(rate):
    need = Need(firm=1, vat_rate=rate)
    if abs(rate.as_tuple().exponent) <= 30:
        assert from_json(to_json(need), Need) == need
