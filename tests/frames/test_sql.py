"""The SQL of the law gives what `decide` gives, on SQLite, DuckDB and, where a server is at hand, PostgreSQL."""

import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from needs import COLUMNS as NEEDS
from needs import FAULTS, GOOD, rows_and_answers
from needs import answer as answer_of_need
from purchases import COLUMNS, Row, answer, read

from qmi_rules import DocumentError
from qmi_rules.integrations.columns.purchase import NEED
from qmi_rules.integrations.sql import decide_sql, purchase_columns, status_sql, view_sql
from qmi_rules.law import default_table

Run = Callable[[str], list[Row]]
ENGINES = pytest.mark.parametrize(
    "engine", ["sqlite", "duckdb", pytest.param("postgresql", marks=pytest.mark.postgresql)]
)
FACTS = purchase_columns(default_table())
TYPES = {
    "id": "INTEGER",
    "launched_on": "DATE",
    "contract_type": "VARCHAR(20)",
    "buyer_kind": "VARCHAR(20)",
    "estimated_value": "NUMERIC(15, 2)",
    "duration_months": "INTEGER",
}


def create(name: str) -> str:
    columns = ", ".join(f"{column} {TYPES.get(column, 'BOOLEAN')}" for column in ("id", *FACTS))
    return f"CREATE TABLE {name} ({columns})"


def values(i: int, row: Row) -> list[Any]:
    return [i, *(row.get(name) for name in FACTS)]


@pytest.fixture
def sqlite() -> Iterator[tuple[Any, str]]:
    connection = sqlite3.connect(":memory:")
    yield connection, "?"
    connection.close()


@pytest.fixture
def duckdb() -> Iterator[tuple[Any, str]]:
    connection = pytest.importorskip("duckdb").connect()
    yield connection, "?"
    connection.close()


@pytest.fixture
def postgresql() -> Iterator[tuple[Any, str]]:
    server = os.environ.get("QMI_RULES_POSTGRESQL")
    if not server:
        pytest.skip("QMI_RULES_POSTGRESQL names no server")
    connection = pytest.importorskip("psycopg").connect(server)
    yield connection.cursor(), "%s"
    connection.rollback()
    connection.close()


@pytest.fixture
def database(request: pytest.FixtureRequest, engine: str) -> tuple[Callable[[list[Row]], None], Run]:
    """What fills the table of purchases, and what runs a query."""
    connection, mark = request.getfixturevalue(engine)

    def fill(rows: list[Row]) -> None:
        connection.execute(create("purchases"))
        native = (lambda v: v) if engine != "sqlite" else (lambda v: str(v) if isinstance(v, Decimal | date) else v)
        marks = ", ".join([mark] * (len(FACTS) + 1))
        connection.executemany(
            f"INSERT INTO purchases VALUES ({marks})", [[native(v) for v in values(i, r)] for i, r in enumerate(rows)]
        )

    def run(query: str) -> list[Row]:
        cursor = connection.execute(query)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def run_or_do(query: str) -> list[Row]:
        if query.startswith("CREATE"):
            connection.execute(query)
            return []
        return run(query)

    return fill, run_or_do


@ENGINES
def test_a_view_says_what_decide_says_at_the_corners(
    database: tuple[Callable[[list[Row]], None], Run], engine: str, corner_rows: list[Row], corner_answers: list[Row]
) -> None:
    fill, run = database
    fill(corner_rows)
    run(view_sql("decided", "purchases", engine, keep=["id"]))
    got = run("SELECT * FROM decided ORDER BY id")
    assert [row["id"] for row in got] == list(range(len(corner_rows)))
    for row, found, wanted in zip(corner_rows, got, corner_answers, strict=True):
        assert read(found, wanted) == wanted, row


@ENGINES
def test_one_expression_for_a_query_of_ones_own(
    database: tuple[Callable[[list[Row]], None], Run], engine: str, corner_rows: list[Row], corner_answers: list[Row]
) -> None:
    fill, run = database
    fill(corner_rows)
    for procedure in ("direct_award", "innovative_purchase", "adapted_procedure"):
        got = run(f"SELECT {status_sql(procedure, engine)} AS status FROM purchases ORDER BY id")
        assert [row["status"] for row in got] == [wanted[f"status_{procedure}"] for wanted in corner_answers]


