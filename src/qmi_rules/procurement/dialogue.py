"""A purchase asked for question by question: the dialogue itself, without terminal or network, and a driver for plain text."""

import datetime
from collections.abc import Callable, Generator
from typing import Any

from qmi_rules.errors import DocumentError
from qmi_rules.law import Table
from qmi_rules.procurement.asked import Question
from qmi_rules.procurement.asking import WHEN, answer, next_question
from qmi_rules.procurement.inquiry import LAUNCH, TITLE, VALUE
from qmi_rules.procurement.outcome import summary
from qmi_rules.procurement.typed import EXPECTED, STOP, UNKNOWN, Stopped, parse
from qmi_rules.text import Language, language, message

WHAT = message("Qu'achetez-vous, en quelques mots ?")
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
    output(
        say(
            "Répondez par oui ou non, un numéro, un montant ou un jour (2026-04-01) ; « ? » si vous ne savez pas, « fin » pour arrêter."
        )
    )
    try:
        if TITLE not in known and (title := _line(input, output, say(WHAT))):
            known[TITLE] = title
        while (question := next_question(known, table, known_on) or _exact(known)) is not None:
            known = _answered(known, question, input, output, say)
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
    try:
        return answer(known, question, parse(input("> "), question))
    except DocumentError as error:
        output(str(error))
    except ValueError:
        output(
            say(
                "Cette réponse n'est pas comprise ; la question est posée de nouveau. {expected}",
                expected=say(EXPECTED[question.kind]),
            )
        )
    return known


def lines_of(question: Question, say: Language) -> list[str]:
    """A question as lines of text, with its numbered choices."""
    choices = [f"  {i}. {say(choice.label)}" for i, choice in enumerate(question.choices, 1)]
    return [question.ask(say), *choices]
