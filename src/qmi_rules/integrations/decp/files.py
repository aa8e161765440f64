"""Published files as a stream of raw records, whatever their shape and size: JSON, XML or a table; total, and in little memory."""

import codecs
import csv
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any, TypeAlias
from xml.etree import ElementTree

from qmi_rules.errors import DocumentError
from qmi_rules.integrations.decp.json_files import RECORD_TAGS, Broken, Found, RawRecord, read_json

CHUNK = 1 << 20
"""Bytes read at a time."""
_LISTS = frozenset(("techniques", "titulaires", "modalitesExecution", "modifications"))

Progress: TypeAlias = Callable[[int, int], None]
"""Called with the bytes read so far and those there are, over all files."""


class _Counted(io.RawIOBase):
    """A binary file that tells how far it was read."""

    def __init__(self, file: IO[bytes], advance: Callable[[int], None]) -> None:
        self._file = file
        self._advance = advance

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._file.read(len(buffer))
        buffer[: len(data)] = data
        self._advance(len(data))
        return len(data)


def read_file(path: Path, advance: Callable[[int], None]) -> Iterator[Found]:
    """The raw records of one file, in order.

    Args:
        path: The file; its shape is told from its first characters, not from its name.
        advance: Called with the number of bytes read at a time.

    Raises:
        DocumentError: The file cannot be opened. What is wrong inside it is never raised.
    """
    try:
        file = path.open("rb")
    except OSError as error:
        raise DocumentError(f"cannot be read: {error.strerror or error}", str(path)) from None
    with file, io.BufferedReader(_Counted(file, advance), CHUNK) as stream:
        try:
            head = stream.peek(4_096)[:4_096]
        except OSError as error:
            raise DocumentError(f"cannot be read: {error.strerror or error}", str(path)) from None
        encoding = _encoding(head)
        if head.startswith((b"PAR1", b"PK", b"\x1f\x8b")):
            yield Broken("not a text: unpack it first (and read Parquet through a data frame)")
            return
        first = head.decode(encoding, "replace").lstrip("\ufeff \t\r\n")[:1]
        if first == "<":
            yield from read_xml(stream)
            return
        text = io.TextIOWrapper(stream, encoding, errors="replace", newline="")
        yield from read_json(text) if first in ("{", "[") else read_table(text)


def _encoding(head: bytes) -> str:
    """UTF-16 by its mark; UTF-8 where the first bytes are; else the code page of western Windows."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


# --- XML


def read_xml(stream: IO[bytes]) -> Iterator[Found]:
    """The records of the official XML (``marches/marche``); one element is held at a time."""
    try:
        events = ElementTree.iterparse(stream, ("start", "end"))
        root = None
        for event, element in events:
            tag = _tag(element)
            if event == "start":
                root = element if root is None else root
            elif tag in RECORD_TAGS and element is not root:
                value = _plain_element(element)
                element.clear()
                if root is not None:
                    root.clear()
                yield RawRecord(value, tag)
    except (ElementTree.ParseError, ValueError, LookupError, OSError, RecursionError) as error:
        yield Broken(str(error)[:80])


def _tag(element: "ElementTree.Element") -> str:
    return element.tag.rpartition("}")[2]


def _plain_element(element: "ElementTree.Element") -> Any:
    """An element as the JSON shape has it: text, mapping, or a list of wrapped items."""
    children = list(element)
    if not children:
        return element.text or ""
    if _tag(element) in _LISTS:
        return [{_tag(child): _plain_element(child)} for child in children]
    return {_tag(child): _plain_element(child) for child in children}


# --- tables


def read_table(text: IO[str]) -> Iterator[Found]:
    """The rows of a table with a header line; the separator is the one most used in it."""
    try:
        header = text.readline(CHUNK)
        separator = max(",;\t|", key=header.count)
        names = next(csv.reader([header], delimiter=separator), [])
    except (csv.Error, OSError) as error:
        yield Broken(str(error)[:80])
        return
    names = [name.strip().strip("\ufeff") for name in names]
    if len(names) < 3 or not {name.lower() for name in names} & {"montant", "procedure", "uid", "acheteur_id"}:
        yield Broken("not a table of contracts: no column montant, procedure, uid or acheteur_id in the first line")
        return
    rows = csv.reader(text, delimiter=separator)
    while True:
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:  # this row alone: the reader goes on after it
            yield RawRecord(str(error), "row")
            continue
        except OSError as error:
            yield Broken(str(error)[:80])
            return
        if row:
            yield RawRecord(dict(zip(names, row, strict=False)), "row")
