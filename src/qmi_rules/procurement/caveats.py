"""What to beware of in a decision: the horizon of the tables, values to verify, a change of law close to the date."""

import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from attrs import frozen

from qmi_rules.contexts import Purchase, whole_case
from qmi_rules.contexts.case import with_facts
from qmi_rules.findings import AmountFinding, Truth
from qmi_rules.law.compilation import status
from qmi_rules.text import message

if TYPE_CHECKING:
    from qmi_rules.procurement.decision import Decision

CLOSE = datetime.timedelta(days=92)
"""A change of law within this time after the launch is pointed out: a launch may slip by a quarter."""


@frozen(kw_only=True)
class Caveat:
    """Something to beware of.

    Attributes:
        code: ``splitting``, ``change_of_law``, ``beyond_review``, ``threshold_unknown``, ``unverified``, or ``limited_knowledge``.
        text: The sentence, in French; ``{on}`` and ``{about}`` are filled with the reader's words.
        on: The day it speaks of.
        about: Ids of the thresholds, rows or procedures concerned.
        amount: The amount it speaks of, EUR HT.
    """

    code: str
    text: str
    on: datetime.date | None = None
    about: tuple[str, ...] = ()
    amount: Decimal | None = None


def caveats_of(decision: "Decision") -> tuple[Caveat, ...]:
    """All warnings of a decision, the most pressing first."""
    found = [
        _splitting(decision),
        _contested_or_unknown(decision),
        _change(decision),
        _unverified(decision),
        _beyond(decision),
        _limited(decision),
    ]
    return tuple(warning for warning in found if warning is not None)


def _splitting(decision: "Decision") -> Caveat | None:
    """Each part of a need alone, if it were a need of its own, would open a lighter procedure than the whole does."""
    purchase, law = decision.purchase, decision.law
    amounts = [part.amount for part in decision.valuation if part.amount]
    if isinstance(purchase, Purchase) and purchase.lots:
        amounts = [lot.estimated_value for lot in purchase.lots]
    if isinstance(purchase, Purchase) and purchase.members:
        amounts = [member.part for member in purchase.members]
    if len(amounts) < 2 or decision.estimated_value is None:
        return None
    opened = {option.procedure for option in decision.options if option.truth is Truth.YES}
    largest = max(amounts)
    packed = law.evaluate(with_facts(whole_case(purchase), {"value": largest}))
    lighter = [
        p for p, opens, _ in law.table.bits(False) if packed & opens and p.id not in opened and p.rank is not None
    ]
    if not lighter:
        return None
    return Caveat(
        code="splitting",
        text=message(
            "Le besoin se compte en entier (R2121-4 interdit de le scinder pour échapper aux règles) : la plus grande part prise seule, "
            "{amount}, aurait paru ouvrir : {about}."
        ),
        about=tuple(procedure.id for procedure in lighter),
        amount=largest,
    )


def _contested_or_unknown(decision: "Decision") -> Caveat | None:
    options = (*decision.options, *(option for lot in decision.lots for option in lot.options))
    about = dict.fromkeys(key for option in options for key in option.unknown)
    if not about and not any(not decision.law.knows(option.definition) for option in decision.options):
        return None
    return Caveat(
        code="threshold_unknown",
        text=message("Les tables du droit ne connaissent pas toute la règle du {on} : {about}."),
        on=decision.purchase.launched_on,
        about=tuple(about) or tuple(o.procedure for o in decision.options if not decision.law.knows(o.definition)),
    )


def _change(decision: "Decision") -> Caveat | None:
    law = decision.law
    while law.until is not None and law.until < decision.purchase.launched_on + CLOSE:
        day = law.until + datetime.timedelta(days=1)
        law = law.table.in_force(day, law.known_on)
        case = with_facts(whole_case(decision.purchase), {"launched_on": day})
        packed, count = law.evaluate(case), len(law.table.procedures)
        changed = tuple(
            option.procedure
            for i, option in enumerate((*decision.options, *decision.arrangements))
            if status(packed, i, count) is not option.truth
        )
        if changed:
            return Caveat(
                code="change_of_law",
                text=message(
                    "Le droit change le {on} : lancée à partir de ce jour, la consultation recevrait une autre réponse ({about})."
                ),
                on=day,
                about=changed,
            )
    return None


def _unverified(decision: "Decision") -> Caveat | None:
    about = dict.fromkeys(
        finding.threshold
        for option in (*decision.options, *(option for lot in decision.lots for option in lot.options))
        if option.truth is not Truth.NO
        for finding in option.findings
        if isinstance(finding, AmountFinding) and (finding.certainty == "unverified" or finding.contested)
    )
    if not about:
        return None
    return Caveat(
        code="unverified",
        text=message("À vérifier sur le texte officiel avant de s'y fier : {about}."),
        about=tuple(about),
    )


def _beyond(decision: "Decision") -> Caveat | None:
    reviewed = decision.law.table.reviewed_on
    if reviewed is None or decision.purchase.launched_on <= reviewed:
        return None
    return Caveat(
        code="beyond_review",
        text=message(
            "Les tables du droit sont à jour au {on} ; la date de lancement est postérieure et la règle peut changer d'ici là."
        ),
        on=reviewed,
    )


def _limited(decision: "Decision") -> Caveat | None:
    if decision.law.known_on is None:
        return None
    return Caveat(
        code="limited_knowledge",
        text=message("Réponse donnée avec le seul droit publié au {on}."),
        on=decision.law.known_on,
    )
