"""One option of a decision on the page: why it is open, closed or to be established, what it obliges to, what to beware of."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from qmi_rules.findings import ChoiceFinding, Truth
from qmi_rules.law.wording import citation, fact_name, finding_sentence, linked, sentence_case
from qmi_rules.procurement.doubts import contested_limits
from qmi_rules.procurement.headline import limit_question
from qmi_rules.procurement.sentences import duty_line
from qmi_rules.text import Heading, Items, Language, Line, Page, Paragraph, Strong, message
from qmi_rules.text.page import Block, Inline

if TYPE_CHECKING:
    from qmi_rules.procurement.options import Option
    from qmi_rules.procurement.shared import Shared

STATUS_WORDS = {
    "open": message("voie ouverte à l'acheteur"),
    "closed": message("voie fermée : il faut un autre fondement"),
    "undetermined": message("à établir"),
}


def option_page(option: "Option", say: Language) -> Page:
    """One option alone."""
    return Page(say.code, tuple(option_blocks(say, option, getattr(option.case, "evidence", ()))))


def option_blocks(
    say: Language, option: "Option", evidence: Iterable[str] = (), shared: "Shared | None" = None
) -> Iterator[Block]:
    """One option: why, what to settle, what it obliges to, what to beware of.

    Args:
        say: The reader's language.
        option: The option.
        evidence: What is cited for the innovative character.
        shared: What is said elsewhere on the page and not repeated; None = nothing.
    """
    law = option.law
    yield Heading(f"{say(option.label)} — {status_words(say, option)}", 3)
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
        names = say.all_of([fact_name(say, law.table, path) for path in open_facts])
        yield Paragraph(say("La réponse ne dépend pas de ce qui n'est pas renseigné : {facts}.", facts=names))
    for doubt in option.doubts:
        yield Paragraph(say("{doubt}.", doubt=sentence_case(doubt.sentence(say))), "warning")
    for limit in contested_limits(option.grounds, law) if option.contested else ():
        yield Paragraph(limit_question(say, limit, option.label), "warning")
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
    yield from obligations(say, option, shared)


def obligations(say: Language, option: "Option", shared: "Shared | None" = None) -> Iterator[Block]:
    """What an option obliges to, and what to beware of."""
    duties = option.duties if shared is None else shared.own_duties(option)
    if duties:
        yield Paragraph(say("Ce qu'il faut faire :") if shared is None or not shared.duties else say("En propre :"))
        yield Items([duty_line(say, duty) for duty in duties], "check")
    for caution in option.cautions if shared is None else shared.own_cautions(option):
        yield Paragraph(say(caution), "warning")


def status_words(say: Language, option: "Option") -> str:
    """The status in words, with the reservation where it rests on something that is not confirmed."""
    words = say(STATUS_WORDS[option.status])
    return say("{status}, sous réserve", status=words) if option.doubts else words


def _ground(say: Language, option: "Option", position: int) -> Line:
    law, ground = option.law, option.grounds[position]
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
        *joined([linked(say, law.table.sources[key]) for key in basis]),
    ]


def _period(say: Language, option: "Option") -> Line:
    return say.clauses(finding_sentence(say, option.law.table, finding) for finding in option.findings)


def closed_line(say: Language, option: "Option") -> Line:
    """A closed option in one line, which says so: the condition that closes each ground."""
    law = option.law
    reasons = list(
        dict.fromkeys(
            finding_sentence(say, law.table, finding)
            for ground in option.grounds
            for finding in ground.findings
            if finding.truth is Truth.NO
        )
    ) or [finding_sentence(say, law.table, finding) for finding in option.findings]
    basis = ", ".join(citation(say, source) for source in option.legal_basis)
    local = "".join(say(" [règle locale : {name}]", name=name) for name in option.local)
    text = f" — {say('voie fermée')} — {say.clauses(reasons)}"
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
