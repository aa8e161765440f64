"""What the guide says, fact by fact, and that a guide with a fault does not load."""

import pickle
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from qmi_rules.contexts import find_commune
from qmi_rules.documents import from_json, package_data
from qmi_rules.errors import TableError
from qmi_rules.guide import Edge, Guide, Room, default_guide, load_guide
from qmi_rules.law import Certainty, default_table


def test_it_is_loaded_once():
    assert default_guide() is default_guide()


def test_it_travels_as_json_and_pickles(guide: Guide):
    assert from_json(guide.to_json(), Guide) == guide
    assert pickle.loads(pickle.dumps(guide)) == guide


def test_the_tiers_carry_the_guides_own_amounts(guide: Guide):
    assert [(tier.id, tier.edge, tier.amount) for tier in guide.tiers.items] == [
        ("above_40k", Edge.ABOVE, Decimal(40_000)),
        ("below_40k", Edge.BELOW, Decimal(40_000)),
        ("innovative_below_100k", Edge.BELOW, Decimal(100_000)),
    ]


def test_no_tier_speaks_of_exactly_its_amount(guide: Guide):
    assert all(tier.edge is not Edge.EXACTLY for tier in guide.tiers.items)
    assert "40\N{NO-BREAK SPACE}000" in guide.tiers.edge
    assert "100\N{NO-BREAK SPACE}000" in guide.tiers.edge
    assert {figure.amount for figure in guide.figures if figure.edge is Edge.EXACTLY} == {40_000, 100_000}


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
        assert commune.name == case.commune


def test_the_programmes_figures_agree_with_each_other(guide: Guide):
    figures = {figure.id: figure for figure in guide.programme.figures}
    assert len(figures["communes_projects"].communes) == 4
    projects, mature = figures["communes_projects"].count, figures["commercial_maturity"]
    assert round(100 * mature.count / projects) == mature.percent == 64
    assert (guide.programme.since, guide.programme.communes, guide.programme.projects) == (2022, 10, 75)
    assert len(guide.programme.partners) == 5


def test_a_figure_on_which_sources_disagree_is_shown_as_unverified(guide: Guide):
    figure = next(figure for figure in guide.programme.figures if figure.id == "for_local_authorities")
    assert figure.certainty is Certainty.UNVERIFIED
    assert " ".join(f"{figure.text} (à vérifier)".split()) in " ".join(guide.explain("fr").split())


def test_the_funds_are_those_the_guide_prints(guide: Guide):
    commune, company = guide.funds.items
    assert (commune.id, commune.actor, commune.rate_percent) == ("innover_dans_la_ville", "commune", 50)
    assert (company.id, company.actor) == ("innovup_tet", "company")
    assert company.grant_maximum == company.advance_maximum == 500_000


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
        (_replace("tiers.toml", "amount = 40_000", "amount = 40_000.0"), "tiers.items[0].amount"),
        (_replace("resources.toml", '"https://www.parisandco.com"', '"parisandco"'), "contacts.items[1].site"),
        (_replace("about.toml", 'certainty = "unverified"', 'certainty = "sure"'), "programme.figures[1].certainty"),
    ],
)
def test_a_guide_with_a_fault_is_refused_with_its_path(folder: Path, change: Callable[[Path], None], path: str):
    change(folder)
    with pytest.raises(TableError) as caught:
        load_guide(folder)
    assert path in [problem.path for problem in caught.value.problems]


def test_another_guide_may_be_loaded(folder: Path):
    _replace("tiers.toml", "amount = 40_000", "amount = 60_000")(folder)
    assert load_guide(folder).tiers.items[0].amount == 60_000
