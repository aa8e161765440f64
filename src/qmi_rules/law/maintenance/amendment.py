"""An amended table against the one before it: what was edited, what follows for whom from which day, and what is left to do.

Cases that jurists wrote down (TOML) may be put to both tables: those that do not get the same answer any more are named.
"""

import datetime
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, get_args

from attrs import evolve, field, frozen

from qmi_rules.errors import DocumentError, Problem, TableError, fault
from qmi_rules.law.examination import lots_under
from qmi_rules.law.maintenance.compare import Region, compare_law, in_words
from qmi_rules.law.proving.proof import Flaw, prove
from qmi_rules.law.rows import Dated
from qmi_rules.law.table import Table
from qmi_rules.law.truth import STATUS, Certainty, Status, Truth
from qmi_rules.model import Purchase, whole_case
from qmi_rules.pages import Explained, Language, Page, language
from qmi_rules.pages.templates import page_of
from qmi_rules.schema import Wording, read_toml, structure
from qmi_rules.schema.faults import require, shown
from qmi_rules.schema.scalars import to_tuple

if TYPE_CHECKING:
    from qmi_rules.law.in_force import LawInForce


_DAY = datetime.timedelta(days=1)
_CASES, _HAND, _LEDGER = "tests/cases/*.toml", "tests/law/hand.py", "tests/law/ledger.toml"
_REFERENCE = "docs/reference/law/"
_FOLLOWING = {
    "sources": (_LEDGER,),
    "procedures": (f"{_REFERENCE}procedures.fr.md",),
    "facts": (_CASES, f"{_REFERENCE}facts.fr.md"),
    "thresholds": (_CASES, _HAND, _LEDGER, f"{_REFERENCE}thresholds.fr.md"),
    "rules": (_CASES, _HAND, _LEDGER, f"{_REFERENCE}procedures.fr.md"),
    "duties": (f"{_REFERENCE}duties.fr.md",),
    "duty_rows": (_CASES, _LEDGER, f"{_REFERENCE}duties.fr.md"),
    "cautions": (_LEDGER,),
}
"""For each section, the files that hold its law a second time, written down without reading the table, and the page made of it."""
SECTIONS = ("sources", "thresholds", "procedures", "facts", "rules", "duties", "duty_rows", "cautions")
TEXTS = ("label", "text", "ground", "detail", "description", "affirmed", "denied")
EditKind: TypeAlias = Literal["added", "removed", "changed"]
"""What happened to an entry of a table."""
TaskCode: TypeAlias = Literal["flaws", "edition", "reviewed_on", "certainty", "history", "english", "no_effect"]
"""What may be left to do, the most pressing first."""


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
        legal_basis: Id of its source; None where it has none.
        certainty: How sure it is; None where it is not dated.
        bears_on: For a value of a threshold: ids of the rows that measure against the threshold.
    """

    section: str
    id: str
    change: EditKind
    label: Wording
    since: datetime.date | None = None
    until: datetime.date | None = None
    legal_basis: str | None = None
    certainty: Certainty | None = None
    bears_on: tuple[str, ...] = field(default=(), converter=to_tuple)


@frozen(kw_only=True)
class Passage:
    """Days on which the same cases get another answer than before.

    Attributes:
        since: First day; None = before every change that the tables know.
        until: Last day; None = no end.
        regions: The cases, with the answer before and after.
    """

    since: datetime.date | None
    until: datetime.date | None
    regions: tuple[Region, ...] = field(converter=to_tuple)


@frozen(kw_only=True)
class WrittenCase:
    """A purchase that a jurist wrote down; what answer is expected is not read here.

    Attributes:
        file: The file it stands in.
        id: Its name there.
        purchase: The purchase.
    """

    file: str
    id: str
    purchase: Purchase


@frozen(kw_only=True)
class CaseTurn:
    """One procedure that a case gets another answer for.

    Attributes:
        file: The file of the case.
        id: The case.
        lot: Id of the lot; empty for the whole purchase.
        procedure: Id of the procedure.
        before: Its status under the first table; empty where that table does not declare it.
        after: Its status under the second; empty likewise.
    """

    file: str
    id: str
    lot: str
    procedure: str
    before: Status | Literal[""]
    after: Status | Literal[""]


@frozen(kw_only=True)
class TableEdition:
    """One of the two tables of an amendment.

    Attributes:
        edition: Name of its edition.
        hash: SHA-256 of its canonical JSON.
    """

    edition: str
    hash: str


@frozen(kw_only=True)
class Amendment(Explained):
    """What the amendment of a table did.

    Attributes:
        before: The table as it was.
        after: The table as it is.
        edits: The entries that differ.
        holds: The proof of the amended table finds no flaw.
        passages: Spans of days in which an answer differs, in order of time.
        cases: Answers that the jurists' cases do not get any more; empty where none was given.
        tasks: What is left to do, the most pressing first.
        same_figure: Ids of the other series that hold the amount that a value moved away from: does the text speak of them too?
        files: Files that must say what the table now says, so that the tests hold it against them: kept by hand, and pages made of it.
        untranslated: French texts of the entries added or changed whose English is lacking, or the same.
    """

    before: TableEdition
    after: TableEdition
    edits: tuple[Edit, ...] = field(converter=to_tuple)
    holds: bool
    passages: tuple[Passage, ...] = field(converter=to_tuple)
    cases: tuple[CaseTurn, ...] = field(default=(), converter=to_tuple)
    tasks: tuple[TaskCode, ...] = field(converter=to_tuple)
    same_figure: tuple[str, ...] = field(converter=to_tuple)
    files: tuple[str, ...] = field(converter=to_tuple)
    untranslated: tuple[str, ...] = field(converter=to_tuple)
    _tables: tuple[Table, Table] = field(alias="tables", repr=False)
    _flaws: tuple[Flaw, ...] = field(alias="flaws", repr=False)

    @property
    def table_edition(self) -> str:
        """Name of the edition of the amended table."""
        return self.after.edition

    def page(self, say: Language) -> Page:
        """The amendment in one language, in the order in which a maintainer reads it."""
        before, after = self._tables
        first: dict[tuple[object, ...], tuple[datetime.date | None, Region]] = {}
        for passage in self.passages:
            for region in sorted(passage.regions, key=lambda region: region.lots):
                cause = (region.procedure, region.before, region.after, region.because)
                first.setdefault(cause, (passage.since, region))
        return page_of(
            "amendment",
            say,
            it=self,
            flaws=self._flaws,
            procedures={**after.procedures, **before.procedures},
            thresholds=after.thresholds,
            in_words=partial(in_words, say, after),
            # once for the day it begins, and once for its cause: the lines of the changelog
            runs=[(since, [run[1:] for run in runs]) for since, runs in groupby(_runs(self.passages), itemgetter(0))],
            causes=[*first.values()],
            by_hand=[file for file in self.files if not file.startswith(_REFERENCE)],
            made_of_it=[file for file in self.files if file.startswith(_REFERENCE)],
        )


def amend(before: Table, after: Table, cases: Iterable[WrittenCase] = ()) -> Amendment:
    """Compare an amended table with the one before it, over every day and every case.

    Args:
        before: The table as it was.
        after: The table as it is.
        cases: Cases that jurists wrote down (`read_cases`), to be put to both.

    Returns:
        The edits, the spans of days whose answers differ, the proof, the lines for the changelog, what is left to do.

    Raises:
        DocumentError: One of the two is no table.
    """
    require("before", before, Table)
    require("after", after, Table)
    found, passages, proof = tuple(_edits(before, after)), tuple(_passages(before, after)), prove(after)
    english = language("en")
    texts = [text for entry in _standing(found, after) for name in TEXTS if (text := getattr(entry, name, ""))]
    untranslated = tuple(text for text in dict.fromkeys(texts) if english(text) == text)
    published = [entry.published_on for entry in _standing(found, after) if isinstance(entry, Dated)]
    due = {
        "flaws": not proof.holds,
        "edition": after.edition == before.edition and bool(found),
        "reviewed_on": bool(published) and (after.reviewed_on is None or after.reviewed_on < max(published)),
        "certainty": any(e.change != "removed" and e.certainty not in (None, Certainty.CONFIRMED) for e in found),
        "history": any(edit.change != "added" and edit.since is not None for edit in found),
        "english": bool(untranslated),
        "no_effect": bool(found) and not passages,
    }
    return Amendment(
        before=TableEdition(edition=before.edition, hash=before.hash),
        after=TableEdition(edition=after.edition, hash=after.hash),
        edits=found,
        holds=proof.holds,
        passages=passages,
        cases=tuple(case_turns(cases, before, after)),
        tasks=tuple(task for task in get_args(TaskCode) if due[task]),
        same_figure=tuple(_same_figure(found, before, after)),
        files=tuple(dict.fromkeys(file for edit in found for file in _FOLLOWING.get(edit.section, ()))),
        untranslated=untranslated,
        tables=(before, after),
        flaws=proof.flaws,
    )


def _standing(found: tuple[Edit, ...], table: Table) -> Iterator[Any]:
    """What the edits put into the table, as it stands there."""
    for edit in found:
        if edit.change != "removed":
            entry = _keyed(table, edit.section)[edit.id]
            yield entry
            if edit.section == "thresholds":
                yield from (value for value in entry.values if value.effective_from == edit.since)
            if edit.section == "facts":
                yield from entry.choices


def _same_figure(found: tuple[Edit, ...], before: Table, after: Table) -> Iterator[str]:
    """The other series that hold, on the day a value begins, the amount that it moved away from."""
    moved = {(edit.id, edit.since) for edit in found if edit.section == "thresholds" and edit.change != "removed"}
    seen = {name for name, _ in moved}
    for name, since in sorted((n, day) for n, day in moved if day is not None and n in before.thresholds):
        former = before.in_force(since - _DAY).limit(name)
        law = after.in_force(since)
        for other, series in after.thresholds.items():
            holds = set(law.limit(other).amounts) & set(former.amounts) - set(law.limit(name).amounts)
            if holds and other not in seen and series.unit == former.threshold.unit:
                seen.add(other)
                yield other


def _passages(before: Table, after: Table) -> Iterator[Passage]:
    laws = {law.since: law for table in (before, after) for law in table.segments()}
    days = sorted(law.day for law in laws.values())
    firsts = sorted(since for since in laws if since is not None)
    spans = [(None, days[0]), *((since, since) for since in firsts)]
    judged = [(since, _regions(before, after, day)) for since, day in spans]
    following: dict[datetime.date | None, datetime.date] = dict(zip([None, *firsts], firsts, strict=False))
    for regions, group in groupby(judged, key=lambda span: span[1]):
        if regions:
            members = [since for since, _ in group]
            end = following.get(members[-1])
            yield Passage(since=members[0], until=end and end - _DAY, regions=regions)


def _regions(before: Table, after: Table, day: datetime.date) -> tuple[Region, ...]:
    first, second = before.in_force(day), after.in_force(day)
    return () if _same(first, second) else compare_law(before, day, day, after).regions


def _same(first: "LawInForce", second: "LawInForce") -> bool:
    """The two laws have the same grounds and limits, so that no case can be answered otherwise."""
    keys = first.table.thresholds.keys() | second.table.thresholds.keys()
    return (
        first.rules == second.rules
        and first.facts == second.facts
        and first.table.procedures == second.table.procedures
        and all(
            key in first.table.thresholds
            and key in second.table.thresholds
            and first.limit(key).amounts == second.limit(key).amounts
            for key in keys
        )
    )


def _keyed(table: Table, section: str) -> dict[str, Any]:
    entries = getattr(table, section)
    return entries if isinstance(entries, dict) else {entry.id: entry for entry in entries}


def _edits(before: Table, after: Table) -> Iterator[Edit]:
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
                change: EditKind = "added" if was is None else "removed" if becomes is None else "changed"
                yield _edit(section, becomes if becomes is not None else was, change)


def _edit(section: str, entry: Any, change: EditKind) -> Edit:
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


def _values(table: Table, was: Any, becomes: Any) -> Iterator[Edit]:
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
            change: EditKind = "added" if one is None else "removed" if two is None else "changed"
            entry = two if two is not None else one
            assert entry is not None
            yield evolve(shared, change=change, **_dated(entry))


def _runs(passages: tuple[Passage, ...]) -> list[tuple[datetime.date | None, datetime.date | None, Region]]:
    """Each region once, with the first and the last of the days over which it lasts without a break; by first day."""
    runs: list[tuple[datetime.date | None, datetime.date | None, Region]] = []
    for passage in passages:
        eve = passage.since and passage.since - _DAY
        for region in passage.regions:
            at = next(
                (i for i, (_, until, other) in enumerate(runs) if until == eve is not None and other == region), None
            )
            if at is None:
                runs.append((passage.since, passage.until, region))
            else:
                runs[at] = (runs[at][0], passage.until, region)
    return sorted(runs, key=lambda run: run[0] or datetime.date.min)


# --- the cases that jurists wrote down


def read_cases(path: Path) -> tuple[WrittenCase, ...]:
    """Read the cases of a TOML file, or of all TOML files of a folder: ``[[cases]]`` with `id` and `purchase`; other keys are left alone.

    Raises:
        TableError: A file cannot be read or is no TOML, there is no case, or purchases are faulty; all faults of a file at once.
    """
    files = sorted(path.glob("*.toml")) if path.is_dir() else [path]
    cases = tuple(case for file in files for case in _cases_of(file))
    if not cases:
        raise TableError(
            fault("contradiction", "", "no case: expected files with [[cases]], each with id and purchase"), str(path)
        )
    return cases


def _cases_of(file: Path) -> Iterator[WrittenCase]:
    written = read_toml(file).get("cases", [])
    problems: list[Problem] = []
    found: list[WrittenCase] = []
    for i, entry in enumerate(written if isinstance(written, list) else [written]):
        path = f"cases[{i}]"
        if not isinstance(entry, dict) or not isinstance(entry.get("purchase"), dict):
            problems.append(
                fault("contradiction", path, "expected a case with id and purchase, got {got}", got=shown(entry))
            )
            continue
        try:
            purchase = structure(entry["purchase"], Purchase)
        except DocumentError as error:
            problems += [problem.at(f"{path}.purchase.{problem.path}") for problem in error.problems]
        else:
            found.append(WrittenCase(file=file.name, id=str(entry.get("id", i)), purchase=purchase))
    if problems:
        raise TableError(problems, str(file))
    yield from found


def case_turns(cases: Iterable[WrittenCase], before: Table, after: Table) -> Iterator[CaseTurn]:
    """Every answer that a case gets from one table and not from the other, the purchase first, then its lots."""
    for case in cases:
        day = case.purchase.launched_on
        first, second = before.in_force(day), after.in_force(day)
        whole = whole_case(case.purchase)
        lots = [lots_under(law, case.purchase)[0] for law in (first, second)]
        parts = [("", whole, whole), *zip((lot.id for lot in case.purchase.lots), *lots, strict=True)]
        for lot, before_part, after_part in parts:
            old, new = first.statuses(before_part), second.statuses(after_part)
            for procedure in dict.fromkeys((*old, *new)):
                was, becomes = _status(procedure, old), _status(procedure, new)
                if was != becomes:
                    yield CaseTurn(file=case.file, id=case.id, lot=lot, procedure=procedure, before=was, after=becomes)


def _status(procedure: str, found: Mapping[str, Truth]) -> Status | Literal[""]:
    return STATUS[found[procedure]] if procedure in found else ""
