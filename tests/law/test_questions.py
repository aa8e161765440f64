"""The next question: the one that settles most, nothing that settles nothing, and a dialogue that keeps no state."""

import json
import re
from datetime import date
from decimal import Decimal

import pytest
from around import documents
from hypothesis import given, settings

from qmi_rules.contexts import Purchase
from qmi_rules.documents import from_json
from qmi_rules.errors import DocumentError
from qmi_rules.law import default_table
from qmi_rules.procurement import answer, decide, interview, next_question, run_interview
from qmi_rules.procurement.asking.dialogue import parse
from qmi_rules.procurement.asking.inquiry import as_purchase, inquiry
from qmi_rules.procurement.asking.questions import Question
from qmi_rules.text import language

TABLE = default_table()
FR, EN = language("fr"), language("en")


def test_the_design_example_asks_for_innovation_first():
    sensors = Purchase(
        title="Capteurs", estimated_value=85_000, contract_type="services", launched_on=date(2026, 5, 15)
    )
    question = next_question(sensors)
    assert question.id == "innovative" == decide(sensors).missing[0]
    assert question.worst > 0
    assert question.average >= question.worst
    assert "L2172-3" in question.ask(FR)
    assert question.ask(EN) != question.ask(FR)


def test_an_amount_is_asked_by_below():
    known = {
        "launched_on": "2026-05-15",
        "contract_type": "supplies",
        "buyer": {"kind": "commune"},
        "innovative": False,
    }
    known |= dict.fromkeys(
        ("prototype", "adaptation_needed", "design_included", "complex", "specifications_imprecise"), False
    )
    question = next_question(known)
    assert (question.kind, question.path) == ("below", "estimated_value")
    assert question.edge in (Decimal(60_000), Decimal(216_000))
    below = answer(known, question, True)
    above = answer(known, question.id, False)
    assert below["bounds"] == {"estimated_value": {"below": str(question.edge)}}
    assert above["bounds"] == {"estimated_value": {"from": str(question.edge)}}
    assert "bounds" not in known
    exact = answer(below, question, Decimal("45000"))
    assert exact["estimated_value"] == "45000"
    assert "bounds" not in exact


def test_a_day_is_asked_where_the_law_changes():
    known = {
        "contract_type": "supplies",
        "estimated_value": "45000",
        "bounds": {"launched_on": {"from": "2026-01-01", "below": "2026-12-31"}},
    }
    known |= {"buyer": {"kind": "commune"}, "innovative": False, "prototype": False}
    known |= dict.fromkeys(("adaptation_needed", "design_included", "complex", "specifications_imprecise"), False)
    question = next_question(known)
    assert question.id == "launched_on<2026-04-01"
    assert "1er avril 2026" in question.ask(FR)
    assert next_question(answer(known, question, False)) is None
    assert inquiry(answer(known, question, True)).statuses()["direct_award"].value == "no"


def test_the_day_is_asked_first_where_nothing_is_known_of_it():
    question = next_question({})
    assert (question.id, question.kind) == ("launched_on", "date")
    assert answer({}, question, date(2026, 5, 15)) == {"launched_on": "2026-05-15"}
    unknown = answer({}, question, None)
    assert next_question(unknown).id not in ("launched_on", None)


def test_nothing_is_asked_where_everything_is_settled_or_nothing_would_help():
    contested = Purchase(
        title="x",
        launched_on=date(2026, 8, 1),
        estimated_value=110_000,
        contract_type="supplies",
        innovative=True,
        prototype=False,
        available_on_market=True,
    )
    assert decide(contested)["innovative_purchase"].status == "undetermined"
    assert next_question(contested) is None


def test_facts_presumed_or_without_bearing_are_never_asked():
    asked, known = set(), {"launched_on": "2026-05-15"}
    while (question := next_question(known)) is not None:
        asked.add(question.id)
        known = answer(known, question, False if question.kind == "truth" else None)
    presumed = {fact.id for fact in TABLE.facts.values() if fact.presumed}
    assert not asked & presumed
    assert not asked & {"justified_urgency", "joint", "supplier_is_jei", "duration_months"}


