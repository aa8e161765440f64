"""The sentences of the card by name: the card says them here, the page in a browser says them from the compiled table."""

from collections.abc import Mapping
from typing import Final

from qmi_rules.law.truth import Certainty
from qmi_rules.pages import message

CARD: Final[Mapping[str, str]] = {
    # the first line
    "no_way": message("aucune procédure n'est établie"),
    "not_required": message("Sans publicité ni mise en concurrence : {procedure}."),
    "required": message("Avec publicité et mise en concurrence : {procedure}."),
    "other_regime": message("Un autre régime s'applique : cet acte n'est pas un marché."),
    "law_of_the_day_unknown": message("Le droit de ce jour n'est pas assez connu pour répondre."),
    "under_reserve": message("Sans publicité ni mise en concurrence, sous réserve : {procedure}."),
    "by_amount": message("Cela dépend du montant."),
    "by_text": message("Cela dépend d'un texte à vérifier ; en attendant, procédure sûre : {procedure}."),
    "by_point": message("Cela dépend d'un point à préciser ; en attendant, procédure sûre : {procedure}."),
    # the other lines
    "room": message("Il reste {distance} avant cette limite."),
    "to_verify": message("À vérifier : {doubts}."),
    "safe": message("Procédure sûre : {procedure}."),
    "rungs": message("Selon le montant HT : {rungs}."),
    "rung": message("moins de {below} : {procedure}"),
    "rung_if": message("moins de {below} si {fact} : {procedure}"),
    "last_rung": message("au-delà : {procedure}"),
    "last_rung_if": message("au-delà, si {fact} : {procedure}"),
    "signs": message("Qui signe : {who}"),
    "do": message("À faire, dans l'ordre : {duties}."),
    "next": message("Reste à savoir : {question}"),
    "presuming": message("Achat ordinaire supposé ; cas particuliers (recherche, urgence…) : autres règles."),
    # the reasons
    "side_below": message("{value}, sous le seuil de {limit}"),
    "side_at_most": message("{value}, dans la limite de {limit}"),
    "side_from": message("{value}, à partir de {limit}"),
    "side_above": message("{value}, au-delà de {limit}"),
    "only_below": message("{procedure} : seulement sous {limit}"),
    "to_establish": message("{procedure} : reste à établir {facts}"),
    # the reservations
    "contested": message("désaccord sur « {label} » : {choice}"),
    "contested_brief": message("« {label} », {amounts} selon le texte"),
    "law_unknown": message("la règle de ce jour n'est pas connue en entier ({procedures})"),
    "presumed": message("la réponse tient à ce qui est présumé, faute d'indication contraire : {facts}"),
    "notice": message("l'avis à publier dépend d'un point à préciser : {fact}"),
    "members": message("membres de nature différente : les seuils les plus bas, par prudence, faute de texte"),
    "beyond_review": message("le droit peut changer d'ici au lancement (relu le {on})"),
    f"value_{Certainty.UNVERIFIED}": message("seuil de {amount} non vérifié sur le texte officiel ({source})"),
    f"value_{Certainty.SINGLE_SOURCE}": message("seuil de {amount} connu d'une seule source ({source})"),
    f"row_{Certainty.UNVERIFIED}": message("règle non vérifiée sur le texte officiel ({source})"),
    f"row_{Certainty.SINGLE_SOURCE}": message("règle connue d'une seule source ({source})"),
    # who signs
    "mayor_by_delegation": message("le maire, par délégation du conseil, qui en rend compte à la réunion suivante"),
    "council": message(
        "le maire, une fois ce marché autorisé par le conseil, car la délégation ne va pas jusqu'à ce montant"
    ),
    "look_up_commune": message(
        "le maire si sa délégation va jusqu'à ce montant, sinon le conseil ; à lire dans la délibération"
    ),
    "look_up_local": message(
        "l'exécutif si sa délégation va jusqu'à ce montant, sinon l'assemblée ; à lire dans la délibération"
    ),
    "look_up_other": message("la personne que désignent les délégations de signature de l'acheteur"),
    # what is asked next
    "by_answer": message("Selon la réponse : {ways}."),
    "may_change": message("La réponse peut changer la procédure."),
    # the lots
    "lot_way": message("{procedure} ({basis})"),
    "lots_one": message("Lot {lots} : {way}"),
    "lots_several": message("Lots {lots} : {way}"),
    "others_one": message("{count} autre"),
    "others_several": message("{count} autres"),
    "other_lots_follow": message("les autres lots suivent la procédure de l'ensemble"),
    "lots_follow": message("Tous les lots suivent la procédure de l'ensemble"),
}
"""From a name to the French sentence; what is between braces is filled when it is said."""
