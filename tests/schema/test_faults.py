"""What is wrong comes all at once: from constructors as from JSON, with its full path, and with what to write instead."""

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from qmi_rules import Dossier, Purchase, default_table, from_json, json_schema
from qmi_rules.errors import DocumentError
from qmi_rules.model import Buyer, Lot, Member, Need, Part, Renewals
from qmi_rules.model.commune import Commune
from qmi_rules.model.project import Project
from qmi_rules.model.schedule import Milestone, Schedule
from qmi_rules.model.solution import EvidenceFile
from qmi_rules.schema import structure

LAUNCHED = date(2026, 5, 15)


def faults(make: Callable[[], Any]) -> dict[str, str]:
    with pytest.raises(DocumentError) as caught:
        make()
    return {problem.path: problem.message for problem in caught.value.problems}


def faults_of(text: str, cls: type = Purchase) -> dict[str, str]:
    return faults(lambda: from_json(text, cls))


# --- constructors


def test_a_constructor_reports_the_faults_of_all_fields():
    found = faults(
        lambda: Purchase(
            title="", launched_on="x", estimated_value=1.5, contract_type="zz", buyer=3, lots=[1, 2], innovative="yes"
        )
    )
    assert list(found) == [
        "innovative", "title", "launched_on", "contract_type", "estimated_value", "lots[0]", "lots[1]", "buyer",
    ]  # fmt: skip


WRONG = {
    "title": "Repas",
    "launched_on": "2026-13-01",
    "contract_type": "works",
    "specific_service": True,
    "estimated_value": "abc",
}


@pytest.mark.parametrize("make", [lambda: Purchase(**WRONG), lambda: from_json(json.dumps(WRONG), Purchase)])
def test_a_contradiction_is_reported_beside_what_cannot_be_read(make: Callable[[], Any]) -> None:
    assert list(faults(make)) == ["launched_on", "estimated_value", "specific_service"]


def test_a_contradiction_is_reported_beside_an_unknown_key_and_inside_a_part_of_a_document() -> None:
    part = {"contract_type": "works", "specific_service": True, "value": "x"}
    document = {"purchase": {**WRONG, "colour": 1, "need": {"parts": [part]}}}
    assert set(faults_of(json.dumps(document), Dossier)) == {
        "purchase.launched_on", "purchase.estimated_value", "purchase.colour", "purchase.specific_service",
        "purchase.need.parts[0].value", "purchase.need.parts[0].specific_service",
    }  # fmt: skip


def test_what_could_not_be_read_contradicts_nothing() -> None:
    unread = {**WRONG, "contract_type": "zz"}
    assert set(faults_of(json.dumps(unread))) == {"launched_on", "estimated_value", "contract_type"}
    lots = {
        "title": "x",
        "launched_on": "2026-05-15",
        "estimated_value": "abc",
        "lots": [{"id": "1", "estimated_value": "5"}],
    }
    assert set(faults_of(json.dumps(lots))) == {"estimated_value"}


def test_other_documents_report_their_contradictions_beside_what_cannot_be_read() -> None:
    dated = {"wanted_on": "2026-05-01", "not_before": "2026-06-01", "expense": "x"}
    assert set(faults_of(json.dumps(dated), Schedule)) == {"wanted_on", "expense"}
    voted = {"budget_vote": "spring", "budget_voted_on": "2026-11-01", "population": 0}
    assert set(faults_of(json.dumps(voted), Commune)) == {"budget_voted_on", "population"}


def test_other_inputs_do_too():
    assert set(faults(lambda: Need(firm=-1, options=["x"], renewals=3))) == {"firm", "options[0]", "renewals"}
    assert set(faults(lambda: Commune(budget_vote="autumn", population=0))) == {"budget_vote", "population"}
    assert set(faults(lambda: Schedule(procedure="", durations={"drafting": -1, "x": 1}, expense="x"))) == {
        "procedure", "expense", "durations.drafting", "durations.x",
    }  # fmt: skip
    assert set(faults(lambda: Dossier(purchase=1, solution={"a": {"b": {"source": 3}}}, commune=2))) == {
        "purchase", "commune", "solution.a.b.source",
    }  # fmt: skip
    assert set(faults(lambda: EvidenceFile(title="", launched_on=LAUNCHED, solution=[], guard_rails=1))) == {
        "title", "solution", "guard_rails",
    }  # fmt: skip


