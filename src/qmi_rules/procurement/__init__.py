"""The question "how may I buy?": the evaluator, its options, duties and warnings, and buying together."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from qmi_rules.procurement.decision import Decision, LotDecision, decide
from qmi_rules.procurement.duties import DutyOwed
from qmi_rules.procurement.options import Option

if TYPE_CHECKING:
    from qmi_rules.procurement.caveats import Caveat
    from qmi_rules.procurement.joint import SharedCost, SharingKey, share_cost, share_of_members
    from qmi_rules.procurement.written import WrittenList

_MODULE_OF = {
    "Caveat": "caveats",
    "SharedCost": "joint",
    "SharingKey": "joint",
    "WrittenList": "written",
    "share_cost": "joint",
    "share_of_members": "joint",
}
"""What a decision alone does not need is loaded when first used."""

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


def __getattr__(name: str) -> Any:
    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULE_OF[name]}"), name)
