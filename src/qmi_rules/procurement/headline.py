"""The answer box: with or without competition, what it hangs on, which lots go another way, and what to read or settle first."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from qmi_rules.law.doubts import ContestedLimit, contested_limits
from qmi_rules.law.truth import STATUS, Truth
from qmi_rules.law.wording import STATUSES, quantity
from qmi_rules.pages import Language
from qmi_rules.procurement.card.card import short_name
from qmi_rules.procurement.card.sentences import CARD

if TYPE_CHECKING:
    from qmi_rules.procurement.decision import Decision, LotDecision
    from qmi_rules.procurement.options import Option

NAMED_LOTS = 5
"""So many lots are named in a sentence; the page lists all."""


def doubt_text(option: "Option", say: Language) -> str:
    """What an open option leaves in doubt, as one clause; empty where it is sure."""
    return say.clauses(doubt.sentence(say) for doubt in option.doubts)


def named(say: Language, lots: "list[LotDecision]") -> str:
    """Lots by name, a few of them where there are many."""
    names = [lot.id for lot in lots[:NAMED_LOTS]]
    if (rest := len(lots) - NAMED_LOTS) > 0:
        names.append(say.count(rest, CARD["others_one"], CARD["others_several"]))
    return say.all_of(names)


def lots_line(say: Language, decision: "Decision") -> str:
    """The lots that go another way than the whole, in one line; empty where there are no lots."""
    lines = list(_lots(decision, say))
    return say.clauses(lines) + "." if lines else ""


def _lots(decision: "Decision", say: Language) -> Iterator[str]:
    """The lightest way of the lots that do not follow the whole, those that have the same together; and the others."""
    ways: dict[str, list[LotDecision]] = {}
    for lot in decision.lots:
        option = min(
            (option for option in lot.options if option.truth is Truth.YES),
            key=lambda option: option.order,
            default=None,
        )
        # the empty way stands for that of the whole
        way = "" if option is None or option.procedure == decision.lightest else _way(option, say)
        ways.setdefault(way, []).append(lot)
    following = ways.pop("", [])
    for way, lots in ways.items():
        yield say.count(len(lots), CARD["lots_one"], CARD["lots_several"], lots=named(say, lots), way=way)
    if following:
        yield (say(CARD["other_lots_follow"]) if ways else say(CARD["lots_follow"]))


def _way(option: "Option", say: Language) -> str:
    basis = doubt_text(option, say) or ", ".join(short_name(say, source) for source in option.legal_basis)
    return say(CARD["lot_way"], procedure=say(option.label), basis=basis)


def limits_to_read(options: "Iterable[Option]") -> "dict[str, tuple[ContestedLimit, Option]]":
    """The contested limits that keep options undetermined, by id, each with the first option that waits for it."""
    found: dict[str, tuple[ContestedLimit, Option]] = {}
    for option in options:
        if option.contested:
            for limit in contested_limits(option.examined, option.law):
                found.setdefault(limit.threshold, (limit, option))
    return found


def limit_questions(decision: "Decision", say: Language) -> list[str]:
    """Which reading of each contested limit is right: what to read, and what it would open; of lots too."""
    options = (*decision.options, *(option for lot in decision.lots for option in lot.options))
    return [limit_question(say, limit, option.label) for limit, option in limits_to_read(options).values()]


def limit_question(say: Language, limit: ContestedLimit, procedure: str) -> str:
    """A contested limit as something to establish."""
    asked = say(
        "Quel montant faut-il retenir pour « {label} » : {choice} ? Lire ces textes.",
        label=say(limit.label),
        choice=limit.choice(say),
    )
    return " ".join([asked, *reading_lines(say, [limit], procedure)])


def reading_lines(say: Language, limits: Iterable[ContestedLimit], procedure: str) -> list[str]:
    """What each reading that settles the answer would open."""
    return [
        say(
            "Si la lecture à {amount} est confirmée, la procédure « {procedure} » est {status}.",
            amount=quantity(say, reading.amount, limit.unit),
            procedure=say(procedure),
            status=say(STATUSES[reading.status]),
        )
        for limit in limits
        for reading in limit.readings
        if reading.status == STATUS[Truth.YES]
    ]
