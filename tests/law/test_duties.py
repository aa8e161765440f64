"""What the rows of duties and cautions say, against hand-written cases and a second reading of the law in plain code."""

import re
from collections import Counter
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from io import BytesIO
from typing import ClassVar

import pytest
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st

from properties import newest
from qmi_rules.catalogues import typed, typeset
from qmi_rules.law import default_table, examine
from qmi_rules.law.truth import Truth
from qmi_rules.model import Buyer, Case, Purchase
from qmi_rules.pages import language
from qmi_rules.procurement import decide

CENT = Decimal("0.01")
AUTUMN = date(2026, 11, 24)
LOCAL = {"commune", "ept", "epci", "metropolis", "department", "region", "other_local"}
DISPENSED = {
    "direct_award",
    "innovative_purchase",
    "books",
    "experimental_prototype",
    "exclusive_rights",
    "no_tender_received",
    "extreme_urgency",
    "additional_deliveries",
    "similar_contract",
    "after_design_contest",
}
FORMAL = {"open_procedure", "restricted_procedure", "competitive_procedure_with_negotiation", "competitive_dialogue"}
COMPETITIVE = FORMAL | {"adapted_procedure", "innovation_partnership"}
NOTICES = {"notice_free", "notice_boamp_or_journal", "notice_boamp_and_ojeu", "notice_ojeu"}
DUTY_IDS = NOTICES | {
    "guard_rails",
    "innovation_justification",
    "written_contract",
    "documents_on_buyer_profile",
    "time_limit_candidatures",
    "time_limit_tenders",
    "standstill",
    "award_notice",
    "procurement_report",
    "essential_data",
    "essential_data_yearly_list",
    "mandatory_advance",
    "prefect_transmission",
    "tender_committee",
    "environmental_considerations",
    "social_considerations",
    "keep_documents",
    "buyers_agreement",
    "decision_records",
    "bookshop_network",
    "exclusion_checks",
    "rejection_letters",
    "electronic_exchanges",
    "energy_efficiency",
    "sustainable_specifications",
    "signature_authority",
    "catering_quality",
    "accessibility",
    "data_processing",
    "reused_goods",
}


def purchase(value, on=AUTUMN, kind="commune", contract_type="services", authority=False, **facts):
    return Purchase(
        title="Capteurs",
        estimated_value=Decimal(value),
        contract_type=contract_type,
        launched_on=on,
        buyer=None if kind is None else Buyer(kind=kind, local_authority=authority if kind == "utility" else None),
        **facts,
    )


def rows_that_hold(rows, procedure, case, law):
    return [
        row
        for row in rows
        if (procedure in row.procedures or not row.procedures) and examine(row, case, law).truth is Truth.YES
    ]


def owed(procedure, case, known_on=None):
    """The duty rows of a procedure that hold on a case."""
    law = default_table().in_force(case.launched_on, known_on)
    return rows_that_hold(law.duty_rows, procedure, case, law)


def duties(procedure, case, known_on=None):
    return {row.duty for row in owed(procedure, case, known_on)}


def days(procedure, duty, case):
    """The length that binds: the shortest; None where no row gives one."""
    lengths = [row.days for row in owed(procedure, case) if row.duty == duty and row.days is not None]
    return min(lengths, default=None)


def cautions(procedure, case, known_on=None):
    law = default_table().in_force(case.launched_on, known_on)
    return {row.id.removeprefix("caution-") for row in rows_that_hold(law.cautions, procedure, case, law)}


def appears(duty, procedure, at, **facts):
    """Whether a duty is owed a cent below an amount, and at the amount."""
    return tuple(duty in duties(procedure, purchase(value, **facts)) for value in (Decimal(at) - CENT, Decimal(at)))


ENVIRONMENT = {"environmental_considerations"}


