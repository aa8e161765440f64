"""Single values of a document: decimals, converters, and checks that know their own words and their JSON Schema."""

import math
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from numbers import Integral, Real
from types import SimpleNamespace
from typing import Any, NoReturn, TypeVar

import attrs
from attrs import Attribute, field, frozen

from qmi_rules.errors import DocumentError, FaultCode, Phrase, Problem, fault
from qmi_rules.read_only import to_read_only
from qmi_rules.schema.faults import a, below, repeated, shown, step

T = TypeVar("T")

EARLIEST = date(1990, 1, 1)
LATEST = date(2100, 12, 31)
LARGEST_AMOUNT = Decimal("1e12")
"""So that sums of thousands of amounts in cents stay within the 28 digits that are exact."""
LONGEST_TEXT = 20_000
LONGEST_LIST = 10_000
"""A list of a document may have this many items at most."""
PLAIN = r"-?[0-9]{1,30}(\.[0-9]{1,30})?"
"""A number in plain notation, as a pattern."""
_NUMERAL = re.compile(PLAIN)
_MOST_DIGITS = 30
_EXACT = 2**53
"""Below it a float holds every whole number exactly."""
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_HINTS = (
    (r"\d,\d", Phrase("a point before the decimals, no comma")),
    (r"\s", Phrase("no spaces")),
    (r"[^\d\s.,+\-eE_'\u2019]", Phrase("no currency sign or other letters")),
    (r"\d[eE][+-]?\d", Phrase("no exponent")),
    (r"\d[_'\u2019]\d", Phrase("no marks between thousands")),
)


def decimal(value: object) -> Decimal:
    """A number of a document in plain notation: a decimal string, a `Decimal`, or a whole number of whatever kind.

    A float is taken only where nothing can be lost: a whole number that a float holds exactly. Numbers of numpy and pandas count as what
    they stand for. JSON numbers never pass through a float, so this concerns Python alone.

    Raises:
        DocumentError: What was expected and what came.
    """
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, str):
        if _NUMERAL.fullmatch(value):
            # nearly every amount is plain as it stands; a sign may be that of a zero, zeros at the end may be too many
            return Decimal(value) if value[0] != "-" and value[-1] != "0" else plain(Decimal(value))
        raise DocumentError(_no_decimal(value))
    number = value if type(value) is int else _number(value)
    if isinstance(number, int):
        if abs(number) < 10**_MOST_DIGITS:
            return Decimal(number)
        raise DocumentError(fault("out_of_range", "", "expected a number below 1e30, got one that is larger"))
    if number is not None and abs(number) < _EXACT and number == int(number) and number == value:
        return Decimal(int(number))
    raise DocumentError(_no_decimal(value))


def _number(value: Any) -> int | float | None:
    """A number of Python, numpy or pandas as one of Python; None for anything else, true and false included."""
    if isinstance(value, bool | Decimal):  # true is an Integral
        return None
    if isinstance(value, Integral):
        return int(value)
    return float(value) if isinstance(value, Real) else None


def _no_decimal(value: object) -> Problem:
    if isinstance(value, str):
        if hints := tuple(words for pattern, words in _HINTS if re.search(pattern, value[:100])):
            return fault(
                "not_an_amount",
                "",
                'expected a decimal number in a string such as "85000.00" ({hints}), got {got}',
                hints=hints,
                got=shown(value),
            )
    elif isinstance(_number(value), float):
        return fault(
            "not_an_amount",
            "",
            'expected a decimal number in a string such as "85000.00", got the float {got}',
            got=shown(value),
        )
    return fault(
        "not_an_amount", "", 'expected a decimal number in a string such as "85000.00", got {got}', got=shown(value)
    )


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


def to_decimal(value: Decimal | int | str) -> Decimal:
    """attrs converter: what `decimal` takes; other values pass on to the validator, which refuses them."""
    try:
        return decimal(value)
    except DocumentError:
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


