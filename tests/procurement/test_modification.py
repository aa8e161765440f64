"""A running contract changed: six grounds, their ceilings with a cent on each side, what is used and what is left."""

import json
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from qmi_rules import DocumentError, from_json, may_modify
from qmi_rules.doors.answers import Terms, answered
from qmi_rules.doors.cli import main
from qmi_rules.doors.operations import OPERATIONS
from qmi_rules.law import prove
from qmi_rules.model import Buyer
from qmi_rules.model.contract import Change, Contract, EarlierChange, ModifiedContract
from qmi_rules.pages import language
from qmi_rules.procurement import modification
from qmi_rules.procurement.modification import modification_table

CENT = Decimal("0.01")
DAY = date(2026, 5, 4)


def contract(amount="100000", kind="commune", contract_type="services", on=date(2025, 3, 1), earlier=(), formal=None):
    return Contract(
        contract_type=contract_type,
        launched_on=on,
        initial_amount=Decimal(amount),
        buyer=None if kind is None else Buyer(kind=kind),
        formal=formal,
        earlier_changes=[EarlierChange(amount=Decimal(value), ground=ground) for value, ground in earlier],
    )


def modified(given, amount, on=DAY, **facts):
    return may_modify(given, Change(amount=Decimal(amount), on=on, **facts))


def statuses(answer):
    return {ground.ground: ground.status for ground in answer.grounds}


@pytest.mark.parametrize(
    ("contract_type", "amount", "status", "left"),
    [
        ("services", "9999.99", "open", "0.00"),
        ("services", "10000", "closed", "-0.01"),
        ("supplies", "9999.99", "open", "0.00"),
        ("supplies", "10000", "closed", "-0.01"),
        ("works", "14999.99", "open", "0.00"),
        ("works", "15000", "closed", "-0.01"),
        ("services", "0", "open", "9999.99"),
    ],
)
def test_a_small_amount_stays_below_its_share(contract_type, amount, status, left):
    small = modified(contract(contract_type=contract_type), amount)["small_amount"]
    assert small.status == status
    assert small.left == Decimal(left)
    assert [source.id for source in small.legal_basis] == ["ccp-r2194-8"]


@pytest.mark.parametrize(("kind", "limit"), [("commune", 221_000), ("state", 143_000), ("utility", 443_000)])
def test_a_small_amount_stays_below_the_european_threshold_of_the_buyer_too(kind, limit):
    large = contract(amount=50_000_000, kind=kind, on=date(2025, 3, 1))
    below, at = (modified(large, Decimal(limit) + shift)["small_amount"] for shift in (-CENT, 0 * CENT))
    assert (below.status, below.left, below.ceiling) == ("open", 0, limit)
    assert (at.status, at.left) == ("closed", -CENT)


def test_small_amounts_add_up_and_those_of_another_ground_do_not():
    given_ = contract(earlier=[("4000.50", "small_amount"), ("30000", "unforeseen")])
    assert modified(given_, "5999.49")["small_amount"].status == "open"
    assert modified(given_, "5999.50")["small_amount"].status == "closed"
    assert modified(given_, "5000")["small_amount"].used == Decimal("9000.50")


@pytest.mark.parametrize(("amount", "status"), [("50000", "open"), ("50000.01", "closed")])
@pytest.mark.parametrize(
    ("ground", "facts"),
    [
        ("additional_needed", {"needed": True, "other_contractor_impossible": True}),
        ("unforeseen", {"unforeseeable": True}),
    ],
)
def test_half_of_the_initial_amount_for_each_modification(ground, facts, amount, status):
    given_ = contract(earlier=[("50000", ground)])
    answer = modified(given_, amount, **facts)[ground]
    assert answer.status == status
    assert answer.left == Decimal(50_000) - Decimal(amount)


@pytest.mark.parametrize(
    ("ground", "facts"),
    [
        ("additional_needed", {"needed": True, "other_contractor_impossible": True}),
        ("unforeseen", {"unforeseeable": True}),
    ],
)
def test_a_utility_has_no_ceiling(ground, facts):
    answer = modified(contract(kind="utility"), "900000", **facts)[ground]
    assert (answer.status, answer.ceiling, answer.left) == ("open", None, None)


def test_a_clause_carries_any_amount():
    answer = modified(contract(), "900000", clause_foresees=True)
    assert answer.lightest == "review_clause"
    assert answer["review_clause"].ceiling is None


def test_a_new_contractor_is_no_change_of_the_first_kind():
    facts = {"substitution": True, "substantial": False}
    answer = modified(contract(), "0", **facts)
    assert answer["new_contractor"].status == "open"
    assert answer["not_substantial"].status == "closed"
    assert modified(contract(), "0", substitution=True, substantial=True)["new_contractor"].status == "closed"


