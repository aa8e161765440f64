"""The OpenAPI document as one page of HTML that loads nothing and runs nothing."""

import json
from collections.abc import Iterator
from html import escape
from typing import Any, Final

_STYLE: Final = (
    "body{font:1rem/1.5 system-ui,sans-serif;max-width:60rem;margin:0 auto;padding:1rem}"
    "code,pre{font:.875rem/1.4 ui-monospace,monospace}pre{overflow:auto;padding:.5rem;border:1px solid;border-radius:.25rem}"
    "summary{cursor:pointer;padding:.25rem 0}table{border-collapse:collapse}th,td{text-align:left;padding:.25rem .75rem .25rem 0;vertical-align:top}"
    "a{color:inherit}:root{color-scheme:light dark}"
)


def openapi_html(document: dict[str, Any]) -> str:
    """The page."""
    info = document["info"]
    parts = [
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(info["title"])} over HTTP</title>',
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head><body><main>',
        f"<h1>{escape(info['title'])} {escape(info['version'])}</h1><p>{escape(info['summary'])}</p><p>{escape(info['description'])}</p>",
        '<p><a href="openapi.json">openapi.json</a></p><h2>Addresses</h2>',
        *(
            _operation(path, method, operation)
            for path, operations in document["paths"].items()
            for method, operation in operations.items()
        ),
        "<h2>Documents</h2>",
        *(_schema(name, schema) for name, schema in document["components"]["schemas"].items()),
        "</main></body></html>",
    ]
    return "".join(parts)


def _operation(path: str, method: str, operation: dict[str, Any]) -> str:
    rows = "".join(
        f"<tr><th><code>{escape(one['name'])}</code></th><td>{escape(one['in'])}</td><td>{escape(one.get('description', ''))}{_words(one['schema'])}</td></tr>"
        for one in operation.get("parameters", ())
    )
    body = operation.get("requestBody", {}).get("content", {}).get("application/json")
    asked = (
        ""
        if body is None
        else f"<p>Takes {_kind(body['schema'])}, or lines of it as <code>application/x-ndjson</code>.</p>"
    )
    answers = "".join(
        f"<tr><th>{status}</th><td>{_answer(status, response)}</td></tr>"
        for status, response in operation["responses"].items()
    )
    return (
        f"<details><summary><code>{method.upper()} {escape(path)}</code> {escape(operation['summary'])}</summary>{asked}"
        f"<table>{rows}</table><table>{answers}</table></details>"
    )


def _answer(status: str, response: dict[str, Any]) -> str:
    if "$ref" in response:
        return escape(response["$ref"].rpartition("/")[2])
    kinds = ", ".join(_kind(content["schema"]) for content in response["content"].values())
    return f"{escape(response['description'])} {kinds}"


def _schema(name: str, schema: dict[str, Any]) -> str:
    rows = "".join(
        f"<tr><th><code>{escape(key)}</code>{' *' if key in schema.get('required', ()) else ''}</th><td>{_kind(one)}</td>"
        f"<td>{escape(one.get('description', ''))}</td></tr>"
        for key, one in schema.get("properties", {}).items()
    )
    words = escape(schema.get("description", ""))
    return f'<details id="{escape(name)}"><summary><code>{escape(name)}</code> {words}</summary><table>{rows}</table></details>'


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
        yield ", ".join(f"<code>{escape(json.dumps(word))}</code>" for word in schema["enum"])
    match schema.get("type"):
        case "array":
            yield f"a list of {_kind(schema.get('items', {}))}"
        case str() as kind:
            yield escape(schema.get("format", kind))
        case list() as kinds:
            yield from map(escape, kinds)


def _words(schema: dict[str, Any]) -> str:
    return "" if "enum" not in schema else f" ({_kind(schema)})"
