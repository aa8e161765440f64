"""The law: the declarative rule table, its loading, and the law in force on a day."""

from typing import TYPE_CHECKING

from qmi_rules.law.assembly import TableFile
from qmi_rules.law.binding import Candidate, binding_rows
from qmi_rules.law.conditions import COMPARISONS, Condition
from qmi_rules.law.declarations import Bearing, Declared, FlawKind, Ladder
from qmi_rules.law.examination import Examination, examine
from qmi_rules.law.facts import FactDefinition, FactKind, fact_definitions
from qmi_rules.law.in_force import LawInForce
from qmi_rules.law.loading import default_table, load_table
from qmi_rules.law.lots import lots_under
from qmi_rules.law.rows import Caution, Duty, DutyRow, Procedure, Reduction, Row, Rule
from qmi_rules.law.sources import Certainty, Dated, Source
from qmi_rules.law.table import Table
from qmi_rules.law.thresholds import Limit, Reading, Threshold, Value
from qmi_rules.names import loaded_when_used

if TYPE_CHECKING:
    from qmi_rules.law.amendment import Amendment, Passage, amend
    from qmi_rules.law.casebook import CaseTurn, WrittenCase, read_cases
    from qmi_rules.law.comparison import Comparison, Region, compare
    from qmi_rules.law.conformance import conformance_kit
    from qmi_rules.law.edits import Edit
    from qmi_rules.law.freshness import Freshness, Stale, stale
    from qmi_rules.law.proof import Flaw, Proof, prove

# What a decision does not need is loaded when first used.
__getattr__ = loaded_when_used(
    __name__,
    {
        "amendment": "Amendment Passage amend",
        "casebook": "CaseTurn WrittenCase read_cases",
        "comparison": "Comparison Region compare",
        "conformance": "conformance_kit",
        "edits": "Edit",
        "freshness": "Freshness Stale stale",
        "proof": "Flaw Proof prove",
    },
)

__all__ = [
    "COMPARISONS",
    "Amendment",
    "Bearing",
    "Candidate",
    "CaseTurn",
    "Caution",
    "Certainty",
    "Comparison",
    "Condition",
    "Dated",
    "Declared",
    "Duty",
    "DutyRow",
    "Edit",
    "Examination",
    "FactDefinition",
    "FactKind",
    "Flaw",
    "FlawKind",
    "Freshness",
    "Ladder",
    "LawInForce",
    "Limit",
    "Passage",
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
    "WrittenCase",
    "amend",
    "binding_rows",
    "compare",
    "conformance_kit",
    "default_table",
    "examine",
    "fact_definitions",
    "load_table",
    "lots_under",
    "prove",
    "read_cases",
    "stale",
]
