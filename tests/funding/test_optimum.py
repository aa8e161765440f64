"""The best plans against brute force: every way to give whole cents to a handful of wishes."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qmi_rules.errors import DocumentError
from qmi_rules.funding.optimum import (
    MOST_SHARES,
    Allocation,
    Bounds,
    Share,
    Wish,
    best_allocations,
    keeps,
    schemes_first,
)
from work import calls

FAMILIES = ("a", "b", "c")
wishes = st.lists(
    st.builds(
        Wish,
        name=st.just("x"),
        most=st.integers(0, 5),
        family=st.sampled_from(FAMILIES),
        fonds_de_concours=st.booleans(),
        given=st.booleans(),
        rank=st.integers(0, 3),
    ),
    max_size=4,
).map(
    lambda found: tuple(
        Wish(
            name=f"w{i}",
            most=wish.most,
            family=wish.family,
            scheme=None if wish.given else f"s{i}",
            fonds_de_concours=wish.fonds_de_concours,
            given=wish.given,
            rank=wish.rank,
        )
        for i, wish in enumerate(found)
    )
)


@st.composite
def bounds(draw):
    public = draw(st.integers(0, 14))
    joint = draw(st.sampled_from([(), (("a",),), (("a",), ("b",)), (("a", "b"),)]))
    alone = draw(
        st.sampled_from(
            [(), ((("s0",), ("a",)),), ((("s0", "s1"), ("a", "b")),), ((("s0",), ("b",)), (("s1",), ("c",)))]
        )
    )
    return Bounds(
        public=public,
        total=draw(st.integers(0, public)),
        joint=tuple((frozenset(families), draw(st.integers(0, 8))) for families in joint),
        alone=tuple((schemes, frozenset(families)) for schemes, families in alone),
        fonds_de_concours_binds=draw(st.booleans()),
    )


def every_plan(found, limits):
    """Naively: each wish brings from nothing to all of it."""
    for amounts in product(*(range(wish.most + 1) for wish in found)):
        plan = Allocation(tuple(Share(w, a) for w, a in zip(found, amounts, strict=True) if a))
        if keeps(plan, limits):
            yield plan


@given(wishes, bounds())
def test_no_admissible_plan_brings_more_and_none_as_much_with_fewer_files(found, limits):
    plans = best_allocations(found, limits)
    assert all(keeps(plan, limits) for plan in plans)
    most = {}
    for plan in every_plan(found, limits):
        most[plan.files] = max(most.get(plan.files, 0), plan.total)
    frontier = []
    for files in sorted(most):
        if not frontier or most[files] > frontier[-1][1]:
            frontier.append((files, most[files]))
    assert [(plan.files, plan.total) for plan in plans] == frontier[::-1]


@given(wishes, bounds(), st.randoms(use_true_random=False))
def test_the_order_of_wishes_is_irrelevant(found, limits, random):
    shuffled = list(found)
    random.shuffle(shuffled)
    as_sets = [sorted((s.wish.name, s.amount) for s in plan.shares) for plan in best_allocations(found, limits)]
    assert [sorted((s.wish.name, s.amount) for s in p.shares) for p in best_allocations(shuffled, limits)] == as_sets


@given(wishes, bounds())
def test_moving_the_cut_keeps_to_the_bounds(found, limits):
    best = best_allocations(found, limits)[0]
    moved = schemes_first(best, limits)
    assert keeps(moved, limits)
    assert moved.total <= best.total


def test_many_small_grants_are_no_burden():
    many = tuple(Wish(name=f"w{i}", most=i, given=True) for i in range(1, 101))
    plans = best_allocations(many, Bounds(public=5_050, total=4_000))
    assert plans[0].total == 4_000
    assert [plan.files for plan in plans[-2:]] == [1, 0]


def under_ceilings(count):
    """Wishes that each stand under a ceiling of their own: the plans to compare double with each."""
    found = tuple(Wish(name=f"w{i}", most=1_000 + i, family=f"f{i}", scheme=f"s{i}") for i in range(count))
    joint = tuple((frozenset({wish.family}), 900) for wish in found)
    return found, Bounds(public=10**9, total=700 * count, joint=joint)


def exclusive(count):
    """Schemes that each exclude the next one's family: the choices double with each."""
    found = tuple(Wish(name=f"w{i}", most=1_000, family=f"f{i}", scheme=f"s{i}") for i in range(count))
    alone = tuple(((f"s{i}",), frozenset({f"f{i + 1}"})) for i in range(count))
    return found, Bounds(public=10**9, total=700 * count, alone=alone)


@pytest.mark.parametrize(("few", "many"), [(under_ceilings(13), under_ceilings(14)), (exclusive(10), exclusive(60))])
def test_what_would_take_too_long_is_refused_with_its_number(few, many):
    assert best_allocations(*few)[0].total <= few[1].total

    def refused() -> None:
        with pytest.raises(
            DocumentError, match=f"at most {MOST_SHARES} shares .* got (229376|over 1000000000); ask for fewer"
        ):
            best_allocations(*many)

    assert calls(refused) < 10_000  # before any of them is worked out: 80 000 for the few
