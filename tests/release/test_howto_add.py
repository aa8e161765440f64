"""The walks of docs/howto/add-*.md, taken on a copy of the package: what a page says to write is written, and what it shows is answered."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted((ROOT / "docs" / "howto").glob("add-*.md"))
STEP = re.compile(
    r"(?:<!-- (?P<order>add to|file): (?P<file>\S+?)(?: after: (?P<after>.+?))? -->\n)?^```(?P<language>\w+)\n(?P<text>.*?)^```",
    re.DOTALL | re.MULTILINE,
)
PYTHON_FILES = {
    "add-a-fact": 1,  # the field of the purchase
    "add-a-duty": 1,  # the word for editors and type checkers
    "add-a-procedure": 1,
}
"""How many modules a page touches; one that is not named touches none."""


def steps(page: Path) -> list[re.Match[str]]:
    return list(STEP.finditer(page.read_text("utf-8")))


def take(step: re.Match[str], copy: Path) -> None:
    """Write what a step says: a new file, the end of one that stands, or behind the first line that ends as it says."""
    file, text = copy / step["file"], step["text"]
    if step["after"] is None:
        file.parent.mkdir(parents=True, exist_ok=True)
        before = file.read_text("utf-8") + "\n" if file.exists() else ""
        file.write_text(before + text, "utf-8")
        return
    head, found, tail = re.split(rf"(?m)(^.*{re.escape(step['after'])}$\n)", file.read_text("utf-8"), maxsplit=1)
    file.write_text(head + found + text + tail, "utf-8")


def shown(step: re.Match[str], copy: Path) -> None:
    """Each command of a step answers with the lines below it."""
    for part in step["text"].split("$ qmi-rules ")[1:]:
        command, *lines = part.splitlines()
        run = subprocess.run(
            [sys.executable, "-m", "qmi_rules", *shlex.split(command)],
            cwd=copy,
            env=os.environ | {"PYTHONPATH": str(copy / "src"), "COLUMNS": "300"},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert run.returncode == 0, run.stderr
        told = " ".join(run.stdout.split())
        assert [line for line in lines if line not in told] == [], run.stdout


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_what_a_page_adds_answers(page: Path, tmp_path: Path) -> None:
    left_out = shutil.ignore_patterns("__pycache__", "compiled.jsonl", "*.mo")
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=left_out)
    answers = 0
    for step in steps(page):
        if step["order"] is not None:
            take(step, tmp_path)
        elif step["language"] == "text":
            shown(step, tmp_path)
            answers += 1
    assert answers


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_an_addition_is_data_and_at_most_one_file_of_python(page: Path) -> None:
    touched = {step["file"] for step in steps(page) if step["file"] and step["file"].endswith(".py")}
    assert len(touched) == PYTHON_FILES.get(page.stem, 0)


def test_each_kind_of_thing_has_its_page() -> None:
    assert {page.stem.rpartition("-")[2] for page in PAGES} == {
        "fact",
        "procedure",
        "scheme",
        "duty",
        "rubric",
        "language",
    }
