"""What in a table must be looked at again on a day: what is not confirmed, ends without successor, or was not reviewed for long."""

import datetime
from collections.abc import Iterator, Mapping
from itertools import groupby
from operator import attrgetter
from typing import ClassVar, Final, Literal, TypeAlias, get_args

from attrs import field, frozen
from dateutil.relativedelta import relativedelta

from qmi_rules.catalogues import printed
from qmi_rules.law.rows import Dated, Row, Rule
from qmi_rules.law.sections import Caution, DutyRow
from qmi_rules.law.sources import Source
from qmi_rules.law.table import Table
from qmi_rules.law.truth import Certainty
from qmi_rules.law.wording import linked
from qmi_rules.pages import Explained, Language, Page
from qmi_rules.pages.templates import page_of
from qmi_rules.schema import Wording
from qmi_rules.schema.faults import require
from qmi_rules.schema.fields import Layout
from qmi_rules.schema.scalars import to_tuple

StaleReason: TypeAlias = Literal[
    "contested",
    "unverified",
    "single_source",
    "ends",
    "ended",
    "not_reviewed",
    "read_long_ago",
    "no_identifier",
]
"""Why something is to be read again, the most pressing first."""
_ORDER: Final = get_args(StaleReason)
_UNCONFIRMED: Final[Mapping[Certainty, StaleReason]] = {
    Certainty.SINGLE_SOURCE: "single_source",
    Certainty.UNVERIFIED: "unverified",
}


@frozen(kw_only=True)
class Stale:
    """One thing to verify.

    Attributes:
        reason: ``contested``, ``unverified``, ``single_source``, ``ends``, ``ended``, ``not_reviewed``, ``read_long_ago`` or
            ``no_identifier``.
        id: Id of the threshold, row or source; ``table`` for the whole.
        label: Its French name.
        since: First day in force.
        until: Last day in force; None = no end known.
        source: The text to read; None for the whole table.
        read_in: Where the maintainers read it.
        note: What they noted, in French.
    """

    reason: StaleReason
    id: str
    label: Wording
    since: datetime.date | None = None
    until: datetime.date | None = None
    source: Source | None = None
    read_in: str = ""
    note: Wording = ""


@frozen(kw_only=True)
class Freshness(Explained):
    """What to verify in a table on a day, the most pressing first.

    Attributes:
        edition: Name of the edition.
        on: The day.
        reviewed_on: The day up to which the maintainers know the law.
        entries: What to verify.
    """

    _layout: ClassVar[Layout] = Layout(own_page=True)

    edition: str
    on: datetime.date
    reviewed_on: datetime.date | None
    entries: tuple[Stale, ...] = field(converter=to_tuple)

    @property
    def table_edition(self) -> str:
        """Name of the edition of the table."""
        return self.edition

    def page(self, say: Language) -> Page:
        """The list in one language, by reason."""
        # rows for several buyers may say the same
        entries = {(e.reason, e.label, e.until, e.until or e.since, e.source): e for e in self.entries}.values()
        found = [(reason, [*group]) for reason, group in groupby(entries, attrgetter("reason"))]
        return page_of("freshness", say, voices=(linked,), it=self, found=found, printed=printed)


def stale(table: Table, on: datetime.date, months: int = 12) -> Freshness:
    """What must be looked at again.

    Args:
        table: The table.
        on: The day it is used; the clock is never read.
        months: How long ahead an end counts, and how old a review may be: calendar months, the last day included.

    Raises:
        DocumentError: An argument is not what was expected.
    """
    for name, value, kind in (("table", table, Table), ("on", on, datetime.date), ("months", months, int)):
        require(name, value, kind)
    horizon = on + relativedelta(months=months)
    # each counted forward from a day that stands: back from today, a month of 31 days would lose its last ones
    old = table.reviewed_on is None or table.reviewed_on + relativedelta(months=months) < on
    found = [*_entries(table, on, horizon), *_versions(table, on, months)]
    if old:
        found.append(Stale(reason="not_reviewed", id="table", label=table.edition, since=table.reviewed_on))
    found.sort(key=lambda entry: (_ORDER.index(entry.reason), entry.until or datetime.date.max, entry.id))
    return Freshness(edition=table.edition, on=on, reviewed_on=table.reviewed_on, entries=tuple(found))


def _entries(table: Table, on: datetime.date, horizon: datetime.date) -> Iterator[Stale]:
    for threshold in table.thresholds.values():
        last = threshold.values[-1] if threshold.values else None
        for value in threshold.values:
            end = value.effective_until
            if end is not None and end < on and value is not last:
                continue
            if value.effective_from > horizon:
                continue
            if value.readings:
                yield _stale("contested", threshold.id, threshold.label, value, table)
            elif value.certainty is not Certainty.CONFIRMED and value.holds_on(max(on, value.effective_from)):
                yield _stale(_UNCONFIRMED[value.certainty], threshold.id, threshold.label, value, table)
        if last is not None and (end := last.effective_until) is not None and _used(table, threshold.id, end):
            if end < on:
                yield _stale("ended", threshold.id, threshold.label, last, table)
            elif end <= horizon:
                yield _stale("ends", threshold.id, threshold.label, last, table)
    for row in table.rows():
        end = row.effective_until
        current = (end is None or end >= on) and row.effective_from <= horizon
        if current and row.certainty is not Certainty.CONFIRMED:
            yield _stale(_UNCONFIRMED[row.certainty], row.id, _name(row, table), row, table)


def _versions(table: Table, on: datetime.date, months: int) -> Iterator[Stale]:
    """The sources whose version of the day was read too long ago, or has no identifier; one whose version is not known has none."""
    for source in table.sources.values():
        version = source.version_on(on)
        if version is None and source.versions:
            continue  # it is no law on that day
        about = {
            "id": source.id,
            "label": source.citation,
            "since": version.effective_from if version else None,
            "until": version.effective_until if version else None,
            "source": source.on(on),
            "read_in": version.read_from if version else "",
        }
        read_on = version.read_on if version else None
        if read_on is not None and read_on + relativedelta(months=months) < on:
            yield Stale(reason="read_long_ago", **about)  # type: ignore[arg-type]
        if version is None or version.identifier is None:
            yield Stale(reason="no_identifier", **about)  # type: ignore[arg-type]


def _used(table: Table, threshold: str, end: datetime.date) -> bool:
    """Whether a row still in force after the end, or another threshold, needs the value."""
    after = end + datetime.timedelta(days=1)
    needed = any(c.threshold == threshold for row in table.rows() if row.holds_on(after) for c in row.when)
    return needed or any(
        threshold in (value.same_as, *(reading.same_as for reading in value.readings))
        for other in table.thresholds.values()
        for value in other.values
        if value.holds_on(after)
    )


def _name(row: Row, table: Table) -> str:
    match row:
        case Rule():
            return row.ground or table.procedures[row.procedure].label
        case DutyRow():
            return row.detail or table.duties[row.duty].label
        case Caution():
            return row.text
        case _:
            return row.id


def _stale(reason: StaleReason, id: str, label: str, entry: Dated, table: Table) -> Stale:
    return Stale(
        reason=reason,
        id=id,
        label=label,
        since=entry.effective_from,
        until=entry.effective_until,
        source=table.sources[entry.legal_basis],
        read_in=entry.source,
        note=entry.note or "",
    )
