"""Which published records are one contract: brought together by buyer, repetitions and rows put together, lots added up."""

import pickle
import re
import tempfile
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from operator import attrgetter
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self
from zlib import crc32

from qmi_rules.decp.records import PublishedContract
from qmi_rules.decp.values import Nature, labels
from qmi_rules.schema.scalars import LARGEST_AMOUNT

HELD = 30_000
"""So many records are held in memory before all are put on disk."""
SHELVES = 128

Placed = tuple[int, PublishedContract]
"""A record with its place over all files."""
_Plain = tuple[Any, ...]
"""A record on disk: its buyer, its place, and numbers and texts."""
_Alike = tuple[Any, ...]
"""What many records have in common: procedure, nature, the facts that a verdict looks at, and their origins."""


class Drawers:
    """Numbered files on disk that are added to and read again, in a folder that is made with the first."""

    def __init__(self) -> None:
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._numbers: set[int] = set()

    def put(self, contents: Mapping[int, Any]) -> None:
        """Add something to the drawer of each number."""
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="qmi-rules-")
        self._numbers.update(contents)
        for number, content in contents.items():
            with Path(self._folder.name, f"{number}.records").open("ab") as file:
                pickle.dump(content, file, pickle.HIGHEST_PROTOCOL)

    def numbers(self) -> list[int]:
        """Which drawers hold something, in order."""
        return sorted(self._numbers)

    def open(self, number: int) -> Iterator[Any]:
        """What was put into a drawer, piece by piece."""
        assert self._folder is not None
        with Path(self._folder.name, f"{number}.records").open("rb") as file:
            while file.peek(1):
                yield pickle.load(file)

    def remove(self) -> None:
        """Away with all files."""
        if self._folder is not None:
            self._folder.cleanup()


class OnDisk:
    """What holds more than memory should: a context manager whose files go away with it."""

    def __init__(self) -> None:
        self._drawers = Drawers()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._drawers.remove()


