"""Which published records are one contract: brought together by buyer, repetitions and rows put together, lots added up."""

import pickle
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from decimal import Decimal
from operator import attrgetter
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from zlib import crc32

from attrs import fields, frozen

from qmi_rules.documents.scalars import LARGEST_AMOUNT
from qmi_rules.integrations.decp.records import PublishedContract
from qmi_rules.integrations.decp.values import Nature, labels

HELD = 30_000
"""So many records are held in memory before all are put on disk."""
SHELVES = 128

_NAMES = tuple(attribute.name for attribute in fields(PublishedContract))
_values = attrgetter(*_NAMES)  # plain tuples are written and read several times faster than objects

Placed = tuple[int, PublishedContract]
"""A record with its place over all files."""


class Shelf:
    """Takes records in any order and gives them back buyer by buyer. A context manager: its files go away with it."""

    def __init__(self) -> None:
        self._held: dict[str, list[Placed]] = {}
        self._count = 0
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._folder is not None:
            self._folder.cleanup()

    def put(self, place: int, record: PublishedContract) -> None:
        """Add a record."""
        self._held.setdefault(record.siren, []).append((place, record))
        self._count += 1
        if self._count >= HELD:
            self._store()

    def _store(self) -> None:
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="qmi-rules-")
        shelves: dict[int, dict[str, list[tuple[int, Any]]]] = {}
        for buyer, records in self._held.items():
            plain = [(place, _values(record)) for place, record in records]
            shelves.setdefault(crc32(buyer.encode("utf-8", "replace")) % SHELVES, {})[buyer] = plain
        for number, content in shelves.items():
            with self._path(number).open("ab") as file:
                pickle.dump(content, file, pickle.HIGHEST_PROTOCOL)
        self._held.clear()
        self._count = 0

    def _path(self, number: int) -> Path:
        assert self._folder is not None
        return Path(self._folder.name, f"{number}.records")

    def buyers(self) -> Iterator[list[Placed]]:
        """The records of each buyer in the order in which they were put; afterwards the shelf is empty."""
        if self._folder is None:
            yield from self._held.values()
        else:
            self._store()
            for number in range(SHELVES):
                if self._path(number).exists():
                    yield from self._shelf(number)
        self._held.clear()

    def _shelf(self, number: int) -> Iterator[list[Placed]]:
        together: dict[str, list[tuple[int, Any]]] = {}
        with self._path(number).open("rb") as file:
            while file.peek(1):
                for buyer, records in pickle.load(file).items():
                    together.setdefault(buyer, []).extend(records)
        for plain in together.values():
            yield [(place, PublishedContract(**dict(zip(_NAMES, values, strict=True)))) for place, values in plain]


_SHORTEST_STEM = 12
_LOT = re.compile(r"\blots? (?:n |no |num |numero )?(?:\d{1,3}|[a-h])\b")


@frozen(kw_only=True)
class ContractGroup:
    """One contract, or the lots of one consultation, however many records publish it.

    Attributes:
        lots: The distinct records, earliest first; a contract without lots has one.
        records: How many records were put together.
        numbered: The titles number the lots; else the lots only share title, procedure and time.
        amount: The amount of all lots, EUR HT (R2121-1); None where one is not known. A framework's maximum is not added up.
    """

    lots: tuple[PublishedContract, ...]
    records: int
    numbered: bool
    amount: Decimal | None

    @property
    def first(self) -> PublishedContract:
        """The earliest record: it stands for the contract."""
        return self.lots[0]


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
    ordered = sorted(records, key=_by_day)
    if len(ordered) == 1:
        only = ordered[0]
        return [ContractGroup(lots=(only,), records=1, numbered=False, amount=only.amount)]
    if len(set(map(_by_day, ordered))) < len(ordered):
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
        earlier = _earlier(record, names, seen, close)
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
    alone: list[ContractGroup] = []
    batches: dict[Any, list[PublishedContract]] = {}
    numbered: dict[int, bool] = {}
    for record in records:
        stem, numbered[id(record)] = _stem(record)
        if stem is None:
            alone.append(_group([record], counts, numbered))
            continue
        batch = batches.get(stem)
        if batch and record.notified_on - batch[0].notified_on <= within:
            batch.append(record)
            continue
        if batch:
            alone.append(_group(batch, counts, numbered))
        batches[stem] = [record]
    groups = [*alone, *(_group(batch, counts, numbered) for batch in batches.values())]
    groups.sort(key=lambda group: _by_day(group.lots[0]))
    return groups


def _stem(record: PublishedContract) -> tuple[tuple[str, int, int] | None, bool]:
    """What lots of one consultation share: the title before the number of the lot, procedure and nature."""
    key, numbered = record.key, False
    if "lot" in key and (found := _LOT.search(key)) and found.start() >= _SHORTEST_STEM:
        key, numbered = key[: found.start()].rstrip(), True
    return ((key, id(record.procedure), id(record.nature)) if len(key) >= _SHORTEST_STEM else None), numbered


def _group(lots: list[PublishedContract], counts: dict[int, int], numbered: dict[int, bool]) -> ContractGroup:
    if len(lots) == 1:
        only = lots[0]
        return ContractGroup(lots=(only,), records=counts[id(only)], numbered=False, amount=only.amount)
    return ContractGroup(
        lots=tuple(lots),
        records=sum(counts[id(lot)] for lot in lots),
        numbered=all(numbered[id(lot)] for lot in lots),
        amount=_amount(lots),
    )
