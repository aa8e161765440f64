"""Every case of tests/cases, as a jurist reads it, gets the answer that it states."""

from datetime import date, timedelta

import contract_changes
import jurist
import pytest
from mutants import FROM_LOTS

from qmi_rules.procurement.modification import modification_table


@pytest.mark.parametrize("file", sorted({case["file"] for case in jurist.cases()}))
def test_every_case_of_a_file_is_answered_as_it_states(file, table):
    assert (
        refuted((case for case in jurist.cases() if case["file"] == file), lambda case: jurist.check(case, table)) == []
    )


def refuted(cases, check):
    """Of some cases those that are answered otherwise, each with what was seen."""
    wrong = []
    for case in cases:
        try:
            check(case)
        except AssertionError as seen:
            wrong.append((case["id"], str(seen)))
    return wrong


def test_every_case_has_its_own_name_a_reason_and_an_expectation():
    names = [case["id"] for case in jurist.cases()]
    assert len(set(names)) == len(names) >= 60
    for case in jurist.cases():
        assert case["why"]
        stated = {*jurist.EXPECTATIONS, *jurist.OF_DUTIES} & case.keys() | set(case.get("lots", {}))
        assert stated, case["id"]


def test_every_ground_of_the_table_opens_its_procedure_in_some_case(table):
    """Those that are not confirmed and would free from competition may open it: nobody says more."""
    from qmi_rules.procurement import decide

    seen = set()
    for case in jurist.cases():
        decision = decide(case["read"], table)
        for options in (decision.options, decision.arrangements, *(lot.options for lot in decision.lots)):
            seen |= {ground.row.id for option in options if option.status == "open" for ground in option.examined}
            seen |= {
                g.row.id for o in options if o.status == "undetermined" for g in o.examined if not table.trusts(g.row)
            }
    assert seen == {rule.id for rule in table.rules}


def test_each_question_says_what_its_yes_and_its_no_lead_to(table):
    """Two cases a question, alike but for what is said, that lead to unlike answers; the question is worded as they word it, in both languages."""
    assert set(jurist.asked()) == {fact.id for fact in table.facts.values() if fact.kind == "truth"} - FROM_LOTS
    jurist.check_asked(table)


def entries(table, section):
    """The ids of which the ledger must say something in a section."""
    match section:
        case "values":
            return set(table.thresholds)
        case "reductions":
            return {row.id for row in table.duty_rows if row.reductions}
        case "versions":
            return {source.id for source in table.sources.values() if source.versions}
        case _:
            return {row.id for row in getattr(table, section)}


@pytest.mark.parametrize("section", [*jurist.ROWS, "values", "reductions", "versions"])
def test_every_row_value_and_version_is_what_the_ledger_says_days_text_publication_and_certainty(table, section):
    assert entries(table, section) == set(jurist.ledger()[section])
    jurist.check_ledger(table, section)


def test_the_address_of_each_source_is_that_of_the_text_which_its_id_names(table):
    jurist.check_addresses(table)
    found = [v.identifier for source in table.sources.values() for v in source.versions if v.identifier]
    assert len(set(found)) == len(found), "one identifier, one version"


def test_the_day_on_which_an_end_was_published_decides_what_could_be_known(table):
    """Who knew nothing of the end takes the row for the law of the day after it; who could know does not."""
    day = timedelta(days=1)
    for section in jurist.ROWS:
        for name, said in jurist.ledger()[section].items():
            if "ended" not in said:
                continue
            ended, after = date.fromisoformat(said.split("ended ")[1][:10]), date.fromisoformat(said.split()[1]) + day
            assert name in {row.id for row in getattr(table.in_force(after, ended - day), section)}, name
            assert name not in {row.id for row in getattr(table.in_force(after, ended), section)}, name


def test_every_change_of_a_contract_is_answered_as_it_states():
    cases, rules = contract_changes.cases(), modification_table()
    assert len({case["id"] for case in cases}) == len(cases) > 80
    assert all(set(contract_changes.STATED) & case.keys() for case in cases)
    assert refuted(cases, lambda case: contract_changes.check(case, rules)) == []


def test_the_rules_of_modification_are_what_their_ledger_says():
    assert contract_changes.said(modification_table()) == contract_changes.ledger()


@pytest.mark.parametrize(("lang", "words"), [("fr", "limite à vérifier"), ("en", "limit to be verified")])
def test_a_duty_that_hangs_on_an_unknown_limit_says_so(table, lang, words):
    from datetime import date

    from qmi_rules.model import Buyer, Purchase
    from qmi_rules.procurement import decide

    buyer = Buyer(kind="commune")
    given = {"title": "x", "estimated_value": 300_000, "contract_type": "services", "buyer": buyer}
    later = decide(Purchase(launched_on=date(2028, 1, 1), **given), table)
    (duty,) = [duty for duty in later["open_procedure"].duties if duty.id == "prefect_transmission"]
    assert duty.unsettled == ("prefect_transmission",)
    assert words in later.explain(lang)
    now = decide(Purchase(launched_on=date(2026, 5, 4), **given), table)
    assert not any(duty.unsettled for duty in now["open_procedure"].duties)
