"""The modules of the package as trees, for tests that read the code: parsed once by a process, not by each of them."""

import ast
from functools import cache
from importlib.resources import files
from pathlib import Path

PACKAGE = Path(str(files("qmi_rules")))


@cache
def modules() -> dict[str, ast.Module]:
    """The modules of the package, parsed, by path."""
    return {
        path.relative_to(PACKAGE).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted(PACKAGE.rglob("*.py"))
    }
