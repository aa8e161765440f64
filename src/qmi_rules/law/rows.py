"""The rows that open a procedure, each a box over facts and days."""

import datetime
import math
from typing import ClassVar

from attrs import field, frozen

from qmi_rules.law.dated import Dated
from qmi_rules.law.facts import Condition
from qmi_rules.schema.scalars import DAY, IDENTIFIER, each, is_a, matching, optional, to_tuple, whole
from qmi_rules.schema.scalars import text as a_text

PROCEDURES = each(matching(r"@?[a-z][a-z0-9_.-]{0,79}", "the id of a procedure, or '@' and the id of a group"))
"""Which procedures a row concerns, as a file says it; a loaded table has the members in place of a group."""


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
