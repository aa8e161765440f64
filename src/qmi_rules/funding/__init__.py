"""Funding: who may help to pay for a project, schemes as data, and the best admissible plan."""

from qmi_rules.funding.bar import Payer, Segment, bar_svg, segments
from qmi_rules.funding.company import CompanySide
from qmi_rules.funding.conflicts import Conflict, ConflictCode, Exclusion
from qmi_rules.funding.find import find_funding
from qmi_rules.funding.limits import LimitKind, StackingLimit
from qmi_rules.funding.plan import FondsDeConcours, Plan, PlannedGrant, Reading, Totals, Why
from qmi_rules.funding.result import FundingPlan
from qmi_rules.funding.scheme_funding import Availability, SchemeFunding, Status
from qmi_rules.funding.schemes import Actor, Aid, Moment, Scheme, StartRule
from qmi_rules.funding.shelf import SchemeTable, default_schemes, load_schemes
from qmi_rules.funding.state_aid import StateAid
from qmi_rules.funding.vat import WithVat

__all__ = [
    "Actor",
    "Aid",
    "Availability",
    "CompanySide",
    "Conflict",
    "ConflictCode",
    "Exclusion",
    "FondsDeConcours",
    "FundingPlan",
    "LimitKind",
    "Moment",
    "Payer",
    "Plan",
    "PlannedGrant",
    "Reading",
    "Scheme",
    "SchemeFunding",
    "SchemeTable",
    "Segment",
    "StackingLimit",
    "StartRule",
    "StateAid",
    "Status",
    "Totals",
    "Why",
    "WithVat",
    "bar_svg",
    "default_schemes",
    "find_funding",
    "load_schemes",
    "segments",
]
