"""What `find_funding` answers, and how it reads: who pays what, what conflicts, the other plans, then the schemes."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Final, Literal

from attrs import field, frozen

from qmi_rules.funding.bar import WIDTH, bar, scheme_or_name, segments
from qmi_rules.funding.company import CompanySide
from qmi_rules.funding.eligibility import Availability, Eligibility, SchemeFunding, least_sure
from qmi_rules.funding.plan import PaymentPlan, PlanReading, Totals, WithVat
from qmi_rules.funding.schemes import Aid, Applicant, LimitKind, Moment, SchemeTable, StackingLimit
from qmi_rules.funding.stacking import ExcludedScheme, FondsDeConcours, WishConflict
from qmi_rules.law import Source
from qmi_rules.law.findings import PeriodFinding
from qmi_rules.law.truth import Truth
from qmi_rules.law.wording import (
    MARKS,
    certainty_mark,
    certainty_words,
    citation,
    fact_name,
    finding_sentence,
    informs,
    linked,
    question_text,
)
from qmi_rules.model import communes_edition
from qmi_rules.model.project import Project
from qmi_rules.model.schedule import Milestone
from qmi_rules.pages import Explained, Language, Page, language, message
from qmi_rules.pages.sentences import Remark
from qmi_rules.pages.templates import page_of

MOMENTS: Final = {
    Moment.BEFORE_FILING: message("avant le dépôt"),
    Moment.BEFORE_SIGNATURE: message("avant la signature"),
    Moment.AFTER_SIGNATURE: message("après la signature"),
}
_QUESTIONS: Final = {
    "starts_on": message("Quel jour le projet commence-t-il ?"),
    "vat_rate": message("Quel est le taux de TVA de l'achat, pour chiffrer ce que le FCTVA rendrait ?"),
}
"""How to ask for what no row tests."""


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
        cautions: What to know of the whole.
        milestones: Dates for a schedule: awards that must come before the start, ends of grounds.
        table_edition: Edition of the schemes.
    """

    project: Project
    cost: Decimal
    on: date
    schemes: tuple[SchemeFunding, ...]
    plan: PaymentPlan
    wished: PaymentPlan
    alternatives: tuple[PaymentPlan, ...]
    conflicts: tuple[WishConflict, ...]
    excluded: tuple[ExcludedScheme, ...]
    at_most: Decimal | None
    fonds_de_concours: FondsDeConcours
    readings: tuple[PlanReading, ...]
    commune: Totals
    company: CompanySide
    with_vat: WithVat | None
    missing: tuple[str, ...]
    cautions: tuple[Remark, ...]
    milestones: tuple[Milestone, ...]
    table_edition: str

    _table: SchemeTable = field(alias="table", eq=False, repr=False)

    def __getitem__(self, scheme: str) -> SchemeFunding:
        for entry in self.schemes:
            if entry.scheme == scheme:
                return entry
        raise KeyError(f"no scheme {scheme!r}; there are {', '.join(entry.scheme for entry in self.schemes)}")

    def _source_named(self, name: str) -> Source | None:
        """A text that it cites by id."""
        return self._table.law.sources.get(name)

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
            and entry.actor is Applicant.COMMUNE
            and entry.aid is Aid.GRANT
            and entry.status is Eligibility.UNDETERMINED
        )

    @property
    def close(self) -> tuple[SchemeFunding, ...]:
        """The schemes that are looked at closely: those wanted, and those that a grant of the project comes from."""
        given = {grant.scheme for grant in self.project.other_public_grants}
        return tuple(entry for entry in self.schemes if entry.wanted or entry.scheme in given)

    @property
    def counts(self) -> bool:
        """Whether something can be counted: where only open answers stand, a plan would show as nothing what is not known."""
        return bool(self.plan.grants) or not self.waiting

    def reading(self, fonds_de_concours: FondsDeConcours | str) -> PaymentPlan:
        """The best plan under one reading of the open question.

        Raises:
            KeyError: There is no such reading; the message lists those there are.
        """
        for entry in self.readings:
            if entry.fonds_de_concours == fonds_de_concours:
                return entry.plan
        raise KeyError(f"no reading {fonds_de_concours!r}; there are {', '.join(FondsDeConcours)}")

    @property
    def sources(self) -> tuple[Source, ...]:
        """The sources of the schemes looked at closely, of the conflicts and of the grounds of State aid, each once."""
        cited = [source for scheme in self.close for source in scheme.legal_basis]
        cited += [source for conflict in self.conflicts for source in conflict.legal_basis]
        cited += [source for ground in self.company.state_aid for source in ground.legal_basis]
        return tuple(dict.fromkeys(cited))

    def headline(self, say: Language) -> str:
        """One sentence: what may be counted on, or what must be known before anything can be."""
        if self.counts:
            return say(
                "Sur {cost} HT, {grants} de subventions sont envisageables et {own} restent à la collectivité.",
                cost=say.euros(self.cost),
                grants=say.euros(self.plan.grants_total),
                own=say.euros(self.plan.own_share),
            )
        open_ones = [scheme for scheme in self.waiting if scheme.availability is Availability.OPEN]
        if facts := _open_facts(open_ones, self.table, say):
            return say("On ne peut pas encore chiffrer les aides : il manque {facts}.", facts=say.all_of(facts))
        schemes = say.all_of(_with_reasons(self.waiting, self.table, say))
        return say("On ne peut pas chiffrer les aides pour ce jour : {schemes}.", schemes=schemes)

    def page(self, say: Language) -> Page:
        """The content of the explanation in one language."""
        table = self.table
        sizes = [size.rows for size in table.sizes]
        reviewed = table.law.reviewed_on
        named = {scheme.scheme: say(scheme.label) for scheme in self.schemes}
        return page_of(
            "funding",
            say,
            voices=(certainty_mark, certainty_words, cited, grants_of, informs, linked),
            it=self,
            parts=segments(self.plan, say),
            known_on=self.on if reviewed is None else min(self.on, reviewed),
            communes_edition=communes_edition(),
            doubtful=self._doubtful,
            size_basis=tuple(dict.fromkeys(source for rows in sizes for source in table.basis_of(rows))),
            size_certainty=least_sure(one.certainty for rows in sizes for one in table.support(rows)),
            marks=MARKS,
            moments=MOMENTS,
            said=partial(finding_sentence, say, table.law),
            why=lambda scheme: _reasons(scheme, table, say),
            with_reasons=lambda schemes: say.clauses(_with_reasons(schemes, table, say)),
            labels=lambda schemes: say.all_of(say(scheme.label) for scheme in schemes),
            names=lambda names: say.all_of(str(named.get(name, name)) for name in names),
            questions=lambda paths: list(dict.fromkeys(say(question_of(path, table)) for path in paths)),
        )

    @property
    def _doubtful(self) -> StackingLimit | None:
        """The limit on fonds de concours, where a plan holds an aid that may be one."""
        held = {grant.scheme for reading in self.readings for grant in reading.plan.grants if grant.scheme}
        if not any(self.table.schemes[scheme].fonds_de_concours for scheme in held):
            return None
        return next(limit for limit in self.table.limits.values() if limit.kind is LimitKind.FONDS_DE_CONCOURS)

    def explain(self, lang: str = "fr", style: Literal["text", "markdown", "html"] = "text") -> str:
        """As every result; HTML begins with the bar of who pays what, once something can be counted."""
        words = super().explain(lang, style)
        return f"{bar_svg(self, lang)}\n{words}" if style == "html" and self.counts else words


