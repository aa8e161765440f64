"""A purchase asked for question by question: what a person typed, the dialogue without terminal or network, and what the answers settle."""

import datetime
import re
from collections.abc import Callable, Generator
from decimal import Decimal
from typing import Any

from qmi_rules.contexts import (
    BuyerKind,
    TerritoryCommune,
    commune_of,
    communes_edition,
    find_communes,
    one_commune,
)
from qmi_rules.errors import DocumentError
from qmi_rules.findings import Truth
from qmi_rules.law import Table, default_table, examine
from qmi_rules.law.doubts import ContestedLimit, contested_limits
from qmi_rules.law.wording import fact_name
from qmi_rules.procurement.asking.inquiry import LAUNCH, TITLE, VALUE, Inquiry, inquiry
from qmi_rules.procurement.asking.questions import WHEN, Question, answer, next_question
from qmi_rules.text import Language, language, message, visible

YES = {"oui", "o", "yes", "y", "vrai", "true"}
NO = {"non", "n", "no", "faux", "false"}
UNKNOWN = {"", "?", "je ne sais pas", "don't know", "unknown"}
STOP = {"fin", "stop", "quit", "q", "exit"}

EXPECTED = {
    "truth": message("Sont compris : oui, non, « ? », « fin »."),
    "choice": message("Sont compris : le numéro ou le mot d'une ligne, « ? », « fin »."),
    "below": message("Sont compris : oui, non, un montant comme 60 000 ou 59 999,99, « ? », « fin »."),
    "before": message("Sont compris : oui, non, un jour comme 2026-04-01 ou 01/04/2026, « ? », « fin »."),
    "date": message("Sont compris : un jour comme 2026-04-01 ou 01/04/2026, « ? », « fin »."),
    "amount": message("Sont compris : un montant comme 60 000 ou 59 999,99, « ? », « fin »."),
}
"""By kind of question, what is understood."""


class Stopped(Exception):
    """The person ended the interview."""


def parse(text: str, question: Question) -> Any:
    """What a person typed, as an answer: yes/no, a word or its number in the list, an amount, a day; None = not known.

    Raises:
        ValueError: It is no answer to this question.
        Stopped: The person wants to stop.
    """
    typed = text.strip().lower()
    if typed in STOP:
        raise Stopped
    if typed in UNKNOWN:
        return None
    if question.kind == "choice":
        words = [choice.id for choice in question.choices]
        if typed.isdigit() and 1 <= int(typed) <= len(words):
            return words[int(typed) - 1]
        # people answer with the word they read, the number beside it, or the word of the document
        labels = {choice.label.lower(): choice.id for choice in question.choices}
        if typed in words or typed in labels:
            return labels.get(typed, typed)
        raise ValueError(typed)
    # a day or an amount answers "before?" and "below?" too: who knows it exactly need not compare
    if question.kind in ("before", "date") and (day := _day(typed)) is not None:
        return day
    if question.kind in ("below", "amount") and (amount := _amount(typed)) is not None:
        return amount
    if question.kind not in ("date", "amount") and typed in YES | NO:
        return typed in YES
    raise ValueError(typed)


def _day(typed: str) -> datetime.date | None:
    """A day as 2026-04-01 or 01/04/2026; None where it is none."""
    if found := re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", typed):
        day, month, year = map(int, found.groups())
    elif found := re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", typed):
        year, month, day = map(int, found.groups())
    else:
        return None
    return datetime.date(year, month, day)


def _amount(typed: str) -> Decimal | None:
    """An amount as a person writes it: 60000, 60 000 €, 60.000, 59 999,99; None where it is none or is ambiguous."""
    text = re.sub(r"[\s€]", "", typed)
    # three digits after a point or comma are thousands: nobody writes tenths of a cent
    if re.fullmatch(r"\d{1,3}([.,]\d{3})+", text):
        return Decimal(re.sub(r"[.,]", "", text))
    if re.fullmatch(r"\d+([.,]\d{1,2})?", text):
        return Decimal(text.replace(",", "."))
    return None


