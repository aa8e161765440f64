"""The explanation of a decision as a page: what is open, what depends on a point to settle, what is closed, and why."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from qmi_rules.contexts import Purchase
from qmi_rules.findings import Truth
from qmi_rules.procurement.option_view import arrangement_blocks, closed_line, joined, lot_blocks, option_blocks
from qmi_rules.procurement.sentences import citation, linked, quantity, question
from qmi_rules.text import Grid, Heading, Items, Language, Line, Page, Paragraph, Strong, message
from qmi_rules.text.page import Block

if TYPE_CHECKING:
    from qmi_rules.procurement.caveats import Caveat
    from qmi_rules.procurement.decision import Decision
    from qmi_rules.procurement.options import Option

PARTS = {
    "firm": message("tranche ferme"),
    "options": message("options"),
    "renewals": message("reconductions"),
    "yearly": message("besoin récurrent sur toute la durée"),
    "framework": message("maximum de l'accord-cadre"),
    "same_need": message("besoins homogènes déjà achetés ou prévus"),
    "operation": message("autres marchés de la même opération de travaux"),
    "rd_phases": message("phases de recherche et développement"),
    "later_purchases": message("achats envisagés ensuite"),
    "prizes": message("primes aux candidats"),
    "parts": message("parts d'un marché mixte"),
    "lots": message("somme des lots"),
    "members": message("somme des besoins des membres"),
    "declared": message("valeur déclarée"),
}
COMPETITION = {
    "not_required": message(
        "Sans publicité ni mise en concurrence : oui, c'est ouvert à l'acheteur (sous les conditions dites plus bas)."
    ),
    "required": message(
        "Sans publicité ni mise en concurrence : non, il faut une procédure avec publicité et mise en concurrence."
    ),
    "undetermined": message(
        "Sans publicité ni mise en concurrence : on ne peut pas encore le dire, un point au moins reste à établir."
    ),
}
DISCLAIMER = message(
    "Cette réponse informe, elle n'absout pas : elle dit ce que les tables du droit permettent de conclure des faits donnés, "
    "et ne remplace ni la lecture des textes ni un avis juridique."
)


def decision_page(decision: "Decision", say: Language) -> Page:
    """The whole explanation, decision first."""
    return Page(say.code, tuple(_blocks(decision, say)))


def _blocks(decision: "Decision", say: Language) -> Iterator[Block]:
    purchase = decision.purchase
    title = purchase.title if isinstance(purchase, Purchase) else say("Un cas")
    yield Heading(title, 1)
    yield Paragraph(described(decision, say))
    yield from summary(decision, say)
    options = decision.options
    yield from _section(decision, say, say("Ouvert à l'acheteur"), [o for o in options if o.truth is Truth.YES])
    yield from _section(decision, say, say("À établir"), [o for o in options if o.truth is Truth.UNDETERMINED])
    if closed := [option for option in options if option.truth is Truth.NO]:
        yield Heading(say("Fermé"))
        yield Items([closed_line(say, option) for option in closed])
    yield Heading(say("À combiner avec une procédure"))
    for option in decision.arrangements:
        yield from arrangement_blocks(say, option)
    for lot in decision.lots:
        yield from lot_blocks(decision, say, lot)
    yield from valuation_blocks(decision, say)
    if decision.warnings:
        yield Heading(say("À savoir"))
        yield Items([caveat_line(decision, say, caveat) for caveat in decision.warnings])
    yield Paragraph(
        say("Édition des tables du droit : {edition}.", edition=decision.table_edition) + " " + say(DISCLAIMER), "note"
    )


def described(decision: "Decision", say: Language) -> str:
    """The purchase in one sentence: value, type, buyer, date."""
    law, purchase = decision.law, decision.question.case
    value = decision.estimated_value
    parts = [
        say(
            "Valeur estimée du besoin : {value}",
            value=say("{amount} HT", amount=say.euros(value)) if value is not None else say("non renseignée"),
        )
    ]
    contract, kind = (
        next((say(choice.label) for choice in law.facts[fact].choices if choice.id == word), None)
        for fact, word in (("contract_type", purchase.contract_type), ("buyer_kind", purchase.buyer_kind))
    )
    parts.append(say("marché de {contract}", contract=contract) if contract else say("type de marché non renseigné"))
    buyer = say("acheteur : {kind}", kind=kind) if kind else say("acheteur non renseigné")
    named = (
        decision.purchase.buyer.commune if isinstance(decision.purchase, Purchase) and decision.purchase.buyer else None
    )
    parts.append(f"{buyer}, {named.name} ({named.ept_name})" if named else buyer)
    parts.append(say("consultation lancée le {date}", date=say.date(purchase.launched_on)))
    return say.clauses(parts) + "."


def summary(decision: "Decision", say: Language) -> Iterator[Block]:
    """The lines that answer first: with or without competition, what is contested, the lightest way, what to settle next."""
    yield Paragraph([Strong(say(COMPETITION[decision.publicity_and_competition]))])
    contested = dict.fromkeys(key for option in decision.options for key in option.contested)
    if contested and decision.publicity_and_competition == "undetermined":
        labels = [say(decision.law.table.thresholds[key].label) for key in contested]
        yield Paragraph(
            say(
                "À vérifier d'abord, car les sources du droit ne s'accordent pas : {thresholds}.",
                thresholds=say.all_of(labels),
            ),
            "warning",
        )
    if decision.lightest is not None:
        option = decision[decision.lightest]
        yield Paragraph(
            [
                say("La voie ouverte la plus légère : {procedure} (", procedure=say(option.label)),
                *joined([linked(say, source) for source in option.legal_basis]),
                ").",
            ]
        )
    if decision.missing:
        yield Paragraph(say("À établir, ce qui tranche le plus d'abord :"))
        yield Items(numbered_questions(decision, say), "numbers")


def numbered_questions(decision: "Decision", say: Language) -> list[Line]:
    """The questions that are open, in the order in which they settle most; a lot's question names the lot."""
    lines: list[Line] = []
    for path in decision.missing:
        asked = question(say, decision.law, path)
        if path.startswith("lots[") and isinstance(decision.purchase, Purchase):
            lot = decision.purchase.lots[int(path[5 : path.index("]")])]
            asked = say("Lot {id} : {question}", id=lot.id, question=asked)
        lines.append(asked)
    return lines


