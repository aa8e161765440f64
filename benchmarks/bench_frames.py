"""Frames against expressions written by hand, a loop of `decide`, and the real table on every engine: ratios of one run.

python benchmarks/bench_frames.py [--rows 1_000_000] [--spark] [--openfisca] [--json FILE]
"""

import argparse
import datetime
import functools
import json
import operator
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import polars as pl
from frames_fixture import BUYERS, FACTS, KINDS, SHARE, fixture_table, rows, variants
from openfisca_peer import OpenFiscaFixture

from qmi_rules import Purchase, decide
from qmi_rules.model import Buyer, BuyerKind, ContractType
from qmi_rules.model.purchase import FACT_NAMES
from qmi_rules.tables.columns.answers import ANSWERS
from qmi_rules.tables.frames import decide_frame

STATUSES = ("statuses",)


def best(call: Callable[[], object], rounds: int) -> float:
    """The best time of some rounds, seconds."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return min(times)


def together(calls: dict[str, Callable[[], object]], rounds: int = 7) -> dict[str, float]:
    """The best times of several calls, taken in turns so that a slow minute hits all of them."""
    times: dict[str, float] = dict.fromkeys(calls, float("inf"))
    for _ in range(rounds):
        for name, call in calls.items():
            times[name] = min(times[name], best(call, 1))
    return times


# --------------------------------------------------------------------------- by hand
def polars_conditions() -> list[tuple[str, pl.Expr]]:
    """One expression a variant, as one writes it by hand."""
    found = []
    for v in variants():
        parts: list[pl.Expr] = [pl.col(fact) for fact in v.facts]
        if v.kinds:
            parts.append(pl.col("contract_type").is_in(v.kinds))
        if v.buyers:
            parts.append(pl.col("buyer_kind").is_in(v.buyers))
        if v.since:
            parts.append(pl.col("launched_on") >= v.since)
        if v.before:
            parts.append(pl.col("launched_on") < v.before)
        if v.below is not None:
            parts.append(pl.col("estimated_value") < v.below)
        if v.at_least is not None:
            parts.append(pl.col("estimated_value") >= v.at_least)
        if v.lot_below is not None:
            small = (pl.col("lot_value") < v.lot_below) & (
                pl.col("small_lots_share") <= pl.lit(SHARE).cast(pl.Decimal(4, 3))
            )
            parts.append(small.fill_null(False))
        found.append((v.procedure, functools.reduce(operator.and_, parts)))
    return found


def polars_mask() -> pl.Expr:
    """The fixture's answer: one number a row, a bit a variant."""
    bits = (e.cast(pl.UInt32) * (1 << i) for i, (_, e) in enumerate(polars_conditions()))
    return functools.reduce(operator.add, bits).cast(pl.UInt32).alias("mask")


def polars_words() -> list[pl.Expr]:
    """The library's answer: the status of each procedure in words."""
    words = pl.Enum(["closed", "open"])
    by_procedure: dict[str, list[pl.Expr]] = {}
    for procedure, e in polars_conditions():
        by_procedure.setdefault(procedure, []).append(e)
    return [
        pl.when(functools.reduce(operator.or_, es)).then(pl.lit("open", dtype=words)).otherwise(pl.lit("closed", dtype=words)).alias(f"status_{p}")
        for p, es in by_procedure.items()
    ]  # fmt: skip


def duckdb_conditions() -> list[tuple[str, str]]:
    """One condition a variant, as one writes it by hand."""

    def among(words: tuple[str, ...]) -> str:
        return "(" + ", ".join(f"'{w}'" for w in words) + ")"

    found = []
    for v in variants():
        parts = list(v.facts)
        parts += [f"contract_type IN {among(v.kinds)}"] if v.kinds else []
        parts += [f"buyer_kind IN {among(v.buyers)}"] if v.buyers else []
        parts += [f"launched_on >= DATE '{v.since}'"] if v.since else []
        parts += [f"launched_on < DATE '{v.before}'"] if v.before else []
        parts += [f"estimated_value < {v.below}"] if v.below is not None else []
        parts += [f"estimated_value >= {v.at_least}"] if v.at_least is not None else []
        parts += [f"lot_value < {v.lot_below} AND small_lots_share <= {SHARE}"] if v.lot_below is not None else []
        found.append((v.procedure, " AND ".join(parts)))
    return found


