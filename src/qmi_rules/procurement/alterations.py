"""What would have to be different: single facts altered, the sets of them that change an answer, and which of those are nearest."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from attrs import evolve, field, frozen

from qmi_rules.documents.scalars import to_tuple
from qmi_rules.law import Source
from qmi_rules.law.rows import Choice
from qmi_rules.procurement.doubts import Doubt

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
    label: str
    before: Any
    after: Any
    distance: Decimal
    unit: str = ""
    choice: str = Choice.CHOSEN
    sentence: str = ""
    note: str = ""
    note_basis: Source | None = None
    bound: str = ""


@frozen(kw_only=True)
class Change:
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

    def dominates(self, other: "Change") -> bool:
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
    label: str
    reason: str
    source: Source | None = None


def nearest(changes: Iterable[Change]) -> tuple[Change, ...]:
    """Those that no other makes unnecessary; the fewest alterations first, then the shortest way."""
    ordered = sorted(
        (evolve(c, alterations=sorted(c.alterations, key=lambda a: _ORDER.get(a.unit, 3))) for c in changes),
        key=lambda c: (len(c.alterations), [_way(a) for a in c.alterations]),
    )
    kept: list[Change] = []
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
