"""The law as SQL for PostgreSQL, DuckDB, SQLite and MariaDB: a query or a view over a table of purchases, or one expression.

The writer is our own. The formulas need AND, OR, NOT, comparisons, IS NULL, CASE and texts joined, which these engines write
alike or nearly; a package that translates SQL between engines would have next to nothing to translate.
"""

import datetime
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Final

from attrs import frozen

from qmi_rules.errors import DocumentError, fault
from qmi_rules.law import FactKind, Table, default_table
from qmi_rules.law.truth import STATUS, Truth
from qmi_rules.schema.faults import shown
from qmi_rules.tables.columns.answers import (
    ANSWERS,
    SEPARATOR,
    answers_of,
    asked_of,
    check_free,
    checked_answers,
    plan_of,
)
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
from qmi_rules.tables.columns.inputs import DAY, NEED, Column, Columns, check_names, each_once, expected_kind

# --- formulas as text


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
"""What SQLite lets happen: it gives types to values, not to columns; and MariaDB of a yes/no, which is a small number there."""


class Dialect(StrEnum):
    """Whose SQL."""

    POSTGRESQL = "postgresql"
    DUCKDB = "duckdb"
    SQLITE = "sqlite"
    MARIADB = "mariadb"
    SPARK = "spark"


_DIVIDED: Final = {
    Dialect.DUCKDB: "//",
    Dialect.SPARK: "div",
    Dialect.MARIADB: "DIV",
    Dialect.POSTGRESQL: "/",
    Dialect.SQLITE: "/",
}
"""The quotient of whole numbers, without its rest."""
_WHOLE: Final = {Dialect.MARIADB: "SIGNED"}
"""What a whole number of 64 bits is called in a cast, where that is no BIGINT."""
_CHECKED: Final = {
    Dialect.SQLITE: frozenset(_MISTYPED),
    Dialect.MARIADB: frozenset({"truth"}),
}
"""Of which kinds an engine lets a column hold something else."""
_MARKED: Final = frozenset({Dialect.SPARK, Dialect.MARIADB})
"""Who quotes names with a grave accent."""
_ONE: Final = 10**RATE_PLACES


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
        mark = "`" if self.dialect in _MARKED else '"'
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
                return f"{self._text(column)} = {self.literal(word)}"
            case Bounded(column=column, edge=edge, limit=limit):
                return f"{self.name(column)} {_SIGNS[edge]} {self.literal(limit)}"
            case Unfilled(column=column):
                return f"{self.name(column)} IS NULL"
            case Fractional(column=column, places=places):
                return f"{self.name(column)} <> ROUND({self.name(column)}, {places})"
            case Differing(columns=(one, other)):
                return f"{self.name(one)} <> {self.name(other)}"
            case Mistyped(column=column, kind=kind):
                checked = kind in _CHECKED.get(self.dialect, ())
                return _MISTYPED[kind].format(self.name(column)) if checked else "FALSE"
            case Doubtful(of=inner):
                return f"({self.formula(inner)}) IS NULL"
            case Not(of=Word(column=column, word=word)):
                return f"{self._text(column)} <> {self.literal(word)}"
            case Not(of=inner):
                return f"NOT ({self.formula(inner)})"
            case Conjunction(of=parts):
                return " AND ".join(map(self._inner, parts))
            case Disjunction(of=parts):
                return " OR ".join(map(self._inner, parts))

    def _text(self, column: str) -> str:
        """A column of words, compared letter by letter: as it comes, MariaDB takes "Works" and "works " for "works"."""
        return f"BINARY {self.name(column)}" if self.dialect is Dialect.MARIADB else self.name(column)

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
        # to MariaDB a double bar is OR
        text = f"CONCAT({', '.join(parts)})" if self.dialect is Dialect.MARIADB else " || ".join(parts)
        return f"SUBSTR({text}, {len(SEPARATOR) + 1})" if parts else "''"

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

    def stage(self, amounts: dict[str, Amount]) -> list[str]:
        """The items of a SELECT list that make the columns of a stage."""
        return [f"({self.amount(amount)}) AS {self.name(name)}" for name, amount in amounts.items()]

    def amount(self, amount: Amount) -> str:
        """A whole number, or null."""
        name, divided = self.name, _DIVIDED[self.dialect]
        match amount:
            case Scaled():
                return self._scaled(amount)
            case Stage(column=column):
                return name(column)
            case Product(of=(one, other)):
                return f"({self.amount(one)}) * ({self.amount(other)})"
            case SumOf(of=columns):
                return " + ".join(f"COALESCE({name(column)}, 0)" for column in columns)
            case WithoutVat(gross=gross, rate=rate):  # the rest of a division first: nothing outgrows 64 bits
                taken, by = name(gross), f"({_ONE} + COALESCE({name(rate)}, 0))"
                whole, rest = f"({taken} {divided} {by})", f"({taken} % {by})"
                return f"{whole} * {_ONE} + (2 * {rest} * {_ONE} + {by}) {divided} (2 * {by})"
            case Added(after=after, before=before):
                return name(after) if before is None else f"{name(after)} - {name(before)}"
            case FirstOf(cases=()):
                return f"CAST(NULL AS {self._whole})"
            case FirstOf(cases=cases):
                branches = (f"WHEN {self.formula(when)} THEN {self.amount(then)}" for when, then in cases)
                return f"CASE {' '.join(branches)} END"

    def _scaled(self, amount: Scaled) -> str:
        value = f"CASE WHEN {self.formula(amount.valid)} THEN {self.name(amount.column)} END"
        factor = 10**amount.places
        if self.dialect is Dialect.SQLITE:
            return f"CAST(ROUND(({value}) * {factor}) AS INTEGER)"
        return f"CAST(CAST({value} AS DECIMAL(18, {amount.places})) * {factor} AS {self._whole})"

    @property
    def _whole(self) -> str:
        return _WHOLE.get(self.dialect, "BIGINT")


