"""Verdicts of an audit, the reasons and hints beside them, and their sentences."""

import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from attrs import frozen

from qmi_rules.law import Table
from qmi_rules.text import Language, language, message


class Verdict(StrEnum):
    """What published data let one say of a procedure; it is never said to be unlawful."""

    CONSISTENT = "consistent"
    NEEDS_ANOTHER_GROUND = "needs_another_ground"
    INCONSISTENT = "inconsistent_on_its_face"
    CANNOT_BE_JUDGED = "cannot_be_judged"


VERDICTS = {
    Verdict.CONSISTENT: message("Rien ne s'oppose, dans les données publiées, à la procédure suivie"),
    Verdict.NEEDS_ANOTHER_GROUND: message(
        "Le montant seul ne fonde pas la procédure : un autre fondement est à vérifier"
    ),
    Verdict.INCONSISTENT: message(
        "La procédure publiée ne concorde pas avec le montant publié : à vérifier dans le dossier"
    ),
    Verdict.CANNOT_BE_JUDGED: message("Les données publiées ne permettent pas de conclure"),
}

TEXTS = {
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
        "Accord-cadre : le montant publié est un maximum estimé, souvent répété pour chaque lot ou titulaire."
    ),
    "subsequent": message("Marché subséquent : la procédure est celle de l'accord-cadre."),
    "nature_unknown": message("Les données ne disent pas s'il s'agit d'un accord-cadre ou d'un marché subséquent."),
    "special_nature": message("Marché de partenariat, de défense ou de sécurité : d'autres règles s'appliquent."),
    "specific_service_possible": message(
        "L'objet peut être un service social ou spécifique, pour lequel la procédure adaptée est ouverte quel que soit le "
        "montant ({basis} ; la liste des codes est à vérifier)."
    ),
    "small_lots_possible": message(
        "Chaque lot, pris seul, est sous le seuil ; la règle des petits lots ({basis}) peut s'appliquer si d'autres lots existent."
    ),
    "amount_unknown": message("Le montant n'est pas publié, ou n'est pas utilisable."),
    "procedure_unknown": message("La procédure n'est pas publiée, ou son libellé n'est pas connu."),
    "law_unknown": message("Les tables ne connaissent pas le droit de toute la période."),
    "unverified_rule": message("La règle appliquée reste à vérifier sur le texte officiel ({basis})."),
    "lots_added": message("{count} lots d'une même consultation sont additionnés."),
    "records_merged": message("{count} enregistrements publiés ont été rapprochés."),
    "just_under_limit": message("Montant à moins de 5 % sous un seuil ({limits})."),
    "just_over_limit": message(
        "Montant à moins de 10 % au-dessus d'un seuil ({limits}) : l'estimation a pu être en dessous."
    ),
    "similar_contracts": message(
        "{count} marchés semblables du même acheteur en un an (même catégorie CPV), {total} au total : ensemble, ils atteignent "
        "un seuil ({limits})."
    ),
}


@frozen(kw_only=True, cache_hash=True)
class Reason:
    """Why a verdict, or what is worth a look beside it (a hint).

    Attributes:
        code: Which of `TEXTS`.
        limits: The amounts in question, EUR HT, lowest first.
        legal_basis: Ids of the sources.
        about: Ids of procedures.
        on: A day.
        count: A number of records or contracts.
        total: A sum, EUR HT.
    """

    code: str
    limits: tuple[Decimal, ...] = ()
    legal_basis: tuple[str, ...] = ()
    about: tuple[str, ...] = ()
    on: datetime.date | None = None
    count: int | None = None
    total: Decimal | None = None

    def sentence(self, say: Language, table: Table) -> str:
        """The reason as a sentence."""
        return say(
            TEXTS[self.code],
            limits=say.any_of([say.euros(amount) for amount in self.limits]),
            basis=say.any_of([say(table.sources[name].citation) for name in self.legal_basis if name in table.sources]),
            about=say.any_of([say(table.procedures[name].label) for name in self.about if name in table.procedures]),
            on=say.date(self.on) if self.on is not None else "",
            count=self.count,
            total=say.euros(self.total) if self.total is not None else "",
        )

    def as_document(self, table: Table) -> dict[str, Any]:
        """The reason as plain data, with its French sentence."""
        return {
            "code": self.code,
            "text": self.sentence(language("fr"), table),
            "limits": [str(amount) for amount in self.limits],
            "legal_basis": list(self.legal_basis),
        }
