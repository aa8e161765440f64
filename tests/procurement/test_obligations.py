"""Duties and cautions as an option carries them, at each boundary, and the list of what must be written."""

import json
from datetime import date
from decimal import Decimal

import pytest

from qmi_rules.catalogues import printed
from qmi_rules.errors import DocumentError
from qmi_rules.law import default_table
from qmi_rules.model import Buyer, Purchase
from qmi_rules.pages import language
from qmi_rules.procurement import Decision, decide
from qmi_rules.schema import json_schema

CENT = Decimal("0.01")
AUTUMN = date(2026, 11, 24)


def purchase(value, kind="commune", contract_type="services", on=AUTUMN, local_authority=None, **facts):
    buyer = None if kind is None else Buyer(kind=kind, local_authority=local_authority)
    return Purchase(
        title="Capteurs", estimated_value=value, contract_type=contract_type, launched_on=on, buyer=buyer, **facts
    )


def option(procedure, *said, **facts):
    return decide(purchase(*said, **facts))[procedure]


def duties(procedure, *said, **facts):
    return {
        duty.id: duty for duty in option(procedure, *said, **facts).duties if not duty.missing and not duty.unsettled
    }


def appears(duty, procedure, at, **facts):
    """Whether an open option carries a duty a cent below an amount, and at it."""
    return tuple(duty in duties(procedure, value, **facts) for value in (Decimal(at) - CENT, Decimal(at)))


class TestAmounts:
    @pytest.mark.parametrize(
        ("duty", "procedure", "at", "facts"),
        [
            ("written_contract", "direct_award", 25_000, {}),
            ("essential_data_yearly_list", "direct_award", 25_000, {}),
            ("essential_data", "direct_award", 40_000, {}),
            ("essential_data", "innovative_purchase", 40_000, {"innovative": True}),
            ("documents_on_buyer_profile", "adapted_procedure", 60_000, {}),
            ("documents_on_buyer_profile", "adapted_procedure", 40_000, {"on": date(2026, 3, 31)}),
            ("notice_boamp_or_journal", "adapted_procedure", 90_000, {}),
            ("notice_boamp_or_journal", "adapted_procedure", 90_000, {"kind": "state"}),
            ("award_notice", "open_procedure", 216_000, {}),
            ("award_notice", "open_procedure", 140_000, {"kind": "state"}),
            ("award_notice", "open_procedure", 432_000, {"kind": "utility"}),
            ("award_notice", "open_procedure", 5_404_000, {"contract_type": "works"}),
            ("award_notice", "open_procedure", 221_000, {"on": date(2025, 12, 31)}),
            ("procurement_report", "open_procedure", 216_000, {}),
            ("tender_committee", "open_procedure", 216_000, {}),
            ("prefect_transmission", "adapted_procedure", 216_000, {"contract_type": "works"}),
            ("social_considerations", "open_procedure", 216_000, {}),
        ],
    )  # fmt: skip
    def test_a_duty_begins_at_its_amount(self, duty, procedure, at, facts):
        assert appears(duty, procedure, at, **facts) == (False, True)

    def test_a_free_notice_ends_where_the_official_one_begins(self):
        assert appears("notice_free", "adapted_procedure", 90_000) == (True, False)
        said = {"kind": "utility", "local_authority": False}
        assert appears("notice_free", "adapted_procedure", 90_000, **said) == (True, True)
        of_a_commune = said | {"local_authority": True}
        assert appears("notice_free", "adapted_procedure", 90_000, **of_a_commune) == (True, False)
        assert appears("notice_boamp_or_journal", "adapted_procedure", 90_000, **of_a_commune) == (False, True)

    def test_the_advance_begins_above_50_000_and_two_months(self):
        said = {"duration_months": 3}
        assert "mandatory_advance" not in duties("adapted_procedure", 50_000, **said)
        assert "mandatory_advance" in duties("adapted_procedure", "50000.01", **said)
        (unsettled,) = [d for d in option("adapted_procedure", "50000.01").duties if d.id == "mandatory_advance"]
        assert unsettled.missing == ("duration_months",)