class TestHandWrittenCases:
    """Whole sets of duties, written by hand from the law page."""

    ALWAYS: ClassVar = {"keep_documents", "exclusion_checks", "sustainable_specifications"} | ENVIRONMENT
    COMMUNE: ClassVar = ALWAYS | {"signature_authority"}
    COMPETITION: ClassVar = {
        "time_limit_candidatures",
        "time_limit_tenders",
        "rejection_letters",
        "electronic_exchanges",
    }
    ADAPTED: ClassVar = ALWAYS | COMPETITION
    FORMAL_FLOOR: ClassVar = ADAPTED | {
        "notice_boamp_and_ojeu",
        "documents_on_buyer_profile",
        "standstill",
        "written_contract",
        "essential_data",
    }
    EUROPEAN: ClassVar = {"award_notice", "procurement_report", "social_considerations", "energy_efficiency"}

    @pytest.mark.parametrize(
        ("value", "more"),
        [
            ("24999.99", set()),
            ("25000", {"written_contract", "essential_data_yearly_list"}),
            ("39999.99", {"written_contract", "essential_data_yearly_list"}),
            ("40000", {"written_contract", "essential_data_yearly_list", "essential_data"}),
            ("59999.99", {"written_contract", "essential_data_yearly_list", "essential_data"}),
        ],
    )
    def test_direct_award_of_a_commune(self, value, more):
        assert duties("direct_award", purchase(value)) == {"guard_rails"} | self.COMMUNE | more

    def test_innovative_purchase_of_a_commune(self):
        expected = {"guard_rails", "innovation_justification"} | self.COMMUNE
        assert duties("innovative_purchase", purchase("24999.99", innovative=True)) == expected
        expected |= {"written_contract"}
        assert duties("innovative_purchase", purchase("39999.99", innovative=True)) == expected
        assert duties("innovative_purchase", purchase("40000", innovative=True)) == expected | {"essential_data"}

    @pytest.mark.parametrize(
        ("value", "more"),
        [
            ("24999.99", {"notice_free"}),
            ("25000", {"notice_free", "written_contract"}),
            ("40000", {"notice_free", "written_contract", "essential_data"}),
            ("59999.99", {"notice_free", "written_contract", "essential_data"}),
            ("60000", {"notice_free", "written_contract", "essential_data", "documents_on_buyer_profile"}),
            ("89999.99", {"notice_free", "written_contract", "essential_data", "documents_on_buyer_profile"}),
            ("90000", {"notice_boamp_or_journal", "written_contract", "essential_data", "documents_on_buyer_profile"}),
            (
                "215999.99",
                {"notice_boamp_or_journal", "written_contract", "essential_data", "documents_on_buyer_profile"},
            ),
        ],
    )
    def test_adapted_procedure_of_a_commune(self, value, more):
        assert duties("adapted_procedure", purchase(value)) == self.ADAPTED | {"signature_authority"} | more

    def test_open_procedure_of_a_commune(self):
        below, at = purchase("215999.99"), purchase("216000")
        floor = self.FORMAL_FLOOR - {"time_limit_candidatures"} | {"signature_authority"}
        assert duties("open_procedure", below) == floor
        assert duties("open_procedure", at) == floor | self.EUROPEAN | {"prefect_transmission", "tender_committee"}

    def test_negotiated_procedure_of_a_commune(self):
        expected = (
            self.FORMAL_FLOOR | self.EUROPEAN | {"prefect_transmission", "tender_committee", "signature_authority"}
        )
        assert duties("competitive_procedure_with_negotiation", purchase("216000", innovative=True)) == expected

    def test_open_procedure_of_the_state(self):
        floor = self.FORMAL_FLOOR - {"time_limit_candidatures"}
        assert duties("open_procedure", purchase("139999.99", kind="state")) == floor
        assert duties("open_procedure", purchase("140000", kind="state")) == floor | self.EUROPEAN

    def test_open_procedure_of_a_utility(self):
        european = self.EUROPEAN - {"procurement_report"} | {"decision_records"}
        for authority, notice, more in (
            (False, "notice_ojeu", set()),
            (True, "notice_boamp_and_ojeu", {"prefect_transmission", "tender_committee"}),
        ):
            floor = self.FORMAL_FLOOR - {"time_limit_candidatures", "notice_boamp_and_ojeu"} | {notice}
            below = purchase("431999.99", kind="utility", authority=authority)
            at = purchase("432000", kind="utility", authority=authority)
            assert duties("open_procedure", below) == floor | more - {"tender_committee"}
            assert duties("open_procedure", at) == floor | european | more

    @pytest.mark.parametrize(
        ("value", "private", "of_a_commune"),
        [
            ("89999.99", "notice_free", "notice_free"),
            ("90000", "notice_free", "notice_boamp_or_journal"),
            ("431999.99", "notice_free", "notice_boamp_or_journal"),
        ],
    )
    def test_the_water_service_of_a_commune_knows_the_90_000(self, value, private, of_a_commune):
        for authority, notice in ((False, private), (True, of_a_commune)):
            case = purchase(value, kind="utility", authority=authority)
            assert duties("adapted_procedure", case) & NOTICES == {notice}

    def test_a_utility_that_does_not_say_whose_it_is_is_asked(self):
        assert not duties("adapted_procedure", purchase("90000", kind="utility", authority=None)) & NOTICES

    def test_a_small_lot_owes_a_notice_whose_medium_is_to_be_verified(self):
        law = default_table().in_force(AUTUMN)
        for together, notice in (("89999.99", "notice_free"), ("90000", "notice_boamp_or_journal")):
            case = Case(
                launched_on=AUTUMN, value=Decimal(500_000), contract_type="works", buyer_kind="commune", allotted=True,
                lot_value=Decimal(40_000), lot_type="works", small_lot=True, small_lots_share=Decimal("0.1"),
                small_lots_value=Decimal(together),
            ).evolve(value=Decimal(6_000_000))  # fmt: skip
            rows = [r for r in rows_that_hold(law.duty_rows, "adapted_procedure", case, law) if r.duty in NOTICES]
            assert [(row.duty, row.certainty) for row in rows] == [(notice, "unverified")]

    @pytest.mark.parametrize(
        ("on", "value", "basis"),
        [
            (date(2020, 7, 23), "39999.99", "ccp-r2122-8"),
            (date(2020, 7, 24), "40000", "decret-2020-893-1"),
            (date(2020, 12, 8), "69999.99", "decret-2020-893-1"),
            (date(2020, 12, 9), "40000", "loi-2020-1525-142"),
            (date(2022, 12, 31), "99999.99", "loi-2020-1525-142"),
            (date(2023, 1, 1), "39999.99", "ccp-r2122-8"),
            (date(2023, 1, 1), "40000", "decret-2022-1683-6"),
            (date(2024, 12, 31), "99999.99", "decret-2022-1683-6"),
            (date(2025, 1, 1), "40000", "decret-2024-1217"),
            (date(2025, 12, 31), "99999.99", "decret-2024-1217"),
            (date(2026, 1, 1), "99999.99", "ccp-r2122-8"),
        ],
    )
    def test_works_print_the_text_in_force_and_follow_its_lists(self, on, value, basis):
        case = purchase(value, on=on, contract_type="works")
        option = decide(case)["direct_award"]
        assert option.status == "open"
        assert [source.id for source in option.legal_basis] == [basis]
        (rails,) = [row for row in owed("direct_award", case) if row.duty == "guard_rails"]
        assert rails.legal_basis == basis
        assert ("essential_data_yearly_list" in duties("direct_award", case)) is (basis == "ccp-r2122-8")

    def test_what_the_object_asks_for_and_nothing_else(self):
        objects = {"catering_quality", "accessibility", "data_processing", "reused_goods"}
        for cpv, expected in (
            (None, set()),
            ("34913000", set()),  # spare parts
            ("42122000", set()),  # pumps
            ("15800000", {"catering_quality"}),
            ("72212000", {"accessibility", "data_processing"}),
            ("39110000", {"reused_goods"}),
        ):
            case = purchase("50000", contract_type="supplies", cpv=cpv)
            assert duties("direct_award", case) & objects == expected, cpv

    def test_works_of_a_commune(self):
        big = purchase("5403999.99", contract_type="works")
        assert "prefect_transmission" in duties("adapted_procedure", big), "the prefect's threshold ignores the type"
        assert "award_notice" not in duties("adapted_procedure", big)
        assert appears("award_notice", "open_procedure", 5_404_000, contract_type="works") == (False, True)
        assert appears("tender_committee", "open_procedure", 5_404_000, contract_type="works") == (False, True)

    def test_works_of_90_000_under_the_dispense_owe_no_notice(self):
        assert not duties("direct_award", purchase("99999.99", contract_type="works")) & NOTICES

    def test_innovation_partnership_follows_the_formal_threshold(self):
        below, at = purchase("215999.99"), purchase("216000")
        assert "standstill" not in duties("innovation_partnership", below)
        assert duties("innovation_partnership", below) & NOTICES == {"notice_boamp_or_journal"}
        assert days("innovation_partnership", "time_limit_candidatures", below) is None
        assert duties("innovation_partnership", at) == self.FORMAL_FLOOR | self.EUROPEAN | {
            "prefect_transmission",
            "tender_committee",
            "signature_authority",
        }
        assert days("innovation_partnership", "time_limit_candidatures", at) == 30

    def test_specific_services_have_their_own_european_threshold(self):
        for value, kind, notice in (
            ("90000", "commune", "notice_free"),
            ("749999.99", "commune", "notice_free"),
            ("750000", "commune", "notice_ojeu"),
            ("999999.99", "utility", "notice_free"),
            ("1000000", "utility", "notice_ojeu"),
        ):
            case = purchase(value, kind=kind, specific_service=True)
            assert duties("adapted_procedure", case) & NOTICES == {notice}, (value, kind)
            assert ("award_notice" in duties("adapted_procedure", case)) is (notice == "notice_ojeu")

    def test_dispensed_purchases_above_the_threshold_owe_notice_and_report(self):
        case = purchase("300000", contract_type="supplies", prototype=True)
        assert {"award_notice", "procurement_report"} <= duties("experimental_prototype", case)
        assert not duties("experimental_prototype", case) & (
            NOTICES | {"standstill", "tender_committee", "guard_rails"}
        )

    def test_research_services_outside_the_code_owe_the_prefect_and_a_signature(self):
        assert duties("rd_services_exclusion", purchase("300000")) == {"prefect_transmission", "signature_authority"}
        assert duties("excluded_contract", purchase("300000")) == {"signature_authority"}

    def test_an_agreement_goes_with_a_joint_purchase(self):
        assert duties("joint_procurement", purchase("50000", joint=True)) == {"buyers_agreement"}
        assert duties("joint_procurement", purchase("50000", joint=False)) == set()
        assert duties("central_purchasing_body", purchase("50000")) == set()

    @pytest.mark.parametrize(
        ("value", "months", "expected"),
        [("50000", 3, False), ("50000.01", 2, False), ("50000.01", 3, True), ("60000", None, False)],
    )
    def test_the_advance_needs_more_than_50_000_and_more_than_two_months(self, value, months, expected):
        case = purchase(value, duration_months=months)
        assert ("mandatory_advance" in duties("adapted_procedure", case)) is expected


