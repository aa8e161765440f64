"""Loading tables: from a TOML file, a folder of them, or the package; put together, each fault with the file that it stands in."""

import gc
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import evolve

from qmi_rules.errors import Phrase, Problem, TableError, UnknownReferenceError, fault
from qmi_rules.law.facts import fact_definitions
from qmi_rules.law.package_files import CompiledLaw, compiled_law, law_file, law_files
from qmi_rules.law.table import Table
from qmi_rules.read_only import to_read_only
from qmi_rules.schema import load_toml
from qmi_rules.schema.faults import require, shown

if TYPE_CHECKING:
    from qmi_rules.law.sections import Caution, DutyRow, TableFile

R = TypeVar("R", "DutyRow", "Caution")

UNITS = ("EUR HT", "share", "months", "multiple")
"""What thresholds are measured in; a multiple of an amount is shown and compared with no fact of a purchase."""
NOT_LAW = ("facts.toml",)
"""Files of a table's folder that hold the vocabulary and no law."""


MOST_ROWS = 5_000
"""A table may have this many rows (rules, duties, cautions) at most."""
MOST_VALUES = 500
"""A threshold may have this many values at most."""


def load_table(path: Path | str) -> Table:
    """Load a table from a TOML file or from a folder of TOML files.

    Raises:
        TableError: All faults of a file at once; each names file, path and what to do.
        UnknownReferenceError: A row names something that is not declared.
        OverlappingPeriodsError: Two values of a series claim the same day.
        DocumentError: `path` is no path.

    >>> import pathlib, qmi_rules
    >>> table = load_table(pathlib.Path(qmi_rules.__file__).parent / "data" / "law")
    >>> table.hash == default_table().hash
    True
    """
    require("path", path, Path, str)
    from qmi_rules.law.sections import TableFile

    root = Path(path)
    files = sorted(root.glob("*.toml")) if root.is_dir() else [root]
    files = [file for file in files if file.name not in NOT_LAW]
    if not files:
        raise TableError(fault("contradiction", "", "no TOML file in this folder"), str(root))
    try:
        contents = [(str(file), load_toml(file, TableFile)) for file in files]
        if problems := [*_wrong_units(contents)]:
            raise TableError(problems)
        return assemble(contents)
    except TableError as error:
        if error.where or all(problem.path for problem in error.problems):  # then the file is named already
            raise
        raise type(error)(error.problems, str(root)) from None


def _wrong_units(files: list[tuple[str, "TableFile"]]) -> Iterator[Problem]:
    """Thresholds in something that no fact of a purchase is measured in: pages and what-if would not know what to say."""
    for where, content in files:
        for threshold in content.thresholds:
            if threshold.unit not in UNITS:
                path = f"{where}: thresholds[{threshold.id}].unit"
                words = "expected one of {choices}, got {got}"
                yield fault("unknown_choice", path, words, choices=tuple(UNITS), got=shown(threshold.unit))


@cache
def default_table() -> Table:
    """The national table of the package.

    >>> "innovative_purchase" in default_table().procedures
    True
    """
    collecting = gc.isenabled()
    gc.disable()  # a table is thousands of objects that stay
    try:
        if (compiled := compiled_law()) is not None:
            return _of(compiled)
        from qmi_rules.law.sections import TableFile

        return assemble((name, law_file(name, TableFile)) for name in law_files() if name not in NOT_LAW)
    finally:
        if collecting:
            gc.enable()


_KEYED = {"sources": "Source", "thresholds": "Threshold", "procedures": "Procedure", "duties": "Duty"}
"""The sections of which each entry has an id, and the class of an entry."""
_LISTED = {
    "rules": "Rule",
    "duty_rows": "DutyRow",
    "cautions": "Caution",
    "ladders": "Ladder",
    "declared": "Declared",
    "bearings": "Bearing",
    "outside": "Outside",
}
"""The sections that are lists, and the class of an entry."""


def _of(compiled: CompiledLaw) -> Table:
    """The table that a build compiled; its sections are made when they are read."""
    from qmi_rules import law

    def section(name: str) -> Any:
        if name in _LISTED:
            return compiled.section(name, getattr(law, _LISTED[name]))
        return to_read_only({entry.id: entry for entry in compiled.section(name, getattr(law, _KEYED[name]))})

    return Table.compiled(
        section,
        compiled.days,
        edition=compiled.edition,
        reviewed_on=compiled.reviewed_on,
        local=False,
        facts=fact_definitions(),
    )


