"""The explanation of a decision as a page: what is open, what depends on a point to settle, what is closed, and why."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from qmi_rules.contexts import Purchase
from qmi_rules.findings import ChoiceFinding, Truth
from qmi_rules.procurement.sentences import citation, duty_line, fact_name, finding_sentence, linked, quantity, question
from qmi_rules.text import Grid, Heading, Items, Language, Line, Page, Paragraph, Strong, message
from qmi_rules.text.page import Block, Inline

if TYPE_CHECKING:
    from qmi_rules.procurement.caveats import Caveat
    from qmi_rules.procurement.decision import Decision, LotDecision
    from qmi_rules.procurement.options import Option

STATUS_WORDS = {
    "open": message("ouverte à l'acheteur"),
    "closed": message("fermée : il faut un autre fondement"),
    "undetermined": message("à établir"),
}
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
        "Sans publicité ni mise en concurrence : on ne peut pas encore le dire, un point reste à établir."
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
        yield Items([closed_line(decision, say, option) for option in closed])
    yield Heading(say("À combiner avec une procédure"))
    for option in decision.arrangements:
        yield from _arrangement(decision, say, option)
    for lot in decision.lots:
        yield from _lot(decision, say, lot)
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
    for path, word in (("contract_type", purchase.contract_type), ("buyer.kind", purchase.buyer_kind)):
        definition = next(fact for fact in law.facts.values() if fact.where == path)
        label = next((say(c.label) for c in definition.choices if c.id == word), None)
        parts.append(say("{fact} : {value}", fact=say(definition.label), value=label or say("non renseigné")))
    if (
        isinstance(decision.purchase, Purchase)
        and decision.purchase.buyer
        and (commune := decision.purchase.buyer.commune)
    ):
        parts.append(f"{commune.name} ({commune.ept_name})")
    parts.append(say("consultation lancée le {date}", date=say.date(purchase.launched_on)))
    return " ; ".join(parts) + "."


def summary(decision: "Decision", say: Language) -> Iterator[Block]:
    """Three lines that answer first: with or without competition, the lightest way, what to settle next."""
    yield Paragraph([Strong(say(COMPETITION[decision.publicity_and_competition]))])
    if decision.lightest is not None:
        option = decision[decision.lightest]
        yield Paragraph(
            [
                say("La voie ouverte la plus légère : {procedure} (", procedure=say(option.label)),
                *_joined([linked(say, source) for source in option.legal_basis]),
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


def _joined(parts: Iterable[Inline]) -> list[Inline]:
    out: list[Inline] = []
    for part in parts:
        out += [", ", part] if out else [part]
    return out


def _section(decision: "Decision", say: Language, heading: str, options: "list[Option]") -> Iterator[Block]:
    if not options:
        return
    yield Heading(heading)
    for option in options:
        yield from option_blocks(decision, say, option)


def option_blocks(decision: "Decision", say: Language, option: "Option") -> Iterator[Block]:
    """One option: why, what to settle, what it obliges to, what to beware of."""
    law = decision.law
    yield Heading(f"{say(option.label)} — {say(STATUS_WORDS[option.status])}", 3)
    if option.definition.description:
        yield Paragraph(say(option.definition.description))
    yield Items(
        [_ground(decision, say, option, position) for position in range(len(option.grounds))]
        or [_period(decision, say, option)]
    )
    if option.supposed and any(ground.row.when for ground in option.grounds):
        case = decision.question.case
        open_facts = [
            path
            for path, word in (("buyer.kind", case.buyer_kind), ("contract_type", case.contract_type))
            if word is None
        ]
        names = say.all_of([fact_name(say, law, path) for path in open_facts])
        yield Paragraph(say("La réponse ne dépend pas de ce qui n'est pas renseigné : {facts}.", facts=names))
    if option.contested:
        yield Paragraph(
            say(
                "À vérifier d'abord, car les sources du droit ne s'accordent pas : {thresholds}.",
                thresholds=say.all_of([say(law.table.thresholds[key].label) for key in option.contested]),
            ),
            "warning",
        )
    if option.unknown:
        yield Paragraph(
            say(
                "Non connu à cette date : {thresholds}.",
                thresholds=say.all_of([say(law.table.thresholds[key].label) for key in option.unknown]),
            ),
            "warning",
        )
    if (
        option.procedure == "innovative_purchase"
        and isinstance(decision.purchase, Purchase)
        and decision.purchase.evidence
    ):
        yield Paragraph(
            say("Preuves citées du caractère innovant : {evidence}", evidence="; ".join(decision.purchase.evidence))
        )
    yield from _obligations(decision, say, option)


def _obligations(decision: "Decision", say: Language, option: "Option") -> Iterator[Block]:
    if option.duties:
        yield Paragraph(say("Ce qu'il faut faire :"))
        yield Items([duty_line(say, decision.law, duty) for duty in option.duties], "check")
    for caution in option.cautions:
        yield Paragraph(say(caution), "warning")


def _ground(decision: "Decision", say: Language, option: "Option", position: int) -> Line:
    law, ground = decision.law, option.grounds[position]
    # a type or a buyer that fits is what the row is about; saying it again would only hide the conditions that decide
    told = [f for f in ground.findings if not (isinstance(f, ChoiceFinding) and f.truth is Truth.YES)]
    sentences = [finding_sentence(say, law, finding) for finding in told] or [say("aucune condition")]
    words = [getattr(ground.row, name, "") for name in ("ground", "local_ground")]
    head = " ; ".join(say(text) for text in words if text)
    local = say(" [règle locale : {name}]", name=ground.row.local) if ground.row.local else ""
    mark = say(" (règle non vérifiée sur le texte officiel)") if ground.row.certainty == "unverified" else ""
    basis = dict.fromkeys(key for key in (ground.row.legal_basis, getattr(ground.row, "local_basis", "")) if key)
    return [
        Strong(head[:1].upper() + head[1:] if head else ground.row.id),
        " — " + " ; ".join(sentences) + local + mark + " · ",
        *_joined([linked(say, law.table.sources[key]) for key in basis]),
    ]


def _period(decision: "Decision", say: Language, option: "Option") -> Line:
    return " ; ".join(finding_sentence(say, decision.law, finding) for finding in option.findings)


def closed_line(decision: "Decision", say: Language, option: "Option") -> Line:
    """A closed option in one line: the condition that closes each ground."""
    law = decision.law
    reasons = list(
        dict.fromkeys(
            finding_sentence(say, law, finding)
            for ground in option.grounds
            for finding in ground.findings
            if finding.truth is Truth.NO
        )
    ) or [finding_sentence(say, law, finding) for finding in option.findings]
    basis = ", ".join(citation(say, source) for source in option.legal_basis)
    local = "".join(say(" [règle locale : {name}]", name=name) for name in option.local)
    return [Strong(say(option.label)), " — " + " ; ".join(reasons) + local + (f" · {basis}" if basis else "")]


def _arrangement(decision: "Decision", say: Language, option: "Option") -> Iterator[Block]:
    yield Items([_arrangement_line(decision, say, option)])
    if option.truth is Truth.YES:  # one that depends on a point to settle is asked for first
        yield from _obligations(decision, say, option)


def _arrangement_line(decision: "Decision", say: Language, option: "Option") -> Line:
    if option.truth is Truth.NO:
        return closed_line(decision, say, option)
    text = say(STATUS_WORDS[option.status])
    if option.missing:
        text += say(
            " — selon {facts}", facts=say.all_of([fact_name(say, decision.law, path) for path in option.missing])
        )
    basis = ", ".join(citation(say, source) for source in option.legal_basis)
    return [Strong(say(option.label)), f" — {text} · {basis}"]


def _lot(decision: "Decision", say: Language, lot: "LotDecision") -> Iterator[Block]:
    """What differs for a lot from the answer for the whole; what the small-lot rules open, with what it obliges to."""
    yield Heading(say("Lot {id}", id=lot.id))
    own = [o for o in lot.options if o.truth is not decision[o.procedure].truth or _by_lot_rule(decision, lot, o)]
    if not own:
        yield Items([say("ce lot suit la procédure de l'ensemble")])
    for option in own:
        if option.truth is Truth.NO:
            yield Items([closed_line(decision, say, option)])
            continue
        sentences = " ; ".join(finding_sentence(say, decision.law, finding) for finding in option.findings)
        local = "".join(say(" [règle locale : {name}]", name=name) for name in option.local)
        yield Items([[Strong(say(option.label)), f" — {say(STATUS_WORDS[option.status])} — {sentences}{local}"]])
        if option.truth is Truth.YES and _by_lot_rule(decision, lot, option):
            yield from _obligations(decision, say, option)


def _by_lot_rule(decision: "Decision", lot: "LotDecision", option: "Option") -> bool:
    """Whether a row about lots decides, for a lot that is not said to follow the whole."""
    facts = decision.law.facts
    return lot.small_lot is not False and any(
        ground.applies and any(facts[condition.fact].lot for condition in ground.row.when) for ground in option.grounds
    )


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
