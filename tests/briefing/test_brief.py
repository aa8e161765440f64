"""One dossier, one briefing: the rooms together, what is open over all of them, and where they collide."""

import json
import pickle
from datetime import date
from pathlib import Path

import pytest

from qmi_rules import Dossier, Purchase, brief, from_json, to_json
from qmi_rules.briefing import briefing as briefing_module
from qmi_rules.briefing.briefing import open_lines
from qmi_rules.errors import DocumentError
from qmi_rules.pages import language
from qmi_rules.schema import structure
from small_funding import small_schemes

EXAMPLE = (Path(__file__).parents[2] / "examples" / "dossier-pelican-cycles.json").read_text("utf-8")
PURCHASE = {"title": "Vélos", "contract_type": "supplies", "launched_on": "2026-05-15", "estimated_value": "58000"}


def dossier(**changes) -> Dossier:
    """The example with some parts changed; None takes a part away."""
    data = json.loads(EXAMPLE)
    for path, value in changes.items():
        part, _, key = path.partition("__")
        if not key:
            if value is None:
                del data[part]
            else:
                data[part] = value
        elif value is None:
            data[part].pop(key, None)
        else:
            data[part][key] = value
    return structure(data, Dossier)


def codes(**changes) -> set[str]:
    return {conflict.code for conflict in brief(dossier(**changes)).conflicts}


def test_a_purchase_alone_is_enough():
    briefing = brief(structure({"purchase": PURCHASE}, Dossier))
    assert briefing.calendar is None
    assert briefing.funding is None
    assert briefing.scorecards == {}
    assert briefing.decision.lightest == "direct_award"
    assert {"commune", "schedule"} <= {fact.path for fact in briefing.open_facts}


def test_the_example_answers_in_every_room():
    briefing = brief(dossier(), schemes=small_schemes())
    assert briefing.decision["innovative_purchase"].status == "open"
    assert briefing.calendar.feasible
    assert briefing.funding.plan.grants_total == 30_750
    assert briefing.scorecards["replicability"].maximum == 15
    assert "legal_vehicle_identified" in briefing.review.answered


def test_the_dossier_travels():
    made = dossier()
    assert from_json(to_json(made), Dossier) == made
    briefing = brief(made)
    assert pickle.loads(pickle.dumps(briefing)).decision == briefing.decision
    document = json.loads(briefing.to_json())
    assert set(document) == {
        "format",
        "lang",
        "table_edition",
        "package_version",
        "answer",
        "dossier",
        "decision",
        "calendar",
        "scorecards",
        "funding",
        "review",
        "open_facts",
        "conflicts",
        "taken",
    }


def test_a_start_that_the_delays_do_not_allow_collides():
    assert "start_too_early" in codes(schedule__wanted_on="2027-02-20", project__starts_on="2027-02-20")
    assert "start_too_early" not in codes()


def test_a_subsidy_decided_after_the_signature_collides():
    signature = brief(dossier()).calendar["signature"].end
    late = [{"id": "subsidy_decision", "on": "2027-06-16", "who": "Métropole du Grand Paris"}]
    in_time = [{"id": "subsidy_decision", "on": signature.isoformat(), "who": "Métropole du Grand Paris"}]
    assert "subsidy_after_signature" in codes(schedule__milestones=late)
    assert "subsidy_after_signature" not in codes(schedule__milestones=in_time)
    assert "subsidy_before_start" not in codes(schedule__milestones=in_time)


def test_a_budget_that_is_not_voted_collides():
    without = {"commune__early_investment_authorised": False, "commune__budget_voted_on": "2027-04-07"}
    assert "budget_not_voted" in codes(schedule__wanted_on="2027-04-01", project__starts_on="2027-04-01", **without)


def test_a_procedure_that_is_closed_or_open_to_doubt_collides():
    assert "procedure_not_open" in codes(schedule__procedure="direct_award")
    assert "procedure_not_open" in codes(purchase__innovative=None)
    assert "procedure_not_open" not in codes()


def test_a_score_is_no_proof_and_the_replicability_index_is_no_evidence():
    indices = {"innovation_indices": {}}
    assert "score_is_no_proof" in codes(purchase__innovative=None, solution=indices)
    assert "score_is_no_proof" not in codes(purchase__innovative=None)
    assert "score_is_no_proof" not in codes(solution=indices)
    cited = brief(dossier()).decision.purchase.evidence
    assert cited == dossier().purchase.evidence


def test_no_score_makes_a_purchase_innovative():
    top = dict.fromkeys(("experiment_deployed", "operational_ease", "commercial_traction", "financial_stability"), 3)
    briefing = brief(dossier(purchase__innovative=None, solution={"replicability": top}))
    assert briefing.decision.purchase.innovative is None
    assert briefing.decision["innovative_purchase"].status == "undetermined"


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("innovative_disagrees", {"project__innovative": False}),
        ("cost_disagrees", {"project__cost": "61500.01"}),
        ("start_disagrees", {"project__starts_on": "2027-06-16"}),
        ("expense_disagrees", {"project__expense": "operating"}),
        ("buyer_disagrees", {"commune__insee_code": "94033"}),
    ],
)
def test_parts_that_contradict_each_other_are_said(code, changes):
    assert code in codes(**changes)
    assert code not in codes()


