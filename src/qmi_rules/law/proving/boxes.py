"""Box algebra: a row is a box, for each fact an interval or a set of words; meet, subtract, cover, smallest witness, size.

A box is a plain mapping from fact id to its part; a fact that is not in it may take every value of the space. Numbers lie on
a grid (cents, months), so that every comparison is a half-open interval ``[low, high)`` and nothing is sampled. `Scope` divides
the cases of one law by their answer: where each procedure is open, closed or undetermined, as exact boxes.
"""

from collections.abc import Iterable, Iterator, Mapping
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from attrs import frozen

from qmi_rules.law.facts import FactDefinition, FactKind
from qmi_rules.law.rows import Row

if TYPE_CHECKING:
    from qmi_rules.law.in_force import LawInForce


@frozen
class Interval:
    """The numbers from `low` on and below `high`, on the grid of a fact."""

    low: Decimal
    high: Decimal

    def __contains__(self, number: Decimal) -> bool:
        return self.low <= number < self.high


Part: TypeAlias = Interval | frozenset[Any]
Box: TypeAlias = Mapping[str, Part]
World: TypeAlias = Mapping[str, Decimal | None]
"""For each threshold the amount it has by one way to read the sources; None where the table knows none."""

_GRIDS: Final[dict[str, tuple[Decimal, Decimal]]] = {
    "EUR HT": (Decimal("0.01"), Decimal("1e12")),
    "months": (Decimal(1), Decimal(1_201)),
    # amounts are below 1e12 in cents: two shares that differ, differ by more than 1e-15
    "share": (Decimal("1e-20"), Decimal("1.00000000000000000001")),
}
_OTHER_GRID: Final = (Decimal("0.0001"), Decimal("1e12"))


class Space:
    """Every case that the facts of a law can describe, all facts filled: of the whole purchase, or of one of its lots.

    Attributes:
        parts: For each fact every value it may take.
        steps: For each number the grid it lies on.
    """

    def __init__(self, law: "LawInForce", *, lots: bool) -> None:
        self.lots = lots
        self.steps: dict[str, Decimal] = {}
        self.parts: dict[str, Part] = {}
        units = _units(law)
        for fact in law.facts.values():
            if fact.lot and not lots:
                continue
            if fact.kind is FactKind.NUMBER:
                self.steps[fact.id], high = _GRIDS.get(units.get(fact.id, ""), _OTHER_GRID)
                self.parts[fact.id] = Interval(Decimal(0), high)
            else:
                self.parts[fact.id] = whole_part(fact)
        if lots and "allotted" in self.parts:
            self.parts["allotted"] = frozenset({True})

    def box(self, row: Row, world: World) -> dict[str, Part] | None:
        """The cases on which all conditions of a row hold; None where none does (a row of lots on a whole purchase, say).

        A condition on a threshold without amount in this world is left out: the box is then where the row *may* hold.
        """
        found: dict[str, Part] = {}
        for condition in row.when:
            part = self.parts.get(condition.fact)
            if part is None:
                return None
            if condition.edge:
                amount = world[condition.threshold]
                if amount is None:
                    continue
                wanted: Part = self._interval(condition.fact, condition.edge, amount)
            else:
                wanted = frozenset(condition.in_ or {condition.is_})
            meeting = _meet(found.get(condition.fact, part), wanted)
            if meeting is None:
                return None
            found[condition.fact] = meeting
        return found

    def _interval(self, fact: str, edge: str, amount: Decimal) -> Interval:
        whole = self.parts[fact]
        assert isinstance(whole, Interval)
        step = self.steps[fact]
        first_from = (amount / step).to_integral_value(ROUND_CEILING) * step
        first_above = ((amount / step).to_integral_value(ROUND_FLOOR) + 1) * step
        match edge:
            case "below":
                return Interval(whole.low, first_from)
            case "from":
                return Interval(first_from, whole.high)
            case "at_most":
                return Interval(whole.low, first_above)
            case _:
                return Interval(first_above, whole.high)

    def size(self, box: Box) -> int:
        """How many cases a box holds, exactly."""
        count = 1
        for fact, whole in self.parts.items():
            part = box.get(fact, whole)
            if isinstance(part, Interval):
                count *= int((part.high - part.low) / self.steps[fact])
            else:
                count *= len(part)
        return count

    def witness(self, box: Box) -> dict[str, Any]:
        """The smallest case of a box: lowest numbers, "no" where it may be, the first word of a list."""
        case: dict[str, Any] = {}
        for fact, whole in self.parts.items():
            part = box.get(fact, whole)
            case[fact] = part.low if isinstance(part, Interval) else _first(part, whole)
        if self.lots and "estimated_value" in case and "lot_value" in case:
            value = box.get("estimated_value", self.parts["estimated_value"])
            wanted = max(case["estimated_value"], case["lot_value"])
            if isinstance(value, Interval) and wanted in value:  # a lot is no larger than the whole
                case["estimated_value"] = wanted
        return case

    def subtract(self, box: Box, taken: Box) -> list[dict[str, Part]]:
        """What is left of a box without another one, as boxes that do not overlap."""
        return subtract(box, taken, self.parts)

    def uncovered(self, box: Box, covers: Iterable[Box]) -> list[dict[str, Part]]:
        """What several boxes together leave of a box, as boxes that do not overlap; empty where they cover it."""
        return uncovered(box, covers, self.parts)

    def disjoint(self, boxes: Iterable[Box]) -> list[dict[str, Part]]:
        """The union of boxes that may overlap, as boxes that do not."""
        found: list[dict[str, Part]] = []
        for box in sorted(boxes, key=len):
            found += self.uncovered(box, found)
        return found


