"""The command `funding`: what is not known is said, and faults bear the path from the document's root."""

import json
from pathlib import Path

import pytest

from qmi_rules.doors.cli import main
from small_funding import small_schemes

DOSSIER = Path(__file__).parents[2] / "examples" / "dossier-pelican-cycles.json"


@pytest.fixture
def run(capfdbinary, tmp_path):
    def run(document, *options):
        file = tmp_path / "document.json"
        file.write_text(json.dumps(document), "utf-8")
        with pytest.raises(SystemExit) as leaving:
            main(["funding", str(file), *options])
        captured = capfdbinary.readouterr()
        return (
            int(leaving.value.code or 0),
            captured.out.decode().replace("\N{NO-BREAK SPACE}", " "),
            captured.err.decode(),
        )

    return run


def test_a_cost_alone_says_what_is_missing(run, monkeypatch):
    monkeypatch.setattr("qmi_rules.funding.find.default_schemes", small_schemes)
    status, shown, _ = run({"cost": "130000"})
    assert status == 0
    assert "On ne peut pas encore chiffrer les aides : il manque" in shown
    assert json.loads(run({"cost": "130000"}, "--json")[1])["at_most"] == "65000.00"


@pytest.mark.parametrize("change", [{"theme": "cour-oasis"}, {"expense": "gift"}, {"requested": ["zz"]}])
def test_a_fault_is_named_from_the_root_of_a_project_and_of_a_dossier(run, change):
    (field,) = change
    dossier = json.loads(DOSSIER.read_text("utf-8"))
    dossier["project"] |= change
    for document, path in ((dossier["project"], field), (dossier, f"project.{field}")):
        status, shown, fault = run(document)
        assert (status, shown) == (2, "")
        assert f"document.json: {path}" in fault
