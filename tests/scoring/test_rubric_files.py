"""Rubrics as TOML files: one's own, the real grid in place of the shipped version, and what does not load."""

import string
from pathlib import Path

import pytest

from qmi_rules.errors import DocumentError, TableError, UnknownReferenceError
from qmi_rules.scoring import load_rubric, rubrics, score, score_solution

HEAD = """
id = "{id}"
title = "Grille"
owner = "Nous"
origin = "library"
certainty = "confirmed"
notice = "Grille de la commune."
"""
LEVELS = 'levels = [{ level = 0, label = "non" }, { level = 1, label = "un peu" }, { level = 2, label = "oui" }]\n'
ONE = string.Template('\n[[criteria]]\nid = "$id"\nlabel = "$id"\nkind = "levels"\n' + LEVELS)
TOTAL = '\n[total]\nconvention = true\nlabel = "Total"\n'


def write(folder: Path, text: str, id: str = "own", top: str = "") -> Path:
    path = folder / "grille.toml"
    path.write_text(HEAD.format(id=id) + top + text, encoding="utf-8")
    return path


def faults(path: Path) -> dict[str, str]:
    with pytest.raises(TableError) as caught:
        load_rubric(path)
    assert caught.value.where == str(path)
    return {problem.path: problem.message for problem in caught.value.problems}


def test_an_integrator_adds_a_rubric_by_a_file(tmp_path: Path) -> None:
    path = write(tmp_path, TOTAL + ONE.substitute(id="a") + ONE.substitute(id="b"))
    card = score(path, {"a": 2})
    assert (card.rubric, card.low, card.high, card.maximum) == ("own", 2, 4, 4)
    assert score(str(path), {"a": 2}) == card
    assert set(rubrics(path)) == {*rubrics(), "own"}
    assert score_solution({"own": {"a": 2}, "replicability": {}}, path)["own"] == card  # type: ignore[dict-item]


def test_the_real_grid_takes_the_place_of_the_shipped_version(tmp_path: Path) -> None:
    path = write(tmp_path, ONE.substitute(id="real"), id="parisandco_indices")
    assert [c.id for c in rubrics(path)["parisandco_indices"].criteria] == ["real"]
    assert score_solution({"parisandco_indices": {"real": 1}}, path)["parisandco_indices"]["real"].level == 1  # type: ignore[dict-item]
    assert len(rubrics()["parisandco_indices"].criteria) > 1, "the shipped one is not touched"


def test_a_file_may_extend_a_shipped_rubric(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        ONE.substitute(id="mine").replace("kind", 'series = "company"\nkind'),
        top='extends = "innovation_indices"\n',
    )
    ids = [c.id for c in load_rubric(path).criteria]
    assert ids[-1] == "mine"
    assert ids[:-1] == [c.id for c in rubrics()["innovation_indices"].criteria]


def test_an_answer_without_evidence_can_be_required_to_count_as_unknown(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        TOTAL + ONE.substitute(id="a") + ONE.substitute(id="b") + ONE.substitute(id="c"),
        top='evidence = "required"\n',
    )
    card = score(path, {"a": 2, "b": {"level": 1, "document": "Pièce 2"}, "c": {"level": 2, "on": "2026-01-01"}})
    assert (card.low, card.high) == (1, 5)
    assert card.unsupported == ("a", "c")
    assert card.missing == ("a", "c")
    assert card["a"].level is None
    assert "sans preuve" in card.explain("fr")


@pytest.mark.parametrize("how", ["evidence", "source", "document"])
def test_each_kind_of_support_counts(tmp_path: Path, how: str) -> None:
    path = write(tmp_path, TOTAL + ONE.substitute(id="a"), top='evidence = "required"\n')
    value = "https://example.org/piece"
    assert score(path, {"a": {"level": 2, how: value}}).missing == ()


MIXED = '\n[[criteria]]\nid = "mark"\nlabel = "mark"\nkind = "mark"\nhighest = 100\n'


def test_a_rubric_that_mixes_scales_without_declaring_how_does_not_load(tmp_path: Path) -> None:
    found = faults(write(tmp_path, TOTAL + ONE.substitute(id="a") + MIXED))
    assert set(found) == {"criteria[0].weight", "criteria[1].weight"}
    assert all("mixes scales" in message for message in found.values())


def test_the_same_rubric_loads_once_it_declares_how(tmp_path: Path) -> None:
    path = write(tmp_path, TOTAL + ONE.substitute(id="a") + "weight = 25\n" + MIXED + "weight = 1\n")
    card = score(path, {"a": 1, "mark": 60})
    assert (card.low, card.maximum) == (85, 150)
    assert score(path, {}).missing == ("mark", "a"), "the one that can move the total most first"


