"""Documents are read strictly: nothing is coerced, every fault comes back at once with its path, nothing else is ever raised."""

import copy
import json
import pickle
import traceback
import unicodedata
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from properties import examples
from qmi_rules.errors import DocumentError, QmiRulesError
from qmi_rules.model import (
    FACT_NAMES,
    Buyer,
    BuyerKind,
    Case,
    ContractType,
    Framework,
    Lot,
    Member,
    Need,
    Part,
    Purchase,
    Renewals,
    Yearly,
)
from qmi_rules.model.buyer import Exclusion, Instrument
from qmi_rules.model.commune import Commune
from qmi_rules.model.contract import ModifiedContract
from qmi_rules.model.dossier import Checklist, Dossier
from qmi_rules.model.project import Project
from qmi_rules.model.schedule import Schedule
from qmi_rules.model.solution import EvidenceFile
from qmi_rules.schema import (
    DEEPEST_DOCUMENT,
    LARGEST_DOCUMENT,
    LONGEST_LIST,
    from_json,
    json_schema,
    structure,
    to_json,
    unstructure,
)

EXAMPLES = Path(__file__).parents[2] / "examples"
CLASSES = [Purchase, Case, Commune, Schedule, Project, EvidenceFile, Checklist, Dossier]
LAUNCH = {"title": "Capteurs", "launched_on": "2026-05-15"}


def read(**changes: Any) -> Purchase:
    return from_json(json.dumps(LAUNCH | changes), Purchase)


def faults(text: str | bytes, cls: type = Purchase) -> dict[str, str]:
    """Path and message of each fault that reading a text brings to light."""
    with pytest.raises(DocumentError) as caught:
        from_json(text, cls)
    error = caught.value
    assert type(error) is DocumentError
    assert isinstance(error, (QmiRulesError, ValueError))
    assert error.__cause__ is None
    assert error.__suppress_context__ or error.__context__ is None
    assert error.problems
    shown = "".join(traceback.format_exception_only(error)).rstrip("\n")
    assert len(shown) < 20_000
    assert "cattrs" not in shown
    shown.encode("utf-8")
    assert not {c for c in shown if unicodedata.category(c) in ("Cc", "Cs")} - {"\n"}
    again = pickle.loads(pickle.dumps(error))
    assert again.problems == error.problems
    return {problem.path: problem.message for problem in error.problems}


def faults_of(**changes: Any) -> dict[str, str]:
    return faults(json.dumps(LAUNCH | changes))


# --- nothing is coerced


@pytest.mark.parametrize("fact", FACT_NAMES)
def test_a_fact_is_true_false_or_nothing(fact: str) -> None:
    assert getattr(read(**{fact: True}), fact) is True
    assert getattr(read(**{fact: False}), fact) is False
    assert getattr(read(**{fact: None}), fact) is None
    assert getattr(read(), fact) is None


@pytest.mark.parametrize("value", ["false", "true", "no", "", 0, 1, 0.0, 1.0, [], {}, [True]])
def test_what_looks_like_a_truth_is_none(value: Any) -> None:
    assert list(faults_of(innovative=value)) == ["innovative"]
    lot = {"id": "1", "estimated_value": "1", "innovative": value}
    assert list(faults_of(lots=[lot])) == ["lots[0].innovative"]


@pytest.mark.parametrize("value", [3, 3.5, True, None, [], ["a"], {}])
def test_what_is_no_text_does_not_become_one(value: Any) -> None:
    assert list(faults_of(title=value)) == ["title"]
    assert list(faults_of(evidence=["a", value])) == ["evidence[1]"]
    assert list(faults_of(lots=[{"id": value, "estimated_value": "1"}])) == ["lots[0].id"]
    if value is not None:
        assert list(faults_of(buyer={"insee_code": value})) == ["buyer.insee_code"]


