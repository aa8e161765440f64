"""A briefing reads the dossier as one: no question it answers, evidence before "checked", plain words for what it cannot read."""

import json
from datetime import date
from typing import Any

import pytest

from qmi_rules import Dossier, Purchase, brief
from qmi_rules.errors import DocumentError
from qmi_rules.pages import language, to_text
from qmi_rules.schema import structure
from small_funding import small_schemes

PURCHASE = {
    "title": "Capteurs",
    "contract_type": "services",
    "estimated_value": "90000",
    "launched_on": "2026-11-15",
    "innovative": True,
    "buyer": {"kind": "commune", "insee_code": "93051"},
}
COMMUNE = {"insee_code": "93051", "budget_vote": "year_end"}
SCHEDULE = {"procedure": "innovative_purchase", "wanted_on": "2027-08-02"}
PROJECT = {"cost": "90000", "expense": "investment"}
WHOLE = {"purchase": PURCHASE, "commune": COMMUNE, "schedule": SCHEDULE, "project": PROJECT}


def briefed(**parts: Any):
    given = {name: part for name, part in (WHOLE | parts).items() if part is not None}
    return brief(structure(given, Dossier), schemes=small_schemes())


def whole(briefing, lang):
    return " ".join(briefing.explain(lang).replace("\N{NO-BREAK SPACE}", " ").split())


def summary(briefing, lang: str = "fr") -> str:
    return " ".join(to_text(briefing.summary(language(lang))).split())


def test_what_one_part_says_is_not_asked_again_by_another():
    briefing = briefed()
    asked = {fact.path for fact in briefing.open_facts}
    assert (
        not {"purchase.innovative", "purchase.buyer.kind", "project.beneficiary.insee_code", "project.starts_on"}
        & asked
    )
    assert briefing.funding.plan.grants_total == 45_000
    assert {(taken.path, taken.source) for taken in briefing.taken} == {
        ("project.innovative", "purchase"),
        ("project.starts_on", "schedule"),
        ("schedule.expense", "project"),
        ("project.beneficiary.kind", "purchase"),
        ("project.beneficiary.insee_code", "purchase"),
        ("commune.population", "communes"),
        ("project.beneficiary.population", "communes"),
    }
    assert "Partie « financement », complétée par la partie « calendrier » : le jour de début." in whole(briefing, "fr")
    assert "Part “funding”, completed from the part “calendar”: the day of the start." in whole(briefing, "en")
    assert briefing.dossier.project.innovative is None


def test_the_commune_of_the_dossier_is_the_buyer_where_none_is_named():
    briefing = briefed(purchase={key: value for key, value in PURCHASE.items() if key != "buyer"})
    assert briefing.decision.purchase.buyer.insee_code == "93051"
    assert "purchase.buyer.kind" not in {fact.path for fact in briefing.open_facts}


def test_what_a_part_says_itself_stays_and_a_contradiction_is_a_collision():
    briefing = briefed(project=PROJECT | {"innovative": False, "starts_on": "2027-09-01"})
    assert briefing.funding.project.innovative is False
    assert {"innovative_disagrees", "start_disagrees"} <= {conflict.code for conflict in briefing.conflicts}
    assert not {"project.innovative", "project.starts_on"} & {taken.path for taken in briefing.taken}


@pytest.mark.parametrize("day", ["2005-05-05", "2031-05-05"])
def test_a_day_that_the_tables_do_not_know_is_said_first(day):
    briefing = briefed(purchase=PURCHASE | {"launched_on": day}, commune=None, schedule=None, project=None)
    for text in (summary(briefing), " ".join(briefing.explain("fr").split())):
        assert "La base juridique ne contient pas le droit de ce jour" in text[:120]
    assert "The law data do not hold the law of that day" in summary(briefing, "en")


def test_a_day_that_they_know_is_not_warned_of():
    assert "La base juridique ne contient pas" not in summary(briefed())


def test_a_bare_declaration_is_no_check_of_the_innovative_character():
    declared = briefed()
    assert "innovative_character_checked" not in declared.review.answered
    assert "déclaré, sans preuve donnée" in summary(declared)
    with_note = briefed(purchase=PURCHASE | {"evidence": ["Note du 18 janvier 2027"]})
    with_scores = briefed(solution={"innovation_indices": {"patented": "yes"}})
    for supported in (with_note, with_scores):
        assert "innovative_character_checked" in supported.review.answered
        assert "sans preuve donnée" not in summary(supported)
    empty = briefed(solution={"innovation_indices": {}})
    assert "innovative_character_checked" not in empty.review.answered


