"""What the calendar knows, read from its data: rules with their figures and articles, the sentences that say them, holidays, school breaks."""

import re
from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from itertools import pairwise
from typing import Any

from attrs import field, frozen

from qmi_rules.errors import DocumentError, fault
from qmi_rules.law import Certainty, Source, default_table
from qmi_rules.law.wording import citations
from qmi_rules.pages import SOURCE_LANGUAGE, Language, language
from qmi_rules.pages.sentences import Quantity, Said, Value
from qmi_rules.schema import load_toml, package_data
from qmi_rules.schema.fields import under
from qmi_rules.schema.scalars import (
    DAY,
    IDENTIFIER,
    SHARE,
    is_a,
    matching,
    optional,
    to_optional_decimal,
    to_tuple,
    whole,
)
from qmi_rules.schema.scalars import text as a_text

_PLACE = re.compile(r"{(\w+)}")
_MONTH_DAY = matching(r"(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", "a day of the year, month and day")


@frozen
class Citation:
    """Texts as the calendar cites them: ``CGCT, art. L1612-1 et L1612-2``."""

    sources: tuple[Source, ...]

    def said(self, say: Language) -> str:
        """The articles in one language."""
        return citations(say, self.sources)

    @property
    def french(self) -> str:
        """The same in the source language: what travels as JSON."""
        return _in_french(self)


@cache  # a calendar cites the same few texts forty times
def _in_french(citation: Citation) -> str:
    return citation.said(language(SOURCE_LANGUAGE))


def cite(*sources: Source | str) -> Citation:
    """The citation of sources, given themselves or by id."""
    return Citation(tuple(source if isinstance(source, Source) else _sources()[source] for source in sources))


@frozen(kw_only=True)
class Grounded:
    """Something that rests on texts.

    Attributes:
        sources: The texts it rests on.
    """

    sources: tuple[Source, ...] = field(default=(), converter=to_tuple, metadata=under("legal_basis"))

    @property
    def legal_basis(self) -> str | None:
        """Their citation in French; None where no rule of law stands behind it."""
        return Citation(self.sources).french if self.sources else None

    def cited(self, say: Language) -> str:
        """Their citation in one language; empty where there are none."""
        return citations(say, self.sources) if self.sources else ""


def resting_on(citation: Citation | None) -> dict[str, Any]:
    """The field of something that rests on texts, or on none."""
    return {"sources": citation.sources if citation else ()}


@frozen
class YearlyDay:
    """A day of every year, said without one: 15 avril."""

    month_day: str

    def on(self, year: int) -> date:
        """That day in a year."""
        month, day = map(int, self.month_day.split("-"))
        return date(year, month, day)

    def said(self, say: Language) -> str:
        """The day in one language."""
        day = self.on(2000)  # a leap year: every day of a year exists in it
        return say.date(day).removesuffix(f" {day.year}")


