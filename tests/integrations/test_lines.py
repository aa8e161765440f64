"""Lines in, lines out: in order, each answered as it is alone, a bad one in its place, in memory that does not grow."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from qmi_rules.doors.cli import main
from qmi_rules.doors.cli.questions import LONGEST_LINE

EXAMPLES = Path(__file__).parents[2] / "examples"
PROGRAM = [sys.executable, "-c", "from qmi_rules.doors.cli import main; main()"]
SENSORS = {"title": "x", "launched_on": "2026-05-15", "contract_type": "services", "estimated_value": "85000"}
Run = Callable[..., tuple[int, list[str], str]]


def example(name: str) -> str:
    return json.dumps(json.loads((EXAMPLES / name).read_text("utf-8")), ensure_ascii=False)


@pytest.fixture
def run(capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch) -> Run:
    def run(*arguments: str, stdin: bytes = b"") -> tuple[int, list[str], str]:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        with pytest.raises(SystemExit) as leaving:
            main(arguments)
        captured = capfdbinary.readouterr()
        return int(leaving.value.code or 0), captured.out.decode().split("\n"), captured.err.decode()

    return run


@pytest.mark.parametrize(
    ("command", "document"),
    [
        ("decide", json.dumps(SENSORS)),
        ("brief", example("dossier-pelican-cycles.json")),
        ("calendar", example("dossier-pelican-cycles.json")),
        ("funding", example("project-air-quality.json")),
        ("modify", example("avenant-nettoyage.json")),
    ],
)
def test_each_line_is_answered_as_its_document_is_alone(run: Run, tmp_path: Path, command: str, document: str) -> None:
    (tmp_path / "one.json").write_text(document, "utf-8")
    (tmp_path / "two.ndjson").write_text(f"{document}\n{document}\n", "utf-8")
    alone = json.loads("\n".join(run(command, str(tmp_path / "one.json"), "--json")[1]))
    status, lines, err = run(command, str(tmp_path / "two.ndjson"), "--lines")
    assert (status, err, lines[2:]) == (0, "", [""])
    assert [json.loads(line) for line in lines[:2]] == [alone, alone]


def test_a_bad_line_has_its_faults_in_its_place_and_the_others_are_answered(run: Run) -> None:
    good = json.dumps(SENSORS)
    bad = ["{", json.dumps({"title": "x"}), "", '{"titre": "\u202e"}', "\xff"]
    stdin = "\n".join([good, *bad, good]).encode("latin-1", "replace").replace(b'"?"', b'"?"')
    status, lines, err = run("decide", "-", "--lines", "--detail", "answer", "--lang", "en", stdin=stdin)
    found = [json.loads(line) for line in lines if line]
    assert (status, err, len(found)) == (0, "", 7)
    assert [answer.get("line") for answer in found] == [None, 2, 3, 4, 5, 6, None]
    assert found[0] == found[-1]
    assert found[0]["answer"]["procedure"] == "adapted_procedure"
    assert [fault["path"] for fault in found[2]["faults"]] == ["launched_on"]
    assert found[2]["faults"][0]["message"] == "required, but it is absent"


def test_the_card_alone_and_the_language_where_asked_for(run: Run) -> None:
    stdin = json.dumps(SENSORS).encode()
    _, (whole, _), _ = run("decide", "-", "--lines", stdin=stdin)
    _, (card, _), _ = run("decide", "-", "--lines", "--detail", "answer", "--lang", "en", stdin=stdin)
    assert "options" in json.loads(whole)
    assert "options" not in json.loads(card)
    assert "Adapted procedure" in json.loads(card)["answer"]["text"]


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (("decide", "--procedure", "books"), "--procedure"),
        (("brief", "--html", "x.html", "--summary"), "--html"),
        (("calendar", "--ics", "x.ics"), "--ics"),
        (("funding", "--schemes", "x.toml"), "--schemes"),
    ],
)
def test_options_for_one_document_are_refused(run: Run, arguments: tuple[str, ...], named: str) -> None:
    command, *options = arguments
    status, lines, err = run(command, "-", "--lines", *options)
    assert (status, lines) == (2, [""])
    assert err.startswith(named)


def test_a_file_that_is_not_there_is_named(run: Run) -> None:
    status, _, err = run("decide", "nowhere.ndjson", "--lines")
    assert status == 2
    assert "nowhere.ndjson" in err


def test_a_line_without_end_is_one_fault_and_the_next_line_is_answered(tmp_path: Path) -> None:
    with (tmp_path / "long.ndjson").open("wb") as file:
        file.write(b'{"title": "' + "é".encode() * (LONGEST_LINE // 2 + 1_000_000) + b'"}\n')
        file.write(json.dumps(SENSORS).encode())
    ran = subprocess.run(
        [*PROGRAM, "decide", "long.ndjson", "--lines", "--detail", "answer"],
        cwd=tmp_path,
        capture_output=True,
        check=True,
        timeout=600,
    )
    first, second = map(json.loads, ran.stdout.decode().splitlines())
    assert [(first["line"], fault["code"]) for fault in first["faults"]] == [(1, "too_long")]
    assert second["answer"]["procedure"] == "adapted_procedure"


def test_an_answer_leaves_before_the_next_line_comes() -> None:
    with subprocess.Popen(
        [*PROGRAM, "decide", "-", "--lines", "--detail", "answer"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as program:
        assert program.stdin is not None
        assert program.stdout is not None
        for amount in ("30000", "85000"):
            program.stdin.write(json.dumps({**SENSORS, "estimated_value": amount}).encode() + b"\n")
            program.stdin.flush()
            assert json.loads(program.stdout.readline())["answer"]["text"]
        program.stdin.close()
        assert program.stdout.read() == b""
    assert program.returncode == 0


@pytest.mark.slow
def test_memory_does_not_grow_with_the_number_of_lines(tmp_path: Path) -> None:
    peaks = []
    for count in (500, 10_000):
        with (tmp_path / "many.ndjson").open("w", encoding="utf-8") as file:
            for i in range(count):
                file.write(json.dumps({**SENSORS, "title": f"x{i}", "estimated_value": str(1_000 + i)}) + "\n")
        with (tmp_path / "out.ndjson").open("wb") as out:
            program = subprocess.Popen(
                [*PROGRAM, "decide", "many.ndjson", "--lines", "--detail", "answer"], cwd=tmp_path, stdout=out
            )
            _, status, used = os.wait4(program.pid, 0)
            program.returncode = os.waitstatus_to_exitcode(status)
        assert program.returncode == 0
        assert len((tmp_path / "out.ndjson").read_bytes().splitlines()) == count
        peaks.append(used.ru_maxrss)
    assert peaks[1] < peaks[0] * 1.3
