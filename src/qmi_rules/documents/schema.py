"""JSON Schema (2020-12) of a document class, read off the same fields and checks as the converter."""

import types
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any, Union, get_args, get_origin

import attrs

from qmi_rules.documents.checks import LONGEST_LIST
from qmi_rules.documents.fields import hidden, key, short_form, tag
from qmi_rules.documents.scalars import Check, EachCheck


def json_schema(cls: type) -> dict[str, Any]:
    """The JSON Schema of the documents that `from_json` reads into `cls`.

    Returns:
        A dict ready for `json.dumps`; nested classes stand under ``$defs``.
    """
    definitions: dict[str, Any] = {}
    cls = cls.document_class() if hasattr(cls, "document_class") else cls
    root = _object(cls, definitions)
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": cls.__name__, **root}
    if definitions:
        schema["$defs"] = definitions
    return schema


def _object(cls: type, definitions: dict[str, Any]) -> dict[str, Any]:
    attrs.resolve_types(cls)
    fields = [a for a in attrs.fields(cls) if not hidden(a)]
    first_line = (cls.__doc__ or "").strip().split("\n", 1)[0]
    return {
        **({"description": first_line} if first_line else {}),
        "type": "object",
        "properties": {
            **({} if (word := tag(cls)) is None else {"kind": {"const": word}}),
            **{key(a): _property(a, definitions) for a in fields},
        },
        "required": [key(a) for a in fields if a.default is attrs.NOTHING],
        "additionalProperties": False,
    }


def _property(attribute: "attrs.Attribute[Any]", definitions: dict[str, Any]) -> dict[str, Any]:
    schema = _of_type(attribute.type, definitions)
    match attribute.validator:
        case Check(expected=expected):
            schema["description"] = expected
        case EachCheck(check=check):
            schema["description"] = f"each {check.expected}"
    return schema


def _of_type(kind: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return {"anyOf": [_of_type(argument, definitions) for argument in arguments]}
    if origin is tuple:
        return {"type": "array", "items": _of_type(arguments[0], definitions), "maxItems": LONGEST_LIST}
    if origin in (dict, Mapping):
        return {"type": "object", "additionalProperties": _of_type(arguments[1], definitions)}
    if kind is type(None):
        return {"type": "null"}
    if attrs.has(kind):
        if kind.__name__ not in definitions:
            definitions[kind.__name__] = {}
            definitions[kind.__name__] = _object(kind, definitions)
        reference = {"$ref": f"#/$defs/{kind.__name__}"}
        short = short_form(kind)
        return reference if short is None else {"anyOf": [_property(short, definitions), reference]}
    if isinstance(kind, type):
        if issubclass(kind, Enum):
            return {"enum": [member.value for member in kind]}
        if issubclass(kind, bool):
            return {"type": "boolean"}
        if issubclass(kind, int):
            return {"type": "integer"}
        if issubclass(kind, Decimal):
            return {"type": ["string", "number"], "pattern": r"^-?\d{1,30}(\.\d{1,30})?$"}
        if issubclass(kind, date):
            return {"type": "string", "format": "date"}
        if issubclass(kind, str):
            return {"type": "string"}
    return {}
