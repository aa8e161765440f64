"""Counting days: three rules of law kept apart, each forward and as its exact inverse, and the public holidays they skip.

* Receipt of candidatures and tenders: Regulation (EEC, Euratom) 1182/71. The day of sending is not counted, the time runs
  to the last hour of its last day, and a last day that is a Saturday, a Sunday or a holiday moves to the next working day.
  Its article 3 § 5 (two working days at least) only concerns spans shorter than any of procurement's; it is not applied.
* Convocation of a council: clear days (CGCT L2121-11, L2121-12). Neither the day of sending nor that of the meeting counts,
  Saturdays, Sundays and holidays do, and nothing moves.
* Standstill: from date to date, the day of sending being the first (CCP R2182-1; CE 2 August 2011, 347526).
"""

from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache

from attrs import field, frozen
from dateutil.easter import easter

from qmi_rules.budget_calendar.facts import YearlyDay, calendar_file
from qmi_rules.errors import DocumentError, fault
from qmi_rules.schema.faults import require, shown
from qmi_rules.schema.scalars import Check, is_a

_ONE = timedelta(days=1)
_LONGEST = 3_660
_FIRST, _LAST = date(1600, 1, 1), date(4000, 12, 31)
"""Days from which the longest span, forward or back, stays within the years whose holidays are known."""


def public_holidays(year: int, alsace_moselle: bool = False) -> dict[date, str]:
    """The public holidays of a year with their French names, in order.

    Args:
        year: Year from 1583 to 4099.
        alsace_moselle: Add Good Friday and 26 December (Code du travail L3134-13).

    Raises:
        DocumentError: `year` is no such year, or `alsace_moselle` is no truth value.

    Source: Code du travail L3133-1, eleven days. Where two coincide (2008: Ascension and 1 May) the day stands once.
    """
    if isinstance(year, bool) or not isinstance(year, int) or not 1583 <= year <= 4099:
        words = "expected a year from 1583 to 4099, got {got}"
        raise DocumentError(fault("out_of_range", "year", words, got=shown(year)))
    require("alsace_moselle", alsace_moselle, bool)
    named: dict[date, list[str]] = {}
    for entry in calendar_file("holidays").holidays:
        if alsace_moselle or not entry.alsace_moselle:
            day = (
                YearlyDay(entry.month_day).on(year) if entry.month_day else easter(year) + timedelta(days=entry.easter)
            )
            named.setdefault(day, []).append(entry.name)
    return {day: named[day][0] for day in sorted(named)}


@cache
def _holidays(year: int, alsace_moselle: bool) -> frozenset[date]:
    return frozenset(public_holidays(year, alsace_moselle))


def _as_set(days: Iterable[date]) -> frozenset[date]:
    """attrs converter: any iterable; another value passes on to the validator, which refuses it."""
    return frozenset(days) if isinstance(days, Iterable) else days


_DAYS = Check("dates", lambda value: isinstance(value, frozenset) and all(type(entry) is date for entry in value))


@frozen(kw_only=True)
class WorkingDays:
    """Which days are worked: all but Saturdays, Sundays, public holidays and the days one adds.

    Attributes:
        alsace_moselle: Two more holidays, in Bas-Rhin, Haut-Rhin and Moselle.
        closed_on: More days without work, such as the bridges of one town hall. They count for planning; whether they
            move a time limit of the law is another question, so the counting functions take them only if given.
    """

    alsace_moselle: bool = field(default=False, validator=is_a(bool))
    closed_on: frozenset[date] = field(default=frozenset(), converter=_as_set, validator=_DAYS)

    def include(self, day: date) -> bool:
        """True for a working day."""
        require("day", day, date)
        return day.weekday() < 5 and day not in _holidays(day.year, self.alsace_moselle) and day not in self.closed_on

    def on_or_after(self, day: date) -> date:
        """The first working day from `day` on."""
        while not self.include(day):
            day += _ONE
        return day

    def on_or_before(self, day: date) -> date:
        """The last working day up to `day`."""
        while not self.include(day):
            day -= _ONE
        return day