def whole_part(fact: FactDefinition) -> Part:
    """Every value that a yes/no fact or a closed list may take."""
    if fact.kind is FactKind.TRUTH:
        return frozenset({True, False})
    return frozenset(choice.id for choice in fact.choices)


def _units(law: "LawInForce") -> dict[str, str]:
    """The unit of each number that a row of the table compares with a threshold; amounts of money unless it is."""
    units = {fact.id: "EUR HT" for fact in law.facts.values() if fact.kind is FactKind.NUMBER}
    for row in law.table.rows():
        for condition in row.when:
            if condition.threshold:
                units[condition.fact] = law.table.thresholds[condition.threshold].unit
    return units


def _first(part: frozenset[Any], whole: Part) -> Any:
    assert isinstance(whole, frozenset)
    if part <= {True, False}:
        return False not in part
    return min(part, key=lambda word: (word != "commune", word != "supplies", str(word)))


def _meet(a: Part, b: Part) -> Part | None:
    if isinstance(a, Interval) and isinstance(b, Interval):
        low, high = max(a.low, b.low), min(a.high, b.high)
        return Interval(low, high) if low < high else None
    assert isinstance(a, frozenset)
    assert isinstance(b, frozenset)
    return a & b or None


def intersect(a: Box, b: Box) -> dict[str, Part] | None:
    """The cases of both boxes; None where there are none."""
    found = dict(a)
    for fact, part in b.items():
        other = found.get(fact)
        meeting = part if other is None else _meet(other, part)
        if meeting is None:
            return None
        found[fact] = meeting
    return found


def subtract(box: Box, taken: Box, space: Box) -> list[dict[str, Part]]:
    """What is left of `box` without `taken`: one slice for each fact on which they differ; the slices do not overlap.

    Args:
        box: What is cut.
        taken: What is taken away.
        space: For each fact every value, for facts that `box` leaves free.
    """
    if intersect(box, taken) is None:
        return [dict(box)]
    left: list[dict[str, Part]] = []
    rest = dict(box)
    for fact, part in taken.items():
        own = rest.get(fact, space[fact])
        for slice_ in _outside(own, part):
            left.append({**rest, fact: slice_})
        meeting = _meet(own, part)
        assert meeting is not None
        rest[fact] = meeting
    return left


def _outside(own: Part, taken: Part) -> Iterator[Part]:
    if isinstance(own, Interval) and isinstance(taken, Interval):
        if own.low < taken.low:
            yield Interval(own.low, min(own.high, taken.low))
        if taken.high < own.high:
            yield Interval(max(own.low, taken.high), own.high)
        return
    assert isinstance(own, frozenset)
    assert isinstance(taken, frozenset)
    if rest := own - taken:
        yield rest


def uncovered(box: Box, covers: Iterable[Box], space: Box) -> list[dict[str, Part]]:
    """What several boxes together leave of a box, as boxes that do not overlap; empty where they cover it."""
    left = [dict(box)]
    for cover in sorted(covers, key=len):  # few conditions first: they take the most away
        left = [rest for piece in left for rest in subtract(piece, cover, space)]
        if not left:
            break
    return left


def contains(box: Box, case: Mapping[str, Any]) -> bool:
    """Whether a case, with a value for every fact of the box, lies in it."""
    return all(case[fact] in part for fact, part in box.items())


OPEN, CLOSED, UNDETERMINED = "open", "closed", "undetermined"


class Scope:
    """One law over one space of cases (whole purchases, or lots): boxes of its rows, world by world.

    Attributes:
        law: The law of a span of days.
        space: The cases.
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

    def box(self, row: Row, world: World) -> dict[str, Part] | None:
        """Where a row surely holds; None where it does nowhere, a limit it needs is not known, or the row itself is in doubt."""
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
            sure = None not in used and self.law.table.trusts(row)
            found = self._boxes[key] = (self.space.box(row, world), sure)
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
        for world in self.law.worlds(strict=rules):
            opened = meetings(opened, self.space.disjoint(self.region(procedure, world)))
        reach = [self.possible(rule, world) for rule in rules for world in self.law.worlds(loose=[rule])]
        possible = self.space.disjoint(box for box in reach if box is not None)
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


def plain(case: Mapping[str, Any]) -> dict[str, bool | str]:
    """A witness as plain data: truths as they are, words and numbers as texts."""
    return {fact: value if isinstance(value, bool) else str(value) for fact, value in case.items()}
