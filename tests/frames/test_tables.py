"""Frames read any table: random tables with gaps, disagreeing readings and both directions, against `decide` on each row."""

import datetime
import random
from decimal import Decimal

import pytest

pytest.importorskip("narwhals")

from engines import MAKE, READ
from purchases import COLUMNS, DAY, Row, answer, read

from qmi_rules.law import Certainty, Condition, Procedure, Rule, Source, Table, Threshold, Value
from qmi_rules.law.thresholds import Reading
from qmi_rules.model import BuyerKind, ContractType
from qmi_rules.tables.frames import decide_frame

START = datetime.date(2020, 1, 1)
AMOUNTS = (10, 20, 30)
FACTS = ("innovative", "complex", "extreme_urgency", "books")
KINDS = ("commune", "state", "utility")


def random_table(chance: random.Random) -> Table:
    """A few thresholds over three years, known or not, contested or not; a few procedures with a few rows each."""

    def dated(year: int) -> Row:
        return {
            "legal_basis": "text",
            "source": "test",
            "published_on": datetime.date(year - 1, chance.choice((3, 9)), 1),
            "effective_from": datetime.date(year, 1, 1),
            "certainty": Certainty.CONFIRMED,
        }

    def value(year: int) -> Value:
        if chance.random() < 0.4:
            amounts = chance.sample(AMOUNTS, chance.choice((2, 3)))
            return Value(readings=[Reading(amount=amount, legal_basis="text") for amount in amounts], **dated(year))
        end = datetime.date(year, 6, 30) if chance.random() < 0.2 else None
        return Value(amount=chance.choice(AMOUNTS), effective_until=end, **dated(year))

    def condition() -> Condition:
        match chance.randrange(4):
            case 0:
                return Condition(fact=chance.choice(FACTS), is_=chance.random() < 0.6)
            case 1:
                return Condition(fact="buyer_kind", in_=tuple(chance.sample(list(BuyerKind), chance.choice((1, 3, 6)))))
            case 2:
                return Condition(
                    fact="contract_type", in_=tuple(chance.sample(list(ContractType), chance.choice((1, 2))))
                )
            case _:
                edge = chance.choice(("below", "from_", "at_most", "above"))
                fact = chance.choice(("estimated_value", "estimated_value", "duration_months"))
                return Condition(fact=fact, **{edge: chance.choice(("a", "b"))})

    def rule(i: int) -> Rule:
        year = chance.choice((2020, 2020, 2021))
        end = datetime.date(2022, 6, 30) if chance.random() < 0.2 else None
        # one test a fact: a row that contradicts itself is refused by `check`, and no column has to agree on it
        when = tuple({(test := condition()).fact: test for _ in range(chance.randrange(4))}.values())
        return Rule(id=f"r{i}", procedure=chance.choice("pqr"), when=when, effective_until=end, **dated(year))

    procedures = {
        name: Procedure(
            id=name,
            label=name,
            rank=chance.choice((None, 1, 2)),
            known_from=chance.choice((None, None, START.replace(year=2021))),
        )
        for name in "pqr"
    } | {"s": Procedure(id="s", label="s", arrangement=True)}
    years = [year for year in (2020, 2021, 2022) if chance.random() < 0.8] or [2021]
    return Table(
        edition="test",
        sources={"text": Source(id="text", text="text")},
        thresholds={n: Threshold(id=n, label=n, values=tuple(map(value, years))) for n in "ab"},
        procedures=procedures,
        rules=(
            *(rule(i) for i in range(chance.randrange(2, 8))),
            Rule(id="s", procedure="s", when=(condition(),), **dated(2020)),
        ),
    )


def random_rows(chance: random.Random, count: int) -> list[Row]:
    days = [
        datetime.date(year, month, 1) - back * DAY for year in range(2020, 2024) for month in (1, 7) for back in (0, 1)
    ]
    edges = [Decimal(amount) + Decimal(cent) / 100 for amount in AMOUNTS for cent in (-1, 0, 1)]
    return [
        {
            **dict.fromkeys(COLUMNS),
            "launched_on": chance.choice(days),
            "contract_type": chance.choice((None, *(t.value for t in ContractType))),
            "buyer_kind": chance.choice((None, *KINDS)),
            "estimated_value": chance.choice((None, *edges)),
            "duration_months": chance.choice((None, 9, 10, 20, 25, 30)),
            **{fact: chance.choice((None, True, False)) for fact in FACTS},
        }
        for _ in range(count)
    ]


@pytest.mark.parametrize("engine", ["polars", "duckdb", "pyarrow"])
def test_random_tables(engine: str) -> None:
    chance = random.Random(12)
    for seed in range(40 if engine == "polars" else 10):
        table = random_table(random.Random(seed))
        rows = random_rows(chance, 40)
        known_on = chance.choice((None, None, datetime.date(2020, 5, 1)))
        got = READ[engine](decide_frame(MAKE[engine](rows), table, known_on))
        for row, found in zip(rows, got, strict=True):
            wanted = answer(row, table, known_on)
            assert read(found, wanted) == wanted, (seed, known_on, {k: v for k, v in row.items() if v is not None})


def test_readings_used_in_both_directions_agree_where_every_reading_opens() -> None:
    base = random_table(random.Random(0))
    text = {
        "legal_basis": "text",
        "source": "t",
        "published_on": START,
        "effective_from": START,
        "certainty": Certainty.CONFIRMED,
    }
    contested = Threshold(
        id="a", label="a", values=(Value(readings=[Reading(amount=n, legal_basis="text") for n in (10, 30)], **text),)
    )
    table = base.replace(
        thresholds={**base.thresholds, "a": contested},
        rules=(
            Rule(id="low", procedure="p", when=(Condition(fact="estimated_value", below="a"),), **text),
            Rule(id="high", procedure="p", when=(Condition(fact="estimated_value", from_="a"),), **text),
            Rule(id="one", procedure="q", when=(Condition(fact="estimated_value", below="a"),), **text),
            Rule(id="none", procedure="r", when=(Condition(fact="estimated_value", below="a"), Condition(fact="estimated_value", from_="a")), **text),
        ),
        procedures={n: Procedure(id=n, label=n) for n in "pqr"},
    )  # fmt: skip
    rows = [{**dict.fromkeys(COLUMNS), "launched_on": START, "estimated_value": Decimal(n)} for n in (9, 10, 29, 30)]
    got = READ["polars"](decide_frame(MAKE["polars"](rows), table))
    assert [row["status_p"] for row in got] == ["open"] * 4
    assert [row["status_q"] for row in got] == ["open", "undetermined", "undetermined", "closed"]
    assert [row["status_r"] for row in got] == ["closed"] * 4
    assert [row["contested"] for row in got] == ["", "a", "a", ""]
