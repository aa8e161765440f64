"""The real table against the fixture; memory of 100 000 decisions; import and cold start. Ratios in one run.

python benchmarks/bench_real_table.py BENCH     # BENCH: the folder with task.py and limits.py
"""

import random
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from qmi_rules import Buyer, Purchase, decide, default_table, load_table
from qmi_rules.model import FACT_NAMES, BuyerKind, ContractType

DECIDE = """
from datetime import date
from qmi_rules import Buyer, Purchase, decide
p = Purchase(title="x", launched_on=date(2026, 5, 15), contract_type="services", estimated_value=85_000, buyer=Buyer(kind="commune"))
decide(p)["innovative_purchase"].status
"""


def purchases(count: int, seed: int = 1) -> list[Purchase]:
    """Random purchases around the thresholds in force, facts filled, unfilled or denied."""
    draw = random.Random(seed)
    first = date(2019, 4, 1)
    return [
        Purchase(
            title="x",
            launched_on=first + timedelta(days=draw.randrange(3_190)),
            contract_type=draw.choice(list(ContractType)),
            estimated_value=Decimal(int(10 ** draw.uniform(5, 9))).scaleb(-2),
            buyer=Buyer(kind=draw.choice(list(BuyerKind))),
            **{name: draw.choice((True, False, None)) for name in FACT_NAMES},
        )
        for _ in range(count)
    ]


def once(function: Any, cases: list[Any]) -> float:
    start = time.perf_counter()
    for case in cases:
        function(case)
    return (time.perf_counter() - start) / len(cases)


def table_ratios(bench: Path) -> None:
    """Hand-written if/else, fixture and real table in turn, 15 rounds; medians of the ratios."""
    sys.path[:0] = [str(bench), str(Path(__file__).parent)]
    import limits
    from fixture import case_of, write_fixture
    from task import VARIANTS, contexts

    with tempfile.TemporaryDirectory() as folder:
        fixture = load_table(write_fixture(Path(folder), VARIANTS))
    raw = contexts(2_000)
    cases, real, table = [case_of(context) for context in raw], purchases(2_000), default_table()
    rounds = []
    for _ in range(16):
        hand = once(limits.decide, raw)
        small = once(lambda case: decide(case, fixture), cases)
        large = once(lambda purchase: decide(purchase, table), real)
        rounds.append((small / hand, large / small, large / hand))
    for name, values in zip(
        ("fixture / hand", "real table / fixture", "real table / hand"), zip(*rounds[1:], strict=True), strict=True
    ):
        print(f"{name:40s} {statistics.median(values):6.2f}  ({min(values):.2f}-{max(values):.2f})")


def resident() -> float:
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def memory() -> None:
    """Growth of the process over 100 000 distinct decisions."""
    for purchase in purchases(2_000, seed=2):
        decide(purchase)
    before = resident()
    for seed in range(50):
        for purchase in purchases(2_000, seed=10 + seed):
            decide(purchase)
    print(f"{'growth over 100 000 decisions, MiB':40s} {resident() - before:6.1f}")


def starts() -> None:
    """Import and cold start against `import attrs, cattrs`, over a bare interpreter; bytecode is written first."""
    codes = {"bare": "pass", "base": "import attrs, cattrs", "import": "import qmi_rules", "cold": DECIDE}
    times: dict[str, list[float]] = {name: [] for name in codes}
    for _ in range(12):
        for name, code in codes.items():
            start = time.perf_counter()
            subprocess.run([sys.executable, "-c", code], check=True)
            times[name].append(time.perf_counter() - start)
    median = {name: statistics.median(values[1:]) for name, values in times.items()}
    base = median["base"] - median["bare"]
    print(f"{'import qmi_rules / import attrs, cattrs':40s} {(median['import'] - median['bare']) / base:6.2f}")
    print(f"{'first decision / import attrs, cattrs':40s} {(median['cold'] - median['bare']) / base:6.2f}")


if __name__ == "__main__":
    table_ratios(Path(sys.argv[1]))
    memory()
    starts()
