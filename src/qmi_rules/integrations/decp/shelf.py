"""Records put on shelves by buyer, on disk where there are many, so that one buyer's records come together in little memory."""

import pickle
import tempfile
from collections.abc import Iterator
from operator import attrgetter
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from zlib import crc32

from attrs import fields

from qmi_rules.integrations.decp.records import PublishedContract

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
