"""What `find_funding` answers: each scheme with its reasons, the plan, what conflicts, and what is left to the commune."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Literal

from attrs import field, frozen

from qmi_rules.contexts.project import Project
from qmi_rules.contexts.schedule import Milestone
from qmi_rules.findings import Finding
from qmi_rules.funding.schemes import Actor, Aid, Paper, StartRule, Step
from qmi_rules.funding.shelf import SchemeTable
from qmi_rules.law import Certainty, Source
from qmi_rules.text import Explained, Language, Page


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


class FondsDeConcours(StrEnum):
    """How to read the open question whether the Métropole's aid is a fonds de concours in law."""

    NOT_BINDING = "not_binding"
    BINDING = "binding"


class Why(StrEnum):
    """Why a plan is shown."""

    LARGEST_TOTAL = "largest_total"
    CUTS_OTHER_GRANTS = "cuts_other_grants"
    FEWER_FILES = "fewer_files"
    OTHER_CHOICE = "other_choice"


class ConflictCode(StrEnum):
    """What is wrong with the wishes."""

    OWN_SHARE_TOO_SMALL = "own_share_too_small"
    AID_EXCEEDS_COST = "aid_exceeds_cost"
    JOINT_CEILING_EXCEEDED = "joint_ceiling_exceeded"
    EXCLUSIVE_SCHEMES = "exclusive_schemes"
    FONDS_DE_CONCOURS_TOO_LARGE = "fonds_de_concours_too_large"
    SCHEME_NOT_ELIGIBLE = "scheme_not_eligible"
    SCHEME_UNDETERMINED = "scheme_undetermined"
    AMOUNT_UNKNOWN = "amount_unknown"
    CEILING_EXCEEDED = "ceiling_exceeded"
    NO_STATE_AID_BASIS = "no_state_aid_basis"


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


@frozen(kw_only=True)
class PlannedGrant:
    """One grant of a plan.

    Attributes:
        name: Id of the scheme, or the name that the user gave.
        label: The name to show, French for a scheme.
        amount: What it brings in this plan, EUR.
        wished: What it would bring alone, EUR.
        scheme: Id of its scheme; None = of no scheme of the table.
    """

    name: str
    label: str
    amount: Decimal
    wished: Decimal
    scheme: str | None = None


@frozen(kw_only=True)
class Plan:
    """Who pays what. Aid is rounded down to the cent, the minimum own share up.

    Attributes:
        why: Why this plan is shown.
        grants: Public grants to the commune.
        grants_total: Their sum, EUR.
        private_funding: Private money, EUR.
        own_share: What is left to the commune, EUR HT.
        own_share_minimum: The least that it must pay, EUR; 0 where no rule binds.
        admissible: Every limit known is kept.
        files: How many grants must be asked for.
    """

    why: Why
    grants: tuple[PlannedGrant, ...]
    grants_total: Decimal
    private_funding: Decimal
    own_share: Decimal
    own_share_minimum: Decimal
    admissible: bool
    files: int


@frozen(kw_only=True)
class Conflict:
    """Where the wishes exceed what is allowed, or cannot be counted.

    Attributes:
        code: What is wrong.
        limit: Id of the limit; None where it is no limit on the sum.
        label: What the limit or scheme is called, French.
        schemes: The schemes and grants concerned.
        amount: What was wished, EUR.
        allowed: What is allowed, EUR.
        missing: Paths of the facts that would settle whether the limit binds.
        advice: What to do, French.
        legal_basis: What it rests on.
        certainty: How sure the limit is.
    """

    code: ConflictCode
    limit: str | None = None
    label: str
    schemes: tuple[str, ...] = ()
    amount: Decimal | None = None
    allowed: Decimal | None = None
    missing: tuple[str, ...] = ()
    advice: str = ""
    legal_basis: tuple[Source, ...] = ()
    certainty: Certainty | None = None


@frozen(kw_only=True)
class Exclusion:
    """A scheme that may be asked for and stands outside the plan, because it cannot be added to one that the plan holds.

    Attributes:
        scheme: Id of the scheme.
        label: Its name, French.
        amount: The grant it would bring alone, EUR.
        beside: Ids of the schemes of the plan that it cannot stand beside.
        limit: Id of the limit that says so.
        legal_basis: What it rests on.
        certainty: How sure the limit is.
    """

    scheme: str
    label: str
    amount: Decimal
    beside: tuple[str, ...]
    limit: str
    legal_basis: tuple[Source, ...]
    certainty: Certainty


@frozen(kw_only=True)
class Reading:
    """The best plan under one reading of an open question.

    Attributes:
        fonds_de_concours: The reading.
        plan: The best admissible plan under it.
    """

    fonds_de_concours: FondsDeConcours
    plan: Plan


@frozen(kw_only=True)
class Totals:
    """Money to one actor, kept apart by kind: an advance is repaid, so it is no grant.

    Attributes:
        grants: EUR.
        advances: Recoverable advances, EUR.
        gross_grant_equivalent: What counts as aid: grants, and of advances their gross grant equivalent, EUR; None where
            that of an advance is not known.
    """

    grants: Decimal
    advances: Decimal
    gross_grant_equivalent: Decimal | None