def test_what_nobody_said_is_asked_and_never_taken_for_no():
    answer = modified(contract(), "20000")
    assert answer.permission == "undetermined"
    assert answer["unforeseen"].missing == ("change.unforeseeable",)
    assert answer["not_substantial"].missing == ("change.substantial", "change.substitution")
    assert "unforeseen" not in {ground.ground for ground in answer.grounds if ground.status == "open"}


def test_nothing_carries_it_then_a_new_procedure_is_needed():
    no = dict.fromkeys(("clause_foresees", "needed", "unforeseeable", "substitution"), False)
    answer = modified(contract(), "60000", substantial=True, **no)
    assert answer.permission == "not_allowed"
    assert answer.lightest is None
    assert "nouvelle procédure" in answer.explain("fr")
    assert "new procedure" in answer.explain("en")


@pytest.mark.parametrize(
    ("formal", "total", "expected"),
    [(True, "11050", False), (True, "11050.01", True), (False, "11050.01", False)],
)
def test_the_committee_gives_its_opinion_above_five_per_cent_of_a_formal_contract(formal, total, expected):
    given_ = contract(amount=221_000, formal=formal)
    answer = modified(given_, total)["small_amount"]
    assert ("committee_opinion" in {duty.id for duty in answer.duties if not duty.missing}) is expected


@pytest.mark.parametrize(
    ("contract_type", "amount", "total", "duty", "expected"),
    [
        ("services", "443000", "22150", "committee_opinion", False),
        ("services", "443000", "22150.01", "committee_opinion", True),
        ("services", "442999.99", "40000", "committee_opinion", False),
        ("works", "5538000", "276900.01", "committee_opinion", True),
        ("works", "5537999.99", "300000", "committee_opinion", False),
        ("services", "221000", "1000", "modification_transmission", True),
        ("services", "220999.99", "1000", "modification_transmission", False),
    ],
)
def test_a_local_authority_s_water_service_asks_its_committee_and_its_prefect_too(
    contract_type, amount, total, duty, expected
):
    for local in (True, False, None):
        buyer = Buyer(kind="utility", local_authority=local)
        given_ = contract(amount=amount, formal=True, contract_type=contract_type).evolve(buyer=buyer)
        duties = modified(given_, total)["small_amount"].duties
        assert (duty in {one.id for one in duties if not one.missing}) is (expected and local is True)
        assert (duty in {one.id for one in duties}) is (expected and local is not False)


def test_a_notice_goes_with_a_necessary_change_of_a_formal_contract():
    facts = {"needed": True, "other_contractor_impossible": True}
    for formal, expected in ((True, True), (False, False)):
        answer = modified(contract(formal=formal), "20000", **facts)["additional_needed"]
        assert ("modification_notice" in {duty.id for duty in answer.duties}) is expected


@pytest.mark.parametrize(
    ("on", "basis"),
    [
        (date(2016, 4, 1), "decret-2016-360-139"),
        (date(2019, 3, 31), "decret-2016-360-139"),
        (date(2019, 4, 1), "ccp-r2194-8"),
    ],
)
def test_a_contract_stays_under_the_law_of_its_launch(on, basis):
    answer = modified(contract(on=on), "9999.99")["small_amount"]
    assert answer.status == "open"
    assert [source.id for source in answer.legal_basis] == [basis]


def test_before_what_the_table_knows_nothing_is_said():
    answer = modified(contract(on=date(2016, 3, 31)), "1")
    assert set(statuses(answer).values()) == {"undetermined"}


def test_after_the_last_known_european_threshold_the_answer_is_not_past_it():
    assert modified(contract(on=date(2028, 1, 1)), "1", on=date(2028, 5, 1))["small_amount"].status == "undetermined"


def test_a_kind_or_a_type_that_nobody_said_is_not_guessed():
    assert modified(contract(kind=None), "20000", unforeseeable=True)["unforeseen"].status == "undetermined"
    assert modified(contract(contract_type=None), "12000")["small_amount"].status == "undetermined"


AMOUNTS = st.decimals(min_value=0, max_value=10_000_000, places=2, allow_nan=False)


@given(AMOUNTS.filter(bool), AMOUNTS, st.lists(AMOUNTS, max_size=3), st.sampled_from(["works", "services"]))
def test_a_second_reading_of_the_small_amounts(initial, amount, earlier, contract_type):
    given_ = contract(
        amount=initial, contract_type=contract_type, earlier=[(value, "small_amount") for value in earlier]
    )
    total = sum(map(Fraction, earlier), Fraction(amount))
    share = Fraction(15, 100) if contract_type == "works" else Fraction(10, 100)
    expected = total < share * Fraction(initial) and total < (5_538_000 if contract_type == "works" else 221_000)
    answer = modified(given_, amount)["small_amount"]
    assert (answer.status == "open") is expected
    assert (answer.left >= 0) is expected, "what is left and the status say the same"