def as_part(value: Any, cls: type[T]) -> T:
    """For attrs converters: a dict of the keys of a part becomes the part; what cannot pass on to the validator, which says why.

    So a constructor takes parts as a document has them, and tells the faults of all of them at once.
    """
    if value is None or isinstance(value, cls) or not isinstance(value, Mapping):
        return value  # type: ignore[return-value]
    try:
        return _structure()(dict(value), cls)  # type: ignore[no-any-return]
    except DocumentError:
        return value  # type: ignore[return-value]


def as_parts(values: Any, cls: type[T]) -> tuple[T, ...]:
    """For attrs converters: an iterable of parts, or of dicts of their keys, becomes a tuple."""
    found = to_tuple(values)
    return tuple([as_part(value, cls) for value in found]) if isinstance(found, tuple) else found


def _structure() -> Any:
    from qmi_rules.schema.reader import structure  # which takes its hooks from the checks here

    return structure


def to_texts(values: Iterable[str]) -> tuple[str, ...]:
    """attrs converter: an iterable of texts becomes a tuple; one text alone is no list of its letters."""
    return to_tuple(values)


def to_whole(value: Any) -> int:
    """attrs converter: a whole number of numpy or pandas, or a float or decimal that is one, becomes one of Python; anything else passes on
    to the validator."""
    number: Any = value if isinstance(value, Decimal) and value.is_finite() else _number(value)
    if number is None or not (abs(number) < _EXACT and number == int(number)):
        return value  # type: ignore[no-any-return]
    return int(number)


def to_optional_whole(value: int | None) -> int | None:
    """attrs converter: `to_whole`, and None stays None."""
    return None if value is None else to_whole(value)


def is_day(value: object) -> bool:
    """Whether it is a date without a time; a subclass of `date`, as clocks of tests make them, is one."""
    return isinstance(value, date) and not isinstance(value, datetime)


def plain_day(value: date) -> date:
    """The same day as a `date` and nothing more."""
    plain = type(EARLIEST)  # not the name: clocks of tests put a class of theirs under it
    return value if type(value) is plain else plain(value.year, value.month, value.day)


def day(value: object) -> date:
    """A day of a document: a date, its ISO text, or a moment at midnight (pandas has no dates, only such moments).

    Raises:
        DocumentError: What was expected and what came.
    """
    if isinstance(value, str) and _DAY.fullmatch(value):  # not the weeks of ISO 8601
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise DocumentError(
                fault(
                    "not_a_date", "", "expected a date that exists: there is no such day, got {got}", got=shown(value)
                )
            ) from None
    if is_day(value):
        return plain_day(value)  # type: ignore[arg-type]
    if isinstance(value, datetime):
        within = value.hour or value.minute or value.second or value.microsecond
        if value == value and value.tzinfo is None and not within:  # NaT of pandas equals nothing
            return plain_day(value)
        raise DocumentError(
            fault("not_a_date", "", "expected a date without a time, got {got}; write its day alone", got=shown(value))
        )
    raise DocumentError(fault("not_a_date", "", 'expected a date such as "2026-05-15", got {got}', got=shown(value)))


def to_day(value: date | str) -> date:
    """attrs converter: what `day` takes; other values pass on to the validator, which refuses them."""
    if type(value) is type(EARLIEST):  # nearly always; pyright narrows by the name of a class only
        return value  # pyright: ignore[reportReturnType]
    try:
        return day(value)
    except DocumentError:
        return value  # type: ignore[return-value]


def to_optional_day(value: date | str | None) -> date | None:
    """attrs converter: `to_day`, and None stays None."""
    return None if value is None else to_day(value)


def to_days(values: Iterable[date | str]) -> tuple[date, ...]:
    """attrs converter: an iterable of what `day` takes becomes a tuple."""
    found = to_tuple(values)
    return tuple(map(to_day, found)) if isinstance(found, tuple) else found


