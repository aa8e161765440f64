"""JSON texts, read strictly: UTF-8, no key twice, no NaN, no binary floats, bounded size and depth; and written."""

import json
import re
from decimal import Decimal
from typing import Any, TypeVar

from qmi_rules.documents import scalars
from qmi_rules.documents.converter import structure, unstructure
from qmi_rules.errors import DocumentError, Problem

T = TypeVar("T")

LARGEST_DOCUMENT = 2_000_000
"""A JSON text may have this many characters at most; a class may allow more in a constant of this name."""
DEEPEST_DOCUMENT = 40
"""Objects and lists of a JSON text may be nested this deep at most."""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        names = [name for name, _ in pairs]
        twice = sorted({name for name in names if names.count(name) > 1})
        raise DocumentError([Problem(scalars.step(name), "this key stands twice in one object") for name in twice])
    return result


def _decimal_number(text: str) -> Decimal:
    """A JSON number with a point, taken digit by digit: it never passes through a binary float."""
    try:
        return scalars.decimal(text)
    except ValueError as error:
        raise DocumentError(str(error)) from None


def _constant(text: str) -> None:
    raise DocumentError(f"{text} is no number of a JSON document")


def _int(text: str) -> int:
    if len(text) > 30:
        raise DocumentError("a whole number has more than 30 digits")
    return int(text)


def parse_json(text: str | bytes, where: str = "", largest: int = LARGEST_DOCUMENT) -> Any:
    """Read a JSON text strictly: UTF-8, no key twice, no NaN, no binary floats, bounded size and depth.

    Args:
        text: The text.
        where: The file it came from, for the messages.
        largest: How many characters it may have.

    Raises:
        DocumentError: What is wrong, and where.
    """
    if isinstance(text, bytes):
        try:
            text = text.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise DocumentError(f"expected a text encoded in UTF-8; byte {error.start} is not", where) from None
    elif not isinstance(text, str):
        raise DocumentError(f"expected a JSON text, got {type(text).__name__}", where)
    if len(text) > largest:
        raise DocumentError(f"expected at most {largest} characters, got {len(text)}", where)
    if (deep := _depth(text)) > DEEPEST_DOCUMENT:
        raise DocumentError(f"expected objects and lists nested at most {DEEPEST_DOCUMENT} deep, got {deep}", where)
    try:
        return json.loads(
            text.removeprefix("\ufeff"),
            object_pairs_hook=_object,
            parse_float=_decimal_number,
            parse_constant=_constant,
            parse_int=_int,
        )
    except json.JSONDecodeError as error:
        raise DocumentError(f"not JSON: {error.msg} at line {error.lineno}, column {error.colno}", where) from None
    except DocumentError as error:
        raise DocumentError(error.problems, where) from None


_BRACKET = re.compile(r'"(?>[^"\\]+|\\.)*+"?|([\[{])|[\]}]', re.DOTALL)


def _depth(text: str) -> int:
    """How deep brackets are nested, those inside strings left out."""
    depth = deepest = 0
    for found in _BRACKET.finditer(text):
        if found[1]:
            depth += 1
            deepest = max(deepest, depth)
        elif found[0][0] != '"':
            depth -= 1
    return deepest


def from_json(text: str | bytes, cls: type[T], where: str = "") -> T:
    """Read one JSON document into an object of `cls`.

    Raises:
        DocumentError: All faults at once, each with its path.
    """
    return structure(parse_json(text, where, getattr(cls, "LARGEST_DOCUMENT", LARGEST_DOCUMENT)), cls, where)


def to_json(value: object, indent: int | None = 2) -> str:
    """Write an object of the library as a JSON text; decimals as strings, dates as ISO dates, accents as they are."""
    return json.dumps(unstructure(value), ensure_ascii=False, indent=indent)
