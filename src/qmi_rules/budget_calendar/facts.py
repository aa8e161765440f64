"""The dated facts of the calendar: how sure each is, and the data files they are read from."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import TypeVar

from attrs import field, frozen

from qmi_rules.documents import load_toml, package_data
from qmi_rules.documents.scalars import (
    DAY,
    EUROS,
    IDENTIFIER,
    SHARE,
    is_a,
    optional,
    text,
    to_optional_decimal,
    to_tuple,
    whole,
)
from qmi_rules.text import message

T = TypeVar("T")


class Evidence(StrEnum):
    """How well a fact is supported: by two sources or more, by one, or by none that was read."""

    CONFIRMED = "confirmed"
    SINGLE_SOURCE = "single_source"
    UNVERIFIED = "unverified"


EVIDENCE_LABELS = {
    Evidence.CONFIRMED: message("confirmé"),
    Evidence.SINGLE_SOURCE: message("une seule source"),
    Evidence.UNVERIFIED: message("non vérifié"),
}


@frozen(kw_only=True)
class Fact:
    """One rule of the budget calendar with its value.

    Attributes:
        id: Name of the fact.
        label: What it says, in French.
        month_day: Day of the year, ``"04-15"``, for a yearly date.
        year_shift: Years between the budget's year and that of `month_day`.
        days: A length in days.
        share: A share.
        count: A number of inhabitants.
        amount: An amount, EUR.
        legal_basis: Article.
        source: Where it was read.
        effective_from: First day or year it applies.
        effective_until: Last day it applies.
        certainty: How well it is supported.
        note: What a reader should know besides, in French.
    """

    id: str = field(validator=IDENTIFIER)
    label: str = field(validator=text(500))
    month_day: str | None = field(default=None, validator=optional(text(5)))
    year_shift: int = field(default=0, validator=whole(-1, 1))
    days: int | None = field(default=None, validator=optional(whole(0, 400)))
    share: Decimal | None = field(default=None, converter=to_optional_decimal, validator=optional(SHARE))
    count: int | None = field(default=None, validator=optional(whole(0)))
    amount: Decimal | None = field(default=None, converter=to_optional_decimal, validator=optional(EUROS))
    legal_basis: str | None = field(default=None, validator=optional(text(300)))
    source: str = field(validator=text(300))
    effective_from: date | None = field(default=None, validator=optional(DAY))
    effective_until: date | None = field(default=None, validator=optional(DAY))
    certainty: Evidence = field(validator=is_a(Evidence))
    note: str | None = field(default=None, validator=optional(text(500)))

    def on(self, year: int) -> date:
        """The yearly date of the budget of `year`."""
        assert self.month_day is not None
        month, day = map(int, self.month_day.split("-"))
        return date(year + self.year_shift, month, day)


@frozen(kw_only=True)
class RenewalYear:
    """A year in which the municipal councils are renewed."""

    year: int = field(validator=whole(1990, 2100))
    certainty: Evidence = field(validator=is_a(Evidence))


@frozen(kw_only=True)
class BudgetFacts:
    """The file ``budget.toml``."""

    known_until: int = field(validator=whole(1990, 2100))
    renewal_years: tuple[RenewalYear, ...] = field(converter=to_tuple)
    facts: tuple[Fact, ...] = field(converter=to_tuple)


@frozen(kw_only=True)
class SchoolBreak:
    """School holidays of zone C, first and last day."""

    name: str = field(validator=text(100))
    first: date = field(validator=DAY)
    last: date = field(validator=DAY)
    evidence: Evidence = field(validator=is_a(Evidence))


@frozen(kw_only=True)
class SchoolBreaks:
    """The file ``school_breaks.toml``."""

    breaks: tuple[SchoolBreak, ...] = field(converter=to_tuple)


@cache
def budget_facts() -> BudgetFacts:
    """The budget facts of the package."""
    return load_toml(package_data("calendar", "budget.toml"), BudgetFacts)


@cache
def _by_id() -> dict[str, Fact]:
    return {fact.id: fact for fact in budget_facts().facts}


def fact(name: str) -> Fact:
    """One fact of ``budget.toml`` by its id."""
    return _by_id()[name]


@cache
def school_breaks() -> tuple[SchoolBreak, ...]:
    """The known school breaks of zone C, in order."""
    return load_toml(package_data("calendar", "school_breaks.toml"), SchoolBreaks).breaks
