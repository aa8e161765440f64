"""Published files as a stream of raw records, whatever their shape and size: JSON, XML or a table; total, and in little memory."""

import codecs
import csv
import errno
import io
import json
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO, Any, NamedTuple, TypeAlias
from xml.etree import ElementTree

from qmi_rules.decp.values import column_keys
from qmi_rules.errors import DocumentError, fault

CHUNK = 1 << 20
"""Characters read at a time."""
_XML_CHUNK = 1 << 16
LONGEST_RECORD = 1 << 21
"""A record, a line or a value longer than this many characters is not read; the rest of the file is refused."""
RECORD_TAGS = frozenset(("marche", "contrat-concession"))
_CONTAINERS = RECORD_TAGS | {"marches", "results", "records", "data", "contrats"}
_DEEPEST = 6
_WHITE = " \t\r\n"
_SPACE = re.compile(r"[ \t\r\n]*").match
_COMMA = re.compile(r"[ \t\r\n]*,[ \t\r\n]*(?=[^ \t\r\n])").match
_BETWEEN = re.compile(r'\}[ \t\r\n]*,[ \t\r\n]*\{[ \t\r\n]*"[^"]*"').match
_TOGETHER = 1 << 15
"""Characters of records that are taken in one go."""


class RawRecords(NamedTuple):
    """Records that follow each other, as they were found: mappings, or anything else that stood in their place; `container` names their list."""

    values: list[Any]
    container: str


class Broken(NamedTuple):
    """The rest of the file cannot be read, and why."""

    detail: str


Found: TypeAlias = RawRecords | Broken


class _Buffer:
    """A window on a JSON text from which one value at a time is taken."""

    def __init__(self, text: "Decoded") -> None:
        self._text = text
        self._data = ""
        self._at = 0
        self._passed = 0
        self._ended = False
        self._decoder = json.JSONDecoder(parse_float=str, parse_int=str, parse_constant=str)
        # what `raw_decode` calls: the call between would be a fifth of the time of a record
        self._scan = self._decoder.scan_once  # type: ignore[attr-defined]
        self._between = ""
        self._one_by_one = False

    def _fill(self) -> bool:
        more = "" if self._ended else self._text.read(CHUNK)
        self._ended = not more
        self._passed += self._at
        self._data = self._data[self._at :] + more
        self._at = 0
        return not self._ended

    def peek(self) -> str:
        """The next character that is no white space; empty at the end."""
        following = self._data[self._at : self._at + 1]
        if following and following not in _WHITE:  # nearly every time
            return following
        while True:
            at = self._at = _SPACE(self._data, self._at).end()  # type: ignore[union-attr]
            if at < len(self._data) or not self._fill():
                return self._data[self._at : self._at + 1]

    def place(self) -> int:
        """How many characters were passed."""
        return self._passed + self._at

    def skip(self) -> None:
        """Pass over the next character."""
        self._at += 1

    def begin_list(self) -> None:
        """Pass over the bracket that begins a list of records."""
        self.skip()
        self._between, self._one_by_one = "", False

    def values(self) -> list[Any]:
        """The next value of a list, and those after it as far as they can be taken in one go, which is a sixth quicker.

        Two records have between them, in most files, the same signs as those before, up to the name of the first key. What stands
        before such signs is a list of whole records if it can be read as one: all its brackets and quotes are closed. Where it
        cannot, the records of this list are taken one by one, so that what is broken is found at its place.

        Raises:
            ValueError: As `value`.
        """
        if self._between and (end := self._data.rfind(self._between, self._at, self._at + _TOGETHER)) > 0:
            try:
                found: list[Any] = self._decoder.decode(f"[{self._data[self._at : end + 1]}]")
            except (ValueError, RecursionError):
                self._between, self._one_by_one = "", True
            else:
                self._at = end + 1
                return found
        value = self.value()
        if not self._one_by_one:
            following = _BETWEEN(self._data, self._at - 1)
            self._between = following[0] if following else ""
        return [value]

    def comma(self) -> bool:
        """Pass over a comma and the white space around it; False where none comes, or what follows it is beyond the window."""
        found = _COMMA(self._data, self._at)
        if found is None:
            return False
        self._at = found.end()
        return True

    def value(self) -> Any:
        """The value that begins here: the white space before it was passed by `peek`.

        Raises:
            ValueError: It is broken, cut off, nested too deep or too long.
        """
        while True:
            try:
                value, end = self._scan(self._data, self._at)
            except RecursionError:
                raise ValueError("nested too deep") from None
            except (json.JSONDecodeError, StopIteration) as error:
                if isinstance(error, StopIteration):
                    at, why = error.value, "Expecting value"
                else:
                    at, why = error.pos, error.msg
                if at < len(self._data) - 16 and not why.startswith("Unterminated"):
                    raise ValueError(why) from None  # broken in the middle of the window, not cut off by its edge
                if len(self._data) - self._at > LONGEST_RECORD:
                    raise ValueError("a record is too long") from None
                if not self._fill():
                    raise ValueError(why) from None
                continue
            if end > len(self._data) - 4 and not self._ended:
                self._fill()
                continue  # a number at the edge of the window ("12.", "1e+") may go on beyond it
            self._at = end
            return value


