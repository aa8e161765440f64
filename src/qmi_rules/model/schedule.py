"""The schedule a buyer has in mind: the procedure, the wanted start, the durations known better than the estimates."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from enum import StrEnum
from typing import Any, ClassVar, Literal

from attrs import field, frozen

from qmi_rules.errors import DocumentError, Problem, fault
from qmi_rules.read_only import to_read_only
from qmi_rules.schema import Document
from qmi_rules.schema.faults import repeated
from qmi_rules.schema.scalars import (
    DAY,
    IDENTIFIER,
    TRUTH,
    KeyedCheck,
    as_parts,
    each,
    is_a,
    one_of,
    optional,
    text,
    to_day,
    to_optional_day,
    whole,
)

LONGEST_STEP = 3_660


class Expense(StrEnum):
    """The section of the budget that pays."""

    INVESTMENT = "investment"
    OPERATING = "operating"


class StepId(StrEnum):
    """The steps of a purchase, in their order."""

    SOURCING = "sourcing"
    NEED = "need"
    CREDITS = "credits"
    DRAFTING = "drafting"
    PUBLICATION = "publication"
    RECEIPT = "receipt"
    ANALYSIS = "analysis"
    NEGOTIATION = "negotiation"
    TENDER_COMMITTEE = "tender_committee"
    REJECTION_LETTERS = "rejection_letters"
    STANDSTILL = "standstill"
    COUNCIL = "council"
    SIGNATURE = "signature"
    PREFECT = "prefect"
    NOTIFICATION = "notification"
    START = "start"


_EXPENSES: dict[str, Expense] = {member.value: member for member in Expense}


def to_expense(value: Expense | Literal["investment", "operating"] | None) -> Expense | None:
    """attrs converter: the word or the member; anything else passes on to the validator, which refuses it."""
    return _EXPENSES.get(value, value) if isinstance(value, str) else value  # type: ignore[arg-type]


@frozen(kw_only=True)
class Milestone(Document):
    """A date of one of the two parties that the plan has to live with.

    Attributes:
        id: Its name, such as ``cash_runway`` (the money lasts until), ``production_ready`` (delivery is possible from),
            ``launch_event``, ``subsidy_decision``.
        on: Day.
        who: ``commune``, or the name of the firm; ``company`` will do.
    """

    id: str = field(validator=text(200))
    on: date = field(converter=to_day, validator=DAY)
    who: str = field(validator=text(200))


def to_milestones(values: Iterable[Milestone | Mapping[str, Any]]) -> tuple[Milestone, ...]:
    """attrs converter: an iterable of milestones, or of dicts of their keys, becomes a tuple."""
    return as_parts(values, Milestone)


@frozen(kw_only=True)
class Schedule(Document):
    """When a purchase is wanted, and by which procedure.

    Attributes:
        procedure: Id of the procedure; None = not chosen yet, then no plan can be made.
        wanted_on: Day performance is to start: the plan runs back from it. None = the plan runs forward.
        not_before: First day on which work on the purchase may begin; today, usually.
        expense: ``investment`` or ``operating``; None = not known.
        programme_authorised: A programme authorisation (AP) with payment credits covers the operation.
        durations: Days of each step that replace the estimates.
        milestones: Dates of the commune and of the firm.
    """

    OMIT_UNFILLED: ClassVar[bool] = True

    procedure: str | None = field(default=None, validator=optional(IDENTIFIER))
    wanted_on: date | None = field(default=None, converter=to_optional_day, validator=optional(DAY))
    not_before: date | None = field(default=None, converter=to_optional_day, validator=optional(DAY))
    expense: Expense | None = field(default=None, converter=to_expense, validator=optional(one_of(Expense)))
    programme_authorised: bool | None = field(default=None, validator=TRUTH)
    durations: Mapping[str, int] = field(
        factory=dict,
        converter=to_read_only,
        validator=KeyedCheck(tuple(StepId), whole(0, LONGEST_STEP, "of days"), "step"),
    )
    milestones: tuple[Milestone, ...] = field(
        default=(), converter=to_milestones, validator=each(is_a(Milestone, "a milestone with id and on"), own_ids=True)
    )

    def __attrs_post_init__(self) -> None:
        if problems := list(self.contradictions(self)):
            raise DocumentError(problems)

    @staticmethod
    def contradictions(schedule: "Schedule") -> Iterator[Problem]:
        """The faults that concern several of its fields at once."""
        wanted, first = schedule.wanted_on, schedule.not_before
        if wanted is not None and first is not None and wanted < first:
            words = "expected a day from not_before ({first}) on, got {got}"
            yield fault("contradiction", "wanted_on", words, first=first, got=wanted)
        yield from repeated("milestones", schedule.milestones)
