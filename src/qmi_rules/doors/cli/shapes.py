"""The documents that the commands read and write, whose JSON Schema the command line prints, by name."""

from importlib import import_module
from typing import Final

SHAPES: Final = {
    "purchase": "qmi_rules.model:Purchase",
    "lot": "qmi_rules.model:Lot",
    "need": "qmi_rules.model:Need",
    "buyer": "qmi_rules.model:Buyer",
    "dossier": "qmi_rules.model.dossier:Dossier",
    "commune": "qmi_rules.model.commune:Commune",
    "schedule": "qmi_rules.model.schedule:Schedule",
    "project": "qmi_rules.model.project:Project",
    "checklist": "qmi_rules.model.dossier:Checklist",
    "evidence-file": "qmi_rules.model.solution:EvidenceFile",
    "contract": "qmi_rules.model.contract:Contract",
    "change": "qmi_rules.model.contract:Change",
    "modified-contract": "qmi_rules.model.contract:ModifiedContract",
    "modification": "qmi_rules.procurement.modification:Modification",
    "decision": "qmi_rules.procurement:Decision",
    "timeline": "qmi_rules.procurement.whatif.history:Timeline",
    "what-if": "qmi_rules.procurement.whatif.search:WhatIf",
    "replay": "qmi_rules.procurement.receipts:Replay",
    "written-list": "qmi_rules.procurement.duties:WrittenList",
    "shared-cost": "qmi_rules.procurement.joint:SharedCost",
    "scorecard": "qmi_rules.scoring:Scorecard",
    "note": "qmi_rules.scoring.note:JustificationNote",
    "calendar-check": "qmi_rules.budget_calendar:CalendarCheck",
    "funding-plan": "qmi_rules.funding:FundingPlan",
    "review": "qmi_rules.guide.reviewing:Review",
    "guide": "qmi_rules.guide:Guide",
    "guide-against-law": "qmi_rules.guide.against_law:GuideAgainstLaw",
    "draft": "qmi_rules.briefing:Draft",
    "briefing": "qmi_rules.briefing:Briefing",
    "law": "qmi_rules.procurement.law_of_the_day:LawOfTheDay",
    "proof": "qmi_rules.law:Proof",
    "comparison": "qmi_rules.law.maintenance.compare:Comparison",
    "amendment": "qmi_rules.law.maintenance.amendment:Amendment",
    "law-check": "qmi_rules.law.maintenance.verify:LawCheck",
    "freshness": "qmi_rules.law.maintenance.stale:Freshness",
    "audit": "qmi_rules.decp.audit:Audit",
    "rubric": "qmi_rules.scoring:Rubric",
    "table": "qmi_rules.law:TableFile",
}


def shape(name: str) -> type:
    """The class of a document."""
    module, _, attribute = SHAPES[name].partition(":")
    return getattr(import_module(module), attribute)  # type: ignore[no-any-return]
