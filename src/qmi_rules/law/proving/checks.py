"""What a sound table never does, checked on boxes: gaps, contradictions, idle rows, lighter duties above; each with a witness."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import product
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from attrs import evolve

from qmi_rules.law.proving.boxes import Box, Interval, Part, Scope, Space, World, apart, intersect, largest
from qmi_rules.law.rows import Row, Rule
from qmi_rules.law.sections import DutyRow, FlawKind, Ladder
from qmi_rules.law.thresholds import Reading, Value
from qmi_rules.law.truth import Certainty

if TYPE_CHECKING:
    from qmi_rules.law.in_force import LawInForce

T = TypeVar("T")
# the two facts along which the law grows stricter: a lighter answer at a higher one is a fault, along others it is law
AMOUNTS = ("estimated_value", "lot_value")


class Suspicion(NamedTuple):
    """A flaw found under one law, not yet held against the declared exceptions.

    Attributes:
        kind: What is wrong.
        rows: Ids of the rows concerned.
        space: All cases.
        boxes: Those that show it; none where it is a want of cases.
    """

    kind: FlawKind
    rows: tuple[str, ...]
    space: Space
    boxes: Sequence[Box] = ()

    @property
    def witness(self) -> dict[str, Any]:
        """The smallest case that shows it; of a flaw that lasts only that of its first days is wanted."""
        return smallest(self.space, self.boxes) if self.boxes else {}


def smallest(space: Space, boxes: Iterable[Box]) -> dict[str, Any]:
    """The smallest case of several boxes: the lowest amounts first."""
    # by its numbers alone: words and truths have no order that a jurist would call smaller
    cases = [space.witness(box) for box in boxes]
    return min(cases, key=lambda case: tuple(case[fact] for fact in space.steps))


def necessary(scope: Scope, procedure: str) -> dict[str, tuple[World, dict[str, Any]]]:
    """For each ground that opens its procedure on a case where no other does: such a case, and the world it is in.

    Of the world only the limits of these grounds are to be read.
    """
    rules = scope.law.rules_of(procedure)
    # the answer hangs on these rows and their limits alone, so that spans in which both stand share it
    return scope.once(("necessary", *scope.read(rules)), lambda: _necessary(scope, rules))


def _necessary(scope: Scope, rules: tuple[Rule, ...]) -> dict[str, tuple[World, dict[str, Any]]]:
    found: dict[str, tuple[World, dict[str, Any]]] = {}
    for rule in rules:
        for world in scope.law.worlds([rule], strict=rules):
            box = scope.box(rule, world)
            # one reading in which the row is needed is enough; a row that no reading needs is idle
            if rule.id in found or box is None:
                continue
            # the surely held boxes of the others: a neighbour in doubt does not make a row idle, it may fall away
            others = [other for r in rules if r is not rule and (other := scope.box(r, world)) is not None]
            if left := scope.space.uncovered(box, others):
                found[rule.id] = (world, smallest(scope.space, left))
    return found


def fires(scope: Scope, rule: Rule) -> list[dict[str, Part]]:
    """Where a ground holds, in some world."""
    return [box for world in scope.law.worlds([rule]) if (box := scope.box(rule, world)) is not None]


def grounds_opening_above(scope: Scope, procedure: str) -> list[Suspicion]:
    """Grounds that open a procedure at a value while it is closed at a lower one."""
    rules = scope.law.rules_of(procedure)
    return scope.once(("above", *scope.read(rules)), lambda: list(_opening_above(scope, rules)))


def _opening_above(scope: Scope, rules: tuple[Rule, ...]) -> Iterator[Suspicion]:
    for rule in rules:
        for world in scope.law.worlds([rule], strict=rules):
            # the possible boxes, here: where a lower value may be open, no one can say that the table closes it
            region = [box for r in rules if (box := scope.possible(r, world)) is not None]
            box = scope.box(rule, world)
            for fact in AMOUNTS:
                # a ground without a lower edge opens from nothing on: there is no "below" to be closed
                if box is None or not isinstance(part := box.get(fact), Interval) or part.low == 0:
                    continue
                below = {**box, fact: Interval(Decimal(0), part.low)}
                if scope.space.uncovered(below, region):
                    yield Suspicion(FlawKind.LIGHTER_ABOVE, (rule.id,), scope.space, (box,))


def dispensed_while_formal(scope: Scope) -> Iterator[Suspicion]:
    """Grounds of amount that dispense where the amount already obliges to a formal procedure."""
    procedures = scope.law.table.procedures.values()
    # "between" dispensed and formal is what a buyer does freely above the dispense. It ends where the formal procedures begin,
    # and no row says that bound: a dispensed case outside of it is one with a formal procedure as its only other way
    between = [p for p in procedures if not (p.dispensed or p.formal or p.arrangement)]
    # before those are known every dispensed case would seem to be beyond them
    if not between or not all(scope.law.knows(p) for p in between):
        return
    free = [rule for p in between for rule in scope.law.rules_of(p.id)]
    for procedure in procedures:
        if not procedure.dispensed or not scope.law.knows(procedure):
            continue
        for rule in scope.law.rules_of(procedure.id):
            question = ("formal", *scope.read([rule, *free]))
            yield from scope.once(question, lambda rule=rule: list(_above_formal(scope, rule, free)))  # type: ignore[misc]


def _above_formal(scope: Scope, rule: Rule, free: list[Rule]) -> Iterator[Suspicion]:
    for world in scope.law.worlds([rule], strict=free):
        box = scope.box(rule, world)
        # a ground that looks at no amount (extreme urgency, an exclusive right) dispenses at every value, and rightly so
        if box is None or "estimated_value" not in box:
            continue
        covers = [other for r in free if (other := scope.possible(r, world)) is not None]
        if left := scope.space.uncovered(box, covers):
            yield Suspicion(FlawKind.DISPENSED_AND_FORMAL, (rule.id,), scope.space, left)


def unconfirmed_ways(scope: Scope, procedure: str) -> list[Suspicion]:
    """Grounds that open a procedure without competition where confirmed law alone would not.

    What is confirmed is read off the entries of the table, and not as the evaluator reads its limits: this proves the evaluator too.
    """
    rules = scope.law.rules_of(procedure)
    # with the confirmed amounts in the question: of two spans with the same readings, one may have its value confirmed
    limits = dict.fromkeys(c.threshold for rule in rules for c in rule.when if c.threshold)
    confirmed = {threshold: confirmed_amounts(scope.law, threshold) for threshold in limits}
    question = ("unconfirmed", scope.read(rules), *confirmed.values())
    return scope.once(question, lambda: list(_unconfirmed(scope, procedure, rules, confirmed)))


def _unconfirmed(
    scope: Scope, procedure: str, rules: tuple[Rule, ...], confirmed: Mapping[str, tuple[Decimal, ...]]
) -> Iterator[Suspicion]:
    # as the evaluator answers, prudence included; held against boxes that are made here without it. Were both sides made by
    # `Scope.box`, a fault of the evaluator would be in both, and the proof would agree with it
    opened = scope.opened(procedure)
    # what a local table added only tightens: its own certainty frees nobody
    national = [evolve(rule, when=rule.when[: len(rule.when) - rule.local_conditions]) for rule in rules]
    sure = [rule for rule in national if rule.certainty is Certainty.CONFIRMED]
    used = list(dict.fromkeys(c.threshold for rule in sure for c in rule.when if c.threshold))
    # several confirmed readings that disagree: the case must be open by each of them, so all combinations are tried
    choices = [confirmed[threshold] or (None,) for threshold in used]
    for amounts in product(*choices):
        world = dict(zip(used, amounts, strict=True))
        boxes = []
        for rule in sure:
            needed = [c.threshold for c in rule.when if c.threshold]
            if (
                # a limit that was never confirmed opens nothing, whatever it is: a box without that condition would be too large
                None not in [world[threshold] for threshold in needed]
                and (box := scope.space.box(rule, world)) is not None
            ):
                boxes.append(box)
        if left := [rest for box in opened for rest in scope.space.uncovered(box, boxes)]:
            # not one row but all that reach what is left: whoever reads the flaw must confirm one of them
            resting = [r.id for r in rules if any(scope.space.meetings(left, [b]) for b in _possible(scope, r))]
            yield Suspicion(FlawKind.UNCONFIRMED, tuple(resting), scope.space, left)
            return


def confirmed_amounts(law: "LawInForce", threshold: str) -> tuple[Decimal, ...]:
    """What is confirmed of a threshold: its value of the day, or the last one before it; nothing where none ever was."""
    values = law.table.thresholds[threshold].values
    value = law.table.thresholds[threshold].value_on(law.day, law.known_on)
    if value is None:
        return ()
    # back to the last confirmed value: what is in doubt is then whether the law moved on, and the former limit is still sure
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
        # of readings that disagree the confirmed ones stay, and a reading by another series is as sure as that series
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
        rule
        for rule in scope.law.rules
        # an arrangement combines with a procedure: where it alone is open, the buyer has no way to buy
        if not table.procedures[rule.procedure].arrangement and scope.law.knows(table.procedures[rule.procedure])
    ]
    return scope.once(("covered", *scope.placed(grounds, world)), lambda: _cut(scope, grounds, world))


def _cut(
    scope: Scope, grounds: list[Rule], world: World
) -> tuple[list[tuple[dict[str, Part], str]], list[dict[str, Part]]]:
    opening = [(box, rule.id) for rule in grounds if (box := scope.box(rule, world)) is not None]
    left: list[dict[str, Part]] = [{}]
    pieces: list[tuple[dict[str, Part], str]] = []
    # the certificate names one row a piece, and the fewest pieces are quickest to verify: wide rows first
    for box, rule in sorted(opening, key=lambda ground: len(ground[0])):
        pieces += [(both, rule) for both in scope.space.meetings(left, [box])]
        left = [rest for piece in left for rest in scope.space.subtract(piece, box)]
    return pieces, left


class DutyCheck:
    """The duty rows of one ladder, or of one duty that stands on none, for one procedure."""

    def __init__(self, scope: Scope, procedure: str, duties: tuple[str, ...], ladder: Ladder | None) -> None:
        self.scope = scope
        self.procedure = procedure
        self.duties = duties
        self.ladder = ladder
        # three answers by reading, kept for one procedure: a ladder asks each of them for every pair of its rows
        self._where: dict[Hashable, list[dict[str, Part]]] = {}
        self._placed: dict[Hashable, list[tuple[DutyRow, dict[str, Part]]]] = {}
        self._may_be: dict[Hashable, list[dict[str, Part]]] = {}
        self.rows = [row for row in scope.duty_rows(procedure) if row.duty in duties]
        self.rules = scope.law.rules_of(procedure)

    def idle(self) -> dict[str, tuple[bool, bool]]:
        """For each row: whether it may ever be owed, and whether on some case no other row says the same or more."""
        return self._once("idle", self._idle)

    def suspicions(self) -> list[Suspicion]:
        """Two duties of the ladder at once; one of them with a dispensed procedure; a lighter duty above a value."""
        return self._once("duties", lambda: list(self._suspicions()))

    def _once(self, question: str, answer: Callable[[], T]) -> T:
        scope = self.scope
        known = scope.law.knows(scope.law.table.procedures[self.procedure])
        # whether the procedure is known belongs to the question: the rows may stand in both of two spans, and their answers not
        asked = (question, self.procedure, self.duties, known, scope.read(self.rows), scope.read(self.rules))
        return scope.once(asked, answer)

    def _idle(self) -> dict[str, tuple[bool, bool]]:
        found: dict[str, tuple[bool, bool]] = {}
        for row in self.rows:
            owed = needed = False
            self.scope.space.work(len(self.rows))
            # the row in every reading, its neighbours at their strictest, the procedure at its loosest: if it is idle here, it is in all
            for world in self.scope.law.worlds([row], strict=self.rows, loose=self.rules):
                possible = self.scope.possible(row, world)
                own = self.scope.space.meetings(self._possible(world), [possible] if possible is not None else [])
                owed = owed or bool(own)
                covers = [
                    box
                    for other, box in self._boxes(world)
                    # of a time limit only a row as short binds as much: a longer one beside it says something else
                    if other is not row
                    and other.duty == row.duty
                    and (row.days is None or (other.days is not None and other.days <= row.days))
                ]
                needed = not all(self.scope.space.covered(box, covers) for box in own)
                # one case in one reading is enough to keep a row
                if needed:
                    break
            found[row.id] = (owed, needed)
        return found

    def _suspicions(self) -> Iterator[Suspicion]:
        scope, space = self.scope, self.scope.space
        dispensed = scope.law.table.procedures[self.procedure].dispensed
        for i, row in enumerate(self.rows):
            for world, where in self._worlds([row]):
                box = scope.box(row, world)
                if box is None:
                    continue
                never = dispensed and self.ladder is not None and self.ladder.never_dispensed
                if never and (own := space.meetings(where, [box])):
                    yield Suspicion(FlawKind.DISPENSED_AND_FORMAL, (row.id,), space, own)
                yield from self._lighter_above(row, box, world, where)
            # each row meets all before it: counted here, as no box may be made of a pair that is apart
            space.work(i)
            for other in self.rows[:i]:
                # two rows of one duty at once are no contradiction: the shorter limit binds, or both say the same
                if other.duty != row.duty:
                    for world, where in self._worlds([row, other]):
                        one, two = scope.box(row, world), scope.box(other, world)
                        both = intersect(one, two) if one is not None and two is not None else None
                        if both is not None and (found := space.meetings(where, [both])):
                            yield Suspicion(FlawKind.CONTRADICTION, (other.id, row.id), space, found)

    def _lighter_above(self, row: DutyRow, box: Box, world: World, where: list[dict[str, Part]]) -> Iterator[Suspicion]:
        space = self.scope.space
        part = box.get("estimated_value")
        if not isinstance(part, Interval):
            return
        whole = space.parts["estimated_value"]
        assert isinstance(whole, Interval)
        if part.high < whole.high:
            above = space.meetings(where, [{**box, "estimated_value": Interval(part.high, whole.high)}])
            # the ladder is listed from its lightest duty: where the amount grows, this one or a heavier must go on
            heavier = [r for r in self.rows if self.duties.index(r.duty) >= self.duties.index(row.duty)]
            covers = [b for r in heavier if (b := self.scope.possible(r, world)) is not None] if above else []
            if left := [rest for piece in above for rest in space.uncovered(piece, covers)]:
                yield Suspicion(FlawKind.LIGHTER_ABOVE, (row.id,), space, left)
        # the other way round for lengths: below the lower edge of a time limit, none of its duty may be longer than it
        if part.low > 0 and row.days is not None:
            below = {**box, "estimated_value": Interval(whole.low, part.low)}
            same = [
                (r, b, r.days)
                for r, b in self._boxes(world)
                if r.duty == row.duty and r is not row and r.days is not None and not apart(b, below)
            ]
            # a longer row is harmless where a short one holds too: the shortest binds, so nothing longer is owed there
            short = [b for _, b, days in same if days <= row.days]
            for longer, there, _ in (entry for entry in same if entry[2] > row.days):
                both = intersect(there, below)
                if both is not None and space.uncovered(both, short):
                    yield Suspicion(FlawKind.LIGHTER_ABOVE, (longer.id, row.id), space, (box,))

    def _worlds(self, rows: Iterable[Row]) -> Iterator[tuple[World, list[dict[str, Part]]]]:
        """The readings that some rows turn on, each with where the procedure is open by it; other rows at their strictest."""
        for world in self.scope.law.worlds(rows, strict=self.rows, loose=self.rules):
            key = self.scope.law.reading(world)
            if key not in self._where:
                # disjoint, as a case that several rows open would be told as often as there are rows
                self._where[key] = self.scope.space.disjoint(self.scope.region(self.procedure, world))
            yield world, self._where[key]

    def _possible(self, world: World) -> list[dict[str, Part]]:
        """Where the procedure may be open in a world; a box in another one is left out."""
        key = self.scope.law.reading(world)
        if key not in self._may_be:
            boxes = [box for rule in self.rules if (box := self.scope.possible(rule, world)) is not None]
            # only the boxes that lie in no other: grounds of one procedure lie in one another, and each would be met again
            self._may_be[key] = largest(boxes)
        return self._may_be[key]

    def _boxes(self, world: World) -> list[tuple[DutyRow, dict[str, Part]]]:
        """The rows that surely hold somewhere in a world, each with where."""
        key = self.scope.law.reading(world)
        if key not in self._placed:
            self._placed[key] = [(row, box) for row in self.rows if (box := self.scope.box(row, world)) is not None]
        return self._placed[key]
