"""A frame says of each row what `decide` says of the purchase, on every engine."""

import random
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

import pytest
from attrs import evolve

pytest.importorskip("narwhals")

from engines import MAKE, READ, arrow, duckdb, pa, pd, pl
from purchases import COLUMNS, Row, answer, changes_of_law, limits, random_row, read, with_lot

from qmi_rules import DocumentError, MissingExtraError, Purchase, decide
from qmi_rules.law import default_table
from qmi_rules.tables.frames import ANSWERS, decide_frame
from small_law import small_table

ENGINES = pytest.mark.parametrize("engine", MAKE)
KINDS = ("polars", "pandas of objects", "duckdb")
"""One engine that is compiled, one of rows, one of a database: the others, close to one of them, in the slow stage."""
ENGINES_OF_A_KIND = pytest.mark.parametrize(
    "engine", [name if name in KINDS else pytest.param(name, marks=pytest.mark.slow) for name in MAKE]
)
ROW: Row = {
    "launched_on": date(2026, 5, 15),
    "contract_type": "services",
    "buyer_kind": "commune",
    "estimated_value": Decimal(85_000),
}


def differences(rows: list[Row], got: list[Row], expected: list[Row]) -> list[tuple[Row, str, Any, Any]]:
    assert len(got) == len(expected)
    return [
        ({k: v for k, v in row.items() if v is not None}, name, given[name], wanted[name])
        for row, found, wanted in zip(rows, got, expected, strict=True)
        for given in [read(found, wanted)]
        for name in wanted
        if given[name] != wanted[name]
    ]


@pytest.mark.parametrize(
    ("engine", "step"),
    [
        ("polars", 1),  # every corner; others, slower, every fifth, and all engines all of them in the slow stage
        *((engine, 5) for engine in KINDS if engine != "polars"),
        *(pytest.param(engine, 1, marks=pytest.mark.slow) for engine in MAKE if engine != "polars"),
    ],
)
def test_every_engine_says_what_decide_says_at_the_corners(
    engine: str, step: int, corner_rows: list[Row], corner_answers: list[Row]
) -> None:
    rows = corner_rows[::step]
    got = READ[engine](decide_frame(MAKE[engine](rows)))
    assert differences(rows, got, corner_answers[::step])[:3] == []


@cache
def rows_that_are_lots() -> tuple[list[Row], list[Row]]:
    """Rows and what `decide` says of them, once for all engines."""
    chance, table = random.Random(3), default_table()
    amounts = limits(table)
    rows = [with_lot(random_row(chance, changes_of_law(table), amounts, 0.2), chance, amounts) for _ in range(150)]
    return rows, [answer(row) for row in rows]


@ENGINES_OF_A_KIND
def test_rows_that_are_lots_are_decided_as_lots(engine: str) -> None:
    rows, expected = rows_that_are_lots()
    got = READ[engine](decide_frame(MAKE[engine](rows)))
    for row, found in zip(rows, got, strict=True):
        missing = found["missing"].split("|")
        if "small_lots_share" in missing:  # a decision on a purchase asks the lots instead, one by one
            assert row["lot_value"] is not None
            assert row["small_lots_share"] is None
            missing.remove("small_lots_share")
        found["missing"] = "|".join(missing)
    assert differences(rows, got, expected)[:3] == []


@pytest.mark.parametrize("known_on", [date(2019, 12, 1), date(2025, 11, 15), date(2026, 6, 30)])
def test_known_on_leaves_out_what_was_published_later(known_on: date) -> None:
    chance, table = random.Random(4), default_table()
    rows = [random_row(chance, changes_of_law(table), limits(table), 0.3) for _ in range(100)]
    got = READ["polars"](decide_frame(MAKE["polars"](rows), known_on=known_on))
    assert differences(rows, got, [answer(row, known_on=known_on) for row in rows])[:3] == []


