"""The documentation runs: Python blocks of each page in order, files as the page shows them, and its `qmi-rules` commands.

A line ``<!-- file: NAME -->`` before a block writes it to a file of that name; ``<!-- needs: MODULE -->`` before a Python block
leaves it out where that module is not installed. Pages see ``examples/`` beside them, as in the repository.
"""

import re
import shlex
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from qmi_rules.doors.cli import main

ROOT = Path(__file__).parents[1]
PAGES = sorted(page for page in (ROOT / "docs").rglob("*.md") if "_build" not in page.parts)
BLOCK = re.compile(
    r"(?:<!-- (?P<order>needs|file): (?P<name>[\w./-]+) -->\n)?^```(?P<language>\w+)\n(?P<code>.*?)^```",
    re.DOTALL | re.MULTILINE,
)
OPTIONAL = {"docx", "duckdb", "matplotlib", "pandas", "polars", "pyarrow", "pyspark"}
SHOWN_FILES = {
    ("find-funding.md", "toml"): "own-schemes.toml",
    ("score-a-solution.md", "toml"): "grille-parisandco.toml",
    ("write-the-justification-note.md", "json"): "evidence.json",
}
"""Pages that say in a sentence what the file is called."""


def blocks(page: Path) -> list[re.Match[str]]:
    return list(BLOCK.finditer(page.read_text(encoding="utf-8")))


def commands(page: Path) -> list[str]:
    """The `qmi-rules` commands of the console blocks of a page; a line that ends in a backslash goes on."""
    shown = "".join(block["code"] for block in blocks(page) if block["language"] == "console").replace("\\\n", " ")
    return [line.removeprefix("$ ") for line in shown.splitlines() if line.startswith("$ qmi-rules")]


def of(page: Path) -> str:
    return page.relative_to(ROOT / "docs").as_posix()


@pytest.mark.parametrize(
    "page",
    [
        # the page that proves the whole table takes as long as all others together
        pytest.param(page, marks=[pytest.mark.slow] if page.stem == "how-the-table-is-proved" else [])
        for page in PAGES
        if "```python" in page.read_text(encoding="utf-8")
    ],
    ids=of,
)
def test_the_python_of_a_page_runs_in_order(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "examples").symlink_to(ROOT / "examples", target_is_directory=True)
    names: dict[str, object] = {"__name__": page.stem}
    for block in blocks(page):
        file = block["name"] if block["order"] == "file" else SHOWN_FILES.get((page.name, block["language"]))
        if file is not None:
            (tmp_path / file).write_text(block["code"], encoding="utf-8")
        elif block["language"] == "python" and (block["order"] is None or find_spec(block["name"]) is not None):
            line = page.read_text(encoding="utf-8")[: block.start("code")].count("\n")
            try:
                exec(compile("\n" * line + block["code"], of(page), "exec"), names)
            except ModuleNotFoundError as error:
                if error.name not in OPTIONAL:
                    raise
                pytest.skip(f"the page needs {error.name}, which is not installed")


@pytest.mark.parametrize(
    ("page", "command"),
    [
        pytest.param(of(page), command, marks=[pytest.mark.slow] if command == "qmi-rules check" else [])
        for page in PAGES
        for command in commands(page)
    ],
    ids=lambda value: value[:60],
)
def test_the_commands_of_a_page_answer(
    page: str, command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """What a shell must join runs in one, the rest in this process: it says the same, and starts at once."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "examples").symlink_to(ROOT / "examples", target_is_directory=True)
    if re.search("[|<>]", command):
        path = f"{Path(sys.executable).parent}:/usr/bin:/bin"
        run = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", command], capture_output=True, env={"PATH": path}, timeout=600
        )
        status, out, faults = run.returncode, run.stdout.decode(), run.stderr.decode()
    else:
        with pytest.raises(SystemExit) as leaving:
            main(shlex.split(command)[1:])
        status, (out, faults) = leaving.value.code or 0, capfd.readouterr()
    assert status == 0, faults
    assert out or any(tmp_path.glob("*.txt"))  # written into a file, or shown
    if page == "premiers-pas.md":  # who begins sees the whole answer at once
        assert out.count("\n") <= 30


def test_every_link_between_pages_leads_somewhere() -> None:
    lost = [
        f"{of(page)}: {target}"
        for page in PAGES
        for target in re.findall(
            r"\]\((?!https?://|mailto:|#)([^)#\s]+)", re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.DOTALL)
        )
        if not (page.parent / target).exists() and "_build/pictures" not in target  # drawn when the site is built
    ]
    assert lost == []


@pytest.mark.parametrize("folder", ["decisions", "explanation", "howto"])
def test_every_file_that_a_page_names_stands_there(folder: str) -> None:
    """A path with a folder, of the repository or of the package; what a reader is to write or to make has no folder or a placeholder."""
    roots = (ROOT, ROOT / "src", ROOT / "src" / "qmi_rules")
    lost = [
        f"{of(page)}: {path}"
        for page in sorted((ROOT / "docs" / folder).glob("*.md"))
        for path in re.findall(r"`([a-z_]+(?:/[a-z_0-9.]+)+)`", page.read_text("utf-8"))
        if not any((root / path).exists() for root in roots)
    ]
    assert lost == []
