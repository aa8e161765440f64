"""Format 1 for ever: documents written once are read and written again as they were; and they are small."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from format_1.freeze import kinds
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_converter import purchases as any_purchases

from qmi_rules import (
    Briefing,
    Buyer,
    Decision,
    DocumentError,
    Dossier,
    Lot,
    Purchase,
    brief,
    decide,
    json_schema,
    may_modify,
    read,
    replay,
    timeline,
    to_json,
)
from qmi_rules.doors.operations import SHAPES, shape
from qmi_rules.errors import FAULT_CODES
from qmi_rules.model.contract import ModifiedContract
from qmi_rules.procurement import DutyOwed, LotDecision, Option, Question
from qmi_rules.procurement.modification import Modification
from qmi_rules.schema.fields import document_name, is_result
from small_funding import small_schemes

HERE = Path(__file__).parent
EXAMPLES = HERE.parents[1] / "examples"
FROZEN = sorted((HERE / "format_1").glob("*.json"))
PARTS = {document_name(cls): cls for cls in (Option, LotDecision, DutyOwed, Question)}
KIB = 1024


def class_of(document: dict[str, Any]) -> type:
    """The class of the documents that say this format."""
    name = document["format"].split("/")[1]
    for other in SHAPES:
        if document_name(shape(other)) == name:
            return shape(other)
    return PARTS.get(name) or _others()[name]


def _others() -> dict[str, type]:
    from qmi_rules.budget_calendar import BudgetYear
    from qmi_rules.scoring import ComparedSolutions

    return {document_name(cls): cls for cls in (BudgetYear, ComparedSolutions)}


@pytest.mark.parametrize("file", FROZEN, ids=lambda file: file.stem)
def test_a_document_of_format_1_is_read_and_written_again_as_it_was(file):
    document = json.loads(file.read_text("utf-8"))
    assert document["format"].endswith("/1")
    cls = class_of(document)
    found = read(document, cls)
    assert isinstance(found, cls)
    assert json.loads(found.to_json()) == document
    assert found.to_dict("en" if document["lang"] == "fr" else "fr") == document  # what was told stays as it was
    assert found.explain("fr")
    assert found.explain("en")
    assert "<" in found._repr_html_()
    assert found == read(json.dumps(document), cls)


@pytest.mark.parametrize("file", FROZEN, ids=lambda file: file.stem)
def test_a_document_of_format_1_is_as_the_schema_of_today_says(file):
    jsonschema = pytest.importorskip("jsonschema")
    document = json.loads(file.read_text("utf-8"))
    errors = jsonschema.Draft202012Validator(json_schema(class_of(document))).iter_errors(document)
    assert [f"{error.json_path}: {error.message}" for error in errors] == []


@pytest.mark.parametrize("file", FROZEN, ids=lambda file: file.stem)
def test_a_newer_minor_version_is_read_and_a_newer_major_one_refused(file):
    document = json.loads(file.read_text("utf-8"))
    cls = class_of(document)
    later = document | {"format": document["format"] + ".9", "of_a_later_version": {"x": [1]}}
    assert read(later, cls).to_dict() == later
    with pytest.raises(DocumentError) as caught:
        read(document | {"format": document["format"][:-1] + "2"}, cls)
    assert [problem.code for problem in caught.value.problems] == ["newer_format"]
    assert "newer_format" in FAULT_CODES


def test_there_is_one_of_every_kind():
    names = {json.loads(file.read_text("utf-8"))["format"].split("/")[1] for file in FROZEN}
    results = {document_name(shape(name)) for name in SHAPES if is_result(shape(name))}
    assert results - names == set()


def test_a_stored_decision_of_a_communes_own_table_answers_as_it_did():
    found = read(HERE / "format_1" / "decision-local.json", Decision)
    assert found["direct_award"].status == "open"
    assert {"three_quotes", "internal_approval"} <= {duty.id for duty in found["direct_award"].duties}
    assert found["direct_award"].legal_basis[0].article
    assert found.answer.procedure == found.lightest == "direct_award"
    assert "règle locale" in found["direct_award"].explain() or found["direct_award"].local
    assert replay(found).edition_then == found.table_edition


@pytest.mark.parametrize(("name", "words"), [
    ("decision-local", ("Ouvert à l’acheteur", "Fermé", "Demander trois devis", "le caractère innovant", "Le document garde la réponse")),
    ("decision-lots", ("Open to the buyer", "Closed", "Put the contract in writing", "The document keeps the answer")),
])  # fmt: skip
def test_a_stored_decision_explains_itself_in_its_language_and_says_what_it_does_not_carry(name, words):
    found = read(HERE / "format_1" / f"{name}.json", Decision)
    page = found.explain("fr")
    assert found.explain("en") == page  # what was told stays as it was, so its page is in one language
    for word in words:
        assert word in page
    for raw in ("undetermined", "Arrangements", "Warnings"):
        assert raw not in page


@pytest.mark.parametrize(("lang", "words"), [
    ("fr", ("Modifier un marché en cours", "Clause de réexamen — indéterminée — selon une clause de réexamen", "il reste 999,49 €", "Le document garde la réponse")),
    ("en", ("Modifying a running contract", "Review clause — undetermined — depending on a review clause", "€999.49 left", "The document keeps the answer")),
])  # fmt: skip
def test_a_stored_modification_explains_itself_in_its_language_and_says_what_it_does_not_carry(lang, words):
    change = read(EXAMPLES / "avenant-nettoyage.json", ModifiedContract)
    found = read(may_modify(change.contract, change.change).to_json(lang=lang), Modification)
    page = " ".join(found.explain("fr").split())
    assert page == " ".join(found.explain("en").split())  # what was told stays as it was
    for word in words:
        assert word in page.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")
    assert "(open)" not in page  # the words of the page of any document


def test_a_stored_briefing_has_the_pages_of_its_rooms():
    page = read(HERE / "format_1" / "briefing.json", Briefing).explain("en")
    for heading in ("Quand", "Qui aide à payer", "Les neuf questions du guide", "Ouvert à l’acheteur"):
        assert f"\n{heading}\n" in page


def asked() -> list[Any]:
    purchase = {"title": "Capteurs", "launched_on": "2024-05-15", "estimated_value": 30_000}
    change = read(EXAMPLES / "avenant-nettoyage.json", ModifiedContract)
    decision = decide(purchase)
    return [decision, decision["direct_award"], timeline(purchase), may_modify(change.contract, change.change)]


def found_beside(fresh: Any, lang: str) -> bool:
    stored = read(fresh.to_dict(lang), type(fresh))
    return bool(stored == fresh) and hash(stored) == hash(fresh) and {fresh: 1}.get(stored) == 1


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_stored_result_is_found_where_the_fresh_one_is(lang):
    assert [found_beside(fresh, lang) for fresh in asked()] == [True] * 4


@pytest.mark.slow
def test_a_stored_result_of_every_kind_is_found_where_the_fresh_one_is():
    assert [name for name, fresh in kinds().items() for lang in ("fr", "en") if not found_beside(fresh, lang)] == []


def test_results_of_other_questions_hash_apart():
    contract = {"launched_on": "2025-03-01", "initial_amount": 100_000}
    changes = [may_modify(contract, {"amount": amount, "on": "2026-05-01"}) for amount in (3, 4, 5)]
    briefings = [brief({"purchase": {"title": title, "launched_on": "2026-05-10"}}) for title in "abc"]
    assert len({hash(one) for one in (*changes, *briefings)}) == 6


def test_replay_says_what_differs_from_today():
    document = decide({"title": "Capteurs", "launched_on": "2024-05-15", "estimated_value": 30_000}).to_dict()
    again = replay(document)
    assert (again.same, again.differences, again.edition_then, again.edition_now) == (
        True, (), document["table_edition"], document["table_edition"],
    )  # fmt: skip
    other = replay(document | {"lightest": "books", "table_edition": "1999-01-01"})
    assert not other.same
    assert [difference.path for difference in other.differences] == ["lightest"]
    assert other.edition_then == "1999-01-01"
    assert {"same", "differences", "edition_then", "edition_now"} <= other.to_dict().keys()


# --- sizes: as printed, compact; 1 kB = 1 024 bytes


def size(text: str) -> int:
    return len(text.encode())


def purchases() -> list[Purchase]:
    found = [
        read(EXAMPLES / f"{name}.json", Purchase) for name in ("pelican-cycles", "floware-ecomesure", "groupement")
    ]
    for value in (None, 30_000, 85_000, 120_000, 250_000, 6_000_000):
        for kind in ("services", "works", "supplies"):
            bought = {"contract_type": kind, "estimated_value": value, "buyer": Buyer(kind="commune")}
            found.append(Purchase(title="Capteurs de qualité de l'air", launched_on=date(2026, 5, 15), **bought))
            found.append(found[-1].evolve(innovative=True, launched_on=date(2026, 12, 15)))
    return found


@pytest.mark.parametrize("purchase", purchases(), ids=lambda one: f"{one.contract_type}-{one.value}-{one.innovative}")
def test_a_decision_without_lots_has_at_most_25_kb_and_its_card_3(purchase):
    for lang in ("fr", "en"):
        assert size(decide(purchase).to_json(lang=lang)) <= 25 * KIB
        assert size(decide(purchase).to_json(lang=lang, detail="answer")) <= 3 * KIB


def told_of_everything(**others: Any) -> Purchase:
    """A purchase of which very much is told, nearly all of it no."""
    facts = (
        "supplier_is_jei prototype research_and_development specifications_imprecise no_reasonable_alternative extreme_urgency "
        "buyer_funds_entirely books incompatible_otherwise innovative complex exclusive_supplier unique_artistic_work"
    )
    yes = "failed_tender justified_urgency buyer_owns_results specific_service project_management new_building partial_replacement joint"
    told = dict.fromkeys(facts.split(), False) | dict.fromkeys(yes.split(), True)
    members = [{"buyer": {"kind": "utility"}, "part": 6_000_000}, {"buyer": {"kind": "commune"}, "part": 143_000}]
    bought = {"title": "Capteurs", "launched_on": "2027-06-29", "contract_type": "services", "cpv": "71200000"}
    return read(bought | told | {"members": members} | others, Purchase)


def test_of_a_purchase_of_which_very_much_is_told_the_closed_ways_leave_out_why():
    decision = decide(told_of_everything())
    document = decision.to_dict()
    assert size(decision.to_json()) <= 25 * KIB
    short = [option["procedure"] for option in document["options"] if "grounds" not in option]
    assert {"open_procedure", "competitive_dialogue"} <= set(short)
    assert "direct_award" not in short  # the most formalities first
    for name in short:
        assert decision[name].status == "closed"
        assert decision[name].to_dict()["grounds"]
    assert read(document, Decision).to_dict() == document


def test_a_card_of_which_nothing_is_known_is_within_3_kb_and_says_which_limits_are_contested():
    members = [{"buyer": {"kind": kind}, "part": 44_444.25} for kind in ("commune", "utility", "state")]
    bought = {"title": "Capteurs", "launched_on": "2027-06-29", "joint": True}
    decision = decide(read(bought | {"members": [m | {"part": str(m["part"])} for m in members]}, Purchase))
    for lang in ("fr", "en"):
        told = decision.to_dict(lang, "answer")
        assert size(decision.to_json(lang=lang, detail="answer")) <= 3 * KIB
        assert [one["code"] for one in told["answer"]["reservations"]].count("contested") >= 2


def test_a_card_with_all_that_is_presumed_and_contested_is_within_3_kb():
    bought = {"title": "Achat", "launched_on": "2027-09-15", "estimated_value": "120000", "buyer": {"kind": "utility"}}
    decision = decide(bought)
    for lang in ("fr", "en"):
        assert size(decision.to_json(lang=lang, detail="answer")) <= 3 * KIB


def within_bounds(purchase: Purchase) -> None:
    decision = decide(purchase)
    own = size(to_json(purchase)) - 1_000  # what the buyer wrote comes back as it is
    for lang in ("fr", "en"):
        assert size(decision.to_json(lang=lang)) <= 25 * KIB + max(own, 0)
        assert size(decision.to_json(lang=lang, detail="answer")) <= 3 * KIB


def without_lots(first: int, last: int) -> st.SearchStrategy[Purchase]:
    """Purchases launched in some years."""
    return st.builds(
        lambda purchase, day: purchase.evolve(launched_on=day),
        any_purchases().filter(lambda purchase: not purchase.lots),
        st.dates(date(first, 1, 1), date(last, 12, 31)),
    )


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(without_lots(2004, 2029))
def test_any_purchase_without_lots_is_within_these_bounds(purchase):
    within_bounds(purchase)


@pytest.mark.slow
@pytest.mark.parametrize("year", [*range(2004, 2024, 4), 2026, 2027, 2028])
@settings(max_examples=250, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_two_thousand_purchases_without_lots_are_within_these_bounds(data, year):
    within_bounds(data.draw(without_lots(year, year + 3 if year < 2024 else year)))


def test_a_decision_with_fifty_lots_has_at_most_400_kb():
    lots = [Lot(id=str(i), estimated_value=10_000 + 3_000 * i) for i in range(50)]
    bought = Purchase(title="Lots", launched_on=date(2026, 5, 15), contract_type="services", lots=lots)
    for purchase in (bought, bought.evolve(innovative=True, buyer=Buyer(kind="commune"))):
        assert size(decide(purchase).to_json()) <= 400 * KIB


def test_a_briefing_has_at_most_80_kb():
    briefing = brief(read(EXAMPLES / "dossier-pelican-cycles.json", Dossier), schemes=small_schemes())
    for lang in ("fr", "en"):
        assert size(briefing.to_json(lang=lang)) <= 80 * KIB
    assert size(to_json(briefing, detail="answer")) <= 3 * KIB


def test_an_option_whose_duties_are_not_listed_does_not_say_that_there_are_none():
    decision = decide(read(EXAMPLES / "groupement.json", Purchase))
    told = {option["procedure"]: option for option in decision.to_dict()["options"]}
    assert told["adapted_procedure"]["duties"]
    assert told["adapted_procedure"]["in_full"]
    assert told["direct_award"]["duties"] == []  # closed: nothing to do
    assert decision["open_procedure"].duties
    assert "duties" not in told["open_procedure"]
    assert decision["open_procedure"].to_dict()["duties"]
