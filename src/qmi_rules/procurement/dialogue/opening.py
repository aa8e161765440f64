"""The plain questions that open a dialogue: read from data, the same on a terminal and in a browser."""

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Any, ClassVar

from attrs import field, frozen

from qmi_rules.law import Certainty
from qmi_rules.law.facts import fact_definitions
from qmi_rules.pages import language, languages
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
