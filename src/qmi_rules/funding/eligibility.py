"""Whether a scheme takes a project, from its rule rows, and what it would pay."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import ROUND_DOWN, Decimal
from enum import StrEnum
from functools import lru_cache
from types import SimpleNamespace

from attrs import evolve, field, frozen

from qmi_rules.funding.schemes import Aid, Applicant, FilingStep, Paper, Scheme, SchemeTable, StartRule, Theme
from qmi_rules.law import Certainty, Examination, LawInForce, Row, Source, examine
from qmi_rules.law.findings import ChoiceFinding, Finding, PeriodFinding
from qmi_rules.law.truth import Truth, disjunction
from qmi_rules.model.project import Project
from qmi_rules.model.territory import PARIS
from qmi_rules.pages.sentences import Remark, remark
from qmi_rules.schema import Wording
from qmi_rules.schema.fields import UNFILLED_IS_ABSENT, written_as


class Eligibility(StrEnum):
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
        cautions: What to know.
        certainty: How sure the scheme is, and the row that opens it.
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
    label: Wording
    carrier: Wording
    actor: Applicant
    aid: Aid
    description: Wording
    status: Eligibility
    availability: Availability
    rate: Decimal | None = None
    ceiling: Decimal | None = None
    amount: Decimal | None = None
    at_most: Decimal | None = field(default=None, metadata=UNFILLED_IS_ABSENT)
    advance: Decimal | None = field(default=None, metadata=UNFILLED_IS_ABSENT)
    advance_ceiling: Decimal | None = field(default=None, metadata=UNFILLED_IS_ABSENT)
    missing: tuple[str, ...] = ()
    presumed: tuple[str, ...] = field(default=(), metadata=UNFILLED_IS_ABSENT)
    findings: tuple[Finding, ...] = field(default=(), metadata=written_as("_told_findings"))
    cautions: tuple[Remark, ...] = ()
    certainty: Certainty
    amount_certainty: Certainty | None = field(default=None, metadata=UNFILLED_IS_ABSENT)
    legal_basis: tuple[Source, ...] = ()
    start: StartRule = StartRule.UNKNOWN
    papers: tuple[Paper, ...] = field(default=(), metadata=UNFILLED_IS_ABSENT)
    steps: tuple[FilingStep, ...] = field(default=(), metadata=UNFILLED_IS_ABSENT)
    contact: str | None = field(default=None, metadata=UNFILLED_IS_ABSENT)
    link: str | None = field(default=None, metadata=UNFILLED_IS_ABSENT)
    wanted: bool = field(default=False, metadata=UNFILLED_IS_ABSENT)
    counted: bool = field(default=False, metadata=UNFILLED_IS_ABSENT)
    known_until: date | None = field(default=None, metadata=UNFILLED_IS_ABSENT)
    newest_source: int | None = field(default=None, metadata=UNFILLED_IS_ABSENT)

    @property
    def _told_findings(self) -> tuple[Finding, ...]:
        """What decides, as it travels; of a scheme that may be asked for all that was seen."""
        granted = self.status is Eligibility.ELIGIBLE
        wanted = Truth.NO if self.status is Eligibility.NOT_ELIGIBLE else Truth.UNDETERMINED
        return tuple(evolve(one, row="") for one in self.findings if granted or one.truth is wanted)


_NO_WORD = re.compile(r"[^a-z0-9]+")
_FILLERS = frozenset(("and", "et", "the", "la", "le", "les", "l", "d", "de", "des", "du"))


def case_of(project: Project, themes: tuple[Theme, ...]) -> SimpleNamespace:
    """The facts of a project, by the names that conditions use; None = not known."""
    beneficiary, supplier = project.beneficiary, project.supplier
    return SimpleNamespace(
        innovative=project.innovative,
        digital=project.digital,
        research_and_development=project.research_and_development,
        beneficiary_kind=beneficiary.kind,
        beneficiary_in_ile_de_france=beneficiary.in_ile_de_france,
        in_metropolis=beneficiary.in_metropolis,
        in_paris=None if beneficiary.commune is None else beneficiary.commune.insee_code == PARIS,
        population=_number(beneficiary.inhabitants),
        priority_neighbourhood=beneficiary.priority_neighbourhood,
        rural_grant_eligible=beneficiary.rural_grant_eligible,
        expense=project.expense,
        project_cost=project.cost,
        lead_competence=project.lead_competence,
        in_ile_de_france=supplier.in_ile_de_france,
        settling_in_ile_de_france=supplier.settling_in_ile_de_france,
        company_staff=_number(supplier.staff),
        company_turnover=supplier.turnover,
        company_balance_sheet=supplier.balance_sheet,
        company_project_cost=supplier.project_cost,
        **{theme.fact: True for theme in themes_of(project.theme, themes) if theme.fact is not None},
    )


def themes_of(text: str | None, themes: tuple[Theme, ...]) -> tuple[Theme, ...]:
    """The themes that a project's words name. Words that name none are not known: they are never taken for "none"."""
    if text is None:
        return ()
    plain = _plain(text)
    return tuple(
        theme for theme in themes if plain in {_plain(theme.id), _plain(theme.label), *map(_plain, theme.words)}
    )


