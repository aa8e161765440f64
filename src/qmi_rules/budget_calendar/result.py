"""What `check_calendar` answers."""

from datetime import date
from typing import ClassVar, Literal

from attrs import field, frozen

from qmi_rules.budget_calendar.budget_year import BudgetYear
from qmi_rules.budget_calendar.conflicts import CalendarConflict
from qmi_rules.budget_calendar.facts import Grounded, YearlyDay, fact
from qmi_rules.budget_calendar.plans import Constraint, Wait
from qmi_rules.budget_calendar.steps import Basis, StepPart, step_label
from qmi_rules.law import Source
from qmi_rules.law.truth import Status
from qmi_rules.law.wording import certainty_mark, informs
from qmi_rules.model.schedule import StepId
from qmi_rules.pages import Explained, Language, Page
from qmi_rules.pages.sentences import Remark
from qmi_rules.pages.templates import page_of
from qmi_rules.schema import Wording
from qmi_rules.schema.fields import UNFILLED_IS_ABSENT, Layout
from qmi_rules.schema.scalars import to_tuple


@frozen(kw_only=True)
class PlannedStep(Grounded):
    """One step of the plan.

    Attributes:
        id: Which step.
        label: Its name in French.
        start: First day.
        end: Day it is done; the next step starts on that day or later.
        days: Its length in calendar days; `end` may be later because of days off, `start` earlier never.
        estimate: True where the length, or a part of it, is an estimate and no rule.
        basis: ``law``, ``estimate``, ``user`` or ``council_dates``.
        note: What a reader should know, in French.
        parts: The spans inside it (a receipt in two phases).
    """

    id: StepId
    label: Wording
    start: date
    end: date
    days: int
    estimate: bool
    basis: Basis
    note: Wording | None = field(default=None, metadata=UNFILLED_IS_ABSENT)
    parts: tuple[StepPart, ...] = field(default=(), converter=to_tuple, metadata=UNFILLED_IS_ABSENT)


@frozen(kw_only=True)
class Deadline(Grounded):
    """A day by which something beside the steps must be done.

    Attributes:
        id: ``convocation``, ``award_notice`` or ``essential_data``.
        label: What, in French.
        by: Last day.
    """

    id: Literal["convocation", "award_notice", "essential_data"]
    label: Wording
    by: date


@frozen(kw_only=True)
class CalendarCheck(Explained):
    """The calendar of one purchase.

    Attributes:
        title: What is bought.
        procedure: Id of the procedure.
        procedure_label: Its legal name, in French.
        procedure_status: Whether it is open for the purchase: ``open``, ``closed`` or ``undetermined``.
        procedure_remark: What to know where it is not open.
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

    _layout: ClassVar[Layout] = Layout(own_page=True)

    title: str
    procedure: str
    procedure_label: Wording
    procedure_status: Status
    procedure_remark: Remark | None
    insee_code: str | None
    launched_on: date
    wanted_on: date | None
    feasible: bool
    launch_by: date | None
    earliest_start: date
    steps: tuple[PlannedStep, ...] = field(converter=to_tuple)
    earliest_steps: tuple[PlannedStep, ...] = field(converter=to_tuple)
    critical_path: tuple[StepId, ...] = field(converter=to_tuple)
    launch_path: tuple[StepId, ...] = field(converter=to_tuple)
    binding: Remark | None
    blocking: tuple[Constraint, ...] = field(converter=to_tuple)
    council_meetings: tuple[date, ...] = field(converter=to_tuple)
    conflicts: tuple[CalendarConflict, ...] = field(converter=to_tuple)
    waits: tuple[Wait, ...] = field(converter=to_tuple)
    deadlines: tuple[Deadline, ...] = field(converter=to_tuple)
    budget: BudgetYear
    missing: tuple[str, ...] = field(converter=to_tuple)
    assumptions: tuple[Remark, ...] = field(converter=to_tuple)
    table_edition: str

    def __getitem__(self, step: str) -> PlannedStep:
        """The step of that id."""
        for entry in self.steps:
            if entry.id == step:
                return entry
        raise KeyError(step)

    @property
    def sources(self) -> tuple[Source, ...]:
        """The legal texts that it cites, each once; none where it was read back from JSON."""
        parts = (part for step in self.steps for part in step.parts)
        cited = (*self.steps, *parts, *self.conflicts, *self.deadlines, *self.budget.dates)
        return tuple({source.id: source for entry in cited for source in entry.sources}.values())

    def page(self, say: Language) -> Page:
        """Verdict, plan, conflicts, rhythms, budget and assumptions."""
        day = YearlyDay(fact("year_end_vote").month_day or "").said(say)
        voices = (informs, certainty_mark)
        return page_of("calendar", say, voices=voices, it=self, step_label=step_label, year_end=day)

    def _repr_html_(self) -> str:
        from qmi_rules.budget_calendar.gantt import to_svg

        return to_svg(self) + self.explain("fr", "html")
