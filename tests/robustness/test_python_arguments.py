"""What Python code hands over by mistake (plain dicts, strings, dates with a time) is refused in words, with its path."""

from datetime import date, datetime

import pytest

from qmi_rules import Buyer, Dossier, Lot, Member, Need, Purchase, Schedule, decide
from qmi_rules.errors import DocumentError
from qmi_rules.law import default_table

FILLED = {"title": "Capteurs", "launched_on": date(2026, 5, 15), "estimated_value": 1, "contract_type": "services"}
MISTAKES = {
    "buyer.kind": lambda: Purchase(**FILLED, buyer={"kind": "prince"}),
    "buyer": lambda: Purchase(**FILLED, buyer="commune"),
    "need": lambda: Purchase(**FILLED, need=3),
    "lots[0]": lambda: Purchase(**FILLED, lots=["a"]),
    "lots": lambda: Purchase(**FILLED, lots="abc"),
    "members": lambda: Purchase(**FILLED, members=None),
    "members[1]": lambda: Purchase(**FILLED, members=[Member(buyer=Buyer(kind="commune"), part=1), 2]),
    "estimated_value": lambda: Purchase(**{**FILLED, "estimated_value": 85_000.5}),
    "launched_on": lambda: Purchase(**{**FILLED, "launched_on": datetime(2026, 5, 15, 9)}),
    "small_lot": lambda: Lot(id="a", estimated_value=1, small_lot="yes"),
    "renewals.each": lambda: Need(renewals={"count": 1, "each": 1.5}),
    "parts[0].value": lambda: Need(parts=[{"contract_type": "works", "value": "1 000"}]),
    "milestones[0]": lambda: Schedule(procedure="adapted_procedure", milestones=[3]),
    "purchase": lambda: Dossier(purchase="x"),
    "commune": lambda: Dossier(purchase=Purchase(**FILLED), commune="Pantin"),
    "on": lambda: default_table().in_force(datetime(2026, 5, 15)),
    "known_on": lambda: decide(Purchase(**FILLED), known_on="2026-05-15"),
}


@pytest.mark.parametrize("path", MISTAKES)
def test_a_mistake_is_named(path):
    with pytest.raises(DocumentError) as caught:
        MISTAKES[path]()
    assert [problem.path for problem in caught.value.problems] == [path]
    assert "expected" in str(caught.value)
    assert "got" in str(caught.value)
