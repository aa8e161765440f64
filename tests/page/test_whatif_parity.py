"""What would change the answer: the evaluator of the page finds the changes that the library finds, and says them in its words."""

import json
from functools import cache
from typing import Any

import pytest
from page_engine import Engine

from qmi_rules.law import default_table
from qmi_rules.model import Purchase
from qmi_rules.pages import language
from qmi_rules.procurement.kit import _documents
from qmi_rules.procurement.whatif import what_if
from qmi_rules.procurement.whatif.search import change_line, notes, readings
from qmi_rules.question_page.inlined import evaluator_script
from qmi_rules.schema import structure

TABLE = default_table()
FOUND = "rows.languages.map((lang) => qmiEvaluator.whatIf(it[0], it[1], rows, lang))"


@cache
def told(document: str, procedure: str) -> list[Any]:
    """What the library answers, as the evaluator gives it."""
    found = what_if(structure(json.loads(document), Purchase), procedure, TABLE)
    return [
        {
            "status": found.status,
            "opens": [
                *({"facts": [], "text": text} for text in readings(say, found)),
                *({"facts": [a.fact for a in one.alterations], "text": change_line(say, one)} for one in found.opens),
            ]
            if found.status != "open"
            else [],
            "closes": [
                {"facts": [a.fact for a in one.alterations], "text": change_line(say, one)} for one in found.closes
            ],
            "notes": notes(say, found),
        }
        for say in map(language, ("fr", "en"))
    ]


@pytest.fixture(scope="module")
def asked() -> list[tuple[dict[str, Any], str]]:
    """Purchases of the kit, each with one procedure in turn."""
    return [(document, [*TABLE.procedures][i % len(TABLE.procedures)]) for i, document in enumerate(_documents(TABLE))]


def differences(engine: Engine, asked: list[tuple[dict[str, Any], str]]) -> list[Any]:
    found = engine.each(FOUND, asked)
    return [
        (*question, expected, given)
        for question, given in zip(asked, found, strict=True)
        if (expected := told(json.dumps(question[0]), question[1])) != given
    ]


def test_the_nearest_changes_are_those_of_the_library(engine, asked):
    assert differences(engine, asked) == []


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ("below: () => minus(lowest, step)", "below: () => lowest"),
        ("away > what_if.most_days", "away > 30"),
        ("MOST_TOGETHER = 3", "MOST_TOGETHER = 1"),
        ("if (!kept.some((other) => dominates(other, change)))", ""),
        ('choice === "given" || ', ""),
    ],
)
def test_a_fault_in_finding_them_is_seen(asked, said, fault):
    script = evaluator_script()
    assert script.count(said) == 1
    assert differences(Engine(TABLE, script.replace(said, fault)), asked[::3]) != []