def _groups(files: list[tuple[str, "TableFile"]]) -> dict[str, tuple[str, ...]]:
    """The members of each group that the files may name; a local table has those of the package too.

    Raises:
        TableError: Each id that stands twice.
    """
    if any(content.over for _, content in files):
        from qmi_rules.law.sections import TableFile

        files = [("procedures.toml", law_file("procedures.toml", TableFile)), *files]
    groups: dict[str, tuple[str, ...]] = {}
    problems = []
    for where, content in files:
        for i, group in enumerate(content.groups):
            if group.id in groups:
                path = f"{where}: groups[{i}].id"
                problems.append(fault("duplicate", path, "{id} stands twice; each id once", id=shown(group.id)))
            groups[group.id] = group.members
    if problems:
        raise TableError(problems)
    return groups


def _spelled_out(rows: Iterable[R], groups: Mapping[str, tuple[str, ...]]) -> tuple[R, ...]:
    """The same rows, the members of a group where one names it.

    Raises:
        UnknownReferenceError: All names that lead to no procedures.
    """
    problems: list[Problem] = []

    def members(names: tuple[str, ...], path: str, within: tuple[str, ...] = ()) -> Iterator[str]:
        for name in names:
            group = name.removeprefix("@")
            if group == name:
                yield name
            elif group in within:
                problems.append(fault("contradiction", path, "the group {id} holds itself", id=shown(group)))
            elif group in groups:
                yield from members(groups[group], path, (*within, group))
            else:
                words = "unknown {what} {id}; declare it or use one of: {near}"
                near = ", ".join(sorted(groups)) or Phrase("none is declared")
                problems.append(fault("unknown_id", path, words, what=Phrase("group"), id=shown(group), near=near))

    found = tuple(
        evolve(row, procedures=tuple(members(row.procedures, f"row {row.id}.procedures")))
        if any(name.startswith("@") for name in row.procedures)
        else row
        for row in rows
    )
    if problems:
        raise UnknownReferenceError(problems)
    return found


def assemble(files: Iterable[tuple[str, "TableFile"]]) -> Table:
    """One table from its files, the members of a group where a row names the group.

    Args:
        files: Name of each file (for the messages) and its content.

    Raises:
        TableError: An id stands twice, no file names the edition, a reference leads nowhere, or periods overlap.
    """
    parts: dict[str, Any] = {"edition": "", "reviewed_on": None, "local": False}
    keyed: dict[str, Any] = {name: {} for name in _KEYED}
    keyed["facts"] = dict(fact_definitions())
    listed: dict[str, Any] = {name: [] for name in _LISTED}
    problems: list[Problem] = []
    origins: dict[str, str] = {}
    files = list(files)
    groups = _groups(files)
    for where, content in files:
        parts["edition"] = parts["edition"] or content.edition or ""
        parts["local"] = parts["local"] or content.over is not None
        parts["reviewed_on"] = parts["reviewed_on"] or content.reviewed_on
        for name, target in keyed.items():
            for i, entry in enumerate(getattr(content, name)):
                if entry.id in target:
                    words = "{id} stands twice; each id once"
                    problems.append(fault("duplicate", f"{where}: {name}[{i}].id", words, id=shown(entry.id)))
                target[entry.id] = entry
                origins[f"{name}[{entry.id}]"] = where
        for name, entries in listed.items():
            for entry in getattr(content, name):
                origins[_place(name, len(entries), entry)] = where
                entries.append(entry)
    if (count := sum(len(listed[name]) for name in ("rules", "duty_rows", "cautions"))) > MOST_ROWS:
        words = "expected at most {most} rows (rules, duties, cautions), got {got}"
        problems.append(fault("out_of_range", "", words, most=MOST_ROWS, got=count))
    for name, threshold in keyed["thresholds"].items():
        if (count := len(threshold.values)) > MOST_VALUES:
            words = "expected at most {most} values, got {got}"
            problems.append(fault("out_of_range", f"thresholds[{name}].values", words, most=MOST_VALUES, got=count))
    if not (parts["edition"] or parts["local"]):
        problems.append(
            fault("required", "edition", 'expected the name of the edition, such as "2026-11-24"; it is absent')
        )
    if problems:
        raise TableError([_placed(problem, origins) for problem in problems])
    sections = {name: tuple(entries) for name, entries in listed.items()}
    try:
        for name in ("duty_rows", "cautions"):
            sections[name] = _spelled_out(sections[name], groups)
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
        case "bearings" | "outside":
            return f"{section}[{entry.fact}]"
        case _:
            return f"row {entry.id}"


def _placed(problem: Problem, origins: dict[str, str]) -> Problem:
    """The same fault, its path preceded by the file that it stands in."""
    path = problem.path
    while path and path not in origins:
        path = path[: max(path.rfind("."), 0)]
    return problem.at(f"{origins[path]}: {problem.path}") if path else problem
