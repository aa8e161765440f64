"""Cases around every edge of the table: days, amounts and facts chosen where the answer may change."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from oracle import KINDS, TYPES, read_tables
from qmi_rules.model import FACT_NAMES

CENT, DAY = Decimal("0.01"), timedelta(days=1)
TABLES = read_tables()


def _dated():
    for threshold in TABLES["thresholds"]:
        yield from threshold["values"]
    for section in ("rules", "duty_rows", "cautions"):
        yield from TABLES.get(section, [])


def edge_days():
    """Every first and last day of a value or row, with the day on each side."""
    days = {entry[key] for entry in _dated() for key in ("effective_from", "effective_until") if entry.get(key)}
    days |= {p["known_from"] for p in TABLES["procedures"] if p.get("known_from")}
    return sorted({day + shift * DAY for day in days for shift in (-1, 0, 1)} | {date(2028, 6, 1), date(2000, 1, 1)})


def edge_amounts():
    """Every amount of every series in euros, with the cent on each side."""
    amounts = {Decimal(0), Decimal(1)}
    for threshold in TABLES["thresholds"]:
        if threshold.get("unit", "EUR HT") == "EUR HT":
            for value in threshold["values"]:
                amounts |= {Decimal(str(r["amount"])) for r in value.get("readings", [value]) if "amount" in r}
    return sorted({amount + shift * CENT for amount in amounts for shift in (-1, 0, 1) if amount + shift * CENT >= 0})


DAYS, AMOUNTS = edge_days(), edge_amounts()
days = st.sampled_from(DAYS)
amounts = st.sampled_from(AMOUNTS)
CODES = ("34430000", "85311000", "71200000", "15800000", "72000000", "85323001")
EXCLUSIONS, INSTRUMENTS = (
    ("none", "in_house", "land", "employment", "other"),
    ("contract", "contract", "grant", "concession"),
)
maybe = st.sampled_from([True, True, False, None])
known_days = st.one_of(st.none(), st.none(), st.sampled_from(DAYS))


@st.composite
def documents(draw, lots=True):
    """The JSON document of a purchase: any fact filled or not, amounts and days around the edges, with lots or without."""
    document = {"title": "cas", "launched_on": draw(days).isoformat()}
    document |= {name: answer for name in FACT_NAMES if (answer := draw(maybe)) is not None}
    if (contract := draw(st.sampled_from([*TYPES, *TYPES, None]))) is not None:
        document["contract_type"] = contract
    if document.get("contract_type") in ("works", "supplies"):
        document.pop("specific_service", None)  # only services are on that list
    if (kind := draw(st.sampled_from([*KINDS, "commune", None]))) is not None:
        document["buyer"] = {"kind": kind}
        if (local := draw(maybe)) is not None:
            document["buyer"]["local_authority"] = local
    for name, words in (("cpv", CODES), ("exclusion", EXCLUSIONS), ("instrument", INSTRUMENTS)):
        if (word := draw(st.sampled_from([None, None, *words]))) is not None:
            document[name] = word
    if (months := draw(st.sampled_from([None, 1, 2, 3]))) is not None:
        document["duration_months"] = months
    if not lots or draw(st.booleans()):
        if (amount := draw(st.one_of(st.none(), amounts))) is not None:
            document["estimated_value"] = str(amount)
        return document
    document["lots"] = []
    for i in range(draw(st.integers(1, 3))):
        lot = {"id": str(i), "estimated_value": str(draw(amounts))}
        if (contract := draw(st.sampled_from([*TYPES, None]))) is not None:
            lot["contract_type"] = contract
        if document.get("specific_service"):
            lot.pop("contract_type", None)
        for name in ("small_lot", "innovative", "supplier_is_jei"):
            if (answer := draw(maybe)) is not None:
                lot[name] = answer
        document["lots"].append(lot)
    return document
