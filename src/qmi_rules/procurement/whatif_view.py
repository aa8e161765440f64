"""What would change the answer, as a page: each change with its distance, its article and what to know about it."""

from typing import TYPE_CHECKING

from qmi_rules.law.declarations import Choice
from qmi_rules.procurement.sentences import citation
from qmi_rules.text import Language, Page, message
from qmi_rules.text.page import Block, Heading, Items, Paragraph

if TYPE_CHECKING:
    from qmi_rules.procurement.whatif import Alteration, Barred, Change, WhatIf

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
    ]
    if result.status != "open":
        blocks.append(Heading(say("Ce qui l'ouvrirait")))
        blocks.append(
            Items([change_line(say, change) for change in result.opens], kind="numbers")
            if result.opens
            else Paragraph(say("Aucun changement que l'acheteur puisse choisir ou établir."))
        )
    if result.status != "closed" and result.closes:
        blocks += [
            Heading(say("Ce qui la fermerait")),
            Items([change_line(say, c, closing=True) for c in result.closes]),
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


def change_line(say: Language, change: "Change", *, closing: bool = False) -> str:
    """One change in a sentence, with its article; what would close a procedure is no advice, and is not put as one."""
    parts = [
        say("s'il en est autrement : {fact}", fact=say(a.sentence))
        if closing and a.sentence
        else alteration_text(say, a)
        for a in change.alterations
    ]
    return f"{say.all_of(parts)} ({citation(say, change.legal_basis)})"


def alteration_text(say: Language, a: "Alteration") -> str:
    """One alteration in words: "0,01 € de moins (59 999,99 €)", "lancement à partir du 1er avril 2026"."""
    if a.unit == "days":
        if a.after > a.before:
            return say("lancement à partir du {day}", day=say.date(a.after))
        return say("lancement au plus tard le {day}", day=say.date(a.after))
    if a.unit == "EUR HT":
        if a.before is None:
            if a.bound == "at_most":
                return say("{fact} : au plus {high}", fact=say(a.label), high=say.euros(a.after))
            return say("{fact} : {low} et plus", fact=say(a.label), low=say.euros(a.after))
        distance, amount = say.euros(a.distance), say.euros(a.after)
        if a.after < a.before:
            return say("{distance} de moins ({amount})", distance=distance, amount=amount)
        return say("{distance} de plus ({amount})", distance=distance, amount=amount)
    if a.unit:
        return say("{fact} : {amount}", fact=say(a.label), amount=say.number(a.after))
    if a.choice == Choice.ESTABLISHED:
        return say("à établir : {fact}", fact=say(a.sentence))
    if a.choice == Choice.CHOSEN:
        return say("au choix de l'acheteur : {fact}", fact=say(a.sentence))
    return say(a.sentence)


def _note(say: Language, a: "Alteration") -> str:
    return f"{say(a.note)} ({citation(say, a.note_basis)})" if a.note_basis else say(a.note)


def _barred(say: Language, barred: "Barred") -> str:
    text = say("{fact} : {reason}", fact=say(barred.label), reason=say(barred.reason))
    return f"{text} ({citation(say, barred.source)})" if barred.source else text
