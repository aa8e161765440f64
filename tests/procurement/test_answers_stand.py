"""What `decide` answers cannot be changed, compares, pickles, travels as JSON and explains itself: the whole, an option, a lot."""

import json
import pickle
from datetime import date

import pytest

from qmi_rules import Buyer, Decision, DocumentError, Lot, Option, Purchase, decide, from_json, json_schema
from qmi_rules.catalogues import printed
from qmi_rules.law import default_table
from qmi_rules.procurement import LotDecision
from qmi_rules.procurement.law_of_the_day import LawOfTheDay
from qmi_rules.schema.writing import cited_in

PURCHASE = Purchase(
    title="Capteurs",
    launched_on=date(2026, 5, 15),
    contract_type="services",
    evidence=["Brevet"],
    lots=[Lot(id="a", estimated_value=30_000, small_lot=True), Lot(id="b", estimated_value=300_000)],
)
ANSWERS = {
    "decision": lambda: decide(PURCHASE),
    "open": lambda: decide(PURCHASE)["open_procedure"],
    "closed": lambda: decide(PURCHASE)["direct_award"],
    "undetermined": lambda: decide(PURCHASE)["innovative_purchase"],
    "lot": lambda: decide(PURCHASE).lots[0],
}
READ = (
    "missing",
    "warnings",
    "lots",
    "arrangements",
    "findings",
    "duties",
    "cautions",
    "options",
    "status",
    "id",
    "other",
)


@pytest.mark.parametrize("answer", ANSWERS)
def test_an_answer_cannot_be_changed_before_or_after_it_is_read(answer):
    for name in READ:
        made = ANSWERS[answer]()
        for _ in range(2):
            with pytest.raises(AttributeError):
                setattr(made, name, ())
            getattr(made, name, None)
        assert made == ANSWERS[answer](), name


@pytest.mark.parametrize("answer", ANSWERS)
def test_an_answer_compares_pickles_travels_and_explains_itself(answer):
    made = ANSWERS[answer]()
    before = made.to_json()
    assert pickle.loads(pickle.dumps(made)) == made
    assert pickle.loads(pickle.dumps(made)).to_json() == before
    assert set(json.loads(before)) <= set(json_schema(type(made))["properties"])
    french, english = made.explain("fr"), made.explain("en")
    assert french.strip()
    assert english.strip()
    assert french != english
    assert "<" in made._repr_html_()


HEAD = ["format", "lang", "table_edition", "package_version"]


@pytest.mark.parametrize("answer", ANSWERS)
def test_a_document_begins_with_its_head_and_has_the_keys_that_its_schema_describes(answer):
    made = ANSWERS[answer]()
    document, schema = json.loads(made.to_json()), json_schema(type(made))
    assert list(document)[:4] == HEAD
    assert set(schema["required"]) <= set(document) <= set(schema["properties"])
    assert all("description" in described for described in schema["properties"].values())


@pytest.mark.parametrize("answer", ["decision", "open", "lot"])
def test_every_id_that_a_document_cites_stands_in_it_once(answer):
    document = json.loads(ANSWERS[answer]().to_json())
    lots = document.get("lots", [document] if "id" in document else [])
    whole = [document] if answer == "open" else [*document.get("options", ()), *document.get("arrangements", ())]
    options = [*whole, *(option for lot in lots for option in lot["options"])]
    for name in ("duties", "cautions"):
        cited = {entry for option in options if isinstance(option.get(name), list) for entry in option[name]}
        assert cited <= set(document[name])
        assert cited or answer == "open"
    assert set(cited_in(document)) <= set(document["sources"])
    assert all({"text", "article", "url"} <= set(source) for source in document["sources"].values())


def test_a_decision_is_read_back_with_keys_that_this_version_does_not_know():
    decision = decide(PURCHASE)
    document = json.loads(decision.to_json()) | {"of_a_later_version": 1, "format": "qmi-rules/decision/1.4"}
    found = from_json(json.dumps(document), Decision)
    assert found.to_dict() == document
    assert found["open_procedure"].status == "open"