def read_json(text: "Decoded") -> Iterator[Found]:
    """The records of a JSON text: under ``marches``, ``marches.marche``, in a bare list, or one document a line."""
    buffer = _Buffer(text)
    try:
        while buffer.peek():
            yield from _json_value(buffer, "", 0)
            if buffer.peek() == ",":
                buffer.skip()
    except ValueError as error:
        yield Broken(str(error))


def _json_value(buffer: _Buffer, name: str, depth: int) -> Iterable[Found]:
    match buffer.peek():
        case "[":
            return _json_list(buffer, name)
        case "{" if depth < _DEEPEST:
            return _json_object(buffer, name, depth)
        case _:
            buffer.value()
            return ()


def _json_list(buffer: _Buffer, name: str) -> Iterator[Found]:
    buffer.begin_list()
    while (following := buffer.peek()) != "]":
        if not following:
            raise ValueError("the list is cut off")
        values = buffer.values()
        for i, value in enumerate(values):
            if isinstance(value, dict) and ("fields" in value or "marche" in value):
                values[i] = _unwrapped(value)
        yield RawRecords(values, name)
        if buffer.comma():  # nearly always
            continue
        following = buffer.peek()
        if following == ",":
            buffer.skip()
        elif following != "]":
            raise ValueError("a comma is missing in the list")
    buffer.skip()


def _unwrapped(value: dict[str, Any]) -> dict[str, Any]:
    """A record out of the objects that some exports put around it."""
    for key in ("fields", "marche"):
        if isinstance(inner := value.get(key), dict):
            return inner
    return value


def _json_object(buffer: _Buffer, name: str, depth: int) -> Iterator[Found]:
    """An object that holds lists of records, or that is a record itself."""
    buffer.skip()
    own: dict[str, Any] = {}
    length = 0
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
            buffer.peek()
            before = buffer.place()
            own[key] = buffer.value()
            length += buffer.place() - before
            if length > LONGEST_RECORD:
                raise ValueError("a record is too long")
        if buffer.peek() == ",":
            buffer.skip()
    buffer.skip()
    if "procedure" in own or "montant" in own or (name in RECORD_TAGS and own):
        yield RawRecords([own], name)


_LISTS = frozenset(("techniques", "titulaires", "modalitesExecution", "modifications"))

Progress: TypeAlias = Callable[[int, int], None]
"""Called with the bytes read so far and those there are, over all files."""


class Decoded:
    """A stream of bytes as text: UTF-16 by its mark, else UTF-8; where that fails, the whole file decides.

    A file of which most signs beyond ASCII are UTF-8 is a damaged one: what is broken becomes U+FFFD, which is evidence of
    nothing. Else it is the code page of western Windows, however long it began with ASCII.
    """

    def __init__(self, stream: IO[bytes], advance: Callable[[int], None] = lambda count: None) -> None:
        self._stream = stream
        self._advance = advance
        head = stream.read(4)
        stream.seek(0)
        utf16 = head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        self._sure = utf16
        name, errors = ("utf-16", "replace") if utf16 else ("utf-8-sig", "strict")
        self._decoder = codecs.getincrementaldecoder(name)(errors)

    def read(self, size: int) -> str:
        """The next characters, at most about so many; empty at the end."""
        while True:
            data = self._stream.read(size)
            self._advance(len(data))
            text = self._decoded(data)
            if text or not data:
                return text

    def _decoded(self, data: bytes) -> str:
        if self._sure:
            return self._decoder.decode(data, not data)
        pending = self._decoder.getstate()[0]
        try:
            return self._decoder.decode(data, not data)
        except UnicodeDecodeError:
            self._decoder = codecs.getincrementaldecoder(_encoding(self._stream))("replace")
            self._sure = True
            return self._decoder.decode(pending + data, not data)

    def lines(self) -> Iterator[str]:
        """The lines with their ends.

        Raises:
            ValueError: One is longer than a record may be.
        """
        rest = ""
        while piece := self.read(CHUNK):
            *whole, rest = io.StringIO(rest + piece, newline="").readlines()
            yield from whole
            if len(rest) > LONGEST_RECORD:
                raise ValueError("a line is too long")
        if rest:
            yield from io.StringIO(rest, newline="")


