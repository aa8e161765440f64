"""The table held against texts of law that a person saved: which figures they hold, which they lack, which versions are newer."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from pathlib import Path
from typing import ClassVar, Final, Literal

from attrs import evolve, field, frozen

from qmi_rules.errors import DocumentError, fault
from qmi_rules.law.maintenance.figures import Figure, FigureKind, article_number, figures
from qmi_rules.law.maintenance.saved_texts import SavedArticle, files_of, read_articles
from qmi_rules.law.sources import Source
from qmi_rules.law.table import Table
from qmi_rules.law.thresholds import Threshold, Value
from qmi_rules.law.wording import quantity
from qmi_rules.pages import Explained, Language, Page, message
from qmi_rules.pages.templates import page_of
from qmi_rules.schema import Wording
from qmi_rules.schema.faults import require
from qmi_rules.schema.fields import Layout
from qmi_rules.schema.scalars import to_tuple

_DAY: Final = timedelta(days=1)
_UNITS: Final = {
    "EUR HT": FigureKind.EUROS,
    "EUR": FigureKind.EUROS,
    "share": FigureKind.SHARE,
    "months": FigureKind.MONTHS,
}
_COUNTED: Final = frozenset({FigureKind.EUROS, FigureKind.DAYS, FigureKind.MONTHS, FigureKind.SHARE})
_LIKE_AN_AMOUNT: Final = 1_000
"""A number without a unit from here on may be an amount in the cell of a table."""
_YEARS: Final = range(1900, 2100)
_NEAR: Final = Decimal("0.0005")
_CODES: Final = "/codes/"
_SEVERAL: Final = re.compile(r"\d à \d")
"""A source that names several acts: none of them holds all of its figures."""
_SOON: Final = timedelta(days=31)
_MONTH: Final = (28, 31)
_YEAR: Final = (365, 366)
_KINDS: Final = {
    FigureKind.DAYS: message("{count} jours"),
    FigureKind.DATE: message("le {count}"),
}
_UNITS_SHOWN: Final = {FigureKind.EUROS: "EUR", FigureKind.SHARE: "share", FigureKind.MONTHS: "months"}


@frozen(kw_only=True)
class CarriedFigure:
    """A figure that the text of a source must hold, because rows or values of the table rest on it.

    Attributes:
        kind: What it counts.
        value: How many, or the day.
        since: First day for which the table has it from this source.
        until: Last day; None = no end.
        section: ``thresholds`` or ``duty_rows``.
        series: Id of the threshold or row.
        label: Its French name.
        added: Of another length of a time limit, how much it is longer or shorter: a text may say that alone ("cinq jours de plus").
    """

    kind: FigureKind
    value: Decimal | date
    since: date
    until: date | None
    section: Literal["thresholds", "duty_rows"]
    series: str
    label: Wording
    added: Decimal | None = None

    def shown(self, say: Language) -> str:
        """The figure in the reader's format."""
        if isinstance(self.value, date):
            return say(_KINDS[FigureKind.DATE], count=say.date(self.value))
        if self.kind is FigureKind.DAYS:
            return say(_KINDS[FigureKind.DAYS], count=say.number(self.value))
        return quantity(say, self.value, _UNITS_SHOWN[self.kind])


@frozen(kw_only=True)
class VersionCheck:
    """One version of an article against the table.

    Attributes:
        source: Id of the source.
        citation: The article, in French.
        where: The file that holds it, from the folder.
        identifier: Its identifier, where the file has one.
        since: First day of the version; None = the file does not say: it is held against what the table has last.
        until: Last day; None = no end, or not said.
        found: The figures that the text holds.
        missing: The figures that it does not hold.
        unknown: Figures of the text that no row which cites it knows, as it writes them.
        newer: First days of versions that the file knows and the table does not.
    """

    source: str
    citation: str
    where: str
    identifier: str | None
    since: date | None
    until: date | None
    found: tuple[CarriedFigure, ...] = field(converter=to_tuple)
    missing: tuple[CarriedFigure, ...] = field(converter=to_tuple)
    unknown: tuple[str, ...] = field(converter=to_tuple)
    newer: tuple[date, ...] = field(converter=to_tuple)

    @property
    def differs(self) -> bool:
        """Whether the table and the text do not say the same."""
        return bool(self.missing or self.newer)


