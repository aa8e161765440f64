"""Going through the nine questions: answered, open, what next, and who answered."""

import json
import pickle

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qmi_rules.catalogues import printed
from qmi_rules.errors import DocumentError
from qmi_rules.guide import AnsweredBy, Guide, Review, ReviewStatus, Room, review
from qmi_rules.model.dossier import Checklist, Contacted, Intention, PastNeed, Staff
from qmi_rules.pages import Language, to_html, to_text

TRUTHS = st.none() | st.booleans()
CHECKLISTS = st.builds(
    Checklist,
    evaluations_read=TRUTHS,
    mgp_or_parisandco_contacted=st.none() | st.builds(Contacted, information=TRUTHS, sourcing=TRUTHS),
    need_identified_and_validated=TRUTHS,
    internal_sponsors_found=TRUTHS,
    need_met_before=st.none()
    | st.builds(
        PastNeed,
        met=TRUTHS,
        solutions=st.none()
        | st.text(st.characters(codec="utf-8"), min_size=1).map(lambda text: "x" + text.replace("\0", "")),
    ),
    experiment_or_direct_purchase=st.none() | st.sampled_from(Intention),
    innovative_character_checked=TRUTHS,
    legal_vehicle_identified=TRUTHS,
    human_resources_available=st.none() | st.builds(Staff, follow_projects=TRUTHS, raise_funding=TRUTHS),
)
COMPLETE = Checklist(
    evaluations_read=True,
    mgp_or_parisandco_contacted=Contacted(information=True, sourcing=True),
    need_identified_and_validated=True,
    internal_sponsors_found=True,
    need_met_before=PastNeed(met=True, solutions="Un prêt en 2024"),
    experiment_or_direct_purchase=Intention.DIRECT_PURCHASE,
    innovative_character_checked=True,
    legal_vehicle_identified=True,
    human_resources_available=Staff(follow_projects=True, raise_funding=True),
)


def _steps(result: Review) -> dict[str, str]:
    return {step.path: step.text for step in result.advice}


def test_nobody_answered_anything():
    result = review()
    assert result.answered == ()
    assert len(result.open) == 11  # nine questions, two of them in two parts
    assert {question.status for question in result.questions} == {ReviewStatus.OPEN}
    assert {question.origin for question in result.questions} == {None}
    assert result.rooms == (Room.PROCUREMENT, Room.SCORING, Room.FUNDING, Room.BUDGET_CALENDAR)


def test_everything_answered_by_yes_leaves_nothing_open_and_asks_for_no_room():
    result = review(COMPLETE)
    assert len(result.answered) == 9
    assert result.open == result.rooms == ()


def test_a_question_in_two_parts_may_be_answered_in_part():
    result = review({"human_resources_available": {"follow_projects": True}})
    question = result.questions[8]
    assert question.status is ReviewStatus.PARTLY
    assert question.answers == {
        "human_resources_available.follow_projects": True,
        "human_resources_available.raise_funding": None,
    }
    assert "human_resources_available.raise_funding" in result.open
    assert "human_resources_available.follow_projects" not in result.open


def test_no_people_to_raise_funds_leads_to_the_funding_room():
    answers = attrs.evolve(COMPLETE, human_resources_available=Staff(follow_projects=True, raise_funding=False))
    result = review(answers)
    assert result.rooms == (Room.FUNDING,)
    assert result.open == ()
    assert [step.room for step in result.advice if step.path.endswith("raise_funding")] == [Room.FUNDING]


def test_a_need_met_before_asks_what_was_done_and_counts_it_in_the_estimate():
    result = review({"need_met_before": True})
    assert "need_met_before.solutions" in result.open
    assert result.questions[4].status is ReviewStatus.PARTLY
    assert "R2121-6" in _steps(result)["need_met_before"]


def test_a_need_never_met_asks_for_no_words():
    assert review({"need_met_before": False}).questions[4].status is ReviewStatus.ANSWERED


@pytest.mark.parametrize(("choice", "article"), [("experiment", "R2122-10"), ("experiment", "R2121-1")])
def test_a_trial_is_told_what_it_implies(choice: str, article: str):
    assert article in _steps(review({"experiment_or_direct_purchase": choice}))["experiment_or_direct_purchase"]


def test_trial_and_direct_purchase_get_different_advice():
    texts = {
        _steps(review({"experiment_or_direct_purchase": choice}))["experiment_or_direct_purchase"]
        for choice in Intention
    }
    assert len(texts) == 2


@pytest.mark.parametrize("question", ["evaluations_read", "need_identified_and_validated", "internal_sponsors_found"])
def test_yes_no_and_not_known_each_get_their_own_advice(question: str):
    texts = {_steps(review({question: answer}))[question] for answer in (True, False, None)}
    assert len(texts) == 3


def test_the_dossier_fills_what_the_person_left_open():
    result = review({"evaluations_read": True}, dossier=Checklist(legal_vehicle_identified=True))
    origins = {question.id: question.origin for question in result.questions}
    assert origins["evaluations_read"] is AnsweredBy.PERSON
    assert origins["legal_vehicle_identified"] is AnsweredBy.DOSSIER
    assert "(selon le dossier)" in " ".join(result.explain("fr").split())


