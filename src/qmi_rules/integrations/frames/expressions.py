"""Formulas as narwhals expressions: what data frames of any engine compute."""

import operator
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import reduce
from typing import Final

import narwhals as nw
from attrs import frozen

from qmi_rules.findings import Truth
from qmi_rules.integrations.columns.answers import SEPARATOR, STATUS
from qmi_rules.integrations.columns.formulas import (
    Comparison,
    Conjunction,
    Differing,
    Disjunction,
    Doubtful,
    Formula,
    Fractional,
    Holds,
    Mistyped,
    Not,
    Unfilled,
    Word,
    nullable,
)
from qmi_rules.law import COMPARISONS

_CONSTANTS: Final = {Truth.YES: True, Truth.NO: False, Truth.UNDETERMINED: None}


def expression(formula: Formula, computed: Mapping[Formula, str] | None = None) -> nw.Expr:
    """The expression of a formula: true, false or null for each row.

    Args:
        formula: The formula.
        computed: Parts that stand in a column already, by name.
    """
    known = computed or {}

    def write(part: Formula) -> nw.Expr:
        if part in known:
            return nw.col(known[part])
        match part:
            case Truth():
                return nw.lit(_CONSTANTS[part], dtype=nw.Boolean)
            case Holds(column=column, presumed=presumed):
                return nw.col(column).fill_null(False) if presumed else nw.col(column)
            case Word(column=column, word=word):
                return nw.col(column) == word
            case Comparison(column=column, edge=edge, limit=limit):
                return COMPARISONS[edge](nw.col(column), limit)  # type: ignore[return-value]
            case Unfilled(column=column):
                return nw.col(column).is_null()
            case Fractional(column=column, places=places):
                return nw.col(column) != nw.col(column).round(places)
            case Differing(columns=(one, other)):
                return nw.col(one) != nw.col(other)
            case Mistyped():  # no frame lets that happen
                return nw.lit(False)
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
        case Comparison() | Word():
            yield formula
        case Not(of=inner) | Doubtful(of=inner):
            yield from _atoms(inner)
        case Conjunction(of=parts) | Disjunction(of=parts):
            for part in parts:
                yield from _atoms(part)


@frozen(kw_only=True)
class NarwhalsWriter:
    """Answers as narwhals expressions.

    Attributes:
        enumerated: A status is an item of an enumeration, one byte a row, instead of a text.
    """

    enumerated: bool = False

    def status(self, formula: Formula) -> nw.Expr:
        """The status of a procedure."""
        if isinstance(formula, Truth):
            return self._word(formula)
        holds = expression(formula)
        known = nw.when(holds).then(self._word(Truth.YES)).otherwise(self._word(Truth.NO))
        if not nullable(formula):
            return known
        return nw.when(holds.is_null()).then(self._word(Truth.UNDETERMINED)).otherwise(known)

    def _word(self, truth: Truth) -> nw.Expr:
        word = nw.lit(STATUS[truth])
        return word.cast(nw.Enum(list(STATUS.values()))) if self.enumerated else word

    def joined(self, named: Mapping[str, Formula]) -> nw.Expr:
        """The names of the formulas that hold."""
        if all(formula is Truth.YES for formula in named.values()):
            return nw.lit(SEPARATOR.join(named))
        parts = [  # each with its bar before it, and the first bar cut off: engines differ in how they leave out nulls
            nw.lit(SEPARATOR + name)
            if formula is Truth.YES
            else nw.when(expression(formula)).then(nw.lit(SEPARATOR + name)).otherwise(nw.lit(""))
            for name, formula in named.items()
        ]
        return nw.concat_str(parts).str.slice(len(SEPARATOR))

    def first(self, named: Mapping[str, Formula]) -> nw.Expr:
        """The name of the first formula that holds."""
        chosen: nw.Expr | None = None
        for name, formula in reversed(list(named.items())):
            if formula is Truth.YES:
                chosen = nw.lit(name)
            elif not isinstance(formula, Truth):
                holds = expression(formula)  # engines differ in what follows from a null
                found = nw.when(holds.fill_null(False) if nullable(formula) else holds).then(nw.lit(name))
                chosen = found if chosen is None else found.otherwise(chosen)
        return nw.lit(None, dtype=nw.String) if chosen is None else chosen

    def euros(self, column: str) -> nw.Expr:
        """A column of cents as euros, decimals of two places."""
        return nw.col(column) * nw.lit(Decimal("0.01"))

    def only_if(self, column: str, answer: nw.Expr) -> nw.Expr:
        """An answer where a column of truths holds."""
        return nw.when(nw.col(column)).then(answer)