@frozen(kw_only=True)
class StateAid:
    """A ground of State aid on the day.

    Attributes:
        basis: Id of the ground.
        label: Its name, French.
        in_force: Whether it is in force on the day.
        until: Last day known.
        ceiling: The most that a firm may receive on it, EUR; None = no such sum.
        received: What the firm already received on it, EUR; None = not known.
        room: What is left, EUR; None = not known.
        note: What to know, French.
        certainty: How sure it is.
        legal_basis: What it rests on.
    """

    basis: str
    label: str
    in_force: bool
    until: date | None
    ceiling: Decimal | None
    received: Decimal | None
    room: Decimal | None
    note: str
    certainty: Certainty | None
    legal_basis: tuple[Source, ...]


@frozen(kw_only=True)
class CompanySide:
    """What concerns the company: it applies for its own aid, which never enters the commune's plan.

    Attributes:
        size: ``micro``, ``sme``, ``eti`` or ``large``; None = not known.
        size_label: Its name, French.
        possible_sizes: The sizes that the figures given leave open.
        missing: Paths of the figures that would settle the size.
        linked_firms: As the user said; None = not known, and the figures may then be too small.
        state_aid: The grounds on which its aid may rest.
        totals: What it would receive.
    """

    size: str | None
    size_label: str | None
    possible_sizes: tuple[str, ...]
    missing: tuple[str, ...]
    linked_firms: bool | None
    state_aid: tuple[StateAid, ...]
    totals: Totals


@frozen(kw_only=True)
class WithVat:
    """The plan with VAT. What may come back is a caution, never a promise.

    Attributes:
        rate: VAT rate.
        cost: Cost incl. VAT, EUR.
        own_share: What the commune pays out, VAT included, EUR.
        recovery: What the FCTVA might give back later, EUR; None where it does not apply or is not known.
        recovery_certainty: How sure its rate is.
    """

    rate: Decimal
    cost: Decimal
    own_share: Decimal
    recovery: Decimal | None
    recovery_certainty: Certainty | None


@frozen(kw_only=True)
class FundingPlan(Explained):
    """Who may help to pay for a project.

    Attributes:
        project: The project.
        cost: EUR HT.
        on: Day whose rules were read: that of the start, else the day the schemes were last reviewed.
        schemes: Every scheme, the commune's first.
        plan: The best admissible plan.
        wished: What was wished, whether admissible or not.
        alternatives: Other admissible plans, where the wishes exceed what is allowed.
        conflicts: What is wrong with the wishes.
        excluded: Schemes that may be asked for and that the plan leaves out, because they exclude one that it holds.
        at_most: The most that the grants could come to if every open answer came out well, EUR; never a promise. None
            where an open grant has no known limit.
        fonds_de_concours: The reading under which `plan` was made.
        readings: The best plan under each reading.
        commune: Money to the commune.
        company: What concerns the company.
        with_vat: The plan with VAT, where a rate was given.
        missing: Paths of the facts that would settle more, the one that most answers wait for first.
        cautions: What to know of the whole, French.
        milestones: Dates for a schedule: awards that must come before the start, ends of grounds.
        table_edition: Edition of the schemes.
    """

    project: Project
    cost: Decimal
    on: date
    schemes: tuple[SchemeFunding, ...]
    plan: Plan
    wished: Plan
    alternatives: tuple[Plan, ...]
    conflicts: tuple[Conflict, ...]
    excluded: tuple[Exclusion, ...]
    at_most: Decimal | None
    fonds_de_concours: FondsDeConcours
    readings: tuple[Reading, ...]
    commune: Totals
    company: CompanySide
    with_vat: WithVat | None
    missing: tuple[str, ...]
    cautions: tuple[str, ...]
    milestones: tuple[Milestone, ...]
    table_edition: str

    _table: SchemeTable = field(eq=False, repr=False)

    def __getitem__(self, scheme: str) -> SchemeFunding:
        for entry in self.schemes:
            if entry.scheme == scheme:
                return entry
        raise KeyError(f"no scheme {scheme!r}; there are {', '.join(entry.scheme for entry in self.schemes)}")

    @property
    def table(self) -> SchemeTable:
        """The schemes that were read."""
        return self._table

    @property
    def waiting(self) -> tuple[SchemeFunding, ...]:
        """The grants to the commune that are wanted and of which it is not known whether they may be asked for."""
        return tuple(
            entry
            for entry in self.schemes
            if entry.wanted
            and entry.actor is Actor.COMMUNE
            and entry.aid is Aid.GRANT
            and entry.status is Status.UNDETERMINED
        )

    def reading(self, fonds_de_concours: FondsDeConcours | str) -> Plan:
        """The best plan under one reading of the open question.

        Raises:
            KeyError: There is no such reading; the message lists those there are.
        """
        for entry in self.readings:
            if entry.fonds_de_concours == fonds_de_concours:
                return entry.plan
        raise KeyError(f"no reading {fonds_de_concours!r}; there are {', '.join(FondsDeConcours)}")

    def headline(self, say: Language) -> str:
        """One sentence: what may be counted on, or what must be known before anything can be."""
        from qmi_rules.funding.plan_page import headline

        return headline(self, say)

    def page(self, say: Language) -> Page:
        """The content of the explanation in one language."""
        from qmi_rules.funding.plan_page import plan_page

        return plan_page(self, say)

    def explain(self, lang: str = "fr", style: Literal["text", "markdown", "html"] = "text") -> str:
        """As every result; HTML begins with the bar of who pays what, once something can be counted."""
        from qmi_rules.funding.bar import bar_svg

        words = super().explain(lang, style)
        drawn = style == "html" and (
            self.plan.grants or not self.waiting
        )  # a bar would show as nothing what is not known
        return f"{bar_svg(self, lang)}\n{words}" if drawn else words
