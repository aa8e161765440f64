"""The rows of the table, each a box over facts and days, and what a table declares about itself: ladders, exceptions, bearings."""

import datetime
import math
from enum import StrEnum
from typing import ClassVar

from attrs import field, frozen

from qmi_rules.documents.scalars import DAY, IDENTIFIER, each, is_a, optional, to_tuple, whole
from qmi_rules.documents.scalars import text as a_text
from qmi_rules.law.facts import Condition
from qmi_rules.law.sources import Dated


@frozen(kw_only=True)
class Procedure:
    """A procedure, or an arrangement that combines with one.

    Attributes:
        id: Its name in the vocabulary.
        label: Its legal name, in French.
        description: What it is for, in our own French words.
        rank: The fewer formalities, the lower; None = never the lightest.
        dispensed: Without publicity and competition.
        formal: One of the formal procedures.
        arrangement: It combines with a procedure instead of being one.
        known_from: First day for which the table knows whether it exists; before it, the answer is not known.
        guide: Id of the variant of the guide that it is.
        guide_description: How the guide presents it, in our own words.
    """

    OMIT_UNFILLED: ClassVar[bool] = True

    id: str = field(validator=IDENTIFIER)
    label: str = field(validator=a_text(300))
    description: str = field(default="", validator=is_a(str))
    rank: int | None = field(default=None, validator=optional(whole(0, 1_000)))
    dispensed: bool = field(default=False, validator=is_a(bool))
    formal: bool = field(default=False, validator=is_a(bool))
    arrangement: bool = field(default=False, validator=is_a(bool))
    known_from: datetime.date | None = field(default=None, validator=optional(DAY))
    guide: str | None = field(default=None, validator=optional(IDENTIFIER))
    guide_description: str = field(default="", validator=is_a(str))

    @property
    def order(self) -> float:
        """Where it stands among procedures, the fewest formalities first; one without a rank comes after every other."""
        return math.inf if self.rank is None else self.rank


@frozen(kw_only=True)
class Row(Dated):
    """A flat AND of conditions over a period.

    Attributes:
        id: Its name: messages, findings and proofs cite it.
        when: The conditions; none = always.
        local: Name of the local table that added it; empty for the national law.
    """

    id: str = field(validator=IDENTIFIER)
    when: tuple[Condition, ...] = field(default=(), converter=to_tuple)
    local: str = field(default="", validator=is_a(str))


@frozen(kw_only=True)
class Rule(Row):
    """A ground on which a procedure is open; the rows of one procedure are alternatives.

    Attributes:
        procedure: Id of the procedure.
        ground: What ground it is, in a few French words.
        local_basis: Id of the source of the conditions that a local table added to a national row; empty where none did.
        local_ground: What they are, in a few words.
        local_conditions: How many conditions, at the end, a local table added.
    """

    procedure: str = field(validator=IDENTIFIER)
    ground: str = field(default="", validator=is_a(str))
    local_basis: str = field(default="", validator=is_a(str))
    local_ground: str = field(default="", validator=is_a(str))
    local_conditions: int = field(default=0, validator=whole(0))


@frozen(kw_only=True)
class Duty:
    """Something the buyer must do.

    Attributes:
        id: Its name in the vocabulary.
        label: What to do, in French, as an item of a list.
        written: It leaves something that must be written down and kept.
        deadline: Its days are the most that it may take, not the least.
    """

    id: str = field(validator=IDENTIFIER)
    label: str = field(validator=a_text(500))
    written: bool = field(default=False, validator=is_a(bool))
    deadline: bool = field(default=False, validator=is_a(bool))


@frozen(kw_only=True)
class Reduction:
    """Another length of a time limit and when it applies, shown beside the normal one.

    Attributes:
        days: The length, days.
        label: When it applies, in French.
        legal_basis: Id of the source.
    """

    days: int = field(validator=whole(0, 1_000, "of days"))
    label: str = field(validator=a_text(500))
    legal_basis: str = field(validator=IDENTIFIER)


@frozen(kw_only=True)
class DutyRow(Row):
    """When a duty is owed.

    Attributes:
        duty: Id of the duty.
        procedures: The procedures it comes with; none = every procedure.
        days: Length of a time limit, days; the shortest of the rows that hold is the one that binds.
        reductions: Other lengths, shown beside it.
        detail: What exactly, in French, where the label alone does not say.
    """

    duty: str = field(validator=IDENTIFIER)
    procedures: tuple[str, ...] = field(default=(), converter=to_tuple, validator=each(IDENTIFIER))
    days: int | None = field(default=None, validator=optional(whole(0, 1_000, "of days")))
    reductions: tuple[Reduction, ...] = field(default=(), converter=to_tuple)
    detail: str = field(default="", validator=is_a(str))


@frozen(kw_only=True)
class Caution(Row):
    """A pitfall worth showing beside an option.

    Attributes:
        procedures: The options it concerns; none = every one.
        text: The caution, in French.
    """

    procedures: tuple[str, ...] = field(default=(), converter=to_tuple, validator=each(IDENTIFIER))
    text: str = field(validator=a_text(1_000))


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
