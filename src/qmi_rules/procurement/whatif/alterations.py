"""What would have to be different: one fact of a case altered, the sets of alterations that change an answer, and which of those are nearest."""

import datetime
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Final, Literal

from attrs import evolve, field, frozen

from qmi_rules.law import Choice, Condition, FactDefinition, FactKind, LawInForce, Source, Table
from qmi_rules.law.doubts import Doubt
from qmi_rules.model import Case, Purchase
from qmi_rules.pages import message
from qmi_rules.schema import Wording
from qmi_rules.schema.scalars import to_tuple

LAUNCH = "launched_on"


@frozen(kw_only=True)
class Alteration:
    """One fact changed.

    Attributes:
        fact: Path of the fact; ``launched_on`` for the day.
        label: Its French name.
        before: What the purchase says; None = not filled.
        after: What it would have to be.
        distance: How far: EUR, days, months; 1 for a yes/no fact.
        unit: ``EUR HT``, ``days``, ``months`` or empty.
        choice: ``chosen`` by the buyer, to be ``established``, ``estimated`` from the need, or ``given``.
        sentence: The change as a French sentence about the fact, for a yes/no fact.
        note: What to know about changing it, in French.
        note_basis: The text behind the note.
        bound: ``at_most`` or ``at_least`` for a number: any value on that side of `after` does as well.
    """

    fact: str
    label: Wording
    before: Any
    after: Any
    distance: Decimal
    unit: str = ""
    choice: Choice = Choice.CHOSEN
    sentence: Wording = ""
    note: Wording = ""
    note_basis: Source | None = None
    bound: Literal["", "at_most", "at_least"] = ""

    def __attrs_post_init__(self) -> None:
        for name in ("before", "after"):  # of what was read back the unit says what a text of JSON was
            value = getattr(self, name)
            if self.unit and isinstance(value, str):
                read = datetime.date.fromisoformat if self.unit == "days" else Decimal
                object.__setattr__(self, name, read(value))


@frozen(kw_only=True)
class ChangeSet:
    """A set of alterations that together change the answer; none of them is too many.

    Attributes:
        alterations: What changes.
        legal_basis: The article under which the procedure would then be open, or no longer be.
        rule: Id of that row.
        doubts: What the answer would then rest on that is not confirmed; of a change that closes, what keeps it open until then.
    """

    alterations: tuple[Alteration, ...] = field(converter=to_tuple)
    legal_basis: Source
    rule: str
    doubts: tuple[Doubt, ...] = field(default=(), converter=to_tuple)

    @property
    def facts(self) -> dict[str, Alteration]:
        """The alterations by what they change; a launch brought forward and one put back are two things."""
        return {f"{a.fact}{'<' if a.fact == LAUNCH and a.after < a.before else ''}": a for a in self.alterations}

    def dominates(self, other: "ChangeSet") -> bool:
        """It needs nothing that `other` does not, and goes no farther."""
        mine, theirs = self.facts, other.facts
        return all(f in theirs and a.distance <= theirs[f].distance for f, a in mine.items())


@frozen(kw_only=True)
class Barred:
    """A fact that stands in the way, and that the buyer may not choose.

    Attributes:
        fact: Path of the fact.
        label: Its French name.
        reason: Why no advice goes through it, in French.
        source: The text, where there is one.
    """

    fact: str
    label: Wording
    reason: Wording
    source: Source | None = None


def nearest(changes: Iterable[ChangeSet]) -> tuple[ChangeSet, ...]:
    """Those that no other makes unnecessary; the fewest alterations first, then the shortest way."""
    ordered = sorted(
        (evolve(c, alterations=sorted(c.alterations, key=lambda a: _ORDER.get(a.unit, 3))) for c in changes),
        key=lambda c: (len(c.alterations), [_way(a) for a in c.alterations]),
    )
    kept: list[ChangeSet] = []
    for change in ordered:
        if not any(other.dominates(change) for other in kept):
            kept.append(change)
    return tuple(kept)


_ORDER = {"": 0, "days": 1, "EUR HT": 2}


