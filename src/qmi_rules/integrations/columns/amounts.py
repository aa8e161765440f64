"""Amounts as whole numbers of cents over the columns of a table: exact in every engine, none of which divides decimals alike.

The largest number that occurs is some 2 × 10¹⁶ cents (a hundred renewals of the largest amount), far inside 64 bits.
"""

from typing import Final, TypeAlias

from attrs import frozen

from qmi_rules.integrations.columns.formulas import Formula

RATE_PLACES: Final = 6
"""A VAT rate is held in millionths: the rates of the law have four decimals at most (1.05 %)."""


@frozen(kw_only=True)
class Scaled:
    """A column in whole units of ``10 ** -places``; null where it is not filled, or `valid` does not hold.

    Attributes:
        column: Its name.
        places: 2 for amounts, 6 for rates, 0 for counts.
        whole: It holds whole numbers, not decimals.
        valid: That the value is in the range of what may be said; what is out of it is a fault, and never multiplied.
    """

    column: str
    places: int
    whole: bool
    valid: Formula


@frozen(kw_only=True)
class Stage:
    """A column of an earlier stage."""

    column: str


@frozen(kw_only=True)
class Product:
    """Two numbers multiplied; null where one is."""

    of: tuple["Amount", "Amount"]


@frozen(kw_only=True)
class Total:
    """Columns of earlier stages added, where null counts as zero."""

    of: tuple[str, ...]


@frozen(kw_only=True)
class WithoutVat:
    """An amount of cents (a stage, not null) without VAT at a rate in millionths (a stage; null is no VAT): half a cent rounds up."""

    gross: str
    rate: str


@frozen(kw_only=True)
class Added:
    """What one running total adds to another; both are stages. `before` None is zero."""

    after: str
    before: str | None


@frozen(kw_only=True)
class Choice:
    """The first amount whose condition holds (is yes, never undetermined); null where none does."""

    cases: tuple[tuple[Formula, "Amount"], ...]


Amount: TypeAlias = Scaled | Stage | Product | Total | WithoutVat | Added | Choice
