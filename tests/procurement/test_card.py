"""The card of a decision: short, the same in every form, never bolder than the law that is confirmed, and done when nothing is left to ask."""

import json
from datetime import date
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qmi_rules.briefing import brief
from qmi_rules.contexts import Buyer, Purchase
from qmi_rules.contexts.commune import Commune
from qmi_rules.contexts.dossier import Dossier
from qmi_rules.documents import json_schema
from qmi_rules.law import Asking, default_table
from qmi_rules.procurement import Decision, decide
from qmi_rules.procurement.asking.inquiry import answers
from qmi_rules.text import language, to_html

KEYS = [
    "competition",
    "procedure",
    "because",
    "margin",
    "reservations",
    "presuming",
    "safe",
    "ladder",
    "signs",
    "do",
    "next",
    "text",
]
AMOUNTS = [0, 12_000, 39_999, "59999.99", 60_000, 85_000, 120_000, 130_000, 150_000, 216_000, 500_000, 6_000_000]
TRUTHS = (
    "innovative",
    "research_and_development",
    "prototype",
    "extreme_urgency",
    "specific_service",
    "books",
    "exclusive_supplier",
)


@st.composite
def purchases(draw):
    kind = draw(st.sampled_from(["commune", "epci", "state", "utility", None]))
    contract = draw(st.sampled_from(["works", "supplies", "services", None]))
    facts = {name: draw(st.sampled_from([None, None, True, False])) for name in TRUTHS}
    if contract not in (None, "services"):
        facts["specific_service"] = None
    return Purchase(
        title="Achat",
        launched_on=draw(st.dates(date(2004, 1, 1), date(2029, 12, 31))),
        estimated_value=draw(st.sampled_from([None, *AMOUNTS])),
        contract_type=contract,
        buyer=None if kind is None else Buyer(kind=kind),
        **facts,
    )


def bought(value=None, on=date(2026, 5, 15), kind="services", **facts):
    return Purchase(
        title="Achat",
        launched_on=on,
        contract_type=kind,
        estimated_value=value,
        buyer=Buyer(kind="commune"),
        **facts,
    )


def told(card):
    return card.competition, card.procedure, [(r.code, r.about) for r in card.reservations]


def plain(text):
    return " ".join(text.replace("\u202f", " ").replace("\xa0", " ").split())


class TestEveryCard:
    @given(purchases())
    def test_has_at_most_twelve_lines_in_both_languages(self, purchase):
        card = decide(purchase).answer
        for lang in ("fr", "en"):
            assert len(card.explain(lang).splitlines()) <= 12
        assert len(card.because) <= 2
        assert len(card.do) <= 5

    @given(purchases())
    def test_never_dispenses_from_competition_on_unconfirmed_law_alone(self, purchase):
        decision = decide(purchase)
        opened = [o for o in decision.options if o.definition.dispensed and o.status == "open"]
        if decision.answer.competition == "not_required":
            assert any(not option.doubts for option in opened)
        if decision.answer.safe is not None:
            assert decision.answer.safe != decision.answer.procedure
            assert not decision[decision.answer.safe].doubts

    @given(purchases())
    def test_says_nothing_that_the_decision_contradicts(self, purchase):
        decision, card = decide(purchase), decide(purchase).answer
        # what is presumed may settle what the decision leaves open, and nothing else
        if decision.publicity_and_competition == "required":
            assert card.competition == "required"
        if card.competition == "not_required":
            assert decision.publicity_and_competition == "not_required"
        if card.procedure is not None:
            assert decision[card.procedure].status != "closed"

    @given(purchases())
    def test_asks_nothing_only_where_no_answer_to_what_is_asked_changes_it(self, purchase):
        decision = decide(purchase)
        card, law = decision.answer, decision.law
        if card.next is not None:
            return
        simple = ["contract_type", "buyer_kind", "innovative", "estimated_value"]
        facts = [law.facts[name] for name in simple if law.facts[name].of(decision.submission.case) is None]
        slots = {"contract_type": "contract_type", "innovative": "innovative", "estimated_value": "estimated_value"}
        for values in product(*(answers(law, fact) for fact in facts)):
            changes = {}
            for fact, value in zip(facts, values, strict=True):
                if fact.id == "buyer_kind":
                    changes["buyer"] = Buyer(kind=value)
                else:
                    changes[slots[fact.id]] = value
            if purchase.specific_service and changes.get("contract_type", "services") != "services":
                continue
            assert told(decide(purchase.evolve(**changes)).answer) == told(card)

    @given(purchases())
    def test_is_the_same_as_text_as_json_and_as_html(self, purchase):
        decision = decide(purchase)
        card = decision.answer
        document = json.loads(decision.to_json(detail="answer"))["answer"]
        assert list(document) == KEYS
        assert document["text"] == card.text == str(card) == card.explain().rstrip("\n")
        page = to_html(card.page(language("fr")))
        assert plain(_bare(page)) == plain(card.text)
        assert card.explain("fr", "html") == page

    def test_is_in_the_schema_key_by_key(self):
        schema = json_schema(Decision)
        assert list(schema["$defs"]["Answer"]["properties"]) == KEYS

    def test_is_at_most_three_kilobytes(self):
        for value, kind in product([None, *AMOUNTS], ["works", "supplies", "services"]):
            card = decide(bought(value, date(2027, 2, 1), kind)).to_json(None, detail="answer")
            assert len(card.encode()) <= 3 * 1024, (value, kind, len(card.encode()))


