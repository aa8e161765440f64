"""A series of values without holes: a value ends where the next begins, and a repealed limit never comes back to life."""

from datetime import date, timedelta

import pytest
from attrs import evolve

from qmi_rules.law import Declared, FlawKind
from qmi_rules.model import Buyer, Purchase
from qmi_rules.procurement import decide
from small_law import small_table

SUPPLIES = "direct_award.supplies_services"
DAY = timedelta(days=1)
EVE = date(2026, 3, 31)


def changed(threshold, position, table=None, **changes):
    """The small table with one value of a series changed; the last but one is at -2."""
    table = small_table() if table is None else table
    series = table.thresholds[threshold]
    values = list(series.values)
    values[position] = evolve(values[position], **changes)
    return table.replace(thresholds=table.thresholds | {threshold: evolve(series, values=values)})


def flaws(table):
    return [(flaw.kind, flaw.rows, flaw.since, flaw.until) for flaw in table.check().flaws]


def bought(day, amount=20_000):
    return Purchase(
        title="x", launched_on=day, estimated_value=amount, contract_type="supplies", buyer=Buyer(kind="commune")
    )


def test_a_repealed_limit_does_not_come_back_to_life():
    """The 40 000 end on 30 March, the 60 000 begin on 1 April: on the day between, the 25 000 of before are no law."""
    table = changed(SUPPLIES, -2, effective_until=EVE - DAY)
    law = table.in_force(EVE)
    assert law.limit(SUPPLIES).amounts == ()
    assert (law.since, law.until) == (EVE, EVE)
    option = decide(bought(EVE), table)["direct_award"]
    assert option.status == "undetermined"
    assert option.unknown_ids == (SUPPLIES,)


def test_the_proof_names_the_day_on_which_a_series_has_no_value():
    table = changed(SUPPLIES, -2, effective_until=EVE - DAY)
    assert ("hole", (SUPPLIES,), EVE, EVE) in flaws(table)
    (flaw,) = [flaw for flaw in table.check().flaws if flaw.kind == "hole"]
    assert flaw.legal_basis == ("R2122-8 du code de la commande publique",)
    assert "une série n’a aucune valeur certains jours" in table.check().explain("fr")


def test_a_hole_that_the_law_has_is_declared_with_its_article():
    table = changed(SUPPLIES, -2, effective_until=EVE - DAY)
    said = Declared(
        kind=FlawKind.HOLE, rows=[SUPPLIES], reason="Le texte le veut.", legal_basis="ccp-r2122-8", since=EVE, until=EVE
    )
    proof = table.replace(declared=(said,)).check()
    assert [flaw.rows for flaw in proof.declared] == [(SUPPLIES,)]
    assert not [flaw for flaw in proof.flaws if flaw.kind == "hole"]
    too_short = evolve(said, until=EVE - DAY, since=EVE - DAY)
    assert [flaw for flaw in table.replace(declared=(too_short,)).check().flaws if flaw.kind == "hole"]


def test_only_a_derogation_lets_an_older_value_return():
    """Works: 100 000 by a stand-alone text until the end of 2021, then again the 40 000 that it had covered."""
    works = "direct_award.works"
    series = small_table().thresholds[works]
    (covering,) = [value for value in series.values if value.derogation]
    values = [evolve(v, effective_until=date(2021, 12, 31)) if v is covering else v for v in series.values]
    table = small_table().replace(thresholds=small_table().thresholds | {works: evolve(series, values=values)})
    assert table.in_force(date(2021, 12, 31)).amount(works) == 100_000
    assert table.in_force(date(2022, 1, 1)).amount(works) == 40_000
    plain = [evolve(v, derogation=False) for v in values]
    table = table.replace(thresholds=table.thresholds | {works: evolve(series, values=plain)})
    assert table.in_force(date(2022, 1, 1)).limit(works).amounts == ()
    assert ("hole", (works,), date(2022, 1, 1), date(2025, 12, 31)) in flaws(table)


def test_an_end_that_nobody_knew_yet_leaves_no_hole():
    table = changed(SUPPLIES, -2, effective_until=EVE - DAY, end_published_on=date(2026, 3, 1))
    assert table.in_force(EVE, date(2026, 2, 28)).amount(SUPPLIES) == 40_000
    assert table.in_force(EVE, date(2026, 3, 1)).limit(SUPPLIES).amounts == ()


def test_a_text_in_force_before_its_publication_is_a_flaw_unless_declared():
    late = date(2026, 4, 3)
    table = changed(SUPPLIES, -1, published_on=late)
    assert ("published_late", (SUPPLIES,), date(2026, 4, 1), late - DAY) in flaws(table)
    said = Declared(kind=FlawKind.PUBLISHED_LATE, rows=[SUPPLIES], reason="Rétroactif.", legal_basis="ccp-r2122-8")
    assert not [f for f in table.replace(declared=(said,)).check().flaws if f.kind == "published_late"]


@pytest.mark.parametrize("amount", ["59999.50", "600000", "4000", "60000.0001"])
def test_an_amount_that_no_text_could_hold_is_a_flaw(amount):
    table = changed(SUPPLIES, -1, amount=amount)
    assert ("implausible", (SUPPLIES,), date(2026, 4, 1), None) in flaws(table)


@pytest.mark.parametrize(("unit", "amount", "fine"), [("share", "0.20", True), ("share", "1.2", False), ("share", "0", False), ("months", "48", True), ("months", "4.5", False), ("multiple", "1.5", True)])  # fmt: skip
def test_what_a_text_could_hold_depends_on_the_unit(unit, amount, fine):
    table = small_table()
    series = table.thresholds["essential_data"]
    other = evolve(series, id="other", unit=unit, values=[evolve(series.values[0], amount=amount)])
    kinds = [flaw.kind for flaw in table.replace(thresholds=table.thresholds | {"other": other}).check().flaws]
    assert kinds == ([] if fine else ["implausible"])


def test_the_small_table_holds():
    """That the national one does, tests/law/test_proof.py says."""
    assert small_table().check().flaws == ()
