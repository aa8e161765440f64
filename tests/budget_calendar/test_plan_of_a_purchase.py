"""The plan of a purchase: its laws on many purchases, its steps and limits, and why a wish is impossible."""

from datetime import date, timedelta
from itertools import pairwise
from pickle import dumps, loads
from typing import Any

import pytest
from attrs import evolve
from calendar_examples import SENSORS, SOON, TOWN, checked
from hypothesis import given, settings
from hypothesis import strategies as st

from properties import examples
from qmi_rules.budget_calendar import CalendarCheck, check_calendar, first_daytime_limit, standstill_ends
from qmi_rules.budget_calendar.check import _route
from qmi_rules.budget_calendar.plans import _constraints, _relax, in_time
from qmi_rules.budget_calendar.steps import durations
from qmi_rules.law import default_table
from qmi_rules.model import Buyer, Lot, Need, Purchase
from qmi_rules.model.commune import Commune
from qmi_rules.model.schedule import Schedule, StepId
from qmi_rules.schema import from_json

ORDER = list(StepId)
FORMAL = {
    "open_procedure": 300_000,
    "restricted_procedure": 300_000,
    "competitive_procedure_with_negotiation": 300_000,
    "competitive_dialogue": 300_000,
    "innovation_partnership": 300_000,
}
PROCEDURES = sorted(name for chain in durations().chains for name in chain.procedures)
DATES = st.dates(date(2026, 1, 1), date(2028, 12, 31))


@st.composite
def communes(draw: st.DrawFn) -> Commune:
    regime = draw(st.sampled_from(["year_end", "spring"]))
    voted = draw(
        st.none() | st.dates(date(2027, 1, 1), date(2027, 4, 30))
        if regime == "spring"
        else st.none() | st.dates(date(2026, 9, 1), date(2026, 12, 31))
    )
    return Commune(
        budget_vote=regime,
        budget_voted_on=voted,
        population=draw(st.none() | st.sampled_from([3_499, 3_500])),
        council_meetings=tuple(draw(st.lists(DATES, max_size=5))),
        delegation_limit=draw(st.none() | st.sampled_from([0, 90_000, 1_000_000])),
        previous_investment_credits=draw(st.none() | st.sampled_from([100_000, 10_000_000])),
        early_investment_authorised=draw(st.none() | st.booleans()),
        closed_days=tuple(draw(st.lists(DATES, max_size=2))),
    )


@st.composite
def inputs(draw: st.DrawFn) -> tuple[Purchase, Commune, Schedule]:
    procedure = draw(st.sampled_from(PROCEDURES))
    launched = draw(DATES)
    not_before = draw(st.none() | st.dates(launched - timedelta(days=200), launched + timedelta(days=60)))
    first = max(launched, not_before or launched)
    value = draw(st.sampled_from([None, 45_000, 215_999, 216_000, 5_404_000]))
    schedule = Schedule(
        procedure=procedure,
        not_before=not_before,
        wanted_on=draw(st.none() | st.dates(first, first + timedelta(days=700))),
        expense=draw(st.none() | st.sampled_from(["investment", "operating"])),
    )
    return SENSORS.evolve(launched_on=launched, estimated_value=value), draw(communes()), schedule


def plans() -> st.SearchStrategy[CalendarCheck]:
    return inputs().map(lambda documents: check_calendar(*documents))


@settings(max_examples=examples(80), deadline=None)
@given(plans())
def test_no_step_starts_before_the_one_before_it_has_ended(answer: CalendarCheck) -> None:
    for steps in (answer.steps, answer.earliest_steps):
        assert all(step.start <= step.end for step in steps)
        assert all(before.end <= after.start for before, after in pairwise(steps))
        assert all((step.end - step.start).days >= step.days for step in steps)


@settings(max_examples=examples(80), deadline=None)
@given(plans())
def test_verdict_and_plan_agree(answer: CalendarCheck) -> None:
    assert answer.earliest_start == answer.earliest_steps[-1].end
    assert answer.feasible == (answer.wanted_on is None or answer.earliest_start <= answer.wanted_on)
    assert (answer.launch_by is not None) or answer.wanted_on is None or not answer.feasible
    assert bool(answer.blocking) == (not answer.feasible)
    if answer.wanted_on is not None and answer.feasible:
        assert answer.steps[-1].end == answer.wanted_on
        assert all(
            early.start <= late.start
            for early in answer.earliest_steps
            for late in answer.steps
            if early.id == late.id != StepId.CREDITS
        )
    else:
        assert answer.steps == answer.earliest_steps
    if answer.feasible:
        assert not [c for c in answer.conflicts if c.severity == "blocking"]