@frozen(kw_only=True)
class CalendarFact:
    """One rule of the calendar with its figure.

    Attributes:
        id: Name of the fact.
        label: What it says, in French.
        month_day: Day of the year, ``"04-15"``, for a yearly date.
        year_shift: Years between the budget's year and that of `month_day`.
        days: A length in days.
        months: A length in months.
        share: A share.
        count: A number of inhabitants.
        legal_basis: Ids of the sources,
        within: or the fact whose texts it rests on.
        source: Where it was read.
        series: Id of the fact whose value this was before.
        effective_from: First day it applies, of a yearly date.
        effective_until: Last day it applies.
        certainty: How well it is supported.
        note: What a reader should know besides, in French; a place named after a fact takes its figure.
    """

    id: str = field(validator=IDENTIFIER)
    label: str = field(validator=a_text(500))
    month_day: str | None = field(default=None, validator=optional(_MONTH_DAY))
    year_shift: int = field(default=0, validator=whole(-1, 1))
    days: int | None = field(default=None, validator=optional(whole(0, 400)))
    months: int | None = field(default=None, validator=optional(whole(0, 24)))
    share: Decimal | None = field(default=None, converter=to_optional_decimal, validator=optional(SHARE))
    count: int | None = field(default=None, validator=optional(whole(0)))
    legal_basis: tuple[str, ...] = field(default=(), converter=to_tuple)
    within: str | None = field(default=None, validator=optional(IDENTIFIER))
    source: str = field(validator=a_text(300))
    series: str | None = field(default=None, validator=optional(IDENTIFIER))
    effective_from: date | None = field(default=None, validator=optional(DAY))
    effective_until: date | None = field(default=None, validator=optional(DAY))
    certainty: Certainty = field(validator=is_a(Certainty))
    note: str | None = field(default=None, validator=optional(a_text(500)))

    def __attrs_post_init__(self) -> None:
        if sum(value is not None for value in (self.month_day, self.days, self.months, self.share, self.count)) > 1:
            words = "expected one figure at most: month_day, days, months, share or count"
            raise DocumentError(fault("contradiction", "", words))
        # a figure without a text of its own cites that of its rule, so that an article is changed in one place
        if bool(self.legal_basis) == bool(self.within):
            raise DocumentError(fault("contradiction", "", "expected legal_basis, or within"))

    def on(self, year: int) -> date:
        """The yearly date of the budget of `year`."""
        assert self.month_day is not None
        return YearlyDay(self.month_day).on(year + self.year_shift)

    def applies_in(self, year: int) -> bool:
        """Whether the yearly date of the budget of `year` lies in the span in which the rule is in force."""
        # the day itself decides, not the first of January: the rule of 1996 began in February, before its date in March
        day = self.on(year)
        return (self.effective_from or day) <= day <= (self.effective_until or day)

    @property
    def length(self) -> int:
        """Its figure, where it is a whole number."""
        found = next((value for value in (self.days, self.months, self.count) if value is not None), None)
        assert found is not None, self.id
        return found

    @property
    def figure(self) -> Value:
        """Its figure as a sentence shows it."""
        if self.month_day is not None:
            return YearlyDay(self.month_day)
        return Quantity(self.share, "share") if self.share is not None else self.length

    @property
    def citation(self) -> Citation:
        """The texts that set it."""
        return fact(self.within).citation if self.within else cite(*self.legal_basis)

    @property
    def noted(self) -> Said | None:
        """The note with its figures."""
        return Said(self.note, _figures(self.note)) if self.note else None


@frozen(kw_only=True)
class LegalSentence:
    """A sentence of the calendar whose articles and figures are facts.

    Attributes:
        id: Its name.
        text: The sentence in French; a place named after a fact takes its figure, others are days and amounts of a plan.
        rules: The facts whose texts it rests on; ``{basis}`` cites them.
        asks: Where, in a dossier, to fill what it had to assume.
        code: The conflict that it says, as a code.
        severity: How much that conflict weighs, where it is always the same.
    """

    id: str = field(validator=IDENTIFIER)
    text: str = field(validator=a_text(500))
    rules: tuple[str, ...] = field(default=(), converter=to_tuple)
    asks: str | None = field(default=None, validator=optional(a_text(100)))
    code: str | None = field(default=None, validator=optional(IDENTIFIER))
    severity: str | None = field(default=None, validator=optional(IDENTIFIER))

    @property
    def citation(self) -> Citation | None:
        """The texts it rests on."""
        sources = [source for rule in self.rules for source in fact(rule).citation.sources]
        return cite(*sources) if sources else None

    def with_values(self, values: Mapping[str, Value]) -> Said:
        """The sentence about one plan."""
        basis: dict[str, Value] = {"basis": self.citation} if self.citation else {}
        return Said(self.text, {**basis, **_figures(self.text, values.keys()), **values})


@frozen(kw_only=True)
class ConflictKind:
    """What may collide with a plan, with its name in French."""

    code: str = field(validator=IDENTIFIER)
    label: str = field(validator=a_text(100))


