"""Arguments of the wrong kind are named, and a date that cannot be read says what is missing."""

from datetime import date, datetime

import pytest

from qmi_rules.errors import DocumentError
from qmi_rules.model import Purchase
from qmi_rules.model.solution import EvidenceFile
from qmi_rules.scoring import (
    compare_solutions,
    justification_note,
    link_evidence,
    load_rubric,
    radar_svg,
    rubrics,
    score,
    score_document,
    score_solution,
)

DAY = date(2026, 5, 15)
CARD = score("replicability", {})
PURCHASE = Purchase(title="a", launched_on=DAY)
FILE = EvidenceFile(title="a", launched_on=DAY)
SOLD = {"first_sold_on": "2025-03-01"}


@pytest.mark.parametrize(
    ("path", "call"),
    [
        ("as_of", lambda: score("replicability", {}, as_of="2026")),
        ("as_of", lambda: score("innovation_indices", SOLD, as_of=datetime(2026, 1, 1))),
        ("as_of", lambda: score_solution({"replicability": {}, "innovation_indices": {}}, as_of="2026")),
        ("as_of", lambda: score_document("replicability", {"replicability": {}}, as_of=2026)),
        ("solution", lambda: score_solution(3)),
        ("replicability", lambda: score_solution({"replicability": 3})),
        ("files[0]", lambda: score_solution({"replicability": {}}, 5)),
        ("files[1]", lambda: rubrics("a.toml", 5)),
        ("file", lambda: load_rubric(5)),
        ("cards", lambda: compare_solutions(3)),
        ("cards", lambda: compare_solutions({1: CARD, 2: CARD})),
        ("cards.a", lambda: compare_solutions({"a": 1, "b": CARD})),
        ("file", lambda: justification_note(3)),
        ("colour", lambda: justification_note({"title": "a", "launched_on": "2026-05-15", "colour": 1})),
        ("files[0]", lambda: justification_note(FILE, 5)),
        ("table", lambda: justification_note(FILE, table=5)),
        ("purchase", lambda: link_evidence(1, {})),
        ("cards", lambda: link_evidence(PURCHASE, 2)),
        ("cards.a", lambda: link_evidence(PURCHASE, {"a": 2})),
        ("card", lambda: radar_svg(3)),
    ],
)
def test_an_argument_of_the_wrong_kind_is_named(path, call):
    with pytest.raises(DocumentError) as caught:
        call()
    assert [problem.path for problem in caught.value.problems] == [path]


def test_an_unknown_name_lists_those_there_are():
    with pytest.raises(KeyError, match="no criterion 'zz'; there are experiment_deployed"):
        CARD["zz"]
    with pytest.raises(KeyError, match="no scorecard 'zz'; there are a, b"):
        compare_solutions({"a": CARD, "b": CARD})["zz"]


def test_a_date_without_the_day_to_read_it_on_says_so_beside_the_answer():
    undated = " ".join(score("innovation_indices", SOLD).explain("en").split())
    assert "give the day of launch (--on)" in undated
    assert "as_of in Python" in undated
    read = " ".join(score("innovation_indices", SOLD, as_of=DAY).explain("en").split())
    assert "give the day" not in read


def test_what_is_missing_says_how_many_points_it_can_add():
    words = " ".join(CARD.explain("fr").split()).replace("\N{NO-BREAK SPACE}", " ")
    assert "peut encore ajouter jusqu’à 3 points" in words