def test_the_rules_of_modification_are_proved_and_nothing_of_them_is_settled_on_memory():
    proof = prove(modification_table())
    assert proof.holds, proof.explain("en")
    for row in modification_table().rows():
        if "mémoire" in row.source:
            assert row.certainty == "unverified"


def test_the_example_reads_answers_and_says_every_fault_at_once():
    text = (Path(__file__).parents[2] / "examples" / "avenant-nettoyage.json").read_text("utf-8")
    read = from_json(text, ModifiedContract)
    assert may_modify(read.contract, read.change)["small_amount"].left == Decimal("999.49")
    broken = json.loads(text)
    broken["contract"]["initial_amount"] = "0"
    broken["contract"]["earlier_changes"][1]["ground"] = "urgent"
    broken["change"]["amount"] = "-1"
    with pytest.raises(DocumentError) as caught:
        from_json(json.dumps(broken), ModifiedContract)
    assert {problem.path for problem in caught.value.problems} >= {
        "contract.earlier_changes[1].ground",
        "change.amount",
    }


def test_a_change_is_not_before_its_contract():
    with pytest.raises(DocumentError) as caught:
        modified(contract(), "1", on=date(2025, 2, 28))
    assert [problem.path for problem in caught.value.problems] == ["change.on"]


@pytest.mark.parametrize(
    ("name", "amount", "contract_type", "edge"),
    [
        ("modification.small.supplies_services", "0.1001", "services", "10000"),
        ("modification.small.works", "0.1501", "works", "15000"),
    ],
)
def test_a_share_moved_by_a_hundredth_of_a_point_changes_an_answer(monkeypatch, name, amount, contract_type, edge):
    rules = modification_table()
    series = evolve(
        rules.thresholds[name], values=[evolve(v, amount=Decimal(amount)) for v in rules.thresholds[name].values]
    )
    mutant = rules.replace(thresholds={**rules.thresholds, name: series})
    given_ = contract(contract_type=contract_type)
    assert modified(given_, edge)["small_amount"].status == "closed"
    monkeypatch.setattr(modification, "modification_table", lambda: mutant)
    assert modified(given_, edge)["small_amount"].status == "open"


def test_dicts_of_the_documents_do_as_well_and_all_their_faults_are_told_at_once():
    contract = {"contract_type": "services", "launched_on": "2025-03-01", "initial_amount": "100000"}
    change = {"amount": "5000", "on": date(2026, 5, 1)}
    answer = may_modify(contract, change)
    assert answer == may_modify(answer.contract, answer.change) == may_modify(contract, answer.change)
    with pytest.raises(DocumentError) as caught:
        may_modify({**contract, "initial_amount": "-1"}, {**change, "amont": 1})
    assert {problem.path for problem in caught.value.problems} == {"contract.initial_amount", "change.amont"}


# --- the card

NOT = dict.fromkeys(("clause_foresees", "needed", "unforeseeable", "substitution"), False)


def test_the_card_says_which_ground_why_how_much_is_left_and_what_to_do_first():
    answer = modified(contract(earlier=[("4000.50", "small_amount")]), "5000")
    card = answer.answer
    assert (card.permission, card.lightest, card.left) == ("allowed", "small_amount", Decimal("999.49"))
    assert [reason.legal_basis for reason in card.because] == ["ccp-r2194-8"]
    assert card.reservations == ()
    assert card.do == ("modification_data", "modification_written")
    assert "il reste 999,49" in card.text.replace("\xa0", " ")
    assert len(card.text.splitlines()) <= 12


def test_the_card_asks_what_would_open_a_lighter_ground_and_stops_where_nothing_would():
    asked = modified(contract(), "5000").answer.next
    assert asked.fact == "change.clause_foresees"
    assert "Clause de réexamen ou Modification de faible montant" in asked.why
    settled = modified(contract(), "5000", clause_foresees=False, substantial=True).answer
    assert (settled.lightest, settled.next) == ("small_amount", None), "heavier grounds change nothing"
    # only both together open the ground that is left
    together = modified(contract(), "20000", **{**NOT, "needed": None}, substantial=True).answer
    assert together.next.fact == "change.needed"


def test_what_the_contract_leaves_open_is_asked_at_its_path_in_the_document():
    card = modified(contract(kind=None), "5000", **NOT, substantial=True).answer
    assert card.permission == "undetermined"
    assert card.next.fact == "contract.buyer.kind"


