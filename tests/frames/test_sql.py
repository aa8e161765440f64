"""The SQL of the law gives what `decide` gives, on SQLite, DuckDB and, where a server is at hand, PostgreSQL and MariaDB."""

import json
import os
import sqlite3
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from needs import COLUMNS as NEEDS
from needs import FAULTS, GOOD, rows_and_answers
from needs import answer as answer_of_need
from purchases import COLUMNS, Row, answer, read

from qmi_rules import DocumentError
from qmi_rules.doors.cli import main
from qmi_rules.law import default_table
from qmi_rules.tables.columns.inputs import NEED
from qmi_rules.tables.sql import decide_sql, function_sql, purchase_columns, status_sql, view_sql

Run = Callable[[str], list[Row]]
ENGINES = pytest.mark.parametrize(
    "engine",
    [
        "sqlite",
        "duckdb",
        pytest.param("postgresql", marks=pytest.mark.postgresql),
        pytest.param("mariadb", marks=pytest.mark.mariadb),
    ],
)
FACTS = purchase_columns(default_table())
TYPES = {
    "id": "INTEGER",
    "launched_on": "DATE",
    "contract_type": "VARCHAR(20)",
    "buyer_kind": "VARCHAR(20)",
    "exclusion": "VARCHAR(20)",
    "instrument": "VARCHAR(20)",
    "cpv": "VARCHAR(10)",
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


class AnsweringCursor:
    """A cursor of MariaDB that gives itself back where it was asked something, as those of the other engines do."""

    def __init__(self, cursor: Any) -> None:
        self.cursor = cursor

    def execute(self, query: str) -> Any:
        self.cursor.execute(query)
        return self.cursor

    def executemany(self, query: str, rows: list[list[Any]]) -> None:
        self.cursor.executemany(query, rows)


@pytest.fixture
def mariadb() -> Iterator[tuple[Any, str]]:
    server = os.environ.get("QMI_RULES_MARIADB")
    if not server:
        pytest.skip("QMI_RULES_MARIADB names no server")
    connection = pytest.importorskip("pymysql").connect(unix_socket=server, user="root", charset="utf8mb4")
    name = f"purchases_of_{os.getpid()}"  # a table cannot be rolled back there
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
        cursor.execute(f"USE {name}")
        yield AnsweringCursor(cursor), "%s"
        cursor.execute(f"DROP DATABASE {name}")
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


@pytest.mark.parametrize("step", [7, pytest.param(1, marks=pytest.mark.slow)])  # every corner: slow
@ENGINES
def test_a_view_says_what_decide_says_at_the_corners(
    database: tuple[Callable[[list[Row]], None], Run],
    engine: str,
    step: int,
    corner_rows: list[Row],
    corner_answers: list[Row],
) -> None:
    fill, run = database
    rows = corner_rows[::step]
    fill(rows)
    run(view_sql("decided", "purchases", engine, keep=["id"]))
    got = run("SELECT * FROM decided ORDER BY id")
    assert [row["id"] for row in got] == list(range(len(rows)))
    for row, found, wanted in zip(rows, got, corner_answers[::step], strict=True):
        assert read(found, wanted) == wanted, row


@ENGINES
def test_one_expression_for_a_query_of_ones_own(
    database: tuple[Callable[[list[Row]], None], Run], engine: str, corner_rows: list[Row], corner_answers: list[Row]
) -> None:
    fill, run = database
    fill(corner_rows[::7])
    for procedure in ("direct_award", "innovative_purchase", "adapted_procedure"):
        got = run(f"SELECT {status_sql(procedure, engine)} AS status FROM purchases ORDER BY id")
        assert [row["status"] for row in got] == [wanted[f"status_{procedure}"] for wanted in corner_answers[::7]]


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


@pytest.mark.mariadb
def test_mariadb_compares_words_letter_by_letter_and_a_yes_or_no_is_nought_or_one(mariadb: tuple[Any, str]) -> None:
    cursor, _ = mariadb
    cursor.execute("CREATE TABLE purchases (launched_on DATE, contract_type VARCHAR(20), innovative BOOLEAN)")
    rows: list[tuple[Any, Any, str]] = [
        ("services", 1, ""),
        ("services", None, ""),
        ("Services", 1, "contract_type"),
        ("services ", 1, "contract_type"),
        ("services", 2, "innovative"),
    ]
    cursor.executemany("INSERT INTO purchases VALUES ('2026-05-15', %s, %s)", [list(row[:2]) for row in rows])
    columns = ["launched_on", "contract_type", "innovative"]
    found = cursor.execute(decide_sql("purchases", "mariadb", columns=columns, answers=["fault"])).fetchall()
    assert [row[-1] for row in found] == [row[-1] for row in rows]


@ENGINES
def test_the_command_writes_the_view(
    database: tuple[Callable[[list[Row]], None], Run], engine: str, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    fill, run = database
    fill([{"launched_on": date(2026, 5, 15), "estimated_value": Decimal(85_000), "contract_type": "services"}])
    with pytest.raises(SystemExit) as leaving:
        main(["sql", "purchases", "--dialect", engine, "--view", "decided", "--keep", "id", "--answer", "lightest"])
    assert not leaving.value.code
    stated, view = capfdbinary.readouterr().out.decode().split("\n", 1)
    assert default_table().hash in stated
    run(view.rstrip().removesuffix(";"))
    assert [row["lightest"] for row in run("SELECT * FROM decided")] == ["adapted_procedure"]


def test_the_command_writes_one_expression_and_refuses_what_cannot_be_written(
    capfdbinary: pytest.CaptureFixture[bytes],
) -> None:
    with pytest.raises(SystemExit):
        main(["sql", "x", "--status", "books", "--column", "launched_on", "--column", "books", "--json"])
    wanted = status_sql("books", columns=["launched_on", "books"])
    assert json.loads(capfdbinary.readouterr().out) == {"sql": wanted}
    with pytest.raises(SystemExit) as leaving:
        main(["sql", "x; DROP TABLE x", "--lang", "en"])
    assert leaving.value.code == 2
    assert b"plain name" in capfdbinary.readouterr().err


def test_the_command_writes_the_function_beside_the_view_and_never_without_one(
    capfdbinary: pytest.CaptureFixture[bytes],
) -> None:
    with pytest.raises(SystemExit):
        main(["sql", "x", "--view", "a.decided", "--function", "a.decide_all", "--answer", "lightest"])
    out = capfdbinary.readouterr().out.decode()
    assert out.endswith(f";\n{function_sql('a.decide_all', 'a.decided')};\n")
    assert out.count("CREATE VIEW") == 1
    for wrong, says in ([], b"view"), (["--view", "v", "--dialect", "sqlite"], b"expected one of postgresql"):
        with pytest.raises(SystemExit) as leaving:
            main(["sql", "x", "--function", "f", *wrong, "--lang", "en"])
        assert leaving.value.code == 2
        assert says in capfdbinary.readouterr().err


def test_the_function_quotes_its_names_and_reads_the_view() -> None:
    assert function_sql("a.all$$", "a.decided") == (
        'CREATE FUNCTION "a"."all$$"() RETURNS SETOF "a"."decided"\nLANGUAGE sql STABLE SET jit = off\n'
        """AS 'SELECT * FROM "a"."decided"'"""
    )
    with pytest.raises(DocumentError, match="plain name"):
        function_sql("f", "v'; DROP TABLE x; --")


def test_only_the_columns_that_there_are_are_named() -> None:
    query = decide_sql("achats.projets", columns=["launched_on", "estimated_value"], answers=["statuses"])
    assert '"achats"."projets"' in query
    assert "buyer_kind" not in query
    assert 'innovative"' not in query.replace("status_innovative", "")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"dialect": "oracle"}, "expected one of postgresql, duckdb, sqlite, mariadb"),
        ({"dialect": "spark"}, "expected one of postgresql, duckdb, sqlite, mariadb"),
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


