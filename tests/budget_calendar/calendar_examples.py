"""A purchase, a commune and a schedule to start from, and one call that checks them with changes."""

from datetime import date
from typing import Any

from attrs import evolve

from qmi_rules.budget_calendar import CalendarCheck, check_calendar
from qmi_rules.model import Purchase
from qmi_rules.model.commune import Commune
from qmi_rules.model.schedule import Schedule

SENSORS = Purchase(
    title="Capteurs de qualité de l'air",
    estimated_value=45_000,
    contract_type="services",
    launched_on=date(2026, 9, 1),
)
TOWN = Commune(
    insee_code="92063",
    budget_vote="spring",
    budget_voted_on=date(2027, 4, 8),
    orientation_debate_on=date(2027, 3, 1),
    delegation_limit=90_000,
)
SOON = Schedule(procedure="direct_award", expense="operating")


def checked(
    purchase: dict[str, Any] | None = None, commune: dict[str, Any] | None = None, **schedule: Any
) -> CalendarCheck:
    """The calendar of the example with some fields of its documents changed."""
    return check_calendar(SENSORS.evolve(**(purchase or {})), evolve(TOWN, **(commune or {})), evolve(SOON, **schedule))


def codes(answer: CalendarCheck) -> set[str]:
    """The codes of the conflicts of a calendar."""
    return {str(entry.code) for entry in answer.conflicts}
