"""The cases divided by their answer: under one law, where each procedure is open, closed or undetermined, as exact boxes."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

from qmi_rules.law.boxes import Box, Part, Space, World, intersect, worlds
from qmi_rules.law.rows import Row

if TYPE_CHECKING:
    from qmi_rules.law.in_force import LawInForce

OPEN, CLOSED, UNDETERMINED = "open", "closed", "undetermined"


class Scope:
    """One law over one space of cases (whole purchases, or lots): boxes of its rows, world by world.

    Attributes:
        law: The law of a span of days.
        space: The cases.
        worlds: Every way to read the limits that its rules and duty rows compare with.
    """

    def __init__(self, law: "LawInForce", *, lots: bool) -> None:
        self.law = law
        self.lots = lots
        self.space = Space(law, lots=lots)
        self._thresholds: dict[str, tuple[str, ...]] = {}
        self._boxes: dict[tuple[str, tuple[Decimal | None, ...]], tuple[dict[str, Part] | None, bool]] = {}

    @property
    def name(self) -> str:
        """``lots`` or ``whole``."""
        return "lots" if self.lots else "whole"

    @cached_property
    def worlds(self) -> list[dict[str, Decimal | None]]:
        """Every way to read the limits that rules and duty rows compare with."""
        return worlds(self.law, (*self.law.rules, *self.law.duty_rows, *self.law.cautions))

    def box(self, row: Row, world: World) -> dict[str, Part] | None:
        """Where a row surely holds; None where it does nowhere, or where a limit it needs is not known."""
        box, sure = self._box(row, world)
        return box if sure else None

    def possible(self, row: Row, world: World) -> dict[str, Part] | None:
        """Where a row holds or, for want of a known limit, may hold."""
        return self._box(row, world)[0]

    def _box(self, row: Row, world: World) -> tuple[dict[str, Part] | None, bool]:
        thresholds = self._thresholds.get(row.id)
        if thresholds is None:
            thresholds = self._thresholds[row.id] = tuple(c.threshold for c in row.when if c.threshold)
        used = tuple([world[threshold] for threshold in thresholds])
        key = (row.id, used)
        found = self._boxes.get(key)
        if found is None:
            found = self._boxes[key] = (self.space.box(row, world), None not in used)
        return found

    def region(self, procedure: str, world: World) -> list[dict[str, Part]]:
        """Where a procedure is open in a world, as boxes that may overlap; nowhere where it is not known to exist."""
        if not self.law.knows(self.law.table.procedures[procedure]):
            return []
        return [box for rule in self.law.rules_of(procedure) if (box := self.box(rule, world)) is not None]

    def statuses(self, procedure: str) -> dict[str, list[dict[str, Part]]]:
        """The space divided into open, closed and undetermined, in disjoint boxes; worlds that disagree are undetermined."""
        whole: dict[str, Part] = {}
        if not self.law.knows(self.law.table.procedures[procedure]):
            return {OPEN: [], UNDETERMINED: [whole], CLOSED: []}
        rules = self.law.rules_of(procedure)
        opened: list[dict[str, Part]] = [whole]
        possible: list[dict[str, Part]] = []
        for world in worlds(self.law, rules):
            here = self.space.disjoint(self.region(procedure, world))
            opened = meetings(opened, here)
            possible += [box for rule in rules if (box := self.possible(rule, world)) is not None]
        possible = self.space.disjoint(possible)
        return {
            OPEN: opened,
            UNDETERMINED: [rest for box in possible for rest in self.space.uncovered(box, opened)],
            CLOSED: self.space.uncovered(whole, possible),
        }


def meetings(some: Iterable[Box], others: Iterable[Box]) -> list[dict[str, Part]]:
    """Every intersection of a box of one list with a box of the other."""
    others = list(others)
    return [both for a in some for b in others if (both := intersect(a, b)) is not None]


def as_document(box: Mapping[str, Part]) -> dict[str, Any]:
    """A box as plain data: a list of words or truths, or the lowest number and the first one beyond."""
    return {
        fact: sorted(part, key=str) if isinstance(part, frozenset) else {"from": str(part.low), "below": str(part.high)}
        for fact, part in box.items()
    }