def _section(decision: "Decision", say: Language, heading: str, options: "list[Option]") -> Iterator[Block]:
    if not options:
        return
    yield Heading(heading)
    for option in options:
        yield from option_blocks(say, option, getattr(decision.purchase, "evidence", ()))


def valuation_blocks(decision: "Decision", say: Language) -> Iterator[Block]:
    """The value of the need, part by part, each with its article."""
    parts = decision.valuation
    if len(parts) < 2 and not any(part.part != "declared" for part in parts):
        return
    sources = decision.law.table.sources
    yield Heading(say("La valeur du besoin"))
    rows: list[list[Line]] = [
        [
            say(PARTS[part.part]),
            say("non connu : un maximum est obligatoire")
            if part.amount is None
            else quantity(say, part.amount, "EUR HT"),
            citation(say, sources[part.legal_basis]) if part.legal_basis in sources else part.legal_basis,
        ]
        for part in parts
    ]
    total = decision.estimated_value
    rows.append(
        [say("total comparé aux seuils"), quantity(say, total, "EUR HT") if total is not None else say("non connu"), ""]
    )
    yield Grid((say("Part"), say("Montant"), say("Article")), rows)
    purchase = decision.purchase
    if isinstance(purchase, Purchase) and purchase.need is not None and purchase.need.vat_rate:
        yield Paragraph(
            say(
                "Les montants donnés comprenaient la TVA ({rate}) ; elle est déduite.",
                rate=say.percent(purchase.need.vat_rate),
            )
        )


def caveat_line(decision: "Decision", say: Language, caveat: "Caveat") -> str:
    """A warning as a sentence."""
    table = decision.law.table
    names = [
        say(table.thresholds[key].label)
        if key in table.thresholds
        else say(table.procedures[key].label)
        if key in table.procedures
        else key
        for key in caveat.about
    ]
    return say(
        caveat.text,
        on=say.date(caveat.on) if caveat.on else "",
        about=say.all_of(names) if names else "",
        amount=quantity(say, caveat.amount, "EUR HT"),
    )
