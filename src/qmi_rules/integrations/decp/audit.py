"""The audit of published contract data: read, group, judge, and what comes out of it."""

import datetime
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any, overload

from attrs import field, frozen

from qmi_rules.integrations.decp.grouping import Placed, Shelf, group_records
from qmi_rules.integrations.decp.judging import Judge, judge_of
from qmi_rules.integrations.decp.reading import Found, Progress, RawRecord, read_file
from qmi_rules.integrations.decp.reasons import Judgement, Reason, Verdict, hints_of, reason
from qmi_rules.integrations.decp.records import PublishedContract, Refusal, RefusalReason, read_record
from qmi_rules.law import Table, default_table
from qmi_rules.read_only import to_read_only
from qmi_rules.text import Explained, Language, Page


@frozen(kw_only=True)
class Result:
    """What the audit says of one contract.

    Attributes:
        id: The published id of its earliest record; where there is none, the file and the place in it.
        buyer: SIRET of the buyer, or its name.
        procedure: The procedure as published: an id of the vocabulary, ``without_publicity`` or ``unknown``.
        amount: EUR HT, lots added up; None = not usable.
        verdict: The verdict.
        reasons: Why.
        hints: What is worth a look, apart from the verdict.
        origins: For each derived fact where it comes from.
        source: The file of the earliest record.
        position: Its place in the file, from 1.
        notified_on: Day of notification of that record, or of its publication where that alone is dated.
    """

    id: str
    buyer: str
    procedure: str
    amount: Decimal | None
    verdict: Verdict
    reasons: tuple[Reason, ...]
    hints: tuple[Reason, ...]
    origins: Mapping[str, str] = field(converter=to_read_only)
    source: str
    position: int
    notified_on: datetime.date


_BLOCK = 10_000
_Shared = tuple[str, Verdict, tuple[Reason, ...], tuple[Reason, ...], tuple[tuple[str, str], ...]]
_Numbered = tuple["array[int]", list[str]]
"""Texts that repeat: the number of each, and the texts by number."""


class Results(Sequence[Result]):
    """A frozen sequence of results; each is made when read.

    The ids stand in one text, the amounts as cents; what many contracts share (buyer, procedure, verdict, reasons) is kept once.
    """

    def __init__(
        self,
        ids: bytes,
        ends: "array[int]",
        cents: "array[int]",
        places: "tuple[array[int], array[int]]",
        sources: _Numbered,
        buyers: _Numbered,
        shared: "tuple[array[int], list[_Shared]]",
    ) -> None:
        self._ids = ids
        self._ends = ends
        self._cents = cents
        self._places = places
        self._sources = sources
        self._buyers = buyers
        self._shared = shared

    def __len__(self) -> int:
        return len(self._cents)

    @overload
    def __getitem__(self, index: int) -> Result: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Result, ...]: ...
    def __getitem__(self, index: int | slice) -> Result | tuple[Result, ...]:
        if isinstance(index, slice):
            return tuple(self._result(i) for i in range(*index.indices(len(self))))
        if not -len(self) <= index < len(self):
            raise IndexError(index)
        return self._result(index % len(self))

    def _result(self, i: int) -> Result:
        shared_numbers, shared = self._shared
        positions, days = self._places
        procedure, verdict, reasons, hints, origins = shared[shared_numbers[i]]
        cents = self._cents[i]
        return Result(
            id=self._ids[self._ends[i] : self._ends[i + 1]].decode(),
            source=_numbered(self._sources, i),
            position=positions[i],
            notified_on=datetime.date.fromordinal(days[i]),
            buyer=_numbered(self._buyers, i),
            procedure=procedure,
            amount=None if cents < 0 else Decimal(cents) / 100,
            verdict=verdict,
            reasons=reasons,
            hints=hints,
            origins=dict(origins),
        )

    def __iter__(self) -> Iterator[Result]:
        return (self._result(i) for i in range(len(self)))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Results):
            return NotImplemented
        return len(self) == len(other) and all(mine == theirs for mine, theirs in zip(self, other, strict=True))

    def __hash__(self) -> int:
        return hash((self._ids, len(self)))

    def __repr__(self) -> str:
        return f"<{len(self)} results>"


def _numbered(texts: _Numbered, i: int) -> str:
    numbers, known = texts
    return known[numbers[i]]


