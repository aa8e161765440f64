"""The OpenAPI 3.1 document of the service: its addresses, and the schemas of documents as `qmi-rules schema` prints them."""

from json import dumps
from typing import Any, Final

from qmi_rules.catalogues import languages
from qmi_rules.doors.operations import OPERATIONS, SHAPES, Operation, Option, names_of
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
    paths = {
        **{one.path: {"post": _question(one, table, schemas)} for one in OPERATIONS.values()},
        "/v1/law": {
            "get": _read(
                "law",
                "The law in force on a day, with articles, dates and certainty.",
                schemas.of(LawOfTheDay),
                [_query("on", _DAY, "The day.", required=True), _KNOWN_ON],
            )
        },
        "/v1/communes": {
            "get": _read(
                "communes",
                "The communes that somebody means who types a name, a postcode or an INSEE code; the best first.",
                schemas.add("CommunesFound", _communes(schemas)),
                [
                    _query(
                        "q",
                        {"type": "string", "minLength": 1, "maxLength": 200, "pattern": r"^[^\x00-\x1f\x7f-\xa0]+$"},
                        "What was typed.",
                        required=True,
                    )
                ],
            )
        },
        "/v1/schemas/{name}": {"get": _schema_operation()},
        "/openapi.json": {"get": _read("openapi", "This document.", {"type": "object"}, [])},
        "/docs": {"get": _page("docs", "This document, for people.")},
        "/healthz": {
            "get": _read(
                "health", "Whether the service answers, and with which law.", schemas.add("Health", _HEALTH), []
            )
        },
        "/": {"get": _page("page", "The question page.")},
    }
    paths["/v1/brief"]["post"]["responses"]["200"]["content"]["text/html"] = {
        "schema": {"type": "string", "description": "The report."}
    }
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "qmi_rules",
            "version": VERSION,
            "summary": "How may a French commune buy an innovative solution?",
            "description": (
                "It informs and does not absolve: it is no legal advice. Nothing is kept, no clock is read: the day a consultation is launched "
                "decides which law applies. Readers ignore keys that they do not know: later versions add keys to answers."
            ),
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {"schemas": dict(sorted(schemas.found.items())), "responses": _RESPONSES},
    }


class _Schemas:
    """The schemas met so far, by name; a class name stands once in the house."""

    def __init__(self) -> None:
        self.found: dict[str, Any] = {"Fault": _FAULT, "ProblemDetails": _PROBLEM_DETAILS, "FaultyLine": _FAULTY_LINE}

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
    parameters = [_LANG, _DETAIL, _KNOWN_ON, _ACCEPT_LANGUAGE]
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
            **({"404": {"$ref": "#/components/responses/NotFound"}} if operation.about else {}),
            "406": {"$ref": "#/components/responses/NotAcceptable"},
            "408": {"$ref": "#/components/responses/RequestTimeout"},
            "413": {"$ref": "#/components/responses/TooLarge"},
            "415": {"$ref": "#/components/responses/UnsupportedMediaType"},
            "422": {"$ref": "#/components/responses/Faults"},
            "500": {"$ref": "#/components/responses/InternalError"},
            "503": {"$ref": "#/components/responses/TooSlow"},
        },
    }


def _parameter(option: Option, table: Table) -> dict[str, Any]:
    if option.names_something:
        return _in_path(option.name, names_of(option.kind, table), f"{option.words}.")
    schema = _DAY if option.kind == "day" else {"type": "string", "minLength": 1, "maxLength": 200}
    return _query(option.name, schema, option.words)


def _document(operation: Operation, schemas: _Schemas) -> dict[str, Any]:
    if operation.name == "score":
        answers = schemas.add("RubricAnswers", _RUBRIC_ANSWERS)
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
    bound = {
        "type": "object",
        "properties": {"from": {"type": "string"}, "below": {"type": "string"}},
        "additionalProperties": False,
    }
    more = {
        "bounds": {
            "description": "What is only known by less than or from, by path.",
            "type": "object",
            "properties": {"estimated_value": bound, "launched_on": bound},
            "additionalProperties": False,
        },
        "unanswered": {
            "description": "Ids of the questions that nobody could answer.",
            "type": "array",
            "items": {"type": "string"},
        },
    }
    return {
        **purchase,
        "description": "A purchase in which anything may be missing.",
        "required": [],
        "properties": {**purchase["properties"], **more},
    }


# --- what is read


def _read(name: str, summary: str, schema: dict[str, Any], parameters: list[dict[str, Any]]) -> dict[str, Any]:
    refusals = {
        "406": {"$ref": "#/components/responses/NotAcceptable"},
        "422": {"$ref": "#/components/responses/Faults"},
        "500": {"$ref": "#/components/responses/InternalError"},
        "503": {"$ref": "#/components/responses/TooSlow"},
    }
    return {
        "operationId": name,
        "summary": summary,
        "parameters": [*parameters, _LANG, _ACCEPT_LANGUAGE],
        "responses": {
            "200": {"description": "The answer.", "headers": _LANGUAGE_HEADER, "content": {_JSON: {"schema": schema}}},
            **refusals,
        },
    }


