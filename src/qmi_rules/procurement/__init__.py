"""The question "how may I buy?": the evaluator, its options, duties and warnings, and buying together."""

from qmi_rules.procurement.caveats import Caveat
from qmi_rules.procurement.decision import Decision, LotDecision, decide
from qmi_rules.procurement.duties import DutyOwed
from qmi_rules.procurement.joint import SharedCost, SharingKey, share_cost, share_of_members
from qmi_rules.procurement.options import Option
from qmi_rules.procurement.written import WrittenList

__all__ = [
    "Caveat",
    "Decision",
    "DutyOwed",
    "LotDecision",
    "Option",
    "SharedCost",
    "SharingKey",
    "WrittenList",
    "decide",
    "share_cost",
    "share_of_members",
]
