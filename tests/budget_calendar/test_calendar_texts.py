"""Every French text of the room and of its data has its English, with the same places, in good typography."""

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
INTEGRATIONS = ROOT / "integrations"
CODE = [
    *sorted((ROOT / "budget_calendar").glob("*.py")),
    INTEGRATIONS / "icalendar.py",
]
DATA = sorted((ROOT / "data" / "calendar").glob("*.toml"))


def constants(argument: ast.expr) -> Iterator[str]:
    match argument:
        case ast.Constant(value=str(text)):
            yield text
        case ast.IfExp(body=body, orelse=other):
            yield from constants(body)
            yield from constants(other)


def in_code(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Call(func=ast.Name(id="say" | "message"), args=[argument, *_]):
                yield from constants(argument)


def in_data(value: Any) -> Iterator[str]:
    match value:
        case dict():
            yield from (text for key, text in value.items() if key in ("label", "note", "name"))
            for inner in value.values():
                yield from in_data(inner)
        case list():
            for inner in value:
                yield from in_data(inner)


TEXTS = sorted(
    {text for path in CODE for text in in_code(path)}
    | {text for path in DATA for text in in_data(tomllib.loads(path.read_text(encoding="utf-8")))}
)


def catalogue() -> dict[str, str]:
    raw = (ROOT / "locale" / "en" / "LC_MESSAGES" / "budget_calendar.po").read_bytes()
    return {str(entry.id): str(entry.string) for entry in read_po(BytesIO(raw), locale="en") if entry.id}


def test_every_text_has_its_english_and_no_english_is_left_over() -> None:
    assert len(TEXTS) > 200
    assert sorted(catalogue()) == TEXTS


def test_english_fills_the_same_places() -> None:
    def places(text: str) -> list[str]:
        return sorted(re.findall(r"\{\w*\}", text))

    assert [text for text, english in catalogue().items() if places(text) != places(english) or not english] == []


@pytest.mark.parametrize("pattern", [r" [:;?!»]", r"« ", r"’", r"\d \d{3}\b", r"\.\.\."])
def test_french_typography_is_kept(pattern: str) -> None:
    assert [text for text in TEXTS if re.search(pattern, text)] == []
