"""Who helps to pay: every scheme looked at, the best admissible plan, its conflicts and what is left to the commune."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from attrs import evolve

from qmi_rules.errors import DocumentError, fault
from qmi_rules.funding.company import StateAid, asked_for, company_conflicts, company_side
from qmi_rules.funding.eligibility import Eligibility, SchemeFunding, assess, case_of, examinations_of, themes_of
from qmi_rules.funding.optimum import Allocation, Share, keeps
from qmi_rules.funding.plan import VAT_REFUND, PaymentPlan, Planner, PlanReading, Totals, hopes_of, wishes_of, with_vat
from qmi_rules.funding.result import FundingPlan
from qmi_rules.funding.schemes import Aid, Applicant, LimitKind, SchemeTable, StartRule, default_schemes
from qmi_rules.funding.stacking import BindingLimit, FondsDeConcours, binding_limits, exclusions, stacking_conflicts
from qmi_rules.law import LawInForce
from qmi_rules.law.wording import CERTAINTIES
from qmi_rules.model.project import Project
from qmi_rules.model.schedule import Milestone
from qmi_rules.pages import Quantity, Term, message
from qmi_rules.pages.sentences import Remark, remark
from qmi_rules.schema import given
from qmi_rules.schema.faults import require, shown
from qmi_rules.schema.scalars import EARLIEST

_NO_START = message(
    "Le jour où le projet commence n'est pas donné : les dispositifs sont ceux de leur dernière relecture."
)
_LATER_START = message(
    "Le projet commence après la dernière relecture des dispositifs : les règles peuvent changer d'ici là, vérifiez-les."
)
_PRUDENCE = message(
    "Un fait manque pour savoir si une limite s'applique : elle est appliquée par prudence, le plan ne peut que s'améliorer."
)
_EXCEPTIONS = message(
    "La participation minimale connaît des exceptions (rénovation urbaine, monuments protégés, catastrophes) ; d'autres n'ont pas été lues."
)
_PRESUMED_OUT = message("L'opération est présumée hors de ce cas : {limit}, {share} ({certainty}).")
_OTHER_THEME = message(
    "Le thème donné n'est aucun de ceux que les dispositifs citent : leurs listes sont incomplètes, interrogez le financeur."
)
_ROUNDING = message("Arrondi au centime : les aides par défaut, la part minimale de la collectivité par excès.")


def find_funding(
    project: Project | Mapping[str, Any],
    table: SchemeTable | None = None,
    *,
    known_on: date | None = None,
    fonds_de_concours: FondsDeConcours | str = FondsDeConcours.NOT_BINDING,
) -> FundingPlan:
    """Find who may help to pay for a project.

    Args:
        project: The project; a fact that is not filled is not known and grants nothing.
        table: The schemes; None = those of the package. `load_schemes` adds a commune's own.
        known_on: Take only what was published by this day.
        fonds_de_concours: How `plan` reads the open question (``not_binding`` or ``binding``); the answer holds the plans
            of both readings.

    Raises:
        DocumentError: A scheme that is requested, or named by a grant, is not in the table; the theme is none that the
            table knows; an argument is of another kind.

    >>> from qmi_rules import Project
    >>> plan = find_funding(Project(cost=100_000, expense="investment", starts_on="2026-09-01"))
    >>> plan.cost
    Decimal('100000')
    """
    project = given("project", project, Project)
    if table is None:
        table = default_schemes()
    require("table", table, SchemeTable)
    reading = _chosen(fonds_de_concours)
    _check(project, table)
    reviewed = table.law.reviewed_on
    on = project.starts_on or reviewed
    if on is None:
        words = "required, because the table does not say when it was reviewed"
        raise DocumentError(fault("required", "starts_on", words))
    law = table.law.in_force(on, known_on)
    case = case_of(project, table.themes)
    schemes = _schemes(project, case, table, law, on)
    limits = binding_limits(case, table, law)
    wishes, wish_conflicts = wishes_of(project, schemes, table)
    planner = Planner(project=project, limits=limits, wishes=wishes, schemes=table.schemes)
    wished = Allocation(tuple(Share(wish, wish.most) for wish in wishes if wish.most))
    bounds = planner.bounds(reading)
    plans = {one: planner.best(one) for one in FondsDeConcours}
    plan = plans[reading]
    side = company_side(project.supplier, _of(schemes, Applicant.COMPANY), case, table, law)
    return FundingPlan(
        project=project,
        cost=project.cost,
        on=on,
        schemes=schemes,
        plan=plan,
        wished=planner.shown(wished, reading),
        alternatives=() if keeps(wished, bounds) else planner.alternatives(reading),
        conflicts=(
            *wish_conflicts,
            *stacking_conflicts(wished, limits, bounds),
            *company_conflicts(project.supplier, _of(schemes, Applicant.COMPANY), side),
        ),
        excluded=tuple(exclusions([g.scheme for g in plan.grants if g.scheme], schemes, limits, table)),
        at_most=_at_most(project, schemes, limits, table, reading),
        fonds_de_concours=reading,
        readings=tuple(PlanReading(fonds_de_concours=one, plan=best) for one, best in plans.items()),
        commune=Totals(grants=plan.grants_total, advances=Decimal("0.00"), gross_grant_equivalent=plan.grants_total),
        company=side,
        with_vat=with_vat(project, plan, schemes, law),
        missing=_missing(project, schemes, limits),
        cautions=tuple(_cautions(project, table, limits, case, law)),
        milestones=tuple(_milestones(project, plan, schemes, side.state_aid, on)),
        table_edition=table.edition,
        table=table,
    )


def _chosen(fonds_de_concours: FondsDeConcours | str) -> FondsDeConcours:
    try:
        return FondsDeConcours(fonds_de_concours)
    except ValueError:
        expected = ", ".join(FondsDeConcours)
        words = "expected one of {expected}, got {got}"
        raise DocumentError(
            fault("unknown_choice", "fonds_de_concours", words, expected=expected, got=shown(fonds_de_concours))
        ) from None


def _check(project: Project, table: SchemeTable) -> None:
    known = ", ".join(table.schemes)
    grants = {one.id for one in table.schemes.values() if one.actor is Applicant.COMMUNE and one.aid is Aid.GRANT}
    named = [(f"requested[{i}]", name) for i, name in enumerate(project.requested)]
    named += [
        (f"other_public_grants[{i}].scheme", grant.scheme)
        for i, grant in enumerate(project.other_public_grants)
        if grant.scheme is not None
    ]
    problems = [
        fault("unknown_id", path, "unknown scheme {name}; expected one of {known}", name=shown(name), known=known)
        for path, name in named
        if name not in table.schemes
    ] or [
        fault("contradiction", path, "expected a scheme that gives grants to the commune, got {got}", got=shown(name))
        for path, name in named
        if path.startswith("other") and name not in grants
    ]
    if project.theme is not None and not themes_of(project.theme, table.themes):
        themes = ", ".join(f"{theme.id} ({theme.label})" for theme in table.themes)
        problems.append(
            fault(
                "unknown_id",
                "theme",
                "unknown theme {got}; expected one of {themes}",
                got=shown(project.theme),
                themes=themes,
            )
        )
    if problems:
        raise DocumentError(problems)


def _of(schemes: tuple[SchemeFunding, ...], actor: Applicant) -> tuple[SchemeFunding, ...]:
    return tuple(funding for funding in schemes if funding.actor is actor)


def _schemes(
    project: Project, case: SimpleNamespace, table: SchemeTable, law: LawInForce, on: date
) -> tuple[SchemeFunding, ...]:
    """Every scheme, the commune's first, by rank; those that a plan counts are marked."""
    found = [assess(scheme, project, case, table, law, on) for scheme in table.schemes.values()]
    given = {grant.scheme for grant in project.other_public_grants}
    # the company asks for one aid: it is held against the first scheme wanted, not against each
    applied = next((f for f in found if f.actor is Applicant.COMPANY and f.wanted), None)
    marked = []
    for funding in found:
        if funding is applied:
            marked.append(asked_for(funding, project.supplier))
            continue
        counted = (
            funding.actor is Applicant.COMMUNE
            and funding.amount is not None
            and funding.wanted
            and funding.scheme not in given
        )
        marked.append(evolve(funding, counted=counted))
    return tuple(sorted(marked, key=lambda funding: funding.actor is Applicant.COMPANY))


