"""What `find_funding` answers: every scheme, the plans, what conflicts, and what each side receives."""

from datetime import date
from decimal import Decimal
from typing import Literal

from attrs import field, frozen

from qmi_rules.contexts.project import Project
from qmi_rules.contexts.schedule import Milestone
from qmi_rules.funding.company import CompanySide
from qmi_rules.funding.conflicts import Conflict, Exclusion
from qmi_rules.funding.plan import FondsDeConcours, Plan, Reading, Totals
from qmi_rules.funding.scheme_funding import SchemeFunding, Status
from qmi_rules.funding.schemes import Actor, Aid
from qmi_rules.funding.shelf import SchemeTable
from qmi_rules.funding.vat import WithVat
from qmi_rules.text import Explained, Language, Page


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
        from qmi_rules.funding.headline import headline

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
