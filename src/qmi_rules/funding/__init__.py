"""Funding: who may help to pay for a project, schemes as data, and the best admissible plan."""

from qmi_rules.funding.bar import Payer, Segment, bar_svg, segments
from qmi_rules.funding.find import find_funding
from qmi_rules.funding.results import (
    Availability,
    CompanySide,
    Conflict,
    ConflictCode,
    Exclusion,
    FondsDeConcours,
    FundingPlan,
    Plan,
    PlannedGrant,
    Reading,
    SchemeFunding,
    StateAid,
    Status,
    Totals,
    Why,
    WithVat,
)
from qmi_rules.funding.schemes import Actor, Aid, LimitKind, Moment, Scheme, StackingLimit, StartRule
from qmi_rules.funding.shelf import SchemeTable, default_schemes, load_schemes

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
