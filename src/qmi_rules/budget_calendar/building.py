"""How each step is built: its length and ground, when it may start, when it ends, what it waits for."""

from collections.abc import Callable
from datetime import date, timedelta

from attrs import evolve

from qmi_rules.budget_calendar.budget_rules import convocation_days
from qmi_rules.budget_calendar.days import safe_signature
from qmi_rules.budget_calendar.durations import durations
from qmi_rules.budget_calendar.facts import fact
from qmi_rules.budget_calendar.frame import Frame
from qmi_rules.budget_calendar.planner import Task
from qmi_rules.budget_calendar.receiving import receipt
from qmi_rules.budget_calendar.steps import Basis, ChainStep
from qmi_rules.contexts.schedule import StepId


def build(frame: Frame, step: StepId) -> ChainStep:
    match step:
        case StepId.RECEIPT:
            return receipt(frame)
        case StepId.STANDSTILL:
            return _standstill(frame)
        case StepId.COUNCIL:
            return _council(frame)
        case StepId.SIGNATURE:
            return _signature(frame)
        case StepId.PUBLICATION:
            return _work(frame, step, may_start=frame.launches_on, sends_at_end=True)
        case StepId.REJECTION_LETTERS:
            return _work(frame, step, legal_basis="CCP, art. R2143-6 à R2143-9", sends_at_end=True)
        case StepId.TENDER_COMMITTEE | StepId.PREFECT:
            duty = frame.duties.get({"prefect": "prefect_transmission"}.get(step, step))
            return _work(frame, step, legal_basis=duty.legal_basis if duty else None)
        case StepId.CREDITS:
            return _work(frame, step, legal_basis=fact("early_investment").legal_basis)
        case StepId.START:
            return _work(frame, step, may_start=lambda day: True)
    return _work(frame, step)


def _work(
    frame: Frame,
    step: StepId,
    *,
    legal_basis: str | None = None,
    may_start: Callable[[date], bool] | None = None,
    sends_at_end: bool = False,
) -> ChainStep:
    """A step of so many calendar days that ends on a working day."""
    days, basis = frame.length(step)
    town = frame.town_days

    def ends(start: date) -> date:
        return town.on_or_after(start + timedelta(days=days)) if days else start

    return ChainStep(
        id=step,
        days=days,
        basis=basis,
        legal_basis=legal_basis,
        note=frame.estimate(step).note if basis is Basis.ESTIMATE else None,
        task=Task(
            id=step,
            ends=ends,
            may_start=may_start or town.include,
            after=frame.after(step),
            sends_at_end=sends_at_end,
        ),
    )


def _standstill(frame: Frame) -> ChainStep:
    duty = frame.duties.get("standstill")
    days, basis = frame.length(StepId.STANDSTILL, duty.days if duty else None)

    def ends(sent: date) -> date:
        return frame.town_days.on_or_after(safe_signature(sent, days, frame.legal_days)) if days else sent

    return ChainStep(
        id=StepId.STANDSTILL,
        days=days,
        basis=basis,
        legal_basis=duty.legal_basis if duty else None,
        note=None,
        task=Task(
            id=StepId.STANDSTILL,
            ends=ends,
            may_start=frame.town_days.include,
            after=frame.after(StepId.STANDSTILL),
        ),
    )


def _council(frame: Frame) -> ChainStep:
    """The vote of the council: the next meeting given, else a wait that is assumed; never before its convocation allows."""
    meetings = tuple(sorted(frame.commune.council_meetings))
    clear = (convocation_days(frame.commune).days or 0) + 1
    days, basis = frame.length(StepId.COUNCIL)
    legal_basis = fact("council_vote").legal_basis
    relaxed = "council_meetings" in frame.relaxed or f"duration:{StepId.COUNCIL}" in frame.relaxed
    town = frame.town_days

    def assumed(ready: date) -> date:
        return town.on_or_after(ready + timedelta(days=0 if relaxed else max(days, clear)))

    def ends(ready: date) -> date:
        if relaxed:
            return assumed(ready)
        return next((meeting for meeting in meetings if meeting >= ready), None) or assumed(ready)

    decided = next(
        (step for step in (StepId.TENDER_COMMITTEE, StepId.NEGOTIATION, StepId.ANALYSIS) if step in frame.included),
        None,
    )
    notice = max(days, clear) if basis is Basis.USER else clear
    convened = ((decided, notice),) if decided and meetings and not relaxed else ()
    return ChainStep(
        id=StepId.COUNCIL,
        days=0 if meetings else days,
        basis=Basis.COUNCIL_DATES if meetings else basis,
        legal_basis=legal_basis,
        note=None if meetings else durations().council_wait.note,
        task=Task(
            id=StepId.COUNCIL,
            ends=ends,
            may_start=lambda day: town.include(day) or day in meetings,
            after=(*frame.after(StepId.COUNCIL), *convened),
        ),
    )


def _signature(frame: Frame) -> ChainStep:
    """The signature commits the money: it neither begins nor ends on a day on which the credits are closed."""
    step = _work(frame, StepId.SIGNATURE)
    funds, ends, works = frame.credits, step.task.ends, frame.town_days.include
    if funds.lifted:
        return step

    def may_start(day: date) -> bool:
        return works(day) and funds.closed_on(day) is None and funds.closed_on(ends(day)) is None

    return evolve(step, task=evolve(step.task, may_start=may_start))
