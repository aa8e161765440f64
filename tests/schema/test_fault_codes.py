"""A fault has a code, a path and parameters for programs, and words in the reader's language; what Python code hands over is taken or explained."""

import json
import pickle
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from qmi_rules import Buyer, Dossier, EvidenceFile, Need, Purchase, from_json
from qmi_rules.errors import FAULT_CODES, DocumentError, Phrase, Problem, UnsupportedLocaleError, fault
from qmi_rules.schema import structure

LAUNCHED = date(2026, 5, 15)
FILLED: dict[str, Any] = {"title": "Capteurs", "launched_on": "2026-05-15"}


def refused(data: dict[str, Any], cls: Any = Purchase) -> DocumentError:
    with pytest.raises(DocumentError) as caught:
        from_json(json.dumps(data), cls)
    return caught.value


def made(**fields: Any) -> Purchase:
    return Purchase(**{"title": "Capteurs", "launched_on": LAUNCHED} | fields)


FAULTY: dict[str, tuple[dict[str, Any] | str, str]] = {
    "unknown_key": (FILLED | {"estimated_valu": "1"}, "estimated_valu"),
    "wrong_type": (FILLED | {"innovative": "yes"}, "innovative"),
    "not_an_amount": (FILLED | {"estimated_value": "85000,50"}, "estimated_value"),
    "not_a_date": (FILLED | {"launched_on": "15/05/2026"}, "launched_on"),
    "out_of_range": (FILLED | {"estimated_value": "-1"}, "estimated_value"),
    "unknown_choice": (FILLED | {"contract_type": "travaux"}, "contract_type"),
    "required": ({"launched_on": "2026-05-15"}, "title"),
    "duplicate": (FILLED | {"lots": [{"id": "1", "estimated_value": "1"}] * 2}, "lots[1].id"),
    "contradiction": (
        FILLED | {"estimated_value": "3", "lots": [{"id": "1", "estimated_value": "1"}]},
        "lots",
    ),
    "not_an_insee_code": (FILLED | {"buyer": {"insee_code": "75001"}}, "buyer.insee_code"),
    "not_a_cpv_code": (FILLED | {"cpv": "343"}, "cpv"),
    "too_long": (FILLED | {"title": "x" * 20_001}, "title"),
    "too_deep": ("[" * 60 + "]" * 60, ""),
    "not_json": ("{", ""),
    "another_document": ({"cost": "1", "expense": "investment", "starts_on": "2026-01-01"}, ""),
}


@pytest.mark.parametrize("code", FAULTY)
def test_a_fault_has_its_code_at_its_path(code):
    data, path = FAULTY[code]
    with pytest.raises(DocumentError) as caught:
        from_json(data if isinstance(data, str) else json.dumps(data), Purchase)
    assert (code, path) in [(problem.code, problem.path) for problem in caught.value.problems]


@pytest.mark.parametrize("code", FAULTY)
def test_a_fault_speaks_both_languages(code):
    data, _ = FAULTY[code]
    with pytest.raises(DocumentError) as caught:
        from_json(data if isinstance(data, str) else json.dumps(data), Purchase)
    for problem in caught.value.problems:
        assert problem.code in FAULT_CODES
        assert problem.say("en") == problem.message
        assert problem.say("fr") != problem.say("en")
        assert problem.say("fr-FR") == problem.say("fr")
        assert "{" not in problem.say("fr")


def test_the_words_are_a_sentence_in_french():
    (problem,) = refused(FILLED | {"contract_type": "travaux"}).problems
    assert problem.say("fr").replace("\N{NO-BREAK SPACE}", " ") == (
        "attendu : l’une des valeurs works, supplies, services ; reçu : 'travaux'"
    )
    assert problem.params["choices"] == ("works", "supplies", "services")
    (problem,) = refused(FILLED | {"duration_months": -1}).problems
    assert problem.say("fr").replace("\N{NO-BREAK SPACE}", " ") == (
        "attendu : un nombre entier de mois de 0 à 1200 ; reçu : -1"
    )