class TestBuyers:
    @pytest.mark.parametrize(
        ("kind", "local", "notice"),
        [
            ("commune", None, "notice_boamp_and_ojeu"),
            ("state", None, "notice_boamp_and_ojeu"),
            ("utility", False, "notice_ojeu"),
            ("utility", True, "notice_boamp_and_ojeu"),
        ],
    )
    def test_a_formal_procedure_has_the_channels_of_its_buyer(self, kind, local, notice):
        found = set(duties("open_procedure", 500_000, kind=kind, local_authority=local))
        assert found & {"notice_free", "notice_boamp_or_journal", "notice_boamp_and_ojeu", "notice_ojeu"} == {notice}

    def test_only_local_buyers_transmit_to_the_prefect_and_have_a_committee(self):
        local = {"prefect_transmission", "tender_committee"}
        for said in ({"kind": "state"}, {"kind": "utility", "local_authority": False}):
            assert not set(duties("open_procedure", 500_000, **said)) & local
        assert local < set(duties("open_procedure", 500_000, kind="utility", local_authority=True))

    def test_an_unknown_buyer_leaves_a_duty_open_and_says_on_what_it_hangs(self):
        found = {duty.id: duty for duty in option("open_procedure", 500_000, kind=None).duties}
        assert found["notice_boamp_and_ojeu"].missing == ("buyer.kind",)
        assert found["notice_ojeu"].missing == ("buyer.kind", "buyer.local_authority")
        assert found["written_contract"].missing == ()

    def test_an_unknown_buyer_is_told_the_long_time_limit(self):
        found = {duty.id: duty for duty in option("restricted_procedure", 500_000, kind=None).duties}
        assert found["time_limit_candidatures"].days == 30, "neither the urgent nor the utilities' length"
        assert found["time_limit_candidatures"].missing == ("buyer.kind",)


class TestDatesOf2026:
    @pytest.mark.parametrize(
        ("duty", "procedure", "value", "first"),
        [
            ("environmental_considerations", "direct_award", 20_000, date(2026, 8, 22)),
            ("environmental_considerations", "adapted_procedure", 70_000, date(2026, 8, 21)),
            ("social_considerations", "open_procedure", 216_000, date(2026, 8, 22)),
        ],
    )
    def test_a_duty_begins_on_its_day(self, duty, procedure, value, first):
        assert duty not in duties(procedure, value, on=first - (date(2026, 1, 2) - date(2026, 1, 1)))
        assert duty in duties(procedure, value, on=first)

    def test_documents_on_the_profile_from_40_000_then_from_60_000(self):
        assert "documents_on_buyer_profile" in duties("adapted_procedure", 50_000, on=date(2026, 3, 31))
        assert "documents_on_buyer_profile" not in duties("adapted_procedure", 50_000, on=date(2026, 4, 1))


class TestTimeLimits:
    def days(self, duty, procedure, **facts):
        return duties(procedure, 300_000, **facts)[duty].days

    def test_are_the_minimum_and_shorter_when_urgency_is_justified(self):
        assert self.days("time_limit_tenders", "open_procedure") == 30
        assert self.days("time_limit_tenders", "open_procedure", justified_urgency=True) == 15
        assert self.days("time_limit_candidatures", "restricted_procedure") == 30
        assert self.days("time_limit_candidatures", "restricted_procedure", justified_urgency=True) == 15
        assert self.days("time_limit_candidatures", "restricted_procedure", kind="utility") == 15
        assert self.days("standstill", "open_procedure") == 11

    def test_come_with_their_reductions_and_articles(self):
        document = duties("open_procedure", 300_000)["time_limit_tenders"].to_dict()
        assert document["days"] == 30
        assert {"days": 15, "label": "en cas d’urgence justifiée", "legal_basis": "ccp-r2161-3"} in document[
            "reductions"
        ]
        assert document["legal_basis"] == ["ccp-r2161-3"]

    def test_of_an_adapted_procedure_have_no_number(self):
        assert self.days("time_limit_tenders", "adapted_procedure", specific_service=True) is None
        assert "days" not in duties("adapted_procedure", 70_000)["time_limit_tenders"].to_dict()


def test_a_duty_that_waits_for_the_value_names_that_of_the_need_where_there_are_no_lots():
    waiting = next(d for d in option("open_procedure", None).duties if d.missing == ("estimated_value",))
    assert "selon la valeur estimée du besoin" in waiting.explain("fr")


class TestCautions:
    @pytest.mark.parametrize(
        ("procedure", "words", "facts"),
        [
            ("direct_award", "revenir chaque fois au même", {"value": 30_000}),
            ("exclusive_rights", "Un brevet", {"value": 300_000, "exclusive_supplier": True, "no_reasonable_alternative": True}),
            ("experimental_prototype", "en série", {"value": 300_000, "prototype": True, "contract_type": "supplies"}),
            ("innovative_purchase", "ne prouve plus l'innovation", {"value": 30_000, "innovative": True, "supplier_is_jei": True}),
            ("extreme_urgency", "retard de l'acheteur", {"value": 300_000, "extreme_urgency": True}),
            ("no_tender_received", "inappropriées", {"value": 300_000, "no_tender_received": True, "conditions_unchanged": True}),
            ("innovation_partnership", "produit qui existe", {"value": 300_000, "innovative": True, "research_and_development": True, "available_on_market": False}),
            ("open_procedure", "ne se négocie pas", {"value": 300_000}),
        ],
    )  # fmt: skip
    def test_is_tied_to_its_option(self, procedure, words, facts):
        decision = decide(purchase(**facts))
        assert decision[procedure].status == "open"
        assert any(words in caution.text for caution in decision[procedure].cautions)
        others = [o for o in decision.options if o.procedure != procedure and o.procedure != "restricted_procedure"]
        assert not any(words in caution.text for o in others for caution in o.cautions)

    def test_jei_is_no_proof_since_the_third_of_may_2025(self):
        said = {"innovative": True, "supplier_is_jei": True}
        day = [
            option("innovative_purchase", 30_000, on=on, **said).cautions for on in (date(2025, 5, 2), date(2025, 5, 3))
        ]
        assert [any("ne prouve plus" in caution.text for caution in cautions) for cautions in day] == [False, True]
        assert not any(
            "jeune" in c.text
            for c in option("innovative_purchase", 30_000, innovative=True, supplier_is_jei=False).cautions
        )

    def test_a_closed_option_has_neither_cautions_nor_duties(self):
        closed = option("direct_award", 300_000)
        assert (closed.status, closed.duties, closed.cautions) == ("closed", (), ())


