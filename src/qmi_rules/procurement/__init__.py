"""The question "how may I buy?": the evaluator, its options, duties and warnings, and buying together."""

from qmi_rules.procurement.caveats import Caveat
from qmi_rules.procurement.decision import Decision, LotDecision, decide
from qmi_rules.procurement.duties import DutyOwed
from qmi_rules.procurement.inquiry import Question, answer, next_question
from qmi_rules.procurement.interview import interview, run_interview
from qmi_rules.procurement.joint import SharedCost, SharingKey, share_by_percent, share_cost, share_of_members
from qmi_rules.procurement.options import Option
from qmi_rules.procurement.receipts import Replay, replay
from qmi_rules.procurement.timeline import Timeline, timeline
from qmi_rules.procurement.whatif import WhatIf, what_if
from qmi_rules.procurement.written import WrittenList

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