@settings(max_examples=examples(30), deadline=None)
@given(plans(), st.data())
def test_a_day_more_in_a_step_never_makes_the_start_earlier(answer: CalendarCheck, data: st.DataObject) -> None:
    step = data.draw(st.sampled_from(answer.steps))
    for commune in (TOWN, evolve(TOWN, council_meetings=(date(2027, 2, 1), date(2027, 6, 1)), delegation_limit=0)):
        schedule = evolve(SOON, procedure=answer.procedure, wanted_on=date(2029, 6, 1))
        purchase = SENSORS.evolve(launched_on=date(2026, 12, 1), estimated_value=300_000)
        before = check_calendar(purchase, commune, schedule)
        if step.id not in {entry.id for entry in before.steps}:
            continue
        days = before[step.id].days
        longer = check_calendar(purchase, commune, evolve(schedule, durations={step.id: days + 1}))
        same = check_calendar(purchase, commune, evolve(schedule, durations={step.id: days}))
        assert longer.earliest_start >= same.earliest_start
        assert longer.launch_by is not None
        assert same.launch_by is not None
        assert longer.launch_by <= same.launch_by


@pytest.mark.parametrize("procedure", PROCEDURES)
def test_every_procedure_of_the_table_has_a_plan_in_the_order_of_the_steps(procedure: str) -> None:
    answer = checked(
        {"estimated_value": FORMAL.get(procedure, 45_000)}, procedure=procedure, wanted_on=date(2028, 9, 1)
    )
    ids = [step.id for step in answer.steps]
    assert ids == sorted(ids, key=ORDER.index)
    assert ids[-3:] == ["signature", "notification", "start"] or "prefect" in ids
    assert answer.procedure_label


def test_no_procedure_of_the_table_is_without_a_plan() -> None:
    table = default_table()
    assert {name for name, entry in table.procedures.items() if not entry.arrangement} == set(PROCEDURES)


def test_the_open_procedure_takes_its_time_limits_from_the_law() -> None:
    answer = checked({"estimated_value": 300_000}, procedure="open_procedure", wanted_on=date(2028, 6, 1))
    receipt, standstill = answer["receipt"], answer["standstill"]
    assert (receipt.days, receipt.legal_basis, receipt.estimate) == (30, "CCP, art. R.\u00a02161-3", False)
    assert receipt.end >= first_daytime_limit(receipt.start, 30)
    assert (standstill.days, standstill.legal_basis, standstill.estimate) == (11, "CCP, art. R.\u00a02182-1", False)
    assert answer["signature"].start >= standstill_ends(standstill.start, 11)
    assert standstill.start == answer["rejection_letters"].end
    assert receipt.start == answer["publication"].end
    assert answer["analysis"].estimate
    assert {step.id for step in answer.steps} >= {"tender_committee", "prefect"}


def test_justified_urgency_halves_the_receipt() -> None:
    answer = checked({"estimated_value": 300_000, "justified_urgency": True}, procedure="open_procedure")
    assert answer["receipt"].days == 15


def test_a_receipt_in_two_phases_shows_its_parts() -> None:
    answer = checked({"estimated_value": 300_000}, procedure="restricted_procedure")
    candidatures, selection, tenders = answer["receipt"].parts
    assert (candidatures.days, candidatures.legal_basis) == (30, "CCP, art. R.\u00a02161-6")
    assert selection.legal_basis is None
    assert (tenders.days, tenders.legal_basis) == (25, "CCP, art. R.\u00a02161-8")
    assert candidatures.end >= first_daytime_limit(candidatures.start, 30)
    assert tenders.end >= first_daytime_limit(tenders.start, 25)
    assert answer["receipt"].estimate


@pytest.mark.parametrize(("value", "sent"), [("215999.99", False), ("216000", True)])
def test_a_contract_goes_to_the_prefect_from_the_threshold(value: str, sent: bool) -> None:
    answer = checked({"estimated_value": value}, procedure="adapted_procedure")
    assert ("prefect" in {step.id for step in answer.steps}) is sent


