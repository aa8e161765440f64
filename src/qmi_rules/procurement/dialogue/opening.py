"""The plain questions that open a dialogue: read from data, the same on a terminal and in a browser."""

import datetime
import re
import unicodedata
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from functools import cache
from typing import Any, ClassVar

from attrs import field, frozen

from qmi_rules.law import Certainty
from qmi_rules.law.facts import fact_definitions
from qmi_rules.pages import Language, language, languages
from qmi_rules.read_only import to_read_only
from qmi_rules.schema import load_toml, package_data
from qmi_rules.schema.scalars import IDENTIFIER, SHARE, is_a, optional, to_decimal, to_tuple
from qmi_rules.schema.scalars import text as a_text


class OpeningKind(StrEnum):
    """What an opening question takes: a buyer, a text, one of some choices, an amount, a day or a month, lots with their amounts."""

    BUYER = "buyer"
    TEXT = "text"
    CHOICE = "choice"
    AMOUNT = "amount"
    DAY = "day"
    LOTS = "lots"


class WhenAsked(StrEnum):
    """Whether an opening question is asked of every purchase, or only where an answer can change the card."""

    ALWAYS = "always"
    WHERE_IT_MATTERS = "where_it_matters"


@frozen(kw_only=True)
class OpeningChoice:
    """One of the answers of a question.

    Attributes:
        id: Its word.
        label: What a person reads, in French.
        fills: What it writes into a dossier, by path; nothing where it only leads on.
    """

    OMIT_UNFILLED: ClassVar[bool] = True

    id: str = field(validator=IDENTIFIER)
    label: str = field(validator=a_text(200))
    fills: Mapping[str, Any] = field(factory=dict, converter=to_read_only)


@frozen(kw_only=True)
class FollowedAnswer:
    """The answer after which a question is asked."""

    question: str = field(validator=IDENTIFIER)
    choice: str = field(validator=IDENTIFIER)


@frozen(kw_only=True)
class OpeningQuestion:
    """One of the questions that open a dialogue.

    Attributes:
        id: Its name.
        path: What it fills in a dossier.
        kind: What it takes.
        fact: The fact of the table whose words are its choices; None = those given, or none.
        asked: Whether it is asked of every purchase.
        after: The answer after which alone it is asked; None = it is asked by itself.
        text: The question in French.
        help: What helps to answer, in French.
        choices: The answers, where they are some.
    """

    OMIT_UNFILLED: ClassVar[bool] = True

    id: str = field(validator=IDENTIFIER)
    path: str = field(validator=a_text(200))
    kind: OpeningKind
    fact: str | None = field(default=None, validator=optional(IDENTIFIER))
    asked: WhenAsked
    after: FollowedAnswer | None = None
    text: str = field(validator=a_text(300))
    help: str = field(validator=a_text(300))
    choices: tuple[OpeningChoice, ...] = field(default=(), converter=to_tuple)

    @property
    def words(self) -> tuple[OpeningChoice, ...]:
        """The answers to choose from: its own, else the words of its fact."""
        if self.choices or self.fact is None:
            return self.choices
        where = "purchase." + fact_definitions()[self.fact].where
        return tuple(
            OpeningChoice(id=word.id, label=word.label, fills={where: word.id})
            for word in fact_definitions()[self.fact].choices
        )


@frozen(kw_only=True)
class UsualVat:
    """The rate that an amount with VAT is read with where none is typed."""

    rate: Decimal = field(converter=to_decimal, validator=SHARE)
    source: str = field(validator=a_text(2_000))
    certainty: Certainty = field(validator=is_a(Certainty))


@frozen(kw_only=True)
class UnderstoodAnswer:
    """What a person may type to a kind of question, said where an answer was not understood."""

    kind: str = field(validator=IDENTIFIER)
    text: str = field(validator=a_text(300))


@frozen(kw_only=True)
class _Opening:
    vat: UsualVat
    understood: tuple[UnderstoodAnswer, ...] = field(converter=to_tuple)
    questions: tuple[OpeningQuestion, ...] = field(converter=to_tuple)


@cache
def _opening() -> _Opening:
    return load_toml(package_data("asking", "opening.toml"), _Opening)


def opening_questions() -> tuple[OpeningQuestion, ...]:
    """The questions that open a dialogue, in the order in which they are asked."""
    return _opening().questions


def usual_vat() -> Decimal:
    """The rate of VAT that is taken off an amount where none is typed."""
    return _opening().vat.rate


