"""Single values of a document: decimals, converters, and checks that know their own words and their JSON Schema."""

import math
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NoReturn

import attrs
from attrs import Attribute, field, frozen

from qmi_rules.documents.faults import a
from qmi_rules.documents.faults import require as require
from qmi_rules.documents.faults import shown as shown
from qmi_rules.documents.faults import step as step
from qmi_rules.documents.read_only import to_read_only
from qmi_rules.errors import DocumentError, Problem

EARLIEST = date(1990, 1, 1)
LATEST = date(2100, 12, 31)
LARGEST_AMOUNT = Decimal("1e12")
LONGEST_TEXT = 20_000
LONGEST_LIST = 10_000
"""A list of a document may have this many items at most."""
PLAIN = r"-?[0-9]{1,30}(\.[0-9]{1,30})?"
"""A number in plain notation, as a pattern."""
_NUMERAL = re.compile(PLAIN)
_MOST_DIGITS = 30
_FAULTS = (
    (re.compile(r"\d,\d"), "a point before the decimals, no comma"),
    (re.compile(r"\s"), "no spaces"),
    (re.compile(r"[^\d\s.,+\-eE_'\u2019]"), "no currency sign or other letters"),
    (re.compile(r"\d[eE][+-]?\d"), "no exponent"),
)


def decimal(value: object) -> Decimal:
    """A number of a document: a decimal string, an int or a Decimal; never a float. In plain notation, whatever came.

    Raises:
        ValueError: What was expected and what came.
    """
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, str):
        if _NUMERAL.fullmatch(value):
            return Decimal(value) if value[0] != "-" and value[-1] != "0" else plain(Decimal(value))
        raise ValueError(
            f'expected a decimal number in a string such as "85000.00"{_remedy(value)}, got {shown(value)}'
        )
    if isinstance(value, int) and not isinstance(value, bool):
        if abs(value) < 10**_MOST_DIGITS:
            return Decimal(value)
        raise ValueError("expected a number below 1e30, got one that is larger")
    if isinstance(value, float):
        raise ValueError(f'expected a decimal number in a string such as "85000.00", got the float {shown(value)}')
    raise ValueError(f'expected a decimal number in a string such as "85000.00", got {shown(value)}')


def plain(value: Decimal) -> Decimal:
    """The same number without exponent, without the sign of a zero, without zeros behind the second decimal.

    What is no number, or has more digits than a document may, stays as it is: checks refuse it.
    """
    _, digits, exponent = value.as_tuple()
    if not isinstance(exponent, int) or (value and abs(value.adjusted()) > _MOST_DIGITS):
        return value
    if not value:
        return Decimal(0).scaleb(max(min(exponent, 0), -2))
    if exponent > 0:
        return Decimal(format(value, "f"))
    if exponent < -2 and not digits[-1]:
        whole, _, decimals = format(value, "f").rstrip("0").partition(".")
        return Decimal(f"{whole}.{decimals:0<2}")
    return value


def _remedy(text: str) -> str:
    faults = [words for pattern, words in _FAULTS if pattern.search(text[:100])]
    return f" ({', '.join(faults)})" if faults else ""


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


@frozen
class Check:
    """An attrs validator made of a test and the words for what it expects.

    Attributes:
        expected: What is expected, in words.
        test: Whether a value is that.
        keywords: The same as JSON Schema keywords, as far as JSON Schema can say it.
        remedy: What to write instead of a value that fails, or what that value is; the empty text where nothing can be said.
    """

    expected: str
    test: Callable[[Any], bool]
    keywords: Mapping[str, Any] = field(factory=dict, converter=to_read_only)
    remedy: Callable[[Any], str] | None = None

    def __call__(self, instance: Any, attribute: "Attribute[Any]", value: Any) -> None:
        if not self.test(value):
            _refuse(instance, attribute, self.faults(attribute.name, value))

    def faults(self, path: str, value: Any) -> list[Problem]:
        """What is wrong with a value; nothing where it passes."""
        return [] if self.test(value) else [Problem(path, self.refusal(value))]

    def refusal(self, value: Any) -> str:
        """What was expected, what came, and where it can be said what to write instead."""
        remedy = self.remedy(value) if self.remedy is not None else ""
        return f"expected {self.expected}, got {shown(value)}" + (f"; {remedy}" if remedy else "")

    def __repr__(self) -> str:
        return f"<expects {self.expected}>"


