"""What a need is worth: every part with its article, VAT taken off to the cent, and laws of the sum."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from properties import examples
from qmi_rules.errors import DocumentError
from qmi_rules.law import default_table
from qmi_rules.model import (
    Buyer,
    Framework,
    Lot,
    Member,
    Need,
    Part,
    Purchase,
    Renewals,
    Yearly,
    main_type,
    total,
    value_need,
    whole_case,
)
from qmi_rules.procurement import decide
from qmi_rules.schema import from_json, structure, to_json

CENT = Decimal("0.01")
SPRING = date(2026, 5, 15)
LISTS = ("options", "same_need", "operation", "rd_phases", "later_purchases", "prizes")


def purchase(need, **facts):
    said = {"contract_type": "services", "need": need, "buyer": Buyer(kind="commune")} | facts
    return Purchase(title="Capteurs", launched_on=SPRING, **said)


def lines(need):
    return {part.part: (part.amount, part.legal_basis) for part in value_need(need)}


class TestParts:
    @pytest.mark.parametrize(
        ("need", "part", "amount", "article"),
        [
            ({"firm": 35_000}, "firm", 35_000, "R2121-1"),
            ({"options": (5_000, "2500.50")}, "options", "7500.50", "R2121-1"),
            ({"renewals": Renewals(count=3, each=20_000)}, "renewals", 60_000, "R2121-1"),
            ({"prizes": (1_000, 500)}, "prizes", 1_500, "R2121-1"),
            ({"yearly": Yearly(amount=12_000, years=4)}, "yearly", 48_000, "R2121-7"),
            ({"framework": Framework(maximum=150_000)}, "framework", 150_000, "R2121-8"),
            ({"same_need": (35_000, 45_000)}, "same_need", 80_000, "R2121-6"),
            ({"operation": (400_000, 90_000)}, "operation", 490_000, "R2121-5"),
            ({"rd_phases": (50_000, 70_000)}, "rd_phases", 120_000, "R2121-9"),
            ({"later_purchases": (300_000,)}, "later_purchases", 300_000, "R2121-1"),
            ({"parts": (Part(contract_type="works", value=60_000), Part(contract_type="services", value=40_000))}, "parts", 100_000, "L1111-5"),
        ],
    )  # fmt: skip
    def test_each_part_counts_with_its_article(self, need, part, amount, article):
        found, basis = lines(Need(**need))[part]
        assert found == Decimal(amount)
        assert default_table().sources[basis].article == article
        assert purchase(Need(**need)).value == Decimal(amount)

    def test_every_line_of_every_valuation_has_a_source(self):
        need = Need(
            firm=1, renewals=Renewals(count=1, each=1), yearly=Yearly(amount=1, years=1), framework=Framework(maximum=1),
            parts=(Part(contract_type="works", value=1),), **dict.fromkeys(LISTS, (1,)),
        )  # fmt: skip
        assert total(value_need(need)) == 11
        sources = default_table().sources
        assert all(basis in sources for _, basis in lines(need).values())
        (declared,) = purchase(None, estimated_value=5).valuation
        assert (declared.part, sources[declared.legal_basis].article) == ("declared", "R2121-3")

    def test_an_absent_part_is_none(self):
        assert list(lines(Need(firm=10))) == ["firm"]
        assert purchase(Need(firm=0)).value == 0

    def test_an_innovation_partnership_is_research_and_the_purchases_after_it(self):
        need = Need(rd_phases=(60_000, 40_000), later_purchases=(150_000,))
        decision = decide(purchase(need))
        assert decision.estimated_value == 250_000
        assert [part.part for part in decision.valuation] == ["rd_phases", "later_purchases"]

    def test_a_pilot_and_its_planned_roll_out_count_together(self):
        alone = decide(purchase(Need(firm=35_000)))
        together = decide(purchase(Need(firm=35_000, same_need=(45_000,))))
        assert alone["direct_award"].status == "open"
        assert together["direct_award"].status == "closed"
        assert together.estimated_value == 80_000

    def test_renewals_are_counted_a_cent_below_and_at_the_limit(self):
        for each, status in (("14999.99", "open"), ("15000.00", "closed")):
            need = Need(firm=15_000, renewals=Renewals(count=3, each=each))
            assert decide(purchase(need))["direct_award"].status == status


class TestFramework:
    def test_without_a_maximum_the_value_is_not_known_and_the_maximum_is_asked_for(self):
        decision = decide(purchase(Need(framework=Framework())))
        assert decision.estimated_value is None
        assert decision["direct_award"].status == "undetermined"
        assert "need.framework.maximum" in decision["direct_award"].missing
        assert "need.framework.maximum" in decision.missing
        assert "estimated_value" not in decision.missing
        assert "un maximum est obligatoire" in decision.explain("fr")
        assert "a maximum is mandatory" in decision.explain("en")

    def test_a_maximum_settles_it(self):
        assert decide(purchase(Need(framework=Framework(maximum="59999.99"))))["direct_award"].status == "open"
        assert decide(purchase(Need(framework=Framework(maximum=60_000))))["direct_award"].status == "closed"

    def test_an_empty_need_says_nothing_and_the_declared_value_stands(self):
        assert purchase(Need()).value is None
        assert "estimated_value" in decide(purchase(Need())).missing
        assert purchase(Need(), estimated_value=85_000).value == 85_000


class TestVat:
    @pytest.mark.parametrize(
        ("gross", "rate", "net"),
        [
            ("72000.00", "0.20", "60000.00"),
            ("71999.99", "0.20", "59999.99"),
            ("100.00", "0.20", "83.33"),
            ("100.00", "0.055", "94.79"),
            ("0.01", "0.20", "0.01"),
            ("120.00", "0", "120.00"),
        ],
    )
    def test_vat_is_taken_off_to_the_cent(self, gross, rate, net):
        assert purchase(Need(firm=gross, vat_rate=rate)).value == Decimal(net)

    def test_rounding_of_parts_never_carries_the_total_over_a_threshold(self):
        # 71 999.99 with VAT are 59 999.99 without; each part rounded alone would add up to 60 000.00
        need = Need(firm="24000.02", options=("24000.02",), prizes=("23999.95",), vat_rate="0.20")
        assert purchase(need).value == Decimal("59999.99")
        assert decide(purchase(need))["direct_award"].status == "open"

    @pytest.mark.parametrize(
        ("code", "words"), [("fr", "la TVA (5,5 %) ; elle est déduite"), ("en", "VAT (5.5%); it is taken off")]
    )
    def test_the_page_says_that_vat_was_taken_off(self, code, words):
        gross = Need(firm="105.50", vat_rate="0.055")
        assert words in " ".join(decide(purchase(gross)).explain(code).split())
        assert words not in " ".join(decide(purchase(Need(firm=100))).explain(code).split())

    def test_a_framework_without_maximum_stays_unknown_with_vat(self):
        need = Need(firm=120, framework=Framework(), vat_rate="0.20")
        assert lines(need) == {"firm": (Decimal(100), "ccp-r2121-1"), "framework": (None, "ccp-r2121-8")}

    @settings(max_examples=examples(150), deadline=None)
    @given(
        st.lists(st.integers(0, 10**10), min_size=1, max_size=6), st.sampled_from(["0.20", "0.10", "0.055", "0.021"])
    )
    def test_the_parts_add_up_to_the_total_without_vat(self, cents, rate):
        amounts = [Decimal(c) / 100 for c in cents]
        need = Need(**{name: (amount,) for name, amount in zip(LISTS, amounts, strict=False)}, vat_rate=rate)
        exact = Fraction(sum(amounts)) / (1 + Fraction(rate))
        net = total(value_need(need))
        assert abs(Fraction(net) - exact) <= Fraction(1, 200)
        for name, amount in zip(LISTS, amounts, strict=False):
            assert abs(lines(need)[name][0] - amount / (1 + Decimal(rate))) <= CENT
            assert lines(need)[name][0] >= 0


AMOUNTS = st.integers(0, 3 * 10**7).map(lambda cents: Decimal(cents) / 100)
NEEDS = st.fixed_dictionaries(
    {},
    optional={
        "firm": AMOUNTS,
        "renewals": st.builds(Renewals, count=st.integers(0, 5), each=AMOUNTS),
        "yearly": st.builds(Yearly, amount=AMOUNTS, years=st.integers(1, 6)),
        "framework": st.builds(Framework, maximum=AMOUNTS),
        "vat_rate": st.sampled_from([Decimal("0.20"), Decimal("0.055")]),
        **{name: st.lists(AMOUNTS, max_size=3).map(tuple) for name in LISTS},
    },
)


class TestLaws:
    @settings(max_examples=examples(200), deadline=None)
    @given(NEEDS, st.sampled_from(LISTS), AMOUNTS)
    def test_the_value_never_falls_when_a_part_is_added(self, parts, name, amount):
        before = total(value_need(Need(**parts))) or Decimal(0)
        after = total(value_need(Need(**parts | {name: (*parts.get(name, ()), amount)})))
        assert after >= before

    @settings(max_examples=examples(200), deadline=None)
    @given(NEEDS, AMOUNTS, st.integers(0, 5))
    def test_the_value_never_falls_when_firm_renewals_or_years_are_added(self, parts, amount, count):
        before = total(value_need(Need(**parts))) or Decimal(0)
        for more in (
            {"firm": (parts.get("firm") or 0) + amount},
            {} if "renewals" in parts else {"renewals": Renewals(count=count, each=amount)},
            {} if "yearly" in parts else {"yearly": Yearly(amount=amount, years=count + 1)},
            {} if "framework" in parts else {"framework": Framework(maximum=amount)},
        ):
            assert (total(value_need(Need(**parts | more))) or Decimal(0)) >= before

    @settings(max_examples=examples(120), deadline=None)
    @given(st.lists(AMOUNTS, min_size=1, max_size=5), st.sampled_from(LISTS), st.data())
    def test_splitting_never_lightens_the_answer(self, amounts, name, data):
        """However a need is cut into parts and whatever they are called, it is decided as the whole."""
        whole = decide(purchase(None, estimated_value=sum(amounts), innovative=True))
        cut = data.draw(st.integers(0, len(amounts) - 1))
        parts = {"firm": sum(amounts[:cut], Decimal(0)), name: tuple(amounts[cut:])}
        split = decide(purchase(Need(**parts), innovative=True))
        assert [o.status for o in split.options] == [o.status for o in whole.options]
        assert split.publicity_and_competition == whole.publicity_and_competition

    def test_the_order_of_amounts_is_nothing(self):
        values = {
            total(value_need(Need(options=order, vat_rate="0.055")))
            for order in permutations(("10.01", "20.02", "30.03"))
        }
        assert values == {(Decimal("60.06") / Decimal("1.055")).quantize(CENT, ROUND_HALF_UP)}

    @settings(max_examples=examples(60), deadline=None)
    @given(NEEDS)
    def test_needs_travel_as_json(self, parts):
        need = Need(**parts)
        assert from_json(to_json(need), Need) == need


class TestSplittingIsPointedOut:
    def warning(self, need, **facts):
        return next((w for w in decide(purchase(need, **facts)).warnings if w.code == "splitting"), None)

    def test_with_the_amount_that_it_would_have_been_and_what_that_would_have_opened(self):
        found = self.warning(Need(firm=35_000, same_need=(45_000,)))
        assert found.amount == 35_000
        assert found.about == ("direct_award",)

    def test_also_where_the_rest_is_large(self):
        found = self.warning(Need(firm=35_000, same_need=(300_000,)))
        assert found.amount == 35_000
        assert set(found.about) == {"direct_award", "adapted_procedure"}

    def test_not_where_the_whole_opens_the_same(self):
        assert self.warning(Need(firm=20_000, same_need=(30_000,))) is None
        assert self.warning(Need(firm=80_000)) is None
        assert self.warning(Need(firm=70_000, same_need=(75_000,))) is None

    def test_not_where_the_whole_opens_a_lighter_way_than_the_part_would(self):
        need = Need(firm=100_000, same_need=(200_000,))
        assert self.warning(need).about == ("adapted_procedure",)
        assert self.warning(need, exclusive_supplier=True, no_reasonable_alternative=True) is None

    @pytest.mark.parametrize("code", ["fr", "en"])
    def test_in_words(self, code):
        text = " ".join(decide(purchase(Need(firm=35_000, same_need=(45_000,)))).explain(code).split())
        assert "R. 2121-4" in text
        assert {"fr": "une part de 35 000 € HT", "en": "a part of €35,000"}[code] in text.replace(
            "\u202f", " "
        ).replace("\u00a0", " ")

    def test_of_lots_and_members_the_largest(self):
        lots = tuple(Lot(id=str(i), estimated_value=50_000) for i in range(3))
        members = tuple(Member(buyer=Buyer(kind="commune"), part=part) for part in (50_000, 30_000))
        for group in ({"lots": lots}, {"members": members}):
            (found,) = [w for w in decide(purchase(None, **group)).warnings if w.code == "splitting"]
            assert (found.amount, found.about) == (50_000, ("direct_award",))


class TestMixedContracts:
    def parts(self, *rows):
        return Need(
            parts=tuple(Part(contract_type=kind, value=value, specific_service=own) for kind, value, own in rows)
        )

    def type_of(self, need, **facts):
        return whole_case(purchase(need, **{"contract_type": None} | facts)).contract_type

    def test_services_or_supplies_by_the_larger_value(self):
        assert self.type_of(self.parts(("services", "50000.01", None), ("supplies", 50_000, None))) == "services"
        assert self.type_of(self.parts(("services", 50_000, None), ("supplies", "50000.01", None))) == "supplies"

    def test_works_are_for_the_buyer_to_say(self):
        assert self.type_of(self.parts(("works", 1, None), ("supplies", 50_000, None))) is None
        decision = decide(purchase(self.parts(("works", 30_000, None), ("supplies", 60_000, None)), contract_type=None))
        assert "contract_type" in decision["direct_award"].missing

    def test_one_type_is_that_type(self):
        assert self.type_of(self.parts(("works", 10, None), ("works", 20, None))) == "works"
        assert self.type_of(self.parts(("works", 10, None), ("supplies", 0, None))) == "works"

    def test_what_the_buyer_says_stands_and_a_difference_is_pointed_out(self):
        need = self.parts(("services", 60_000, None), ("supplies", 40_000, None))
        assert self.type_of(need, contract_type="supplies") == "supplies"
        codes = [w.code for w in decide(purchase(need, contract_type="supplies")).warnings]
        assert "main_object" in codes
        assert "main_object" not in [w.code for w in decide(purchase(need, contract_type="services")).warnings]
        works = self.parts(("works", 60_000, None), ("supplies", 40_000, None))
        assert "main_object" not in [w.code for w in decide(purchase(works, contract_type="supplies")).warnings]

    @pytest.mark.parametrize(
        ("specific", "ordinary", "status"),
        [("150000.01", "150000", "open"), ("150000", "150000", "closed"), ("149999.99", "150000", "closed")],
    )
    def test_social_services_follow_the_category_of_higher_value(self, specific, ordinary, status):
        """R2123-2: at equal values the ordinary rules; 300 000 is above the European threshold of a commune."""
        need = self.parts(("services", specific, True), ("services", ordinary, False))
        decision = decide(purchase(need, contract_type=None))
        assert decision["adapted_procedure"].status == status

    def test_parts_that_say_nothing_of_it_are_presumed_ordinary(self):
        decision = decide(purchase(self.parts(("services", 300_000, None))))
        assert "specific_service" in decision["adapted_procedure"].presumed

    def test_what_the_buyer_says_of_social_services_stands(self):
        need = self.parts(("services", 300_000, True))
        document = {
            "title": "x",
            "launched_on": "2026-05-15",
            "buyer": {"kind": "commune"},
            "contract_type": "services",
        }
        decision = decide(structure(document, Purchase).evolve(need=need, specific_service=False))
        assert decision["adapted_procedure"].status == "closed"


class TestBadInput:
    @pytest.mark.parametrize(
        ("need", "paths"),
        [
            ({"renewals": {"count": -1, "each": "10"}}, {"need.renewals.count"}),
            ({"renewals": {"count": 1, "each": "-10"}}, {"need.renewals.each"}),
            ({"vat_rate": "1.01"}, {"need.vat_rate"}),
            ({"vat_rate": "-0.01"}, {"need.vat_rate"}),
            ({"vat_rate": 0.2}, {"need.vat_rate"}),
            ({"firm": "10.001", "options": ["1", "-1"]}, {"need.firm", "need.options[1]"}),
            ({"yearly": {"amount": "10", "years": 0}}, {"need.yearly.years"}),
            ({"parts": [{"contract_type": "goods", "value": "1"}]}, {"need.parts[0].contract_type"}),
            ({"framework": {"minimum": "1"}}, {"need.framework.minimum"}),
            ({"total": "1"}, {"need.total"}),
        ],
    )
    def test_is_refused_with_paths(self, need, paths):
        with pytest.raises(DocumentError) as caught:
            structure({"title": "x", "launched_on": "2026-05-15", "need": need}, Purchase)
        assert {problem.path for problem in caught.value.problems} == paths

    def test_a_need_that_disagrees_with_the_declared_value_is_refused(self):
        with pytest.raises(DocumentError) as caught:
            purchase(Need(firm=35_000, same_need=(45_000,)), estimated_value=35_000)
        (problem,) = caught.value.problems
        assert problem.path == "need"
        assert "+45000" in problem.message
        assert purchase(Need(firm=35_000, same_need=(45_000,)), estimated_value=80_000).value == 80_000


def test_a_pilot_and_what_follows_it_are_one_need_by_the_general_article():
    """Only in an innovation partnership have the purchases that follow an article of their own."""
    pilot = value_need(Need(firm=20_000, later_purchases=[50_000]))
    assert [(part.part, part.legal_basis) for part in pilot] == [
        ("firm", "ccp-r2121-1"),
        ("later_purchases", "ccp-r2121-1"),
    ]
    partnership = value_need(Need(rd_phases=[20_000], later_purchases=[50_000]))
    assert [part.legal_basis for part in partnership] == ["ccp-r2121-9", "ccp-r2121-9"]


def test_equal_halves_of_services_and_supplies_are_supplies():
    """L1111-5: services where they are worth more than the supplies."""
    for services, expected in (("50000.01", "services"), ("50000", "supplies"), ("49999.99", "supplies")):
        need = Need(
            parts=[Part(contract_type="services", value=services), Part(contract_type="supplies", value="50000")]
        )
        assert main_type(need) == expected
