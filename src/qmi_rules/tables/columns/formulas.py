"""Formulas of three-valued logic over the columns of a table: the one form that data frames and SQL are written from.

A formula is yes, no or undetermined for each row. Every engine has this logic already: yes is true, no is false,
undetermined is null, with the ANDs and ORs of SQL. The constructors fold what is certain, so that no engine computes it.

An amount is a whole number of cents for each row: exact in every engine, none of which divides decimals alike. The largest that
occurs is some 2 × 10¹⁶ cents (a hundred renewals of the largest amount), far inside 64 bits.
"""

import datetime
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Final, TypeAlias

from attrs import frozen

from qmi_rules.law.truth import Truth

YES: Final = Truth.YES
NO: Final = Truth.NO
UNDETERMINED: Final = Truth.UNDETERMINED


@frozen(kw_only=True)
class Holds:
    """A yes/no column as it is; `presumed`: not filled is no."""

    column: str
    presumed: bool = False
    nullable: bool = True


@frozen(kw_only=True)
class Word:
    """A column against a word of a closed list."""

    column: str
    word: str
    nullable: bool = True


@frozen(kw_only=True)
class Bounded:
    """A number or a day against a limit; `edge` is ``below``, ``from``, ``at_most`` or ``above``."""

    column: str
    edge: str
    limit: Decimal | int | str | datetime.date
    nullable: bool = True


@frozen(kw_only=True)
class Unfilled:
    """A column that nobody filled; never undetermined."""

    column: str
    nullable: bool = False


@frozen(kw_only=True)
class Fractional:
    """A number with more decimals than it may have."""

    column: str
    places: int = 2
    nullable: bool = True


@frozen(kw_only=True)
class Differing:
    """Two columns of whole numbers that are not the same."""

    columns: tuple[str, str]
    nullable: bool = True


@frozen(kw_only=True)
class Mistyped:
    """A value of another type than the column should hold, where an engine lets that happen (SQLite); `kind` says which."""

    column: str
    kind: str
    nullable: bool = True


@frozen(kw_only=True)
class Doubtful:
    """A formula that is undetermined; itself yes or no."""

    of: "Formula"
    nullable: bool = False


@frozen(kw_only=True)
class Not:
    """The contrary."""

    of: "Formula"
    nullable: bool = True


@frozen(kw_only=True, cache_hash=True)
class Conjunction:
    """Yes if all are, no if one is."""

    of: tuple["Formula", ...]
    nullable: bool = True


@frozen(kw_only=True, cache_hash=True)
class Disjunction:
    """Yes if one is, no if all are."""

    of: tuple["Formula", ...]
    nullable: bool = True


Formula: TypeAlias = (
    Truth
    | Holds
    | Word
    | Bounded
    | Unfilled
    | Fractional
    | Differing
    | Mistyped
    | Doubtful
    | Not
    | Conjunction
    | Disjunction
)


def nullable(formula: Formula) -> bool:
    """Whether a formula may be undetermined on some row."""
    return formula is UNDETERMINED if isinstance(formula, Truth) else formula.nullable


def every(*formulas: Formula) -> Formula:
    """The conjunction."""
    parts = list(dict.fromkeys(_flat(Conjunction, formulas, YES)))
    if NO in parts:
        return NO
    if len(parts) < 2:
        return parts[0] if parts else YES
    return Conjunction(of=tuple(parts), nullable=any(map(nullable, parts)))


def some(*formulas: Formula) -> Formula:
    """The disjunction."""
    parts = list(dict.fromkeys(_flat(Disjunction, formulas, NO)))
    if YES in parts:
        return YES
    if len(parts) < 2:
        return parts[0] if parts else NO
    return Disjunction(of=tuple(parts), nullable=any(map(nullable, parts)))


def _flat(
    kind: type[Conjunction] | type[Disjunction], formulas: Iterable[Formula], neutral: Truth
) -> Iterator[Formula]:
    for formula in formulas:
        if isinstance(formula, kind):
            yield from formula.of
        elif formula is not neutral:
            yield formula


def negate(formula: Formula) -> Formula:
    """The contrary."""
    match formula:
        case Truth():
            return {YES: NO, NO: YES, UNDETERMINED: UNDETERMINED}[formula]
        case Not():
            return formula.of
        case _:
            return Not(of=formula, nullable=formula.nullable)


def doubtful(formula: Formula) -> Formula:
    """Whether a formula is undetermined."""
    if formula is UNDETERMINED:
        return YES
    return Doubtful(of=formula) if nullable(formula) else NO


def consensus(formulas: Iterable[Formula]) -> Formula:
    """Yes where all say yes, no where all say no, else undetermined."""
    distinct = list(dict.fromkeys(formulas))
    if len(distinct) == 1:
        return distinct[0]
    return some(every(*distinct), every(UNDETERMINED, some(*distinct)))


# --- amounts


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
class SumOf:
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
class FirstOf:
    """The first amount whose condition holds (is yes, never undetermined); null where none does."""

    cases: tuple[tuple[Formula, "Amount"], ...]


Amount: TypeAlias = Scaled | Stage | Product | SumOf | WithoutVat | Added | FirstOf