class TestDates:
    """A day on each side of each change."""

    @pytest.mark.parametrize(
        ("before", "after", "value", "procedure", "lost", "gained"),
        [
            (date(2019, 3, 31), date(2019, 4, 1), 30_000, "adapted_procedure", set(), {"notice_free", "written_contract", "essential_data", "documents_on_buyer_profile", "keep_documents", "time_limit_candidatures", "time_limit_tenders", "exclusion_checks", "rejection_letters", "electronic_exchanges", "sustainable_specifications", "signature_authority"}),
            (date(2019, 12, 31), date(2020, 1, 1), 30_000, "adapted_procedure", {"essential_data", "documents_on_buyer_profile"}, set()),
            (date(2019, 12, 31), date(2020, 1, 1), 30_000, "direct_award", {"essential_data"}, {"essential_data_yearly_list"}),
            (date(2026, 3, 31), date(2026, 4, 1), 59_999, "adapted_procedure", {"documents_on_buyer_profile"}, set()),
            (date(2025, 12, 31), date(2026, 1, 1), 216_000, "open_procedure", set(), {"award_notice", "procurement_report", "prefect_transmission", "tender_committee", "energy_efficiency"}),
            (date(2025, 12, 31), date(2026, 1, 1), 216_000, "competitive_dialogue", set(), {"award_notice", "procurement_report", "prefect_transmission", "tender_committee", "energy_efficiency"}),
            (date(2025, 10, 15), date(2025, 10, 16), 221_000, "open_procedure", set(), {"energy_efficiency"}),
            (date(2025, 10, 15), date(2025, 10, 16), 220_999, "open_procedure", set(), set()),
            (date(2026, 8, 20), date(2026, 8, 21), 70_000, "adapted_procedure", set(), {"environmental_considerations"}),
            (date(2026, 8, 20), date(2026, 8, 21), 20_000, "direct_award", set(), set()),
            (date(2026, 8, 21), date(2026, 8, 22), 20_000, "direct_award", set(), {"environmental_considerations"}),
            (date(2026, 8, 21), date(2026, 8, 22), 216_000, "open_procedure", set(), {"social_considerations"}),
            (date(2026, 8, 21), date(2026, 8, 22), 215_999, "open_procedure", set(), set()),
        ],
    )  # fmt: skip
    def test_duties_change_on_the_day(self, before, after, value, procedure, lost, gained):
        first, then = (duties(procedure, purchase(value, on=day)) for day in (before, after))
        assert first - then == lost
        assert then - first == gained

    def test_the_guard_rails_of_innovative_purchases_change_their_text(self):
        for day, basis in ((date(2021, 12, 15), "decret-2018-1225"), (date(2021, 12, 16), "ccp-r2122-9-1")):
            (row,) = [r for r in owed("innovative_purchase", purchase(30_000, on=day)) if r.duty == "guard_rails"]
            assert row.legal_basis == basis

    def test_essential_data_move_to_the_national_portal_in_2024(self):
        for day, where in ((date(2023, 12, 31), "profil d'acheteur"), (date(2024, 1, 1), "portail national")):
            (row,) = [r for r in owed("adapted_procedure", purchase(50_000, on=day)) if r.duty == "essential_data"]
            assert where in row.detail

    def test_a_duty_not_yet_published_could_not_be_known(self):
        case = purchase(216_000)
        assert "social_considerations" not in duties("open_procedure", case, known_on=date(2021, 8, 23))
        assert "social_considerations" not in duties("direct_award", case, known_on=date(2021, 8, 24))

    def test_no_duties_before_the_code(self):
        table = default_table()
        assert min(row.effective_from for row in table.duty_rows) == date(2019, 4, 1)