def _schema_operation() -> dict[str, Any]:
    operation = _read(
        "schema", "The JSON Schema of a document.", {"type": "object"}, [_in_path("name", tuple(SHAPES), "Its name.")]
    )
    operation["responses"]["404"] = {"$ref": "#/components/responses/NotFound"}
    return operation


def _page(name: str, summary: str) -> dict[str, Any]:
    operation = _read(name, summary, {}, [])
    operation["responses"]["200"]["content"] = {"text/html": {"schema": {"type": "string"}}}
    return operation


def _communes(schemas: _Schemas) -> dict[str, Any]:
    return {
        "description": "The communes that were meant, the best first.",
        "type": "object",
        "properties": {"communes": {"type": "array", "items": schemas.of(TerritoryCommune)}},
        "required": ["communes"],
    }


# --- parts


def _query(name: str, schema: dict[str, Any], words: str, *, required: bool = False) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": required, "schema": schema, "description": words}


def _in_path(name: str, choices: tuple[str, ...], words: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": {"enum": list(choices)}, "description": words}


_DAY: Final = {"type": "string", "format": "date"}
_LANG: Final = _query(
    "lang",
    {"enum": list(languages())},
    "The language of the answer; it wins over Accept-Language. French unless asked.",
)
_DETAIL: Final = _query(
    "detail",
    {"enum": ["answer", "full"], "default": "answer"},
    "How much: of an answer with a card its head and card alone, or the whole. An answer without a card is always whole.",
)
_KNOWN_ON: Final = _query("known_on", _DAY, "Take only the law that was published by this day.")
_ACCEPT_LANGUAGE: Final = {
    "name": "Accept-Language",
    "in": "header",
    "schema": {"type": "string", "examples": ["fr", "en-GB, en;q=0.8"]},
    "description": "The languages that the reader understands.",
}
_LANGUAGE_HEADER: Final = {
    "Content-Language": {
        "schema": {"enum": list(languages())},
        "description": "The language of what is said in the answer.",
    }
}
_FAULT: Final[dict[str, Any]] = {
    "description": "One fault of a document: programs read code and params, people read the message.",
    "type": "object",
    "properties": {
        "code": {"enum": list(FAULT_CODES), "description": "What is wrong; these words stay as they are."},
        "path": {"type": "string", "description": "Where, from the root; empty for the whole."},
        "params": {"type": "object", "description": "What was expected, what came."},
        "message": {"type": "string", "description": "What was expected, what came, what to write instead."},
    },
    "required": ["code", "path", "params", "message"],
}
_PROBLEM_DETAILS: Final[dict[str, Any]] = {
    "description": "Why there is no answer (RFC 9457), with all faults at once.",
    "type": "object",
    "properties": {
        "type": {"type": "string", "description": "Which kind of problem, as a URN."},
        "title": {"type": "string", "description": "The kind of problem in words."},
        "status": {"type": "integer", "description": "The status of the answer."},
        "detail": {"type": "string", "description": "All faults in words, a line each."},
        "format": {"type": "string", "description": "The format of the list of faults."},
        "faults": {"type": "array", "items": {"$ref": REF.format(name="Fault")}, "description": "All faults."},
    },
    "required": ["type", "title", "status", "format", "faults"],
}
_FAULTY_LINE: Final[dict[str, Any]] = {
    "description": "What stands in a batch in place of the answer to a line that has none.",
    "type": "object",
    "properties": {
        "line": {"type": "integer", "minimum": 1, "description": "The line, counted from one."},
        "faults": {
            "type": "array",
            "items": {"$ref": REF.format(name="Fault")},
            "description": "All faults of the line.",
        },
    },
    "required": ["line", "faults"],
}
_RUBRIC_ANSWERS: Final[dict[str, Any]] = {
    "description": "Answers by the id of their criterion: a level, or an object with level, evidence, source and on.",
    "type": "object",
}
_HEALTH: Final[dict[str, Any]] = {
    "description": "The service answers.",
    "type": "object",
    "properties": {
        "status": {"const": "ok", "description": "It answers."},
        "table_edition": {"type": "string", "description": "The edition of the law."},
        "package_version": {"type": "string", "description": "The version of the library."},
    },
    "required": ["status", "table_edition", "package_version"],
}


def _refusal(words: str) -> dict[str, Any]:
    return {"description": words, "content": {_PROBLEM: {"schema": {"$ref": REF.format(name="ProblemDetails")}}}}


_RESPONSES: Final = {
    "NotFound": _refusal("Nothing has this name; the fault lists the names that there are."),
    "NotAcceptable": _refusal("The client takes no answer in a form that there is."),
    "RequestTimeout": _refusal("The document did not come in time."),
    "TooLarge": _refusal("The document is too long."),
    "UnsupportedMediaType": _refusal("The document is no JSON in UTF-8, or compressed."),
    "Faults": _refusal("The document or a parameter has faults; all of them are listed."),
    "InternalError": _refusal("A fault of the service."),
    "TooSlow": _refusal("The answer would take longer than the service allows."),
}
