"""A step of a purchase before it has dates: its length, what that rests on, and the article that asks for it."""

from collections.abc import Callable
from datetime import date
from enum import StrEnum

from attrs import frozen

from qmi_rules.budget_calendar.planner import Task
from qmi_rules.contexts.schedule import StepId
from qmi_rules.text import message


class Basis(StrEnum):
    """What the duration of a step rests on."""

    LAW = "law"
    ESTIMATE = "estimate"
    USER = "user"
    COUNCIL_DATES = "council_dates"


BASIS_LABELS = {
    Basis.LAW: message("droit"),
    Basis.ESTIMATE: message("estimation"),
    Basis.USER: message("durée donnée"),
    Basis.COUNCIL_DATES: message("dates du conseil"),
}


@frozen(kw_only=True)
class Part:
    """One span inside a step, such as the candidatures inside a receipt in two phases."""

    label: str
    start: date
    end: date
    days: int
    legal_basis: str | None = None


@frozen(kw_only=True)
class ChainStep:
    """One step before it has dates.

    Attributes:
        id: Which step.
        days: Its length, calendar days.
        basis: What that length rests on.
        legal_basis: Article, where the law asks for the step or sets its length.
        note: What a reader should know, in French.
        task: The same for the scheduler.
        parts: The spans inside it once it starts on a day.
    """

    id: StepId
    days: int
    basis: Basis
    legal_basis: str | None
    note: str | None
    task: Task
    parts: Callable[[date], tuple[Part, ...]] = lambda start: ()