@pytest.mark.parametrize("value", [True, False, "12", 12.5, "12.0", "", [], {}, -1, 10**6])
def test_a_whole_number_is_nothing_else(value: Any) -> None:
    assert list(faults_of(duration_months=value)) == ["duration_months"]
    assert list(faults_of(buyer={"population": value if value != 10**6 else 10**9})) == ["buyer.population"]
    assert list(faults_of(need={"renewals": {"count": value, "each": "1"}})) == ["need.renewals.count"]


AMOUNT_PATHS = {
    "estimated_value": lambda x: {"estimated_value": x},
    "lots[0].estimated_value": lambda x: {"lots": [{"id": "1", "estimated_value": x}]},
    "need.firm": lambda x: {"need": {"firm": x}},
    "need.options[1]": lambda x: {"need": {"options": ["1", x]}},
    "need.same_need[0]": lambda x: {"need": {"same_need": [x]}},
    "need.renewals.each": lambda x: {"need": {"renewals": {"count": 1, "each": x}}},
    "need.yearly.amount": lambda x: {"need": {"yearly": {"amount": x, "years": 2}}},
    "need.framework.maximum": lambda x: {"need": {"framework": {"maximum": x}}},
    "need.parts[0].value": lambda x: {"need": {"parts": [{"contract_type": "works", "value": x}]}},
    "members[1].part": lambda x: {"members": [{"buyer": {}, "part": "1"}, {"buyer": {}, "part": x}]},
}
"""Where a purchase holds an amount, and a document that holds one there."""

NO_AMOUNTS = [
    "85 000", "85000,00", "85000 €", "€85000", "85_000", "8.5e4", "1e400", "+85000", " 85000", "85000 ", "85000.", ".5", "",
    "0x10", "٨٥٠٠٠", "85\u00a0000", "NaN", "Infinity", "-Infinity", "sNaN", "-1", "-0.01", "0.001", "85000.005",
    "1000000000000", "9" * 31, "1" * 100_000, True, False, [], ["1"], {}, {"amount": "1"}, -1, 10**12, 10**29,
]  # fmt: skip


@pytest.mark.parametrize("path", AMOUNT_PATHS)
def test_what_is_no_amount_is_refused_where_it_stands(path: str) -> None:
    for value in NO_AMOUNTS:
        found = faults_of(**AMOUNT_PATHS[path](value))
        assert list(found) == [path], repr(value)[:20]
        assert found[path].startswith("expected "), repr(value)[:20]


@pytest.mark.parametrize("path", AMOUNT_PATHS)
def test_numbers_of_json_that_are_no_amounts_are_refused(path: str) -> None:
    for number in ("NaN", "Infinity", "-Infinity", "1e5", "1E5", "85000.005", "0.001", "1e-400", "-0.5"):
        text = json.dumps(LAUNCH | AMOUNT_PATHS[path]("HERE")).replace('"HERE"', number)
        assert faults(text), number


@pytest.mark.parametrize(
    ("written", "value"),
    [('"85000"', "85000"), ('"85000.00"', "85000.00"), ("85000", "85000"), ("85000.10", "85000.10"), ('"0"', "0"),
     ('"0.01"', "0.01"), ("59999.99", "59999.99"), ('"999999999999.99"', "999999999999.99")],
)  # fmt: skip
def test_an_amount_is_taken_digit_by_digit(written: str, value: str) -> None:
    purchase = from_json(f'{{"title": "a", "launched_on": "2026-05-15", "estimated_value": {written}}}', Purchase)
    assert purchase.estimated_value == Decimal(value)
    assert str(purchase.estimated_value) == value