def duckdb_mask() -> str:
    """The fixture's answer in SQL."""
    bits = (f"(CASE WHEN {c} THEN {1 << i} ELSE 0 END)" for i, (_, c) in enumerate(duckdb_conditions()))
    return f"SELECT CAST({' + '.join(bits)} AS UINTEGER) AS mask FROM purchases"


def duckdb_words() -> str:
    """The library's answer in SQL."""
    by_procedure: dict[str, list[str]] = {}
    for procedure, c in duckdb_conditions():
        by_procedure.setdefault(procedure, []).append(f"({c})")
    cases = (
        f"CASE WHEN {' OR '.join(cs)} THEN 'open' ELSE 'closed' END AS status_{p}" for p, cs in by_procedure.items()
    )
    return f"SELECT {', '.join(cases)} FROM purchases"


def connect(frame: pl.DataFrame) -> duckdb.DuckDBPyConnection:
    """A DuckDB with the rows in a table of its own, words as enumerations."""
    connection = duckdb.connect()
    connection.execute("SET threads = 2")
    source = frame.to_arrow()
    connection.register("source", source)
    enums = {"contract_type": KINDS, "buyer_kind": BUYERS}
    columns = (
        f"CAST(CAST({name} AS VARCHAR) AS ENUM({', '.join(map(repr, enums[name]))})) AS {name}"
        if name in enums
        else name
        for name in frame.columns
    )
    connection.execute(f"CREATE TABLE purchases AS SELECT {', '.join(columns)} FROM source")
    connection.unregister("source")
    return connection


# --------------------------------------------------------------------------- with OpenFisca
class OpenFisca(OpenFiscaFixture):
    """The fixture in openfisca-core, a batch of arrays for each month."""

    @staticmethod
    def months(frame: pl.DataFrame) -> dict[str, dict[str, np.ndarray]]:
        """The columns as arrays, one batch a month (the period of the variables), words as their numbers."""
        frame = frame.select(
            pl.col("launched_on").dt.strftime("%Y-%m").alias("month"),
            pl.col("estimated_value").cast(pl.Int32),
            pl.col("contract_type", "buyer_kind").to_physical().cast(pl.Int16),
            *FACTS,
            pl.col("lot_value").cast(pl.Int32).fill_null(-1),
            (pl.col("small_lots_share") * pl.lit(1000).cast(pl.Decimal(38, 3))).cast(pl.Int32).fill_null(-1),
        )
        groups = frame.partition_by("month", as_dict=True, include_key=False)
        return {month: {c: group[c].to_numpy() for c in group.columns} for (month,), group in groups.items()}

    def decide(self, months: dict[str, dict[str, np.ndarray]]) -> dict[str, dict[str, np.ndarray]]:
        """Whether each procedure is open, a batch a month."""
        found = {}
        for month, columns in months.items():
            count = len(columns["estimated_value"])
            simulation = self.builder().build_default_simulation(self.system, count)
            for name, column in columns.items():
                simulation.set_input(name, month, column)
            found[month] = {p: simulation.calculate(f"open_{p}", month) for p in self.procedures}
        return found


def beside_openfisca(count: int) -> list[dict[str, Any]]:
    """Statuses only, on the fixture, beside OpenFisca: from the columns on, and with its arrays made beforehand."""
    peer, table, found = OpenFisca(), fixture_table(), []
    for decimals in (False, True):
        frame = rows(count, decimals)
        arrays = peer.months(frame)
        theirs = peer.decide(arrays)
        ours = decide_frame(frame, table, answers=STATUSES).with_columns(
            month=pl.col("launched_on").dt.strftime("%Y-%m")
        )
        for (month,), group in ours.partition_by("month", as_dict=True).items():
            for p in peer.procedures:
                open_ = (group[f"status_{p}"].cast(pl.String) == "open").to_numpy()
                assert (open_ == theirs[month][p]).all(), f"the answers differ: {p} in {month}"
        times = together(
            {
                "frame": lambda f=frame: decide_frame(f, table, answers=STATUSES),
                "columns": lambda f=frame: peer.decide(peer.months(f)),
                "arrays": lambda a=arrays: peer.decide(a),
            },
            5,
        )
        found.append({"money": "decimal(14,2)" if decimals else "whole euros", "rows": count, **times})
    return found


