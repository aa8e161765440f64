"""Options that commands share; the reading of documents from a file or from standard input; the files that commands write."""

import datetime
import errno
import io
import os
import stat
import sys
import warnings
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, TextIO, TypeVar

from cyclopts import Parameter

from qmi_rules.errors import DocumentError, LocalRuleWarning, fault
from qmi_rules.law import Table, default_table, load_table
from qmi_rules.pages import Explained, language, visible
from qmi_rules.pages.harmless import cleaned, escaped
from qmi_rules.schema import LARGEST_DOCUMENT, from_json, parse_json, written_json
from qmi_rules.schema.json_text import ParsedText, parse

T = TypeVar("T")
STDOUT = "standard output"
File = Annotated[str, Parameter(allow_leading_hyphen=True)]


def indent() -> int | None:
    """JSON is compact unless a person reads it on a terminal."""
    return 2 if sys.stdout is not None and sys.stdout.isatty() else None


def to_day(_: Any, tokens: Any) -> datetime.date:
    """A day as ISO writes it; the message says so where it is none."""
    text = tokens[0].value
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"expected a date such as 2026-05-15, got {text[:60]!r}") from None


Day = Annotated[datetime.date, Parameter(converter=to_day)]


@Parameter(name="*")
@dataclass(frozen=True)
class Output:
    """How to answer.

    Attributes:
        json: Answer with a JSON document.
        lang: Language of the answer: fr or en.
        force: Write also over what the command reads, and where a link leads.
        templates: Folder of page templates of one's own, laid over those of the package.
    """

    json: Annotated[bool, Parameter(negative=())] = False
    lang: str = "fr"
    force: Annotated[bool, Parameter(negative=())] = False
    templates: Path | None = None

    def __post_init__(self) -> None:
        if self.templates is not None:  # for every page that the command makes, whatever it is written to
            from qmi_rules.pages.templates import lay_over

            lay_over(self.templates)

    def show(self, result: Explained) -> None:
        """Print a result as JSON or as text."""
        language(self.lang)
        write(
            escaped(result.to_json(lang=self.lang, indent=indent())) + "\n" if self.json else result.explain(self.lang)
        )

    def say(self, data: Any, text: str) -> None:
        """Print plain data as JSON, or a text."""
        write(escaped(written_json(data, indent())) + "\n" if self.json else text)


Full = Annotated[bool, Parameter(negative=())]
"""Whether a command prints all it knows after its card."""


@Parameter(name="*")
@dataclass(frozen=True)
class Law:
    """Which law to apply.

    Attributes:
        table: TOML file or folder to use instead of the national table; a file with `over = "national"` is laid over it.
        known_on: Take only what was published by this day.
    """

    table: Path | None = None
    known_on: Day | None = None

    def load(self) -> Table:
        """The table to apply."""
        if self.table is None:
            return default_table()
        table = load_table(self.table)
        if not table.local:
            return table
        with warnings.catch_warnings():
            # `check` tells it in the reader's language; an answer names the local rule that shut what it shows
            warnings.simplefilter("ignore", LocalRuleWarning)
            return table.over(default_table())


def read_text(file: str, largest: int = LARGEST_DOCUMENT) -> bytes:
    """The content of a file, or of standard input for ``-``; bounded, so that nothing endless is read."""
    if file == "-":
        if sys.stdin is None:
            raise DocumentError(fault("required", "", "is closed"), name(file))
        return sys.stdin.buffer.read(4 * largest + 1)
    try:
        with Path(file).open("rb") as stream:
            return stream.read(4 * largest + 1)
    except ValueError as error:  # a name that no file can have
        raise DocumentError(fault("required", "", "cannot be read: {why}", why=error), file) from None


def read(file: str, cls: type[T]) -> T:
    """Read a document of a class.

    Raises:
        DocumentError: All faults at once, each with its path.
    """
    return from_json(read_text(file), cls, name(file))


def read_data(file: str, largest: int = LARGEST_DOCUMENT) -> Any:
    """Read a JSON document of at most `largest` characters as plain data."""
    return parse_json(read_text(file, largest), name(file), largest)


def parsed(file: str) -> ParsedText:
    """A JSON document of which a part will be read; its own faults are reported with those of that part."""
    return parse(read_text(file), name(file))


def name(file: str) -> str:
    """How messages name the file."""
    return "standard input" if file == "-" else file


def write(text: str) -> None:
    """Print a text in UTF-8, whatever the locale of the process.

    Raises:
        OSError: Standard output is closed, full or no longer read.
    """
    if sys.stdout is None:
        raise OSError(errno.EBADF, os.strerror(errno.EBADF), STDOUT)
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))
    sys.stdout.buffer.flush()


class Printed(io.TextIOBase):
    """Standard output for what writes a JSON text piece by piece."""

    def write(self, text: str) -> int:
        write(escaped(text))
        return len(text)


def visible_lines(lines: list[str]) -> str:
    """Lines of text, without what steers a terminal: the name of a file may hold anything."""
    return "".join(visible(line) + "\n" for line in lines)


# --- files that commands write: beside their place first and then renamed, so that a full disk or an end leaves the former file


Writer = Callable[[TextIO], None]


def put(
    path: Path,
    content: str | bytes | Writer,
    *,
    inputs: Iterable[Path | str] = (),
    force: bool,
    encoding: str = "utf-8",
) -> None:
    """Write a file whole or not at all.

    Args:
        path: Where.
        content: The text, the bytes, or what writes a text.
        inputs: What the command reads: none of it is overwritten.
        force: Overwrite an input, follow a link.
        encoding: Of the file.

    Raises:
        DocumentError: It cannot be written, is an input, or is a link.
    """
    write = content if callable(content) else lambda file: _all(file, content)
    try:
        if path.exists() and not stat.S_ISREG(path.stat().st_mode):  # a terminal or a pipe has no place beside it
            with path.open("w", encoding=encoding, newline="") as file:
                write(file)
        else:
            _check(path, inputs, force)
            _replace(path.resolve() if force else path, write, encoding)
    except OSError as error:
        why = error.strerror or str(error)
        raise DocumentError(fault("contradiction", "", "cannot be written: {why}", why=why), str(path)) from None
    if sys.stderr is not None:
        print(f"→ {visible(str(path))}", file=sys.stderr)


def _all(file: TextIO, content: str | bytes) -> None:
    if isinstance(content, bytes):
        file.buffer.write(content)
    else:
        file.write(cleaned(content))


def _check(path: Path, inputs: Iterable[Path | str], force: bool) -> None:
    if force:
        return
    if path.is_symlink():
        raise DocumentError(
            fault("contradiction", "", "is a link; --force writes the file that it leads to"), str(path)
        )
    for given in inputs:
        if path.exists() and Path(given).exists() and path.samefile(given):
            raise DocumentError(
                fault("contradiction", "", "is what the command reads; --force overwrites it"), str(path)
            )


def _replace(path: Path, write: Writer, encoding: str) -> None:
    beside = path.with_name(f".{path.name[:200]}.{os.getpid()}")
    try:
        with os.fdopen(
            os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666), "w", encoding=encoding, newline=""
        ) as file:
            write(file)
        with suppress(FileNotFoundError):
            beside.chmod(stat.S_IMODE(path.stat().st_mode))
        beside.replace(path)
    except BaseException:  # also the end that a person or the system asks for
        beside.unlink(missing_ok=True)
        raise
