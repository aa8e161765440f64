"""The compiled law is the TOML, byte for byte of meaning; and it is never read where a TOML file is newer."""

import json
import os
import re
import shutil
import sys
from pathlib import Path

import pytest

from qmi_rules.documents import structure
from qmi_rules.documents.toml import read_toml
from qmi_rules.law import TableFile, default_table, packaged
from qmi_rules.law.loading import NOT_LAW, assemble

ROOT = Path(__file__).parents[2]
LAW = ROOT / "src" / "qmi_rules" / "data" / "law"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A copy of the law's folder with its compiled file, in place of the package's."""
    sys.path.insert(0, str(ROOT))
    try:
        hatch_build = pytest.importorskip("hatch_build")
    finally:
        sys.path.pop(0)
    copy = tmp_path / "law"
    shutil.copytree(LAW, copy)
    hatch_build.compile_law(copy)
    monkeypatch.setattr(packaged, "package_data", lambda *parts: copy)
    packaged.law_files.cache_clear()
    yield copy
    packaged.law_files.cache_clear()


def test_it_makes_the_same_table(folder):
    compiled = json.loads((folder / "compiled.json").read_text("utf-8"))
    assert packaged.law_files() == compiled
    table = assemble((name, structure(content, TableFile)) for name, content in compiled.items() if name not in NOT_LAW)
    assert table == default_table()
    assert table.hash == default_table().hash


def test_a_newer_toml_file_goes_before_it(folder):
    edition = folder / "edition.toml"
    edition.write_text(re.sub('edition = ".*"', 'edition = "newer"', edition.read_text("utf-8"), count=1), "utf-8")
    later = (folder / "compiled.json").stat().st_mtime + 10
    os.utime(edition, (later, later))
    assert packaged.law_files()["edition.toml"] == read_toml(edition)
    assert packaged.law_files()["edition.toml"]["edition"] == "newer"
