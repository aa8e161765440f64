"""What the guide says, fact by fact, and that a guide with a fault does not load."""

import pickle
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import attrs
import pytest

from qmi_rules.errors import DocumentError, TableError
from qmi_rules.funding import default_schemes
from qmi_rules.guide import Edge, Entry, Guide, Room, default_guide, load_guide
from qmi_rules.law import Certainty, default_table
from qmi_rules.model import find_commune
from qmi_rules.schema import from_json, package_data


def test_it_is_loaded_once():
    assert default_guide() is default_guide()


def test_it_travels_as_json_and_pickles(guide: Guide):
    assert from_json(guide.to_json(), Guide) == guide
    assert pickle.loads(pickle.dumps(guide)) == guide


def test_the_tiers_are_those_of_the_figures_that_the_law_is_asked_about(guide: Guide):
    printed = {figure.id: figure for figure in guide.figures}
    assert [(tier.id, printed[tier.id].edge, printed[tier.id].amount) for tier in guide.tiers.items] == [
        ("above_40k", Edge.ABOVE, Decimal(40_000)),
        ("below_40k", Edge.BELOW, Decimal(40_000)),
        ("innovative_below_100k", Edge.BELOW, Decimal(100_000)),
    ]
    assert all(tier.numbers == {"amount": printed[tier.id].amount} for tier in guide.tiers.items)


def test_no_tier_speaks_of_exactly_its_amount(guide: Guide):
    (edge,) = guide.tiers.closing
    assert "40\N{NO-BREAK SPACE}000" in edge
    assert "100\N{NO-BREAK SPACE}000" in edge
    silent = {figure.id: figure.amount for figure in guide.figures if figure.edge is Edge.EXACTLY}
    assert silent.keys().isdisjoint(tier.id for tier in guide.tiers.items)
    assert set(silent.values()) == {40_000, 100_000}


def test_the_six_variants_name_procedures_of_the_table(guide: Guide):
    assert [variant.id for variant in guide.variants.items] == [
        "pooled_purchase",
        "competitive_dialogue",
        "negotiated_procedure",
        "experimental_prototype",
        "innovation_partnership",
        "innovative_purchase",
    ]
    named = {procedure for variant in guide.variants.items for procedure in variant.procedures}
    assert named <= set(default_table().procedures)


def test_the_figures_name_thresholds_of_the_table(guide: Guide):
    assert {name for figure in guide.figures for name in figure.thresholds} <= set(default_table().thresholds)


def test_the_tools_and_the_index_point_to_rubrics_that_exist(guide: Guide):
    rubrics = [*(tool.rubric for tool in guide.qualification_tools.items), guide.replicability.rubric]
    assert len(rubrics) == 4
    for rubric in rubrics:
        assert package_data("rubrics", f"{rubric}.toml").is_file()


def test_the_nine_questions_stand_in_order_with_the_room_that_answers(guide: Guide):
    questions = guide.questions.items
    assert [question.number for question in questions] == list(range(1, 10))
    rooms = {question.id: question.room for question in questions}
    assert rooms["legal_vehicle_identified"] is Room.PROCUREMENT
    assert rooms["innovative_character_checked"] is Room.SCORING
    assert rooms["human_resources_available"] is Room.FUNDING
    assert rooms["internal_sponsors_found"] is Room.NONE


def test_the_three_cases_are_where_the_guide_says(guide: Guide):
    assert {case.id: case.insee_code for case in guide.cases.items} == {
        "pelican_cycles": "92048",
        "purple_alternative_surface": "94033",
        "floware_ecomesure": "93051",
    }
    for case in guide.cases.items:
        commune = find_commune(case.insee_code)
        assert commune is not None
        assert case.details[0].label.startswith(f"{commune.name}, ")


def test_the_programmes_figures_agree_with_each_other(guide: Guide):
    figures = {figure.id: figure.numbers for figure in guide.programme.items}
    projects, mature = figures["communes_projects"]["projects"], figures["commercial_maturity"]
    assert round(100 * mature["solutions"] / projects) == mature["percent"] == 64
    numbers = guide.programme.numbers
    assert (numbers["since"], numbers["communes"], numbers["projects"]) == (2022, 10, 75)
    (partners,) = guide.programme.details
    assert len(partners.text.replace(" et ", ", ").split(", ")) == 5


def test_the_numbers_for_programs_are_those_of_the_words(guide: Guide):
    entries = [entry for part in guide.chapters.values() for entry in part.items if isinstance(entry, Entry)]
    assert sum(len(entry.numbers) for entry in entries) >= 10
    for entry in entries:
        words = " ".join([entry.label, str(entry.text), *(detail.text for detail in entry.details)]).replace(
            "\N{NO-BREAK SPACE}", ""
        )
        in_words = set(map(int, re.findall(r"\d+", words)))
        if entry.id != "innovative_purchase":  # "en dessous du montant du guide": its figure is the tier's
            assert set(entry.numbers.values()) <= in_words, entry.id


