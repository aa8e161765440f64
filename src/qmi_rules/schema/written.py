"""The keys of the documents that the library writes: those of an attrs class are its fields, another class names them in its layout.

A result that computes when it is read (a decision makes its findings when somebody asks) cannot be an attrs class of values. It names
the keys of its document once, separated by spaces; where a key and the field or property that gives its value have two names, it says
``key:name``. What JSON writes, what the schema says, what is read back and what Python hands out are then one thing.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import cache
from importlib import import_module
from typing import Any, Final, get_args, get_type_hints

import attrs

from qmi_rules.schema.fields import Document, attribute_texts, first_line, hidden, is_result, key, layout_of

REGISTERS: Final = ("duties", "cautions", "sources")
"""Where a result keeps what its parts cite by id, each entry once; the layout of a class of such entries says where it stands."""


@attrs.frozen
class Key:
    """One key of a document.

    Attributes:
        name: The key.
        attribute: The field or property that gives its value.
        type: What it holds.
        text: What it means.
        required: It is always there.
        field: The field, where it is one.
    """

    name: str
    attribute: str
    type: Any
    text: str
    required: bool
    field: Any = None


def names_its_keys(cls: Any) -> bool:
    """Whether a class says in its layout which of its fields and properties are its document."""
    return bool(layout_of(cls).keys)


def names_of(cls: Any) -> dict[str, str]:
    """The keys that such a class names, each with the field or property that gives its value."""
    pairs = (name.partition(":") for name in layout_of(cls).keys.split())
    return {name: attribute or name for name, _, attribute in pairs}


@cache
def keys_of(cls: Any) -> tuple[Key, ...]:
    """The keys of the documents of a class, in the order in which they are written."""
    fields = attrs.fields_dict(attrs.resolve_types(cls, localns=names_around(cls))) if attrs.has(cls) else {}
    texts = attribute_texts(cls)
    if not names_its_keys(cls):
        return tuple(
            Key(key(one), name, one.type, texts.get(name, ""), one.default is attrs.NOTHING, one)
            for name, one in fields.items()
            if not hidden(one)
        )
    found = []
    optional = layout_of(cls).optional
    for name, attribute in names_of(cls).items():
        if attribute in fields:
            one = fields[attribute]
            required = one.default is attrs.NOTHING and name not in optional
            found.append(Key(name, attribute, one.type, texts.get(attribute, ""), required, one))
        else:
            read = getattr(cls, attribute)
            kind = get_type_hints(read.fget, localns=names_around(cls), include_extras=True)["return"]
            text = texts.get(attribute) or first_line(read)
            found.append(Key(name, attribute, kind, text, name not in optional))
    return tuple(found)


@cache
def hashed_of(cls: Any) -> tuple[str, ...]:
    """The fields and properties that hash a result: what is the same in every language and in the document that is read back."""
    return tuple(one.attribute for one in keys_of(cls) if one.name in _IDS or _neutral(one.type))


_IDS: Final = ("id", "procedure", "rubric", "edition")


def _neutral(kind: Any) -> bool:
    kinds = {one for one in get_args(kind) or (kind,) if one is not type(None)}
    return all(isinstance(one, type) and issubclass(one, (date, Decimal, bool, int, Enum, Document)) for one in kinds)


def hash_of(value: Any, cls: Any) -> int:
    """The hash of a result of a class, asked anew or read back: equal ones have the same."""
    return hash((cls.__qualname__, *(getattr(value, name) for name in hashed_of(cls))))


@cache
def registers_of(cls: Any) -> frozenset[str]:
    """The registers that the documents of a result, or of a part of one, cite from; a result in it has its own."""
    return frozenset(layout_of(kind).register for kind in entries_of(cls)) | frozenset(layout_of(cls).cites)


@cache
def entries_of(cls: Any) -> tuple[Any, ...]:
    """The classes of what stands in those registers."""
    return tuple(_entries(cls, set(), root=True))


def _entries(kind: Any, met: set[Any], *, root: bool = False) -> Iterator[Any]:
    for argument in get_args(kind):
        yield from _entries(argument, met)
    if not isinstance(kind, type) or kind in met or issubclass(kind, Document) or (is_whole(kind) and not root):
        return
    met.add(kind)
    if not root and layout_of(kind).register:
        yield kind
    if attrs.has(kind) or names_its_keys(kind):
        for one in keys_of(kind):  # type: ignore[arg-type]
            yield from _entries(one.type, met)


def is_whole(cls: Any) -> bool:
    """Whether it is a class of results that stand by themselves, and not of the parts of one."""
    return is_result(cls) and not layout_of(cls).part


class _RoomNames(dict[str, Any]):
    """The public names of a room: a class that its own module imports for type checkers alone is found there."""

    def __init__(self, room: str) -> None:
        self._room = room

    def __missing__(self, name: str) -> Any:
        try:
            return getattr(import_module(self._room), name)
        except AttributeError:
            raise KeyError(name) from None


def names_around(cls: Any) -> _RoomNames:
    """Where the annotations of a class may find what their module does not have."""
    return _RoomNames(".".join(cls.__module__.split(".")[:2]))
