"""The pages of the command line and of the documents, read off the program."""

import contextlib
import io
import json
from collections.abc import Iterator
from typing import Any

from qmi_rules.doors.cli import main
from qmi_rules.doors.cli.app import application
from qmi_rules.doors.operations import SHAPES, shape
from qmi_rules.schema import json_schema

from .writer import Writer, plain


def command_line(w: Writer) -> Iterator[str]:
    """The help of every command."""
    yield from _help()
    for name in sorted(name for name in application() if not name.startswith("-")):
        yield f"## `qmi-rules {name}`\n"
        yield from _help(name)


def _help(*command: str) -> Iterator[str]:
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.suppress(SystemExit):
        main([*command, "--help"])
    yield "```text"
    yield "\n".join(line.rstrip() for line in out.getvalue().strip("\n").splitlines())
    yield "```\n"


def documents(w: Writer) -> Iterator[str]:
    """Every document: its keys, what each holds, which are required."""
    for name in SHAPES:
        schema = json_schema(shape(name))
        yield w.place("document", name)
        yield f"## `{name}`\n"
        yield from _object(schema, w)
        for inner, definition in schema.get("$defs", {}).items():
            if definition.get("properties"):
                yield f"### {name}: {inner}\n"
                yield from _object(definition, w)


def _object(schema: dict[str, Any], w: Writer) -> Iterator[str]:
    if schema.get("description"):
        yield plain(schema["description"]) + "\n"
    required = set(schema.get("required", ()))
    yield from w.table(
        ("Key", "Holds", "Expected", "Required"),
        (
            [f"`{key}`", _kind(part), plain(part.get("description", "")), "yes" if key in required else ""]
            for key, part in schema.get("properties", {}).items()
        ),
    )


def _kind(part: dict[str, Any]) -> str:
    match part:
        case {"$ref": str(place)}:
            return place.rsplit("/", 1)[-1]
        case {"enum": words}:
            return ", ".join(f"`{json.dumps(word)}`" for word in words)
        case {"anyOf": kinds}:
            return " or ".join(dict.fromkeys(_kind(kind) for kind in kinds if kind != {"type": "null"}))
        case {"type": "array", "items": items}:
            return f"list of {_kind(items)}"
        case {"type": "object", "additionalProperties": dict(inner)}:
            return f"object of {_kind(inner)}"
        case {"type": list(kinds), **rest}:
            return " or ".join(_kind({**rest, "type": kind}) for kind in kinds if kind != "null")
        case {"format": "date"}:
            return "date"
        case {"type": str(kind)}:
            return kind
        case _:
            return "any"
