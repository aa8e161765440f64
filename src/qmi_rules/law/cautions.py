"""What to beware of with a procedure: the rows of the table, and the pitfall as a result shows it."""

from typing import ClassVar

from attrs import field, frozen

from qmi_rules.law.rows import PROCEDURES, Row
from qmi_rules.schema import Wording
from qmi_rules.schema.scalars import text as a_text
from qmi_rules.schema.scalars import to_tuple


@frozen(kw_only=True)
class Caution(Row):
    """A pitfall worth showing beside an option.

    Attributes:
        procedures: The options it concerns, or ``"@id"`` of a group of them; none = every one.
        text: The caution, in French.
    """

    procedures: tuple[str, ...] = field(default=(), converter=to_tuple, validator=PROCEDURES)
    text: str = field(validator=a_text(1_000))


@frozen(kw_only=True)
class Pitfall:
    """A pitfall as a result shows it.

    Attributes:
        id: Its id in the table.
        text: What to beware of, in French.
    """

    REGISTER: ClassVar[str] = "cautions"
    ENTRY: ClassVar[str] = "text"

    id: str
    text: Wording

    @property
    def register_id(self) -> str:
        """Its id in a result."""
        return self.id
