"""Joint purchases: the sum decides, what the agreement is about, and shares that lose no cent."""

import itertools
import json
import pickle
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from properties import examples
from qmi_rules.errors import DocumentError
from qmi_rules.model import Buyer, Member, Purchase
from qmi_rules.procurement import SharedCost, SharingKey, decide, share_by_percent, share_cost, share_of_members
from qmi_rules.schema import from_json

SPRING = date(2026, 5, 15)
EXAMPLE = Path(__file__).parents[2] / "examples" / "groupement.json"
CENT = Decimal("0.01")


def together(*parts, kinds=None, **facts):
    members = tuple(
        Member(buyer=Buyer(kind=kind), part=part)
        for part, kind in zip(parts, kinds or ["commune"] * len(parts), strict=True)
    )
    return Purchase(title="Capteurs", launched_on=SPRING, contract_type="supplies", members=members, **facts)


class TestTheSumDecides:
    @pytest.mark.parametrize(
        ("parts", "procedure", "status"),
        [
            (("29999.99", "30000"), "direct_award", "open"),
            (("30000", "30000"), "direct_award", "closed"),
            (("49999.99", "50000"), "innovative_purchase", "open"),
            (("50000", "50000"), "innovative_purchase", "closed"),
            (("107999.99", "108000"), "adapted_procedure", "open"),
            (("108000", "108000"), "adapted_procedure", "closed"),
        ],
    )
    def test_a_cent_on_each_side(self, parts, procedure, status):
        decision = decide(together(*parts, innovative=True))
        assert decision[procedure].status == status
        assert decision["joint_procurement"].status == "open"

    def test_members_make_a_purchase_joint_and_say_so(self):
        decision = decide(together(20_000, 30_000))
        assert decision.estimated_value == 50_000
        assert [(part.part, part.amount) for part in decision.valuation] == [("members", 50_000)]
        assert "joint" not in decision.missing

    def test_whether_several_buy_is_asked_where_nobody_said(self):
        alone = Purchase(title="x", launched_on=SPRING, estimated_value=1)
        assert decide(alone)["joint_procurement"].missing == ("joint",)
        assert decide(alone.evolve(joint=False))["joint_procurement"].status == "closed"
        assert decide(alone.evolve(joint=True))["joint_procurement"].status == "open"

    def test_a_central_purchasing_body_is_open_to_everyone_with_its_cautions(self):
        option = decide(together(20_000, 30_000))["central_purchasing_body"]
        assert option.status == "open"
        assert {source.article for source in option.legal_basis} == {"L2113-2"}
        assert any("maximum" in caution.text for caution in option.cautions)


class TestTheAgreement:
    def test_is_owed_and_written_and_says_what_it_contains(self):
        decision = decide(together(20_000, 30_000))
        (duty,) = decision["joint_procurement"].duties
        assert (duty.id, duty.written, duty.legal_basis.article) == ("buyers_agreement", True, "L2113-7")
        for word in ("membres", "exécute", "coûts", "solidaire"):
            assert word in duty.detail
        assert [d.id for d in decision.written("joint_procurement").duties] == ["buyers_agreement"]

    def test_the_doubt_about_territories_is_shown_as_a_doubt(self):
        cautions = decide(together(20_000, 30_000, kinds=["commune", "ept"]))["joint_procurement"].cautions
        (doubt,) = [caution.text for caution in cautions if "L5211-4-4" in caution.text]
        assert "à vérifier" in doubt
        assert "établissements publics territoriaux" in doubt

    @pytest.mark.parametrize(
        ("code", "words"),
        [("fr", ["Signer une convention", "L. 5211-4-4", "à vérifier"]), ("en", ["agreement", "L. 5211-4-4", "verif"])],
    )
    def test_is_on_the_page_in_both_languages(self, code, words):
        page = " ".join(decide(together(20_000, 30_000)).explain(code).split())
        for word in words:
            assert word in page

    def test_of_a_purchase_alone_is_not_on_the_page(self):
        alone = Purchase(title="x", launched_on=SPRING, estimated_value=1, joint=False)
        assert "Signer une convention" not in decide(alone).explain("fr")


