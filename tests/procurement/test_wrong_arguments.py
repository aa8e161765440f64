"""What Python code hands over by mistake is refused as a document is: with the name of the argument, never a leaked error."""

import pickle
from datetime import date

import pytest

from qmi_rules.budget_calendar import to_mermaid, to_svg
from qmi_rules.errors import DocumentError, QmiRulesError, UnknownNameError
from qmi_rules.law import amend, compare_law, default_table, load_table, prove, stale, verify_law
from qmi_rules.model import Purchase
from qmi_rules.procurement import (
    answer,
    decide,
    next_question,
    share_by_percent,
    share_cost,
    share_of_members,
    timeline,
    what_if,
)

DAY = date(2026, 5, 15)
PURCHASE = Purchase(title="x", launched_on=DAY)
TABLE = default_table()
WRONG = {
    "decide a text": ("purchase", lambda: decide("x")),
    "decide nothing": ("purchase", lambda: decide(None)),
    "decide a list": ("purchase", lambda: decide([])),
    "decide with a text for the law": ("table", lambda: decide(PURCHASE, "x")),
    "what-if of a decision": ("purchase", lambda: what_if(decide(PURCHASE), "books")),
    "what-if without procedure": ("procedure", lambda: what_if(PURCHASE, 5)),
    "timeline of a text": ("purchase", lambda: timeline("x")),
    "answer to a number": ("question", lambda: answer(PURCHASE, 5, True)),
    "question on a text": ("document", lambda: next_question("x")),
    "question on a decision": ("document", lambda: next_question(decide(PURCHASE))),
    "bounds that are none": ("bounds", lambda: next_question({"bounds": 5})),
    "unanswered that is none": ("unanswered", lambda: next_question({"unanswered": "x"})),
    "members of a text": ("purchase", lambda: share_of_members("x", "use")),
    "weights that are none": ("weights", lambda: share_cost(100, 5)),
    "weights without names": ("weights", lambda: share_cost(100, {1: 1})),
    "a key that is none": ("key", lambda: share_cost(100, {"a": 1}, "x")),
    "shares that are none": ("shares", lambda: share_by_percent(1, 5)),
    "compare no table": ("table", lambda: compare_law(3, DAY, DAY)),
    "compare no days": ("before", lambda: compare_law(TABLE, "2026-01-01", DAY)),
    "compare with no table": ("other", lambda: compare_law(TABLE, DAY, DAY, 5)),
    "load a number": ("path", lambda: load_table(5)),
    "over a number": ("other", lambda: TABLE.over(5)),
    "prove a number": ("table", lambda: prove(3)),
    "stale of a number": ("table", lambda: stale(3, DAY)),
    "stale on a text": ("on", lambda: stale(TABLE, "x")),
    "verify-law of a number": ("folder", lambda: verify_law(TABLE, 3)),
    "verify-law with no table": ("table", lambda: verify_law(None, "x")),
    "amend numbers": ("before", lambda: amend(1, 2)),
    "a diagram of a text": ("check", lambda: to_mermaid("x")),
    "a picture of a text": ("check", lambda: to_svg("x")),
}


@pytest.mark.parametrize("mistake", WRONG)
def test_a_wrong_argument_is_named(mistake):
    path, call = WRONG[mistake]
    with pytest.raises(DocumentError) as caught:
        call()
    assert caught.value.problems[0].path == path


def test_a_key_given_as_a_word_is_explained():
    assert "A" in share_cost(100, {"A": 1, "B": 2}, "use").explain("fr")


@pytest.mark.parametrize("call", [lambda: what_if(PURCHASE, "nothing"), lambda: decide(PURCHASE)["nothing"]])
def test_an_unknown_procedure_lists_those_there_are(call):
    with pytest.raises(UnknownNameError, match="no procedure 'nothing'; there are direct_award") as caught:
        call()
    assert isinstance(caught.value, (KeyError, QmiRulesError))
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)
