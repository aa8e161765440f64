"""Each conflict on both sides of its edge, with its days, its weight and its article."""

from datetime import date, timedelta
from typing import Any

import pytest
from calendar_examples import checked, codes

from qmi_rules.budget_calendar import CalendarCheck, CalendarConflict, CalendarConflictCode
from qmi_rules.budget_calendar.facts import calendar_file
from qmi_rules.model.schedule import Milestone

AT_ONCE = {
    "sourcing": 0,
    "need": 0,
    "drafting": 0,
    "receipt": 0,
    "analysis": 0,
    "signature": 0,
    "notification": 0,
    "start": 0,
}
VOTE = date(2027, 4, 8)  # a Thursday
ONE = timedelta(days=1)


def found(answer: CalendarCheck, code: str) -> CalendarConflict:
    (entry,) = [entry for entry in answer.conflicts if entry.code == code]
    return entry


def signed_on(day: date, commune: dict[str, Any] | None = None, **schedule: Any) -> CalendarCheck:
    """A purchase launched, wanted and (if the day is a working one) signed on one day."""
    return checked(
        {"launched_on": day}, commune, **{"wanted_on": day, "expense": "investment", "durations": AT_ONCE} | schedule
    )


@pytest.mark.parametrize(
    ("day", "there"),
    [
        (date(2026, 12, 31), False),
        (date(2027, 1, 4), True),
        (VOTE - ONE, True),
        (VOTE, False),
        (VOTE + ONE, False),
    ],
)
def test_no_credits_between_january_and_the_vote(day: date, there: bool) -> None:
    answer = signed_on(day)
    assert ("no_credits_yet" in codes(answer)) is there
    assert answer.feasible is not there
    if there:
        entry = found(answer, "no_credits_yet")
        assert (entry.from_, entry.until) == (date(2027, 1, 1), VOTE - ONE)
        assert (entry.severity, entry.legal_basis) == ("blocking", "CGCT, art. L.\u00a01612-1")
        assert answer.earliest_start == VOTE


@pytest.mark.parametrize(
    "changes",
    [
        {"budget_vote": "year_end", "budget_voted_on": date(2026, 12, 16), "orientation_debate_on": None},
        {"early_investment_authorised": True, "previous_investment_credits": 180_000},
    ],
)
def test_credits_are_open_with_a_year_end_vote_or_within_the_quarter(changes: dict[str, Any]) -> None:
    answer = signed_on(date(2027, 2, 1), changes)
    assert not codes(answer) & {"no_credits_yet", "quarter_exceeded", "quarter_closed"}
    assert answer.feasible


def test_operating_expenses_may_be_signed_before_the_vote_within_last_years() -> None:
    answer = signed_on(date(2027, 2, 1), expense="operating")
    assert not codes(answer) & {"no_credits_yet", "delegation_unusable"}
    assert "operating_before_vote" in {entry.id for entry in answer.assumptions}


def test_a_programme_authorisation_opens_its_payment_credits() -> None:
    answer = signed_on(date(2027, 2, 1), programme_authorised=True)
    assert answer.feasible
    assert "no_credits_yet" not in codes(answer)
    assert "programme" in {entry.id for entry in answer.assumptions}


def test_a_section_that_is_not_given_is_asked_for() -> None:
    answer = signed_on(date(2027, 2, 1), expense=None)
    assert found(answer, "no_credits_yet").severity == "warning"
    assert answer.feasible
    assert "investissement" in found(answer, "no_credits_yet").advice


@pytest.mark.parametrize(("credits", "there"), [("179999.99", True), ("180000", False)])
def test_the_quarter_is_exceeded_above_it(credits: str, there: bool) -> None:
    """The purchase is worth 45 000, a quarter of 180 000."""
    answer = signed_on(date(2027, 2, 1), {"early_investment_authorised": True, "previous_investment_credits": credits})
    assert ("quarter_exceeded" in codes(answer)) is there
    assert answer.feasible is not there
    if there:
        assert found(answer, "quarter_exceeded").severity == "blocking"


def test_without_authorisation_a_quarter_too_small_is_said_as_well() -> None:
    assert {"no_credits_yet", "quarter_exceeded"} <= codes(
        signed_on(date(2027, 2, 1), {"previous_investment_credits": 100_000})
    )


