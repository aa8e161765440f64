"""What a sound table never does, checked on boxes: gaps, contradictions, idle rows, lighter duties above; each with a witness."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from itertools import product
from typing import TYPE_CHECKING, Any

from attrs import evolve, field, frozen

from qmi_rules.law.proving.boxes import OPEN, Box, Interval, Part, Scope, World, intersect, meetings
from qmi_rules.law.rows import DutyRow, FlawKind, Ladder, Row, Rule
from qmi_rules.law.sources import Certainty
from qmi_rules.law.thresholds import Reading, Value
from qmi_rules.read_only import to_read_only

if TYPE_CHECKING:
    from qmi_rules.law.in_force import LawInForce

AMOUNTS = ("estimated_value", "lot_value")


@frozen
class Suspicion:
    """A flaw found under one law, not yet held against the declared exceptions.

    Attributes:
        kind: What is wrong.
        rows: Ids of the rows concerned.
        witness: The smallest case that shows it.
    """

    kind: FlawKind
    rows: tuple[str, ...]
    witness: Mapping[str, Any] = field(converter=to_read_only)


def smallest(scope: Scope, boxes: Iterable[Box]) -> dict[str, Any]:
    """The smallest case of several boxes: the lowest amounts first."""
    cases = [scope.space.witness(box) for box in boxes]
    return min(cases, key=lambda case: tuple(case[fact] for fact in scope.space.steps))


def necessary(scope: Scope, procedure: str) -> dict[str, tuple[World, dict[str, Any]]]:
    """For each ground that opens its procedure on a case where no other does: such a case, and the world it is in."""
    rules = scope.law.rules_of(procedure)
    found: dict[str, tuple[World, dict[str, Any]]] = {}
    for rule in rules:
        for world in scope.law.worlds([rule], strict=rules):
            box = scope.box(rule, world)
            if rule.id in found or box is None:
                continue
            others = [other for r in rules if r is not rule and (other := scope.box(r, world)) is not None]
            if left := scope.space.uncovered(box, others):
                found[rule.id] = (world, smallest(scope, left))
    return found


def fires(scope: Scope, rule: Rule) -> dict[str, Any] | None:
    """The smallest case on which a ground holds; None where it does on none."""
    boxes = [box for world in scope.law.worlds([rule]) if (box := scope.box(rule, world)) is not None]
    return smallest(scope, boxes) if boxes else None


def grounds_opening_above(scope: Scope, procedure: str) -> Iterator[Suspicion]:
    """Grounds that open a procedure at a value while it is closed at a lower one."""
    rules = scope.law.rules_of(procedure)
    for rule in rules:
        for world in scope.law.worlds([rule], strict=rules):
            region = [box for r in rules if (box := scope.possible(r, world)) is not None]
            box = scope.box(rule, world)
            for fact in AMOUNTS:
                if box is None or not isinstance(part := box.get(fact), Interval) or part.low == 0:
                    continue
                below = {**box, fact: Interval(Decimal(0), part.low)}
                if scope.space.uncovered(below, region):
                    yield Suspicion(FlawKind.LIGHTER_ABOVE, (rule.id,), smallest(scope, [box]))


def dispensed_while_formal(scope: Scope) -> Iterator[Suspicion]:
    """Grounds of amount that dispense where the amount already obliges to a formal procedure."""
    procedures = scope.law.table.procedures.values()
    between = [p for p in procedures if not (p.dispensed or p.formal or p.arrangement)]
    if not between or not all(scope.law.knows(p) for p in between):
        return
    free = [rule for p in between for rule in scope.law.rules_of(p.id)]
    for procedure in procedures:
        if not procedure.dispensed or not scope.law.knows(procedure):
            continue
        for rule in scope.law.rules_of(procedure.id):
            for world in scope.law.worlds([rule], strict=free):
                box = scope.box(rule, world)
                if box is None or "estimated_value" not in box:
                    continue
                covers = [other for r in free if (other := scope.possible(r, world)) is not None]
                if left := scope.space.uncovered(box, covers):
                    yield Suspicion(FlawKind.DISPENSED_AND_FORMAL, (rule.id,), smallest(scope, left))


def unconfirmed_ways(scope: Scope, procedure: str) -> Iterator[Suspicion]:
    """Grounds that open a procedure without competition where confirmed law alone would not.

    What is confirmed is read off the entries of the table, and not as the evaluator reads its limits: this proves the evaluator too.
    """
    law = scope.law
    opened = scope.statuses(procedure)[OPEN]
    rules = law.rules_of(procedure)
    # what a local table added only tightens: its own certainty frees nobody
    national = [evolve(rule, when=rule.when[: len(rule.when) - rule.local_conditions]) for rule in rules]
    sure = [rule for rule in national if rule.certainty is Certainty.CONFIRMED]
    used = list(dict.fromkeys(c.threshold for rule in sure for c in rule.when if c.threshold))
    choices = [confirmed_amounts(law, threshold) or (None,) for threshold in used]
    for amounts in product(*choices):
        world = dict(zip(used, amounts, strict=True))
        boxes = []
        for rule in sure:
            needed = [c.threshold for c in rule.when if c.threshold]
            if (
                None not in [world[threshold] for threshold in needed]
                and (box := scope.space.box(rule, world)) is not None
            ):
                boxes.append(box)
        if left := [rest for box in opened for rest in scope.space.uncovered(box, boxes)]:
            resting = [r.id for r in rules if any(meetings(left, [b]) for b in _possible(scope, r))]
            yield Suspicion(FlawKind.UNCONFIRMED, tuple(resting), smallest(scope, left))
            return


def confirmed_amounts(law: "LawInForce", threshold: str) -> tuple[Decimal, ...]:
    """What is confirmed of a threshold: its value of the day, or the last one before it; nothing where none ever was."""
    values = law.table.thresholds[threshold].values
    value = law.table.thresholds[threshold].value_on(law.day, law.known_on)
    if value is None:
        return ()
    earlier = (v for v in values if v.effective_from < value.effective_from and v.begun_on(law.day, law.known_on))
    for entry in (value, *sorted(earlier, key=lambda v: v.effective_from, reverse=True)):
        if found := tuple(_confirmed(law, entry)):
            return found
    return ()


def _confirmed(law: "LawInForce", value: Value) -> Iterator[Decimal]:
    alone = Reading(
        amount=value.amount, same_as=value.same_as, legal_basis=value.legal_basis, certainty=value.certainty
    )
    for reading in value.readings or (alone,):
        if reading.certainty is Certainty.CONFIRMED:
            if reading.amount is not None:
                yield reading.amount
            elif reading.same_as is not None:
                yield from confirmed_amounts(law, reading.same_as)


def _possible(scope: Scope, rule: Rule) -> list[dict[str, Part]]:
    return [box for world in scope.law.worlds([rule]) if (box := scope.possible(rule, world)) is not None]


def uncovered_cases(scope: Scope, world: World) -> tuple[list[tuple[dict[str, Part], str]], list[dict[str, Part]]]:
    """The whole space cut into disjoint boxes, each with the row that opens a procedure there; and what is left."""
    table = scope.law.table
    grounds = [
        (box, rule.id)
        for rule in scope.law.rules
        if not table.procedures[rule.procedure].arrangement
        and scope.law.knows(table.procedures[rule.procedure])
        and (box := scope.box(rule, world)) is not None
    ]
    left: list[dict[str, Part]] = [{}]
    pieces: list[tuple[dict[str, Part], str]] = []
    for box, rule in sorted(grounds, key=lambda ground: len(ground[0])):
        pieces += [(both, rule) for both in meetings(left, [box])]
        left = [rest for piece in left for rest in scope.space.subtract(piece, box)]
    return pieces, left


class DutyCheck:
    """The duty rows of one ladder, or of one duty that stands on none, for one procedure."""

    def __init__(self, scope: Scope, procedure: str, duties: tuple[str, ...], ladder: Ladder | None) -> None:
        self.scope = scope
        self.procedure = procedure
        self.duties = duties
        self.ladder = ladder
        self._where: dict[tuple[Decimal | None, ...], list[dict[str, Part]]] = {}
        concerned = scope.law.table.procedures[procedure]
        self.rows = [
            row
            for row in scope.law.duty_rows
            if row.duty in duties
            and (procedure in row.procedures or (not row.procedures and not concerned.arrangement))
        ]

    def idle(self) -> dict[str, tuple[bool, dict[str, Any] | None]]:
        """For each row: whether it may ever be owed, and a case where no other row says the same or more."""
        found: dict[str, tuple[bool, dict[str, Any] | None]] = {}
        rules = self.scope.law.rules_of(self.procedure)
        for row in self.rows:
            for world in self.scope.law.worlds([row], strict=self.rows, loose=rules):
                where = [box for rule in rules if (box := self.scope.possible(rule, world)) is not None]
                possible = self.scope.possible(row, world)
                own = meetings(where, [possible] if possible is not None else [])
                others = [r for r in self.rows if r is not row and r.duty == row.duty and _binds_as_much(r, row)]
                left = [rest for box in own for rest in self.scope.space.uncovered(box, self._boxes(others, world))]
                owed, witness = found.get(row.id, (False, None))
                if witness is None and left:
                    witness = smallest(self.scope, left)
                found[row.id] = (owed or bool(own), witness)
        return found

    def suspicions(self) -> Iterator[Suspicion]:
        """Two duties of the ladder at once; one of them with a dispensed procedure; a lighter duty above a value."""
        dispensed = self.scope.law.table.procedures[self.procedure].dispensed
        for i, row in enumerate(self.rows):
            for world, where in self._worlds([row]):
                own = meetings(where, self._boxes([row], world))
                if own and dispensed and self.ladder is not None and self.ladder.never_dispensed:
                    yield Suspicion(FlawKind.DISPENSED_AND_FORMAL, (row.id,), smallest(self.scope, own))
                yield from self._lighter_above(row, world, where)
            for other in self.rows[:i]:
                if other.duty != row.duty:
                    for world, where in self._worlds([row, other]):
                        own = meetings(where, self._boxes([row], world))
                        if both := meetings(own, self._boxes([other], world)):
                            yield Suspicion(FlawKind.CONTRADICTION, (other.id, row.id), smallest(self.scope, both))

    def _lighter_above(self, row: DutyRow, world: World, where: list[dict[str, Part]]) -> Iterator[Suspicion]:
        box = self.scope.box(row, world)
        part = box.get("estimated_value") if box is not None else None
        if box is None or not isinstance(part, Interval):
            return
        whole = self.scope.space.parts["estimated_value"]
        assert isinstance(whole, Interval)
        if part.high < whole.high:
            above = meetings(where, [{**box, "estimated_value": Interval(part.high, whole.high)}])
            heavier = [r for r in self.rows if self.duties.index(r.duty) >= self.duties.index(row.duty)]
            covers = [b for r in heavier if (b := self.scope.possible(r, world)) is not None]
            if left := [rest for piece in above for rest in self.scope.space.uncovered(piece, covers)]:
                yield Suspicion(FlawKind.LIGHTER_ABOVE, (row.id,), smallest(self.scope, left))
        if part.low > 0 and row.days is not None:
            below = {**box, "estimated_value": Interval(whole.low, part.low)}
            same = [r for r in self.rows if r.duty == row.duty and r is not row and r.days is not None]
            short = self._boxes([r for r in same if (r.days or 0) <= row.days], world)
            for longer in (r for r in same if (r.days or 0) > row.days):
                both = [b for o in self._boxes([longer], world) if (b := intersect(o, below)) is not None]
                if any(self.scope.space.uncovered(piece, short) for piece in both):
                    yield Suspicion(FlawKind.LIGHTER_ABOVE, (longer.id, row.id), smallest(self.scope, [box]))

    def _worlds(self, rows: Iterable[Row]) -> Iterator[tuple[World, list[dict[str, Part]]]]:
        """The readings that some rows turn on, each with where the procedure is open by it; other rows at their strictest."""
        rules = self.scope.law.rules_of(self.procedure)
        for world in self.scope.law.worlds(rows, strict=self.rows, loose=rules):
            key = tuple(world[c.threshold] for rule in rules for c in rule.when if c.threshold)
            if key not in self._where:
                self._where[key] = self.scope.space.disjoint(self.scope.region(self.procedure, world))
            yield world, self._where[key]

    def _boxes(self, rows: Iterable[Row], world: World) -> list[dict[str, Part]]:
        return [box for row in rows if (box := self.scope.box(row, world)) is not None]


def _binds_as_much(other: DutyRow, row: DutyRow) -> bool:
    return row.days is None or (other.days is not None and other.days <= row.days)