class TestTimeLimits:
    @pytest.mark.parametrize(
        ("procedure", "kind", "urgent", "candidatures", "tenders"),
        [
            ("open_procedure", "commune", None, None, 30),
            ("open_procedure", "commune", True, None, 15),
            ("open_procedure", "utility", False, None, 30),
            ("restricted_procedure", "commune", None, 30, 25),
            ("restricted_procedure", "state", False, 30, 25),
            ("restricted_procedure", "ept", True, 15, 10),
            ("restricted_procedure", "utility", None, 15, 10),
            ("competitive_procedure_with_negotiation", "commune", None, 30, 25),
            ("competitive_procedure_with_negotiation", "state", True, 15, 10),
            ("competitive_procedure_with_negotiation", "utility", True, 15, 10),
            ("competitive_dialogue", "commune", True, 30, None),
            ("innovation_partnership", "commune", True, 30, None),
            ("adapted_procedure", "commune", True, None, None),
        ],
    )
    def test_minimum_days(self, procedure, kind, urgent, candidatures, tenders):
        value = 100_000 if procedure == "adapted_procedure" else 500_000
        case = purchase(value, kind=kind, justified_urgency=urgent)
        assert days(procedure, "time_limit_candidatures", case) == candidatures
        assert days(procedure, "time_limit_tenders", case) == tenders

    def test_minimum_days_of_an_innovation_partnership_at_each_threshold(self):
        for kind, contract_type, at in (
            ("commune", "services", 216_000),
            ("state", "supplies", 140_000),
            ("commune", "works", 5_404_000),
            ("state", "works", 5_404_000),
            ("utility", "services", 432_000),
            ("utility", "works", 5_404_000),
        ):
            below, reached = (purchase(value, kind=kind, contract_type=contract_type) for value in (at - CENT, at))
            assert days("innovation_partnership", "time_limit_candidatures", below) is None
            expected = None if kind == "utility" else 30
            assert days("innovation_partnership", "time_limit_candidatures", reached) == expected
            assert days("innovation_partnership", "standstill", below) is None
            assert days("innovation_partnership", "standstill", reached) == 11
            assert days("innovation_partnership", "award_notice", reached) == 30

    def test_what_no_source_gives_is_shown_as_unverified(self):
        """The time limits of utilities for the dialogue and the partnership were not read."""
        for procedure in ("competitive_dialogue", "innovation_partnership"):
            for contract_type, value in (("services", 432_000), ("works", 5_404_000)):
                case = purchase(value, kind="utility", contract_type=contract_type)
                (row,) = [r for r in owed(procedure, case) if r.duty == "time_limit_candidatures"]
                assert row.days is None
                assert row.certainty == "unverified"

    def test_reductions_of_the_open_procedure_are_shown(self):
        (row,) = [r for r in owed("open_procedure", purchase(300_000)) if r.duty == "time_limit_tenders"]
        assert [reduction.days for reduction in row.reductions] == [35, 35, 15, 15]

    def test_only_local_buyers_may_agree_a_date(self):
        for kind, lengths in (("commune", [30, 30, 10, 10, 10]), ("state", [30, 30, 10, 10])):
            for procedure in ("restricted_procedure", "competitive_procedure_with_negotiation"):
                case = purchase(300_000, kind=kind)
                (row,) = [r for r in owed(procedure, case) if r.duty == "time_limit_tenders"]
                assert [reduction.days for reduction in row.reductions] == lengths

    def test_standstill_award_notice_and_prefect(self):
        case = purchase(216_000)
        assert days("open_procedure", "standstill", case) == 11
        (row,) = [r for r in owed("open_procedure", case) if r.duty == "standstill"]
        assert [reduction.days for reduction in row.reductions] == [16, 0]
        assert days("open_procedure", "award_notice", case) == 30
        assert days("open_procedure", "prefect_transmission", case) == 15


