"""What the audit says of each contract: millions of results, written in any order and read in that of the file, in little memory."""

import datetime
import pickle
import zlib
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import islice
from operator import itemgetter
from typing import Any, overload

from attrs import field, frozen

from qmi_rules.decp.grouping import HELD, OnDisk
from qmi_rules.decp.reasons import Judgement, Reason, Verdict
from qmi_rules.decp.records import PublishedContract
from qmi_rules.read_only import to_read_only


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


_BLOCK = 4_096
"""So many results are packed together, and unpacked to read one of them."""
_SPAN = 1 << 15
"""The results of so many places are put in order together."""

_Shared = tuple[str, Verdict, tuple[Reason, ...], tuple[tuple[str, str], ...]]
"""Procedure, verdict, reasons, origins: what a million contracts have in common."""
_Row = tuple[int, str, int, int, int, str, str, int, tuple[Reason, ...]]
"""Place, id, cents, position, day, source, buyer, the number of what is shared, hints."""
_Numbered = tuple["array[int]", list[Any]]
"""What repeats: the number of each, and the values by number."""
_Block = tuple[tuple[str, ...], "array[int]", "array[int]", "array[int]", "array[int]", _Numbered, _Numbered, _Numbered]
"""The columns of some results, without their places: ids, cents, positions, days, numbers of what is shared, sources, buyers, hints."""


class Results(Sequence[Result]):
    """A frozen sequence of results; each is made when read.

    They are packed by the thousand, so that the millions of a large file take some twenty bytes each.
    """

    def __init__(self, blocks: Sequence[bytes], shared: Sequence[_Shared], length: int) -> None:
        self._blocks = tuple(blocks)
        self._shared = tuple(shared)
        self._length = length
        self._opened: tuple[int, _Block] | None = None

    def __len__(self) -> int:
        return self._length

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
        number, at = divmod(i, _BLOCK)
        opened = self._opened  # read once: another thread may open another block meanwhile
        if opened is None or opened[0] != number:
            opened = self._opened = number, pickle.loads(zlib.decompress(self._blocks[number]))
        ids, amounts, positions, days, shared, sources, buyers, hints = opened[1]
        procedure, verdict, reasons, origins = self._shared[shared[at]]
        cents = amounts[at]
        return Result(
            id=ids[at],
            source=_numbered(sources, at),
            position=positions[at],
            notified_on=datetime.date.fromordinal(days[at]),
            buyer=_numbered(buyers, at),
            procedure=procedure,
            amount=None if cents < 0 else Decimal(cents) / 100,
            verdict=verdict,
            reasons=reasons,
            hints=_numbered(hints, at),
            origins=dict(origins),
        )

    def __iter__(self) -> Iterator[Result]:
        return (self._result(i) for i in range(len(self)))

    def __reduce__(self) -> tuple[type["Results"], tuple[tuple[bytes, ...], tuple[_Shared, ...], int]]:
        return Results, (self._blocks, self._shared, self._length)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Results):
            return NotImplemented
        return len(self) == len(other) and all(mine == theirs for mine, theirs in zip(self, other, strict=True))

    def __hash__(self) -> int:
        # of equal results the packed bytes may differ: by what happened to be one object when they were packed
        return hash((len(self), self[0].id if len(self) else ""))

    def __repr__(self) -> str:
        return f"<{len(self)} results>"


def _numbered(values: _Numbered, i: int) -> Any:
    numbers, known = values
    return known[numbers[i]]


class ResultsWriter(OnDisk):
    """Takes results in any order and gives them back in the order of their places. A context manager: its files go away with it."""

    def __init__(self) -> None:
        super().__init__()
        self._held: list[_Row] = []
        self._shared: list[_Shared] = []
        self._numbers: dict[tuple[int, ...], tuple[int, Any]] = {}
        self._verdicts: Counter[Verdict] = Counter()

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
        # by address, which what is kept beside the number holds: to hash sentences is slow
        alike = (id(first.procedure), id(judgement), id(grouped), id(first.origins))
        known = self._numbers.get(alike)
        if known is None:
            known = self._numbers[alike] = len(self._shared), (judgement, grouped, first.origins)
            reasons = judgement.reasons + grouped
            self._shared.append((first.procedure.value, judgement.verdict, reasons, first.origins))
        self._held.append(
            (
                place,
                first.id or first.uid or f"{first.source}#{first.position}",
                -1 if amount is None else int(amount * 100),
                first.position,
                first.notified_on.toordinal(),
                first.source,
                first.buyer,
                known[0],
                hints,
            )
        )
        self._verdicts[judgement.verdict] += 1
        if len(self._held) >= HELD:
            self._store()

    def _store(self) -> None:
        spans: dict[int, list[_Row]] = {}
        for row in self._held:
            spans.setdefault(row[0] // _SPAN, []).append(row)
        self._drawers.put(spans)
        self._held = []

    def verdicts(self) -> Counter[Verdict]:
        """How many contracts received each verdict."""
        return self._verdicts

    def results(self) -> Results:
        """Everything added, in the order of places."""
        blocks: list[bytes] = []
        ordered = self._ordered()
        while rows := list(islice(ordered, _BLOCK)):
            blocks.append(_packed(rows))
        return Results(blocks, self._shared, self._verdicts.total())

    def _ordered(self) -> Iterator[_Row]:
        if not self._drawers.numbers():
            yield from sorted(self._held, key=itemgetter(0))
            return
        self._store()
        for number in self._drawers.numbers():
            rows = [row for part in self._drawers.open(number) for row in part]
            rows.sort(key=itemgetter(0))
            yield from rows


def _packed(rows: list[_Row]) -> bytes:
    _, ids, cents, positions, days, sources, buyers, shared, hints = zip(*rows, strict=True)
    block: _Block = (
        tuple(id_.encode("utf-8", "replace").decode() for id_ in ids),
        array("q", cents),
        array("I", positions),
        array("I", days),
        array("I", shared),
        _numbers(sources),
        _numbers(buyers),
        _numbers(hints),
    )
    return zlib.compress(pickle.dumps(block, pickle.HIGHEST_PROTOCOL), 1)


def _numbers(values: Iterable[Any]) -> _Numbered:
    known: dict[Any, int] = {}
    numbers = array("I", (known.setdefault(value, len(known)) for value in values))
    return numbers, list(known)
