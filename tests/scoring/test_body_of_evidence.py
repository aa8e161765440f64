"""The indices of innovation: a body of evidence for, against and open, by series; never a pass mark; the traps named."""

from datetime import date

import pytest

from qmi_rules.errors import DocumentError
from qmi_rules.model import Purchase
from qmi_rules.scoring import Scorecard, link_evidence, rubrics, score
from qmi_rules.scoring.marking import COMPANY_ALONE, UNDATED

DAY = date(2026, 5, 15)
NO_NUMBER = "Aucun nombre de cases cochées"


def series(card: Scorecard, name: str) -> tuple[tuple[str, ...], ...]:
    found = next(item for item in card.series if item.id == name)
    return found.speaks_for, found.speaks_against, found.informs, found.open


def test_answers_are_sorted_by_series_into_for_against_informing_and_open() -> None:
    card = score(
        "innovation_indices", {"exists_on_market": "established", "adaptation_needed": "substantial", "on_sale": True}
    )
    assert series(card, "existence") == (
        ("adaptation_needed",),
        ("exists_on_market",),
        ("on_sale",),
        ("first_sold_on", "own_specification_only"),
    )
    assert series(card, "objectives") == ((), (), (), ("meets_need_better", "expected_effect"))


def test_every_criterion_stands_in_exactly_one_column_of_its_series() -> None:
    card = score("parisandco_indices", {"patented": "yes", "installation": 0, "environmental_impact": 3})
    placed = [
        name for s in card.series for column in (s.speaks_for, s.speaks_against, s.informs, s.open) for name in column
    ]
    assert sorted(placed) == sorted(c.id for c in card.criteria)


def test_there_is_no_total_and_no_pass_mark_however_many_ticks() -> None:
    everything = {
        "exists_on_market": "absent",
        "on_sale": "yes",
        "first_sold_on": "2026-01-01",
        "adaptation_needed": "substantial",
        "meets_need_better": ["cost", "quality", "time", "environment", "social"],
        "expected_effect": ["new_use"],
        "breakthrough_or_incremental": "breakthrough",
        "patented": True,
        "type_of_innovation": "product",
        "innovative_supplier": ["jei", "prize"],
    }
    card = score("innovation_indices", everything, as_of=DAY)
    assert (card.low, card.high, card.maximum, card.convention) == (None, None, None, False)
    assert any(NO_NUMBER in caution for caution in card.cautions)
    assert "note de passage" in card.explain("fr")


def test_no_path_leads_from_a_score_to_innovative() -> None:
    purchase = Purchase(title="Capteurs", launched_on=DAY)
    card = score("innovation_indices", {"exists_on_market": "absent", "patented": True})
    linked = link_evidence(purchase, {card.rubric: card})
    assert linked.innovative is None
    assert linked == purchase.evolve(evidence=linked.evidence), "only the evidence changes"
    assert len(linked.evidence) == 1
    assert "pour\u00a0: 2" in linked.evidence[0]
    assert link_evidence(linked, {card.rubric: card}) == linked, "citing twice cites once"
    assert link_evidence(purchase.evolve(innovative=False), {card.rubric: card}).innovative is False


@pytest.mark.parametrize(
    ("as_of", "bearing"),
    [
        (date(2024, 5, 15), "for"),
        (date(2026, 5, 14), "for"),
        (date(2026, 5, 15), "neutral"),
        (date(2026, 5, 16), "neutral"),
        (date(2023, 1, 1), "for"),
    ],
)
def test_less_than_two_years_on_sale_ends_on_the_second_anniversary(as_of: date, bearing: str) -> None:
    card = score("innovation_indices", {"first_sold_on": "2024-05-15"}, as_of=as_of)
    assert card["first_sold_on"].bearing == bearing
    assert any("25 septembre 2013" in caution for caution in card.cautions)


def test_a_first_sale_on_a_leap_day() -> None:
    def bearing(day: date) -> object:
        return score("innovation_indices", {"first_sold_on": "2024-02-29"}, as_of=day)["first_sold_on"].bearing

    assert (bearing(date(2026, 2, 27)), bearing(date(2026, 2, 28))) == ("for", "neutral")


def test_a_date_with_nothing_to_compare_it_with_stays_open_and_says_so() -> None:
    card = score("innovation_indices", {"first_sold_on": "2024-05-15"})
    assert "first_sold_on" in series(card, "existence")[3]
    assert "first_sold_on" not in card.missing
    assert UNDATED in card.cautions


def test_an_old_product_is_not_an_index_against_it() -> None:
    card = score("innovation_indices", {"first_sold_on": "1999-01-01"}, as_of=DAY)
    assert series(card, "existence")[1] == ()


def test_company_indices_alone_are_named_for_what_they_are() -> None:
    card = score("innovation_indices", {"innovative_supplier": ["prize"]})
    assert COMPANY_ALONE in card.cautions
    assert next(s for s in card.series if s.id == "company").supporting_only
    assert (
        COMPANY_ALONE not in score("innovation_indices", {"innovative_supplier": ["prize"], "patented": True}).cautions
    )
    assert COMPANY_ALONE not in score("innovation_indices", {}).cautions


def test_jei_status_is_no_proof_and_the_dates_of_the_presumption_are_given() -> None:
    with_jei = " ".join(score("innovation_indices", {"innovative_supplier": ["jei"]}).cautions)
    assert "ne prouve pas" in with_jei
    assert "31 décembre 2023 au 2 mai 2025" in with_jei
    assert "JEI" not in " ".join(score("innovation_indices", {"innovative_supplier": ["prize"]}).cautions)


