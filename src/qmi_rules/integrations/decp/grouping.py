"""Which published records are one contract: brought together by buyer, repetitions and rows put together, lots added up."""

import pickle
import re
import tempfile
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from zlib import crc32

from attrs import fields, frozen

from qmi_rules.documents.scalars import LARGEST_AMOUNT
from qmi_rules.integrations.decp.records import PublishedContract
from qmi_rules.integrations.decp.values import Nature, labels

HELD = 50_000
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
    """

    lots: tuple[PublishedContract, ...]
    records: int
    numbered: bool

    @property
    def first(self) -> PublishedContract:
        """The earliest record: it stands for the contract."""
        return self.lots[0]

    @property
    def amount(self) -> Decimal | None:
        """The amount of all lots, EUR HT (R2121-1); None where one is not known. A framework's maximum is not added up."""
        if len(self.lots) == 1:
            return self.first.amount
        amounts = [lot.amount for lot in self.lots]
        known = [amount for amount in amounts if amount is not None]
        if len(known) < len(amounts):
            return None
        amount = max(known) if self.first.nature is Nature.FRAMEWORK else sum(known, Decimal(0))
        return amount if amount < LARGEST_AMOUNT else None


def group_records(records: Iterable[PublishedContract]) -> list[ContractGroup]:
    """The contracts of one buyer, earliest first.

    Args:
        records: All records of the buyer, in the order in which they were read.
    """
    ordered = sorted(records, key=lambda record: record.notified_on)
    if len(ordered) == 1:
        return [ContractGroup(lots=(ordered[0],), records=1, numbered=False)]
    distinct, counts = _distinct(ordered)
    return _consultations(distinct, counts)


def _distinct(ordered: list[PublishedContract]) -> tuple[list[PublishedContract], dict[int, int]]:
    """The records without repetitions and without later rows, and how many each stands for."""
    seen: dict[Any, PublishedContract] = {}
    counts: dict[int, int] = {}
    kept: list[PublishedContract] = []
    for record in ordered:
        earlier = _earlier(record, seen)
        if earlier is not None:
            counts[id(earlier)] += 1
            continue
        kept.append(record)
        counts[id(record)] = 1
        for name in _names(record):
            seen[name] = record
    return kept, counts


def _names(record: PublishedContract) -> list[tuple[Any, ...]]:
    """Under which names a later record may turn out to be this one."""
    names: list[tuple[Any, ...]] = []
    if record.uid:
        names.append(("uid", record.uid, record.key))
    if record.id:
        names.append(("id", record.id, record.key))
    if record.key:
        names.append(("what", record.key, record.amount, record.procedure))
    return names


def _earlier(record: PublishedContract, seen: dict[Any, PublishedContract]) -> PublishedContract | None:
    """The record that this one repeats, if any."""
    for name in _names(record):
        earlier = seen.get(name)
        if earlier is None:
            continue
        if name[0] == "what":
            if (record.notified_on - earlier.notified_on).days <= labels().conventions.same_record_days:
                return earlier
        elif not record.key or record.notified_on > earlier.notified_on or record.amount == earlier.amount:
            return earlier  # a holder's row, or a later row: the amount after a modification
    return None


def _consultations(records: list[PublishedContract], counts: dict[int, int]) -> list[ContractGroup]:
    within = labels().conventions.same_consultation_days
    stems = [_stem(record) for record in records]
    order = sorted(range(len(records)), key=lambda i: stems[i][0])
    groups: list[ContractGroup] = []
    for stem, indices in groupby(order, key=lambda i: stems[i][0]):
        batch: list[int] = []
        for i in indices:
            apart = not stem[0] or (batch and (records[i].notified_on - records[batch[0]].notified_on).days > within)
            if batch and apart:
                groups.append(_group(batch, records, stems, counts))
                batch = []
            batch.append(i)
        groups.append(_group(batch, records, stems, counts))
    groups.sort(key=lambda group: (group.first.notified_on, group.first.position))
    return groups


def _stem(record: PublishedContract) -> tuple[tuple[str, str, str], bool]:
    """What lots of one consultation share: the title before the number of the lot, procedure and nature."""
    key, numbered = record.key, False
    if "lot" in key and (found := _LOT.search(key)) and found.start() >= _SHORTEST_STEM:
        key, numbered = key[: found.start()].rstrip(), True
    if len(key) < _SHORTEST_STEM:
        return ("", "", ""), False
    return (key, record.procedure.value, record.nature.value), numbered


def _group(
    batch: list[int],
    records: list[PublishedContract],
    stems: list[tuple[tuple[str, str, str], bool]],
    counts: dict[int, int],
) -> ContractGroup:
    if len(batch) == 1:
        only = records[batch[0]]
        return ContractGroup(lots=(only,), records=counts[id(only)], numbered=False)
    lots = tuple(records[i] for i in batch)
    return ContractGroup(
        lots=lots, records=sum(counts[id(lot)] for lot in lots), numbered=all(stems[i][1] for i in batch)
    )
