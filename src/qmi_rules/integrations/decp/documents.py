"""The shape of an audit as a JSON document: what `json_schema(Audit)` describes."""

from collections.abc import Mapping
from decimal import Decimal
from typing import ClassVar

from attrs import field, frozen

from qmi_rules.documents.read_only import to_read_only
from qmi_rules.documents.scalars import to_tuple


@frozen(kw_only=True)
class ReasonDocument:
    """A reason or a hint; `code` is stable, `text` is its French sentence."""

    code: str
    text: str
    limits: tuple[Decimal, ...] = field(converter=to_tuple)
    legal_basis: tuple[str, ...] = field(converter=to_tuple)


@frozen(kw_only=True)
class ResultDocument:
    """What the audit says of one contract."""

    OMIT_UNFILLED: ClassVar[bool] = False

    id: str
    buyer: str
    procedure: str
    amount: Decimal | None
    verdict: str
    reasons: tuple[ReasonDocument, ...] = field(converter=to_tuple)
    hints: tuple[ReasonDocument, ...] = field(converter=to_tuple)
    origins: Mapping[str, str] = field(converter=to_read_only)


@frozen(kw_only=True)
class RefusalDocument:
    """A record that could not be read as a contract."""

    source: str
    position: int
    id: str
    reason: str
    detail: str


@frozen(kw_only=True)
class AuditDocument:
    """An audit as JSON."""

    records: int
    contracts: int
    refused: int
    refused_by_reason: Mapping[str, int] = field(converter=to_read_only)
    refusals: tuple[RefusalDocument, ...] = field(converter=to_tuple)
    verdicts: Mapping[str, int] = field(converter=to_read_only)
    table_edition: str
    results: tuple[ResultDocument, ...] = field(converter=to_tuple)
