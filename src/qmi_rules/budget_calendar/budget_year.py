"""The budget year of a commune: until when it is voted, what must come before, what may be spent until then, when credits are closed."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal
from functools import cached_property
from typing import ClassVar

from attrs import field, frozen

from qmi_rules.budget_calendar.days import latest_convocation
from qmi_rules.budget_calendar.facts import CalendarFact, Grounded, calendar_rules, fact, resting_on, value_of_year
from qmi_rules.errors import DocumentError, fault
from qmi_rules.law import Certainty, default_table
from qmi_rules.law.wording import certainty_mark
from qmi_rules.model.commune import BudgetVote, Commune
from qmi_rules.model.schedule import Expense
from qmi_rules.pages import Explained, Language, Page
from qmi_rules.pages.sentences import Quantity, Said
from qmi_rules.pages.templates import page_of
from qmi_rules.schema import Wording
from qmi_rules.schema.faults import require, shown
from qmi_rules.schema.fields import Layout, said_by
from qmi_rules.schema.scalars import to_tuple

_ONE = timedelta(days=1)


def is_renewal_year(year: int) -> bool:
    """True where the municipal councils are renewed that year."""
    return any(renewal.year == year for renewal in calendar_rules().renewal_years)


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


def vote_deadline(year: int) -> CalendarFact:
    """The rule that sets the last day on which the budget of `year` may be voted.

    Raises:
        DocumentError: The year lies outside the span that the facts know.
    """
    name, latest = "vote_deadline", calendar_rules().known_until
    values = [entry for entry in calendar_rules().facts if name in (entry.id, entry.series)]
    first = min(entry.effective_from.year for entry in values if entry.effective_from)
    found = None
    if type(year) is int and first <= year <= latest:
        found = value_of_year(f"{name}_renewal" if is_renewal_year(year) else name, year)
    if found is None:
        words = "expected a year from {first} to {latest}, got {got}"
        raise DocumentError(fault("out_of_range", "year", words, first=first, latest=latest, got=shown(year)))
    return found


def convocation_days(commune: Commune) -> CalendarFact:
    """How many clear days a convocation of the council takes; the longer notice where the population is not known."""
    inhabitants = commune.inhabitants
    small = inhabitants is not None and inhabitants < fact("convocation_population").length
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
    return (previous_credits * share).quantize(Decimal("0.01"), ROUND_DOWN)  # a cent more would be one too many


@frozen(kw_only=True)
class BudgetDate(Grounded):
    """One date of a budget year.

    Attributes:
        id: Its name.
        label: What it is, in French.
        on: Day.
        certainty: ``confirmed``, ``single_source`` or ``unverified``.
        note: What a reader should know besides.
    """

    id: str
    label: Wording
    on: date
    certainty: Certainty
    note: Wording | None = field(default=None, metadata=said_by("_said_note"))
    _said_note: Said | None = field(alias="said_note", default=None, eq=False, repr=False)

    def noted(self, say: Language) -> str:
        """The note in one language; in French only where it was read back from JSON."""
        return self._said_note.said(say) if self._said_note else self.note or ""


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

    _layout: ClassVar[Layout] = Layout(own_page=True)

    year: int
    budget_vote: BudgetVote
    voted_on: date
    assumed: bool
    early_investment: Decimal | None
    dates: tuple[BudgetDate, ...] = field(converter=to_tuple)

    @property
    def table_edition(self) -> str:
        """Name of the edition of the tables of the package."""
        return default_table().edition

    def __getitem__(self, id: str) -> BudgetDate:
        """The date of that name."""
        for entry in self.dates:
            if entry.id == id:
                return entry
        raise KeyError(id)

    def page(self, say: Language) -> Page:
        """The dates of the year as a table."""
        share = Quantity(fact("early_investment").share, "share").said(say)
        return page_of("budget_year", say, voices=(certainty_mark,), it=self, early_share=share)


def budget_year(commune: Commune, year: int) -> BudgetYear:
    """The dates of the budget of `year` for a commune; the vote is the one given, else the last possible day.

    Raises:
        DocumentError: `commune` is no `Commune`, or the year lies outside the span that the facts know.
    """
    require("commune", commune, Commune)
    given = commune.budget_voted_on if commune.budget_year == year else None
    # a vote that nobody dated is taken as late as it may be: the prudent side for whoever waits for the credits
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
    if inhabitants is None or inhabitants >= fact("orientation_population").length:
        yield _before(voted_on, "orientation_debate")
        yield _before(voted_on, "orientation_debate_gap")
    yield _before(voted_on, "draft_budget_safe")
    yield _before(voted_on, "draft_budget")
    convocation = convocation_days(commune)
    yield _dated(convocation, latest_convocation(voted_on, convocation.length), "convocation")
    yield _dated(fact("vote"), voted_on)
    if spring:
        deadline = vote_deadline(year)
        yield _dated(deadline, deadline.on(year), "vote_deadline")
        yield from _yearly("state_data", year)
        yield from _yearly("early_investment_end", year)
    else:
        yield from _yearly("year_end_vote", year)
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
        yield from _yearly(name, year)


def _dated(source: CalendarFact, on: date, id: str = "") -> BudgetDate:
    note = source.noted
    return BudgetDate(
        id=id or source.id,
        label=source.label,
        on=on,
        certainty=source.certainty,
        note=note.french if note else None,
        said_note=note,
        **resting_on(source.citation),
    )


def _before(voted_on: date, name: str) -> BudgetDate:
    source = fact(name)
    return _dated(source, voted_on - timedelta(days=source.length))


def _yearly(name: str, year: int) -> Iterator[BudgetDate]:
    """The yearly date of that name, where the rule was in force for that budget."""
    if (source := value_of_year(name, year)) is not None:
        yield _dated(source, source.on(year), name)


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

    @property
    def exceeds_quarter(self) -> bool:
        """Whether the purchase is known to cost more than may be invested before the vote."""
        return self.quarter is not None and self.amount is not None and self.amount > self.quarter

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
        if self.exceeds_quarter:
            return (Closure(code="quarter_exceeded", first=first, last=last),)
        rule = value_of_year("early_investment_end", year)
        # the vote came first: the faculty then ended with it, not with its own last day
        if rule is None or rule.on(year) >= last:
            return ()
        return (Closure(code="quarter_closed", first=rule.on(year) + _ONE, last=last),)
