"""What would change the answer, as a page: each change with its distance, its article and what to know about it."""

from typing import TYPE_CHECKING

from qmi_rules.law import Choice
from qmi_rules.law.wording import citation, quantity, sentence_case
from qmi_rules.text import Language, Page, message
from qmi_rules.text.page import Block, Heading, Items, Paragraph

if TYPE_CHECKING:
    from qmi_rules.procurement.alterations import Alteration, Barred, Change
    from qmi_rules.procurement.whatif import WhatIf

STATUSES = {
    "open": message("La procédure est ouverte."),
    "closed": message("La procédure est fermée."),
    "undetermined": message("La réponse n'est pas déterminée."),
}


def whatif_page(result: "WhatIf", say: Language) -> Page:
    """The page of a what-if."""
    blocks: list[Block] = [
        Heading(say("Ce qui changerait la réponse : {procedure}", procedure=say(result.label)), level=1),
        Paragraph(say(STATUSES[result.status])),
        *(Paragraph(sentence_case(doubt.sentence(say)) + ".", kind="warning") for doubt in result.doubts),
    ]
    if result.status != "open":
        blocks.append(Heading(say("Ce qui l'ouvrirait")))
        opens = [*_readings(say, result), *(change_line(say, change) for change in result.opens)]
        blocks.append(
            Items(opens, kind="numbers")
            if opens
            else Paragraph(say("Aucun changement que l'acheteur puisse choisir ou établir."))
        )
    if result.status != "closed" and result.closes:
        blocks += [
            Heading(say("Ce qui la fermerait")),
            Items([change_line(say, c) for c in result.closes]),
        ]
    notes = dict.fromkeys(
        _note(say, a) for change in result.opens for a in change.alterations if a.note and a.choice == Choice.ESTIMATED
    )
    blocks += [Paragraph(note, kind="warning") for note in notes]
    if result.barred and result.status != "open":
        blocks += [
            Heading(say("Ce qui ne se choisit pas")),
            Items([_barred(say, barred) for barred in result.barred]),
        ]
    return Page(say.code, blocks)


def _readings(say: Language, result: "WhatIf") -> list[str]:
    """The readings of contested limits that would open it: nothing is left to change, only a text to read."""
    return [
        say(
            "si la lecture à {amount} est confirmée : ouverte ({source})",
            amount=quantity(say, reading.amount, limit.unit),
            source=citation(say, reading.source),
        )
        for limit in result.contested
        for reading in limit.readings
        if reading.status == "open"
    ]


def change_line(say: Language, change: "Change") -> str:
    """One change in a sentence, with its article, or the text to read where it rests on something that is not confirmed."""
    text = say.all_of([alteration_text(say, a) for a in change.alterations])
    if change.doubts:  # the text to read is the one that gives the value
        return say("{change} — {doubts}", change=text, doubts=say.clauses(d.sentence(say) for d in change.doubts))
    return f"{text} ({citation(say, change.legal_basis)})"


def alteration_text(say: Language, a: "Alteration") -> str:
    """One alteration as a condition: "si la valeur estimée du besoin baisse de 0,01 € (59 999,99 €)"."""
    if a.unit == "days":
        if a.after > a.before:
            return say("si la consultation est lancée à partir du {day}", day=say.date(a.after))
        return say("si la consultation est lancée au plus tard le {day}", day=say.date(a.after))
    fact = say(a.label)
    if a.unit == "EUR HT" and a.before is not None:
        distance, amount = say.euros(a.distance), say.euros(a.after)
        if a.after < a.before:
            return say("si {fact} baisse de {distance} ({amount})", fact=fact, distance=distance, amount=amount)
        return say("si {fact} augmente de {distance} ({amount})", fact=fact, distance=distance, amount=amount)
    if a.unit:
        amount = quantity(say, a.after, a.unit)
        if a.bound == "at_most":
            return say("si {fact} est d'au plus {amount}", fact=fact, amount=amount)
        return say("si {fact} est d'au moins {amount}", fact=fact, amount=amount)
    text = say("s'{fact}" if a.sentence.startswith("il ") else "si {fact}", fact=say(a.sentence))
    return say("{condition} (au choix de l'acheteur)", condition=text) if a.choice == Choice.CHOSEN else text


def _note(say: Language, a: "Alteration") -> str:
    return f"{say(a.note)} ({citation(say, a.note_basis)})" if a.note_basis else say(a.note)


def _barred(say: Language, barred: "Barred") -> str:
    text = say("{fact} : {reason}", fact=say(barred.label), reason=say(barred.reason))
    return f"{text} ({citation(say, barred.source)})" if barred.source else text
