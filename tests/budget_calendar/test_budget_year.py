"""The budget year: deadlines, the worked dates around a vote, what may be spent before it, and the facts behind them."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qmi_rules.budget_calendar import budget_deadline, budget_year, early_investment_limit, last_safe_vote
from qmi_rules.budget_calendar.facts import calendar_rules
from qmi_rules.errors import DocumentError
from qmi_rules.model.commune import Commune
from qmi_rules.pages import Language, to_text


@pytest.mark.parametrize(
    ("year", "day"),
    [
        (2012, date(2012, 3, 31)),
        (2008, date(2008, 4, 15)),
        (2013, date(2013, 4, 15)),
        (2014, date(2014, 4, 30)),
        (2019, date(2019, 4, 15)),
        (2020, date(2020, 4, 30)),
        (2025, date(2025, 4, 15)),
        (2026, date(2026, 4, 30)),
        (2027, date(2027, 4, 15)),
        (2032, date(2032, 4, 30)),
        (2033, date(2033, 4, 15)),
    ],
)
def test_deadline_of_the_vote(year: int, day: date) -> None:
    assert budget_deadline(year) == day


def test_the_last_safe_day_is_the_one_before() -> None:
    assert last_safe_vote(2027) == date(2027, 4, 14)
    assert last_safe_vote(2026) == date(2026, 4, 29)


@pytest.mark.parametrize("year", [1995, 2038, True, "2027", None])
def test_outside_what_is_known_there_is_no_deadline(year: object) -> None:
    with pytest.raises(DocumentError, match="expected a year from 1996 to 2037"):
        budget_deadline(year)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("regime", "vote", "debate", "draft", "safe", "convocation"),
    [
        ("year_end", date(2026, 12, 16), (10, 7), (12, 4), (12, 3), (12, 10)),
        ("spring", date(2027, 4, 8), (1, 28), (3, 27), (3, 26), (4, 2)),
    ],
)
def test_worked_dates_around_the_vote(
    regime: str,
    vote: date,
    debate: tuple[int, int],
    draft: tuple[int, int],
    safe: tuple[int, int],
    convocation: tuple[int, int],
) -> None:
    budget = budget_year(Commune(budget_vote=regime, budget_voted_on=vote, population=40_000), 2027)
    assert not budget.assumed
    assert budget["orientation_debate"].on == date(vote.year, *debate)
    assert budget["draft_budget"].on == date(vote.year, *draft)
    assert budget["draft_budget_safe"].on == date(vote.year, *safe)
    assert budget["convocation"].on == date(vote.year, *convocation)
    assert budget["vote"].on == vote
    assert budget["draft_budget"].legal_basis == "CGCT, art. L.\u00a01612-26"
    assert budget["draft_budget_safe"].certainty == "unverified"


def test_after_the_year() -> None:
    budget = budget_year(Commune(budget_vote="spring"), 2027)
    assert {name: budget[name].on for name in ("carry_over", "amending_end", "amending_to_prefect")} == {
        "carry_over": date(2027, 12, 31),
        "amending_end": date(2028, 1, 21),
        "amending_to_prefect": date(2028, 1, 26),
    }
    assert budget["complementary_end"].on == date(2028, 1, 31)
    assert budget["accounts_vote"].on == date(2028, 6, 30)
    assert budget["accounts_to_prefect"].on == date(2028, 7, 15)
    assert budget["to_prefect"].on == date(2027, 4, 30)
    assert budget_year(Commune(budget_vote="spring"), 2026)["to_prefect"].on == date(2026, 5, 15)


def test_a_vote_that_is_not_given_is_assumed_on_the_last_possible_day_and_said_so() -> None:
    spring = budget_year(Commune(budget_vote="spring"), 2026)
    year_end = budget_year(Commune(budget_vote="year_end"), 2026)
    assert (spring.assumed, spring.voted_on) == (True, date(2026, 4, 30))
    assert (year_end.assumed, year_end.voted_on) == (True, date(2025, 12, 31))
    assert "Vote supposé le 30 avril 2026" in spring.explain("fr")


def test_a_given_vote_counts_for_its_own_year_only() -> None:
    commune = Commune(budget_vote="year_end", budget_voted_on=date(2026, 12, 16))
    assert budget_year(commune, 2027).voted_on == date(2026, 12, 16)
    assert budget_year(commune, 2028).assumed


@pytest.mark.parametrize(("inhabitants", "clear"), [(3_499, 3), (3_500, 5), (None, 5)])
def test_convocation_follows_the_population(inhabitants: int | None, clear: int) -> None:
    budget = budget_year(Commune(budget_vote="spring", budget_voted_on=date(2027, 4, 8), population=inhabitants), 2027)
    assert (date(2027, 4, 8) - budget["convocation"].on).days == clear + 1


@pytest.mark.parametrize(("inhabitants", "held"), [(3_499, False), (3_500, True)])
def test_the_orientation_debate_is_for_communes_from_3500_inhabitants(inhabitants: int, held: bool) -> None:
    budget = budget_year(Commune(budget_vote="spring", population=inhabitants), 2027)
    assert any(entry.id == "orientation_debate" for entry in budget.dates) is held


def test_the_population_comes_from_the_insee_code() -> None:
    assert (Commune(insee_code="92063", budget_vote="spring").inhabitants or 0) > 50_000
    assert Commune(insee_code="92063", population=10, budget_vote="spring").inhabitants == 10


def test_a_quarter_of_last_years_credits_may_be_invested_before_the_vote() -> None:
    assert early_investment_limit(Decimal(340_000)) == Decimal(85_000)
    assert early_investment_limit(Decimal("0.03")) == Decimal("0.00")
    commune = Commune(budget_vote="spring", previous_investment_credits=340_000)
    assert budget_year(commune, 2027).early_investment == Decimal(85_000)


@given(st.decimals(0, Decimal("1e11"), places=2))
def test_the_quarter_is_never_more_than_a_quarter_and_misses_it_by_less_than_a_cent(credits: Decimal) -> None:
    quarter = early_investment_limit(credits)
    assert 0 <= credits - 4 * quarter < Decimal("0.04")


def test_every_fact_says_where_it_was_read_and_how_sure_it_is() -> None:
    for fact in calendar_rules().facts:
        assert fact.source
        assert fact.certainty in ("confirmed", "single_source", "unverified")
        assert fact.citation.sources


def test_explained_in_both_languages(english: Language) -> None:
    budget = budget_year(Commune(budget_vote="spring", previous_investment_credits=340_000), 2027)
    assert "25\N{NO-BREAK SPACE}% des crédits" in budget.explain("fr").replace(
        "\N{NARROW NO-BREAK SPACE}", "\N{NO-BREAK SPACE}"
    )
    assert "non vérifié" in budget.explain("fr")
    shown = " ".join(to_text(budget.page(english)).split())
    assert "25% of last year’s credits" in shown
    assert "Convocation" not in shown
