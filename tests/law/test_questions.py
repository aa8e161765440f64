"""The next question: the one that settles most, nothing that settles nothing, and a dialogue that keeps no state."""

import json
from datetime import date
from decimal import Decimal

import pytest
from around import documents
from hypothesis import given, settings

from properties import examples
from qmi_rules.catalogues import printed
from qmi_rules.errors import DocumentError
from qmi_rules.law import default_table
from qmi_rules.model import Purchase
from qmi_rules.pages import language
from qmi_rules.procurement import answer, decide, interview, next_question
from qmi_rules.procurement.dialogue.inquiry import as_purchase, inquiry
from qmi_rules.procurement.dialogue.questions import Question
from qmi_rules.schema import from_json

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
    assert "L.\u00a02172-3" in question.ask(FR)
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


ORDINARY = {
    "launched_on": "2026-05-15",
    "contract_type": "services",
    "estimated_value": "350000",
    "buyer": {"kind": "commune"},
    "innovative": False,
}


def questions_asked(known, **how):
    asked = []
    while (question := next_question(known, **how)) is not None:
        asked.append(question.id)
        known = answer(known, question, False if question.kind == "truth" else None)
    return asked


def test_a_particular_case_is_asked_about_on_request_only():
    assert questions_asked({"title": "Nettoyage des écoles", **ORDINARY}) == []
    asked = questions_asked({"title": "Nettoyage des écoles", **ORDINARY}, full=True)
    assert {"research_and_development", "complex", "repeats_earlier_contract"} <= set(asked)


@pytest.mark.parametrize(
    ("title", "fact"),
    [
        ("Mission d’un avocat dans un contentieux", "exclusion"),
        ("Études confiées à des ARCHITECTES", "project_management"),
        ("Maîtrise d'oeuvre de la crèche", "project_management"),
        ("Subventions aux associations", "instrument"),
    ],
)
def test_a_word_of_the_title_calls_for_the_question_and_decides_nothing(title, fact):
    purchase = {"title": title, **ORDINARY}
    assert questions_asked(purchase)[0] == fact
    plain = decide({**purchase, "title": "Nettoyage"})
    assert [o.status for o in decide(purchase).options] == [o.status for o in plain.options]
    assert decide(purchase).answer.next.fact == fact
    assert fact not in decide(purchase).answer.presuming


def test_a_part_of_a_word_suggests_nothing():
    assert questions_asked({"title": "Baillage d'un banc en dispersion", **ORDINARY}) == []


def test_what_the_buyer_said_of_a_way_calls_for_the_rest_of_it():
    asked = questions_asked({"title": "Tranche suivante", "repeats_earlier_contract": True, **ORDINARY})
    assert asked == ["earlier_notice_foresaw_it"]


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


@settings(max_examples=examples(20), deadline=None)
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
    buyer = {"kind": "commune", "local_authority": False, **document.get("buyer", {})}
    full |= {f"buyer.{name}": value for name, value in buyer.items()}
    # what the table presumes of the act itself, and says, is asked of nobody: who signs another act says so from the first
    given = {name: document[name] for name in ("cpv", "exclusion", "instrument") if name in document}
    dialogue = interview({"launched_on": document["launched_on"], **given})
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
    settled |= {"title": "x", "buyer": buyer, "estimated_value": str(full["estimated_value"])}
    whole = decide(from_json(json.dumps(settled), Purchase))
    for option in decide(final).options:
        if option.status in ("open", "closed") and not option.presumed:
            assert whole[option.procedure].status == option.status


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
        assert printed(question.text).split() == question.ask(FR).split()
        assert question.ask(EN) != question.text
        assert " ".join(question.ask(EN).split()) in " ".join(question.explain("en").split())
        assert json.loads(question.to_json())["id"] == question.id


def test_no_day_of_launch_is_guessed():
    with pytest.raises(DocumentError, match="launched_on"):
        as_purchase({"title": "x", "bounds": {"launched_on": {"from": "2026-04-01"}}})
