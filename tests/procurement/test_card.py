"""The card of a decision: short, the same in every form, never bolder than the law that is confirmed, and done when nothing is left to ask."""

import json
from datetime import date
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qmi_rules.briefing import brief
from qmi_rules.law import Asking, default_table
from qmi_rules.model import Buyer, Purchase
from qmi_rules.model.commune import Commune
from qmi_rules.model.dossier import Dossier
from qmi_rules.pages import language, to_html
from qmi_rules.procurement import Decision, decide
from qmi_rules.procurement.dialogue.inquiry import answers
from qmi_rules.schema import json_schema

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
            card = decide(bought(value, date(2027, 2, 1), kind)).to_json(detail="answer")
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
        assert card.do[:2] == ("sustainable_specifications", "guard_rails")  # the need first

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
        assert "100 000 € HT (CCP, art. R. 2122-9-1) ou 140 000 € HT (loi n° 2026-403" in plain(
            card.reservations[0].text
        )

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


class TestThingsToDo:
    def test_every_duty_has_a_few_words_for_the_card(self):
        duties = default_table().duties.values()
        assert [duty.id for duty in duties if not 0 < len(duty.short) <= 48] == []
        places = [duty.done for duty in duties if duty.done is not None]
        assert len(set(places)) == len(places) > 20

    def test_are_said_briefly_in_the_order_of_the_table(self):
        answer = decide(bought(120_000, innovative=False)).answer
        places = [default_table().duties[duty].done for duty in answer.do]
        assert len(places) == 5
        assert places == sorted(places)
        (line,) = [line for line in answer.text.splitlines() if line.startswith("À faire")]
        assert len(line) < 240
        assert default_table().duties[answer.do[0]].short in line


class TestAnotherRegime:
    @pytest.mark.parametrize(("instrument", "basis"), [("grant", "loi-2000-321-9-1"), ("concession", "ccp-l1121-1")])
    def test_is_said_in_place_of_every_procedure(self, instrument, basis):
        decision = decide(bought(85_000, instrument=instrument))
        card = decision.answer
        assert (card.competition, card.procedure, card.do, card.next) == ("undetermined", None, (), None)
        assert [one.legal_basis for one in card.because] == [basis]
        assert card.text.startswith("Un autre régime s’applique")
        for option in decision.options:
            assert option.label not in decision.explain("fr")

    def test_is_not_said_of_a_contract(self):
        assert "Un autre régime" not in decide(bought(85_000, instrument="contract")).answer.text


class TestPublicity:
    NOTICES = frozenset({"notice_free", "notice_boamp_or_journal", "notice_ojeu", "notice_boamp_and_ojeu"})

    @pytest.mark.parametrize(
        ("buyer", "value", "notice"),
        [
            ({"kind": "utility"}, 100_000, "notice_boamp_or_journal"),
            ({"kind": "utility"}, 500_000, "notice_boamp_and_ojeu"),
            ({"kind": "utility", "local_authority": False}, 100_000, "notice_free"),
            ({"kind": "utility", "local_authority": False}, 500_000, "notice_ojeu"),
            (None, 100_000, "notice_boamp_or_journal"),
        ],
    )
    def test_is_never_absent_where_there_is_competition(self, buyer, value, notice):
        """What it hangs on may not be known: the notice that goes furthest is named, so that nobody publishes too little."""
        card = decide(bought(value, innovative=False).evolve(buyer=buyer)).answer
        assert card.competition == "required"
        assert self.NOTICES.intersection(card.do) == {notice}


class TestMargin:
    @pytest.mark.parametrize(
        ("value", "facts"),
        [
            (150_000, {"specific_service": True}),  # open whatever the amount
            (
                250_000,
                {"project_management": True, "new_building": False},
            ),  # no contest is ever due for a rehabilitation
        ],
    )
    def test_is_absent_where_one_ground_holds_at_any_amount(self, value, facts):
        card = decide(bought(value, innovative=False, **facts)).answer
        assert card.competition == "required"
        assert card.margin is None
        assert "avant cette limite" not in card.text

    def test_is_there_where_every_ground_has_a_limit(self):
        new_school = bought(250_000, innovative=False, project_management=True, new_building=True)
        assert decide(new_school).answer.margin.distance == 50_000


class TestWhetherAUtilityIsALocalAuthority:
    """It changes the notice and nothing else: the card reserves what it says of it, asks in plain words, and then says no more of it."""

    @pytest.mark.parametrize("value", [100_000, 500_000])
    def test_is_asked_where_the_notice_hangs_on_it(self, value):
        utility = bought(value, innovative=False, supplier_is_jei=False).evolve(buyer={"kind": "utility"})
        card = decide(utility).answer
        assert ("notice", "buyer.local_authority") in {(one.code, one.about) for one in card.reservations}
        assert card.next.fact == "buyer.local_authority"
        assert "régie" in card.next.question
        for told in (True, False):
            answered = decide(utility.evolve(buyer={"kind": "utility", "local_authority": told})).answer
            assert answered.next is None
            assert "notice" not in {one.code for one in answered.reservations}
            assert answered.procedure == card.procedure

    @pytest.mark.parametrize(
        ("value", "buyer"),
        [
            (89_999, {"kind": "utility"}),  # below 90 000 either publishes freely
            (40_000, {"kind": "utility"}),  # nothing is published
            (100_000, {"kind": "utility", "insee_code": "92048"}),  # a commune's code says so
            (100_000, {"kind": "commune"}),
        ],
    )
    def test_is_not_asked_where_it_changes_nothing(self, value, buyer):
        card = decide(bought(value, innovative=False, supplier_is_jei=False).evolve(buyer=buyer)).answer
        assert card.next is None
        assert "notice" not in {one.code for one in card.reservations}


def test_members_of_several_kinds_are_a_reservation():
    members = [{"buyer": {"kind": "commune"}, "part": 100_000}, {"buyer": {"kind": "state"}, "part": 60_000}]
    card = decide(bought(None, innovative=False).evolve(members=members)).answer
    assert card.procedure == "open_procedure"  # 160 000: the State's threshold decides, not that of communes
    assert ("contested", "members") in {(one.code, one.about) for one in card.reservations}
    alike = [{"buyer": {"kind": kind}, "part": 80_000} for kind in ("commune", "region")]
    assert not decide(bought(None, innovative=False).evolve(members=alike)).answer.reservations


def test_who_buys_together_signs_the_agreement_first():
    said = {"title": "x", "launched_on": "2026-05-15", "estimated_value": "100000", "contract_type": "services"}
    said["buyer"] = {"kind": "commune"}
    assert decide({**said, "joint": True}).answer.do[0] == "buyers_agreement"
    assert "buyers_agreement" not in decide({**said, "joint": False}).answer.do
    assert "buyers_agreement" not in decide(said).answer.do
