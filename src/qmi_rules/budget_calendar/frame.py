"""Everything the steps of one purchase depend on: who buys what, the estimates, the duties, the credits, the days worked."""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cached_property

from attrs import field, frozen

from qmi_rules.budget_calendar.credits import Credits
from qmi_rules.budget_calendar.days import WorkingDays
from qmi_rules.budget_calendar.durations import Chain, Estimate, durations
from qmi_rules.budget_calendar.limits import DutyInCalendar
from qmi_rules.budget_calendar.steps import Basis
from qmi_rules.contexts import Purchase
from qmi_rules.contexts.commune import Commune
from qmi_rules.contexts.schedule import Schedule, StepId
from qmi_rules.documents.read_only import to_read_only

_NO_TIME = Estimate(days=0, low=0, high=0)


@frozen(kw_only=True, slots=False)
class Frame:
    """Everything the steps of one purchase depend on.

    Attributes:
        purchase: What is bought.
        commune: Who buys.
        schedule: When it is wanted.
        chain: The estimates of the procedure.
        duties: What the law asks, by duty id.
        credits: When the credits are open.
        relaxed: Constraints to leave aside, by name (see `constraints`): what `infeasibility` varies.
    """

    purchase: Purchase
    commune: Commune
    schedule: Schedule
    chain: Chain
    duties: Mapping[str, DutyInCalendar] = field(converter=to_read_only, eq=False)
    credits: Credits = field(eq=False)
    relaxed: frozenset[str] = frozenset()

    @property
    def procedure(self) -> str:
        """Id of the procedure; a frame is only made where there is one."""
        return self.schedule.procedure or ""

    @cached_property
    def legal_days(self) -> WorkingDays:
        """The working days that move a time limit of the law."""
        return WorkingDays(alsace_moselle=bool(self.commune.alsace_moselle))

    @cached_property
    def town_days(self) -> WorkingDays:
        """The days on which the commune works."""
        return WorkingDays(alsace_moselle=bool(self.commune.alsace_moselle), closed_on=self.commune.closed_days)

    @cached_property
    def launch(self) -> StepId:
        """The step that launches the consultation."""
        return StepId.PUBLICATION if StepId.PUBLICATION in self.included else StepId.RECEIPT

    @cached_property
    def delegated(self) -> bool | None:
        """Whether the mayor may sign by delegation: None where the limit or the amount is not known."""
        limit, amount = self.commune.delegation_limit, self.purchase.value
        if limit == 0:
            return False
        return None if limit is None or amount is None else amount <= limit

    @cached_property
    def included(self) -> tuple[StepId, ...]:
        """The steps of the chain, in order."""
        given, own = self.schedule.durations, self.chain.steps
        duty_steps = {
            StepId.TENDER_COMMITTEE: "tender_committee",
            StepId.STANDSTILL: "standstill",
            StepId.PREFECT: "prefect_transmission",
        }
        always = {StepId.CREDITS, StepId.NOTIFICATION, StepId.START}

        def belongs(step: StepId) -> bool:
            if step in self.chain.forbids:
                return False
            if step in given or step in always:
                return True
            if step in duty_steps:
                return duty_steps[step] in self.duties
            return step in own or (step is StepId.COUNCIL and not self.delegated)

        return tuple(step for step in StepId if belongs(step))

    def length(self, step: StepId, law: int | None = None) -> tuple[int, Basis]:
        """The days of a step and what they rest on: the user's, else the law's, else the estimate."""
        if f"duration:{step}" in self.relaxed:
            return 0, Basis.ESTIMATE
        if step in self.schedule.durations:
            return self.schedule.durations[step], Basis.USER
        if law is not None:
            return law, Basis.LAW
        return self.estimate(step).days, Basis.ESTIMATE

    def estimate(self, step: StepId) -> Estimate:
        """The estimate of a step."""
        if step is StepId.PREFECT:
            return durations().prefect
        if step is StepId.COUNCIL:
            return durations().council_wait
        return self.chain.steps.get(step, _NO_TIME)

    def after(self, step: StepId) -> tuple[tuple[str, int], ...]:
        """The step before a step, as the scheduler takes it."""
        place = self.included.index(step)
        return ((self.included[place - 1], 0),) if place else ()

    def launches_on(self, day: date) -> bool:
        """Whether a notice or an invitation may go out: on a working day, or on the very day the purchase says."""
        return day == self.purchase.launched_on or self.town_days.include(day)

    def limited(self) -> Iterator[tuple[StepId, DutyInCalendar]]:
        """The steps whose length the law bounds, each with the duty that does."""
        name = "time_limit_candidatures" if self.chain.two_phases else "time_limit_tenders"
        for step, duty in ((StepId.RECEIPT, name), (StepId.STANDSTILL, "standstill")):
            entry = self.duties.get(duty)
            if entry is not None and entry.days is not None:
                yield step, entry
