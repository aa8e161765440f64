"""The rules of a budget year: until when the budget is voted, how early the council is convened, what may be spent before."""

from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal

from qmi_rules.budget_calendar.facts import Fact, budget_facts, fact
from qmi_rules.contexts.commune import Commune
from qmi_rules.documents.scalars import require, shown
from qmi_rules.errors import DocumentError, Problem

_FORMER_REGIME_ENDS = 2012
_FIRST_KNOWN = 1996


def is_renewal_year(year: int) -> bool:
    """True where the municipal councils are renewed that year."""
    return any(renewal.year == year for renewal in budget_facts().renewal_years)


def budget_deadline(year: int) -> date:
    """The last day on which the budget of `year` may be voted, as practice reads it ("until").

    The text says "before": the last day beyond dispute is the one before, `last_safe_vote`.

    Raises:
        DocumentError: The year lies outside the span that the facts know.

    Source: CGCT L1612-2; 15 April, or 30 April where the councils are renewed.
    """
    return vote_deadline(year).on(year)


def last_safe_vote(year: int) -> date:
    """The last day on which a vote is in time under the strict reading of CGCT L1612-2 ("before")."""
    return budget_deadline(year) - timedelta(days=1)


def vote_deadline(year: int) -> Fact:
    """The rule that sets the last day on which the budget of `year` may be voted.

    Raises:
        DocumentError: The year lies outside the span that the facts know.
    """
    latest = budget_facts().known_until
    if isinstance(year, bool) or not isinstance(year, int) or not _FIRST_KNOWN <= year <= latest:
        raise DocumentError([Problem("year", f"expected a year from {_FIRST_KNOWN} to {latest}, got {shown(year)}")])
    name = "vote_deadline_renewal" if is_renewal_year(year) else "vote_deadline"
    return fact(name + "_former" if year <= _FORMER_REGIME_ENDS else name)


def convocation_days(commune: Commune) -> Fact:
    """How many clear days a convocation of the council takes; five where the population is not known."""
    inhabitants = commune.inhabitants
    small = inhabitants is not None and inhabitants < (fact("convocation_small").count or 0)
    return fact("convocation_small" if small else "convocation_large")


def early_investment_limit(previous_credits: Decimal) -> Decimal:
    """What may be committed in investment before the vote: a quarter of last year's credits, rounded down to the cent.

    Args:
        previous_credits: Opened credits of the year before (budget, supplement, amendments), debt, carry-overs and
            unforeseen expenses left out, EUR.

    Raises:
        DocumentError: `previous_credits` is no number.

    Source: CGCT L1612-1.
    """
    require("previous_credits", previous_credits, Decimal, int)
    share = fact("early_investment").share
    assert share is not None
    return (previous_credits * share).quantize(Decimal("0.01"), ROUND_DOWN)