EUROPEAN = {  # first year of each pair: State, other authorities, utilities, works
    2018: (144_000, 221_000, 443_000, 5_548_000),
    2020: (139_000, 214_000, 428_000, 5_350_000),
    2022: (140_000, 215_000, 431_000, 5_382_000),
    2024: (143_000, 221_000, 443_000, 5_538_000),
    2026: (140_000, 216_000, 432_000, 5_404_000),
}
ROUND = (25_000, 40_000, 50_000, 60_000, 90_000, 750_000, 1_000_000)
TURNING_DAYS = [
    date(2019, 4, 1),
    date(2019, 12, 31),
    date(2020, 1, 1),
    date(2021, 12, 31),
    date(2022, 1, 1),
    date(2023, 12, 31),
    date(2024, 1, 1),
    date(2025, 12, 31),
    date(2026, 1, 1),
    date(2026, 3, 31),
    date(2026, 4, 1),
    date(2026, 8, 20),
    date(2026, 8, 21),
    date(2026, 8, 22),
    date(2027, 12, 31),
]


def edges(on):
    """A cent below, at, and a cent above every amount that matters on a day."""
    amounts = (*ROUND, *EUROPEAN[on.year - on.year % 2])
    return [Decimal(1), *(amount + cent for amount in amounts for cent in (-CENT, Decimal(0), CENT))]