def test_a_question_nobody_can_answer_is_not_asked_again():
    known = {"launched_on": "2026-05-15", "estimated_value": "85000", "contract_type": "services"}
    first = next_question(known)
    later = answer(known, first, None)
    assert later["unanswered"] == [first.id]
    assert next_question(later).id != first.id


def test_a_wrong_answer_is_refused_with_its_path():
    known = {"launched_on": "2026-05-15", "estimated_value": "85000"}
    with pytest.raises(DocumentError, match="innovative"):
        answer(known, "innovative", "peut-être")
    with pytest.raises(DocumentError, match="contract_type"):
        answer(known, "contract_type", "goods")
    with pytest.raises(DocumentError, match=r"bounds\.launched_on"):
        next_question({"bounds": {"launched_on": {"from": "demain"}}})
    with pytest.raises(DocumentError, match=r"bounds\.estimated_value"):
        next_question({"launched_on": "2026-05-15", "bounds": {"estimated_value": {"from": "beaucoup"}}})


@settings(max_examples=20, deadline=None)
@given(documents(lots=False))
def test_an_interview_ends_with_the_answer_that_decide_gives(document):
    """Whatever is asked is answered from a full purchase: at the end nothing that an answer could settle is open."""
    truth = {f.where: False for f in TABLE.facts.values() if f.kind == "truth" and not f.lot}
    full = {
        **truth,
        "contract_type": "services",
        "buyer.kind": "commune",
        "estimated_value": Decimal(70_000),
        **document,
    }
    full |= {"buyer.kind": document.get("buyer", {}).get("kind", "commune")}
    dialogue = interview({"launched_on": document["launched_on"]})
    asked = []
    try:
        question = next(dialogue)
        while True:
            asked.append(question.id)
            value = full[question.path]
            question = dialogue.send(Decimal(value) if question.path == "estimated_value" else value)
    except StopIteration as end:
        known = end.value
    assert len(set(asked)) == len(asked) < 20
    final = as_purchase(known, title="x")
    assert next_question(known) is None
    settled = {k: v for k, v in full.items() if "." not in k and k not in ("lots",)}
    settled |= {"title": "x", "buyer": {"kind": full["buyer.kind"]}, "estimated_value": str(full["estimated_value"])}
    whole = decide(from_json(json.dumps(settled), Purchase))
    for option in decide(final).options:
        if option.status in ("open", "closed") and not option.presumed:
            assert whole[option.procedure].status == option.status


def test_the_terminal_dialogue_runs_on_any_input_and_output():
    typed = iter(["peut-être", "oui", "?", "85 000", "3", "1", *["non"] * 30])
    shown = []
    known = run_interview(lambda prompt: next(typed), shown.append, {"title": "Capteurs", "launched_on": "2026-05-15"})
    text = "\n".join(shown)
    assert "n'est pas comprise" in text
    assert known["innovative"] is True
    assert "Procédures ouvertes" in text
    assert as_purchase(known).innovative is True


@pytest.mark.parametrize("word", ["fin", "stop", "q"])
def test_the_dialogue_may_be_stopped(word):
    shown = []
    known = run_interview(lambda prompt: word, shown.append, {"launched_on": "2026-05-15"}, lang="en")
    assert known == {"launched_on": "2026-05-15"}
    assert "Open procedures" in "\n".join(shown)


def test_the_end_of_the_input_stops_the_dialogue():
    def no_more(prompt):
        raise EOFError

    assert run_interview(no_more, lambda line: None, {"launched_on": "2026-05-15"}) == {"launched_on": "2026-05-15"}


