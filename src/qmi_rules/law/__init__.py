"""The law: the declarative rule table, its loading, and the law in force on a day."""

from typing import TYPE_CHECKING

from qmi_rules.law.examination import Candidate, Examination, binding_by_duty, binding_rows, examine
from qmi_rules.law.facts import COMPARISONS, Asking, Condition, FactDefinition, FactKind, fact_definitions
from qmi_rules.law.in_force import LawInForce, lots_under
from qmi_rules.law.loading import TableFile, default_table, load_table
from qmi_rules.law.rows import (
    Bearing,
    Caution,
    Choice,
    Declared,
    Duty,
    DutyRow,
    FlawKind,
    Ladder,
    Procedure,
    Reduction,
    Row,
    Rule,
)
from qmi_rules.law.sources import Certainty, Dated, Source
from qmi_rules.law.table import Table
from qmi_rules.law.thresholds import Limit, Reading, Threshold, Value
from qmi_rules.names import loaded_when_used

if TYPE_CHECKING:
    from qmi_rules.law.amending.amendment import Amendment, Edit, Passage, amend
    from qmi_rules.law.amending.casebook import CaseTurn, WrittenCase, read_cases
    from qmi_rules.law.amending.compare import Cause, Comparison, Region, causes, compare_law
    from qmi_rules.law.amending.kit import conformance_kit
    from qmi_rules.law.amending.stale import Freshness, Stale, stale
    from qmi_rules.law.amending.verify import CarriedFigure, LawCheck, VersionCheck, carried_figures, verify_law
    from qmi_rules.law.proving.proof import Flaw, Proof, prove

# What a decision does not need is loaded when first used.
__getattr__ = loaded_when_used(
    __name__,
    {
        "amending.amendment": "Amendment Edit Passage amend",
        "amending.casebook": "CaseTurn WrittenCase read_cases",
        "amending.compare": "Cause Comparison Region causes compare_law",
        "amending.kit": "conformance_kit",
        "amending.stale": "Freshness Stale stale",
        "amending.verify": "CarriedFigure LawCheck VersionCheck carried_figures verify_law",
        "proving.proof": "Flaw Proof prove",
    },
)

__all__ = [
    "COMPARISONS",
    "Amendment",
    "Asking",
    "Bearing",
    "Candidate",
    "CarriedFigure",
    "CaseTurn",
    "Cause",
    "Caution",
    "Certainty",
    "Choice",
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
    "LawCheck",
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
    "VersionCheck",
    "WrittenCase",
    "amend",
    "binding_by_duty",
    "binding_rows",
    "carried_figures",
    "causes",
    "compare_law",
    "conformance_kit",
    "default_table",
    "examine",
    "fact_definitions",
    "load_table",
    "lots_under",
    "prove",
    "read_cases",
    "stale",
    "verify_law",
]
