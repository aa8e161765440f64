"""The files of the package's own law: TOML, or the same as one JSON file where a build made it and no TOML is newer.

TOML is what maintainers write and read; the JSON file only spares a fresh process the slower parser. It is never committed.
"""

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from qmi_rules.documents import package_data, read_toml, structure
from qmi_rules.errors import DocumentError, TableError

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

T = TypeVar("T")

COMPILED = "compiled.json"


@cache
def law_files() -> dict[str, dict[str, Any]]:
    """The content of each file, by its name, in order."""
    folder = package_data("law")
    written = sorted((file for file in folder.iterdir() if file.name.endswith(".toml")), key=lambda file: file.name)
    compiled = folder.joinpath(COMPILED)
    if compiled.is_file() and not any(_newer(file, compiled) for file in written):
        return json.loads(compiled.read_text("utf-8"))  # type: ignore[no-any-return]
    return {file.name: read_toml(file) for file in written}


def _newer(one: "Traversable", other: "Traversable") -> bool:
    return isinstance(one, Path) and isinstance(other, Path) and one.stat().st_mtime_ns > other.stat().st_mtime_ns


def law_file(name: str, cls: type[T]) -> T:
    """One file as an object of `cls`.

    Raises:
        TableError: All faults at once, each with file and path.
    """
    try:
        return structure(law_files()[name], cls)
    except DocumentError as error:
        raise TableError(error.problems, name) from None