# --------------------------------------------------------------------------- what is measured
def against_hand(count: int, decimals: bool) -> list[dict[str, Any]]:
    """Statuses only, on the fixture, beside what one writes by hand."""
    frame, table = rows(count, decimals), fixture_table()
    money = "decimal(14,2)" if decimals else "whole euros"
    names = [f"status_{procedure}" for procedure in table.procedures]
    mask, words = polars_mask(), polars_words()
    expected = frame.select(words)
    got = decide_frame(frame, table, answers=STATUSES)
    assert all((expected[n].cast(pl.String) == got[n].cast(pl.String)).all() for n in names), "the answers differ"
    times = together(
        {
            "mask": lambda: frame.lazy().select(mask).collect(),
            "words": lambda: frame.lazy().select(words).collect(),
            "frame": lambda: decide_frame(frame, table, answers=STATUSES),
        }
    )
    results = [{"engine": "polars", "money": money, "rows": count, **times}]
    connection = connect(frame)
    by_mask, by_words = duckdb_mask(), duckdb_words()
    relation = connection.table("purchases")
    times = together(
        {
            "mask": lambda: connection.sql(by_mask).to_arrow_table(),
            "words": lambda: connection.sql(by_words).to_arrow_table(),
            "frame": lambda: decide_frame(relation, table, answers=STATUSES).select(", ".join(names)).to_arrow_table(),
        }
    )
    results.append({"engine": "duckdb", "money": money, "rows": count, **times})
    return results


def real_rows(count: int, seed: int = 7) -> pl.DataFrame:
    """Rows with every column of a purchase, launched from 2024 to 2026, one value in five not filled."""
    random = np.random.default_rng(seed)
    first = datetime.date(2024, 1, 1).toordinal() - datetime.date(1970, 1, 1).toordinal()

    def maybe(column: pl.Series) -> pl.Series:
        return pl.select(pl.when(pl.Series(random.random(count) < 0.8)).then(column)).to_series()

    def word(words: list[str]) -> pl.Series:
        return maybe(pl.Series(words).gather(random.integers(0, len(words), count)))

    limits = np.array([39_999, 40_000, 60_000, 90_000, 100_000, 140_000, 143_000, 216_000, 221_000, 5_404_000])
    amounts = np.where(random.random(count) < 0.4, random.choice(limits, count), 10 ** random.uniform(3, 7.3, count))
    return pl.DataFrame(
        {
            "launched_on": pl.Series((first + random.integers(0, 1096, count)).astype(np.int32)).cast(pl.Date),
            "contract_type": word([str(t) for t in ContractType]),
            "buyer_kind": word([str(k) for k in BuyerKind]),
            "estimated_value": maybe(pl.Series(amounts.astype(np.int64)).cast(pl.Decimal(14, 2))),
            "duration_months": maybe(pl.Series(random.integers(1, 49, count))),
            **{name: maybe(pl.Series(random.random(count) < 0.5)) for name in FACT_NAMES},
        }
    )


def loop_rate(frame: pl.DataFrame) -> dict[str, float]:
    """Rows a second of a loop of `decide`: over objects that are there, and with the objects made from the rows."""
    records = frame.head(5_000).to_dicts()

    def purchase(record: dict[str, Any]) -> Purchase:
        kind = record.pop("buyer_kind")
        return Purchase(title="x", buyer=None if kind is None else Buyer(kind=kind), **record)

    def loop(purchases: list[Purchase]) -> None:
        for one in purchases:
            decision = decide(one)
            [option.status for option in (*decision.options, *decision.arrangements)]

    purchases = [purchase(dict(record)) for record in records]
    return {
        "objects": len(records) / best(lambda: loop(purchases), 3),
        "rows": len(records) / best(lambda: loop([purchase(dict(record)) for record in records]), 3),
    }


