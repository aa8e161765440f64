"""The vocabulary of facts that conditions may test: kind, names in the documents, question to ask, and whether it is presumed."""

from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from typing import Any, ClassVar

from attrs import field, frozen

from qmi_rules.documents.read_only import to_read_only
from qmi_rules.documents.scalars import IDENTIFIER, is_a, text, to_tuple
from qmi_rules.law.packaged import law_file


class FactKind(StrEnum):
    """What values a fact takes: yes/no, a word of a closed list, or a number."""

    TRUTH = "truth"
    CHOICE = "choice"
    NUMBER = "number"


@frozen(kw_only=True)
class FactDefinition:
    """A fact that conditions may test.

    Attributes:
        id: Its name in conditions.
        kind: What values it takes.
        label: Its name in a sentence, in French: "le caractère innovant".
        question: How to ask for it, in French.
        affirmed: The sentence that states it, in French; for a yes/no fact.
        denied: The sentence that states the contrary.
        path: Where a document fills it; the id unless given.
        attribute: The attribute of a case that holds it; the id unless given.
        choices: The words of a closed list, each with its French name.
        presumed: Not filled, it is taken as false, and the answer says so.
        lot: It is a fact of one lot: a row that tests it speaks of lots only.
    """

    OMIT_UNFILLED: ClassVar[bool] = True

    id: str = field(validator=IDENTIFIER)
    kind: FactKind
    label: str = field(validator=text(300))
    question: str = field(default="", validator=is_a(str))
    affirmed: str = field(default="", validator=is_a(str))
    denied: str = field(default="", validator=is_a(str))
    path: str = field(default="", validator=is_a(str))
    attribute: str = field(default="", validator=is_a(str))
    choices: tuple["Choice", ...] = field(default=(), converter=to_tuple)
    presumed: bool = field(default=False, validator=is_a(bool))
    lot: bool = field(default=False, validator=is_a(bool))

    @property
    def where(self) -> str:
        """Path of the fact in a document."""
        return self.path or self.id

    @property
    def slot(self) -> str:
        """Attribute of a case."""
        return self.attribute or self.id

    def of(self, case: Any) -> Any:
        """What a case says of it; None = not known."""
        return getattr(case, self.slot, None)


@frozen(kw_only=True)
class Choice:
    """A word of a closed list and its French name."""

    id: str = field(validator=IDENTIFIER)
    label: str = field(validator=text(200))


@frozen(kw_only=True)
class _FactFile:
    facts: tuple[FactDefinition, ...] = field(converter=to_tuple)


@cache
def fact_definitions() -> Mapping[str, FactDefinition]:
    """The vocabulary of the package: a closed list, the same for every table."""
    return to_read_only({fact.id: fact for fact in law_file("facts.toml", _FactFile).facts})
