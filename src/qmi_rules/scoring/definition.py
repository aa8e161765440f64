"""What the justification note cites of the law: the definition of innovation and the three guard-rails, in force on a day."""

from datetime import date
from enum import StrEnum
from functools import cache

from attrs import field, frozen

from qmi_rules.documents import load_toml, package_data
from qmi_rules.documents.scalars import IDENTIFIER, each, text, to_tuple
from qmi_rules.law import Dated, Source, Table


class Subject(StrEnum):
    """What a statement is about; the last three are the guard-rails of R2122-9-1, third paragraph."""

    DEFINITION = "definition"
    RELEVANT_OFFER = "relevant_offer"
    GOOD_USE_OF_PUBLIC_MONEY = "good_use_of_public_money"
    NO_SYSTEMATIC_SUPPLIER = "no_systematic_supplier"


GUARD_RAILS = (Subject.RELEVANT_OFFER, Subject.GOOD_USE_OF_PUBLIC_MONEY, Subject.NO_SYSTEMATIC_SUPPLIER)


@frozen(kw_only=True)
class Statement(Dated):
    """One sentence on the law with its article and its dates; the words are ours, the meaning is the text's.

    Attributes:
        id: Its name.
        subject: What it is about.
        text: The sentence, French.
        see: Ids of further sources that say the same.
    """

    id: str = field(validator=IDENTIFIER)
    subject: Subject
    text: str = field(validator=text(2_000))
    see: tuple[str, ...] = field(default=(), converter=to_tuple, validator=each(IDENTIFIER))


@frozen(kw_only=True)
class StatementFile:
    """The file of the statements."""

    statements: tuple[Statement, ...] = field(converter=to_tuple)


@cache
def statements() -> tuple[Statement, ...]:
    """Every statement of the package, in the file's order."""
    return load_toml(package_data("rubrics", "definition.toml"), StatementFile).statements


def statements_on(day: date, *subjects: Subject) -> tuple[Statement, ...]:
    """The statements in force on a day about some subjects; none = the package knows nothing for that day."""
    return tuple(item for item in statements() if item.subject in subjects and item.holds_on(day))


def citations(statement: Statement, table: Table) -> tuple[Source, ...]:
    """The texts that a statement rests on."""
    return tuple(table.sources[name] for name in (statement.legal_basis, *statement.see) if name in table.sources)