def test_a_float_is_taken_from_python_only_where_it_loses_nothing() -> None:
    assert structure(LAUNCH | {"estimated_value": 85_000.0}, Purchase).estimated_value == Decimal("85000")
    for value in (85_000.5, 0.1, 2.0**53, float("nan"), float("inf"), 1e300):
        for data in (LAUNCH | {"estimated_value": value}, LAUNCH | {"need": {"options": [value]}}):
            with pytest.raises(DocumentError):
                structure(data, Purchase)
        with pytest.raises(DocumentError):
            Purchase(title="a", launched_on=date(2026, 5, 15), estimated_value=value)
        with pytest.raises(DocumentError):
            Need(options=[value])  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "value",
    ["0218-05-15", "1989-12-31", "2101-01-01", "9999-12-31", "2026-02-29", "2026-13-01", "2026-5-15", "15/05/2026", "2026-05-15T00:00:00",
     "20260515", "2026-W20-5", "2026-135", "demain", "", "٢٠٢٦-٠٥-١٥", "2026-05-15 ", 20260515, 1778803200, 2026.5, None, True, [], {}],
)  # fmt: skip
def test_what_is_no_day_of_our_time_is_refused(value: Any) -> None:
    assert list(faults_of(launched_on=value)) == ["launched_on"]


def test_a_moment_is_a_day_only_at_midnight() -> None:
    with pytest.raises(DocumentError):
        structure(LAUNCH | {"launched_on": datetime(2026, 5, 15, 9)}, Purchase)
    with pytest.raises(DocumentError):
        Purchase(title="a", launched_on=datetime(2026, 5, 15, 0, 0, 1))
    assert structure(LAUNCH | {"launched_on": datetime(2026, 5, 15)}, Purchase).launched_on == date(2026, 5, 15)
    assert structure(LAUNCH | {"launched_on": date(2026, 5, 15)}, Purchase).launched_on == date(2026, 5, 15)


@pytest.mark.parametrize(
    "value", ["Services", "service", "SERVICES", "", " services", 3, True, ["works"], {}, "travaux"]
)
def test_a_closed_list_takes_its_words_only(value: Any) -> None:
    found = faults_of(contract_type=value)
    assert list(found) == ["contract_type"]
    assert "works, supplies, services" in found["contract_type"]
    assert list(faults_of(buyer={"kind": value})) == ["buyer.kind"]


@pytest.mark.parametrize(
    "code",
    ["99999", "75001", "93000", "94000", "00000", "96001", "2C004", "9204", "920480", "92048 ", "paris", "", 92048, 92048.0],
)  # fmt: skip
def test_an_unknown_insee_code_is_refused(code: Any) -> None:
    assert list(faults_of(buyer={"kind": "commune", "insee_code": code})) == ["buyer.insee_code"]


@pytest.mark.parametrize("code", ["92048", "75056", "94033", "93051", "2A004", "33063", "97105", "75101", "01126"])
def test_a_known_or_possible_insee_code_is_taken(code: str) -> None:
    assert read(buyer={"insee_code": code}).buyer == Buyer(insee_code=code)


@pytest.mark.parametrize("value", ["a", 1, True, {}])
def test_a_list_is_a_list(value: Any) -> None:
    for key in ("lots", "members", "evidence"):
        assert list(faults_of(**{key: value})) == [key]
    assert list(faults_of(need={"options": value})) == ["need.options"]
    assert all(path.startswith("lots[0]") for path in faults_of(lots=[value]))


@pytest.mark.parametrize("value", ["a", 1, True, [], [[]]])
def test_an_object_is_an_object(value: Any) -> None:
    for key in ("need", "buyer"):
        assert list(faults_of(**{key: value})) == [key]
    assert list(faults(json.dumps(value))) == [""]


# --- unknown, absent and repeated keys


def test_unknown_keys_are_refused_with_their_paths() -> None:
    found = faults_of(
        estimated_valu="1",
        Title="a",
        buyer={"name": "x"},
        need={
            "frim": "1",
            "renewals": {"count": 1, "each": "1", "of": 2},
            "parts": [{"contract_type": "works", "value": "1", "x": 1}],
        },
        lots=[{"id": "1", "estimated_value": "1"}, {"id": "2", "estimated_value": "1", "innovativ": True}],
    )
    assert set(found) == {
        "estimated_valu", "Title", "buyer.name", "need.frim", "need.renewals.of", "need.parts[0].x", "lots[1].innovativ",
    }  # fmt: skip
    assert "estimated_value" in found["estimated_valu"], "the message lists what there is"
    assert "firm" in found["need.frim"]


