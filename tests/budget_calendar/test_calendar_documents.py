"""The documents of a commune and of a schedule: what they take, and clear errors for what they do not."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from qmi_rules.budget_calendar import check_calendar
from qmi_rules.errors import DocumentError
from qmi_rules.model import Purchase
from qmi_rules.model.commune import BudgetVote, Commune
from qmi_rules.model.schedule import Schedule
from qmi_rules.schema import from_json, json_schema, to_json

COMMUNE = {
    "insee_code": "92063",
    "population": 78_000,
    "budget_vote": "spring",
    "budget_voted_on": "2027-04-08",
    "orientation_debate_on": "2027-02-11",
    "council_meetings": ["2027-02-11", "2027-04-08"],
    "delegation_limit": "90000",
    "previous_investment_credits": "340000.00",
    "early_investment_authorised": True,
}
SCHEDULE = {
    "procedure": "innovative_purchase",
    "wanted_on": "2027-09-01",
    "not_before": "2027-01-04",
    "expense": "investment",
    "durations": {"sourcing": 10, "analysis": 5},
    "milestones": [{"id": "cash_runway", "on": "2027-06-30", "who": "company"}],
}


def problems(document: dict[str, Any], cls: type) -> dict[str, str]:
    with pytest.raises(DocumentError) as caught:
        from_json(json.dumps(document), cls)
    return {problem.path: problem.message for problem in caught.value.problems}


def test_the_documents_of_the_contract_are_read_and_written_back() -> None:
    commune = from_json(json.dumps(COMMUNE), Commune)
    assert commune.budget_vote is BudgetVote.SPRING
    assert commune.delegation_limit == Decimal(90_000)
    assert from_json(to_json(commune), Commune) == commune
    schedule = from_json(json.dumps(SCHEDULE), Schedule)
    assert schedule.wanted_on == date(2027, 9, 1)
    assert from_json(to_json(schedule), Schedule) == schedule


def test_words_and_numbers_will_do_in_python() -> None:
    assert Commune(budget_vote="year_end", delegation_limit=90_000).budget_vote is BudgetVote.YEAR_END


def test_only_the_vote_regime_is_required() -> None:
    assert json_schema(Commune)["required"] == ["budget_vote"]
    assert json_schema(Schedule)["required"] == []
    assert problems({}, Commune) == {"budget_vote": "required, but it is absent"}


@pytest.mark.parametrize(
    ("changes", "path", "expected"),
    [
        ({"population": 0}, "population", "a whole number of inhabitants from 1"),
        ({"population": -3}, "population", "a whole number of inhabitants from 1"),
        ({"population": "78000"}, "population", "a whole number"),
        ({"budget_vote": "april"}, "budget_vote", "expected one of year_end, spring, got 'april'"),
        ({"budget_voted_on": "2026-12-16"}, "budget_voted_on", "because budget_vote is spring"),
        ({"budget_vote": "year_end"}, "budget_voted_on", "because budget_vote is year_end"),
        ({"orientation_debate_on": "2027-04-09"}, "orientation_debate_on", "up to the vote of the budget (2027-04-08)"),
        ({"draft_budget_sent_on": "2027-04-09"}, "draft_budget_sent_on", "up to the vote of the budget (2027-04-08)"),
        ({"council_meetings": ["2027-02-30"]}, "council_meetings[0]", "expected a date"),
        ({"delegation_limit": "90000.001"}, "delegation_limit", "at most two decimals"),
        ({"insee_code": "92999"}, "insee_code", "the INSEE code of a commune"),
        ({"early_investment_authorised": "yes"}, "early_investment_authorised", "true or false"),
        ({"mayor": "x"}, "mayor", "unknown key"),
    ],
)
def test_a_bad_commune_is_refused_with_its_path(changes: dict[str, Any], path: str, expected: str) -> None:
    found = problems(COMMUNE | changes, Commune)
    assert expected in found[path]


def test_a_vote_on_the_edge_of_its_regime() -> None:
    Commune(budget_vote="spring", budget_voted_on=date(2027, 1, 1))
    Commune(budget_vote="year_end", budget_voted_on=date(2026, 12, 31))
    with pytest.raises(DocumentError):
        Commune(budget_vote="spring", budget_voted_on=date(2026, 12, 31))
    with pytest.raises(DocumentError):
        Commune(budget_vote="year_end", budget_voted_on=date(2027, 1, 1))


@pytest.mark.parametrize(
    ("changes", "path", "expected"),
    [
        ({"wanted_on": "2027-01-03"}, "wanted_on", "from not_before (2027-01-04) on"),
        ({"expense": "both"}, "expense", "expected one of investment, operating"),
        ({"durations": {"party": 3}}, "durations.party", "unknown step"),
        ({"durations": {"analysis": -1}}, "durations.analysis", "a whole number of days from 0"),
        ({"durations": {"analysis": "5"}}, "durations.analysis", "whole number"),
        ({"durations": {"analysis": True}}, "durations.analysis", "whole number"),
        ({"procedure": "Direct Award"}, "procedure", "an identifier"),
        ({"milestones": [{"id": "x", "on": "2027-01-01"}]}, "milestones[0].who", "required"),
        (
            {"milestones": [{"id": "x", "on": "2027-01-01", "who": "a"}, {"id": "x", "on": "2027-01-02", "who": "b"}]},
            "milestones[1].id",
            "an id of its own",
        ),
        ({"when": "soon"}, "when", "unknown key"),
    ],
)
def test_a_bad_schedule_is_refused_with_its_path(changes: dict[str, Any], path: str, expected: str) -> None:
    found = problems(SCHEDULE | changes, Schedule)
    assert expected in found[path]


def test_all_faults_come_at_once() -> None:
    assert set(problems(COMMUNE | {"population": 0, "budget_vote": "x", "y": 1}, Commune)) == {
        "population",
        "budget_vote",
        "y",
    }


PURCHASE = Purchase(title="Capteurs", estimated_value=45_000, contract_type="services", launched_on=date(2027, 3, 1))
SPRING = Commune(budget_vote="spring")


def fault(purchase: Purchase, commune: Commune, schedule: Schedule) -> tuple[str, str]:
    with pytest.raises(DocumentError) as caught:
        check_calendar(purchase, commune, schedule)
    (problem,) = caught.value.problems
    return problem.path, problem.message


def test_a_wanted_start_before_the_launch_is_refused() -> None:
    path, message = fault(PURCHASE, SPRING, Schedule(procedure="direct_award", wanted_on=date(2027, 2, 28)))
    assert path == "schedule.wanted_on"
    assert "from the launch of the consultation (2027-03-01) on, got 2027-02-28" in message


def test_beyond_the_known_budget_years_there_is_no_plan() -> None:
    path, message = fault(PURCHASE, SPRING, Schedule(procedure="direct_award", wanted_on=date(2038, 1, 1)))
    assert path == "schedule.wanted_on"
    assert "up to the end of 2037" in message
    late = PURCHASE.evolve(launched_on=date(2038, 1, 1))
    assert fault(late, SPRING, Schedule(procedure="direct_award"))[0] == "purchase.launched_on"


def test_a_schedule_without_a_procedure_has_no_plan() -> None:
    assert fault(PURCHASE, SPRING, Schedule(wanted_on=date(2027, 9, 1)))[0] == "schedule.procedure"


@pytest.mark.parametrize("procedure", ["marche_public", "joint_procurement"])
def test_an_unknown_procedure_is_refused_with_those_there_are(procedure: str) -> None:
    path, message = fault(PURCHASE, SPRING, Schedule(procedure=procedure))
    assert path == "schedule.procedure"
    assert "direct_award" in message


@pytest.mark.parametrize(
    ("procedure", "durations", "path", "expected"),
    [
        ("open_procedure", {"negotiation": 10}, "schedule.durations.negotiation", "does not allow it"),
        (
            "open_procedure",
            {"receipt": 14},
            "schedule.durations.receipt",
            "at least 15 days (CCP, art. R.\u00a02161-3)",
        ),
        (
            "open_procedure",
            {"standstill": 10},
            "schedule.durations.standstill",
            "at least 11 days (CCP, art. R.\u00a02182-1)",
        ),
        ("innovation_partnership", {"receipt": 29}, "schedule.durations.receipt", "at least 30 days"),
    ],
)
def test_a_length_below_the_law_is_refused(procedure: str, durations: dict[str, int], path: str, expected: str) -> None:
    found = fault(PURCHASE.evolve(estimated_value=300_000), SPRING, Schedule(procedure=procedure, durations=durations))
    assert found[0] == path
    assert expected in found[1]


def test_a_length_that_the_law_allows_on_conditions_is_taken_and_the_conditions_said() -> None:
    answer = check_calendar(
        PURCHASE.evolve(estimated_value=300_000),
        SPRING,
        Schedule(procedure="open_procedure", durations={"receipt": 15}),
    )
    assert answer["receipt"].days == 15
    assert any(entry.id == "short.receipt" and "urgence" in entry.text for entry in answer.assumptions)