@ENGINES
def test_a_column_that_is_not_there_is_a_fact_nobody_filled(engine: str) -> None:
    rows = [{"launched_on": day} for day in (date(2015, 1, 1), date(2026, 5, 15), date(2027, 3, 1), date(2028, 1, 1))]
    got = READ[engine](decide_frame(MAKE[engine](rows)))
    assert differences(rows, got, [answer(dict.fromkeys(COLUMNS) | row) for row in rows]) == []


@cache
def filled_rows() -> tuple[list[Row], list[Row]]:
    chance, table = random.Random(5), default_table()
    rows = [random_row(chance, changes_of_law(table), limits(table), 0.0) for _ in range(100)]
    return rows, [answer(row) for row in rows]


@ENGINES_OF_A_KIND
def test_filled_columns_are_decided_too(engine: str) -> None:
    rows, expected = filled_rows()
    got = READ[engine](decide_frame(MAKE[engine](rows)))
    assert differences(rows, got, expected)[:3] == []


@ENGINES
def test_a_row_that_no_purchase_may_be_gets_no_answer_and_names_the_columns(engine: str) -> None:
    good = {name: ROW.get(name) for name in (*ROW, "duration_months", "innovative")}
    faults: list[tuple[str, Any]] = [
        ("estimated_value", Decimal("-0.01")),
        ("estimated_value", Decimal(1_000_000_000_000)),
        ("contract_type", "service"),
        ("contract_type", ""),
        ("buyer_kind", "mairie"),
        ("duration_months", -1),
        ("duration_months", 1201),
        ("launched_on", date(1989, 12, 31)),
        ("launched_on", date(2101, 1, 1)),
    ]
    rows = [{**good, name: value} for name, value in faults]
    for row in rows:
        with pytest.raises(DocumentError):
            answer(row)
    rows += [{**good, "launched_on": None}, {**good, "buyer_kind": "?", "contract_type": "?"}, good]
    frame = arrow([good]).schema
    table = pa.table(
        {
            n: pa.array([r[n] for r in rows], pa.decimal128(16, 2) if n == "estimated_value" else frame.field(n).type)
            for n in good
        }
    )
    made = {
        "polars": lambda: pl.from_arrow(table),
        "polars lazy": lambda: pl.from_arrow(table).lazy(),
        "pyarrow": lambda: table,
    }
    made |= {
        "pandas of arrow": lambda: table.to_pandas(types_mapper=pd.ArrowDtype),
        "pandas of objects": lambda: pd.DataFrame(rows),
    }
    made |= {"duckdb": lambda: duckdb.from_arrow(table)}
    got = READ[engine](decide_frame(made[engine]()))
    assert [row["fault"] for row in got] == [name for name, _ in faults] + [
        "launched_on",
        "contract_type|buyer_kind",
        "",
    ]
    for row in got[:-1]:
        assert {row[name] for name in row if name not in (*good, "fault")} == {None}
    assert read(got[-1], answer(good)) == answer(good)


def test_an_amount_in_fractions_of_a_cent_is_a_fault() -> None:
    frame = pl.DataFrame(
        {"launched_on": [ROW["launched_on"]] * 2, "estimated_value": [Decimal("59999.995"), Decimal("59999.990")]}
    )
    assert decide_frame(frame)["fault"].to_list() == ["estimated_value", ""]


def test_a_lot_that_no_case_may_be_is_a_fault() -> None:
    lots = [(Decimal(10), Decimal("1.1")), (Decimal(-1), Decimal("0.1")), (Decimal(10), Decimal(1)), (None, None)]
    frame = pl.DataFrame(
        {
            "launched_on": [ROW["launched_on"]] * 4,
            "lot_value": pl.Series([value for value, _ in lots], dtype=pl.Decimal(14, 2)),
            "small_lots_share": pl.Series([share for _, share in lots], dtype=pl.Decimal(4, 2)),
        }
    )
    assert decide_frame(frame)["fault"].to_list() == ["small_lots_share", "lot_value", "", ""]