@frozen
class OptionalCheck(Check):
    """A check that lets None pass without a further call: most fields of most documents are not filled."""

    def __call__(self, instance: Any, attribute: "Attribute[Any]", value: Any) -> None:
        if value is not None and not self.test(value):
            _refuse(instance, attribute, self.faults(attribute.name, value))


@frozen
class EachCheck:
    """An attrs validator that applies a check to every item of a tuple of bounded length; the path names the item."""

    check: Check
    most: int = LONGEST_LIST

    def test(self, value: Any) -> bool:
        """Whether it is a tuple whose items all pass."""
        return isinstance(value, tuple) and len(value) <= self.most and all(map(self.check.test, value))

    def __call__(self, instance: Any, attribute: "Attribute[Any]", value: Any) -> None:
        if value != () and not self.test(value):
            _refuse(instance, attribute, self.faults(attribute.name, value))

    def faults(self, path: str, value: Any) -> list[Problem]:
        """What is wrong with a value and with each of its items."""
        if not isinstance(value, tuple):
            return [Problem(path, f"expected a list, got {shown(value)}")]
        if len(value) > self.most:
            return [Problem(path, f"expected at most {self.most} items, got {len(value)}")]
        return [problem for i, item in enumerate(value) for problem in self.check.faults(f"{path}[{i}]", item)]


@frozen
class KeyedCheck:
    """An attrs validator of a mapping from some closed list of keys to values that pass a check."""

    keys: tuple[str, ...]
    check: Check
    what: str = "key"

    def __call__(self, instance: Any, attribute: "Attribute[Any]", value: Any) -> None:
        if problems := self.faults(attribute.name, value):
            _refuse(instance, attribute, problems)

    def faults(self, path: str, value: Any) -> list[Problem]:
        """What is wrong with a value, with its keys and with what they hold."""
        if not isinstance(value, Mapping):
            return [Problem(path, f"expected an object, got {shown(value)}")]
        return [
            problem
            for key, item in value.items()
            for problem in (
                self.check.faults(f"{path}.{key}", item)
                if key in self.keys
                else [Problem(f"{path}.{step(key)}", f"unknown {self.what}; expected one of {', '.join(self.keys)}")]
            )
        ]


def optional(check: Check) -> Check:
    """The same check, and None is accepted: the value is not known."""
    return OptionalCheck(check.expected, lambda value: value is None or check.test(value), check.keywords, check.remedy)


def each(check: Check, most: int = LONGEST_LIST) -> EachCheck:
    """A check of every item of a tuple of at most so many items."""
    return EachCheck(check, most)


def _refuse(instance: Any, attribute: "Attribute[Any]", problems: list[Problem]) -> NoReturn:
    """Raise the faults of one field, with those of the other fields where an instance is being made.

    attrs sets all fields before it validates the first, so the others can be looked at; a faultless instance pays nothing for it.
    """
    if instance is None:
        raise DocumentError(problems)
    raise DocumentError(
        [
            problem
            for other in attrs.fields(type(instance))
            for problem in (
                problems if other is attribute or other.name == attribute.name else _faults(instance, other)
            )
        ]
    )


def _faults(instance: Any, attribute: "Attribute[Any]") -> list[Problem]:
    if attribute.validator is None or not attribute.init:
        return []
    try:
        attribute.validator(None, attribute, getattr(instance, attribute.name))
    except DocumentError as error:
        return list(error.problems)
    return []


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
