"""Whether a scheme takes a project, from its rule rows, and what it would pay."""

from collections.abc import Iterable
from datetime import date
from decimal import ROUND_DOWN, Decimal
from types import SimpleNamespace

from qmi_rules.contexts.project import Project
from qmi_rules.findings import Finding, PeriodFinding, Truth, disjunction
from qmi_rules.funding.scheme_funding import Availability, SchemeFunding, Status
from qmi_rules.funding.schemes import Actor, Aid, Scheme
from qmi_rules.funding.shelf import SchemeTable
from qmi_rules.law import Certainty, Examination, LawInForce, Source, examine

CENT = Decimal("0.01")
_STATUSES = {
    Truth.YES: Status.ELIGIBLE,
    Truth.NO: Status.NOT_ELIGIBLE,
    Truth.UNDETERMINED: Status.UNDETERMINED,
}
_SURE = (Certainty.CONFIRMED, Certainty.SINGLE_SOURCE, Certainty.UNVERIFIED)


def assess(
    scheme: Scheme, project: Project, case: SimpleNamespace, table: SchemeTable, law: LawInForce, on: date
) -> SchemeFunding:
    """One scheme on one project, on a day."""
    examinations = tuple(examine(row, case, law) for row in law.rules_of(scheme.id))
    availability, period = _availability(scheme, table, law, on)
    truth = disjunction([e.truth for e in examinations]) if examinations else Truth.UNDETERMINED
    if availability is Availability.CLOSED:
        truth = Truth.NO
    elif availability is Availability.UNKNOWN and truth is Truth.YES:
        truth = Truth.UNDETERMINED
    status = _STATUSES[truth]
    shown = () if availability is Availability.CLOSED else _telling(examinations)
    company = scheme.actor is Actor.COMPANY
    amount, certainty = (None, None) if company else _grant(scheme, project.cost, law)
    granted = status is Status.ELIGIBLE
    known_until = table.known_until(scheme)
    past = known_until is not None and on > known_until  # values are not carried past it either
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
        cautions=tuple(
            caution.text for caution in law.cautions if scheme.id in caution.procedures and _holds(caution, case, law)
        ),
        certainty=scheme.certainty,
        amount_certainty=certainty or _least_sure(scheme, law),
        legal_basis=_sources(scheme, shown, law),
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
    """The rows in force of a limit, size or ground, examined on a project."""
    return tuple(examine(row, case, law) for row in law.rules_of(subject))


def _availability(
    scheme: Scheme, table: SchemeTable, law: LawInForce, on: date
) -> tuple[Availability, PeriodFinding | None]:
    rows = [row for row in table.law.rules if row.procedure == scheme.id]
    since = min((row.effective_from for row in rows), default=scheme.known_from)
    ends = [row.effective_until for row in rows]
    known_until = table.known_until(scheme)
    until = max((end for end in ends if end), default=None) if None not in ends else known_until

    def period(truth: Truth) -> PeriodFinding:
        return PeriodFinding(row=scheme.id, on=on, since=since, until=until, truth=truth)

    not_yet_known = any(row.holds_on(on) for row in rows) and not law.rules_of(scheme.id)
    if not rows or not_yet_known or (scheme.known_from is not None and on < scheme.known_from):
        return Availability.UNKNOWN, period(Truth.UNDETERMINED)
    if not law.rules_of(scheme.id):
        return Availability.CLOSED, period(Truth.NO)
    if known_until is not None and on > known_until:
        return Availability.UNKNOWN, period(Truth.UNDETERMINED)
    return Availability.OPEN, None


def _holds(row: object, case: SimpleNamespace, law: LawInForce) -> bool:
    return examine(row, case, law).truth is Truth.YES  # type: ignore[arg-type]


def _telling(examinations: tuple[Examination, ...]) -> tuple[Examination, ...]:
    """The rows that explain the answer: one that holds, else those that might and ask for least, else all."""
    if holding := tuple(e for e in examinations if e.truth is Truth.YES):
        return holding[:1]
    possible = tuple(e for e in examinations if e.truth is Truth.UNDETERMINED)
    asked = [set(e.missing) for e in possible if e.missing]
    return tuple(e for e in possible if not any(other < set(e.missing) for other in asked)) or examinations


def _findings(shown: tuple[Examination, ...], truth: Truth) -> tuple[Finding, ...]:
    """Each condition once, although several rows test it; for a refusal only what refuses."""
    seen: dict[tuple[object, ...], Finding] = {}
    for examination in shown:
        for finding in examination.findings:
            if truth is not Truth.NO or finding.truth is Truth.NO:
                edge = (getattr(finding, "edge", None), getattr(finding, "threshold", None))
                seen.setdefault((getattr(finding, "fact", None), *edge), finding)
    return tuple(seen.values())


def _merged(paths: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(path for some in paths for path in some))


def _value(threshold: str | None, law: LawInForce) -> Decimal | None:
    return None if threshold is None else law.amount(threshold)


def _grant(scheme: Scheme, cost: Decimal, law: LawInForce) -> tuple[Decimal | None, Certainty | None]:
    """Rate times cost, rounded down to the cent, at most the ceiling; not known while one of the values is not."""
    rate, ceiling = _value(scheme.rate, law), _value(scheme.ceiling, law)
    if scheme.aid is not Aid.GRANT or rate is None or (scheme.ceiling is not None and ceiling is None):
        return None, None
    grant = (rate * cost).quantize(CENT, ROUND_DOWN)
    amount = grant if ceiling is None else min(grant, ceiling.quantize(CENT))
    return amount, _least_sure(scheme, law)


def _bound(scheme: Scheme, project: Project, law: LawInForce, amount: Decimal | None, status: Status) -> Decimal | None:
    """The most that a scheme may bring where what it brings is not known."""
    if scheme.actor is Actor.COMPANY:
        return _at_most(scheme, project, law) if status is Status.ELIGIBLE else None
    return amount if status is Status.UNDETERMINED else None


def _at_most(scheme: Scheme, project: Project, law: LawInForce) -> Decimal | None:
    rate, cost = _value(scheme.highest_rate, law), project.supplier.project_cost
    ceiling = _value(scheme.ceiling, law)
    bounds = [] if ceiling is None else [ceiling.quantize(CENT)]
    if rate is not None and cost is not None:
        bounds.append((rate * cost).quantize(CENT, ROUND_DOWN))
    return min(bounds, default=None)


def _least_sure(scheme: Scheme, law: LawInForce) -> Certainty | None:
    known = [law.limit(threshold).certainty for name, threshold in scheme.thresholds.items() if name != "highest_rate"]
    return max((one for one in known if one is not None), key=_SURE.index, default=None)


def _sources(scheme: Scheme, shown: tuple[Examination, ...], law: LawInForce) -> tuple[Source, ...]:
    ids = [
        scheme.legal_basis,
        *(e.row.legal_basis for e in shown),
        *(basis for threshold in scheme.thresholds.values() for basis in law.limit(threshold).basis),
    ]
    return tuple(law.table.sources[source] for source in dict.fromkeys(ids))
