"""What editors and type checkers know: ids as literals, the fields that `evolve` takes, words of closed lists."""

import inspect
import re
import subprocess
import sys
from typing import get_args, get_type_hints

import pytest

import qmi_rules
from qmi_rules import DutyId, ProcedureId, decide
from qmi_rules.errors import UnknownNameError
from qmi_rules.law import default_table
from qmi_rules.model import changes
from qmi_rules.schema.fields import Document, _kinds

PURCHASE = {"title": "Capteurs", "launched_on": "2026-05-15", "estimated_value": 30_000}
PUBLIC = [getattr(qmi_rules, name) for name in qmi_rules.__all__]  # a class is known once it was asked for
KINDS = sorted(
    {kind for kind in _kinds(Document) if hasattr(changes, f"{kind.__name__}Changes")}, key=lambda k: k.__name__
)


def test_the_literals_are_the_national_table():
    table = default_table()
    assert get_args(ProcedureId) == tuple(table.procedures)
    assert get_args(DutyId) == tuple(table.duties)


@pytest.mark.parametrize("cls", KINDS, ids=lambda cls: cls.__name__)
def test_evolve_takes_what_the_constructor_takes(cls):
    hints = get_type_hints(getattr(changes, f"{cls.__name__}Changes"))
    taken = {name: one.annotation for name, one in inspect.signature(cls.__init__).parameters.items() if name != "self"}
    assert hints == taken


def test_every_public_document_tells_what_evolve_takes():
    assert {cls for cls in PUBLIC if inspect.isclass(cls) and issubclass(cls, Document)} <= set(KINDS)


def test_an_id_that_is_only_known_at_run_time_is_asked_for_by_option_or_get():
    decision = decide(PURCHASE)
    for option in decision:
        assert decision.option(option.procedure) == option == decision.get(option.procedure)
    with pytest.raises(UnknownNameError):
        decision.option("direct_awards")


SNIPPET = """
from qmi_rules import Contract, EvidenceFile, Lot, Need, Part, Purchase, decide
bought = Purchase(title="a", launched_on="2026-05-15")
bought.evolve(innovative=True, lots=[{"id": "1", "estimated_value": "3"}])
decide(bought)["direct_award"].status
decide(bought).option("three_quotes")
Need(parts=[Part(contract_type="works", value="3"), {"contract_type": "services", "value": 4}])
Contract(launched_on="2025-01-01", initial_amount=3, buyer={"kind": "ept"}, earlier_changes=[{"amount": 3}])
EvidenceFile(title="a", launched_on="2025-01-01", solution={"replicability": {"operational_ease": 3}})
bought.evolve(inovative=True)
Need().evolve(frim=1)
decide(bought)["direct_awards"]
bought.evolve(contract_type="service")
Part(contract_type="work", value=3)
"""


CHECKERS = {
    "mypy": (["--strict", "--follow-imports=silent"], r":(\d+): error:"),
    "pyright": (["--pythonpath", sys.executable], r":(\d+):\d+ - error:"),
}


@pytest.mark.slow
@pytest.mark.parametrize("checker", CHECKERS)
def test_a_misspelt_field_or_procedure_is_an_error_for_type_checkers_and_what_is_right_is_none(tmp_path, checker):
    pytest.importorskip(checker)
    options, error = CHECKERS[checker]
    file = tmp_path / "snippet.py"
    file.write_text(SNIPPET, "utf-8")
    arguments = [sys.executable, "-m", checker, *options, str(file)]
    out = subprocess.run(arguments, capture_output=True, text=True, check=False, timeout=600).stdout
    wrong = SNIPPET.split("\n").index("bought.evolve(inovative=True)") + 1
    assert [int(line) for line in re.findall(error, out)] == [wrong, wrong + 1, wrong + 2, wrong + 3, wrong + 4], out
