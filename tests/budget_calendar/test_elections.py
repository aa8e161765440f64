"""Elections: the dates of the domain page with their certainty, and the spans in which they weigh."""

from datetime import date

import pytest

from qmi_rules.budget_calendar import communication_window, current_affairs, elections
from qmi_rules.budget_calendar.elections import Election
from qmi_rules.errors import DocumentError

ALL = {election.id: election for election in elections(date(2020, 1, 1), date(2032, 12, 31))}


@pytest.mark.parametrize(
    ("id", "kind", "rounds", "date_status", "certainty"),
    [
        ("municipal_2020", "municipal", (date(2020, 3, 15), date(2020, 6, 28)), "decreed", "single_source"),
        ("presidential_2022", "presidential", (date(2022, 4, 10), date(2022, 4, 24)), "decreed", "confirmed"),
        ("legislative_2022", "legislative", (date(2022, 6, 12), date(2022, 6, 19)), "decreed", "single_source"),
        ("senate_2023", "senatorial", (date(2023, 9, 24),), "decreed", "unverified"),
        ("european_2024", "european", (date(2024, 6, 9),), "decreed", "unverified"),
        ("legislative_2024", "legislative", (date(2024, 6, 30), date(2024, 7, 7)), "decreed", "confirmed"),
        ("municipal_2026", "municipal", (date(2026, 3, 15), date(2026, 3, 22)), "decreed", "confirmed"),
        ("senate_2026", "senatorial", (date(2026, 9, 27),), "decreed", "single_source"),
        ("presidential_2027", "presidential", (date(2027, 4, 18), date(2027, 5, 2)), "announced", "confirmed"),
        ("departmental_regional_2028", "departmental_regional", (), "estimated", "confirmed"),
        ("legislative_2029", "legislative", (date(2029, 6, 10), date(2029, 6, 17)), "derived", "single_source"),
        ("municipal_2032", "municipal", (), "estimated", "single_source"),
    ],
)
def test_known_elections(id: str, kind: str, rounds: tuple[date, ...], date_status: str, certainty: str) -> None:
    election = ALL[id]
    assert (election.kind, election.rounds, election.date_status, election.certainty) == (
        kind,
        rounds,
        date_status,
        certainty,
    )


def test_all_rounds_are_sundays() -> None:
    assert {day.weekday() for election in ALL.values() for day in election.rounds} == {6}


def test_only_the_senate_series_without_the_territory_leave_it_aside() -> None:
    assert {e.id for e in ALL.values() if not e.concerns_territory} == {"senate_2020", "senate_2026"}


def test_the_presidential_decree_is_due_ten_weeks_before() -> None:
    election = ALL["presidential_2027"]
    assert election.decree_due_by == date(2027, 2, 7)
    assert (election.rounds[0] - election.decree_due_by).days == 70


def test_elections_are_those_with_a_round_in_the_span() -> None:
    assert [e.id for e in elections(date(2026, 3, 22), date(2026, 3, 22))] == ["municipal_2026"]
    assert elections(date(2026, 3, 23), date(2026, 9, 26)) == ()
    assert [e.id for e in elections(date(2032, 3, 31), date(2032, 4, 1))] == ["municipal_2032", "presidential_2032"]


@pytest.mark.parametrize(
    ("id", "first", "last"),
    [
        ("municipal_2026", date(2025, 9, 1), date(2026, 3, 22)),
        ("presidential_2027", date(2026, 10, 1), date(2027, 5, 2)),
        ("departmental_regional_2028", date(2027, 9, 1), date(2028, 3, 31)),
        ("legislative_2029", date(2028, 12, 1), date(2029, 6, 17)),
        ("municipal_2032", date(2031, 9, 1), date(2032, 3, 31)),
    ],
)
def test_communication_windows(id: str, first: date, last: date) -> None:
    window = communication_window(ALL[id])
    assert (window.first, window.last) == (first, last)


def test_current_affairs_run_from_the_first_round_to_the_last_possible_installation() -> None:
    span = current_affairs(ALL["municipal_2026"])
    assert span is not None
    assert (span.first, span.last) == (date(2026, 3, 15), date(2026, 3, 29))
    assert current_affairs(ALL["presidential_2027"]) is None


@pytest.mark.parametrize(
    ("since", "until", "path"),
    [("2026-01-01", date(2026, 1, 1), "since"), (date(2026, 1, 2), date(2026, 1, 1), "until")],
)
def test_a_span_the_wrong_way_round_is_refused(since: date, until: date, path: str) -> None:
    with pytest.raises(DocumentError) as caught:
        elections(since, until)
    assert caught.value.problems[0].path == path


def test_an_election_has_rounds_or_a_span_but_not_both() -> None:
    common = {
        "id": "x",
        "kind": "municipal",
        "label": "x",
        "date_status": ALL["municipal_2026"].date_status,
        "certainty": ALL["municipal_2026"].certainty,
        "source": "x",
    }
    for dates in ({}, {"rounds": (date(2026, 3, 1),), "between": (date(2026, 3, 1), date(2026, 3, 31))}):
        with pytest.raises(DocumentError, match="expected the rounds"):
            Election(**common, **dates)
