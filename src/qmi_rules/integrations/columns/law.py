"""From the table of the law to one formula for each answer: statuses, what is missing or contested, what is lightest."""

import datetime

from attrs import frozen

from qmi_rules.findings import Truth
from qmi_rules.integrations.columns.formulas import Formula, Holds, doubtful, every, nullable, some
from qmi_rules.integrations.columns.purchase import Columns
from qmi_rules.integrations.columns.rows import row_formulas
from qmi_rules.law import Table


@frozen(kw_only=True)
class Answers:
    """The answers of a table of purchases as formulas.

    Attributes:
        statuses: For each procedure, whether it is open.
        rows: For the rows that may be undetermined, whether they are, by the name of an intermediate column.
        missing: For each path of a fact, whether it is missing; over the columns of statuses and rows.
        contested: The same for the ids of contested thresholds.
        unknown: The same for the ids of thresholds that the table does not know on the day.
        lightest: The procedures from the lightest on, each with whether it is open.
    """

    statuses: dict[str, Formula]
    rows: dict[str, Formula]
    missing: dict[str, Formula]
    contested: dict[str, Formula]
    unknown: dict[str, Formula]
    lightest: dict[str, Formula]


def truth_column(procedure: str) -> str:
    """Name of the intermediate column that holds whether a procedure is open."""
    return f"_truth_{procedure}"


def answers_of(
    table: Table,
    known_on: datetime.date | None,
    columns: Columns,
    first: datetime.date | None = None,
    last: datetime.date | None = None,
) -> Answers:
    """The formulas of a table of the law over some columns.

    Args:
        table: The law.
        known_on: Take only what was published by this day; None = everything the table holds.
        columns: The columns there are.
        first: No row is launched before this day; None = nothing is known.
        last: No row is launched after this day; None = nothing is known.
    """
    writer = row_formulas(table, known_on, columns, first, last)
    statuses = {procedure: writer.status(procedure) for procedure in table.procedures}
    truths = {
        procedure: formula
        if isinstance(formula, Truth)
        else Holds(column=truth_column(procedure), nullable=nullable(formula))
        for procedure, formula in statuses.items()
    }
    rows: dict[str, Formula] = {}
    reasons: tuple[dict[str, list[Formula]], ...] = ({}, {}, {})
    for i, rule in enumerate(table.rules):
        doubt = doubtful(truths[rule.procedure])
        if doubt is Truth.NO or table.procedures[rule.procedure].arrangement:
            continue
        row = doubtful(writer.row(rule))
        if row is Truth.NO:
            continue
        if row is not Truth.YES:
            rows[f"_row_{i}"] = row
            row = Holds(column=f"_row_{i}", nullable=False)
        for kind, found in zip(reasons, writer.reasons(rule), strict=True):
            for name, formula in found:
                kind.setdefault(name, []).append(every(doubt, row, formula))
    missing, contested, unknown = (
        {name: reason for name, parts in kind.items() if (reason := some(*parts)) is not Truth.NO} for kind in reasons
    )
    order = list(dict.fromkeys(fact.where for fact in table.facts.values()))
    ranked = [p for p in table.procedures.values() if p.rank is not None and not p.arrangement]
    return Answers(
        statuses=statuses,
        rows=rows,
        missing={where: missing[where] for where in order if where in missing},
        contested={name: contested[name] for name in table.thresholds if name in contested},
        unknown={name: unknown[name] for name in table.thresholds if name in unknown},
        lightest={p.id: truths[p.id] for p in sorted(ranked, key=lambda p: p.order)},
    )
