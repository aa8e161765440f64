"""The installed wheel, with the source tree out of the way: data, both languages, the typed marker, the command line."""

import subprocess
import sys
from datetime import date
from importlib.resources import files
from pathlib import Path

import qmi_rules
from qmi_rules import Purchase, decide


def test_the_package_comes_from_the_wheel() -> None:
    assert "site-packages" in qmi_rules.__file__


def test_the_typed_marker_and_the_catalogues_are_there() -> None:
    root = files("qmi_rules")
    assert root.joinpath("py.typed").is_file()
    for language in ("fr", "en"):
        assert root.joinpath("locale", language, "LC_MESSAGES", "qmi_rules.mo").is_file()
    assert not list(Path(str(root)).rglob("*.po"))


def test_both_languages_explain() -> None:
    purchase = Purchase(
        title="Capteurs", contract_type="services", estimated_value=85_000, launched_on=date(2026, 5, 15)
    )
    french, english = (decide(purchase).explain(language) for language in ("fr", "en"))
    assert "85 000" in french.replace("\u202f", " ")
    assert "Achat public innovant" in french
    assert "€85,000" in english
    assert "Achat public innovant" not in english


def test_the_demo_runs() -> None:
    run = subprocess.run(
        [sys.executable, "-c", "from qmi_rules.doors.cli import main; main(['demo'])"],
        capture_output=True,
        check=True,
        timeout=600,
    )
    assert run.stdout.decode().count("# Exemple") == 3