AMOUNT = st.integers(0, 10**12).map(lambda cents: Decimal(cents) / 100)
WEIGHT = st.one_of(
    st.integers(0, 10**6), st.decimals(0, 1, places=12), st.just(Decimal("0.333333333333333333333333333333"))
)
WEIGHTS = st.dictionaries(st.text("abcdefgh", min_size=1, max_size=3), WEIGHT, min_size=1, max_size=8).filter(
    lambda weights: sum(weights.values()) > 0
)


class TestShares:
    @settings(max_examples=examples(300), deadline=None)
    @given(AMOUNT, WEIGHTS)
    @example(Decimal("0.01"), {"a": 1, "b": 1, "c": 1})
    @example(Decimal("9999999999.99"), {"a": Decimal("0.333333333333333333333333333333"), "b": Decimal("1e-30")})
    def test_add_up_to_the_cent_and_each_is_within_a_cent_of_its_exact_part(self, amount, weights):
        shares = share_cost(amount, weights).shares
        assert sum(shares.values(), Decimal(0)) == amount
        whole = sum(Fraction(weight) for weight in weights.values())
        for name, weight in weights.items():
            exact = Fraction(amount) * Fraction(weight) / whole
            assert abs(Fraction(shares[name]) - exact) < Fraction(1, 100)
            assert shares[name] >= 0
            assert shares[name] == shares[name].quantize(CENT)

    @settings(max_examples=examples(150), deadline=None)
    @given(AMOUNT, WEIGHTS, st.randoms(use_true_random=False))
    def test_permuting_members_changes_nothing(self, amount, weights, random):
        shuffled = dict(random.sample(list(weights.items()), len(weights)))
        assert share_cost(amount, shuffled).shares == share_cost(amount, weights).shares

    @settings(max_examples=examples(150), deadline=None)
    @given(AMOUNT, WEIGHTS)
    def test_who_weighs_more_never_pays_less(self, amount, weights):
        shares = share_cost(amount, weights).shares
        ordered = sorted(weights, key=lambda name: weights[name])
        assert all(
            shares[a] <= shares[b] + (CENT if weights[a] == weights[b] else 0) for a, b in itertools.pairwise(ordered)
        )

    @settings(max_examples=examples(100), deadline=None)
    @given(
        st.lists(st.tuples(st.integers(0, 10**9), st.integers(1, 10**6)), min_size=2, max_size=6),
        st.sampled_from(["equal", "population", "use"]),
        st.randoms(use_true_random=False),
    )
    def test_of_members_add_up_whatever_the_key_and_the_order(self, rows, key, random):
        if key == "use" and not any(cents for cents, _ in rows):
            return
        members = tuple(Member(buyer=Buyer(population=people), part=Decimal(cents) / 100) for cents, people in rows)
        bought = Purchase(title="x", launched_on=SPRING, members=members)
        shared = share_of_members(bought, key)
        assert sum(shared.shares.values(), Decimal(0)) == bought.value
        assert len(shared.shares) == len(rows)
        again = bought.evolve(members=tuple(random.sample(members, len(members))))
        assert sorted(share_of_members(again, key).shares.values()) == sorted(shared.shares.values())

    def test_by_use_is_what_each_needs(self):
        assert list(share_of_members(together(20_000, 30_000), SharingKey.USE).shares.values()) == [20_000, 30_000]

    def test_by_population_uses_the_figures_of_the_metropolis(self):
        purchase = from_json(EXAMPLE.read_bytes(), Purchase)
        shared = share_of_members(purchase, "population", 1_000)
        assert list(shared.shares) == ["Pantin", "Noisy-le-Sec", "members[2]"]
        assert sum(shared.shares.values()) == 1_000
        assert shared.shares["Pantin"] > shared.shares["Noisy-le-Sec"]

    def test_two_members_of_one_name_each_pay(self):
        buyers = (Buyer(kind="commune", insee_code="93055"), Buyer(kind="utility", insee_code="93055"))
        purchase = Purchase(title="x", launched_on=SPRING, members=tuple(Member(buyer=b, part=10) for b in buyers))
        assert share_of_members(purchase, "equal", 10).shares == {"Pantin (members[0])": 5, "Pantin (members[1])": 5}

    def test_by_given_shares_of_a_whole(self):
        assert share_by_percent(1_000, {"Pantin": "0.35", "Noisy": "0.65"}).shares == {"Pantin": 350, "Noisy": 650}

    @pytest.mark.parametrize("code", ["fr", "en"])
    @pytest.mark.parametrize("key", SharingKey)
    def test_are_a_page_and_a_document(self, code, key):
        shared = SharedCost(amount=Decimal(10), key=key, shares={"Pantin": Decimal("3.34"), "Noisy": Decimal("6.66")})
        page = shared.explain(code)
        assert "Pantin" in page
        assert {"fr": "6,66", "en": "6.66"}[code] in page
        assert json.loads(shared.to_json())["shares"] == {"Pantin": "3.34", "Noisy": "6.66"}
        assert pickle.loads(pickle.dumps(shared)) == shared


