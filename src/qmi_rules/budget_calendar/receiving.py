"""The receipt of candidatures and tenders: the time limits of the law counted from the sending, or an estimate."""

from collections.abc import Callable
from datetime import date, timedelta

from qmi_rules.budget_calendar.days import first_daytime_limit, receipt_ends
from qmi_rules.budget_calendar.frame import Frame
from qmi_rules.budget_calendar.limits import DutyInCalendar
from qmi_rules.budget_calendar.planner import Task
from qmi_rules.budget_calendar.steps import Basis, ChainStep, Part
from qmi_rules.contexts.schedule import StepId
from qmi_rules.text import message


def receipt(frame: Frame) -> ChainStep:
    """Receipt of tenders: the time limit of the law, or an estimate; in two phases candidatures, selection and tenders."""
    tenders = frame.duties.get("time_limit_tenders")
    if not frame.chain.two_phases:
        days, basis = frame.length(StepId.RECEIPT, tenders.days if tenders else None)
        lasts = _limit(frame, days)
        return _received(frame, days, basis, tenders, lasts, lambda start: ())
    candidatures = frame.duties.get("time_limit_candidatures")
    first = candidatures.days if candidatures and candidatures.days is not None else frame.chain.steps["receipt"].days
    selection = frame.chain.steps["selection"].days
    last = tenders.days if tenders and tenders.days is not None else frame.chain.steps["tenders"].days
    days, basis = frame.length(StepId.RECEIPT, first + selection + last)
    if basis is not Basis.LAW:  # the whole length is given: what the candidatures leave of it
        first = min(first, days)
        selection = min(selection, max(days - first, 0))
        last = max(days - first - selection, 0)

    def parts(start: date) -> tuple[Part, ...]:
        closed = first_daytime_limit(start, first, frame.legal_days)
        invited = frame.town_days.on_or_after(closed + timedelta(days=selection))
        received = first_daytime_limit(invited, last, frame.legal_days) if last else invited
        return (
            Part(
                label=message("Candidatures"),
                start=start,
                end=closed,
                days=first,
                legal_basis=candidatures.legal_basis if candidatures else None,
            ),
            Part(label=message("Choix des candidats admis"), start=closed, end=invited, days=selection),
            Part(
                label=message("Offres"),
                start=invited,
                end=received,
                days=last,
                legal_basis=tenders.legal_basis if tenders and basis is Basis.LAW else None,
            ),
        )

    def received(start: date) -> date:
        return frame.town_days.on_or_after(parts(start)[-1].end) if days else start

    return _received(frame, days, basis, candidatures, received, parts)


def _limit(frame: Frame, days: int) -> Callable[[date], date]:
    """When a time limit for receipt is over: after a notice, the first daytime limit; after a request for quotes, the day."""

    def lasts(start: date) -> date:
        if not days:
            return start
        count = first_daytime_limit if frame.chain.notice else receipt_ends
        return frame.town_days.on_or_after(count(start, days, frame.legal_days))

    return lasts


def _received(
    frame: Frame,
    days: int,
    basis: Basis,
    duty: DutyInCalendar | None,
    lasts: Callable[[date], date],
    parts: Callable[[date], tuple[Part, ...]],
) -> ChainStep:
    return ChainStep(
        id=StepId.RECEIPT,
        days=days,
        basis=basis,
        legal_basis=duty.legal_basis if duty else None,
        note=frame.estimate(StepId.RECEIPT).note if basis is Basis.ESTIMATE else None,
        task=Task(
            id=StepId.RECEIPT,
            ends=lasts,
            may_start=frame.launches_on,
            after=frame.after(StepId.RECEIPT),
        ),
        parts=parts,
    )