def test_cautions_of_a_series_come_only_when_it_is_answered() -> None:
    word = "appuient ceux de la solution"
    assert not any(word in c for c in score("innovation_indices", {"patented": True}).cautions)
    assert any(word in c for c in score("innovation_indices", {"innovative_supplier": "none"}).cautions)


def test_open_questions_on_the_solution_come_before_those_on_the_company() -> None:
    assert score("innovation_indices", {}).missing[-1] == "innovative_supplier"
    assert score("parisandco_indices", {}).missing[-1] == "innovative_supplier"


def test_several_ticks_that_pull_both_ways_do_not_exist_and_none_stands_alone() -> None:
    with pytest.raises(DocumentError, match="none stands alone"):
        score("innovation_indices", {"meets_need_better": ["cost", "none"]})


@pytest.mark.parametrize("answer", [["cost", "quality"], ["quality", "cost"]])
def test_the_order_of_ticks_is_irrelevant(answer: list[str]) -> None:
    assert score("innovation_indices", {"meets_need_better": answer})["meets_need_better"].level == ("cost", "quality")


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"patented": "maybe"}, "yes, no or unknown"),
        ({"patented": 1}, "yes, no or unknown"),
        ({"exists_on_market": "yes"}, "absent, recent, established"),
        ({"exists_on_market": ["absent"]}, "absent, recent, established"),
        ({"meets_need_better": []}, "one or more"),
        ({"meets_need_better": ["cost", "cost"]}, "each once"),
        ({"meets_need_better": ["price"]}, "one or more"),
        ({"first_sold_on": "2024-02-30"}, "a date"),
        ({"first_sold_on": 2024}, "a date"),
        ({"first_sold_on": "20240215"}, "a date"),
    ],
)
def test_an_answer_of_another_type_is_refused_with_what_was_expected(answers: dict[str, object], expected: str) -> None:
    with pytest.raises(DocumentError) as caught:
        score("innovation_indices", answers)
    assert caught.value.problems[0].path == f"{next(iter(answers))}.level"
    assert expected in caught.value.problems[0].message


@pytest.mark.parametrize(("given", "kept"), [(True, "yes"), ("yes", "yes"), (False, "no"), ("no", "no")])
def test_true_and_yes_are_the_same_answer(given: object, kept: str) -> None:
    assert score("innovation_indices", {"patented": given})["patented"].level == kept


def test_each_question_says_where_it_was_read_and_how_sure_that_is() -> None:
    rubric = rubrics()["innovation_indices"]
    assert all(c.sources and c.certainty for c in rubric.criteria)
    assert {s.url is not None for s in rubric.sources} == {True}
    text = score("innovation_indices", {}).explain("fr")
    assert "ce n’est pas son texte" in text
    assert "confirmé (3) (4)" in " ".join(text.split())
    assert "https://www.innovet.fr/qsm_quiz/" in score("innovation_indices", {}).explain("fr", "markdown")


def test_what_could_not_be_checked_in_the_sources_is_marked_unverified() -> None:
    options = {
        o.id: o.certainty
        for c in rubrics()["innovation_indices"].criteria
        for o in c.options
        if c.id == "innovative_supplier"
    }
    assert {name for name, certainty in options.items() if certainty == "unverified"} == set(options) - {"none"}


def test_the_adapted_version_says_that_it_is_not_the_real_grid() -> None:
    card = score("parisandco_indices", {})
    assert (card.origin, card.certainty) == ("library", "unverified")
    assert "Ceci n’est pas la grille de Paris&Co" in card.explain("fr")
    assert "This is not Paris&Co’s grid" in card.explain("en")
    assert {s.id for s in card.series} == {
        "existence",
        "objectives",
        "type_and_progress",
        "company",
        "impact",
        "implementation",
    }


def test_implementation_never_speaks_for_or_against_the_innovative_character() -> None:
    for level in range(4):
        card = score("parisandco_indices", dict.fromkeys(("installation", "upkeep", "data_and_security"), level))
        assert series(card, "implementation")[:2] == ((), ())


def test_the_criteria_taken_over_keep_their_own_origin_and_certainty() -> None:
    card = score("parisandco_indices", {})
    assert (card["exists_on_market"].origin, card["exists_on_market"].certainty) == (
        "published_descriptions",
        "confirmed",
    )
    assert (card["installation"].origin, card["installation"].certainty) == ("library", "unverified")


def test_innovscore_keeps_a_mark_from_the_official_form() -> None:
    mark = {"level": 72, "on": "2026-03-02", "by": "Service achats", "source": "https://www.galileo.finances.gouv.fr/x"}
    card = score("innovscore", {"mark": mark})
    assert (card.low, card.high, card.maximum, card.convention) == (72, 72, 100, False)
    assert (card["mark"].by, str(card["mark"].on)) == ("Service achats", "2026-03-02")
    assert (score("innovscore", {}).low, score("innovscore", {}).high) == (0, 100)


@pytest.mark.parametrize(
    ("level", "fits"), [(0, True), (100, True), (101, False), (-1, False), ("72", False), (True, False)]
)
def test_an_innovscore_mark_is_a_whole_number_from_0_to_100(level: object, fits: bool) -> None:
    mark = {"level": level, "on": "2026-03-02", "by": "x", "source": "https://example.org"}
    if fits:
        assert score("innovscore", {"mark": mark}).low == level
    else:
        with pytest.raises(DocumentError) as caught:
            score("innovscore", {"mark": mark})
        assert caught.value.problems[0].path == "mark.level"


def test_an_innovscore_mark_without_who_when_and_where_is_refused() -> None:
    with pytest.raises(DocumentError) as caught:
        score("innovscore", {"mark": 72})
    assert [problem.path for problem in caught.value.problems] == ["mark.on", "mark.by", "mark.source"]
