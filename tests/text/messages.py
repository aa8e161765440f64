"""The French texts that a reader may see (the msgids of the catalogues), each with the place that writes it."""

import ast
import re
import tomllib
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

from attrs import frozen
from babel.messages.pofile import read_po

PACKAGE = Path(str(files("qmi_rules")))

SHOWN: dict[str, frozenset[str]] = {
    "law": frozenset(
        [
            "label",
            "question",
            "affirmed",
            "denied",
            "description",
            "guide_description",
            "ground",
            "text",
            "detail",
            "reason",
        ]
    ),
    "rubrics": frozenset(["title", "owner", "notice", "reading", "cautions", "caution", "label", "note", "text"]),
    "calendar": frozenset(["label", "note", "name"]),
    "funding": frozenset(
        ["label", "question", "affirmed", "denied", "description", "text", "detail", "ground", "caution", "cautions"]
    ),
    "guide": frozenset(
        [
            "title",
            "subtitle",
            "dated",
            "purpose",
            "call_to_action",
            "disclaimer_title",
            "disclaimer",
            "caution",
            "question",
            "presentation",
            "state",
            "state_note",
            "partners_title",
            "figures_title",
            "text",
            "note",
            "heard_title",
            "heard",
            "why_a_tested_solution",
            "part_title",
            "label",
            "tip",
            "tip_by",
            "motto",
            "when",
            "who",
            "experiment",
            "target",
            "place",
            "legal",
            "kinds",
            "named",
            "axes",
            "box_title",
            "help",
            "when_yes",
            "when_no",
            "when_open",
            "when_untold",
            "advice",
            "closing",
            "beneficiaries",
            "edge",
            "condition",
            "factors_title",
            "factors",
            "name",
            "carrier",
        ]
    ),
}
"""By data folder, the keys whose texts are handed to ``say`` when a page is made."""

NOT_SHOWN: dict[str, frozenset[str]] = {
    "law": frozenset(
        [
            "id",
            "kind",
            "path",
            "attribute",
            "guide",
            "procedure",
            "procedures",
            "legal_basis",
            "source",
            "certainty",
            "note",
            "fact",
            "in",
            "is",
            "below",
            "from",
            "at_most",
            "above",
            "duty",
            "article",
            "url",
            "unit",
            "amount",
            "same_as",
            "edition",
        ]
    ),
    "rubrics": frozenset(
        [
            "id",
            "origin",
            "certainty",
            "edition",
            "url",
            "series",
            "kind",
            "sources",
            "bearing",
            "recent",
            "older",
            "evidence",
            "requires",
            "extends",
            "icon",
            "subject",
            "legal_basis",
            "source",
            "see",
        ]
    ),
    "calendar": frozenset(
        ["id", "certainty", "month_day", "legal_basis", "source", "share", "procedures", "forbids", "kind", "evidence"]
    ),
    "funding": frozenset(
        [
            "id",
            "edition",
            "kind",
            "path",
            "url",
            "article",
            "unit",
            "amount",
            "legal_basis",
            "source",
            "certainty",
            "note",
            "fact",
            "in",
            "is",
            "below",
            "from",
            "at_most",
            "above",
        ]
    ),
    "guide": frozenset(
        [
            "publisher",
            "partner",
            "projects_by",
            "link",
            "partners",
            "id",
            "communes",
            "certainty",
            "room",
            "commune",
            "insee_code",
            "example",
            "value",
            "attribution",
            "rubric",
            "email",
            "kind",
            "actor",
            "site",
            "procedures",
            "article",
            "contract_types",
            "authors",
            "thresholds",
        ]
    ),
}
"""By data folder, the keys of names, addresses, dates, keywords and maintainers' notes, which no page shows."""


KEYWORDS = frozenset({"decp", "territory"})
"""Data folders that hold only words to recognise and names."""


@frozen
class Message:
    """One French text and where it stands.

    Attributes:
        text: The msgid.
        room: The room that shows it.
        where: File and line, or file and key.
    """

    text: str
    room: str
    where: str


def messages() -> tuple[Message, ...]:
    """Every text of the package that goes through a catalogue, in code and in data."""
    return (*code_messages(), *data_messages())


def code_messages() -> Iterator[Message]:
    """The constant texts that modules hand to ``say`` or ``message``."""
    for path in sorted(PACKAGE.rglob("*.py")):
        where = path.relative_to(PACKAGE)
        room = where.parts[0].removesuffix(".py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and _says(node.func) and node.args:
                for text in _constants(node.args[0]):
                    yield Message(text, room, f"{where}:{node.lineno}")
    for path in sorted((*PACKAGE.rglob("*.html"), *PACKAGE.rglob("*.j2"), *PACKAGE.rglob("*.jinja"))):
        where = path.relative_to(PACKAGE)
        for found in re.finditer(r"""\bsay\(\s*("([^"]*)"|'([^']*)')""", path.read_text(encoding="utf-8")):
            yield Message(found[2] or found[3], where.parts[0], str(where))


def _says(called: ast.expr) -> bool:
    name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
    return name in ("say", "message", "_say")


def _constants(argument: ast.expr) -> Iterator[str]:
    match argument:
        case ast.Constant(value=str(text)) if text:
            yield text
        case ast.IfExp(body=body, orelse=other):
            yield from _constants(body)
            yield from _constants(other)
        case ast.JoinedStr():
            raise AssertionError(f"an f-string is no message, line {argument.lineno}: {ast.unparse(argument)}")


def data_messages() -> Iterator[Message]:
    """The texts of the package's TOML files that pages show."""
    for where, key, text in data_texts():
        if key in SHOWN.get(where.split("/")[0], ()) and (where, key) not in _OTHER_MEANING and not _WORD.match(text):
            yield Message(text, _ROOMS.get(where.split("/")[0], where.split("/")[0]), f"data/{where}: {key}")


_OTHER_MEANING = {("rubrics/definition.toml", "note"), ("guide/about.toml", "name"), ("guide/resources.toml", "name")}
"""Files in which a key that is shown elsewhere holds something that is not."""
_WORD = re.compile(r"(above|below|exactly)\Z")
"""Words of the vocabulary that stand under a key whose other values are texts."""
_ROOMS = {"rubrics": "scoring", "calendar": "budget_calendar"}


def data_texts() -> Iterator[tuple[str, str, str]]:
    """Every text of every TOML file of the package: file, key, text."""
    for path in sorted((PACKAGE / "data").rglob("*.toml")):
        where = path.relative_to(PACKAGE / "data").as_posix()
        for key, text in _texts(tomllib.loads(path.read_text(encoding="utf-8")), ""):
            yield where, key, text


def _texts(value: Any, key: str) -> Iterator[tuple[str, str]]:
    match value:
        case dict():
            for name, inner in value.items():
                yield from _texts(inner, name)
        case list():
            for inner in value:
                yield from _texts(inner, key)
        case str() if value.strip():
            yield key, value


def catalogue_files(language: str) -> tuple[Path, ...]:
    """The .po files of a language, one a room."""
    return tuple(sorted((PACKAGE / "locale" / language / "LC_MESSAGES").glob("*.po")))


def entries(path: Path) -> dict[str, str]:
    """The translations of one .po file by msgid."""
    with path.open("rb") as file:
        return {entry.id: entry.string for entry in read_po(file) if entry.id}


def places(text: str) -> list[str]:
    """The named places of a message, sorted."""
    return sorted(re.findall(r"{\w*(?::[^{}]*)?}", text))