class TestRefused:
    @pytest.mark.parametrize(
        ("call", "paths"),
        [
            (lambda: share_cost("10.001", {"a": 1}), ["amount"]),
            (lambda: share_cost(-1, {"a": -1, "b": 1.5}), ["amount", "weights.a", "weights.b"]),
            (lambda: share_cost(1, {}), ["weights"]),
            (lambda: share_cost(1, {"a": 0, "b": 0}), ["weights"]),
            (lambda: share_cost(1, {"a": Decimal("NaN"), "b": Decimal("Infinity")}), ["weights.a", "weights.b"]),
            (lambda: share_cost(1, {"a": Decimal("1e999999"), "b": Decimal("1e-999999")}), ["weights.a", "weights.b"]),
            (lambda: share_by_percent(1, {"a": "1.01", "b": "0.2"}), ["shares.a"]),
            (lambda: share_by_percent(1, {"a": "0.7", "b": "0.31"}), ["shares"]),
            (lambda: share_by_percent(1, {"a": "0.7", "b": "0.29"}), ["shares"]),
            (lambda: share_of_members(Purchase(title="x", launched_on=SPRING), "equal"), ["members"]),
            (lambda: share_of_members(together(1, 2), "population"), ["members[0].buyer.population", "members[1].buyer.population"]),
            (lambda: share_of_members(together(1, 2), "given"), ["key"]),
            (lambda: share_of_members(together(1, 2), "fortune"), ["key"]),
            (lambda: share_of_members(together(0, 0), "use", 10), ["weights"]),
        ],
    )  # fmt: skip
    def test_with_the_path_of_each_fault(self, call, paths):
        with pytest.raises(DocumentError) as caught:
            call()
        assert [problem.path for problem in caught.value.problems] == paths


def test_the_example_is_decided_by_its_sum():
    decision = decide(from_json(EXAMPLE.read_bytes(), Purchase))
    assert decision.estimated_value == 118_000
    assert decision["joint_procurement"].status == "open"
    assert decision["innovative_purchase"].status == "closed"
    assert decision["adapted_procedure"].status == "open"
    (split,) = [w for w in decision.warnings if w.code == "splitting"]
    assert split.amount == 45_000
    document = json.loads(decision.to_json())
    arrangement = next(a for a in document["arrangements"] if a["procedure"] == "joint_procurement")
    assert [document["duties"][name]["duty"] for name in arrangement["duties"]] == ["buyers_agreement"]
