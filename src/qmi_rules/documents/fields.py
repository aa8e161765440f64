"""How a field of a class stands in a document: hidden, under which key, alone in a short form, tagged with a word."""

from collections.abc import Mapping
from typing import Any, get_origin

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


def default_of(attribute: "attrs.Attribute[Any]") -> Any:
    """What a field holds where a document does not give it."""
    default: Any = attribute.default
    return default.factory() if isinstance(default, attrs.Factory) else default  # type: ignore[arg-type]


def may_be_null(attribute: "attrs.Attribute[Any]") -> bool:
    """Whether null is as good as absent: an optional list, mapping or part, which the class fills with an empty one of its own."""
    kind: Any = attribute.type
    parts = get_origin(kind) in (tuple, dict, Mapping) or attrs.has(kind)
    return parts and attribute.default is not attrs.NOTHING
