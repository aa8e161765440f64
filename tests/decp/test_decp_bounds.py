"""Whatever a file holds, its audit stays in little memory, and what cannot be read is named."""

import json
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from invented_contracts import record

from qmi_rules.decp import Refusal, RefusalReason, audit, audit_rows, read_records
from qmi_rules.decp import reading as decp_reading
from work import calls

MOST_CALLS = 165
"""So many for one record of a file, from its text to its place among the results; beyond them an audit is slow."""
GOOD = json.dumps(record())
ROW = "u1,A1,21590163800019,79000,2024-11-12,Procédure adaptée,x\n"
HEADER = "uid,id,acheteur_id,montant,dateNotification,procedure,objet\n"
XML = "<marche><id>A1</id><acheteur><id>21590163800019</id></acheteur><dateNotification>2024-05-15</dateNotification></marche>"
ENDLESS = {
    "a text in JSON": (f'{{"marches":[{GOOD},{{"objet":"', "x", ""),
    "a list in JSON": (f'{{"marches":[{GOOD},{{"objet":[', "[],", ""),
    "keys in JSON": (f"[{GOOD}]\n{{", '"a":"bbbbbbbb",', ""),
    "a line of a table": (HEADER + ROW + "u2,A2,", "x", "\n"),
    "a cell that never ends": (HEADER + ROW + 'u2,A2,"', "x" * 1_000 + ",\n", ""),
    "a text in XML": (f"<marches>{XML}<marche><objet>", "x", "</objet></marche></marches>"),
    "elements in XML": (f"<marches>{XML}<marche>", "<a/>", ""),
    "no records in XML": (f"<marches>{XML}", "<a>b</a>", ""),
}
SHAPES = pytest.mark.parametrize("shape", ENDLESS)


def endless(path: Path, shape: str, size: int) -> Path:
    """A file with one good record and after it one that is as long as `size`."""
    begin, piece, end = ENDLESS[shape]
    block = piece * (1_000_000 // len(piece))
    with path.open("w", encoding="utf-8") as file:
        file.write(begin)
        for _ in range(size // len(block)):
            file.write(block)
        file.write(end)
    return path


@SHAPES
def test_what_has_no_end_is_refused_and_its_record_named(
    tmp_path: Path, shape: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decp_reading, "LONGEST_RECORD", 100_000)
    first, *_, last = read_records([endless(tmp_path / "published", shape, 2_000_000)])
    assert not isinstance(first, Refusal)
    assert isinstance(last, Refusal)
    assert (last.source, last.reason) == ("published", RefusalReason.UNREADABLE) or shape == "a cell that never ends"
    assert last.position >= 2
    # not read to its end and then found broken
    assert "is too long" in last.detail or shape == "a cell that never ends"


# VmHWM is what this process took since it began; ru_maxrss would count what the process of the tests held when it forked.
MEASURED = """
import sys
from pathlib import Path
from qmi_rules.decp import audit
found = audit([sys.argv[1]])
peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM:"))
print(found.contracts, int(peak.split()[1]) // 1024)
"""


@SHAPES
@pytest.mark.slow
def test_a_hundred_megabytes_in_one_piece_stay_in_little_memory(tmp_path: Path, shape: str) -> None:
    path = endless(tmp_path / "published", shape, 100_000_000)
    out = subprocess.run(
        [sys.executable, "-c", MEASURED, str(path)], capture_output=True, text=True, timeout=300, check=True
    )
    contracts, megabytes = map(int, out.stdout.split())
    assert contracts == 1
    assert megabytes < 120  # about 50; without the longest record about 240


BENCHMARK = Path(__file__).parents[2] / "benchmarks" / "bench_audit.py"


def peak_of(shape: str, megabytes: int) -> int:
    """The peak memory, in megabytes, of the command `audit --json` on a generated file of so many megabytes."""
    command = [sys.executable, str(BENCHMARK), "--memory", "--command", "--shape", shape, "--megabytes", str(megabytes)]
    said = subprocess.run(command, capture_output=True, text=True, timeout=900, check=True).stdout
    return int(said.partition("peak ")[2].split()[0])


@pytest.mark.parametrize("shape", ["csv", "json", "lines", "xml"])
@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="asks Linux for the memory of a process")
def test_the_memory_of_an_audit_hardly_grows_with_its_file(shape: str) -> None:
    """A megabyte of a file adds 0.2 MB at most: a table of small rows, with the most contracts, added 0.35 and adds 0.05.

    JSON adds 0.12: what is remembered (buyers, amounts) is not yet full after the smaller file.
    """
    small, large = 40, 100
    assert peak_of(shape, large) - peak_of(shape, small) <= 0.2 * (large - small)


def test_what_is_kept_of_a_contract_is_some_tens_of_bytes() -> None:
    raws = (
        record(id=f"2024{n:012}", acheteur={"id": f"21{n:07}00019"}, montant=1_000 + 977 * n % 90_000)
        for n in range(5_000)
    )
    results = audit_rows(raws).results
    assert len(results) == 5_000
    assert len(pickle.dumps(results)) < 40 * len(results)


def pieces() -> Iterator[bytes]:
    yield b""
    yield b"\x8f\x01\x02 nothing of the kind \xff"
    yield GOOD.encode()[:-30]


@pytest.mark.parametrize("content", list(pieces()))
def test_where_a_file_could_not_be_read_is_always_kept(write: Callable[..., Path], content: bytes) -> None:
    found = audit([write(content)])
    assert [refusal.reason for refusal in found.refusals] == [RefusalReason.UNREADABLE]


def test_an_audit_makes_few_calls_for_each_record(tmp_path: Path) -> None:
    def written(count: int) -> Path:
        path = tmp_path / f"{count}.json"
        records = [
            record(id=f"2021{n:06}", acheteur={"id": f"21590{n // 3:04}00019"}, objet=f"Mobilier {n}", montant=900 + n)
            for n in range(count)
        ]
        path.write_text(json.dumps({"marches": records}))
        return path

    few, many = written(300), written(900)
    audit([few, many])
    assert calls(lambda: audit(many)) - calls(lambda: audit(few)) <= 600 * MOST_CALLS
