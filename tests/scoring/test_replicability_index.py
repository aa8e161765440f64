"""The replicability index: the guide's five axes and labels, a profile first, an interval where something is unknown."""

import json
import pickle

import pytest

from qmi_rules.errors import DocumentError
from qmi_rules.scoring import rubrics, score

FULL = {
    "experiment_deployed": 3,
    "operational_ease": 2,
    "commercial_traction": 1,
    "financial_stability": 0,
    "industrialisation_potential": 2,
}

GUIDE = {
    "experiment_deployed": (
        "✅",
        "Expérimentation déployée",
        ["Pas du tout", "Terrain validé", "Test lancé", "Test réussi"],
    ),
    "operational_ease": (
        "⚙️",
        "Facilité opérationnelle",
        [
            "Ingénierie très lourde et ressources indisponibles",
            "Ingénierie difficile",
            "Facilité opérationnelle",
            "Grande facilité opérationnelle et ressources facilement disponibles",
        ],
    ),
    "commercial_traction": ("★", "Traction commerciale", ["Non", "Un peu", "Forte", "Très forte"]),
    "financial_stability": (
        "💰",
        "Stabilité financière",
        [
            "Fragilité financière",
            "Ressources financières présentes",
            "Ressources financières présentes et potentiels de financement",
            "Structure rentable",
        ],
    ),
    "industrialisation_potential": (
        "🏭",
        "Potentiel d'industrialisation",
        ["Pas du tout", "Difficilement", "Oui mais plafond à l'entrée", "Oui"],
    ),
}


def test_the_axes_levels_and_icons_are_those_of_the_guide() -> None:
    found = {c.id: (c.icon, c.label, [step.label for step in c.levels]) for c in rubrics()["replicability"].criteria}
    assert found == GUIDE
    assert list(found) == list(GUIDE)


def test_a_full_profile_has_one_total_and_it_is_labelled_a_convention() -> None:
    card = score("replicability", FULL)
    assert (card.low, card.high, card.maximum, card.missing, card.convention) == (8, 8, 15, (), True)
    assert next((c.id, c.level, c.level_label) for c in card.criteria) == ("experiment_deployed", 3, "Test réussi")
    text = card.explain("fr")
    assert "Total sur les cinq axes (convention)" in text
    assert "8 sur 15" in text
    assert text.index("Expérimentation déployée") < text.index("8 sur 15"), "the profile comes first"


def test_an_unknown_axis_is_an_interval_and_never_a_zero() -> None:
    partial = {axis: level for axis, level in FULL.items() if axis != "operational_ease"}
    card = score("replicability", partial)
    assert (card.low, card.high) == (6, 9)
    assert card.missing == ("operational_ease",)
    assert card["operational_ease"].level is None
    assert "entre 6 et 9 sur 15" in card.explain("fr")
    assert "À établir d’abord\u00a0: «\u00a0Facilité opérationnelle\u00a0»" in card.explain("fr")
    assert score("replicability", FULL | {"operational_ease": 0}) != card


@pytest.mark.parametrize("unknown", [None, "unknown", {"level": None}, {"level": "unknown", "evidence": "à demander"}])
def test_the_ways_to_say_that_an_axis_is_unknown(unknown: object) -> None:
    card = score("replicability", FULL | {"operational_ease": unknown})
    assert card.missing == ("operational_ease",)
    assert (card.low, card.high) == (6, 9)


def test_nothing_known_is_the_widest_interval() -> None:
    card = score("replicability", {})
    assert (card.low, card.high, len(card.missing)) == (0, 15, 5)
    assert card.missing == tuple(GUIDE)


