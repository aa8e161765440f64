"""The records of a JSON text as a stream, whatever lists they stand in: one value at a time is held in memory."""

import json
import re
from collections.abc import Iterator
from typing import IO, Any, NamedTuple, TypeAlias

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
