"""What results tell: plain values, and an id or a code beside every sentence, so that a program need not look at words."""

from datetime import date
from pathlib import Path
from typing import Any, get_args, get_origin

import attrs
import pytest

from qmi_rules import Dossier, brief, decide, read, timeline, what_if
from qmi_rules.doors.operations import SHAPES, shape
from qmi_rules.errors import DocumentError
from qmi_rules.law import compare_law, default_table, stale
from qmi_rules.schema.fields import Document, is_result, is_told, without_marks
from qmi_rules.schema.schema_writer import _told_as_text
from qmi_rules.schema.written import keys_of, names_its_keys
from qmi_rules.scoring import score

EXAMPLES = Path(__file__).parents[2] / "examples"
PURCHASE = {"title": "Capteurs", "launched_on": "2027-05-15", "estimated_value": "120000", "contract_type": "works"}
RESULTS = {
    "decision": lambda: decide(PURCHASE),
    "what-if": lambda: what_if(PURCHASE, "direct_award"),
    "timeline": lambda: timeline(PURCHASE),
    "comparison": lambda: compare_law(default_table(), date(2025, 12, 31), date(2026, 4, 1)),
    "freshness": lambda: stale(default_table(), date(2026, 11, 24)),
    "scorecard": lambda: score("innovation_indices", {}),
    "briefing": lambda: brief(read(EXAMPLES / "dossier-pelican-cycles.json", Dossier)),
}


def odd(data: Any, path: str = "") -> list[str]:
    """Where plain data holds something that is none."""
    if type(data) is dict:
        return [found for key, item in data.items() for found in odd(item, f"{path}.{key}")]
    if type(data) is list:
        return [found for i, item in enumerate(data) for found in odd(item, f"{path}[{i}]")]
    return [] if data is None or type(data) in (str, int, bool) else [f"{path}: {data!r}"]


@pytest.mark.parametrize("name", RESULTS)
def test_to_dict_is_plain_and_reads_back(name):
    result = RESULTS[name]()
    for lang in ("fr", "en"):
        document = result.to_dict(lang)
        assert odd(document) == []
        again = read(document, type(result))
        assert again.to_dict() == document
        assert again == result


# --- ids beside sentences

IDS = {"id", "code", "path", "procedure", "duty", "scheme", "fact", "kind", "rubric", "threshold", "ground", "figure", "section", "who", "basis", "reason", "days"}  # fmt: skip
"""The keys that say for a program what a sentence beside them says to a reader."""
GUIDE = {"About", "Chapter", "Detail", "Entry", "Questions"}
"""The chapters of the guide: their keys are the ids of their texts, their paragraphs are prose."""
SINGLE = {"Review.disclaimer", "GuideAgainstLaw.disclaimer", "CompanySide.size_label"}
"""One text a result, which its key names; a size is beside its name."""
WITH_IDS = {"Scorecard.cautions": "caution_ids", "ScoredCriterion.labels": "level"}
"""Lists of sentences, and the key that lists their ids."""


def kinds() -> set[Any]:
    """The classes of all that results tell."""
    found: set[Any] = set()

    def meet(kind: Any) -> None:
        kind = without_marks(kind)
        for argument in get_args(kind):
            meet(argument)
        if not isinstance(kind, type) or kind in found or issubclass(kind, Document):
            return
        if attrs.has(kind) or names_its_keys(kind):
            found.add(kind)
            for one in keys_of(kind):
                meet(one.type)

    for name in SHAPES:
        if is_result(shape(name)):
            meet(shape(name))
    return found


def is_sentence(kind: Any) -> bool:
    return (
        is_told(kind) or (isinstance(kind, type) and _told_as_text(kind)) or any(map(is_sentence, get_args(kind)[:1]))
    )


def test_every_sentence_has_an_id_beside_it():
    without = []
    for cls in kinds():
        names = {one.name for one in keys_of(cls)}
        for one in keys_of(cls):
            place = f"{cls.__name__}.{one.name}"
            if not is_sentence(one.type) or cls.__name__ in GUIDE or place in SINGLE:
                continue
            is_list = get_origin(without_marks(one.type)) is tuple
            if is_list and WITH_IDS.get(place) not in names:
                without.append(place)
            if not is_list and not names & (IDS - {one.name}):
                without.append(place)
    assert without == []


def test_the_cautions_of_a_scorecard_have_ids():
    card = score("innovation_indices", {})
    document = card.to_dict("en")
    assert len(document["caution_ids"]) == len(document["cautions"]) > 0
    assert document["caution_ids"][0] == "innovation_indices-1"
    assert card.to_dict("fr")["caution_ids"] == document["caution_ids"]


@pytest.mark.parametrize("name", RESULTS)
def test_a_person_sees_the_fields_and_the_verbs_of_a_result_and_no_word_of_its_machinery(name):
    result = RESULTS[name]()
    seen = {one for one in dir(result) if not one.startswith("_")}
    assert [one for one in seen if not one.islower()] == []
    assert not seen & {"fitted", "read_back", "told_page", "in_own_language", "source_named", "left_out"}
    assert [one for one in seen if one.startswith("told_")] == []


@pytest.mark.parametrize("name", RESULTS)
def test_a_broken_result_is_refused_with_the_place_of_what_is_wrong(name):
    result = RESULTS[name]()
    document = result.to_dict()
    for key, value in document.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            with pytest.raises(DocumentError) as error:
                read({**document, key: [*value, "\0"]}, type(result))
            assert f"{key}[{len(value)}]" in {problem.path for problem in error.value.problems}