values = st.one_of(
    st.sampled_from(edges(AUTUMN)), st.decimals(min_value=1, max_value=8_000_000, places=2, allow_nan=False)
)
kinds = st.sampled_from(sorted(LOCAL | {"state", "utility"}))
types = st.sampled_from(["works", "supplies", "services"])
days_of_the_code = st.dates(min_value=date(2019, 4, 1), max_value=date(2027, 12, 31))
procedures = st.sampled_from(sorted(DISPENSED | COMPETITIVE))


def second_reading(procedure, value, kind, contract_type, on, specific=False, months=None, authority=False):
    """The duties since April 2019 once more, in plain code."""
    state, local, utility, works = EUROPEAN[on.year - on.year % 2]
    european = works if contract_type == "works" else {"state": state, "utility": utility}.get(kind, local)
    own_european = (1_000_000 if kind == "utility" else 750_000) if specific else european
    formal = procedure in FORMAL or (procedure == "innovation_partnership" and value >= european)
    of_local_authority = kind in LOCAL or (kind == "utility" and authority)
    expected = {"keep_documents", "exclusion_checks", "sustainable_specifications"}
    if kind == "commune":
        expected.add("signature_authority")
    if procedure in ("direct_award", "innovative_purchase", "books"):
        expected.add("guard_rails")
    if procedure == "books":
        expected.add("bookshop_network")
    if procedure == "innovative_purchase":
        expected.add("innovation_justification")
    if value >= 25_000:
        expected.add("written_contract")
        alone = contract_type == "works" and on.year <= 2025 and value >= 40_000  # not under the article of the code
        if procedure == "direct_award" and on.year >= 2020 and not alone:
            expected.add("essential_data_yearly_list")
    if value >= (40_000 if on.year >= 2020 else 25_000):
        expected.add("essential_data")
    if value > 50_000 and months is not None and months > 2:
        expected.add("mandatory_advance")
    if value >= own_european:
        expected |= {"award_notice", "decision_records" if kind == "utility" else "procurement_report"}
        if on >= date(2026, 8, 22):
            expected.add("social_considerations")
    if procedure in DISPENSED and value >= european and not specific:  # R2132-12, 1° and 2°
        expected.add("electronic_exchanges")
    if value >= own_european and on >= date(2025, 10, 16):
        expected.add("energy_efficiency")
    if of_local_authority and value >= local and on.year >= 2020:
        expected.add("prefect_transmission")
    if on >= date(2026, 8, 22) or (on == date(2026, 8, 21) and procedure in COMPETITIVE):
        expected.add("environmental_considerations")
    if procedure in COMPETITIVE:
        expected |= {"time_limit_tenders", "rejection_letters"}
        if not specific:
            expected.add("electronic_exchanges")
        if procedure != "open_procedure":
            expected.add("time_limit_candidatures")
        if value >= (60_000 if on >= date(2026, 4, 1) else 40_000 if on.year >= 2020 else 25_000):
            expected.add("documents_on_buyer_profile")
        boamp = of_local_authority or kind == "state"
        if formal:
            expected |= {"standstill", "notice_boamp_and_ojeu" if boamp else "notice_ojeu"}
        elif specific and procedure == "adapted_procedure":
            expected.add("notice_ojeu" if value >= own_european else "notice_free")
        elif value < european:
            expected.add("notice_boamp_or_journal" if boamp and value >= 90_000 else "notice_free")
        if formal and of_local_authority and value >= european and not specific:
            expected.add("tender_committee")
    return expected


