"""Batches: one JSON document a line in, one a line out, in order; a line with faults has them in its place and stops nothing."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, BinaryIO, Final, Literal

from cyclopts import Parameter

from qmi_rules.doors.cli.options import Law, Output, name, write
from qmi_rules.errors import DocumentError, fault
from qmi_rules.pages import language
from qmi_rules.pages.harmless import escaped
from qmi_rules.schema import LARGEST_DOCUMENT

LONGEST_LINE: Final = 4 * LARGEST_DOCUMENT
"""Bytes of a line that are kept: as many as the largest document may take in UTF-8, and one more shows that it is too long."""


@Parameter(name="*")
@dataclass(frozen=True)
class Batch:
    """A file of many documents.

    Attributes:
        lines: FILE holds one JSON document a line; answer each on a line, in order, faults in place with the line's number.
        detail: With --lines: full (the whole document) or answer (its head and card).
    """

    lines: Annotated[bool, Parameter(negative=())] = False
    detail: Literal["answer", "full"] = "full"


def answer_lines(door: str, file: str, batch: Batch, output: Output, law: Law, **alone: object) -> None:
    """Answer every line of a file, or of standard input, as soon as it is read; no more than one is held.

    Args:
        door: The question, by its name among `OPERATIONS`.
        file: The file; ``-`` is standard input.
        batch: How much of each answer.
        output: The language.
        law: The law.
        alone: Options that were given, by name, and that make sense for one document only.

    Raises:
        DocumentError: One of those options was given.
        OSError: The file cannot be read, or the answers cannot be written.
    """
    from qmi_rules.doors.answers import Terms, answered_line
    from qmi_rules.doors.operations import OPERATIONS

    if given := [option for option, value in alone.items() if value]:
        words = "this is an option for one document, not for --lines"
        raise DocumentError([fault("contradiction", "--" + option.replace("_", "-"), words) for option in given])
    terms = Terms(table=law.load(), known_on=law.known_on, lang=language(output.lang).code, detail=batch.detail)
    with _opened(file) as stream:
        for number, line in enumerate(_lines(stream), 1):
            write(escaped(answered_line(OPERATIONS[door], line, number, terms)) + "\n")


@contextmanager
def _opened(file: str) -> Iterator[BinaryIO]:
    if file == "-":
        if sys.stdin is None:
            raise DocumentError(fault("required", "", "is closed"), name(file))
        yield sys.stdin.buffer
        return
    if "\0" in file:  # a name that no file can have
        raise DocumentError(fault("required", "", "cannot be read: {why}", why="embedded null byte"), file)
    with Path(file).open("rb") as stream:
        yield stream


def _lines(stream: BinaryIO) -> Iterator[bytes | str]:
    """The lines without their ends; of one that is too long only so much that this is seen."""
    while line := stream.readline(LONGEST_LINE + 1):
        rest = line
        while (
            not rest.endswith(b"\n") and len(rest) > LONGEST_LINE
        ):  # what follows belongs to the same line: read past it
            rest = stream.readline(LONGEST_LINE + 1)
        if len(line) > LONGEST_LINE:
            yield line.decode("utf-8", "replace")  # cut within a character: what is said of it is that it is too long
        else:
            yield line.removesuffix(b"\n").removesuffix(b"\r")