@pytest.mark.parametrize("word", [[], {}, 1, object()])
def test_what_is_no_word_is_refused_where_it_stands(word):
    assert list(faults(lambda: Purchase(title="x", launched_on=LAUNCHED, contract_type=word))) == ["contract_type"]
    assert list(faults(lambda: Buyer(kind=word))) == ["kind"]


# --- lists


def test_null_is_as_good_as_absent_where_an_empty_part_is_meant():
    for key in ("lots", "members", "evidence"):
        text = json.dumps({"title": "x", "launched_on": "2026-05-15", key: None})
        assert from_json(text, Purchase) == Purchase(title="x", launched_on=LAUNCHED)
    assert from_json('{"options": null, "parts": null}', Need) == Need()
    assert from_json('{"durations": null, "milestones": null}', Schedule) == Schedule()
    project = from_json('{"cost": "1", "supplier": null, "beneficiary": null, "other_public_grants": null}', Project)
    assert project == Project(cost=1)
    assert list(faults_of('{"title": null, "launched_on": "2026-05-15"}')) == ["title"]


def test_a_list_is_any_iterable_but_a_text_or_a_mapping():
    lots = [Lot(id="1", estimated_value=1), Lot(id="2", estimated_value=2)]
    expected = Purchase(title="x", launched_on=LAUNCHED, lots=lots)
    for given in ((lot for lot in lots), tuple(lots), dict(enumerate(lots)).values()):
        assert Purchase(title="x", launched_on=LAUNCHED, lots=given) == expected
    assert Need(options=(str(i) for i in range(2))) == Need(options=[0, 1])
    for given in ("ab", {"a": 1}, 3, None):
        assert list(faults(lambda given=given: Purchase(title="x", launched_on=LAUNCHED, evidence=given))) == [
            "evidence"
        ]


# --- days


class ClockDate(date):
    """As clocks of tests make them."""


def test_a_subclass_of_date_becomes_a_date():
    day = ClockDate(2026, 5, 15)
    made = Purchase(title="x", launched_on=day)
    assert type(made.launched_on) is date
    assert made == Purchase(title="x", launched_on=LAUNCHED)
    assert type(structure({"title": "x", "launched_on": day}, Purchase).launched_on) is date
    assert {type(one) for one in Commune(budget_vote="spring", council_meetings=[day]).council_meetings} == {date}
    assert type(Milestone(id="a", on=day, who="b").on) is date


def test_a_moment_and_a_day_that_does_not_exist_are_called_what_they_are():
    moment = datetime(2026, 5, 15, 9, 30)
    assert "without a time" in faults(lambda: Purchase(title="x", launched_on=moment))["launched_on"]
    assert "without a time" in faults(lambda: structure({"title": "x", "launched_on": moment}, Purchase))["launched_on"]
    assert "no such day" in faults_of('{"title": "x", "launched_on": "2026-02-30"}')["launched_on"]


# --- faults of JSON itself


def test_keys_that_stand_twice_and_numbers_unfit_come_with_their_paths_and_all_other_faults():
    text = """{"title": 3, "buyer": {"kind": "commune", "kind": "state", "population": 1e999}, "need": {"options": ["1", NaN, 1e3]},
        "lots": [{"id": "a", "estimated_value": 1}, {"id": "b", "id": "c", "estimated_value": %s}]}""" % ("9" * 40)
    found = faults_of(text)
    assert set(found) == {
        "buyer.kind", "buyer.population", "need.options[1]", "need.options[2]", "lots[1].id", "lots[1].estimated_value", "title",
        "launched_on",
    }  # fmt: skip
    assert "twice" in found["buyer.kind"]
    assert "exponent" in found["need.options[2]"]
    assert "30 digits" in found["lots[1].estimated_value"]


def test_a_key_that_stands_thrice_is_said_once():
    assert list(faults_of('{"title": "a", "title": "b", "title": "c", "launched_on": "2026-05-15"}')) == ["title"]


def test_an_empty_text_is_said_to_be_empty():
    for text in ("", " \n", b"\xef\xbb\xbf "):
        assert "empty" in faults_of(text)[""]


# --- words that help


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("85000,50", "no comma"),
        ("85 000", "no spaces"),
        ("85\u202f000", "no spaces"),
        ("85000 €", "no currency sign"),
        ("8.5e4", "no exponent"),
    ],
)
def test_an_amount_that_is_written_otherwise_is_told_how(amount, words):
    text = json.dumps({"title": "x", "launched_on": "2026-05-15", "estimated_value": amount})
    assert words in faults_of(text)["estimated_value"]