def test_whole_euros_meet_limits_with_cents_as_decimals_do() -> None:
    table = small_table()
    series = table.thresholds["direct_award.supplies_services"]
    values = (*series.values[:-1], evolve(series.values[-1], amount="59999.50"))
    changed = table.replace(thresholds={**table.thresholds, series.id: evolve(series, values=values)})
    euros = [59_998, 59_999, 60_000, 60_001]
    rows = [ROW | {"estimated_value": Decimal(amount)} for amount in euros]
    frame = pl.DataFrame({**{k: [v] * 4 for k, v in ROW.items()}, "estimated_value": euros})
    got = decide_frame(frame, changed)["status_direct_award"].to_list()
    assert got == [answer(row, changed)["status_direct_award"] for row in rows] == ["open", "open", "closed", "closed"]


def test_the_frame_keeps_its_kind_its_rows_and_its_columns() -> None:
    rows = [{"id": i, "title": "Capteurs", **ROW} for i in range(5)]
    for engine, make in MAKE.items():
        frame = make(rows)
        decided = decide_frame(frame, keep=["id"])
        assert type(decided) is type(frame)
        got = READ[engine](decided)
        assert [row["id"] for row in got] == list(range(5))
        statuses = [f"status_{procedure}" for procedure in default_table().procedures]
        assert list(got[0]) == [*rows[0], *statuses, *ANSWERS[2:]]


def test_only_what_is_asked_is_added() -> None:
    frame = pl.DataFrame([ROW])
    assert decide_frame(frame, answers=["lightest", "fault"]).columns == [*ROW, "lightest", "fault"]
    assert decide_frame(frame, answers=[]).columns == [*ROW]


def test_an_empty_frame_stays_empty() -> None:
    for engine, make in MAKE.items():
        frame = make([ROW])
        none = {"polars lazy": lambda f: f.limit(0), "duckdb": lambda f: f.limit(0), "pyarrow": lambda f: f.slice(0, 0)}
        assert READ[engine](decide_frame(none.get(engine, lambda f: f[:0])(frame))) == []


def test_lazy_stays_lazy() -> None:
    def refuse(_: Any) -> Any:
        raise AssertionError("a row was read")

    frame = pl.DataFrame([ROW])
    assert isinstance(decide_frame(frame.lazy().map_batches(refuse, schema=frame.schema)), pl.LazyFrame)


def test_pandas_keeps_its_index_and_its_other_columns() -> None:
    frame = pd.DataFrame([ROW | {"mine": object()}] * 3, index=["a", "a", "b"])
    decided = decide_frame(frame, keep=["mine"])
    assert list(decided.index) == ["a", "a", "b"]
    assert list(decided["mine"]) == list(frame["mine"])
    assert "lightest" not in frame.columns
    assert list(decided["status_direct_award"]) == ["closed"] * 3


def test_pandas_reads_whole_numbers_with_gaps_and_times_of_day_and_categories() -> None:
    frame = pd.DataFrame(
        {
            "launched_on": pd.to_datetime(["2026-03-31 23:59", "2026-04-01 00:00", "2026-04-01 12:00"]),
            "contract_type": pd.Categorical(["supplies"] * 3),
            "estimated_value": [50_000.0, 50_000.0, None],
        }
    )
    decided = decide_frame(frame)
    assert list(decided["status_direct_award"]) == ["closed", "open", "undetermined"]


