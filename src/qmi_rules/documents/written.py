"""Results that are their own document: the keys that a class names, each read off the field or the property of that name.

A result that computes when it is read (a decision makes its findings when somebody asks) cannot be an attrs class of values. It names
the keys of its document once, in ``DOCUMENT``, separated by spaces; what JSON writes, what the schema says and what Python hands out are then one thing.
"""

from collections.abc import Container, Iterator
from importlib import import_module
from typing import Any, get_type_hints

import attrs

from qmi_rules.documents.document import attribute_texts, first_line


@attrs.frozen
class Key:
    """One key of a document.

    Attributes:
        name: The key, and the field or property that gives its value.
        type: What it holds.
        text: What it means.
        required: It is always there.
    """

    name: str
    type: Any
    text: str
    required: bool


def names_its_keys(cls: Any) -> bool:
    """Whether a class says in ``DOCUMENT`` which of its fields and properties are its document."""
    return hasattr(cls, "DOCUMENT")


def keys_of(cls: Any) -> Iterator[Key]:
    """The keys of the document of such a class, in the order in which they are written."""
    fields = attrs.fields_dict(attrs.resolve_types(cls, localns=_names(cls))) if attrs.has(cls) else {}
    texts = attribute_texts(cls)
    for name in cls.DOCUMENT.split():
        if name in fields:
            yield Key(name, fields[name].type, texts.get(name, ""), fields[name].default is attrs.NOTHING)
        else:
            read = getattr(cls, name)
            kind = get_type_hints(read.fget, localns=_names(cls))["return"]
            yield Key(name, kind, texts.get(name) or first_line(read), required=True)


def values_of(result: Any, only: Container[str] | None = None) -> dict[str, Any]:
    """The document of such a result, or some of its keys; its values not yet plain."""
    return {name: getattr(result, name) for name in result.DOCUMENT.split() if only is None or name in only}


class _RoomNames(dict[str, Any]):
    """The public names of a room: a class that its own module imports for type checkers alone is found there."""

    def __init__(self, room: str) -> None:
        self._room = room

    def __missing__(self, name: str) -> Any:
        try:
            return getattr(import_module(self._room), name)
        except AttributeError:
            raise KeyError(name) from None


def _names(cls: Any) -> _RoomNames:
    return _RoomNames(".".join(cls.__module__.split(".")[:2]))
