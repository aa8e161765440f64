"""The guide's amounts against the law of a day, the day before and the day after each change."""

import json
import pickle
from datetime import date
from decimal import Decimal

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qmi_rules.errors import DocumentError, UnknownReferenceError
from qmi_rules.guide import Agreement, ComparedFigure, Edge, Guide, default_guide, guide_against_law
from qmi_rules.law import Certainty, Table, Threshold, default_table
from qmi_rules.pages import Language, to_text
from qmi_rules.schema import structure

SUPPLIES, WORKS, INNOVATIVE = "direct_award.supplies_services", "direct_award.works", "innovative_purchase"


def _one(on: date, figure: str, threshold: str, known_on: date | None = None) -> ComparedFigure:
    return next(
        comparison
        for comparison in guide_against_law(on, known_on=known_on)
        if (comparison.figure, comparison.threshold) == (figure, threshold)
    )


@pytest.mark.parametrize(
    ("on", "figure", "threshold", "verdict"),
    [
        (date(2019, 12, 31), "below_40k", SUPPLIES, Agreement.AHEAD),
        (date(2020, 1, 1), "below_40k", SUPPLIES, Agreement.AGREES),
        (date(2026, 3, 31), "below_40k", SUPPLIES, Agreement.AGREES),
        (date(2026, 4, 1), "below_40k", SUPPLIES, Agreement.BEHIND),
        (date(2026, 3, 31), "above_40k", SUPPLIES, Agreement.AGREES),
        (date(2026, 4, 1), "above_40k", SUPPLIES, Agreement.BEHIND),
        (date(2020, 7, 23), "below_40k", WORKS, Agreement.AGREES),
        (date(2020, 7, 24), "below_40k", WORKS, Agreement.BEHIND),
        (date(2026, 12, 31), "above_40k", WORKS, Agreement.BEHIND),
        (date(2018, 12, 1), "innovative_below_100k", INNOVATIVE, Agreement.NOT_KNOWN),
        (date(2018, 12, 26), "innovative_below_100k", INNOVATIVE, Agreement.CONTESTED),
        (date(2018, 12, 27), "innovative_below_100k", INNOVATIVE, Agreement.AGREES),
        (date(2026, 6, 30), "innovative_below_100k", INNOVATIVE, Agreement.AGREES),
        (date(2026, 7, 1), "innovative_below_100k", INNOVATIVE, Agreement.CONTESTED),
        (date(2026, 6, 30), "innovative_exactly_100k", INNOVATIVE, Agreement.OPEN_AT_THE_EDGE),
        (date(2026, 7, 1), "innovative_exactly_100k", INNOVATIVE, Agreement.CONTESTED),
        (date(2010, 1, 1), "exactly_40k", SUPPLIES, Agreement.NOT_KNOWN),
    ],
)
def test_the_verdict_changes_on_the_day_the_law_does(on: date, figure: str, threshold: str, verdict: Agreement):
    assert _one(on, figure, threshold).verdict is verdict


@pytest.mark.parametrize(("on", "dispensed"), [(date(2026, 3, 31), False), (date(2026, 4, 1), True)])
def test_exactly_40_000_is_open_in_the_guide_and_decided_by_the_law(on: date, dispensed: bool):
    comparison = _one(on, "exactly_40k", SUPPLIES)
    assert comparison.verdict is Agreement.OPEN_AT_THE_EDGE
    assert comparison.dispensed is dispensed


def test_a_comparison_cites_the_value_its_dates_and_its_article():
    comparison = _one(date(2026, 12, 1), "below_40k", SUPPLIES)
    assert (comparison.amount, comparison.law_amounts) == (Decimal(40_000), (Decimal(60_000),))
    assert comparison.since == date(2026, 4, 1)
    assert comparison.certainty is Certainty.CONFIRMED
    assert [source.article for source in comparison.legal_basis] == ["R2122-8"]


def test_a_contested_figure_shows_both_readings_with_their_texts():
    comparison = _one(date(2026, 12, 1), "innovative_below_100k", INNOVATIVE)
    assert comparison.law_amounts == (Decimal(100_000), Decimal(140_000))
    assert len(comparison.legal_basis) == 2
    assert comparison.dispensed is None


def test_a_law_that_is_not_verified_is_shown_as_such():
    comparison = _one(date(2027, 1, 1), "below_40k", WORKS)
    assert (comparison.verdict, comparison.certainty) == (Agreement.BEHIND, Certainty.UNVERIFIED)
    assert "140 000 € (non vérifié sur le texte officiel)" in _plain(guide_against_law(date(2027, 1, 1)).explain("fr"))


def test_what_nobody_could_know_yet_does_not_count():
    on = date(2026, 4, 1)
    assert _one(on, "below_40k", SUPPLIES, known_on=date(2025, 11, 1)).verdict is Agreement.AGREES
    assert _one(on, "below_40k", SUPPLIES, known_on=date(2026, 1, 15)).verdict is Agreement.BEHIND