@pytest.mark.parametrize(("limit", "voted"), [(45_000, False), (44_999, True), (0, True), (None, True)])
def test_the_council_votes_above_the_limit_of_the_delegation(limit: int | None, voted: bool) -> None:
    answer = checked(commune={"delegation_limit": limit})
    assert ("council" in {step.id for step in answer.steps}) is voted
    assert any(entry.id == "delegation" for entry in answer.assumptions) is (limit is None)


def test_the_council_meets_on_its_dates_and_not_before_its_convocation_allows() -> None:
    meetings = (*tuple(date(2026, month, 15) for month in range(9, 13)), date(2027, 1, 15))
    ready = checked(commune={"delegation_limit": 0, "council_meetings": meetings})
    decided = ready["analysis"].end
    assert ready["council"].end == min(m for m in meetings if (m - decided).days >= 6)
    assert ready["council"].estimate is False
    assert [deadline.by for deadline in ready.deadlines if deadline.id == "convocation"] == [
        ready["council"].end - timedelta(days=6)
    ]


@pytest.mark.parametrize(("gap", "taken"), [(6, True), (5, False)])
def test_a_meeting_needs_five_clear_days_after_the_decision(gap: int, taken: bool) -> None:
    decided = checked(commune={"delegation_limit": 0})["analysis"].end
    first, second = decided + timedelta(days=gap), decided + timedelta(days=40)
    answer = checked(commune={"delegation_limit": 0, "council_meetings": (second, first)})
    assert answer["council"].end == (first if taken else second)


def test_without_dates_a_wait_for_the_council_is_assumed_and_said() -> None:
    answer = checked(commune={"delegation_limit": 0})
    assert answer["council"].estimate
    assert "council_meetings" in {entry.id for entry in answer.assumptions}


def test_a_meeting_on_a_sunday_is_taken_but_flagged() -> None:
    sunday = date(2026, 11, 15)
    answer = checked(commune={"delegation_limit": 0, "council_meetings": (sunday,)}, wanted_on=date(2026, 12, 1))
    assert answer["council"].end == sunday
    assert "sunday_meeting" in {entry.id for entry in answer.assumptions}


def test_what_had_to_be_assumed_is_listed_by_its_path() -> None:
    assert checked(not_before=date(2026, 9, 7), commune={"delegation_limit": 45_000}).missing == (
        "commune.budget_voted_on",  # of 2026, the year of the signature
    )
    bare = check_calendar(
        SENSORS.evolve(estimated_value=None),
        Commune(budget_vote="spring"),
        Schedule(procedure="direct_award"),
    )
    assert bare.missing == (
        "estimated_value",
        "commune.budget_voted_on",
        "schedule.expense",
        "commune.population",
        "commune.delegation_limit",
        "commune.council_meetings",
        "schedule.not_before",
    )


def test_a_limit_that_is_not_known_yet_is_named() -> None:
    answer = checked({"launched_on": date(2028, 2, 1)})
    (entry,) = [entry for entry in answer.assumptions if entry.id == "undetermined.prefect_transmission"]
    assert "Seuil de transmission au contrôle de légalité" in entry.text
    assert "prefect" in {step.id for step in answer.steps}


def test_each_duration_can_be_replaced() -> None:
    answer = checked(durations={"sourcing": 1, "analysis": 2, "negotiation": 3, "signature": 0})
    assert [answer[step].days for step in ("sourcing", "analysis", "negotiation", "signature")] == [1, 2, 3, 0]
    assert answer["negotiation"].basis == "user"
    assert not answer["negotiation"].estimate


def test_forward_from_the_launch_when_no_start_is_wanted() -> None:
    answer = checked()
    assert answer["receipt"].start == SENSORS.launched_on
    assert answer["sourcing"].end <= SENSORS.launched_on
    assert "preparation" in {entry.id for entry in answer.assumptions}


def test_forward_from_the_first_day_when_it_is_given() -> None:
    answer = checked({"launched_on": date(2026, 9, 1)}, not_before=date(2026, 8, 24))
    assert answer["sourcing"].start == date(2026, 8, 24)
    assert answer["receipt"].start > SENSORS.launched_on


