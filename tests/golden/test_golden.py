"""What the commands answer on the examples under a frozen law stays what it was: as text, JSON and HTML, in both languages."""

import subprocess
import sys

import pytest

from golden.commands import HERE

FORMS = ("fr", "en", "json")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Every document by its path, made in a process of its own: no other test sees the frozen law."""
    folder = tmp_path_factory.mktemp("golden")
    subprocess.run(
        [sys.executable, str(HERE / "commands.py"), str(folder)], check=True, capture_output=True, timeout=500
    )
    return read(folder)


def read(folder):
    return {f"{form}/{file.name}": file.read_text("utf-8") for form in FORMS for file in (folder / form).iterdir()}


def test_the_commands_answer_what_they_answered(made):
    frozen = read(HERE)
    assert [path for path, text in made.items() if frozen.get(path) != text] == []


def test_no_golden_document_is_left_over(made):
    assert set(read(HERE)) == set(made)
