"""Validators that know their own words and their JSON Schema; the first that fails reports the faults of all fields."""

from collections.abc import Callable, Mapping
from typing import Any, NoReturn

import attrs
from attrs import Attribute, field, frozen

from qmi_rules.documents.quoting import shown, step
from qmi_rules.documents.read_only import to_read_only
from qmi_rules.errors import DocumentError, Problem

LONGEST_LIST = 10_000
"""A list of a document may have this many items at most."""


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