@pytest.mark.parametrize(
    "key", ["value", "valuation", "buyer_kind", "simple", "lot_value", "_value", "allotted", "__class__", "self"]
)
def test_what_is_computed_cannot_be_written(key: str) -> None:
    assert list(faults_of(**{key: None})) == [key]


def test_what_is_required_is_named() -> None:
    assert set(faults("{}")) == {"title", "launched_on"}
    assert set(faults_of(lots=[{}], members=[{}], need={"yearly": {}})) == {
        "lots[0].id", "lots[0].estimated_value", "members[0].buyer", "members[0].part", "need.yearly.amount", "need.yearly.years",
    }  # fmt: skip


@pytest.mark.parametrize(
    "text",
    ['{"title": "a", "title": "b", "launched_on": "2026-05-15"}',
     '{"title": "a", "launched_on": "2026-05-15", "title": "a"}',
     '{"title": "a", "launched_on": "2026-05-15", "\\u0074itle": "a"}',
     '{"title": "a", "launched_on": "2026-05-15", "buyer": {"title": 1, "title": 1}}'],
)  # fmt: skip
def test_a_key_that_stands_twice_is_refused(text: str) -> None:
    found = faults(text)
    (path,) = (path for path in found if path.endswith("title"))
    assert path == ("buyer.title" if "buyer" in text else "title")
    assert "twice" in found[path]


# --- all faults at once


def test_all_faults_come_at_once_with_their_paths() -> None:
    found = faults(
        json.dumps(
            {
                "title": "  ",
                "launched_on": "15/05/2026",
                "estimated_value": "85 000",
                "innovative": "yes",
                "contract_type": "service",
                "buyer": {"kind": "city", "insee_code": "99999", "population": 0, "name": "x"},
                "duration_months": 12.5,
                "cpv": "3443",
                "lots": [{"id": "", "estimated_value": -1}, 3, {"id": "2", "estimated_value": "1", "complex": 0}],
                "need": {
                    "firm": True,
                    "options": ["1", None],
                    "vat_rate": "20",
                    "parts": [{"contract_type": "a", "value": "b"}],
                },
                "members": [{"buyer": {"kind": None, "population": "many"}, "part": None}],
                "evidence": ["", 3],
                "colour": "red",
            }
        )
    )
    assert set(found) == {
        "title", "launched_on", "estimated_value", "innovative", "contract_type", "buyer.kind", "buyer.insee_code",
        "buyer.population", "buyer.name", "duration_months", "cpv", "lots[0].id", "lots[0].estimated_value", "lots[1]",
        "lots[2].complex", "need.firm", "need.options[1]", "need.vat_rate", "need.parts[0].contract_type",
        "need.parts[0].value", "members[0].buyer.population", "members[0].part", "evidence[0]", "evidence[1]", "colour",
    }  # fmt: skip
    assert all(found.values())


def test_faults_between_fields_have_paths_too() -> None:
    two = [{"id": "1", "estimated_value": "1"}, {"id": "1", "estimated_value": "2"}]
    assert list(faults_of(lots=two)) == ["lots[1].id"]
    two[1]["id"] = "2"
    assert read(lots=two, estimated_value="3").value == 3
    assert list(faults_of(lots=two, estimated_value="3.01")) == ["lots"]
    assert list(faults_of(need={"firm": "1"}, estimated_value="2")) == ["need"]
    assert list(faults_of(members=[{"buyer": {}, "part": "1"}])) == ["members"]


def test_the_file_is_named() -> None:
    with pytest.raises(DocumentError) as caught:
        from_json("{}", Purchase, where="achat.json")
    assert str(caught.value).splitlines() == [
        "achat.json: title: required, but it is absent",
        "achat.json: launched_on: required, but it is absent",
    ]


