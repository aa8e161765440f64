"""A case put to the law: what the options of one answer have in common."""

from qmi_rules.contexts import Case, Purchase
from qmi_rules.errors import UnknownNameError
from qmi_rules.findings import Truth
from qmi_rules.law import LawInForce
from qmi_rules.procurement.options import Option


class Question:
    """A case put to the law: what the options of one answer have in common."""

    __slots__ = ("case", "law", "packed", "path", "undeclared_lots", "value_path")

    def __init__(
        self,
        law: LawInForce,
        case: "Case | Purchase",
        packed: int,
        path: str = "",
        undeclared_lots: tuple[str, ...] = (),
    ) -> None:
        self.law = law
        self.case = case
        self.path = path
        self.packed = packed
        self.undeclared_lots = undeclared_lots
        self.value_path = "estimated_value"

    def options(self, arrangements: bool) -> tuple[Option, ...]:
        """One option for each procedure, or for each arrangement, in the order of the table."""
        packed = self.packed
        return tuple(
            [
                Option(self, procedure, _YES if packed & opens else _UNDETERMINED if packed & may else _NO)
                for procedure, opens, may in self.law.table.bits(arrangements)
            ]
        )


_YES, _NO, _UNDETERMINED = Truth.YES, Truth.NO, Truth.UNDETERMINED


def find_option(options: tuple[Option, ...], procedure: str) -> Option:
    """The option of a procedure.

    Raises:
        UnknownNameError: There is none; the message lists those there are. It is a `KeyError` too.
    """
    for option in options:
        if option.procedure == procedure:
            return option
    raise UnknownNameError("procedure", procedure, [option.procedure for option in options])
