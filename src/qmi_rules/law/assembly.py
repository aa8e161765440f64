"""One table made of its files: the sections put together, each fault with the file that it stands in."""

import datetime
from collections.abc import Iterable
from typing import Any

from attrs import field, frozen

from qmi_rules.documents.scalars import DAY, matching, optional, text, to_tuple
from qmi_rules.errors import Problem, TableError
from qmi_rules.law.declarations import Bearing, Declared, Ladder
from qmi_rules.law.facts import FactDefinition, fact_definitions
from qmi_rules.law.rows import Caution, Duty, DutyRow, Procedure, Rule
from qmi_rules.law.sources import Source
from qmi_rules.law.table import Table
from qmi_rules.law.thresholds import Threshold

MOST_ROWS = 5_000
"""A table may have this many rows (rules, duties, cautions) at most."""
MOST_VALUES = 500
"""A threshold may have this many values at most."""


@frozen(kw_only=True)
class TableFile:
    """One TOML file of a table; every section is optional, a table is made of one or several files.

    Attributes:
        edition: Name of the edition of the table.
        reviewed_on: Day up to which the maintainers know the law.
        over: ``"national"`` in a local file that is laid over the table of the package.
    """

    edition: str | None = field(default=None, validator=optional(text(200)))
    reviewed_on: datetime.date | None = field(default=None, validator=optional(DAY))
    over: str | None = field(default=None, validator=optional(matching("national", 'the word "national"')))
    sources: tuple[Source, ...] = field(default=(), converter=to_tuple)
    facts: tuple[FactDefinition, ...] = field(default=(), converter=to_tuple)
    thresholds: tuple[Threshold, ...] = field(default=(), converter=to_tuple)
    procedures: tuple[Procedure, ...] = field(default=(), converter=to_tuple)
    rules: tuple[Rule, ...] = field(default=(), converter=to_tuple)
    duties: tuple[Duty, ...] = field(default=(), converter=to_tuple)
    duty_rows: tuple[DutyRow, ...] = field(default=(), converter=to_tuple)
    cautions: tuple[Caution, ...] = field(default=(), converter=to_tuple)
    ladders: tuple[Ladder, ...] = field(default=(), converter=to_tuple)
    declared: tuple[Declared, ...] = field(default=(), converter=to_tuple)
    bearings: tuple[Bearing, ...] = field(default=(), converter=to_tuple)


def assemble(files: Iterable[tuple[str, TableFile]]) -> Table:
    """One table from its files.

    Args:
        files: Name of each file (for the messages) and its content.

    Raises:
        TableError: An id stands twice, no file names the edition, a reference leads nowhere, or periods overlap.
    """
    parts: dict[str, Any] = {"edition": "", "reviewed_on": None, "local": False}
    keyed: dict[str, Any] = {name: {} for name in ("sources", "thresholds", "procedures", "duties")}
    keyed["facts"] = dict(fact_definitions())
    listed: dict[str, Any] = {
        name: [] for name in ("rules", "duty_rows", "cautions", "ladders", "declared", "bearings")
    }
    problems = []
    origins: dict[str, str] = {}
    for where, content in files:
        parts["edition"] = parts["edition"] or content.edition or ""
        parts["local"] = parts["local"] or content.over is not None
        parts["reviewed_on"] = parts["reviewed_on"] or content.reviewed_on
        for name, target in keyed.items():
            for i, entry in enumerate(getattr(content, name)):
                if entry.id in target:
                    problems.append(Problem(f"{where}: {name}[{i}].id", f"{entry.id!r} stands twice; each id once"))
                target[entry.id] = entry
                origins[f"{name}[{entry.id}]"] = where
        for name, entries in listed.items():
            for entry in getattr(content, name):
                origins[_place(name, len(entries), entry)] = where
                entries.append(entry)
    if (count := sum(len(listed[name]) for name in ("rules", "duty_rows", "cautions"))) > MOST_ROWS:
        problems.append(Problem("", f"expected at most {MOST_ROWS} rows (rules, duties, cautions), got {count}"))
    for name, threshold in keyed["thresholds"].items():
        if (count := len(threshold.values)) > MOST_VALUES:
            problems.append(
                Problem(f"thresholds[{name}].values", f"expected at most {MOST_VALUES} values, got {count}")
            )
    if not (parts["edition"] or parts["local"]):
        problems.append(Problem("edition", 'expected the name of the edition, such as "2026-11-24"; it is absent'))
    if problems:
        raise TableError([_placed(problem, origins) for problem in problems])
    sections = {name: tuple(entries) for name, entries in listed.items()}
    try:
        return Table(**{**parts, **keyed, **sections})
    except TableError as error:
        raise type(error)([_placed(problem, origins) for problem in error.problems]) from None


def _place(section: str, position: int, entry: Any) -> str:
    """How the paths of the faults found in the whole table begin for an entry of a list."""
    match section:
        case "ladders":
            return f"ladders[{entry.id}]"
        case "declared":
            return f"declared[{position}]"
        case "bearings":
            return f"bearings[{entry.fact}]"
        case _:
            return f"row {entry.id}"


def _placed(problem: Problem, origins: dict[str, str]) -> Problem:
    """The same fault, its path preceded by the file that it stands in."""
    path = problem.path
    while path and path not in origins:
        path = path[: max(path.rfind("."), 0)]
    return Problem(f"{origins[path]}: {problem.path}", problem.message) if path else problem
