"""The budget year of a commune: when it is voted, what must come before, what may be spent until then, what ends with it."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import ClassVar

from attrs import field, frozen

from qmi_rules.budget_calendar.budget_rules import (
    budget_deadline,
    convocation_days,
    early_investment_limit,
    is_renewal_year,
    vote_deadline,
)
from qmi_rules.budget_calendar.budget_year_page import budget_year_page
from qmi_rules.budget_calendar.days import latest_convocation
from qmi_rules.budget_calendar.facts import Evidence, Fact, fact
from qmi_rules.contexts.commune import BudgetVote, Commune
from qmi_rules.documents.scalars import require, to_tuple
from qmi_rules.text import Explained, Language, Page, message


@frozen(kw_only=True)
class BudgetDate:
    """One date of a budget year.

    Attributes:
        id: Its name.
        label: What it is, in French.
        on: Day.
        legal_basis: Article.
        certainty: ``confirmed``, ``single_source`` or ``unverified``.
        note: What a reader should know besides.
    """

    id: str
    label: str
    on: date
    legal_basis: str | None
    certainty: Evidence
    note: str | None = None


@frozen(kw_only=True)
class BudgetYear(Explained):
    """The budget of one year of one commune.

    Attributes:
        year: The year N the budget is for.
        budget_vote: ``year_end`` or ``spring``.
        voted_on: Day of the vote.
        assumed: True where the commune did not give the day of the vote and the last possible one was taken.
        early_investment: What may be committed in investment before the vote, with the council's authorisation, EUR; None
            where last year's credits are not known.
        dates: What comes when, in order.
    """

    READ_BACK: ClassVar[bool] = True

    year: int
    budget_vote: BudgetVote
    voted_on: date
    assumed: bool
    early_investment: Decimal | None
    dates: tuple[BudgetDate, ...] = field(converter=to_tuple)

    def __getitem__(self, id: str) -> BudgetDate:
        """The date of that name."""
        for entry in self.dates:
            if entry.id == id:
                return entry
        raise KeyError(id)

    def page(self, say: Language) -> Page:
        """The dates of the year as a table."""
        return budget_year_page(self, say)


def budget_year(commune: Commune, year: int) -> BudgetYear:
    """The dates of the budget of `year` for a commune; the vote is the one given, else the last possible day.

    Raises:
        DocumentError: `commune` is no `Commune`, or the year lies outside the span that the facts know.
    """
    require("commune", commune, Commune)
    given = commune.budget_voted_on if commune.budget_year == year else None
    latest = fact("year_end_vote").on(year) if commune.budget_vote is BudgetVote.YEAR_END else budget_deadline(year)
    voted_on = given or latest
    base = commune.previous_investment_credits
    return BudgetYear(
        year=year,
        budget_vote=commune.budget_vote,
        voted_on=voted_on,
        assumed=given is None,
        early_investment=early_investment_limit(base) if base is not None else None,
        dates=tuple(sorted(_dates(commune, year, voted_on), key=lambda entry: entry.on)),
    )


def _dates(commune: Commune, year: int, voted_on: date) -> Iterator[BudgetDate]:
    spring = commune.budget_vote is BudgetVote.SPRING
    inhabitants = commune.inhabitants
    if inhabitants is None or inhabitants >= (fact("orientation_debate").count or 0):
        yield _before(voted_on, "orientation_debate")
        yield _before(voted_on, "orientation_debate_gap")
    yield _before(voted_on, "draft_budget_safe")
    yield _before(voted_on, "draft_budget")
    convocation = convocation_days(commune)
    yield _dated(convocation, latest_convocation(voted_on, convocation.days or 0), "convocation")
    yield _dated(_VOTE, voted_on)
    if spring:
        deadline = vote_deadline(year)
        yield _dated(deadline, deadline.on(year), "vote_deadline")
        yield _yearly("state_data", year)
        yield _yearly("early_investment_end", year)
    else:
        yield _yearly("year_end_vote", year)
    transmission = fact("to_prefect_renewal" if is_renewal_year(year) else "to_prefect")
    yield _dated(transmission, transmission.on(year), "to_prefect")
    for name in (
        "carry_over",
        "amending_end",
        "amending_to_prefect",
        "complementary_end",
        "accounts_vote",
        "accounts_to_prefect",
    ):
        yield _yearly(name, year)


_VOTE = Fact(
    id="vote",
    label=message("Vote du budget"),
    legal_basis="CGCT, art. L1612-1 et L1612-2",
    source="commune",
    certainty=Evidence.CONFIRMED,
)


def _dated(source: Fact, on: date, id: str = "") -> BudgetDate:
    return BudgetDate(
        id=id or source.id,
        label=source.label,
        on=on,
        legal_basis=source.legal_basis,
        certainty=source.certainty,
        note=source.note,
    )


def _before(voted_on: date, name: str) -> BudgetDate:
    source = fact(name)
    return _dated(source, voted_on - timedelta(days=source.days or 0))


def _yearly(name: str, year: int) -> BudgetDate:
    return _dated(fact(name), fact(name).on(year))
