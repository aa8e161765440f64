"""Loading tables: from a TOML file, from a folder of them, or the table of the package."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from qmi_rules.documents import load_toml
from qmi_rules.documents.scalars import require, shown
from qmi_rules.errors import Problem, TableError
from qmi_rules.law.assembly import TableFile, assemble
from qmi_rules.law.packaged import law_file, law_files
from qmi_rules.law.table import Table

UNITS = ("EUR HT", "share", "months", "multiple")
"""What thresholds are measured in; a multiple of an amount is shown and compared with no fact of a purchase."""
NOT_LAW = ("facts.toml",)
"""Files of a table's folder that hold the vocabulary and no law."""


def load_table(path: Path | str) -> Table:
    """Load a table from a TOML file or from a folder of TOML files.

    Raises:
        TableError: All faults of a file at once; each names file, path and what to do.
        UnknownReferenceError: A row names something that is not declared.
        OverlappingPeriodsError: Two values of a series claim the same day.
        DocumentError: `path` is no path.
    """
    require("path", path, Path, str)
    root = Path(path)
    files = sorted(root.glob("*.toml")) if root.is_dir() else [root]
    files = [file for file in files if file.name not in NOT_LAW]
    if not files:
        raise TableError("no TOML file in this folder", str(root))
    try:
        contents = [(str(file), load_toml(file, TableFile)) for file in files]
        if problems := [*_wrong_units(contents)]:
            raise TableError(problems)
        return assemble(contents)
    except TableError as error:
        if error.where or all(problem.path for problem in error.problems):  # then the file is named already
            raise
        raise type(error)(error.problems, str(root)) from None


def _wrong_units(files: list[tuple[str, TableFile]]) -> Iterator[Problem]:
    """Thresholds in something that no fact of a purchase is measured in: pages and what-if would not know what to say."""
    for where, content in files:
        for threshold in content.thresholds:
            if threshold.unit not in UNITS:
                path = f"{where}: thresholds[{threshold.id}].unit"
                yield Problem(path, f"expected one of {', '.join(UNITS)}, got {shown(threshold.unit)}")


@cache
def default_table() -> Table:
    """The national table of the package."""
    return assemble((name, law_file(name, TableFile)) for name in law_files() if name not in NOT_LAW)
