"""Funding schemes as data: who carries them, what they pay, and what must be filed."""

from datetime import date
from enum import StrEnum
from typing import ClassVar

from attrs import field, frozen

from qmi_rules.documents.scalars import DAY, IDENTIFIER, URL, is_a, matching, optional, text, to_tuple, whole
from qmi_rules.law import Certainty

EMAIL = matching(r"[^\s@<>\"']{1,100}@[^\s@<>\"']{3,200}", "an e-mail address")


class Actor(StrEnum):
    """Who asks for the aid and receives it."""

    COMMUNE = "commune"
    COMPANY = "company"


class Aid(StrEnum):
    """What kind of help a scheme is; only a grant to the commune enters the commune's plan."""

    GRANT = "grant"
    GRANT_AND_ADVANCE = "grant_and_advance"
    TAX_CREDIT = "tax_credit"
    LOAN = "loan"
    SUPPORT = "support"
    VAT_REFUND = "vat_refund"


class StartRule(StrEnum):
    """Whether the purchase may begin before the aid is awarded."""

    FORBIDDEN = "forbidden"
    FORBIDDEN_BY_ANALOGY = "forbidden_by_analogy"
    UNKNOWN = "unknown"


class Moment(StrEnum):
    """When a step is taken, relative to the file and to the signature of the contract."""

    BEFORE_FILING = "before_filing"
    BEFORE_SIGNATURE = "before_signature"
    AFTER_SIGNATURE = "after_signature"


@frozen(kw_only=True)
class Paper:
    """A paper of the file.

    Attributes:
        text: What it is, in French.
        analogous: Known of a sister scheme only.
    """

    OMIT_UNFILLED: ClassVar[bool] = True

    text: str = field(validator=text(500))
    analogous: bool = field(default=False, validator=is_a(bool))


@frozen(kw_only=True)
class Step:
    """A step of an application.

    Attributes:
        text: What to do, in French.
        moment: When, relative to the file and the signature.
        analogous: Known of a sister scheme only: a warning, not a rule.
        certainty: How sure it is.
    """

    OMIT_UNFILLED: ClassVar[bool] = True

    text: str = field(validator=text(500))
    moment: Moment
    analogous: bool = field(default=False, validator=is_a(bool))
    certainty: Certainty = field(default=Certainty.CONFIRMED, validator=is_a(Certainty))


@frozen(kw_only=True)
class Scheme:
    """One scheme. When it is open to a project stands in the rule rows that bear its id.

    Attributes:
        id: Its name in the vocabulary.
        label: Its name, French.
        carrier: Who pays, French.
        actor: Who asks for it.
        family: Schemes that some limits take together: ``metropolis``, ``state``…
        aid: What kind of help it is.
        rank: Among equal plans the lower rank is preferred.
        description: What it is for, in our own French words.
        rate: Id of the threshold with the share of the cost that it pays; None = not known.
        ceiling: Id of the threshold with the largest grant, EUR.
        advance: Id of the threshold with the largest recoverable advance, EUR.
        highest_rate: Id of the threshold with the highest rate it can have, where the rate itself is not known.
        on_request: A plan counts it only when it is requested.
        fonds_de_concours: It may be a fonds de concours; whether it is one is an open question.
        known_from: First day for which the table knows it; before, the answer is not known.
        known_until: Last day for which the table knows that it is open; after it the answer is not known. None = the end of
            the year that follows the review of the table.
        newest_source: Year of the most recent dated source that was read on it; None = no source bears a date.
        start: Whether the purchase may begin before the award.
        papers: The papers of the file.
        steps: What to do, in order.
        contact: E-mail address.
        link: Web address.
        legal_basis: Id of the source of the scheme.
        certainty: How sure its existence and object are.
    """

    OMIT_UNFILLED: ClassVar[bool] = True

    id: str = field(validator=IDENTIFIER)
    label: str = field(validator=text(300))
    carrier: str = field(validator=text(300))
    actor: Actor
    family: str = field(default="other", validator=IDENTIFIER)
    aid: Aid = Aid.GRANT
    rank: int = field(default=50, validator=whole(0, 1_000))
    description: str = field(validator=text(1_000))
    rate: str | None = field(default=None, validator=optional(IDENTIFIER))
    ceiling: str | None = field(default=None, validator=optional(IDENTIFIER))
    advance: str | None = field(default=None, validator=optional(IDENTIFIER))
    highest_rate: str | None = field(default=None, validator=optional(IDENTIFIER))
    on_request: bool = field(default=False, validator=is_a(bool))
    fonds_de_concours: bool = field(default=False, validator=is_a(bool))
    known_from: date | None = field(default=None, validator=optional(DAY))
    known_until: date | None = field(default=None, validator=optional(DAY))
    newest_source: int | None = field(default=None, validator=optional(whole(1990, 2100)))
    start: StartRule = StartRule.UNKNOWN
    papers: tuple[Paper, ...] = field(default=(), converter=to_tuple)
    steps: tuple[Step, ...] = field(default=(), converter=to_tuple)
    contact: str | None = field(default=None, validator=optional(EMAIL))
    link: str | None = field(default=None, validator=optional(URL))
    legal_basis: str = field(validator=IDENTIFIER)
    certainty: Certainty = field(validator=is_a(Certainty))

    @property
    def thresholds(self) -> dict[str, str]:
        """The thresholds it names, by field."""
        named = {
            "rate": self.rate,
            "ceiling": self.ceiling,
            "advance": self.advance,
            "highest_rate": self.highest_rate,
        }
        return {name: threshold for name, threshold in named.items() if threshold is not None}