def _plain(text: str) -> str:
    return " ".join(text.split())


def test_it_explains_itself_in_both_languages_with_the_disclaimer(english: Language):
    result = guide_against_law(date(2026, 12, 1))
    french = _plain(result.explain("fr"))
    assert "Le guide face à la loi du 1er décembre 2026" in french
    assert "60 000 €" in french
    assert "en retard sur la loi" in french
    assert "les sources ne s’accordent pas" in french
    assert "Avertissement" in french
    shown = to_text(result.page(english))
    assert "behind the law" in shown
    assert "Disclaimer" in shown


def test_it_travels_as_json_and_pickles():
    result = guide_against_law(date(2026, 12, 1))
    document = json.loads(result.to_json())
    first = document["comparisons"][0]
    assert first["verdict"] == "behind"
    assert document["sources"][first["legal_basis"][0]]["article"] == "R2122-8"
    assert pickle.loads(pickle.dumps(result)) == result
    assert len(result) == len(list(result)) == 8


@pytest.mark.parametrize("on", ["2026-12-01", None, date(1900, 1, 1)])
def test_a_day_that_is_none_is_refused(on: object):
    with pytest.raises(DocumentError):
        guide_against_law(on)


def test_a_threshold_that_the_table_does_not_declare_is_named(guide: Guide):
    figure = attrs.evolve(guide.figures[0], thresholds=("tea",))
    with pytest.raises(UnknownReferenceError, match="tea"):
        guide_against_law(date(2026, 12, 1), guide=attrs.evolve(guide, figures=(figure,)))


# --- against a naive oracle: what the guide and the law say of needs, one cent around every amount


def _table(amounts: list[int]) -> Table:
    """The package's table with one threshold of our making, contested where there are several amounts."""
    value = {
        "legal_basis": "ccp-r2122-8",
        "source": "test",
        "published_on": "2019-12-01",
        "effective_from": "2020-01-01",
        "certainty": "confirmed",
    }
    if len(amounts) == 1:
        value["amount"] = amounts[0]
    else:
        value["readings"] = [{"amount": amount, "legal_basis": "ccp-r2122-8"} for amount in amounts]
    threshold = structure({"id": SUPPLIES, "label": "Essai", "values": [value]}, Threshold)
    table = default_table()
    return table.replace(thresholds={**table.thresholds, SUPPLIES: threshold})


def _guide_says(edge: Edge, amount: Decimal, need: Decimal) -> bool | None:
    """Whether the guide dispenses a need; None where the figure says nothing of it."""
    match edge:
        case Edge.BELOW if need < amount:
            return True
        case Edge.ABOVE if need > amount:
            return False
    return None


def _oracle(edge: Edge, amount: Decimal, readings: list[int]) -> Agreement:
    cent = Decimal("0.01")
    seen = set()
    for reading in readings:
        probes = {x + d for x in (amount, Decimal(reading)) for d in (-cent, 0, cent)}
        if edge is Edge.EXACTLY:
            seen.add((Agreement.OPEN_AT_THE_EDGE, amount < reading))
            continue
        # A figure is the whole claim "dispensed below" or "bound above": both sides of its amount are held against the law.
        wrong_below = any(_guide_says(Edge.BELOW, amount, need) is True and need >= reading for need in probes)
        wrong_above = any(_guide_says(Edge.ABOVE, amount, need) is False and need < reading for need in probes)
        seen.add((Agreement.AHEAD if wrong_below else Agreement.BEHIND if wrong_above else Agreement.AGREES, None))
    return seen.pop()[0] if len(seen) == 1 else Agreement.CONTESTED


@given(
    st.sampled_from(Edge),
    st.integers(39_998, 40_002) | st.integers(1, 200_000),
    st.lists(st.integers(39_998, 40_002) | st.integers(1, 200_000), min_size=1, max_size=3, unique=True),
)
def test_verdicts_agree_with_a_naive_reading(edge: Edge, amount: int, readings: list[int]):
    guide = default_guide()
    figure = attrs.evolve(guide.figures[0], edge=edge, amount=amount, thresholds=(SUPPLIES,))
    (comparison,) = guide_against_law(date(2026, 1, 1), _table(readings), guide=attrs.evolve(guide, figures=(figure,)))
    assert comparison.verdict is _oracle(edge, Decimal(amount), readings)


@given(st.dates(date(2011, 1, 1), date(2030, 12, 31)))
def test_every_day_has_a_verdict_for_every_figure(on: date):
    result = guide_against_law(on)
    law = default_table().in_force(on)
    for comparison in result:
        assert comparison.law_amounts == law.limit(comparison.threshold).amounts
        assert (comparison.verdict is Agreement.NOT_KNOWN) == (not comparison.law_amounts)
        assert len(comparison.legal_basis) == len(comparison.law_amounts)