@pytest.mark.parametrize(
    ("day", "there"),
    [(date(2026, 4, 15), False), (date(2026, 4, 16), True), (date(2026, 4, 27), True), (date(2026, 4, 28), False)],
)
def test_the_quarter_closes_on_15_april_even_in_a_renewal_year(day: date, there: bool) -> None:
    changes = {
        "budget_voted_on": date(2026, 4, 28),
        "orientation_debate_on": None,
        "early_investment_authorised": True,
        "previous_investment_credits": 1_000_000,
    }
    answer = signed_on(day, changes)
    assert ("quarter_closed" in codes(answer)) is there
    if there:
        entry = found(answer, "quarter_closed")
        assert (entry.from_, entry.until) == (date(2026, 4, 16), date(2026, 4, 27))


@pytest.mark.parametrize(("limit", "there"), [(45_000, True), (44_999, False), (None, False)])
def test_the_delegation_is_unusable_before_the_vote(limit: int | None, there: bool) -> None:
    answer = signed_on(date(2027, 2, 1), {"delegation_limit": limit})
    assert ("delegation_unusable" in codes(answer)) is there
    assert "delegation_unusable" not in codes(signed_on(VOTE, {"delegation_limit": limit}))
    if there:
        assert found(answer, "delegation_unusable").legal_basis == "CGCT, art. L.\u00a02122-22, 4°"


@pytest.mark.parametrize(
    ("debate", "there"),
    [
        (VOTE - timedelta(days=71), True),
        (VOTE - timedelta(days=70), False),
        (VOTE - ONE, False),
        (VOTE, True),
    ],
)
def test_the_orientation_debate_is_within_ten_weeks_and_not_the_same_day(debate: date, there: bool) -> None:
    answer = signed_on(date(2027, 5, 3), {"orientation_debate_on": debate})
    assert ("orientation_debate" in codes(answer)) is there


@pytest.mark.parametrize(
    ("population", "launched", "there"),
    [
        (3_500, VOTE, True),
        (3_499, VOTE, False),
        (3_500, VOTE + ONE, False),
    ],
)
def test_a_missing_orientation_debate_is_asked_for_before_the_vote(
    population: int, launched: date, there: bool
) -> None:
    answer = signed_on(launched, {"population": population, "orientation_debate_on": None})
    assert ("orientation_debate" in codes(answer)) is there
    if there:
        assert found(answer, "orientation_debate").severity == "information"


@pytest.mark.parametrize(("sent", "there"), [(date(2027, 3, 27), False), (date(2027, 3, 28), True)])
def test_the_draft_budget_leaves_twelve_days_before(sent: date, there: bool) -> None:
    answer = signed_on(date(2027, 5, 3), {"draft_budget_sent_on": sent})
    assert ("draft_budget_late" in codes(answer)) is there


@pytest.mark.parametrize(("need", "there"), [(26, False), (27, True)])
def test_a_need_that_is_ready_after_the_draft_has_left(need: int, there: bool) -> None:
    """Work begins on Monday 1 March 2027; the draft leaves on Saturday 27 March at the latest."""
    answer = checked(
        {"launched_on": date(2027, 5, 3)},
        expense="investment",
        not_before=date(2027, 3, 1),
        wanted_on=date(2027, 9, 1),
        durations={"sourcing": 0, "need": need - 1},
    )
    assert ("draft_budget_late" in codes(answer)) is there


@pytest.mark.parametrize(
    ("launched", "wanted", "there"),
    [
        (date(2026, 12, 1), date(2026, 12, 31), False),
        (date(2026, 12, 1), date(2027, 1, 4), True),
        (date(2027, 1, 4), date(2027, 2, 12), False),
    ],
)
def test_credits_lapse_at_the_end_of_the_year_of_the_launch(launched: date, wanted: date, there: bool) -> None:
    answer = checked({"launched_on": launched}, wanted_on=wanted, durations={"receipt": 11, "signature": 4})
    assert ("year_end_cliff" in codes(answer)) is there
    if there:
        entry = found(answer, "year_end_cliff")
        assert entry.from_ == date(2026, 12, 31)
        assert entry.legal_basis == "CGCT, art. R.\u00a02311-11"


