"""Converters and validators of single values: amounts, counts, texts, dates; each says what was expected and what came."""

import math
import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from qmi_rules.documents.checks import LONGEST_LIST, Check, EachCheck, KeyedCheck, each, optional
from qmi_rules.documents.numerals import decimal
from qmi_rules.documents.quoting import a, require, shown, step

__all__ = [
    "DAY",
    "EARLIEST",
    "EUROS",
    "IDENTIFIER",
    "LARGEST_AMOUNT",
    "LATEST",
    "LONGEST_LIST",
    "LONGEST_TEXT",
    "SHARE",
    "TRUTH",
    "URL",
    "Check",
    "EachCheck",
    "KeyedCheck",
    "decimal",
    "each",
    "is_a",
    "is_day",
    "matching",
    "optional",
    "plain_day",
    "require",
    "shown",
    "step",
    "text",
    "to_day",
    "to_days",
    "to_decimal",
    "to_decimals",
    "to_optional_day",
    "to_optional_decimal",
    "to_texts",
    "to_tuple",
    "whole",
]

EARLIEST = date(1990, 1, 1)
LATEST = date(2100, 12, 31)
LARGEST_AMOUNT = Decimal("1e12")
LONGEST_TEXT = 20_000


def to_decimal(value: Decimal | int | str) -> Decimal:
    """attrs converter: what `decimal` takes; other values pass on to the validator, which refuses them."""
    try:
        return decimal(value)
    except ValueError:
        return value  # type: ignore[return-value]


def to_optional_decimal(value: Decimal | int | str | None) -> Decimal | None:
    """attrs converter: `to_decimal`, and None stays None."""
    return None if value is None else to_decimal(value)


def to_decimals(values: Iterable[Decimal | int | str]) -> tuple[Decimal, ...]:
    """attrs converter: an iterable of what `decimal` takes becomes a tuple."""
    found = to_tuple(values)
    return tuple(map(to_decimal, found)) if isinstance(found, tuple) else found


def to_tuple(values: Any) -> tuple[Any, ...]:
    """attrs converter: any iterable becomes a tuple; a text, a mapping and what is none pass on to the validator."""
    if isinstance(values, tuple) or not isinstance(values, Iterable) or isinstance(values, str | bytes | Mapping):
        return values  # type: ignore[return-value]
    return tuple(values)


def to_texts(values: Iterable[str]) -> tuple[str, ...]:
    """attrs converter: an iterable of texts becomes a tuple; one text alone is no list of its letters."""
    return to_tuple(values)


def is_day(value: object) -> bool:
    """Whether it is a date without a time; a subclass of `date`, as clocks of tests make them, is one."""
    return isinstance(value, date) and not isinstance(value, datetime)


def plain_day(value: date) -> date:
    """The same day as a `date` and nothing more."""
    plain = type(EARLIEST)  # not the name: clocks of tests put a class of theirs under it
    return value if type(value) is plain else plain(value.year, value.month, value.day)


def to_day(value: date) -> date:
    """attrs converter: a plain date; what is no day passes on to the validator, which refuses it."""
    return plain_day(value) if is_day(value) else value


def to_optional_day(value: date | None) -> date | None:
    """attrs converter: `to_day`, and None stays None."""
    return None if value is None else to_day(value)


def to_days(values: Iterable[date]) -> tuple[date, ...]:
    """attrs converter: an iterable of dates becomes a tuple of plain ones."""
    found = to_tuple(values)
    return tuple(map(to_day, found)) if isinstance(found, tuple) else found


def _cents(value: Any) -> bool:
    return (
        isinstance(value, Decimal)
        and value.is_finite()
        and 0 <= value < LARGEST_AMOUNT
        and value == value.quantize(Decimal("0.01"))
    )


def _whole(value: Any, low: float, high: float) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def is_a(kind: type, expected: str = "") -> Check:
    """A value of this kind."""
    name = expected or {"str": "a text", "bool": "true or false", "date": "a date"}.get(kind.__name__, a(kind.__name__))
    return Check(name, lambda value: isinstance(value, kind))


def whole(low: int = 0, high: float = math.inf, unit: str = "") -> Check:
    """A whole number within bounds, both included."""
    bounds = f"from {low} to {high}" if high < math.inf else f"of at least {low}"
    return Check(
        f"a whole number {unit + ' ' if unit else ''}{bounds}",
        lambda value: _whole(value, low, high),
        {"minimum": low} | ({"maximum": high} if high < math.inf else {}),
    )


def text(longest: int = LONGEST_TEXT) -> Check:
    """A text with at least one visible character, no longer than `longest` characters, no NUL and no lone surrogate."""
    return Check(
        f"a text of 1 to {longest} characters",
        lambda value: (
            isinstance(value, str)
            and bool(value.strip())
            and len(value) <= longest
            and "\0" not in value
            and not any(0xD800 <= ord(c) <= 0xDFFF for c in value)
        ),
        {"minLength": 1, "maxLength": longest, "pattern": r"\S", "not": {"type": "string", "pattern": r"\u0000"}},
    )


def matching(pattern: str, expected: str) -> Check:
    """A text that fully matches a regular expression, one that JSON Schema reads the same way."""
    compiled = re.compile(pattern)
    return Check(
        expected,
        lambda value: isinstance(value, str) and len(value) <= 2_000 and compiled.fullmatch(value) is not None,
        {"pattern": f"^({pattern})$", "maxLength": 2_000},
    )


EUROS = Check(
    "an amount in euros, at least 0, below 1e12, with at most two decimals",
    _cents,
    {
        "minimum": 0,
        "exclusiveMaximum": int(LARGEST_AMOUNT),
        "pattern": r"^(0{0,18}[0-9]{1,12}(\.[0-9]{1,2}0{0,28})?|-0{1,30}(\.0{1,30})?)$",
    },
)
SHARE = Check(
    "a share from 0 to 1",
    lambda value: isinstance(value, Decimal) and value.is_finite() and 0 <= value <= 1,
    {
        "minimum": 0,
        "maximum": 1,
        "pattern": r"^(0{1,30}(\.[0-9]{1,30})?|0{0,29}1(\.0{1,30})?|-0{1,30}(\.0{1,30})?)$",
    },
)
TRUTH = optional(is_a(bool))
DAY = Check(
    f"a date from {EARLIEST} to {LATEST}, without a time",
    lambda value: is_day(value) and EARLIEST <= value <= LATEST,
    {"pattern": "^(199[0-9]|20[0-9]{2}|2100)-"},
)
URL = matching(r"""https?://[^\s<>"']{3,2000}""", "a web address that begins with http:// or https://")
IDENTIFIER = matching(r"[a-z][a-z0-9_.-]{0,79}", "an identifier of lower-case letters, digits, '_', '.' or '-'")
