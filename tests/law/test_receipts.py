"""A decision run again: the same, or what differs and why."""

import json
from datetime import date

import pytest
from around import documents, known_days
from attrs import evolve
from hypothesis import given, settings

from properties import examples
from qmi_rules.errors import DocumentError
from qmi_rules.model import Purchase
from qmi_rules.procurement import decide, replay
from qmi_rules.schema import structure
from small_law import small_table

TABLE = small_table()
PURCHASE = Purchase(title="Capteurs", launched_on=date(2026, 5, 15), estimated_value=55_000, contract_type="services")
DECISION = decide(PURCHASE, TABLE)
OF_TODAY = decide(PURCHASE)


def limit(table, threshold, amount):
    series = table.thresholds[threshold]
    values = (*series.values[:-1], evolve(series.values[-1], amount=amount))
    return table.replace(thresholds={**table.thresholds, threshold: evolve(series, values=values)}, edition="autre")


@settings(max_examples=examples(25), deadline=None)
@given(documents(), known_days)
def test_a_decision_replayed_with_the_same_table_is_the_same(document, known_on):
    result = replay(decide(structure(document, Purchase), known_on=known_on).to_json())
    assert (result.reason, result.same) == ("same", True)


def test_another_table_with_the_same_answer_is_said():
    result = replay(DECISION.to_json(), limit(TABLE, "direct_award.works", 150_000))
    assert (result.reason, result.same) == ("table_changed", True)
    assert (result.edition_then, result.edition_now) == (TABLE.edition, "autre")


def test_another_table_with_another_answer_says_what_differs():
    result = replay(DECISION, limit(TABLE, "direct_award.supplies_services", 50_000))
    assert result.reason == "answer_changed"
    assert not result.same
    differences = {d.path: (d.before, d.after) for d in result.differences}
    assert differences["options[direct_award].status"] == ("open", "closed")
    assert differences["publicity_and_competition"] == ("not_required", "undetermined")
    assert "direct_award" in result.explain("fr")
    assert result.explain("en") != result.explain("fr")
    assert result.to_json()


def test_a_changed_document_is_told_from_a_changed_program():
    document = json.loads(OF_TODAY.to_json())
    document["lightest"] = "open_procedure"
    assert replay(document).reason == "tampered"
    document["package_version"] = "0.0.0"
    assert replay(document).reason == "software_changed"


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"purchase": 3}', "nul"])
def test_what_is_no_decision_is_refused(text):
    with pytest.raises(DocumentError):
        replay(text)


def test_a_decision_names_the_day_by_which_the_law_was_known_also_where_another_day_knew_the_same():
    purchase = Purchase(title="x", launched_on=date(2026, 5, 15), estimated_value=85_000)
    later = decide(purchase, TABLE, date(2025, 11, 30))
    earlier = decide(purchase, TABLE, date(2025, 11, 1))
    assert (earlier.known_on, later.known_on) == (date(2025, 11, 1), date(2025, 11, 30))
    assert earlier.law is decide(purchase, TABLE, date(2025, 11, 1)).law


def test_another_apostrophe_is_no_other_answer():
    """A decision kept from a time when texts were not yet set as print has them."""
    document = json.loads(OF_TODAY.to_json().replace("’", "'").replace("R.\N{NO-BREAK SPACE}2", "R2"))
    assert document["answer"] != json.loads(OF_TODAY.to_json())["answer"]
    assert (replay(document).reason, replay(document).same) == ("same", True)
