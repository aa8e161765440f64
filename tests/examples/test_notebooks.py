"""The notebooks run as scripts, open as notebooks, and every result in them shows itself."""

import ast
from pathlib import Path

import pytest

NOTEBOOKS = sorted((Path(__file__).parents[2] / "examples" / "notebooks").glob("*.py"))


def cells(path: Path) -> list[str]:
    """The code cells of a percent file."""
    parts = path.read_text("utf-8").split("# %%")
    return [part.split("\n", 1)[1] for part in parts[1:] if not part.startswith(" [markdown]")]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_each_cell_runs_and_each_result_shows_itself(path):
    namespace: dict[str, object] = {"__file__": str(path)}
    for cell in cells(path):
        tree = ast.parse(cell)
        last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, str(path), "exec"), namespace)
        if last is not None:
            result = eval(compile(ast.Expression(last.value), str(path), "eval"), namespace)
            if type(result).__module__.startswith("qmi_rules") and not isinstance(
                result, str
            ):  # a word of a list shows itself
                html = result._repr_html_()
                assert html.lstrip().startswith("<")
                assert "lang=" in html or "<svg" in html


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_opens_as_a_notebook(path):
    jupytext = pytest.importorskip("jupytext")
    nbformat = pytest.importorskip("nbformat")
    notebook = jupytext.reads(path.read_text("utf-8"), fmt="py:percent")
    nbformat.validate(notebook)
    assert sum(cell.cell_type == "code" for cell in notebook.cells) == len(cells(path))
