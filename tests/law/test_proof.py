"""The proof finds each kind of flaw that is planted, finds none in the national table, and its certificate can be checked."""

import copy
import json
from datetime import date, timedelta

import pytest
from attrs import evolve
from certificate_checker import Rejected, verify

from qmi_rules.law import Certainty, Condition, DutyRow, Rule, default_table
from qmi_rules.law.sections import Declared, FlawKind
from work import calls

MEMO = {}


@pytest.fixture(scope="module")
def proof():
    return default_table().check()


@pytest.fixture(scope="module")
def certificate(proof):
    return json.loads(proof.certificate_json())


def rule(id, procedure, *when, **changes):
    given = {
        "legal_basis": "ccp-r2122-8",
        "source": "essai",
        "published_on": date(2018, 12, 5),
        "effective_from": date(2019, 4, 1),
        "certainty": Certainty.CONFIRMED,
    }
    return Rule(id=id, procedure=procedure, when=when, **{**given, **changes})


def duty(id, name, procedures, *when, **changes):
    given = {
        "legal_basis": "ccp-r2131-12",
        "source": "essai",
        "published_on": date(2018, 12, 5),
        "effective_from": date(2019, 4, 1),
        "certainty": Certainty.CONFIRMED,
    }
    return DutyRow(id=id, duty=name, procedures=procedures, when=when, **{**given, **changes})


def flaws(table):
    return {(flaw.kind, row): flaw for flaw in table.check().flaws for row in flaw.rows or ("",)}


def test_the_national_table_is_whole(table):
    proof = table.check()
    assert proof.holds, proof.explain("fr")


@pytest.mark.slow
def test_a_row_that_can_never_fire_is_found(table):
    idle = rule(
        "idle",
        "direct_award",
        Condition(fact="contract_type", in_=("works",)),
        Condition(fact="contract_type", in_=("supplies",)),
    )
    found = flaws(table.replace(rules=(*table.rules, idle)))
    assert (FlawKind.NEVER_FIRES, "idle") in found


@pytest.mark.slow
def test_a_subsumed_row_is_found_with_its_witness_and_article(table):
    within = rule(
        "within",
        "direct_award",
        Condition(fact="contract_type", in_=("supplies",)),
        Condition(fact="innovative", is_=True),
        Condition(fact="estimated_value", below="written_contract"),
    )
    found = flaws(table.replace(rules=(*table.rules, within)))
    flaw = found[FlawKind.SUBSUMED, "within"]
    assert flaw.witness["contract_type"] == "supplies"
    assert flaw.witness["innovative"] is True
    assert "R2122-8" in flaw.legal_basis[0]


@pytest.mark.slow
def test_a_gap_is_found_where_free_procedures_are_gone(table):
    kept = tuple(r for r in table.rules if r.procedure not in ("open_procedure", "restricted_procedure"))
    flaw = flaws(table.replace(rules=kept))[FlawKind.GAP, ""]
    assert flaw.since == date(2019, 4, 1)
    assert flaw.witness["estimated_value"] == 25_000 or flaw.witness["estimated_value"] > 0
    assert default_table().in_force(flaw.since).limit("direct_award.supplies_services").amounts[0] == 25_000


@pytest.mark.slow
def test_a_procedure_that_opens_only_above_a_value_is_found(table):
    above = rule("above", "direct_award", Condition(fact="estimated_value", from_="eu.works"))
    flaw = flaws(table.replace(rules=(*table.rules, above)))[FlawKind.LIGHTER_ABOVE, "above"]
    assert flaw.witness["estimated_value"] == 5_350_000 or flaw.witness["estimated_value"] == 5_548_000


@pytest.mark.slow
def test_a_duty_that_ends_above_a_value_is_found(table):
    row = duty(
        "ends",
        "keep_documents",
        ("direct_award",),
        Condition(fact="estimated_value", below="documents_on_buyer_profile"),
    )
    kept = tuple(r for r in table.duty_rows if r.duty != "keep_documents")
    changed = table.replace(duty_rows=(*kept, row))
    works = flaws(changed)[FlawKind.LIGHTER_ABOVE, "ends"]
    assert works.witness["contract_type"] == "works"  # for supplies the procedure closes where the duty ends


@pytest.mark.slow
def test_two_notices_at_once_are_a_contradiction_with_both_rows(table):
    row = duty(
        "again",
        "notice_free",
        ("adapted_procedure",),
        Condition(fact="estimated_value", from_="publicity.boamp_or_journal"),
    )
    found = [
        f for f in table.replace(duty_rows=(*table.duty_rows, row)).check().flaws if f.kind == FlawKind.CONTRADICTION
    ]
    assert found
    assert all(len(flaw.rows) == len(flaw.legal_basis) == 2 and "again" in flaw.rows for flaw in found)
    assert min(flaw.witness["estimated_value"] for flaw in found) == 90_000


@pytest.mark.slow
def test_a_notice_with_a_dispensed_procedure_is_found(table):
    row = duty("wrong", "notice_free", ("direct_award",))
    assert (FlawKind.DISPENSED_AND_FORMAL, "wrong") in flaws(table.replace(duty_rows=(*table.duty_rows, row)))


