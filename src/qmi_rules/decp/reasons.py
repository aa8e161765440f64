"""Verdicts of an audit, the reasons and hints beside them, and their sentences."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import Final, Literal, TypeAlias

from attrs import field, frozen

from qmi_rules.decp.grouping import ContractGroup
from qmi_rules.decp.values import Nature, Published, labels
from qmi_rules.law import Table
from qmi_rules.model import ContractType
from qmi_rules.pages import AnyOf, Quantity, Said, Value, message
from qmi_rules.schema.scalars import to_tuple


class Verdict(StrEnum):
    """What published data let one say of a procedure; it is never said to be unlawful."""

    CONSISTENT = "consistent"
    NEEDS_ANOTHER_GROUND = "needs_another_ground"
    INCONSISTENT = "inconsistent_on_its_face"
    CANNOT_BE_JUDGED = "cannot_be_judged"


ReasonCode: TypeAlias = Literal[
    "always_open",
    "below_adapted_limit",
    "below_dispense",
    "innovative_below",
    "free_below_formal",
    "ground_not_published",
    "amount_not_dispensed",
    "other_grounds",
    "above_adapted_limit",
    "amount_is_not_estimate",
    "depends_on_launch",
    "innovative_contested",
    "type_unknown",
    "buyer_kind_unknown",
    "framework",
    "framework_maximum",
    "subsequent",
    "nature_unknown",
    "special_nature",
    "specific_service_possible",
    "specific_service_unread",
    "article_named",
    "small_lots_possible",
    "amount_unknown",
    "procedure_unknown",
    "law_unknown",
    "unverified_rule",
    "lots_added",
    "records_merged",
    "just_under_limit",
    "just_over_limit",
    "similar_contracts",
]
"""Why a verdict, or what is worth a look beside it."""
TEXTS: Final[Mapping[ReasonCode, str]] = {
    "always_open": message("L'acheteur peut toujours choisir cette procédure ({basis})."),
    "below_adapted_limit": message("Le montant est inférieur au seuil européen ({limits} ; {basis})."),
    "below_dispense": message("Le montant est inférieur au seuil de dispense ({limits} ; {basis})."),
    "innovative_below": message(
        "L'acheteur l'a publié comme innovant, et le montant est inférieur au seuil des achats innovants ({limits} ; {basis})."
    ),
    "free_below_formal": message(
        "Sous le seuil européen ({limits} ; {basis}), l'acheteur organise sa procédure librement et peut négocier."
    ),
    "ground_not_published": message(
        "Cette procédure suppose l'un des cas prévus par {basis} ; les données publiées ne disent pas lequel."
    ),
    "amount_not_dispensed": message(
        "Quel que soit le jour de lancement plausible, le montant publié atteint le seuil de dispense ({limits} ; {basis}). "
        "Le libellé publié ne dit pas sur quel article repose l'absence de publicité."
    ),
    "other_grounds": message("Autres fondements possibles, si leurs conditions sont réunies : {about}."),
    "above_adapted_limit": message(
        "Quel que soit le jour de lancement plausible, le montant publié atteint le seuil européen ({limits} ; {basis}), "
        "et rien ne signale un service spécifique ni de petits lots."
    ),
    "amount_is_not_estimate": message(
        "Le montant publié est celui du contrat ; la règle regarde la valeur estimée avant le lancement."
    ),
    "depends_on_launch": message(
        "Le droit a changé le {on} : la réponse dépend du jour de lancement, qui n'est pas publié."
    ),
    "innovative_contested": message(
        "Les sources ne s'accordent pas sur le seuil des achats innovants ({limits} ; {basis}) : texte à vérifier."
    ),
    "type_unknown": message(
        "Le type de marché (travaux, fournitures, services) n'est pas sûr, et les seuils diffèrent."
    ),
    "buyer_kind_unknown": message("La nature de l'acheteur n'est pas sûre, et les seuils diffèrent."),
    "framework": message(
        "Accord-cadre : la valeur du besoin est son maximum ({basis}) ; les données ne disent pas si ceux des lots s'additionnent."
    ),
    "framework_maximum": message(
        "Accord-cadre : la valeur du besoin est son maximum ({basis}), et c'est le montant que les données publient."
    ),
    "subsequent": message("Marché subséquent : la procédure est celle de l'accord-cadre."),
    "nature_unknown": message("Les données ne disent pas s'il s'agit d'un accord-cadre ou d'un marché subséquent."),
    "special_nature": message("Marché de partenariat, de défense ou de sécurité : d'autres règles s'appliquent."),
    "specific_service_possible": message(
        "L'objet peut être un service social ou spécifique, pour lequel la procédure adaptée est ouverte quel que soit le "
        "montant ({basis} ; la liste des codes est à vérifier)."
    ),
    "specific_service_unread": message(
        "L'objet peut être un service social ou spécifique, dont le régime de l'époque n'a pas été lu ({basis})."
    ),
    "article_named": message(
        "L'objet cite l'article sur lequel repose l'absence de publicité : ses conditions sont à vérifier dans le dossier."
    ),
    "small_lots_possible": message(
        "Chaque lot, pris seul, est sous le seuil ; la règle des petits lots ({basis}) peut s'appliquer si d'autres lots existent."
    ),
    "amount_unknown": message("Le montant n'est pas publié, ou n'est pas utilisable."),
    "procedure_unknown": message("La procédure n'est pas publiée, ou son libellé n'est pas connu."),
    "law_unknown": message("La base juridique ne contient pas le droit de toute la période."),
    "unverified_rule": message("La règle appliquée reste à vérifier sur le texte officiel ({basis})."),
    "lots_added": message("{count} lots d'une même consultation sont additionnés."),
    "records_merged": message("{count} enregistrements publiés ont été rapprochés."),
    "just_under_limit": message("Montant à moins de {share} sous un seuil ({limits})."),
    "just_over_limit": message(
        "Montant à moins de {share} au-dessus d'un seuil ({limits}) : l'estimation a pu être en dessous."
    ),
    "similar_contracts": message(
        "{count} marchés semblables du même acheteur en {days} jours (même catégorie CPV), {total} au total : ensemble, ils atteignent "
        "un seuil ({limits})."
    ),
}


@frozen(kw_only=True, cache_hash=True)
class Reason:
    """Why a verdict, or what is worth a look beside it (a hint); its sentence keeps the values that it names.

    Attributes:
        code: Which kind of reason; stable.
        text: The sentence.
        limits: The amounts in question, EUR HT, lowest first.
        legal_basis: Ids of the sources.
    """

    code: ReasonCode
    text: Said
    limits: tuple[Decimal, ...] = field(converter=to_tuple)
    legal_basis: tuple[str, ...] = field(converter=to_tuple)


def reason(
    code: ReasonCode,
    table: Table | None = None,
    *,
    limits: Iterable[Decimal] = (),
    legal_basis: Iterable[str] = (),
    **values: Value,
) -> Reason:
    """A reason with its sentence.

    Args:
        code: Which of `TEXTS`.
        table: The law, where sources are cited.
        limits: The amounts in question, EUR HT.
        legal_basis: Ids of the sources; each once is enough.
        values: What stands in the other places of the sentence.
    """
    amounts, sources = tuple(sorted(set(limits))), tuple(dict.fromkeys(legal_basis))
    cited = tuple(table.sources[name] for name in sources if name in table.sources) if table else ()
    places: dict[str, Value] = {"limits": AnyOf(amounts), "basis": AnyOf(cited), **values}
    text = TEXTS[code]
    said = Said(text, {name: value for name, value in places.items() if f"{{{name}}}" in text})
    return Reason(code=code, text=said, limits=amounts, legal_basis=sources)


@frozen(kw_only=True)
class Judgement:
    """A verdict with its reasons.

    Attributes:
        verdict: The verdict.
        reasons: Why, the decisive one first.
        limits: The limits that the amount was compared with, for hints; none where type or buyer are not sure.
    """

    verdict: Verdict
    reasons: tuple[Reason, ...]
    limits: tuple[Decimal, ...] = ()


# --- hints


_FINDINGS = (Verdict.INCONSISTENT, Verdict.NEEDS_ANOTHER_GROUND)


def hints_of(groups: Sequence[ContractGroup], judgements: Sequence[Judgement]) -> list[tuple[Reason, ...]]:
    """The hints on each contract of one buyer, in the order of `groups`."""
    hints = [near_a_limit(group, judgement) for group, judgement in zip(groups, judgements, strict=True)]
    if len(groups) > 1:
        for i, hint in _similar(groups, judgements).items():
            hints[i] = (*hints[i], hint)
    return hints


def near_a_limit(group: ContractGroup, judgement: Judgement) -> tuple[Reason, ...]:
    """The hint on an amount close to a limit; nothing where it is not."""
    amount, limits = group.amount, judgement.limits
    if amount is None or not limits:
        return ()
    over = judgement.verdict in _FINDINGS
    found = [limit for limit, first, end in _close_to(limits, over) if first <= amount < end]
    if not found:  # nearly always
        return ()
    near = labels().conventions.close_to_a_limit
    return _close("just_over_limit" if over else "just_under_limit", tuple(found), near.above if over else near.below)


@lru_cache(maxsize=1_000)
def _close_to(limits: tuple[Decimal, ...], over: bool) -> tuple[tuple[Decimal, Decimal, Decimal], ...]:
    """Each limit, and between which amounts one over it, or under it, is close to it: the first included, the second not."""
    near = labels().conventions.close_to_a_limit
    if over:
        return tuple((limit, limit, limit * (1 + near.above)) for limit in limits)
    return tuple((limit, limit * (1 - near.below), limit) for limit in limits)


@lru_cache(maxsize=1_000)
def _close(code: ReasonCode, limits: tuple[Decimal, ...], share: Decimal) -> tuple[Reason, ...]:
    return (reason(code, limits=limits, share=Quantity(share, "share")),)


def _similar(groups: Sequence[ContractGroup], judgements: Sequence[Judgement]) -> dict[int, Reason]:
    """Supplies or services of one CPV category bought several times within our convention, each below a limit, together at or above it."""
    digits = labels().conventions.similar_cpv_digits
    by_category: dict[tuple[Published, ContractType | None, str], list[int]] = {}
    for i, (group, judgement) in enumerate(zip(groups, judgements, strict=True)):
        first = group.first
        if (
            first.cpv is not None
            and judgement.limits
            and first.contract_type in (ContractType.SUPPLIES, ContractType.SERVICES)
            and first.nature in (Nature.CONTRACT, Nature.UNKNOWN)
            and group.amount is not None
            and group.amount < judgement.limits[0]
        ):
            by_category.setdefault((first.procedure, first.contract_type, first.cpv[:digits]), []).append(i)
    found: dict[int, Reason] = {}
    for indices in by_category.values():
        if len(indices) > 1:
            _series(indices, groups, judgements, found)
    return found


def _series(
    indices: list[int],
    groups: Sequence[ContractGroup],
    judgements: Sequence[Judgement],
    found: dict[int, Reason],
) -> None:
    """Slide a window of time over the contracts of one category; `found` receives those of a window that reaches a limit."""
    within = labels().conventions.similar_within_days
    days = [groups[i].first.notified_on for i in indices]
    amounts = [groups[i].amount or Decimal(0) for i in indices]
    end, done, total = 0, 0, Decimal(0)
    for start in range(len(indices)):
        while end < len(indices) and days[end] < days[start] + timedelta(within):
            total += amounts[end]
            end += 1
        limit = max(judgements[indices[start]].limits[-1], judgements[indices[end - 1]].limits[-1])
        if end - start > 1 and total >= limit and end > done:
            hint = reason("similar_contracts", limits=(limit,), count=end - start, days=within, total=total)
            found.update((indices[j], hint) for j in range(max(start, done), end))
            done = end
        total -= amounts[start]
