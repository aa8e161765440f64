"""The guide's chapters and what they list: one shape for all of them, and how each becomes part of a page."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar

from attrs import AttrsInstance, field, fields, frozen

from qmi_rules.errors import DocumentError, Problem, fault
from qmi_rules.law import Certainty
from qmi_rules.model.dossier import Checklist, Contacted, Intention, Staff
from qmi_rules.model.insee import INSEE_CODE
from qmi_rules.read_only import to_read_only
from qmi_rules.schema import Wording
from qmi_rules.schema.scalars import (
    IDENTIFIER,
    URL,
    each,
    is_a,
    matching,
    one_of,
    optional,
    text,
    to_decimal,
    to_tuple,
    whole,
)

LABEL = text(300)
TEXT = text(2_000)
SOME_TEXT = optional(TEXT)


class Room(StrEnum):
    """The room of the library that answers a question; ``none`` where people do."""

    PROCUREMENT = "procurement"
    SCORING = "scoring"
    FUNDING = "funding"
    BUDGET_CALENDAR = "budget_calendar"
    NONE = "none"


class Edge(StrEnum):
    """On which side of an amount the guide says something; at ``exactly`` the amount it says nothing."""

    BELOW = "below"
    EXACTLY = "exactly"
    ABOVE = "above"


@frozen(kw_only=True)
class Detail:
    """A further thing that is told, under a label of its own."""

    label: Wording = field(validator=LABEL)
    text: Wording = field(validator=TEXT)


@frozen(kw_only=True)
class Entry:
    """One thing that a chapter lists. What readers see is words; the rest is for programs and points elsewhere.

    Attributes:
        id: Names it.
        label: Its name, or all there is to say of it.
        text: What the guide says of it, in our words.
        details: What else it says, each under a label.
        note: What a reader should know about it.
        certainty: How sure it is, where that is known; the note of what is unverified says why.
        email: Where to write.
        link: Where to read on.
        numbers: The numbers that its words hold, by name; an amount is in euros.
        article: The article that the guide names.
        procedures: Ids of procedures or arrangements in the table of the law.
        rubric: Id of the rubric of the scoring room that stands for it.
        room: The room of the library that helps with it.
        insee_code: The commune where it was tried (ours).
        example: Name of the purchase document made of it, in the folder of examples (ours).
    """

    OMIT_UNFILLED: ClassVar[bool] = True

    id: str = field(validator=IDENTIFIER)
    label: Wording = field(validator=LABEL)
    text: Wording | None = field(default=None, validator=SOME_TEXT)
    details: tuple[Detail, ...] = field(default=(), converter=to_tuple)
    note: Wording | None = field(default=None, validator=SOME_TEXT)
    certainty: Certainty | None = field(default=None, validator=optional(one_of(Certainty)))
    email: str | None = field(
        default=None, validator=optional(matching(r"[^\s@<>]{1,100}@[^\s@<>]{1,100}", "an e-mail address"))
    )
    link: str | None = field(default=None, validator=optional(URL))
    numbers: Mapping[str, int] = field(factory=dict, converter=to_read_only)
    article: str | None = field(
        default=None, validator=optional(matching(r"[LRD]\d{4}-\d+(-\d+)*", 'an article such as "R2122-10"'))
    )
    procedures: tuple[str, ...] = field(default=(), converter=to_tuple, validator=each(IDENTIFIER))
    rubric: str | None = field(default=None, validator=optional(IDENTIFIER))
    room: Room | None = field(default=None, validator=optional(one_of(Room)))
    insee_code: str | None = field(default=None, validator=optional(INSEE_CODE))
    example: str | None = field(default=None, validator=optional(matching(r"[a-z-]+\.json", "the name of a JSON file")))

    def __attrs_post_init__(self) -> None:
        if self.certainty is Certainty.UNVERIFIED and not self.note:
            raise DocumentError(
                [fault("contradiction", "note", "expected what is to be verified, since the entry is unverified")]
            )


@frozen(kw_only=True)
class Chapter:
    """A part of the guide under its title.

    Attributes:
        lead: A few words that stand out before the text.
        text: What it says, paragraph by paragraph.
        details: What else it says, each under a label.
        items_title: A title over what it lists.
        items: What it lists.
        closing: What it says after the list.
        caution: What we add: how far it can be relied on.
        link: Where to read on.
        numbers: The numbers that its words hold, by name.
        rubric: Id of the rubric of the scoring room that stands for it.
    """

    OMIT_UNFILLED: ClassVar[bool] = True

    title: Wording = field(validator=LABEL)
    lead: Wording | None = field(default=None, validator=optional(LABEL))
    text: tuple[Wording, ...] = field(default=(), converter=to_tuple, validator=each(TEXT))
    details: tuple[Detail, ...] = field(default=(), converter=to_tuple)
    items_title: Wording | None = field(default=None, validator=optional(LABEL))
    items: tuple[Entry, ...] = field(default=(), converter=to_tuple)
    closing: tuple[Wording, ...] = field(default=(), converter=to_tuple, validator=each(TEXT))
    caution: Wording | None = field(default=None, validator=SOME_TEXT)
    link: str | None = field(default=None, validator=optional(URL))
    numbers: Mapping[str, int] = field(factory=dict, converter=to_read_only)
    rubric: str | None = field(default=None, validator=optional(IDENTIFIER))


@frozen(kw_only=True)
class PrintedAmount:
    """An amount that the guide prints and that the law can be asked about.

    Attributes:
        label: What the guide says of it, in French.
        edge: What it speaks of: below the amount, exactly at it (where the guide is silent), above it.
        amount: EUR HT, as printed; never the law of a day.
        thresholds: Ids of the law's thresholds that it stands for.
    """

    id: str = field(validator=IDENTIFIER)
    label: Wording = field(validator=LABEL)
    edge: Edge = field(validator=one_of(Edge))
    amount: Decimal = field(converter=to_decimal, validator=is_a(Decimal, "an amount in euros"))
    thresholds: tuple[str, ...] = field(converter=to_tuple, validator=each(IDENTIFIER))


# --- the nine questions: what is asked, how it is answered, and what to do about each answer


class AnswerKind(StrEnum):
    """How a question is answered; each admits "not known"."""

    YES_NO = "yes_no"
    YES_NO_TEXT = "yes_no_text"
    CHOICE = "choice"
    TWO_PARTS = "two_parts"


@frozen(kw_only=True)
class QuestionPart:
    """One half of a question that holds two.

    Attributes:
        room: The room that answers it.
        when_no: What to do where the answer is no.
        when_open: What to do where nobody answered.
    """

    id: str = field(validator=IDENTIFIER)
    label: Wording = field(validator=LABEL)
    room: Room = field(validator=one_of(Room))
    when_no: Wording = field(validator=TEXT)
    when_open: Wording = field(validator=TEXT)


@frozen(kw_only=True)
class QuestionChoice:
    """One of the answers to a question that offers a choice."""

    id: str = field(validator=IDENTIFIER)
    label: Wording = field(validator=LABEL)
    advice: Wording = field(validator=TEXT)


@frozen(kw_only=True)
class AnswerSought:
    """One answer that a question asks for.

    Attributes:
        path: Where it stands in a checklist: ``human_resources_available.raise_funding``.
        room: The room of the library that helps with it.
        advice: What to do next, by answer; None = nobody answered.
    """

    path: str
    room: Room
    advice: Mapping[bool | str | None, str | None] = field(converter=to_read_only)


@frozen(kw_only=True)
class GuideQuestion:
    """One of the nine questions.

    Attributes:
        id: Its key in a checklist.
        label: Its short name.
        text: The question, in our words.
        help: What a good answer rests on.
        room: The room that answers it, or helps most.
        when_yes: What to do where the answer is yes.
        when_no: What to do where it is no.
        when_open: What to do where nobody answered.
        when_untold: What to do where it is yes, but the words that should follow are missing.
        parts: For a question in two parts: what each asks.
        choices: For a choice: what there is to choose from.
    """

    number: int = field(validator=whole(1, 99))
    id: str = field(validator=IDENTIFIER)
    label: Wording = field(validator=LABEL)
    text: Wording = field(validator=TEXT)
    help: Wording = field(validator=TEXT)
    kind: AnswerKind = field(validator=one_of(AnswerKind))
    room: Room = field(validator=one_of(Room))
    when_yes: Wording | None = field(default=None, validator=SOME_TEXT)
    when_no: Wording | None = field(default=None, validator=SOME_TEXT)
    when_open: Wording | None = field(default=None, validator=SOME_TEXT)
    when_untold: Wording | None = field(default=None, validator=SOME_TEXT)
    parts: tuple[QuestionPart, ...] = field(default=(), converter=to_tuple)
    choices: tuple[QuestionChoice, ...] = field(default=(), converter=to_tuple)

    def __attrs_post_init__(self) -> None:
        if problems := [
            fault("required", name, "expected for a question of kind {kind}, but it is absent", kind=self.kind)
            for name in _NEEDED[self.kind]
            if not getattr(self, name)
        ]:
            raise DocumentError(problems)

    def sought(self) -> Iterator[AnswerSought]:
        """The answers that it asks for: one, or one for each of its parts."""
        advice: dict[bool | str | None, str | None]
        for part in self.parts:
            advice = {None: part.when_open, False: part.when_no}
            yield AnswerSought(path=f"{self.id}.{part.id}", room=part.room, advice=advice)
        if not self.parts:
            advice = {None: self.when_open, True: self.when_yes, False: self.when_no}
            advice |= {choice.id: choice.advice for choice in self.choices}
            yield AnswerSought(path=self.id, room=self.room, advice=advice)

    def words_sought(self) -> AnswerSought:
        """The words that should follow a yes."""
        return AnswerSought(path=f"{self.id}.solutions", room=self.room, advice={None: self.when_untold})


_NEEDED: dict[AnswerKind, tuple[str, ...]] = {
    AnswerKind.YES_NO: ("when_yes", "when_no", "when_open"),
    AnswerKind.YES_NO_TEXT: ("when_yes", "when_no", "when_open", "when_untold"),
    AnswerKind.CHOICE: ("when_open", "choices"),
    AnswerKind.TWO_PARTS: ("parts",),
}


@frozen(kw_only=True)
class Questions:
    """The nine questions, in the guide's order; their ids are the fields of a `Checklist`.

    Attributes:
        title: What the chapter is called.
        text: Its paragraphs.
        items: The questions.
    """

    title: Wording = field(validator=LABEL)
    text: tuple[Wording, ...] = field(converter=to_tuple, validator=each(TEXT))
    items: tuple[GuideQuestion, ...] = field(converter=to_tuple)

    def __attrs_post_init__(self) -> None:
        if problems := list(self._strangers()):
            raise DocumentError(problems)

    def _strangers(self) -> Iterator[Problem]:
        """Questions that a checklist could not answer."""
        expected = list(enumerate(_names(Checklist), start=1))
        if [(question.number, question.id) for question in self.items] != expected:
            yield fault(
                "contradiction",
                "items",
                "expected the questions {choices}, in this order",
                choices=", ".join((f"{number} {name}" for number, name in expected)),
            )
            return
        answers = {
            "mgp_or_parisandco_contacted": _names(Contacted),
            "experiment_or_direct_purchase": [str(member) for member in Intention],
            "human_resources_available": _names(Staff),
        }
        for i, question in enumerate(self.items):
            given = [part.id for part in question.parts] + [choice.id for choice in question.choices]
            if given != answers.get(question.id, []):
                yield fault(
                    "contradiction",
                    f"items[{i}]",
                    "expected the answers {expected}, got {got}",
                    expected=answers.get(question.id, []),
                    got=given,
                )


def _names(cls: type[AttrsInstance]) -> list[str]:
    return [attribute.name for attribute in fields(cls)]