@pytest.mark.parametrize(
    ("change", "path", "says"),
    [
        ({"inovative": [True]}, "inovative", "did you mean 'innovative'?"),
        ({"price": [1]}, "price", "keep=['price']"),
        ({"need": [1]}, "need", "estimated_value"),
        ({"lots": [1]}, "lots", "lot_value"),
        ({"estimated_value": [85_000.5]}, "estimated_value", "decimal"),
        ({"estimated_value": ["85000"]}, "estimated_value", "euros"),
        ({"innovative": ["yes"]}, "innovative", "yes/no"),
        ({"innovative": [1]}, "innovative", "yes/no"),
        ({"contract_type": [1]}, "contract_type", "words"),
        ({"duration_months": ["12"]}, "duration_months", "whole numbers"),
        ({"launched_on": ["2026-05-15"]}, "launched_on", "days"),
        ({"lightest": ["x"]}, "lightest", "keep=['lightest']"),
    ],
)
@ENGINES
def test_columns_that_cannot_be_read_are_refused_by_name(engine: str, change: Row, path: str, says: str) -> None:
    made = pa.table({**{name: [value] for name, value in ROW.items()}, **change})
    frames = {"polars": pl.from_arrow(made), "polars lazy": pl.from_arrow(made).lazy(), "pyarrow": made}
    frames |= {"pandas of objects": made.to_pandas(), "pandas of arrow": made.to_pandas(types_mapper=pd.ArrowDtype)}
    frames |= {"duckdb": duckdb.from_arrow(made)}
    with pytest.raises(DocumentError) as refused:
        decide_frame(frames[engine])
    assert [problem.path for problem in refused.value.problems] == [path]
    assert says in refused.value.problems[0].message


def test_all_faults_of_the_columns_come_at_once() -> None:
    frame = pl.DataFrame({"launched_on": ["x"], "estimated_value": [1.5], "innovative": [1]})
    with pytest.raises(DocumentError) as refused:
        decide_frame(frame)
    assert {problem.path for problem in refused.value.problems} == {"launched_on", "estimated_value", "innovative"}


def test_a_lone_name_is_one_name() -> None:
    frame = pl.DataFrame([ROW | {"number": 7}])
    told = decide_frame(frame, answers="lightest", keep="number")
    assert told.columns == [*ROW, "number", "lightest"]


def test_what_is_no_frame_or_lacks_the_day_is_refused() -> None:
    for thing in ([ROW], {"launched_on": [1]}, None, "frame", pl.Series([1])):
        with pytest.raises(DocumentError, match="expected a pandas, polars, pyarrow, DuckDB or PySpark frame"):
            decide_frame(thing)
    with pytest.raises(DocumentError, match="launched_on"):
        decide_frame(pl.DataFrame({"estimated_value": [1]}))
    with pytest.raises(DocumentError, match="zone"):
        decide_frame(
            pl.DataFrame({"launched_on": [datetime(2026, 5, 15)]}).with_columns(
                pl.col("launched_on").dt.replace_time_zone("UTC")
            )
        )
    with pytest.raises(DocumentError, match="lightest"):
        decide_frame(pl.DataFrame({**{k: [v] for k, v in ROW.items()}, "lightest": ["x"]}), keep=["lightest"])
    with pytest.raises(DocumentError, match="keep names columns"):
        decide_frame(pl.DataFrame([ROW]), keep=["id"])
    with pytest.raises(DocumentError, match="expected some of"):
        decide_frame(pl.DataFrame([ROW]), answers=["status"])


def test_pandas_columns_of_mixed_objects_or_without_a_name_are_refused() -> None:
    with pytest.raises(DocumentError, match="estimated_value: expected values of one type"):
        decide_frame(pd.DataFrame([ROW, ROW | {"estimated_value": "x"}]))
    with pytest.raises(DocumentError, match="name of a column"):
        decide_frame(pd.DataFrame({0: [1]}))
    twice = pd.DataFrame([[ROW["launched_on"]] * 2], columns=["launched_on", "launched_on"])
    with pytest.raises(DocumentError, match="once"):
        decide_frame(twice)


def test_without_narwhals_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "qmi_rules.tables.frames.engines", None)
    with pytest.raises(MissingExtraError, match="the extra 'frames'"):
        decide_frame(pl.DataFrame([ROW]))


def test_the_first_example_of_the_documentation() -> None:
    frame = pl.DataFrame([ROW | {"innovative": None}, ROW | {"innovative": True}])
    decided = decide_frame(frame)
    one = decide(Purchase(title="x", launched_on=date(2026, 5, 15), contract_type="services", estimated_value=85_000))
    assert decided["status_innovative_purchase"].to_list() == ["undetermined", "open"]
    assert one["innovative_purchase"].status == "undetermined"
