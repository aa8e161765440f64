"""The results of an audit: one for each contract, kept as columns so that a million of them stay small."""

import datetime
from array import array
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import overload

from attrs import frozen

from qmi_rules.integrations.decp.reasons import Reason, Verdict
from qmi_rules.integrations.decp.records import PublishedContract


@frozen(kw_only=True)
class Result:
    """What the audit says of one contract.

    Attributes:
        id: The published id of its earliest record; where there is none, the file and the place in it.
        source: The file of that record.
        position: Its place in the file, from 1.
        notified_on: Day of notification of that record, or of its publication where that alone is dated.
        buyer: SIRET of the buyer, or its name.
        procedure: The procedure as published: an id of the vocabulary, ``without_publicity`` or ``unknown``.
        amount: EUR HT, lots added up; None = not usable.
        verdict: The verdict.
        reasons: Why.
        hints: What is worth a look, apart from the verdict.
        origins: For each derived fact where it comes from.
    """

    id: str
    source: str
    position: int
    notified_on: datetime.date
    buyer: str
    procedure: str
    amount: Decimal | None
    verdict: Verdict
    reasons: tuple[Reason, ...]
    hints: tuple[Reason, ...]
    origins: tuple[tuple[str, str], ...]


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
            origins=origins,
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

    def add(self, place: int, first: PublishedContract, amount: Decimal | None, shared: _Shared) -> None:
        """Add the result of one contract.

        Args:
            place: Where its earliest record was read, among all.
            first: That record.
            amount: The amount of all its lots.
            shared: What many contracts have in common.
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
        self._shared_numbers.append(self._shared.setdefault(shared, len(self._shared)))
        if len(self._ids) >= _BLOCK:  # short texts are dear one by one
            self._blocks.append(b"".join(self._ids))
            self._ids = []

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
