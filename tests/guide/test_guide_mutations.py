"""The mutation gate of the guide's data: every figure, article, certainty, address and limit of it stands in the ledger too, or the loader refuses the slip."""

import re
import tomllib
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from qmi_rules.errors import DocumentError
from qmi_rules.guide import Guide
from qmi_rules.schema import package_data, read_toml, structure

LEDGER = tomllib.loads(Path(__file__).with_name("ledger.toml").read_text("utf-8"))
SECTIONS = {name: part for file in package_data("guide").iterdir() for name, part in read_toml(file).items()}
NAMED = ("id", "label")
"""What an entry is called by."""
HELD = {
    "certainty": "confirmed",
    "article": "R2122-9-1",
    "link": "https://example.org",
    "email": "qui@example.org",
    "insee_code": "75056",
    "edge": "exactly",
    "rubric": "definition",
    "thresholds": "eu.works",
    "procedures": "books",
}
"""The words that bear law, or say where it stands, each with another that it might be taken for."""
FIGURE = re.compile(r"[LRD]\d{4}-\d+(?:-\d+)?|\d+(?:[ \u00a0\u202f]\d{3})*(?:[ \u00a0\u202f]?(?:%|€))?")

Place = tuple[str | int, ...]


def leaves(value: Any, place: Place = ()) -> Iterator[tuple[Place, Any]]:
    match value:
        case dict():
            for key, inner in value.items():
                yield from leaves(inner, (*place, key))
        case list() | tuple():
            for i, inner in enumerate(value):
                yield from leaves(inner, (*place, i))
        case _:
            yield place, value


def entry(sections: dict[str, Any], place: Place) -> str:
    """The name of the entry in which a value stands: of each list on the way, what its part is called."""
    words, part = [], sections
    for key in place:
        part = part[key]  # type: ignore[index]
        words.append(str(key) if isinstance(key, str) else _name(part))
        if isinstance(part, str | int):
            break
    return ".".join(word for word in words[:-1] if word and word not in ("items", "numbers"))


def _name(part: Any) -> str:
    return next((part[key] for key in NAMED if isinstance(part, dict) and key in part), "")


def said(sections: dict[str, Any]) -> dict[str, list[str]]:
    """What each entry holds that bears law: its values by their keys, the figures and articles of its words."""
    found: dict[str, list[str]] = {}
    for place, value in leaves(sections):
        key = [step for step in place if isinstance(step, str)][-1]
        if key in NAMED[:1]:
            continue
        if key in HELD or not isinstance(value, str):
            lines = [f"{key} {value}"]
        else:
            lines = [re.sub(r"\s", " ", figure) for figure in FIGURE.findall(value)]
        if lines:
            found.setdefault(entry(sections, place).replace("\N{NO-BREAK SPACE}", " "), []).extend(lines)
    return found


def slips() -> Iterator[tuple[Place, Any]]:
    """Every slip: a figure by one, a word for another of its kind, each figure or article of a sentence by one."""
    for place, value in leaves(SECTIONS):
        key = [step for step in place if isinstance(step, str)][-1]
        if isinstance(value, int):
            yield place, value + 1
        elif key in HELD:
            yield (
                place,
                HELD[key]
                if value != HELD[key]
                else {"certainty": "unverified", "article": "R2122-8"}.get(key, "above"),
            )
        elif key not in NAMED[:1]:
            for digits in re.finditer(r"\d+", value):
                yield place, f"{value[: digits.start()]}{int(digits[0]) + 1:0{len(digits[0])}}{value[digits.end() :]}"


def changed(place: Place, value: Any) -> dict[str, Any]:
    sections = deepcopy(SECTIONS)
    part: Any = sections
    for key in place[:-1]:
        part = part[key]
    part[place[-1]] = value
    return sections


def test_every_figure_article_certainty_and_address_is_what_the_ledger_says() -> None:
    assert said(SECTIONS) == LEDGER


@pytest.mark.slow
def test_every_slip_in_a_figure_an_article_a_certainty_or_an_address_is_seen() -> None:
    survivors, mutants = [], 0
    for place, value in slips():
        mutants += 1
        slipped = changed(place, value)
        try:
            structure(deepcopy(slipped), Guide)
        except DocumentError:
            continue
        if said(slipped) == LEDGER:
            survivors.append((place, value))
    print(f"guide: {mutants} mutants, {len(survivors)} not seen")
    assert survivors == []
    assert mutants > 100