def selected(write: SqlWriter, names: Iterable[str], outputs: Mapping[str, str]) -> list[str]:
    """The SELECT list of some columns and outputs; an output takes the place of the column of its name."""
    return [
        f"{outputs[name]} AS {write.name(name)}" if name in outputs else write.name(name)
        for name in dict.fromkeys((*names, *outputs))
    ]


# --- queries, views, expressions


_FENCES: Final = {Dialect.SQLITE: " LIMIT -1", Dialect.MARIADB: f" LIMIT {2**63 - 1}", Dialect.DUCKDB: ""}
"""What keeps an engine from writing an amount out again wherever it is compared."""
_ANSWER: Final = "_qmi_answer_"
_STAGE: Final = 3_000
"""Characters of one stage of columns: the compiler of PostgreSQL takes more than twice as long for twice as many."""
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_$]{0,62}(\.[A-Za-z_][A-Za-z0-9_$]{0,62}){0,2}")


def decide_sql(
    source: str,
    dialect: str = "postgresql",
    table: Table | None = None,
    known_on: datetime.date | None = None,
    *,
    columns: Iterable[str] | None = None,
    answers: Iterable[str] = ANSWERS,
    keep: Iterable[str] = (),
) -> str:
    """A SELECT that decides every row of a table of purchases as `decide` decides one purchase.

    Args:
        source: Name of the table or view, with its schema if need be: ``achats.projets``.
        dialect: ``postgresql``, ``duckdb``, ``sqlite`` or ``mariadb``.
        table: The law; None = the national table of the package.
        known_on: Take only the law that was published by this day; None = everything the table holds.
        columns: The columns of facts that the source has, as for `decide_frame`; None = `launched_on`,
            `contract_type`, `buyer_kind`, `estimated_value`, `duration_months` and every yes/no fact of a purchase.
        answers: What to add, out of `ANSWERS`.
        keep: Further columns of the source to carry along, an identifier for instance.

    Returns:
        One statement without a semicolon; its columns are `keep`, `columns` and the answers, as `decide_frame` has them.

    Raises:
        DocumentError: An unknown dialect, a source or a column that is no plain name, unknown columns or answers.
    """
    law = default_table() if table is None else table
    writer = SqlWriter(dialect=_dialect(dialect))
    facts = purchase_columns(law) if columns is None else each_once(columns)
    kept = tuple(name for name in each_once(keep) if name not in facts)
    wanted = checked_answers(answers)
    check_names((*facts, *kept), law, kept)
    check_free((*facts, *kept), law)
    here = _columns(facts, law, writer.dialect)
    rows = ".".join(map(writer.name, _checked("source", source).split(".")))
    names = [writer.name(name) for name in (*kept, *facts)]
    found, faults, valuation = asked_of(law, known_on, here)
    plan = plan_of(found, faults, wanted, writer, valuation)
    stages = [writer.stage(stage) for stage in (valuation.stages if valuation else ())]
    hidden = [writer.name(name) for stage in (valuation.stages if valuation else ()) for name in stage]
    steps = [f"({writer.formula(formula)}) AS {writer.name(name)}" for name, formula in plan.steps.items()]
    if writer.dialect is Dialect.POSTGRESQL:
        answers_beside = [f"{text} AS {writer.name(_ANSWER + name)}" for name, text in plan.outputs.items()]
        read = {name: writer.name(_ANSWER + name) for name in plan.outputs}
        outer = _listed(selected(writer, (*kept, *facts), read))
        return f"SELECT\n{outer}\nFROM {rows}{_beside([*stages, *_small(steps), *_small(answers_beside)])}"
    outer = _listed(selected(writer, (*kept, *facts), plan.outputs))
    for i, stage in enumerate(stages):
        rows = f"(SELECT\n{_listed(['*', *stage])}\nFROM {rows}{_FENCES[writer.dialect]}) AS stage_{i}"
    return f"SELECT\n{outer}\nFROM (SELECT\n{_listed([*names, *hidden, *steps])}\nFROM {rows}) AS decided"


