"""The question "how may I buy?": the evaluator, its options, duties and warnings, and buying together."""

from typing import TYPE_CHECKING

from qmi_rules.names import loaded_when_used
from qmi_rules.procurement.decision import Decision, LotDecision, decide
from qmi_rules.procurement.options import Option

if TYPE_CHECKING:
    from qmi_rules.procurement.card import Answer, Reservation
    from qmi_rules.procurement.dialogue import (
        Question,
        answer,
        as_purchase,
        interview,
        next_question,
        run_interview,
    )
    from qmi_rules.procurement.duties import DutyOwed, WrittenList
    from qmi_rules.procurement.grounds import Ground, UnknownLaw
    from qmi_rules.procurement.joint import SharedCost, SharingKey, share_by_percent, share_cost, share_of_members
    from qmi_rules.procurement.receipts import Replay, replay
    from qmi_rules.procurement.warnings import Caveat
    from qmi_rules.procurement.whatif import Timeline, WhatIf, timeline, what_if

# What a decision alone does not need is loaded when first used.
__getattr__ = loaded_when_used(
    __name__,
    {
        "dialogue": "Question answer as_purchase interview next_question run_interview",
        "card": "Answer Reservation",
        "duties": "DutyOwed WrittenList",
        "grounds": "Ground UnknownLaw",
        "joint": "SharedCost SharingKey share_by_percent share_cost share_of_members",
        "receipts": "Replay replay",
        "warnings": "Caveat",
        "whatif": "Timeline WhatIf timeline what_if",
    },
)

__all__ = [
    "Answer",
    "Caveat",
    "Decision",
    "DutyOwed",
    "Ground",
    "LotDecision",
    "Option",
    "Question",
    "Replay",
    "Reservation",
    "SharedCost",
    "SharingKey",
    "Timeline",
    "UnknownLaw",
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