@pytest.mark.parametrize(("stop", "there"), [(date(2026, 11, 16), True), (date(2026, 11, 17), False)])
def test_the_towns_own_stop_of_orders(stop: date, there: bool) -> None:
    answer = signed_on(date(2026, 11, 16), {"orders_stop_on": stop})
    assert ("year_end_cliff" in codes(answer)) is there


@pytest.mark.parametrize(
    ("day", "there"),
    [
        (date(2026, 3, 13), False),
        (date(2026, 3, 16), True),
        (date(2026, 3, 27), True),
        (date(2026, 3, 30), False),
    ],
)
def test_current_affairs_only_from_the_first_round_to_the_installation(day: date, there: bool) -> None:
    answer = signed_on(day, {"budget_voted_on": None, "orientation_debate_on": None}, expense="operating")
    assert ("current_affairs_only" in codes(answer)) is there
    if there:
        entry = found(answer, "current_affairs_only")
        assert (entry.from_, entry.until) == (date(2026, 3, 15), date(2026, 3, 29))
        assert "Villepinte" in (entry.legal_basis or "")


@pytest.mark.parametrize(
    ("launched", "wanted", "there"),
    [
        (date(2026, 2, 2), date(2026, 3, 13), False),
        (date(2026, 2, 2), date(2026, 5, 4), True),
        (date(2026, 4, 7), date(2026, 6, 1), False),
    ],
)
def test_bodies_change_in_a_procedure_that_straddles_a_municipal_election(
    launched: date, wanted: date, there: bool
) -> None:
    answer = checked(
        {"launched_on": launched},
        {"budget_voted_on": None, "orientation_debate_on": None},
        wanted_on=wanted,
        durations={"analysis": 60 if there else 7},
    )
    assert ("body_changes_mid_procedure" in codes(answer)) is there


@pytest.mark.parametrize(
    ("day", "window", "severity"),
    [
        (date(2025, 8, 29), None, None),
        (date(2025, 9, 1), (date(2025, 9, 1), date(2026, 3, 22)), "warning"),
        (date(2026, 9, 30), None, None),
        (date(2026, 10, 1), (date(2026, 10, 1), date(2027, 5, 2)), "information"),
        (date(2027, 5, 3), None, None),
    ],
)
def test_communication_window(day: date, window: tuple[date, date] | None, severity: str | None) -> None:
    answer = signed_on(day, {"budget_voted_on": None, "orientation_debate_on": None}, expense="operating")
    assert ("communication_window" in codes(answer)) is (window is not None)
    if window:
        entry = found(answer, "communication_window")
        assert ((entry.from_, entry.until), entry.severity) == (window, severity)
        assert entry.legal_basis == "Code électoral, art. L52-1"


def test_an_event_of_the_commune_in_a_window_counts_like_the_start() -> None:
    quiet = signed_on(date(2026, 9, 1), expense="operating")
    assert "communication_window" not in codes(quiet)
    event = Milestone(id="launch_event", on=date(2026, 10, 15), who="commune")
    assert "communication_window" in codes(signed_on(date(2026, 9, 1), expense="operating", milestones=(event,)))


@pytest.mark.parametrize(
    ("wanted", "there"), [(date(2027, 4, 16), False), (date(2027, 4, 19), True), (date(2027, 5, 10), False)]
)
def test_an_election_within_the_plan(wanted: date, there: bool) -> None:
    answer = checked({"launched_on": date(2027, 4, 12)}, wanted_on=wanted, durations=AT_ONCE | {"receipt": 3})
    assert ("election_period" in codes(answer)) is there
    if there:
        assert (found(answer, "election_period").from_, found(answer, "election_period").until) == (
            date(2027, 4, 18),
            date(2027, 5, 2),
        )
        assert "rule_may_change" in codes(answer)