BELOW = Question(id="estimated_value<60000", path="estimated_value", kind="below", text="", edge=Decimal(60_000))


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("85000", 85_000),
        ("85 000 €", 85_000),
        ("85.000", 85_000),
        ("85,000", 85_000),
        ("59 999,99", "59999.99"),
        ("12", 12),
    ],
)
def test_an_amount_is_read_as_people_write_it(typed, amount):
    assert parse(typed, BELOW) == Decimal(amount)


@pytest.mark.parametrize("typed", ["85k", "1.2.3", "-5", "beaucoup", "85.0000"])
def test_what_is_no_amount_is_not_guessed(typed):
    with pytest.raises(ValueError, match=re.escape(typed)):
        parse(typed, BELOW)


@pytest.mark.parametrize("typed", ["2026-04-01", "01/04/2026", "1/4/2026"])
def test_a_day_is_read_as_people_write_it(typed):
    question = Question(id="launched_on", path="launched_on", kind="date", text="")
    assert parse(typed, question) == date(2026, 4, 1)
    with pytest.raises(ValueError, match="day"):
        parse("31/02/2026", question)


def test_a_choice_is_answered_with_one_of_the_choices_or_its_id_or_its_name():
    known = {"launched_on": "2026-05-15", "innovative": False}
    question = Question(
        id="contract_type",
        path="contract_type",
        kind="choice",
        text="?",
        choices=next(q for q in _asked(known) if q.id == "contract_type").choices,
    )
    assert answer(known, question, question.choices[0])["contract_type"] == question.choices[0].id
    assert answer(known, question.id, "works")["contract_type"] == "works"
    assert parse("travaux", question) == parse("works", question) == parse("1", question) == "works"


def _asked(known):
    while (question := next_question(known)) is not None:
        yield question
        known = answer(known, question, None)


def test_questions_are_finished_sentences_in_both_languages():
    known = {"launched_on": "2026-05-15", "contract_type": "supplies", "innovative": False}
    questions = list(_asked(known))
    assert any(question.edge is not None for question in questions)
    for question in questions:
        assert "{" not in question.text
        assert question.text.split() == question.ask(FR).split()
        assert question.ask(EN) != question.text
        assert " ".join(question.ask(EN).split()) in " ".join(question.explain("en").split())
        assert json.loads(question.to_json())["id"] == question.id


def test_the_dialogue_says_what_is_understood_and_why_something_is_left_open():
    typed = iter(["Pavage", "peut-être", "2026-10-15", "oui", "bof", "non", "?", *["?"] * 30])
    shown = []
    known = run_interview(lambda prompt: next(typed), shown.append)
    text = " ".join("\n".join(shown).replace("\u202f", " ").replace("\xa0", " ").split())
    assert known["title"] == "Pavage"
    assert "Sont compris : un jour comme 2026-04-01" in text
    assert "Sont compris : oui, non" in text
    assert "Non déterminée : Achat public innovant — " in text
    assert "les sources ne s'accordent pas : Seuil des achats innovants, 100 000 € HT" in text


def test_what_is_only_bounded_is_asked_exactly_and_the_purchase_is_one_that_decide_takes():
    shown = []
    asked = []

    def reply(prompt):
        if shown[-1].startswith("  "):
            return "1"
        asked.append(shown[-1])
        assert len(asked) < 50
        words = {"Qu'achetez": "Livres", "Quel jour": "2026-05-15", "exacte": "55 000", "vaut-il moins": "oui"}
        return next((given for said, given in words.items() if said in shown[-1]), "non")

    known = run_interview(reply, shown.append)
    assert "exacte" in asked[-1]
    assert known["estimated_value"] == "55000"
    assert "bounds" not in known
    assert decide(as_purchase(known)).estimated_value == 55_000


def test_no_day_of_launch_is_guessed():
    with pytest.raises(DocumentError, match="launched_on"):
        as_purchase({"title": "x", "bounds": {"launched_on": {"from": "2026-04-01"}}})
