"""Lots, members and buyers of a purchase: what must agree, what is refused with its path, and what order does not change."""

import json
from datetime import date
from decimal import Decimal
from itertools import combinations
from typing import ClassVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from properties import examples
from qmi_rules.errors import DocumentError
from qmi_rules.model import (
    Buyer,
    Case,
    Lot,
    Member,
    Need,
    Purchase,
    metropolitan_communes,
    small_lots_share,
    whole_case,
)
from qmi_rules.procurement import decide
from qmi_rules.schema import from_json, json_schema, structure, to_json

SPRING = date(2026, 5, 15)
BASE = {"title": "x", "launched_on": "2026-05-15", "contract_type": "services"}


def faults(document):
    with pytest.raises(DocumentError) as caught:
        structure({**BASE, **document}, Purchase)
    return {problem.path: problem.message for problem in caught.value.problems}


def lots(*values, **facts):
    return [{"id": str(i), "estimated_value": str(value), **facts} for i, value in enumerate(values, 1)]


def members(*parts):
    return [{"buyer": {"kind": "commune"}, "part": str(part)} for part in parts]


class TestTotalsAgree:
    GIVEN: ClassVar = {
        "estimated_value": ("100000", "100000.01"),
        "need": ({"firm": "60000", "options": ["40000"]}, {"firm": "60000", "options": ["40000.01"]}),
        "lots": (lots(70_000, 30_000), lots(70_000, "30000.01")),
        "members": (members(50_000, 50_000), members(50_000, "50000.01")),
    }

    @pytest.mark.parametrize(("one", "other"), list(combinations(GIVEN, 2)))
    def test_two_ways_to_say_the_value_agree_to_the_cent(self, one, other):
        agreed = {one: self.GIVEN[one][0], other: self.GIVEN[other][0]}
        assert structure({**BASE, **agreed}, Purchase).value == 100_000
        found = faults({**agreed, other: self.GIVEN[other][1]})
        assert set(found) == {other}
        assert "100000 EUR HT" in found[other]
        assert "+0.01" in found[other]

    def test_all_four_at_once(self):
        assert structure({**BASE, **{k: v[0] for k, v in self.GIVEN.items()}}, Purchase).value == 100_000
        wrong = {k: v[1] for k, v in self.GIVEN.items()} | {"estimated_value": "100000"}
        assert set(faults(wrong)) == {"need", "lots", "members"}

    def test_a_framework_without_maximum_contradicts_nothing(self):
        purchase = structure({**BASE, "estimated_value": "1", "need": {"framework": {}}}, Purchase)
        assert purchase.value is None


class TestRefused:
    def test_a_lot_twice(self):
        assert set(faults({"lots": [*lots(1, 2), {"id": "1", "estimated_value": "3"}]})) == {"lots[2].id"}

    @pytest.mark.parametrize("broken", [0, 1])
    def test_a_lot_twice_of_which_one_cannot_be_read(self, broken):
        two = [{"id": "a", "estimated_value": "-1" if i == broken else "1"} for i in range(2)]
        odd = [{"id": ["a"], "estimated_value": "1"}, "a"]
        found = {f"lots[{broken}].estimated_value", "lots[1].id"}
        assert set(faults({"lots": two})) == found
        assert set(faults({"lots": [*two, *odd]})) >= found | {"lots[2].id"}
        with pytest.raises(DocumentError) as refused:
            Purchase(title="x", launched_on=SPRING, lots=two)
        assert {problem.path for problem in refused.value.problems} == found

    def test_a_member_twice(self):
        paris = {"kind": "commune", "insee_code": "75056"}
        twice = [{"buyer": paris, "part": "1"}, {"buyer": {"kind": "ept"}, "part": "2"}, {"buyer": paris, "part": "3"}]
        assert set(faults({"members": twice})) == {"members[2].buyer"}

    @pytest.mark.parametrize("kinds", [("commune", None), (None, "commune"), (None, None)])
    def test_a_member_twice_where_one_does_not_say_what_it_is(self, kinds):
        twice = [{"buyer": {"insee_code": "75056"} | ({"kind": kind} if kind else {}), "part": "1"} for kind in kinds]
        assert set(faults({"members": twice})) == {"members[1].buyer"}

    def test_not_two_buyers_of_one_commune(self):
        two = [{"buyer": {"kind": kind, "insee_code": "75056"}, "part": "1"} for kind in ("commune", "utility")]
        assert len(structure({**BASE, "members": two}, Purchase).members) == 2

    def test_a_single_member_and_a_joint_purchase_denied(self):
        assert set(faults({"members": members(1), "joint": False})) == {"members", "joint"}

    def test_every_fault_at_once_with_its_path(self):
        found = faults({
            "contract_type": "goods", "estimated_value": 10.5, "launched_on": "2026-02-30",
            "lots": [{"id": "", "estimated_value": "-1"}], "members": [{"buyer": {"kind": "town"}, "part": "x"}], "innovativ": True,
        })  # fmt: skip
        assert set(found) == {
            "contract_type", "estimated_value", "launched_on", "lots[0].id", "lots[0].estimated_value",
            "members[0].buyer.kind", "members[0].part", "innovativ",
        }  # fmt: skip

    @pytest.mark.parametrize("share", ["1.00000000000000000001", "-0.01", "NaN"])
    def test_a_share_of_small_lots_above_the_whole(self, share):
        with pytest.raises(DocumentError, match="small_lots_share"):
            Case(launched_on=SPRING, small_lots_share=Decimal(share))
        assert Case(launched_on=SPRING, small_lots_share=1).small_lots_share == 1