def _encoding(stream: IO[bytes]) -> str:
    """UTF-8 where it makes sense of most of a file's signs beyond ASCII; else the code page of western Windows."""
    here = stream.tell()
    stream.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    read = damaged = 0
    while data := stream.read(CHUNK):
        text = decoder.decode(data)
        damaged += text.count("\ufffd")
        read += len(text) - len(text.encode("ascii", "ignore"))
    stream.seek(here)
    return "utf-8" if read > 2 * damaged else "cp1252"


def read_file(path: Path, advance: Callable[[int], None] = lambda count: None) -> Iterator[Found]:
    """The raw records of one file, in order.

    Args:
        path: The file, ``-`` for standard input; its shape is told from its first characters, not from its name.
        advance: Called with the number of bytes read at a time.

    Raises:
        DocumentError: The file cannot be opened or read. What is wrong inside it is never raised.
    """
    try:
        with _opened(path) as stream:
            yield from _read(stream, advance)
    except OSError as error:
        raise DocumentError(
            fault("required", "", "cannot be read: {why}", why=error.strerror or error), str(path)
        ) from None


def _opened(path: Path) -> IO[bytes]:
    """A file that can be gone back in; what cannot, is put into one that has no name, so that nothing is left of it."""
    if str(path) != "-":
        given: IO[bytes] = path.open("rb")
        if given.seekable():
            return given
    elif sys.stdin is None:
        raise OSError(errno.EBADF, os.strerror(errno.EBADF))
    else:
        given = sys.stdin.buffer
    copy = tempfile.TemporaryFile(prefix="qmi-rules-")  # noqa: SIM115 - who reads it closes it
    shutil.copyfileobj(given, copy, CHUNK)
    copy.seek(0)
    return copy


def _read(stream: IO[bytes], advance: Callable[[int], None]) -> Iterable[Found]:
    head = stream.read(4_096)
    stream.seek(0)
    if head.startswith((b"PAR1", b"PK", b"\x1f\x8b")):
        return (Broken("not a text: unpack it first (and read Parquet through a data frame)"),)
    utf16 = head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    first = head.decode("utf-16" if utf16 else "latin-1", "replace").lstrip("\ufeff\xef\xbb\xbf \t\r\n")[:1]
    if first == "<":
        return read_xml(stream, advance)
    text = Decoded(stream, advance)
    return read_json(text) if first in ("{", "[") else read_table(text)


# --- XML


def read_xml(stream: IO[bytes], advance: Callable[[int], None] = lambda count: None) -> Iterator[Found]:
    """The records of the official XML (``marches/marche``); one element is held at a time, and none that is too long."""
    parser: Any = ElementTree.XMLPullParser(("start", "end"))
    root: ElementTree.Element | None = None
    since = 0  # bytes since the last record ended: what an element without an end can grow to
    try:
        while data := stream.read(_XML_CHUNK):
            advance(len(data))
            since += len(data)
            parser.feed(data)
            for event, element in parser.read_events():
                tag = _tag(element)
                if event == "start":
                    root = element if root is None else root
                elif tag in RECORD_TAGS and element is not root:
                    value = _plain_element(element)
                    element.clear()
                    if root is not None:
                        root.clear()
                    since = 0
                    yield RawRecords([value], tag)
            if since > LONGEST_RECORD:
                raise ValueError("a record is too long")
        parser.close()
    except (ElementTree.ParseError, ValueError, LookupError, RecursionError) as error:
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


def read_table(text: Decoded) -> Iterator[Found]:
    """The rows of a table with a header line; the separator is the one most used in it."""
    try:
        lines = text.lines()
        header = next(lines, "")
        separator = max(",;\t|", key=header.count)
        names = [name.strip() for name in next(csv.reader([header], delimiter=separator), [])]
        keys = column_keys(names)
        if len(names) < 3 or not {"montant", "procedure", "uid", "acheteur_id"} & set(keys):
            raise ValueError(
                "not a table of contracts: no column montant, procedure, uid or acheteur_id in the first line"
            )
        yield from _rows(csv.reader(lines, delimiter=separator), keys)
    except (csv.Error, ValueError) as error:
        yield Broken(str(error)[:120])


def _rows(rows: "Iterator[list[str]]", keys: list[str]) -> Iterator[Found]:
    while True:
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:  # this row alone: the reader goes on after it
            yield RawRecords([str(error)], "row")
            continue
        if row:
            yield RawRecords([dict(zip(keys, row, strict=False))], "row")
