"""A figure, a day or an article of law stands in no Python string: it is data with a source, and the sentence has a place for it."""

import ast
import re
from collections.abc import Iterator

import pytest

from parsed import modules

MONTHS = "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"
ENGLISH_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
TENS = "cinq|six|sept|huit|dix|onze|douze|quinze|vingt|trente|quarante|cinquante|soixante"
LAW = {
    "an article": re.compile(r"(?<![\w-])(?:[LRD]\.?[ \u00a0]?(?:\d{3,4}|\*\d+)-\d+|(?:art\.|articles?)[ \u00a0]\d+)"),
    "a text": re.compile(r"(?i)\b(?:loi|décret|ordonnance|directive|règlement)\b [^.]{0,12}\b\d{2,4}[-/]\d{1,4}\b"),
    "a day": re.compile(rf"\b\d{{1,2}}(?:er)? (?:{MONTHS})\b|\b\d{{1,2}} (?:{ENGLISH_MONTHS})\b"),
    "an amount": re.compile(r"\d[\d \u00a0\u202f.,]*[ \u00a0\u202f]?(?:€|euros?\b|EUR\b)|\b\d{1,3}(?:[ \u00a0\u202f_]000)+\b"),
    "a number of days, months or people": re.compile(rf"\b(?:\d+|{TENS})[ \u00a0](?:jours?|mois|ans|habitants?|days|months|years|inhabitants)\b"),
    "a share": re.compile(r"(?<![\w:-])\d+[ \u00a0\u202f]?%(?![;\"])"),
}  # fmt: skip


# what a refusal shows as an example of how something is written is no law, nor is the whole of a share
EXAMPLE = re.compile(r"(?:such as|comme) [^,;»)]*|100[ \u00a0]%")


def strings(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Every text of a module with its line, its docstrings (those of fields and constants too) left out."""
    told = {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            yield node.lineno, node.value


def found(tree: ast.AST) -> list[tuple[int, str, str]]:
    return [
        (line, what, text)
        for line, text in strings(tree)
        for what, pattern in LAW.items()
        if pattern.search(EXAMPLE.sub("", text))
    ]


def test_no_string_of_the_house_says_law():
    hits = [
        f"{where}:{line}: {what}: {text[:90]!r}"
        for where, tree in modules().items()
        for line, what, text in found(tree)
    ]
    assert hits == []


@pytest.mark.parametrize(
    "text",
    ["selon l'article R2122-8", "art. 13 de la loi", "avant le 15 avril", "le 1er janvier", "sous 40 000 € HT", "plus de 3 500 habitants",
     "dans les trente jours", "au plus 20 %", "loi n° 2026-403", "by 15 April", "L. 2113-10"],
)  # fmt: skip
def test_a_sentence_that_says_law_is_found(text):
    assert found(ast.parse(f"say({text!r})"))


@pytest.mark.parametrize(
    "text",
    ["ccp-r2122-8", "loi-2026-403-13", "direct_award.works", "2026-05-15", "au plus {n} %", "le {day}", "{n} jours"],
)
def test_an_id_an_example_and_a_place_are_not(text):
    assert not found(ast.parse(f"say({text!r})"))


def test_a_docstring_may():
    assert not found(ast.parse('"""R2122-8 since 1er janvier."""\nX = 3\n"""Article 13."""\n'))
