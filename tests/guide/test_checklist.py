"""The answers to the nine questions as a document."""

import pytest

from qmi_rules.errors import DocumentError
from qmi_rules.model.dossier import Checklist, Contacted, Intention, PastNeed, Staff
from qmi_rules.schema import from_json, json_schema, structure, to_json


def test_every_answer_is_optional():
    assert structure({}, Checklist) == Checklist()
    assert to_json(Checklist()) == "{}"


def test_a_full_document_is_read():
    text = """{
        "evaluations_read": true,
        "mgp_or_parisandco_contacted": {"information": true, "sourcing": false},
        "need_identified_and_validated": true,
        "internal_sponsors_found": null,
        "need_met_before": {"met": true, "solutions": "Un prêt de vélos en 2024"},
        "experiment_or_direct_purchase": "experiment",
        "innovative_character_checked": false,
        "legal_vehicle_identified": false,
        "human_resources_available": {"follow_projects": true}
    }"""
    checklist = from_json(text, Checklist)
    assert checklist == Checklist(
        evaluations_read=True,
        mgp_or_parisandco_contacted=Contacted(information=True, sourcing=False),
        need_identified_and_validated=True,
        need_met_before=PastNeed(met=True, solutions="Un prêt de vélos en 2024"),
        experiment_or_direct_purchase=Intention.EXPERIMENT,
        innovative_character_checked=False,
        legal_vehicle_identified=False,
        human_resources_available=Staff(follow_projects=True),
    )
    assert from_json(to_json(checklist), Checklist) == checklist


@pytest.mark.parametrize("met", [True, False])
def test_a_need_met_before_may_be_answered_by_yes_or_no_alone(met: bool):
    assert structure({"need_met_before": met}, Checklist).need_met_before == PastNeed(met=met)
    assert Checklist(need_met_before=met).need_met_before == PastNeed(met=met)


def test_all_faults_are_named_at_once():
    with pytest.raises(DocumentError) as caught:
        structure(
            {
                "evaluations_read": "yes",
                "mgp_or_parisandco_contacted": {"sourcing": 1},
                "need_met_before": {"solutions": " "},
                "experiment_or_direct_purchase": "rent",
                "human_resources_available": True,
                "tea": True,
            },
            Checklist,
        )
    assert {problem.path for problem in caught.value.problems} == {
        "evaluations_read",
        "mgp_or_parisandco_contacted.sourcing",
        "need_met_before.solutions",
        "experiment_or_direct_purchase",
        "human_resources_available",
        "tea",
    }
    assert "experiment, direct_purchase" in str(caught.value)


@pytest.mark.parametrize(
    "wrong",
    [
        {"evaluations_read": 1},
        {"experiment_or_direct_purchase": "rent"},
        {"mgp_or_parisandco_contacted": True},
        {"human_resources_available": {"raise_funding": "yes"}},
        {"need_met_before": "yes"},
    ],
)
def test_the_constructor_refuses_what_a_document_would(wrong: dict[str, object]):
    with pytest.raises(DocumentError):
        Checklist(**wrong)


def test_the_schema_lists_the_nine_questions():
    schema = json_schema(Checklist)
    assert len(schema["properties"].keys() - {"format"}) == 9
    assert schema["required"] == []
