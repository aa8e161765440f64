"""Who helps to pay: every scheme looked at, the best admissible plan, its conflicts and what is left to the commune."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from types import SimpleNamespace

from attrs import evolve

from qmi_rules.contexts.project import Grant, Project
from qmi_rules.contexts.schedule import Milestone
from qmi_rules.documents.scalars import EARLIEST
from qmi_rules.errors import DocumentError, Problem
from qmi_rules.funding.case import case_of, themes_of
from qmi_rules.funding.company import asked_for, company_conflicts, company_side
from qmi_rules.funding.eligibility import CENT, assess
from qmi_rules.funding.optimum import Allocation, Share, Wish, keeps
from qmi_rules.funding.planning import Planner
from qmi_rules.funding.results import (
    Conflict,
    ConflictCode,
    FondsDeConcours,
    FundingPlan,
    Plan,
    Reading,
    SchemeFunding,
    StateAid,
    Status,
    Totals,
    WithVat,
)
from qmi_rules.funding.schemes import Actor, Aid, LimitKind, StartRule
from qmi_rules.funding.shelf import SchemeTable, default_schemes
from qmi_rules.funding.stacking import BindingLimit, binding_limits, cents, stacking_conflicts
from qmi_rules.law import LawInForce
from qmi_rules.text import message

VAT_REFUND = "fctva"
_NOT_ELIGIBLE = message("Retirez ce dispositif des souhaits, ou corrigez les faits qui l'excluent.")
_UNDETERMINED = message("Renseignez les faits qui manquent ; tant qu'ils manquent, rien n'est compté.")
_AMOUNT_UNKNOWN = message("Inscrivez le montant parmi les autres subventions quand le financeur l'a donné.")
_NO_GRANT = message("Ce dispositif ne donne pas de subvention à la commune ; il n'entre pas dans le plan.")
_CEILING = message("Le montant au-delà du plafond n'est pas compté.")

NO_START = message(
    "Le jour où le projet commence n'est pas donné : les dispositifs sont lus au jour de la dernière revue de la table."
)
LATER_START = message(
    "Le projet commence après la dernière revue de la table : les règles peuvent changer d'ici là, vérifiez-les."
)
PRUDENCE = message(
    "Un fait manque pour savoir si une limite s'applique : elle est appliquée par prudence, le plan ne peut que s'améliorer."
)
EXCEPTIONS = message(
    "La participation minimale connaît des exceptions (rénovation urbaine, monuments protégés, catastrophes) ; d'autres n'ont pas été lues."
)
LEAD = message(
    "L'opération est présumée hors des compétences de chef de file, où la participation minimale serait de 30 % (une seule source)."
)
OTHER_THEME = message(
    "Le thème donné n'est pas reconnu : choisissez parmi ceux que la question cite, ou interrogez le financeur."
)
ROUNDING = message("Arrondi au centime : les aides par défaut, la part minimale de la collectivité par excès.")


def find_funding(
    project: Project,
    table: SchemeTable | None = None,
    *,
    known_on: date | None = None,
    fonds_de_concours: FondsDeConcours = FondsDeConcours.NOT_BINDING,
) -> FundingPlan:
    """Find who may help to pay for a project.

    Args:
        project: The project; a fact that is not filled is not known and grants nothing.
        table: The schemes; None = those of the package. `load_schemes` adds a commune's own.
        known_on: Take only what was published by this day.
        fonds_de_concours: How `plan` reads the open question; the answer holds the plans of both readings.

    Raises:
        DocumentError: A scheme that is requested, or named by a grant, is not in the table.
    """
    table = table or default_schemes()
    _check(project, table)
    reviewed = table.law.reviewed_on
    on = project.starts_on or reviewed
    if on is None:
        raise DocumentError([Problem("starts_on", "required, because the table does not say when it was reviewed")])
    law = table.law.in_force(on, known_on)
    case = case_of(project, table.themes)
    schemes = _schemes(project, case, table, law, on)
    limits = binding_limits(case, table, law)
    wishes, wish_conflicts = _wishes(project, schemes, table, law)
    planner = Planner(project=project, limits=limits, wishes=wishes, schemes=table.schemes)
    wished = Allocation(tuple(Share(wish, wish.most) for wish in wishes if wish.most))
    bounds = planner.bounds(fonds_de_concours)
    readings = tuple(Reading(fonds_de_concours=one, plan=planner.best(one)) for one in FondsDeConcours)
    plan = next(reading.plan for reading in readings if reading.fonds_de_concours is fonds_de_concours)
    side = company_side(project.supplier, _of(schemes, Actor.COMPANY), case, table, law, on)
    return FundingPlan(
        project=project,
        cost=project.cost,
        on=on,
        schemes=schemes,
        plan=plan,
        wished=planner.shown(wished, fonds_de_concours),
        alternatives=() if keeps(wished, bounds) else planner.alternatives(fonds_de_concours),
        conflicts=(
            *wish_conflicts,
            *stacking_conflicts(wished, limits, bounds),
            *company_conflicts(project.supplier, _of(schemes, Actor.COMPANY), side),
        ),
        fonds_de_concours=fonds_de_concours,
        readings=readings,
        commune=Totals(grants=plan.grants_total, advances=Decimal("0.00"), gross_grant_equivalent=plan.grants_total),
        company=side,
        with_vat=_with_vat(project, plan, schemes, law),
        missing=_missing(project, schemes, limits, table),
        cautions=tuple(_cautions(project, table, limits, case, reviewed)),
        milestones=tuple(_milestones(project, plan, schemes, side.state_aid, on)),
        table_edition=table.edition,
        table=table,
    )


def _check(project: Project, table: SchemeTable) -> None:
    known = ", ".join(table.schemes)
    named = [(f"requested[{i}]", name) for i, name in enumerate(project.requested)]
    named += [
        (f"other_public_grants[{i}].scheme", grant.scheme)
        for i, grant in enumerate(project.other_public_grants)
        if grant.scheme is not None
    ]
    problems = [
        Problem(path, f"unknown scheme {name!r}; expected one of {known}")
        for path, name in named
        if name not in table.schemes
    ] or [
        Problem(path, f"expected a scheme that gives grants to the commune, got {name!r}")
        for path, name in named
        if path.startswith("other") and not _gives_grants(name, table)
    ]
    if problems:
        raise DocumentError(problems)


def _gives_grants(name: str, table: SchemeTable) -> bool:
    return table.schemes[name].actor is Actor.COMMUNE and table.schemes[name].aid is Aid.GRANT


def _of(schemes: tuple[SchemeFunding, ...], actor: Actor) -> tuple[SchemeFunding, ...]:
    return tuple(funding for funding in schemes if funding.actor is actor)


# --- what is wanted


def _schemes(
    project: Project, case: SimpleNamespace, table: SchemeTable, law: LawInForce, on: date
) -> tuple[SchemeFunding, ...]:
    """Every scheme, the commune's first, by rank; those that a plan counts are marked."""
    found = [assess(scheme, project, case, table, law, on) for scheme in table.schemes.values()]
    given = {grant.scheme for grant in project.other_public_grants}
    applied = next((f for f in found if f.actor is Actor.COMPANY and _wanted(f.scheme, project, table)), None)
    marked = []
    for funding in found:
        if funding is applied:
            marked.append(asked_for(funding, project.supplier))
            continue
        counted = (
            funding.actor is Actor.COMMUNE
            and funding.amount is not None
            and _wanted(funding.scheme, project, table)
            and funding.scheme not in given
        )
        marked.append(evolve(funding, counted=counted))
    return tuple(sorted(marked, key=lambda funding: funding.actor is Actor.COMPANY))


