"""The library's columns for the shared bench: put this file over the one of the same name there and run `bench_peers.py`."""

import tempfile
from decimal import Decimal
from pathlib import Path
from typing import Any

from adapters import Adapter
from fixture import FLAGS, case_of, share, write_fixture
from task import VARIANTS

from qmi_rules import decide, load_table
from qmi_rules.law.truth import Truth
from qmi_rules.model import Case
from qmi_rules.schema import structure, unstructure

_KEYS = {"amount_ht": "value", "kind": "contract_type", "on": "launched_on", "buyer": "buyer_kind", **FLAGS}


class QmiRules(Adapter):
    """A decision on a built context, explanation available on demand."""

    name, package, modules = "qmi_rules", "qmi_rules", ("qmi_rules",)
    explains = "full (lazy)"
    copies = 1

    def setup(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            table = self.table = load_table(write_fixture(Path(folder), VARIANTS, self.copies))
        self.evaluate = lambda case: decide(case, table)

    def native(self, p: Any) -> Any:
        return case_of(p)

    def from_json(self, d: dict[str, Any]) -> Any:
        document = {_KEYS[key]: value for key, value in d.items() if key in _KEYS}
        lot, total = d["lot_amount"], d["total_amount"]
        if lot is not None:
            document["lot_value"] = lot
            document["lot_type"] = d["kind"]
            document["small_lots_share"] = str(share(Decimal(lot), None if total is None else Decimal(total)))
        return structure(document, Case)

    def pairs(self, raw: Any) -> list[tuple[str, str]]:
        return [
            (option.procedure, ground.row.ground)
            for option in raw.options
            for ground in option.examined
            if ground.truth is Truth.YES
        ]


class QmiRulesOptions(QmiRules):
    """The same, with every option as an object."""

    name = "qmi_rules (every option as an object)"

    def setup(self) -> None:
        super().setup()
        table = self.table
        self.evaluate = lambda case: (decision := decide(case, table)) and (decision, decision.options)

    def pairs(self, raw: Any) -> list[tuple[str, str]]:
        return super().pairs(raw[0])


class QmiRulesDicts(QmiRulesOptions):
    """The whole document of a decision as plain data, what `to_json` writes."""

    name = "qmi_rules (whole document as plain data)"

    def setup(self) -> None:
        super().setup()
        table = self.table
        self.evaluate = lambda case: (decision := decide(case, table)) and (decision, unstructure(decision))


class QmiRulesSixteen(QmiRules):
    """Sixteen times the rows of the fixture."""

    name, copies = "qmi_rules (sixteen times the rows)", 16


ADAPTERS: list[type[Adapter]] = [QmiRules, QmiRulesOptions, QmiRulesDicts, QmiRulesSixteen]
