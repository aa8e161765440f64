"""Thirty scripted dialogues: what an assistant calls, turn by turn, as a buyer tells it more."""

from collections.abc import Iterator
from typing import Any

Purchase = dict[str, Any]

ASKED: list[tuple[str, Purchase]] = [
    ("Capteurs de qualité de l'air", {"contract_type": "services", "estimated_value": 85_000}),
    ("Vélos-cargos", {"contract_type": "supplies", "estimated_value": "68000"}),
    ("Toiture végétalisée", {"contract_type": "works", "estimated_value": "99999.99"}),
    ("Livres de la médiathèque", {"contract_type": "supplies", "estimated_value": 70_000, "books": True}),
    ("Étude de circulation", {"contract_type": "services", "estimated_value": 59_999.99}),
    ("Cour d'école rafraîchie", {"contract_type": "works", "estimated_value": 6_000_000}),
    ("Logiciel de gestion", {"contract_type": "services", "need": {"yearly": {"amount": "30000", "years": 4}}}),
    ("Éclairage", {"contract_type": "supplies"}),
    ("Restauration scolaire", {"contract_type": "services", "estimated_value": "300000", "specific_service": True}),
    ("Prototype de mobilier", {"contract_type": "supplies", "estimated_value": "150000", "prototype": True}),
]
DAYS = ("2025-05-15", "2026-08-15", "2027-02-01")
LATER: list[Purchase] = [{"buyer": {"kind": "commune"}}, {"innovative": True}, {"innovative": False}]


def dialogues() -> Iterator[list[Purchase]]:
    """The purchase as it stands at each turn of a dialogue: first without a day, then with it, then with one fact more."""
    for i, (title, known) in enumerate(ASKED):
        for j, day in enumerate(DAYS):
            first = {"title": title, **known}
            dated = {**first, "launched_on": day}
            yield [first, dated, {**dated, **LATER[(i + j) % len(LATER)]}]
