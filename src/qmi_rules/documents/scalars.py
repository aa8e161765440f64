"""Converters and validators of single values: amounts, counts, texts, dates; each says what was expected and what came."""

import math
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar

from attrs import Attribute, frozen

from qmi_rules.errors import DocumentError, Problem

EARLIEST = date(1990, 1, 1)
LATEST = date(2100, 12, 31)
LARGEST_AMOUNT = Decimal("1e12")
LONGEST_TEXT = 20_000
LONGEST_LIST = 10_000

T = TypeVar("T")
_NUMERAL = re.compile(r"-?\d{1,30}(\.\d{1,30})?\Z", re.ASCII)


def shown(value: object) -> str:
    """A value as an error message quotes it: short, on one line, no control characters."""
    try:
        text = str(value) if isinstance(value, (Decimal, date)) else repr(value)
    except (RecursionError, ValueError):  # nested too deep, or a number of too many digits
        text = f"a value of type {type(value).__name__} that is too large to show"
    return text if len(text) <= 60 else text[:57] + "…" + text[-1:]


def step(key: object) -> str:
    """A key of a document as a path shows it: short, with what cannot be seen (or would steer a terminal) written as an escape."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in str(key)[:200]) or '""'


def require(name: str, value: object, *kinds: type) -> None:
    """Refuse an argument of a public function that is of none of the kinds it takes.

    Raises:
        DocumentError: What was expected and what came; the path is the name of the argument.
    """
    if isinstance(value, kinds):
        return
    expected = " or ".join(f"{'an' if kind.__name__[0] in 'AEIOU' else 'a'} {kind.__name__}" for kind in kinds)
    remedy = "; read a document with from_json" if isinstance(value, str | bytes | dict) else ""
    raise DocumentError([Problem(name, f"expected {expected}, got {shown(value)}{remedy}")])


def decimal(value: object) -> Decimal:
    """A number of a document: a decimal string, an int or a Decimal; never a float.

    Raises:
        ValueError: What was expected and what came.
    """
    if isinstance(value, Decimal):
        return value
    if isinstance(value, str):
        if _NUMERAL.match(value):
            try:
                return Decimal(value)
            except InvalidOperation:  # pragma: no cover - the pattern leaves nothing to refuse
                pass
        raise ValueError(f'expected a decimal number in a string such as "85000.00", got {shown(value)}')
    if isinstance(value, int) and not isinstance(value, bool):
        if abs(value) < 10**30:
            return Decimal(value)
        raise ValueError("expected a number below 1e30, got one that is larger")
    if isinstance(value, float):
        raise ValueError(f'expected a decimal number in a string such as "85000.00", got the float {shown(value)}')
    raise ValueError(f'expected a decimal number in a string such as "85000.00", got {shown(value)}')


def to_decimal(value: Decimal | int | str) -> Decimal:
    """attrs converter: what `decimal` takes; other values pass on to the validator, which refuses them."""
    try:
        return decimal(value)
    except ValueError:
        return value  # type: ignore[return-value]


def to_optional_decimal(value: Decimal | int | str | None) -> Decimal | None:
    """attrs converter: `to_decimal`, and None stays None."""
    return None if value is None else to_decimal(value)


def to_decimals(values: Any) -> tuple[Decimal, ...]:
    """attrs converter: an iterable of what `decimal` takes becomes a tuple."""
    return tuple(to_decimal(value) for value in values) if isinstance(values, (list, tuple)) else values


def to_tuple(values: Any) -> tuple[Any, ...]:
    """attrs converter: a list becomes a tuple; anything else passes on to the validator."""
    return tuple(values) if isinstance(values, list) else values


@frozen
class Check:
    """An attrs validator made of a test and the words for what it expects; it raises `DocumentError` with a path."""

    expected: str
    test: Callable[[Any], bool]

    def __call__(self, instance: Any, attribute: "Attribute[Any]", value: Any) -> None:
        if not self.test(value):
            raise DocumentError([Problem(attribute.name, f"expected {self.expected}, got {shown(value)}")])

    def __repr__(self) -> str:
        return f"<expects {self.expected}>"


def optional(check: Check) -> Check:
    """The same check, and None is accepted: the value is not known."""
    return Check(check.expected, lambda value: value is None or check.test(value))


def each(check: Check) -> "EachCheck":
    """A check of every item of a tuple; the path names the item."""
    return EachCheck(check)


@frozen
class EachCheck:
    """An attrs validator that applies a check to every item of a tuple."""

    check: Check

    def __call__(self, instance: Any, attribute: "Attribute[Any]", value: Any) -> None:
        if not isinstance(value, tuple):
            raise DocumentError([Problem(attribute.name, f"expected a list, got {shown(value)}")])
        if problems := [
            Problem(f"{attribute.name}[{i}]", f"expected {self.check.expected}, got {shown(item)}")
            for i, item in enumerate(value)
            if not self.check.test(item)
        ]:
            raise DocumentError(problems)


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
    """A value of exactly this kind (a bool is no int)."""
    name = expected or {"str": "a text", "bool": "true or false", "date": "a date"}.get(kind.__name__, kind.__name__)
    return Check(name, lambda value: isinstance(value, kind))


def whole(low: int = 0, high: float = math.inf, unit: str = "") -> Check:
    """A whole number within bounds, both included."""
    bounds = f"from {low} to {high}" if high < math.inf else f"of at least {low}"
    return Check(f"a whole number {bounds}{' ' + unit if unit else ''}", lambda value: _whole(value, low, high))


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
    )


def matching(pattern: str, expected: str) -> Check:
    """A text that fully matches a regular expression."""
    compiled = re.compile(pattern)
    return Check(
        expected, lambda value: isinstance(value, str) and len(value) <= 2_000 and compiled.fullmatch(value) is not None
    )


EUROS = Check("an amount in euros, at least 0, below 1e12, with at most two decimals", _cents)
SHARE = Check(
    "a share from 0 to 1",
    lambda value: isinstance(value, Decimal) and value.is_finite() and 0 <= value <= 1,
)
TRUTH = optional(is_a(bool))
DAY = Check(
    f"a date from {EARLIEST} to {LATEST}",
    lambda value: type(value) is date and EARLIEST <= value <= LATEST,
)
URL = matching(r"https?://[^\s<>\"']{3,2000}", "a web address that begins with http:// or https://")
IDENTIFIER = matching(r"[a-z][a-z0-9_.-]{0,79}", "an identifier of lower-case letters, digits, '_', '.' or '-'")
