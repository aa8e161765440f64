"""The steps of each procedure with their estimates, which are kept as data, and a step before it has dates."""

from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum
from functools import cache
from typing import Literal

from attrs import field, frozen

from qmi_rules.budget_calendar.facts import Citation, Grounded
from qmi_rules.budget_calendar.planner import Task
from qmi_rules.errors import DocumentError, fault
from qmi_rules.law import Table
from qmi_rules.model.schedule import StepId
from qmi_rules.read_only import to_read_only
from qmi_rules.schema import Wording, load_toml, package_data
from qmi_rules.schema.faults import shown
from qmi_rules.schema.scalars import IDENTIFIER, is_a, optional, text, to_tuple, whole


@frozen(kw_only=True)
class StepKind:
    """A step as the law knows it.

    Attributes:
        id: Which step.
        label: Its name in French.
        rule: The fact of the calendar whose texts ask for it.
        duty: The duty of the law table that asks for it: where it is not owed, there is no such step.
    """

    id: StepId
    label: str = field(validator=text(100))
    rule: str | None = field(default=None, validator=optional(IDENTIFIER))
    duty: str | None = field(default=None, validator=optional(IDENTIFIER))


@frozen(kw_only=True)
class Estimate:
    """A duration nobody is bound by.

    Attributes:
        days: Days taken if the user gives none.
        low: Short end of the published range.
        high: Long end.
        note: What a reader should know, in French.
    """

    days: int = field(validator=whole(0, 400))
    low: int = field(validator=whole(0, 400))
    high: int = field(validator=whole(0, 400))
    note: str | None = field(default=None, validator=optional(text(300)))


@frozen(kw_only=True)
class Chain:
    """The steps of a family of procedures with their estimates.

    Attributes:
        id: Its name.
        label: What it is, in French.
        procedures: Procedures that follow it.
        notice: A notice is sent, so that a time limit for receipt runs from its sending.
        two_phases: Candidatures first, then tenders of those admitted.
        forbids: Steps that the procedure does not allow.
        steps: Estimate of each step; ``selection`` and ``tenders`` belong to the receipt in two phases.
    """

    id: str = field(validator=IDENTIFIER)
    label: str = field(validator=text(200))
    procedures: tuple[str, ...] = field(converter=to_tuple)
    notice: bool = field(validator=is_a(bool))
    two_phases: bool = field(default=False, validator=is_a(bool))
    forbids: tuple[str, ...] = field(default=(), converter=to_tuple)
    steps: Mapping[str, Estimate] = field(converter=to_read_only)


@frozen(kw_only=True)
class Durations:
    """The file ``steps.toml``."""

    steps: tuple[StepKind, ...] = field(converter=to_tuple)
    council_wait: Estimate
    prefect: Estimate
    chains: tuple[Chain, ...] = field(converter=to_tuple)


@cache
def durations() -> Durations:
    """The steps and their estimates."""
    return load_toml(package_data("calendar", "steps.toml"), Durations)


def kind_of(step: StepId) -> StepKind:
    """What the law knows of a step."""
    return next(kind for kind in durations().steps if kind.id is step)


def step_label(step: StepId) -> str:
    """The name of a step, in French."""
    return kind_of(step).label


def chain_of(procedure: str, table: Table) -> Chain:
    """The steps that a procedure goes through; one that an integrator added follows its nearest kind.

    Raises:
        DocumentError: The table has no such procedure.
    """
    by_id = {chain.id: chain for chain in durations().chains}
    by_procedure = {name: chain for chain in by_id.values() for name in chain.procedures}
    if procedure in by_procedure:
        return by_procedure[procedure]
    known = table.procedures.get(procedure)
    if known is None or known.arrangement:
        names = sorted(name for name, entry in table.procedures.items() if not entry.arrangement)
        words = "expected one of {choices}, got {got}"
        raise DocumentError(
            fault("unknown_choice", "schedule.procedure", words, choices=tuple(names), got=shown(procedure))
        )
    return by_id["direct" if known.dispensed else "open" if known.formal else "adapted"]


class Basis(StrEnum):
    """What the duration of a step rests on."""

    LAW = "law"
    ESTIMATE = "estimate"
    USER = "user"
    COUNCIL_DATES = "council_dates"


@frozen(kw_only=True)
class StepPart(Grounded):
    """One span inside a step, such as the candidatures inside a receipt in two phases.

    Attributes:
        id: ``candidatures``, ``selection`` or ``tenders``; absent in a document from before it was told.
        label: What happens in it.
        start: Its first day.
        end: Its last day.
        days: How long it takes.
    """

    id: Literal["", "candidatures", "selection", "tenders"] = ""
    label: Wording
    start: date
    end: date
    days: int


@frozen(kw_only=True)
class ChainStep:
    """One step before it has dates.

    Attributes:
        id: Which step.
        days: Its length, calendar days.
        basis: What that length rests on.
        citation: The texts, where the law asks for the step or sets its length.
        note: What a reader should know, in French.
        task: The same for the scheduler.
        parts: The spans inside it once it starts on a day.
    """

    id: StepId
    days: int
    basis: Basis
    citation: Citation | None
    note: str | None
    task: Task
    parts: Callable[[date], tuple[StepPart, ...]] = lambda start: ()
