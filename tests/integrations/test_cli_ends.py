"""How commands end: files whole or not at all, one clear line for each fault, one meaning for each status, nothing that steers."""

import csv
import errno
import io
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

pytest.importorskip("cyclopts")

from qmi_rules.decp import audit_rows, to_csv
from qmi_rules.doors.cli import main
from qmi_rules.pages.harmless import cell, cleaned, escaped

EXAMPLES = Path(__file__).parents[2] / "examples"
DOSSIER = EXAMPLES / "dossier-pelican-cycles.json"
PUBLISHED = Path(__file__).parents[1] / "decp" / "published.json"
COMMAND = [sys.executable, "-c", "from qmi_rules.doors.cli import main; main()"]


def status(*arguments: object) -> int:
    with pytest.raises(SystemExit) as ended:
        main([*map(str, arguments), *([] if "--lang" in arguments else ["--lang", "en"])])
    return int(ended.value.code or 0)


def ran(*arguments: object, **options: Any) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run([*COMMAND, *map(str, arguments)], capture_output=True, timeout=120, check=False, **options)


# --- files


def test_an_input_is_not_overwritten_without_force(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    dossier = tmp_path / "dossier.json"
    dossier.write_bytes(DOSSIER.read_bytes())
    other = tmp_path / "other.json"
    other.hardlink_to(dossier)
    for target in (dossier, other, tmp_path / "." / "dossier.json"):
        assert status("brief", dossier, "--md", target) == 2
        assert "--force" in capsys.readouterr().err
    assert dossier.read_bytes() == DOSSIER.read_bytes()
    assert status("brief", dossier, "--md", dossier, "--force") == 0
    assert dossier.read_text("utf-8").startswith("#")


def test_a_link_is_not_followed_without_force(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    secret = tmp_path / "secret"
    secret.write_text("secret")
    link = tmp_path / "plan.md"
    link.symlink_to(secret)
    assert status("brief", DOSSIER, "--md", link) == 2
    assert "link" in capsys.readouterr().err
    assert secret.read_text() == "secret"
    assert status("brief", DOSSIER, "--md", link, "--force") == 0
    assert link.is_symlink()
    assert secret.read_text("utf-8").startswith("#")


def test_a_full_disk_leaves_the_former_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "plan.html"
    target.write_text("former")

    def full(descriptor: int, *arguments: Any, **options: Any) -> Any:
        file = open(descriptor, *arguments, **options)  # noqa: SIM115

        def write(text: str) -> int:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        file.write = write
        return file

    monkeypatch.setattr(os, "fdopen", full)
    for command in (
        ["brief", DOSSIER, "--html", target],
        ["audit", PUBLISHED, "--csv", target],
        ["audit", PUBLISHED, "--html", target],
    ):
        assert status(*command) == 2
        assert capsys.readouterr().err.splitlines()[-1] == f"{target}: cannot be written: No space left on device"
        assert [path.name for path in tmp_path.iterdir()] == ["plan.html"]
        assert target.read_text() == "former"


@pytest.mark.parametrize(
    "error", [errno.ENOTDIR, errno.ELOOP, errno.EIO, errno.EACCES, errno.ENAMETOOLONG, errno.EROFS]
)
def test_every_fault_of_the_system_is_one_line(
    error: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def failing(*_: Any, **__: Any) -> Any:
        raise OSError(error, os.strerror(error), "somewhere")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "open", failing)
        assert status("decide", EXAMPLES / "lots.json") == 2
    assert capsys.readouterr() == ("", f"somewhere: cannot be read: {os.strerror(error)}\n")
    with monkeypatch.context() as patched:
        patched.setattr(os, "open", failing)
        assert status("brief", DOSSIER, "--md", tmp_path / "x.md") == 2
    assert capsys.readouterr().err == f"{tmp_path / 'x.md'}: cannot be written: {os.strerror(error)}\n"


def test_a_folder_in_the_place_of_a_file_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("")
    for target in (tmp_path, tmp_path / "file" / "x", tmp_path / "nowhere" / "x"):
        assert status("brief", DOSSIER, "--md", target) == 2
        assert len(capsys.readouterr().err.splitlines()) == 1


def test_a_file_keeps_its_mode(tmp_path: Path) -> None:
    target = tmp_path / "plan.md"
    target.write_text("")
    target.chmod(0o640)
    assert status("brief", DOSSIER, "--md", target) == 0
    assert target.stat().st_mode & 0o777 == 0o640


# --- streams and signals


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_standard_output_is_one_line_and_2() -> None:
    with open("/dev/full", "wb") as full:
        ended = subprocess.run(
            [*COMMAND, "audit", str(PUBLISHED), "--json"], stdout=full, stderr=subprocess.PIPE, timeout=120, check=False
        )
    assert ended.returncode == 2
    assert json.loads(ended.stderr)["faults"][0]["params"] == {"why": "No space left on device"}


def test_a_reader_that_has_seen_enough_ends_it_quietly() -> None:
    with subprocess.Popen(
        [*COMMAND, "audit", str(PUBLISHED), "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.wait(120) == 0
        assert process.stderr is not None
        assert process.stderr.read() == b""


READS, ASKS, WRITES = ["decide", "-"], ["ask", "--json"], ["demo"]


@pytest.mark.parametrize(
    ("closed", "arguments"),
    [
        ("<&-", READS),
        ("<&-", ASKS),
        (">&-", ASKS),
        (">&-", WRITES),
        ("2>&-", READS),
        *(
            pytest.param(closed, arguments, marks=pytest.mark.slow)
            for closed in ("<&-", ">&-", "2>&-")
            for arguments in (READS, ASKS, ["audit", "-"], WRITES)
        ),
    ],
)
def test_closed_streams_leave_no_traceback(closed: str, arguments: list[str]) -> None:
    command = f'exec "$@" {closed}'
    ended = subprocess.run(
        ["/bin/sh", "-c", command, "sh", *COMMAND, *arguments],
        input=b"{}",
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert b"Traceback" not in ended.stderr
    assert ended.returncode in (0, 2)


SLOW = """
import signal, sys, time
from pathlib import Path
from types import ModuleType
import qmi_rules.decp
from qmi_rules.doors.cli import main
def slowly(result, file, lang):
    file.write("half")
    print("writing", flush=True)
    time.sleep(60)
qmi_rules.decp.to_csv = slowly
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell that starts the tests in the background has it ignored
main(["audit", sys.argv[1], "--csv", sys.argv[2]])
"""


@pytest.mark.parametrize(("number", "expected"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_end_from_outside_leaves_no_half_file(tmp_path: Path, number: int, expected: int) -> None:
    target = tmp_path / "out" / "audit.csv"
    target.parent.mkdir()
    target.write_text("former")
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    with subprocess.Popen(
        [sys.executable, "-c", SLOW, str(PUBLISHED), str(target)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "TMPDIR": str(temporary)},
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"writing\n"
        process.send_signal(number)
        assert process.wait(60) == expected
        assert process.stderr is not None
        assert process.stderr.read() == b""
    assert [path.name for path in target.parent.iterdir()] == ["audit.csv"]
    assert target.read_text() == "former"
    assert list(temporary.iterdir()) == []


def test_an_end_while_it_loads_is_one_without_a_word(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    class Loading(ModuleType):
        def __getattr__(self, name: str) -> object:
            raise KeyboardInterrupt

    monkeypatch.setitem(sys.modules, "qmi_rules.doors.cli.app", Loading("app"))
    assert status("demo") == 130
    assert capsys.readouterr() == ("", "")


# --- audit


def test_audit_reads_standard_input() -> None:
    piped = ran("audit", "-", "--json", input=PUBLISHED.read_bytes())
    named = ran("audit", PUBLISHED, "--json")
    assert (piped.returncode, piped.stderr) == (0, b"")
    told, expected = json.loads(piped.stdout), json.loads(named.stdout)
    assert told["verdicts"] == expected["verdicts"]
    assert {result["source"] for result in told["results"]} == {"-"}


def test_a_truncated_file_is_answered_as_far_as_it_goes_and_ends_with_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    cut = tmp_path / "cut.json"
    cut.write_bytes(PUBLISHED.read_bytes()[:-40])
    assert status("audit", cut, "--json") == 2
    out, err = capsys.readouterr()
    assert json.loads(out)["contracts"] > 30
    (told,) = json.loads(err)["faults"]
    assert told["path"].startswith("cut.json[")
    for content in (os.urandom(3_000), b""):
        cut.write_bytes(content)
        assert status("audit", cut) == 2
        assert capsys.readouterr().err.startswith("cut.json[1]")
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content)))
        assert status("audit", "-") == 2
        assert capsys.readouterr().err.startswith("standard input[1]")


def test_a_file_without_any_record_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    empty = tmp_path / "empty.json"
    empty.write_text('{"marches": []}')
    assert status("audit", empty, "--lang", "en") == 0
    assert "No record was found" in capsys.readouterr().out


# --- ask


@pytest.mark.parametrize("lines", ["", "Capteurs\n2026-05-15\n85000\nfin\n", "\u202e\x1b[31m\n?\n?\n"])
def test_ask_as_json_prints_only_json(lines: str, tmp_path: Path) -> None:
    more = ["--save", str(tmp_path / "saved.json")] if lines else []
    ended = ran("ask", "--json", *more, input=lines.encode())
    assert ended.returncode == 0
    assert isinstance(json.loads(ended.stdout), dict)
    assert not {"\x1b", "\u202e"} & set(ended.stdout.decode())


def test_ask_ends_with_2_before_it_says_anything_and_with_0_after(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    known = tmp_path / "known.json"
    known.write_text('{"title": 5}')
    assert status("ask", known) == 2
    assert capsys.readouterr().out == ""
    for line in (b"\x00", b"\x1b[31m", b"\xed\xa0\x80", "é".encode() * 30_000):
        ended = ran("ask", input=line + b"\nfin\n")
        assert (ended.returncode, ended.stderr) == (0, b"")


# --- what steers


STEERING = "a\u009b31m\x1b]0;b\x07\u202ec\u2066d\u2028e\ufefff\U000e0041g\x00"


def test_nothing_that_steers_is_written() -> None:
    assert json.loads(escaped(json.dumps(STEERING, ensure_ascii=False))) == STEERING
    for text in (escaped(json.dumps(STEERING, ensure_ascii=False)), cleaned(STEERING), cell(STEERING)):
        assert not set("\u009b\x1b\x07\u202e\u2066\u2028\ufeff\U000e0041\x00") & set(text)
    assert (
        cleaned("é œ — 40\u202f000\u00a0€ \U0001f469\u200d\U0001f680\n")
        == "é œ — 40\u202f000\u00a0€ \U0001f469\u200d\U0001f680\n"
    )


@pytest.mark.parametrize(
    "text", ["=1+1", "a;=1+1", "a,@SUM(1)", 'a"; =1', "\t=1", "a\n-1", "+1", " =1", "＝1", "a\r=1", "x|=1"]
)
def test_no_separator_makes_a_formula_of_a_cell(text: str) -> None:
    found = audit_rows([{"id": text, "acheteur": {"id": text}, "dateNotification": "2024-05-15", "montant": 1000}])
    stream = io.StringIO(newline="")
    to_csv(found, stream)
    for separator in (",", ";", "\t", "|"):
        for row in csv.reader(io.StringIO(stream.getvalue(), newline=""), delimiter=separator):
            assert not any(part.strip(" \"'\t")[:1] in tuple("=+-@＝") and "'" not in part for part in row)


def test_the_paths_that_commands_tell_of_steer_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert status("brief", DOSSIER, "--md", tmp_path / "a\u009b\x1b[31m\u202e.md") == 0
    assert not {"\u009b", "\x1b", "\u202e"} & set(capsys.readouterr().err)
