"""What to beware of in a decision: the way the need is counted, the horizon of the tables, values to verify, a change of law."""

import datetime
from typing import TYPE_CHECKING

from qmi_rules.contexts import whole_case
from qmi_rules.contexts.case import with_facts
from qmi_rules.findings import AmountFinding, Truth
from qmi_rules.law.compilation import status
from qmi_rules.procurement.caveat import Caveat, caveat
from qmi_rules.procurement.counting import counting_caveats
from qmi_rules.procurement.doubts import doubts_about
from qmi_rules.text import message

if TYPE_CHECKING:
    from qmi_rules.procurement.decision import Decision

CLOSE = datetime.timedelta(days=92)
"""A change of law within this time after the launch is pointed out: a launch may slip by a quarter."""


def caveats_of(decision: "Decision") -> tuple[Caveat, ...]:
    """All warnings of a decision, the most pressing first."""
    found = [
        *counting_caveats(decision),
        _contested_or_unknown(decision),
        _change(decision),
        _unverified(decision),
        _beyond(decision),
        _limited(decision),
    ]
    return tuple(warning for warning in found if warning is not None)


def _contested_or_unknown(decision: "Decision") -> Caveat | None:
    options = (*decision.options, *(option for lot in decision.lots for option in lot.options))
    about = dict.fromkeys(key for option in options for key in option.unknown)
    if not about and not any(not decision.law.knows(option.definition) for option in decision.options):
        return None
    thresholds = decision.law.table.thresholds
    return caveat(
        "threshold_unknown",
        message("Les tables du droit ne connaissent pas toute la règle du {on} : {about}."),
        on=decision.purchase.launched_on,
        about={key: thresholds[key].label for key in about}
        or {o.procedure: o.label for o in decision.options if not decision.law.knows(o.definition)},
    )


def _change(decision: "Decision") -> Caveat | None:
    law = decision.law
    while law.until is not None and law.until < decision.purchase.launched_on + CLOSE:
        day = law.until + datetime.timedelta(days=1)
        law = law.table.in_force(day, law.known_on)
        case = with_facts(whole_case(decision.purchase), {"launched_on": day})
        packed, count = law.evaluate(case), len(law.table.procedures)
        changed = {
            option.procedure: option
            for i, option in enumerate((*decision.options, *decision.arrangements))
            if status(packed, i, count) is not option.truth
        }
        if changed:
            return caveat(
                "change_of_law",
                message(
                    "Le droit change le {on} : lancée à partir de ce jour, la consultation recevrait une autre réponse ({about}), "
                    "à vérifier sur le texte officiel."
                )
                if any(doubts_about(procedure, case, law) for procedure in changed)
                else message(
                    "Le droit change le {on} : lancée à partir de ce jour, la consultation recevrait une autre réponse ({about})."
                ),
                on=day,
                about={procedure: option.label for procedure, option in changed.items()},
            )
    return None


def _unverified(decision: "Decision") -> Caveat | None:
    about = {
        finding.threshold: finding.label
        for option in (*decision.options, *(option for lot in decision.lots for option in lot.options))
        if option.truth is not Truth.NO
        for finding in option.findings
        if isinstance(finding, AmountFinding) and (finding.certainty == "unverified" or finding.contested)
    }
    if not about:
        return None
    return caveat("unverified", message("À vérifier sur le texte officiel avant de s'y fier : {about}."), about=about)


def _beyond(decision: "Decision") -> Caveat | None:
    reviewed = decision.law.table.reviewed_on
    if reviewed is None or decision.purchase.launched_on <= reviewed:
        return None
    return caveat(
        "beyond_review",
        message(
            "Les tables du droit sont à jour au {on} ; la date de lancement est postérieure et la règle peut changer d'ici là."
        ),
        on=reviewed,
    )


def _limited(decision: "Decision") -> Caveat | None:
    if decision.law.known_on is None:
        return None
    return caveat(
        "limited_knowledge",
        message("Réponse donnée avec le seul droit publié au {on}."),
        on=decision.law.known_on,
    )
