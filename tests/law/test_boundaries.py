"""A cent and a day on each side of every edge: from a list written by hand, and from the table, which the oracle judges."""

import itertools
from datetime import timedelta
from decimal import Decimal

import hand
import pytest

from oracle import Oracle
from qmi_rules.law import default_table
from qmi_rules.model import Buyer, Purchase
from qmi_rules.procurement import decide

ORACLE = Oracle()
DAY, CENT = timedelta(days=1), Decimal("0.01")


def test_every_series_has_the_amounts_and_texts_written_down_by_hand(table):
    assert set(hand.SERIES) == set(table.thresholds)
    hand.check_series(table)


def test_every_ground_has_the_days_and_text_written_down_by_hand(table):
    assert set(hand.GROUNDS) == {rule.id for rule in table.rules}
    hand.check_grounds(table)


def test_a_cent_on_each_side_of_every_limit_written_by_hand(table):
    for procedure, facts, kind, amount, day, expected in hand.triples():
        purchase = Purchase(title="x", launched_on=day, estimated_value=amount, buyer=Buyer(kind=kind), **facts)
        assert decide(purchase, table)[procedure].status == expected, (procedure, facts, kind, amount, day)


def test_the_day_before_and_after_each_limit_written_by_hand_has_another_answer(table):
    """Where a limit rises, a need just below the new one is still bound the day before."""
    changes = {(p, t, k): [] for p, types, kinds, *_ in hand.LIMITS for t in types for k in kinds}
    for procedure, types, kinds, facts, limit, since, _ in hand.LIMITS:
        if facts in ({}, {"innovative": True}, {"books": True}):
            for t in types:
                for k in kinds:
                    changes[procedure, t, k].append((hand.d(since), limit, facts))
    for (procedure, t, k), steps in changes.items():
        for (_, old, _), (day, new, facts) in itertools.pairwise(steps):
            amount = max(old, new) - CENT
            given = {"title": "x", "estimated_value": amount, "contract_type": t, "buyer": Buyer(kind=k), **facts}
            before, after = (
                decide(Purchase(launched_on=on, **given), table)[procedure].status for on in (day - DAY, day)
            )
            assert (before, after) == (("closed", "open") if new > old else ("open", "closed")), (procedure, t, k, day)


def edges():
    table = default_table()
    for rule in table.rules:
        for condition in rule.when:
            if condition.threshold and condition.fact == "estimated_value":
                for law in table.segments():
                    if rule in law.rules:
                        for amount in law.limit(condition.threshold).amounts:
                            yield law, amount


def test_a_cent_on_each_side_of_every_limit_of_the_table_the_oracle_agrees(table):
    for day, amount in dict.fromkeys((law.day, amount) for law, amount in edges()):
        for value in (amount - CENT, amount, amount + CENT):
            if value < 0:
                continue
            purchase = Purchase(
                title="x", launched_on=day, estimated_value=value, contract_type="supplies", buyer=Buyer(kind="commune")
            )
            case = {"contract_type": "supplies", "buyer_kind": "commune", "estimated_value": value}
            seen = {o.procedure: o.status for o in decide(purchase, table).options}
            for procedure in ("direct_award", "innovative_purchase", "adapted_procedure"):
                assert seen[procedure] == ORACLE.status(procedure, case, day)


@pytest.mark.parametrize(("days", "expected"), [(-1, "closed"), (0, "open"), (1, "open")])
def test_the_day_of_the_decree_of_2026(table, days, expected):
    day = hand.d("2026-04-01") + days * DAY
    purchase = Purchase(title="x", launched_on=day, estimated_value="59999.99", contract_type="services")
    assert decide(purchase, table)["direct_award"].status == expected


@pytest.mark.parametrize("amount", ["100000", "120000", "139999.99"])
def test_between_the_two_readings_an_innovative_purchase_is_undetermined(table, amount):
    purchase = Purchase(
        title="x", launched_on=hand.d("2026-07-01"), estimated_value=amount, contract_type="services", innovative=True
    )
    option = decide(purchase, table)["innovative_purchase"]
    assert (option.status, option.contested) == ("undetermined", ("innovative_purchase",))
