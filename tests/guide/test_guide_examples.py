"""The three cases as purchases: what the guide says is filled, what it does not say is not."""

from datetime import date
from pathlib import Path

import pytest

from qmi_rules.guide import default_guide
from qmi_rules.model import FACT_NAMES, BuyerKind, ContractType, Purchase
from qmi_rules.schema import from_json

EXAMPLES = Path(__file__).parents[2] / "examples"
CASES = default_guide().cases.items


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_case_is_a_purchase_of_its_commune(case):
    purchase = from_json((EXAMPLES / case.example).read_bytes(), Purchase)
    assert purchase.buyer.kind is BuyerKind.COMMUNE
    assert purchase.buyer.insee_code == case.insee_code
    assert purchase.launched_on == date(2026, 12, 1)
    assert all(word in purchase.title for word in case.label.split() if word != "et")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_what_the_guide_does_not_say_is_not_filled(case):
    purchase = from_json((EXAMPLES / case.example).read_bytes(), Purchase)
    assert purchase.value is None
    assert {name for name in FACT_NAMES if getattr(purchase, name) is not None} == set()


def test_each_case_has_the_type_of_its_object():
    types = {case.id: from_json((EXAMPLES / case.example).read_bytes(), Purchase).contract_type for case in CASES}
    assert types == {
        "pelican_cycles": ContractType.SUPPLIES,
        "purple_alternative_surface": ContractType.SUPPLIES,
        "floware_ecomesure": ContractType.SERVICES,
    }