def _figures(text: str, given: Collection[str] = ()) -> dict[str, Value]:
    """The figures for those places of a text that name a fact."""
    # what the plan gives goes first: {vote} is its day of the vote, not the rule of that name
    names = [name for name in _PLACE.findall(text) if name not in given and name in _facts()]
    return {name: fact(name).figure for name in names}


@frozen(kw_only=True)
class RenewalYear:
    """A year in which the municipal councils are renewed."""

    year: int = field(validator=whole(1990, 2100))
    certainty: Certainty = field(validator=is_a(Certainty))


@frozen(kw_only=True)
class CalendarRules:
    """The file ``budget.toml``."""

    known_until: int = field(validator=whole(1990, 2100))
    renewal_years: tuple[RenewalYear, ...] = field(converter=to_tuple)
    facts: tuple[CalendarFact, ...] = field(converter=to_tuple)

    def __attrs_post_init__(self) -> None:
        spans = sorted((f.series or f.id, f.effective_from, f.effective_until) for f in self.facts if f.effective_from)
        for (name, _, end), (following, start, _) in pairwise(spans):
            if name == following and (end is None or end >= start):
                words = "expected one value of {name} at a time, got two on {start}"
                raise DocumentError(fault("contradiction", "facts", words, name=name, start=start))


@frozen(kw_only=True)
class Holiday:
    """A public holiday: on a day of the year, or so many days after Easter Sunday."""

    name: str = field(validator=a_text(100))
    month_day: str | None = field(default=None, validator=optional(_MONTH_DAY))
    easter: int = field(default=0, validator=whole(-100, 100))
    alsace_moselle: bool = field(default=False, validator=is_a(bool))


@frozen(kw_only=True)
class SchoolBreak:
    """School holidays of zone C, first and last day."""

    name: str = field(validator=a_text(100))
    first: date = field(validator=DAY)
    last: date = field(validator=DAY)
    certainty: Certainty = field(validator=is_a(Certainty))


@frozen(kw_only=True)
class CalendarFile:
    """One data file of the calendar that is a list: what it may hold."""

    sources: tuple[Source, ...] = field(default=(), converter=to_tuple)
    kinds: tuple[ConflictKind, ...] = field(default=(), converter=to_tuple)
    sentences: tuple[LegalSentence, ...] = field(default=(), converter=to_tuple)
    holidays: tuple[Holiday, ...] = field(default=(), converter=to_tuple)
    breaks: tuple[SchoolBreak, ...] = field(default=(), converter=to_tuple)


@cache
def calendar_file(name: str) -> CalendarFile:
    """A data file of the calendar by its name, such as ``holidays``."""
    return load_toml(package_data("calendar", f"{name}.toml"), CalendarFile)


@cache
def calendar_rules() -> CalendarRules:
    """The rules of the calendar with their figures: the file ``budget.toml``."""
    return load_toml(package_data("calendar", "budget.toml"), CalendarRules)


@cache
def _sources() -> dict[str, Source]:
    """By id: the texts of the calendar, and those of the law table that it cites too."""
    # an article stands once in the house: what the law table has is not repeated beside the calendar
    return {**default_table().sources, **{source.id: source for source in calendar_file("sources").sources}}


@cache
def _facts() -> dict[str, CalendarFact]:
    return {entry.id: entry for entry in calendar_rules().facts}


@cache
def sentences() -> dict[str, LegalSentence]:
    """The sentences of ``conflicts.toml`` and ``assumptions.toml`` by id."""
    return {entry.id: entry for name in ("conflicts", "assumptions") for entry in calendar_file(name).sentences}


def fact(name: str) -> CalendarFact:
    """One fact of ``budget.toml`` by its id."""
    return _facts()[name]


def value_of_year(name: str, year: int) -> CalendarFact | None:
    """The yearly date of that name, or the one before it, whichever is in force for the budget of `year`; None where none is known."""
    values = [entry for entry in calendar_rules().facts if name in (entry.id, entry.series)]
    return next((entry for entry in values if entry.applies_in(year)), None)
