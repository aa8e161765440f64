"""The options of a decision on the page: why each is open, closed or to be established, what it obliges to, alone, with others, and lot by lot."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from qmi_rules.findings import ChoiceFinding, Truth
from qmi_rules.law.doubts import contested_limits, contested_rows
from qmi_rules.law.wording import citation, fact_name, finding_sentence, linked, linked_version, sentence_case
from qmi_rules.procurement.duties import DutyOwed, duty_line
from qmi_rules.procurement.headline import limit_question
from qmi_rules.text import Heading, Items, Language, Line, Page, Paragraph, Strong, message
from qmi_rules.text.page import Block, Inline

if TYPE_CHECKING:
    from qmi_rules.procurement.decision import Decision, LotDecision
    from qmi_rules.procurement.options import Option


T = TypeVar("T")
SHARED = message("Obligations communes aux autres procédures ouvertes ou à établir")


class Shared:
    """What at least two of some options share.

    Attributes:
        options: The options.
        duties: The shared duties, each with the options that bring it.
        cautions: The shared cautions, in French, each with the options that it concerns.
    """

    def __init__(self, options: "list[Option]") -> None:
        self.options = options
        self.duties = _shared((duty, option) for option in options for duty in option.duties)
        self.cautions = _shared((caution, option) for option in options for caution in option.cautions)

    def own_duties(self, option: "Option") -> list[DutyOwed]:
        """The duties that an option does not share."""
        return [duty for duty in option.duties if duty not in self.duties]

    def own_cautions(self, option: "Option") -> list[str]:
        """The cautions that an option does not share."""
        return [caution for caution in option.cautions if caution not in self.cautions]

    def blocks(self, say: Language) -> Iterator[Block]:
        """What is shared; where not by all of the options, with their names."""
        if not (self.duties or self.cautions):
            return
        yield Heading(say(SHARED))
        yield Items(
            [[*duty_line(say, duty), self._concerned(say, options)] for duty, options in self.duties.items()],
            "check",
        )
        for caution, options in self.cautions.items():
            yield Paragraph(say(caution) + self._concerned(say, options), "warning")

    def _concerned(self, say: Language, options: "list[Option]") -> str:
        if len(options) == len(self.options):
            return ""
        return say(" — pour : {procedures}", procedures=say.all_of([say(option.label) for option in options]))


def _shared(entries: "Iterable[tuple[T, Option]]") -> "dict[T, list[Option]]":
    found: dict[T, list[Option]] = {}
    for entry, option in entries:
        found.setdefault(entry, []).append(option)
    return {entry: options for entry, options in found.items() if len(options) > 1}


STATUS_WORDS = {
    "open": message("voie ouverte à l'acheteur"),
    "closed": message("voie fermée : il faut un autre fondement"),
    "undetermined": message("à établir"),
}


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
    # the sentences leave out what was only supposed; the reader is told that it does not matter
    if option.supposed and any(ground.row.when for ground in option.grounds):
        case = option.case
        open_facts = [
            path
            for path, word in (("buyer.kind", case.buyer_kind), ("contract_type", case.contract_type))
            if word is None
        ]
        names = say.all_of([fact_name(say, law.table, path) for path in open_facts])
        yield Paragraph(say("La réponse ne dépend pas de ce qui n'est pas renseigné : {facts}.", facts=names))
    for doubt in (*option.doubts, *contested_rows(option.grounds, law)):
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
    # duties last: why it is open comes before what it costs
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


Obligations: TypeAlias = tuple[str, tuple[DutyOwed, ...], tuple[str, ...]]
"""A procedure, its duties and its cautions."""


def lot_page(lot: "LotDecision", say: Language) -> Page:
    """One lot alone: every procedure, those that are closed in one line each."""
    closed: list[Line] = [closed_line(say, option) for option in lot.options if option.truth is Truth.NO]
    blocks = [Heading(say("Lot {id}", id=lot.id), 1)]
    others = [b for o in lot.options if o.truth is not Truth.NO for b in option_blocks(say, o)]
    return Page(say.code, (*blocks, *others, *([Heading(say("Fermé")), Items(closed)] if closed else ())))


def lots_blocks(decision: "Decision", say: Language) -> Iterator[Block]:
    """What is open for each lot; what differs from the answer for the whole; what the small-lot rules open, with what it obliges to.

    What obliges two lots alike is said of the first.
    """
    told: dict[Obligations, str] = {}
    for lot in decision.lots:
        yield Heading(say("Lot {id}", id=lot.id))
        opened = sorted(
            (option for option in lot.options if option.truth is Truth.YES), key=lambda option: option.order
        )
        names = say.all_of([say(option.label) for option in opened]) or say("aucune")
        yield Paragraph(say("Procédures ouvertes : {names}", names=names) + ".")
        own = [o for o in lot.options if o.truth is not decision[o.procedure].truth or _by_lot_rule(decision, lot, o)]
        if not own:
            yield Items([say("ce lot suit la procédure de l'ensemble")])
        for option in own:
            yield Items([_line(say, option)])
            if option.truth is Truth.YES and _by_lot_rule(decision, lot, option):
                # lots often share all they oblige to: three hundred lots must not make three hundred lists
                first = told.setdefault((option.procedure, option.duties, option.cautions), lot.id)
                if first == lot.id:
                    yield from obligations(say, option)
                else:
                    yield Paragraph(say("Ce qu'il faut faire : comme pour le lot {id}.", id=first))


def _line(say: Language, option: "Option") -> Line:
    """An option of a lot in one line: its status, why, the article."""
    if option.truth is Truth.NO:
        return closed_line(say, option)
    sentences = say.clauses(finding_sentence(say, option.law.table, finding) for finding in option.findings)
    local = "".join(say(" [règle locale : {name}]", name=name) for name in option.local)
    return [
        Strong(say(option.label)),
        f" — {status_words(say, option)} — {sentences}{local} · ",
        *joined([linked(say, source) for source in option.legal_basis]),
    ]


def _by_lot_rule(decision: "Decision", lot: "LotDecision", option: "Option") -> bool:
    """Whether a row about lots decides, for a lot that is not said to follow the whole."""
    facts = decision.law.facts
    return lot.small_lot is not False and any(
        ground.applies and any(facts[condition.fact].lot for condition in ground.row.when) for ground in option.grounds
    )