# --- texts that are no documents


@pytest.mark.parametrize(
    "text",
    ["", " ", "{", "}", "nul", "{'title': 'a'}", '{"title": "a",}', '{"title": "a"} x', "[1, 2", '"\n"', "\0", '{"a": 01}', "// a\n{}",
     '{"title": "\\ud8"}', "<html>", "title: a", "\x1b[31m{}", "\u202e{}", "{\ud800}"],
)  # fmt: skip
def test_what_is_no_json_is_refused(text: str) -> None:
    assert list(faults(text)) == [""]


@pytest.mark.parametrize("text", ["null", "true", "3", "3.5", '"a"', "[]", '[{"title": "a"}]', "NaN", "1e5", "9" * 100])
def test_json_that_is_no_object_is_refused(text: str) -> None:
    assert list(faults(text)) == [""]


ACCENTED = json.dumps(LAUNCH | {"title": "Été à Évry"}, ensure_ascii=False)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32", "latin-1", "cp1252", "cp500"])
def test_another_encoding_is_refused(encoding: str) -> None:
    assert list(faults(ACCENTED.encode(encoding))) == [""]


@pytest.mark.parametrize(
    "raw", [b"\xff\xfe", b"\x80", b"\xc0\xae", b'{"title": "\xed\xa0\x80"}', bytes(range(256)), b"\0" * 100]
)
def test_bytes_that_are_no_text_are_refused(raw: bytes) -> None:
    assert list(faults(raw)) == [""]


def test_utf_8_is_taken_with_or_without_its_mark() -> None:
    for text in (
        ACCENTED,
        "\ufeff" + ACCENTED,
        ACCENTED.encode(),
        ACCENTED.encode("utf-8-sig"),
        f"\n\t {ACCENTED} \r\n",
    ):
        assert from_json(text, Purchase).title == "Été à Évry"


@pytest.mark.parametrize("value", [None, 3, ["{}"], {"title": "a"}, bytearray(b"{}"), Path("a.json")])
def test_what_is_no_text_at_all_is_refused(value: Any) -> None:
    with pytest.raises(DocumentError):
        from_json(value, Purchase)


@pytest.mark.parametrize(
    "title", ["", " ", "\n\t", "\u00a0\u2003", "x" * 20_001, "x" * 1_000_000, "a\0b", "a\ud800b", "\udfff"]
)
def test_a_title_is_a_text_of_bounded_length(title: str) -> None:
    found = faults(json.dumps(LAUNCH | {"title": title}))
    assert list(found) == ["title"]
    assert len(found["title"]) < 200


def test_a_long_title_within_bounds_is_taken() -> None:
    assert read(title="é" * 2_000).title == "é" * 2_000


@pytest.mark.parametrize("bracket", ["[", '{"a":', '{"need":', '{"lots":['])
def test_deep_nesting_is_refused_before_it_is_parsed(bracket: str) -> None:
    for depth in (DEEPEST_DOCUMENT + 1, 1_000, 100_000):
        found = faults(bracket * depth)
        assert list(found) == [""]
        assert "deep" in found[""]


def test_brackets_in_a_text_are_no_nesting() -> None:
    title = '[{"' * 600 + "\\"
    assert read(title=title).title == title


def test_deep_python_data_is_refused_too() -> None:
    deep: Any = []
    for _ in range(5_000):
        deep = [deep]
    for data in (LAUNCH | {"title": deep}, LAUNCH | {"lots": deep}, LAUNCH | {"need": {"options": deep}}, deep):
        with pytest.raises(DocumentError) as caught:
            structure(data, Purchase)
        assert len(str(caught.value)) < 1_000


def test_size_is_bounded() -> None:
    assert "at most" in faults(" " * LARGEST_DOCUMENT + json.dumps(LAUNCH))[""]
    assert list(faults_of(evidence=["a"] * (LONGEST_LIST + 1))) == ["evidence"]
    assert len(read(evidence=["a"] * LONGEST_LIST).evidence) == LONGEST_LIST
    assert faults('{"title": "a", "launched_on": "2026-05-15", "duration_months": %s}' % ("9" * 5_000))