@pytest.mark.postgresql
def test_the_function_gives_what_the_view_gives_and_leaves_the_setting_alone(postgresql: tuple[Any, str]) -> None:
    cursor, _ = postgresql
    fill_purchases(cursor, 500)
    cursor.execute("SET jit = on")
    both = "(TABLE decided EXCEPT ALL SELECT * FROM decide_all()) UNION ALL (SELECT * FROM decide_all() EXCEPT ALL TABLE decided)"
    cursor.execute(both)
    assert cursor.fetchall() == []
    cursor.execute("SELECT count(*), current_setting('jit') FROM decide_all()")
    assert cursor.fetchone() == (500, "on")


def fill_purchases(cursor: Any, rows: int) -> None:
    """Purchases of every kind, the view of their answers, and the function that reads the whole of it."""
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
    cursor.execute(function_sql("decide_all", "decided"))


def work_of(cursor: Any, query: str) -> float:
    """Seconds of processor time that the server's process of this connection takes for a query; its answer is stored there."""
    server = Path(f"/proc/{cursor.connection.info.backend_pid}/stat")

    def taken() -> float:
        user, system = server.read_text().rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")

    before = taken()
    cursor.execute(f"CREATE TEMPORARY TABLE answered AS {query}")
    cursor.execute("DROP TABLE answered")
    return taken() - before


@pytest.mark.slow
@pytest.mark.postgresql
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="asks Linux for the work of a process")
@pytest.mark.parametrize("rows", [20_000, 300_000])
def test_with_the_settings_a_server_comes_with_all_rows_take_at_most_twice_the_work_of_no_compiler(
    postgresql: tuple[Any, str], rows: int
) -> None:
    """The compiler of expressions (JIT) is on by default; for the view it takes two to five times the work of the answer itself."""
    cursor, _ = postgresql
    fill_purchases(cursor, rows)
    cursor.execute("SHOW jit")
    assert cursor.fetchone() == ("on",)
    cursor.execute("SET max_parallel_workers_per_gather = 0")  # what other processes do would not be counted

    by_default = work_of(cursor, "SELECT * FROM decide_all()")
    cursor.execute("SET jit = off")
    uncompiled = work_of(cursor, "SELECT * FROM decided")
    assert by_default <= 2 * uncompiled, (by_default, uncompiled)