def engines(frame: pl.DataFrame, spark: bool) -> dict[str, tuple[Any, Callable[[Any], object]]]:
    """The same rows on every engine, and how its answer is made to exist."""
    connection = duckdb.connect()
    connection.execute("SET threads = 2")
    source = frame.to_arrow()
    connection.register("source", source)
    connection.execute("CREATE TABLE purchases AS SELECT * FROM source")
    found: dict[str, tuple[Any, Callable[[Any], object]]] = {
        "polars": (frame, len),
        "polars lazy": (frame.lazy(), lambda f: f.collect()),
        "duckdb": (connection.table("purchases"), lambda r: r.to_arrow_table()),
        "pyarrow": (source, len),
        "pandas": (source.to_pandas(types_mapper=pd.ArrowDtype), len),
    }
    if spark:
        from pyspark.sql import SparkSession

        builder = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
        session = (
            builder.config("spark.sql.codegen.hugeMethodLimit", 8000)
            .config("spark.driver.memory", "4g")
            .config("spark.ui.showConsoleProgress", "false")
            .getOrCreate()
        )
        session.sparkContext.setLogLevel("ERROR")
        with tempfile.TemporaryDirectory() as folder:
            frame.write_parquet(f"{folder}/purchases.parquet")
            native = session.read.parquet(f"{folder}/purchases.parquet").repartition(4).cache()
            native.count()
        found["spark"] = (native, lambda f: f.write.format("noop").mode("overwrite").save())
    return found


def real_table(count: int, spark: bool) -> list[dict[str, Any]]:
    """The national table on every engine."""
    frame = real_rows(count)
    loop = loop_rate(frame)
    results: list[dict[str, Any]] = [{"engine": "loop of decide", "rows": 5_000, "rates": loop}]
    for name, (native, exist) in engines(frame, spark).items():
        rates = {}
        for wanted in (STATUSES, ANSWERS):
            call = functools.partial(lambda f, w, e: e(decide_frame(f, answers=w)), native, wanted, exist)
            rates["statuses" if wanted is STATUSES else "all answers"] = count / best(call, 3)
        results.append({"engine": name, "rows": count, "rates": rates, "loops": rates["statuses"] / loop["objects"]})
    return results


def twice(count: int) -> list[dict[str, Any]]:
    """Whether twice the rows take twice the time."""
    table, found = fixture_table(), []
    for rows_ in (count, 2 * count, 10 * count):
        frame = rows(rows_, True)
        found.append({"rows": rows_, "seconds": best(lambda f=frame: decide_frame(f, table, answers=STATUSES), 3)})
    return found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--spark", action="store_true", help="also on a local Spark")
    parser.add_argument("--openfisca", action="store_true", help="only beside openfisca-core, which must be installed")
    parser.add_argument("--json")
    options = parser.parse_args()
    if options.openfisca:
        peers = beside_openfisca(options.rows)
        print("The fixture, statuses only, beside openfisca-core:")
        for r in peers:
            print(
                f"  polars {r['money']:14} {r['rows']:>10,} rows: decide_frame {r['frame'] * 1e3:.1f} ms; OpenFisca from "
                f"the columns {r['columns'] * 1e3:.1f} ms = {r['columns'] / r['frame']:.1f} x, from its arrays "
                f"{r['arrays'] * 1e3:.1f} ms = {r['arrays'] / r['frame']:.1f} x"
            )
        if options.json:
            Path(options.json).write_text(json.dumps({"openfisca": peers}, indent=1), "utf-8")
        return
    hand = [r for decimals in (False, True) for r in against_hand(options.rows, decimals)]
    print("The fixture, statuses only, beside expressions written by hand:")
    for r in hand:
        print(
            f"  {r['engine']:8} {r['money']:14} {r['rows']:>10,} rows: by hand, mask {r['mask'] * 1e3:7.1f} ms, "
            f"words {r['words'] * 1e3:7.1f} ms; decide_frame {r['frame'] * 1e3:7.1f} ms = "
            f"{r['frame'] / r['mask']:.2f} x mask, {r['frame'] / r['words']:.2f} x words"
        )
    print("The national table, rows a second:")
    real = real_table(options.rows, options.spark)
    for r in real:
        rates = ", ".join(f"{name} {rate:12,.0f}" for name, rate in r["rates"].items())
        print(f"  {r['engine']:14} {rates}" + (f"; {r['loops']:.0f} x the loop over objects" if "loops" in r else ""))
    growth = twice(options.rows)
    print("polars, the fixture: " + ", ".join(f"{g['rows']:,} rows {g['seconds'] * 1e3:.0f} ms" for g in growth))
    if options.json:
        Path(options.json).write_text(json.dumps({"hand": hand, "real": real, "growth": growth}, indent=1), "utf-8")


if __name__ == "__main__":
    main()
