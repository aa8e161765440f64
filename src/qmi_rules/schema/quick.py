"""The quick way from plain data to a faultless document; whatever it does not know it leaves to the converter.

Most keys of a document are absent, so it copies the defaults once and reads only the keys that are there; each value passes
the type of its field, its attrs converter and its validator, once. It accepts no more than the converter does; a test proves
that both give the same. It never reports a fault: it raises, and the converter, which is slower, finds all of them.
"""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any, get_args, get_origin

import attrs

from qmi_rules.schema import scalars
from qmi_rules.schema.fields import default_of, is_result, may_be_null, without_marks

Hook = Callable[[Any], Any]
Reader = Callable[[dict[str, Any]], Any]


class NotQuick(Exception):
    """The converter must read this document."""


@cache
def quick_reader(cls: Any, checks: bool = True) -> Reader | None:
    """The function that reads faultless documents of a class; None where there is no quick way for it.

    Args:
        cls: The class.
        checks: Check every value; without, only what was checked when it was written may be read, such as the law that a build compiled.
    """
    if not attrs.has(cls) or hasattr(cls, "from_document") or is_result(cls):
        return None
    if any(not isinstance(a.type, type) and "'" in repr(a.type) for a in attrs.fields(cls)):
        attrs.resolve_types(cls)  # slow, and few classes have types in quotation marks
    fields = [a for a in attrs.fields(cls) if a.init]
    # A field without a hook is no key here: who gives it raises a KeyError, and the converter reads the document.
    hooks: dict[str, Hook] = {a.name.removesuffix("_"): hook for a in fields if (hook := _hook(a, checks)) is not None}
    names = {a.name.removesuffix("_"): a.name for a in fields}
    made = {a.name: a.default.factory for a in fields if isinstance(a.default, attrs.Factory)}  # type: ignore[arg-type]
    defaults = {a.name: a.default for a in fields if a.default is not attrs.NOTHING and a.name not in made}
    required = frozenset(a.name for a in fields if a.default is attrs.NOTHING)
    finish = getattr(cls, "__attrs_post_init__", None) if checks else None
    new, put, slotted = cls.__new__, object.__setattr__, cls.__dictoffset__ == 0

    renamed = any(key != name for key, name in names.items())

    def read(data: dict[str, Any]) -> Any:
        values = (
            defaults.copy()
        )  # of forty fields five are filled: this is the cheapest way to have the other thirty-five
        if renamed:
            for key, value in data.items():
                values[names[key]] = hooks[key](value)
        else:
            for key, value in data.items():
                values[key] = hooks[key](value)
        if not required <= values.keys():
            raise NotQuick
        for name, factory in made.items():
            if name not in values:
                values[name] = factory()
        instance = new(cls)
        if slotted:
            for name, value in values.items():
                put(instance, name, value)  # `object.__setattr__`: the class is frozen, as attrs itself does it
        else:
            instance.__dict__.update(values)
        if finish is not None:
            finish(instance)
        return instance

    return read


def _hook(attribute: "attrs.Attribute[Any]", checks: bool) -> Hook | None:
    """How to read a field; None where only the converter can."""
    kind: Any = without_marks(attribute.type)
    arguments = get_args(kind)
    optional = type(None) in arguments
    if optional:
        (kind,) = (argument for argument in arguments if argument is not type(None)) if len(arguments) == 2 else (None,)
        kind = without_marks(kind)
    check = attribute.validator
    if kind is bool and check is scalars.TRUTH:
        return _truth
    if kind is date and check is scalars.DAY and not optional:
        return _day
    if kind is Decimal and isinstance(check, scalars.Check) and check.expected == scalars.EUROS.expected:
        return _or_none(_euros) if optional else _euros
    if (
        isinstance(kind, type)
        and issubclass(kind, Enum)
        and isinstance(check, scalars.Check)
        and all(map(check.test, kind))
    ):
        members: dict[Any, Any] = {member.value: member for member in kind}
        return (members | {None: None} if optional else members).__getitem__
    read = _of_type(kind, checks)
    if read is None or not isinstance(check, scalars.Check | scalars.EachCheck | None):
        return None
    if check is not None:
        # what was read is a part, or a tuple of parts, already
        as_read = attribute.converter in _AS_READ or any(map(attrs.has, (kind, *get_args(kind))))
        convert = None if as_read else attribute.converter
        if checks:
            read = _checked(read, check.test, convert)
        elif convert is not None and get_origin(kind) is not tuple:
            return None
    elif attribute.converter is not None and get_origin(kind) is not tuple:
        return None
    if may_be_null(attribute):
        return lambda value: default_of(attribute) if value is None else read(value)
    return _or_none(read) if optional else read


def _as_it_is(value: Any) -> Any:
    return value


def _of_type(kind: Any, checks: bool) -> Hook | None:
    """How to read a value of a type; None where only the converter can."""
    kind = without_marks(kind)
    if kind in (str, int, bool) and not checks:
        return _as_it_is
    if kind in (str, int, bool):
        return lambda value: value if type(value) is kind else _refuse()
    if kind is date:
        return _any_day
    if kind is Decimal:
        return scalars.decimal
    if isinstance(kind, type) and issubclass(kind, Enum):
        return {member.value: member for member in kind}.__getitem__
    if get_origin(kind) is tuple and get_args(kind)[1:] == (Ellipsis,):
        item = _of_type(get_args(kind)[0], checks)
        if item is _as_it_is:
            return tuple
        return (
            None
            if item is None
            else lambda value: (
                tuple([item(x) for x in value])
                if type(value) is list and len(value) <= scalars.LONGEST_LIST
                else _refuse()
            )
        )
    if attrs.has(kind) and not hasattr(kind, "SHORT_FORM"):
        inner = quick_reader(kind, checks)
        if not checks:
            return inner
        return None if inner is None else lambda value: inner(value) if type(value) is dict else _refuse()
    return None


_AS_READ: tuple[Any, ...] = (
    scalars.to_decimal,
    scalars.to_optional_decimal,
    scalars.to_whole,
    scalars.to_optional_whole,
)
"""Converters that change nothing of what was read as a decimal or a whole number already."""


def _refuse() -> Any:
    raise NotQuick


def _or_none(read: Hook) -> Hook:
    return lambda value: None if value is None else read(value)


def _checked(read: Hook, test: Callable[[Any], bool], convert: Any) -> Hook:
    def checked(value: Any) -> Any:
        result = read(value)
        if convert is not None:
            result = convert(result)
        return result if test(result) else _refuse()

    return checked


def _truth(value: Any) -> bool | None:
    return value if value is True or value is False or value is None else _refuse()


def _any_day(value: Any) -> date:
    if type(value) is str:
        if len(value) == 10 and value[4] == value[7] == "-":
            return date.fromisoformat(value)
    elif scalars.is_day(value):  # TOML has dates of its own
        return scalars.plain_day(value)
    raise NotQuick


def _day(value: Any) -> date:
    day = _any_day(value)
    return day if scalars.EARLIEST <= day <= scalars.LATEST else _refuse()


def _euros(value: Any) -> Decimal:
    if type(value) is str and value.isascii():
        whole, point, cents = value.partition(".")
        if whole.isdigit() and len(whole) <= 12 and (not point or (cents.isdigit() and len(cents) <= 2)):
            return Decimal(value)
    raise NotQuick
