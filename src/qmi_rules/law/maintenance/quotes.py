"""A figure that somebody quotes for an article, held against the table of a day: it stands, another one does, or it stood another day."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

from attrs import field, frozen

from qmi_rules.errors import DocumentError, fault
from qmi_rules.law.loading import default_table
from qmi_rules.law.maintenance.figures import Figure, FigureKind, figures
from qmi_rules.law.maintenance.verify import carried_figures, cited_in
from qmi_rules.law.sources import Source
from qmi_rules.law.table import Table
from qmi_rules.law.truth import Certainty
from qmi_rules.law.wording import certainty_mark, citation, quantity
from qmi_rules.pages import Explained, Items, Language, Line, Page, Paragraph, message
from qmi_rules.schema.faults import shown
from qmi_rules.schema.scalars import to_tuple

LONGEST_QUOTE: Final = 300
"""A quote of an article or of a figure is a few words; more is a text, which `verify_law` reads."""
_UNITS: Final = {
    "EUR HT": FigureKind.EUROS,
    "EUR": FigureKind.EUROS,
    "share": FigureKind.SHARE,
    "months": FigureKind.MONTHS,
}
_IN_MONTHS: Final = {FigureKind.YEARS: 12}


class QuoteVerdict(StrEnum):
    """What came of it.

    ``stands``: the table has the figure from this article on that day. ``contested``: it is one of several readings.
    ``another_day``: it stood or will stand, on other days. ``another_figure``: the article carries others that day.
    ``no_figure``: the table cites the article, but for no figure. ``unknown_article``: the table does not cite it.
    """

    STANDS = "stands"
    CONTESTED = "contested"
    ANOTHER_DAY = "another_day"
    ANOTHER_FIGURE = "another_figure"
    NO_FIGURE = "no_figure"
    UNKNOWN_ARTICLE = "unknown_article"


_SAID: Final = {
    QuoteVerdict.STANDS: message("Ce chiffre est bien celui que la base juridique donne à cet article le {day}."),
    QuoteVerdict.CONTESTED: message(
        "Les sources du droit ne s'accordent pas : ce chiffre n'est que l'une des lectures de cet article le {day}."
    ),
    QuoteVerdict.ANOTHER_DAY: message("La base juridique donne ce chiffre à cet article, mais pas le {day}."),
    QuoteVerdict.ANOTHER_FIGURE: message("La base juridique donne à cet article d'autres chiffres le {day}."),
    QuoteVerdict.NO_FIGURE: message("La base juridique cite cet article, mais n'en tire aucun chiffre le {day}."),
    QuoteVerdict.UNKNOWN_ARTICLE: message(
        "La base juridique ne cite pas cet article : elle ne permet ni de confirmer ni d'écarter ce chiffre."
    ),
}


@frozen(kw_only=True)
class QuotedFigure:
    """A figure that the table takes from the article.

    Attributes:
        series: Id of the threshold or of the row of a duty.
        label: Its French name.
        value: The figure.
        unit: ``EUR HT``, ``EUR``, ``share``, ``months`` or ``days``.
        legal_basis: The text.
        since: First day on which it is in force.
        until: Last such day; None = no end known.
        certainty: How sure it is; None where that is not asked of another day.
        contested: The sources give other values beside it.
    """

    series: str
    label: str
    value: Decimal
    unit: str
    legal_basis: Source
    since: date | None
    until: date | None
    certainty: Certainty | None = None
    contested: bool = False

    def line(self, say: Language) -> str:
        """The figure in one line."""
        value = (
            say("{count} jours", count=say.number(self.value))
            if self.unit == "days"
            else quantity(say, self.value, self.unit)
        )
        span = [
            say("depuis le {date}", date=say.date(self.since)) if self.since else "",
            say("jusqu'au {date}", date=say.date(self.until)) if self.until else "",
        ]
        head = say("{fact} : {value}", fact=say(self.label), value=value)
        return (
            ", ".join((head, *filter(None, span)))
            + f" — {citation(say, self.legal_basis)}"
            + certainty_mark(say, self.certainty)
        )


@frozen(kw_only=True)
class QuoteCheck(Explained):
    """What came of holding a quoted figure against the table.

    Attributes:
        article: The article as it was quoted.
        figure: The figure as it was quoted.
        on: The day.
        verdict: What came of it.
        found: The figures that say so: those that stand, or those that stand instead, or the other days.
        table_edition: Name of the edition of the law.
    """

    article: str
    figure: str
    on: date
    verdict: QuoteVerdict
    found: tuple[QuotedFigure, ...] = field(default=(), converter=to_tuple)
    table_edition: str

    @property
    def stands(self) -> bool:
        """The figure may be quoted for the article on that day; a reading among several may not, without the others."""
        return self.verdict is QuoteVerdict.STANDS

    def sentence(self, say: Language) -> str:
        """The verdict in a sentence."""
        return say(_SAID[self.verdict], day=say.date(self.on))

    def page(self, say: Language) -> Page:
        """The verdict and the figures, in one language."""
        lines: list[Line] = [one.line(say) for one in self.found]
        verdict = Paragraph(self.sentence(say), "" if self.stands else "warning")
        return Page(say.code, [verdict, *([Items(lines)] if lines else [])])


def verify_quote(article: str, figure: str | int | Decimal, on: date, table: Table | None = None) -> QuoteCheck:
    """Whether the table takes a figure from an article on a day: what an assistant asks before it quotes one.

    Args:
        article: The article or act as it is quoted, such as "R. 2122-8 du CCP", or the id of a source.
        figure: The figure as it is quoted, with its unit or without: "60 000 € HT", "dix jours", 60000.
        on: The day.
        table: The law; None = the national table of the package.

    Raises:
        DocumentError: There is no article, no figure or more than one in what is quoted.

    >>> verify_quote("R. 2122-8 du CCP", "40 000 €", date(2024, 5, 15)).verdict
    <QuoteVerdict.STANDS: 'stands'>
    """
    law = default_table() if table is None else table
    if problems := [
        fault("too_long", name, "expected at most {most} characters, got {got}", most=LONGEST_QUOTE, got=len(text))
        for name, text in (("article", article), ("figure", str(figure)))
        if len(text) > LONGEST_QUOTE
    ]:
        raise DocumentError(problems)
    quoted = _figure(figure)
    sources = cited_in(law, article)
    verdict, found = _verdict(law, sources, quoted, list(_figures_of(law, on)))
    return QuoteCheck(
        article=article, figure=str(figure), on=on, verdict=verdict, found=_each_once(found), table_edition=law.edition
    )


def _verdict(
    law: Table, sources: frozenset[str], quoted: Figure, that_day: list[QuotedFigure]
) -> tuple[QuoteVerdict, list[QuotedFigure]]:
    if not sources:
        return QuoteVerdict.UNKNOWN_ARTICLE, []
    of_article = [one for one in that_day if one.legal_basis.id in sources]
    disputed = {one.series for one in of_article if one.contested}
    readings = [one for one in that_day if one.series in disputed]
    # a reading is told with the readings beside it, whatever text they rest on: quoted alone it would pass for settled
    if any(_same(quoted, _kind(one.unit), one.value) for one in readings):
        return QuoteVerdict.CONTESTED, readings
    if same := [one for one in of_article if _same(quoted, _kind(one.unit), one.value)]:
        return QuoteVerdict.STANDS, same
    if other_days := list(_on_other_days(law, sources, quoted)):
        return QuoteVerdict.ANOTHER_DAY, [*other_days, *of_article]
    return (QuoteVerdict.ANOTHER_FIGURE if of_article else QuoteVerdict.NO_FIGURE), of_article


def _each_once(found: list[QuotedFigure]) -> list[QuotedFigure]:
    """One of those that say the same: a time limit has a row for each procedure."""
    return list(
        {(one.label, one.value, one.legal_basis.id, one.since, one.until): one for one in reversed(found)}.values()
    )[::-1]


def _figure(quoted: str | int | Decimal) -> Figure:
    """The one figure that is quoted."""
    if isinstance(quoted, int | Decimal):
        return Figure(FigureKind.NUMBER, Decimal(quoted), str(quoted))
    found = [one for one in figures(quoted) if one.kind is not FigureKind.DATE]
    if len(found) != 1:
        words = "expected one figure with its unit, such as an amount in euros or a number of days; got {got}"
        raise DocumentError(fault("contradiction", "figure", words, got=shown(quoted)))
    return found[0]


def _kind(unit: str) -> FigureKind:
    return _UNITS.get(unit, FigureKind.DAYS)


def _same(quoted: Figure, kind: FigureKind, value: Decimal) -> bool:
    """Whether a quoted figure is a figure of the table; one without a unit is compared by its number alone."""
    assert isinstance(quoted.value, Decimal)
    if quoted.kind is FigureKind.NUMBER:
        return value in (quoted.value, quoted.value / 100 if kind is FigureKind.SHARE else quoted.value)
    times = _IN_MONTHS.get(quoted.kind, 1)
    return (FigureKind.MONTHS if times > 1 else quoted.kind) is kind and quoted.value * times == value


def _figures_of(law: Table, day: date) -> Iterator[QuotedFigure]:
    """Every figure that the table gives on a day, once for each text that it rests on."""
    in_force = law.in_force(day)
    for name, threshold in law.thresholds.items():
        limit = in_force.limit(name)
        for amount, basis in zip(limit.amounts, limit.basis, strict=True):
            if amount:  # nought stands in for "nobody confirmed it", no text says it
                yield QuotedFigure(
                    series=name,
                    label=threshold.label,
                    value=amount,
                    unit=threshold.unit,
                    legal_basis=law.cited(basis, day),
                    since=limit.since,
                    until=limit.until,
                    certainty=limit.certainty,
                    contested=limit.contested,
                )
    for row in in_force.duty_rows:
        for basis, days in ((row.legal_basis, row.days), *((one.legal_basis, one.days) for one in row.reductions)):
            if days:
                yield QuotedFigure(
                    series=row.id,
                    label=law.duties[row.duty].label,
                    value=Decimal(days),
                    unit="days",
                    legal_basis=law.cited(basis, day),
                    since=row.effective_from,
                    until=row.effective_until,
                    certainty=row.certainty,
                )


def _on_other_days(law: Table, sources: frozenset[str], quoted: Figure) -> Iterator[QuotedFigure]:
    """The days on which the table has the figure from these texts."""
    for source, carried in carried_figures(law).items():
        for one in carried if source in sources else ():
            if isinstance(one.value, Decimal) and _same(quoted, one.kind, one.value):
                yield QuotedFigure(
                    series=one.series,
                    label=one.label,
                    value=one.value,
                    unit=law.thresholds[one.series].unit if one.section == "thresholds" else "days",
                    legal_basis=law.sources[source],
                    since=one.since,
                    until=one.until,
                )