def _bare(html):
    from html import unescape
    from re import sub

    return unescape(sub(r"<[^>]+>", "", sub(r"</(p|li)>", " ", html)))


class TestWhatItSays:
    def test_an_ordinary_purchase_is_settled_without_a_question(self):
        card = decide(bought(12_000, kind="supplies")).answer
        assert (card.competition, card.procedure, card.next) == ("not_required", "direct_award", None)
        assert card.margin.limit - card.margin.distance == 12_000
        assert card.because[0].legal_basis == "ccp-r2122-8"
        assert card.do[0] == "guard_rails"

    def test_a_rare_way_never_hides_the_ordinary_answer(self):
        decision = decide(bought(150_000, innovative=False))
        assert decision.publicity_and_competition == "undetermined"  # the decision presumes nothing
        card = decision.answer
        assert (card.competition, card.procedure) == ("required", "adapted_procedure")
        assert "research_and_development" in card.presuming
        assert "cas particuliers" in card.text

    def test_a_rare_way_that_the_buyer_wants_is_asked_about(self):
        card = decide(bought(150_000, innovative=False, research_and_development=True)).answer
        assert card.next.fact in ("buyer_owns_results", "buyer_funds_entirely")
        assert "research_and_development" not in card.presuming

    def test_the_fact_that_settles_most_is_asked_next(self):
        sensors = Purchase(
            title="Capteurs", estimated_value=85_000, contract_type="services", launched_on=date(2026, 5, 15)
        )
        card = decide(sensors).answer
        assert card.next.fact == "innovative"
        assert plain(card.next.why) == "Selon la réponse : Achat public innovant ou Procédure adaptée."
        assert decide(sensors.evolve(innovative=True)).answer.next is None

    def test_without_an_amount_the_ladder_is_the_answer(self):
        card = decide(bought()).answer
        assert [(rung.from_, rung.below, rung.procedure, rung.if_) for rung in card.ladder] == [
            (Decimal(0), Decimal(60_000), "direct_award", None),
            (Decimal(60_000), Decimal(100_000), "innovative_purchase", "innovative"),
            (Decimal(60_000), Decimal(216_000), "adapted_procedure", None),
            (Decimal(216_000), None, "open_procedure", None),
        ]
        assert card.next.fact == "estimated_value"
        assert (card.do, card.margin, card.because) == ((), None, ())

    def test_the_ladder_says_of_each_amount_what_a_decision_says(self):
        for kind in ("works", "supplies", "services"):
            for rung in decide(bought(kind=kind)).answer.ladder:
                facts = {} if rung.if_ is None else {rung.if_: True}
                ends = [rung.from_, *([rung.below - Decimal("0.01")] if rung.below else [])]
                for amount in ends:
                    card = decide(bought(amount, kind=kind, **facts)).answer
                    assert (card.safe or card.procedure) == rung.procedure

    def test_a_contested_limit_is_a_reservation_with_its_readings(self):
        card = decide(bought(120_000, date(2026, 9, 1), innovative=True)).answer
        assert (card.competition, card.procedure) == ("undetermined", "adapted_procedure")
        assert [r.code for r in card.reservations] == ["contested"]
        assert "100 000 € HT (CCP, art. R2122-9-1) ou 140 000 € HT (loi n° 2026-403" in plain(card.reservations[0].text)

    def test_a_launch_after_the_last_review_is_never_green(self):
        reviewed = default_table().reviewed_on
        assert decide(bought(12_000, reviewed)).answer.reservations == ()
        late = decide(bought(12_000, date(2027, 2, 1))).answer
        assert [r.code for r in late.reservations] == ["beyond_review"]
        assert "warning" in late.explain("fr", "html")

    @pytest.mark.parametrize(
        ("limit", "who"), [(90_000, "mayor_by_delegation"), (85_000, "mayor_by_delegation"), ("84999.99", "council")]
    )
    def test_the_commune_s_own_delegation_says_who_signs(self, limit, who):
        commune = Commune(budget_vote="spring", delegation_limit=limit)
        briefing = brief(Dossier(purchase=bought(85_000), commune=commune))
        assert briefing.answer.signs.who == who
        assert briefing.decision.answer.signs.who == "look_up"

    def test_every_fact_says_when_it_is_asked(self):
        facts = default_table().facts
        assert facts["innovative"].ask is Asking.WHEN_IT_HELPS
        assert facts["contract_type"].ask is Asking.ALWAYS
        assert {facts[name].ask for name in ("research_and_development", "prototype", "complex")} == {Asking.ON_REQUEST}
        # what the table presumes is a particular case, and none of them is asked of everybody
        assert all(fact.ask is Asking.ON_REQUEST for fact in facts.values() if fact.presumed)