def test_two_sections_of_the_budget_are_named_in_both_languages():
    told = brief(dossier(schedule__expense="investment", project__expense="operating")).conflicts
    (collision,) = [conflict for conflict in told if conflict.code == "expense_disagrees"]
    assert "la dépense en fonctionnement, le calendrier en investissement" in collision.explain("fr")
    assert "an operating expense, the calendar an investment one" in " ".join(collision.explain("en").split())


def test_a_section_that_one_part_leaves_open_contradicts_nothing():
    assert "expense_disagrees" not in codes(schedule__expense=None, project__expense="operating")


def test_a_fact_that_two_rooms_wait_for_is_asked_once_and_first():
    facts = brief(dossier(purchase__innovative=None, project__innovative=None)).open_facts
    assert facts[0].path == "purchase.innovative"
    assert "funding" in facts[0].waiting
    assert len({fact.path for fact in facts}) == len(facts)


def test_faults_have_paths_from_the_root_of_the_dossier():
    with pytest.raises(ValueError, match=r"purchase\.launched_on.*\n?.*") as refused:
        structure({"purchase": PURCHASE | {"launched_on": "soon"}, "commune": {"population": 0}, "oops": 1}, Dossier)
    paths = {problem.path for problem in refused.value.problems}
    assert {"purchase.launched_on", "commune.budget_vote", "commune.population", "oops"} <= paths


@pytest.mark.parametrize(
    ("path", "changes"),
    [
        ("solution.nope", {"solution": {"nope": {}}}),
        ("solution.replicability.operational_ease.level", {"solution": {"replicability": {"operational_ease": 9}}}),
        ("project.theme", {"project__theme": "none of theirs"}),
        ("project.requested[0]", {"project__requested": ["nope"]}),
        ("schedule.procedure", {"schedule__procedure": "nope"}),
    ],
)
def test_what_a_room_refuses_has_its_path_from_the_root_too(path, changes):
    with pytest.raises(DocumentError) as refused:
        brief(dossier(**changes))
    assert [problem.path for problem in refused.value.problems] == [path]


def test_an_argument_that_is_refused_is_no_part_of_the_dossier():
    with pytest.raises(DocumentError) as refused:
        brief(dossier(), known_on="soon")
    assert [problem.path for problem in refused.value.problems] == ["known_on"]


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("style", ["text", "markdown", "html"])
def test_it_explains_itself_decision_first(lang, style):
    text = brief(dossier()).explain(lang, style)
    buy, when, pay = ("acheter ainsi", "Quand", "Qui aide") if lang == "fr" else ("may buy", "When", "Who helps")
    assert 0 < text.index(buy) < text.index(when) < text.index(pay)


def test_the_card_stands_once_with_who_signs_when_to_launch_and_what_it_costs():
    text = " ".join(brief(dossier()).explain("fr").split())
    assert text.count("Qui signe : le maire, par délégation du conseil") == 1
    assert text.count("Qui signe :") == 1
    assert text.count("Cas particuliers") + text.count("cas particuliers") == 1
    card = text[: text.index("Pourquoi, et que faire")]
    assert "Calendrier : lancer au plus tard le" in card
    assert "À la charge de la commune :" in card


def test_known_on_reaches_every_room():
    bare = Dossier(purchase=structure(PURCHASE, Purchase))
    assert brief(bare).decision.lightest == "direct_award"
    assert brief(bare, known_on=date(2025, 11, 30)).decision.lightest == "adapted_procedure"


def test_what_may_still_open_is_told_beside_what_is_open():
    open_value = PURCHASE | {"estimated_value": None}
    text = " ".join(brief(structure({"purchase": open_value}, Dossier)).explain("fr").split())
    assert "le plus simple de ce qui est établi" in text
    may_open = text[text.index("Peut encore s’ouvrir") : text.index("À établir ensuite")]
    assert "Achat public innovant" in may_open
    closed = dossier(purchase__partial_replacement=False, purchase__repeats_earlier_contract=False)
    assert "Peut encore s’ouvrir" not in brief(closed).explain("fr")


def test_the_way_to_buy_leads_to_its_article():
    html = brief(dossier()).explain("fr", "html")
    answer = html[html.index("acheter ainsi") : html.index("Procédure adaptée")]
    assert '<a href="https://www.legifrance.gouv.fr/' in answer


@pytest.mark.parametrize(("lang", "question"), [("fr", "\u00a0?"), ("en", "?")])
def test_open_questions_of_the_guide_are_asked_as_questions(lang, question):
    briefing = brief(dossier(solution=None))
    asked = [line for line in open_lines(briefing, language(lang), 50) if isinstance(line, str)]
    assert asked
    assert all(line.endswith(question) for line in asked)


def test_a_budget_collision_names_the_conflict_as_a_reader_knows_it():
    briefing = brief(
        dossier(
            commune__early_investment_authorised=False,
            schedule__wanted_on="2027-04-01",
            project__starts_on="2027-04-01",
        )
    )
    sentence = next(c.text.french for c in briefing.conflicts if c.code == "budget_not_voted")
    assert "_" not in sentence


def test_the_card_is_made_once_however_often_the_page_speaks_of_it(monkeypatch):
    made = []
    make = briefing_module.answer_of
    monkeypatch.setattr(briefing_module, "answer_of", lambda *given: made.append(given) or make(*given))
    open_purchase = {"title": "Capteurs", "launched_on": "2024-05-15", "estimated_value": 30_000}
    brief(structure({"purchase": open_purchase}, Dossier)).explain("fr")
    assert len(made) == 1