@pytest.mark.parametrize(
    ("answers", "path", "said"),
    [
        ({"commercial_traction": 4}, "commercial_traction.level", "from 0 to 3"),
        ({"commercial_traction": -1}, "commercial_traction.level", "from 0 to 3"),
        ({"commercial_traction": "2"}, "commercial_traction.level", "got '2'"),
        ({"commercial_traction": 2.5}, "commercial_traction.level", "got 2.5"),
        ({"commercial_traction": True}, "commercial_traction.level", "got True"),
        ({"commercial_traction": "yes"}, "commercial_traction.level", "from 0 to 3"),
        ({"commercial_traction": [1]}, "commercial_traction.level", "got"),
        ({"traction": 2}, "traction", "unknown criterion"),
        ({"commercial_traction": {"level": 2, "source": "guide.pdf"}}, "commercial_traction.source", "http"),
        ({"commercial_traction": {"level": 2, "source": "ftp://x.org/a"}}, "commercial_traction.source", "http"),
        ({"commercial_traction": {"level": 2, "on": "2026-02-30"}}, "commercial_traction.on", "date"),
        ({"commercial_traction": {"level": 2, "evidence": " "}}, "commercial_traction.evidence", "text"),
        ({"commercial_traction": {"level": 2, "proof": "x"}}, "commercial_traction.proof", "unknown key"),
    ],
)
def test_a_faulty_answer_is_refused_with_its_path(answers: dict[str, object], path: str, said: str) -> None:
    with pytest.raises(DocumentError) as caught:
        score("replicability", answers)
    assert [problem.path for problem in caught.value.problems] == [path]
    assert said in caught.value.problems[0].message


def test_all_faults_come_at_once() -> None:
    with pytest.raises(DocumentError) as caught:
        score("replicability", {"commercial_traction": 4, "operational_ease": 9, "speed": 1})
    assert {problem.path for problem in caught.value.problems} == {
        "commercial_traction.level",
        "operational_ease.level",
        "speed",
    }


@pytest.mark.parametrize("answers", [[], "x", 3, None])
def test_answers_that_are_no_object_are_refused(answers: object) -> None:
    with pytest.raises(DocumentError, match="expected an object"):
        score("replicability", answers)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["replicabilty", "", "../replicability", 3, None])
def test_an_unknown_rubric_is_refused_and_the_shipped_ones_are_named(name: object) -> None:
    with pytest.raises(DocumentError, match="innovscore"):
        score(name, {})  # type: ignore[arg-type]


def test_evidence_travels_with_the_level() -> None:
    answer = {
        "level": 3,
        "evidence": "Rapport de fin de test",
        "source": "https://example.org/rapport",
        "on": "2026-03-01",
        "document": "Pièce 4",
        "by": "Service propreté",
    }
    scored = score("replicability", {"experiment_deployed": answer})["experiment_deployed"]
    assert (scored.evidence, scored.source, str(scored.on)) == (
        "Rapport de fin de test",
        "https://example.org/rapport",
        "2026-03-01",
    )
    text = score("replicability", {"experiment_deployed": answer}).explain("fr", "markdown")
    for shown in (
        "Rapport de fin de test",
        "Pièce 4",
        "Service propreté",
        "1er mars 2026",
        "https://example.org/rapport",
    ):
        assert shown in text


def test_the_scorecard_has_the_keys_of_the_contract() -> None:
    data = json.loads(score("replicability", {"experiment_deployed": {"level": 3, "evidence": "vu"}}).to_json())
    assert {"rubric", "criteria", "low", "high", "maximum", "missing", "convention"} <= set(data)
    assert {"id", "label", "level", "level_label", "evidence"} <= set(data["criteria"][0])
    assert (data["rubric"], data["low"], data["high"], data["maximum"], data["convention"]) == (
        "replicability",
        3,
        15,
        15,
        True,
    )
    assert data["criteria"][1]["level"] is None


def test_a_scorecard_is_a_frozen_value_that_pickles() -> None:
    card = score("replicability", FULL)
    assert pickle.loads(pickle.dumps(card)) == card
    assert hash(card) == hash(score("replicability", FULL))
    with pytest.raises(AttributeError):
        card.low = 15  # type: ignore[misc]


def test_a_notebook_shows_native_meters_without_any_chart_package() -> None:
    shown = score("replicability", FULL)._repr_html_()
    assert shown.count("<meter ") == 5
    assert '<meter min="0" max="3" value="2"' in shown


def test_what_a_user_writes_is_never_markup() -> None:
    card = score("replicability", {"experiment_deployed": {"level": 1, "evidence": "<script>alert(1)</script>"}})
    assert "<script>" not in card._repr_html_()


def test_english_speaks_english_and_keeps_the_sense() -> None:
    text = score("replicability", {"experiment_deployed": 3}).explain("en")
    assert "Test successful" in text
    assert "between 3 and 15 out of 15" in text
    assert "convention" in text