@pytest.mark.parametrize("key", ["x" * 100_000, "\ud800", "\x1b[31m", "a\nb", "\0", "\u202e", ""])
def test_a_hostile_key_does_no_harm_in_the_message(key: str) -> None:
    for text in (
        json.dumps(LAUNCH | {key: 1}),
        json.dumps(LAUNCH | {"need": {key: 1}}),
        json.dumps(LAUNCH)[:-1] + f", {json.dumps(key)}: 1, {json.dumps(key)}: 2}}",
    ):
        assert all(len(path) < 300 for path in faults(text))
    with pytest.raises(DocumentError) as caught:
        from_json(json.dumps({"wanted_on": "2026-05-15", "durations": {key: "x"}}), Schedule)
    str(caught.value).encode("utf-8")


# --- fuzz: nothing but DocumentError is ever raised

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(["works", "commune", "2026-05-15", "85000"])
)
KEYS = st.sampled_from(
    [
        *sorted({a for cls in CLASSES for a in json_schema(cls)["properties"]}),
        "id",
        "kind",
        "part",
        "firm",
        "count",
        "each",
        "x",
        "level",
    ]
)
ANY_JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS | st.text(max_size=5), inner, max_size=6),
    max_leaves=25,
)
fuzz = settings(deadline=None, max_examples=examples(50), suppress_health_check=[HealthCheck.too_slow])


def accepted(text: str | bytes, cls: type) -> Any:
    """What a text is read into; None where it is refused as it should be."""
    try:
        return from_json(text, cls)
    except DocumentError as error:
        refused = error
    assert refused.problems
    str(refused).encode("utf-8")
    assert not {c for c in str(refused) if unicodedata.category(c) in ("Cc", "Cs")} - {"\n"}
    return None


@pytest.mark.parametrize("cls", CLASSES)
@settings(fuzz, max_examples=examples(25))
@given(data=st.dictionaries(KEYS, ANY_JSON, max_size=8) | ANY_JSON)
def test_any_json_is_read_or_refused(cls: type, data: Any) -> None:
    read_back = accepted(json.dumps(data), cls)
    if read_back is not None:
        assert from_json(to_json(read_back), cls) == read_back


@fuzz
@given(st.text() | st.binary())
def test_any_text_is_read_or_refused(text: str | bytes) -> None:
    accepted(text, Purchase)


def problems(text: str) -> list[str]:
    """The paths of the faults of a text; none where it is read."""
    try:
        from_json(text, Purchase)
    except DocumentError as error:
        return [problem.path for problem in error.problems]
    return []


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where a document holds a value."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, item in inner for place in places(item, (*path, key)))]


def replace(document: Any, place: tuple[Any, ...], value: Any) -> None:
    for step in place[:-1]:
        document = document[step]
    document[place[-1]] = value


FULL = {
    **LAUNCH,
    "contract_type": "services",
    "buyer": {"kind": "commune", "insee_code": "94033", "population": 51_000},
    "need": {
        "firm": "1.10", "options": ["2", "3"], "renewals": {"count": 2, "each": "4"}, "yearly": {"amount": "5", "years": 3},
        "framework": {"maximum": "6"}, "same_need": ["7"], "parts": [{"contract_type": "services", "value": "8", "specific_service": True}],
        "vat_rate": "0.20",
    },
    "duration_months": 12, "cpv": "34430000", "evidence": ["a"], "innovative": True, "joint": None,
}  # fmt: skip


@fuzz
@given(st.data())
def test_a_document_with_one_value_replaced_is_read_or_refused_where_it_was_replaced(data: st.DataObject) -> None:
    assert accepted(json.dumps(FULL), Purchase) is not None
    document = copy.deepcopy(FULL)
    place = data.draw(st.sampled_from(places(document)[1:]))
    value = data.draw(ANY_JSON)
    replace(document, place, value)
    with_path = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in place).removeprefix(".")
    whole = {"need", "members", "lots", ""}  # a total that no longer agrees, a number that is no JSON
    found = problems(json.dumps(document))
    assert all(path.startswith(with_path) or path in whole for path in found)


