"""What a fresh process costs, as ratios taken in one run: a bare command against its dependencies alone, a first decision against attrs and cattrs.

    python benchmarks/bench_startup.py [ROUNDS]

Each round starts every program once, in turn, so that what else the machine does weighs on all of them; the ratio is that of the
fastest starts, and beside it stands the median of the rounds' ratios. Figures hold for this machine and this interpreter.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

PURCHASE = {
    "title": "Capteurs",
    "launched_on": "2026-05-15",
    "estimated_value": "85000",
    "contract_type": "services",
    "buyer": {"kind": "commune"},
}
DECIDES = (
    "from qmi_rules import Purchase, decide; from datetime import date;"
    "decide(Purchase(title='x', launched_on=date(2026, 5, 15), estimated_value=85_000, contract_type='services'))['direct_award'].status"
)
COMMAND = "import sys; from qmi_rules.doors.cli import main; main(sys.argv[1:])"
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
"""As on a machine where the package is installed: its modules are compiled once, by the starts that warm up."""
MOST = {"command": 2.5, "decision": 2.2}
"""The ratios that are aimed at."""


def programs(file: str) -> dict[str, list[str]]:
    """What is started, by name; each with the interpreter alone in its price."""
    return {
        "python": ["-c", "pass"],
        "import attrs, cattrs": ["-c", "import attrs, cattrs"],
        "first decision": ["-c", DECIDES],
        "import attrs, cattrs, cyclopts, rich": ["-c", "import attrs, cattrs, cyclopts, rich"],
        "qmi-rules decide FILE": ["-c", COMMAND, "decide", file],
    }


def spent(arguments: list[str]) -> float:
    """Seconds of processor time of one start: what the other programs of the machine do weighs less on it than on the clock."""
    program = subprocess.Popen([sys.executable, *arguments], stdout=subprocess.DEVNULL, env=ENVIRONMENT)
    _, status, used = os.wait4(program.pid, 0)
    program.returncode = os.waitstatus_to_exitcode(status)
    assert program.returncode == 0
    return used.ru_utime + used.ru_stime


def main(rounds: int) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "purchase.json"
        file.write_text(json.dumps(PURCHASE), "utf-8")
        started = programs(str(file))
        times: dict[str, list[float]] = {name: [] for name in started}
        for arguments in started.values():
            spent(arguments)
        for _ in range(rounds):
            for name, arguments in started.items():
                times[name].append(spent(arguments))
    for name, found in times.items():
        print(f"{name:40} fastest {min(found) * 1000:7.1f} ms   median {statistics.median(found) * 1000:7.1f} ms")
    pairs = {
        "command": ("qmi-rules decide FILE", "import attrs, cattrs, cyclopts, rich"),
        "decision": ("first decision", "import attrs, cattrs"),
    }
    for name, (ours, theirs) in pairs.items():
        fastest = min(times[ours]) / min(times[theirs])
        median = statistics.median(a / b for a, b in zip(times[ours], times[theirs], strict=True))
        print(f"{name}: {fastest:.2f} x (median of the rounds {median:.2f} x), aimed at {MOST[name]} x")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 15)
