"""JSON Schema (2020-12) of a document class, read off the same fields and checks as the converter."""

import types
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any, Union, get_args, get_origin

import attrs

from qmi_rules.documents.document import (
    attribute_texts,
    first_line,
    hidden,
    key,
    may_be_null,
    require_document,
    short_form,
    tag,
)
from qmi_rules.documents.faults import a
from qmi_rules.documents.scalars import LONGEST_LIST, PLAIN, Check, EachCheck, KeyedCheck
from qmi_rules.documents.written import keys_of, names_its_keys
from qmi_rules.errors import DocumentError, Phrase, fault


def json_schema(cls: type) -> dict[str, Any]:
    """The JSON Schema of the documents that `from_json` reads into `cls`, or that `cls` writes.

    Returns:
        A dict ready for `json.dumps`; nested classes stand under ``$defs``.

    Raises:
        DocumentError: It is no class of documents.
    """
    require_document(cls)
    shape = _shape(cls)
    definitions = _Definitions()
    try:
        root = _object(shape, definitions)
    except NameError:  # a class of which only type checkers know all
        raise DocumentError(fault("wrong_type", "cls", "{what} has no JSON Schema", what=a(cls.__name__))) from None
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": cls.__name__, **root}
    if definitions.schemas:
        schema["$defs"] = definitions.schemas
    return schema


class _Definitions:
    """The nested classes met so far, each under a name of its own."""

    def __init__(self) -> None:
        self.schemas: dict[str, Any] = {}
        self._names: dict[type, str] = {}

    def name(self, cls: type) -> str:
        """The name of a class; of two that are called the same, the second is told apart by its room."""
        if cls not in self._names:
            names = (cls.__name__, f"{cls.__module__.split('.')[1]}.{cls.__name__}", f"{cls.__module__}.{cls.__name__}")
            name = next(name for name in names if name not in self.schemas)
            self._names[cls] = name
            self.schemas[name] = {}
            self.schemas[name] = _object(cls, self)
        return self._names[cls]


def _shape(cls: Any) -> Any:
    """The class whose fields are the keys: another one where a result says so."""
    return cls.document_class() if hasattr(cls, "document_class") else cls


def _object(cls: type, definitions: _Definitions) -> dict[str, Any]:
    if names_its_keys(cls):
        return _written(cls, definitions)
    attrs.resolve_types(cls)
    fields = [attribute for attribute in attrs.fields(cls) if not hidden(attribute)]
    texts = attribute_texts(cls)
    words = first_line(cls)
    return {
        **({"description": words} if words else {}),
        "type": "object",
        "properties": {
            **({} if (word := tag(cls)) is None else {"kind": {"const": word}}),
            **{key(one): _property(one, texts.get(one.name, ""), definitions) for one in fields},
        },
        "required": [key(one) for one in fields if one.default is attrs.NOTHING],
        "additionalProperties": False,
    }


def _written(cls: type, definitions: _Definitions) -> dict[str, Any]:
    """The schema of a result that is its own document."""
    found = list(keys_of(cls))
    return {
        "description": first_line(cls),
        "type": "object",
        "properties": {
            one.name: {**_of_type(one.type, definitions), **({"description": one.text} if one.text else {})}
            for one in found
        },
        "required": [one.name for one in found if one.required],
        "additionalProperties": False,
    }


def _property(attribute: "attrs.Attribute[Any]", words: str, definitions: _Definitions) -> dict[str, Any]:
    schema = _of_type(attribute.type, definitions)
    expected: Phrase | None = None
    match attribute.validator:
        case Check(expected=expected, keywords=keywords):
            schema |= keywords
        case EachCheck(check=Check(expected=expected, keywords=keywords), most=most):
            expected = Phrase("each {what}", {"what": expected})
            schema["items"] |= keywords
            schema["maxItems"] = most
        case KeyedCheck(keys=keys, check=Check(expected=expected, keywords=keywords)):
            schema["propertyNames"] = {"enum": [str(name) for name in keys]}
            schema["additionalProperties"] |= keywords
    if may_be_null(attribute):
        schema = (
            schema | {"type": [kind, "null"]} if (kind := schema.get("type")) else {"anyOf": [schema, {"type": "null"}]}
        )
    if description := " ".join(part for part in (words, f"Expected: {expected}." if expected else "") if part):
        schema["description"] = description
    return schema


def _of_type(kind: Any, definitions: _Definitions) -> dict[str, Any]:
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return {"anyOf": [_of_type(argument, definitions) for argument in arguments]}
    if origin is tuple:
        return {"type": "array", "items": _of_type(arguments[0], definitions), "maxItems": LONGEST_LIST}
    if origin is Sequence:  # what only the library makes has no longest length
        return {"type": "array", "items": _of_type(arguments[0], definitions)}
    if origin in (dict, Mapping):
        return {"type": "object", "additionalProperties": _of_type(arguments[1], definitions)}
    if kind is type(None):
        return {"type": "null"}
    if _is_sentence(kind):
        return {"type": "string"}
    if attrs.has(kind) or names_its_keys(kind):
        reference = {"$ref": f"#/$defs/{definitions.name(_shape(kind))}"}
        short = short_form(kind)
        return reference if short is None else {"anyOf": [_property(short, "", definitions), reference]}
    return _of_scalar(kind)


def _is_sentence(kind: Any) -> bool:
    """A sentence kept with its values travels as its words: its class says so by what `as_document` returns."""
    return getattr(getattr(kind, "as_document", None), "__annotations__", {}).get("return") is str


def _of_scalar(kind: Any) -> dict[str, Any]:
    if not isinstance(kind, type):
        return {}
    if issubclass(kind, Enum):
        return {"enum": [member.value for member in kind]}
    if issubclass(kind, bool):
        return {"type": "boolean"}
    if issubclass(kind, int):
        return {"type": "integer"}
    if issubclass(kind, Decimal):
        return {"type": ["string", "number"], "pattern": f"^{PLAIN}$"}
    if issubclass(kind, date):
        return {"type": "string", "format": "date"}
    return {"type": "string"} if issubclass(kind, str) else {}