def _to_phrase(words: Phrase | str) -> Phrase:
    return words if isinstance(words, Phrase) else Phrase(words)


@frozen
class Check:
    """An attrs validator made of a test and the words for what it expects.

    Attributes:
        expected: What is expected, in words.
        test: Whether a value is that.
        keywords: The same as JSON Schema keywords, as far as JSON Schema can say it.
        remedy: What to write instead of a value that fails, or what that value is; nothing where nothing can be said.
        code: The code of the fault, or how it follows from the value that fails.
        part: The class of a part, where it is one: of a dict that should have been it each fault is told at its place.
    """

    expected: Phrase = field(converter=_to_phrase)
    test: Callable[[Any], bool]
    keywords: Mapping[str, Any] = field(factory=dict, converter=to_read_only)
    remedy: Callable[[Any], Phrase | str | None] | None = None
    code: FaultCode | Callable[[Any], FaultCode] = "wrong_type"
    part: type | None = None

    def __call__(self, instance: Any, attribute: "Attribute[Any]", value: Any) -> None:
        if not self.test(value):
            _refuse(instance, attribute, self.faults(attribute.name, value))

    def faults(self, path: str, value: Any) -> list[Problem]:
        """What is wrong with a value; nothing where it passes."""
        if self.test(value):
            return []
        if self.part is not None and isinstance(value, Mapping):
            try:
                _structure()(dict(value), self.part)
            except DocumentError as error:
                return below(path, error.problems)
        return [self.refusal(path, value)]

    def refusal(self, path: str, value: Any) -> Problem:
        """What was expected, what came, and where it can be said what to write instead."""
        code = self.code(value) if callable(self.code) else self.code
        remedy = (self.remedy(value) if self.remedy is not None else None) or _plainer(value)
        if remedy:
            return fault(
                code,
                path,
                "expected {expected}, got {got}; {remedy}",
                expected=self.expected,
                got=shown(value),
                remedy=remedy,
            )
        return fault(code, path, "expected {expected}, got {got}", expected=self.expected, got=shown(value))

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
    own_ids: bool = False

    def test(self, value: Any) -> bool:
        """Whether it is a tuple whose items all pass."""
        return isinstance(value, tuple) and len(value) <= self.most and all(map(self.check.test, value))

    def __call__(self, instance: Any, attribute: "Attribute[Any]", value: Any) -> None:
        if value != () and not self.test(value):
            _refuse(instance, attribute, self.faults(attribute.name, value))

    def faults(self, path: str, value: Any) -> list[Problem]:
        """What is wrong with a value and with each of its items."""
        if not isinstance(value, tuple):
            return [fault("wrong_type", path, "expected a list, got {got}", got=shown(value))]
        if len(value) > self.most:
            return [fault("too_long", path, "expected at most {most} items, got {got}", most=self.most, got=len(value))]
        found = [problem for i, item in enumerate(value) for problem in self.check.faults(f"{path}[{i}]", item)]
        return [*found, *repeated(path, value)] if found and self.own_ids else found


@frozen
class KeyedCheck:
    """An attrs validator of a mapping from some closed list of keys to values that pass a check."""

    keys: tuple[str, ...]
    check: Check
    what: Phrase = field(default=Phrase("key"), converter=_to_phrase)

    def __call__(self, instance: Any, attribute: "Attribute[Any]", value: Any) -> None:
        if problems := self.faults(attribute.name, value):
            _refuse(instance, attribute, problems)

    def faults(self, path: str, value: Any) -> list[Problem]:
        """What is wrong with a value, with its keys and with what they hold."""
        if not isinstance(value, Mapping):
            return [fault("wrong_type", path, "expected an object, got {got}", got=shown(value))]
        return [
            problem
            for key, item in value.items()
            for problem in (
                self.check.faults(f"{path}.{key}", item)
                if key in self.keys
                else [
                    fault(
                        "unknown_key",
                        f"{path}.{step(key)}",
                        "unknown {what}; expected one of {choices}",
                        what=self.what,
                        choices=self.keys,
                    )
                ]
            )
        ]


