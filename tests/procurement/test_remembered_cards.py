"""Cards that are remembered say what cards made one by one say, character for character."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from properties import examples
from qmi_rules import Purchase, decide, default_table
from qmi_rules.pages import language
from qmi_rules.procurement.card_cache import RememberedCards, _Euros
from qmi_rules.schema import to_json

CARDS = RememberedCards(default_table())
EDGES = sorted(
    {
        amount
        for law in default_table().segments(None)
        for limit in default_table().thresholds
        for amount in law.limit(limit).amounts
        if amount >= 100
        if law.since is None or law.since.year > 2017
    }
)
DAYS = sorted({day + timedelta(days=off) for day in CARDS._days for off in (-1, 0)} - {date(2100, 1, 1)})
AMOUNTS = (
    st.none()
    | st.integers(0, 3_000_000).map(str)
    | st.decimals("0", "6000000", places=2).map(str)
    | st.sampled_from(EDGES).flatmap(
        lambda edge: st.sampled_from(
            [str(edge), f"{edge:f}.00", str(edge + 1), str(max(edge - Decimal("0.01"), Decimal(0)))]
        )
    )
)
FACTS = (
    "innovative",
    "supplier_is_jei",
    "prototype",
    "design_included",
    "complex",
    "extreme_urgency",
    "books",
    "failed_tender",
    "joint",
    "new_building",
)
WORDS = sorted(CARDS._any_word)
PURCHASES = st.fixed_dictionaries(
    {
        "title": st.sampled_from(["x", *WORDS]) | st.sampled_from(WORDS).map(lambda word: f"Les {word.upper()}s de la ville"),
        "launched_on": st.sampled_from([day for day in DAYS if day.year > 2016]) | st.dates(date(2017, 1, 1), date(2028, 6, 1)),
        "contract_type": st.sampled_from([None, "works", "supplies", "services"]),
        "buyer": st.sampled_from([None, {"kind": "commune"}, {"kind": "commune", "insee_code": "92048"}, {"kind": "state"}, {"kind": "utility", "insee_code": "92048"}, {"kind": "region"}]),
        "estimated_value": AMOUNTS,
        "cpv": st.none() | st.sampled_from(["34430000", "71000000-8", "71200000", "85000000", "22110000", "79999999", "92000000"]),
        "duration_months": st.none() | st.integers(0, 60),
    },
    optional={fact: st.booleans() for fact in FACTS},
)  # fmt: skip


def says_the_same(document: dict[str, Any], lang: str, known_on: date | None, days: int) -> None:
    purchase = Purchase(**document)
    if purchase.value:  # one like it is met first, so that the card is a remembered one
        later = purchase.launched_on + timedelta(days=days)
        CARDS.card(purchase.evolve(estimated_value=purchase.value + Decimal("0.01"), launched_on=later), lang, known_on)
    decided = decide(purchase, known_on=known_on)
    assert CARDS.card(purchase, lang, known_on) == to_json(decided, indent=None, lang=lang, detail="answer")


ANY = (PURCHASES, st.sampled_from(["fr", "en"]), st.sampled_from([None, date(2025, 11, 1)]), st.integers(0, 2))


@settings(max_examples=examples(60), deadline=None)
@given(*ANY)
def test_a_remembered_card_says_the_same(document: dict[str, Any], lang: str, known_on: date | None, days: int) -> None:
    says_the_same(document, lang, known_on, days)


@pytest.mark.slow
@settings(max_examples=3_000, deadline=None, suppress_health_check=list(HealthCheck))
@given(*ANY)
def test_thousands_of_remembered_cards_say_the_same(
    document: dict[str, Any], lang: str, known_on: date | None, days: int
) -> None:
    says_the_same(document, lang, known_on, days)


def test_a_title_that_gives_reason_to_ask_is_told_from_others() -> None:
    asked = {"launched_on": date(2026, 5, 15), "contract_type": "services", "estimated_value": 50_000}
    cards = {title: CARDS.card(Purchase(title=title, **asked)) for title in ("Entretien", "Conseil d'un avocat")}
    assert cards["Entretien"] != cards["Conseil d'un avocat"]


def test_purchases_alike_are_worked_out_once() -> None:
    cards = RememberedCards(default_table())
    for i in range(50):
        cards.card(
            Purchase(
                title=f"n° {i}",
                launched_on=date(2026, 4, 2) + timedelta(days=i % 20),
                contract_type="services",
                buyer={"kind": "commune"},
                estimated_value=61_000 + i,
            )
        )
    (remembered,) = cards._cards.values()
    assert remembered is not None


@pytest.mark.parametrize("lang", ["fr", "en"])
@given(
    amount=st.integers(0, 10**12).map(Decimal)
    | st.decimals("0", "999999999999", places=2)
    | st.decimals("0", "99999", places=1)
)
def test_amounts_are_written_as_everywhere(lang: str, amount: Decimal) -> None:
    say = language(lang)
    assert _Euros(say)(amount) == say.euros(amount)
