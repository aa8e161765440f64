"""What a frozen class holds cannot be changed either: no caller can empty a table, an input or a result that others share."""

import copy
import json
import pickle
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import get_origin, get_type_hints

import attrs
import pytest

import qmi_rules
from qmi_rules import default_table, from_json, json_schema
from qmi_rules.law import fact_definitions
from qmi_rules.model import metropolitan_communes
from qmi_rules.model.dossier import Dossier
from qmi_rules.model.schedule import Schedule
from qmi_rules.model.solution import EvidenceFile
from qmi_rules.read_only import ReadOnlyDict, to_read_only
from qmi_rules.schema import to_json

EXAMPLES = Path(__file__).parents[2] / "examples"
CHANGES = [
    lambda mapping: mapping.clear(),
    lambda mapping: mapping.pop("a"),
    lambda mapping: mapping.popitem(),
    lambda mapping: mapping.setdefault("z", 1),
    lambda mapping: mapping.update(z=1),
    lambda mapping: mapping.__setitem__("a", 2),
    lambda mapping: mapping.__delitem__("a"),
    lambda mapping: mapping.__ior__({"z": 1}),
]


@pytest.mark.parametrize("change", CHANGES)
def test_every_way_to_change_it_is_refused_in_words(change):
    mapping = to_read_only({"a": 1})
    with pytest.raises(TypeError, match="read-only"):
        change(mapping)
    assert mapping == {"a": 1}


def test_it_is_a_dict_in_all_else():
    mapping = to_read_only({"a": {"b": 1}})
    assert isinstance(mapping["a"], ReadOnlyDict)
    for again in (pickle.loads(pickle.dumps(mapping)), copy.copy(mapping), copy.deepcopy(mapping)):
        assert again == mapping
        assert hash(again) == hash(mapping)
        assert isinstance(again["a"], ReadOnlyDict)
    assert json.dumps(mapping) == '{"a": {"b": 1}}'
    assert mapping | {"c": 2} == {"a": {"b": 1}, "c": 2}
    with pytest.raises(TypeError, match="unhashable"):
        hash(to_read_only({"a": []}))


def test_the_mapping_that_was_handed_over_may_change_afterwards():
    durations = {"drafting": 10}
    schedule = Schedule(durations=durations)
    durations.clear()
    assert schedule.durations == {"drafting": 10}


def test_a_shared_table_cannot_be_emptied():
    table = default_table()
    for name in ("sources", "thresholds", "procedures", "facts", "duties"):
        with pytest.raises(TypeError, match="read-only"):
            getattr(table, name).clear()
        assert getattr(table, name)
    again = pickle.loads(pickle.dumps(table))
    assert again == table
    assert again.hash == table.hash
    for shared in (fact_definitions(), metropolitan_communes()):
        with pytest.raises(TypeError, match="read-only"):
            shared.clear()


@pytest.mark.parametrize("cls", [Dossier, EvidenceFile])
def test_inputs_with_answers_are_values(cls):
    name = {"Dossier": "dossier-pelican-cycles.json", "EvidenceFile": "solution-pelican-cycles.json"}[cls.__name__]
    made = from_json((EXAMPLES / name).read_bytes(), cls)
    assert made.solution
    again = from_json(to_json(made), cls)
    assert again == made
    assert hash(again) == hash(made)
    with pytest.raises(TypeError, match="read-only"):
        next(iter(made.solution.values())).clear()
    assert json_schema(cls)


def mapping_fields():
    """Every field of a frozen class that holds a mapping handed over by its maker; the steps of one computation left out."""
    for module in walk_packages(qmi_rules.__path__, "qmi_rules."):
        if module.name.startswith("qmi_rules.tables.columns"):
            continue
        try:
            found = vars(import_module(module.name)).values()
        except ImportError:  # an extra that is not installed
            continue
        for cls in found:
            if isinstance(cls, type) and attrs.has(cls) and cls.__module__ == module.name:
                for attribute in attrs.fields(cls):
                    if attribute.init and _is_mapping(cls, attribute):
                        yield pytest.param(attribute, id=f"{module.name}.{cls.__name__}.{attribute.name}")


def _is_mapping(cls, attribute):
    try:
        kind = get_type_hints(cls)[attribute.name]
    except NameError:  # a name that only type checkers know
        kind = attribute.type
    parts = () if get_origin(kind) is Callable else getattr(kind, "__args__", ())
    return any(get_origin(k) in (dict, Mapping) for k in (kind, *parts))


@pytest.mark.parametrize("attribute", list(mapping_fields()))
def test_every_mapping_of_a_frozen_class_is_read_only(attribute):
    assert attribute.converter is not None
    assert isinstance(attribute.converter({}), ReadOnlyDict)