def listed(say: Language, figures: Iterable[CarriedFigure]) -> str:
    """Figures with their names, each once."""
    return say.all_of(dict.fromkeys(f"{figure.shown(say)} ({say(figure.label)})" for figure in figures))


def days(say: Language, found: Iterable[date]) -> str:
    """Days in full."""
    return say.all_of(map(say.date, found))


class UnplacedReason(StrEnum):
    """Why a text that was read is held against nothing.

    ``no_number``: neither a heading nor the file's name says which article it is. ``several_texts``: several texts have an article of
    this number, and nothing says of which it is. ``another_text``: the table cites the article of another text than the one it names.
    """

    NO_NUMBER = "no_number"
    SEVERAL_TEXTS = "several_texts"
    ANOTHER_TEXT = "another_text"


_WHY: Final = {
    UnplacedReason.NO_NUMBER: message("ni un titre ni le nom du fichier ne disent de quel article il s'agit"),
    UnplacedReason.SEVERAL_TEXTS: message(
        "article {number} de plusieurs textes ({texts}) : nommer le texte dans un titre ou dans le nom du fichier"
    ),
    UnplacedReason.ANOTHER_TEXT: message("la base juridique ne cite pas l'article {number} de ce texte : {texts}"),
}


@frozen(kw_only=True)
class Unplaced:
    """A text that was read and could not be placed.

    Attributes:
        where: The file, from the folder.
        number: The number of the article; empty where none was found.
        reason: Why.
        texts: The text that it names, or those that it may be of, in French.
    """

    where: str
    number: str = ""
    reason: UnplacedReason
    texts: tuple[str, ...] = field(default=(), converter=to_tuple)


@frozen(kw_only=True)
class LawCheck(Explained):
    """What the saved texts say of the table.

    Attributes:
        table_edition: Name of the edition that was held against them.
        files: How many files were read.
        unread: Files that could not be read, or are no text, the first hundred.
        versions: Each version of each article that the table cites, in the order of the sources.
        unplaced: What was read and is held against nothing, the first hundred: a file, the number of an article, and why.
        absent: Ids of the sources that carry a figure and of which the folder holds no version.
        proposals: TOML for the table, of what differs: to be completed by who has read the text.
    """

    _layout: ClassVar[Layout] = Layout(own_page=True)

    table_edition: str
    files: int
    unread: tuple[str, ...] = field(converter=to_tuple)
    versions: tuple[VersionCheck, ...] = field(converter=to_tuple)
    unplaced: tuple[Unplaced, ...] = field(default=(), converter=to_tuple)
    absent: tuple[str, ...] = field(converter=to_tuple)
    proposals: str

    @property
    def differs(self) -> bool:
        """Whether anything differs between the table and a text."""
        return any(version.differs for version in self.versions)

    def page(self, say: Language) -> Page:
        """What differs first, then what was found, then what could not be placed or is not there."""
        return page_of("law_check", say, voices=(listed, days), it=self, why=_WHY)


