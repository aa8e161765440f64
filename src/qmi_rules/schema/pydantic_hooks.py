"""Documents and results as parts of pydantic models, and so of FastAPI's routes; the library itself does without pydantic."""

import re
from collections.abc import Mapping
from copy import deepcopy
from decimal import Decimal
from functools import cache
from typing import Any

import attrs

from qmi_rules.catalogues import languages
from qmi_rules.errors import DocumentError, Problem

_STEP = re.compile(r"\[(\d+)\]|([^.\[\]]+)")


class AsDataclass:
    """The fields of an attrs class as those of a dataclass, made when somebody looks.

    FastAPI takes a parameter for the body of a request where it looks like a dataclass, and for a part of the address otherwise.
    """

    def __get__(self, instance: object, owner: type) -> dict[str, Any]:
        return _dataclass_fields(owner)


@cache
def _dataclass_fields(cls: type) -> dict[str, Any]:
    from dataclasses import field, make_dataclass

    from qmi_rules.schema.fields import hidden

    written = [one for one in attrs.fields(cls) if not hidden(one)] if attrs.has(cls) else []
    made: Any = make_dataclass(cls.__name__, [(one.name, one.type, field(kw_only=True)) for one in written])
    return made.__dataclass_fields__  # type: ignore[no-any-return]


class InModels:
    """Mixin of what pydantic may read and write: ``def route(purchase: Purchase) -> Decision`` works as it stands.

    A fault becomes an error of pydantic at its place, its type the fault's code, its message French; under ``ctx`` it stands in each
    language.
    """

    __slots__ = ()

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        from pydantic_core import core_schema

        from qmi_rules.schema.converter import document_of

        return core_schema.no_info_plain_validator_function(
            cls._validated,
            # named: a page of an interface then lists each document once, and its routes refer to it
            ref=f"{cls.__module__}.{cls.__qualname__}:{id(cls)}",
            serialization=core_schema.plain_serializer_function_ser_schema(document_of),
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: Any, handler: Any) -> dict[str, Any]:
        from qmi_rules.schema.schema_writer import json_schema

        written = json_schema(cls)
        parts = written.pop("$defs", {})
        # OpenAPI keeps parts elsewhere than JSON Schema does, and gives no say in it here: so each part stands where it is used
        return {key: _whole(item, parts) for key, item in written.items() if key not in ("$schema", "$id")}

    @classmethod
    def _validated(cls, value: Any) -> Any:
        from pydantic_core import InitErrorDetails, PydanticCustomError, ValidationError

        from qmi_rules.schema.json_text import read

        try:
            return read(_digits(dict(value)) if isinstance(value, Mapping) else value, cls)
        except DocumentError as error:
            raise ValidationError.from_exception_data(
                cls.__name__,
                [
                    InitErrorDetails(
                        type=PydanticCustomError(problem.code, "{fr}", _words(problem)),
                        loc=tuple(int(index) if index else name for index, name in _STEP.findall(problem.path)),
                        input=None,  # the words quote it; a number that JSON does not have would break the answer that shows it
                    )
                    for problem in error.problems
                ],
            ) from None


def _digits(value: Any) -> Any:
    """The data with the numbers of its JSON text: who reads JSON for pydantic makes floats of them, whose shortest form is what was written."""
    match value:
        case float():
            return Decimal(repr(value))
        case dict():
            return {key: _digits(item) for key, item in value.items()}
        case list():
            return [_digits(item) for item in value]
    return value


def _words(problem: Problem) -> dict[str, Any]:
    return {code: problem.say(code) for code in languages()}


def _whole(schema: Any, parts: dict[str, Any]) -> Any:
    """A schema with its parts in place of references to them."""
    match schema:
        case {"$ref": str(reference), **others}:
            return _whole(deepcopy(parts[reference.rpartition("/")[2]]) | others, parts)
        case dict():
            return {key: _whole(item, parts) for key, item in schema.items()}
        case list():
            return [_whole(item, parts) for item in schema]
    return schema
