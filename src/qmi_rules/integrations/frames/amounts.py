"""Amounts of cents as narwhals expressions: whole numbers only, exact in every engine."""

import operator
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import reduce
from types import MappingProxyType
from typing import Final

import narwhals as nw

from qmi_rules.integrations.columns.amounts import (
    RATE_PLACES,
    Added,
    Amount,
    Choice,
    Product,
    Scaled,
    Stage,
    Total,
    WithoutVat,
)
from qmi_rules.integrations.frames.expressions import expression

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
        case Total(of=columns):
            return reduce(operator.add, (nw.col(column).fill_null(0) for column in columns))
        case WithoutVat(gross=gross, rate=rate):  # the rest of a division first: nothing outgrows 64 bits
            taken, by = nw.col(gross), nw.col(rate).fill_null(0) + _ONE
            whole_part = taken // by
            rest = taken - whole_part * by
            return whole_part * _ONE + (rest * (2 * _ONE) + by) // (by * 2)
        case Added(after=after, before=before):
            return nw.col(after) if before is None else nw.col(after) - nw.col(before)
        case Choice(cases=()):
            return nw.lit(None, dtype=nw.Int64)
        case Choice(cases=cases):
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
