"""The law: the declarative rule table, its loading, and the law in force on a day."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from qmi_rules.law.conditions import COMPARISONS, Condition
from qmi_rules.law.declarations import Bearing, Declared, FlawKind, Ladder
from qmi_rules.law.examination import Examination, examine
from qmi_rules.law.facts import FactDefinition, FactKind, fact_definitions
from qmi_rules.law.in_force import LawInForce
from qmi_rules.law.loading import default_table, load_table
from qmi_rules.law.rows import Caution, Duty, DutyRow, Procedure, Reduction, Row, Rule
from qmi_rules.law.sources import Certainty, Dated, Source
from qmi_rules.law.table import Table, TableFile
from qmi_rules.law.thresholds import Limit, Reading, Threshold, Value

if TYPE_CHECKING:
    from qmi_rules.law.comparison import Comparison, Region, compare
    from qmi_rules.law.conformance import conformance_kit
    from qmi_rules.law.freshness import Freshness, Stale, stale
    from qmi_rules.law.proof import Flaw, Proof, prove

_MODULE_OF = {
    "Comparison": "comparison",
    "Region": "comparison",
    "compare": "comparison",
    "conformance_kit": "conformance",
    "Freshness": "freshness",
    "Stale": "freshness",
    "stale": "freshness",
    "Flaw": "proof",
    "Proof": "proof",
    "prove": "proof",
}
"""What a decision does not need is loaded when first used."""

__all__ = [
    "COMPARISONS",
    "Bearing",
    "Caution",
    "Certainty",
    "Comparison",
    "Condition",
    "Dated",
    "Declared",
    "Duty",
    "DutyRow",
    "Examination",
    "FactDefinition",
    "FactKind",
    "Flaw",
    "FlawKind",
    "Freshness",
    "Ladder",
    "LawInForce",
    "Limit",
    "Procedure",
    "Proof",
    "Reading",
    "Reduction",
    "Region",
    "Row",
    "Rule",
    "Source",
    "Stale",
    "Table",
    "TableFile",
    "Threshold",
    "Value",
    "compare",
    "conformance_kit",
    "default_table",
    "examine",
    "fact_definitions",
    "load_table",
    "prove",
    "stale",
]


def __getattr__(name: str) -> Any:
    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULE_OF[name]}"), name)
