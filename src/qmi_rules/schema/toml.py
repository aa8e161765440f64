"""Reading the data files (TOML) of the package, of a commune or of an integrator; faults name file, path and remedy."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from qmi_rules.errors import DocumentError, TableError, fault
from qmi_rules.schema.reader import structure

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

T = TypeVar("T")

LARGEST_FILE = 4_000_000
"""A TOML file may have this many bytes at most."""


def package_data(*parts: str) -> "Traversable":
    """A file or folder of the package's own data, such as ``package_data("law", "sources.toml")``."""
    folder = Path(__file__).parents[1] / "data"
    if folder.is_dir():
        return folder.joinpath(*parts)
    from importlib.resources import files  # the package is in an archive

    return files("qmi_rules").joinpath("data", *parts)


def read_toml(file: "Path | Traversable | str") -> dict[str, Any]:
    """Read a TOML file.

    Raises:
        TableError: The file cannot be read, is too large, or is no TOML.
    """
    import tomllib  # only here: the law of the package is read from JSON

    path = Path(file) if isinstance(file, str) else file
    where = path.name if not isinstance(path, Path) else str(path)
    try:
        with path.open("rb") as stream:
            raw = stream.read(LARGEST_FILE + 1)  # never more: the file may be endless
    except OSError as error:
        words = "cannot be read: {why}"
        raise TableError(fault("required", "", words, why=error.strerror or str(error)), where) from None
    except ValueError as error:  # a name that no file can have
        raise TableError(fault("required", "", "cannot be read: {why}", why=str(error)), where) from None
    if len(raw) > LARGEST_FILE:
        raise TableError(fault("too_long", "", "expected at most {most} bytes, got more", most=LARGEST_FILE), where)
    try:
        return tomllib.loads(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        words = "expected a text encoded in UTF-8; byte {byte} is not"
        raise TableError(fault("not_json", "", words, byte=error.start), where) from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise TableError(fault("not_json", "", "not TOML: {why}", why=str(error)), where) from None


def load_toml(file: "Path | Traversable | str", cls: type[T]) -> T:
    """Read a TOML file into an object of `cls`, strictly.

    Raises:
        TableError: All faults at once, each with file and path.
    """
    where = file if isinstance(file, str) else (str(file) if isinstance(file, Path) else file.name)
    try:
        return structure(read_toml(file), cls)
    except DocumentError as error:
        raise TableError(error.problems, where) from None