def verify_law(table: Table, folder: Path | str) -> LawCheck:
    """Hold a table against a folder of texts: the API's JSON, the XML of the LEGI dump, plain text or Markdown.

    The files are read one after another and not kept, so that the folder may hold a whole dump.

    Args:
        table: The table.
        folder: Where the texts are.

    Raises:
        DocumentError: There is no such folder, or no text in it holds an article that the table cites.
    """
    require("table", table, Table)
    require("folder", folder, Path, str)
    place = Path(folder)
    try:
        found = place.is_dir()
    except ValueError:  # a name that no folder can have
        found = False
    if not found:
        raise DocumentError(fault("required", "folder", "expected a folder with the texts to read"), str(folder))
    carried = carried_figures(table)
    named = _Sources(table.sources.values())
    files = 0
    unread: list[str] = []
    unplaced: list[Unplaced] = []
    checks: list[VersionCheck] = []
    proposals: list[str] = []
    wholes: dict[str, VersionCheck] = {}
    for file in files_of(place):
        files += 1
        where = file.relative_to(place).as_posix()
        articles = read_articles(file, where)
        if articles is None:
            unread.append(where)
            continue
        if not articles:
            unplaced.append(Unplaced(where=where, reason=UnplacedReason.NO_NUMBER))
        for article in articles:
            sources = named.of(article)
            if not sources and (found_no_place := named.unplaced(article)):
                unplaced.append(found_no_place)
            for source in sources:
                check = _check(article, source, carried.get(source.id, ()), table.reviewed_on)
                if source.article is None:
                    wholes[source.id] = _together(wholes.get(source.id), check)
                    continue
                checks.append(check)
                proposals += _proposals(check, article, table)
    checks += wholes.values()
    if not checks:
        raise DocumentError(
            fault(
                "required",
                "folder",
                "expected texts of articles that the table cites; none of {count} files holds one",
                count=files,
            ),
            str(folder),
        )
    seen = {check.source for check in checks}
    order = {name: i for i, name in enumerate(table.sources)}
    return LawCheck(
        table_edition=table.edition,
        files=files,
        unread=unread[:100],
        versions=sorted(checks, key=lambda check: (order[check.source], check.since or date.max, check.where)),
        unplaced=unplaced[:100],
        absent=[name for name in table.sources if name in carried and name not in seen],
        proposals="\n\n".join(dict.fromkeys(proposals)),
    )


def carried_figures(table: Table) -> dict[str, tuple[CarriedFigure, ...]]:
    """What each source must hold, by its id, derived from the values and rows that cite it."""
    found: dict[str, list[CarriedFigure]] = {}
    for basis, figure in (*_of_thresholds(table), *_of_duties(table)):
        if figure not in found.setdefault(basis, []):
            found[basis].append(figure)
    return {basis: tuple(figures) for basis, figures in found.items()}


def _of_thresholds(table: Table) -> Iterator[tuple[str, CarriedFigure]]:
    for threshold in table.thresholds.values():
        kind = _UNITS.get(threshold.unit)
        if kind is None:
            continue
        for value, until in _spans(threshold):
            amounts = [(value.legal_basis, value.amount)] if value.amount is not None else []
            amounts += [
                (reading.legal_basis, reading.amount) for reading in value.readings if reading.amount is not None
            ]
            about = {
                "since": value.effective_from,
                "until": until,
                "section": "thresholds",
                "series": threshold.id,
                "label": threshold.label,
            }
            for basis, amount in amounts:
                if amount:
                    yield basis, CarriedFigure(kind=kind, value=amount, **about)  # type: ignore[arg-type]
            # an end that a later text set earlier is not in this one
            own_end = value.derogation and value.effective_until and value.end_published_on is None
            if own_end and value.effective_until and _stands_alone(table.sources.get(value.legal_basis)):
                yield value.legal_basis, CarriedFigure(kind=FigureKind.DATE, value=value.effective_until, **about)  # type: ignore[arg-type]


def _spans(threshold: Threshold) -> Iterator[tuple[Value, date | None]]:
    """Each value with its last day: a value of the code ends where the next one of the code begins."""
    code = [value for value in threshold.values if not value.derogation]
    ends = {id(value): following.effective_from - _DAY for value, following in pairwise(code)}
    for value in threshold.values:
        yield value, value.effective_until or ends.get(id(value))


def _of_duties(table: Table) -> Iterator[tuple[str, CarriedFigure]]:
    for row in table.duty_rows:
        lengths = [(row.legal_basis, row.days), *((one.legal_basis, one.days) for one in row.reductions)]
        for i, (basis, days) in enumerate(lengths):
            if days:
                yield (
                    basis,
                    CarriedFigure(
                        kind=FigureKind.DAYS,
                        value=Decimal(days),
                        since=row.effective_from,
                        until=row.effective_until,
                        section="duty_rows",
                        series=row.id if not i else f"{row.id}.reductions[{i - 1}]",
                        label=table.duties[row.duty].label,
                        added=Decimal(abs(days - row.days)) if i and row.days and days != row.days else None,
                    ),
                )