def understood_by(kind: str) -> str:
    """What a person may type to a kind of question (``truth``, or a word of `OpeningKind`), in French."""
    return next(one.text for one in _opening().understood if one.kind == kind)


def opening_document() -> dict[str, Any]:
    """The questions as a program reads them, every text in every language: ``{vat_rate, questions}``."""

    def each(french: str) -> dict[str, str]:
        return {code: language(code)(french) for code in languages()}

    def told(question: OpeningQuestion) -> dict[str, Any]:
        after = (
            {}
            if question.after is None
            else {"after": {"question": question.after.question, "choice": question.after.choice}}
        )
        return {
            "id": question.id,
            "path": question.path,
            "kind": str(question.kind),
            "asked": str(question.asked),
            **after,
            "text": each(question.text),
            "help": each(question.help),
            "choices": [
                {"id": choice.id, "label": each(choice.label), "fills": dict(choice.fills)} for choice in question.words
            ],
        }

    return {"vat_rate": str(usual_vat()), "questions": [told(question) for question in opening_questions()]}


YES = frozenset({"oui", "o", "yes", "y", "vrai", "true"})
NO = frozenset({"non", "n", "no", "faux", "false"})
UNKNOWN = frozenset(
    {
        "",
        "?",
        "je ne sais pas",
        "ne sais pas",
        "ne sait pas",
        "sais pas",
        "aucune idee",
        "inconnu",
        "i don't know",
        "don't know",
        "unknown",
    }
)
STOP = frozenset({"fin", "stop", "quit", "q", "exit", "end"})
BACK = frozenset({"retour", "precedent", "back"})
_FILLERS = frozenset({"le", "en", "au", "du", "de", "on", "in", "the", "of"})
_ABOUT = re.compile(r"^(?:environ|autour de|a peu pres|about|around|~|≈)\s*")
_CURRENCY = re.compile(r"€|(?:\b|(?<=\d))eur(?:os?)?\b")
_WITHOUT_VAT = re.compile(r"\s*(?:\bht\b|\bh\.t\.|\bhors taxes?\b|\bexcluding vat\b|\bexcl\.? vat\b|\bbefore vat\b)")
_WITH_VAT = re.compile(
    r"\s*(?:\bttc\b|\bt\.t\.c\.|\btoutes taxes comprises\b|\bincluding vat\b|\bincl\.? vat\b|\bwith vat\b)"
    r"(?:\s*(?:\(?\s*(?:tva|vat)?\s*(?:a|de|at|of)?\s*(?P<rate>\d{1,2}(?:[.,]\d{1,2})?)\s*%\s*\)?))?"
)
_CENT = Decimal("0.01")
_LAST_AMOUNT = re.compile(r"^(?P<name>.*?)[\s:=,]+(?P<amount>\d[\d\s.,]*\D*)$")


def plain(text: str) -> str:
    """A text as answers are compared: small letters without accents, one kind of apostrophe and of space."""
    letters = text.casefold().replace("œ", "oe").replace("’", "'").replace("€", " € ").replace("%", " % ")
    marks = "".join(one for one in unicodedata.normalize("NFKD", letters) if not unicodedata.combining(one))
    return " ".join(marks.split())


@frozen
class TypedAmount:
    """An amount as it was typed.

    Attributes:
        value: EUR HT.
        with_vat: What was typed, where that was with VAT; None = it was HT.
        rate: The rate that was taken off.
    """

    value: Decimal
    with_vat: Decimal | None = None
    rate: Decimal | None = None


def typed_amount(text: str) -> TypedAmount | None:
    """An amount as a person writes it: 60000, 60 000 € HT, 60.000, 59 999,99, 102 000 TTC; None where it is none or is ambiguous."""
    words = _ABOUT.sub("", plain(text))
    found = _WITH_VAT.search(words)
    if found is not None:
        words = words[: found.start()] + words[found.end() :]
    number = _number(_CURRENCY.sub(" ", _WITHOUT_VAT.sub("", words)))
    if number is None or found is None:
        return None if number is None else TypedAmount(number)
    rate = usual_vat() if found["rate"] is None else Decimal(found["rate"].replace(",", ".")) / 100
    value = (number / (1 + rate)).quantize(_CENT, ROUND_HALF_UP)
    return TypedAmount(value.to_integral_value() if value == value.to_integral_value() else value, number, rate)


