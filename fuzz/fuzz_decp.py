"""Files to the reader of published contracts: every record is typed or refused with its reason; the audit writes itself."""

import contextlib
import io
import sys
import tempfile
from pathlib import Path

import atheris
import instrumented  # noqa: F401  (before the library)
from mutation import json_after

from qmi_rules.decp import audit_files, write_json
from qmi_rules.errors import QmiRulesError

FILE = Path(tempfile.mkdtemp()) / "fuzzed"


def one_input(data: bytes) -> None:
    FILE.write_bytes(data)
    with contextlib.suppress(QmiRulesError):
        write_json(audit_files([FILE]), io.StringIO())


if __name__ == "__main__":
    atheris.Setup(sys.argv, one_input, custom_mutator=json_after(0))
    atheris.Fuzz()
