"""A table of purchases decided by the engine that holds it: pandas, polars, pyarrow, DuckDB, Spark; no Python per row."""

import datetime
from collections.abc import Iterable
from typing import TypeVar

from qmi_rules.errors import MissingExtraError
from qmi_rules.law import Table, default_table
from qmi_rules.tables.columns.answers import ANSWERS, asked_of, check_free, checked_answers
from qmi_rules.tables.columns.inputs import DAY, NEED, check_names

FrameT = TypeVar("FrameT")


def decide_frame(
    frame: FrameT,
    table: Table | None = None,
    known_on: datetime.date | None = None,
    *,
    answers: Iterable[str] = ANSWERS,
    keep: Iterable[str] = (),
) -> FrameT:
    """Decide every row of a frame as `decide` decides one purchase, with expressions that the engine of the frame runs.

    Args:
        frame: A pandas, polars (eager or lazy), pyarrow, DuckDB or PySpark frame. Its columns are the fields of a
            purchase laid flat: `launched_on` (days), `contract_type` and `buyer_kind` (their words), `estimated_value`
            (EUR HT: decimals or whole euros, never floats), `duration_months`, and the facts by name (yes/no). A column
            that is not there, and a null, are facts that nobody filled. `title` is carried along, `cpv` may call for a question. A need laid
            flat (`need_firm`, `need_options`, …, `need_vat_rate`) is valued; an absent part is none.
        table: The law; None = the national table of the package.
        known_on: Take only the law that was published by this day; None = everything the table holds.
        answers: What to add, out of `ANSWERS`.
        keep: Further columns of the frame to carry along unread, an identifier for instance.

    Returns:
        A frame of the same kind, lazy if it was lazy: the columns of the frame; for a need laid flat, ``value_<part>`` for
        each part there is a column of, and `estimated_value`, all EUR HT (it takes the place of the column that declared it,
        with which it must agree); for each procedure of the table,
        ``status_<procedure>`` with ``open``, ``closed`` or ``undetermined``; ``missing`` (paths of facts, joined by
        ``|``, in the order of the vocabulary; empty if none), ``contested`` and ``unknown`` (ids of thresholds, the
        same way), ``lightest`` (the open procedure with the fewest formalities, or null) and ``fault``: the columns in
        which the row says what no purchase may say (no day, a negative amount, an unknown word), joined by ``|``. Such
        a row has nulls for answers; `fault` is empty for all others.

    Raises:
        DocumentError: Unknown columns, columns of the wrong type, a kind of frame that is not supported; all at once.
        MissingExtraError: narwhals is not installed, or pyarrow for a pandas frame.

    >>> from datetime import date
    >>> import polars
    >>> purchases = polars.DataFrame({"launched_on": [date(2024, 5, 15)], "estimated_value": [30_000], "contract_type": ["services"]})
    >>> decide_frame(purchases, answers=["lightest"])["lightest"].to_list()
    ['direct_award']
    """
    wanted = checked_answers(answers)
    table = default_table() if table is None else table
    try:
        from qmi_rules.tables.frames.engines import engine_of
    except ModuleNotFoundError as error:
        raise MissingExtraError("frames", error.name or "narwhals") from None
    engine = engine_of(frame, frozenset((DAY, "cpv", *table.facts, *NEED)))
    check_names(engine.names, table, keep)
    check_free(engine.names, table)
    columns = engine.columns(table)
    law, faults, valuation = asked_of(table, known_on, columns, *engine.days())
    if valuation is not None:
        engine.value(valuation)
    return engine.run(law, faults, wanted, valuation)  # type: ignore[no-any-return]
