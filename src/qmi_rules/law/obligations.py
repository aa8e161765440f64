"""What a procedure obliges to: duties, and the rows that make them due."""

from attrs import field, frozen

from qmi_rules.law.rows import PROCEDURES, Row
from qmi_rules.schema import Wording
from qmi_rules.schema.scalars import IDENTIFIER, is_a, optional, to_tuple, whole
from qmi_rules.schema.scalars import text as a_text


@frozen(kw_only=True)
class Duty:
    """Something the buyer must do.

    Attributes:
        id: Its name in the vocabulary.
        label: What to do, in French, as an item of a list.
        short: The same in a few words, for a card; empty = the label.
        done: Its place among the things to do, the lower the earlier; None = at some time before the signature.
        written: It leaves something that must be written down and kept.
        deadline: Its days are the most that it may take, not the least.
    """

    id: str = field(validator=IDENTIFIER)
    label: str = field(validator=a_text(500))
    short: str = field(default="", validator=optional(is_a(str)))
    done: int | None = field(default=None, validator=optional(whole(0, 10_000)))
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
    label: Wording = field(validator=a_text(500))
    legal_basis: str = field(validator=IDENTIFIER)


@frozen(kw_only=True)
class DutyRow(Row):
    """When a duty is owed.

    Attributes:
        duty: Id of the duty.
        procedures: The procedures it comes with, or ``"@id"`` of a group of them; none = every procedure.
        days: Length of a time limit, days; the shortest of the rows that hold is the one that binds.
        reductions: Other lengths, shown beside it.
        detail: What exactly, in French, where the label alone does not say.
    """

    duty: str = field(validator=IDENTIFIER)
    procedures: tuple[str, ...] = field(default=(), converter=to_tuple, validator=PROCEDURES)
    days: int | None = field(default=None, validator=optional(whole(0, 1_000, "of days")))
    reductions: tuple[Reduction, ...] = field(default=(), converter=to_tuple)
    detail: str = field(default="", validator=is_a(str))
