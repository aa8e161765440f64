"""A need laid flat in columns is worth to the cent what `Purchase(need=…)` says, and decides as `decide` does, on every engine."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

pytest.importorskip("narwhals")

from engines import MAKE, READ, pa, pl
from needs import COLUMNS, FAULTS, GOOD, LARGEST, answer, refused, rows_and_answers
from purchases import Row, read

from qmi_rules import DocumentError
from qmi_rules.tables.columns.inputs import PARTS
from qmi_rules.tables.frames import decide_frame

ENGINES = pytest.mark.parametrize("engine", MAKE)
ANSWERS = ("valuation", "statuses", "missing", "lightest", "fault")


@pytest.fixture(scope="module")
def needs() -> tuple[list[Row], list[Row]]:
    return rows_and_answers(400)


@ENGINES
def test_a_need_is_worth_what_a_purchase_says_and_decides_as_it(
    engine: str, needs: tuple[list[Row], list[Row]]
) -> None:
    rows, wanted = needs
    got = READ[engine](decide_frame(MAKE[engine](rows), answers=ANSWERS))
    assert len(got) == len(rows)
    for row, found, expected in zip(rows, got, wanted, strict=True):
        assert read(found, expected) == expected, {k: v for k, v in row.items() if v is not None}


def test_the_sample_has_what_matters(needs: tuple[list[Row], list[Row]]) -> None:
    rows, wanted = needs
    assert any(row["value_framework"] is None and "need.framework.maximum" in row["missing"] for row in wanted)
    assert any((row["estimated_value"] or 0) > 10**14 for row in wanted)
    assert any(row["estimated_value"] == Decimal("59999.99") for row in wanted)
    assert any(row["estimated_value"] == Decimal("60000.00") for row in wanted)
    assert any(row["estimated_value"] is not None and row["need_vat_rate"] for row in rows)


@ENGINES
def test_vat_is_taken_off_the_running_total(engine: str) -> None:
    parts = {"need_firm": Decimal("59999.99"), "need_options": Decimal("6000.00"), "need_prizes": Decimal("6000.00")}
    row = dict.fromkeys(COLUMNS) | parts | {"launched_on": date(2026, 5, 15), "need_vat_rate": Decimal("0.2")}
    got = READ[engine](decide_frame(MAKE[engine]([row | {"contract_type": "services"}]), answers=ANSWERS))[0]
    assert got["estimated_value"] == Decimal("59999.99")
    assert sum(got.get(f"value_{part}") or 0 for part in PARTS) == got["estimated_value"]
    assert got["status_direct_award"] == "open"


@ENGINES
def test_a_need_that_no_purchase_may_have_gets_no_answer_and_names_the_column(engine: str) -> None:
    rows = [GOOD | change for change, _ in FAULTS]
    assert all(map(refused, rows))
    rows += [GOOD | {"need_framework": False, "need_framework_maximum": Decimal(1)}, GOOD]
    got = READ[engine](decide_frame(MAKE[engine](rows), answers=ANSWERS))
    assert [row["fault"] for row in got] == [*(name for _, name in FAULTS), "need_framework", ""]
    for row in got[:-1]:
        assert {row[name] for name in row if name not in (*COLUMNS, "fault")} == {None}
        assert row["estimated_value"] is None
    wanted = {
        name: value for name, value in answer(GOOD).items() if name in got[-1]
    }  # pandas knows no type without a value
    assert read(got[-1], wanted) == wanted


def test_fractions_of_a_cent_and_of_a_millionth_are_faults() -> None:
    frame = pl.DataFrame(
        {
            "launched_on": [date(2026, 5, 15)] * 3,
            "need_firm": pl.Series(["0.015", "0.010", "0.010"]).cast(pl.Decimal(10, 3)),
            "need_vat_rate": pl.Series(["0.2", "0.2000001", "0.200000"]).cast(pl.Decimal(10, 7)),
        }
    )
    assert decide_frame(frame)["fault"].to_list() == ["need_firm", "need_vat_rate", ""]


@pytest.mark.parametrize("engine", ["polars", "pyarrow", "duckdb", "pandas of arrow"])
@pytest.mark.parametrize("kind", [pa.int64(), pa.int32(), pa.decimal128(38, 2), pa.decimal128(38, 18)])
def test_amounts_are_whole_euros_or_decimals_of_any_scale(engine: str, kind: Any) -> None:
    amounts = [0, 71_999, None, 2_000_000_000]
    made = pa.table(
        {
            "launched_on": pa.array([date(2026, 5, 15)] * 4),
            "need_firm": pa.array([None if a is None else Decimal(a) if pa.types.is_decimal(kind) else a for a in amounts], kind),
            "need_vat_rate": pa.array([Decimal("0.2")] * 4, pa.decimal128(38, 18)),
        }
    )  # fmt: skip
    frames = {"polars": pl.from_arrow(made), "pyarrow": made, "pandas of arrow": made.to_pandas(types_mapper=None)}
    frames["duckdb"] = __import__("duckdb").from_arrow(made)
    got = READ[engine](decide_frame(frames[engine], answers=["valuation", "fault"]))
    assert [row["estimated_value"] for row in got] == [*map(Decimal, ("0", "59999.17")), None, Decimal("1666666666.67")]
    assert {row["fault"] for row in got} == {""}


def test_only_the_parts_that_have_columns_are_shown_in_the_place_of_what_was_declared() -> None:
    frame = pl.DataFrame(
        {"estimated_value": [None, 9], "launched_on": [date(2026, 5, 15)] * 2, "need_firm": [10, None]},
        schema_overrides={"need_firm": pl.Int64},
    )
    decided = decide_frame(frame, answers=["valuation", "fault"])
    assert decided.columns == ["estimated_value", "launched_on", "need_firm", "value_firm", "fault"]
    assert decided["estimated_value"].to_list() == [Decimal(10), Decimal(9)]
    assert decide_frame(frame, answers=["fault"]).columns == [*frame.columns, "fault"]
    assert decide_frame(frame.drop("need_firm"), answers=["valuation"]).columns == ["estimated_value", "launched_on"]


def test_a_framework_of_which_only_the_fact_is_told_has_no_value() -> None:
    frame = pl.DataFrame(
        {"launched_on": [date(2026, 5, 15)] * 2, "estimated_value": [5, 5], "need_framework": [True, None]}
    )
    decided = decide_frame(frame)
    assert decided["estimated_value"].to_list() == [None, Decimal(5)]
    assert ["need.framework.maximum" in missing for missing in decided["missing"]] == [True, False]


def test_the_largest_need_there_may_be_stays_exact() -> None:
    row = dict.fromkeys(COLUMNS) | {"launched_on": date(2026, 5, 15), "need_vat_rate": Decimal("0.055")}
    row |= {name: LARGEST for name in COLUMNS[4:-1] if name not in ("need_framework",)}
    row |= {"need_renewals_count": 100, "need_yearly_years": 100}
    for engine, make in MAKE.items():
        got = READ[engine](decide_frame(make([row]), answers=ANSWERS))[0]
        assert read(got, answer(row)) == answer(row), engine


def test_columns_of_a_need_that_cannot_be_read_are_refused_by_name() -> None:
    day = {"launched_on": [date(2026, 5, 15)]}
    for name, value, says in (
        ("need_firm", 1.5, "decimal"),
        ("need_vat_rate", 0.2, "decimal"),
        ("need_framework", 1, "yes/no"),
        ("need_renewals_count", Decimal(1), "whole numbers"),
        ("need_parts", 1, "mixed contract"),
        ("need_option", 1, "did you mean 'need_options'"),
    ):
        with pytest.raises(DocumentError, match=says) as error:
            decide_frame(pl.DataFrame({**day, name: [value]}))
        assert [problem.path for problem in error.value.problems] == [name]
    with pytest.raises(DocumentError, match="rename"):
        decide_frame(pl.DataFrame({**day, "need_firm": [1], "value_firm": [1]}), keep=["value_firm"])