def _small(items: Iterable[str]) -> Iterator[list[str]]:
    """Items in stages of a few thousand characters."""
    stage: list[str] = []
    for item in items:
        if stage and sum(map(len, stage)) + len(item) > _STAGE:
            yield stage
            stage = []
        stage.append(item)
    if stage:
        yield stage


def _beside(stages: Iterable[list[str]]) -> str:
    """Columns beside each row, stage by stage, for PostgreSQL.

    The fence (OFFSET 0) has them computed once, in expressions of their own, where a WHERE still picks the rows first.
    Without it the planner writes each step out wherever it is read, and the compiler of expressions (JIT, on by default)
    takes minutes for the one that results. With it the compiler still takes two to five times as long as the rest, however
    small the stages are, as its time is that of all the text: see `function_sql`.
    """
    return "".join(
        f"\nCROSS JOIN LATERAL (SELECT\n{_listed(items)}\nOFFSET 0) AS stage_{i}"
        for i, items in enumerate(stages)
        if items
    )


def view_sql(
    name: str,
    source: str,
    dialect: str = "postgresql",
    table: Table | None = None,
    known_on: datetime.date | None = None,
    *,
    columns: Iterable[str] | None = None,
    answers: Iterable[str] = ANSWERS,
    keep: Iterable[str] = (),
) -> str:
    """The statement that makes a view of `decide_sql`; see there. The law it holds is that of the day it was written.

    Raises:
        DocumentError: As `decide_sql`, or the name of the view is no plain name.
    """
    writer = SqlWriter(dialect=_dialect(dialect))
    quoted = ".".join(map(writer.name, _checked("name", name).split(".")))
    select = decide_sql(source, dialect, table, known_on, columns=columns, answers=answers, keep=keep)
    return f"CREATE VIEW {quoted} AS\n{select}"