def bar_svg(funding: FundingPlan, lang: str = "fr", width: int = WIDTH) -> str:
    """Who pays what, as an SVG element to put into a page; it carries its own text for screen readers.

    Args:
        funding: The plan.
        lang: A language there is a catalogue for.
        width: Width of the picture; below 500 amounts stand under the names, for a telephone.

    Raises:
        UnsupportedLocaleError: There is no catalogue for `lang`.
    """
    return bar(funding.plan, funding.cost, language(lang), width)


def cited(say: Language, sources: Iterable[Source]) -> str:
    """Legal texts as a sentence cites them."""
    return say.all_of(citation(say, source) for source in sources)


def grants_of(say: Language, plan: PaymentPlan) -> str:
    """The grants of a plan with their amounts."""
    return say.all_of(
        f"{scheme_or_name(grant.label, grant.scheme, say)} {say.euros(grant.amount)}" for grant in plan.grants
    )


def _with_reasons(schemes: Iterable[SchemeFunding], table: SchemeTable, say: Language) -> list[str]:
    return [f"{say(scheme.label)} ({_reasons(scheme, table, say)})" for scheme in schemes]


def _reasons(scheme: SchemeFunding, table: SchemeTable, say: Language) -> str:
    """Why a scheme does or does not take the project, in a few words."""
    if scheme.status is Eligibility.ELIGIBLE:
        return say("toutes les conditions connues sont remplies")
    wanted = Truth.NO if scheme.status is Eligibility.NOT_ELIGIBLE else Truth.UNDETERMINED
    told = [finding for finding in scheme.findings if finding.truth is wanted]
    if wanted is Truth.NO:
        return say.clauses(finding_sentence(say, table.law, finding) for finding in told)
    labels = _open_facts([scheme], table, say)
    periods = [finding_sentence(say, table.law, finding) for finding in told if isinstance(finding, PeriodFinding)]
    missing = [say("à préciser : {facts}", facts=say.all_of(labels))] if labels else []
    return say.clauses([*missing, *periods])


def _open_facts(schemes: Iterable[SchemeFunding], table: SchemeTable, say: Language) -> list[str]:
    """The facts that keep some schemes open, in a few words each, once."""
    names = (
        fact_name(say, table.law, finding.fact, finding.row)
        for scheme in schemes
        for finding in scheme.findings
        if finding.truth is Truth.UNDETERMINED and not isinstance(finding, PeriodFinding)
    )
    return list(dict.fromkeys(names))


def question_of(path: str, table: SchemeTable) -> str:
    """How to ask for the fact at a path, French; the path itself where there is no question."""
    return _QUESTIONS.get(path) or question_text(table.law, path)
