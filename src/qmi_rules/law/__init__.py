"""The law: the declarative rule table, its loading, and the law in force on a day."""

from typing import TYPE_CHECKING

from qmi_rules.law.facts import COMPARISONS, Asking, Condition, FactDefinition, FactKind, fact_definitions
from qmi_rules.law.in_force import LawInForce
from qmi_rules.law.loading import default_table, load_table
from qmi_rules.law.rows import Dated, Procedure, ProcedureId, Row, Rule
from qmi_rules.law.table import Table
from qmi_rules.law.thresholds import Limit, Reading, Threshold, Value
from qmi_rules.law.truth import Certainty
from qmi_rules.names import loaded_when_used

if TYPE_CHECKING:
    from qmi_rules.law.examination import (
        Candidate,
        Examination,
        binding_by_duty,
        binding_rows,
        examine,
        lots_under,
        truth_of,
    )
    from qmi_rules.law.maintenance.amendment import Amendment, CaseTurn, Edit, Passage, WrittenCase, amend, read_cases
    from qmi_rules.law.maintenance.compare import Cause, Comparison, Region, causes, compare_law
    from qmi_rules.law.maintenance.conformance import conformance_kit
    from qmi_rules.law.maintenance.freshness import Freshness, Stale, stale
    from qmi_rules.law.maintenance.quotes import QuoteCheck, QuotedFigure, verify_quote
    from qmi_rules.law.maintenance.verify import CarriedFigure, LawCheck, VersionCheck, carried_figures, verify_law
    from qmi_rules.law.proving.proof import Flaw, Proof, prove
    from qmi_rules.law.sections import (
        Bearing,
        Caution,
        Choice,
        Declared,
        Duty,
        DutyId,
        DutyRow,
        FlawKind,
        Ladder,
        Outside,
        Pitfall,
        Reduction,
        TableFile,
    )
    from qmi_rules.law.sources import Source

# What a decision does not need is loaded when first used.
__getattr__ = loaded_when_used(
    __name__,
    {
        "maintenance.amendment": "Amendment CaseTurn Edit Passage WrittenCase amend read_cases",
        "maintenance.compare": "Cause Comparison Region causes compare_law",
        "maintenance.conformance": "conformance_kit",
        "maintenance.quotes": "QuoteCheck QuotedFigure verify_quote",
        "maintenance.freshness": "Freshness Stale stale",
        "maintenance.verify": "CarriedFigure LawCheck VersionCheck carried_figures verify_law",
        "examination": "Candidate Examination binding_by_duty binding_rows examine lots_under truth_of",
        "proving.proof": "Flaw Proof prove",
        "sections": "Bearing Caution Choice Declared Duty DutyId DutyRow FlawKind Ladder Outside Pitfall Reduction TableFile",
        "sources": "Source",
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
    "DutyId",
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
    "Outside",
    "Passage",
    "Pitfall",
    "Procedure",
    "ProcedureId",
    "Proof",
    "QuoteCheck",
    "QuotedFigure",
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
    "truth_of",
    "verify_law",
    "verify_quote",
]
