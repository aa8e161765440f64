"""How long it takes to prove the table, to compare two laws, to find the next question and what would change the answer.

python benchmarks/bench_proof.py [--json FILE]
"""

import argparse
import json
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from qmi_rules import Purchase
from qmi_rules.law import compare_law, conformance_kit, default_table, stale
from qmi_rules.procurement import decide, next_question, replay, timeline, what_if

BUDGETS = {"check": 10.0}
"""Seconds; what the project promises."""


def best(call: Callable[[], object], rounds: int) -> float:
    """The best time of some rounds, seconds."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return min(times)


def measure() -> dict[str, float]:
    """Seconds for each question, the table loaded and the days in question resolved once."""
    table = default_table()
    sensors = Purchase(
        title="Capteurs", estimated_value=85_000, contract_type="services", launched_on=date(2026, 5, 15)
    )
    receipt = decide(sensors).to_json()
    return {
        "check": best(table.check, 2),
        "certificate": best(lambda: table.check().certificate, 1),
        "compare two days": best(lambda: compare_law(table, date(2023, 12, 31), date(2026, 11, 24)), 5),
        "conformance kit": best(lambda: list(conformance_kit(table)), 1),
        "stale": best(lambda: stale(table, date(2026, 11, 24)), 5),
        "next question": best(lambda: next_question(sensors), 20),
        "next question, nothing known": best(lambda: next_question({}), 3),
        "what if": best(lambda: what_if(sensors, "direct_award"), 20),
        "timeline": best(lambda: timeline(sensors), 10),
        "replay": best(lambda: replay(receipt), 10),
    }


def main() -> None:
    """Print the times; fail where a promise is not kept."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    times = measure()
    for name, seconds in times.items():
        print(f"{name:30} {seconds * 1000:10.2f} ms")
    if arguments.json:
        arguments.json.write_text(json.dumps(times, indent=1))
    late = [name for name, seconds in times.items() if seconds > BUDGETS.get(name, float("inf"))]
    if late:
        raise SystemExit(f"too slow: {', '.join(late)}")


if __name__ == "__main__":
    main()
