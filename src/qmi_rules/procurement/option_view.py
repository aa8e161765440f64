"""The options of a decision on the page: why each is open, closed or to be established, what it obliges to, alone, with others, and lot by lot."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from qmi_rules.law import Pitfall
from qmi_rules.law.doubts import contested_limits, contested_rows
from qmi_rules.law.findings import ChoiceFinding
from qmi_rules.law.truth import Truth
from qmi_rules.law.wording import (
    citation,
    citations,
    fact_name,
    finding_sentence,
    linked,
    linked_version,
    quantity,
    sentence_case,
)
from qmi_rules.pages import Grid, Heading, Items, Language, Line, Page, Paragraph, Strong, message
from qmi_rules.pages.blocks import Block, Inline
from qmi_rules.procurement.card.making import as_done
from qmi_rules.procurement.card.seen import limit_question, named
from qmi_rules.procurement.duties import DutyOwed, duty_line

if TYPE_CHECKING:
    from qmi_rules.procurement.decision import Decision, LotDecision
    from qmi_rules.procurement.options import Option


STATUS_WORDS = {
    "open": message("procédure ouverte à l'acheteur"),
    "closed": message("procédure fermée : il faut un autre fondement"),
    "undetermined": message("à établir"),
}


def option_blocks(say: Language, option: "Option", evidence: Iterable[str] = ()) -> Iterator[Block]:
    """One option: why, what to settle, what it obliges to, what to beware of.

    Args:
        say: The reader's language.
        option: The option.
        evidence: What is cited for the innovative character.
    """
    law = option.law
    yield Heading(f"{say(option.label)} — {status_words(say, option)}", 3)
    if option.definition.description:
        yield Paragraph(say(option.definition.description))
    yield Items([_ground(say, option, position) for position in range(len(option.examined))] or [_period(say, option)])
    # the sentences leave out what was only supposed; the reader is told that it does not matter
    if option.supposed and any(ground.row.when for ground in option.examined):
        case = option.case
        open_facts = [
            path
            for path, word in (("buyer.kind", case.buyer_kind), ("contract_type", case.contract_type))
            if word is None
        ]
        names = say.all_of([fact_name(say, law.table, path) for path in open_facts])
        yield Paragraph(say("La réponse ne dépend pas de ce qui n'est pas renseigné : {facts}.", facts=names))
    for doubt in (*option.doubts, *contested_rows(option.examined, law)):
        yield Paragraph(say("{doubt}.", doubt=sentence_case(doubt.sentence(say))), "warning")
    for limit in contested_limits(option.examined, law) if option.contested else ():
        yield Paragraph(limit_question(say, limit, option.label), "warning")
    if option.unknown:
        yield Paragraph(
            say(
                "Non connu à cette date : {thresholds}.",
                thresholds=say.all_of([say(one.text) for one in option.unknown]),
            ),
            "warning",
        )
    if option.procedure == "innovative_purchase" and evidence:
        yield Paragraph(say("Preuves citées du caractère innovant : {evidence}", evidence="; ".join(evidence)))
    # duties last: why it is open comes before what it costs
    yield from obligations(say, option)


def obligations(say: Language, option: "Option") -> Iterator[Block]:
    """What an option obliges to, and what to beware of."""
    if option.duties:
        yield Paragraph(say("Ce qu'il faut faire :"))
        yield Items([duty_line(say, duty) for duty in as_done(option.duties, option.law.table)], "check")
    for caution in option.cautions:
        yield Paragraph(say(caution.text), "warning")


def status_words(say: Language, option: "Option") -> str:
    """The status in words, with the reservation where it rests on something that is not confirmed."""
    words = say(STATUS_WORDS[option.status])
    return say("{status}, sous réserve", status=words) if option.doubts else words


def _ground(say: Language, option: "Option", position: int) -> Line:
    law, ground = option.law, option.examined[position]
    # a type or a buyer that fits is what the row is about; saying it again would only hide the conditions that decide
    told = [f for f in ground.findings if not (isinstance(f, ChoiceFinding) and f.truth is Truth.YES)]
    sentences = [finding_sentence(say, law.table, finding) for finding in told] or [say("aucune condition")]
    words = [getattr(ground.row, name, "") for name in ("ground", "local_ground")]
    head = sentence_case(say.clauses(say(text) for text in words if text))
    local = say(" [règle locale : {name}]", name=ground.row.local) if ground.row.local else ""
    mark = say(" (règle non vérifiée sur le texte officiel)") if ground.row.certainty == "unverified" else ""
    basis = dict.fromkeys(key for key in (ground.row.legal_basis, getattr(ground.row, "local_basis", "")) if key)
    return [
        Strong(head or ground.row.id),
        " — " + say.clauses(sentences) + local + mark + " · ",
        *[
            part
            for i, key in enumerate(basis)
            for part in ([", "] if i else []) + linked_version(say, law.table.cited(key, option.case.launched_on))
        ],
    ]


def _period(say: Language, option: "Option") -> Line:
    return say.clauses(finding_sentence(say, option.law.table, finding) for finding in option.findings)


def closed_line(say: Language, option: "Option") -> Line:
    """A closed option in one line, which says so: the condition that closes each ground."""
    law = option.law
    reasons = list(
        dict.fromkeys(
            finding_sentence(say, law.table, finding)
            for ground in option.examined
            for finding in ground.findings
            if finding.truth is Truth.NO
        )
    ) or [finding_sentence(say, law.table, finding) for finding in option.findings]
    basis = citations(say, option.legal_basis)
    local = "".join(say(" [règle locale : {name}]", name=name) for name in option.local)
    text = f" — {say('procédure fermée')} — {say.clauses(reasons)}"
    return [Strong(say(option.label)), text + local + (f" · {basis}" if basis else "")]


def arrangement_blocks(say: Language, option: "Option") -> Iterator[Block]:
    """An arrangement in one line; one that is open with what it obliges to."""
    yield Items([_arrangement_line(say, option)])
    if option.truth is Truth.YES:  # one that depends on a point to settle is asked for first
        yield from obligations(say, option)


def _arrangement_line(say: Language, option: "Option") -> Line:
    if option.truth is Truth.NO:
        return closed_line(say, option)
    text = say(STATUS_WORDS[option.status])
    if option.missing:
        text += say(
            " — selon {facts}", facts=say.all_of([fact_name(say, option.law.table, path) for path in option.missing])
        )
    basis = ", ".join(citation(say, source) for source in option.legal_basis)
    return [Strong(say(option.label)), f" — {text} · {basis}"]


def joined(parts: Iterable[Inline]) -> list[Inline]:
    """Parts of a line with commas between them."""
    out: list[Inline] = []
    for part in parts:
        out += [", ", part] if out else [part]
    return out


def lot_page(lot: "LotDecision", say: Language) -> Page:
    """One lot alone: every procedure, those that are closed in one line each."""
    closed: list[Line] = [closed_line(say, option) for option in lot.options if option.truth is Truth.NO]
    blocks = [Heading(say("Lot {id}", id=lot.id), 1)]
    others = [b for o in lot.options if o.truth is not Truth.NO for b in option_blocks(say, o)]
    return Page(say.code, (*blocks, *others, *([Heading(say("Fermé")), Items(closed)] if closed else ())))


def lots_blocks(decision: "Decision", say: Language) -> Iterator[Block]:
    """The lots in one table; then what differs from the answer for the whole, and what the way of a lot obliges to, once for all that share it."""
    if not decision.lots:
        return
    yield Heading(say("Lot par lot"))
    values = [lot.estimated_value for lot in decision.purchase.lots]  # type: ignore[union-attr]
    rows: list[list[Line]] = []
    for lot, value in zip(decision.lots, values, strict=True):
        way = way_of_a_lot(decision, lot)
        rows.append(
            [
                lot.id,
                say("non connu") if value is None else quantity(say, value, "EUR HT"),
                say("comme l'ensemble") if way is None else say(way.label),
            ]
        )
    yield Grid((say("Lot"), say("Montant"), say("Procédure la plus légère")), rows)
    yield from _differences(decision, say)
    told: dict[tuple[str, tuple[DutyOwed, ...], tuple[Pitfall, ...]], list[LotDecision]] = {}
    for lot in decision.lots:
        if (way := way_of_a_lot(decision, lot)) is not None:
            # lots often share all they oblige to: three hundred lots must not make three hundred lists
            told.setdefault((way.procedure, way.duties, way.cautions), []).append(lot)
    for (procedure, _, _), lots in told.items():
        yield Heading(
            say("{procedure}, lots : {lots}", procedure=say(lots[0].option(procedure).label), lots=named(say, lots)), 3
        )
        yield from obligations(say, lots[0].option(procedure))


def way_of_a_lot(decision: "Decision", lot: "LotDecision") -> "Option | None":
    """The lightest way that a row about lots opens for a lot; None where it follows the whole."""
    opened = [option for option in lot.options if option.truth is Truth.YES]
    lightest = min(opened, key=lambda option: option.order, default=None)
    return lightest if lightest is not None and _by_lot_rule(decision, lot, lightest) else None


def _differences(decision: "Decision", say: Language) -> Iterator[Block]:
    """Each procedure that is not for a lot what it is for the whole, with the lots of which the same is said."""
    found: dict[tuple[str, str, tuple[str, ...]], list[Option]] = {}
    names: dict[int, str] = {}
    for lot in decision.lots:
        for option in lot.options:
            if option.truth is not decision.option(option.procedure).truth or _by_lot_rule(decision, lot, option):
                grounds = tuple(ground.row.id for ground in option.examined if ground.applies)
                found.setdefault((option.procedure, option.status, grounds), []).append(option)
                names[id(option)] = lot.id
    lines: list[Line] = []
    for options in found.values():
        first, *others = options
        said = [set(_sentences(say, option)) for option in others]
        # the value of one lot is not said of another: only what all of them share stands here
        why = [sentence for sentence in _sentences(say, first) if all(sentence in known for known in said)]
        bases = [say(getattr(ground.row, "ground", "")) for ground in first.examined if ground.applies]
        lines.append(
            [
                Strong(say(first.label)),
                f" — {status_words(say, first)} ({say.all_of([names[id(option)] for option in options])}) — ",
                say.clauses(dict.fromkeys([*filter(None, bases), *why])) + " · ",
                *joined([linked(say, source) for source in first.legal_basis]),
            ]
        )
    if lines:
        yield Items(lines)


def _sentences(say: Language, option: "Option") -> list[str]:
    """What makes an option what it is: what is in favour of an open one, against a closed one, not known of another."""
    decisive = [finding for finding in option.findings if finding.truth is option.truth]
    return [finding_sentence(say, option.law.table, finding) for finding in decisive or option.findings]


def option_line(say: Language, option: "Option") -> Line:
    """An option that is not closed in one line: its status and why, or what is to be established; the article."""
    findings = option.findings
    if option.truth is Truth.UNDETERMINED:
        findings = tuple(
            f for f in findings if f.truth is Truth.UNDETERMINED and getattr(f, "fact", None) not in option.missing
        )
    told = [finding_sentence(say, option.law.table, finding) for finding in findings]
    told += [doubt.sentence(say) for doubt in option.doubts]
    if option.missing:
        names = [fact_name(say, option.law.table, path) for path in option.missing]
        told.insert(0, say("à établir : {fact}", fact=say.all_of(dict.fromkeys(names))))
    elif option.truth is Truth.YES:
        told.insert(0, status_words(say, option))
    local = "".join(say(" [règle locale : {name}]", name=name) for name in option.local)
    return [
        Strong(say(option.label)),
        f" — {say.clauses(dict.fromkeys(told))}{local} · ",
        *joined([linked(say, source) for source in option.legal_basis]),
    ]


def _by_lot_rule(decision: "Decision", lot: "LotDecision", option: "Option") -> bool:
    """Whether a row about lots decides, for a lot that is not said to follow the whole."""
    facts = decision.law.facts
    return lot.small_lot is not False and any(
        ground.applies and any(facts[condition.fact].lot for condition in ground.row.when) for ground in option.examined
    )