def _way(a: Alteration) -> tuple[int, Decimal, Decimal]:
    """How an alteration is ranked; of two bounds on a number nobody gave, the wider goes first."""
    wide = Decimal(0)
    if a.before is None and a.bound:
        wide = -a.after if a.bound == "at_most" else a.after
    return _ORDER.get(a.unit, 3), a.distance, wide


STEPS = {"EUR HT": Decimal("0.01"), "months": Decimal(1)}
ANSWERED = message("Le document y répond déjà ; un fait ne se change pas pour obtenir une procédure.")
OPPOSITE: Final = {"below": "from", "from": "below", "at_most": "above", "above": "at_most"}


class Altering:
    """The alterations of one case, and what the table says of each."""

    def __init__(self, table: Table, case: Purchase | Case) -> None:
        self.case = case
        self._sources = table.sources
        self._bearings = {bearing.fact: bearing for bearing in table.bearings}

    def launch(self, day: datetime.date) -> Alteration:
        """The launch moved to a day."""
        before = self.case.launched_on
        days = Decimal(abs((day - before).days))
        return Alteration(
            fact=LAUNCH, label="la date de lancement", before=before, after=day, distance=days, unit="days"
        )

    def bar(self, fact: FactDefinition) -> Barred | None:
        """Why no advice goes through a fact; None where it may."""
        choice, reason, source = self._bearing(fact)
        given, filled = choice is Choice.GIVEN, fact.of(self.case) is not None
        if not given and not (choice is Choice.ESTABLISHED and filled):
            return None
        # a fact that is answered is barred because it is answered; the reason of the table is for those that never change
        told = reason if reason and (given or not filled) else ANSWERED
        return Barred(fact=fact.where, label=fact.label, reason=told, source=source)

    def to_hold(self, law: LawInForce, condition: Condition) -> Alteration | None:
        """The nearest alteration that makes a condition hold whichever reading of its limit is right; None where there is none."""
        return self._made(law, condition, bool(condition.is_), condition.edge)

    def to_fail(self, law: LawInForce, condition: Condition) -> Alteration | None:
        """The nearest alteration that makes a condition fail whichever reading of its limit is right; None where there is none."""
        return self._made(law, condition, not condition.is_, OPPOSITE.get(condition.edge, ""))

    def _made(self, law: LawInForce, condition: Condition, truth: bool, edge: str) -> Alteration | None:
        """The fact of a condition made true or false, or its number brought to an edge of the limit."""
        fact = law.facts[condition.fact]
        match fact.kind:
            case FactKind.CHOICE:
                return None
            case FactKind.TRUTH:
                sentence = fact.affirmed if truth else fact.denied
                return self._altered(fact, after=truth, distance=Decimal(1), sentence=sentence)
        limit = law.limit(condition.threshold)
        if not limit.amounts:
            return None
        unit = limit.threshold.unit
        step = STEPS.get(unit, Decimal("0.0001"))
        lowest, highest = limit.amounts[0], limit.amounts[-1]
        # whichever reading of a contested limit is right, the alteration must do
        after = {"below": lowest - step, "at_most": lowest, "from": highest, "above": highest + step}[edge]
        if after < 0:
            return None
        before = fact.of(self.case)
        # an amount nobody gave is no distance away
        distance = abs(after - before) if before is not None else Decimal(0)
        bound = "at_most" if edge in ("below", "at_most") else "at_least"
        return self._altered(fact, after=after, distance=distance, unit=unit, bound=bound)

    def _altered(self, fact: FactDefinition, **change: Any) -> Alteration:
        choice, reason, source = self._bearing(fact)
        return Alteration(
            fact=fact.where,
            label=fact.label,
            before=fact.of(self.case),
            choice=choice,
            note=reason,
            note_basis=source,
            **change,
        )

    def _bearing(self, fact: FactDefinition) -> tuple[Choice, str, Source | None]:
        """Whether a buyer may change a fact, why, and the text; one of which the table says nothing is given."""
        bearing = self._bearings.get(fact.id)
        # of a fact that the table does not speak of, no advice is safe
        if bearing is None:
            return Choice.GIVEN, "", None
        basis = bearing.legal_basis
        return bearing.choice, bearing.reason, None if basis is None else self._sources[basis]