def _wanted(scheme: str, project: Project, table: SchemeTable) -> bool:
    return scheme in project.requested if project.requested else not table.schemes[scheme].on_request


def _wishes(
    project: Project, schemes: tuple[SchemeFunding, ...], table: SchemeTable, law: LawInForce
) -> tuple[tuple[Wish, ...], list[Conflict]]:
    """What the plan may hold, and what was wished and cannot be counted."""
    by_id = {funding.scheme: funding for funding in schemes}
    given = {grant.scheme for grant in project.other_public_grants}
    wishes, conflicts = [], []
    for funding in schemes:
        if funding.counted and funding.actor is Actor.COMMUNE and funding.amount is not None:
            wishes.append(_wish(funding.scheme, funding.amount, funding.scheme, table))
        elif funding.scheme in project.requested and funding.scheme not in given and (conflict := _refused(funding)):
            conflicts.append(conflict)
    for grant in project.other_public_grants:
        if grant.scheme is None:
            wishes.append(Wish(name=grant.name, most=cents(grant.amount), given=True))
            continue
        most, conflict = _given(grant, by_id[grant.scheme])
        if conflict:
            conflicts.append(conflict)
        wishes.append(evolve(_wish(grant.name, most, grant.scheme, table), given=True))
    return tuple(wishes), conflicts


def _wish(name: str, amount: Decimal, scheme: str, table: SchemeTable) -> Wish:
    definition = table.schemes[scheme]
    return Wish(
        name=name,
        most=cents(amount),
        family=definition.family,
        scheme=scheme,
        fonds_de_concours=definition.fonds_de_concours,
        rank=definition.rank,
    )


