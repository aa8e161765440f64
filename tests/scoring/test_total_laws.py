"""Laws of every total: monotone, bounded, an interval that is the minimum and maximum over all completions."""

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from properties import examples
from qmi_rules.schema import structure
from qmi_rules.scoring import Rubric, score

AXES = (
    "experiment_deployed",
    "operational_ease",
    "commercial_traction",
    "financial_stability",
    "industrialisation_potential",
)
levels = st.integers(0, 3)
partial = st.dictionaries(st.sampled_from(AXES), st.one_of(levels, st.none()))


@given(partial)
def test_the_interval_is_the_minimum_and_maximum_over_all_completions(answers: dict[str, int | None]) -> None:
    card = score("replicability", answers)
    known = {axis: level for axis, level in answers.items() if level is not None}
    open_axes = [axis for axis in AXES if axis not in known]
    totals = [sum(known.values()) + sum(filling) for filling in product(range(4), repeat=len(open_axes))]
    assert (card.low, card.high) == (min(totals), max(totals))
    assert set(card.missing) == set(open_axes)


@given(partial, st.sampled_from(AXES), levels)
def test_the_total_is_monotone_in_each_level_and_bounded(answers: dict[str, int | None], axis: str, level: int) -> None:
    low_card = score("replicability", answers | {axis: level})
    assert low_card.low is not None
    assert low_card.high is not None
    assert 0 <= low_card.low <= low_card.high <= 15
    if level < 3:
        higher = score("replicability", answers | {axis: level + 1})
        assert higher.low == low_card.low + 1
        assert higher.high == low_card.high + 1


@given(partial, st.randoms(use_true_random=False))
def test_the_order_of_answers_is_irrelevant(answers: dict[str, int | None], random: object) -> None:
    items = list(answers.items())
    random.shuffle(items)  # type: ignore[attr-defined]
    assert score("replicability", dict(items)) == score("replicability", answers)


@given(partial, st.sampled_from(AXES), levels)
def test_learning_an_axis_never_widens_the_interval(answers: dict[str, int | None], axis: str, level: int) -> None:
    before = score("replicability", {k: v for k, v in answers.items() if k != axis})
    after = score("replicability", answers | {axis: level})
    assert before.low is not None
    assert after.low is not None
    assert before.high is not None
    assert after.high is not None
    assert before.low <= after.low <= after.high <= before.high


@st.composite
def weighted_rubrics(draw: st.DrawFn) -> tuple[Rubric, dict[str, int]]:
    count = draw(st.integers(1, 4))
    weights = draw(st.lists(st.integers(0, 5), min_size=count, max_size=count).filter(any))
    tops = draw(st.lists(st.integers(1, 3), min_size=count, max_size=count))
    criteria = [
        {"id": f"c{i}", "label": f"c{i}", "kind": "mark", "highest": top, "weight": weight}
        for i, (weight, top) in enumerate(zip(weights, tops, strict=True))
    ]
    rubric = structure(
        {
            "id": "own",
            "title": "x",
            "owner": "x",
            "origin": "library",
            "notice": "x",
            "certainty": "confirmed",
            "total": {"convention": True, "label": "x"},
            "criteria": criteria,
        },
        Rubric,
    )
    answered = draw(st.sets(st.integers(0, count - 1)))
    return rubric, {f"c{i}": draw(st.integers(0, tops[i])) for i in answered}


@settings(max_examples=examples(60))
@given(weighted_rubrics())
def test_declared_weights_obey_the_same_law(case: tuple[Rubric, dict[str, int]]) -> None:
    rubric, answers = case
    card = score(rubric, answers)
    choices = [[answers[c.id]] if c.id in answers else range((c.top or 0) + 1) for c in rubric.criteria]
    totals = [
        sum(c.counted * n for c, n in zip(rubric.criteria, filling, strict=True)) for filling in product(*choices)
    ]
    assert (card.low, card.high) == (min(totals), max(totals))
    widths = {c.id: c.counted * (c.top or 0) for c in rubric.criteria}
    assert [widths[name] for name in card.missing] == sorted((widths[name] for name in card.missing), reverse=True)
