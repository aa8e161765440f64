"""The shapes of what the law room writes as JSON documents: what `json_schema` of a proof, a comparison, an amendment describes."""

import datetime
from collections.abc import Mapping
from typing import Any

from attrs import field, frozen

from qmi_rules.documents.read_only import to_read_only
from qmi_rules.law.casebook import CaseTurn


@frozen(kw_only=True)
class FlawDocument:
    """A flaw of a table, with its smallest witness."""

    kind: str
    rows: tuple[str, ...]
    legal_basis: tuple[str, ...]
    since: datetime.date | None
    until: datetime.date | None
    witness: Mapping[str, bool | str] = field(converter=to_read_only)
    excused: str


@frozen(kw_only=True)
class ProofDocument:
    """A proof of a table as JSON.

    Attributes:
        certificate: What an independent program verifies; its own format says how it is read.
    """

    edition: str
    holds: bool
    flaws: tuple[FlawDocument, ...]
    declared: tuple[FlawDocument, ...]
    certificate: Mapping[str, Any] = field(converter=to_read_only)


@frozen(kw_only=True)
class CauseDocument:
    """What changed: a limit, a row or a period, with what it was and what it is."""

    code: str
    id: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    legal_basis: str | None


@frozen(kw_only=True)
class RegionDocument:
    """Cases whose answer for one procedure differs.

    Attributes:
        box: For each fact that matters its words, or the numbers from and below.
        witness: The smallest such case.
    """

    procedure: str
    lots: bool
    before: str
    after: str
    box: Mapping[str, Any] = field(converter=to_read_only)
    witness: Mapping[str, bool | str] = field(converter=to_read_only)
    because: tuple[CauseDocument, ...]


@frozen(kw_only=True)
class LawDocument:
    """One of the laws compared."""

    edition: str
    on: datetime.date


@frozen(kw_only=True)
class ComparisonDocument:
    """A comparison of two laws as JSON."""

    before: LawDocument
    after: LawDocument
    regions: tuple[RegionDocument, ...]


@frozen(kw_only=True)
class TableDocument:
    """One of the tables of an amendment."""

    edition: str
    hash: str


@frozen(kw_only=True)
class EditDocument:
    """An entry that differs."""

    section: str
    id: str
    change: str
    since: datetime.date | None
    until: datetime.date | None
    legal_basis: str | None
    certainty: str | None
    bears_on: tuple[str, ...]


@frozen(kw_only=True)
class PassageDocument:
    """A span of days in which an answer differs."""

    since: datetime.date | None
    until: datetime.date | None
    regions: tuple[RegionDocument, ...]


@frozen(kw_only=True)
class AmendmentDocument:
    """An amendment of a table as JSON."""

    before: TableDocument
    after: TableDocument
    edits: tuple[EditDocument, ...]
    holds: bool
    passages: tuple[PassageDocument, ...]
    cases: tuple[CaseTurn, ...]
    tasks: tuple[str, ...]
    untranslated: tuple[str, ...]