def _given(grant: Grant, funding: SchemeFunding) -> tuple[Decimal, Conflict | None]:
    """What may be counted of a grant that the user says comes from a scheme."""
    if funding.status is Status.NOT_ELIGIBLE:
        return Decimal(0), _refusal(ConflictCode.SCHEME_NOT_ELIGIBLE, funding, _NOT_ELIGIBLE, grant.amount)
    if funding.missing:  # where the table alone does not know, the user's word stands
        return Decimal(0), _refusal(ConflictCode.SCHEME_UNDETERMINED, funding, _UNDETERMINED, grant.amount)
    known = [bound for bound in (funding.amount, funding.ceiling) if bound is not None]
    most = min(known, default=grant.amount)
    if grant.amount > most:
        conflict = _refusal(ConflictCode.CEILING_EXCEEDED, funding, _CEILING, grant.amount)
        return most, evolve(conflict, allowed=most)
    return grant.amount, None


def _refused(funding: SchemeFunding) -> Conflict | None:
    match funding:
        case SchemeFunding(status=Status.NOT_ELIGIBLE):
            return _refusal(ConflictCode.SCHEME_NOT_ELIGIBLE, funding, _NOT_ELIGIBLE, None)
        case SchemeFunding(status=Status.UNDETERMINED):
            return _refusal(ConflictCode.SCHEME_UNDETERMINED, funding, _UNDETERMINED, None)
        case SchemeFunding(actor=Actor.COMMUNE, amount=None):
            advice = _AMOUNT_UNKNOWN if funding.aid is Aid.GRANT else _NO_GRANT
            return _refusal(ConflictCode.AMOUNT_UNKNOWN, funding, advice, None)
        case _:
            return None


def _refusal(code: ConflictCode, funding: SchemeFunding, advice: str, amount: Decimal | None) -> Conflict:
    return Conflict(
        code=code,
        label=funding.label,
        schemes=(funding.scheme,),
        amount=amount,
        missing=funding.missing,
        advice=advice,
        legal_basis=funding.legal_basis,
        certainty=funding.certainty,
    )


# --- what goes with the plan


def _with_vat(project: Project, plan: Plan, schemes: tuple[SchemeFunding, ...], law: LawInForce) -> WithVat | None:
    if project.vat_rate is None:
        return None
    cost = (project.cost * (1 + project.vat_rate)).quantize(CENT, ROUND_HALF_UP)
    refund = next((f for f in schemes if f.scheme == VAT_REFUND and f.status is Status.ELIGIBLE), None)
    rate = law.amount(f"{VAT_REFUND}.rate") if refund else None
    return WithVat(
        rate=project.vat_rate,
        cost=cost,
        own_share=cost - plan.private_funding - plan.grants_total,
        recovery=None if rate is None else (cost * rate / 100).quantize(CENT, ROUND_DOWN),
        recovery_certainty=None if rate is None else law.limit(f"{VAT_REFUND}.rate").certainty,
    )


def _missing(
    project: Project, schemes: tuple[SchemeFunding, ...], limits: tuple[BindingLimit, ...], table: SchemeTable
) -> tuple[str, ...]:
    """The facts that wanted schemes and limits wait for, the most waited for first."""
    waited = Counter(path for limit in limits for path in limit.missing)
    for funding in schemes:
        if _wanted(funding.scheme, project, table):
            waited.update(funding.missing)
    if project.starts_on is None:
        waited["starts_on"] = 0
    return tuple(path for path, _ in waited.most_common())


def _cautions(
    project: Project,
    table: SchemeTable,
    limits: tuple[BindingLimit, ...],
    case: SimpleNamespace,
    reviewed: date | None,
) -> Iterator[str]:
    if project.starts_on is None:
        yield NO_START
    elif reviewed is not None and project.starts_on > reviewed:
        yield LATER_START
    if any(limit.missing for limit in limits):
        yield PRUDENCE
    if any(limit.limit.kind is LimitKind.OWN_SHARE for limit in limits):
        yield EXCEPTIONS
        if case.lead_competence is None:
            yield LEAD
    if project.theme is not None and not themes_of(project.theme, table.themes):
        yield OTHER_THEME
    yield ROUNDING


def _milestones(
    project: Project, plan: Plan, schemes: tuple[SchemeFunding, ...], grounds: tuple[StateAid, ...], on: date
) -> Iterator[Milestone]:
    """Dates that a schedule may take: an award that must come before the start, the end of a ground of State aid."""
    held = {grant.scheme for grant in plan.grants}
    start = project.starts_on
    if start is not None and start > EARLIEST:
        for funding in schemes:
            if funding.scheme in held and funding.start is not StartRule.UNKNOWN:
                yield Milestone(
                    id=f"subsidy_decision.{funding.scheme}", on=start - timedelta(days=1), who=Actor.COMMUNE.value
                )
    if any(f.actor is Actor.COMPANY and f.status is Status.ELIGIBLE and f.advance_ceiling for f in schemes):
        for ground in grounds:
            if ground.in_force and ground.until is not None and ground.until.year <= on.year + 1:
                yield Milestone(id=f"state_aid_ends.{ground.basis}", on=ground.until, who=Actor.COMPANY.value)
