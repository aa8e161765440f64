"""The small-lot rules: each limit a cent on each side, the fifth exact, and the lots that follow the whole."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from qmi_rules.model import Buyer, Lot, Purchase
from qmi_rules.procurement import decide
from qmi_rules.schema import from_json

CENT = Decimal("0.01")
SPRING = date(2026, 5, 15)
EXAMPLE = Path(__file__).parents[2] / "examples" / "lots.json"
LARGE = Decimal(10_000_000)


def purchase(*values, on=SPRING, kind="supplies", **facts):
    """Lots of (value, small_lot or facts of the lot)."""
    lots = tuple(
        Lot(id=str(i), estimated_value=value, **(said if isinstance(said, dict) else {"small_lot": said}))
        for i, (value, said) in enumerate(values, 1)
    )
    return Purchase(
        title="Capteurs", launched_on=on, contract_type=kind, lots=lots, buyer=Buyer(kind="commune"), **facts
    )


def status(procedure, value, on=SPRING, kind="supplies", rest=LARGE, **facts):
    """The answer for a small lot beside a large one that keeps the share below a fifth."""
    decision = decide(purchase((value, True), (rest, False), on=on, kind=kind, **facts))
    return decision.lots[0][procedure].status


class TestLimits:
    @pytest.mark.parametrize(
        ("procedure", "kind", "on", "limit"),
        [
            ("direct_award", "supplies", date(2026, 3, 31), 40_000),
            ("direct_award", "supplies", date(2026, 4, 1), 60_000),
            ("direct_award", "services", date(2026, 5, 15), 60_000),
            ("direct_award", "works", date(2020, 12, 9), 100_000),
            ("direct_award", "works", date(2026, 5, 15), 100_000),
            ("direct_award", "works", date(2020, 7, 23), 40_000),
            ("direct_award", "supplies", date(2019, 4, 1), 25_000),
            ("innovative_purchase", "supplies", date(2021, 12, 16), 80_000),
            ("innovative_purchase", "services", date(2026, 5, 15), 80_000),
            ("innovative_purchase", "supplies", date(2026, 11, 24), 80_000),
            ("innovative_purchase", "works", date(2026, 6, 30), 100_000),
            ("adapted_procedure", "supplies", date(2026, 5, 15), 80_000),
            ("adapted_procedure", "services", date(2019, 4, 1), 80_000),
            ("adapted_procedure", "works", date(2026, 5, 15), 1_000_000),
        ],
    )
    def test_a_cent_on_each_side(self, procedure, kind, on, limit):
        said = {"on": on, "kind": kind, "innovative": True, "rest": LARGE}
        assert status(procedure, limit - CENT, **said) == "open"
        assert status(procedure, limit, **said) == "closed"

    def test_innovative_works_between_the_two_readings_are_to_be_verified_first(self):
        said = {"on": date(2026, 7, 1), "kind": "works", "innovative": True}
        assert status("innovative_purchase", "99999.99", **said) == "open"
        assert status("innovative_purchase", "100000", **said) == "undetermined"
        assert status("innovative_purchase", "139999.99", **said) == "undetermined"
        assert status("innovative_purchase", "140000", **said) == "closed"
        decision = decide(purchase((120_000, True), (LARGE, False), **said))
        assert decision.lots[0]["innovative_purchase"].contested == ("innovative_purchase.lot.works",)

    def test_there_was_no_lot_rule_for_innovation_before_the_decree_of_2021(self):
        assert status("innovative_purchase", 10_000, on=date(2021, 12, 15), innovative=True) == "closed"

    def test_the_type_of_the_lot_wins_over_that_of_the_purchase(self):
        lots = ((99_000, {"small_lot": True, "contract_type": "works"}), (LARGE, False))
        assert decide(purchase(*lots, kind="supplies")).lots[0]["direct_award"].status == "open"
        lots = ((99_000, {"small_lot": True, "contract_type": "supplies"}), (LARGE, False))
        assert decide(purchase(*lots, kind="works")).lots[0]["direct_award"].status == "closed"

    def test_a_type_that_nobody_gave_is_asked_for_on_the_lot(self):
        option = decide(purchase((99_000, True), (LARGE, False), kind=None)).lots[0]["direct_award"]
        assert option.status == "undetermined"
        assert "lots[0].contract_type" in option.missing or "contract_type" in option.missing


class TestTheFifth:
    @pytest.mark.parametrize("procedure", ["direct_award", "innovative_purchase", "adapted_procedure"])
    @pytest.mark.parametrize(
        ("small", "large", "expected"),
        [
            (55_000, 220_000, "open"),
            ("55000.01", 220_000, "closed"),
            (55_000, "219999.99", "closed"),
            ("54999.99", 220_000, "open"),
        ],
    )
    def test_is_exact(self, procedure, small, large, expected):
        decision = decide(purchase((small, True), (large, False), innovative=True))
        assert decision.lots[0][procedure].status == expected

    def test_counts_every_lot_for_which_the_rule_is_meant(self):
        together = decide(purchase((30_000, True), (30_000, True), (240_000, False)))
        assert [lot["direct_award"].status for lot in together.lots] == ["open", "open", "closed"]
        too_many = decide(purchase((30_000, True), ("30000.01", True), (240_000, False)))
        assert [lot["direct_award"].status for lot in too_many.lots] == ["closed", "closed", "closed"]

    @pytest.mark.parametrize(
        ("small", "french", "english"),
        [
            (55_000, "20 %, dans la limite de 20 %", "20%, within the limit of 20%"),
            (
                "55000.01",
                "un peu plus de 20 %, au-delà de la limite de 20 %",
                "slightly more than 20%, above the limit of 20%",
            ),
            ("54999.99", "un peu moins de 20 %, dans la limite de 20 %", "slightly less than 20%, within"),
        ],
    )
    def test_is_on_the_page_and_a_hair_from_it_is_not_the_same(self, small, french, english):
        decision = decide(purchase((small, True), (220_000, False)))
        for code, words in (("fr", french), ("en", english)):
            assert words in " ".join(decision.explain(code).split())

    def test_is_asked_of_each_lot_that_may_be_small(self):
        decision = decide(purchase((55_000, True), (30_000, None), (340_000, None)))
        assert decision.lots[0]["direct_award"].missing == ("lots[1].small_lot",)
        assert "lots[1].small_lot" in decision.missing
        assert "lots[2].small_lot" not in decision.missing, "its value settles it"

    def test_is_known_where_only_lots_too_large_for_the_rule_are_silent(self):
        silent, said = (decide(purchase((55_000, True), (220_000, answer))) for answer in (None, False))
        assert [o.status for o in silent.lots[0].options] == [o.status for o in said.lots[0].options]
        assert [o.status for o in silent.lots[1].options] == [o.status for o in said.lots[1].options]
        assert not any("small_lot" in path for path in silent.missing)


class TestTheRest:
    def test_follows_the_whole(self):
        decision = decide(purchase((55_000, True), (220_000, False)))
        small, rest = decision.lots
        assert [o.status for o in rest.options] == [o.status for o in decision.options]
        assert decision["adapted_procedure"].status == "closed"
        assert small["adapted_procedure"].status == "open"
        assert "comme l’ensemble" in decision.explain("fr")
        assert "as the whole" in decision.explain("en")

    def test_a_small_value_alone_does_not_make_a_small_lot(self):
        decision = decide(purchase((5_000, False), (295_000, False)))
        assert decision.lots[0]["direct_award"].status == "closed"

    def test_a_lot_never_closes_what_the_whole_opens(self):
        decision = decide(purchase((30_000, True), ("29999.99", False)))
        assert decision["direct_award"].status == "open"
        assert [lot["direct_award"].status for lot in decision.lots] == ["open", "open"]

    def test_facts_of_a_lot_win_over_those_of_the_purchase(self):
        lots = ((55_000, {"small_lot": True, "innovative": True}), (220_000, {"small_lot": False}))
        decision = decide(purchase(*lots, innovative=False))
        assert [lot["innovative_purchase"].status for lot in decision.lots] == ["open", "closed"]
        assert decision["innovative_purchase"].status == "closed"

    def test_reserved_lots_need_lots(self):
        on = date(2026, 6, 1)
        assert (
            decide(purchase((30_000, False), (90_000, False), on=on, innovative=True))["jei_reserved_lots"].status
            == "open"
        )
        alone = Purchase(title="x", launched_on=on, estimated_value=120_000, innovative=True)
        assert decide(alone)["jei_reserved_lots"].status == "undetermined"


class TestDutiesOfALot:
    def test_an_innovative_small_lot_is_justified_and_guarded(self):
        option = decide(purchase((55_000, True), (220_000, False), innovative=True)).lots[0]["innovative_purchase"]
        duties = {duty.id for duty in option.duties}
        assert {"innovation_justification", "guard_rails", "written_contract", "essential_data"} <= duties
        assert not duties & {"notice_free", "standstill", "tender_committee"}

    def test_what_must_be_written_for_a_lot_can_be_printed(self):
        written = (
            decide(purchase((55_000, True), (220_000, False), innovative=True)).lots[0].written("innovative_purchase")
        )
        assert {duty.id for duty in written.duties} >= {"innovation_justification", "guard_rails", "written_contract"}
        assert "À écrire et à garder : 1" in " ".join(written.explain("fr").split())

    def test_are_told_in_both_languages(self):
        decision = decide(purchase((55_000, True), (220_000, False), innovative=True))
        for code, words in (("fr", "en quoi la solution est innovante"), ("en", "innovative")):
            page = " ".join(decision.explain(code).split())
            lot = page[page.index({"fr": "Lot par lot", "en": "Lot by lot"}[code]) :]
            assert "R. 2122-9-1" in lot
            # what another way than the lot's lightest obliges to is told where that way is asked for
            assert words in " ".join(decision.lots[0]["innovative_purchase"].explain(code).split())
            assert "[ ]" in lot


def test_the_example_has_one_answer_a_lot_and_the_contract_keys():
    decision = decide(from_json(EXAMPLE.read_bytes(), Purchase))
    document = json.loads(decision.to_json())
    assert [lot["id"] for lot in document["lots"]] == [lot.id for lot in decision.purchase.lots]
    assert {option["procedure"] for option in document["lots"][0]["options"]} == {
        o["procedure"] for o in document["options"]
    }
    assert [lot["innovative_purchase"].status for lot in decision.lots] == ["closed", "closed", "open", "closed"]
    assert [lot["direct_award"].status for lot in decision.lots] == ["closed", "closed", "open", "open"]
    assert decision.estimated_value == 400_000
    assert decision["adapted_procedure"].status == "closed"


class TestLotsLetTogether:
    """The text on publicity speaks of the need: by prudence the notice of small lots follows their sum, however small each is."""

    @pytest.mark.parametrize(("first", "notice"), [("44999.99", "notice_free"), ("45000", "notice_boamp_or_journal")])
    def test_owe_the_notice_of_their_sum(self, first, notice):
        lots = decide(purchase((first, True), (45_000, True), (500_000, False))).lots
        for lot in lots[:2]:
            duties = lot["adapted_procedure"].duties
            assert [duty.id for duty in duties if duty.id.startswith("notice_")] == [notice]
            assert {duty.certainty for duty in duties if duty.id == notice} == {"unverified"}

    def test_a_lot_that_cannot_use_the_rule_counts_for_nothing(self):
        silent = decide(purchase((45_000, True), (44_999, True), (500_000, {})))
        said = decide(purchase((45_000, True), (44_999, True), (500_000, False)))
        assert [lot["adapted_procedure"].duties for lot in silent.lots[:2]] == [
            lot["adapted_procedure"].duties for lot in said.lots[:2]
        ]

    def test_while_a_lot_has_not_said_it_the_notice_waits_for_it(self):
        (first, _, _) = decide(purchase((45_000, True), (45_000, {}), (500_000, False))).lots
        notices = [duty for duty in first["adapted_procedure"].duties if duty.id.startswith("notice_")]
        assert {duty.id for duty in notices} == {"notice_free", "notice_boamp_or_journal"}
        assert all(duty.missing for duty in notices)
