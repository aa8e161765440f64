"""The commands `score` and `note`: the form of a rubric, the day of launch, a note from a dossier as from an evidence file."""

import json
from pathlib import Path

import pytest

from qmi_rules.doors.cli import main
from qmi_rules.scoring import Questionnaire, find_rubric, rubrics, score

EXAMPLES = Path(__file__).parents[2] / "examples"
DOSSIER = EXAMPLES / "dossier-pelican-cycles.json"
EVIDENCE = EXAMPLES / "solution-pelican-cycles.json"


@pytest.fixture
def run(capfdbinary):
    def run(*arguments):
        with pytest.raises(SystemExit) as leaving:
            main([str(argument) for argument in arguments])
        captured = capfdbinary.readouterr()
        shown = captured.out.decode().replace("\N{NO-BREAK SPACE}", " ")
        return int(leaving.value.code or 0), shown, captured.err.decode()

    return run


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("rubric", rubrics())
def test_the_form_of_a_rubric_holds_every_key_and_every_answer(run, rubric, lang):
    status, shown, _ = run("score", rubric, "--lang", lang)
    assert status == 0
    for criterion in find_rubric(rubric).criteria:
        assert f"\n{criterion.id} – " in shown
        for option in criterion.options:
            assert f'"{option.id}"' in shown
        for level in criterion.levels:
            assert f"- {level.level}:" in shown.replace(" :", ":")
    assert ("How to answer" in shown) is (lang == "en")


def test_the_form_and_its_template_are_there_beside_a_file_too(run):
    assert run("score", "replicability", DOSSIER, "--template") == run("score", "replicability")
    assert "Facilité opérationnelle" in run("score", "replicability")[1]


@pytest.mark.parametrize("rubric", rubrics())
def test_a_template_is_a_document_that_the_rubric_takes_with_nothing_answered(run, tmp_path, rubric):
    status, document, _ = run("score", rubric, "--json")
    assert status == 0
    template = json.loads(document)
    assert template == Questionnaire(rubric=find_rubric(rubric)).template
    assert len(score(rubric, template).missing) == len(template)


def test_a_template_names_what_an_answer_must_bring():
    assert {"level", "on", "by", "source"} <= set(Questionnaire(rubric=find_rubric("innovscore")).template["mark"])


def test_an_unknown_rubric_lists_those_there_are(run):
    status, shown, fault = run("score", "nope", DOSSIER, "--lang", "en")
    assert (status, shown) == (2, "")
    assert fault.startswith("expected the path of a TOML file or one of innovation_indices, innovscore")


def test_the_day_of_launch_of_a_dossier_is_the_day_that_dates_are_read_on(run, tmp_path):
    document = json.loads(DOSSIER.read_text("utf-8"))
    document["solution"] = {"innovation_indices": {"first_sold_on": "2026-03-01"}}
    file = tmp_path / "dossier.json"
    file.write_text(json.dumps(document), "utf-8")
    card = json.loads(run("score", "innovation_indices", file, "--json")[1])
    assert (card["as_of"], card["series"][0]["speaks_for"]) == ("2027-02-08", ["first_sold_on"])
    later = json.loads(run("score", "innovation_indices", file, "--on", "2028-03-01", "--json")[1])
    assert later["series"][0]["speaks_for"] == []
    document["purchase"]["launched_on"] = "soon"
    file.write_text(json.dumps(document), "utf-8")
    status, _, fault = run("score", "innovation_indices", file, "--lang", "en")
    assert (status, "purchase.launched_on: expected a date" in fault) == (2, True)


def test_a_note_takes_a_dossier(run):
    status, shown, _ = run("note", DOSSIER)
    assert status == 0
    for words in ("Deux vélos-cargos", "Meudon", "68 000 €", "fournitures", "8 février 2027", "Reste à compléter"):
        assert words in " ".join(shown.replace("\N{NARROW NO-BREAK SPACE}", " ").split())


def test_a_note_is_plain_text_on_the_terminal_and_markdown_in_a_file(run, tmp_path):
    _, shown, _ = run("note", EVIDENCE)
    assert not any(mark in shown for mark in ("\\", "](", "## ", "icônes"))
    file = tmp_path / "note.md"
    run("note", EVIDENCE, "--md", file)
    assert "## 1. Pourquoi la solution est innovante" in file.read_text("utf-8")
    assert json.loads(run("note", EVIDENCE, "--json")[1])["file"]["title"]


def test_the_faults_of_a_dossier_are_named_from_its_root(run, tmp_path):
    file = tmp_path / "dossier.json"
    file.write_text('{"purchase": {"title": "x"}, "solution": {"replicability": {"speed": 1}}}', "utf-8")
    status, shown, fault = run("note", file, "--lang", "en")
    assert (status, shown) == (2, "")
    assert "purchase.launched_on: required" in fault
