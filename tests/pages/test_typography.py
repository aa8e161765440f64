"""What is said in French reads as a town hall writes it, and English as print has it: in every golden answer and every catalogue.

A fault of typing, a date for machines in a sentence, a word that nobody in a town hall uses: each stands here once and fails where it comes back.
"""

import html
import json
import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from qmi_rules.catalogues import typeset

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests/golden"
LOCALE = ROOT / "src/qmi_rules/locale"
WRITTEN_BY_USERS = {
    "purchase",
    "dossier",
    "solution",
    "project",
    "commune",
    "schedule",
    "evidence",
    "title",
    "id",
    "path",
}
"""Keys of JSON under which a document that a user wrote stands as it was written."""
WRITTEN_FOR_MACHINES = {"article", "words", "edition", "table_edition", "drawn_from", "read_in"}
"""Keys under which a name stands as the tables have it: one article, an edition, where it was read."""
NAMES = re.compile(
    r"https?://\S+|\S+@\S+|`[^`\n]*`|qmi-rules [^\n«»]*|\S*(?:\.json|\.toml|\.csv)\S*|\"[^\"\n]*\"|(?<= )'[^'\n]*'"
)
"""What is typed or followed and not read: addresses, commands, files, what a message quotes."""
EDITION = re.compile(r"(?i)(?:édition|edition)[^:\n]{0,40}[\s:]*[a-z-]*\d{4}-\d\d-\d\d")
"""The name of an edition, which is a name even where it looks like a day."""
FAULTS = {
    "a straight apostrophe": r"\w'(?:\w|«)",
    "an article as machines write it": r"\b[LRD]\*?\d{3,4}-\d+",
    "a day as machines write it": r"\b(?:19|20)\d\d-[01]\d-[0-3]\d\b",
}
FRENCH = {
    "a space before a mark that a line may break": r"(?<=[^\s{]) [;:?!»€%](?=[\s.,)]|$)",
    "a space in a number that a line may break": r"(?<![\d/])\d{1,3} \d{3}(?!\d)",
    "the software as a library": r"(?i)\b(?:la|cette|notre) bibliothèque\b",
    "the law as tables": r"(?i)\btables? (?:du droit|de la loi|des règles)|\bla table\b|édition d(?:e la|es) tables?\b",
    "a way": r"(?i)\bvoies?\b(?!\s+(?:électronique|publique))",
    "a rule of the house": r"(?i)règles? de (?:la )?maison",
    "of its own": r"(?i)\ben propre\b",
    "a question that is answered directly": r"(?i)\brépond\w* (?:une|la|cette|les|ces) question",
}


def said(text: str) -> str:
    return EDITION.sub(" ", NAMES.sub(" ", text))


def texts(path: Path) -> str:
    """What a golden answer says to a reader: of a page its text."""
    text = path.read_text("utf-8")
    if path.suffix == ".html":
        text = html.unescape(re.sub(r"<[^>]+>", "\n", re.sub(r"(?s)<(style|script)\b.*?</\1>", " ", text)))
    if path.suffix == ".ics":
        text = text.replace("\n ", "")
    return said(text)


def faults(text: str, patterns: dict[str, str]) -> list[str]:
    return [
        f"{name}: …{text[max(0, found.start() - 40) : found.end() + 25]}…".replace("\n", " ")
        for name, pattern in patterns.items()
        for found in re.finditer(pattern, text)
    ]


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_answers_are_printed_well(lang: str) -> None:
    found = {}
    for path in sorted((GOLDEN / lang).iterdir()):
        if path.suffix != ".csv" and (wrong := faults(texts(path), FAULTS | (FRENCH if lang == "fr" else {}))):
            found[path.name] = wrong
    assert found == {}


def told(value: object) -> list[str]:
    """The sentences of a JSON answer: texts with a space; an id, a day or an article alone is for programs."""
    match value:
        case dict():
            return [
                text
                for key, item in value.items()
                if key not in WRITTEN_BY_USERS | WRITTEN_FOR_MACHINES
                for text in told(item)
            ]
        case list():
            return [text for item in value for text in told(item)]
        case str() if " " in value or "\N{NO-BREAK SPACE}" in value:
            return [said(value)]
    return []


def test_the_texts_of_json_are_printed_well() -> None:
    found = {}
    for path in sorted((GOLDEN / "json").glob("*.json")):
        texts = told(json.loads(path.read_text("utf-8")))
        if wrong := [fault for text in texts for fault in faults(text, FAULTS | FRENCH)]:
            found[path.name] = wrong
    assert found == {}


def catalogue(lang: str) -> list[str]:
    """Every text that may be said in a language, as it is said."""
    texts = []
    for path in LOCALE.glob("*/LC_MESSAGES/*.po"):
        with path.open("rb") as file:
            for entry in (entry for entry in read_po(file) if entry.id):
                words = entry.string if path.parts[-3] == lang else entry.id if path.parts[-3] == "en" else ""
                texts += [word for word in (words if isinstance(words, tuple | list) else [words]) if word]
    assert len(texts) > 2_000
    return [said(typeset(text, lang)) for text in texts]


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_whatever_may_be_said_is_printed_well(lang: str) -> None:
    patterns = {**FAULTS, **(FRENCH if lang == "fr" else {})}
    assert [fault for text in catalogue(lang) for fault in faults(text, patterns)] == []


@pytest.mark.parametrize(
    ("typed", "french", "english"),
    [
        ("l'avis d'{place}", "l’avis d’{place}", "l’avis d’{place}"),
        ("the members' needs; it doesn't", "the members’ needs; it doesn’t", "the members’ needs; it doesn’t"),
        ("'_', '.' ou '-'", "'_', '.' ou '-'", "'_', '.' ou '-'"),
        ("R2122-9-1, L. 2172-3", "R.\u00a02122-9-1, L. 2172-3", "R.\u00a02122-9-1, L. 2172-3"),
        ('comme "R2122-8"', 'comme "R2122-8"', 'comme "R2122-8"'),
        ("40 000 € HT : 20 %", "40\u202f000\u00a0€\u00a0HT\u00a0: 20\u00a0%", "40 000 € HT : 20 %"),
    ],
)
def test_a_text_is_set_as_its_language_is_printed(typed: str, french: str, english: str) -> None:
    assert typeset(typed, "fr") == french == typeset(french, "fr")
    assert typeset(typed, "en") == english


@pytest.mark.parametrize(
    "wrong",
    ["l'avis", "selon R2122-8", "le 2027-02-15", "Vraiment ?", "40 000 euros", "cette bibliothèque dit", "les tables du droit",
     "une autre voie", "règles de maison", "En propre :", "répondre une question"],
)  # fmt: skip
def test_a_fault_that_comes_back_is_seen(wrong: str) -> None:
    assert faults(said(wrong), FAULTS | FRENCH)