def test_an_unknown_language_is_refused():
    with pytest.raises(UnsupportedLocaleError):
        refused({}).problems[0].say("xx")


def test_faults_as_json_are_a_document_of_their_own():
    error = refused(FILLED | {"estimated_value": "1.234", "lots": [{"id": 1, "estimated_value": "1"}]})
    document = json.loads(error.to_json("fr"))
    assert document["format"] == "qmi-rules/faults/1"
    assert [(one["code"], one["path"]) for one in document["faults"]] == [
        ("out_of_range", "estimated_value"),
        ("wrong_type", "lots[0].id"),
    ]
    assert all(one.keys() == {"code", "path", "params", "message"} for one in document["faults"])
    assert document["faults"][1]["message"] == error.problems[1].say("fr")
    assert error.to_dict("en")["faults"][0]["params"]["expected"].startswith("an amount in euros")


def test_params_are_plain_data():
    problem = fault(
        "out_of_range",
        "x",
        "{a} {b} {c} {d} {e}",
        a=Decimal("1E+2"),
        b=LAUNCHED,
        c=("p", Phrase("a text")),
        d=None,
        e=Fraction(1, 2),
    )
    params = problem.to_dict("fr")["params"]
    assert params == {"a": "100", "b": "2026-05-15", "c": ["p", "un texte"], "d": None, "e": "1/2"}


def test_faults_compare_hash_and_pickle():
    error = refused({})
    assert pickle.loads(pickle.dumps(error)).problems == error.problems
    assert len({*error.problems, *refused({}).problems}) == len(error.problems)
    assert str(Problem("required", "a.b", {}, "x")) == "a.b: x"


def test_constructors_and_documents_name_the_same_faults():
    data = FILLED | {"estimated_value": "85 000", "contract_type": "zz", "duration_months": 1.5, "cpv": "1"}
    written = {(problem.path, problem.code) for problem in refused(data).problems}
    with pytest.raises(DocumentError) as caught:
        Purchase(**data)
    assert {(problem.path, problem.code) for problem in caught.value.problems} == written


# --- what Python code hands over


class Midnight(datetime):
    """As pandas makes them: a moment that is meant as a day."""


def values_of_numpy() -> list[tuple[Any, str]]:
    numpy = pytest.importorskip("numpy")
    return [(numpy.int64(85_000), "85000"), (numpy.float64(85_000), "85000"), (numpy.float32(85_000), "85000")]


@pytest.mark.parametrize("value", [85_000, 85_000.0, "85000", "85000.00", Decimal("8.5E+4"), Fraction(85_000)])
def test_an_amount_is_taken_where_nothing_is_lost(value):
    assert made(estimated_value=value).estimated_value == 85_000
    assert structure(FILLED | {"estimated_value": value}, Purchase).estimated_value == 85_000


def test_numbers_of_numpy_are_taken_as_what_they_stand_for():
    numpy = pytest.importorskip("numpy")
    for value, kept in values_of_numpy():
        assert str(made(estimated_value=value).estimated_value) == kept
        assert str(Need(options=[value]).options[0]) == kept
    assert type(Buyer(population=numpy.int32(5_000)).population) is int
    assert type(made(duration_months=numpy.int64(12)).duration_months) is int


def test_a_truth_of_numpy_is_told_how_to_be_written():
    numpy = pytest.importorskip("numpy")
    with pytest.raises(DocumentError) as caught:
        made(innovative=numpy.bool_(True))
    assert "write its .item()" in str(caught.value)


@pytest.mark.parametrize("value", ["2026-05-15", date(2026, 5, 15), datetime(2026, 5, 15), Midnight(2026, 5, 15)])
def test_a_day_is_taken_where_nothing_is_lost(value):
    for purchase in (made(launched_on=value), structure(FILLED | {"launched_on": value}, Purchase)):
        assert purchase.launched_on == LAUNCHED
        assert type(purchase.launched_on) is date


