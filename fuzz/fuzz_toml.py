"""TOML files to the loaders of tables, rubrics and schemes: loaded or refused with file and path."""

import sys
import tempfile
from pathlib import Path

import atheris
import instrumented  # noqa: F401  (before the library)
from mutation import toml_after

from qmi_rules.errors import DocumentError, TableError
from qmi_rules.funding import load_schemes
from qmi_rules.law import default_table, load_table
from qmi_rules.scoring import load_rubric

LOADERS = (load_table, load_rubric, load_schemes)
FILE = Path(tempfile.mkdtemp()) / "fuzzed.toml"


def one_input(data: bytes) -> None:
    if not data:
        return
    FILE.write_bytes(data[1:])
    try:
        loaded = LOADERS[data[0] % len(LOADERS)](FILE)
        if getattr(loaded, "local", False):
            loaded.over(default_table())
    except (TableError, DocumentError) as error:
        if not error.problems:
            raise AssertionError("a refusal names its faults") from error


if __name__ == "__main__":
    atheris.Setup(sys.argv, one_input, custom_mutator=toml_after(1))
    atheris.Fuzz()