class TestExplanation:
    DECISION = decide(purchase(300_000, innovative=True, duration_months=24))

    @pytest.mark.parametrize("code", ["fr", "en"])
    def test_names_every_duty_of_the_lightest_way_with_its_article_and_the_others_in_a_line_each(self, code):
        page = " ".join(self.DECISION.explain(code).split())
        say = language(code)
        lightest = self.DECISION[self.DECISION.lightest]
        for duty in lightest.duties:
            assert " ".join(say(duty.label).split()) in page
            assert printed(duty.legal_basis.article).replace("\N{NO-BREAK SPACE}", " ") in page
        # those of the other ways are asked for with --procedure
        arrangements = [o for o in self.DECISION.arrangements if o.status == "open"]
        assert page.count("[ ]") == len(lightest.duties) + sum(len(o.duties) for o in arrangements)
        assert page.count(" ".join(say("Conclure le marché par écrit").split())) == 1
        assert all(" ".join(say(o.label).split()) in page for o in self.DECISION.options)

    def test_an_option_alone_says_all_that_it_obliges_to(self):
        page = self.DECISION["restricted_procedure"].explain("fr")
        assert page.count("[ ]") == len(self.DECISION["restricted_procedure"].duties)

    def test_a_duty_explains_itself(self):
        duty = self.DECISION["open_procedure"].duties[0]
        assert "R.\u00a02112-1" in duty.explain("fr")
        assert duty.explain("en") != duty.explain("fr")
        assert json.loads(duty.to_json())["duty"] == duty.id

    def test_the_document_carries_them_as_the_contract_says(self):
        document = json.loads(self.DECISION.to_json())
        found = next(o for o in document["options"] if o["procedure"] == "open_procedure")
        assert found["duties"]
        for duty in (document["duties"][name] for name in found["duties"]):
            assert {"duty", "label", "detail", "legal_basis", "missing"} <= set(duty)
            (basis,) = duty["legal_basis"]
            version = default_table().sources[basis].version_on(self.DECISION.purchase.launched_on)
            dated = {} if version is None else {"version_from": version.effective_from.isoformat()}
            assert {"text", "article", "url"} | set(dated) == set(document["sources"][basis])
            assert dated.items() <= document["sources"][basis].items()
        assert isinstance(found["cautions"], list)
        schema = json.dumps(json_schema(Decision))
        for key in ("duties", "cautions", "arrangements", "lots", "valuation", "days", "local"):
            assert f'"{key}"' in schema


class TestWrittenList:
    def ids(self, procedure, *said, **facts):
        return {duty.id for duty in decide(purchase(*said, **facts)).written(procedure).duties}

    def test_is_what_must_be_written(self):
        assert self.ids("direct_award", "24999.99") == {"guard_rails"}
        assert self.ids("direct_award", 25_000) == {"guard_rails", "written_contract"}
        innovative = self.ids("innovative_purchase", 30_000, innovative=True)
        assert innovative == {"guard_rails", "innovation_justification", "written_contract"}
        assert self.ids("open_procedure", 216_000) == {"written_contract", "procurement_report"}

    @pytest.mark.parametrize(
        ("code", "title"), [("fr", "À écrire et à garder : Capteurs"), ("en", "To be written and kept: Capteurs")]
    )
    def test_can_be_printed(self, code, title):
        written = decide(purchase(30_000, innovative=True)).written("innovative_purchase")
        page = " ".join(written.explain(code).split())
        assert title in page
        assert page.count("[ ]") == 3
        assert "<li" in written.explain(code, "html")
        document = json.loads(written.to_json())
        assert [document["duties"][name]["duty"] for name in document["owed"]] == [duty.id for duty in written.duties]

    def test_of_nothing_says_so(self):
        assert "rien de plus" in decide(purchase(300_000)).written("rd_services_exclusion").explain("fr")

    def test_of_an_unknown_procedure_lists_those_there_are(self):
        with pytest.raises(KeyError, match="direct_award"):
            decide(purchase(300_000)).written("auction")


def test_a_fact_of_the_wrong_kind_is_refused_with_its_path():
    with pytest.raises(DocumentError, match="innovative"):
        purchase(1, innovative="yes")
