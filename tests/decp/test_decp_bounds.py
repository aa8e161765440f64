"""Whatever a file holds, its audit stays in little memory, and what cannot be read is named."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from invented_contracts import record

from qmi_rules.integrations.decp import Refusal, RefusalReason, audit, read_records
from qmi_rules.integrations.decp import reading as decp_reading

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


# VmHWM is what this process took since it began; ru_maxrss would count what the process of the tests held when it forked.
MEASURED = """
import sys
from pathlib import Path
from qmi_rules.integrations.decp import audit
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
    assert megabytes < 300


def pieces() -> Iterator[bytes]:
    yield b""
    yield b"\x8f\x01\x02 nothing of the kind \xff"
    yield GOOD.encode()[:-30]


@pytest.mark.parametrize("content", list(pieces()))
def test_where_a_file_could_not_be_read_is_always_kept(write: Callable[..., Path], content: bytes) -> None:
    found = audit([write(content)])
    assert [refusal.reason for refusal in found.refusals] == [RefusalReason.UNREADABLE]