def optional(check: Check) -> Check:
    """The same check, and None is accepted: the value is not known."""
    return OptionalCheck(
        check.expected,
        lambda value: value is None or check.test(value),
        check.keywords,
        check.remedy,
        check.code,
        check.part,
    )


def each(check: Check, most: int = LONGEST_LIST, *, own_ids: bool = False) -> EachCheck:
    """A check of every item of a tuple of at most so many items.

    Args:
        check: The check of an item.
        most: So many items at most.
        own_ids: Each has an id of its own, which the class of the field sees to: said here, an item that cannot be read hides no repetition.
    """
    return EachCheck(check, most, own_ids)


def _refuse(instance: Any, attribute: "Attribute[Any]", problems: list[Problem]) -> NoReturn:
    """Raise the faults of one field, with those of the other fields where an instance is being made.

    attrs sets all fields before it validates the first, so the others can be looked at; a faultless instance pays nothing for it.
    """
    if instance is None:
        raise DocumentError(problems)
    found = {
        other.name: problems if other.name == attribute.name else _faults(instance, other)
        for other in attrs.fields(type(instance))
    }
    read = {name: getattr(instance, name) for name, faults in found.items() if not faults and hasattr(instance, name)}
    raise DocumentError(
        [*(problem for faults in found.values() for problem in faults), *contradictions(type(instance), read)]
    )


def contradictions(cls: Any, read: Mapping[str, Any]) -> list[Problem]:
    """What the fields that could be read say against each other, beside others that could not; nothing of a class that does not tell.

    A class tells in its static method ``contradictions``, which is given what has its fields; those that were not read are as if absent.
    """
    tell = getattr(cls, "contradictions", None)
    if tell is None:
        return []
    absent = {
        a.name: a.default.factory() if isinstance(a.default, attrs.Factory) else a.default  # type: ignore[arg-type]
        for a in attrs.fields(cls)
    }
    unknown = {name: None if value is attrs.NOTHING else value for name, value in absent.items()}
    return list(tell(SimpleNamespace(**{**unknown, **read})))


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


def _plainer(value: Any) -> Phrase | None:
    """What to write instead of a single value of numpy or pandas: it looks like one of Python and is none."""
    if type(value).__module__.partition(".")[0] in ("numpy", "pandas") and hasattr(value, "item"):
        return Phrase("it is a {type}: write its .item()", {"type": f"{type(value).__module__}.{type(value).__name__}"})
    return None


_KINDS = {"str": Phrase("a text"), "bool": Phrase("true or false"), "date": Phrase("a date")}


def is_a(kind: type, expected: Phrase | str = "") -> Check:
    """A value of this kind."""
    words = expected or _KINDS.get(kind.__name__, a(kind.__name__))
    return Check(words, lambda value: isinstance(value, kind), part=kind if attrs.has(kind) else None)


def one_of(kind: type[StrEnum]) -> Check:
    """A member of a closed list."""
    expected = Phrase("one of {choices}", {"choices": tuple(kind)})
    return Check(expected, lambda value: isinstance(value, kind), code="unknown_choice")


def whole(low: int = 0, high: float = math.inf, unit: str = "") -> Check:
    """A whole number within bounds, both included."""
    what = Phrase("a whole number {unit}", {"unit": Phrase(unit)}) if unit else Phrase("a whole number")
    words = {"what": what, "low": low, "high": high}
    return Check(
        Phrase("{what} from {low} to {high}" if high < math.inf else "{what} of at least {low}", words),
        lambda value: _whole(value, low, high),
        {"minimum": low} | ({"maximum": high} if high < math.inf else {}),
        code=lambda value: "out_of_range" if isinstance(value, int) and not isinstance(value, bool) else "wrong_type",
    )