def _stands_alone(source: Source | None) -> bool:
    """Whether a source is no article of a code: only such a text says until when it holds."""
    return source is not None and _CODES not in (source.url or "") and not source.text.startswith("du code")


# --- which source a saved article is


class _Sources:
    """The sources, to be found by the number of an article and the name of its text."""

    def __init__(self, sources: Iterable[Source]) -> None:
        self._numbered: dict[str, list[Source]] = {}
        self._whole: dict[str, list[Source]] = {}
        for source in sources:
            if source.article is not None:
                self._numbered.setdefault(article_number(source.article), []).append(source)
            elif (token := _token(source.text)) and not _SEVERAL.search(source.text):
                self._whole.setdefault(token, []).append(source)

    def of(self, article: SavedArticle) -> list[Source]:
        """The sources that a saved article is; none where the table does not cite it."""
        fitting = [source for source in self._numbered.get(article.number, ()) if _of_text(source, article)]
        if not article.titled and len(fitting) > 1:
            # the file does not say of which code it is: its name may, by the prefix that the ids of sources have; a guess is none
            name = Path(article.where).stem.lower()
            fitting = [source for source in fitting if source.id.partition("-")[0] in name]
        token = _token(article.title) or _token(article.where)
        return fitting + (self._whole.get(token, []) if token else [])

    def unplaced(self, article: SavedArticle) -> Unplaced | None:
        """Why a saved article is none of the sources; None where the table cites no article of its number."""
        cited = self._numbered.get(article.number, ())
        if not cited:
            return None
        reason = UnplacedReason.ANOTHER_TEXT if article.titled else UnplacedReason.SEVERAL_TEXTS
        texts = [article.title] if article.titled else dict.fromkeys(source.text for source in cited)
        return Unplaced(where=article.where, number=article.number, reason=reason, texts=texts)


_QUOTED: Final = re.compile(r"\b[LRDA]\.? ?\*? ?\d+(?:-\d+)*", re.IGNORECASE)
"""An article of a code as people quote it."""


def cited_in(table: Table, quoted: str) -> frozenset[str]:
    """Ids of the sources that a quoted citation means; none where the table cites no such text.

    An article without the name of its code is that article of every code that the table cites; the number of a decree or
    law means all that the table cites of it.
    """
    if quoted in table.sources:
        return frozenset({quoted})
    numbers = {article_number(found[0]) for found in _QUOTED.finditer(quoted)}
    token, name = _token(quoted), _name(quoted)
    fitting = {
        source.id: source
        for source in table.sources.values()
        if (source.article is not None and article_number(source.article) in numbers)
        or (token and token == _token(source.text))
    }
    named = {
        key for key, source in fitting.items() if _name(source.text) in name or _initials(source.text) in name.split()
    }
    return frozenset(named or fitting)


def _initials(text: str) -> str:
    """The name of a code as it is shortened: its initials."""
    return "".join(word[0] for word in _name(text).split() if word not in ("de", "du", "des", "la", "l", "d"))


def _of_text(source: Source, article: SavedArticle) -> bool:
    if token := _token(source.text):
        return token in (_token(article.title), _token(article.where))
    if not article.titled:
        return article.number[:1].isalpha()  # "6" alone is an article of anything
    return _name(source.text) in _name(article.title)


def _token(text: str) -> str:
    """The number of a decree, a law or an act of the Union; empty where the text has none."""
    found = re.search(r"(?<!\d)(\d{4}-\d{2,5}|\d{4}/\d{1,4}(?=/U|\b))(?!-?\d)", text)
    return found[0] if found and not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", found[0]) else ""


def _name(text: str) -> str:
    """The name of a code as it is compared: no article before it, no year behind it."""
    letters = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"\(.*?\)", " ", letters)
    return re.sub(r"[^a-z]+", " ", re.sub(r"^(du|de la|de l'|des) ", "", words)).strip()