WHAT = message("Qu'achetez-vous, en quelques mots ?")
_KIND = "buyer.kind"
_SHOWN = 10
LONGEST_TITLE = 2_000
"""What a person types in a few words and a purchase would refuse (a line pasted by mistake) is cut, not refused."""
HOW_MUCH = message("Quelle est la valeur estimée exacte du besoin entier, hors taxes ?")


def interview(
    document: dict[str, Any] | None = None, table: Table | None = None, known_on: datetime.date | None = None
) -> Generator[Question, Any, dict[str, Any]]:
    """The dialogue: yields questions, is sent answers (None = not known), returns the document.

    An answer that is none raises `DocumentError` inside and is asked for again: the question is yielded once more.
    """
    known = dict(document or {})
    while (question := next_question(known, table, known_on)) is not None:
        given = yield question
        try:
            known = answer(known, question, given)
        except DocumentError:
            continue
    return known


def run_interview(
    input: Callable[[str], str],
    output: Callable[[str], None],
    document: dict[str, Any] | None = None,
    *,
    lang: str = "fr",
    table: Table | None = None,
    known_on: datetime.date | None = None,
) -> dict[str, Any]:
    """Ask until everything that can be settled is settled, or the person stops; then say what is open, and why the rest is not settled.

    Args:
        input: Shows a prompt and returns a line, such as the built-in `input`.
        output: Shows a line, such as `print`.
        document: What is known already; None = nothing.
        lang: The language of the dialogue.
        table: The law; None = the national table of the package.
        known_on: Take only the law that was published by this day.

    Returns:
        The document, with all answers and what only the interview knows (``bounds``, ``unanswered``): it may be gone on with.
        `as_purchase` makes of it the purchase that `decide` takes.
    """
    say = language(lang)
    known = dict(document or {})
    next_question(known, table, known_on)  # a document at fault is refused before anything is said
    output(
        say(
            "Répondez par oui ou non, un numéro, un montant ou un jour (2026-04-01) ; « ? » si vous ne savez pas, « fin » pour arrêter."
        )
    )
    try:
        # the title decides nothing, but without it the document is no purchase
        if TITLE not in known and (title := visible(_line(input, output, say(WHAT)))[:LONGEST_TITLE]):
            known[TITLE] = title
        while (question := next_question(known, table, known_on) or _exact(known)) is not None:
            known = _answered(known, question, input, output, say)
    # an input that ends is a person who stops: what was said so far is kept
    except (Stopped, EOFError):
        pass
    for line in summary(known, say, table, known_on):
        output(line)
    return known


def _line(input: Callable[[str], str], output: Callable[[str], None], asked: str) -> str:
    output(asked)
    typed = input("> ").strip()
    if typed.lower() in STOP:
        raise Stopped
    return "" if typed.lower() in UNKNOWN else typed


def _exact(known: dict[str, Any]) -> Question | None:
    """What a purchase must say exactly and the answers only bound: the amount, the day. Nothing is guessed for the person."""
    questions = (
        Question(id=VALUE, path=VALUE, kind="amount", text=HOW_MUCH),
        Question(id=LAUNCH, path=LAUNCH, kind="date", text=WHEN),
    )
    return next(
        (
            question
            for question in questions
            if question.path in known.get("bounds", {}) and question.id not in known.get("unanswered", [])
        ),
        None,
    )


def _answered(
    known: dict[str, Any], question: Question, input: Callable[[str], str], output: Callable[[str], None], say: Language
) -> dict[str, Any]:
    """The document with the answer that the person types; the same where what is typed is none."""
    for line in lines_of(question, say):
        output(line)
    typed = input("> ")
    try:
        return answer(known, question, parse(typed, question))
    except DocumentError as error:
        output(str(error))
    except ValueError:
        if question.path == _KIND and (places := find_communes(typed, _SHOWN)):
            return _bought_by(known, typed, places, output, say)
        output(
            say(
                "Cette réponse n'est pas comprise ; la question est posée de nouveau. {expected}",
                expected=say(EXPECTED[question.kind]),
            )
        )
    return known


