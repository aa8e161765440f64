"""Very many decisions and explanations in one process, alone and in threads: what it grows by, and whether a word of one language slips into the other.

python tests/robustness/long_run.py 1000000      # as many decisions; prints what it found as JSON
"""

import gc
import json
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from itertools import islice
from pathlib import Path

from qmi_rules import Purchase, decide
from qmi_rules.model import Buyer

THREADS = 8
LANGS = ("fr", "en")
EXPLAINED = 500
"""One decision in so many is explained too, in both languages: an explanation takes as long as two hundred decisions."""
CARDS = 100


def purchases(first: int) -> Iterator[Purchase]:
    """Purchases without end, of all days, kinds and amounts that the law tells apart."""
    number = first
    while True:
        yield Purchase(
            title=f"Achat {number % 900}",
            launched_on=date(2019, 4, 1) + timedelta(number * 13 % 3_000),
            contract_type=("works", "supplies", "services", None)[number % 4],
            estimated_value=1_000 + number * 7_919 % 6_000_000,
            buyer=Buyer(kind=("commune", "ept", "state", "utility", "region")[number % 5]),
            innovative=(True, False, None)[number % 3],
        )
        number += 1


FEW = tuple(islice(purchases(0), 12))


def explained() -> dict[tuple[int, str], str]:
    return {(i, lang): decide(purchase).explain(lang) for i, purchase in enumerate(FEW) for lang in LANGS}


def run(first: int, count: int, expected: dict[tuple[int, str], str]) -> int:
    """Decide and explain; gives how many explanations were other than those of a process that did nothing else."""
    wrong = 0
    for number, purchase in enumerate(islice(purchases(first), count), first):
        decision = decide(purchase)
        for option in decision:
            _ = option.status
        lang = LANGS[number % 2]
        if number % CARDS == 0:
            _ = decision.answer.explain(lang)
        if number % EXPLAINED == 0:
            few = number // EXPLAINED % len(FEW)
            wrong += sum(decide(FEW[few]).explain(one) != expected[few, one] for one in LANGS)
    return wrong


def megabytes() -> int:
    gc.collect()
    said = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmRSS:"))
    return int(said.split()[1]) // 1_024


def main(count: int) -> None:
    expected, found = explained(), {}
    with ThreadPoolExecutor(THREADS) as pool:
        share = count // THREADS

        def spread(first: int, each: int) -> int:
            return sum(pool.map(lambda i: run(first + i * each, each, expected), range(THREADS), timeout=3_600))

        ways = {
            "alone": lambda first, many: run(first, many, expected),
            "threads": lambda first, many: spread(first, many // THREADS),
        }
        for name, way in ways.items():
            wrong = way(0, count // 5)  # what is remembered once is remembered now
            before = megabytes()
            wrong += way(count // 5, share * THREADS - count // 5)
            found[name] = {"grown": megabytes() - before, "megabytes": megabytes(), "wrong": wrong}
    print(json.dumps(found))


if __name__ == "__main__":
    main(int(sys.argv[1]))
