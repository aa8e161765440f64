"""A plan says whether the law opens its procedure to the purchase; a closed one is never plainly called tenable."""

from datetime import date

import pytest
from calendar_examples import SENSORS, TOWN, checked

from qmi_rules.budget_calendar import check_calendar
from qmi_rules.budget_calendar.icalendar import to_ics
from qmi_rules.errors import DocumentError
from qmi_rules.model import Buyer, Lot
from qmi_rules.model.schedule import Schedule
from qmi_rules.pages import Language, to_text
from qmi_rules.procurement import decide

WANTED = {"wanted_on": date(2027, 8, 2)}


def plain(text: str) -> str:
    return " ".join(text.split())


def test_a_closed_procedure_is_said_first_and_never_plainly_tenable() -> None:
    answer = checked({"estimated_value": 500_000}, **WANTED)
    assert answer.feasible
    assert answer.procedure_status == "closed"
    shown = plain(answer.explain("fr"))
    assert shown.index("! Procédure fermée pour cet achat (CCP, art. R. 2122-8).") < shown.index("Début souhaité")
    assert ": les délais le permettraient, la procédure non." in shown
    assert ": tenable" not in shown


def test_an_agenda_says_that_the_procedure_is_closed() -> None:
    stamp = date(2026, 11, 24)
    assert "Procédure fermée pour cet achat" in to_ics(checked({"estimated_value": 500_000}, **WANTED), stamp)
    assert "Procédure" not in to_ics(checked(**WANTED), stamp)


def test_an_open_procedure_is_plainly_tenable() -> None:
    answer = checked(**WANTED)
    assert (answer.procedure_status, answer.procedure_remark) == ("open", None)
    assert ": tenable." in plain(answer.explain("fr"))


def test_what_an_undetermined_procedure_waits_for_is_said(english: Language) -> None:
    contested = checked({"estimated_value": 120_000, "innovative": True}, procedure="innovative_purchase", **WANTED)
    assert contested.procedure_status == "undetermined"
    assert "contesté : " in plain(contested.explain("fr"))
    assert "tenable, si la procédure est ouverte" in plain(contested.explain("fr"))
    assert "contested: " in plain(to_text(contested.page(english)))
    unfilled = checked(procedure="innovative_purchase", **WANTED)
    assert "à préciser : " in plain(unfilled.explain("fr"))


@pytest.mark.parametrize(
    ("values", "small", "status"),
    [((30_000, 400_000), True, "undetermined"), ((300_000, 400_000), False, "closed")],
)
def test_lots_are_looked_at_one_by_one(values: tuple[int, int], small: bool, status: str) -> None:
    lots = tuple(
        Lot(id=f"lot-{i}", estimated_value=value, small_lot=small and i == 0) for i, value in enumerate(values)
    )
    purchase = SENSORS.evolve(estimated_value=None, lots=lots)
    answer = check_calendar(purchase, TOWN, Schedule(procedure="direct_award", **WANTED))
    assert answer.procedure_status == status
    assert ("lot-0" in answer.explain("fr")) is (status == "undetermined")


def test_a_status_that_differs_on_the_planned_day_is_said() -> None:
    works = {"contract_type": "works", "estimated_value": 130_000, "launched_on": date(2026, 11, 2)}
    answer = checked(works, wanted_on=date(2027, 8, 2))
    assert answer.procedure_status == "closed"
    assert "comme le prévoit ce plan, elle serait indéterminée" in plain(answer.explain("fr"))


@pytest.mark.parametrize("value", [30_000, 85_000, 120_000, 300_000])
@pytest.mark.parametrize("procedure", ["direct_award", "innovative_purchase", "adapted_procedure", "open_procedure"])
def test_the_status_is_that_of_the_decision(value: int, procedure: str) -> None:
    purchase = SENSORS.evolve(estimated_value=value, innovative=True, buyer=Buyer(kind="commune", insee_code="92063"))
    answer = check_calendar(purchase, TOWN, Schedule(procedure=procedure))
    assert answer.procedure_status == decide(purchase)[procedure].status


def test_without_a_procedure_those_to_choose_from_are_listed_the_lightest_first() -> None:
    with pytest.raises(
        DocumentError, match=r"schedule\.procedure.*the lightest first: direct_award, adapted_procedure"
    ):
        check_calendar(SENSORS, TOWN, Schedule())