class TestInseeCodes:
    def test_a_code_of_the_metropolis_gives_name_territory_and_population(self):
        buyer = Buyer(kind="commune", insee_code="93055")
        assert (buyer.commune.name, buyer.commune.ept) == ("Pantin", "T8")
        assert buyer.inhabitants == buyer.commune.population > 50_000
        assert Buyer(insee_code="93055", population=10).inhabitants == 10

    def test_there_are_130_communes_each_with_a_code_of_its_own(self):
        communes = metropolitan_communes()
        assert len(communes) == 130
        assert all(Buyer(insee_code=code).commune.insee_code == code for code in communes)

    @pytest.mark.parametrize(
        "code", ["93500", "75001", "92999", "31999", "9305", "930551", "2C004", "00000", "98000", "abcde", "93 055"]
    )
    def test_what_is_no_code_of_a_commune_is_refused(self, code):
        found = faults({"buyer": {"insee_code": code}})
        assert set(found) == {"buyer.insee_code"}
        assert "75056" in found["buyer.insee_code"]

    @pytest.mark.parametrize(
        ("code", "name"), [("2A004", "Ajaccio"), ("97411", "Saint-Denis"), ("13055", "Marseille"), ("77288", "Melun")]
    )
    def test_a_commune_elsewhere_has_a_name_too_and_no_territory(self, code, name):
        buyer = structure({**BASE, "buyer": {"insee_code": code}}, Purchase).buyer
        assert (buyer.commune.name, buyer.commune.ept) == (name, None)
        assert buyer.inhabitants == buyer.commune.population > 20_000

    def test_an_arrondissement_is_its_commune_and_no_second_member(self):
        part = Buyer(kind="commune", insee_code="75115")
        assert part.commune.name == "Paris"
        assert part.inhabitants > 2_000_000
        both = [{"buyer": {"kind": "commune", "insee_code": code}, "part": "1"} for code in ("75115", "75056")]
        assert set(faults({"members": both})) == {"members[1].buyer"}


class TestShareOfSmallLots:
    def of(self, *values):
        return Purchase(
            title="x", launched_on=SPRING,
            lots=tuple(Lot(id=str(i), estimated_value=value, small_lot=small) for i, (value, small) in enumerate(values)),
        )  # fmt: skip

    def test_is_exact_at_twenty_per_cent(self):
        assert small_lots_share(self.of((80_000, False), (20_000, True))) == Decimal("0.2")
        assert small_lots_share(self.of((80_000, False), ("20000.01", True))) > Decimal("0.2")
        assert small_lots_share(self.of(("80000.01", False), (20_000, True))) < Decimal("0.2")

    @settings(max_examples=examples(150), deadline=None)
    @given(st.integers(1, 10**13), st.sampled_from([-1, 0, 1]))
    def test_is_on_the_right_side_at_any_size(self, small, more):
        """Whatever the amounts, one cent more or less on the small lot decides."""
        other = 4 * small
        share = small_lots_share(self.of((Decimal(small + more) / 100, True), (Decimal(other) / 100, False)))
        exact = 5 * (small + more) - (small + more + other)  # above 0 where the share is above a fifth
        assert (share > Decimal("0.2")) is (exact > 0)
        assert (share == Decimal("0.2")) is (exact == 0)

    def test_is_not_known_until_each_lot_says_so(self):
        purchase = structure(
            {**BASE, "lots": [*lots(20_000, 400_000), *[{"id": "b", "estimated_value": "20000", "small_lot": True}]]},
            Purchase,
        )
        assert small_lots_share(purchase) is None
        assert decide(purchase).lots[2]["direct_award"].missing == ("lots[0].small_lot",)

    def test_of_nothing_is_nothing(self):
        assert small_lots_share(self.of((0, True), (0, False))) == 0


