"""Funding: who may help to pay for a project, schemes as data, and the best admissible plan."""

from qmi_rules.funding.bar import Payer, Segment, segments
from qmi_rules.funding.company import CompanySide, StateAid
from qmi_rules.funding.eligibility import Availability, Eligibility, SchemeFunding
from qmi_rules.funding.find import find_funding
from qmi_rules.funding.plan import PaymentPlan, PlannedGrant, PlanReading, Totals, Why, WithVat
from qmi_rules.funding.result import FundingPlan, bar_svg, question_of
from qmi_rules.funding.schemes import (
    Aid,
    Applicant,
    LimitKind,
    Moment,
    Scheme,
    SchemeTable,
    StackingLimit,
    StartRule,
    default_schemes,
    load_schemes,
)
from qmi_rules.funding.stacking import ExcludedScheme, FondsDeConcours, WishConflict, WishConflictCode

__all__ = [
    "Aid",
    "Applicant",
    "Availability",
    "CompanySide",
    "Eligibility",
    "ExcludedScheme",
    "FondsDeConcours",
    "FundingPlan",
    "LimitKind",
    "Moment",
    "Payer",
    "PaymentPlan",
    "PlanReading",
    "PlannedGrant",
    "Scheme",
    "SchemeFunding",
    "SchemeTable",
    "Segment",
    "StackingLimit",
    "StartRule",
    "StateAid",
    "Totals",
    "Why",
    "WishConflict",
    "WishConflictCode",
    "WithVat",
    "bar_svg",
    "default_schemes",
    "find_funding",
    "load_schemes",
    "question_of",
    "segments",
]
