"""The files of the package's own law: TOML, or the same as one file of JSON lines where a build made it of these very TOML files.

TOML is what maintainers write and read; the other file only spares a fresh process the slower parser, and the sections that it does
not read. It is never committed.
"""

import json
from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any, TypeVar
from zlib import crc32

from qmi_rules.errors import DocumentError, TableError
from qmi_rules.schema import package_data, read_toml, structure
from qmi_rules.schema.reader import Trust, class_reader

T = TypeVar("T")

COMPILED = "compiled.jsonl"


class CompiledLaw:
    """The law as a build compiled it: a head, then a line for each section.

    Attributes:
        edition: Name of the edition.
        reviewed_on: Day up to which the maintainers know the law; None = not said.
        days: Every day on which a value or a row begins, or is no longer there, in order.
    """

    def __init__(self, head: Mapping[str, Any], lines: list[str]) -> None:
        self.edition: str = head["edition"]
        self.reviewed_on = date.fromisoformat(head["reviewed_on"]) if head["reviewed_on"] else None
        self.days = [date.fromisoformat(day) for day in head["days"]]
        self._lines = dict(zip(head["sections"], lines, strict=True))

    def section(self, name: str, cls: type[T]) -> tuple[T, ...]:
        """The entries of a section; none is checked once more in every process that starts.

        Raises:
            TableError: Somebody changed the file by hand; all faults of the first entry that is no such object.
        """
        entries = json.loads(self._lines.get(name, "[]"))
        read = class_reader(cls, Trust.BUILD)  # type: ignore[arg-type]
        try:
            return tuple([read(entry) for entry in entries])
        except Exception:  # what is wrong is found below
            pass
        try:
            return tuple([structure(entry, cls) for entry in entries])
        except DocumentError as error:
            raise TableError(error.problems, f"{COMPILED}: {name}") from None


@cache
def compiled_law() -> CompiledLaw | None:
    """The law that a build compiled of the TOML files as they are; None where there is none."""
    folder = package_data("law")
    file = folder.joinpath(COMPILED)
    if not file.is_file():
        return None
    head, *lines = file.read_text("utf-8").rstrip("\n").split("\n")
    said = json.loads(head)
    # sums, not times: an installer writes all files at once, and none of them is older
    made_of = {entry.name: crc32(entry.read_bytes()) for entry in folder.iterdir() if entry.name.endswith(".toml")}
    return CompiledLaw(said, lines) if said.get("made_of") == made_of else None


@cache
def law_files() -> dict[str, dict[str, Any]]:
    """The content of each TOML file, by its name, in order."""
    folder = package_data("law")
    written = sorted((file for file in folder.iterdir() if file.name.endswith(".toml")), key=lambda file: file.name)
    return {file.name: read_toml(file) for file in written}


def law_file(name: str, cls: type[T]) -> T:
    """One TOML file as an object of `cls`.

    Raises:
        TableError: All faults at once, each with file and path.
    """
    try:
        return structure(law_files()[name], cls)
    except DocumentError as error:
        raise TableError(error.problems, name) from None
