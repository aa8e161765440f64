"""Everything in force on a day: thresholds, grounds of procedures, duties, each with article, dates and certainty."""

import datetime
from decimal import Decimal
from typing import Any, ClassVar

from attrs import frozen

from qmi_rules.law import Certainty, Condition, LawInForce, Row, Source
from qmi_rules.law.wording import certainty_words, citation, linked, quantity
from qmi_rules.pages import Explained, Language, Page, message
from qmi_rules.pages.templates import page_of
from qmi_rules.schema import Wording
from qmi_rules.schema.fields import Layout

_COMPARISONS = {
    "below": message("{fact} sous {threshold}"),
    "from": message("{fact} à partir de {threshold}"),
    "at_most": message("{fact} d'au plus {threshold}"),
    "above": message("{fact} au-delà de {threshold}"),
}

_UNKNOWN = {
    "below": message("{fact} sous un seuil inconnu ce jour-là"),
    "from": message("{fact} à partir d'un seuil inconnu ce jour-là"),
    "at_most": message("{fact} dans la limite d'un seuil inconnu ce jour-là"),
    "above": message("{fact} au-delà d'un seuil inconnu ce jour-là"),
}


@frozen(kw_only=True)
class LimitOfTheDay:
    """A threshold on the day.

    Attributes:
        id: Its name.
        label: Its French name.
        unit: ``EUR HT``, ``share`` or ``months``.
        amounts: Its value; more than one where the sources disagree, none where it is not known.
        contested: The sources disagree.
        since: Day from which the value is in force.
        until: Last day on which it is known to be in force.
        certainty: How sure it is; None where no value is known.
        legal_basis: The texts, one a reading.
        note: What a maintainer or a jurist should know about it.
    """

    id: str
    label: Wording
    unit: str
    amounts: tuple[Decimal, ...]
    contested: bool
    since: datetime.date | None
    until: datetime.date | None
    certainty: Certainty | None
    legal_basis: tuple[Source, ...]
    note: Wording | None


@frozen(kw_only=True)
class RowOfTheDay:
    """What every row of the table says of itself.

    Attributes:
        id: Its name.
        since: First day it is in force.
        until: Last day; None = no end known.
        published_on: Day the text was published.
        certainty: How sure it is.
        legal_basis: The text.
        when: Its conditions: what a fact must be, or on which side of which threshold; none = always.
        local: Name of the local table that added it; empty for the national law.
    """

    id: str
    since: datetime.date
    until: datetime.date | None
    published_on: datetime.date
    certainty: Certainty
    legal_basis: Source
    when: tuple[Condition, ...]
    local: str


@frozen(kw_only=True)
class GroundOfTheDay(RowOfTheDay):
    """A ground on which a procedure is open.

    Attributes:
        procedure: Id of the procedure.
        ground: What ground it is, in a few French words.
    """

    procedure: str
    ground: Wording


@frozen(kw_only=True)
class DutyOfTheDay(RowOfTheDay):
    """When a duty is owed.

    Attributes:
        duty: Id of the duty.
        procedures: The procedures it comes with; none = every procedure.
        days: Length of a time limit, days.
    """

    duty: str
    procedures: tuple[str, ...]
    days: int | None


@frozen
class LawOfTheDay(Explained):
    """What the table says for one day, to be read or to travel as JSON.

    Attributes:
        law: The law in force.
        on: The day.
    """

    law: LawInForce
    on: datetime.date

    _layout: ClassVar[Layout] = Layout(keys="on since until known_on table_edition table_hash thresholds rules duties")

    @property
    def since(self) -> datetime.date | None:
        """First day on which all of it is in force; None = before every change that the table knows."""
        return self.law.since

    @property
    def until(self) -> datetime.date | None:
        """Last such day; None = after every change that the table knows."""
        return self.law.until

    @property
    def known_on(self) -> datetime.date | None:
        """Only what was published by this day is taken; None = everything."""
        return self.law.known_on

    @property
    def table_edition(self) -> str:
        """Name of the edition of the law."""
        return self.law.table.edition

    @property
    def table_hash(self) -> str:
        """Hash of the table."""
        return self.law.table.hash

    @property
    def thresholds(self) -> tuple[LimitOfTheDay, ...]:
        """Every threshold of the table, those without a known value too."""
        law = self.law
        return tuple(
            LimitOfTheDay(
                id=limit.threshold.id,
                label=limit.threshold.label,
                unit=limit.threshold.unit,
                amounts=limit.amounts,
                contested=limit.contested,
                since=limit.since,
                until=limit.until,
                certainty=limit.certainty,
                legal_basis=tuple(law.table.cited(key, self.on) for key in limit.basis),
                note=limit.value.note if limit.value else None,
            )
            for limit in map(law.limit, law.table.thresholds)
        )

    @property
    def rules(self) -> tuple[GroundOfTheDay, ...]:
        """The grounds of procedures in force."""
        return tuple(
            GroundOfTheDay(**_row(self.law, rule, self.on), procedure=rule.procedure, ground=rule.ground)
            for rule in self.law.rules
        )

    @property
    def duties(self) -> tuple[DutyOfTheDay, ...]:
        """The duties in force."""
        return tuple(
            DutyOfTheDay(**_row(self.law, row, self.on), duty=row.duty, procedures=row.procedures, days=row.days)
            for row in self.law.duty_rows
        )

    def page(self, say: Language) -> Page:
        """The same as a page."""
        return page_of(
            "law_of_the_day",
            say,
            voices=(certainty_words, linked, amounts, texts),
            it=self,
            conditions=lambda row: (
                say.clauses(condition_text(self.law, say, one) for one in row.when) or say("aucune condition")
            ),
        )


def amounts(say: Language, limit: LimitOfTheDay) -> str:
    """The value of a threshold, or the values that its readings give."""
    return say.any_of([quantity(say, amount, limit.unit) for amount in limit.amounts])


def texts(say: Language, limit: LimitOfTheDay) -> str:
    """The texts of a threshold, one a reading."""
    return say.any_of([citation(say, source) for source in limit.legal_basis])


def condition_text(law: LawInForce, say: Language, condition: Condition) -> str:
    """A condition of a row in words."""
    fact = law.facts[condition.fact]
    if condition.is_ is not None:
        return say(fact.affirmed if condition.is_ else fact.denied)
    if condition.in_:
        names = {choice.id: say(choice.label) for choice in fact.choices}
        return say("{fact} : {value}", fact=say(fact.label), value=say.any_of([names[word] for word in condition.in_]))
    limit = law.limit(condition.threshold)
    amounts = say.any_of([quantity(say, amount, limit.threshold.unit) for amount in limit.amounts])
    if not amounts:
        return say(_UNKNOWN[condition.edge], fact=say(fact.label))
    return say(_COMPARISONS[condition.edge], fact=say(fact.label), threshold=amounts)


def _row(law: LawInForce, row: Row, day: datetime.date) -> dict[str, Any]:
    return {
        "id": row.id,
        "since": row.effective_from,
        "until": row.effective_until,
        "published_on": row.published_on,
        "certainty": row.certainty,
        "legal_basis": law.table.cited(row.legal_basis, day),
        "when": row.when,
        "local": row.local,
    }
