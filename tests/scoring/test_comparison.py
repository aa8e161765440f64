"""Comparing: profiles side by side, an order only where it is certain, and the smallest change of one level that alters it."""

import pickle
from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from properties import examples
from qmi_rules.errors import DocumentError
from qmi_rules.scoring import ComparedSolutions, Relation, Scorecard, compare_solutions, score

AXES = (
    "experiment_deployed",
    "operational_ease",
    "commercial_traction",
    "financial_stability",
    "industrialisation_potential",
)


def card(*levels: int | None) -> Scorecard:
    return score("replicability", dict(zip(AXES, levels, strict=False)))


def relation(comparison: ComparedSolutions, first: str, second: str) -> str:
    return next(s.relation for s in comparison.standings if (s.first, s.second) == (first, second))


def test_an_order_is_given_only_where_every_completion_agrees() -> None:
    compared = compare_solutions(
        {"A": card(3, 3, 3, 3, 3), "B": card(3, 3, 3, 3), "C": card(1, 1, 1, 1, 1), "D": card(1, 1, 1, 1, 1)}
    )
    assert relation(compared, "A", "B") == Relation.UNDETERMINED
    assert relation(compared, "C", "D") == Relation.LEVEL
    assert relation(compared, "B", "C") == Relation.ABOVE


def test_two_intervals_that_touch_leave_the_order_open() -> None:
    touching = compare_solutions({"A": card(3, 3, 3, None, 0), "B": card(3, 3, 3, 0, 0)})
    assert relation(touching, "A", "B") == Relation.UNDETERMINED
    assert touching.standings[0].undecided_by == (("A", "financial_stability"),)
    apart = compare_solutions({"A": card(3, 3, 3, None, 1), "B": card(3, 3, 3, 0, 0)})
    assert relation(apart, "A", "B") == Relation.ABOVE


def test_an_open_order_names_the_axis_to_establish() -> None:
    text = compare_solutions({"Pelican": card(3, 3, 3, None, 0), "Floware": card(3, 3, 3, 1, 0)}).explain(
        "fr", "markdown"
    )
    assert "à établir d’abord\u00a0: «\u00a0Stabilité financière\u00a0» pour Pelican" in text


def test_the_smallest_change_that_alters_the_order() -> None:
    compared = compare_solutions({"A": card(3, 3, 3, 3, 3), "B": card(3, 3, 3, 3, 1)})
    assert {(c.name, c.criterion, c.level, c.other_level) for c in compared.smallest_changes} == {
        *(("A", axis, 3, 1) for axis in AXES),
        ("B", "industrialisation_potential", 1, 3),
    }
    assert {c.steps for c in compared.smallest_changes} == {2}
    assert "1 au lieu de 3" in compared.explain("fr")


def test_a_gap_that_no_single_axis_closes_is_said() -> None:
    compared = compare_solutions({"A": card(3, 3, 3, 3, 3), "B": card(0, 0, 0, 0, 0)})
    assert compared.smallest_changes == ()
    assert "Aucun changement sur un seul axe" in compared.explain("fr")


profile = st.tuples(*[st.one_of(st.integers(0, 3), st.none())] * 5)


def completions(levels: tuple[int | None, ...]) -> list[int]:
    return [sum(filling) for filling in product(*[range(4) if level is None else (level,) for level in levels])]


def naive_relation(first: tuple[int | None, ...], second: tuple[int | None, ...]) -> str:
    signs = {(a > b) - (a < b) for a, b in product(set(completions(first)), set(completions(second)))}
    return {1: "above", 0: "level", -1: "below"}[signs.pop()] if len(signs) == 1 else "undetermined"


@settings(max_examples=examples(60), deadline=None)
@given(st.lists(profile, min_size=2, max_size=3))
def test_standings_and_smallest_changes_agree_with_brute_force(profiles: list[tuple[int | None, ...]]) -> None:
    compared = compare_solutions({f"S{i}": card(*levels) for i, levels in enumerate(profiles)})
    for standing, (a, b) in zip(compared.standings, combinations(profiles, 2), strict=True):
        assert standing.relation == naive_relation(a, b)
    found: dict[tuple[str, str, int], int] = {}
    for i, levels in enumerate(profiles):
        for position, level in enumerate(levels):
            for other in range(4) if level is not None else ():
                changed = (*levels[:position], other, *levels[position + 1 :])
                others = [p for j, p in enumerate(profiles) if j != i]
                if any(naive_relation(changed, p) != naive_relation(levels, p) for p in others):
                    found[f"S{i}", AXES[position], other] = abs(other - (level or 0))
    least = min(found.values(), default=0)
    assert {(c.name, c.criterion, c.other_level) for c in compared.smallest_changes} == {
        k for k, v in found.items() if v == least
    }


def test_two_dates_of_one_solution_show_the_difference_axis_by_axis() -> None:
    compared = compare_solutions({"2025-03": card(1, 1, 1, 1, None), "2026-03": card(3, 1, 0, 1, 2)})
    assert compared.differing == ("experiment_deployed", "commercial_traction")
    text = compared.explain("fr")
    assert "+2" in text
    assert "-1" in text


def test_rubrics_that_add_nothing_up_are_compared_without_an_order() -> None:
    compared = compare_solutions(
        {"A": score("innovation_indices", {"patented": True}), "B": score("innovation_indices", {"patented": False})}
    )
    assert (compared.standings, compared.smallest_changes, compared.convention) == ((), (), False)
    assert compared.differing == ("patented",)
    assert "pas de classement" in compared.explain("fr")


def test_scorecards_of_different_rubrics_are_not_compared() -> None:
    with pytest.raises(DocumentError) as caught:
        compare_solutions({"A": card(1), "B": score("innovation_indices", {})})
    assert caught.value.problems[0].path == "B"


@pytest.mark.parametrize("count", [0, 1])
def test_a_comparison_needs_two(count: int) -> None:
    with pytest.raises(DocumentError, match="at least two"):
        compare_solutions({str(i): card(1) for i in range(count)})


def test_a_comparison_is_a_value() -> None:
    cards = {"A": card(3, 2), "B": card(2, 2)}
    assert pickle.loads(pickle.dumps(compare_solutions(cards))) == compare_solutions(cards)
    assert compare_solutions(cards)["A"] == cards["A"]
    assert "<meter " in compare_solutions(cards)._repr_html_()
    assert "above" in compare_solutions({"A": card(3, 3, 3, 3, 3), "B": card(0, 0, 0, 0, 0)}).explain("en")
    assert '"smallest_changes"' in compare_solutions(cards).to_json()


def test_names_are_never_markup() -> None:
    shown = compare_solutions({"<b>A</b>": card(1), "B": card(2)})._repr_html_()
    assert "<b>A" not in shown
