"""The question "how may I buy?": the evaluator, its options, duties and warnings."""

from qmi_rules.procurement.caveats import Caveat
from qmi_rules.procurement.decision import Decision, LotDecision, decide
from qmi_rules.procurement.duties import DutyOwed
from qmi_rules.procurement.options import Option

__all__ = ["Caveat", "Decision", "DutyOwed", "LotDecision", "Option", "decide"]