def _at_most(
    project: Project,
    schemes: tuple[SchemeFunding, ...],
    limits: tuple[BindingLimit, ...],
    table: SchemeTable,
    reading: FondsDeConcours,
) -> Decimal | None:
    """The largest total if every open answer came out well: a limit that is not known to bind does not lower it."""
    hopes = hopes_of(project, schemes, table)
    if hopes is None:
        return None
    sure = tuple(limit for limit in limits if not limit.missing)
    return Planner(project=project, limits=sure, wishes=hopes, schemes=table.schemes).best(reading).grants_total


def _missing(project: Project, schemes: tuple[SchemeFunding, ...], limits: tuple[BindingLimit, ...]) -> tuple[str, ...]:
    """The facts that wanted schemes and limits wait for, the most waited for first."""
    waited = Counter(path for limit in limits for path in limit.missing)
    for funding in schemes:
        if funding.wanted:
            waited.update(funding.missing)
        if funding.scheme == VAT_REFUND and funding.status is not Eligibility.NOT_ELIGIBLE and project.vat_rate is None:
            waited["vat_rate"] = 0  # settles a figure beside the plan: asked last
    if project.starts_on is None:
        waited["starts_on"] = 0
    return tuple(path for path, _ in waited.most_common())


def _cautions(
    project: Project, table: SchemeTable, limits: tuple[BindingLimit, ...], case: SimpleNamespace, law: LawInForce
) -> Iterator[Remark]:
    """What to know of the whole: its start, its theme, the limits that bind it."""
    reviewed = table.law.reviewed_on
    if project.starts_on is None:
        yield remark("no_start", _NO_START)
    elif reviewed is not None and project.starts_on > reviewed:
        yield remark("later_start", _LATER_START)
    if any(limit.missing for limit in limits):
        yield remark("prudence", _PRUDENCE)
    if any(limit.limit.kind is LimitKind.OWN_SHARE for limit in limits):
        yield remark("exceptions", _EXCEPTIONS)
        for limit in table.limits.values():
            presumed = [row for row in examinations_of(limit.id, case, law) if row.presumed]
            if limit.share is not None and presumed:
                value = law.limit(limit.share)
                sure = "" if value.certainty is None else CERTAINTIES[value.certainty]
                share = Quantity(law.amount(limit.share), "share")
                yield remark(
                    f"presumed_out.{limit.id}",
                    _PRESUMED_OUT,
                    limit=Term(limit.label),
                    share=share,
                    certainty=Term(sure),
                )
    if project.theme is not None and not any(theme.fact for theme in themes_of(project.theme, table.themes)):
        yield remark("other_theme", _OTHER_THEME)
    yield remark("rounding", _ROUNDING)


def _milestones(
    project: Project, plan: PaymentPlan, schemes: tuple[SchemeFunding, ...], grounds: tuple[StateAid, ...], on: date
) -> Iterator[Milestone]:
    """Dates that a schedule may take: an award that must come before the start, the end of a ground of State aid."""
    held = {grant.scheme for grant in plan.grants}
    start = project.starts_on
    if start is not None and start > EARLIEST:
        for funding in schemes:
            if funding.scheme in held and funding.start is not StartRule.UNKNOWN:
                yield Milestone(
                    id=f"subsidy_decision.{funding.scheme}", on=start - timedelta(days=1), who=Applicant.COMMUNE.value
                )
    if any(f.actor is Applicant.COMPANY and f.status is Eligibility.ELIGIBLE and f.advance_ceiling for f in schemes):
        for ground in grounds:
            if ground.in_force and ground.until is not None and ground.until.year <= on.year + 1:
                yield Milestone(id=f"state_aid_ends.{ground.basis}", on=ground.until, who=Applicant.COMPANY.value)
