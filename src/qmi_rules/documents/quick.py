"""The quick way from plain data to a flat, faultless document; whatever it does not know it leaves to the converter.

It reads classes kept in an instance dict (``slots=False``): most keys of such a document are absent, so it copies the
defaults once and reads only the keys that are there. It accepts no more than the converter does; a test proves that both
give the same. It never reports a fault: it raises, and the converter, which is slower, finds all of them.
"""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any, get_args

import attrs

from qmi_rules.documents import scalars

Hook = Callable[[Any], Any]


class NotQuick(Exception):
    """The converter must read this document."""


@cache
def quick_reader(cls: Any) -> Callable[[dict[str, Any]], Any] | None:
    """The function that reads faultless documents of a class; None where there is no quick way for it."""
    if not attrs.has(cls) or hasattr(cls, "__slots__") or hasattr(cls, "from_document"):
        return None
    attrs.resolve_types(cls)
    fields = [a for a in attrs.fields(cls) if a.init]
    if any(isinstance(a.default, attrs.Factory) for a in fields):  # type: ignore[arg-type]
        return None
    hooks: dict[str, Hook] = {a.name: hook for a in fields if (hook := _hook(a)) is not None}
    defaults = {a.name: a.default for a in fields if a.default is not attrs.NOTHING}
    required = frozenset(a.name for a in fields if a.default is attrs.NOTHING)
    finish = getattr(cls, "__attrs_post_init__", None)
    new = cls.__new__

    def read(data: dict[str, Any]) -> Any:
        values = defaults.copy()
        for name, value in data.items():
            values[name] = hooks[name](value)
        if not required <= values.keys():
            raise NotQuick
        instance = new(cls)
        instance.__dict__.update(values)
        if finish is not None:
            finish(instance)
        return instance

    return read


def _hook(attribute: "attrs.Attribute[Any]") -> Hook | None:
    """How to read a field; None where only the converter can."""
    kinds = get_args(attribute.type) or (attribute.type,)
    optional = type(None) in kinds
    match [kind for kind in kinds if kind is not type(None)]:
        case [kind] if kind is bool and attribute.validator is scalars.TRUTH:
            return _truth
        case [kind] if kind is date and attribute.validator is scalars.DAY and not optional:
            return _day
        case [kind] if kind is Decimal and isinstance(attribute.validator, scalars.Check):
            read = _euros if attribute.validator.expected == scalars.EUROS.expected else _number(attribute.validator)
            return (lambda value: None if value is None else read(value)) if optional else read
        case [kind] if isinstance(kind, type) and issubclass(kind, Enum):
            members: dict[Any, Any] = {member.value: member for member in kind} | ({None: None} if optional else {})
            return members.__getitem__
        case [kind] if kind in (str, int) and isinstance(attribute.validator, scalars.Check):
            return _plain(kind, attribute.validator.test, optional)
        case _:
            return None


def _truth(value: Any) -> bool | None:
    if value is True or value is False or value is None:
        return value
    raise NotQuick


def _day(value: Any) -> date:
    if type(value) is str and len(value) == 10 and value[4] == value[7] == "-":
        day = date.fromisoformat(value)
        if scalars.EARLIEST <= day <= scalars.LATEST:
            return day
    raise NotQuick


def _euros(value: Any) -> Decimal:
    if type(value) is str and value.isascii():
        whole, point, cents = value.partition(".")
        if whole.isdigit() and len(whole) <= 12 and (not point or (cents.isdigit() and len(cents) <= 2)):
            return Decimal(value)
    raise NotQuick


def _number(check: scalars.Check) -> Hook:
    def read(value: Any) -> Decimal:
        number = scalars.decimal(value)
        if check.test(number):
            return number
        raise NotQuick

    return read


def _plain(kind: type, test: Callable[[Any], bool], optional: bool) -> Hook:
    def read(value: Any) -> Any:
        if value is None and optional:
            return None
        if type(value) is kind and test(value):
            return value
        raise NotQuick

    return read
