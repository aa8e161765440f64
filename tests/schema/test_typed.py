"""What editors and type checkers know: ids as literals, words of closed lists."""

import re
import subprocess
import sys
from typing import get_args

import pytest

from qmi_rules import DutyId, ProcedureId, decide
from qmi_rules.errors import UnknownNameError
from qmi_rules.law import default_table

PURCHASE = {"title": "Capteurs", "launched_on": "2026-05-15", "estimated_value": 30_000}


def test_the_literals_are_the_national_table():
    table = default_table()
    assert get_args(ProcedureId) == tuple(table.procedures)
    assert get_args(DutyId) == tuple(table.duties)


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
decide(bought)["direct_awards"]
Purchase(title="a", launched_on="2026-05-15", contract_type="service")
Part(contract_type="work", value=3)
"""


CHECKERS = {
    "mypy": (["--strict", "--follow-imports=silent"], r":(\d+): error:"),
    "pyright": (["--pythonpath", sys.executable], r":(\d+):\d+ - error:"),
}


@pytest.mark.slow
@pytest.mark.parametrize("checker", CHECKERS)
def test_a_misspelt_procedure_or_word_is_an_error_for_type_checkers_and_what_is_right_is_none(tmp_path, checker):
    pytest.importorskip(checker)
    options, error = CHECKERS[checker]
    file = tmp_path / "snippet.py"
    file.write_text(SNIPPET, "utf-8")
    arguments = [sys.executable, "-m", checker, *options, str(file)]
    out = subprocess.run(arguments, capture_output=True, text=True, check=False, timeout=600).stdout
    wrong = SNIPPET.split("\n").index('decide(bought)["direct_awards"]') + 1
    assert [int(line) for line in re.findall(error, out)] == [wrong, wrong + 1, wrong + 2], out