@ENGINES
def test_faults_get_no_answer(database: tuple[Callable[[list[Row]], None], Run], engine: str) -> None:
    fill, run = database
    good = {"launched_on": date(2026, 5, 15), "estimated_value": Decimal(85_000), "contract_type": "services"}
    faults: list[tuple[str, Any]] = [
        ("launched_on", None),
        ("launched_on", date(1989, 12, 31)),
        ("estimated_value", Decimal(-1)),
        ("contract_type", "Services"),
        ("buyer_kind", "mairie"),
        ("duration_months", 1201),
    ]
    fill([*({**good, name: value} for name, value in faults), good])
    got = run(decide_sql("purchases", engine, keep=["id"]) + " ORDER BY id")
    assert [row["fault"] for row in got] == [*(name for name, _ in faults), ""]
    assert {row["lightest"] for row in got[:-1]} | {row["status_open_procedure"] for row in got[:-1]} == {None}
    wanted = answer({**dict.fromkeys(COLUMNS), **good})
    assert read(got[-1], wanted) == wanted


def create_needs(name: str) -> str:
    types = {"whole": "INTEGER", "money": "NUMERIC(17, 2)", "truth": "BOOLEAN", "number": "NUMERIC(9, 6)"}
    columns = ", ".join(f"{c} {types[NEED[c]] if c in NEED else TYPES.get(c, 'BOOLEAN')}" for c in ("id", *NEEDS))
    return f"CREATE TABLE {name} ({columns})"


def filled_with_needs(request: pytest.FixtureRequest, engine: str, rows: list[Row]) -> Any:
    connection, mark = request.getfixturevalue(engine)
    connection.execute(create_needs("needs"))
    native = (lambda v: v) if engine != "sqlite" else (lambda v: str(v) if isinstance(v, Decimal | date) else v)
    marks = ", ".join([mark] * (len(NEEDS) + 1))
    stored = [[i, *(native(row[name]) for name in NEEDS)] for i, row in enumerate(rows)]
    connection.executemany(f"INSERT INTO needs VALUES ({marks})", stored)
    connection.execute(view_sql("valued", "needs", engine, columns=NEEDS, keep=["id"]))
    cursor = connection.execute("SELECT * FROM valued ORDER BY id")
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def cents(engine: str, row: Row) -> Row:
    """A row whose amounts are as the engine has them: SQLite has the nearest binary numbers."""
    amounts = (name for name in row if name.startswith("value_") or name == "estimated_value")
    return row | {name: row[name] if row[name] is None else float(row[name]) for name in amounts if engine == "sqlite"}


@ENGINES
def test_a_need_is_valued_to_the_cent(request: pytest.FixtureRequest, engine: str) -> None:
    rows, wanted = rows_and_answers(400)
    for row, found, expected in zip(rows, filled_with_needs(request, engine, rows), wanted, strict=True):
        assert read(found, expected) == cents(engine, expected), {k: v for k, v in row.items() if v is not None}


@ENGINES
def test_a_need_that_no_purchase_may_have_gets_no_answer(request: pytest.FixtureRequest, engine: str) -> None:
    got = filled_with_needs(request, engine, [*(GOOD | change for change, _ in FAULTS), GOOD])
    assert [row["fault"] for row in got] == [*(name for _, name in FAULTS), ""]
    assert {row["estimated_value"] for row in got[:-1]} | {row["lightest"] for row in got[:-1]} == {None}
    assert read(got[-1], answer_of_need(GOOD)) == cents(engine, answer_of_need(GOOD))


def test_sqlite_reads_amounts_of_a_need_that_are_whole_cents_only(sqlite: tuple[Any, str]) -> None:
    connection, _ = sqlite
    connection.execute("CREATE TABLE purchases (launched_on, need_firm, need_vat_rate)")
    rows: list[tuple[Any, Any, str]] = [
        (71_999.99, 0.2, ""),
        (0.1 + 0.2, 0.2, "need_firm"),
        ("72000", 0.2, "need_firm"),
        (72_000, "0.2", "need_vat_rate"),
        (72_000, 0.1 + 0.2, "need_vat_rate"),
    ]
    connection.executemany("INSERT INTO purchases VALUES ('2026-05-15', ?, ?)", [row[:2] for row in rows])
    columns = ["launched_on", "need_firm", "need_vat_rate"]
    query = decide_sql("purchases", "sqlite", columns=columns, answers=["fault"])
    assert [row[-1] for row in connection.execute(query)] == [row[-1] for row in rows]


def test_one_expression_cannot_value_a_need() -> None:
    with pytest.raises(DocumentError, match="view_sql"):
        status_sql("books", columns=["launched_on", "need_firm"])


