"""How long an answer on the question page takes on a slow telephone: Chromium with its processor throttled four times.

    python benchmarks/question_page.py [OTHER.html]

For each purchase of the tests, from a press on "Continuer" to the next frame that shows the new question and card: first the processor time of
the page's own thread, which no other program lengthens, four times (the slow telephone); then the time of the clock under
Chromium's throttling by four, which on a busy machine also counts what others do. Each with the second that a person at least takes to
read a question and answer it, in which the page works ahead; and as a program presses, at once. With the page of another version beside it,
both are measured in turn, in the same run.
"""

import shutil
import statistics
import sys
import tempfile
from itertools import product
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "question_page"))

from playwright.sync_api import sync_playwright
from visits import PURCHASES, Visit

from qmi_rules.question_page import write_page

PRESS = """name => new Promise(shown => {
  const root = document.querySelector("qmi-rules-question-page").shadowRoot;
  const button = [...root.querySelectorAll("[data-qmi=question] button")].find(one => one.textContent === name);
  const began = performance.now();
  button.click();
  requestAnimationFrame(() => setTimeout(() => shown(performance.now() - began)));
})"""
"""Press a button; milliseconds until what it leads to is drawn."""
SLOW = 4
WARMED = 3_000
"""Milliseconds after which somebody has read the first question, and the page has warmed up."""
PAUSES = {"a second after the answer is filled in": 1_000, "at once": 60}
"""Milliseconds from what is filled in to the press: at least those in which it is drawn."""


class Timed(Visit):
    """A visit that keeps for each answer the processor time of the page's thread and the time of the clock, in milliseconds."""

    spent: list[tuple[float, float]]
    session: Any
    pause: int

    def begin(self, pause: int) -> None:
        self.spent = []
        self.pause = pause
        self.session = self.context.new_cdp_session(self.page)
        self.session.send("Performance.enable", {"timeDomain": "threadTicks"})

    def thread(self) -> float:
        metrics = self.session.send("Performance.getMetrics")["metrics"]
        return 1_000 * next(float(one["value"]) for one in metrics if one["name"] == "TaskDuration")

    def press(self, name: str) -> None:
        self.page.wait_for_timeout(self.pause)
        before = self.thread()
        clock = self.page.evaluate(PRESS, name)
        self.spent.append((self.thread() - before, clock))


def main() -> None:
    """Measure and print."""
    page = Path(tempfile.mkdtemp()) / "page.html"
    write_page(page)
    pages = {"": page} | {f" ({Path(other).name})": Path(other) for other in sys.argv[1:]}
    taken: dict[str, list[float]] = {}
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for answers, (pressed, pause), (version, path), rate in product(
            PURCHASES.values(), PAUSES.items(), pages.items(), (1, SLOW)
        ):
            visited = Timed(browser, path, width=360)
            visited.begin(pause)
            visited.page.wait_for_timeout(WARMED)
            visited.session.send("Emulation.setCPUThrottlingRate", {"rate": rate})
            visited.go(answers)
            name = f"clock, throttled × {SLOW}" if rate == SLOW else f"processor time × {SLOW}"
            found = taken.setdefault(f"{name}, {pressed}{version}", [])
            found += [clock if rate == SLOW else SLOW * thread for thread, clock in visited.spent]
            visited.context.close()
        browser.close()
    print("| milliseconds an answer | answers | median | nine in ten | longest |")
    print("|---|---:|---:|---:|---:|")
    for name, found in sorted(taken.items(), reverse=True):
        tenth = statistics.quantiles(found, n=10)[-1]
        print(f"| {name} | {len(found)} | {statistics.median(found):.0f} | {tenth:.0f} | {max(found):.0f} |")


if __name__ == "__main__":
    main()
