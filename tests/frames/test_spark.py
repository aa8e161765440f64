"""Spark in local mode says what `decide` says; its partitions stay where they are, and nothing runs before it is asked."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

pytest.importorskip("narwhals")
pytest.importorskip("pyspark")

from needs import COLUMNS as NEEDS
from needs import FAULTS, GOOD, rows_and_answers
from purchases import COLUMNS, LOT_COLUMNS, Row, answer, read

from qmi_rules import DocumentError
from qmi_rules.model.purchase import FACT_NAMES
from qmi_rules.tables.columns.inputs import NEED
from qmi_rules.tables.frames import decide_frame

pytestmark = [
    pytest.mark.spark,
    pytest.mark.filterwarnings("ignore"),  # pyspark warns of its own dependencies
]
SCHEMA = ", ".join(
    [
        "id BIGINT",
        "launched_on DATE",
        "contract_type STRING",
        "buyer_kind STRING",
        "estimated_value DECIMAL(15, 2)",
        "duration_months INT",
        *(f"{name} BOOLEAN" for name in FACT_NAMES),
        "exclusion STRING",
        "instrument STRING",
        "local_authority BOOLEAN",
        "cpv STRING",
    ]
)


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    session = (
        builder.config("spark.driver.bindAddress", "127.0.0.1").config("spark.driver.host", "127.0.0.1").getOrCreate()
    )
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()


def frame_of(spark: Any, rows: list[Row]) -> Any:
    return spark.createDataFrame([(i, *(row.get(name) for name in COLUMNS)) for i, row in enumerate(rows)], SCHEMA)


def test_spark_says_what_decide_says_at_the_corners(
    spark: Any, corner_rows: list[Row], corner_answers: list[Row]
) -> None:
    frame = frame_of(spark, corner_rows).repartition(3)
    decided = decide_frame(frame, keep=["id"])
    assert type(decided) is type(frame)
    assert decided.rdd.getNumPartitions() == 3
    got = sorted((row.asDict() for row in decided.collect()), key=lambda row: row["id"])
    assert len(got) == len(corner_rows)
    for row, found, wanted in zip(corner_rows, got, corner_answers, strict=True):
        assert read(found, wanted) == wanted, row


def test_spark_names_faults_and_takes_decimals_of_any_scale(spark: Any) -> None:
    schema = "launched_on DATE, estimated_value DECIMAL(38, 18), lot_value DECIMAL(15, 2), lot_type STRING"
    day = date(2026, 5, 15)
    rows = [(day, Decimal("59999.99"), None, None), (day, Decimal("59999.995"), None, None), (None, None, None, "x")]
    got = [row.asDict() for row in decide_frame(spark.createDataFrame(rows, schema)).collect()]
    assert [row["fault"] for row in got] == ["", "estimated_value", "launched_on|lot_type"]
    assert got[1]["lightest"] is None
    whole = dict.fromkeys((*COLUMNS, *LOT_COLUMNS)) | {
        "launched_on": day,
        "estimated_value": Decimal("59999.99"),
    }
    assert read(got[0], answer(whole)) == answer(whole)


def test_spark_values_a_need_to_the_cent(spark: Any) -> None:
    types = {"whole": "INT", "money": "DECIMAL(17, 2)", "truth": "BOOLEAN", "number": "DECIMAL(38, 18)"}
    known = {"launched_on": "DATE", "contract_type": "STRING", "estimated_value": "DECIMAL(17, 2)"}
    schema = ", ".join(f"{c} {types[NEED[c]] if c in NEED else known.get(c, 'BOOLEAN')}" for c in NEEDS)
    rows, wanted = rows_and_answers(200)
    rows, wanted = [*rows, *(GOOD | change for change, _ in FAULTS)], [*wanted, *({"fault": {f}} for _, f in FAULTS)]
    frame = spark.createDataFrame([(i, *(row[c] for c in NEEDS)) for i, row in enumerate(rows)], f"id INT, {schema}")
    got = sorted((row.asDict() for row in decide_frame(frame, keep=["id"]).collect()), key=lambda row: row["id"])
    for row, found, expected in zip(rows, got, wanted, strict=True):
        expected = {name: frozenset(v) if isinstance(v, set) else v for name, v in expected.items()}
        assert read(found, expected) == expected, row


def test_spark_columns_of_the_wrong_type_are_refused(spark: Any) -> None:
    frame = spark.createDataFrame([("2026-05-15", 85_000.0)], "launched_on STRING, estimated_value DOUBLE")
    with pytest.raises(DocumentError) as refused:
        decide_frame(frame)
    assert [problem.path for problem in refused.value.problems] == ["launched_on", "estimated_value"]
