"""Every case of tests/cases, as a jurist reads it, gets the answer that it states."""

import jurist
import pytest


@pytest.mark.parametrize("case", jurist.cases(), ids=lambda case: f"{case['file']}/{case['id']}")
def test_the_case_is_answered_as_it_states(case, table):
    jurist.check(case, table)


def test_every_case_has_its_own_name_a_reason_and_an_expectation():
    names = [case["id"] for case in jurist.cases()]
    assert len(set(names)) == len(names) >= 60
    for case in jurist.cases():
        assert case["why"]
        stated = set(jurist.EXPECTATIONS) & case.keys() | set(case.get("lots", {}))
        assert stated, case["id"]


def test_every_ground_of_the_table_opens_its_procedure_in_some_case(table):
    """Those that are not confirmed and would free from competition may open it: nobody says more."""
    from qmi_rules.procurement import decide

    seen = set()
    for case in jurist.cases():
        decision = decide(case["read"], table)
        for options in (decision.options, decision.arrangements, *(lot.options for lot in decision.lots)):
            seen |= {ground.row.id for option in options if option.status == "open" for ground in option.grounds}
            seen |= {
                g.row.id for o in options if o.status == "undetermined" for g in o.grounds if not table.trusts(g.row)
            }
    assert seen == {rule.id for rule in table.rules}


@pytest.mark.parametrize("section", ["duty_rows", "cautions"])
def test_every_duty_row_and_caution_stands_in_the_ledger(table, section):
    assert {row.id for row in getattr(table, section)} == set(jurist.ledger()[section])
    jurist.check_ledger(table, section)


@pytest.mark.parametrize(("lang", "words"), [("fr", "limite à vérifier"), ("en", "limit to be verified")])
def test_a_duty_that_hangs_on_an_unknown_limit_says_so(table, lang, words):
    from datetime import date

    from qmi_rules.contexts import Buyer, Purchase
    from qmi_rules.procurement import decide

    buyer = Buyer(kind="commune")
    given = {"title": "x", "estimated_value": 300_000, "contract_type": "services", "buyer": buyer}
    later = decide(Purchase(launched_on=date(2028, 1, 1), **given), table)
    (duty,) = [duty for duty in later["open_procedure"].duties if duty.id == "prefect_transmission"]
    assert duty.unsettled == ("prefect_transmission",)
    assert words in later.explain(lang)
    now = decide(Purchase(launched_on=date(2026, 5, 4), **given), table)
    assert not any(duty.unsettled for duty in now["open_procedure"].duties)
