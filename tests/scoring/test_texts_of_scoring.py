"""Texts: every French sentence of the room and of its data has its English, with the same places to fill."""

import ast
import re
import tomllib
from collections.abc import Iterator
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from babel.messages.pofile import read_po

ROOT = Path(str(files("qmi_rules")))
SHOWN = {"title", "owner", "notice", "reading", "edition", "label", "caution", "note", "text"}
CODE = sorted((ROOT / "scoring").glob("*.py"))
DATA = sorted((ROOT / "data" / "rubrics").glob("*.toml"))


def in_code(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Call(func=ast.Name(id="say" | "message"), args=[ast.Constant(value=str(text)), *_]):
                yield text
            case ast.Call(func=ast.Attribute(attr="count"), args=[_, ast.Constant(value=str(one)), ast.Constant(), *_]):
                yield one


def in_data(value: Any, under: str = "") -> Iterator[str]:
    match value:
        case dict():
            for key, inner in value.items():
                if isinstance(inner, str) and key in SHOWN and (under, key) != ("statements", "note"):
                    yield inner
                elif key == "cautions":
                    yield from inner
                elif isinstance(inner, (dict, list)):
                    yield from in_data(inner, key)
        case list():
            for inner in value:
                yield from in_data(inner, under)


TEXTS = sorted(
    {text for path in CODE for text in in_code(path)}
    | {text for path in DATA for text in in_data(tomllib.loads(path.read_text(encoding="utf-8")))}
)


def catalogue() -> dict[str, str]:
    path = ROOT / "locale" / "en" / "LC_MESSAGES" / "scoring.po"
    entries = read_po(BytesIO(path.read_bytes()), locale="en")
    return {_first(entry.id): _first(entry.string) for entry in entries if entry.id}


def _first(words: str | tuple[str, ...]) -> str:
    """The form for one, where there is one for several too."""
    return words if isinstance(words, str) else words[0]


def places(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", text))


def test_there_are_texts() -> None:
    assert len(TEXTS) > 200


def test_every_text_has_its_english_and_no_english_is_left_over() -> None:
    assert sorted(catalogue()) == TEXTS


def test_english_fills_the_same_places() -> None:
    assert [text for text, english in catalogue().items() if places(text) != places(english) or not english] == []


@pytest.mark.parametrize("pattern", [r" [:;?!»]", r"« ", r"’", r"\S\u00a0?\.\.\."])
def test_french_typography_is_kept(pattern: str) -> None:
    assert [text for text in TEXTS if re.search(pattern, text)] == []


def test_nothing_is_called_legal_or_illegal() -> None:
    both = [*TEXTS, *catalogue().values()]
    assert [text for text in both if re.search(r"\b(il)?l[ée]ga(l|le|ux|lement)\b", text, re.IGNORECASE)] == []