class Shelf(OnDisk):
    """Takes records in any order and gives them back buyer by buyer. A context manager: its files go away with it."""

    def __init__(self) -> None:
        super().__init__()
        self._held: list[PublishedContract] = []
        self._places = array("q")
        self._alike: list[_Alike] = []
        self._numbers: dict[tuple[int, ...], int] = {}
        self._stored: Counter[int] = Counter()

    def put(self, place: int, record: PublishedContract) -> None:
        """Add a record."""
        self._held.append(record)
        self._places.append(place)
        if len(self._held) >= HELD:
            self._store()

    def _store(self) -> None:
        shelves: dict[int, list[_Plain]] = defaultdict(list)
        for place, record in zip(self._places, self._held, strict=True):
            shelves[_sum(record.siren) % SHELVES].append((record.siren, place, *self._plain(record)))
        self._stored.update({number: len(content) for number, content in shelves.items()})
        self._drawers.put(shelves)
        self._clear()

    def _clear(self) -> None:
        self._held.clear()
        del self._places[:]

    def _plain(self, record: PublishedContract) -> tuple[Any, ...]:
        """A record as numbers and texts, which are written and read several times faster than objects.

        What a million records have in common stays here under a number. Title, name and duration are looked at no more.
        """
        source, position, id_, uid, buyer, _, _, key, procedure, nature, amount, day, cpv, *facts, _, origins = record
        alike = (procedure, nature, *facts, origins)
        by_address = tuple(map(id, alike))
        number = self._numbers.get(by_address)
        if number is None:
            number = self._numbers[by_address] = len(self._alike)
            self._alike.append(alike)
        cents = None if amount is None else int(amount.scaleb(2))
        return number, source, position, id_, uid, buyer, key, cents, day.toordinal(), cpv

    def _record(self, plain: list[Any]) -> PublishedContract:
        """A record out of what `_plain` made of it."""
        number, source, position, id_, uid, buyer, key, cents, day, cpv = plain
        procedure, nature, *facts, origins = self._alike[number]
        amount = None if cents is None else Decimal(cents).scaleb(-2)
        names = (source, position, id_, uid, buyer, "", "", key)
        given = (procedure, nature, amount, date.fromordinal(day), cpv, *facts, None, origins)
        return PublishedContract._make((*names, *given))

    def buyers(self) -> Iterator[list[Placed]]:
        """The records of each buyer in the order in which they were put; afterwards the shelf is empty."""
        if not self._stored:
            yield from _by_buyer(zip(self._places, self._held, strict=True))
        else:
            self._store()
            for number in self._drawers.numbers():
                yield from self._shelf(number)
        self._clear()

    def _shelf(self, number: int) -> Iterator[list[Placed]]:
        parts = -(-self._stored[number] // HELD)
        if parts < 2:
            yield from _by_buyer(self._records(self._drawers, number))
            return
        # more than may be held at a time: its buyers are parted once more
        parted = Drawers()
        try:
            for content in self._drawers.open(number):
                pieces: dict[int, list[_Plain]] = defaultdict(list)
                for plain in content:
                    pieces[_sum(plain[0]) // SHELVES % parts].append(plain)
                parted.put(pieces)
            for part in parted.numbers():
                yield from _by_buyer(self._records(parted, part))
        finally:
            parted.remove()

    def _records(self, drawers: Drawers, number: int) -> Iterator[Placed]:
        for content in drawers.open(number):
            for _, place, *plain in content:
                yield place, self._record(plain)


def _sum(buyer: str) -> int:
    return crc32(buyer.encode("utf-8", "replace"))


def _by_buyer(records: Iterable[Placed]) -> Iterable[list[Placed]]:
    together: dict[str, list[Placed]] = defaultdict(list)
    for placed in records:
        together[placed[1].siren].append(placed)
    return together.values()


_SHORTEST_STEM = 12
_LOT = re.compile(r"\blots? (?:n |no |num |numero )?(?:\d{1,3}|[a-h])\b")


class ContractGroup(NamedTuple):
    """One contract, or the lots of one consultation, however many records publish it.

    Attributes:
        lots: The distinct records, earliest first; a contract without lots has one.
        records: How many records were put together.
        numbered: The titles number the lots; else the lots only share title, procedure and time.
        amount: The amount of all lots, EUR HT (R2121-1); None where one is not known. Of a framework, the highest maximum.
    """

    lots: tuple[PublishedContract, ...]
    records: int
    numbered: bool
    amount: Decimal | None

    @property
    def first(self) -> PublishedContract:
        """The earliest record: it stands for the contract."""
        return self.lots[0]

    @property
    def at_most(self) -> Decimal | None:
        """What the need may be worth: of a framework the maxima of its lots added up, where they differ; equal ones repeat that of the whole."""
        if self.amount is None or self.first.nature is not Nature.FRAMEWORK:
            return self.amount
        if all(lot.amount == self.first.amount for lot in self.lots):
            return self.amount
        return min(sum((lot.amount or Decimal(0) for lot in self.lots), Decimal(0)), LARGEST_AMOUNT - 1)


def _amount(lots: Sequence[PublishedContract]) -> Decimal | None:
    known = [lot.amount for lot in lots if lot.amount is not None]
    if len(known) < len(lots):
        return None
    amount = max(known) if lots[0].nature is Nature.FRAMEWORK else sum(known, Decimal(0))
    return amount if amount < LARGEST_AMOUNT else None


_by_day = attrgetter("notified_on", "key", "id")


def _in_full(record: PublishedContract) -> tuple[Any, ...]:
    """Everything that a verdict looks at, so that records of one day have one order, wherever they were read."""
    amount = -1 if record.amount is None else record.amount
    facts = (
        record.uid,
        record.procedure,
        record.nature,
        record.cpv,
        record.contract_type,
        record.buyer_kind,
        record.innovative,
    )
    return (*_by_day(record), amount, *map(str, facts), record.source, record.position)


def group_records(records: Iterable[PublishedContract]) -> list[ContractGroup]:
    """The contracts of one buyer, earliest first; the order in which the records come makes no difference.

    Args:
        records: All records of the buyer.
    """
    ordered = list(records)
    if len(ordered) == 1:
        only = ordered[0]
        return [ContractGroup((only,), 1, False, only.amount)]
    ordered.sort(key=_by_day)
    if len({record.id for record in ordered}) < len(ordered) and len(set(map(_by_day, ordered))) < len(ordered):
        ordered.sort(key=_in_full)
    distinct, counts = _distinct(ordered)
    return _consultations(distinct, counts)


def _distinct(ordered: list[PublishedContract]) -> tuple[list[PublishedContract], dict[int, int]]:
    """The records without repetitions and without later rows, and how many each stands for."""
    seen: dict[Any, PublishedContract] = {}
    counts: dict[int, int] = {}
    kept: list[PublishedContract] = []
    close = timedelta(labels().conventions.same_record_days)
    for record in ordered:
        names = _names(record)
        earlier = _earlier(record, names, seen, close) if seen else None
        if earlier is not None:
            counts[id(earlier)] += 1
            continue
        kept.append(record)
        counts[id(record)] = 1
        for name in names:
            seen[name] = record
    return kept, counts


def _names(record: PublishedContract) -> list[tuple[Any, ...]]:
    """Under which names a later record may turn out to be this one; the last, of what it is, has three parts."""
    key = record.key
    names: list[tuple[Any, ...]] = []
    if record.uid:
        names.append((record.uid, key))
    if record.id:
        names.append((record.id, key))
    if key:
        names.append((key, record.amount, id(record.procedure)))  # a member of an enumeration is slow to hash
    return names


def _earlier(
    record: PublishedContract, names: list[tuple[Any, ...]], seen: dict[Any, PublishedContract], close: timedelta
) -> PublishedContract | None:
    """The record that this one repeats, if any."""
    for name in names:
        earlier = seen.get(name)
        if earlier is None:
            continue
        if len(name) > 2:
            if record.notified_on - earlier.notified_on <= close:
                return earlier
        elif not record.key or record.notified_on > earlier.notified_on or record.amount == earlier.amount:
            return earlier  # a holder's row, or a later row: the amount after a modification
    return None


def _consultations(records: list[PublishedContract], counts: dict[int, int]) -> list[ContractGroup]:
    """The lots of each consultation, and what stands alone; `records` are in order of time."""
    within = timedelta(labels().conventions.same_consultation_days)
    batches: list[list[PublishedContract]] = []
    newest: dict[tuple[str, int, int], list[PublishedContract]] = {}
    numbered: set[int] = set()
    for record in records:
        stem = record.key
        at = stem.find("lot")  # most titles hold none, and the pattern is slow to find its first letter
        if at >= 0 and (found := _LOT.search(stem, at)) and found.start() >= _SHORTEST_STEM:
            stem = stem[: found.start()].rstrip()
            numbered.add(id(record))
        if len(stem) < _SHORTEST_STEM:
            batches.append([record])  # in order of its first record, as `records` are
            continue
        # what lots of one consultation share: the title before the number of the lot, procedure and nature
        shared = (stem, id(record.procedure), id(record.nature))
        batch = newest.get(shared)
        if batch is not None and record.notified_on - batch[0].notified_on <= within:
            batch.append(record)
            continue
        newest[shared] = batch = [record]
        batches.append(batch)
    return [_group(batch, counts, numbered) for batch in batches]


def _group(lots: list[PublishedContract], counts: dict[int, int], numbered: set[int]) -> ContractGroup:
    if len(lots) == 1:
        only = lots[0]
        return ContractGroup((only,), counts[id(only)], False, only.amount)
    return ContractGroup(
        lots=tuple(lots),
        records=sum(counts[id(lot)] for lot in lots),
        numbered=all(id(lot) in numbered for lot in lots),
        amount=_amount(lots),
    )
