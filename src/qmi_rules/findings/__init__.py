"""Findings: the truth of a condition, and what was seen of it; the classes of what was seen are loaded when first used."""

from typing import TYPE_CHECKING

from qmi_rules.findings.truth import STATUS, Certainty, Status, Truth, conjunction, disjunction
from qmi_rules.names import loaded_when_used

if TYPE_CHECKING:
    from qmi_rules.findings.seen import AmountFinding, ChoiceFinding, FactFinding, Finding, PeriodFinding

__getattr__ = loaded_when_used(__name__, {"seen": "AmountFinding ChoiceFinding FactFinding Finding PeriodFinding"})

__all__ = [
    "STATUS",
    "AmountFinding",
    "Certainty",
    "ChoiceFinding",
    "FactFinding",
    "Finding",
    "PeriodFinding",
    "Status",
    "Truth",
    "conjunction",
    "disjunction",
]
