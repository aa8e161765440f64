"""One option of a decision on the page: why it is open, closed or to be established, what it obliges to, what to beware of."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from qmi_rules.findings import ChoiceFinding, Truth
from qmi_rules.procurement.sentences import citation, duty_line, fact_name, finding_sentence, linked
from qmi_rules.text import Heading, Items, Language, Line, Page, Paragraph, Strong, message
from qmi_rules.text.page import Block, Inline

if TYPE_CHECKING:
    from qmi_rules.procurement.decision import Decision, LotDecision
    from qmi_rules.procurement.options import Option

STATUS_WORDS = {
    "open": message("voie ouverte à l'acheteur"),
    "closed": message("voie fermée : il faut un autre fondement"),
    "undetermined": message("à établir"),
}


def option_page(option: "Option", say: Language) -> Page:
    """One option alone."""
    return Page(say.code, tuple(option_blocks(say, option, getattr(option.case, "evidence", ()))))


def lot_page(lot: "LotDecision", say: Language) -> Page:
    """One lot alone: every procedure, those that are closed in one line each."""
    closed: list[Line] = [closed_line(say, option) for option in lot.options if option.truth is Truth.NO]
    blocks = [Heading(say("Lot {id}", id=lot.id), 1)]
    others = [b for o in lot.options if o.truth is not Truth.NO for b in option_blocks(say, o)]
    return Page(say.code, (*blocks, *others, *([Heading(say("Fermé")), Items(closed)] if closed else ())))


def option_blocks(say: Language, option: "Option", evidence: Iterable[str] = ()) -> Iterator[Block]:
    """One option: why, what to settle, what it obliges to, what to beware of."""
    law = option.law
    yield Heading(f"{say(option.label)} — {say(STATUS_WORDS[option.status])}", 3)
    if option.definition.description:
        yield Paragraph(say(option.definition.description))
    yield Items([_ground(say, option, position) for position in range(len(option.grounds))] or [_period(say, option)])
    if option.supposed and any(ground.row.when for ground in option.grounds):
        case = option.case
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
    if option.procedure == "innovative_purchase" and evidence:
        yield Paragraph(say("Preuves citées du caractère innovant : {evidence}", evidence="; ".join(evidence)))
    yield from _obligations(say, option)


def _obligations(say: Language, option: "Option") -> Iterator[Block]:
    if option.duties:
        yield Paragraph(say("Ce qu'il faut faire :"))
        yield Items([duty_line(say, option.law, duty) for duty in option.duties], "check")
    for caution in option.cautions:
        yield Paragraph(say(caution), "warning")


def _ground(say: Language, option: "Option", position: int) -> Line:
    law, ground = option.law, option.grounds[position]
    # a type or a buyer that fits is what the row is about; saying it again would only hide the conditions that decide
    told = [f for f in ground.findings if not (isinstance(f, ChoiceFinding) and f.truth is Truth.YES)]
    sentences = [finding_sentence(say, law, finding) for finding in told] or [say("aucune condition")]
    words = [getattr(ground.row, name, "") for name in ("ground", "local_ground")]
    head = say.clauses(say(text) for text in words if text)
    local = say(" [règle locale : {name}]", name=ground.row.local) if ground.row.local else ""
    mark = say(" (règle non vérifiée sur le texte officiel)") if ground.row.certainty == "unverified" else ""
    basis = dict.fromkeys(key for key in (ground.row.legal_basis, getattr(ground.row, "local_basis", "")) if key)
    return [
        Strong(head[:1].upper() + head[1:] if head else ground.row.id),
        " — " + say.clauses(sentences) + local + mark + " · ",
        *joined([linked(say, law.table.sources[key]) for key in basis]),
    ]


def _period(say: Language, option: "Option") -> Line:
    return say.clauses(finding_sentence(say, option.law, finding) for finding in option.findings)


def closed_line(say: Language, option: "Option") -> Line:
    """A closed option in one line: the condition that closes each ground."""
    law = option.law
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
    return [Strong(say(option.label)), " — " + say.clauses(reasons) + local + (f" · {basis}" if basis else "")]


def arrangement_blocks(say: Language, option: "Option") -> Iterator[Block]:
    yield Items([_arrangement_line(say, option)])
    if option.truth is Truth.YES:  # one that depends on a point to settle is asked for first
        yield from _obligations(say, option)


def _arrangement_line(say: Language, option: "Option") -> Line:
    if option.truth is Truth.NO:
        return closed_line(say, option)
    text = say(STATUS_WORDS[option.status])
    if option.missing:
        text += say(" — selon {facts}", facts=say.all_of([fact_name(say, option.law, path) for path in option.missing]))
    basis = ", ".join(citation(say, source) for source in option.legal_basis)
    return [Strong(say(option.label)), f" — {text} · {basis}"]


def lot_blocks(decision: "Decision", say: Language, lot: "LotDecision") -> Iterator[Block]:
    """What differs for a lot from the answer for the whole; what the small-lot rules open, with what it obliges to."""
    yield Heading(say("Lot {id}", id=lot.id))
    own = [o for o in lot.options if o.truth is not decision[o.procedure].truth or _by_lot_rule(decision, lot, o)]
    if not own:
        yield Items([say("ce lot suit la procédure de l'ensemble")])
    for option in own:
        if option.truth is Truth.NO:
            yield Items([closed_line(say, option)])
            continue
        sentences = say.clauses(finding_sentence(say, decision.law, finding) for finding in option.findings)
        local = "".join(say(" [règle locale : {name}]", name=name) for name in option.local)
        yield Items([[Strong(say(option.label)), f" — {say(STATUS_WORDS[option.status])} — {sentences}{local}"]])
        if option.truth is Truth.YES and _by_lot_rule(decision, lot, option):
            yield from _obligations(say, option)


def _by_lot_rule(decision: "Decision", lot: "LotDecision", option: "Option") -> bool:
    """Whether a row about lots decides, for a lot that is not said to follow the whole."""
    facts = decision.law.facts
    return lot.small_lot is not False and any(
        ground.applies and any(facts[condition.fact].lot for condition in ground.row.when) for ground in option.grounds
    )


def joined(parts: Iterable[Inline]) -> list[Inline]:
    out: list[Inline] = []
    for part in parts:
        out += [", ", part] if out else [part]
    return out
