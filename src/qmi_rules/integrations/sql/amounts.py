"""Amounts of cents as SQL text: whole numbers only, so that every dialect computes the same."""

from typing import Final

from attrs import frozen

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
from qmi_rules.integrations.sql.expressions import Dialect, SqlWriter

_DIVIDED: Final = {Dialect.DUCKDB: "//", Dialect.SPARK: "div", Dialect.POSTGRESQL: "/", Dialect.SQLITE: "/"}
"""The quotient of whole numbers, without its rest."""
_ONE: Final = 10**RATE_PLACES


@frozen(kw_only=True)
class AmountSql:
    """Amounts as the text of one dialect."""

    writer: SqlWriter

    def stage(self, amounts: dict[str, Amount]) -> list[str]:
        """The items of a SELECT list that make the columns of a stage."""
        return [f"({self.amount(amount)}) AS {self.writer.name(name)}" for name, amount in amounts.items()]

    def amount(self, amount: Amount) -> str:
        """A whole number, or null."""
        name, divided = self.writer.name, _DIVIDED[self.writer.dialect]
        match amount:
            case Scaled():
                return self._scaled(amount)
            case Stage(column=column):
                return name(column)
            case Product(of=(one, other)):
                return f"({self.amount(one)}) * ({self.amount(other)})"
            case Total(of=columns):
                return " + ".join(f"COALESCE({name(column)}, 0)" for column in columns)
            case WithoutVat(gross=gross, rate=rate):  # the rest of a division first: nothing outgrows 64 bits
                taken, by = name(gross), f"({_ONE} + COALESCE({name(rate)}, 0))"
                whole, rest = f"({taken} {divided} {by})", f"({taken} % {by})"
                return f"{whole} * {_ONE} + (2 * {rest} * {_ONE} + {by}) {divided} (2 * {by})"
            case Added(after=after, before=before):
                return name(after) if before is None else f"{name(after)} - {name(before)}"
            case Choice(cases=()):
                return "CAST(NULL AS BIGINT)"
            case Choice(cases=cases):
                branches = (f"WHEN {self.writer.formula(when)} THEN {self.amount(then)}" for when, then in cases)
                return f"CASE {' '.join(branches)} END"

    def _scaled(self, amount: Scaled) -> str:
        value = f"CASE WHEN {self.writer.formula(amount.valid)} THEN {self.writer.name(amount.column)} END"
        factor = 10**amount.places
        if self.writer.dialect is Dialect.SQLITE:
            return f"CAST(ROUND(({value}) * {factor}) AS INTEGER)"
        return f"CAST(CAST({value} AS DECIMAL(18, {amount.places})) * {factor} AS BIGINT)"
