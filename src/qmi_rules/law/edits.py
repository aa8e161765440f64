"""The entries of a table that are not as they were in another: values, rows, sources; each with its days and what hangs on it."""

import datetime
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from attrs import evolve, field, frozen

from qmi_rules.documents.scalars import to_tuple
from qmi_rules.law.sources import Certainty, Dated

if TYPE_CHECKING:
    from qmi_rules.law.table import Table

SECTIONS = ("sources", "thresholds", "procedures", "facts", "rules", "duties", "duty_rows", "cautions")


@frozen(kw_only=True)
class Edit:
    """One entry of the table that is not as it was.

    Attributes:
        section: Section of the table: ``sources``, ``thresholds``, ``rules``, …
        id: Its id.
        change: ``added``, ``removed`` or ``changed``.
        label: Its French name, or its id.
        since: First day in force, where it is dated.
        until: Last day in force; None = no end known, or not dated.
        legal_basis: Id of its source; empty where it has none.
        certainty: How sure it is; None where it is not dated.
        bears_on: For a value of a threshold: ids of the rows that measure against the threshold.
    """

    section: str
    id: str
    change: str
    label: str
    since: datetime.date | None = None
    until: datetime.date | None = None
    legal_basis: str = ""
    certainty: Certainty | None = None
    bears_on: tuple[str, ...] = field(default=(), converter=to_tuple)


def _keyed(table: "Table", section: str) -> dict[str, Any]:
    entries = getattr(table, section)
    return entries if isinstance(entries, dict) else {entry.id: entry for entry in entries}


def edits(before: "Table", after: "Table") -> Iterator[Edit]:
    """The entries of two tables that differ, section by section."""
    for section in SECTIONS:
        old, new = _keyed(before, section), _keyed(after, section)
        for name in dict.fromkeys((*new, *old)):
            was, becomes = old.get(name), new.get(name)
            if was == becomes:
                continue
            if section == "thresholds" and was is not None and becomes is not None:
                yield from _values(after, was, becomes)
            else:
                change = "added" if was is None else "removed" if becomes is None else "changed"
                yield _edit(section, becomes if becomes is not None else was, change)


def _edit(section: str, entry: Any, change: str) -> Edit:
    label = next(
        (text for name in ("label", "ground", "citation", "text") if (text := getattr(entry, name, ""))), entry.id
    )
    found = Edit(section=section, id=entry.id, change=change, label=label)
    return evolve(found, **_dated(entry)) if isinstance(entry, Dated) else found


def _dated(entry: Dated) -> dict[str, Any]:
    return {
        "since": entry.effective_from,
        "until": entry.effective_until,
        "legal_basis": entry.legal_basis,
        "certainty": entry.certainty,
    }


def _values(table: "Table", was: Any, becomes: Any) -> Iterator[Edit]:
    """The values of one series that differ, each named by its first day."""
    bears_on = tuple(row.id for row in table.rows() if any(c.threshold == becomes.id for c in row.when))
    shared = Edit(section="thresholds", id=becomes.id, change="changed", label=becomes.label, bears_on=bears_on)
    if (was.label, was.unit) != (becomes.label, becomes.unit):
        yield shared
    old = {(value.effective_from, value.derogation): value for value in was.values}
    new = {(value.effective_from, value.derogation): value for value in becomes.values}
    for moment in sorted(old.keys() | new.keys()):
        one, two = old.get(moment), new.get(moment)
        if one != two:
            change = "added" if one is None else "removed" if two is None else "changed"
            entry = two if two is not None else one
            assert entry is not None
            yield evolve(shared, change=change, **_dated(entry))


def entries_of(table: "Table", edit: Edit) -> Iterator[Any]:
    """What an edit is about, as it stands in a table."""
    entry = _keyed(table, edit.section)[edit.id]
    yield entry
    if edit.section == "thresholds":
        yield from (value for value in entry.values if value.effective_from == edit.since)
    if edit.section == "facts":
        yield from entry.choices