def test_sqlite_has_no_types_so_what_is_stored_is_checked(sqlite: tuple[Any, str]) -> None:
    connection, _ = sqlite
    connection.execute("CREATE TABLE purchases (launched_on, estimated_value, innovative)")
    rows: list[tuple[Any, Any, Any, str]] = [
        ("2026-05-15", 85_000, 1, ""),
        ("2026-05-15", 59_999.99, None, ""),
        ("15/05/2026", 85_000, 1, "launched_on"),
        ("2026-05-15 10:00", 85_000, 1, "launched_on"),
        ("2026-02-30", 85_000, 1, "launched_on"),
        (20260515, 85_000, 1, "launched_on"),
        ("2026-05-15", "85000", 1, "estimated_value"),
        ("2026-05-15", 0.1 + 0.2, 1, "estimated_value"),
        ("2026-05-15", 85_000, "oui", "innovative"),
        ("2026-05-15", 85_000, 2, "innovative"),
    ]
    connection.executemany("INSERT INTO purchases VALUES (?, ?, ?)", [row[:3] for row in rows])
    query = decide_sql(
        "purchases", "sqlite", columns=["launched_on", "estimated_value", "innovative"], answers=["fault"]
    )
    assert [row[-1] for row in connection.execute(query)] == [row[-1] for row in rows]


def test_only_the_columns_that_there_are_are_named() -> None:
    query = decide_sql("achats.projets", columns=["launched_on", "estimated_value"], answers=["statuses"])
    assert '"achats"."projets"' in query
    assert "buyer_kind" not in query
    assert 'innovative"' not in query.replace("status_innovative", "")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"dialect": "oracle"}, "expected one of postgresql, duckdb, sqlite"),
        ({"dialect": "spark"}, "expected one of postgresql, duckdb, sqlite"),
        ({"source": "purchases; DROP TABLE purchases"}, "plain name"),
        ({"source": 'a"b'}, "plain name"),
        ({"columns": ["launched_on", "inovative"]}, "did you mean 'innovative'"),
        ({"columns": ["estimated_value"]}, "launched_on"),
        ({"answers": ["status"]}, "expected some of"),
        ({"keep": ["lightest"]}, "rename"),
    ],
)
def test_what_cannot_be_written_is_refused(change: Row, says: str) -> None:
    with pytest.raises(DocumentError, match=says):
        decide_sql(**{"source": "purchases", **change})


def test_a_procedure_that_is_not_there_is_refused() -> None:
    with pytest.raises(DocumentError, match="expected one of direct_award"):
        status_sql("gre_a_gre")


def test_names_with_quotes_stay_names() -> None:
    query = decide_sql("purchases", keep=['x" FROM secrets --'])
    assert '"x"" FROM secrets --"' in query


@pytest.mark.parametrize("columns", [None, NEEDS])
def test_postgresql_gets_small_expressions_each_written_once(columns: tuple[str, ...] | None) -> None:
    text = decide_sql("purchases", columns=columns)
    first, *stages = text.split("CROSS JOIN LATERAL")
    assert "CASE" not in first  # the answers stand in stages too
    assert all("OFFSET 0" in stage and (len(stage) < 3_500 or stage.count(" AS ") <= 3) for stage in stages)
    assert text.count(' AS "_truth_direct_award"') == 1


@pytest.mark.slow
@pytest.mark.postgresql
@pytest.mark.parametrize("rows", [20_000, 300_000])
def test_the_full_answer_takes_no_longer_with_the_settings_a_server_comes_with(
    postgresql: tuple[Any, str], rows: int
) -> None:
    """The compiler of expressions (JIT) is on by default; it once took 450 seconds where the answer took four."""
    cursor, _ = postgresql
    cursor.execute(create("purchases"))
    kinds = {
        "id": "i",
        "launched_on": "date '2019-01-01' + i % 3000",
        "contract_type": "(array['works', 'supplies', 'services'])[1 + i % 3]",
        "buyer_kind": "(array['commune', 'ept', 'utility', 'state', null])[1 + i % 5]",
        "estimated_value": "(i::bigint * 7919) % 9000000",
        "duration_months": "12",
    }
    values = ", ".join(
        kinds.get(name, f"(array[true, false, null])[1 + (i * {k}) % 3]") for k, name in enumerate(("id", *COLUMNS))
    )
    cursor.execute(f"INSERT INTO purchases SELECT {values} FROM generate_series(1, {rows}) AS i")
    cursor.execute("ANALYZE purchases")
    cursor.execute(view_sql("decided", "purchases", keep=["id"]))

    def seconds() -> float:
        start = time.perf_counter()
        cursor.execute("CREATE TEMPORARY TABLE answered AS SELECT * FROM decided")
        spent = time.perf_counter() - start
        cursor.execute("DROP TABLE answered")
        return spent

    cursor.execute("SET jit = off")
    seconds()  # the table is in memory from here on
    without = seconds()
    cursor.execute("RESET jit")
    cursor.execute("SET statement_timeout = '300s'")
    assert seconds() < 2 * without + 0.5