@pytest.mark.parametrize("kind", ["commune", "state", "utility"])
@pytest.mark.parametrize("contract_type", ["works", "services"])
@pytest.mark.parametrize("day", [date(2025, 3, 1), date(2018, 3, 1)])
def test_the_card_of_a_change_that_nothing_carries_says_why_of_each_closed_ground(kind, contract_type, day):
    answer = modified(contract(kind=kind, contract_type=contract_type, on=day), "60000", **NOT, substantial=True)
    closed = [ground.label for ground in answer.grounds if ground.status == "closed"]
    assert [reason.text.split(" — ")[0] for reason in answer.answer.because] == closed
    assert all(reason.text.split(" — ")[1] for reason in answer.answer.because)
    assert answer.answer.do == ()
    assert answer.answer.left is None


def test_a_ground_that_has_no_row_is_closed_and_nothing_is_told_of_it(monkeypatch):
    rules = modification_table()
    bare = rules.replace(rules=tuple(row for row in rules.rules if row.procedure != "unforeseen"))
    monkeypatch.setattr(modification, "modification_table", lambda: bare)
    answer = modified(contract(), "60000", **NOT, substantial=True)
    assert answer["unforeseen"].status == "closed"
    assert answer.permission == "not_allowed"
    assert len(answer.answer.because) == 5


def test_the_card_reserves_what_nobody_confirmed_and_what_the_day_leaves_unknown():
    def codes(day, amount="1"):
        return {one.code for one in modified(contract(on=day), amount, on=date(2028, 5, 1)).answer.reservations}

    assert codes(date(2025, 3, 1)) == set()
    assert codes(date(2018, 3, 1)) == {"single_source", "law_unknown"}
    assert codes(date(2016, 3, 31)) == {"law_unknown"}
    assert codes(date(2028, 1, 1)) == {"law_unknown", "beyond_review"}


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("facts", [{}, {**NOT, "substantial": True}])
def test_the_answer_alone_is_head_and_card_in_three_kilobytes(lang, facts):
    answer = modified(contract(), "60000", **facts)
    whole, card = answer.to_dict(lang), answer.to_dict(lang, "answer")
    head = ["format", "lang", "table_edition", "package_version", "answer"]
    assert list(card) == head == list(whole)[:5]
    assert card["answer"] == whole["answer"]
    assert len(answer.to_json(lang=lang, detail="answer").encode()) <= 3 * 1024
    assert from_json(answer.to_json(lang=lang), modification.Modification).answer.text == answer.answer.said(
        language(lang)
    )


def terminal(capsys, *arguments):
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 0
    return capsys.readouterr().out


def test_the_terminal_shows_the_card_and_how_to_see_all(capsys):
    file = str(Path(__file__).parents[2] / "examples" / "avenant-nettoyage.json")
    read = from_json(Path(file).read_text("utf-8"), ModifiedContract)
    answer = may_modify(read.contract, read.change)
    shown = terminal(capsys, "modify", file)
    assert shown.startswith(answer.answer.text)
    assert shown.rstrip().endswith(f"qmi-rules modify {file} --full")
    assert terminal(capsys, "modify", file, "--full", "--lang", "en") == answer.explain("en")


def test_other_programs_get_the_card_alone_where_they_ask_for_it():
    text = (Path(__file__).parents[2] / "examples" / "avenant-nettoyage.json").read_text("utf-8")
    assert "grounds" not in json.loads(answered(OPERATIONS["modify"], text, Terms(detail="answer")))
    assert "grounds" in json.loads(answered(OPERATIONS["modify"], text, Terms(detail="full")))


def test_the_parts_of_a_contract_may_be_dicts_and_their_faults_come_all_at_once():
    of_dicts = ModifiedContract(
        contract={
            "launched_on": "2025-03-01",
            "initial_amount": 100_000,
            "buyer": {"kind": "ept"},
            "earlier_changes": [{"amount": 3, "ground": "small_amount"}],
        },
        change={"amount": 5, "on": "2026-05-01"},
    )
    contract = Contract(
        launched_on="2025-03-01",
        initial_amount=100_000,
        buyer=Buyer(kind="ept"),
        earlier_changes=[EarlierChange(amount=3, ground="small_amount")],
    )
    assert of_dicts == ModifiedContract(contract=contract, change=Change(amount=5, on="2026-05-01"))
    with pytest.raises(DocumentError) as caught:
        contract.evolve(buyer={"kind": "town"}, earlier_changes=[{"amount": "x", "ground": "small_amount"}])
    assert [(one.path, one.code) for one in caught.value.problems] == [
        ("buyer.kind", "unknown_choice"),
        ("earlier_changes[0].amount", "not_an_amount"),
    ]
