"""The rows that open a procedure, each a box over facts and days; and what every row and value says of itself."""

import datetime
import math
from typing import ClassVar, Literal, TypeAlias

from attrs import field, frozen

from qmi_rules.errors import DocumentError, fault
from qmi_rules.law.facts import Condition
from qmi_rules.law.truth import Certainty
from qmi_rules.schema.scalars import DAY, IDENTIFIER, each, is_a, matching, optional, to_tuple, whole
from qmi_rules.schema.scalars import text as a_text

ProcedureId: TypeAlias = Literal[
    "direct_award",
    "innovative_purchase",
    "books",
    "rd_services_exclusion",
    "experimental_prototype",
    "exclusive_rights",
    "no_tender_received",
    "extreme_urgency",
    "additional_deliveries",
    "similar_contract",
    "after_design_contest",
    "excluded_contract",
    "adapted_procedure",
    "open_procedure",
    "restricted_procedure",
    "competitive_procedure_with_negotiation",
    "competitive_dialogue",
    "innovation_partnership",
    "design_contest",
    "joint_procurement",
    "central_purchasing_body",
    "jei_reserved_lots",
    "reserved_contract",
]
"""The procedures and arrangements of the national table, for editors and type checkers; at run time plain strings, as a table may declare others."""
PROCEDURES = each(matching(r"@?[a-z][a-z0-9_.-]{0,79}", "the id of a procedure, or '@' and the id of a group"))
"""Which procedures a row concerns, as a file says it; a loaded table has the members in place of a group."""


@frozen(kw_only=True)
class Dated:
    """What every row and value of the table must say of itself.

    Attributes:
        legal_basis: Id of the source it rests on.
        source: Where the maintainers read it.
        published_on: Day the text was published: before it, nobody could know.
        effective_from: First day it is in force (consultations launched from then on).
        effective_until: Last day; None = no end known.
        end_published_on: Day the text that ended it was published; None = the end was known from the start.
        certainty: How sure it is.
        note: What a maintainer or a jurist should know about it.
    """

    OMIT_UNFILLED: ClassVar[bool] = True

    legal_basis: str = field(validator=IDENTIFIER)
    source: str = field(validator=a_text(2_000))
    published_on: datetime.date = field(validator=DAY)
    effective_from: datetime.date = field(validator=DAY)
    effective_until: datetime.date | None = field(default=None, validator=optional(DAY))
    end_published_on: datetime.date | None = field(default=None, validator=optional(DAY))
    certainty: Certainty = field(validator=is_a(Certainty))
    note: str | None = field(default=None, validator=optional(a_text(2_000)))

    def __attrs_post_init__(self) -> None:
        if self.effective_until is not None and self.effective_until < self.effective_from:
            raise DocumentError(
                [
                    fault(
                        "contradiction",
                        "effective_until",
                        "expected a day from {effective_from} (effective_from) on, got {got}",
                        effective_from=self.effective_from,
                        got=self.effective_until,
                    )
                ]
            )

    def ends(self, known_on: datetime.date | None) -> datetime.date | None:
        """Its last day, as far as one could know by `known_on`."""
        if known_on is not None and self.end_published_on is not None and self.end_published_on > known_on:
            return None
        return self.effective_until

    def begun_on(self, day: datetime.date, known_on: datetime.date | None = None) -> bool:
        """Whether its first day has come, and one could know of it by `known_on`."""
        return self.effective_from <= day and (known_on is None or self.published_on <= known_on)

    def holds_on(self, day: datetime.date, known_on: datetime.date | None = None) -> bool:
        """Whether it is in force on a day, as far as one could know by `known_on`."""
        if not self.begun_on(day, known_on):
            return False
        end = self.ends(known_on)
        return end is None or day <= end


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
class ProcedureGroup:
    """Procedures that the law treats alike: rows name them together, as ``"@award"`` for the group of that id.

    Attributes:
        id: Its name.
        members: Ids of procedures, or ``"@id"`` of other groups, in the order in which a loaded table has them.
    """

    id: str = field(validator=IDENTIFIER)
    members: tuple[str, ...] = field(converter=to_tuple, validator=PROCEDURES)


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
        unknown: Why nothing more is known, in French: where such a row holds the procedure may be open, no more; empty = it is known.
        local_basis: Id of the source of the conditions that a local table added to a national row; empty where none did.
        local_ground: What they are, in a few words.
        local_conditions: How many conditions, at the end, a local table added.
    """

    procedure: str = field(validator=IDENTIFIER)
    ground: str = field(default="", validator=is_a(str))
    unknown: str = field(default="", validator=is_a(str))
    local_basis: str = field(default="", validator=is_a(str))
    local_ground: str = field(default="", validator=is_a(str))
    local_conditions: int = field(default=0, validator=whole(0))
