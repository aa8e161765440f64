"""A calendar does not contradict itself: one launch, one way to count, the meeting that binds, obstacles that are all named."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from calendar_examples import checked

from qmi_rules.budget_calendar import (
    METROPOLE,
    WorkingDays,
    budget_year,
    check_calendar,
    communication_window,
    current_affairs,
    earliest_meeting,
    early_investment_limit,
    elections,
    first_daytime_limit,
    last_safe_vote,
    latest_convocation,
    latest_dispatch,
    public_holidays,
    receipt_ends,
    safe_signature,
    standstill_ends,
    to_mermaid,
    to_svg,
)
from qmi_rules.budget_calendar.icalendar import to_ics
from qmi_rules.errors import DocumentError

LIGHTS = {
    "title": "Éclairage intelligent",
    "contract_type": "works",
    "estimated_value": 130_000,
    "launched_on": date(2026, 10, 15),
}
MEETINGS = (date(2026, 12, 17), date(2027, 2, 11), date(2027, 4, 8), date(2027, 6, 24), date(2027, 9, 23))
NOISY = {
    "insee_code": "93051",
    "budget_voted_on": date(2027, 4, 10),
    "council_meetings": MEETINGS,
    "delegation_limit": None,
    "orientation_debate_on": None,
}
ANSWER = checked(LIGHTS, NOISY, procedure="adapted_procedure", expense="investment", wanted_on=date(2027, 7, 5))


def plain(text: str) -> str:
    return " ".join(text.split())


def test_the_end_of_the_year_speaks_of_the_planned_launch() -> None:
    (entry,) = [c for c in ANSWER.conflicts if c.code == "year_end_cliff"]
    assert ANSWER.launch_by == date(2027, 2, 1)
    assert plain(entry.advice).startswith("Lancement prévu le 1er février 2027, signature le 5 juillet 2027")
    assert "budget 2027" in plain(entry.advice)


def test_the_council_meeting_that_binds_is_named_with_the_reason() -> None:
    assert ANSWER.launch_path[-1] == "council"
    assert ANSWER.binding is not None
    said = plain(ANSWER.binding.text)
    assert "8 avril 2027 fixe le dernier lancement" in said
    assert "la suivante, le 24 juin 2027, viendrait trop tard de 1 j" in said
    assert "76 jours restent libres" in said
    assert "fixe le dernier lancement" in plain(ANSWER.explain("fr"))


def test_a_meeting_that_was_waited_for_fixes_the_earliest_start() -> None:
    answer = checked(
        LIGHTS | {"launched_on": date(2027, 4, 12)},
        NOISY | {"council_meetings": (date(2027, 9, 23),), "budget_voted_on": date(2027, 4, 8)},
        procedure="adapted_procedure",
        expense="investment",
    )
    assert answer.binding is not None
    assert "23 septembre 2027 fixe le début au plus tôt" in plain(answer.binding.text)


def test_nothing_binds_but_the_steps_where_no_meeting_does() -> None:
    answer = checked(wanted_on=date(2027, 8, 2))
    assert answer.binding is None
    assert answer.launch_path[-1] == "start"


def test_the_days_of_a_step_are_those_between_its_dates() -> None:
    shown = plain(ANSWER.explain("fr"))
    assert "1er février 2027 1er mars 2027 28 CCP, art. R. 2151-1 (estimation, 25 j)" in shown
    assert "du 1er février 2027 au 1er mars 2027 (28 jours)" in shown
    assert ANSWER["receipt"].days == 25


def test_a_vote_of_the_budget_beside_the_meetings_or_at_the_weekend_is_noted() -> None:
    assert {"budget_meeting", "budget_weekend"} <= {entry.id for entry in ANSWER.assumptions}
    usual = checked(LIGHTS, NOISY | {"budget_voted_on": date(2027, 4, 8)}, procedure="adapted_procedure")
    assert not {"budget_meeting", "budget_weekend"} & {entry.id for entry in usual.assumptions}
    unsaid = checked(LIGHTS, NOISY | {"council_meetings": ()}, procedure="adapted_procedure")
    assert "budget_meeting" not in {entry.id for entry in unsaid.assumptions}


def test_lifting_the_credits_is_not_said_to_be_enough_where_the_mayor_still_may_not_sign() -> None:
    late = {"launched_on": date(2026, 11, 30)}
    wish: dict[str, Any] = {"wanted_on": date(2027, 3, 15), "not_before": date(2026, 11, 24), "expense": "investment"}
    credits_line = r"les crédits, fermés avant le vote du budget \((.*?)\)"
    held = re.search(credits_line, plain(checked(late, **wish).explain("fr")))
    assert held is not None
    assert "ne suffirait pas : Délégation inutilisable" in held[1]
    alone = re.search(
        credits_line,
        plain(
            checked(
                late,
                {"delegation_limit": 0, "council_meetings": (date(2027, 2, 15),)},
                **wish | {"wanted_on": date(2027, 3, 22)},
            ).explain("fr")
        ),
    )
    assert alone is not None
    assert alone[1] == "lever cette seule contrainte suffirait"


NOTHING: Any = "x"
NUMBER: Any = 1


@pytest.mark.parametrize(
    ("path", "call"),
    [
        ("purchase", lambda: check_calendar(NUMBER, NUMBER, NUMBER)),
        ("commune", lambda: budget_year(NUMBER, 2)),
        ("check", lambda: to_svg(NUMBER)),
        ("check", lambda: to_mermaid(NUMBER)),
        ("check", lambda: to_ics(NUMBER, stamp=date(2026, 11, 24))),
        ("width", lambda: to_svg(ANSWER, "fr", 100)),
        ("year", lambda: public_holidays(NOTHING)),
        ("alsace_moselle", lambda: public_holidays(2027, NOTHING)),
        ("sent", lambda: receipt_ends(date(9999, 12, 31), 30)),
        ("sent", lambda: first_daytime_limit(date(9999, 12, 1), 30)),
        ("working", lambda: receipt_ends(date(2027, 1, 1), 30, NUMBER)),
        ("deadline", lambda: latest_dispatch(date.min, 30)),
        ("meeting", lambda: latest_convocation(date.min, 5)),
        ("sent", lambda: earliest_meeting(date.max, 5)),
        ("sent", lambda: standstill_ends(date.max, 11)),
        ("sent", lambda: safe_signature(date.max, 11)),
        ("since", lambda: elections(NUMBER, 2)),  # type: ignore[arg-type]
        ("election", lambda: communication_window(NUMBER)),
        ("election", lambda: current_affairs(NUMBER)),
        ("year", lambda: last_safe_vote(NOTHING)),
        ("previous_credits", lambda: early_investment_limit(NOTHING)),
        ("day", lambda: METROPOLE.include(NUMBER)),
        ("closed_on", lambda: WorkingDays(closed_on=NUMBER)),
    ],
)
def test_a_wrong_argument_is_named_in_words(path: str, call: Callable[[], object]) -> None:
    with pytest.raises(DocumentError) as refused:
        call()
    assert refused.value.problems[0].path == path
