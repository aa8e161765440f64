"""The law as SQL for PostgreSQL, DuckDB and SQLite: a query or a view over a table of purchases, or one expression.

The writer is our own. The formulas need AND, OR, NOT, comparisons, IS NULL, CASE and texts joined by ``||``, which these
engines write alike; a package that translates SQL between engines would have nothing to translate.
"""

import datetime
import re
from collections.abc import Iterable
from typing import Final

from attrs import evolve

from qmi_rules.documents.scalars import shown
from qmi_rules.errors import DocumentError, Problem
from qmi_rules.integrations.columns.answers import ANSWERS, check_free, checked_answers, plan_of
from qmi_rules.integrations.columns.law import answers_of
from qmi_rules.integrations.columns.purchase import DAY, NEED, Column, Columns, check_names, each_once, expected_kind
from qmi_rules.integrations.columns.valuation import valuation_of
from qmi_rules.integrations.sql.amounts import AmountSql
from qmi_rules.integrations.sql.expressions import Dialect, SqlWriter, selected
from qmi_rules.law import FactKind, Table, default_table

_FENCES: Final = {Dialect.POSTGRESQL: " OFFSET 0", Dialect.SQLITE: " LIMIT -1", Dialect.DUCKDB: ""}
"""What keeps an engine from writing an amount out again wherever it is compared."""
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
        dialect: ``postgresql``, ``duckdb`` or ``sqlite``.
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
    valuation = valuation_of(here)
    if valuation is None:
        plan = plan_of(answers_of(law, known_on, here), here.faults(), wanted, writer)
    else:
        found = answers_of(law, known_on, valuation.seen_by_law(here))
        found = evolve(found, missing=valuation.missing(found.missing))
        plan = plan_of(found, valuation.with_faults(here.faults()), wanted, writer, valuation.outputs)
        for i, stage in enumerate(valuation.stages):
            rows = f"(SELECT\n{_listed([*names, *AmountSql(writer=writer).stage(stage)])}\nFROM {rows}{_FENCES[writer.dialect]}) AS stage_{i}"
            names = [*names, *map(writer.name, stage)]
    steps = [f"({writer.formula(formula)}) AS {writer.name(name)}" for name, formula in plan.steps.items()]
    outer = _listed(selected(writer, (*kept, *facts), plan.outputs))
    return f"SELECT\n{outer}\nFROM (SELECT\n{_listed([*names, *steps])}\nFROM {rows}) AS decided"


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
        raise DocumentError([Problem("procedure", f"expected one of {', '.join(law.procedures)}, got {procedure!r}")])
    facts = purchase_columns(law) if columns is None else each_once(columns)
    check_names(facts, law, ())
    if needs := [
        Problem(name, "one expression cannot value a need: decide_sql and view_sql do")
        for name in facts
        if name in NEED
    ]:
        raise DocumentError(needs)
    return writer.status(answers_of(law, known_on, _columns(facts, law, writer.dialect)).statuses[procedure])


def purchase_columns(table: Table) -> tuple[str, ...]:
    """The columns of a table of purchases, those of lots left out."""
    truths = (fact.id for fact in table.facts.values() if fact.kind is FactKind.TRUTH and not fact.lot)
    return DAY, "contract_type", "buyer_kind", "estimated_value", "duration_months", *truths


def _columns(names: Iterable[str], table: Table, dialect: Dialect) -> Columns:
    """Columns of which nothing is known but their names and, where the engine holds it to that, what they should hold."""
    present = {}
    for name in names:
        kind = expected_kind(name, table)
        if kind != "any":
            present[name] = Column(name=name, holds=kind if dialect is Dialect.SQLITE else "")
    return Columns(present=present)


def _dialect(name: str) -> Dialect:
    offered = [dialect for dialect in Dialect if dialect is not Dialect.SPARK]
    if name not in offered:
        raise DocumentError([Problem("dialect", f"expected one of {', '.join(offered)}, got {name!r}")])
    return Dialect(name)


def _checked(argument: str, name: str) -> str:
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise DocumentError(
            [
                Problem(
                    argument,
                    f"expected a plain name, with its schema if need be, such as achats.projets; got {shown(name)}",
                )
            ]
        )
    return name


def _listed(items: list[str]) -> str:
    return ",\n".join(f"  {item}" for item in items)
