"""Whatever a document holds, the answer is a scorecard or a `DocumentError` with paths; nothing else leaks."""

from datetime import date, timedelta
from decimal import Decimal
from types import MappingProxyType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from properties import examples
from qmi_rules.errors import DocumentError, Problem
from qmi_rules.law import default_table
from qmi_rules.model.solution import CriterionAnswer, read_answers
from qmi_rules.schema import from_json, to_json
from qmi_rules.scoring import Scorecard, rubrics, score
from qmi_rules.scoring.note import GUARD_RAILS, statements

leaves = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 200),
    st.decimals(-3, 9),
    st.floats(),
    st.text(max_size=12),
    st.just("2024-02-29"),
)
values = st.recursive(
    leaves,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=8), inner, max_size=3)),
    max_leaves=6,
)
ids = sorted({c.id for rubric in rubrics().values() for c in rubric.criteria})
answers = st.dictionaries(
    st.one_of(st.sampled_from(ids), st.text(max_size=8)),
    st.one_of(
        values, st.fixed_dictionaries({"level": values}, optional={"source": leaves, "on": leaves, "evidence": leaves})
    ),
    max_size=4,
)


@settings(max_examples=examples(150), deadline=None)
@given(st.sampled_from(sorted(rubrics())), answers)
def test_only_document_errors_leak(rubric: str, given_answers: dict[str, object]) -> None:
    problems: tuple[Problem, ...] = ()
    try:
        card = score(rubric, given_answers)
    except DocumentError as error:
        problems = error.problems
        card = None
    assert (card is None) == bool(problems)
    assert all(problem.message for problem in problems)
    if card is not None:
        assert isinstance(card, Scorecard)
        assert card.explain("fr")
        assert card.explain("en", "html")
        assert card.to_json()


@settings(max_examples=examples(50), deadline=None)
@given(st.sampled_from(ids), st.text(min_size=1, max_size=60).filter(lambda t: t.strip() and "\0" not in t))
def test_any_words_of_evidence_come_out_as_text(criterion: str, words: str) -> None:
    answer = (
        CriterionAnswer(evidence=words) if not any(0xD800 <= ord(c) <= 0xDFFF for c in words) else CriterionAnswer()
    )
    rubric = next(r for r in rubrics().values() if any(c.id == criterion for c in r.criteria))
    card = score(rubric, {criterion: answer})
    assert card.explain("fr", "html").count("<script") == 0
    assert card[criterion].evidence == answer.evidence


def test_every_mapping_is_taken_and_answers_travel_as_json() -> None:
    answer = CriterionAnswer(level=2, source="https://example.org", by="x")
    assert from_json(to_json(answer), CriterionAnswer) == answer
    assert from_json("2", CriterionAnswer) == CriterionAnswer(level=2)
    assert read_answers(MappingProxyType({"a": 2})) == {"a": CriterionAnswer(level=2)}


@pytest.mark.parametrize("level", [2.5, Decimal("2.5"), {"x": 1}, [1], ["a", ""], "", "x" * 201, b"2"])
def test_a_level_of_no_known_kind_is_refused(level: object) -> None:
    with pytest.raises(DocumentError) as caught:
        CriterionAnswer(level=level)
    assert caught.value.problems[0].path == "level"


def test_every_statement_of_law_cites_a_source_that_the_table_has() -> None:
    table = default_table()
    for statement in statements():
        assert {statement.legal_basis, *statement.see} <= table.sources.keys(), statement.id


def test_each_guard_rail_has_one_text_for_every_day_without_gap_or_overlap() -> None:
    end_of_time = date(2100, 12, 31)
    for subject in GUARD_RAILS:
        spans = sorted(
            (s.effective_from, s.effective_until or end_of_time) for s in statements() if s.subject == subject
        )
        assert [later[0] for later in spans[1:]] == [earlier[1] + timedelta(days=1) for earlier in spans[:-1]]
