"""The how-to pages: their Python runs as it stands, on the files that they show."""

import re
from importlib.util import find_spec
from pathlib import Path

import pytest

HOWTO = Path(__file__).parents[2] / "docs" / "howto"
BLOCK = re.compile(r"(<!-- needs: (?P<needs>\w+) -->\n)?```(?P<language>\w+)\n(?P<code>.*?)```", re.DOTALL)


def blocks(page: str) -> list[re.Match[str]]:
    return list(BLOCK.finditer((HOWTO / page).read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    ("page", "files"),
    [
        ("score-a-solution.md", {"toml": "grille-parisandco.toml"}),
        ("write-the-justification-note.md", {"json": "evidence.json"}),
    ],
)
def test_the_page_runs(page: str, files: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = blocks(page)
    for block in found:
        if block["language"] in files:
            (tmp_path / files[block["language"]]).write_text(block["code"], encoding="utf-8")
    names: dict[str, object] = {}
    for block in found:
        if block["language"] == "python" and (block["needs"] is None or find_spec(block["needs"]) is not None):
            exec(compile(block["code"], page, "exec"), names)
