"""What would change the answer: each change works, none is too big, none goes through what a buyer may not choose."""

from datetime import date
from decimal import Decimal

import pytest
from around import documents
from hypothesis import given, settings
from hypothesis import strategies as st

from oracle import Oracle, cases_of
from properties import examples
from qmi_rules.law import default_table
from qmi_rules.model import Buyer, Lot, Purchase
from qmi_rules.procurement import decide, timeline, what_if
from qmi_rules.schema import structure
from small_law import small_table

ORACLE = Oracle()
TABLE = default_table()
GIVEN = {b.fact for b in TABLE.bearings if b.choice == "given"}
PROCEDURES = [p for p in TABLE.procedures if p != "central_purchasing_body"]


def purchase(**changes):
    given = {
        "title": "x",
        "launched_on": date(2026, 3, 15),
        "contract_type": "supplies",
        "buyer": Buyer(kind="commune"),
    }
    return Purchase(**{**given, **changes})


def only(change):
    (alteration,) = change.alterations
    return alteration


def test_a_cent_less_opens_with_the_article_and_the_warning_against_splitting():
    result = what_if(purchase(estimated_value=60_000, launched_on=date(2026, 4, 2)), "direct_award", small_table())
    change = result.opens[0]
    assert (only(change).distance, only(change).after) == (Decimal("0.01"), Decimal("59999.99"))
    assert change.legal_basis.article == "R2122-8"
    assert only(change).note_basis.article == "R2121-4"
    assert "0,01" in result.explain("fr")
    assert "R.\u00a02121-4" in result.explain("fr")
    assert "R.\u00a02121-4" in result.explain("en")


def test_a_later_launch_opens():
    result = what_if(purchase(estimated_value=45_000), "direct_award")
    assert (only(result.opens[0]).fact, only(result.opens[0]).after) == ("launched_on", date(2026, 4, 1))
    assert only(result.opens[1]).after == Decimal("39999.99")


def test_the_innovative_character_may_be_established_while_nobody_answered():
    result = what_if(purchase(estimated_value=85_000, contract_type="services"), "innovative_purchase")
    first = only(result.opens[0])
    assert (first.fact, first.after, first.choice) == ("innovative", True, "established")
    assert "R.\u00a02122-9-1" in result.explain()


def test_a_fact_once_answered_is_not_changed_to_obtain_a_procedure():
    result = what_if(purchase(estimated_value=85_000, innovative=False), "innovative_purchase")
    assert all("innovative" not in {a.fact for a in change.alterations} for change in result.opens)
    assert [barred.fact for barred in result.barred] == ["innovative"]


@pytest.mark.parametrize("procedure", ["extreme_urgency", "no_tender_received", "exclusive_rights", "books"])
def test_no_advice_goes_through_circumstances(procedure):
    result = what_if(purchase(estimated_value=300_000), procedure)
    assert result.opens == ()
    assert result.barred


def test_what_closes_an_open_procedure_is_found_too():
    result = what_if(purchase(estimated_value=30_000), "direct_award")
    assert result.opens == ()
    assert only(result.closes[0]).after == Decimal(40_000)


def test_the_two_readings_ask_for_the_surer_one():
    result = what_if(
        purchase(estimated_value=110_000, innovative=True, launched_on=date(2026, 8, 1)), "innovative_purchase"
    )
    assert only(result.opens[0]).after == Decimal("99999.99")
    assert {only(change).after for change in result.closes} == {Decimal(140_000), False, date(2026, 6, 30)}


def test_a_lot_may_be_asked_about():
    lots = (Lot(id="a", estimated_value=60_000, small_lot=True), Lot(id="b", estimated_value=400_000, small_lot=False))
    result = what_if(purchase(lots=lots, launched_on=date(2026, 5, 4)), "direct_award", lot="a")
    assert Decimal("59999.99") in {only(change).after for change in result.opens}


def test_an_unknown_procedure_or_lot_is_said():
    with pytest.raises(KeyError, match="no procedure"):
        what_if(purchase(), "gre_a_gre")
    with pytest.raises(KeyError, match="no lot"):
        what_if(purchase(), "direct_award", lot="7")


def altered(case, day, alterations):
    facts = {f["path"] if f.get("path") else f["id"]: f["id"] for f in TABLE_FACTS if not f.get("lot")}
    changed = {**case, **{facts[a.fact]: a.after for a in alterations if a.fact != "launched_on"}}
    return changed, next((a.after for a in alterations if a.fact == "launched_on"), day)


TABLE_FACTS = ORACLE.tables["facts"]


@settings(max_examples=examples(120), deadline=None)
@given(documents(lots=False), st.sampled_from(PROCEDURES))
def test_every_change_works_and_no_part_of_it_is_needless(document, procedure):
    asked = structure(document, Purchase)
    case, _ = cases_of(document)
    result = what_if(asked, procedure)
    for wanted, changes in (("open", result.opens), ("closed", result.closes)):
        for change in changes:
            assert ORACLE.status(procedure, *altered(case, asked.launched_on, change.alterations)) == wanted
            for i in range(len(change.alterations)):
                fewer = change.alterations[:i] + change.alterations[i + 1 :]
                assert ORACLE.status(procedure, *altered(case, asked.launched_on, fewer)) != wanted
    assert not GIVEN & {a.fact for change in result.opens for a in change.alterations}
    assert bool(result.opens) <= (result.status != "open")
    assert bool(result.closes) <= (result.status != "closed")


@settings(max_examples=examples(60), deadline=None)
@given(documents())
def test_the_timeline_says_of_every_span_what_decide_says(document):
    asked = structure(document, Purchase)
    line = timeline(asked)
    for earlier, later in zip(line.spans, line.spans[1:], strict=False):
        assert later.turns
        assert (later.since - earlier.until).days == 1
    for span in line.spans:
        for day in filter(None, (span.since, span.until)):
            decision = decide(asked.evolve(launched_on=day))
            options = (*decision.options, *decision.arrangements)
            assert span.open == tuple(o.procedure for o in options if o.status == "open")
            assert span.undetermined == tuple(o.procedure for o in options if o.status == "undetermined")


def test_the_timeline_names_the_text_of_each_turn():
    line = timeline(purchase(estimated_value=45_000))
    span = line.on(date(2026, 4, 1))
    (turn,) = [turn for turn in span.turns if turn.procedure == "direct_award"]
    assert (turn.before, turn.after) == ("closed", "open")
    assert turn.because[0].source.article == "R2122-8"
    assert turn.because[0].published_on == date(2025, 12, 30)
    assert "40 000" in line.explain("fr").replace("\u202f", " ")
    assert line.to_json()