def text(longest: int = LONGEST_TEXT) -> Check:
    """A text with at least one visible character, no longer than `longest` characters, no NUL and no lone surrogate."""

    def code(value: Any) -> FaultCode:
        if isinstance(value, str) and len(value) > longest:
            return "too_long"
        return "required" if isinstance(value, str) and not value.strip() else "wrong_type"

    return Check(
        Phrase("a text of 1 to {longest} characters", {"longest": longest}),
        lambda value: (
            isinstance(value, str)
            and bool(value.strip())
            and len(value) <= longest
            and "\0" not in value
            and not any(0xD800 <= ord(c) <= 0xDFFF for c in value)
        ),
        {"minLength": 1, "maxLength": longest, "pattern": r"\S", "not": {"type": "string", "pattern": r"\u0000"}},
        code=code,
    )


def matching(pattern: str, expected: str, code: FaultCode = "wrong_type") -> Check:
    """A text that fully matches a regular expression, one that JSON Schema reads the same way."""
    return Check(  # compiled when a value is first tested: a process tests few of them
        expected,
        lambda value: isinstance(value, str) and len(value) <= 2_000 and re.fullmatch(pattern, value) is not None,
        {"pattern": f"^({pattern})$", "maxLength": 2_000},
        code=code,
    )


def _amount_code(value: Any) -> FaultCode:
    if not isinstance(value, Decimal) or not value.is_finite():
        return "not_an_amount"
    return "out_of_range"


def _as_amount(value: Any) -> Phrase | None:
    """What to write instead of an amount that a constructor cannot take: the texts look like one."""
    if isinstance(value, str) and (
        hints := tuple(words for pattern, words in _HINTS if re.search(pattern, value[:100]))
    ):
        return Phrase('write it as in "85000.00" ({hints})', {"hints": hints})
    if isinstance(_number(value), float):
        return Phrase('a float is not exact: write it as in "85000.00"')
    return None


def _day_code(value: Any) -> FaultCode:
    return "out_of_range" if is_day(value) else "not_a_date"


def _as_day(value: Any) -> Phrase | None:
    """What to write instead of a day that a constructor cannot take."""
    try:
        day(value)
    except DocumentError as error:
        if isinstance(value, datetime):
            return Phrase("write its day alone")
        if "exists" in error.problems[0].text:
            return Phrase("there is no such day")
        return Phrase('write it as in "2026-05-15"') if isinstance(value, str) or hasattr(value, "item") else None
    return None


EUROS = Check(
    "an amount in euros, at least 0, below 1e12, with at most two decimals",
    _cents,
    {
        "minimum": 0,
        "exclusiveMaximum": int(LARGEST_AMOUNT),
        "pattern": r"^(0{0,18}[0-9]{1,12}(\.[0-9]{1,2}0{0,28})?|-0{1,30}(\.0{1,30})?)$",
    },
    _as_amount,
    _amount_code,
)
SHARE = Check(
    "a share from 0 to 1",
    lambda value: isinstance(value, Decimal) and value.is_finite() and 0 <= value <= 1,
    {
        "minimum": 0,
        "maximum": 1,
        "pattern": r"^(0{1,30}(\.[0-9]{1,30})?|0{0,29}1(\.0{1,30})?|-0{1,30}(\.0{1,30})?)$",
    },
    _as_amount,
    _amount_code,
)
TRUTH = optional(is_a(bool))
DAY = Check(
    Phrase("a date from {earliest} to {latest}, without a time", {"earliest": EARLIEST, "latest": LATEST}),
    lambda value: is_day(value) and EARLIEST <= value <= LATEST,
    {"pattern": "^(199[0-9]|20[0-9]{2}|2100)-"},
    _as_day,
    _day_code,
)
URL = matching(r"""https?://[^\s<>"']{3,2000}""", "a web address that begins with http:// or https://")
IDENTIFIER = matching(r"[a-z][a-z0-9_.-]{0,79}", "an identifier of lower-case letters, digits, '_', '.' or '-'")
