"""The OpenAPI 3.1 document of the service: its addresses, and the schemas of documents as `qmi-rules schema` prints them."""

import tomllib
from collections.abc import Iterator, Mapping
from html import escape
from importlib.resources import files
from json import dumps
from pathlib import Path
from typing import Any, Final

from qmi_rules.catalogues import languages
from qmi_rules.doors.operations import OPERATIONS, SHAPES, Operation, OperationOption, names_of
from qmi_rules.errors import FAULT_CODES
from qmi_rules.law import Table, default_table
from qmi_rules.model.territory import TerritoryCommune
from qmi_rules.procurement.law_of_the_day import LawOfTheDay
from qmi_rules.schema import json_schema
from qmi_rules.schema.writing import CARD
from qmi_rules.version import VERSION

REF: Final = "#/components/schemas/{name}"
_MAKES_SENSE_ALONE: Final = ("$schema", "$id", "$defs")

_JSON, _LINES, _PROBLEM = "application/json", "application/x-ndjson", "application/problem+json"


def schema_document(cls: type) -> str:
    """The JSON Schema of a document, as a text."""
    return dumps(json_schema(cls), ensure_ascii=False, separators=(",", ":"))


def openapi_document(table: Table | None = None) -> dict[str, Any]:
    """The document.

    Args:
        table: The law, for the procedures that an address may name; None = the national table of the package.
    """
    schemas = _Schemas()
    table = table or default_table()
    paths: dict[str, Any] = {one.path: {"post": _question(one, table, schemas)} for one in OPERATIONS.values()}
    paths["/v1/brief"]["post"]["responses"]["200"]["content"]["text/html"] = {
        "schema": {"type": "string", "description": "The report."}
    }
    given = {
        "law": schemas.of(LawOfTheDay),
        "communes": schemas.add("CommunesFound", _communes(schemas)),
        "health": schemas.add("Health", _SAID["schemas"]["Health"]),
    }
    for path, row in _SAID["reads"].items():
        paths[path] = {"get": _read(row, given.get(row["name"], {"type": "object"}))}
    return {
        "openapi": "3.1.0",
        "info": {**_SAID["info"], "version": VERSION},
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "schemas": dict(sorted(schemas.found.items())),
            "responses": {name: _refusal(words) for name, words in _SAID["refusals"].items()},
        },
    }


class _Schemas:
    """The schemas met so far, by name; a class name stands once in the house."""

    def __init__(self) -> None:
        self.found: dict[str, Any] = {
            name: _SAID["schemas"][name] for name in ("Fault", "ProblemDetails", "FaultyLine")
        }

    def add(self, name: str, schema: dict[str, Any]) -> dict[str, Any]:
        """Keep a schema, and say where it stands."""
        self.found[name] = schema
        return {"$ref": REF.format(name=name)}

    def of(self, cls: type) -> dict[str, Any]:
        """Where the schema of a class of documents stands."""
        if cls.__name__ not in self.found:
            schema = _parts_apart(_with_any_day(json_schema(cls, REF)))
            self.found |= {_part_name(name): part for name, part in schema.get("$defs", {}).items()}
            self.found[cls.__name__] = {key: value for key, value in schema.items() if key not in _MAKES_SENSE_ALONE}
        return {"$ref": REF.format(name=cls.__name__)}

    def card_of(self, cls: type) -> dict[str, Any]:
        """The head and the card of an answer."""
        whole = self.found[cls.__name__]
        return self.add(
            f"{cls.__name__}Card",
            {
                "description": f"The head and the card of a {cls.__name__}: what `detail=answer` gives.",
                "type": "object",
                "properties": {key: value for key, value in whole["properties"].items() if key in CARD},
                "required": [key for key in whole["required"] if key in CARD],
            },
        )