def duties_by_procedure(case):
    """The duties of every procedure of the code, each row examined once; no two rows say the same duty."""
    law = default_table().in_force(case.launched_on)
    holding = [row for row in law.duty_rows if examine(row, case, law).truth is Truth.YES]
    found = {}
    for procedure in DISPENSED | COMPETITIVE:
        named = [row.duty for row in holding if procedure in row.procedures]
        found[procedure] = set(named)
        twice = {duty for duty, times in Counter(named).items() if times > 1}
        assert not twice, (procedure, case, twice)
    return found


def assert_second_reading_agrees(value, kind, contract_type, on, specific=None, months=None, authority=False):
    case = purchase(value, on, kind, contract_type, authority, specific_service=specific, duration_months=months)
    for procedure, seen in duties_by_procedure(case).items():
        expected = second_reading(procedure, value, kind, contract_type, on, bool(specific), months, authority)
        assert seen == expected, (procedure, value, kind, contract_type, on, specific, months)


class TestLaws:
    @pytest.mark.parametrize("on", newest(TURNING_DAYS, 2), ids=str)
    def test_rows_agree_with_a_second_reading_at_every_edge(self, on):
        for value in edges(on):
            for kind, authority in (("commune", None), ("state", None), ("utility", False), ("utility", True)):
                for contract_type, specific in (
                    ("works", None),
                    ("supplies", None),
                    ("services", None),
                    ("services", True),
                ):
                    assert_second_reading_agrees(value, kind, contract_type, on, specific, None, authority)

    def test_rows_agree_with_a_second_reading_for_every_buyer_and_duration(self):
        for kind in sorted(LOCAL):
            for value in edges(AUTUMN):
                for contract_type in ("works", "services"):
                    assert_second_reading_agrees(value, kind, contract_type, AUTUMN, False, 2)
        for value in edges(AUTUMN):
            assert_second_reading_agrees(value, "commune", "supplies", AUTUMN, None, 3)

    @given(values, kinds, types, days_of_the_code)
    def test_rows_agree_with_a_second_reading_anywhere(self, value, kind, contract_type, on):
        assert_second_reading_agrees(value, kind, contract_type, on)

    @given(procedures, values, values, kinds, types, days_of_the_code)
    def test_a_larger_need_owes_no_less_beside_the_notice(self, procedure, one, other, kind, contract_type, on):
        small, large = (
            duties(procedure, purchase(value, on, kind, contract_type)) - NOTICES for value in sorted((one, other))
        )
        if contract_type == "works":  # dispensed by a stand-alone text, they publish all their data instead of the list
            small -= {"essential_data_yearly_list"}
        assert small <= large

    @given(
        st.sampled_from(sorted(FORMAL | {"innovation_partnership"})),
        values,
        kinds,
        types,
        days_of_the_code,
    )
    def test_exactly_one_channel_of_publicity_at_any_time(self, procedure, value, kind, contract_type, on):
        assert len(duties(procedure, purchase(value, on, kind, contract_type)) & NOTICES) == 1

    @given(procedures, values, types, days_of_the_code)
    def test_what_is_owed_whoever_buys_is_owed_by_each(self, procedure, value, contract_type, on):
        unknown = duties(procedure, purchase(value, on, None, contract_type))
        for kind in ("commune", "state", "utility"):
            assert unknown <= duties(procedure, purchase(value, on, kind, contract_type))


