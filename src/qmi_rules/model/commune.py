"""The commune as its budget sees it: when the budget is voted, what the council decided, when it meets."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar, Literal

from attrs import field, frozen

from qmi_rules.errors import DocumentError, Problem, fault
from qmi_rules.model.insee import INSEE_CODE
from qmi_rules.model.territory import commune_of
from qmi_rules.schema import Document
from qmi_rules.schema.scalars import (
    DAY,
    EUROS,
    TRUTH,
    each,
    one_of,
    optional,
    to_days,
    to_optional_day,
    to_optional_decimal,
    to_optional_whole,
    whole,
)

_SPRING_MONTHS = range(1, 9)  # a budget voted after its deadline is late, not void, so spring runs on to August


class BudgetVote(StrEnum):
    """When a commune votes the budget of a year N: by 31 December N-1, or between January and April of N."""

    YEAR_END = "year_end"
    SPRING = "spring"


_BUDGET_VOTES: dict[str, BudgetVote] = {member.value: member for member in BudgetVote}


def to_budget_vote(value: BudgetVote | Literal["year_end", "spring"]) -> BudgetVote:
    """attrs converter: the word or the member; anything else passes on to the validator, which refuses it."""
    return _BUDGET_VOTES.get(value, value) if isinstance(value, str) else value  # type: ignore[arg-type]


@frozen(kw_only=True)
class Commune(Document):
    """What the budget calendar asks of a commune. Only the vote regime is required: no source says which is usual.

    Attributes:
        insee_code: INSEE code; it fills in the population.
        population: Inhabitants; wins over the figure that the INSEE code fills in.
        budget_vote: ``year_end`` (voted by 31 December) or ``spring`` (January to April).
        budget_voted_on: Day the budget in question was or will be voted.
        orientation_debate_on: Day of the debate on that budget's orientations.
        draft_budget_sent_on: Day the draft of that budget was or will be sent to the councillors.
        council_meetings: Days the council meets.
        delegation_limit: Amount below or at which the mayor signs by delegation, EUR HT; 0 = no delegation.
        previous_investment_credits: Last year's opened investment credits, debt, carry-overs and unforeseen expenses left
            out, EUR: the base of the quarter.
        early_investment_authorised: The council authorised investment spending before the vote (CGCT L1612-1).
        orders_stop_on: Day from which the commune's own rules stop new commitments until the year's end.
        alsace_moselle: The commune keeps the two holidays of Alsace and Moselle.
        closed_days: More days on which nobody works there.
    """

    OMIT_UNFILLED: ClassVar[bool] = True

    insee_code: str | None = field(default=None, validator=optional(INSEE_CODE))
    population: int | None = field(
        default=None, converter=to_optional_whole, validator=optional(whole(1, 70_000_000, "of inhabitants"))
    )
    budget_vote: BudgetVote = field(converter=to_budget_vote, validator=one_of(BudgetVote))
    budget_voted_on: date | None = field(default=None, converter=to_optional_day, validator=optional(DAY))
    orientation_debate_on: date | None = field(default=None, converter=to_optional_day, validator=optional(DAY))
    draft_budget_sent_on: date | None = field(default=None, converter=to_optional_day, validator=optional(DAY))
    council_meetings: tuple[date, ...] = field(default=(), converter=to_days, validator=each(DAY))
    delegation_limit: Decimal | None = field(default=None, converter=to_optional_decimal, validator=optional(EUROS))
    previous_investment_credits: Decimal | None = field(
        default=None, converter=to_optional_decimal, validator=optional(EUROS)
    )
    early_investment_authorised: bool | None = field(default=None, validator=TRUTH)
    orders_stop_on: date | None = field(default=None, converter=to_optional_day, validator=optional(DAY))
    alsace_moselle: bool | None = field(default=None, validator=TRUTH)
    closed_days: tuple[date, ...] = field(default=(), converter=to_days, validator=each(DAY))

    def __attrs_post_init__(self) -> None:
        if problems := list(self.contradictions(self)):
            raise DocumentError(problems)

    @staticmethod
    def contradictions(commune: "Commune") -> Iterator[Problem]:
        """The faults that concern several of its fields at once."""
        yield from _contradictions(commune)

    @property
    def inhabitants(self) -> int | None:
        """The population given, else that of the commune of the INSEE code."""
        if self.population is not None:
            return self.population
        known = commune_of(self.insee_code)
        return known.population if known else None

    @property
    def budget_year(self) -> int | None:
        """The year whose budget is voted on `budget_voted_on`."""
        if self.budget_voted_on is None:
            return None
        return self.budget_voted_on.year + (self.budget_vote is BudgetVote.YEAR_END)


def _contradictions(commune: Commune) -> Iterator[Problem]:
    voted = commune.budget_voted_on
    if voted is None:
        return
    spring = voted.month in _SPRING_MONTHS
    if spring and commune.budget_vote is BudgetVote.YEAR_END:
        yield fault(
            "contradiction",
            "budget_voted_on",
            "expected a day from September to December, because budget_vote is year_end, got {got}; "
            "a budget voted from January on is a spring one",
            got=voted,
        )
    if not spring and commune.budget_vote is BudgetVote.SPRING:
        yield fault(
            "contradiction",
            "budget_voted_on",
            "expected a day from January to August, because budget_vote is spring, got {got}; "
            "a budget voted before the year begins is a year_end one",
            got=voted,
        )
    for name in ("orientation_debate_on", "draft_budget_sent_on"):
        day = getattr(commune, name)
        if day is not None and day > voted:
            words = "expected a day up to the vote of the budget ({vote}), got {got}"
            yield fault("contradiction", name, words, vote=voted, got=day)