def test_a_stored_decision_says_what_was_answered_then_whatever_the_law_is_today():
    document = json.loads(decide(PURCHASE).to_json()) | {"lightest": "books", "table_edition": "1999-01-01"}
    found = from_json(json.dumps(document), Decision)
    assert (found.lightest, found.table_edition) == ("books", "1999-01-01")
    assert json.loads(found.to_json()) == document
    assert isinstance(found, Decision)
    assert found.lots[0]["direct_award"].status == decide(PURCHASE).lots[0]["direct_award"].status


def test_what_a_decision_must_hold_is_asked_for_with_its_path():
    document = json.loads(decide(PURCHASE).to_json()) | {"purchase": {"title": ""}, "table_hash": 3}
    with pytest.raises(DocumentError) as caught:
        from_json(json.dumps(document), Decision)
    assert {problem.path for problem in caught.value.problems} == {
        "purchase.title",
        "purchase.launched_on",
        "table_hash",
    }
    del document["options"]
    with pytest.raises(DocumentError) as caught:
        from_json(json.dumps(document), Decision)
    assert "options" in {problem.path for problem in caught.value.problems}


def test_a_newer_major_version_is_refused_as_newer():
    document = json.loads(decide(PURCHASE).to_json()) | {"format": "qmi-rules/decision/2"}
    with pytest.raises(DocumentError) as caught:
        from_json(json.dumps(document), Decision)
    assert [problem.code for problem in caught.value.problems] == ["newer_format"]


def test_an_option_and_a_lot_say_what_the_whole_says_of_them():
    decision = decide(PURCHASE)
    for option in (*decision.options, *decision.arrangements):
        assert isinstance(option, Option)
        assert printed(option.label) in option.explain("fr", "markdown")
    lot = decision.lots[0]
    assert isinstance(lot, LotDecision)
    assert "30\u202f000" in lot.explain("fr")


def test_a_decision_is_a_collection_of_its_options():
    decision = decide(PURCHASE)
    assert [*decision] == [*decision.options]
    assert len(decision) == len(decision.options)
    assert "direct_award" in decision
    assert "joint_procurement" in decision
    assert "auction" not in decision
    assert decision.get("direct_award") == decision["direct_award"]
    assert decision.get("auction") is None


def law_of_the_day():
    day = date(2026, 5, 15)
    return LawOfTheDay(default_table().in_force(day), day)


def test_the_law_of_a_day_cannot_be_changed_compares_pickles_and_explains_itself():
    shown = law_of_the_day()
    for name in ("rules", "since", "other"):
        with pytest.raises(AttributeError):
            setattr(shown.law, name, ())
    with pytest.raises(AttributeError):
        shown.on = date(2020, 1, 1)
    assert shown == law_of_the_day() == pickle.loads(pickle.dumps(shown))
    assert json.loads(shown.to_json())["thresholds"]
    assert "<" in shown._repr_html_()


@pytest.mark.parametrize(("amount", "said"), [(99_999, False), (120_000, True), (140_000, False)])
def test_a_contested_limit_is_said_before_the_lightest_way(amount, said):
    whole = Purchase(
        title="Capteurs",
        launched_on=date(2026, 9, 15),
        contract_type="services",
        estimated_value=amount,
        innovative=True,
    )
    assert ("Seuil des achats innovants" in decide(whole).answer.text) is said


@pytest.mark.parametrize(
    ("day", "article"),
    [
        (date(2015, 9, 30), "cmp-28"),
        (date(2015, 10, 1), "decret-2015-1163"),
        (date(2016, 3, 31), "decret-2015-1163"),
        (date(2016, 4, 1), "decret-2016-360-30"),
        (date(2019, 3, 31), "decret-2016-360-30"),
        (date(2019, 4, 1), "ccp-r2122-8"),
    ],
)
@pytest.mark.parametrize("kind", ["works", "services"])
def test_the_text_cited_is_one_that_was_in_force(day, article, kind):
    option = decide(
        Purchase(title="x", launched_on=day, contract_type=kind, estimated_value=14_999, buyer=Buyer(kind="commune"))
    )["direct_award"]
    assert option.status == ("undetermined" if article == "cmp-28" else "open")  # one source: nobody is freed by it
    assert [source.id for source in option.legal_basis] == [article]
