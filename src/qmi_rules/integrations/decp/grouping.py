"""Which published records are one contract: the same record twice, rows of one contract, lots of one consultation."""

import datetime
import re
from collections.abc import Iterable
from decimal import Decimal
from itertools import groupby
from typing import Any

from attrs import frozen

from qmi_rules.documents.scalars import LARGEST_AMOUNT
from qmi_rules.integrations.decp.labels import Nature
from qmi_rules.integrations.decp.records import PublishedContract

SAME_RECORD = datetime.timedelta(days=92)
"""Our convention: one buyer's records with one title, amount and procedure are one contract if dated this close together."""
SAME_CONSULTATION = datetime.timedelta(days=60)
"""Our convention: lots of one consultation are notified within this time of the first."""
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
            if record.notified_on - earlier.notified_on <= SAME_RECORD:
                return earlier
        elif not record.key or record.notified_on > earlier.notified_on or record.amount == earlier.amount:
            return earlier  # a holder's row, or a later row: the amount after a modification
    return None


def _consultations(records: list[PublishedContract], counts: dict[int, int]) -> list[ContractGroup]:
    stems = [_stem(record) for record in records]
    order = sorted(range(len(records)), key=lambda i: stems[i][0])
    groups: list[ContractGroup] = []
    for stem, indices in groupby(order, key=lambda i: stems[i][0]):
        batch: list[int] = []
        for i in indices:
            apart = not stem[0] or (
                batch and records[i].notified_on - records[batch[0]].notified_on > SAME_CONSULTATION
            )
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