def test_a_persons_own_answer_goes_before_the_dossier():
    result = review({"legal_vehicle_identified": False}, dossier=Checklist(legal_vehicle_identified=True))
    assert result.answers.legal_vehicle_identified is False
    assert result.questions[7].origin is AnsweredBy.PERSON


def test_the_dossier_fills_half_a_question():
    known = Checklist(human_resources_available=Staff(follow_projects=False, raise_funding=True))
    result = review({"human_resources_available": {"follow_projects": True}}, dossier=known)
    assert result.answers.human_resources_available == Staff(follow_projects=True, raise_funding=True)


def test_wrong_answers_are_named_all_at_once():
    with pytest.raises(DocumentError) as caught:
        review({"evaluations_read": "yes", "tea": True})
    assert {problem.path for problem in caught.value.problems} == {"evaluations_read", "tea"}


def test_answers_that_are_no_object_are_refused():
    with pytest.raises(DocumentError):
        review("yes")


def test_the_disclaimer_goes_with_the_answer(guide: Guide):
    result = review()
    assert result.disclaimer == guide.about.disclaimer
    for style in ("text", "markdown", "html"):
        assert "Avertissement" in result.explain("fr", style)
    assert json.loads(result.to_json())["disclaimer"] == printed(guide.about.disclaimer)


def test_it_speaks_english(english: Language):
    shown = to_text(review({"experiment_or_direct_purchase": "experiment"}).page(english))
    assert "The guide’s nine questions" in shown
    assert "An experiment" in shown
    assert "Disclaimer" in shown
    assert "à établir" not in shown


def test_a_users_words_come_out_escaped(english: Language):
    hostile = "<script>x</script> | **gras** \x1b[31m \u202e"
    page = review({"need_met_before": {"met": True, "solutions": hostile}}).page(english)
    assert "<script>" not in to_html(page)
    assert "\x1b" not in to_text(page)


def test_words_that_look_like_a_place_to_fill_are_left_alone():
    result = review({"need_met_before": {"met": True, "solutions": "{label} {0} %s"}})
    assert "{label} {0} %s" in " ".join(result.explain("fr").split())


@given(CHECKLISTS)
def test_every_answer_asked_for_is_either_given_or_open(answers: Checklist):
    result = review(answers)
    for question in result.questions:
        missing = [path for path, answer in question.answers.items() if answer is None]
        assert [path for path in result.open if path.partition(".")[0] == question.id] == missing
        assert (question.id in result.answered) == (not missing)
    assert review(answers.__class__(**{a.name: getattr(answers, a.name) for a in attrs.fields(Checklist)})) == result
    assert pickle.loads(pickle.dumps(result)) == result


@given(CHECKLISTS, CHECKLISTS)
def test_a_dossier_only_ever_closes_questions(mine: Checklist, known: Checklist):
    alone, together = review(mine), review(mine, dossier=known)
    assert set(alone.answered) - {"need_met_before"} <= set(together.answered)
    assert review(together.answers).answered == together.answered
    for before, after in zip(alone.questions, together.questions, strict=True):
        assert {p: a for p, a in before.answers.items() if a is not None}.items() <= after.answers.items()


@given(CHECKLISTS)
def test_every_open_answer_has_its_next_step(answers: Checklist):
    result = review(answers)
    assert set(result.open) <= {step.path for step in result.advice}


DECLARED = Checklist(innovative_character_checked=True)
INNOVATIVE = "innovative_character_checked"


def test_what_the_dossier_only_declares_is_answered_in_part_and_stays_open():
    result = review(dossier=DECLARED, declared=[INNOVATIVE])
    (question,) = (q for q in result.questions if q.id == INNOVATIVE)
    assert (question.status, question.unsupported, question.origin) == (ReviewStatus.PARTLY, True, AnsweredBy.DOSSIER)
    assert INNOVATIVE not in result.answered
    assert INNOVATIVE in result.open
    assert _steps(result)[INNOVATIVE] == _steps(review())[INNOVATIVE]  # the advice is that of an open question
    assert "declared without evidence" in " ".join(result.explain("en").split())
    assert "déclaré sans preuve" in " ".join(result.explain("fr").split())


def test_evidence_or_a_persons_own_answer_makes_it_an_answer():
    assert INNOVATIVE in review(dossier=DECLARED).answered
    assert INNOVATIVE in review(DECLARED, dossier=DECLARED, declared=[INNOVATIVE]).answered
    nobody = review(declared=[INNOVATIVE])
    assert [q.status for q in nobody.questions if q.id == INNOVATIVE] == [ReviewStatus.OPEN]


@pytest.mark.parametrize("name", ["zz", "need_met_before", 3])
def test_only_a_question_of_yes_or_no_can_be_declared(name):
    with pytest.raises(DocumentError) as caught:
        review(declared=[name])
    assert caught.value.problems[0].path == "declared[0]"
