"""The fixture of the frame benchmarks: ten procedures in twenty-five dated variants, and random rows. Not the law.

`VARIANTS` is what a programmer would write expressions from by hand; `fixture_table` says the same as a table of the library.
"""

import datetime
from typing import Any

import numpy as np
import polars as pl
from attrs import field, frozen

from qmi_rules.law import Certainty, Condition, Procedure, Rule, Source, Table, Threshold, Value

FACTS = ("innovative", "prototype", "research_and_development", "buyer_owns_results", "complex", "joint")
KINDS = ("works", "supplies", "services")
BUYERS = ("commune", "ept", "state")
DAYS = tuple(map(datetime.date.fromisoformat, ("2026-01-01", "2026-04-01")))
SHARE = "0.2"


@frozen(kw_only=True)
class Variant:
    """One dated variant of a rule, as one writes it by hand."""

    procedure: str
    kinds: tuple[str, ...] = ()
    buyers: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    since: datetime.date | None = None
    before: datetime.date | None = None
    below: int | None = None
    at_least: int | None = None
    lot_below: int | None = None


@frozen(kw_only=True)
class Series:
    """One rule over time: its amounts, each from a day on."""

    procedure: str
    amounts: tuple[tuple[datetime.date | None, int], ...] = field(default=())
    edge: str = "below"
    kinds: tuple[str, ...] = ()
    buyers: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()


_GOODS, _WORKS, _LOCAL, _STATE = ("supplies", "services"), ("works",), ("commune", "ept"), ("state",)
_YEAR, _SPRING = DAYS
_EU = (
    (_GOODS, _LOCAL, ((None, 221_000), (_YEAR, 216_000))),
    (_GOODS, _STATE, ((None, 143_000), (_YEAR, 140_000))),
    (_WORKS, (), ((None, 5_538_000), (_YEAR, 5_404_000))),
)
SERIES = (
    Series(procedure="direct", kinds=_GOODS, amounts=((None, 40_000), (_SPRING, 60_000))),
    Series(procedure="direct", kinds=_WORKS, amounts=((None, 100_000),)),
    Series(procedure="innovative", facts=("innovative",), amounts=((None, 100_000),)),
    *(Series(procedure="adapted", kinds=k, buyers=b, amounts=a) for k, b, a in _EU),
    *(Series(procedure="formal", edge="from", kinds=k, buyers=b, amounts=a) for k, b, a in _EU),
    Series(procedure="prototype", kinds=("supplies",), facts=("prototype",)),
    Series(procedure="partnership", facts=("research_and_development", "buyer_owns_results")),
    *(Series(procedure=p, facts=(f,)) for p in ("dialogue", "negotiation") for f in ("innovative", "complex")),
    Series(procedure="jointly", buyers=_LOCAL, facts=("joint",)),
    Series(procedure="small_lot", edge="lot", kinds=_GOODS, amounts=((None, 80_000),)),
    Series(procedure="small_lot", edge="lot", kinds=_WORKS, amounts=((None, 1_000_000),)),
)


def variants() -> list[Variant]:
    """The dated variants, each with all its figures."""
    found = []
    for series in SERIES:
        same: dict[str, Any] = {name: getattr(series, name) for name in ("procedure", "kinds", "buyers", "facts")}
        if not series.amounts:
            found.append(Variant(**same))
        for i, (since, amount) in enumerate(series.amounts):
            before = series.amounts[i + 1][0] if i + 1 < len(series.amounts) else None
            limit = {"below": "below", "from": "at_least", "lot": "lot_below"}[series.edge]
            found.append(Variant(**same, since=since, before=before, **{limit: amount}))
    return found


def fixture_table() -> Table:
    """The same as a table of the library."""
    start = datetime.date(2000, 1, 1)
    dated: dict[str, Any] = {
        "legal_basis": "none", "source": "benchmark", "published_on": start, "certainty": Certainty.CONFIRMED
    }  # fmt: skip
    thresholds = {
        "share": Threshold(
            id="share", label="share", unit="share", values=(Value(amount=SHARE, effective_from=start, **dated),)
        )
    }
    rules = []
    for i, series in enumerate(SERIES):
        when = [Condition(fact=fact, is_=True) for fact in series.facts]
        when += [
            Condition(fact=name, in_=words)
            for name, words in (("contract_type", series.kinds), ("buyer_kind", series.buyers))
            if words
        ]
        if series.amounts:
            values = tuple(
                Value(amount=amount, effective_from=since or start, **dated) for since, amount in series.amounts
            )
            thresholds[f"limit_{i}"] = Threshold(id=f"limit_{i}", label="limit", values=values)
            if series.edge == "lot":
                when += [
                    Condition(fact="lot_value", below=f"limit_{i}"),
                    Condition(fact="small_lots_share", at_most="share"),
                ]
            else:
                when.append(
                    Condition(fact="estimated_value", **{"below" if series.edge == "below" else "from_": f"limit_{i}"})
                )
        rules.append(Rule(id=f"rule_{i}", procedure=series.procedure, when=tuple(when), effective_from=start, **dated))
    return Table(
        edition="fixture",
        sources={"none": Source(id="none", text="none")},
        thresholds=thresholds,
        procedures={
            p: Procedure(id=p, label=p, rank=i) for i, p in enumerate(dict.fromkeys(s.procedure for s in SERIES))
        },
        rules=tuple(rules),
    )


def rows(count: int, decimals: bool, seed: int = 5) -> pl.DataFrame:
    """Random rows; two fifths of the amounts lie on a limit or one unit off, half of the rows are lots."""
    random = np.random.default_rng(seed)
    limits = np.array([amount for series in SERIES for _, amount in series.amounts], dtype=np.int64)

    def amounts(low: float, high: float, near: float) -> np.ndarray:
        values = (10 ** random.uniform(low, high, count)).astype(np.int64)
        close = random.random(count) < near
        values[close] = random.choice(limits, int(close.sum())) + random.integers(-1, 2, int(close.sum()))
        return values

    first, last = datetime.date(2025, 7, 1).toordinal(), datetime.date(2026, 12, 31).toordinal()
    days = random.integers(first, last + 1, count) - datetime.date(1970, 1, 1).toordinal()
    lot = pl.Series(random.random(count) < 0.5)
    money = pl.Decimal(14, 2) if decimals else pl.Int64
    frame = pl.DataFrame(
        {
            "launched_on": pl.Series(days.astype(np.int32)).cast(pl.Date),
            "estimated_value": amounts(3, 7.3, 0.4),
            "contract_type": pl.Series(KINDS, dtype=pl.Enum(KINDS)).gather(random.integers(0, 3, count)),
            "buyer_kind": pl.Series(BUYERS, dtype=pl.Enum(BUYERS)).gather(random.integers(0, 3, count)),
            **{
                fact: random.random(count) < share
                for fact, share in zip(FACTS, (0.4, 0.2, 0.3, 0.5, 0.3, 0.3), strict=True)
            },
            "lot_value": amounts(3, 6.5, 0.3),
            "small_lots_share": random.integers(0, 400, count),
        }
    )
    return frame.with_columns(
        pl.col("estimated_value").cast(money),
        pl.when(lot).then(pl.col("lot_value").cast(money)),
        pl.when(lot).then((pl.col("small_lots_share").cast(pl.Decimal(14, 3)) / pl.lit(1000).cast(pl.Decimal(14, 3))).cast(pl.Decimal(4, 3))).alias("small_lots_share"),
    )  # fmt: skip