def _number(typed: str) -> Decimal | None:
    text = re.sub(r"\s", "", typed)
    # three digits after a point or comma are thousands: nobody writes tenths of a cent
    if found := re.fullmatch(r"(\d{1,3}(?:([.,])\d{3})(?:\2\d{3})*)(?:[.,](\d{1,2}))?", text):
        cents = f".{found[3]}" if found[3] else ""
        return Decimal(re.sub(r"[.,]", "", found[1]) + cents)
    if re.fullmatch(r"\d+([.,]\d{1,2})?", text):
        return Decimal(text.replace(",", "."))
    return None


@frozen
class TypedDay:
    """A day as it was typed; of a month its first."""

    day: datetime.date
    month_only: bool = False


def typed_day(text: str) -> TypedDay | None:
    """A day or a month as a person writes it, or as the tool does: 2027-02-01, 01/02/2027, 1er février 2027, février 2027; None where it is none.

    Raises:
        ValueError: There is no such day.
    """
    typed = plain(text)
    if found := re.fullmatch(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4}|\d{2})", typed):
        first, second, third = map(int, found.groups())
        return TypedDay(datetime.date(third if third > 99 else 2000 + third, second, first))
    if found := re.fullmatch(r"(\d{4})-(\d{2})(?:-(\d{2}))?", typed):
        return TypedDay(datetime.date(int(found[1]), int(found[2]), int(found[3] or 1)), found[3] is None)
    if found := re.fullmatch(r"(\d{1,2})[/.](\d{4})", typed):
        return TypedDay(datetime.date(int(found[2]), int(found[1]), 1), True)
    words = [word for word in typed.replace(",", " ").split() if word not in _FILLERS and word not in _calendar()[1]]
    months = _calendar()[0]
    named = [months[word] for word in words if word in months]
    numbers = [re.sub(r"^(\d{1,2})(?:er|st|nd|rd|th)$", r"\1", word) for word in words if word not in months]
    match named, numbers:
        case [number], [year] if re.fullmatch(r"\d{4}", year):
            return TypedDay(datetime.date(int(year), number, 1), True)
        case [number], [of_month, year] if re.fullmatch(r"\d{1,2}", of_month) and re.fullmatch(r"\d{4}", year):
            return TypedDay(datetime.date(int(year), number, int(of_month)))
    return None


@cache
def _calendar() -> tuple[Mapping[str, int], frozenset[str]]:
    """The months by name, long and short, and the names of the days of the week, in every language that the tool speaks."""
    from babel.dates import get_day_names, get_month_names

    months = {
        plain(name).rstrip("."): number
        for code in languages()
        for width in ("abbreviated", "wide")
        for number, name in get_month_names(width, locale=code).items()
    }
    return months, frozenset(
        plain(name) for code in languages() for name in get_day_names("wide", locale=code).values()
    )


def typed_truth(text: str) -> bool | None:
    """Yes or no; None where it is neither."""
    typed = plain(text).rstrip(".! ")
    return True if typed in YES else False if typed in NO else None


def typed_choice(text: str, choices: Sequence[OpeningChoice], say: Language) -> OpeningChoice | None:
    """The choice that is meant: its number, its word, what a person reads, or the beginning or the words of one of them alone."""
    typed = plain(text).rstrip(". ")
    if typed.isdigit():
        return choices[int(typed) - 1] if 1 <= int(typed) <= len(choices) else None
    labels = {choice.id: {plain(choice.label), plain(say(choice.label)), plain(choice.id)} for choice in choices}
    wanted = set(re.findall(r"\w+", typed))
    tests: tuple[Any, ...] = (
        lambda label: label == typed,
        lambda label: len(typed) > 2 and label.startswith(typed),
        lambda label: len(typed) > 2 and wanted <= set(re.findall(r"\w+", label)),
    )
    for test in tests:
        found = [choice for choice in choices if any(test(label) for label in labels[choice.id])]
        if len(found) == 1:
            return found[0]
    return None


def typed_lots(text: str) -> list[dict[str, str]] | None:
    """Lots as "voirie 80 000 ; clôture 30 000"; None where one of them has no amount. A lot without a name is called by its number."""
    lots = []
    parts = [part.strip() for part in re.split(r"[;\n]", text) if part.strip()]
    for i, part in enumerate(parts, 1):
        alone = typed_amount(part)
        found = None if alone is not None else _LAST_AMOUNT.match(part)
        amount = alone if alone is not None else found and typed_amount(found["amount"])
        if amount is None:
            return None
        lots.append(
            {"id": (found["name"].strip(" :=-") if found else "") or str(i), "estimated_value": str(amount.value)}
        )
    return lots or None
