"""Formulas as expressions of narwhals, which data frames of any engine compute, or of polars, whose words are the same.

narwhals translates each expression object by object, which takes longer than polars needs for a million rows.
"""

import operator
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import reduce
from types import MappingProxyType
from typing import Any, Final

import narwhals as nw
from attrs import frozen

from qmi_rules.law import COMPARISONS
from qmi_rules.law.truth import STATUS, Truth
from qmi_rules.tables.columns.answers import SEPARATOR
from qmi_rules.tables.columns.formulas import (
    RATE_PLACES,
    Added,
    Amount,
    Bounded,
    Conjunction,
    Differing,
    Disjunction,
    Doubtful,
    FirstOf,
    Formula,
    Fractional,
    Holds,
    Mistyped,
    Not,
    Product,
    Scaled,
    Stage,
    SumOf,
    Unfilled,
    WithoutVat,
    Word,
    nullable,
)

_CONSTANTS: Final = {Truth.YES: True, Truth.NO: False, Truth.UNDETERMINED: None}


def expression(formula: Formula, computed: Mapping[Formula, str] | None = None, words: Any = nw) -> Any:
    """The expression of a formula: true, false or null for each row.

    Args:
        formula: The formula.
        computed: Parts that stand in a column already, by name.
        words: The module that has `col`, `lit` and `when`: narwhals or polars.
    """
    known = computed or {}

    def write(part: Formula) -> Any:
        if part in known:
            return words.col(known[part])
        match part:
            case Truth():
                return words.lit(_CONSTANTS[part], dtype=words.Boolean)
            case Holds(column=column, presumed=presumed):
                return words.col(column).fill_null(False) if presumed else words.col(column)
            case Word(column=column, word=word):
                return words.col(column) == word
            case Bounded(column=column, edge=edge, limit=limit):
                return COMPARISONS[edge](words.col(column), limit)
            case Unfilled(column=column):
                return words.col(column).is_null()
            case Fractional(column=column, places=places):
                return words.col(column) != words.col(column).round(places)
            case Differing(columns=(one, other)):
                return words.col(one) != words.col(other)
            case Mistyped():  # no frame lets that happen
                return words.lit(False)
            case Doubtful(of=inner):
                return write(inner).is_null()
            case Not(of=inner):
                return ~write(inner)
            case Conjunction(of=parts):
                return reduce(operator.and_, map(write, parts))
            case Disjunction(of=parts):
                return reduce(operator.or_, map(write, parts))

    return write(formula)


def repeated(formulas: Iterable[Formula]) -> list[Formula]:
    """The comparisons that stand more than once in some formulas: worth computing once, where an engine does not see it."""
    counts = Counter(atom for formula in formulas for atom in _atoms(formula))
    return [atom for atom, times in counts.items() if times > 1]


def _atoms(formula: Formula) -> Iterator[Formula]:
    match formula:
        case Bounded() | Word():
            yield formula
        case Not(of=inner) | Doubtful(of=inner):
            yield from _atoms(inner)
        case Conjunction(of=parts) | Disjunction(of=parts):
            for part in parts:
                yield from _atoms(part)