@pytest.mark.slow
def test_a_dispense_of_amount_above_the_formal_threshold_is_found(table):
    row = rule("high", "direct_award", Condition(fact="estimated_value", below="eu.works"))
    flaw = flaws(table.replace(rules=(*table.rules, row)))[FlawKind.DISPENSED_AND_FORMAL, "high"]
    assert flaw.witness["estimated_value"] in (144_000, 221_000, 443_000)


@pytest.mark.slow
def test_a_declared_exception_is_listed_and_no_flaw(table):
    row = duty("wrong", "notice_free", ("direct_award",))
    excuse = Declared(kind=FlawKind.DISPENSED_AND_FORMAL, rows=("wrong",), reason="essai", legal_basis="ccp-r2131-12")
    proof = table.replace(duty_rows=(*table.duty_rows, row), declared=(*table.declared, excuse)).check()
    assert (FlawKind.DISPENSED_AND_FORMAL, ("wrong",)) in {(f.kind, f.rows) for f in proof.declared}
    assert FlawKind.DISPENSED_AND_FORMAL not in {f.kind for f in proof.flaws}
    assert "essai" in proof.explain("fr")


@pytest.mark.slow
def test_an_independent_checker_accepts_the_certificate(table, certificate, oracle):
    verify(certificate, table.hash, oracle, MEMO)


def first_span(certificate, **wanted):
    return next(s for s in certificate["spans"] if all(s[k] == v for k, v in wanted.items()))


TAMPERINGS = {
    "hash": lambda c: c.update(table_hash="0" * 64),
    "edition": lambda c: c.update(edition="autre"),
    "cases": lambda c: c["counts"].update(cases=str(int(c["counts"]["cases"]) - 1)),
    "rows": lambda c: c["counts"].update(rows=c["counts"]["rows"] - 1),
    "spans": lambda c: c["counts"].update(spans=c["counts"]["spans"] + 1),
    "kinds": lambda c: c["space"]["whole"]["buyer_kind"].remove("utility"),
    "facts": lambda c: c["space"]["whole"].pop("innovative"),
    "highest value": lambda c: c["space"]["whole"]["estimated_value"].update(below="100000"),
    "a row without witness": lambda c: c["rows"].pop(3),
    "the witness of another row": lambda c: c["rows"][0].update(row=c["rows"][1]["row"]),
    "the day of a witness": lambda c: c["rows"][0].update(on="2026-01-01"),
    "the amount of a witness": lambda c: c["rows"][0]["case"].update(estimated_value="25000"),
    "the limit of a witness": lambda c: c["rows"][0]["limits"].update({"direct_award.works": "16000"}),
    "an open count": lambda c: c["spans"][40]["open"].update(direct_award="7"),
    "an open count by one": lambda c: c["spans"][50]["open"].update(
        adapted_procedure=str(int(c["spans"][50]["open"]["adapted_procedure"]) + 1)
    ),
    "a procedure left out": lambda c: c["spans"][50]["open"].pop("open_procedure"),
    "a span left out": lambda c: c["spans"].pop(20),
    "a reading left out": lambda c: c["spans"].remove(first_span(c, since="2026-07-01", scope="whole")),
    "the first day of a span": lambda c: c["spans"][30].update(since="2020-02-02"),
    "a limit": lambda c: c["spans"][60]["limits"].update({"eu.works": "1"}),
    "a box left out": lambda c: c["spans"][0]["covered"].pop(0),
    "the row of a box": lambda c: first_span(c, since="2016-04-01", scope="whole")["covered"][0].update(
        by="adapted_procedure-works-2016"
    ),
    "the size of a box": lambda c: c["spans"][5]["covered"][0].update(cases="12"),
    "a box made smaller": lambda c: c["spans"][70]["covered"][0]["box"].update(innovative=[True]),
    "not known, though it is": lambda c: c["spans"][-1]["covered"][0].update(by="not_known"),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", TAMPERINGS)
def test_the_checker_rejects_a_tampered_certificate(table, certificate, oracle, name):
    tampered = copy.deepcopy(certificate)
    TAMPERINGS[name](tampered)
    assert tampered != certificate
    with pytest.raises((Rejected, KeyError, StopIteration, TypeError)):
        verify(tampered, table.hash, oracle, MEMO)


@pytest.mark.slow
def test_the_certificate_of_another_table_is_rejected(table, oracle):
    changed = table.replace(rules=tuple(r for r in table.rules if r.id != "books-need"))
    with pytest.raises(Rejected):
        verify(json.loads(changed.check().certificate_json()), table.hash, oracle, MEMO)


@pytest.mark.slow
def test_a_change_of_the_law_costs_only_the_questions_that_it_changes(table):
    """Forty more days on which some limit changes that no row compares with: before they were shared, twice the work."""
    value = table.thresholds["written_contract"].values[0]
    values = [
        evolve(value, amount=1_000 + i, effective_from=date(2020, 1, 2) + timedelta(days=i), effective_until=None)
        for i in range(40)
    ]
    idle = evolve(table.thresholds["written_contract"], id="idle", values=values)
    longer = table.replace(thresholds={**table.thresholds, "idle": idle})
    assert len(list(longer.segments())) >= len(list(table.segments())) + 40
    assert calls(longer.check) < 1.6 * calls(table.check)