# --- round trip

CENTS = st.decimals(0, 10**9, places=2)
FACTS = st.fixed_dictionaries({}, optional={name: st.none() | st.booleans() for name in FACT_NAMES})
UNLIKE = {ContractType.WORKS, ContractType.SUPPLIES}
"""Only services can be a specific service."""
TEXT = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), min_size=1, max_size=50).filter(
    str.strip
)
DAYS = st.dates(date(1990, 1, 1), date(2100, 12, 31))
TYPES = st.none() | st.sampled_from(ContractType)
BUYERS = st.builds(
    Buyer,
    kind=st.none() | st.sampled_from(BuyerKind),
    insee_code=st.none() | st.sampled_from(["92048", "75056", "2A004"]),
    population=st.none() | st.integers(1, 10**7),
    local_authority=st.none() | st.booleans(),
)
AMOUNTS = st.lists(CENTS, max_size=3)
NEEDS = st.builds(
    Need,
    firm=st.none() | CENTS,
    options=AMOUNTS,
    renewals=st.none() | st.builds(Renewals, count=st.integers(0, 100), each=CENTS),
    yearly=st.none() | st.builds(Yearly, amount=CENTS, years=st.integers(1, 100)),
    framework=st.none() | st.builds(Framework, maximum=st.none() | CENTS),
    same_need=AMOUNTS,
    operation=AMOUNTS,
    rd_phases=AMOUNTS,
    later_purchases=AMOUNTS,
    prizes=AMOUNTS,
    parts=st.lists(
        st.builds(
            Part,
            contract_type=st.sampled_from(ContractType),
            value=CENTS,
            specific_service=st.sampled_from([None, False]),
        )
        | st.builds(Part, contract_type=st.just("services"), value=CENTS, specific_service=st.none() | st.booleans()),
        max_size=2,
    ),
    vat_rate=st.none() | st.decimals(0, 1, places=4),
)


@st.composite
def lots(draw: st.DrawFn) -> list[Lot]:
    ids = draw(st.lists(TEXT, max_size=3, unique=True))
    return [
        Lot(
            id=name,
            estimated_value=draw(CENTS),
            contract_type=draw(TYPES),
            small_lot=draw(st.none() | st.booleans()),
            **draw(FACTS) | {"specific_service": None},
        )
        for name in ids
    ]


@st.composite
def purchases(draw: st.DrawFn) -> Purchase:
    """Purchases of every form: a value, a need, lots or members."""
    form = draw(
        st.sampled_from(["value", "need", "lots", "members"]).flatmap(
            lambda name: {
                "value": st.fixed_dictionaries({"estimated_value": st.none() | CENTS}),
                "need": st.fixed_dictionaries({"need": NEEDS}),
                "lots": st.fixed_dictionaries({"lots": lots()}),
                "members": st.fixed_dictionaries(
                    {"members": st.just([Member(buyer=Buyer(), part=1), Member(buyer=Buyer(kind="ept"), part=2)])}
                ),
            }[name]
        )
    )
    facts, contract_type = draw(FACTS), draw(TYPES)
    if form.get("members"):
        facts["joint"] = True
    if contract_type in UNLIKE or any(lot.contract_type in UNLIKE for lot in form.get("lots", [])):
        facts["specific_service"] = None
    return Purchase(
        title=draw(TEXT),
        launched_on=draw(DAYS),
        contract_type=contract_type,
        buyer=draw(st.none() | BUYERS),
        exclusion=draw(st.none() | st.sampled_from(Exclusion)),
        instrument=draw(st.none() | st.sampled_from(Instrument)),
        duration_months=draw(st.none() | st.integers(0, 1_200)),
        cpv=draw(st.sampled_from([None, "34430000", "34430000-0"])),
        evidence=draw(st.lists(TEXT, max_size=2)),
        **form,
        **facts,
    )


