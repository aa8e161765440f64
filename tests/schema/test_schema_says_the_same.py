"""The JSON Schema says what the reader says: both are read off the same checks; and every result is as its schema says."""

import json
import pickle
import re
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from properties import examples
from qmi_rules import Purchase, from_json, json_schema
from qmi_rules.doors.operations import SHAPES, shape
from qmi_rules.errors import DocumentError
from qmi_rules.law import Proof
from qmi_rules.model import FACT_NAMES, Facts, Need
from qmi_rules.model.commune import Commune
from qmi_rules.model.schedule import Schedule
from qmi_rules.model.solution import EvidenceFile
from qmi_rules.schema.fields import attribute_texts

sys.path.insert(0, str(Path(__file__).parents[1] / "pages"))
from results import RESULTS

jsonschema = pytest.importorskip("jsonschema")


def validator(cls: type) -> Any:
    return jsonschema.Draft202012Validator(json_schema(cls), format_checker=jsonschema.FormatChecker())


VALIDATORS = {cls: validator(cls) for cls in (Purchase, Need, Commune, Schedule, EvidenceFile)}
BASES = {
    Purchase: {"title": "x", "launched_on": "2026-05-15"},
    Need: {},
    Commune: {"budget_vote": "spring"},
    Schedule: {},
    EvidenceFile: {"title": "x", "launched_on": "2026-05-15"},
}
FIELDS = [
    (Purchase, "title"), (Purchase, "launched_on"), (Purchase, "estimated_value"), (Purchase, "duration_months"), (Purchase, "cpv"),
    (Purchase, "contract_type"), (Purchase, "innovative"), (Purchase, "evidence"), (Need, "firm"), (Need, "vat_rate"), (Need, "options"),
    (Commune, "population"), (Commune, "council_meetings"), (Schedule, "procedure"), (Schedule, "durations"), (EvidenceFile, "place"),
]  # fmt: skip
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-5, 10**13)
    | st.text(max_size=12).filter(lambda text: not text.endswith("\n"))
    | st.from_regex(r"\A-?[0-9]{1,14}(\.[0-9]{1,4})?\Z")
    | st.from_regex(r"\A[01](\.[0-9]{1,4})?\Z")
    | st.from_regex(r"\A[0-9]{8}(-[0-9])?\Z")
    | st.dates(date(1980, 1, 1), date(2120, 1, 1)).map(str)
    | st.sampled_from(
        [
            "works",
            "commune",
            "direct_award",
            "zz",
            "",
            " ",
            "\0",
            "x" * 600,
            "x" * 20_001,
            "-0",
            "0000000000000000000000000005",
        ]
    )
)
VALUES = (
    SCALARS | st.lists(SCALARS, max_size=2) | st.dictionaries(st.sampled_from(["drafting", "x"]), SCALARS, max_size=2)
)


def read(cls: type, data: dict[str, Any]) -> bool:
    try:
        from_json(json.dumps(data), cls)
    except DocumentError:
        return False
    return True


@settings(max_examples=examples(600), deadline=None)
@given(st.sampled_from(FIELDS), VALUES)
def test_the_schema_and_the_reader_refuse_the_same_values(place, value):
    cls, name = place
    data = BASES[cls] | {name: value}
    assert VALIDATORS[cls].is_valid(data) is read(cls, data)


@pytest.mark.parametrize(
    "change",
    [{"title": ""}, {"estimated_value": "-5"}, {"estimated_value": 10**12}, {"estimated_value": -5}, {"estimated_value": "1.12345"}, {"duration_months": -1}, {"cpv": "zz"},
     {"need": {"vat_rate": "5"}}, {"launched_on": "1989-12-31"}, {"lots": [{"id": str(i), "estimated_value": "1"} for i in range(301)]}],
    ids=lambda change: str(change)[:40],
)  # fmt: skip
def test_what_the_checks_refuse_the_schema_refuses(change):
    data = BASES[Purchase] | change
    assert not VALIDATORS[Purchase].is_valid(data)
    assert not read(Purchase, data)


@pytest.mark.parametrize("name", RESULTS)
def test_every_result_is_as_its_schema_says(name):
    for result in RESULTS[name]():
        errors = [
            f"{error.json_path}: {error.message}"
            for error in validator(type(result)).iter_errors(json.loads(result.to_json()))
        ]
        assert errors == []


@pytest.mark.parametrize("name", RESULTS)
def test_a_result_reads_back_the_same_and_is_written_again_as_it_was(name):
    for result in {type(result): result for result in RESULTS[name]()}.values():
        for lang in ("fr", "en"):
            told = result.to_json(lang=lang)
            found = from_json(told, type(result))
            assert isinstance(found, type(result))
            assert found.to_json() == told
            assert found == result
            assert pickle.loads(pickle.dumps(found)) == found
            assert found.explain(lang)
            assert json.loads(told)["lang"] == lang


@pytest.mark.parametrize("name", SHAPES)
def test_every_document_of_the_commands_has_a_schema(name):
    schema = json_schema(shape(name))
    jsonschema.Draft202012Validator.check_schema(schema)
    references = set(re.findall(r'"#/\$defs/([^"]+)"', json.dumps(schema)))
    assert references <= set(schema.get("$defs", {}))


def test_a_schema_drops_into_openapi():
    schema = json_schema(Purchase, "#/components/schemas/{name}")
    assert schema["properties"]["need"]["anyOf"][0] == {"$ref": "#/components/schemas/Need"}
    assert schema["$id"] == "urn:qmi-rules:purchase:1"
    assert "Need" in schema["$defs"]


def test_kinds_are_told_apart_by_their_word():
    parts = json_schema(shape("decision"))["$defs"]
    (kinds,) = [
        one["properties"]["findings"]["items"]["oneOf"] for one in parts.values() if "findings" in one["properties"]
    ]
    words = [parts[kind["$ref"].rpartition("/")[2]]["properties"]["kind"]["const"] for kind in kinds]
    assert words == ["fact", "choice", "amount", "period"]


def test_a_class_of_which_the_fields_are_not_all_known_has_a_schema_or_says_so():
    assert json_schema(Proof)["properties"]["holds"]["type"] == "boolean"


def test_a_part_has_one_name_over_all_documents():
    schemas: dict[str, Any] = {}
    for name in SHAPES:
        for part, schema in json_schema(shape(name)).get("$defs", {}).items():
            assert schemas.setdefault(part, schema) == schema, part
    assert len(schemas) > 50


def test_every_property_is_described():
    for name in SHAPES:
        schema = json_schema(shape(name))
        for part, described in {name: schema, **schema.get("$defs", {})}.items():
            assert [key for key, one in described["properties"].items() if not one.get("description")] == [], part


def test_every_fact_is_explained_where_a_purchase_is():
    texts = attribute_texts(Purchase)
    properties = json_schema(Purchase)["properties"]
    for name in FACT_NAMES:
        assert texts[name] == attribute_texts(Facts)[name]  # said once, beside the field
        assert properties[name]["description"].startswith(texts[name])
