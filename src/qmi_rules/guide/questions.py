"""The guide's nine questions: what is asked, how it is answered, and what to do about each answer."""

from collections.abc import Iterator, Mapping
from enum import StrEnum

from attrs import AttrsInstance, field, fields, frozen

from qmi_rules.errors import DocumentError, Problem, fault
from qmi_rules.guide.chapters import LABEL, SOME_TEXT, TEXT, Room
from qmi_rules.model.dossier import Checklist, Contacted, Intention, Staff
from qmi_rules.read_only import to_read_only
from qmi_rules.schema import Wording
from qmi_rules.schema.scalars import IDENTIFIER, each, one_of, to_tuple, whole


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