# --- one version against the table


def _check(
    article: SavedArticle, source: Source, carried: tuple[CarriedFigure, ...], reviewed_on: date | None
) -> VersionCheck:
    since, until = article.since, article.until
    for version in source.versions:
        if since is None and article.identifier is not None and version.identifier == article.identifier:
            since, until = version.effective_from, version.effective_until
        if until is None and since is not None and version.effective_from == since:  # a text rarely says until when
            until = version.effective_until
    said = list(figures(article.text))
    due = _due(carried, since, until, reviewed_on)
    found = [figure for figure in due if _holds(said, figure)]
    known_values = {(figure.kind, figure.value) for figure in carried}
    unknown = dict.fromkeys(figure.written for figure in said if _is_unknown(figure, carried, known_values))
    last = max((version.effective_from for version in source.versions if version.effective_from), default=None)
    # of a whole decree or law each article has days of its own
    days = {*article.others, *([article.since] if article.since else [])} if source.article is not None else set()
    return VersionCheck(
        source=source.id,
        citation=source.citation,
        where=article.where,
        identifier=article.identifier,
        since=since,
        until=until,
        found=found,
        missing=[figure for figure in due if figure not in found],
        unknown=[*unknown],
        newer=sorted(day for day in days if last is not None and day > last),
    )


def _together(before: VersionCheck | None, check: VersionCheck) -> VersionCheck:
    """What the articles of one decree or law say together: a figure is missing where none of them holds it."""
    if before is None:
        return check
    found = dict.fromkeys((*before.found, *check.found))
    due = dict.fromkeys((*before.found, *before.missing, *check.found, *check.missing))
    return evolve(
        before,
        found=[*found],
        missing=[figure for figure in due if figure not in found],
        unknown=[*dict.fromkeys((*before.unknown, *check.unknown))],
    )


def _due(
    carried: tuple[CarriedFigure, ...], since: date | None, until: date | None, reviewed_on: date | None
) -> list[CarriedFigure]:
    """What a version must hold: of each series the figure of its first day, else one that begins soon after.

    A figure that begins later is one of which the table knows nothing before: an older text need not hold it. A text without a day is
    that of the day on which the table was reviewed: of an article that lives on, a series that had ended by then is not in it any more;
    a text that has ended altogether still says what it said.
    """
    lives_on = any((figure.until or date.max) >= (reviewed_on or date.min) for figure in carried)
    series: dict[tuple[str, FigureKind], list[CarriedFigure]] = {}
    for figure in carried:
        series.setdefault((figure.series, figure.kind), []).append(figure)
    found: list[CarriedFigure] = []
    for ones in series.values():
        if since is None:
            last = max(ones, key=lambda one: (one.until or date.max, one.since))
            if not lives_on or (last.until or date.max) >= (reviewed_on or date.min):
                found += [one for one in ones if (one.since, one.until) == (last.since, last.until)]
            continue
        first = [one for one in ones if one.since <= since <= (one.until or date.max)]
        later = [one for one in ones if since < one.since <= min(until or date.max, since + _SOON)]
        found += first or [one for one in later if one.since == min(other.since for other in later)]
    return found


def _holds(said: list[Figure], figure: CarriedFigure) -> bool:
    forms = [figure] if figure.added is None else [figure, evolve(figure, value=figure.added)]
    return any(_same(one, form) for one in said for form in forms)


def _same(said: Figure, figure: CarriedFigure) -> bool:
    """Whether a figure of a text is one of the table, in whatever unit the text counts it."""
    if isinstance(said.value, date) or isinstance(figure.value, date):
        # "jusqu'au 31 décembre" and "avant le 1er janvier" are one
        return (
            isinstance(said.value, date)
            and isinstance(figure.value, date)
            and said.value in (figure.value, figure.value + _DAY)
        )
    match figure.kind, said.kind:
        case (FigureKind.EUROS, FigureKind.EUROS | FigureKind.NUMBER):
            return said.value == figure.value
        case (FigureKind.SHARE, FigureKind.SHARE):
            return abs(said.value - figure.value) < _NEAR
        case (FigureKind.DAYS, FigureKind.HOURS):
            return said.value == 24 * figure.value
        case (FigureKind.DAYS, FigureKind.MONTHS):
            return _MONTH[0] * said.value <= figure.value <= _MONTH[1] * said.value
        case (FigureKind.DAYS, FigureKind.YEARS):
            return _YEAR[0] * said.value <= figure.value <= _YEAR[1] * said.value
        case (FigureKind.MONTHS, FigureKind.YEARS):
            return 12 * said.value == figure.value
    return said.kind is figure.kind and said.value == figure.value


