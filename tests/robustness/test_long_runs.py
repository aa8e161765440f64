"""What runs long or holds much stays bounded: very many decisions, many times the rows of the law, a file of ten thousand lines, as many lots as there may be."""

import json
import os
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest
from attrs import evolve
from test_local_files import DATED, DUTY, HEAD, IN_MAY, contested, duty_row, rule

from qmi_rules import Lot, Purchase, decide, from_json
from qmi_rules.errors import DocumentError
from qmi_rules.law import Table, default_table
from qmi_rules.law.compilation import WARM
from qmi_rules.law.proving.local_rules import MOST_LOCAL_DUTIES, MOST_LOCAL_RULES
from qmi_rules.model import Buyer
from qmi_rules.model.purchase import MOST_LOTS
from work import calls, steps

PAGE = (Path(__file__).parents[2] / "docs/reference/limits.md").read_text("utf-8")


def child(program: str, *arguments: str, seconds: float = 900, **environment: str) -> str:
    """What a process of its own prints: its memory is its own too."""
    command = [sys.executable, *(["-c", program] if program else []), *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, timeout=seconds, check=True, env={**os.environ, **environment}
    ).stdout


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="asks Linux for the memory of a process")
def test_a_long_run_grows_by_nothing_and_mixes_no_languages():
    """The program of docs/reference/limits.md, with fewer decisions."""
    # one arena: what a thread frees all may use again, so that what grows is held by the house and not by the allocator
    found = json.loads(child("", str(Path(__file__).with_name("long_run.py")), "30000", MALLOC_ARENA_MAX="1"))
    for way in ("alone", "threads"):
        assert found[way]["wrong"] == 0, found
        assert found[way]["grown"] < 15, found  # cards alike are remembered, 5 000 at most
    assert "A long run" in PAGE


def times(many: int) -> Table:
    """The national table with each row as many times."""
    table = default_table()
    return table.replace(
        **{
            section: tuple(
                evolve(row, id=f"{row.id}-{copy}" if copy else row.id)
                for copy in range(many)
                for row in getattr(table, section)
            )
            for section in ("rules", "duty_rows", "cautions")
        }
    )


def work_of(table: Table) -> int:
    """The steps that decisions on days of one law pass, each status read."""
    asked = [IN_MAY.evolve(estimated_value=1_000 + 977 * i) for i in range(200)]
    return steps(lambda: [option.status for purchase in asked for option in decide(purchase, table)])


def test_sixteen_times_the_rows_are_sixteen_times_the_work_at_most_and_say_the_same():
    one, many = times(1), times(16)
    assert len(many.rules) == 16 * len(one.rules)
    assert [(o.procedure, o.status) for o in decide(IN_MAY, many)] == [
        (o.procedure, o.status) for o in decide(IN_MAY, one)
    ]
    for _ in ("the first cases under a law", "those for which it has its whole function"):
        work_of(one), work_of(many)  # what is prepared once
        assert work_of(many) < 16 * work_of(one)  # more than the rows would no longer be work per row
        for table in (one, many):
            for i in range(WARM):
                _ = decide(IN_MAY.evolve(estimated_value=i), table)


def value(number: int) -> str:
    return DATED.replace("2026-04-01", f"{date(2026, 4, 1) + timedelta(number):%Y-%m-%d}")


def a_file_of_ten_thousand_lines() -> str:
    """Series of thirty-nine values, a hundred duty rows: within every limit of the page."""
    series = "".join(
        f'[[thresholds]]\nid = "local.t{i}"\nlabel = "Seuil local {i}"\n'
        + "".join(f"[[thresholds.values]]\n{value(n)}amount = {10_000 + 100 * i + n}\n" for n in range(39))
        for i in range(32)
    )
    text = HEAD + series + DUTY + "".join(duty_row(i, i % 32) for i in range(100))
    return text + "# a remark\n" * (10_000 - text.count("\n"))


LAID = """
import sys, time
from pathlib import Path
from qmi_rules import decide
from qmi_rules.law import default_table, load_table
sys.path.insert(0, sys.argv[2])
from test_local_files import IN_MAY
national = default_table()
start = time.process_time()
table = load_table(sys.argv[1]).over(national)
owed = [duty.id for duty in decide(IN_MAY, table)["direct_award"].duties]
taken = time.process_time() - start
table.check()  # refused, were it more steps than there may be
peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM:"))
print("devis" in owed, taken, int(peak.split()[1]) // 1024)
"""


def as_many_rows_as_there_may_be() -> str:
    return (
        HEAD
        + DUTY
        + "".join(
            [
                *map(contested, range(3)),
                *(rule(i, i % 3) for i in range(MOST_LOCAL_RULES)),
                *(duty_row(i, i % 3) for i in range(MOST_LOCAL_DUTIES)),
            ]
        )
    )


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="asks Linux for the memory of a process")
@pytest.mark.parametrize("written", [a_file_of_ten_thousand_lines, as_many_rows_as_there_may_be])
def test_the_largest_local_files_are_laid_over_the_law_and_decided_with_in_seconds(tmp_path, written):
    file = tmp_path / "local.toml"
    file.write_text(written(), "utf-8")
    owed, seconds, megabytes = child(LAID, str(file), str(Path(__file__).parent)).split()
    assert owed == "True"
    assert float(seconds) < 5
    assert int(megabytes) < 500


def lots(count: int) -> list[Lot]:
    return [Lot(id=f"l{i}", estimated_value=900 + i) for i in range(count)]


def test_a_thousand_lots_are_refused_at_once_with_the_number_there_may_be():
    document = {
        "title": "x",
        "launched_on": "2026-05-04",
        "lots": [{"id": f"{i}", "estimated_value": "9"} for i in range(1_000)],
    }

    def refused() -> None:
        with pytest.raises(DocumentError, match=f"at most {MOST_LOTS} items, got 1000"):
            from_json(json.dumps(document), Purchase)

    refused()
    assert calls(refused) < 100_000  # as many lots as there may be: 11 000 calls


def test_as_many_lots_as_there_may_be_are_work_in_proportion():
    def work(count: int) -> int:
        purchase = Purchase(
            title="x",
            launched_on=date(2026, 5, 4),
            contract_type="services",
            buyer=Buyer(kind="commune"),
            lots=lots(count),
        )
        return calls(lambda: decide(purchase).to_json())

    work(3)
    assert work(MOST_LOTS) < 12 * work(MOST_LOTS // 10)  # what grows with the square shows here: 13 times once