@fuzz
@given(purchases())
def test_a_purchase_comes_back_as_it_was(purchase: Purchase) -> None:
    text = to_json(purchase)
    again = from_json(text, Purchase)
    assert again == purchase
    assert again.value == purchase.value
    assert hash(again) == hash(purchase)
    assert to_json(again) == text
    assert from_json(text.encode(), Purchase) == from_json(to_json(purchase), Purchase) == purchase
    assert pickle.loads(pickle.dumps(purchase)) == purchase
    assert structure(unstructure(purchase), Purchase) == purchase


def test_decimals_travel_as_strings_and_days_as_days() -> None:
    data = json.loads(to_json(from_json(json.dumps(FULL), Purchase)))
    assert data["need"]["firm"] == "1.10"
    assert data["need"]["vat_rate"] == "0.20"
    assert data["launched_on"] == "2026-05-15"
    assert data["contract_type"] == "services"
    assert "extreme_urgency" not in data, "what nobody filled is not written"
    assert "é" in to_json(read(title="é"))


# --- the JSON Schema says the same


def schema_faults(cls: type, data: Any) -> list[str]:
    jsonschema = pytest.importorskip("jsonschema")
    validator = jsonschema.Draft202012Validator(json_schema(cls), format_checker=jsonschema.FormatChecker())
    return [error.message for error in validator.iter_errors(data)]


@pytest.mark.parametrize("cls", CLASSES)
def test_the_schema_of_each_document_is_a_schema(cls: type) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    jsonschema.Draft202012Validator.check_schema(json_schema(cls))
    json.dumps(json_schema(cls))
    assert json_schema(cls)["additionalProperties"] is False


@fuzz
@given(purchases())
def test_a_purchase_agrees_with_its_schema(purchase: Purchase) -> None:
    assert schema_faults(Purchase, json.loads(to_json(purchase))) == []


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.json")), ids=lambda path: path.name)
def test_the_examples_agree_with_their_schema(path: Path) -> None:
    data = json.loads(path.read_text(encoding="utf-8"))
    cls = {"solution": EvidenceFile, "project": Project, "dossier": Dossier, "avenant": ModifiedContract}.get(
        path.name.split("-")[0], Purchase
    )
    assert schema_faults(cls, data) == []
    assert from_json(path.read_bytes(), cls)


@pytest.mark.parametrize("cls", CLASSES)
@settings(fuzz, max_examples=examples(25))
@given(data=st.dictionaries(KEYS, ANY_JSON, max_size=6))
def test_what_the_schema_refuses_is_not_read(cls: type, data: dict[str, Any]) -> None:
    if schema_faults(cls, data):
        assert accepted(json.dumps(data), cls) is None


@fuzz
@given(st.data())
def test_what_the_schema_refuses_is_not_read_in_a_whole_document_either(data: st.DataObject) -> None:
    document = copy.deepcopy(FULL)
    place = data.draw(st.sampled_from(places(document)[1:]))
    replace(document, place, data.draw(ANY_JSON | st.decimals(0, 10**6, places=2).map(float)))
    text = json.dumps(document)
    if accepted(text, Purchase) is not None:
        assert schema_faults(Purchase, json.loads(text)) == []


@pytest.mark.parametrize(
    "change",
    [{"innovative": "false"}, {"title": 3}, {"colour": 1}, {"lots": {}}, {"contract_type": "x"}, {"estimated_value": True},
     {"need": {"x": 1}}, {"buyer": {"population": "3"}}, {"launched_on": 3}],
    ids=str,
)  # fmt: skip
def test_the_schema_refuses_what_the_reader_refuses(change: dict[str, Any]) -> None:
    assert schema_faults(Purchase, LAUNCH | change)
    assert faults_of(**change)
