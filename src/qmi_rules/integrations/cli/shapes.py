"""The documents whose JSON Schema the command line prints, by name."""

from importlib import import_module
from typing import Final

SHAPES: Final = {
    "purchase": "qmi_rules.contexts:Purchase",
    "decision": "qmi_rules.procurement:Decision",
    "dossier": "qmi_rules.contexts.dossier:Dossier",
    "commune": "qmi_rules.contexts.commune:Commune",
    "schedule": "qmi_rules.contexts.schedule:Schedule",
    "project": "qmi_rules.contexts.project:Project",
    "checklist": "qmi_rules.contexts.checklist:Checklist",
    "evidence-file": "qmi_rules.contexts.solution:EvidenceFile",
    "scorecard": "qmi_rules.scoring:Scorecard",
    "rubric": "qmi_rules.scoring:Rubric",
    "calendar-check": "qmi_rules.budget_calendar:CalendarCheck",
    "funding-plan": "qmi_rules.funding:FundingPlan",
    "table": "qmi_rules.law:TableFile",
}


def shape(name: str) -> type:
    """The class of a document."""
    module, _, attribute = SHAPES[name].partition(":")
    return getattr(import_module(module), attribute)  # type: ignore[no-any-return]
