"""Elections as dated facts, and the spans in which they weigh on a purchase."""

from datetime import date, timedelta
from enum import StrEnum
from functools import cache

from attrs import field, frozen
from dateutil.relativedelta import relativedelta

from qmi_rules.budget_calendar.facts import fact
from qmi_rules.errors import DocumentError, fault
from qmi_rules.law import Certainty
from qmi_rules.pages import message
from qmi_rules.schema import load_toml, package_data
from qmi_rules.schema.faults import require, shown
from qmi_rules.schema.scalars import DAY, IDENTIFIER, each, is_a, optional, text, to_tuple


class DateStatus(StrEnum):
    """Where the date of an election comes from."""

    DECREED = "decreed"
    ANNOUNCED = "announced"
    DERIVED = "derived"
    ESTIMATED = "estimated"


DATE_STATUSES = {
    DateStatus.DECREED: message("fixée par décret"),
    DateStatus.ANNOUNCED: message("annoncée, sans décret connu"),
    DateStatus.DERIVED: message("déduite des textes"),
    DateStatus.ESTIMATED: message("estimée, jour non fixé"),
}


@frozen(kw_only=True)
class DaySpan:
    """A span of days, both included."""

    first: date
    last: date

    def overlaps(self, first: date, last: date) -> bool:
        """True where the two spans share a day."""
        return self.first <= last and first <= self.last


@frozen(kw_only=True)
class Election:
    """One election.

    Attributes:
        id: Its name, such as ``municipal_2026``.
        kind: ``municipal``, ``presidential``, ``legislative``, ``departmental_regional``, ``european`` or ``senatorial``.
        label: Its name in French.
        rounds: Days of the rounds; empty while they are not known.
        between: First and last day between which the rounds must fall, where they are not known.
        date_status: ``decreed``, ``announced``, ``derived`` or ``estimated``.
        certainty: How well the sources support it: ``confirmed``, ``single_source`` or ``unverified``.
        concerns_territory: The communes of the Métropole du Grand Paris vote, or their councils take part.
        communication_rules: Article L52-1 limits what a public body may say in its favour.
        decree_due_by: Last day for the decree that convenes the voters.
        legal_basis: Ids of the texts that set the date.
        source: Where it was read.
    """

    id: str = field(validator=IDENTIFIER)
    kind: str = field(validator=IDENTIFIER)
    label: str = field(validator=text(200))
    rounds: tuple[date, ...] = field(default=(), converter=to_tuple, validator=each(DAY))
    between: tuple[date, ...] = field(default=(), converter=to_tuple, validator=each(DAY))
    date_status: DateStatus = field(validator=is_a(DateStatus))
    certainty: Certainty = field(validator=is_a(Certainty))
    concerns_territory: bool = True
    communication_rules: bool = True
    decree_due_by: date | None = field(default=None, validator=optional(DAY))
    legal_basis: tuple[str, ...] = field(default=(), converter=to_tuple)
    source: str = field(validator=text(300))

    def __attrs_post_init__(self) -> None:
        if bool(self.rounds) == bool(self.between) or len(self.between) not in (0, 2):
            words = "expected the rounds, or the two days between which they must fall"
            raise DocumentError(fault("contradiction", "rounds", words))
        if list(self.rounds) != sorted(self.rounds):
            raise DocumentError([fault("contradiction", "rounds", "expected the rounds in order")])

    @property
    def span(self) -> DaySpan:
        """First to last round, or the days between which they must fall."""
        days = self.rounds or self.between
        return DaySpan(first=days[0], last=days[-1])


@frozen(kw_only=True)
class _Elections:
    elections: tuple[Election, ...] = field(converter=to_tuple)


@cache
def _all() -> tuple[Election, ...]:
    rows = load_toml(package_data("calendar", "elections.toml"), _Elections).elections
    return tuple(sorted(rows, key=lambda election: election.span.first))


def elections(since: date, until: date) -> tuple[Election, ...]:
    """The known elections with a round (or a possible round) from `since` to `until`, both included, in order.

    Raises:
        DocumentError: `since` or `until` is no date, or they are the wrong way round.
    """
    if problems := [
        fault("not_a_date", name, "expected a date, got {got}", got=shown(value))
        for name, value in (("since", since), ("until", until))
        if type(value) is not date
    ]:
        raise DocumentError(problems)
    if until < since:
        words = "expected a day from since ({since}) on, got {got}"
        raise DocumentError(fault("contradiction", "until", words, since=since, got=until))
    return tuple(election for election in _all() if election.span.overlaps(since, until))


def communication_window(election: Election) -> DaySpan:
    """The days on which a public body may not promote its achievements, for one election.

    From the first day of the sixth month before the month of the vote, to the vote (code électoral L52-1, second
    paragraph). Presidential election of 18 April and 2 May 2027: 1 October 2026 to 2 May 2027.
    """
    require("election", election, Election)
    month = election.span.first.replace(day=1)
    return DaySpan(first=month - relativedelta(months=fact("communication").length), last=election.span.last)


def current_affairs(election: Election) -> DaySpan | None:
    """The days on which a municipal council only deals with current affairs; None for another election.

    From the evening of the first round to the installation, which takes place between the Friday and the Sunday after the
    deciding round (CGCT L2121-7): the last day is that of a council decided in the second round. Source: CE 1 April 2005,
    Villepinte, 262078.
    """
    require("election", election, Election)
    if election.kind != "municipal":
        return None
    span = election.span
    return DaySpan(first=span.first, last=span.last + timedelta(days=fact("installation").length))


def renewals(since: date, until: date) -> tuple[Election, ...]:
    """The municipal elections whose current-affairs span touches the days from `since` to `until`."""
    return tuple(
        election
        for election in _all()
        if (span := current_affairs(election)) is not None and span.overlaps(since, until)
    )


def communication_windows(on: date) -> tuple[Election, ...]:
    """The elections whose communication rules bind on a day."""
    return tuple(
        election
        for election in _all()
        if election.communication_rules
        and election.concerns_territory
        and communication_window(election).overlaps(on, on)
    )
