"""The sections of a table beside its rules: duties and when they are owed, cautions, what it declares of itself; and a file of a table as somebody writes it."""

import datetime
from enum import StrEnum
from typing import ClassVar, Literal, TypeAlias

from attrs import field, frozen

from qmi_rules.law.facts import FactDefinition
from qmi_rules.law.rows import PROCEDURES, Procedure, ProcedureGroup, Row, Rule
from qmi_rules.law.sources import Source
from qmi_rules.law.thresholds import Threshold
from qmi_rules.schema import Wording
from qmi_rules.schema.fields import Layout
from qmi_rules.schema.scalars import DAY, IDENTIFIER, each, is_a, matching, optional, to_tuple, whole
from qmi_rules.schema.scalars import text as a_text

DutyId: TypeAlias = Literal[
    "guard_rails",
    "innovation_justification",
    "written_contract",
    "notice_free",
    "notice_boamp_or_journal",
    "notice_boamp_and_ojeu",
    "notice_ojeu",
    "documents_on_buyer_profile",
    "time_limit_candidatures",
    "time_limit_tenders",
    "standstill",
    "award_notice",
    "procurement_report",
    "essential_data",
    "essential_data_yearly_list",
    "mandatory_advance",
    "prefect_transmission",
    "tender_committee",
    "environmental_considerations",
    "social_considerations",
    "keep_documents",
    "buyers_agreement",
    "decision_records",
    "bookshop_network",
    "exclusion_checks",
    "rejection_letters",
    "electronic_exchanges",
    "energy_efficiency",
    "sustainable_specifications",
    "signature_authority",
    "catering_quality",
    "accessibility",
    "data_processing",
    "reused_goods",
]
"""The duties of the national table; likewise."""


@frozen(kw_only=True)
class Duty:
    """Something the buyer must do.

    Attributes:
        id: Its name in the vocabulary.
        label: What to do, in French, as an item of a list.
        short: The same in a few words, for a card; empty = the label.
        done: Its place among the things to do, the lower the earlier; None = at some time before the signature.
        written: It leaves something that must be written down and kept.
        deadline: Its days are the most that it may take, not the least.
    """

    id: str = field(validator=IDENTIFIER)
    label: str = field(validator=a_text(500))
    short: str = field(default="", validator=optional(is_a(str)))
    done: int | None = field(default=None, validator=optional(whole(0, 10_000)))
    written: bool = field(default=False, validator=is_a(bool))
    deadline: bool = field(default=False, validator=is_a(bool))


@frozen(kw_only=True)
class Reduction:
    """Another length of a time limit and when it applies, shown beside the normal one.

    Attributes:
        days: The length, days.
        label: When it applies, in French.
        legal_basis: Id of the source.
    """

    days: int = field(validator=whole(0, 1_000, "of days"))
    label: Wording = field(validator=a_text(500))
    legal_basis: str = field(validator=IDENTIFIER)


@frozen(kw_only=True)
class DutyRow(Row):
    """When a duty is owed.

    Attributes:
        duty: Id of the duty.
        procedures: The procedures it comes with, or ``"@id"`` of a group of them; none = every procedure.
        days: Length of a time limit, days; the shortest of the rows that hold is the one that binds.
        reductions: Other lengths, shown beside it.
        detail: What exactly, in French, where the label alone does not say.
    """

    duty: str = field(validator=IDENTIFIER)
    procedures: tuple[str, ...] = field(default=(), converter=to_tuple, validator=PROCEDURES)
    days: int | None = field(default=None, validator=optional(whole(0, 1_000, "of days")))
    reductions: tuple[Reduction, ...] = field(default=(), converter=to_tuple)
    detail: str = field(default="", validator=is_a(str))


@frozen(kw_only=True)
class Caution(Row):
    """A pitfall worth showing beside an option.

    Attributes:
        procedures: The options it concerns, or ``"@id"`` of a group of them; none = every one.
        text: The caution, in French.
    """

    procedures: tuple[str, ...] = field(default=(), converter=to_tuple, validator=PROCEDURES)
    text: str = field(validator=a_text(1_000))


@frozen(kw_only=True)
class Pitfall:
    """A pitfall as a result shows it.

    Attributes:
        id: Its id in the table.
        text: What to beware of, in French.
    """

    _layout: ClassVar[Layout] = Layout(register="cautions", entry="text")
    id: str
    text: Wording

    @property
    def register_id(self) -> str:
        """Its id in a result."""
        return self.id


@frozen(kw_only=True)
class Ladder:
    """Duties of which one at most is owed at once, the lightest first.

    Attributes:
        id: Its name.
        label: What the duties are about, in French.
        duties: Ids of the duties, the lightest first.
        never_dispensed: None of them is ever owed with a procedure without publicity and competition.
    """

    id: str = field(validator=IDENTIFIER)
    label: str = field(validator=a_text(300))
    duties: tuple[str, ...] = field(converter=to_tuple, validator=each(IDENTIFIER))
    never_dispensed: bool = field(default=False, validator=is_a(bool))


