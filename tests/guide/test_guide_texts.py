"""Every French text of the room has its English, with the same places to fill, and good French spacing."""

import ast
import re
from collections.abc import Iterator
from importlib.resources import files

import attrs

from qmi_rules.guide import Guide

# What is a name, an address or a key, and therefore the same in every language.
_SAME = {"id", "link", "email", "article", "insee_code", "example", "rubric", "drawn_from", "publisher", "partner",
         "procedures", "thresholds"}  # fmt: skip
_INTERNATIONAL = {
    "Innov'score",
    "Contacts",
    "Fonds Innover dans la Ville",
    "Innov'up Transition Ecologique des Territoires",
    "Pelican Cycles",
    "Purple Alternative Surface",
    "Métropole du Grand Paris",
    "Paris&Co",
    "Volume",
    "3 m³",
    "500 kg",
    "Question",
    "Verdict",
}


def _data_texts(value: object) -> Iterator[str]:
    """Texts of the guide's data that a reader may see."""
    if attrs.has(type(value)):
        for attribute in attrs.fields(type(value)):
            if attribute.name not in _SAME:
                yield from _data_texts(getattr(value, attribute.name))
    elif isinstance(value, tuple):
        for item in value:
            yield from _data_texts(item)
    elif type(value) is str:
        yield value


def _code_texts() -> Iterator[str]:
    """Texts that the room's modules hand to ``say`` or ``message``."""
    for file in files("qmi_rules").joinpath("guide").iterdir():
        if file.name.endswith(".py"):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if (
                    isinstance(node, ast.Call)
                    and isinstance(node.func, ast.Name)
                    and node.func.id in ("say", "message")
                ):
                    match node.args[0]:
                        case ast.Constant(value=str(text)):
                            yield text


def test_every_text_has_its_english(guide: Guide, catalogue: dict[str, str]):
    texts = {*_data_texts(guide), *_code_texts()}
    assert len(texts) > 200
    missing = {text for text in texts if not catalogue.get(text)}
    assert {text.replace("\N{NO-BREAK SPACE}", " ") for text in missing} <= _INTERNATIONAL


def test_the_catalogue_holds_nothing_that_is_no_longer_said(guide: Guide, catalogue: dict[str, str]):
    said = {*_data_texts(guide), *_code_texts()}
    assert set(catalogue) <= said


def test_translations_keep_the_places_to_fill(catalogue: dict[str, str]):
    for french, english in catalogue.items():
        assert sorted(re.findall(r"{\w+}", french)) == sorted(re.findall(r"{\w+}", english)), french


def test_french_texts_are_spaced_as_french_is(guide: Guide):
    for text in {*_data_texts(guide), *_code_texts()}:
        if "://" not in text:
            assert not re.search(r"[^\N{NO-BREAK SPACE}\s][:;?!»]|[ ][:;?!»]|«[^\N{NO-BREAK SPACE}]", text), text
            assert not re.search(r"\d [€%]|\d \d{3}", text), text
