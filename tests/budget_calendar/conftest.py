"""A purchase, a commune and a schedule to start from, and English straight from the catalogues."""

from collections.abc import Callable
from datetime import date
from gettext import GNUTranslations
from importlib.resources import files
from io import BytesIO
from typing import Any

import pytest
from attrs import evolve
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from qmi_rules.budget_calendar import CalendarCheck, check_calendar
from qmi_rules.contexts import Purchase
from qmi_rules.contexts.commune import Commune
from qmi_rules.contexts.schedule import Schedule
from qmi_rules.text import Language

SENSORS = Purchase(
    title="Capteurs de qualité de l'air",
    estimated_value=45_000,
    contract_type="services",
    launched_on=date(2026, 9, 1),
)
TOWN = Commune(
    insee_code="92063", budget_vote="spring", budget_voted_on=date(2027, 4, 8), delegation_limit=90_000
)
SOON = Schedule(procedure="direct_award", expense="operating")

Check = Callable[..., CalendarCheck]


@pytest.fixture(scope="session")
def check() -> Check:
    """``check_calendar`` on the example, with changes: fields of each document under its name."""

    def checked(
        purchase: dict[str, Any] | None = None, commune: dict[str, Any] | None = None, **schedule: Any
    ) -> CalendarCheck:
        return check_calendar(
            SENSORS.evolve(**(purchase or {})), evolve(TOWN, **(commune or {})), evolve(SOON, **schedule)
        )

    return checked


@pytest.fixture(scope="session")
def english() -> Language:
    """English from the sources of the catalogues, whether or not one was compiled."""
    merged = Catalog(locale="en")
    for path in files("qmi_rules").joinpath("locale", "en", "LC_MESSAGES").iterdir():
        if path.name.endswith(".po"):
            for entry in read_po(BytesIO(path.read_bytes()), locale="en"):
                if entry.id:
                    merged.add(entry.id, entry.string)
    buffer = BytesIO()
    write_mo(buffer, merged)
    buffer.seek(0)
    return Language("en", GNUTranslations(buffer))
