"""The benchmark's rule table (10 rules in 25 dated rows) as an ordinary TOML table, and its contexts as cases.

The fixture is that of the shared bench: `task.py` there declares the rows; nothing of it is legal advice.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from qmi_rules.model import Case

FLAGS = {
    "innovative": "innovative",
    "prototype_rd": "prototype",
    "needs_rd": "research_and_development",
    "acquires": "buyer_owns_results",
    "complex_need": "complex",
    "jointly": "joint",
}
SHARE = "lot.share"


def fixture_toml(variants: Iterable[Any], copies: int = 1) -> str:
    """The rows as TOML; with `copies`, the same rows again under other procedures and periods of the past and the future."""
    rows = list(variants)
    lines = ['edition = "fixture"', "", "[[sources]]", 'id = "fixture"', 'text = "benchmark fixture"', ""]
    amounts = sorted({x for v in rows for x in (v.min_amount, v.max_amount, v.lot_max) if x is not None})
    dated = 'effective_from = 2000-01-01\npublished_on = 2000-01-01\nlegal_basis = "fixture"\nsource = "fixture"\ncertainty = "confirmed"'
    for key, unit, amount in [*((f"t{x}", "EUR HT", str(x)) for x in amounts), (SHARE, "share", '"0.2"')]:
        lines += [
            "[[thresholds]]",
            f'id = "{key}"',
            f'label = "{key}"',
            f'unit = "{unit}"',
            "[[thresholds.values]]",
            f"amount = {amount}",
            dated,
            "",
        ]
    for procedure in dict.fromkeys(v.procedure for v in rows):
        lines += ["[[procedures]]", f'id = "{procedure}"', f'label = "{procedure}"', ""]
    for copy in range(copies):
        for v in rows:
            lines += _row(v, copy)
    return "\n".join(lines)


def _row(v: Any, copy: int) -> list[str]:
    when = []
    if v.kinds:
        when.append(f'{{ fact = "contract_type", in = {[str(k.value) for k in v.kinds]} }}')
    if v.buyers:
        when.append(f'{{ fact = "buyer_kind", in = {[str(b.value) for b in v.buyers]} }}')
    when += [f'{{ fact = "{FLAGS[flag]}", is = true }}' for flag in v.flags]
    if v.min_amount is not None:
        when.append(f'{{ fact = "estimated_value", from = "t{v.min_amount}" }}')
    if v.max_amount is not None:
        when.append(f'{{ fact = "estimated_value", below = "t{v.max_amount}" }}')
    if v.lot_max is not None:
        when.append(f'{{ fact = "lot_value", below = "t{v.lot_max}" }}')
        when.append(f'{{ fact = "small_lots_share", at_most = "{SHARE}" }}')
    start, end = v.valid_from or date(2000, 1, 1), v.valid_to or date(2099, 12, 31)
    if copy:  # the same rows in other years: what the day of the case never meets
        start, end = date(1991, 1, 1) + timedelta(days=copy * 30), date(1991, 1, 29) + timedelta(days=copy * 30)
    return [
        "[[rules]]",
        f'id = "row{v.bit}-{copy}"',
        f'procedure = "{v.procedure}"',
        f'ground = "{v.reason}"',
        'legal_basis = "fixture"',
        'source = "fixture"',
        "published_on = 1990-01-01",
        f"effective_from = {start}",
        f"effective_until = {end}",
        'certainty = "confirmed"',
        f"when = [{', '.join(when)}]",
        "",
    ]


def write_fixture(folder: Path, variants: Iterable[Any], copies: int = 1) -> Path:
    """The TOML file of the fixture in a folder."""
    path = folder / f"fixture-{copies}.toml"
    path.write_text(fixture_toml(variants, copies), "utf-8")
    return path


def case_of(p: Any) -> Case:
    """A context of the fixture as a case."""
    return Case(
        launched_on=p.on,
        contract_type=p.kind.value,
        buyer_kind=p.buyer.value,
        value=p.amount_ht,
        lot_value=p.lot_amount,
        lot_type=p.kind.value,
        small_lots_share=share(p.lot_amount, p.total_amount),
        **{ours: getattr(p, theirs) for theirs, ours in FLAGS.items()},
    )


def share(lot: Decimal | None, total: Decimal | None) -> Decimal | None:
    """The lot over the total; where one is not given, there is no small lot (a share above the limit)."""
    if lot is None:
        return None
    return Decimal(1) if not total else lot / total
