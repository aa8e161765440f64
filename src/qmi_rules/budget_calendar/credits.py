"""When the credits for a purchase are open: the spans before the vote of the budget in which nothing may be committed."""

from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property

from attrs import field, frozen

from qmi_rules.budget_calendar.budget_rules import early_investment_limit
from qmi_rules.budget_calendar.budget_year import BudgetYear, budget_year
from qmi_rules.budget_calendar.facts import fact
from qmi_rules.contexts.commune import BudgetVote, Commune
from qmi_rules.contexts.schedule import Expense

_ONE = timedelta(days=1)


@frozen(kw_only=True)
class Closure:
    """Days on which the credits are closed.

    Attributes:
        code: Why, as a conflict code: ``no_credits_yet``, ``quarter_exceeded`` or ``quarter_closed``.
        first: First closed day.
        last: Last closed day, the one before the vote.
    """

    code: str
    first: date
    last: date


@frozen(kw_only=True, slots=False)
class Credits:
    """The credits that a purchase draws on, year after year.

    Attributes:
        commune: Whose.
        expense: The section that pays; None = not known.
        amount: Value of the purchase, EUR HT; None = not known.
        programme_authorised: A programme authorisation covers the operation, so its payment credits are open.
        lifted: True to leave all closures aside.
    """

    commune: Commune
    expense: Expense | None
    amount: Decimal | None
    programme_authorised: bool | None = None
    lifted: bool = False
    _years: dict[int, BudgetYear] = field(factory=dict, init=False, eq=False, repr=False)
    _closures: dict[int, tuple[Closure, ...]] = field(factory=dict, init=False, eq=False, repr=False)

    def budget(self, year: int) -> BudgetYear:
        """The budget of a year."""
        if year not in self._years:
            self._years[year] = budget_year(self.commune, year)
        return self._years[year]

    @cached_property
    def quarter(self) -> Decimal | None:
        """What may be invested before the vote, EUR; None = not known."""
        base = self.commune.previous_investment_credits
        return early_investment_limit(base) if base is not None else None

    def closures(self, year: int) -> tuple[Closure, ...]:
        """The closed days of a year: before a spring vote, investment without what CGCT L1612-1 asks for."""
        if year not in self._closures:
            self._closures[year] = self._closed(year)
        return self._closures[year]

    def closed_on(self, day: date) -> Closure | None:
        """The closure that covers a day; None where the credits are open."""
        if self.lifted:
            return None
        return next((closure for closure in self.closures(day.year) if closure.first <= day <= closure.last), None)

    def open_from(self, day: date) -> date:
        """The first day from `day` on which the credits are open."""
        while (closure := self.closed_on(day)) is not None:
            day = closure.last + _ONE
        return day

    def closed_between(self, first: date, last: date) -> bool:
        """Whether the credits are closed on a day between two days, both included."""
        return not self.lifted and any(
            closure.first <= last and first <= closure.last
            for year in range(first.year, last.year + 1)
            for closure in self.closures(year)
        )

    def before_vote(self, day: date) -> bool:
        """Whether a day lies in the part of its year that comes before the vote of a spring budget."""
        return self.commune.budget_vote is BudgetVote.SPRING and day < self.budget(day.year).voted_on

    def _closed(self, year: int) -> tuple[Closure, ...]:
        if (
            self.commune.budget_vote is BudgetVote.YEAR_END
            or self.expense is not Expense.INVESTMENT
            or self.programme_authorised
        ):
            return ()
        first, last = date(year, 1, 1), self.budget(year).voted_on - _ONE
        if last < first:
            return ()
        if not self.commune.early_investment_authorised:
            return (Closure(code="no_credits_yet", first=first, last=last),)
        if self.quarter is not None and self.amount is not None and self.amount > self.quarter:
            return (Closure(code="quarter_exceeded", first=first, last=last),)
        end = fact("early_investment_end").on(year)
        return (Closure(code="quarter_closed", first=end + _ONE, last=last),) if end < last else ()
