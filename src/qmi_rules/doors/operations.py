"""The questions that every door asks, and the documents that stand behind them: the rows of ``operations.toml``.

A command, a path of HTTP with its OpenAPI, a line of a batch and a tool of an assistant are made from the same row. What a row names is loaded when it is
first used.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

from attrs import field, frozen

from qmi_rules.law import Table
from qmi_rules.schema import json_schema
from qmi_rules.schema.scalars import to_tuple

Through: TypeAlias = Literal["command", "http", "tool"]


@frozen(kw_only=True)
class OperationOption:
    """What may be given to a question besides its document.

    Attributes:
        name: Its name, as Python writes it.
        kind: What it is; a ``procedure`` or ``rubric`` is the id of one, and must be given.
        words: What it means.
        example: Such as this one; of an id, which otherwise is told without a full stop.
        doors: Through which doors it may be given.
        of: Of a ``choice``: where its enum is, module and name; the first word is taken where none is given.
        writer: Of a ``file`` that is written: what makes its text of the result and a language.
    """

    name: str
    kind: Literal["text", "day", "flag", "file", "files", "choice", "procedure", "rubric"]
    words: str
    example: str = ""
    doors: tuple[Through, ...] = field(default=("command",), converter=to_tuple)
    of: str = ""
    writer: str = ""

    @property
    def names_something(self) -> bool:
        """It is the id of what the question is about."""
        return self.kind in ("procedure", "rubric")

    @property
    def with_example(self) -> str:
        """What it means, with an example where there is one."""
        return f"{self.words}, such as {self.example}." if self.example else self.words


@frozen(kw_only=True)
class Command:
    """How a question is a command.

    Attributes:
        summary: What it does, of FILE.
        file: What the file holds.
        lines: It takes batches too.
        law: It takes the options of the law.
    """

    summary: str
    file: str = ""
    lines: bool = True
    law: bool = True


@frozen(kw_only=True)
class Tool:
    """How a question is a tool of an assistant.

    Attributes:
        title: Its name for a person.
        description: What it answers and how to use it, for the assistant.
        detail: Its answer is short unless the whole is asked for.
    """

    title: str
    description: str
    detail: bool = True


@frozen(kw_only=True)
class Operation:
    """One question.

    Attributes:
        name: Its name in a path of HTTP: ``next-question``.
        summary: What it answers, in one line.
        reads: Where the class of the documents is that it takes: module and name.
        writes: Where the class of its answers is.
        also_reads: Other classes whose documents it takes: a dossier stands for a part of it.
        options: What else may be given.
        command: The command; None where it has none, or one of its own.
        tool: The tool; None where it has none.
    """

    name: str
    summary: str
    reads: str
    writes: str
    also_reads: tuple[str, ...] = field(default=(), converter=to_tuple)
    options: tuple[OperationOption, ...] = ()
    command: Command | None = None
    tool: Tool | None = None

    @property
    def takes(self) -> tuple[type, ...]:
        """The classes of the documents that it takes, its own first."""
        return tuple(map(named, (self.reads, *self.also_reads)))

    @property
    def gives(self) -> type:
        """The class of its answers."""
        return named(self.writes)  # type: ignore[no-any-return]

    @property
    def has_card(self) -> bool:
        """Its answers begin with a card, which may be asked for alone; an answer without one is always given whole."""
        return _has_card(self.writes)

    @property
    def path(self) -> str:
        """Its address over HTTP."""
        about = self.about
        return f"/v1/{self.name}" + (f"/{{{about.name}}}" if about else "")

    @property
    def about(self) -> OperationOption | None:
        """The option that names what the question is about, where there is one."""
        return next((option for option in self.options if option.names_something), None)

    def through(self, door: Through) -> tuple[OperationOption, ...]:
        """The options that may be given through a door."""
        return tuple(option for option in self.options if door in option.doors)


def names_of(kind: str, table: Table) -> tuple[str, ...]:
    """The ids of all procedures or rubrics."""
    if kind == "procedure":
        return tuple(table.procedures)
    from qmi_rules.scoring import rubrics

    return tuple(rubrics())


@cache
def named(where: str) -> Any:
    """What stands in a module: ``module:name``."""
    module, _, name = where.partition(":")
    return getattr(import_module(module), name)


def shape(name: str) -> type:
    """The class of a document."""
    return named(SHAPES[name])  # type: ignore[no-any-return]


@cache
def _has_card(where: str) -> bool:
    return "answer" in json_schema(named(where))["properties"]


def _operation(row: dict[str, Any]) -> Operation:
    parts = {key: cls(**row[key]) for key, cls in (("command", Command), ("tool", Tool)) if key in row}
    return Operation(
        **{**row, **parts, "options": tuple(OperationOption(**option) for option in row.get("options", ()))}
    )


_ROWS: Final = tomllib.loads(Path(__file__).with_name("operations.toml").read_text("utf-8"))

OPERATIONS: Final[Mapping[str, Operation]] = {row["name"]: _operation(row) for row in _ROWS["operations"]}
"""The questions, by name."""
SHAPES: Final[Mapping[str, str]] = _ROWS["documents"]
"""The documents that doors read and write, by name: where the class of each is."""
TOOLS_ASIDE: Final[Mapping[str, Mapping[str, Any]]] = _ROWS["tools"]
"""The tools of an assistant that are no question, by name."""
ARGUMENTS: Final[Mapping[str, Any]] = _ROWS["arguments"]
"""The JSON Schema of each argument of a tool."""