class TestKindOfAJointPurchase:
    def kind(self, *kinds, buyer=None):
        group = tuple(Member(buyer=Buyer(kind=kind), part=10) for kind in kinds)
        return whole_case(Purchase(title="x", launched_on=SPRING, members=group, buyer=buyer)).buyer_kind

    def test_is_that_of_the_members_or_of_the_coordinator(self):
        assert self.kind("commune", "commune") == "commune"
        assert self.kind("commune", "state", buyer=Buyer(kind="state")) == "state"

    def test_local_buyers_of_several_kinds_are_local_buyers(self):
        assert self.kind("commune", "ept") == "other_local"
        purchase = Purchase(
            title="x", launched_on=SPRING, contract_type="supplies",
            members=tuple(Member(buyer=Buyer(kind=kind), part=90_000) for kind in ("commune", "ept")),
        )  # fmt: skip
        assert decide(purchase)["adapted_procedure"].status == "open", "180 000 is below 216 000 for both"

    def test_is_asked_for_where_a_member_does_not_say(self):
        assert self.kind("commune", None) is None
        assert self.kind(None, "commune") is None

    @pytest.mark.parametrize(
        ("one", "other", "lowest"),
        [("commune", "state", "state"), ("utility", "state", "state"), ("commune", "utility", "other_local")],
    )
    def test_of_several_kinds_the_lowest_thresholds_decide_and_the_answer_says_so(self, one, other, lowest):
        for first, second in ((one, other), (other, one)):
            assert self.kind(first, second) == lowest
            assert self.kind(first, second, buyer=Buyer(kind=first)) in (lowest, first), "never the coordinator's alone"
            members = tuple(Member(buyer=Buyer(kind=kind), part=70_000) for kind in (first, second))
            decision = decide(Purchase(title="x", launched_on=SPRING, contract_type="supplies", members=members))
            (warning,) = [w for w in decision.warnings if w.code == "members_of_several_kinds"]
            assert "à vérifier" in warning.text.lower()

    def test_local_buyers_of_several_kinds_need_no_warning(self):
        members = tuple(Member(buyer=Buyer(kind=kind), part=70_000) for kind in ("commune", "ept"))
        decision = decide(Purchase(title="x", launched_on=SPRING, contract_type="supplies", members=members))
        assert "members_of_several_kinds" not in {warning.code for warning in decision.warnings}


AMOUNTS = st.integers(0, 40_000_000).map(lambda cents: str(Decimal(cents) / 100))
LOTS = st.lists(
    st.tuples(AMOUNTS, st.sampled_from(["works", "supplies", "services"]), st.booleans(), st.booleans()),
    min_size=2,
    max_size=4,
)


class TestOrder:
    @settings(max_examples=examples(60), deadline=None)
    @given(LOTS, st.randoms(use_true_random=False))
    def test_permuting_lots_changes_nothing(self, rows, random):
        documents = [
            {"id": f"lot {i}", "estimated_value": value, "contract_type": kind, "small_lot": small, "innovative": new}
            for i, (value, kind, small, new) in enumerate(rows)
        ]
        shuffled = random.sample(documents, len(documents))
        one, other = (
            decide(structure({**BASE, "buyer": {"kind": "commune"}, "lots": d}, Purchase))
            for d in (documents, shuffled)
        )
        assert [o.status for o in one.options] == [o.status for o in other.options]
        assert one.estimated_value == other.estimated_value
        answers = [{lot.id: [o.status for o in lot.options] for lot in decision.lots} for decision in (one, other)]
        assert answers[0] == answers[1]

    @settings(max_examples=examples(60), deadline=None)
    @given(
        st.lists(
            st.tuples(AMOUNTS, st.sampled_from(["commune", "ept", "state", "utility", None])), min_size=2, max_size=4
        ),
        st.randoms(use_true_random=False),
    )
    def test_permuting_members_changes_nothing(self, rows, random):
        documents = [{"buyer": {"kind": kind} if kind else {}, "part": part} for part, kind in rows]
        shuffled = random.sample(documents, len(documents))
        one, other = (decide(structure({**BASE, "members": d}, Purchase)) for d in (documents, shuffled))
        assert [o.status for o in (*one.options, *one.arrangements)] == [
            o.status for o in (*other.options, *other.arrangements)
        ]
        assert one.missing == other.missing
        assert [w.code for w in one.warnings] == [w.code for w in other.warnings]

    @settings(max_examples=examples(80), deadline=None)
    @given(st.lists(AMOUNTS, min_size=2, max_size=4))
    def test_dividing_into_lots_or_members_never_lightens_the_answer_for_the_whole(self, amounts):
        said = {**BASE, "buyer": {"kind": "commune"}, "innovative": True}
        whole = decide(structure({**said, "estimated_value": str(sum(map(Decimal, amounts)))}, Purchase))
        divided = [
            {"lots": [{"id": str(i), "estimated_value": a, "small_lot": False} for i, a in enumerate(amounts)]},
            {"members": [{"buyer": {"kind": "commune"}, "part": a} for a in amounts]},
        ]
        for parts in divided:
            decision = decide(structure({**said, **parts}, Purchase))
            assert [o.status for o in decision.options] == [o.status for o in whole.options]
            for lot in decision.lots:
                assert [o.status for o in lot.options] == [o.status for o in whole.options]


def test_a_purchase_with_need_lots_and_members_travels_as_json_and_has_a_schema():
    document = {
        **BASE, "need": {"firm": "60000", "options": ["40000"], "vat_rate": "0"},
        "lots": lots(70_000, 30_000, small_lot=True), "members": members(50_000, 50_000),
    }  # fmt: skip
    purchase = structure(document, Purchase)
    assert from_json(to_json(purchase), Purchase) == purchase
    schema = json.dumps(json_schema(Purchase))
    for name in ("renewals", "same_need", "later_purchases", "small_lot", "members", "vat_rate", "specific_service"):
        assert f'"{name}"' in schema
    assert Purchase(title="x", launched_on=SPRING, need=Need(firm=1)).simple
