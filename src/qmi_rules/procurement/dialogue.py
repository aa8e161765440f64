"""A purchase asked for question by question: the dialogue itself, without terminal or network, and a driver for plain text."""

import datetime
import re
from collections.abc import Callable, Generator
from decimal import Decimal
from typing import Any

from qmi_rules.contexts import Purchase
from qmi_rules.documents import structure
from qmi_rules.errors import DocumentError
from qmi_rules.findings import Truth
from qmi_rules.law import Table, default_table
from qmi_rules.procurement.inquiry import EXTRA, LAUNCH, TITLE, Question, answer, inquiry, next_question
from qmi_rules.text import Language, language

YES = {"oui", "o", "yes", "y", "vrai", "true"}
NO = {"non", "n", "no", "faux", "false"}
UNKNOWN = {"", "?", "je ne sais pas", "don't know", "unknown"}
STOP = {"fin", "stop", "quit", "q", "exit"}


class Stopped(Exception):
    """The person ended the interview."""


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
        if typed in words:
            return typed
        raise ValueError(typed)
    if question.kind in ("before", "date") and (day := _day(typed)) is not None:
        return day
    if question.kind == "below" and (amount := _amount(typed)) is not None:
        return amount
    if question.kind != "date" and typed in YES | NO:
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
    if re.fullmatch(r"\d{1,3}([.,]\d{3})+", text):
        return Decimal(re.sub(r"[.,]", "", text))
    if re.fullmatch(r"\d+([.,]\d{1,2})?", text):
        return Decimal(text.replace(",", "."))
    return None


def run_interview(
    input: Callable[[str], str],
    output: Callable[[str], None],
    document: dict[str, Any] | None = None,
    *,
    lang: str = "fr",
    table: Table | None = None,
    known_on: datetime.date | None = None,
) -> dict[str, Any]:
    """Ask until everything that can be settled is settled, or the person stops; then say what is open.

    Args:
        input: Shows a prompt and returns a line, such as the built-in `input`.
        output: Shows a line, such as `print`.
        document: What is known already; None = nothing.
        lang: The language of the dialogue.
        table: The law; None = the national table of the package.
        known_on: Take only the law that was published by this day.

    Returns:
        The document, with all answers; `decide` takes it once `title` and `launched_on` are in it.
    """
    say = language(lang)
    known = dict(document or {})
    output(
        say(
            "Répondez par oui ou non, un numéro, un montant ou un jour (2026-04-01) ; « ? » si vous ne savez pas, « fin » pour arrêter."
        )
    )
    while (question := next_question(known, table, known_on)) is not None:
        for line in lines_of(question, say):
            output(line)
        try:
            known = answer(known, question, parse(input("> "), question))
        except Stopped:
            break
        except EOFError:
            break
        except DocumentError as error:
            output(str(error))
        except ValueError:
            output(say("Cette réponse n'est pas comprise ; la question est posée de nouveau."))
    for line in summary(known, say, table, known_on):
        output(line)
    return known


def lines_of(question: Question, say: Language) -> list[str]:
    """A question as lines of text, with its numbered choices."""
    choices = [f"  {i}. {say(choice.label)}" for i, choice in enumerate(question.choices, 1)]
    return [question.ask(say), *choices]


def summary(
    document: dict[str, Any], say: Language, table: Table | None = None, known_on: datetime.date | None = None
) -> list[str]:
    """What the answers settle: the procedures open, and those still undetermined."""
    table = table or default_table()
    found = inquiry(document, table, known_on).statuses()
    names: dict[Truth, list[str]] = {truth: [] for truth in Truth}
    for procedure, truth in found.items():
        names[truth].append(say(table.procedures[procedure].label))
    lines = [say("Procédures ouvertes : {names}", names=say.all_of(names[Truth.YES]) or say("aucune"))]
    if names[Truth.UNDETERMINED]:
        lines.append(say("Non déterminées : {names}", names=say.all_of(names[Truth.UNDETERMINED])))
    return lines


def as_purchase(document: dict[str, Any], title: str = "") -> Purchase:
    """The purchase that the answers describe; what is only known by bounds stays unfilled.

    Raises:
        DocumentError: The day of launch is missing, or something is wrong in the document.
    """
    filled = {key: value for key, value in document.items() if key not in EXTRA}
    if title and TITLE not in filled:
        filled[TITLE] = title
    if LAUNCH not in filled:
        since = document.get("bounds", {}).get(LAUNCH, {}).get("from")
        filled |= {LAUNCH: since} if since else {}
    return structure(filled, Purchase)
