"""Two laws compared: each region's witness differs as it says, everything that differs is in a region, the text is named."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from around import DAYS, documents
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from oracle import Oracle, cases_of
from properties import examples
from qmi_rules.law import Certainty, compare_law, default_table, load_table
from small_law import small_table

ORACLE = Oracle()
TABLE = default_table()


def test_the_decree_of_2026_changes_supplies_and_services_only():
    result = compare_law(TABLE, date(2026, 3, 31), date(2026, 4, 1))
    whole = [region for region in result.regions if not region.lots]
    (region,) = whole
    assert (region.procedure, region.before, region.after) == ("direct_award", "closed", "open")
    assert region.box == {
        "contract_type": ["services", "supplies"],
        "estimated_value": {"from": "40000", "below": "60000"},
    }
    assert region.witness["estimated_value"] == 40_000
    assert region.because[0].source.article == "R2122-8"
    assert "R.\u00a02122-8" in result.explain("fr")
    assert "R.\u00a02122-8" in result.explain("en")
    assert json.loads(result.to_json())["regions"][0]["procedure"] == "direct_award"


def test_nothing_differs_between_two_days_of_one_span():
    result = compare_law(TABLE, date(2026, 4, 2), date(2026, 4, 3))
    assert result.regions == ()
    assert result.explain()


def inside(box, case):
    for fact, part in box.items():
        value = case.get(fact)
        if isinstance(part, dict):
            if not Decimal(part["from"]) <= Decimal(value) < Decimal(part["below"]):
                return False
        elif value not in part:
            return False
    return True


@settings(max_examples=examples(40), deadline=None)
@given(st.sampled_from(DAYS), st.sampled_from(DAYS))
def test_every_witness_differs_as_its_region_says(before, after):
    for region in compare_law(TABLE, before, after).regions:
        case = region.witness
        assert ORACLE.status(region.procedure, case, before) == region.before
        assert ORACLE.status(region.procedure, case, after) == region.after
        assert inside(region.box, case)
        assert region.because


@settings(max_examples=examples(50), deadline=None)
@given(documents(lots=False), st.sampled_from(DAYS), st.sampled_from(DAYS))
def test_every_case_that_differs_is_in_a_region(document, before, after):
    case, _ = cases_of(document)
    case = {fact: case.get(fact) for fact in ORACLE.facts}
    filled = {
        f: False for f, d in ORACLE.facts.items() if d["kind"] == "truth" and case[f] is None and not d.get("lot")
    }
    # a comparison speaks of cases with every fact filled: an ordinary contract, where the document says nothing else
    filled |= {f: d["presumed_choice"] for f, d in ORACLE.facts.items() if d.get("presumed_choice") and case[f] is None}
    case |= filled | {"contract_type": case["contract_type"] or "works", "buyer_kind": case["buyer_kind"] or "region"}
    case["estimated_value"] = case["estimated_value"] or Decimal(0)
    if (
        case["instrument"] != "contract"
    ):  # an act of which the table says nothing has no answer to compare, whatever the day
        answers = {ORACLE.status(procedure, case, day) for procedure in TABLE.procedures for day in (before, after)}
        assert answers == {"undetermined"}
        return
    regions = [region for region in compare_law(TABLE, before, after).regions if not region.lots]
    for procedure in TABLE.procedures:
        here, there = (ORACLE.status(procedure, case, day) for day in (before, after))
        found = [r for r in regions if r.procedure == procedure and inside(r.box, case)]
        assert [(r.before, r.after) for r in found] == ([(here, there)] if here != there else [])


def test_two_tables_are_compared_on_one_day():
    kept = tuple(rule for rule in TABLE.rules if rule.id != "books-need")
    result = compare_law(
        TABLE, date(2026, 5, 4), date(2026, 5, 4), other=TABLE.replace(rules=kept, edition="sans livres")
    )
    assert {region.procedure for region in result.regions} == {"books"}
    assert {(region.before, region.after) for region in result.regions} == {("open", "closed")}
    assert result.regions[0].because[0].code == "ends"
    assert "sans livres" in result.explain()


def test_a_procedure_that_only_one_edition_declares_is_closed_in_the_other():
    without = TABLE.replace(
        procedures={name: p for name, p in TABLE.procedures.items() if name != "books"},
        rules=tuple(rule for rule in TABLE.rules if rule.procedure != "books"),
        cautions=(),
        duty_rows=(),
        declared=(),
    )
    day = date(2026, 5, 4)
    lost, gained = compare_law(TABLE, day, day, other=without), compare_law(without, day, day, other=TABLE)
    assert {(r.procedure, r.before, r.after) for r in lost.regions} == {("books", "open", "closed")}
    assert {(r.procedure, r.before, r.after) for r in gained.regions} == {("books", "closed", "open")}
    assert lost.regions[0].because[0].code == "ends"
    assert gained.regions[0].because[0].code == "begins"
    assert lost.explain()


LOCAL = Path(__file__).parents[2] / "examples" / "regles-locales.toml"


def test_a_local_table_is_compared_with_the_national_one_and_its_act_is_the_cause():
    local = load_table(LOCAL).over(TABLE)
    day = date(2026, 5, 4)
    result = compare_law(TABLE, day, day, other=local)
    assert {(region.before, region.after) for region in result.regions} == {("open", "closed")}
    causes = {(cause.code, cause.source.id) for region in result.regions for cause in region.because}
    assert causes == {("tightened", "deliberation-2026-014")}
    assert compare_law(local, day, day).regions == ()


@pytest.mark.slow
def test_a_table_with_local_rules_is_proved_and_says_which_national_rows_they_make_needless():
    proof = load_table(LOCAL).over(TABLE).check()
    assert proof.holds
    needless = [flaw for flaw in proof.declared if flaw.kind in ("never_fires", "subsumed")]
    assert needless
    assert all("locale" in flaw.excused for flaw in needless)


@pytest.mark.parametrize("known_on", [date(2025, 11, 15), None])
def test_what_could_be_known_limits_the_comparison(known_on):
    result = compare_law(TABLE, date(2026, 3, 31), date(2026, 4, 1), known_on=known_on)
    assert bool(result.regions) is (known_on is None)


def unsure(certainty="unverified"):
    """The small table, its formal threshold of 2026 raised to 300 000 by a text that nobody read."""
    table = small_table()
    series = table.thresholds["formal"]
    last = evolve(series.values[-1], amount=300_000, certainty=Certainty(certainty))
    return table.replace(thresholds=table.thresholds | {"formal": evolve(series, values=(*series.values[:-1], last))})


def test_a_value_that_nobody_confirmed_keeps_its_reservation():
    result = compare_law(unsure(), date(2025, 12, 31), date(2026, 1, 1))
    (region,) = [region for region in result.regions if region.procedure == "adapted_procedure"]
    assert (region.before, region.after) == ("closed", "open")
    assert [(doubt.about, doubt.certainty) for doubt in region.reservations] == [("formal", "unverified")]
    documents = [r for r in json.loads(result.to_json())["regions"] if r["procedure"] == "adapted_procedure"]
    assert [d["about"] for document in documents for d in document["reservations"]] == ["formal"]
    assert "non vérifié sur le texte officiel" in result.explain("fr", "markdown")
    assert "subject to verification" in result.explain("en", "markdown")


def test_a_region_that_only_its_upper_cases_doubt_says_so():
    """From 0 to 300 000: up to 214 000 a confirmed value would open it too."""
    result = compare_law(unsure(), date(2019, 3, 31), date(2026, 1, 1))
    (region,) = [
        region for region in result.regions if region.procedure == "adapted_procedure" and region.after == "open"
    ]
    assert region.box == {"estimated_value": {"from": "0", "below": "300000"}}
    assert [doubt.about for doubt in region.reservations] == ["formal"]


def test_what_is_confirmed_has_no_reservation():
    assert not any(region.reservations for region in compare_law(TABLE, date(2026, 3, 31), date(2026, 4, 1)).regions)
