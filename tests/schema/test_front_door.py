"""Dicts are taken wherever a document is asked for; values of numpy and pandas where nothing is lost."""

from decimal import Decimal

import pytest

from qmi_rules import (
    DocumentError,
    Dossier,
    EvidenceFile,
    Project,
    Purchase,
    brief,
    check_calendar,
    find_funding,
    justification_note,
    read,
    review,
    share_of_members,
    timeline,
    to_json,
    what_if,
)

PURCHASE = {"title": "Capteurs", "launched_on": "2026-05-15", "estimated_value": "85000", "contract_type": "services"}
COMMUNE, SCHEDULE = {"budget_vote": "spring"}, {"procedure": "direct_award"}
PROJECT = {"cost": "85000"}
MEMBERS = [{"buyer": {"kind": "commune"}, "part": "1"}, {"buyer": {"kind": "ept"}, "part": "2"}]
JOINT = {"title": "Capteurs", "launched_on": "2026-05-15", "joint": True, "members": MEMBERS}
FILE = {"title": "Capteurs", "launched_on": "2026-05-15"}
QUESTIONS = {
    "brief": (lambda taken: brief(taken), {"purchase": PURCHASE}, Dossier),
    "timeline": (lambda taken: timeline(taken), PURCHASE, Purchase),
    "what_if": (lambda taken: what_if(taken, "innovative_purchase"), PURCHASE, Purchase),
    "find_funding": (lambda taken: find_funding(taken), PROJECT, Project),
    "check_calendar": (lambda taken: check_calendar(taken, COMMUNE, SCHEDULE), PURCHASE, Purchase),
    "share_of_members": (lambda taken: share_of_members(taken, "equal", 3), JOINT, Purchase),
    "justification_note": (lambda taken: justification_note(taken), FILE, EvidenceFile),
}


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_takes_a_dict_of_the_documents_keys(name):
    ask, document, cls = QUESTIONS[name]
    assert to_json(ask(document)) == to_json(ask(read(document, cls)))
    with pytest.raises(DocumentError) as caught:
        ask(document | {"colour": 1})
    assert [(problem.code, problem.path) for problem in caught.value.problems] == [("unknown_key", "colour")]
    with pytest.raises(DocumentError, match="`read` reads a document"):
        ask("{}")


def test_the_review_takes_a_dict():
    assert review({"evaluations_read": True}).answered == ("evaluations_read",)


def both(**changes):
    """What a constructor and a dict make of the same values; the problems where they are refused."""
    found = []
    for make in (lambda: Purchase(**PURCHASE | changes), lambda: read(PURCHASE | changes, Purchase)):
        try:
            found.append(make())
        except DocumentError as error:
            found.append(error.problems)
    return found


def test_whole_numbers_of_whatever_kind_are_taken():
    numpy = pytest.importorskip("numpy")
    for value in (12, numpy.int64(12), numpy.uint8(12), 12.0, numpy.float64(12), Decimal("12.0")):
        for purchase in both(duration_months=value):
            assert type(purchase.duration_months) is int
            assert purchase.duration_months == 12
    for value in ("12", 12.5, numpy.float64(12.5), True, numpy.bool_(True), float("nan"), float("inf")):
        for (problem,) in both(duration_months=value):
            assert (problem.code, problem.path) == ("wrong_type", "duration_months")


def test_what_is_refused_says_what_to_write_instead():
    numpy = pytest.importorskip("numpy")
    for (problem,) in both(innovative=numpy.bool_(True)):
        assert ".item()" in problem.message
        assert ".item()" in problem.say("fr")
    for (problem,) in both(estimated_value="85_000"):
        assert "no marks between thousands" in problem.message
        assert "milliers" in problem.say("fr")


def test_a_large_whole_number_is_not_called_a_float():
    for (problem,) in both(estimated_value=10**400):
        assert "float" not in problem.message
