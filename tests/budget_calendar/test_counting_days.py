"""Counting days: every worked example of the domain page, the inverses by brute force, the holidays."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qmi_rules.budget_calendar import (
    METROPOLE,
    WorkingDays,
    earliest_meeting,
    first_daytime_limit,
    latest_convocation,
    latest_dispatch,
    latest_rejection,
    public_holidays,
    receipt_ends,
    safe_signature,
    standstill_ends,
)
from qmi_rules.errors import DocumentError

DAYS = [date(2026, 1, 1) + timedelta(days=i) for i in range(3 * 365 + 1)]
LENGTHS = st.integers(0, 120)
DATES = st.dates(date(1995, 1, 1), date(2095, 1, 1))


def test_receipt_of_thirty_days_sent_on_6_january_2025() -> None:
    assert receipt_ends(date(2025, 1, 6), 30) == date(2025, 2, 5)
    assert first_daytime_limit(date(2025, 1, 6), 30) == date(2025, 2, 6)


@pytest.mark.parametrize(
    ("sent", "ends", "noon"),
    [
        (date(2026, 11, 5), date(2026, 12, 7), date(2026, 12, 8)),  # day 30 a Saturday: Monday 24:00, noon on Tuesday
        (date(2026, 11, 6), date(2026, 12, 7), date(2026, 12, 8)),  # a Sunday
        (date(2026, 11, 4), date(2026, 12, 4), date(2026, 12, 7)),  # a Friday: noon on Monday
        (date(2026, 11, 25), date(2026, 12, 28), date(2026, 12, 29)),  # Christmas, a Friday, then the weekend
        (date(2026, 12, 2), date(2027, 1, 4), date(2027, 1, 5)),  # New Year's Day, a Friday
    ],
)
def test_receipt_rolls_over_days_off(sent: date, ends: date, noon: date) -> None:
    assert receipt_ends(sent, 30) == ends
    assert first_daytime_limit(sent, 30) == noon


@pytest.mark.parametrize("days", [10, 15, 25, 30, 35])
def test_latest_dispatch_is_the_last_day_that_is_in_time_for_every_day_of_three_years(days: int) -> None:
    earlier = [DAYS[0] - timedelta(days=i) for i in range(60, 0, -1)] + DAYS
    ends = {sent: receipt_ends(sent, days) for sent in earlier}
    for deadline in DAYS:
        sent = latest_dispatch(deadline, days)
        in_time = [candidate for candidate in (sent + timedelta(days=i) for i in range(-3, 12)) if candidate in ends]
        assert ends.get(sent, deadline) <= deadline
        assert max((c for c in in_time if ends[c] <= deadline), default=sent) == sent


def test_subtracting_days_is_wrong_on_every_day_off_of_2026() -> None:
    days_off = [day for day in DAYS if day.year == 2026 and not METROPOLE.include(day)]
    assert len(days_off) == 113
    assert all(receipt_ends(day - timedelta(days=30), 30) > day for day in days_off)


@given(sent=DATES, days=LENGTHS)
def test_receipt_ends_on_a_working_day_and_never_before_its_days(sent: date, days: int) -> None:
    ends = receipt_ends(sent, days)
    assert METROPOLE.include(ends)
    assert 0 <= (ends - sent).days - days <= 5


@given(sent=DATES, days=LENGTHS)
def test_sending_later_never_ends_earlier(sent: date, days: int) -> None:
    assert receipt_ends(sent, days) <= receipt_ends(sent + timedelta(days=1), days)


def test_convocation_of_five_clear_days_for_17_december_2026() -> None:
    assert latest_convocation(date(2026, 12, 17), 5) == date(2026, 12, 11)


def test_convocation_of_three_clear_days_for_the_28th() -> None:
    assert latest_convocation(date(2027, 1, 28), 3) == date(2027, 1, 24)


def test_convocation_sent_on_21_december_1989_for_the_26th_is_in_time() -> None:
    assert latest_convocation(date(1989, 12, 26), 3) >= date(1989, 12, 21)


@pytest.mark.parametrize(
    ("vote", "sent"), [(date(2026, 12, 16), date(2026, 12, 10)), (date(2027, 4, 8), date(2027, 4, 2))]
)
def test_convocations_of_the_worked_budget_votes(vote: date, sent: date) -> None:
    assert latest_convocation(vote, 5) == sent


@pytest.mark.parametrize("clear", [1, 3, 5, 7])
def test_convocation_counts_days_off_and_has_an_exact_inverse(clear: int) -> None:
    for meeting in DAYS:
        sent = latest_convocation(meeting, clear)
        assert (meeting - sent).days - 1 == clear
        assert earliest_meeting(sent, clear) == meeting
        assert earliest_meeting(sent + timedelta(days=1), clear) > meeting


def test_standstill_of_sixteen_days_sent_on_28_december_2010() -> None:
    assert standstill_ends(date(2010, 12, 28), 16) == date(2011, 1, 13)


@pytest.mark.parametrize("days", [11, 16])
def test_standstill_counts_from_date_to_date_and_has_an_exact_inverse(days: int) -> None:
    for day in DAYS:
        assert standstill_ends(latest_rejection(day, days), days) == day
        assert standstill_ends(latest_rejection(day, days) + timedelta(days=1), days) > day


def test_a_standstill_that_ends_on_a_sunday_is_prudently_taken_to_monday() -> None:
    sent = date(2026, 11, 5)  # the eleventh day is Sunday 15 November
    assert standstill_ends(sent, 11) == date(2026, 11, 16)
    assert safe_signature(sent, 11) == date(2026, 11, 17)


def test_a_standstill_that_ends_on_a_working_day_lets_sign_on_the_next() -> None:
    assert safe_signature(date(2026, 11, 9), 11) == standstill_ends(date(2026, 11, 9), 11) == date(2026, 11, 20)


@given(sent=DATES, days=LENGTHS)
def test_the_prudent_signature_is_never_before_the_plain_one(sent: date, days: int) -> None:
    assert safe_signature(sent, days) >= standstill_ends(sent, days)


@pytest.mark.parametrize(
    ("year", "monday", "ascension", "whit_monday"),
    [
        (2026, date(2026, 4, 6), date(2026, 5, 14), date(2026, 5, 25)),
        (2027, date(2027, 3, 29), date(2027, 5, 6), date(2027, 5, 17)),
        (2028, date(2028, 4, 17), date(2028, 5, 25), date(2028, 6, 5)),
        (2029, date(2029, 4, 2), date(2029, 5, 10), date(2029, 5, 21)),
        (2030, date(2030, 4, 22), date(2030, 5, 30), date(2030, 6, 10)),
        (2031, date(2031, 4, 14), date(2031, 5, 22), date(2031, 6, 2)),
        (2032, date(2032, 3, 29), date(2032, 5, 6), date(2032, 5, 17)),
    ],
)
def test_movable_holidays(year: int, monday: date, ascension: date, whit_monday: date) -> None:
    holidays = public_holidays(year)
    assert len(holidays) == 11
    assert {monday, ascension, whit_monday} <= set(holidays)
    fixed = {(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)}
    assert {(day.month, day.day) for day in holidays} >= fixed
    assert list(holidays) == sorted(holidays)


def test_alsace_and_moselle_keep_two_more() -> None:
    more = set(public_holidays(2026, alsace_moselle=True)) - set(public_holidays(2026))
    assert more == {date(2026, 4, 3), date(2026, 12, 26)}


def test_two_holidays_on_one_day_are_one() -> None:
    assert len(public_holidays(2008)) == 10


def test_2027_has_254_working_days() -> None:
    assert sum(METROPOLE.include(date(2027, 1, 1) + timedelta(days=i)) for i in range(365)) == 254


def test_closed_days_and_regions_can_be_plugged_in() -> None:
    friday = date(2026, 5, 15)
    assert METROPOLE.include(friday)
    assert not WorkingDays(closed_on=[friday]).include(friday)
    sent = friday - timedelta(days=10)
    assert receipt_ends(sent, 10) == friday
    assert receipt_ends(sent, 10, WorkingDays(closed_on=[friday])) == date(2026, 5, 18)
    good_friday = date(2026, 4, 3)
    assert receipt_ends(good_friday - timedelta(days=10), 10) == good_friday
    assert receipt_ends(good_friday - timedelta(days=10), 10, WorkingDays(alsace_moselle=True)) == date(2026, 4, 7)


@pytest.mark.parametrize("year", [True, 1582, 4100, "2026", None])
def test_years_without_holidays_are_refused(year: object) -> None:
    with pytest.raises(DocumentError, match="expected a year from 1583 to 4099"):
        public_holidays(year)  # type: ignore[arg-type]


@pytest.mark.parametrize("count", [receipt_ends, latest_dispatch, latest_convocation, standstill_ends])
def test_bad_days_are_refused_with_the_name_of_the_argument(count: object) -> None:
    for day, days, expected in [
        (datetime(2026, 1, 1), 5, "expected a date"),
        ("2026-01-01", 5, "expected a date"),
        (date(2026, 1, 1), -1, "expected a whole number of days"),
        (date(2026, 1, 1), True, "expected a whole number of days"),
        (date(2026, 1, 1), 1.5, "expected a whole number of days"),
    ]:
        with pytest.raises(DocumentError, match=expected) as caught:
            count(day, days)  # type: ignore[operator]
        assert caught.value.problems[0].path
