"""The answer for one lot: the procedures of the whole, and those that the small-lot rules add."""

from typing import TYPE_CHECKING, Any

from qmi_rules.procurement.options import Option, find_option, options_of
from qmi_rules.procurement.question import Question
from qmi_rules.text import Explained

if TYPE_CHECKING:
    from qmi_rules.procurement.written import WrittenList
    from qmi_rules.text import Language, Page


class LotDecision(Explained):
    """The answer for one lot: the whole's procedures, and those that the small-lot rules add. Frozen.

    Attributes:
        id: The lot's id.
        options: One option for each procedure.
    """

    __slots__ = ("_id", "_options", "_question")

    @classmethod
    def document_class(cls) -> type:
        """The class that describes its JSON document."""
        from qmi_rules.procurement.documents import LotDocument

        return LotDocument

    def __init__(self, id: str, question: Question) -> None:
        self._id = id
        self._question = question
        self._options = options_of(question, arrangements=False)

    @property
    def id(self) -> str:
        """The lot's id."""
        return self._id

    @property
    def options(self) -> tuple[Option, ...]:
        """One option for each procedure, in the order of the table."""
        return self._options

    @property
    def small_lot(self) -> bool | None:
        """Whether the buyer means to use the small-lot rule for it; None = not said."""
        return self._question.case.small_lot

    def __getitem__(self, procedure: str) -> Option:
        return find_option(self._options, procedure)

    def written(self, procedure: str) -> "WrittenList":
        """What the buyer must write down and keep for this lot if this procedure is used.

        Raises:
            UnknownNameError: There is no such procedure; it is a `KeyError` too.
        """
        from qmi_rules.procurement.written import WrittenList

        return WrittenList(title=self.id, option=self[procedure])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, LotDecision) and (self.id, self.options) == (other.id, other.options)

    def __hash__(self) -> int:
        return hash((self.id, self._question.packed))

    def page(self, say: "Language") -> "Page":
        """The answer for this lot alone, in one language."""
        from qmi_rules.procurement.lot_view import lot_page

        return lot_page(self, say)

    def as_document(self) -> dict[str, Any]:
        """The answer as plain data."""
        return {"id": self.id, "options": [option.as_document() for option in self.options]}
