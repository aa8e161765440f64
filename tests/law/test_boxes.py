"""The algebra of boxes agrees with counting and with membership, on every small box there is."""

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from qmi_rules.law import Condition, default_table
from qmi_rules.law.proving.boxes import Interval, Space, contains, intersect, subtract, uncovered

SPACE = {"a": frozenset("xyz"), "b": frozenset({True, False}), "n": Interval(Decimal(0), Decimal(6))}
CASES = [{"a": a, "b": b, "n": Decimal(n)} for a in "xyz" for b in (True, False) for n in range(6)]


@st.composite
def boxes(draw):
    box = {}
    if draw(st.booleans()):
        box["a"] = frozenset(draw(st.sets(st.sampled_from("xyz"), min_size=1)))
    if draw(st.booleans()):
        box["b"] = frozenset({draw(st.booleans())})
    if draw(st.booleans()):
        low, high = sorted(draw(st.lists(st.integers(0, 6), min_size=2, max_size=2, unique=True)))
        box["n"] = Interval(Decimal(low), Decimal(high))
    return box


def inside(box):
    return [case for case in CASES if contains(box, case)]


@given(boxes(), boxes())
def test_a_meeting_holds_the_cases_of_both(a, b):
    both = intersect(a, b)
    assert (inside(both) if both is not None else []) == [case for case in inside(a) if case in inside(b)]


@given(boxes(), boxes())
def test_what_is_left_holds_the_rest_once_each(a, b):
    left = [case for piece in subtract(a, b, SPACE) for case in inside(piece)]
    assert len(left) == len({str(case) for case in left})
    assert sorted(map(str, left)) == sorted(str(case) for case in inside(a) if case not in inside(b))


@given(boxes(), st.lists(boxes(), max_size=5))
def test_nothing_is_uncovered_exactly_where_the_covers_hold_everything(a, covers):
    left = [case for piece in uncovered(a, covers, SPACE) for case in inside(piece)]
    expected = [case for case in inside(a) if not any(contains(cover, case) for cover in covers)]
    assert sorted(map(str, left)) == sorted(map(str, expected))


def test_limits_lie_on_the_grid_of_their_unit():
    law = default_table().in_force(date(2026, 5, 4))
    space = Space(law, lots=True)
    rule = law.rules_of("direct_award")[0]
    world = {"direct_award.supplies_services": Decimal(60_000), "small_lots.share": Decimal("0.2")}

    def interval(fact, **edge):
        row = rule.__class__(
            **{
                name: getattr(rule, name)
                for name in ("id", "procedure", "legal_basis", "source", "published_on", "effective_from", "certainty")
            },
            when=(Condition(fact=fact, **edge),),
        )
        return space.box(row, world)[fact]

    name = "direct_award.supplies_services"
    assert interval("estimated_value", below=name).high == 60_000
    assert interval("estimated_value", at_most=name).high == Decimal("60000.01")
    assert interval("estimated_value", from_=name).low == 60_000
    assert interval("estimated_value", above=name).low == Decimal("60000.01")
    share = interval("small_lots_share", at_most="small_lots.share")
    assert Decimal("0.2") in share
    assert Decimal("0.2") + Decimal("1e-19") not in share


def test_the_smallest_case_of_a_lot_is_no_larger_than_its_whole():
    law = default_table().in_force(date(2026, 5, 4))
    space = Space(law, lots=True)
    case = space.witness({"lot_value": Interval(Decimal(60_000), Decimal(80_000))})
    assert case["lot_value"] == case["estimated_value"] == 60_000