class ResultsWriter:
    """Gathers results in any order and gives them back in the order of their places."""

    def __init__(self) -> None:
        self._ids: list[bytes] = [b""]
        self._blocks: list[bytes] = []
        self._lengths = array("I")
        self._places = array("q")
        self._cents = array("q")
        self._positions = array("I")
        self._days = array("I")
        self._source_numbers = array("I")
        self._sources: dict[str, int] = {}
        self._buyer_numbers = array("I")
        self._buyers: dict[str, int] = {}
        self._shared_numbers = array("I")
        self._shared: dict[_Shared, int] = {}
        self._known: dict[tuple[int, ...], tuple[int, Any]] = {}

    def add(
        self,
        place: int,
        first: PublishedContract,
        amount: Decimal | None,
        judgement: Judgement,
        grouped: tuple[Reason, ...],
        hints: tuple[Reason, ...],
    ) -> None:
        """Add the result of one contract.

        Args:
            place: Where its earliest record was read, among all.
            first: That record.
            amount: The amount of all its lots.
            judgement: The verdict and its reasons.
            grouped: What the grouping did.
            hints: What is worth a look.
        """
        encoded = (first.id or first.uid or f"{first.source}#{first.position}").encode("utf-8", "replace")
        self._ids.append(encoded)
        self._lengths.append(len(encoded))
        self._places.append(place)
        self._cents.append(-1 if amount is None else int(amount * 100))
        self._positions.append(first.position)
        self._days.append(first.notified_on.toordinal())
        self._source_numbers.append(self._sources.setdefault(first.source, len(self._sources)))
        self._buyer_numbers.append(self._buyers.setdefault(first.buyer, len(self._buyers)))
        self._shared_numbers.append(self._number(first, judgement, grouped, hints))
        if len(self._ids) >= _BLOCK:  # short texts are dear one by one
            self._blocks.append(b"".join(self._ids))
            self._ids = []

    def _number(
        self,
        first: PublishedContract,
        judgement: Judgement,
        grouped: tuple[Reason, ...],
        hints: tuple[Reason, ...],
    ) -> int:
        """The number of what many contracts have in common; the very same objects are known without being compared."""
        parts = (first.procedure, judgement, grouped, hints, first.origins)
        key = tuple(map(id, parts))
        number, _ = self._known.get(key, (None, None))
        if number is None:
            shared = (first.procedure.value, judgement.verdict, judgement.reasons + grouped, hints, first.origins)
            number = self._shared.setdefault(shared, len(self._shared))
            if len(self._known) < _BLOCK:
                self._known[key] = (number, parts)  # the parts stay alive, so that their addresses stay theirs
        return number

    def verdicts(self) -> Counter[Verdict]:
        """How many contracts received each verdict."""
        found: Counter[Verdict] = Counter()
        of = [verdict for _, verdict, *_ in self._shared]
        for number, count in Counter(self._shared_numbers).items():
            found[of[number]] += count
        return found

    def results(self) -> Results:
        """Everything added, in the order of places."""
        text = b"".join((*self._blocks, *self._ids))
        self._blocks, self._ids = [], []
        starts = array("q", [0])
        for length in self._lengths:
            starts.append(starts[-1] + length)
        order = self._order()
        ends = array("q", [0])
        blocks: list[bytes] = []
        for first in range(0, len(order), _BLOCK):
            pieces = []
            for i in order[first : first + _BLOCK]:
                pieces.append(text[starts[i] : starts[i + 1]])
                ends.append(ends[-1] + self._lengths[i])
            blocks.append(b"".join(pieces))
        return Results(
            b"".join(blocks),
            ends,
            array("q", (self._cents[i] for i in order)),
            (_ordered(self._positions, order), _ordered(self._days, order)),
            (_ordered(self._source_numbers, order), list(self._sources)),
            (_ordered(self._buyer_numbers, order), list(self._buyers)),
            (_ordered(self._shared_numbers, order), list(self._shared)),
        )

    def _order(self) -> "array[int]":
        """The results in the order of their places, which are all different: no list of Python numbers is made."""
        at = array("I", bytes(4 * (max(self._places, default=-1) + 1)))
        for i, place in enumerate(self._places, 1):
            at[place] = i
        return array("I", (i - 1 for i in at if i))


def _ordered(numbers: "array[int]", order: "array[int]") -> "array[int]":
    return array("I", (numbers[i] for i in order))


REFUSALS_KEPT = 1_000
"""So many refusals are kept one by one, and where a file could not be read any further; all are counted."""


@frozen(kw_only=True)
class Audit(Explained):
    """What published data say of the procedures followed. Frozen, compares by value.

    Attributes:
        records: How many records were read, refused ones included.
        contracts: How many contracts they publish: repetitions, rows and lots put together.
        refused: How many records could not be read as a contract.
        refused_by_reason: The same by `RefusalReason`.
        refusals: The first thousand of them, and where a file could not be read any further.
        verdicts: How many contracts received each verdict.
        table_edition: Name of the edition of the law that was applied.
        results: One result for each contract, in the order in which the contracts were first read.
    """

    records: int
    contracts: int
    refused: int
    refused_by_reason: Mapping[str, int] = field(converter=to_read_only, hash=False)
    refusals: tuple[Refusal, ...]
    verdicts: Mapping[str, int] = field(converter=to_read_only, hash=False)
    table_edition: str
    results: Sequence[Result]
    _table: Table = field(repr=False)

    @property
    def table(self) -> Table:
        """The law that was applied."""
        return self._table

    def page(self, say: Language) -> Page:
        """The summary in one language."""
        from qmi_rules.integrations.decp.page import audit_page

        return audit_page(self, say)


