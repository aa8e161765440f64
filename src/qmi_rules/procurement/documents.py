"""The shapes of what this room writes as JSON documents: what `json_schema` describes, and `from_json` reads of a decision."""

import datetime
from decimal import Decimal
from typing import ClassVar

from attrs import field, frozen

from qmi_rules.contexts import Purchase, ValuedPart
from qmi_rules.documents.scalars import to_tuple


@frozen(kw_only=True)
class SourceDocument:
    """A legal text."""

    id: str
    text: str
    article: str | None = None
    url: str | None = None


@frozen(kw_only=True)
class FindingDocument:
    """What was seen: kind ``fact``, ``choice``, ``amount`` or ``period``; the keys of the other kinds are absent."""

    kind: str
    row: str
    truth: str
    fact: str | None = None
    expected: bool | tuple[str, ...] | None = None
    value: bool | str | None = None
    presumed: bool | None = None
    edge: str | None = None
    threshold: str | None = None
    label: str | None = None
    unit: str | None = None
    limit: Decimal | None = None
    readings: tuple[Decimal, ...] = field(default=(), converter=to_tuple)
    on: datetime.date | None = None
    since: datetime.date | None = None
    until: datetime.date | None = None
    legal_basis: tuple[str, ...] = field(default=(), converter=to_tuple)
    certainty: str | None = None


@frozen(kw_only=True)
class ReductionDocument:
    """Another length of a time limit."""

    days: int
    label: str
    legal_basis: str


@frozen(kw_only=True)
class DutyDocument:
    """Something to do; `days` only where there is a time limit; `missing` or `unsettled` where it depends on facts or limits not known."""

    id: str
    label: str
    detail: str = ""
    legal_basis: SourceDocument
    written: bool = False
    missing: tuple[str, ...] = field(default=(), converter=to_tuple)
    unsettled: tuple[str, ...] = field(default=(), converter=to_tuple)
    local: str = ""
    certainty: str = "confirmed"
    days: int | None = None
    reductions: tuple[ReductionDocument, ...] = field(default=(), converter=to_tuple)


@frozen(kw_only=True)
class OptionDocument:
    """One procedure or arrangement: status ``open``, ``closed`` or ``undetermined``, and why."""

    procedure: str
    label: str
    status: str
    missing: tuple[str, ...] = field(converter=to_tuple)
    contested: tuple[str, ...] = field(converter=to_tuple)
    unknown: tuple[str, ...] = field(converter=to_tuple)
    presumed: tuple[str, ...] = field(converter=to_tuple)
    legal_basis: tuple[SourceDocument, ...] = field(converter=to_tuple)
    findings: tuple[FindingDocument, ...] = field(converter=to_tuple)
    duties: tuple[DutyDocument, ...] = field(converter=to_tuple)
    cautions: tuple[str, ...] = field(converter=to_tuple)
    local: tuple[str, ...] = field(default=(), converter=to_tuple)


@frozen(kw_only=True)
class LotDocument:
    """The answer for one lot."""

    id: str
    options: tuple[OptionDocument, ...] = field(converter=to_tuple)


@frozen(kw_only=True)
class WarningDocument:
    """Something to beware of."""

    code: str
    text: str
    on: datetime.date | None = None
    about: tuple[str, ...] = field(default=(), converter=to_tuple)
    amount: Decimal | None = None
    template: str = ""
    labels: tuple[str, ...] = field(default=(), converter=to_tuple)


@frozen(kw_only=True)
class DecisionDocument:
    """A decision as JSON."""

    OMIT_UNFILLED: ClassVar[bool] = False

    purchase: Purchase
    estimated_value: Decimal | None
    valuation: tuple[ValuedPart, ...] = field(converter=to_tuple)
    publicity_and_competition: str
    lightest: str | None
    options: tuple[OptionDocument, ...] = field(converter=to_tuple)
    lots: tuple[LotDocument, ...] = field(converter=to_tuple)
    arrangements: tuple[OptionDocument, ...] = field(converter=to_tuple)
    missing: tuple[str, ...] = field(converter=to_tuple)
    warnings: tuple[WarningDocument, ...] = field(converter=to_tuple)
    known_on: datetime.date | None = None
    table_edition: str
    table_hash: str
    package_version: str


@frozen(kw_only=True)
class WrittenListDocument:
    """The list of what must be written down and kept, as JSON."""

    title: str
    procedure: str
    duties: tuple[DutyDocument, ...]


@frozen(kw_only=True)
class LimitDocument:
    """A threshold on the day; more than one amount where the sources disagree, none where it is not known."""

    id: str
    label: str
    unit: str
    amounts: tuple[Decimal, ...]
    contested: bool
    since: datetime.date | None
    until: datetime.date | None
    certainty: str | None
    legal_basis: tuple[SourceDocument, ...]
    note: str | None


@frozen(kw_only=True)
class ConditionDocument:
    """One condition of a row: what a fact must be, or on which side of which threshold."""

    fact: str
    is_: bool | None = None
    in_: tuple[str, ...] = ()
    below: str | None = None
    from_: str | None = None
    at_most: str | None = None
    above: str | None = None


@frozen(kw_only=True)
class RowDocument:
    """What every row of the table says of itself."""

    id: str
    since: datetime.date
    until: datetime.date | None
    published_on: datetime.date
    certainty: str
    legal_basis: SourceDocument
    when: tuple[ConditionDocument, ...]
    local: str


@frozen(kw_only=True)
class RuleDocument(RowDocument):
    """A ground on which a procedure is open."""

    procedure: str
    ground: str


@frozen(kw_only=True)
class DutyRowDocument(RowDocument):
    """When a duty is owed."""

    duty: str
    procedures: tuple[str, ...]
    days: int | None


@frozen(kw_only=True)
class LawOfTheDayDocument:
    """What is in force on a day, as JSON."""

    on: datetime.date
    since: datetime.date | None
    until: datetime.date | None
    known_on: datetime.date | None
    table_edition: str
    table_hash: str
    thresholds: tuple[LimitDocument, ...]
    rules: tuple[RuleDocument, ...]
    duties: tuple[DutyRowDocument, ...]
