"""The answer box: with or without competition, what it hangs on, which lots go another way, and what to read or settle first."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from qmi_rules.findings import STATUS, Truth
from qmi_rules.law.doubts import ContestedLimit, contested_limits
from qmi_rules.law.wording import STATUSES, citation, quantity
from qmi_rules.text import Language, Paragraph, Strong, message
from qmi_rules.text.page import Block

if TYPE_CHECKING:
    from qmi_rules.procurement.decision import Decision, LotDecision
    from qmi_rules.procurement.options import Option

NAMED_LOTS = 5
"""So many lots are named in a sentence; the page lists all."""
COMPETITION = {
    "not_required": message(
        "Sans publicité ni mise en concurrence : oui, c'est ouvert à l'acheteur (sous les conditions dites plus bas)."
    ),
    "required": message(
        "Sans publicité ni mise en concurrence : non, il faut une procédure avec publicité et mise en concurrence."
    ),
    "undetermined": message(
        "Sans publicité ni mise en concurrence : on ne peut pas encore le dire, un point au moins reste à établir."
    ),
}


def headline(decision: "Decision", say: Language) -> str:
    """The answer in one sentence: a reservation, a contested limit or small lots that go another way are in it."""
    dispensed = [option for option in decision.options if option.definition.dispensed]
    match decision.publicity_and_competition:
        case "not_required":
            opened = [option for option in dispensed if option.truth is Truth.YES]
            # one way that is sure is enough to answer without reservation
            if all(option.doubts for option in opened):
                first = min(opened, key=lambda option: option.order)
                return say("Sans publicité ni mise en concurrence : oui, mais {doubt}.", doubt=doubt_text(first, say))
        case "undetermined":
            # only a limit on which everything hangs belongs in the first sentence
            if limit := next((limit for limit, _ in limits_to_read(dispensed).values() if limit.alone), None):
                return say(
                    "Sans publicité ni mise en concurrence : cela dépend d'une limite sur laquelle les sources du droit ne "
                    "s'accordent pas, « {label} » : {choice}.",
                    label=say(limit.label),
                    choice=limit.choice(say),
                )
        case "required":
            for truth, text in (
                (
                    Truth.YES,
                    message(
                        "Sans publicité ni mise en concurrence : non, sauf petits lots ({lots}) ; il faut une procédure avec "
                        "publicité et mise en concurrence."
                    ),
                ),
                (
                    Truth.UNDETERMINED,
                    message(
                        "Sans publicité ni mise en concurrence : non, sauf peut-être petits lots ({lots}) ; il faut une "
                        "procédure avec publicité et mise en concurrence."
                    ),
                ),
            ):
                if lots := [lot for lot in decision.lots if _dispensed(lot, truth)]:
                    return say(text, lots=named(say, lots))
    return say(COMPETITION[decision.publicity_and_competition])


def _dispensed(lot: "LotDecision", truth: Truth) -> bool:
    return any(option.truth is truth for option in lot.options if option.definition.dispensed)


def doubt_text(option: "Option", say: Language) -> str:
    """What an open option leaves in doubt, as one clause; empty where it is sure."""
    return say.clauses(doubt.sentence(say) for doubt in option.doubts)


def named(say: Language, lots: "list[LotDecision]") -> str:
    """Lots by name, a few of them where there are many."""
    names = [lot.id for lot in lots[:NAMED_LOTS]]
    if (rest := len(lots) - NAMED_LOTS) > 0:
        names.append(say.count(rest, "{count} autre", "{count} autres"))
    return say.all_of(names)


def answer_blocks(decision: "Decision", say: Language) -> Iterator[Block]:
    """The answer, the contested limits that it does not name yet, and the lots that go another way than the whole."""
    answer = headline(decision, say)
    yield Paragraph([Strong(answer)])
    hanging = decision.options if decision.publicity_and_competition == "undetermined" else ()
    for limit, _ in limits_to_read(hanging).values():
        # the first sentence may have said it already
        if limit.choice(say) not in answer:
            yield Paragraph(
                say(
                    "À vérifier d'abord, car les sources du droit ne s'accordent pas : {label}, {choice}.",
                    label=say(limit.label),
                    choice=limit.choice(say),
                ),
                "warning",
            )
    if told := lots_line(say, decision):
        yield Paragraph(told)


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
        yield say.count(len(lots), "Lot {lots} : {way}", "Lots {lots} : {way}", lots=named(say, lots), way=way)
    if following:
        yield (
            say("les autres lots suivent la procédure de l'ensemble")
            if ways
            else say("Tous les lots suivent la procédure de l'ensemble")
        )


def _way(option: "Option", say: Language) -> str:
    basis = doubt_text(option, say) or ", ".join(citation(say, source) for source in option.legal_basis)
    return say("{procedure} ({basis})", procedure=say(option.label), basis=basis)


def limits_to_read(options: "Iterable[Option]") -> "dict[str, tuple[ContestedLimit, Option]]":
    """The contested limits that keep options undetermined, by id, each with the first option that waits for it."""
    found: dict[str, tuple[ContestedLimit, Option]] = {}
    for option in options:
        if option.contested:
            for limit in contested_limits(option.grounds, option.law):
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