@frozen(kw_only=True)
class ExpressionWriter:
    """Answers as expressions.

    Attributes:
        words: The module that has `col`, `lit` and `when`: narwhals or polars.
        enumerated: A status is an item of an enumeration, one byte a row, instead of a text.
    """

    words: Any = nw
    enumerated: bool = False

    def status(self, formula: Formula) -> Any:
        """The status of a procedure."""
        if isinstance(formula, Truth):
            return self._word(formula)
        holds = expression(formula, words=self.words)
        known = self.words.when(holds).then(self._word(Truth.YES)).otherwise(self._word(Truth.NO))
        if not nullable(formula):
            return known
        return self.words.when(holds.is_null()).then(self._word(Truth.UNDETERMINED)).otherwise(known)

    def _word(self, truth: Truth) -> Any:
        word = self.words.lit(STATUS[truth].value)
        return word.cast(self.words.Enum([status.value for status in STATUS.values()])) if self.enumerated else word

    def joined(self, named: Mapping[str, Formula]) -> Any:
        """The names of the formulas that hold."""
        if all(formula is Truth.YES for formula in named.values()):
            return self.words.lit(SEPARATOR.join(named))
        parts = [  # each with its bar before it, and the first bar cut off: engines differ in how they leave out nulls
            self.words.lit(SEPARATOR + name)
            if formula is Truth.YES
            else self.words.when(expression(formula, words=self.words))
            .then(self.words.lit(SEPARATOR + name))
            .otherwise(self.words.lit(""))
            for name, formula in named.items()
        ]
        return self.words.concat_str(parts).str.slice(len(SEPARATOR))

    def first(self, named: Mapping[str, Formula]) -> Any:
        """The name of the first formula that holds."""
        chosen: Any = None
        for name, formula in reversed(list(named.items())):
            if formula is Truth.YES:
                chosen = self.words.lit(name)
            elif not isinstance(formula, Truth):
                holds = expression(formula, words=self.words)  # engines differ in what follows from a null
                found = self.words.when(holds.fill_null(False) if nullable(formula) else holds).then(
                    self.words.lit(name)
                )
                chosen = found if chosen is None else found.otherwise(chosen)
        return self.words.lit(None, dtype=self.words.String) if chosen is None else chosen

    def euros(self, column: str) -> Any:
        """A column of cents as euros, decimals of two places."""
        return self.words.col(column) * self.words.lit(Decimal("0.01"))

    def only_if(self, column: str, answer: Any) -> Any:
        """An answer where a column of truths holds."""
        return self.words.when(self.words.col(column)).then(answer)


# --- amounts of cents


_ONE: Final = 10**RATE_PLACES


def amount_expression(amount: Amount, narrow: Mapping[str, str] = MappingProxyType({})) -> nw.Expr:
    """A whole number for each row, or null.

    `narrow` are the columns that stand for those of decimals, by name, rounded to the places that are read of them.
    """
    match amount:
        case Scaled(column=column, places=places, whole=whole, valid=valid):
            value: nw.Expr = nw.when(expression(valid)).then(nw.col(narrow.get(column, column)))
            if whole:
                return value.cast(nw.Int64) * nw.lit(10**places)
            return (value * nw.lit(Decimal(10**places))).cast(nw.Int64)
        case Stage(column=column):
            return nw.col(column)
        case Product(of=(one, other)):
            return amount_expression(one, narrow) * amount_expression(other, narrow)
        case SumOf(of=columns):
            return reduce(operator.add, (nw.col(column).fill_null(0) for column in columns))
        case WithoutVat(gross=gross, rate=rate):  # the rest of a division first: nothing outgrows 64 bits
            taken, by = nw.col(gross), nw.col(rate).fill_null(0) + _ONE
            whole_part = taken // by
            rest = taken - whole_part * by
            return whole_part * _ONE + (rest * (2 * _ONE) + by) // (by * 2)
        case Added(after=after, before=before):
            return nw.col(after) if before is None else nw.col(after) - nw.col(before)
        case FirstOf(cases=()):
            return nw.lit(None, dtype=nw.Int64)
        case FirstOf(cases=cases):
            *earlier, (last, then) = cases
            chosen: nw.Expr = nw.when(expression(last)).then(amount_expression(then))
            for condition, taken_then in reversed(earlier):
                chosen = nw.when(expression(condition)).then(amount_expression(taken_then)).otherwise(chosen)
            return chosen


def scaled_in(amounts: Iterable[Amount]) -> Iterator[Scaled]:
    """The columns of the frame that some amounts are read from."""
    for amount in amounts:
        match amount:
            case Scaled():
                yield amount
            case Product(of=factors):
                yield from scaled_in(factors)


def rounded(scaled: Scaled) -> nw.Expr:
    """A column of decimals to the places it is read to, and only where it is read."""
    return nw.when(expression(scaled.valid)).then(nw.col(scaled.column)).round(scaled.places)