def test_a_moment_of_pandas_is_a_day_and_what_is_missing_is_none():
    pandas = pytest.importorskip("pandas")
    assert type(made(launched_on=pandas.Timestamp("2026-05-15")).launched_on) is date
    for missing in (pandas.NaT, pandas.NA):
        with pytest.raises(DocumentError) as caught:
            made(launched_on=missing)
        assert [problem.code for problem in caught.value.problems] == ["not_a_date"]


@pytest.mark.parametrize(
    ("field", "value", "code", "words"),
    [
        ("estimated_value", "85 000", "not_an_amount", "no spaces"),
        ("estimated_value", "85000,50", "not_an_amount", "no comma"),
        ("estimated_value", 85_000.5, "not_an_amount", "a float is not exact"),
        ("estimated_value", float("nan"), "not_an_amount", "a float is not exact"),
        ("estimated_value", True, "not_an_amount", "an amount in euros"),
        ("launched_on", datetime(2026, 5, 15, 9, 30), "not_a_date", "its day alone"),
        ("launched_on", "15/05/2026", "not_a_date", 'as in "2026-05-15"'),
        ("launched_on", "2026-02-30", "not_a_date", "no such day"),
        ("launched_on", 20260515, "not_a_date", "a date"),
    ],
)
def test_what_a_constructor_cannot_take_is_told_how_to_be_written(field, value, code, words):
    with pytest.raises(DocumentError) as caught:
        made(**{field: value})
    (problem,) = caught.value.problems
    assert (problem.code, problem.path) == (code, field)
    assert words in problem.message


NESTED: dict[str, Any] = {
    "title": "",
    "buyer": {"kind": "prince", "population": 0},
    "lots": [{"id": "", "estimated_value": "85 000"}, {"id": "b", "estimated_value": 1, "colour": "green"}],
    "need": {"renewals": {"count": -1, "each": "1"}},
    "members": [{"buyer": {"kind": "commune"}, "part": -1}],
}
PATHS = {
    "title", "launched_on", "buyer.kind", "buyer.population", "lots[0].id", "lots[0].estimated_value", "lots[1].colour",
    "need.renewals.count", "members[0].part",
}  # fmt: skip


def test_all_faults_come_at_once_through_nested_constructors():
    with pytest.raises(DocumentError) as caught:
        Purchase(launched_on="soon", **NESTED)
    assert {problem.path for problem in caught.value.problems} == PATHS
    with pytest.raises(DocumentError) as caught:
        structure(NESTED, Purchase)
    assert {problem.path for problem in caught.value.problems} == PATHS


def test_a_constructor_takes_parts_as_a_document_has_them():
    written = {
        "title": "Capteurs",
        "launched_on": "2026-05-15",
        "buyer": {"kind": "commune", "population": 5_000},
        "need": {"renewals": {"count": 1, "each": "1"}, "yearly": {"amount": 2, "years": 3}, "framework": {}},
        "members": [{"buyer": {"kind": "commune"}, "part": 3}, {"buyer": {"kind": "ept"}, "part": 4}],
    }
    assert Purchase(**written) == structure(written, Purchase)
    dossier = {
        "purchase": written,
        "commune": {"budget_vote": "spring"},
        "schedule": {"milestones": [{"id": "a", "on": "2026-06-01", "who": "commune"}]},
        "project": {"cost": 5, "supplier": {"staff": 3}, "other_public_grants": [{"name": "x", "amount": 1}]},
        "checklist": {"need_met_before": {"met": True}, "human_resources_available": {"raise_funding": False}},
    }
    assert Dossier(**dossier) == structure(dossier, Dossier)
    file = {
        "title": "x",
        "launched_on": "2026-05-15",
        "alternatives": [{"name": "y"}],
        "guard_rails": {"relevant_offer": "z"},
    }
    assert EvidenceFile(**file) == structure(file, EvidenceFile)