def _bought_by(
    known: dict[str, Any],
    typed: str,
    places: tuple[TerritoryCommune, ...],
    output: Callable[[str], None],
    say: Language,
) -> dict[str, Any]:
    """The document with the commune whose name was typed; the same, and the communes that may be meant, where they are several."""
    place = one_commune(typed)
    buyer = commune_of(place.insee_code) if place is not None else None
    if place is None or buyer is None:
        output(say("Plusieurs communes y répondent ; tapez aussi le département, ou le code :"))
        for one in places:
            output(f"  {one.insee_code} {one.name} ({one.territory_name})")
        return known
    output(
        say(
            "Commune retenue : {commune} ({territory}), {inhabitants} habitants d'après la liste des communes de France ({year}).",
            commune=buyer.name,
            territory=buyer.territory_name,
            inhabitants=say.number(buyer.population or 0),
            year=communes_edition(),
        )
    )
    named = {**known.get("buyer", {}), "insee_code": place.insee_code}
    return answer({**known, "buyer": named}, _KIND, BuyerKind.COMMUNE.value)


def lines_of(question: Question, say: Language) -> list[str]:
    """A question as lines of text, with its numbered choices."""
    choices = [f"  {i}. {say(choice.label)}" for i, choice in enumerate(question.choices, 1)]
    named = (
        [say("  ou le nom, le code postal ou le code INSEE de la commune qui achète")] if question.path == _KIND else []
    )
    return [question.ask(say), *choices, *named]


def summary(
    document: dict[str, Any], say: Language, table: Table | None = None, known_on: datetime.date | None = None
) -> list[str]:
    """What the answers settle: the procedures open, and those still undetermined, each with what would settle it."""
    table = default_table() if table is None else table
    here = inquiry(document, table, known_on)
    found = here.statuses()
    opened = [say(table.procedures[procedure].label) for procedure, truth in found.items() if truth is Truth.YES]
    lines = [say("Procédures ouvertes : {names}", names=say.all_of(opened) or say("aucune"))]
    for procedure, truth in found.items():
        if truth is Truth.UNDETERMINED:
            reasons = say.clauses(_reasons(here, procedure, say)) or say(
                "les tables du droit ne le disent pas pour ce jour"
            )
            lines.append(
                say(
                    "Non déterminée : {procedure} — {reasons}",
                    procedure=say(table.procedures[procedure].label),
                    reasons=reasons,
                )
            )
    return lines


def _reasons(here: Inquiry, procedure: str, say: Language) -> list[str]:
    """Why a procedure is not settled: facts that nobody answered, limits on which the sources disagree, an amount or day only bounded."""
    facts: dict[str, None] = {}
    limits: dict[str, ContestedLimit] = {}
    answers = set()
    for law, case in here.cases():
        examined = [examine(rule, case, law) for rule in law.relevant_rules(procedure, case)]
        facts |= dict.fromkeys(path for one in examined for path in one.missing)
        limits |= {limit.threshold: limit for limit in contested_limits(examined, law)}
        answers.add(law.statuses(case)[procedure])
    law = here.laws[-1]
    reasons = [say("à établir : {fact}", fact=fact_name(say, law.table, path)) for path in facts]
    reasons += [
        say("les sources ne s'accordent pas : {label}, {choice}", label=say(limit.label), choice=limit.choice(say))
        for limit in limits.values()
    ]
    if len(answers) > 1:
        reasons += [say("selon le montant exact du besoin")] if len(here.amounts) > 1 else []
        reasons += [say("selon le jour de lancement")] if len(here.laws) > 1 else []
    return reasons
