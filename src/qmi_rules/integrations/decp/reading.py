"""Published files as a stream of raw records, whatever their shape and size: JSON, XML or a table; total, and in little memory."""

import codecs
import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any, NamedTuple, TypeAlias
from xml.etree import ElementTree

from qmi_rules.errors import DocumentError

CHUNK = 1 << 20
"""Characters read at a time."""
LONGEST_RECORD = 1 << 24
"""A record longer than this many characters is not read; the rest of the file is refused."""
RECORD_TAGS = frozenset(("marche", "contrat-concession"))
_CONTAINERS = RECORD_TAGS | {"marches", "results", "records", "data", "contrats"}
_DEEPEST = 6
_SPACE = re.compile(r"[ \t\r\n]*").match


class RawRecord(NamedTuple):
    """A record as it was found: a mapping, or anything else that stood in its place; `container` names its list."""

    value: Any
    container: str


class Broken(NamedTuple):
    """The rest of the file cannot be read, and why."""

    detail: str


Found: TypeAlias = RawRecord | Broken


class _Buffer:
    """A window on a JSON text from which one value at a time is taken."""

    def __init__(self, text: IO[str]) -> None:
        self._text = text
        self._data = ""
        self._at = 0
        self._ended = False
        self._decode = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=str).raw_decode

    def _fill(self) -> bool:
        more = "" if self._ended else self._text.read(CHUNK)
        self._ended = not more
        self._data = self._data[self._at :] + more
        self._at = 0
        return not self._ended

    def peek(self) -> str:
        """The next character that is no white space; empty at the end."""
        while True:
            at = self._at = _SPACE(self._data, self._at).end()  # type: ignore[union-attr]
            if at < len(self._data) or not self._fill():
                return self._data[self._at : self._at + 1]

    def skip(self) -> None:
        """Pass over the next character."""
        self._at += 1

    def value(self) -> Any:
        """The next value.

        Raises:
            ValueError: It is broken, cut off, nested too deep or too long.
        """
        self.peek()
        while True:
            try:
                value, end = self._decode(self._data, self._at)
            except RecursionError:
                raise ValueError("nested too deep") from None
            except json.JSONDecodeError as error:
                if error.pos < len(self._data) - 16 and not error.msg.startswith("Unterminated"):
                    raise ValueError(error.msg) from None  # broken in the middle of the window, not cut off by its edge
                if len(self._data) - self._at > LONGEST_RECORD:
                    raise ValueError("a record is too long") from None
                if not self._fill():
                    raise ValueError(error.msg) from None
                continue
            if end > len(self._data) - 4 and not self._ended:
                self._fill()
                continue  # a number at the edge of the window ("12.", "1e+") may go on beyond it
            self._at = end
            return value


def read_json(text: IO[str]) -> Iterator[Found]:
    """The records of a JSON text: under ``marches``, ``marches.marche``, in a bare list, or one document a line."""
    buffer = _Buffer(text)
    try:
        while buffer.peek():
            yield from _json_value(buffer, "", 0)
            if buffer.peek() == ",":
                buffer.skip()
    except (ValueError, OSError) as error:
        yield Broken(str(error))


def _json_value(buffer: _Buffer, name: str, depth: int) -> Iterator[Found]:
    match buffer.peek():
        case "[":
            yield from _json_list(buffer, name)
        case "{" if depth < _DEEPEST:
            yield from _json_object(buffer, name, depth)
        case _:
            buffer.value()


def _json_list(buffer: _Buffer, name: str) -> Iterator[Found]:
    buffer.skip()
    while (following := buffer.peek()) != "]":
        if not following:
            raise ValueError("the list is cut off")
        value = buffer.value()
        yield RawRecord(_unwrapped(value), name)
        following = buffer.peek()
        if following == ",":
            buffer.skip()
        elif following != "]":
            raise ValueError("a comma is missing in the list")
    buffer.skip()


def _unwrapped(value: Any) -> Any:
    """A record out of the objects that some exports put around it."""
    if isinstance(value, dict):
        for key in ("fields", "marche"):
            if isinstance(inner := value.get(key), dict):
                return inner
    return value


def _json_object(buffer: _Buffer, name: str, depth: int) -> Iterator[Found]:
    """An object that holds lists of records, or that is a record itself."""
    buffer.skip()
    own: dict[str, Any] = {}
    while (following := buffer.peek()) != "}":
        if following != '"':
            raise ValueError("a key is missing or the object is cut off")
        key = buffer.value()
        if buffer.peek() != ":":
            raise ValueError("a colon is missing after a key")
        buffer.skip()
        if key in _CONTAINERS and buffer.peek() in ("[", "{"):
            yield from _json_value(buffer, key, depth + 1)
        else:
            own[key] = buffer.value()
        if buffer.peek() == ",":
            buffer.skip()
    buffer.skip()
    if "procedure" in own or "montant" in own or (name in RECORD_TAGS and own):
        yield RawRecord(own, name)


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