class FlawKind(StrEnum):
    """What may be wrong with a table."""

    GAP = "gap"
    CONTRADICTION = "contradiction"
    NEVER_FIRES = "never_fires"
    SUBSUMED = "subsumed"
    LIGHTER_ABOVE = "lighter_above"
    DISPENSED_AND_FORMAL = "dispensed_and_formal"
    UNCONFIRMED = "unconfirmed"
    HOLE = "hole"
    PUBLISHED_LATE = "published_late"
    IMPLAUSIBLE = "implausible"


@frozen(kw_only=True)
class Declared:
    """A flaw that is none, because the law is so; the proof lists it instead of failing.

    Attributes:
        kind: Which kind of flaw it excuses.
        rows: Ids of the rows or series concerned; an excused flaw concerns no other.
        reason: Why it is right, in French.
        legal_basis: Id of the source that says so.
        since: First day for which it is excused; None = always.
        until: Last such day; None = always.
    """

    OMIT_UNFILLED: ClassVar[bool] = True

    kind: FlawKind = field(validator=is_a(FlawKind))
    rows: tuple[str, ...] = field(converter=to_tuple, validator=each(IDENTIFIER))
    reason: str = field(validator=a_text(1_000))
    legal_basis: str = field(validator=IDENTIFIER)
    since: datetime.date | None = field(default=None, validator=optional(DAY))
    until: datetime.date | None = field(default=None, validator=optional(DAY))


class Choice(StrEnum):
    """Whether a buyer may change a fact to obtain another answer.

    ``chosen``: the buyer decides it. ``established``: it may be found out and justified while nobody answered it; once answered
    it stands. ``given``: it is so or it is not; no advice goes through it. ``estimated``: an amount follows from the need.
    """

    CHOSEN = "chosen"
    ESTABLISHED = "established"
    GIVEN = "given"
    ESTIMATED = "estimated"


@frozen(kw_only=True)
class Outside:
    """An act that the table says nothing of: where a fact has one of some words, no procedure is answered.

    Attributes:
        fact: Id of a fact out of a closed list.
        in_: Its words.
        text: Which other rules it follows, in French.
        legal_basis: Id of the source.
    """

    fact: str = field(validator=IDENTIFIER)
    in_: tuple[str, ...] = field(converter=to_tuple, validator=each(IDENTIFIER))
    text: str = field(validator=a_text(1_000))
    legal_basis: str = field(validator=IDENTIFIER)

    @property
    def id(self) -> str:
        """Its name in answers."""
        return f"{self.fact}.{'_or_'.join(self.in_)}"


@frozen(kw_only=True)
class Bearing:
    """What a buyer may do about a fact.

    Attributes:
        fact: Id of the fact.
        choice: Whether the buyer may change it.
        reason: Why, in French; shown beside advice, or in its place.
        legal_basis: Id of the source, where there is one.
    """

    OMIT_UNFILLED: ClassVar[bool] = True

    fact: str = field(validator=IDENTIFIER)
    choice: Choice = field(validator=is_a(Choice))
    reason: str = field(validator=a_text(1_000))
    legal_basis: str | None = field(default=None, validator=optional(IDENTIFIER))


@frozen(kw_only=True)
class TableFile:
    """One TOML file of a table; every section is optional, a table is made of one or several files.

    Attributes:
        edition: Name of the edition of the table.
        reviewed_on: Day up to which the maintainers know the law.
        over: ``"national"`` in a local file that is laid over the table of the package.
        sources: The texts that the others cite.
        facts: What rows may ask of a purchase.
        thresholds: Amounts, shares and durations with the days from which each value holds.
        procedures: The procedures that rows open.
        groups: Names for procedures that rows concern together.
        rules: The rows that open a procedure.
        duties: What a buyer may have to do.
        duty_rows: The rows that make a duty due.
        cautions: What to beware of, by row.
        ladders: Duties of which one at most is owed at once.
        declared: What is said of rows that `check` would otherwise report.
        bearings: What a buyer may do about a fact.
        outside: Acts that the table says nothing of.
    """

    edition: str | None = field(default=None, validator=optional(a_text(200)))
    reviewed_on: datetime.date | None = field(default=None, validator=optional(DAY))
    over: str | None = field(default=None, validator=optional(matching("national", 'the word "national"')))
    sources: tuple[Source, ...] = field(default=(), converter=to_tuple)
    facts: tuple[FactDefinition, ...] = field(default=(), converter=to_tuple)
    thresholds: tuple[Threshold, ...] = field(default=(), converter=to_tuple)
    procedures: tuple[Procedure, ...] = field(default=(), converter=to_tuple)
    groups: tuple[ProcedureGroup, ...] = field(default=(), converter=to_tuple)
    rules: tuple[Rule, ...] = field(default=(), converter=to_tuple)
    duties: tuple[Duty, ...] = field(default=(), converter=to_tuple)
    duty_rows: tuple[DutyRow, ...] = field(default=(), converter=to_tuple)
    cautions: tuple[Caution, ...] = field(default=(), converter=to_tuple)
    ladders: tuple[Ladder, ...] = field(default=(), converter=to_tuple)
    declared: tuple[Declared, ...] = field(default=(), converter=to_tuple)
    bearings: tuple[Bearing, ...] = field(default=(), converter=to_tuple)
    outside: tuple[Outside, ...] = field(default=(), converter=to_tuple)
