"""What a table declares about itself: ladders of duties, flaws that are none, what a buyer may do about a fact, acts of which it says nothing."""

import datetime
from enum import StrEnum
from typing import ClassVar

from attrs import field, frozen

from qmi_rules.schema.scalars import DAY, IDENTIFIER, each, is_a, optional, to_tuple
from qmi_rules.schema.scalars import text as a_text


@frozen(kw_only=True)
class Ladder:
    """Duties of which one at most is owed at once, the lightest first.

    Attributes:
        id: Its name.
        label: What the duties are about, in French.
        duties: Ids of the duties, the lightest first.
        never_dispensed: None of them is ever owed with a procedure without publicity and competition.
    """

    id: str = field(validator=IDENTIFIER)
    label: str = field(validator=a_text(300))
    duties: tuple[str, ...] = field(converter=to_tuple, validator=each(IDENTIFIER))
    never_dispensed: bool = field(default=False, validator=is_a(bool))


class FlawKind(StrEnum):
    """What may be wrong with a table."""

    GAP = "gap"
    CONTRADICTION = "contradiction"
    NEVER_FIRES = "never_fires"
    SUBSUMED = "subsumed"
    LIGHTER_ABOVE = "lighter_above"
    DISPENSED_AND_FORMAL = "dispensed_and_formal"
    UNCONFIRMED = "unconfirmed"
    HOLE = "hole"
    PUBLISHED_LATE = "published_late"
    IMPLAUSIBLE = "implausible"


@frozen(kw_only=True)
class Declared:
    """A flaw that is none, because the law is so; the proof lists it instead of failing.

    Attributes:
        kind: Which kind of flaw it excuses.
        rows: Ids of the rows or series concerned; an excused flaw concerns no other.
        reason: Why it is right, in French.
        legal_basis: Id of the source that says so.
        since: First day for which it is excused; None = always.
        until: Last such day; None = always.
    """

    OMIT_UNFILLED: ClassVar[bool] = True

    kind: FlawKind = field(validator=is_a(FlawKind))
    rows: tuple[str, ...] = field(converter=to_tuple, validator=each(IDENTIFIER))
    reason: str = field(validator=a_text(1_000))
    legal_basis: str = field(validator=IDENTIFIER)
    since: datetime.date | None = field(default=None, validator=optional(DAY))
    until: datetime.date | None = field(default=None, validator=optional(DAY))


class Choice(StrEnum):
    """Whether a buyer may change a fact to obtain another answer.

    ``chosen``: the buyer decides it. ``established``: it may be found out and justified while nobody answered it; once answered
    it stands. ``given``: it is so or it is not; no advice goes through it. ``estimated``: an amount follows from the need.
    """

    CHOSEN = "chosen"
    ESTABLISHED = "established"
    GIVEN = "given"
    ESTIMATED = "estimated"


@frozen(kw_only=True)
class Outside:
    """An act that the table says nothing of: where a fact has one of some words, no procedure is answered.

    Attributes:
        fact: Id of a fact out of a closed list.
        in_: Its words.
        text: Which other rules it follows, in French.
        legal_basis: Id of the source.
    """

    fact: str = field(validator=IDENTIFIER)
    in_: tuple[str, ...] = field(converter=to_tuple, validator=each(IDENTIFIER))
    text: str = field(validator=a_text(1_000))
    legal_basis: str = field(validator=IDENTIFIER)

    @property
    def id(self) -> str:
        """Its name in answers."""
        return f"{self.fact}.{'_or_'.join(self.in_)}"


@frozen(kw_only=True)
class Bearing:
    """What a buyer may do about a fact.

    Attributes:
        fact: Id of the fact.
        choice: Whether the buyer may change it.
        reason: Why, in French; shown beside advice, or in its place.
        legal_basis: Id of the source, where there is one.
    """

    OMIT_UNFILLED: ClassVar[bool] = True

    fact: str = field(validator=IDENTIFIER)
    choice: Choice = field(validator=is_a(Choice))
    reason: str = field(validator=a_text(1_000))
    legal_basis: str | None = field(default=None, validator=optional(IDENTIFIER))
