"""The question "how may I buy?": the evaluator, its options, duties and warnings, and buying together."""

from typing import TYPE_CHECKING

from qmi_rules.names import loaded_when_used
from qmi_rules.procurement.decision import Decision, decide
from qmi_rules.procurement.lot_decision import LotDecision
from qmi_rules.procurement.options import Option

if TYPE_CHECKING:
    from qmi_rules.procurement.asked import Question
    from qmi_rules.procurement.asking import answer, next_question
    from qmi_rules.procurement.caveat import Caveat
    from qmi_rules.procurement.dialogue import interview, run_interview
    from qmi_rules.procurement.duties import DutyOwed
    from qmi_rules.procurement.history import Timeline, timeline
    from qmi_rules.procurement.inquiry import as_purchase
    from qmi_rules.procurement.joint import SharedCost, SharingKey, share_by_percent, share_cost, share_of_members
    from qmi_rules.procurement.receipts import Replay, replay
    from qmi_rules.procurement.whatif import WhatIf, what_if
    from qmi_rules.procurement.written import WrittenList

# What a decision alone does not need is loaded when first used.
__getattr__ = loaded_when_used(
    __name__,
    {
        "caveat": "Caveat",
        "dialogue": "interview run_interview",
        "duties": "DutyOwed",
        "history": "Timeline timeline",
        "asked": "Question",
        "asking": "answer next_question",
        "inquiry": "as_purchase",
        "joint": "SharedCost SharingKey share_by_percent share_cost share_of_members",
        "receipts": "Replay replay",
        "whatif": "WhatIf what_if",
        "written": "WrittenList",
    },
)

__all__ = [
    "Caveat",
    "Decision",
    "DutyOwed",
    "LotDecision",
    "Option",
    "Question",
    "Replay",
    "SharedCost",
    "SharingKey",
    "Timeline",
    "WhatIf",
    "WrittenList",
    "answer",
    "as_purchase",
    "decide",
    "interview",
    "next_question",
    "replay",
    "run_interview",
    "share_by_percent",
    "share_cost",
    "share_of_members",
    "timeline",
    "what_if",
]