@lru_cache(maxsize=1_000)
def _plain(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text.replace("œ", "oe").casefold())
    words = _NO_WORD.sub(" ", "".join(c for c in letters if not unicodedata.combining(c))).split()
    return " ".join(word for word in words if word not in _FILLERS)


def _number(value: int | None) -> Decimal | None:
    return None if value is None else Decimal(value)


CENT = Decimal("0.01")
_STATUSES = {
    Truth.YES: Eligibility.ELIGIBLE,
    Truth.NO: Eligibility.NOT_ELIGIBLE,
    Truth.UNDETERMINED: Eligibility.UNDETERMINED,
}


def assess(
    scheme: Scheme, project: Project, case: SimpleNamespace, table: SchemeTable, law: LawInForce, on: date
) -> SchemeFunding:
    """One scheme on one project, on a day."""
    examinations = examinations_of(scheme.id, case, law)
    availability, period = _availability(scheme, table, examinations, on)
    # a scheme without rows is one of which no public rule was found: that is no refusal
    truth = disjunction([e.truth for e in examinations]) if examinations else Truth.UNDETERMINED
    if availability is Availability.CLOSED:
        truth = Truth.NO
    elif availability is Availability.UNKNOWN and truth is Truth.YES:
        truth = Truth.UNDETERMINED
    status = _STATUSES[truth]
    # a closed scheme is closed: nobody should look up facts for it
    shown = () if availability is Availability.CLOSED else _telling(examinations)
    company = scheme.actor is Applicant.COMPANY
    amount, certainty = (None, None) if company else _grant(scheme, project.cost, law)
    granted = status is Eligibility.ELIGIBLE
    known_until = table.known_until(scheme)
    past = known_until is not None and on > known_until  # values are not carried past it either
    cautions = [
        caution
        for caution in law.cautions
        if scheme.id in caution.procedures and examine(caution, case, law).truth is Truth.YES
    ]
    return SchemeFunding(
        scheme=scheme.id,
        label=scheme.label,
        carrier=scheme.carrier,
        actor=scheme.actor,
        aid=scheme.aid,
        description=scheme.description,
        status=status,
        availability=availability,
        rate=None if past else _value(scheme.rate, law),
        ceiling=None if past else _value(scheme.ceiling, law),
        amount=amount if granted else None,
        at_most=_bound(scheme, project, law, amount, status) if availability is Availability.OPEN else None,
        advance_ceiling=None if past else _value(scheme.advance, law),
        missing=_merged(e.missing for e in shown) if truth is Truth.UNDETERMINED else (),
        presumed=_merged(e.presumed for e in shown),
        findings=(*([period] if period else []), *_findings(shown, truth)),
        cautions=tuple(remark(caution.id, caution.text) for caution in cautions),
        certainty=least_sure((scheme.certainty, *(e.row.certainty for e in shown if granted))) or scheme.certainty,
        amount_certainty=certainty or _least_sure(scheme, law),
        legal_basis=_sources(scheme, [*(e.row for e in shown), *cautions], law),
        start=scheme.start,
        papers=scheme.papers,
        steps=scheme.steps,
        contact=scheme.contact,
        link=scheme.link,
        wanted=scheme.id in project.requested if project.requested else not scheme.on_request,
        known_until=known_until,
        newest_source=scheme.newest_source,
    )


def examinations_of(subject: str, case: SimpleNamespace, law: LawInForce) -> tuple[Examination, ...]:
    """The rows in force of a scheme, limit or size, examined on a project."""
    return tuple(examine(row, case, law) for row in law.rules_of(subject))


def _availability(
    scheme: Scheme, table: SchemeTable, in_force: tuple[Examination, ...], on: date
) -> tuple[Availability, PeriodFinding | None]:
    rows = table.rows_of(scheme.id)
    since = min((row.effective_from for row in rows), default=scheme.known_from)
    ends = [row.effective_until for row in rows]
    known_until = table.known_until(scheme)
    until = max((end for end in ends if end), default=None) if None not in ends else known_until

    def period(truth: Truth) -> PeriodFinding:
        return PeriodFinding(row=scheme.id, on=on, since=since, until=until, truth=truth)

    # in force on the day, but published after `known_on`
    not_yet_known = any(row.holds_on(on) for row in rows) and not in_force
    if not rows or not_yet_known or (scheme.known_from is not None and on < scheme.known_from):
        return Availability.UNKNOWN, period(Truth.UNDETERMINED)
    if not in_force:
        return Availability.CLOSED, period(Truth.NO)
    if known_until is not None and on > known_until:
        return Availability.UNKNOWN, period(Truth.UNDETERMINED)
    return Availability.OPEN, None


