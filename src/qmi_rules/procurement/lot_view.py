"""The lots of a decision on the page: what is open for each, what differs from the whole, each line with its status and article."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, TypeAlias

from qmi_rules.findings import Truth
from qmi_rules.law.wording import finding_sentence, linked
from qmi_rules.procurement.duties import DutyOwed
from qmi_rules.procurement.headline import rank
from qmi_rules.procurement.option_view import (
    closed_line,
    joined,
    obligations,
    option_blocks,
    status_words,
)
from qmi_rules.text import Heading, Items, Language, Line, Page, Paragraph, Strong
from qmi_rules.text.page import Block

if TYPE_CHECKING:
    from qmi_rules.procurement.decision import Decision
    from qmi_rules.procurement.lot_decision import LotDecision
    from qmi_rules.procurement.options import Option

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
        opened = sorted((option for option in lot.options if option.truth is Truth.YES), key=rank)
        names = say.all_of([say(option.label) for option in opened]) or say("aucune")
        yield Paragraph(say("Procédures ouvertes : {names}", names=names) + ".")
        own = [o for o in lot.options if o.truth is not decision[o.procedure].truth or _by_lot_rule(decision, lot, o)]
        if not own:
            yield Items([say("ce lot suit la procédure de l'ensemble")])
        for option in own:
            yield Items([_line(say, option)])
            if option.truth is Truth.YES and _by_lot_rule(decision, lot, option):
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
