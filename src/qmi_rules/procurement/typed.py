"""What a person typed, read as an answer to a question: words, numbers, amounts and days in the ways people write them."""

import datetime
import re
from decimal import Decimal
from typing import Any

from qmi_rules.procurement.asked import Question
from qmi_rules.text import message

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
        labels = {choice.label.lower(): choice.id for choice in question.choices}
        if typed in words or typed in labels:
            return labels.get(typed, typed)
        raise ValueError(typed)
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
    if re.fullmatch(r"\d{1,3}([.,]\d{3})+", text):
        return Decimal(re.sub(r"[.,]", "", text))
    if re.fullmatch(r"\d+([.,]\d{1,2})?", text):
        return Decimal(text.replace(",", "."))
    return None
