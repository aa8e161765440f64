"""How a field of a class stands in a document: hidden, under which key, alone in a short form, tagged with a word."""

from typing import Any

import attrs


def hidden(attribute: "attrs.Attribute[Any]") -> bool:
    """Fields that are no part of the document: private ones and those that ``__init__`` does not take."""
    return attribute.name.startswith("_") or not attribute.init


def short_form(cls: Any) -> "attrs.Attribute[Any] | None":
    """The field whose value a document may write alone instead of the object: a class names it in ``SHORT_FORM``."""
    name = getattr(cls, "SHORT_FORM", None)
    return None if name is None else attrs.fields_dict(cls)[name]


def key(attribute: "attrs.Attribute[Any]") -> str:
    """The key of a field in a document: a field named after a Python keyword ends in "_" there, its key does not."""
    return attribute.name.removesuffix("_")


def tag(cls: Any) -> str | None:
    """The word that tells results of several classes apart in a document: a class says it as ``kind: ClassVar[str]``."""
    word = getattr(cls, "kind", None)
    return word if type(word) is str else None
