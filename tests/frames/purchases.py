"""Rows of purchases for the tests of frames and SQL, and what `decide` says of each."""

import datetime
import random
from decimal import Decimal
from typing import Any

from qmi_rules import Purchase, decide
from qmi_rules.law import Table, default_table
from qmi_rules.model import Buyer, BuyerKind, Case, ContractType
from qmi_rules.model.buyer import Exclusion, Instrument
from qmi_rules.model.purchase import FACT_NAMES

Row = dict[str, Any]

DAY = datetime.timedelta(days=1)
CENT = Decimal("0.01")
COLUMNS = ("launched_on", "contract_type", "buyer_kind", "estimated_value", "duration_months", *FACT_NAMES)
COLUMNS += ("exclusion", "instrument", "local_authority", "cpv")
LOT_COLUMNS = ("allotted", "lot_value", "lot_type", "small_lot", "small_lots_share")


def changes_of_law(table: Table, known_on: datetime.date | None = None) -> list[datetime.date]:
    return [law.since for law in table.segments(known_on) if law.since]


def limits(table: Table) -> list[Decimal]:
    amounts = {v.amount for t in table.thresholds.values() if t.unit == "EUR HT" for v in t.values if v.amount}
    readings = {r.amount for t in table.thresholds.values() for v in t.values for r in v.readings if r.amount}
    return sorted(amounts | readings)


def random_row(chance: random.Random, days: list[datetime.date], amounts: list[Decimal], unfilled: float) -> Row:
    """A row whose day and amount lie on, before or after an edge of the law more often than not."""

    def maybe(value: Any) -> Any:
        return None if chance.random() < unfilled else value

    day = chance.choice(days) + chance.choice((-1, 0, 1, 40)) * DAY
    amount = chance.choice(amounts) + chance.choice((-1, 0, 1, 700)) * CENT
    row = {
        "launched_on": day,
        "contract_type": maybe(chance.choice(list(ContractType)).value),
        "buyer_kind": maybe(chance.choice(list(BuyerKind)).value),
        "estimated_value": maybe(max(amount, Decimal(0))),
        "duration_months": maybe(chance.choice((0, 1, 2, 3, 48, 1200))),
        **{name: maybe(chance.random() < 0.5) for name in FACT_NAMES},
        "exclusion": maybe(chance.choice((None, None, *map(str, Exclusion)))),
        "instrument": maybe(chance.choice((None, None, None, *map(str, Instrument)))),
        "local_authority": maybe(chance.random() < 0.5),
        "cpv": maybe(chance.choice((None, "34430000-1", "85323000-4", "85323001-1", "71200000", "70100000"))),
    }
    if row["contract_type"] in ("works", "supplies"):  # only services are on the list of specific services
        row["specific_service"] = None
    return row


def with_lot(row: Row, chance: random.Random, amounts: list[Decimal]) -> Row:
    """The row as one of a table that has the columns of lots: it is a lot, or a whole purchase."""
    share = chance.choice((None, Decimal("0.1999"), Decimal("0.2"), Decimal("0.2001")))
    if chance.random() < 0.3:
        return row | dict.fromkeys(LOT_COLUMNS)
    return row | {
        "allotted": chance.choice((True, None)),
        "lot_value": max(chance.choice(amounts) + chance.choice((-1, 0, 1)) * CENT, Decimal(0)),
        "lot_type": chance.choice((None, *(t.value for t in ContractType))),
        "small_lot": chance.choice((None, True, False)),
        "small_lots_share": share,
    }


def corners(table: Table | None = None) -> list[Row]:
    """Each edge of the law in force, a day and a cent on each side, with every type and kind, filled or not."""
    law = table or default_table()
    chance = random.Random(20260401)
    days, amounts = changes_of_law(law), limits(law)
    found = [random_row(chance, days, amounts, unfilled) for unfilled in (0.0, 0.3, 0.9) for _ in range(300)]
    empty: Row = dict.fromkeys(COLUMNS)
    for day in days:
        for before in (DAY, 0 * DAY):
            span = law.in_force(day - before)
            used = {amount for name in law.thresholds for amount in span.limit(name).amounts if amount > 1}
            amount = chance.choice([*used, Decimal(90_000)]) + chance.choice((-1, 0, 1)) * CENT
            found += [
                {
                    **empty,
                    "launched_on": day - before,
                    "estimated_value": amount,
                    "contract_type": contract,
                    "buyer_kind": kind,
                }
                for contract in (None, "works", "services")
                for kind in (None, "commune", "state", "utility")
            ]
    return found


def answer(row: Row, table: Table | None = None, known_on: datetime.date | None = None) -> Row:
    """What `decide` says, in the columns of a frame; names that are joined there are sets here."""
    case: Any
    if row.get("lot_value") is not None or row.get("allotted") is not None:
        case = Case(**{("value" if name == "estimated_value" else name): value for name, value in row.items()})
    else:
        facts = {
            name: value for name, value in row.items() if name not in ("buyer_kind", "local_authority", *LOT_COLUMNS)
        }
        kind, local = row.get("buyer_kind"), row.get("local_authority")
        buyer = None if kind is None and local is None else Buyer(kind=kind, local_authority=local)
        case = Purchase(title="Achat", buyer=buyer, **facts)
    decision = decide(case, table, known_on)
    return {
        **{f"status_{option.procedure}": option.status for option in (*decision.options, *decision.arrangements)},
        "missing": frozenset(path for option in decision.options for path in option.missing),
        "contested": frozenset(name for option in decision.options for name in option.contested),
        "unknown": frozenset(name for option in decision.options for name in option.unknown_ids),
        "lightest": decision.lightest,
        "fault": frozenset(),
    }


def read(row: Row, expected: Row) -> Row:
    """The answers of a row of a frame, as `answer` has them."""
    return {
        name: frozenset(filter(None, row[name].split("|"))) if isinstance(value, frozenset) else row[name]
        for name, value in expected.items()
    }
