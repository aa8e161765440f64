"""The compiled law is the TOML, byte for byte of meaning; it is never read where a TOML file is newer, and only as far as it is asked."""

import json
import os
import pickle
import re
import shutil
import sys
from datetime import date
from pathlib import Path

import pytest

from qmi_rules import Purchase, decide
from qmi_rules.errors import TableError
from qmi_rules.law import Table, TableFile, Threshold, default_table, load_table, package_files
from qmi_rules.schema.toml import read_toml

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
    monkeypatch.setattr(package_files, "package_data", lambda *parts: copy)
    forget()
    yield copy
    forget()


def forget():
    """Read anew what was read of the law's folder."""
    for read in (package_files.compiled_law, package_files.law_files):
        read.cache_clear()


def fresh() -> Table:
    """The national table as a new process has it."""
    return default_table.__wrapped__()


def made(table: Table) -> set[str]:
    """The sections that were made already."""
    return set(vars(table)) & {
        "sources",
        "thresholds",
        "procedures",
        "rules",
        "duties",
        "duty_rows",
        "cautions",
        "declared",
    }


def test_it_makes_the_same_table(folder):
    compiled, written = fresh(), load_table(folder)
    assert "_section" in vars(compiled)
    assert compiled == written
    assert compiled.hash == written.hash
    assert compiled.facts == {fact.id: fact for fact in package_files.law_file("facts.toml", TableFile).facts}


def test_the_days_of_change_that_the_build_works_out_are_those_of_the_rows(folder):
    assert package_files.compiled_law().days == load_table(folder)._changes


def test_a_section_is_made_when_it_is_first_read(folder):
    table = fresh()
    assert made(table) == set()
    purchase = Purchase(title="x", launched_on=date(2026, 5, 15), estimated_value=85_000, contract_type="services")
    assert decide(purchase, table).options[0].status
    assert made(table) == {"rules", "thresholds", "procedures"}
    assert table.sources is table.sources
    assert made(table) == {"rules", "thresholds", "procedures", "sources"}
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        table.nothing  # noqa: B018


def test_it_travels_whole(folder):
    table = fresh()
    again = pickle.loads(pickle.dumps(table))
    assert "_section" not in vars(again)
    assert again == table
    assert table.replace(edition="mine").rules == table.rules


def test_a_toml_file_that_was_changed_goes_before_it_however_old_it_is(folder):
    edition = folder / "edition.toml"
    edition.write_text(re.sub('edition = ".*"', 'edition = "newer"', edition.read_text("utf-8"), count=1), "utf-8")
    earlier = (folder / package_files.COMPILED).stat().st_mtime - 10
    os.utime(edition, (earlier, earlier))
    forget()
    assert package_files.compiled_law() is None
    assert package_files.law_files()["edition.toml"] == read_toml(edition)
    assert fresh().edition == "newer"


def test_a_compiled_file_that_lacks_a_key_is_refused(folder):
    file = folder / package_files.COMPILED
    head, *lines = file.read_text("utf-8").rstrip("\n").split("\n")
    place = json.loads(head)["sections"].index("thresholds")
    thresholds = json.loads(lines[place])
    del thresholds[0]["values"]
    lines[place] = json.dumps(thresholds)
    file.write_text("\n".join([head, *lines]), "utf-8")
    forget()
    with pytest.raises(TableError, match="values"):
        package_files.compiled_law().section("thresholds", Threshold)


def test_it_is_read_whichever_file_an_installer_wrote_last(folder):
    for file in folder.glob("*.toml"):
        later = (folder / package_files.COMPILED).stat().st_mtime + 10
        os.utime(file, (later, later))
    forget()
    assert package_files.compiled_law() is not None
