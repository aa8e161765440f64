"""Ten real contracts as purchases: every answer expected by hand is the answer given, with its article and its limit."""

import json
import tomllib
from decimal import Decimal
from pathlib import Path

import pytest

from qmi_rules.model import Purchase
from qmi_rules.procurement import Decision, Option, decide
from qmi_rules.schema import from_json

FOLDER = Path(__file__).parent / "real_contracts"
CONTRACTS = tomllib.loads((FOLDER / "expected.toml").read_text("utf-8"))["contracts"]
EVERY_CONTRACT = pytest.mark.parametrize("expected", CONTRACTS, ids=[c["document"] for c in CONTRACTS])


def decision_on(expected: dict[str, str]) -> Decision:
    return decide(from_json((FOLDER / f"{expected['document']}.json").read_text("utf-8"), Purchase))


def check(option: Option, wanted: dict[str, object]) -> None:
    assert option.status == wanted["status"], wanted["because"]
    if "article" in wanted:
        assert wanted["article"] in [source.article for source in option.legal_basis]
    if "limit" in wanted:
        limits = {getattr(finding, "limit", None) for finding in option.findings}
        assert Decimal(str(wanted["limit"])) in limits


def test_there_are_ten_and_every_document_is_expected() -> None:
    documents = {path.stem for path in FOLDER.glob("*.json")}
    assert documents == {contract["document"] for contract in CONTRACTS}
    assert len(documents) == 10


@EVERY_CONTRACT
def test_each_option_is_as_expected(expected: dict[str, dict[str, dict[str, object]]]) -> None:
    decision = decision_on(expected)  # type: ignore[arg-type]
    for procedure, wanted in expected["options"].items():
        check(decision[procedure], wanted)


@EVERY_CONTRACT
def test_the_lightest_procedure_and_the_tier_are_as_expected(expected: dict[str, str]) -> None:
    decision = decision_on(expected)
    assert decision.lightest == expected["lightest"]
    if "publicity_and_competition" in expected:
        assert decision.publicity_and_competition == expected["publicity_and_competition"]


@EVERY_CONTRACT
def test_each_lot_is_as_expected(expected: dict[str, dict[str, dict[str, dict[str, object]]]]) -> None:
    lots = {lot.id: lot for lot in decision_on(expected).lots}  # type: ignore[arg-type]
    for name, options in expected.get("lots", {}).items():
        for procedure, wanted in options.items():
            check(lots[name][procedure], wanted)


@EVERY_CONTRACT
def test_the_decision_is_explained_and_travels_as_json(expected: dict[str, str]) -> None:
    decision = decision_on(expected)
    for lang in ("fr", "en"):
        assert decision.explain(lang)
    assert json.loads(decision.to_json())["lightest"] == expected["lightest"]
