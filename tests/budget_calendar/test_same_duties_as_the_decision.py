"""Time limits in the calendar are those of the decision, with the national table and with a town's own rules over it."""

from datetime import date
from pathlib import Path

import pytest
from attrs import evolve
from calendar_examples import SENSORS, SOON, TOWN, checked
from hypothesis import given, settings
from hypothesis import strategies as st

from properties import examples
from qmi_rules.budget_calendar import check_calendar
from qmi_rules.budget_calendar.procedure_law import DUTIES, duties_in_calendar
from qmi_rules.law import Table, default_table, load_table
from qmi_rules.law.truth import Truth
from qmi_rules.model import Buyer
from qmi_rules.procurement import decide

PROCEDURES = sorted(name for name, entry in default_table().procedures.items() if not entry.arrangement)

OWN_RULES = """
edition = "Ville d'Exemple, 2026"
over = "national"

[[sources]]
id = "deliberation"
text = "de la délibération 2026-014 du conseil municipal"
article = "art. 5"

[[duty_rows]]
id = "own-receipt"
duty = "time_limit_tenders"
procedures = ["open_procedure", "adapted_procedure"]
days = 40
legal_basis = "deliberation"
source = "registre des délibérations"
published_on = 2026-01-20
effective_from = 2026-02-01
certainty = "confirmed"
"""


@pytest.fixture(scope="session")
def own_rules(tmp_path_factory: pytest.TempPathFactory) -> Table:
    path: Path = tmp_path_factory.mktemp("own") / "rules.toml"
    path.write_text(OWN_RULES, encoding="utf-8")
    return load_table(path).over(default_table())


@settings(max_examples=examples(80), deadline=None)
@given(
    procedure=st.sampled_from(PROCEDURES),
    launched_on=st.dates(date(2019, 4, 1), date(2028, 12, 31)),
    value=st.sampled_from([None, 10_000, 40_000, 215_999, 216_000, 5_404_000]),
    contract_type=st.sampled_from([None, "works", "supplies", "services"]),
    urgent=st.none() | st.booleans(),
    kind=st.sampled_from(["commune", "ept", "state", "utility"]),
)
def test_the_duties_are_those_of_the_decision(
    procedure: str,
    launched_on: date,
    value: int | None,
    contract_type: str | None,
    urgent: bool | None,
    kind: str,
) -> None:
    purchase = SENSORS.evolve(
        launched_on=launched_on,
        estimated_value=value,
        contract_type=contract_type,
        justified_urgency=urgent,
        buyer=Buyer(kind=kind),
    )
    option = decide(purchase)[procedure]
    if option.status == "closed":  # a decision lists no duties of what is closed
        return
    decided = {
        duty.id: (duty.days, not duty.missing and not duty.unsettled) for duty in option.duties if duty.id in DUTIES
    }
    law = default_table().in_force(launched_on)
    planned = {
        name: (duty.days, duty.owed is Truth.YES)
        for name, duty in duties_in_calendar(purchase, TOWN, procedure, law).items()
    }
    assert planned == decided


def test_a_town_that_gives_more_time_is_followed(own_rules: Table) -> None:
    for procedure, value in (("open_procedure", 300_000), ("adapted_procedure", 100_000)):
        purchase = SENSORS.evolve(estimated_value=value)
        answer = check_calendar(purchase, TOWN, evolve(SOON, procedure=procedure), own_rules)
        assert (answer["receipt"].days, answer["receipt"].basis) == (40, "law")
        assert "délibération" in (answer["receipt"].legal_basis or "")


def test_the_law_of_the_day_and_what_was_known_by_then() -> None:
    known = {"launched_on": date(2026, 3, 2)}
    assert checked(known).table_edition == default_table().edition
    purchase = SENSORS.evolve(contract_type="works", launched_on=date(2026, 11, 2))
    schedule = evolve(SOON, wanted_on=date(2027, 2, 1))
    for known_on, there in ((None, True), (date(2026, 6, 1), True), (date(2026, 5, 1), False)):
        answer = check_calendar(purchase, TOWN, schedule, known_on=known_on)
        changes = [c for c in answer.conflicts if c.code == "rule_may_change" and c.from_ == date(2027, 1, 1)]
        assert bool(changes) is there
