"""JSON Schema (2020-12) of a document class, read off the same fields and checks as the converter."""

import types
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any, Final, Union, get_args, get_origin

import attrs

from qmi_rules.documents.document import (
    FORMAT_VERSION,
    Document,
    attribute_texts,
    document_name,
    first_line,
    format_of,
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

REF_TEMPLATE: Final = "#/$defs/{name}"
"""Where a schema finds those of its parts; OpenAPI keeps them under ``#/components/schemas/{name}``."""
_FORMAT_TEXT = "The format of this document; a newer major version is refused."


def json_schema(cls: type, ref_template: str = REF_TEMPLATE) -> dict[str, Any]:
    """The JSON Schema of the documents that `from_json` reads into `cls`, or that `cls` writes.

    Args:
        cls: A class of documents or of results.
        ref_template: How a part is referred to, with a place for its ``{name}``; the parts stand under ``$defs`` whatever it is.

    Returns:
        A dict ready for `json.dumps`. What users write is closed (an unknown key is a fault), what the library writes is open: later
        versions add keys.

    Raises:
        DocumentError: It is no class of documents.

    >>> from qmi_rules import Purchase
    >>> json_schema(Purchase)["required"]
    ['title', 'launched_on']
    """
    require_document(cls)
    shape = _shape(cls)
    definitions = _Definitions(ref_template)
    try:
        root = definitions.object(shape, document_name(cls))
    except NameError:  # a class of which only type checkers know all
        raise DocumentError(fault("wrong_type", "cls", "{what} has no JSON Schema", what=a(cls.__name__))) from None
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:{format_of(cls).replace('/', ':')}",
        "title": cls.__name__,
        **root,
    }
    if definitions.schemas:
        schema["$defs"] = definitions.schemas
    return schema


def _shape(cls: Any) -> Any:
    """The class whose fields are the keys: another one where a result says so."""
    return cls.document_class() if hasattr(cls, "document_class") else cls


class _Definitions:
    """The nested classes met so far, each under the name of its class, which is used once in the house."""

    def __init__(self, ref_template: str) -> None:
        self.schemas: dict[str, Any] = {}
        self._ref_template = ref_template

    def reference(self, cls: type) -> dict[str, Any]:
        """Where the schema of a class stands."""
        name = cls.__name__
        if name not in self.schemas:
            self.schemas[name] = {}  # before its parts are met: one of them may be of the same class
            self.schemas[name] = self.object(cls, document_name(cls))
        return {"$ref": self._ref_template.format(name=name)}

    def object(self, cls: type, name: str) -> dict[str, Any]:
        """The schema of a class."""
        properties, required = self._written(cls) if names_its_keys(cls) else self._fields(cls)
        if issubclass(cls, Document) and "format" not in properties:
            said = {"type": "string", "pattern": rf"^qmi-rules/{name}/{FORMAT_VERSION}(\.[0-9]{{1,4}})?$"}
            properties = {"format": said | {"description": _FORMAT_TEXT}} | properties
        words = first_line(cls)
        return {
            **({"description": words} if words else {}),
            "type": "object",
            "properties": properties,
            "required": required,
            **({"additionalProperties": False} if issubclass(cls, Document) else {}),
        }

    def _fields(self, cls: type) -> tuple[dict[str, Any], list[str]]:
        attrs.resolve_types(cls)
        fields = [attribute for attribute in attrs.fields(cls) if not hidden(attribute)]
        texts = attribute_texts(cls)
        properties = {key(one): _property(one, texts.get(one.name, ""), self) for one in fields}
        required = [key(one) for one in fields if one.default is attrs.NOTHING]
        if (word := tag(cls)) is None:
            return properties, required
        return {"kind": {"const": word, "description": "Which kind it is."}} | properties, ["kind", *required]

    def _written(self, cls: type) -> tuple[dict[str, Any], list[str]]:
        """Those of a result that is its own document."""
        found = list(keys_of(cls))
        properties = {
            one.name: _of_type(one.type, self) | ({"description": one.text} if one.text else {}) for one in found
        }
        return properties, [one.name for one in found if one.required]


def _property(attribute: "attrs.Attribute[Any]", words: str, definitions: _Definitions) -> dict[str, Any]:
    schema = _of_type(attribute.type, definitions)
    expected: Phrase | None = None
    match attribute.validator:
        case Check(expected=expected, keywords=keywords):
            # beside the type they concern and not beside null: generators make a model of each otherwise
            (schema["anyOf"][0] if "anyOf" in schema and "$ref" not in schema["anyOf"][0] else schema).update(keywords)
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
        kinds = [argument for argument in arguments if argument is not type(None)]
        if len(kinds) > 1 and all(tag(one) for one in kinds):  # the word under "kind" tells which of them it is
            one_of = {"oneOf": [_of_type(one, definitions) for one in kinds]}
            return one_of if len(kinds) == len(arguments) else {"anyOf": [one_of, {"type": "null"}]}
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
        if _told_as_text(kind):
            return {"type": "string"}
        reference = definitions.reference(_shape(kind))
        short = short_form(kind)
        return reference if short is None else {"anyOf": [_property(short, "", definitions), reference]}
    return _of_scalar(kind)


def _is_sentence(kind: Any) -> bool:
    """A sentence kept with its values travels as its words: its class says so by what `as_document` returns."""
    return getattr(getattr(kind, "as_document", None), "__annotations__", {}).get("return") is str


def _told_as_text(kind: Any) -> bool:
    """Whether it is a sentence, which travels as its words."""
    told = getattr(kind, "told", None)
    return told is not None and told.__annotations__.get("return") is str


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