def test_a_figure_on_which_sources_disagree_is_shown_as_unverified(guide: Guide):
    figure = next(figure for figure in guide.programme.items if figure.id == "for_local_authorities")
    assert figure.certainty is Certainty.UNVERIFIED
    assert figure.note.startswith("À vérifier")
    assert " ".join(f"{figure.label} – {figure.note}".split()) in " ".join(guide.explain("fr").split())
    with pytest.raises(DocumentError, match="to be verified"):
        attrs.evolve(figure, note=None)


def test_the_funds_are_those_the_guide_prints_by_the_ids_of_the_schemes(guide: Guide):
    commune, company = guide.funds.items
    assert (commune.id, commune.numbers["rate_percent"]) == ("innover_dans_la_ville", 50)
    assert company.id == "innovup_tet"
    assert company.numbers == {"grant_maximum": 500_000, "advance_maximum": 500_000}
    assert {commune.id, company.id} <= set(default_schemes().schemes)


def test_the_contacts_can_be_written_to(guide: Guide):
    assert {contact.id: contact.email for contact in guide.contacts.items} == {
        "mgp": "Inno-num@metropolegrandparis.fr",
        "parisandco": "villedurable@parisandco.com",
    }


def test_three_success_factors_and_four_calendar_points(guide: Guide):
    assert len(guide.success_factors.items) == 3
    assert [point.id for point in guide.calendar_points.items] == [
        "budget_vote",
        "decision_rhythm",
        "incompressible_times",
        "political_times",
    ]


@pytest.mark.parametrize("style", ["text", "markdown", "html"])
def test_the_whole_guide_shows_itself_and_closes_with_its_disclaimer(guide: Guide, style: str):
    shown = " ".join(guide.explain("fr", style).split())
    assert guide.about.disclaimer[-60:] in shown
    assert shown.index(guide.questions.items[8].text[:30]) < shown.index("Avertissement")


# --- one chapter


def test_a_chapter_can_be_shown_alone_with_its_addresses_and_the_disclaimer(guide: Guide):
    shown = guide.chapter("contacts").explain("fr")
    for address in ("Inno-num@metropolegrandparis.fr", "villedurable@parisandco.com", "https://www.parisandco.com"):
        assert address in shown
    assert "Avertissement" in shown
    assert len(shown.splitlines()) < 20


def test_plain_text_shows_every_address_of_the_guide(guide: Guide):
    shown = guide.explain("fr")
    addresses = set(re.findall(r'"(?:link|email)":"([^"]+)"', guide.to_json()))
    assert len(addresses) > 6
    assert {address for address in addresses if address not in shown} == set()


def test_an_unknown_chapter_is_refused_with_those_there_are(guide: Guide):
    with pytest.raises(DocumentError, match="success_factors"):
        guide.chapter("tea")


# --- a guide with a fault


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for file in package_data("guide").iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    return tmp_path


def _replace(file: str, old: str, new: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        text = (folder / file).read_text(encoding="utf-8")
        assert old in text
        (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")

    return change


@pytest.mark.parametrize(
    ("change", "path"),
    [
        (lambda folder: (folder / "cases.toml").unlink(), "cases"),
        (lambda folder: (folder / "more.toml").write_text("[cases]\n"), "cases"),
        (lambda folder: (folder / "more.toml").write_text("[tea]\n"), "tea"),
        (_replace("questions.toml", "number = 2", "number = 3"), "questions.items"),
        (_replace("questions.toml", 'id = "sourcing"', 'id = "sources"'), "questions.items[1]"),
        (_replace("questions.toml", 'id = "direct_purchase"', 'id = "purchase"'), "questions.items[5]"),
        (_replace("questions.toml", 'kind = "choice"', 'kind = "yes_no"'), "questions.items[5].when_yes"),
        (_replace("tiers.toml", "amount = 40_000\nthr", "amount = 40_000.5\nthr"), "figures[0].amount"),
        (_replace("resources.toml", '"https://www.parisandco.com"', '"parisandco"'), "contacts.items[1].link"),
        (_replace("about.toml", 'certainty = "unverified"', 'certainty = "sure"'), "programme.items[1].certainty"),
    ],
)
def test_a_guide_with_a_fault_is_refused_with_its_path(folder: Path, change: Callable[[Path], None], path: str):
    change(folder)
    with pytest.raises(TableError) as caught:
        load_guide(folder)
    assert path in [problem.path for problem in caught.value.problems]


def test_another_guide_may_be_loaded(folder: Path):
    _replace("tiers.toml", "amount = 40_000\nthr", "amount = 60_000\nthr")(folder)
    assert load_guide(folder).figures[0].amount == 60_000