def test_a_question_that_has_no_number_must_be_kept_out_of_a_total_explicitly(tmp_path: Path) -> None:
    yes_no = (
        '\n[[criteria]]\nid = "q"\nlabel = "q"\nkind = "yes_no"\n'
        'options = [{ id = "yes", label = "Oui" }, { id = "no", label = "Non" }]\n'
    )
    assert "criteria[1].weight" in faults(write(tmp_path, TOTAL + ONE.substitute(id="a") + "weight = 1\n" + yes_no))
    path = write(tmp_path, TOTAL + ONE.substitute(id="a") + "weight = 1\n" + yes_no + "weight = 0\n")
    card = score(path, {"a": 1})
    assert (card.low, card.high, card.missing) == (1, 1, ("q",))


def test_weights_without_a_total_do_not_load(tmp_path: Path) -> None:
    assert "criteria[0].weight" in faults(write(tmp_path, ONE.substitute(id="a") + "weight = 2\n"))


def test_a_total_in_which_nothing_counts_does_not_load(tmp_path: Path) -> None:
    assert "total" in faults(write(tmp_path, TOTAL + ONE.substitute(id="a") + "weight = 0\n"))


@pytest.mark.parametrize(
    ("text", "path", "said"),
    [
        ("criteria = []", "criteria", "at least one"),
        (ONE.substitute(id="a") + ONE.substitute(id="a"), "criteria[1].id", "twice"),
        (ONE.substitute(id="a").replace("level = 1", "level = 3"), "criteria[0].levels", "in order"),
        (ONE.substitute(id="a").replace(LEVELS, ""), "criteria[0].levels", "required"),
        (ONE.substitute(id="a") + "highest = 3\n", "criteria[0].highest", "expected nothing"),
        (ONE.substitute(id="a").replace('"levels"', '"stars"'), "criteria[0].kind", "one of"),
        (ONE.substitute(id="A"), "criteria[0].id", "identifier"),
        (ONE.substitute(id="a") + "weigth = 2\n", "criteria[0].weigth", "unknown key"),
        (ONE.substitute(id="a") + 'requires = ["mood"]\n', "criteria[0].requires[0]", "expected one of"),
        (
            '\n[[criteria]]\nid = "q"\nlabel = "q"\nkind = "yes_no"\noptions = [{ id = "oui", label = "Oui" }]\n',
            "criteria[0].options",
            "yes and no",
        ),
        (
            '\n[[criteria]]\nid = "q"\nlabel = "q"\nkind = "choice"\noptions = [{ id = "unknown", label = "?" }]\n',
            "criteria[0].options",
            "always may be answered",
        ),
    ],
)
def test_a_faulty_rubric_does_not_load_and_says_where(tmp_path: Path, text: str, path: str, said: str) -> None:
    found = faults(write(tmp_path, text))
    assert said in found[path]


@pytest.mark.parametrize(
    ("text", "top", "path"),
    [
        (ONE.substitute(id="a") + 'series = "nowhere"\n', "", "criteria[0].series"),
        (ONE.substitute(id="a") + 'sources = ["nowhere"]\n', "", "criteria[0].sources[0]"),
        (ONE.substitute(id="a"), 'extends = "nowhere"\n', "extends"),
        (ONE.substitute(id="a"), 'extends = "parisandco_indices"\n', "extends"),
        (ONE.substitute(id="a") + '\n[[series]]\nid = "s"\nlabel = "S"\n', "", "criteria[0].series"),
    ],
)
def test_a_reference_that_leads_nowhere_is_refused(tmp_path: Path, text: str, top: str, path: str) -> None:
    with pytest.raises(UnknownReferenceError) as caught:
        load_rubric(write(tmp_path, text, top=top))
    assert [problem.path for problem in caught.value.problems] == [path]


def test_files_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="cannot be read"):
        score(tmp_path / "absent.toml", {})
    (tmp_path / "bad.toml").write_text("id = ", encoding="utf-8")
    with pytest.raises(TableError, match="not TOML"):
        load_rubric(tmp_path / "bad.toml")


def test_a_solution_reports_every_fault_of_every_rubric() -> None:
    with pytest.raises(DocumentError) as caught:
        score_solution({"replicability": {"operational_ease": 9}, "innovscore": {"mark": 5}, "horoscope": {}})  # type: ignore[dict-item]
    assert [problem.path for problem in caught.value.problems] == [
        "replicability.operational_ease.level",
        "innovscore.mark.on",
        "innovscore.mark.by",
        "innovscore.mark.source",
        "horoscope",
    ]