def test_an_unknown_key_names_the_nearest_and_all_keys_once():
    text = json.dumps(
        {"title": "x", "launched_on": "2026-05-15", "estimated_valu": 1, "qwertz": 2, "lots": [{"ix": 1}]}
    )
    found = faults_of(text)
    assert "did you mean estimated_value?" in found["estimated_valu"]
    assert "did you mean" not in found["qwertz"]
    assert (
        sum("buyer_owns_results, complex" in message and "duration_months" in message for message in found.values())
        == 1
    )
    repeated = faults(lambda: structure({"title": "x", "lots": [{"idd": 1}] * 3}, Purchase))
    assert sum("small_lot" in message for message in repeated.values()) == 1


def test_a_document_of_another_kind_is_recognised():
    found = faults_of('{"cost": "1", "expense": "investment", "starts_on": "2026-01-01"}')
    assert found[""] == "this looks like a project: `qmi-rules funding` reads it"
    assert "cost" in found
    assert "" not in faults_of('{"titel": "x", "cost": "1"}')
    assert "evidence file" in faults_of('{"title": "x", "signatory": "y", "place": "z", "conclusion": "w"}')[""]


def test_a_postcode_gets_a_short_answer():
    found = faults_of('{"kind": "commune", "insee_code": "75001"}', Buyer)
    assert "not its postcode" in found["insee_code"]
    assert found["insee_code"].endswith("it is the postcode of 75056 Paris, 75101 Paris 1er Arrondissement")
    assert len(found["insee_code"]) < 200


# --- what is no document


@pytest.mark.parametrize("cls", [int, None, dict, "Purchase", 5, list[int], Purchase(title="x", launched_on=LAUNCHED)])
def test_what_is_no_class_of_documents_is_refused_in_words(cls):
    for ask in (lambda: from_json("{}", cls), lambda: json_schema(cls)):
        (message,) = faults(ask).values()
        assert "Purchase" in message
        assert "Dossier" in message


def test_the_refusal_names_each_class_of_documents_once():
    asked = "import gc; gc.disable(); from qmi_rules import Dossier, json_schema; json_schema(int)"
    said = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, check=False, timeout=600
    ).stderr
    names = said.splitlines()[-1].partition("such as ")[2].removesuffix(", got int").split(", ")
    assert {"Dossier", "Project", "Purchase"} <= set(names)
    assert len(names) == len(set(names))


def test_all_inputs_evolve_alike():
    table = default_table()
    assert table
    for made, change in (
        (Purchase(title="x", launched_on=LAUNCHED), {"title": "y"}),
        (Lot(id="1", estimated_value=1), {"id": "2"}),
        (Buyer(), {"kind": "commune"}),
        (Member(buyer=Buyer(), part=1), {"part": 2}),
        (Need(), {"firm": 1}),
        (Renewals(count=1, each=1), {"count": 2}),
        (Part(contract_type="works", value=1), {"value": 2}),
        (Commune(budget_vote="spring"), {"population": 5}),
        (Schedule(), {"procedure": "direct_award"}),
        (Project(cost=1), {"cost": 2}),
        (EvidenceFile(title="x", launched_on=LAUNCHED), {"title": "y"}),
        (Dossier(purchase=Purchase(title="x", launched_on=LAUNCHED)), {"commune": Commune(budget_vote="spring")}),
    ):
        changed = made.evolve(**change)
        assert type(changed) is type(made)
        assert changed != made
        assert changed == type(made)(**{name: getattr(changed, name) for name in _given(made)})
    assert Purchase(title="x", launched_on=LAUNCHED).evolve(estimated_value=Decimal("5E+4")).value == 50_000


def _given(made: Any) -> list[str]:
    return [attribute.name for attribute in type(made).__attrs_attrs__ if attribute.init]


def test_many_unknown_keys_are_counted_and_cost_no_guesses(monkeypatch):
    guessed = []
    monkeypatch.setattr("difflib.get_close_matches", lambda word, *_: guessed.append(word) or ["innovative"])
    document = {"title": "x", "launched_on": "2026-05-15", **{f"innovatve{i:05}": 1 for i in range(50_000)}}
    with pytest.raises(DocumentError) as caught:
        from_json(json.dumps(document), Purchase)
    assert len(guessed) == 10  # one for each would take half a minute
    problems = caught.value.problems
    assert len(problems) == 101
    assert sum("near" in problem.params for problem in problems) == 10
    assert problems[-1].params["more"] == 49_900
    assert problems[-1].say("fr") == "et 49900 de plus"
    assert len(caught.value.to_json()) < 64_000
