"""What `check_calendar` answers: the steps with their dates, the verdict, the conflicts and all they rest on."""

from datetime import date
from typing import ClassVar

from attrs import field, frozen

from qmi_rules.budget_calendar.budget_year import BudgetYear
from qmi_rules.budget_calendar.conflicts import Conflict
from qmi_rules.budget_calendar.forecast import Constraint
from qmi_rules.budget_calendar.rhythms import Wait
from qmi_rules.budget_calendar.sentences import Remark
from qmi_rules.budget_calendar.steps import Basis, Part
from qmi_rules.contexts.schedule import StepId
from qmi_rules.documents.scalars import to_tuple
from qmi_rules.text import Explained, Language, Page


@frozen(kw_only=True)
class Step:
    """One step of the plan.

    Attributes:
        id: Which step.
        label: Its name in French.
        start: First day.
        end: Day it is done; the next step starts on that day or later.
        days: Its length in calendar days; `end` may be later because of days off, `start` earlier never.
        legal_basis: Article that asks for it or sets its length.
        estimate: True where the length, or a part of it, is an estimate and no rule.
        basis: ``law``, ``estimate``, ``user`` or ``council_dates``.
        note: What a reader should know, in French.
        parts: The spans inside it (a receipt in two phases).
    """

    id: StepId
    label: str
    start: date
    end: date
    days: int
    legal_basis: str | None
    estimate: bool
    basis: Basis
    note: str | None = None
    parts: tuple[Part, ...] = field(default=(), converter=to_tuple)


@frozen(kw_only=True)
class Deadline:
    """A day by which something beside the steps must be done.

    Attributes:
        id: ``convocation``, ``award_notice`` or ``essential_data``.
        label: What, in French.
        by: Last day.
        legal_basis: Article.
    """

    id: str
    label: str
    by: date
    legal_basis: str | None


@frozen(kw_only=True)
class CalendarCheck(Explained):
    """The calendar of one purchase.

    Attributes:
        title: What is bought.
        procedure: Id of the procedure.
        procedure_label: Its legal name, in French.
        insee_code: The commune, where known.
        launched_on: Day of the launch that the purchase declares: it decides which law applies.
        wanted_on: Day performance was wanted to start.
        feasible: Whether it can; True where no day was wanted.
        launch_by: Last day to launch the consultation so as to start on the wanted day; None where none was wanted, or
            where the council dates given leave no such day.
        earliest_start: First day performance can start.
        steps: The plan: back from the wanted day where that is feasible, else as early as possible.
        earliest_steps: The same steps as early as possible.
        critical_path: The steps that fix `earliest_start`.
        launch_path: The steps that fix `launch_by`, where the plan runs back from the wanted day; else empty.
        binding: Why a council meeting fixes the plan shown; None where something else does.
        blocking: A minimal set of constraints that make the wanted day impossible, all others left aside; empty where it is
            feasible. Those that are `enough` make it possible if they alone are lifted.
        council_meetings: Days the council meets, as the commune gives them.
        conflicts: What collides with budget, politics and changes of the law, in order of time.
        waits: When the commune and the firm wait for each other.
        deadlines: What else must be done by when.
        budget: The budget year that pays, by the day of the signature.
        missing: Paths, in a dossier, of what was not given and had to be assumed; a fact of the purchase by its name alone.
        assumptions: What the plan rests on where something was not given or is not settled.
        table_edition: Edition of the law table.
    """

    READ_BACK: ClassVar[bool] = True

    title: str
    procedure: str
    procedure_label: str
    procedure_status: str
    procedure_remark: Remark | None
    insee_code: str | None
    launched_on: date
    wanted_on: date | None
    feasible: bool
    launch_by: date | None
    earliest_start: date
    steps: tuple[Step, ...] = field(converter=to_tuple)
    earliest_steps: tuple[Step, ...] = field(converter=to_tuple)
    critical_path: tuple[StepId, ...] = field(converter=to_tuple)
    launch_path: tuple[StepId, ...] = field(converter=to_tuple)
    binding: Remark | None
    blocking: tuple[Constraint, ...] = field(converter=to_tuple)
    council_meetings: tuple[date, ...] = field(converter=to_tuple)
    conflicts: tuple[Conflict, ...] = field(converter=to_tuple)
    waits: tuple[Wait, ...] = field(converter=to_tuple)
    deadlines: tuple[Deadline, ...] = field(converter=to_tuple)
    budget: BudgetYear
    missing: tuple[str, ...] = field(converter=to_tuple)
    assumptions: tuple[Remark, ...] = field(converter=to_tuple)
    table_edition: str

    def __getitem__(self, step: str) -> Step:
        """The step of that id."""
        for entry in self.steps:
            if entry.id == step:
                return entry
        raise KeyError(step)

    def page(self, say: Language) -> Page:
        """Verdict, plan, conflicts, rhythms, budget and assumptions."""
        from qmi_rules.budget_calendar.page import calendar_page

        return calendar_page(self, say)

    def _repr_html_(self) -> str:
        from qmi_rules.budget_calendar.gantt import to_svg

        return to_svg(self) + self.explain("fr", "html")
