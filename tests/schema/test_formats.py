"""The front door: a dict, a JSON text or a path is read; a document says its format; what the library writes has a language and a detail."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from attrs import frozen

from qmi_rules import Commune, Dossier, Purchase, decide, from_json, to_json
from qmi_rules.errors import DocumentError, UnsupportedLocaleError
from qmi_rules.pages import Explained, Said, Term, remark
from qmi_rules.schema import Document, json_schema, read, structure
from qmi_rules.version import VERSION

FILLED: dict[str, Any] = {"title": "Capteurs", "launched_on": "2026-05-15", "estimated_value": 85_000}
MADE = Purchase(title="Capteurs", launched_on=date(2026, 5, 15), estimated_value=85_000)


def faults(data: dict[str, Any], cls: type = Purchase) -> list[tuple[str, str]]:
    with pytest.raises(DocumentError) as caught:
        from_json(json.dumps(data), cls)
    return [(problem.code, problem.path) for problem in caught.value.problems]


# --- read


def test_read_takes_a_dict_a_text_bytes_a_path_and_the_object_itself(tmp_path):
    file = tmp_path / "purchase.json"
    file.write_text(json.dumps(FILLED), "utf-8")
    for source in (
        FILLED,
        json.dumps(FILLED),
        f" \n{json.dumps(FILLED)}",
        json.dumps(FILLED).encode(),
        file,
        str(file),
        MADE,
    ):
        assert read(source, Purchase) == MADE


@pytest.mark.parametrize("source", ["", "nowhere.json", "\0", Path("/nowhere/x.json"), "x" * 5_000])
def test_what_cannot_be_read_is_named(source):
    with pytest.raises(DocumentError) as caught:
        read(source, Purchase)
    assert [problem.path for problem in caught.value.problems] == [""]
    assert "cannot be read" in str(caught.value)


def test_a_file_at_fault_is_named(tmp_path):
    file = tmp_path / "purchase.json"
    file.write_text('{"title": 3}', "utf-8")
    with pytest.raises(DocumentError, match=r"purchase\.json: title"):
        read(file, Purchase)


# --- format


@pytest.mark.parametrize("said", ["qmi-rules/purchase/1", "qmi-rules/purchase/1.7"])
def test_a_document_may_say_its_format(said):
    assert read(FILLED | {"format": said}, Purchase) == MADE
    assert from_json(json.dumps({"format": said} | FILLED), Purchase) == MADE
    assert "format" not in to_json(MADE)


def test_so_may_the_parts_of_a_dossier():
    data = {"format": "qmi-rules/dossier/1", "purchase": {"format": "qmi-rules/purchase/1", **FILLED}}
    assert read(data, Dossier).purchase == MADE


def test_a_newer_format_is_refused_as_newer_and_nothing_else_is_said():
    assert faults(FILLED | {"format": "qmi-rules/purchase/2", "new_key": 1}) == [("newer_format", "format")]
    newer = {"purchase": FILLED | {"format": "qmi-rules/purchase/2", "new_key": 1}}
    assert faults(newer, Dossier) == [("newer_format", "purchase.format")]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("qmi-rules/project/1", "another_document"),
        ("purchase/1", "wrong_type"),
        (1, "wrong_type"),
        (None, "wrong_type"),
    ],
)
def test_a_format_that_is_none_or_another_is_refused(said, code):
    assert faults(FILLED | {"format": said}) == [(code, "format")]


def test_the_schema_knows_the_format():
    jsonschema = pytest.importorskip("jsonschema")
    for cls in (Purchase, Dossier, Commune):
        validator = jsonschema.Draft202012Validator(json_schema(cls)["properties"]["format"])
        name = cls.__name__.lower()
        assert validator.is_valid(f"qmi-rules/{name}/1")
        assert validator.is_valid(f"qmi-rules/{name}/1.2")
        assert not validator.is_valid(f"qmi-rules/{name}/2")


# --- what the library wrote is read leniently, what a user wrote inside it is not


@frozen(kw_only=True)
class Inner:
    count: int


@frozen(kw_only=True)
class Made(Explained):
    inner: Inner
    purchase: Purchase | None = None
    table_edition: str | None = None


def test_unknown_keys_of_a_result_are_those_of_a_later_version():
    data = {"format": "qmi-rules/made/1.3", "inner": {"count": 1, "later": 2}, "later": 3, "purchase": FILLED}
    found = read(data, Made)
    assert (found.inner, found.purchase) == (Inner(count=1), MADE)
    assert found.to_dict() == data


def test_unknown_keys_of_a_users_document_inside_a_result_stay_faults():
    assert faults({"inner": {"count": 1}, "purchase": FILLED | {"colour": "green"}}, Made) == [
        ("unknown_key", "purchase.colour")
    ]
    assert faults({"format": "qmi-rules/made/2", "inner": {"count": 1}}, Made) == [("newer_format", "format")]


def test_the_schema_of_a_result_is_open_and_that_of_a_users_document_closed():
    schema = json_schema(Made)
    assert "additionalProperties" not in schema
    assert "additionalProperties" not in schema["$defs"]["Inner"]
    assert schema["$defs"]["Purchase"]["additionalProperties"] is False


# --- languages and detail


@frozen(kw_only=True)
class Told(Explained):
    answer: Said
    notes: tuple[Any, ...] = ()
    table_edition: str | None = None


TOLD = Told(answer=Said("Ouvert"), notes=(remark("a", "Fermé"), Said("Lot {id}", {"id": Term("Fermé")})))
IN_ENGLISH = {
    "format": "qmi-rules/told/1", "lang": "en", "table_edition": None, "package_version": VERSION,
    "answer": "Open", "notes": [{"id": "a", "text": "Closed"}, "Lot Closed"],
}  # fmt: skip


def test_sentences_are_told_in_the_language_asked_for():
    assert TOLD.to_dict()["answer"] == "Ouvert"
    assert TOLD.to_dict("en") == IN_ENGLISH
    assert list(TOLD.to_dict("en")) == list(IN_ENGLISH)
    assert json.loads(TOLD.to_json(lang="en-GB"))["answer"] == "Open"
    assert TOLD.to_dict()["answer"] == "Ouvert", "the language asked for once is not kept"
    with pytest.raises(UnsupportedLocaleError):
        TOLD.to_json(lang="xx")


@frozen(kw_only=True)
class Around(Explained):
    inner: Told
    table_edition: str | None = None


def test_a_part_is_told_in_the_language_of_the_whole_and_has_no_head_of_its_own():
    assert Around(inner=TOLD).to_dict("en")["inner"]["answer"] == "Open"
    assert Around(inner=TOLD).to_dict()["inner"]["answer"] == "Ouvert"
    assert "format" not in Around(inner=TOLD).to_dict()["inner"]


def test_a_sentence_that_was_told_stays_as_it_was():
    said = structure("Open {braces", Said)
    assert said.french == "Open {braces"
    assert said.told("en") == "Open {braces"
    found = read(TOLD.to_dict("en"), Told)
    assert found.to_dict("fr") == IN_ENGLISH


def test_the_answer_alone_is_the_head_and_the_card():
    assert TOLD.to_dict("en", "answer") == {key: item for key, item in IN_ENGLISH.items() if key != "notes"}
    head = {"format", "lang", "table_edition", "package_version", "answer"}
    assert json.loads(decide(MADE).to_json(detail="answer")).keys() <= head
    with pytest.raises(DocumentError):
        TOLD.to_json(detail="short")


def test_compact_json_has_no_spaces():
    assert to_json(MADE).startswith('{"title":"Capteurs",')


# --- a document is a document


def test_every_document_can_be_told_from_a_dataclass_by_nobody():
    import dataclasses

    assert dataclasses.is_dataclass(MADE)
    assert dataclasses.replace(MADE, title="x") == MADE.evolve(title="x")
    assert {field.name for field in dataclasses.fields(Commune)} >= {"budget_vote", "population"}
    assert issubclass(Purchase, Document)
