"""The examples on the guide's three cases: they load, their marks say that they are illustrations, and the three document forms agree."""

import json
from datetime import date
from pathlib import Path

import pytest

from qmi_rules.errors import DocumentError
from qmi_rules.model.solution import EvidenceFile
from qmi_rules.schema import from_json, json_schema, parse_json
from qmi_rules.scoring import Scorecard, compare_solutions, justification_note, score, score_document

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("solution-*.json"))


def test_there_is_an_example_for_each_case_of_the_guide() -> None:
    assert [path.stem for path in EXAMPLES] == [
        "solution-floware-ecomesure",
        "solution-pelican-cycles",
        "solution-purple-alternative-surface",
    ]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_loads_and_becomes_a_note_in_both_languages(path: Path) -> None:
    file = from_json(path.read_text(encoding="utf-8"), EvidenceFile)
    note = justification_note(file)
    assert len(note.explain("fr")) > 2_000
    assert len(note.explain("en")) > 2_000
    assert "illustrations" in file.title


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_mark_of_an_example_says_that_it_is_an_illustration(path: Path) -> None:
    solution = json.loads(path.read_text(encoding="utf-8"))["solution"]
    marks = [
        answer
        for rubric in ("replicability", "innovscore")
        for answer in solution.get(rubric, {}).values()
        if isinstance(answer, dict) and answer["level"] is not None
    ]
    assert marks
    assert all(answer["evidence"].startswith("Illustration") for answer in marks)
    assert all(isinstance(answer, dict) or answer == "unknown" for answer in solution["replicability"].values())


def test_the_three_cases_can_be_compared() -> None:
    cards = {path.stem: score_document("replicability", parse_json(path.read_bytes())) for path in EXAMPLES}
    assert len(compare_solutions(cards).standings) == 3


def test_answers_a_solution_and_an_evidence_file_give_the_same_scorecard() -> None:
    answers = {"first_sold_on": "2024-06-01"}
    day = date(2026, 5, 15)
    file = {"title": "x", "launched_on": "2026-05-15", "solution": {"innovation_indices": answers}}
    expected = score("innovation_indices", answers, as_of=day)
    assert score_document("innovation_indices", answers, as_of=day) == expected
    assert score_document("innovation_indices", {"innovation_indices": answers}, as_of=day) == expected
    assert score_document("innovation_indices", file) == expected
    assert score_document("innovation_indices", file, as_of=date(2026, 6, 1)) != expected


@pytest.mark.parametrize(
    ("document", "paths"),
    [
        ({"operational_ease": 9}, ["operational_ease.level"]),
        ({"replicability": {"operational_ease": 9}}, ["replicability.operational_ease.level"]),
        (
            {"replicability": {"operational_ease": {"level": 1, "source": "x"}}},
            ["replicability.operational_ease.source"],
        ),
        ({"replicability": 3}, ["replicability"]),
        (
            {"title": "x", "launched_on": "2026-05-15", "solution": {"replicability": {"operational_ease": 9}}},
            ["solution.replicability.operational_ease.level"],
        ),
        ({"title": "x", "launched_on": "2026-05-15", "solution": {"innovscore": {}}}, ["solution.replicability"]),
        ({"solution": {}}, ["launched_on", "title"]),
        ([], [""]),
    ],
)
def test_faults_have_their_path_from_the_root_of_the_document(document: object, paths: list[str]) -> None:
    with pytest.raises(DocumentError) as caught:
        score_document("replicability", document)  # type: ignore[arg-type]
    assert sorted(problem.path for problem in caught.value.problems) == sorted(paths)


def test_schemas_describe_the_documents() -> None:
    schema = json_schema(EvidenceFile)
    assert schema["required"] == ["title", "launched_on"]
    answer = schema["properties"]["solution"]["additionalProperties"]["additionalProperties"]
    assert {"$ref": "#/$defs/CriterionAnswer"} in answer["anyOf"], "a level alone or an object"
    assert set(json_schema(Scorecard)["properties"]) >= {
        "rubric",
        "criteria",
        "low",
        "high",
        "maximum",
        "missing",
        "convention",
    }