def test_work_that_begins_on_the_day_of_the_launch_still_has_to_be_prepared() -> None:
    answer = checked(not_before=SENSORS.launched_on)
    assert answer["sourcing"].start == SENSORS.launched_on


def test_a_consultation_that_is_already_launched_runs_on() -> None:
    answer = checked(not_before=date(2026, 9, 7))
    assert answer["receipt"].start == SENSORS.launched_on
    assert answer["analysis"].start >= date(2026, 9, 7)


def test_the_launch_may_be_on_a_sunday_if_the_purchase_says_so() -> None:
    answer = checked({"launched_on": date(2026, 9, 6)})
    assert answer["receipt"].start == date(2026, 9, 6)


def test_the_launch_by_date_is_the_last_that_is_in_time() -> None:
    wanted = date(2026, 12, 15)
    launch_by = checked(wanted_on=wanted).launch_by
    assert launch_by is not None
    assert checked({"launched_on": launch_by}, wanted_on=wanted).feasible
    late = checked({"launched_on": launch_by + timedelta(days=1)}, wanted_on=wanted)
    assert not late.feasible
    assert late.launch_by == launch_by


def constraints(answer: CalendarCheck) -> list[str]:
    return [entry.name for entry in answer.blocking]


def test_why_it_is_impossible_credits() -> None:
    answer = checked(
        {"launched_on": date(2027, 1, 4)},
        wanted_on=date(2027, 3, 1),
        expense="investment",
        durations={"receipt": 5, "analysis": 5, "signature": 5},
    )
    assert constraints(answer) == ["wanted_on", "launched_on", "credits"]


def test_why_it_is_impossible_the_law() -> None:
    quick = {"analysis": 0, "tender_committee": 0, "rejection_letters": 0, "signature": 0, "prefect": 0}
    answer = checked(
        {"launched_on": date(2026, 9, 1), "estimated_value": 300_000},
        {"delegation_limit": 400_000},
        procedure="open_procedure",
        wanted_on=date(2026, 10, 9),
        durations=quick,
    )
    assert constraints(answer) == ["wanted_on", "launched_on", "duration:standstill", "duration:receipt"]


def test_why_it_is_impossible_the_council() -> None:
    answer = checked(
        {"launched_on": date(2026, 9, 1)},
        {"delegation_limit": 0, "council_meetings": (date(2026, 12, 10),)},
        wanted_on=date(2026, 11, 30),
    )
    assert constraints(answer) == ["wanted_on", "launched_on", "council_meetings"]
    assert answer.launch_by is None
    assert "Aucun lancement" in answer.explain("fr")


def test_why_it_is_impossible_a_wait_that_is_assumed() -> None:
    answer = checked(
        {"launched_on": date(2026, 9, 1)},
        {"delegation_limit": 0},
        wanted_on=date(2026, 9, 22),
        durations={"receipt": 0, "analysis": 0, "signature": 0},
    )
    assert constraints(answer) == ["wanted_on", "launched_on", "duration:council"]


@settings(max_examples=examples(30), deadline=None)
@given(plans())
def test_the_constraints_are_those_of_the_purchase_each_once(answer: CalendarCheck) -> None:
    names = constraints(answer)
    assert len(names) == len(set(names))
    if not answer.feasible:
        assert names[0] == "wanted_on"
        assert {"launched_on", "not_before"} & set(names)


@pytest.mark.parametrize("days", range(1, 120, 7))
def test_a_constraint_is_enough_exactly_if_lifting_it_alone_makes_the_wish_possible(days: int) -> None:
    purchase = {"launched_on": date(2026, 12, 1)}
    commune: dict[str, Any] = {"council_meetings": (date(2027, 2, 1),), "delegation_limit": 0}
    schedule: dict[str, Any] = {"wanted_on": date(2026, 12, 1) + timedelta(days=days), "expense": "investment"}
    answer = checked(purchase, commune, **schedule)
    assert not answer.feasible
    for entry in answer.blocking:
        match entry.kind:
            case "wanted_on":
                lifted = checked(purchase, commune, **schedule | {"wanted_on": answer.earliest_start})
            case "credits":
                lifted = checked(purchase, commune, **schedule | {"expense": "operating"})
            case "council_meetings":
                lifted = checked(purchase, commune | {"delegation_limit": 90_000}, **schedule)
            case "duration":
                lifted = checked(purchase, commune, **schedule | {"durations": {entry.step: 0}})
            case _:
                continue
        assert lifted.feasible is entry.enough, entry.name


