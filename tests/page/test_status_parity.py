"""The evaluator of the page gives every status that the conformance kit expects."""

import json

import pytest

from qmi_rules.law import conformance_kit, default_table


@pytest.fixture(scope="module")
def cases():
    return [json.loads(line) for line in conformance_kit(default_table())][1:]


def test_every_status_of_the_kit_is_the_same_in_the_page(engine, cases):
    found = engine.each("qmiEvaluator.statuses(it.case, it.on, rows)", cases)
    differing = [case for case, answer in zip(cases, found, strict=True) if answer != case["expected"]]
    assert differing == []