def _telling(examinations: tuple[Examination, ...]) -> tuple[Examination, ...]:
    """The rows that explain the answer: one that holds, else those that might and ask for least, else all."""
    if holding := tuple(e for e in examinations if e.truth is Truth.YES):
        return holding[:1]
    possible = tuple(e for e in examinations if e.truth is Truth.UNDETERMINED)
    # turnover or balance sheet will do: the row that asks for both facts is not shown beside one that asks for one
    asked = [set(e.missing) for e in possible if e.missing]
    return tuple(e for e in possible if not any(other < set(e.missing) for other in asked)) or examinations


def _findings(shown: tuple[Examination, ...], truth: Truth) -> tuple[Finding, ...]:
    """Each condition once, although several rows test it; for a refusal only what refuses."""
    if truth is Truth.NO:
        return _refusals([[f for f in e.findings if f.truth is Truth.NO] for e in shown])
    return _once(finding for examination in shown for finding in examination.findings)


def _refusals(rows: list[list[Finding]]) -> tuple[Finding, ...]:
    """What refuses in every row; where no condition does, what refuses in the rows that come nearest.

    A choice that every row refuses is open to what any of them takes: to name one row's would say that the others do not exist.
    """
    common = [f for f in rows[0] if all(any(_same(f, other) for other in row) for row in rows)] if rows else []
    if not common:
        least = min(map(len, rows), default=0)
        return _once(finding for row in rows if len(row) == least for finding in row)
    taken = [f for row in rows for f in row if isinstance(f, ChoiceFinding)]
    return _once(
        evolve(f, expected=tuple(dict.fromkeys(word for one in taken if _same(f, one) for word in one.expected)))
        if isinstance(f, ChoiceFinding)
        else f
        for f in common
    )


def _same(one: Finding, other: Finding) -> bool:
    return _condition(one)[:2] == _condition(other)[:2]


def _once(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    seen: dict[tuple[object, ...], Finding] = {}
    for finding in findings:
        seen.setdefault(_condition(finding), finding)
    return tuple(seen.values())


def _condition(finding: Finding) -> tuple[object, ...]:
    return (finding.kind, *(getattr(finding, name, None) for name in ("fact", "edge", "threshold")))


def _merged(paths: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(path for some in paths for path in some))


def _value(threshold: str | None, law: LawInForce) -> Decimal | None:
    return None if threshold is None else law.amount(threshold)


def _grant(scheme: Scheme, cost: Decimal, law: LawInForce) -> tuple[Decimal | None, Certainty | None]:
    """Rate times cost, rounded down to the cent, at most the ceiling; not known while one of the values is not."""
    rate, ceiling = _value(scheme.rate, law), _value(scheme.ceiling, law)
    # the base of a loan or a tax credit is not the cost of the purchase
    if scheme.aid is not Aid.GRANT or rate is None or (scheme.ceiling is not None and ceiling is None):
        return None, None
    grant = (rate * cost).quantize(CENT, ROUND_DOWN)
    amount = grant if ceiling is None else min(grant, ceiling.quantize(CENT))
    return amount, _least_sure(scheme, law)


def _bound(
    scheme: Scheme, project: Project, law: LawInForce, amount: Decimal | None, status: Eligibility
) -> Decimal | None:
    """The most that a scheme may bring where what it brings is not known."""
    if scheme.actor is Applicant.COMPANY:
        return _at_most(scheme, project, law) if status is Eligibility.ELIGIBLE else None
    return amount if status is Eligibility.UNDETERMINED else None


def _at_most(scheme: Scheme, project: Project, law: LawInForce) -> Decimal | None:
    # no rate by size is public, so what the company could be given is only bounded
    rate, cost = _value(scheme.highest_rate, law), project.supplier.project_cost
    ceiling = _value(scheme.ceiling, law)
    bounds = [] if ceiling is None else [ceiling.quantize(CENT)]
    if rate is not None and cost is not None:
        bounds.append((rate * cost).quantize(CENT, ROUND_DOWN))
    return min(bounds, default=None)


def _least_sure(scheme: Scheme, law: LawInForce) -> Certainty | None:
    return least_sure(law.limit(threshold).certainty for threshold in scheme.thresholds.values())


def least_sure(certainties: Iterable[Certainty | None]) -> Certainty | None:
    """The least sure of some certainties; None where none is known."""
    return max((one for one in certainties if one is not None), key=list(Certainty).index, default=None)


def _sources(scheme: Scheme, rows: Sequence[Row], law: LawInForce) -> tuple[Source, ...]:
    """What the answer rests on: the scheme, the rows and cautions that speak, the values."""
    ids = [
        scheme.legal_basis,
        *(row.legal_basis for row in rows),
        *(basis for threshold in scheme.thresholds.values() for basis in law.limit(threshold).basis),
    ]
    return tuple(law.table.sources[source] for source in dict.fromkeys(ids))