METROPOLE = WorkingDays()
"""The working days of metropolitan France but Alsace and Moselle."""


def receipt_ends(sent: date, days: int, working: WorkingDays = METROPOLE) -> date:
    """The last day of a time limit for receipt: it ends that day at 24:00.

    Args:
        sent: Day the notice or the invitation is sent.
        days: Length of the time limit, calendar days.
        working: Which days are worked.

    Source: Regulation 1182/71, article 3 § 1 to § 4. Sent on 6 January 2025, 30 days: 5 February 2025.
    """
    require("working", working, WorkingDays)
    return working.on_or_after(_day(sent, "sent") + _length(days, "days"))


def first_daytime_limit(sent: date, days: int, working: WorkingDays = METROPOLE) -> date:
    """The first working day on which a limit set at an hour of the day leaves the whole time limit to run.

    The time limit runs to the last hour of its last day, so a limit at noon belongs on the next day: sent on 6 January 2025,
    30 days: 6 February 2025. Where the last day is a Saturday advisers differ (Monday or Tuesday); this takes Tuesday.
    """
    return working.on_or_after(receipt_ends(sent, days, working) + _ONE)


def latest_dispatch(deadline: date, days: int, working: WorkingDays = METROPOLE) -> date:
    """The last day on which to send so that a time limit for receipt has ended by the end of `deadline`.

    The exact inverse of `receipt_ends`: a deadline that is no working day first moves back to one, because a time limit
    that would end on it would roll past it.
    """
    return working.on_or_before(_day(deadline, "deadline")) - _length(days, "days")


def latest_convocation(meeting: date, clear_days: int) -> date:
    """The last day on which to send the convocation of a council.

    Args:
        meeting: Day of the meeting.
        clear_days: Clear days that the law asks for: 3 below 3 500 inhabitants, 5 from there on.

    Source: CGCT L2121-11, L2121-12. Meeting on 17 December 2026, 5 clear days: 11 December 2026.
    """
    return _day(meeting, "meeting") - _length(clear_days, "clear_days") - _ONE


def earliest_meeting(sent: date, clear_days: int) -> date:
    """The first day on which a council may meet after a convocation sent that day; the inverse of `latest_convocation`."""
    return _day(sent, "sent") + _length(clear_days, "clear_days") + _ONE


def standstill_ends(sent: date, days: int) -> date:
    """The day from which the contract may be signed.

    Args:
        sent: Day the rejection letters are sent, the first day of the standstill.
        days: 11 where they are sent electronically, 16 otherwise.

    Nothing moves at a weekend: whether it should was asked of the minister in 2012 and stayed open; `safe_signature` is
    the prudent day. Sent on 28 December 2010, 16 days: 13 January 2011.
    """
    return _day(sent, "sent") + _length(days, "days")


def latest_rejection(signature: date, days: int) -> date:
    """The last day on which to send the rejection letters so that `signature` is possible; inverse of `standstill_ends`."""
    return _day(signature, "signature") - _length(days, "days")


def safe_signature(sent: date, days: int, working: WorkingDays = METROPOLE) -> date:
    """The first working day on which to sign if a standstill that ends on a day off runs to the next working day."""
    require("working", working, WorkingDays)
    last = working.on_or_after(standstill_ends(sent, days) - _ONE)
    return working.on_or_after(last + _ONE)


def _day(value: date, name: str) -> date:
    if type(value) is not date or not _FIRST <= value <= _LAST:
        words = "expected a date from {first} to {last}, got {got}"
        raise DocumentError(fault("out_of_range", name, words, first=_FIRST, last=_LAST, got=shown(value)))
    return value


def _length(value: int, name: str) -> timedelta:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _LONGEST:
        words = "expected a whole number of days from 0 to {most}, got {got}"
        raise DocumentError(fault("out_of_range", name, words, most=_LONGEST, got=shown(value)))
    return timedelta(days=value)
