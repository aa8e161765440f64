"""Box algebra: a row is a box, for each fact an interval or a set of words; meet, subtract, cover, smallest witness, size.

A box is a plain mapping from fact id to its part; a fact that is not in it may take every value of the space. Numbers lie on
a grid (cents, months), so that every comparison is a half-open interval ``[low, high)`` and nothing is sampled. `Scope` divides
the cases of one law by their answer: where each procedure is open, closed or undetermined, as exact boxes.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import TYPE_CHECKING, Any, Final, TypeAlias, TypeVar

from attrs import frozen

from qmi_rules.errors import TableError, fault
from qmi_rules.law.facts import FactDefinition, FactKind
from qmi_rules.law.rows import Row

if TYPE_CHECKING:
    from qmi_rules.law.in_force import LawInForce
    from qmi_rules.law.sections import DutyRow


@frozen
class Interval:
    """The numbers from `low` on and below `high`, on the grid of a fact."""

    low: Decimal
    high: Decimal

    def __contains__(self, number: Decimal) -> bool:
        return self.low <= number < self.high


T = TypeVar("T")
Part: TypeAlias = Interval | frozenset[Any]
Box: TypeAlias = Mapping[str, Part]
World: TypeAlias = Mapping[str, Decimal | None]
"""For each threshold the amount it has by one way to read the sources; None where the table knows none."""

# a grid makes "below" and "at most" the same kind of half-open interval, and gives every case a next one: so a proof can
# name the cent, and count cases, where reals would need open and closed ends and a limit of their own
_GRIDS: Final[dict[str, tuple[Decimal, Decimal]]] = {
    "EUR HT": (Decimal("0.01"), Decimal("1e12")),
    # a hundred years and the month after: no contract lasts longer, and a top that no row reaches costs nothing
    "months": (Decimal(1), Decimal(1_201)),
    # amounts are below 1e12 in cents: two shares that differ, differ by more than 1e-15
    "share": (Decimal("1e-20"), Decimal("1.00000000000000000001")),
}
# counted in steps and not in seconds: the same table is accepted or refused on every machine, and under load
MOST_STEPS: Final = 1_750_000
"""Boxes made, met or cut in the proof of a table; a table that would take more is refused."""
_OTHER_GRID: Final = (Decimal("0.0001"), Decimal("1e12"))


class Work:
    """What a proof has taken: rows of many facts may be cut by one another into more boxes than anybody can wait for.

    Attributes:
        most: The steps it may take.
    """

    def __init__(self, most: int = MOST_STEPS) -> None:
        self.most = most
        self._taken = 0

    def __call__(self, steps: int) -> None:
        """Count some steps.

        Raises:
            TableError: They are too many.
        """
        # counted before the work is done, so that what is refused has not been waited for
        self._taken += steps
        if self._taken > self.most:
            words = "expected rows that are proved in at most {most} steps: their conditions cut one another into too many cases; fewer rows, or fewer conditions in each, are within reach"
            raise TableError(fault("out_of_range", "", words, most=self.most))


class Space:
    """Every case that the facts of a law can describe, all facts filled: of the whole purchase, or of one of its lots.

    Attributes:
        parts: For each fact every value it may take.
        steps: For each number the grid it lies on.
        work: Counts what is done with its boxes.
        answered: What was asked of rows and their limits, by them: days on which they are the same share the answer.
    """

    def __init__(self, law: "LawInForce", *, lots: bool, work: Work | None = None) -> None:
        self.lots = lots
        self.work = Work() if work is None else work
        # one store a table and not one a law: a table has some forty spans of days, and most rows are the same in nearly all
        self.answered: dict[Hashable, Any] = {}
        self.steps: dict[str, Decimal] = {}
        self.parts: dict[str, Part] = {}
        units = _units(law)
        for fact in law.facts.values():
            # a whole purchase has no facts of a lot: a row that asks for one has then no box at all, see `box`
            if fact.lot and not lots:
                continue
            if fact.kind is FactKind.NUMBER:
                self.steps[fact.id], high = _GRIDS.get(units.get(fact.id, ""), _OTHER_GRID)
                self.parts[fact.id] = Interval(Decimal(0), high)
            else:
                # what the table declares to be outside it is answered nowhere: without taking it out, each such act would be a gap
                outside = {word for one in law.table.outside if one.fact == fact.id for word in one.in_}
                self.parts[fact.id] = whole_part(fact) - outside
        if lots and "allotted" in self.parts:
            # of a purchase without lots there is no lot to ask about: its other half would be cases that nobody can have
            self.parts["allotted"] = frozenset({True})

    def box(self, row: Row, world: World) -> dict[str, Part] | None:
        """The cases on which all conditions of a row hold; None where none does (a row of lots on a whole purchase, say).

        A condition on a threshold without amount in this world is left out: the box is then where the row *may* hold.
        """
        found: dict[str, Part] = {}
        for condition in row.when:
            part = self.parts.get(condition.fact)
            # the fact is not of this space: the row speaks of lots, and on a whole purchase it holds for nobody
            if part is None:
                return None
            if condition.edge:
                amount = world[condition.threshold]
                # left out, the box can only be too large: whoever wants it to be sure asks `Scope.box`, which refuses it
                if amount is None:
                    continue
                wanted: Part = self._interval(condition.fact, condition.edge, amount)
            else:
                wanted = frozenset(condition.in_ or {condition.is_})
            # a row may test a fact twice, as a local condition behind the national one does: both must hold
            meeting = _meet(found.get(condition.fact, part), wanted)
            if meeting is None:
                return None
            found[condition.fact] = meeting
        return found

    def _interval(self, fact: str, edge: str, amount: Decimal) -> Interval:
        whole = self.parts[fact]
        assert isinstance(whole, Interval)
        step = self.steps[fact]
        # an amount between two points of the grid: "below" it takes the point under it, "from" it begins at the one over it;
        # rounding the amount itself would move one of the two edges by a step
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
        # facts are independent in a box, but a person would not believe a lot worth more than its purchase: the witness is
        # moved, the box is not, and only where the box has room for it
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
        return uncovered(box, covers, self.parts, self.work)

    def covered(self, box: Box, covers: Iterable[Box]) -> bool:
        """Whether several boxes together cover a box: the first case that none of them holds ends the search."""
        # a wide cover (few conditions) first: it ends most branches at once; what does not meet the box can never help
        meeting = [cover for cover in sorted(covers, key=len) if not apart(box, cover)]
        return not self._escapes(box, meeting)

    def _escapes(self, box: Box, covers: list[Box]) -> bool:
        for i, cover in enumerate(covers):
            self.work(1)
            if not apart(box, cover):
                # depth first: to say "covered" all pieces must be looked at, to say "not" one is enough, and most questions end with no.
                # Later covers only: the earlier ones do not meet the box, or were cut out of it before this piece was made
                return any(self._escapes(rest, covers[i + 1 :]) for rest in self.subtract(box, cover))
        return True

    def meetings(self, some: Iterable[Box], others: Iterable[Box]) -> list[dict[str, Part]]:
        """Every intersection of a box of one list with a box of the other."""
        some, others = list(some), list(others)
        # before the product is made, as it may be what the limit is there to refuse
        self.work(len(some) * len(others))
        return meetings(some, others)

    def disjoint(self, boxes: Iterable[Box]) -> list[dict[str, Part]]:
        """The union of boxes that may overlap, as boxes that do not."""
        found: list[dict[str, Part]] = []
        # the widest first, whole; every later one is cut by what stands already. In the order of the rows, wide boxes would be
        # shredded by narrow ones, and the pieces are what all later questions pay for
        for box in sorted(boxes, key=len):
            found += self.uncovered(box, found)
        return found


def whole_part(fact: FactDefinition) -> frozenset[Any]:
    """Every value that a yes/no fact or a closed list may take."""
    if fact.kind is FactKind.TRUTH:
        return frozenset({True, False})
    return frozenset(choice.id for choice in fact.choices)


def _units(law: "LawInForce") -> dict[str, str]:
    """The unit of each number that a row of the table compares with a threshold; amounts of money unless it is."""
    # the table's rows, in force or not: a grid that changed from one span of days to the next would make their boxes
    # incomparable, and answers could not be shared
    units = {fact.id: "EUR HT" for fact in law.facts.values() if fact.kind is FactKind.NUMBER}
    for row in law.table.rows():
        for condition in row.when:
            if condition.threshold:
                units[condition.fact] = law.table.thresholds[condition.threshold].unit
    return units


_ORDINARY = frozenset({"commune", "supplies", "none", "contract", "other"})
"""The words of the most ordinary case, which a witness shows where it may."""


def _first(part: frozenset[Any], whole: Part) -> Any:
    assert isinstance(whole, frozenset)
    # "no" where it may be, so that a witness names only the facts that matter
    if part <= {True, False}:
        return False not in part
    return min(part, key=lambda word: (word not in _ORDINARY, str(word)))


def _meet(a: Part, b: Part) -> Part | None:
    if isinstance(a, Interval) and isinstance(b, Interval):
        low, high = max(a.low, b.low), min(a.high, b.high)
        return Interval(low, high) if low < high else None
    assert isinstance(a, frozenset)
    assert isinstance(b, frozenset)
    return a & b or None


def apart(a: Box, b: Box) -> bool:
    """Whether no case is in both boxes."""
    for fact, part in b.items():
        other = a.get(fact)
        # boxes cut from one another share their parts: the same object is not compared
        if other is None or other is part:
            continue
        if isinstance(part, frozenset):
            if part.isdisjoint(other):  # type: ignore[arg-type]
                return True
        elif other.high <= part.low or part.high <= other.low:  # type: ignore[union-attr]
            return True
    return False


def intersect(a: Box, b: Box) -> dict[str, Part] | None:
    """The cases of both boxes; None where there are none."""
    # looked at first, without making anything: most pairs have nothing in common
    if apart(a, b):
        return None
    found = dict(a)
    for fact, part in b.items():
        other = found.get(fact)
        if other is None:
            found[fact] = part
        elif (meeting := _meet(other, part)) is not None:
            found[fact] = meeting
    return found


def subtract(box: Box, taken: Box, space: Box) -> list[dict[str, Part]]:
    """What is left of `box` without `taken`: one slice for each fact on which they differ; the slices do not overlap.

    Args:
        box: What is cut.
        taken: What is taken away.
        space: For each fact every value, for facts that `box` leaves free.
    """
    if apart(box, taken):
        return [dict(box)]
    # one slice a fact, each with the facts before it already narrowed to what both have: the slices are disjoint, and there
    # are no more of them than the cover has conditions, where cutting along every fact alone would count corners twice
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
        # an interval without another one leaves up to two pieces, below it and above it, and never one with a hole
        if own.low < taken.low:
            yield Interval(own.low, min(own.high, taken.low))
        if taken.high < own.high:
            yield Interval(max(own.low, taken.high), own.high)
        return
    assert isinstance(own, frozenset)
    assert isinstance(taken, frozenset)
    if rest := own - taken:
        yield rest


def uncovered(
    box: Box, covers: Iterable[Box], space: Box, work: Callable[[int], None] = lambda _: None
) -> list[dict[str, Part]]:
    """What several boxes together leave of a box, as boxes that do not overlap; empty where they cover it.

    Args:
        box: What is cut.
        covers: What is taken away.
        space: For each fact every value.
        work: Told how many boxes are cut; it may refuse.
    """
    left = [dict(box)]
    for cover in sorted(covers, key=len):  # few conditions first: they take the most away
        work(len(left))
        # every cover cuts every piece that is left; the invariant is that `left` and the covers so far are the box, disjointly
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

    def __init__(self, law: "LawInForce", *, lots: bool, space: Space | None = None) -> None:
        """Make the scope of a law.

        Args:
            law: The law of a span of days.
            lots: Of the lots of purchases; of whole purchases otherwise.
            space: That of another span of the same table, whose answers are shared.
        """
        self.law = law
        self.lots = lots
        self.space = Space(law, lots=lots) if space is None else space
        self._thresholds: dict[str, tuple[str, ...]] = {}
        self._read: dict[str, Hashable] = {}
        self._duty_rows: dict[str, list[DutyRow]] = {}

    @property
    def name(self) -> str:
        """``lots`` or ``whole``."""
        return "lots" if self.lots else "whole"

    def duty_rows(self, procedure: str) -> "list[DutyRow]":
        """The duty rows in force that come with a procedure."""
        found = self._duty_rows.get(procedure)
        if found is None:
            everywhere = not self.law.table.procedures[procedure].arrangement
            found = self._duty_rows[procedure] = [
                row for row in self.law.duty_rows if procedure in row.procedures or (everywhere and not row.procedures)
            ]
        return found

    def once(self, question: Hashable, answer: Callable[[], T]) -> T:
        """The answer to a question about rows: worked out once for all spans of days in which the question is the same.

        Args:
            question: All that the answer depends on: what is asked, the rows by `read` or `placed`, whether a procedure is known.
            answer: Works it out.
        """
        # kept with the space and not with the law: the spaces of all spans of days are one, and the question holds what differs
        answered = self.space.answered
        if question not in answered:
            answered[question] = answer()
        found: T = answered[question]
        return found

    def read(self, rows: Iterable[Row]) -> tuple[Hashable, ...]:
        """Some rows with every reading that their limits have in these days: what is asked of them alone depends on nothing else."""
        found = []
        for row in rows:
            known = self._read.get(row.id)
            if known is None:
                known = "row", row.id, *[self.law.limit(threshold).amounts for threshold in self._limits(row)]
                # an id of a row is not enough: the row stays while its limit moves from one span of days to the next
                # a number in place of the amounts: long questions are compared quickly
                known = self._read[row.id] = self.space.answered.setdefault(known, len(self.space.answered))
            found.append(known)
        return tuple(found)

    def placed(self, rows: Iterable[Row], world: World) -> tuple[Hashable, ...]:
        """Some rows with the amounts of their limits in a world: their boxes depend on nothing else."""
        return tuple([(row.id, *[world[threshold] for threshold in self._limits(row)]) for row in rows])

    def _limits(self, row: Row) -> tuple[str, ...]:
        found = self._thresholds.get(row.id)
        if found is None:
            found = self._thresholds[row.id] = tuple(c.threshold for c in row.when if c.threshold)
        return found

    def box(self, row: Row, world: World) -> dict[str, Part] | None:
        """Where a row surely holds; None where it does nowhere, a limit it needs is not known, or the row itself is in doubt."""
        box, sure = self._box(row, world)
        return box if sure else None

    def possible(self, row: Row, world: World) -> dict[str, Part] | None:
        """Where a row holds or, for want of a known limit, may hold."""
        return self._box(row, world)[0]

    def _box(self, row: Row, world: World) -> tuple[dict[str, Part] | None, bool]:
        self.space.work(1)
        used = tuple([world[threshold] for threshold in self._limits(row)])
        key = ("box", row.id, used)
        found: tuple[dict[str, Part] | None, bool] | None = self.space.answered.get(key)
        if found is None:
            # kept beside the box, under the amounts alone: whether a row is trusted does not depend on the day
            sure = None not in used and self.law.table.trusts(row)
            found = self.space.answered[key] = (self.space.box(row, world), sure)
        return found

    def region(self, procedure: str, world: World) -> list[dict[str, Part]]:
        """Where a procedure is open in a world, as boxes that may overlap; nowhere where it is not known to exist."""
        # before the table knows a procedure, "open nowhere" is not "closed": `statuses` says undetermined
        if not self.law.knows(self.law.table.procedures[procedure]):
            return []
        return [box for rule in self.law.rules_of(procedure) if (box := self.box(rule, world)) is not None]

    def opened(self, procedure: str) -> list[dict[str, Part]]:
        """Where a procedure is open in every world, in disjoint boxes."""
        # from the whole space down: open for sure is what every reading of the sources opens. The strictest readings suffice,
        # as an OR of rows can only lose cases with each of them
        opened: list[dict[str, Part]] = [{}]
        for world in self.law.worlds(strict=self.law.rules_of(procedure)):
            opened = self.space.meetings(opened, self.space.disjoint(self.region(procedure, world)))
        return opened

    def statuses(self, procedure: str) -> dict[str, list[dict[str, Part]]]:
        """The space divided into open, closed and undetermined, in disjoint boxes; worlds that disagree are undetermined."""
        whole: dict[str, Part] = {}
        if not self.law.knows(self.law.table.procedures[procedure]):
            return {OPEN: [], UNDETERMINED: [whole], CLOSED: []}
        rules = self.law.rules_of(procedure)
        opened = self.opened(procedure)
        # each rule by itself at its loosest: some reading opens the case through it, and no two rules are needed together
        reach = [self.possible(rule, world) for rule in rules for world in self.law.worlds(loose=[rule])]
        possible = self.space.disjoint(box for box in reach if box is not None)
        return {
            OPEN: opened,
            # what may be open and is not for sure; with the two others it divides the space, which the tests count
            UNDETERMINED: [rest for box in possible for rest in self.space.uncovered(box, opened)],
            CLOSED: self.space.uncovered(whole, possible),
        }


def meetings(some: Iterable[Box], others: Iterable[Box]) -> list[dict[str, Part]]:
    """Every intersection of a box of one list with a box of the other."""
    others = list(others)
    return [both for a in some for b in others if (both := intersect(a, b)) is not None]


def largest(boxes: Iterable[dict[str, Part]]) -> list[dict[str, Part]]:
    """The boxes without those that lie in another one."""
    found: list[dict[str, Part]] = []
    for box in boxes:
        if not any(_within(box, other) for other in found):
            found = [*(other for other in found if not _within(other, box)), box]
    return found


def _within(box: Box, other: Box) -> bool:
    for fact, part in other.items():
        own = box.get(fact)
        if own is None or (own is not part and _meet(own, part) != own):
            return False
    return True


def as_document(box: Mapping[str, Part]) -> dict[str, Any]:
    """A box as plain data: a list of words or truths, or the lowest number and the first one beyond."""
    return {
        fact: sorted(part, key=str) if isinstance(part, frozenset) else {"from": str(part.low), "below": str(part.high)}
        for fact, part in box.items()
    }


def plain(case: Mapping[str, Any]) -> dict[str, bool | str]:
    """A witness as plain data: truths as they are, words and numbers as texts."""
    return {fact: value if isinstance(value, bool) else str(value) for fact, value in case.items()}
