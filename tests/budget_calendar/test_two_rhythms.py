"""Two rhythms: who waits for whom, from when until when."""

from datetime import date, timedelta

from calendar_examples import checked

from qmi_rules.budget_calendar import CalendarCheck, Wait
from qmi_rules.model.schedule import Milestone

WANTED = date(2026, 12, 15)


def with_milestone(id: str, on: date, who: str) -> CalendarCheck:
    return checked(wanted_on=WANTED, milestones=(Milestone(id=id, on=on, who=who),))


def waits(answer: CalendarCheck, id: str) -> list[Wait]:
    return [wait for wait in answer.waits if wait.id == id]


def test_each_waits_for_the_other_in_the_procedure_itself() -> None:
    answer = checked(wanted_on=WANTED)
    (tenders,), (decision,) = waits(answer, "tenders"), waits(answer, "answer")
    receipt = answer["receipt"]
    assert (tenders.who, tenders.from_, tenders.until) == ("commune", receipt.start, receipt.end)
    assert (decision.who, decision.from_, decision.until) == ("company", receipt.end, answer["notification"].end)
    assert tenders.days == (receipt.end - receipt.start).days


def test_cash_that_ends_before_the_first_payment() -> None:
    paid = WANTED + timedelta(days=30)
    (short,) = waits(with_milestone("cash_runway", paid - timedelta(days=1), "Start-up"), "cash_runway")
    assert (short.who, short.from_, short.until, short.days) == ("company", paid - timedelta(days=1), paid, 1)
    assert waits(with_milestone("cash_runway", paid, "Start-up"), "cash_runway") == []


def test_production_that_is_ready_after_the_start_keeps_the_commune_waiting() -> None:
    ready = WANTED + timedelta(days=20)
    (wait,) = waits(with_milestone("production_ready", ready, "company"), "production_ready")
    assert "matériel à livrer" in wait.reason
    assert (wait.who, wait.from_, wait.until) == ("commune", WANTED, ready)


def test_production_that_is_ready_early_keeps_the_firm_waiting() -> None:
    ready = WANTED - timedelta(days=20)
    (wait,) = waits(with_milestone("production_ready", ready, "company"), "production_ready")
    assert "matériel à livrer" in wait.reason
    assert (wait.who, wait.from_, wait.until) == ("company", ready, WANTED)


def test_a_milestone_of_the_commune_after_the_start_keeps_the_firm_waiting() -> None:
    late = WANTED + timedelta(days=5)
    (wait,) = waits(with_milestone("subsidy_decision", late, "commune"), "subsidy_decision")
    assert (wait.who, wait.from_, wait.until) == ("company", WANTED, late)
    assert waits(with_milestone("subsidy_decision", WANTED, "commune"), "subsidy_decision") == []


def test_a_milestone_on_the_start_keeps_nobody_waiting() -> None:
    assert waits(with_milestone("production_ready", WANTED, "company"), "production_ready") == []


def test_a_users_words_are_shown_as_they_are() -> None:
    answer = with_milestone("{0} <b>", WANTED + timedelta(days=1), "SAS {x}")
    assert "« {0} <b> » (SAS {x})" in answer.explain("fr").replace("\u00a0", " ")
    assert "<b>" not in answer.explain("fr", "html")
