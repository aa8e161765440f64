"""The how-to page: its Python runs as it stands."""

import re
from importlib.util import find_spec
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "howto" / "plan-the-calendar.md"
BLOCK = re.compile(r"(<!-- needs: (?P<needs>\w+) -->\n)?```python\n(?P<code>.*?)```", re.DOTALL)


def test_the_page_runs() -> None:
    names: dict[str, object] = {}
    found = list(BLOCK.finditer(PAGE.read_text(encoding="utf-8")))
    assert len(found) >= 6
    for block in found:
        if block["needs"] is None or find_spec(block["needs"]) is not None:
            exec(compile(block["code"], PAGE.name, "exec"), names)
