"""The budget calendar: counting days, the budget year, elections, the plan of a purchase and what stands in its way."""

from qmi_rules.budget_calendar.budget_year import (
    BudgetDate,
    BudgetYear,
    budget_deadline,
    budget_year,
    early_investment_limit,
    last_safe_vote,
)
from qmi_rules.budget_calendar.check import CalendarCheck, Deadline, PlannedStep, check_calendar
from qmi_rules.budget_calendar.conflicts import CalendarConflict, CalendarConflictCode, Severity
from qmi_rules.budget_calendar.days import (
    METROPOLE,
    WorkingDays,
    earliest_meeting,
    first_daytime_limit,
    latest_convocation,
    latest_dispatch,
    latest_rejection,
    public_holidays,
    receipt_ends,
    safe_signature,
    standstill_ends,
)
from qmi_rules.budget_calendar.elections import (
    DateStatus,
    DaySpan,
    Election,
    communication_window,
    current_affairs,
    elections,
)
from qmi_rules.budget_calendar.gantt import to_mermaid, to_svg
from qmi_rules.budget_calendar.plans import Constraint, ConstraintKind, Wait
from qmi_rules.budget_calendar.steps import Basis, StepPart

__all__ = [
    "METROPOLE",
    "Basis",
    "BudgetDate",
    "BudgetYear",
    "CalendarCheck",
    "CalendarConflict",
    "CalendarConflictCode",
    "Constraint",
    "ConstraintKind",
    "DateStatus",
    "DaySpan",
    "Deadline",
    "Election",
    "PlannedStep",
    "Severity",
    "StepPart",
    "Wait",
    "WorkingDays",
    "budget_deadline",
    "budget_year",
    "check_calendar",
    "communication_window",
    "current_affairs",
    "earliest_meeting",
    "early_investment_limit",
    "elections",
    "first_daytime_limit",
    "last_safe_vote",
    "latest_convocation",
    "latest_dispatch",
    "latest_rejection",
    "public_holidays",
    "receipt_ends",
    "safe_signature",
    "standstill_ends",
    "to_mermaid",
    "to_svg",
]