def function_sql(name: str, view: str, dialect: str = "postgresql") -> str:
    """The statement that makes a function for PostgreSQL that gives all rows of a view of `view_sql`, uncompiled.

    As it comes, the server compiles the expressions of every answer that it takes for a dear one (JIT); it then compiles these for
    longer than it computes them. The function has a setting of its own and changes none of the session. What a query asks of it
    is tested on finished rows: where a WHERE picks few of many, the view itself is the one to read.

    Args:
        name: The function, with its schema if need be; it takes no arguments.
        view: The view, made before.
        dialect: ``postgresql``: no other compiles.

    Raises:
        DocumentError: Another dialect, or a name that is no plain name.
    """
    writer = SqlWriter(dialect=_dialect(dialect, [Dialect.POSTGRESQL]))
    function, read = (
        ".".join(map(writer.name, _checked(argument, given).split(".")))
        for argument, given in (("name", name), ("view", view))
    )
    # a plain name holds no single quote; it may hold two dollars
    return f"CREATE FUNCTION {function}() RETURNS SETOF {read}\nLANGUAGE sql STABLE SET jit = off\nAS 'SELECT * FROM {read}'"


def status_sql(
    procedure: str,
    dialect: str = "postgresql",
    table: Table | None = None,
    known_on: datetime.date | None = None,
    *,
    columns: Iterable[str] | None = None,
) -> str:
    """One scalar expression: the status of a procedure, for a query of one's own. Rows with faults are not looked for.

    Raises:
        DocumentError: An unknown dialect, procedure or column.
    """
    law = default_table() if table is None else table
    writer = SqlWriter(dialect=_dialect(dialect))
    if procedure not in law.procedures:
        words = "expected one of {choices}, got {got}"
        raise DocumentError(
            fault("unknown_choice", "procedure", words, choices=tuple(law.procedures), got=shown(procedure))
        )
    facts = purchase_columns(law) if columns is None else each_once(columns)
    check_names(facts, law, ())
    if needs := [
        fault("contradiction", name, "one expression cannot value a need: decide_sql and view_sql do")
        for name in facts
        if name in NEED
    ]:
        raise DocumentError(needs)
    return writer.status(answers_of(law, known_on, _columns(facts, law, writer.dialect)).statuses[procedure])


def purchase_columns(table: Table) -> tuple[str, ...]:
    """The columns of a table of purchases, those of lots left out."""
    truths = (fact.id for fact in table.facts.values() if fact.kind is FactKind.TRUTH and not fact.lot)
    presumed = (fact.id for fact in table.facts.values() if fact.presumed_choice and fact.path != "cpv")
    return DAY, "contract_type", "buyer_kind", "estimated_value", "duration_months", *truths, *presumed, "cpv"


def _columns(names: Iterable[str], table: Table, dialect: Dialect) -> Columns:
    """Columns of which nothing is known but their names and, where the engine holds it to that, what they should hold."""
    present = {}
    for name in names:
        kind = expected_kind(name, table)
        if kind != "any":
            present[name] = Column(name=name, holds=kind if kind in _CHECKED.get(dialect, ()) else "")
    return Columns(present=present)


_OFFERED: Final = tuple(dialect for dialect in Dialect if dialect is not Dialect.SPARK)


def _dialect(name: str, offered: Collection[Dialect] = _OFFERED) -> Dialect:
    if name not in offered:
        words = "expected one of {choices}, got {got}"
        raise DocumentError(fault("unknown_choice", "dialect", words, choices=tuple(offered), got=shown(name)))
    return Dialect(name)


def _checked(argument: str, name: str) -> str:
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        words = "expected a plain name, with its schema if need be, such as achats.projets; got {got}"
        raise DocumentError(fault("contradiction", argument, words, got=shown(name)))
    return name


def _listed(items: list[str]) -> str:
    return ",\n".join(f"  {item}" for item in items)