def test_a_collision_is_a_finished_sentence_that_explains_itself():
    briefing = briefed(project=PROJECT | {"cost": "95000"})
    (collision,) = [c for c in briefing.conflicts if c.code == "cost_disagrees"]
    french = collision.text.french
    assert "{" not in french
    assert "95" in french
    assert json.loads(briefing.to_json())["conflicts"][0]["text"] == french
    assert "differs from" in collision.explain("en")
    assert collision.explain("fr").split() == french.split()


def test_an_open_fact_is_a_question_that_explains_itself():
    briefing = briefed(purchase=PURCHASE | {"innovative": None})
    fact = next(fact for fact in briefing.open_facts if fact.path == "purchase.innovative")
    assert fact.text.french.startswith("La solution est-elle innovante")
    assert fact.explain("fr").split() == fact.text.french.split()
    assert fact.explain("en").startswith("Is the solution innovative")
    assert {"text", "path", "room", "waiting"} == set(json.loads(briefing.to_json())["open_facts"][0])


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_fact_of_the_project_is_asked_in_the_words_of_the_funding_room(lang):
    briefing = briefed(project={"cost": "90000", "requested": ["cii", "fctva"]}, schedule=None, commune=None)
    say = language(lang)
    asked = {
        fact.path.removeprefix("project."): fact.text.said(say)
        for fact in briefing.open_facts
        if fact.path.startswith("project.")
    }
    assert {"supplier.staff", "supplier.turnover", "supplier.balance_sheet", "expense", "starts_on", "vat_rate"} <= set(
        asked
    )
    words = " ".join(to_text(briefing.funding.page(say)).split())
    assert not [path for path, question in asked.items() if " ".join(question.split()) not in words]
    linked = {"fr": "entreprises liées comprises", "en": "linked firms included"}[lang]
    assert linked in asked["supplier.staff"]


def test_a_question_of_a_lot_names_the_lot():
    lots = [
        {"id": "capteurs", "estimated_value": "30000"},
        {"id": "pose", "estimated_value": "20000"},
        {"id": "serveur", "estimated_value": "200000"},
    ]
    briefing = briefed(purchase=PURCHASE | {"estimated_value": None, "lots": lots})
    asked = [fact.text.french for fact in briefing.open_facts if fact.path.startswith("purchase.lots[1]")]
    assert asked
    assert all(text.startswith("Lot pose") for text in asked)


def test_a_closed_procedure_is_said_alike_in_every_part():
    briefing = briefed(schedule=SCHEDULE | {"procedure": "direct_award"})
    assert "procedure_not_open" in {conflict.code for conflict in briefing.conflicts}
    assert briefing.calendar.procedure_status == "closed"
    text = " ".join(briefing.explain("fr").split())
    assert "Procédure fermée pour cet achat (CCP, art. R. 2122-8)." in text[text.index("Quand") :]
    assert ": tenable." not in text
    assert "Procédure fermée" in summary(briefing)


def test_english_names_the_evidence_and_the_law_in_english():
    briefing = briefed(
        purchase=PURCHASE | {"contract_type": "works"}, solution={"innovation_indices": {"patented": "yes"}}
    )
    english = " ".join(briefing.explain("en").split())
    assert "réponses pour" not in english
    assert "de la loi" not in english
    assert "réponses pour" in briefing.explain("fr")


@pytest.mark.parametrize(
    ("path", "arguments", "named"),
    [
        ("purchase", ({},), {}),  # a dict is read as the document is: what it lacks is named
        ("dossier", (None,), {}),
        ("dossier", (structure(PURCHASE, Purchase),), {}),
        ("rubrics", (), {"rubrics": "x"}),
        ("rubrics", (), {"rubrics": 3}),
        ("rubrics[0]", (), {"rubrics": [3]}),
        ("table", (), {"table": 3}),
        ("schemes", (), {"schemes": 3}),
    ],
)
def test_a_wrong_argument_is_named_in_words(path, arguments, named):
    whole = structure(WHOLE, Dossier)
    with pytest.raises(DocumentError) as refused:
        brief(*(arguments or (whole,)), **named)
    assert refused.value.problems[0].path == path
    assert whole.purchase.launched_on == date(2026, 11, 15)