def _with_any_day(schema: Any) -> Any:
    """The same with days of any year: which years are read is said in words, as programs that make up documents make up no day for both."""
    if isinstance(schema, list):
        return [_with_any_day(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    dropped = "pattern" if schema.get("format") == "date" else None
    return {key: _with_any_day(one) for key, one in schema.items() if key != dropped}


def _part_name(name: str) -> str:
    """A result that stands inside another has no head: its schema is another one, under a name of its own."""
    return f"{name}Part" if name in {one.gives.__name__ for one in OPERATIONS.values()} else name


def _parts_apart(schema: Any) -> Any:
    """The same, referring to results inside it by the names of parts."""
    if isinstance(schema, list):
        return [_parts_apart(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    found = {key: _parts_apart(one) for key, one in schema.items()}
    if isinstance(reference := schema.get("$ref"), str):
        found["$ref"] = REF.format(name=_part_name(reference.rpartition("/")[2]))
    return found


# --- a question


def _question(operation: Operation, table: Table, schemas: _Schemas) -> dict[str, Any]:
    whole = schemas.of(operation.gives)
    answer = {"anyOf": [schemas.card_of(operation.gives), whole]} if operation.has_card else whole
    document = _document(operation, schemas)
    parameters = _parameters("lang", "detail", "known_on", "accept_language")
    parameters += [_parameter(option, table) for option in operation.through("http")]
    line = {"anyOf": [answer, {"$ref": REF.format(name="FaultyLine")}]}
    name = "".join(part.title() if i else part for i, part in enumerate(operation.name.split("-")))
    return {
        "operationId": name,
        "summary": operation.summary,
        "parameters": parameters,
        "requestBody": {
            "required": True,
            "description": "One document, or a batch: one document a line.",
            "content": {
                _JSON: {"schema": document},
                _LINES: {"schema": {"type": "string", "description": "One document a line."}},
            },
        },
        "responses": {
            "200": {
                "description": "The answer; to a batch one answer a line, in the same order, faults in their place.",
                "headers": _LANGUAGE_HEADER,
                "content": {
                    _JSON: {"schema": answer},
                    _LINES: {"schema": {"type": "string", "description": f"One answer a line: {dumps(line)}"}},
                },
            },
            **_refusals(*["404"] * bool(operation.about), "406", "408", "413", "415", "422", "500", "503"),
        },
    }


def _parameter(option: OperationOption, table: Table) -> dict[str, Any]:
    found = {"name": option.name, "in": "query", "required": False}
    if option.names_something:
        schema: dict[str, Any] = {"enum": list(names_of(option.kind, table))}
        return {**found, "in": "path", "required": True, "schema": schema, "description": f"{option.words}."}
    day = {"type": "string", "format": "date"}
    schema = day if option.kind == "day" else {"type": "string", "minLength": 1, "maxLength": 200}
    return {**found, "schema": schema, "description": option.words}


def _document(operation: Operation, schemas: _Schemas) -> dict[str, Any]:
    if operation.name == "score":
        answers = schemas.add("RubricAnswers", _SAID["schemas"]["RubricAnswers"])
        return {"anyOf": [answers, *map(schemas.of, operation.takes)]}
    taken = [schemas.of(cls) for cls in operation.takes]
    if operation.name == "next-question":
        purchase, whole = (schemas.found[cls.__name__] for cls in operation.takes)
        unfinished = schemas.add("UnfinishedPurchase", _unfinished(purchase))
        dossier = {**whole, "properties": {**whole["properties"], "purchase": unfinished}}
        taken = [unfinished, schemas.add("UnfinishedDossier", dossier)]
    return taken[0] if len(taken) == 1 else {"anyOf": taken}


def _unfinished(purchase: dict[str, Any]) -> dict[str, Any]:
    """A purchase of which anything may not be known yet."""
    return {
        **purchase,
        "description": "A purchase in which anything may be missing.",
        "required": [],
        "properties": {**purchase["properties"], **_SAID["schemas"]["Unfinished"]["properties"]},
    }


# --- what is read


def _read(row: Mapping[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    content = {"text/html": {"schema": {"type": "string"}}} if row.get("page") else {_JSON: {"schema": schema}}
    statuses = ["406", "422", "500", "503", *["404"] * (row["name"] == "schema")]
    return {
        "operationId": row["name"],
        "summary": row["summary"],
        "parameters": _parameters(*row.get("parameters", ()), "lang", "accept_language"),
        "responses": {
            "200": {"description": "The answer.", "headers": _LANGUAGE_HEADER, "content": content},
            **_refusals(*statuses),
        },
    }


def _communes(schemas: _Schemas) -> dict[str, Any]:
    return {
        "description": "The communes that were meant, the best first.",
        "type": "object",
        "properties": {"communes": {"type": "array", "items": schemas.of(TerritoryCommune)}},
        "required": ["communes"],
    }


# --- parts


def _parameters(*names: str) -> list[dict[str, Any]]:
    return [_SAID["parameters"][name] for name in names]


def _refusals(*statuses: str) -> dict[str, Any]:
    return {status: {"$ref": f"#/components/responses/{_SAID['statuses'][status]}"} for status in statuses}


def _refusal(words: str) -> dict[str, Any]:
    return {"description": words, "content": {_PROBLEM: {"schema": {"$ref": REF.format(name="ProblemDetails")}}}}


def _said() -> dict[str, Any]:
    said = tomllib.loads(Path(__file__).with_name("openapi.toml").read_text("utf-8"))
    said["parameters"]["lang"]["schema"]["enum"] = list(languages())
    said["parameters"]["name"]["schema"]["enum"] = list(SHAPES)
    said["schemas"]["Fault"]["properties"]["code"]["enum"] = list(FAULT_CODES)
    return said


_SAID: Final = _said()
_LANGUAGE_HEADER: Final = {
    "Content-Language": {
        "schema": {"enum": list(languages())},
        "description": "The language of what is said in the answer.",
    }
}


# --- the same as a page


def openapi_html(document: dict[str, Any]) -> str:
    """The document as one page of HTML that loads nothing and runs nothing."""
    from jinja2 import Environment, StrictUndefined

    template = files("qmi_rules").joinpath("data", "pages", "openapi.html.j2").read_text("utf-8")
    environment = Environment(undefined=StrictUndefined, autoescape=False)
    environment.filters["h"] = escape
    joined = "".join(template.splitlines())
    return environment.from_string(joined).render(document, kind=_kind)


def _kind(schema: dict[str, Any]) -> str:
    """What a schema takes, in a few words."""
    return " or ".join(dict.fromkeys(_kinds(schema))) or "anything"


def _kinds(schema: dict[str, Any]) -> Iterator[str]:
    if "$ref" in schema:
        name = escape(schema["$ref"].rpartition("/")[2])
        yield f'<a href="#{name}">{name}</a>'
    for key in ("anyOf", "oneOf"):
        for one in schema.get(key, ()):
            yield from _kinds(one)
    if "enum" in schema:
        yield ", ".join(f"<code>{escape(dumps(word))}</code>" for word in schema["enum"])
    match schema.get("type"):
        case "array":
            yield f"a list of {_kind(schema.get('items', {}))}"
        case str() as kind:
            yield escape(schema.get("format", kind))
        case list() as kinds:
            yield from map(escape, kinds)
