"""The guide's amounts held against the law of a day: where they agree, stay open at the edge, or are no longer the law."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from enum import StrEnum

from attrs import field, frozen

from qmi_rules.catalogues import printed
from qmi_rules.errors import DocumentError, UnknownReferenceError, fault
from qmi_rules.guide.book import Guide, default_guide
from qmi_rules.guide.chapters import Edge, PrintedAmount
from qmi_rules.law import Certainty, LawInForce, Source, Table, default_table
from qmi_rules.law.wording import certainty_mark, linked
from qmi_rules.pages import Explained, Language, Page
from qmi_rules.pages.templates import page_of
from qmi_rules.schema import Wording
from qmi_rules.schema.faults import require, shown
from qmi_rules.schema.scalars import DAY, to_tuple


class Agreement(StrEnum):
    """How a figure of the guide stands to the law of a day.

    ``agrees``: the same amount. ``behind``: the law has gone higher. ``ahead``: the law of that day was still lower.
    ``open_at_the_edge``: the guide says nothing of exactly this amount, the law does. ``contested``: the sources of law
    disagree, and the disagreement decides. ``not_known``: the table knows no value on that day.
    """

    AGREES = "agrees"
    OPEN_AT_THE_EDGE = "open_at_the_edge"
    BEHIND = "behind"
    AHEAD = "ahead"
    CONTESTED = "contested"
    NOT_KNOWN = "not_known"


@frozen(kw_only=True)
class ComparedFigure:
    """One figure of the guide against one threshold.

    Attributes:
        figure: Id of the figure.
        label: What the guide says, in French.
        edge: What the figure speaks of: below the amount, exactly at it, above it.
        amount: The guide's amount, EUR HT.
        threshold: Id of the threshold.
        threshold_label: The threshold's name, in French.
        law_amounts: The law's value on that day, EUR HT; several where the sources disagree, none where it is not known.
        verdict: How the two stand to each other.
        dispensed: Whether the law dispenses a need of exactly the guide's amount; None = contested or not known.
        since: First day of the law's value.
        until: Last day on which it is known to be in force; None = no end known.
        certainty: How sure the law's value is.
        legal_basis: The texts, one for each of `law_amounts`.
    """

    figure: str
    label: Wording
    edge: Edge
    amount: Decimal
    threshold: str
    threshold_label: Wording
    law_amounts: tuple[Decimal, ...]
    verdict: Agreement
    dispensed: bool | None
    since: date | None
    until: date | None
    certainty: Certainty | None
    legal_basis: tuple[Source, ...]


@frozen(kw_only=True)
class GuideAgainstLaw(Explained):
    """The guide's figures against the law of one day; iterating gives the comparisons.

    Attributes:
        on: The day that decides the law: the consultation is launched, or the notice sent.
        known_on: Only what was published by this day is taken; None = everything the table holds.
        table_edition: Name of the edition of the table.
        comparisons: One for each figure and threshold.
        disclaimer: The guide's warning, in French.
    """

    on: date = field(validator=DAY)
    known_on: date | None = None
    table_edition: str
    comparisons: tuple[ComparedFigure, ...] = field(converter=to_tuple)
    disclaimer: Wording
    _guide: Guide = field(alias="guide", repr=False, eq=False)

    def __iter__(self) -> Iterator[ComparedFigure]:
        return iter(self.comparisons)

    def __len__(self) -> int:
        return len(self.comparisons)

    def page(self, say: Language) -> Page:
        """Each figure with the law of the day, the verdict and the article."""
        voices, about = (certainty_mark, linked), self._guide.about
        return page_of("guide_against_law", say, voices=voices, it=self, about=about, printed=printed)


def guide_against_law(
    on: date, table: Table | None = None, *, known_on: date | None = None, guide: Guide | None = None
) -> GuideAgainstLaw:
    """Hold the guide's figures against the law of a day.

    Args:
        on: The day the consultation is launched or the notice sent.
        table: The table of the law; None = the one that comes with the library.
        known_on: Take only what was published by this day.
        guide: Another guide than the one that comes with the library.

    Raises:
        DocumentError: `on` is no date, or an argument is of another kind.
        UnknownReferenceError: The guide names a threshold that the table does not declare.

    >>> from datetime import date
    >>> guide_against_law(date(2024, 5, 15)).on
    datetime.date(2024, 5, 15)
    """
    if not DAY.test(on):
        raise DocumentError(DAY.refusal("on", on))
    guide = default_guide() if guide is None else guide
    table = default_table() if table is None else table
    require("guide", guide, Guide)
    require("table", table, Table)
    _check(guide, table)
    law = table.in_force(on, known_on)
    return GuideAgainstLaw(
        on=on,
        known_on=known_on,
        table_edition=table.edition,
        comparisons=tuple(_compare(figure, name, law, on) for figure in guide.figures for name in figure.thresholds),
        disclaimer=guide.about.disclaimer,
        guide=guide,
    )


def _check(guide: Guide, table: Table) -> None:
    if problems := [
        fault(
            "unknown_id",
            f"figures[{i}].thresholds[{j}]",
            "unknown threshold {name}; the table does not declare it",
            name=shown(name),
        )
        for i, figure in enumerate(guide.figures)
        for j, name in enumerate(figure.thresholds)
        if name not in table.thresholds
    ]:
        raise UnknownReferenceError(problems)


def _compare(figure: PrintedAmount, threshold: str, law: LawInForce, day: date) -> ComparedFigure:
    limit = law.limit(threshold)
    dispensed = {figure.amount < amount for amount in limit.amounts}
    return ComparedFigure(
        figure=figure.id,
        label=figure.label,
        edge=figure.edge,
        amount=figure.amount,
        threshold=threshold,
        threshold_label=limit.threshold.label,
        law_amounts=limit.amounts,
        verdict=_verdict(figure, limit.amounts),
        dispensed=dispensed.pop() if len(dispensed) == 1 else None,
        since=limit.since if limit.amounts else None,
        until=limit.until if limit.amounts else None,
        certainty=limit.certainty if limit.amounts else None,
        legal_basis=tuple(law.table.cited(name, day) for name in limit.basis),
    )


def _verdict(figure: PrintedAmount, amounts: tuple[Decimal, ...]) -> Agreement:
    """What all readings of the law say; where they differ, and it matters, the figure is contested."""
    verdicts = {_against(figure, amount) for amount in amounts}
    if len({figure.amount < amount for amount in amounts}) > 1 or len(verdicts) > 1:
        return Agreement.CONTESTED
    return verdicts.pop() if verdicts else Agreement.NOT_KNOWN


def _against(figure: PrintedAmount, amount: Decimal) -> Agreement:
    if figure.edge is Edge.EXACTLY:
        return Agreement.OPEN_AT_THE_EDGE
    if amount == figure.amount:
        return Agreement.AGREES
    return Agreement.BEHIND if amount > figure.amount else Agreement.AHEAD
