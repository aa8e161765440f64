"""The explanation of a decision as a page: what is open, what depends on a point to settle, what is closed, and why."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from qmi_rules.law import Source
from qmi_rules.law.truth import Truth
from qmi_rules.law.wording import citation, quantity, question, source_lines
from qmi_rules.model import Buyer, Case, Intercommunality, Purchase
from qmi_rules.pages import Grid, Heading, Items, Language, Line, Paragraph, message
from qmi_rules.pages.blocks import Block
from qmi_rules.procurement.card.seen import limit_questions
from qmi_rules.procurement.option_view import (
    arrangement_blocks,
    closed_line,
    lots_blocks,
    option_blocks,
    option_line,
    way_of_a_lot,
)

if TYPE_CHECKING:
    from qmi_rules.procurement.decision import Decision

_JOINT = "joint_procurement"
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
DISCLAIMER = message(
    "Cette réponse informe, elle n'absout pas : elle dit ce que la base juridique permet de conclure des faits donnés, "
    "et ne remplace ni la lecture des textes ni un avis juridique."
)


def decision_blocks(decision: "Decision", say: Language) -> Iterator[Block]:
    """The whole explanation, decision first."""
    purchase = decision.purchase
    title = purchase.title if isinstance(purchase, Purchase) else say("Un cas")
    yield Heading(title, 1)
    yield Paragraph(described(decision, say))
    if decision.law.table.outside_of(decision.submission.case) is not None:
        yield from decision.answer.page(say).blocks  # of an act under another regime these tables say no more
        yield _edition(decision, say)
        return
    yield from summary(decision, say)
    options, lightest, evidence = decision.options, decision.lightest, getattr(purchase, "evidence", ())
    # the lightest way says all it obliges to; the others a line each: what they oblige to is shown where one is asked for
    opened = sorted((o for o in options if o.truth is Truth.YES), key=lambda option: option.order)
    if opened:
        yield Heading(say("Ouvert à l'acheteur"))
    if lightest is not None:
        yield from option_blocks(say, decision.option(lightest), evidence)
    for heading, others in (
        (say("Autres procédures ouvertes"), [o for o in opened if o.procedure != lightest]),
        (say("À établir"), [o for o in options if o.truth is Truth.UNDETERMINED]),
    ):
        if others:
            yield Heading(heading)
            yield Items([option_line(say, option) for option in others])
    if evidence and lightest != "innovative_purchase":
        yield Paragraph(say("Preuves citées du caractère innovant : {evidence}", evidence=say.clauses(evidence)))
    if closed := [option for option in options if option.truth is Truth.NO]:
        yield Heading(say("Fermé"))
        yield Items([closed_line(say, option) for option in closed])
    yield Heading(say("À combiner avec une procédure"))
    for option in decision.arrangements:
        yield from arrangement_blocks(say, option)
        if option.procedure == _JOINT and option.truth is not Truth.NO:
            yield from _intercommunalities(purchase, say)
    yield from lots_blocks(decision, say)
    yield from valuation_blocks(decision, say)
    if decision.warnings:
        yield Heading(say("À savoir"))
        yield Items([caveat.said(say) for caveat in decision.warnings])
    yield Heading(say("Sources"))
    yield Items(source_lines(say, decision.law.table, sources_of(decision), purchase.launched_on))
    yield _edition(decision, say)


def _edition(decision: "Decision", say: Language) -> Block:
    edition = say("Édition de la base juridique : {edition}.", edition=decision.table_edition)
    return Paragraph(f"{edition} {say(DISCLAIMER)}", "note")


def _intercommunalities(purchase: Purchase | Case, say: Language) -> Iterator[Block]:
    """Which EPCI the buyers belong to: one that they share may carry the purchase for them."""
    buyers: list[Buyer | None] = []
    if isinstance(purchase, Purchase):
        buyers += [member.buyer for member in purchase.members] or [purchase.buyer]
    communes = [buyer.commune for buyer in buyers if buyer is not None and buyer.commune is not None]
    members: dict[Intercommunality, list[str]] = {}
    for commune in dict.fromkeys(communes):
        if commune.epci is not None:
            members.setdefault(commune.epci, []).append(commune.name)
    yield from (
        Paragraph(
            say(
                "Intercommunalité de {communes} : {epci} (SIREN {siren}).",
                communes=say.all_of(names),
                epci=epci.name,
                siren=epci.siren,
            ),
            "note",
        )
        for epci, names in members.items()
    )


def sources_of(decision: "Decision") -> tuple[Source, ...]:
    """The legal texts that the explanation of a decision cites, each once."""
    options = [*decision.options, *decision.arrangements, *(o for lot in decision.lots for o in lot.options)]
    cited = [source for option in options for source in option.legal_basis]
    told = [*(o for o in decision.options if o.procedure == decision.lightest), *decision.arrangements]
    told += [option for lot in decision.lots if (option := way_of_a_lot(decision, lot)) is not None]
    cited += [duty.legal_basis for option in told if option.truth is Truth.YES for duty in option.duties]
    sources = decision.law.table.sources
    cited += [sources[part.legal_basis] for part in decision.valuation if part.legal_basis in sources]
    return tuple({source.id: source for source in cited}.values())


def described(decision: "Decision", say: Language) -> str:
    """The purchase in one sentence: value, type, buyer, date."""
    law, purchase = decision.law, decision.submission.case
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
    parts.append(f"{buyer}, {named.name} ({named.territory_name})" if named else buyer)
    parts.append(say("consultation lancée le {date}", date=say.date(purchase.launched_on)))
    return say.clauses(parts) + "."


def summary(decision: "Decision", say: Language) -> Iterator[Block]:
    """What answers first: the card, then all that is still to establish."""
    yield from decision.answer.page(say).blocks
    if questions := open_questions(decision, say):
        yield Paragraph(say("Encore à établir, le plus décisif d'abord :"))
        yield Items(questions, "numbers")


def open_questions(decision: "Decision", say: Language) -> list[Line]:
    """What is still to establish, the most decisive first: the limit that the answer hangs on, then facts, then other limits."""
    limits: list[Line] = [*limit_questions(decision, say)]
    questions = numbered_questions(decision, say)
    # while the answer hangs on which text is right, no fact settles it
    first = decision.publicity_and_competition == "undetermined"
    return [*limits, *questions] if first else [*questions, *limits]


def numbered_questions(decision: "Decision", say: Language) -> list[Line]:
    """The questions that are open, in the order in which they settle most; a lot's question names the lot."""
    lines: list[Line] = []
    for path in decision.missing:
        asked = question(say, decision.law.table, path)
        if path.startswith("lots[") and isinstance(decision.purchase, Purchase):
            lot = decision.purchase.lots[int(path[5 : path.index("]")])]
            asked = say("Lot {id} : {question}", id=lot.id, question=asked)
        lines.append(asked)
    return lines


def valuation_blocks(decision: "Decision", say: Language) -> Iterator[Block]:
    """The value of the need, part by part, each with its article."""
    parts = decision.valuation
    # a single declared amount needs no table
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