def _is_unknown(
    said: Figure, carried: tuple[CarriedFigure, ...], known: set[tuple[FigureKind, Decimal | date]]
) -> bool:
    if not (said.kind in _COUNTED or _may_be_an_amount(said)) or (said.kind, said.value) in known:
        return False
    return not any(_same(said, figure) for figure in carried)


def _may_be_an_amount(said: Figure) -> bool:
    return (
        said.kind is FigureKind.NUMBER
        and isinstance(said.value, Decimal)
        and said.value >= _LIKE_AN_AMOUNT
        and said.value not in _YEARS
    )


# --- what to write into the table


def _proposals(check: VersionCheck, article: SavedArticle, table: Table) -> Iterator[str]:
    """TOML for what differs: the new version of the article, and the new value of each series whose figure is gone."""
    if check.newer:
        yield _new_version(check, article)
    known = (*check.found, *check.missing)
    for figure in check.missing:
        candidates = [
            one
            for one in figures(article.text)
            if (one.kind is figure.kind or (figure.kind is FigureKind.EUROS and _may_be_an_amount(one)))
            and not any(_same(one, other) for other in known)
        ]
        values = [one.value for one in candidates if isinstance(one.value, Decimal)]
        if values:
            yield _new_value(check, figure, list(dict.fromkeys(values)), table)


def _new_version(check: VersionCheck, article: SavedArticle) -> str:
    since = max(check.newer)
    fields = [f"effective_from = {since}"]
    if article.identifier and article.since == since:
        fields.append(f'identifier = "{article.identifier}"')
    fields += [f"read_from = {_quoted(check.where)}", 'certainty = "single_source"']
    return f'# sources.toml, "{check.source}" ({check.citation})\n  {{ {", ".join(fields)} }},'


def _new_value(check: VersionCheck, figure: CarriedFigure, values: list[Decimal], table: Table) -> str:
    first, *others = [_written(value, figure.kind) for value in values]
    # a text without a day does not say from when: that is for the reader to write
    day = f"effective_from = {check.since}" if check.since else "# effective_from = ?"
    also = f"  # {', '.join(others)} ?" if others else ""
    basis = f"{check.citation}, {check.where}"
    if figure.section == "duty_rows":
        return "\n".join([
            f"# duties.toml, row {figure.series}: {_written(figure.value, figure.kind)}",
            f"days = {first}{also}",
            day,
            f'legal_basis = "{check.source}"',
            f"source = {_quoted(basis)}",
        ])  # fmt: skip
    key = "amount" if figure.kind is not FigureKind.DATE else "effective_until"
    return "\n".join([
        f"# thresholds.toml, {figure.series}: {_written(figure.value, figure.kind)}",
        "  [[thresholds.values]]",
        f"  {key} = {first}{also}",
        f"  {day}",
        f"  {day.replace('effective_from', 'published_on')}  # ?",
        f'  legal_basis = "{check.source}"',
        f"  source = {_quoted(basis)}",
        '  certainty = "single_source"',
    ])  # fmt: skip


def _written(value: Decimal | date, kind: FigureKind) -> str:
    if isinstance(value, date):
        return value.isoformat()
    if kind is FigureKind.EUROS and value == value.to_integral_value():
        return f"{int(value):_}"
    text = f"{value.normalize():f}"
    return f'"{text}"' if "." in text else text


def _quoted(text: str) -> str:
    safe = "".join(c if c.isprintable() else " " for c in text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{safe}"'
