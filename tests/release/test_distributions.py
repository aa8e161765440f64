"""What is published: the wheel and the source distribution hold what they must and nothing else, and are the same when built again."""

import hashlib
import json
import os
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from email import message_from_string
from email.message import Message
from importlib.util import find_spec
from pathlib import Path

import pytest

from qmi_rules import __version__

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
EPOCH = "1766966400"
if find_spec("hatchling") is None or not (ROOT / ".git").exists():
    pytest.skip("needs hatchling, which builds the distributions, and the repository", allow_module_level=True)
LICENCES = "MIT AND etalab-2.0"  # of the code, and of the communes: the Licence Ouverte


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what is committed or would be: git's view of the tree, so that no cache slips in."""
    folder = tmp_path_factory.mktemp("source")
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
        timeout=600,
    )
    for name in listed.stdout.decode().split("\0"):
        if name and (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes((ROOT / name).read_bytes())
    return folder


LATER = """
import datetime, runpy, sys, time

class Later(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return real.now(tz) + datetime.timedelta(days=40, minutes=1)

real, datetime.datetime, now = datetime.datetime, Later, time.time
time.time = lambda: now() + 40 * 86_400 + 60
runpy.run_module("hatchling", run_name="__main__", alter_sys=True)
"""
"""Hatchling by another clock, some weeks on."""


def build(source: Path, folder: Path, later: bool = False) -> tuple[Path, Path]:
    """Build the wheel and the source distribution."""
    subprocess.run(
        [sys.executable, *(("-c", LATER) if later else ("-m", "hatchling")), "build", "-d", str(folder)],
        cwd=source,
        check=True,
        capture_output=True,
        env={**os.environ, "SOURCE_DATE_EPOCH": EPOCH},
        timeout=600,
    )
    return next(folder.glob("*.whl")), next(folder.glob("*.tar.gz"))


@pytest.fixture(scope="module")
def built(source: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return build(source, tmp_path_factory.mktemp("dist"))


@pytest.fixture(scope="module")
def wheel(built: tuple[Path, Path]) -> dict[str, bytes]:
    with zipfile.ZipFile(built[0]) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="module")
def sdist(built: tuple[Path, Path]) -> dict[str, bytes]:
    with tarfile.open(built[1]) as archive:
        return {
            member.name.split("/", 1)[1]: archive.extractfile(member).read()  # type: ignore[union-attr]
            for member in archive
            if member.isfile()
        }


@pytest.fixture(scope="module")
def metadata(wheel: dict[str, bytes]) -> Message:
    (name,) = (name for name in wheel if name.endswith(".dist-info/METADATA"))
    return message_from_string(wheel[name].decode())


def test_the_same_bytes_come_out_elsewhere_later_and_from_the_source_distribution_alone(built, tmp_path):
    """Nothing but hatchling and babel is needed, both are here: nothing is fetched."""

    def hashes(files):
        return [hashlib.sha256(file.read_bytes()).hexdigest() for file in files]

    with tarfile.open(built[1]) as archive:
        archive.extractall(tmp_path / "elsewhere", filter="data")
    (elsewhere,) = (tmp_path / "elsewhere").iterdir()
    (elsewhere / "PKG-INFO").unlink()  # made by the build
    assert hashes(build(elsewhere, tmp_path / "dist", later=True)) == hashes(built)


def test_the_wheel_brings_a_bill_of_materials_with_the_licences(wheel, metadata):
    (bill,) = (json.loads(text) for name, text in wheel.items() if name.endswith(".dist-info/sboms/qmi-rules.cdx.json"))
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    itself = bill["metadata"]["component"]
    assert (itself["purl"], itself["licenses"]) == (f"pkg:pypi/qmi-rules@{__version__}", [{"expression": LICENCES}])
    data, *libraries = bill["components"]
    assert data["licenses"] == [{"license": {"id": "etalab-2.0"}}]
    packed = wheel["qmi_rules/data/territory/communes.tsv.gz"]
    assert data["hashes"] == [{"alg": "SHA-256", "content": hashlib.sha256(packed).hexdigest()}]
    asked = {re.split(r"[^\w-]", line)[0].lower(): "extra ==" in line for line in metadata.get_all("Requires-Dist", [])}
    assert {library["name"]: library["scope"] == "optional" for library in libraries} == asked
    assert bill["dependencies"] == [
        {"ref": itself["bom-ref"], "dependsOn": [part["bom-ref"] for part in bill["components"]]}
    ]


def test_the_wheel_holds_every_module_and_every_data_file(wheel):
    package = ROOT / "src" / "qmi_rules"
    expected = {
        f"qmi_rules/{path.relative_to(package).as_posix()}"
        for path in package.rglob("*")
        if path.is_file() and path.suffix not in (".po", ".mo", ".pyc", ".json") and ".mypy_cache" not in path.parts
    }
    assert expected <= wheel.keys()
    assert len([name for name in expected if name.endswith(".toml")]) > 25


def test_the_wheel_holds_nothing_else(wheel):
    built = {"qmi_rules/data/law/compiled.jsonl", f"qmi_rules-{__version__}.dist-info/sboms/qmi-rules.cdx.json"}
    inside = [name for name in wheel if not name.startswith("qmi_rules/data/examples/") and name not in built]
    assert built <= wheel.keys()
    assert {name.split("/")[0] for name in inside} == {"qmi_rules", f"qmi_rules-{__version__}.dist-info"}
    assert [name for name in inside if name.endswith((".json", ".jsonl"))] == []
    known = (".json", ".py", ".toml", ".csv", ".md", ".mo", ".j2", ".gz", ".typed", ".js", ".css", ".html")
    assert [name for name in inside if name.startswith("qmi_rules/") and not name.endswith(known)] == []


def test_the_wheel_is_small(built, wheel):
    assert built[0].stat().st_size < 2_000_000
    assert len(wheel["qmi_rules/data/territory/communes.tsv.gz"]) < 800_000


def test_the_typed_marker_and_the_compiled_catalogues_are_in_the_wheel(wheel):
    assert "qmi_rules/py.typed" in wheel
    for language in ("fr", "en"):
        assert wheel[f"qmi_rules/locale/{language}/LC_MESSAGES/qmi_rules.mo"][:4] in (
            b"\xde\x12\x04\x95",
            b"\x95\x04\x12\xde",
        )
    assert [name for name in wheel if name.endswith(".po")] == []


def test_the_examples_that_the_demo_reads_are_in_the_wheel(wheel):
    for case in ("pelican-cycles", "purple-alternative-surface", "floware-ecomesure"):
        assert wheel[f"qmi_rules/data/examples/{case}.json"] == (ROOT / "examples" / f"{case}.json").read_bytes()


def test_the_metadata_says_what_the_project_file_says(metadata):
    assert metadata["Name"] == "qmi-rules"
    assert metadata["Version"] == __version__
    assert metadata["Requires-Python"] == ">=3.11"
    assert metadata["License-Expression"] == PROJECT["license"] == LICENCES
    assert "Typing :: Typed" in metadata.get_all("Classifier", [])
    assert set(metadata.get_all("Provides-Extra", [])) == set(PROJECT["optional-dependencies"])
    assert "decide" in metadata.get_payload()  # the README


def test_the_licences_travel_with_the_wheel(wheel, metadata):
    assert set(metadata.get_all("License-File", [])) == set(PROJECT["license-files"])
    for file in PROJECT["license-files"]:
        assert any(name.endswith(f"dist-info/licenses/{file}") for name in wheel), file


def test_dependencies_have_lower_bounds_and_no_upper_ones(metadata):
    for requirement in metadata.get_all("Requires-Dist", []):
        wanted = requirement.split(";")[0]
        assert ">=" in wanted, requirement
        assert not re.search(r"<|==|~=", wanted), requirement


def test_the_command_line_is_declared(wheel):
    (name,) = (name for name in wheel if name.endswith("entry_points.txt"))
    assert "qmi-rules = qmi_rules.doors.cli:main" in wheel[name].decode()


def test_the_source_distribution_can_be_tested_and_built_again(sdist):
    for file in (
        "pyproject.toml",
        "README.md",
        "CHANGELOG.md",
        "LICENSE",
        "hatch_build.py",
        "tests/test_readme.py",
        "docs/index.md",
    ):
        assert file in sdist
    assert any(name.endswith(".po") for name in sdist)
    assert any(name.startswith("examples/") for name in sdist)


def test_the_source_distribution_holds_nothing_that_is_made(sdist):
    made = (".mo", ".pyc", ".whl", "uv.lock", "compiled.jsonl")
    assert [name for name in sdist if name.endswith(made) or "__pycache__" in name or "_build/" in name] == []
    assert {name.split("/")[0] for name in sdist} <= {
        "src", "tests", "examples", "docs", "benchmarks", "fuzz", "scripts", "hatch_build.py", "README.md", "CHANGELOG.md",
        "CONTRIBUTING.md", "SECURITY.md", "LICENSE", "pyproject.toml", "PKG-INFO", ".gitignore",
    }  # fmt: skip


def test_nothing_made_by_a_build_is_committed():
    listed = (
        subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, check=True, timeout=600)
        .stdout.decode()
        .splitlines()
    )
    assert [
        name
        for name in listed
        if name.endswith((".mo", ".pyc", "/compiled.jsonl")) or name == "uv.lock" or name.startswith("dist/")
    ] == []
