"""A case put to the law: what the options of one answer have in common."""

from qmi_rules.contexts import Case, Purchase
from qmi_rules.law import LawInForce


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
