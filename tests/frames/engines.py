"""The engines of the tests: how each makes a frame of rows, and how its frame is read again."""

from collections.abc import Callable
from typing import Any

import pytest
from purchases import Row

from qmi_rules.tables.columns.inputs import NEED

pl = pytest.importorskip("polars")
pa = pytest.importorskip("pyarrow")
pd = pytest.importorskip("pandas")
duckdb = pytest.importorskip("duckdb")

ARROW = {
    "launched_on": pa.date32(),
    "contract_type": pa.string(),
    "buyer_kind": pa.string(),
    "exclusion": pa.string(),
    "instrument": pa.string(),
    "cpv": pa.string(),
    "lot_type": pa.string(),
    "estimated_value": pa.decimal128(15, 2),
    "lot_value": pa.decimal128(14, 2),
    "small_lots_share": pa.decimal128(30, 28),
    "duration_months": pa.int32(),
    **{
        name: {"money": pa.decimal128(17, 2), "whole": pa.int32(), "truth": pa.bool_(), "number": pa.decimal128(7, 6)}[
            k
        ]
        for name, k in NEED.items()
    },
    "title": pa.string(),
    "id": pa.int64(),
}


CONNECTIONS: list[Any] = []
"""A relation of DuckDB lives as long as its connection."""


def arrow(rows: list[Row]) -> Any:
    columns = {name: ARROW.get(name, pa.bool_()) for name in rows[0]}
    return pa.table({name: pa.array([row[name] for row in rows], kind) for name, kind in columns.items()})


def duckdb_relation(rows: list[Row]) -> Any:
    connection = duckdb.connect()
    CONNECTIONS.append(connection)
    connection.register("source", arrow(rows))
    connection.execute("CREATE TABLE purchases AS SELECT * FROM source")
    return connection.table("purchases")


def plain(frame: Any) -> list[Row]:
    """The rows of a pandas frame, with None where nothing is."""
    return [
        {name: None if pd.isna(value) else value for name, value in row.items()} for row in frame.to_dict("records")
    ]


MAKE: dict[str, Callable[[list[Row]], Any]] = {
    "polars": lambda rows: pl.from_arrow(arrow(rows)),
    "polars lazy": lambda rows: pl.from_arrow(arrow(rows)).lazy(),
    "pyarrow": arrow,
    "pandas of objects": lambda rows: pd.DataFrame(rows),
    "pandas of arrow": lambda rows: arrow(rows).to_pandas(types_mapper=pd.ArrowDtype),
    "duckdb": duckdb_relation,
}
READ: dict[str, Callable[[Any], list[Row]]] = {
    "polars": lambda frame: frame.to_dicts(),
    "polars lazy": lambda frame: frame.collect().to_dicts(),
    "pyarrow": lambda frame: frame.to_pylist(),
    "pandas of objects": plain,
    "pandas of arrow": plain,
    "duckdb": lambda frame: frame.to_arrow_table().to_pylist(),
}