@pytest.mark.parametrize(
    ("kind", "wanted", "severity"),
    [
        ("works", date(2026, 12, 31), None),
        ("works", date(2027, 1, 4), "information"),
        ("works", date(2027, 6, 1), "warning"),
        ("services", date(2027, 6, 1), None),
    ],
)
def test_a_plan_that_crosses_the_works_threshold_of_2027_says_so(kind: str, wanted: date, severity: str | None) -> None:
    answer = checked(
        {"contract_type": kind, "launched_on": date(2026, 11, 2)},
        {"budget_voted_on": None, "orientation_debate_on": None},
        wanted_on=wanted,
    )
    changes = [c for c in answer.conflicts if c.code == "rule_may_change" and c.from_ == date(2027, 1, 1)]
    assert [c.severity for c in changes] == ([severity] if severity else [])
    if severity:
        assert "100" in changes[0].advice
        assert "140" in changes[0].advice
        assert "travaux" in changes[0].advice
        assert "non vérifié" in changes[0].advice
        assert "2026-403" in (changes[0].legal_basis or "")


def test_a_change_for_another_procedure_that_is_no_lighter_one_is_not_told() -> None:
    answer = checked({"launched_on": date(2026, 6, 1)}, wanted_on=date(2026, 9, 1))
    assert not [c for c in answer.conflicts if c.code == "rule_may_change" and c.from_ == date(2026, 7, 1)]


def test_a_change_between_the_preparation_and_the_launch_is_information_only() -> None:
    answer = checked({"launched_on": date(2028, 1, 10)}, wanted_on=date(2028, 2, 15))
    (entry,) = [c for c in answer.conflicts if c.code == "rule_may_change" and c.from_ == date(2028, 1, 1)]
    assert entry.severity == "information"


def test_a_plan_that_crosses_a_contested_change_does_not_call_it_unknown() -> None:
    crossing = {"launched_on": date(2026, 6, 1), "innovative": True}
    answer = checked(crossing, procedure="innovative_purchase", wanted_on=date(2026, 9, 1))
    (entry,) = [c for c in answer.conflicts if c.code == "rule_may_change" and c.from_ == date(2026, 7, 1)]
    assert "contesté" in entry.advice
    assert "non connu" not in entry.advice


def test_a_plan_that_crosses_2028_says_that_the_european_thresholds_change() -> None:
    answer = checked({"launched_on": date(2027, 10, 1)}, wanted_on=date(2028, 3, 1))
    (entry,) = [c for c in answer.conflicts if c.code == "rule_may_change" and c.from_ == date(2028, 1, 1)]
    assert "seuil européen" in entry.advice.lower()
    assert "non connu" in entry.advice
    assert entry.until is None


@pytest.mark.parametrize(
    ("launched", "there"), [(date(2026, 9, 28), False), (date(2026, 10, 12), True), (date(2026, 11, 2), False)]
)
def test_a_receipt_within_a_school_break(launched: date, there: bool) -> None:
    answer = checked({"launched_on": launched})
    assert ("school_break" in codes(answer)) is there
    if there:
        entry = found(answer, "school_break")
        assert (entry.from_, entry.until) == (date(2026, 10, 17), date(2026, 11, 1))
        assert entry.legal_basis is None


def test_conflicts_come_in_order_of_time_and_none_twice() -> None:
    answer = checked({"launched_on": date(2026, 11, 2)}, wanted_on=date(2027, 4, 20), expense="investment")
    keys = [(entry.from_, entry.code) for entry in answer.conflicts]
    assert keys == sorted(keys)
    assert len(set(keys)) == len(keys)


def test_the_conflicts_of_a_wish_that_the_plan_avoids_say_so() -> None:
    answer = checked({"launched_on": date(2026, 11, 2)}, wanted_on=date(2027, 2, 15), expense="investment")
    entry = found(answer, "no_credits_yet")
    assert (entry.about, entry.severity) == ("wanted", "warning")
    assert answer.feasible


def test_every_code_of_the_contract_has_a_label() -> None:
    contract = [
        "no_credits_yet",
        "quarter_exceeded",
        "quarter_closed",
        "delegation_unusable",
        "orientation_debate",
        "draft_budget_late",
        "year_end_cliff",
        "current_affairs_only",
        "body_changes_mid_procedure",
        "communication_window",
        "election_period",
        "rule_may_change",
        "school_break",
    ]
    assert (
        sorted(contract)
        == sorted(CalendarConflictCode)
        == sorted(kind.code for kind in calendar_file("conflicts").kinds)
    )