def audit(files: Iterable[Path | str] | Path | str, table: Table | None = None) -> Audit:
    """Audit published contract data: does the procedure fit what was published?

    Args:
        files: JSON (2019 and 2024), XML or tables, told apart by their content.
        table: The law; None = the national table of the package.

    Raises:
        DocumentError: A file cannot be opened. A record that cannot be read is refused and counted, never raised.
    """
    return audit_files(files, table)


def audit_files(
    paths: Iterable[Path | str] | Path | str, table: Table | None = None, progress: Progress | None = None
) -> Audit:
    """The same as `audit`, with the progress.

    Args:
        paths: The files.
        table: The law; None = the national table of the package.
        progress: Called with the bytes read and the bytes there are.
    """
    return _audited(read_records(paths, progress), table)


def audit_rows(rows: Iterable[Any], table: Table | None = None, source: str = "") -> Audit:
    """Audit records that a program already holds: mappings of any published shape, such as the rows of a data frame."""
    return _audited((read_record(row, source, i) for i, row in enumerate(rows, 1)), table)


def read_records(
    paths: Iterable[Path | str] | Path | str, progress: Progress | None = None
) -> Iterator[PublishedContract | Refusal]:
    """Every record of the files as a typed contract or a typed refusal, in order, in little memory.

    Raises:
        DocumentError: A file cannot be opened.
    """
    files = [Path(path) for path in ((paths,) if isinstance(paths, str | Path) else paths)]
    advance = _advance(files, progress)
    for path in files:
        position = 0
        for position, found in enumerate(read_file(path, advance), 1):
            yield _record(found, path.name, position)


def _advance(files: list[Path], progress: Progress | None) -> Callable[[int], None]:
    if progress is None:
        return lambda count: None
    total = sum(path.stat().st_size for path in files if path.is_file())
    done = 0

    def advance(count: int) -> None:
        nonlocal done
        done += count
        progress(done, total)

    return advance


def _record(found: Found, source: str, position: int) -> PublishedContract | Refusal:
    if isinstance(found, RawRecord):
        return read_record(found.value, source, position, found.container)
    return Refusal(source=source, position=position, reason=RefusalReason.UNREADABLE, detail=found.detail)


def _audited(records: Iterable[PublishedContract | Refusal], table: Table | None) -> Audit:
    table = default_table() if table is None else table
    count = 0
    refusals: list[Refusal] = []
    refused: Counter[str] = Counter()
    results = ResultsWriter()
    judge = judge_of(table)
    with Shelf() as shelf:
        for count, record in enumerate(records, 1):
            if isinstance(record, PublishedContract):
                shelf.put(count, record)
                continue
            refused[record.reason.value] += 1
            if len(refusals) < REFUSALS_KEPT or record.reason is RefusalReason.UNREADABLE:
                refusals.append(record)
        for placed in shelf.buyers():
            _judge_buyer(placed, judge, results)
    finished, verdicts = results.results(), results.verdicts()
    return Audit(
        records=count,
        contracts=len(finished),
        refused=refused.total(),
        refused_by_reason=dict(sorted(refused.items())),
        refusals=tuple(refusals),
        verdicts={verdict.value: verdicts[verdict] for verdict in Verdict},
        table_edition=table.edition,
        results=finished,
        table=table,
    )


def _judge_buyer(placed: list[Placed], judge: Judge, results: ResultsWriter) -> None:
    """Group and judge the records of one buyer."""
    places = {id(record): place for place, record in placed}
    groups = group_records(record for _, record in placed)
    judgements = [judge.judge(group) for group in groups]
    for group, judgement, hints in zip(groups, judgements, hints_of(groups, judgements), strict=True):
        first = group.lots[0]
        grouped = _put_together(len(group.lots), group.records) if group.records > 1 else ()
        results.add(places[id(first)], first, group.amount, judgement, grouped, hints)


@lru_cache(maxsize=2_000)
def _put_together(lots: int, records: int) -> tuple[Reason, ...]:
    """What the grouping did, where it may have mattered."""
    added = (reason("lots_added", count=lots),) if lots > 1 else ()
    return (*added, reason("records_merged", count=records)) if records > lots else added
