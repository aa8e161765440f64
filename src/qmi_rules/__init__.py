"""How may a French commune buy an innovative solution: procedures, duties, calendar, funding, each answer with its article.

The public names are loaded when first used, so that importing the package costs next to nothing.
"""

from typing import TYPE_CHECKING

from qmi_rules.names import loaded_when_used
from qmi_rules.version import VERSION

if TYPE_CHECKING:
    from qmi_rules.briefing import Briefing, brief
    from qmi_rules.budget_calendar import CalendarCheck, check_calendar
    from qmi_rules.errors import (
        DocumentError,
        LocalRuleWarning,
        LooseningError,
        MissingExtraError,
        OverlappingPeriodsError,
        Problem,
        QmiRulesError,
        TableError,
        UnknownReferenceError,
        UnsupportedLocaleError,
    )
    from qmi_rules.funding import FundingPlan, find_funding, load_schemes
    from qmi_rules.guide import Guide, Review, default_guide, guide_against_law, review
    from qmi_rules.law import DutyId, ProcedureId, Table, compare_law, default_table, load_table
    from qmi_rules.model import (
        Buyer,
        BuyerKind,
        Case,
        ContractType,
        Framework,
        Lot,
        Member,
        Need,
        Part,
        Purchase,
        Renewals,
        Yearly,
    )
    from qmi_rules.model.commune import Commune
    from qmi_rules.model.contract import Change, Contract, EarlierChange
    from qmi_rules.model.dossier import Checklist, Dossier
    from qmi_rules.model.project import Beneficiary, Grant, Project, Supplier
    from qmi_rules.model.schedule import Milestone, Schedule
    from qmi_rules.model.solution import EvidenceFile, Solution
    from qmi_rules.pages.templates import render
    from qmi_rules.procurement import (
        Decision,
        Option,
        SharingKey,
        decide,
        next_question,
        replay,
        share_cost,
        share_of_members,
        timeline,
        what_if,
    )
    from qmi_rules.procurement.modification import Modification, may_modify
    from qmi_rules.schema import from_json, json_schema, read, to_json
    from qmi_rules.scoring import (
        JustificationNote,
        Scorecard,
        compare_solutions,
        justification_note,
        load_rubric,
        rubrics,
        score,
    )
    from qmi_rules.tables.frames import decide_frame

__version__ = VERSION

__getattr__ = loaded_when_used(
    __name__,
    {
        "briefing": "Briefing brief",
        "pages.templates": "render",
        "budget_calendar": "CalendarCheck check_calendar",
        "model": "Buyer BuyerKind Case ContractType Framework Lot Member Need Part Purchase Renewals Yearly",
        "model.commune": "Commune",
        "model.contract": "Change Contract EarlierChange",
        "model.dossier": "Checklist Dossier",
        "model.project": "Beneficiary Grant Project Supplier",
        "model.schedule": "Milestone Schedule",
        "model.solution": "EvidenceFile Solution",
        "schema": "from_json json_schema read to_json",
        "errors": "DocumentError LocalRuleWarning LooseningError MissingExtraError OverlappingPeriodsError Problem QmiRulesError TableError UnknownReferenceError UnsupportedLocaleError",
        "funding": "FundingPlan find_funding load_schemes",
        "guide": "Guide Review default_guide guide_against_law review",
        "tables.frames": "decide_frame",
        "law": "DutyId ProcedureId Table compare_law default_table load_table",
        "procurement": "Decision Option SharingKey decide next_question replay share_cost share_of_members timeline what_if",
        "procurement.modification": "Modification may_modify",
        "scoring": "JustificationNote Scorecard compare_solutions justification_note load_rubric rubrics score",
    },
)

__all__ = [
    "Beneficiary",
    "Briefing",
    "Buyer",
    "BuyerKind",
    "CalendarCheck",
    "Case",
    "Change",
    "Checklist",
    "Commune",
    "Contract",
    "ContractType",
    "Decision",
    "DocumentError",
    "Dossier",
    "DutyId",
    "EarlierChange",
    "EvidenceFile",
    "Framework",
    "FundingPlan",
    "Grant",
    "Guide",
    "JustificationNote",
    "LocalRuleWarning",
    "LooseningError",
    "Lot",
    "Member",
    "Milestone",
    "MissingExtraError",
    "Modification",
    "Need",
    "Option",
    "OverlappingPeriodsError",
    "Part",
    "Problem",
    "ProcedureId",
    "Project",
    "Purchase",
    "QmiRulesError",
    "Renewals",
    "Review",
    "Schedule",
    "Scorecard",
    "SharingKey",
    "Solution",
    "Supplier",
    "Table",
    "TableError",
    "UnknownReferenceError",
    "UnsupportedLocaleError",
    "Yearly",
    "brief",
    "check_calendar",
    "compare_law",
    "compare_solutions",
    "decide",
    "decide_frame",
    "default_guide",
    "default_table",
    "find_funding",
    "from_json",
    "guide_against_law",
    "json_schema",
    "justification_note",
    "load_rubric",
    "load_schemes",
    "load_table",
    "may_modify",
    "next_question",
    "read",
    "render",
    "replay",
    "review",
    "rubrics",
    "score",
    "share_cost",
    "share_of_members",
    "timeline",
    "to_json",
    "what_if",
]


def __dir__() -> list[str]:
    return sorted({*__all__, *(name for name in globals() if name.startswith("__"))})
