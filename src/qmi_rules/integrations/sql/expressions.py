"""Formulas as SQL text, for engines that write the same thing almost alike."""

import datetime
from collections.abc import Iterable, Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Final

from attrs import frozen

from qmi_rules.findings import STATUS, Truth
from qmi_rules.integrations.columns.answers import SEPARATOR
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

_SIGNS: Final = {"below": "<", "from": ">=", "at_most": "<=", "above": ">"}
_CONSTANTS: Final = {Truth.YES: "TRUE", Truth.NO: "FALSE", Truth.UNDETERMINED: "NULL"}
_MISTYPED: Final = {
    "day": "{0} IS NOT DATE({0})",
    "truth": "{0} NOT IN (0, 1)",
    "choice": "TYPEOF({0}) <> 'text'",
    "whole": "TYPEOF({0}) <> 'integer'",
    "money": "TYPEOF({0}) NOT IN ('integer', 'real')",
    "number": "TYPEOF({0}) NOT IN ('integer', 'real')",
}
"""What SQLite lets happen: it gives types to values, not to columns."""


class Dialect(StrEnum):
    """Whose SQL."""

    POSTGRESQL = "postgresql"
    DUCKDB = "duckdb"
    SQLITE = "sqlite"
    SPARK = "spark"


@frozen(kw_only=True)
class SqlWriter:
    """Formulas as the text of one dialect.

    Attributes:
        dialect: Whose SQL.
        enumerated: A status is an item of an enumeration instead of a text (DuckDB).
    """

    dialect: Dialect
    enumerated: bool = False

    def name(self, column: str) -> str:
        """A quoted name."""
        mark = "`" if self.dialect is Dialect.SPARK else '"'
        return mark + column.replace(mark, mark * 2) + mark

    def literal(self, value: object) -> str:
        """A constant."""
        match value:
            case str():
                return "'" + value.replace("'", "''") + "'"
            case datetime.date() if self.dialect is Dialect.SQLITE:
                return f"'{value.isoformat()}'"
            case datetime.date():
                return f"DATE '{value.isoformat()}'"
            case Decimal():
                return f"{value:f}"
            case _:
                return str(value)

    def formula(self, formula: Formula) -> str:
        """True, false or null."""
        match formula:
            case Truth():
                return _CONSTANTS[formula]
            case Holds(column=column, presumed=presumed):
                return f"COALESCE({self.name(column)}, FALSE)" if presumed else self.name(column)
            case Word(column=column, word=word):
                return f"{self.name(column)} = {self.literal(word)}"
            case Comparison(column=column, edge=edge, limit=limit):
                return f"{self.name(column)} {_SIGNS[edge]} {self.literal(limit)}"
            case Unfilled(column=column):
                return f"{self.name(column)} IS NULL"
            case Fractional(column=column, places=places):
                return f"{self.name(column)} <> ROUND({self.name(column)}, {places})"
            case Differing(columns=(one, other)):
                return f"{self.name(one)} <> {self.name(other)}"
            case Mistyped(column=column, kind=kind):
                return _MISTYPED[kind].format(self.name(column)) if self.dialect is Dialect.SQLITE else "FALSE"
            case Doubtful(of=inner):
                return f"({self.formula(inner)}) IS NULL"
            case Not(of=Word(column=column, word=word)):
                return f"{self.name(column)} <> {self.literal(word)}"
            case Not(of=inner):
                return f"NOT ({self.formula(inner)})"
            case Conjunction(of=parts):
                return " AND ".join(map(self._inner, parts))
            case Disjunction(of=parts):
                return " OR ".join(map(self._inner, parts))

    def _inner(self, formula: Formula) -> str:
        text = self.formula(formula)
        return f"({text})" if isinstance(formula, Conjunction | Disjunction) else text

    def status(self, formula: Formula) -> str:
        """A status in words."""
        if isinstance(formula, Truth):
            return self._word(formula)
        text = self.formula(formula)
        yes, no, unknown = map(self._word, (Truth.YES, Truth.NO, Truth.UNDETERMINED))
        if not nullable(formula):
            return f"CASE WHEN {text} THEN {yes} ELSE {no} END"
        return f"CASE WHEN {text} THEN {yes} WHEN NOT ({text}) THEN {no} ELSE {unknown} END"

    def _word(self, truth: Truth) -> str:
        word = self.literal(STATUS[truth])
        return f"{word}::ENUM({', '.join(map(self.literal, STATUS.values()))})" if self.enumerated else word

    def joined(self, named: Mapping[str, Formula]) -> str:
        """The names of the formulas that hold, joined by a bar; empty where none does."""
        parts = [
            f"CASE WHEN {self.formula(formula)} THEN {self.literal(SEPARATOR + name)} ELSE '' END"
            for name, formula in named.items()
        ]
        return f"SUBSTR({' || '.join(parts)}, {len(SEPARATOR) + 1})" if parts else "''"

    def first(self, named: Mapping[str, Formula]) -> str:
        """The name of the first formula that holds; null where none does."""
        cases = [f"WHEN {self.formula(formula)} THEN {self.literal(name)}" for name, formula in named.items()]
        return f"CASE {' '.join(cases)} ELSE NULL END" if cases else "NULL"

    def euros(self, column: str) -> str:
        """A column of cents as euros, decimals of two places (in SQLite, which has none, the nearest number)."""
        if self.dialect is Dialect.SQLITE:
            cents = self.name(
                column
            )  # above 2**53 a number of cents has no binary form of its own, its euros still have
            return f"CASE WHEN {cents} < {2**53} THEN {cents} / 100.0 ELSE {cents} / 100 + ({cents} % 100) / 100.0 END"
        return f"CAST({self.name(column)} * 0.01 AS DECIMAL(18, 2))"

    def only_if(self, column: str, answer: str) -> str:
        """An answer where a column of truths holds; null elsewhere."""
        return f"CASE WHEN {self.name(column)} THEN {answer} END"


def selected(write: SqlWriter, names: Iterable[str], outputs: Mapping[str, str]) -> list[str]:
    """The SELECT list of some columns and outputs; an output takes the place of the column of its name."""
    return [
        f"{outputs[name]} AS {write.name(name)}" if name in outputs else write.name(name)
        for name in dict.fromkeys((*names, *outputs))
    ]
