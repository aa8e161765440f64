"""Formulas as narwhals expressions: what data frames of any engine compute."""

import operator
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import reduce
from typing import Final

import narwhals as nw

from qmi_rules.findings import Truth
from qmi_rules.integrations.formulas import (
    Comparison,
    Conjunction,
    Disjunction,
    Doubtful,
    Formula,
    Fractional,
    Holds,
    Not,
    Unfilled,
    Word,
)
from qmi_rules.law import COMPARISONS

SEPARATOR: Final = "|"
STATUS: Final = {Truth.NO: "closed", Truth.YES: "open", Truth.UNDETERMINED: "undetermined"}
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
            case Fractional(column=column):
                return nw.col(column) != nw.col(column).round(2)
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


def text(word: str) -> nw.Expr:
    """A status as a text."""
    return nw.lit(word)


def item(word: str) -> nw.Expr:
    """A status as an item of an enumeration: one byte a row, where an engine has them."""
    return nw.lit(word).cast(nw.Enum(list(STATUS.values())))


def status(truth: Formula, word: Callable[[str], nw.Expr]) -> nw.Expr:
    """Whether a procedure is open, in words."""
    if isinstance(truth, Truth):
        return word(STATUS[truth])
    holds = expression(truth)
    known = nw.when(holds).then(word("open")).otherwise(word("closed"))
    return nw.when(holds.is_null()).then(word("undetermined")).otherwise(known)


def joined(named: Mapping[str, Formula]) -> nw.Expr:
    """The names of the formulas that hold, joined by a bar; empty where none does."""
    parts = [nw.when(expression(formula)).then(nw.lit(name)) for name, formula in named.items()]
    if len(parts) < 2:
        return parts[0].fill_null("") if parts else nw.lit("")
    return nw.concat_str(parts, separator=SEPARATOR, ignore_nulls=True)


def first(named: Mapping[str, Formula]) -> nw.Expr:
    """The name of the first formula that holds; null where none does."""
    chosen = nw.lit(None, dtype=nw.String)
    for name, formula in reversed(list(named.items())):
        chosen = nw.when(expression(formula)).then(nw.lit(name)).otherwise(chosen)
    return chosen
