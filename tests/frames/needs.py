"""Needs laid flat for the tests of frames and SQL, and what `Purchase` and `decide` say of them."""

import datetime
import random
from decimal import Decimal
from typing import Any

from purchases import CENT, Row

from qmi_rules import DocumentError, Need, Purchase, decide
from qmi_rules.model import Framework, Renewals, Yearly
from qmi_rules.tables.columns.inputs import PARTS

LISTS = ("options", "same_need", "operation", "rd_phases", "later_purchases", "prizes")
COLUMNS = (
    "launched_on",
    "contract_type",
    "estimated_value",
    "innovative",
    "need_firm",
    "need_options",
    "need_renewals_count",
    "need_renewals_each",
    "need_yearly_amount",
    "need_yearly_years",
    "need_framework",
    "need_framework_maximum",
    "need_same_need",
    "need_operation",
    "need_rd_phases",
    "need_later_purchases",
    "need_prizes",
    "need_vat_rate",
)
RATES = (None, *map(Decimal, ("0.2", "0.1", "0.055", "0.021", "0.0105", "0.085", "0", "1", "0.123457")))
EDGES = tuple(map(Decimal, (0, 15_000, 40_000, 60_000, 90_000, 100_000, 140_000, 216_000, 5_404_000)))
LARGEST = Decimal("999999999999.99")


def random_need(chance: random.Random) -> Row:
    """A row that a purchase may be; its value lies within a cent of a limit more often than not."""
    row: Row = dict.fromkeys(COLUMNS) | {
        "launched_on": datetime.date(2026, 5, 15),
        "contract_type": chance.choice(("services", "works", None)),
        "innovative": chance.choice((True, False, None)),
        "need_vat_rate": chance.choice(RATES),
    }

    def amount() -> Decimal:
        return Decimal(chance.choice((0, 1, 3, 333, 1_999_99, chance.randrange(10**8)))) * CENT

    if chance.random() < 0.3:
        row["need_renewals_count"], row["need_renewals_each"] = chance.choice((0, 1, 3, 100)), amount()
    if chance.random() < 0.3:
        row["need_yearly_amount"], row["need_yearly_years"] = amount(), chance.choice((1, 4, 100))
    match chance.randrange(6):
        case 0:
            row["need_framework"] = chance.choice((True, None))
            row["need_framework_maximum"] = amount()
        case 1:
            row["need_framework"] = True
        case 2:
            row["need_framework"] = False
    for name in LISTS:
        if chance.random() < 0.25:
            row[f"need_{name}"] = amount()
    if chance.random() < 0.7:
        rest = Decimal(0)
        value = purchase(row | {"need_vat_rate": None}).value
        gross = chance.choice(EDGES) * (1 + (row["need_vat_rate"] or 0)) + chance.choice((-1, 0, 1)) * CENT
        rest = max((gross - (value or 0)).quantize(CENT), Decimal(0))
        row["need_firm"] = rest
    if chance.random() < 0.02:
        row["need_firm"] = row["need_prizes"] = row["need_renewals_each"] = LARGEST
        row["need_renewals_count"] = 100
    if chance.random() < 0.3:
        value = purchase(row).value
        declared = chance.choice(EDGES) if value is None else value
        row["estimated_value"] = declared if declared < 10**12 else None
    return row


def purchase(row: Row) -> Purchase:
    """The purchase that a row lays flat."""

    def pair(one: str, other: str) -> bool:
        return row[one] is not None or row[other] is not None

    need: dict[str, Any] = {"firm": row["need_firm"], "vat_rate": row["need_vat_rate"]}
    need |= {name: (row[f"need_{name}"],) for name in LISTS if row[f"need_{name}"] is not None}
    if pair("need_renewals_count", "need_renewals_each"):
        need["renewals"] = Renewals(count=row["need_renewals_count"], each=row["need_renewals_each"])
    if pair("need_yearly_amount", "need_yearly_years"):
        need["yearly"] = Yearly(amount=row["need_yearly_amount"], years=row["need_yearly_years"])
    if row["need_framework"] or row["need_framework_maximum"] is not None:
        need["framework"] = Framework(maximum=row["need_framework_maximum"])
    facts = {name: row[name] for name in ("launched_on", "contract_type", "estimated_value", "innovative")}
    return Purchase(title="Achat", need=Need(**need), **facts)


def answer(row: Row) -> Row:
    """The valuation and the answers of `decide`, in the columns of a frame."""
    decision = decide(purchase(row))
    amounts = {part.part: part.amount for part in decision.valuation}
    return {
        **{f"value_{part}": amounts.get(part) for part in PARTS},
        "estimated_value": decision.estimated_value,
        **{f"status_{option.procedure}": option.status for option in (*decision.options, *decision.arrangements)},
        "missing": frozenset(path for option in decision.options for path in option.missing),
        "lightest": decision.lightest,
        "fault": frozenset(),
    }


def rows_and_answers(count: int) -> tuple[list[Row], list[Row]]:
    """Rows of needs with what is said of them."""
    chance = random.Random(2121)
    rows = [random_need(chance) for _ in range(count)]
    return rows, [answer(row) for row in rows]


GOOD: Row = dict.fromkeys(COLUMNS) | {"launched_on": datetime.date(2026, 5, 15), "need_firm": Decimal("71999.99")}
FAULTS: tuple[tuple[Row, str], ...] = (
    ({"need_firm": Decimal("-0.01")}, "need_firm"),
    ({"need_firm": Decimal(10**12)}, "need_firm"),
    ({"need_options": Decimal(10**13)}, "need_options"),
    ({"need_renewals_count": 101, "need_renewals_each": Decimal(1)}, "need_renewals_count"),
    ({"need_renewals_count": -1, "need_renewals_each": Decimal(1)}, "need_renewals_count"),
    ({"need_renewals_count": 1}, "need_renewals_each"),
    ({"need_renewals_each": Decimal(1)}, "need_renewals_count"),
    ({"need_yearly_amount": Decimal(1)}, "need_yearly_years"),
    ({"need_yearly_amount": Decimal(1), "need_yearly_years": 0}, "need_yearly_years"),
    ({"need_vat_rate": Decimal("1.01")}, "need_vat_rate"),
    ({"need_vat_rate": Decimal("-0.2")}, "need_vat_rate"),
    ({"need_vat_rate": Decimal("0.2"), "estimated_value": Decimal("60000.00")}, "estimated_value"),
    ({"estimated_value": Decimal("72000.00")}, "estimated_value"),
)
"""What `Purchase` refuses as well."""


def refused(row: Row) -> bool:
    """Whether a purchase refuses what a row says."""
    try:
        purchase(row)
    except DocumentError:
        return True
    return False
