"""What a plan may hold: the schemes that are wanted, the grants that the user named, and what open answers could still add."""

from collections.abc import Iterator
from decimal import Decimal

from attrs import evolve

from qmi_rules.contexts.project import Grant, Project
from qmi_rules.funding.conflicts import Conflict, ConflictCode
from qmi_rules.funding.optimum import Wish
from qmi_rules.funding.scheme_funding import SchemeFunding, Status
from qmi_rules.funding.schemes import Actor, Aid
from qmi_rules.funding.shelf import SchemeTable
from qmi_rules.funding.stacking import cents
from qmi_rules.text import message

_NOT_ELIGIBLE = message("Retirez ce dispositif des souhaits, ou corrigez les faits qui l'excluent.")
_UNDETERMINED = message("Renseignez les faits qui manquent ; tant qu'ils manquent, rien n'est compté.")
_AMOUNT_UNKNOWN = message("Inscrivez le montant parmi les autres subventions quand le financeur l'a donné.")
_NO_GRANT = message("Ce dispositif ne donne pas de subvention à la commune ; il n'entre pas dans le plan.")
_CEILING = message("Le montant au-delà du plafond n'est pas compté.")


def wishes_of(
    project: Project, schemes: tuple[SchemeFunding, ...], table: SchemeTable
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
            wishes.append(_own(grant))
            continue
        most, conflict = _given(grant, by_id[grant.scheme])
        if conflict:
            conflicts.append(conflict)
        wishes.append(evolve(_wish(grant.name, most, grant.scheme, table), given=True))
    return tuple(wishes), conflicts


def hopes_of(project: Project, schemes: tuple[SchemeFunding, ...], table: SchemeTable) -> tuple[Wish, ...] | None:
    """What a plan could hold if every open answer came out well; None where an open grant has no known limit."""
    by_id = {funding.scheme: funding for funding in schemes}
    found = []
    for funding in _hoped(project, schemes):
        most = funding.at_most if funding.amount is None else funding.amount
        if most is None:
            return None
        found.append(_wish(funding.scheme, most, funding.scheme, table))
    for grant in project.other_public_grants:
        if grant.scheme is None:
            found.append(_own(grant))
        elif (funding := by_id[grant.scheme]).status is not Status.NOT_ELIGIBLE:
            bounds = [bound for bound in (funding.amount, funding.at_most, funding.ceiling) if bound is not None]
            most = min([grant.amount, *bounds])
            found.append(evolve(_wish(grant.name, most, grant.scheme, table), given=True))
    return tuple(found)


def _hoped(project: Project, schemes: tuple[SchemeFunding, ...]) -> Iterator[SchemeFunding]:
    given = {grant.scheme for grant in project.other_public_grants}
    for funding in schemes:
        if (
            funding.wanted
            and funding.actor is Actor.COMMUNE
            and funding.aid is Aid.GRANT
            and funding.status is not Status.NOT_ELIGIBLE
            and funding.scheme not in given
        ):
            yield funding


def _own(grant: Grant) -> Wish:
    return Wish(name=grant.name, most=cents(grant.amount), given=True)


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
