"""A million random rows on polars against the evaluator of single cases, and a large sample against whole decisions."""

import random
from types import SimpleNamespace

import pytest

pytest.importorskip("narwhals")

from engines import pl
from purchases import COLUMNS, Row, answer, changes_of_law, limits, random_row, read

from qmi_rules.law import default_table
from qmi_rules.law.compilation import status
from qmi_rules.law.truth import Truth
from qmi_rules.model import BuyerKind, ContractType
from qmi_rules.model.purchase import FACT_NAMES
from qmi_rules.tables.frames import decide_frame

WORDS = {Truth.YES: "open", Truth.NO: "closed", Truth.UNDETERMINED: "undetermined"}
SCHEMA = {
    "launched_on": pl.Date,
    "contract_type": pl.String,
    "buyer_kind": pl.String,
    "estimated_value": pl.Decimal(14, 2),
    "duration_months": pl.Int64,
    **dict.fromkeys(FACT_NAMES, pl.Boolean),
    "exclusion": pl.String,
    "instrument": pl.String,
    "local_authority": pl.Boolean,
    "cpv": pl.String,
}


def case_of(row: Row) -> SimpleNamespace:
    """The attributes that the evaluator reads, without the checks of a purchase."""
    kind, contract = row["buyer_kind"], row["contract_type"]
    return SimpleNamespace(
        **{
            **row,
            "value": row["estimated_value"],
            "buyer_kind": None if kind is None else BuyerKind(kind),
            "contract_type": None if contract is None else ContractType(contract),
            "allotted": None,
            "lot_value": None,
            "lot_type": None,
            "small_lot": None,
            "small_lots_share": None,
            "marked": True,
        }
    )


@pytest.mark.parametrize("many", [300, pytest.param(1_500, marks=pytest.mark.slow)])
def test_a_sample_of_whole_decisions(many: int) -> None:
    chance, table = random.Random(8), default_table()
    days, amounts = changes_of_law(table), limits(table)
    rows = [random_row(chance, days, amounts, chance.choice((0.05, 0.3, 0.6))) for _ in range(many)]
    got = decide_frame(pl.DataFrame(rows, schema=SCHEMA)).to_dicts()
    for row, found in zip(rows, got, strict=True):
        wanted = answer(row)
        assert read(found, wanted) == wanted, row


@pytest.mark.slow
def test_a_million_rows() -> None:
    chance, table = random.Random(9), default_table()
    days, amounts = changes_of_law(table), limits(table)
    procedures = list(table.procedures)
    for _ in range(10):
        rows = [random_row(chance, days, amounts, 0.1) for _ in range(100_000)]
        frame = pl.DataFrame(rows, schema=SCHEMA)
        assert frame.columns == list(COLUMNS)
        decided = decide_frame(frame, answers=["statuses", "fault"])
        assert (decided["fault"] == "").all()
        columns = [decided[f"status_{procedure}"].cast(pl.String).to_list() for procedure in procedures]
        words: dict[int, tuple[str, ...]] = {}
        for row, found in zip(rows, zip(*columns, strict=True), strict=True):
            packed = table.in_force(row["launched_on"]).evaluate(case_of(row))
            if packed not in words:
                words[packed] = tuple(WORDS[status(packed, i, len(procedures))] for i in range(len(procedures)))
            assert found == words[packed], row
