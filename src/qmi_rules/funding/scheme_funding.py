"""What a scheme answers to one project: whether it takes it, what it pays, why, and what it asks for."""

from datetime import date
from decimal import Decimal
from enum import StrEnum

from attrs import frozen

from qmi_rules.findings import Finding
from qmi_rules.funding.schemes import Actor, Aid, Paper, StartRule, Step
from qmi_rules.law import Certainty, Source


class Status(StrEnum):
    """Whether a scheme takes a project, as far as the facts and the table tell."""

    ELIGIBLE = "eligible"
    NOT_ELIGIBLE = "not_eligible"
    UNDETERMINED = "undetermined"


class Availability(StrEnum):
    """Whether a scheme is open on the day."""

    OPEN = "open"
    CLOSED = "closed"
    UNKNOWN = "unknown"


@frozen(kw_only=True)
class SchemeFunding:
    """One scheme on one project.

    Attributes:
        scheme: Id of the scheme.
        label: Its name, French.
        carrier: Who pays, French.
        actor: Who asks for it: ``commune`` or ``company``.
        aid: What kind of help it is.
        description: What it is for, French.
        status: ``eligible``, ``not_eligible`` or ``undetermined``.
        availability: ``open``, ``closed`` or ``unknown`` on the day.
        rate: Share of the cost that it pays; None = not known.
        ceiling: Largest grant, EUR; None = none known.
        amount: The grant it brings before other money is looked at, EUR; None where it brings none or cannot be known.
        at_most: Where the amount is not known: the most that the known limits allow, EUR; never a promise. For a scheme
            that is still undetermined: what it would bring if the missing facts turned out well.
        advance: Recoverable advance, EUR; it is no grant.
        advance_ceiling: Largest advance, EUR.
        missing: Paths of the facts that keep the answer open.
        presumed: Paths of the facts that were presumed false.
        findings: What was seen.
        cautions: What to know, French.
        certainty: How sure the scheme itself is.
        amount_certainty: The least sure of the values behind the amount.
        legal_basis: What it rests on.
        start: Whether the purchase may begin before the award.
        papers: The papers of the file.
        steps: What to do, in order.
        contact: E-mail address.
        link: Web address.
        wanted: It is requested; or nothing is requested, and it counts without being asked for.
        counted: A plan may count it: eligible, its amount known, and wanted.
        known_until: Last day for which the table knows it; after it the answer is not known.
        newest_source: Year of the most recent dated source that was read on it; None = no source bears a date.
    """

    scheme: str
    label: str
    carrier: str
    actor: Actor
    aid: Aid
    description: str
    status: Status
    availability: Availability
    rate: Decimal | None = None
    ceiling: Decimal | None = None
    amount: Decimal | None = None
    at_most: Decimal | None = None
    advance: Decimal | None = None
    advance_ceiling: Decimal | None = None
    missing: tuple[str, ...] = ()
    presumed: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    cautions: tuple[str, ...] = ()
    certainty: Certainty
    amount_certainty: Certainty | None = None
    legal_basis: tuple[Source, ...] = ()
    start: StartRule = StartRule.UNKNOWN
    papers: tuple[Paper, ...] = ()
    steps: tuple[Step, ...] = ()
    contact: str | None = None
    link: str | None = None
    wanted: bool = False
    counted: bool = False
    known_until: date | None = None
    newest_source: int | None = None