@settings(max_examples=examples(40), deadline=None)
@given(inputs())
def test_the_set_of_constraints_is_minimal(documents: tuple[Purchase, Commune, Schedule]) -> None:
    """Kept alone it makes the wish impossible; without any one of its own it does not."""
    answer = check_calendar(*documents)
    if answer.feasible or answer.wanted_on is None:
        return
    route = _route(*documents, default_table(), None)
    own = {entry.name for entry in answer.blocking} - {"wanted_on"}
    others = frozenset({constraint.name for constraint in _constraints(route)} - own)
    assert not in_time(_relax(route, others), answer.wanted_on)
    for name in own:
        assert in_time(_relax(route, others | {name}), answer.wanted_on)


def test_the_signature_waits_for_the_vote_and_the_credits_stand_before_it() -> None:
    answer = checked({"launched_on": date(2027, 1, 11)}, expense="investment")
    assert answer["credits"].start == date(2027, 4, 8)
    assert answer["signature"].start == date(2027, 4, 8)
    assert answer.critical_path[0] == "credits"


def test_credits_that_are_open_keep_their_place() -> None:
    answer = checked({"launched_on": date(2027, 5, 3)}, expense="investment", not_before=date(2027, 4, 12))
    ids = [step.id for step in answer.steps]
    assert ids.index("credits") == ids.index("need") + 1


def test_a_dossier_for_next_spring_signs_before_the_year_ends_if_it_can() -> None:
    answer = checked({"launched_on": date(2026, 11, 2)}, wanted_on=date(2027, 2, 15), expense="investment")
    assert answer.feasible
    assert answer["signature"].end <= date(2026, 12, 31)


def test_the_critical_path_runs_from_what_was_waited_for_to_the_start() -> None:
    assert checked().critical_path == ("receipt", "analysis", "signature", "notification", "start")
    prepared = checked(not_before=date(2026, 8, 24)).critical_path
    assert prepared[0] == "sourcing"
    assert list(prepared) == [step for step in ORDER if step in prepared]
    assert checked(not_before=date(2026, 3, 2)).critical_path[0] == "receipt"


def test_a_procedure_that_an_integrator_added_follows_its_nearest_kind() -> None:
    table = default_table()
    own = evolve(table.procedures["direct_award"], id="town_quick_purchase")
    answer = check_calendar(
        SENSORS, TOWN, evolve(SOON, procedure="town_quick_purchase"), table=with_procedure(table, own)
    )
    assert [step.id for step in answer.steps] == [step.id for step in checked().steps]


def with_procedure(table: object, procedure: object) -> object:
    return evolve(table, procedures={**table.procedures, procedure.id: procedure})  # type: ignore[attr-defined,type-var]


def test_lots_members_and_a_need_count_as_a_whole() -> None:
    lots = Purchase(
        title="Lots",
        launched_on=date(2026, 9, 1),
        contract_type="services",
        lots=[Lot(id="1", estimated_value=120_000), Lot(id="2", estimated_value=96_000)],
    )
    need = Purchase(title="Besoin", launched_on=date(2026, 9, 1), contract_type="services", need=Need(firm=216_000))
    for purchase in (lots, need):
        answer = check_calendar(purchase, TOWN, evolve(SOON, procedure="adapted_procedure"))
        assert {"council", "prefect"} <= {step.id for step in answer.steps}


def test_a_buyer_of_another_kind_keeps_its_own_duties() -> None:
    answer = checked({"estimated_value": 300_000, "buyer": Buyer(kind="utility")}, procedure="restricted_procedure")
    assert answer["receipt"].parts[0].days == 15


def test_equal_pickled_and_read_back() -> None:
    answer = checked({"estimated_value": 300_000}, procedure="restricted_procedure", wanted_on=date(2028, 3, 1))
    again = checked({"estimated_value": 300_000}, procedure="restricted_procedure", wanted_on=date(2028, 3, 1))
    assert answer == again
    assert loads(dumps(answer)) == answer
    assert loads(dumps(answer)).explain("fr") == answer.explain("fr")
    assert from_json(answer.to_json(), CalendarCheck) == answer