class TestCautions:
    @pytest.mark.parametrize(
        ("value", "on", "shown"),
        [
            ("99999.99", date(2026, 6, 30), None),
            ("100000", date(2026, 6, 30), "innovative_purchase-draft"),
            ("100000", date(2025, 12, 31), None),
            ("99999.99", date(2026, 7, 1), None),
            ("100000", date(2026, 7, 1), "innovative_purchase-contested_limit"),
            ("139999.99", date(2026, 7, 1), "innovative_purchase-contested_limit"),
            ("140000", date(2026, 7, 1), None),
        ],
    )
    def test_the_zone_of_doubt_of_innovative_purchases(self, value, on, shown):
        seen = cautions("innovative_purchase", purchase(value, on=on, innovative=True))
        zone = {"innovative_purchase-draft", "innovative_purchase-contested_limit"}
        assert seen & zone == ({shown} if shown else set())

    def test_the_end_of_the_presumption_of_young_innovative_companies(self):
        zone = {"innovative_purchase-jei", "innovative_purchase-jei-presumption"}
        for on, expected in (
            (date(2023, 12, 30), set()),
            (date(2023, 12, 31), {"innovative_purchase-jei-presumption"}),
            (date(2025, 5, 2), {"innovative_purchase-jei-presumption"}),
            (date(2025, 5, 3), {"innovative_purchase-jei"}),
        ):
            assert cautions("innovative_purchase", purchase(50_000, on=on, supplier_is_jei=True)) & zone == expected
            assert not cautions("innovative_purchase", purchase(50_000, on=on, supplier_is_jei=False)) & zone
            assert not cautions("innovative_purchase", purchase(50_000, on=on)) & zone

    def test_the_end_of_the_presumption_could_not_be_known_before(self):
        case = purchase(50_000, on=date(2024, 6, 1), supplier_is_jei=True)
        assert "innovative_purchase-jei-presumption" not in cautions("innovative_purchase", case, date(2024, 6, 1))

    @pytest.mark.parametrize(
        ("value", "on", "contract_type", "shown"),
        [
            ("99999.99", date(2027, 1, 1), "works", False),
            ("100000", date(2027, 1, 1), "works", True),
            ("100000", date(2026, 12, 31), "works", False),
            ("100000", date(2027, 1, 1), "services", False),
        ],
    )
    def test_works_of_2027(self, value, on, contract_type, shown):
        seen = cautions("direct_award", purchase(value, on=on, contract_type=contract_type))
        assert ("direct_award-works-2027" in seen) is shown

    def test_a_formal_procedure_below_the_threshold_says_so_once(self):
        for kind, value, expected in (
            ("commune", "215999.99", 1),
            ("commune", "216000", 0),
            ("utility", "216000", 1),
            ("state", "140000", 0),
        ):
            seen = cautions("open_procedure", purchase(value, kind=kind))
            assert sum(name.startswith("formal-below_threshold") for name in seen) == expected

    def test_what_turnover_may_be_required(self):
        for on, expected in ((date(2025, 12, 31), "turnover-double"), (date(2026, 1, 1), "turnover-one_and_a_half")):
            seen = cautions("adapted_procedure", purchase(70_000, on=on))
            assert {name for name in seen if name.startswith("turnover")} == {expected}

    def test_doubts_of_the_arrangements(self):
        assert "joint_procurement-ept" in cautions("joint_procurement", purchase(50_000, joint=True))
        assert "jei_reserved_lots-share" in cautions("jei_reserved_lots", purchase(50_000))
        assert cautions("jei_reserved_lots", purchase(50_000, on=date(2026, 5, 27))) == set()
        assert "central_purchasing_body-maximum" in cautions("central_purchasing_body", purchase(50_000))

    def test_every_procedure_has_a_caution(self):
        table = default_table()
        named = {procedure for row in table.cautions for procedure in row.procedures}
        assert named == set(table.procedures)


@cache
def shown_texts():
    """Every French text of duties and cautions that a user may read."""
    table = default_table()
    rows = table.duty_rows
    return (
        {duty.label for duty in table.duties.values()}
        | {row.detail for row in rows if row.detail}
        | {reduction.label for row in rows for reduction in row.reductions}
        | {row.text for row in table.cautions}
        | {row.note for row in (*rows, *table.cautions) if row.note}
    )


class TestTexts:
    def test_the_duties_are_those_of_the_contract(self):
        assert set(default_table().duties) == DUTY_IDS
        assert {row.duty for row in default_table().duty_rows} == DUTY_IDS

    def test_what_must_be_written_down(self):
        written = {duty.id for duty in default_table().duties.values() if duty.written}
        assert written == {
            "guard_rails",
            "innovation_justification",
            "written_contract",
            "procurement_report",
            "buyers_agreement",
            "decision_records",
            "data_processing",
        }

    def test_every_text_has_its_english(self):
        raw = files("qmi_rules").joinpath("locale", "en", "LC_MESSAGES", "law_duties.po").read_bytes()
        catalogue = {message.id: message.string for message in read_po(BytesIO(raw), locale="en") if message.id}
        texts = {typed(text): text for text in shown_texts()}
        assert texts.keys() - set(catalogue) == set()
        assert all(catalogue.values())
        assert all(catalogue[text] != text for text in texts)
        say = language("en")
        assert all(say(texts[text]) == typeset(catalogue[text], "en") for text in texts)

    def test_tone_and_typography(self):
        for text in shown_texts():
            assert not re.search(r"\b(il)?léga(l|le|les|ux|lement)\b", text.replace("annonces légales", "")), text
            assert not re.search(r" [;:?!»%€]|« |\d \d{3}\b", text), f"no-break space missing: {text}"
            assert "’" not in text, text

    def test_nothing_from_memory_is_given_as_settled(self):
        for row in (*default_table().duty_rows, *default_table().cautions):
            if "mémoire" in row.source:
                assert row.certainty == "unverified", row.id

    def test_unverified_texts_say_that_they_are_to_be_verified(self):
        for row in default_table().cautions:
            if row.certainty == "unverified":
                assert "à vérifier" in row.text, row.id
