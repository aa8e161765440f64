"""JSON Schema (2020-12) of a document class, read off the same fields and checks as the converter."""

import types
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any, Final, Literal, Union, get_args, get_origin

import attrs

from qmi_rules.catalogues import languages
from qmi_rules.errors import DocumentError, Phrase, fault
from qmi_rules.schema.faults import a
from qmi_rules.schema.fields import (
    FORMAT_VERSION,
    Document,
    attribute_texts,
    document_name,
    first_line,
    format_of,
    hidden,
    is_result,
    key,
    layout_of,
    may_be_null,
    require_document,
    short_form,
    tag,
    without_marks,
)
from qmi_rules.schema.scalars import LONGEST_LIST, PLAIN, Check, EachCheck, KeyedCheck
from qmi_rules.schema.written import entries_of, is_whole, keys_of, names_its_keys, registers_of

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
    definitions = _Definitions(ref_template, in_result=is_result(cls))
    try:
        root = definitions.object(cls, document_name(cls))
        if is_result(cls):
            root = definitions.with_head(root, cls)
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


class _Definitions:
    """The nested classes met so far, each under the name of its class, which is used once in the house."""

    def __init__(self, ref_template: str, *, in_result: bool) -> None:
        self.in_result = in_result
        self.schemas: dict[str, Any] = {}
        self._ref_template = ref_template

    def reference(self, cls: type) -> dict[str, Any]:
        """Where the schema of a class stands."""
        name = cls.__name__
        if name not in self.schemas:
            self.schemas[name] = {}  # before its parts are met: one of them may be of the same class
            self.schemas[name] = self.object(cls, document_name(cls))
        return {"$ref": self._ref_template.format(name=name)}

    def with_head(self, schema: dict[str, Any], cls: Any) -> dict[str, Any]:
        """The schema of a result as a document by itself: with the head, and with what a part of a result finds in its lists."""
        edition = {
            "type": ["string", "null"],
            "description": "Name of the edition of the tables that answered; null = none did.",
        }
        head = {
            "format": {"type": "string", "pattern": _pattern(document_name(cls)), "description": _FORMAT_TEXT},
            "lang": {"enum": [*languages()], "description": "The language of the sentences."},
            "table_edition": edition,
            "package_version": {"type": "string", "description": "Version of the library that answered."},
        }
        registers = self._registers(cls) if layout_of(cls).part else {}
        required = [*head, *(name for name in schema["required"] if name not in head), *registers]
        return schema | {"properties": {**head, **schema["properties"], **head, **registers}, "required": required}

    def _registers(self, cls: Any) -> dict[str, Any]:
        """What stands once in the documents of a result, by id."""
        found = registers_of(cls)
        return {
            name: {
                "type": "object",
                "additionalProperties": self._entry(entry),
                "description": text,
            }
            for name, (entry, text) in self._entries(cls).items()
            if name in found
        }

    def _entries(self, cls: Any) -> dict[str, Any]:
        kinds = {layout_of(kind).register: kind for kind in entries_of(cls)}
        return {name: (kinds.get(name), text) for name, text in _REGISTER_TEXTS.items()}

    def _entry(self, cls: Any) -> dict[str, Any]:
        if cls is None:  # only ids of them are cited
            return {}
        if isinstance(layout_of(cls).entry, str):
            return {"type": "string"}
        name = f"{cls.__name__}Entry"
        if name not in self.schemas:
            self.schemas[name] = {}
            whole = self.object(cls, document_name(cls))
            self.schemas[name] = whole | {
                "properties": {key: one for key, one in whole["properties"].items() if key in layout_of(cls).entry},
                "required": [key for key in whole["required"] if key in layout_of(cls).entry],
            }
        return {"$ref": self._ref_template.format(name=name)}

    def object(self, cls: type, name: str) -> dict[str, Any]:
        """The schema of a class."""
        properties, required = self._written(cls) if names_its_keys(cls) else self._fields(cls)
        if is_whole(cls):
            registers = self._registers(cls)
            properties, required = properties | registers, [*required, *registers]
        if issubclass(cls, Document) and "format" not in properties:
            said = {"type": "string", "pattern": _pattern(name)}
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


def _pattern(name: str) -> str:
    return rf"^qmi-rules/{name}/{FORMAT_VERSION}(\.[0-9]{{1,4}})?$"


_REGISTER_TEXTS: Final = {
    "duties": "What it obliges to, each once, by the id under which it is cited.",
    "cautions": "What to beware of, each once, by the id under which it is cited.",
    "sources": "The legal texts, each once, by the id under which they are cited.",
}


def _property(attribute: "attrs.Attribute[Any]", words: str, definitions: _Definitions) -> dict[str, Any]:
    schema: dict[str, Any] = _of_type(attribute.type, definitions)
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
    kind = without_marks(kind)
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Literal:
        return {"enum": [*arguments]}
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
    if isinstance(kind, type) and layout_of(kind).register and definitions.in_result:
        return {"type": "string"}
    if attrs.has(kind) or names_its_keys(kind):
        if _told_as_text(kind):
            return {"type": "string"}
        reference = definitions.reference(kind)
        short = short_form(kind)
        return reference if short is None else {"anyOf": [_property(short, "", definitions), reference]}
    return _of_scalar(kind)


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
