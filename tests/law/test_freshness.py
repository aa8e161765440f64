"""What to verify on a day: contested and unverified values, ends without successor, a review too old."""

from datetime import date, timedelta

import pytest
from attrs import evolve
from dateutil.relativedelta import relativedelta

from qmi_rules.law import default_table, stale
from small_law import small_table

TABLE = small_table()


def reasons(on, months=12, table=TABLE):
    return {(entry.reason, entry.id) for entry in stale(table, on, months).entries}


def test_the_two_readings_of_2026_are_to_be_verified_first():
    report = stale(TABLE, date(2026, 11, 24))
    assert report.entries[0].reason == "contested"
    assert ("contested", "innovative_purchase") in reasons(date(2026, 11, 24))
    assert report.entries[0].source is not None
    assert "2026-403" in report.explain("fr")
    assert report.explain("en")
    assert report.to_json()


def test_the_works_limit_of_2027_is_to_be_verified_as_soon_as_it_comes_near():
    assert ("unverified", "direct_award.works") in reasons(date(2026, 11, 24))
    assert ("unverified", "direct_award.works") not in reasons(date(2026, 11, 24), months=1)


def test_european_thresholds_end_without_successor():
    day = date(2027, 12, 31)
    assert ("ends", "formal") in reasons(date(2026, 12, 31))
    assert ("ends", "formal") not in reasons(date(2026, 12, 30))
    assert ("ends", "formal") in reasons(day)
    assert ("ended", "formal") in reasons(day + timedelta(days=1))


def test_an_end_that_nothing_needs_is_no_matter():
    series = TABLE.thresholds["formal"]
    unused = TABLE.replace(thresholds=TABLE.thresholds | {"unused": evolve(series, id="unused")})
    day = date(2027, 12, 1)
    assert reasons(day, table=unused) == reasons(day)


def test_a_confirmed_value_is_not_listed():
    listed = {name for _, name in reasons(date(2026, 11, 24))}
    assert "documents_on_buyer_profile" not in listed
    assert "direct_award.supplies_services" not in listed


def test_an_old_review_is_pointed_out():
    reviewed = TABLE.reviewed_on
    last = reviewed + relativedelta(months=12)
    assert ("not_reviewed", "table") not in reasons(last)
    assert ("not_reviewed", "table") in reasons(last + timedelta(days=1))
    assert ("not_reviewed", "table") in reasons(reviewed, table=evolve(TABLE, reviewed_on=None))


@pytest.mark.parametrize(
    ("reviewed", "months", "last"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),  # no 31 February: the last day of the month
        (date(2026, 2, 28), 1, date(2026, 3, 28)),
        (date(2026, 6, 30), 8, date(2027, 2, 28)),
        (date(2026, 1, 1), 1, date(2026, 2, 1)),  # 31 days: thirty of them would say 31 January
        (date(2026, 11, 24), 0, date(2026, 11, 24)),
    ],
)
def test_a_month_is_a_calendar_month_and_its_last_day_counts(reviewed, months, last):
    table = evolve(TABLE, reviewed_on=reviewed)
    assert ("not_reviewed", "table") not in reasons(last, months, table)
    assert ("not_reviewed", "table") in reasons(last + timedelta(days=1), months, table)


def test_an_end_on_the_last_day_of_the_months_ahead_is_listed():
    assert ("ends", "formal") in reasons(date(2027, 11, 30), 1, ending(date(2027, 12, 30)))
    assert ("ends", "formal") not in reasons(date(2027, 11, 30), 1, ending(date(2027, 12, 31)))


def ending(day):
    """The table with the last European value of works ending on a day."""
    series = TABLE.thresholds["formal"]
    last = evolve(series.values[-1], effective_until=day)
    return TABLE.replace(thresholds=TABLE.thresholds | {"formal": evolve(series, values=(*series.values[:-1], last))})


def test_articles_read_long_ago_and_those_without_identifier_are_named():
    def named(on, reason, months=12):
        return {name for why, name in reasons(on, months, default_table()) if why == reason}

    assert "ccp-r2122-8" not in named(date(2027, 10, 6), "read_long_ago")  # read on 2026-10-06: the last day counts
    assert "ccp-r2122-8" in named(date(2027, 10, 7), "read_long_ago")
    assert "ccp-r2122-8" in named(date(2026, 11, 7), "read_long_ago", months=1)
    without = named(date(2026, 11, 24), "no_identifier")
    assert "ccp-r2122-9" in without
    assert "ccp-r2122-8" not in without
    # in 2021 the version in force was another one, whose identifier is not known; a repealed decree is no law of the day
    assert "ccp-r2122-8" in named(date(2021, 1, 1), "no_identifier")
    assert "decret-2015-1163" not in without
