"""What every schema of the library says: an id of its own, a description of every property, one meaning a name, closed lists as enums."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from qmi_rules import json_schema
from qmi_rules.doors.operations import SHAPES, shape
from qmi_rules.schema.fields import is_result

SCHEMAS = {name: json_schema(shape(name)) for name in SHAPES}
LISTED = re.compile(r"^[^`]*``(?:[a-z_]+)``(?:, ``[a-z_]+``)*,? (?:or|and) ``[a-z_]+``")
OPEN_LISTS = {
    "CompanySide.size": "the sizes are rows of the table of schemes",
    "AmountFinding.unit": "a table names its units",
    "LimitOfTheDay.unit": "a table names its units",
    "ContestedLimit.unit": "a table names its units",
    "Doubt.unit": "a table names its units",
    "Result.procedure": "ids of the vocabulary, or one of two words",
    "Wait.id": "a milestone's id, or one of two words",
    "Criterion.requires": "fields of an answer",
}


def objects(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    yield schema["title"], schema
    yield from schema.get("$defs", {}).items()


def test_ids_are_unique():
    ids = [schema["$id"] for schema in SCHEMAS.values()]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"urn:qmi-rules:[a-z-]+:1", one) for one in ids)


def test_a_name_means_one_thing_in_all_schemas():
    found: dict[str, str] = {}
    for schema in SCHEMAS.values():
        for name, part in schema.get("$defs", {}).items():
            assert found.setdefault(name, json.dumps(part)) == json.dumps(part), name


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_property_is_described_and_what_is_listed_is_an_enum(name):
    for title, part in objects(SCHEMAS[name]):
        for key, one in part.get("properties", {}).items():
            words = one.get("description", "")
            assert words, f"{title}.{key}"
            closed = any(word in json.dumps(one) for word in ('"enum"', '"const"', '"$ref"'))
            if LISTED.match(words) and f"{title}.{key}" not in OPEN_LISTS:
                assert closed, f"{title}.{key}: {words}"


@pytest.mark.parametrize("name", SCHEMAS)
def test_results_are_open_and_kinds_are_told_apart(name):
    def met(schema: Any) -> None:
        if isinstance(schema, dict):
            kinds = [one for one in schema.get("anyOf", ()) if "$ref" in one]
            assert len(kinds) < 2 or {one["$ref"].rpartition("/")[2] for one in kinds} == {"Purchase", "Case"}
            for one in schema.values():
                met(one)
        elif isinstance(schema, list):
            for one in schema:
                met(one)

    met(SCHEMAS[name])
    if is_result(shape(name)):
        assert SCHEMAS[name].get("additionalProperties", True) is True


def test_parts_are_referred_to_where_the_caller_keeps_them():
    schema = json_schema(shape("decision"), "#/components/schemas/{name}")
    references = set(re.findall(r'"\$ref": "([^"]+)"', json.dumps(schema)))
    assert references
    assert references <= {f"#/components/schemas/{name}" for name in schema["$defs"]}
