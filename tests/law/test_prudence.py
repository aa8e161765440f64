"""Prudence, proved: no procedure without competition is open on a value or a row that is not confirmed."""

from datetime import date
from decimal import Decimal

import pytest
from attrs import evolve

from qmi_rules.law import Certainty, Table, compare_law, default_table
from qmi_rules.model import Buyer, Purchase
from qmi_rules.procurement import decide
from qmi_rules.tables.frames import decide_frame
from small_law import small_table

CENT = Decimal("0.01")
SUPPLIES = "direct_award.supplies_services"
WORKS = "direct_award.works"
IN_2027 = date(2027, 5, 3)


def bought(amount, day=IN_2027, contract_type="works", **facts):
    return Purchase(
        title="x",
        launched_on=day,
        estimated_value=amount,
        contract_type=contract_type,
        buyer=Buyer(kind="commune"),
        **facts,
    )


def unsure(threshold, certainty=Certainty.SINGLE_SOURCE, **changes):
    """The small table with the last value of a series not confirmed."""
    table = small_table()
    series = table.thresholds[threshold]
    last = evolve(series.values[-1], certainty=certainty, **changes)
    return table.replace(thresholds=table.thresholds | {threshold: evolve(series, values=(*series.values[:-1], last))})


def without_rule_certainty(row):
    table = small_table()
    rules = [evolve(r, certainty=Certainty.SINGLE_SOURCE) if r.id == row else r for r in table.rules]
    return table.replace(rules=tuple(rules))


@pytest.mark.parametrize(
    ("amount", "status"),
    [("99999.99", "open"), ("100000", "undetermined"), ("130000", "undetermined"), ("139999.99", "undetermined"), ("140000", "closed")],
)  # fmt: skip
@pytest.mark.parametrize("table", [default_table(), small_table()], ids=["national", "small"])
def test_works_of_2027_between_the_last_confirmed_value_and_the_one_that_nobody_read(table, amount, status):
    option = decide(bought(amount), table)["direct_award"]
    assert option.status == status
    assert option.contested == ((WORKS,) if status == "undetermined" else ())
    assert option.doubts == ()


def test_the_last_confirmed_value_may_stand_further_back():
    """25 000 confirmed, 40 000 and 60 000 not: up to 25 000 it is open."""
    table = small_table()
    series = table.thresholds[SUPPLIES]
    values = [series.values[0], *(evolve(v, certainty=Certainty.UNVERIFIED) for v in series.values[1:])]
    table = table.replace(thresholds=table.thresholds | {SUPPLIES: evolve(series, values=values)})
    assert table.in_force(date(2026, 5, 1)).limit(SUPPLIES).amounts == (25_000, 60_000)


def test_where_nothing_was_ever_confirmed_nobody_is_freed():
    table = small_table()
    series = table.thresholds[SUPPLIES]
    values = [evolve(v, certainty=Certainty.UNVERIFIED) for v in series.values]
    table = table.replace(thresholds=table.thresholds | {SUPPLIES: evolve(series, values=values)})
    assert decide(bought(1, date(2026, 5, 1), "supplies"), table)["direct_award"].status == "undetermined"
    assert decide(bought(60_000, date(2026, 5, 1), "supplies"), table)["direct_award"].status == "closed"


def test_a_lower_value_that_nobody_confirmed_frees_no_more_than_the_one_before():
    table = unsure(SUPPLIES, amount=30_000)
    day = date(2026, 5, 1)
    statuses = [
        decide(bought(v, day, "supplies"), table)["direct_award"].status for v in (29_999, 30_000, 39_999, 40_000)
    ]
    assert statuses == ["open", "undetermined", "undetermined", "closed"]


def test_a_procedure_with_competition_stays_open_with_its_reservation():
    table = unsure("formal", amount=300_000, certainty=Certainty.UNVERIFIED)
    option = decide(bought(250_000, date(2026, 5, 1)), table)["adapted_procedure"]
    assert (option.status, [doubt.about for doubt in option.doubts]) == ("open", ["formal"])


def test_a_row_that_nobody_confirmed_opens_nothing_by_itself():
    table = without_rule_certainty("innovative_purchase-need")
    option = decide(bought(50_000, date(2026, 5, 1), innovative=True), table)["innovative_purchase"]
    assert (option.status, option.contested) == ("undetermined", ("innovative_purchase-need",))
    assert "règle connue d’une seule source" in option.explain("fr")
    assert decide(bought(50_000, date(2026, 5, 1), innovative=False), table)["innovative_purchase"].status == "closed"
    open_question = decide(bought(50_000, date(2026, 5, 1)), table)["innovative_purchase"]
    assert (open_question.missing, open_question.contested) == (("innovative",), ())


def test_frames_say_the_same_of_values_and_rows():
    pl = pytest.importorskip("polars")
    rows = without_rule_certainty("innovative_purchase-need")
    frame = pl.DataFrame(
        {
            "launched_on": [IN_2027, IN_2027, date(2026, 5, 1)],
            "estimated_value": [130_000, 99_999, 50_000],
            "contract_type": ["works", "works", "works"],
            "buyer_kind": ["commune"] * 3,
            "innovative": [False, False, True],
        }
    )
    got = decide_frame(frame, rows)
    assert got["status_direct_award"].to_list() == ["undetermined", "open", "open"]
    assert got["status_innovative_purchase"].to_list() == ["closed", "closed", "undetermined"]
    assert got["contested"].to_list() == [WORKS, "", "innovative_purchase-need"]


def test_compare_and_the_law_of_the_day_show_both_readings():
    result = compare_law(default_table(), date(2026, 12, 31), date(2027, 1, 1))
    assert {(r.before, r.after) for r in result.regions} == {("closed", "undetermined")}
    (cause,) = {cause for region in result.regions for cause in region.because}
    assert (cause.before, cause.after) == (("100000",), ("100000", "140000"))


def test_the_proof_finds_a_way_that_rests_on_unconfirmed_law_alone(monkeypatch):
    """The evaluator without its prudence: the proof reads certainty off the entries, and finds each way."""
    monkeypatch.setattr(Table, "prudence", {})
    table = small_table().replace(edition="imprudent")
    found = [(flaw.kind, flaw.rows, flaw.since) for flaw in table.check().flaws]
    assert found == [("unconfirmed", ("direct_award-works",), date(2027, 1, 1))]
    (flaw,) = table.check().flaws
    assert flaw.witness["estimated_value"] == 100_000
    monkeypatch.setattr(Table, "trusts", lambda self, row: True)
    rows = without_rule_certainty("innovative_purchase-need").replace(edition="imprudent")
    assert ("unconfirmed", ("innovative_purchase-need",)) in [(flaw.kind, flaw.rows) for flaw in rows.check().flaws]


@pytest.mark.slow
def test_with_it_no_table_breaks_the_proof():
    for table in (small_table(), unsure(SUPPLIES), without_rule_certainty("direct_award-works"), default_table()):
        assert not [flaw for flaw in table.check().flaws if flaw.kind == "unconfirmed"]
