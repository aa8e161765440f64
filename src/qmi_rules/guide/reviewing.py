"""The nine questions on one purchase: what is answered, what is open, what to do next, and which room helps."""

from collections.abc import Collection, Iterator, Mapping
from enum import StrEnum
from typing import Any

from attrs import field, fields, frozen

from qmi_rules.contexts.dossier import Checklist, PastNeed
from qmi_rules.documents import structure
from qmi_rules.documents.read_only import to_read_only
from qmi_rules.documents.scalars import require, shown, to_tuple
from qmi_rules.errors import DocumentError, Problem
from qmi_rules.guide.book import Guide, default_guide
from qmi_rules.guide.questions import Question
from qmi_rules.guide.review_page import review_blocks
from qmi_rules.guide.words import AnswerKind, Room
from qmi_rules.text import Explained, Language, Page


class ReviewStatus(StrEnum):
    """Whether a question is answered."""

    ANSWERED = "answered"
    PARTLY = "partly"
    OPEN = "open"


class Origin(StrEnum):
    """Who answered: the person, or the rest of the dossier."""

    PERSON = "person"
    DOSSIER = "dossier"


@frozen(kw_only=True)
class NextStep:
    """What to do about one answer, or about one that is missing.

    Attributes:
        path: The answer's path in the checklist: ``human_resources_available.raise_funding``.
        room: The room of the library that helps.
        text: The advice, in French.
    """

    path: str
    room: Room
    text: str


@frozen(kw_only=True)
class Reviewed:
    """One question with its answer.

    Attributes:
        number: Its number in the guide.
        id: Its key in the checklist.
        label: Its short name, in French.
        room: The room of the library that answers it, or helps most.
        status: Whether it is answered, in part, or open.
        answers: By path: true, false, a choice's id, words, or null where nobody answered.
        origin: Who answered; null where nobody did.
        unsupported: The dossier declares the answer and gives no evidence; the question then counts as answered in part.
    """

    number: int
    id: str
    label: str
    room: Room
    status: ReviewStatus
    answers: Mapping[str, bool | str | None] = field(converter=to_read_only)
    origin: Origin | None
    unsupported: bool = False


@frozen(kw_only=True)
class Review(Explained):
    """The guide's nine questions, gone through for one purchase.

    Attributes:
        answers: The answers, those that the dossier gave filled in.
        questions: Each question with its answer, in the guide's order.
        answered: Ids of the questions that are answered in full.
        open: Paths of the answers that are missing, or that nothing supports, in the guide's order.
        advice: What to do next, in the guide's order.
        rooms: The rooms of the library that help with what is open or answered by "no".
        disclaimer: The guide's warning, in French.
    """

    answers: Checklist
    questions: tuple[Reviewed, ...] = field(converter=to_tuple)
    answered: tuple[str, ...] = field(converter=to_tuple)
    open: tuple[str, ...] = field(converter=to_tuple)
    advice: tuple[NextStep, ...] = field(converter=to_tuple)
    rooms: tuple[Room, ...] = field(converter=to_tuple)
    disclaimer: str
    _guide: Guide = field(repr=False, eq=False)

    def page(self, say: Language) -> Page:
        """How many are answered, each question with its answer, then what to do next."""
        return Page(say.code, review_blocks(self, self._guide, say))


def review(
    answers: Checklist | Mapping[str, object] | None = None,
    *,
    dossier: Checklist | None = None,
    declared: Collection[str] = (),
    guide: Guide | None = None,
) -> Review:
    """Go through the guide's nine questions.

    Args:
        answers: A `Checklist`, or plain data of the same shape; None = nobody answered anything.
        dossier: What the rest of the dossier already answers; a person's own answer goes before it.
        declared: Ids of questions that the dossier answers by a declaration alone, without evidence.
        guide: Another guide than the one that comes with the library.

    Raises:
        DocumentError: All faults of plain data at once, each with its path; or an argument is of another kind.
    """
    guide = default_guide() if guide is None else guide
    dossier = Checklist() if dossier is None else dossier
    require("guide", guide, Guide)
    require("dossier", dossier, Checklist)
    given = _read(answers)
    merged = _merged(given, dossier)
    _check(declared, guide)
    questions = [_reviewed(question, merged, given, declared) for question in guide.questions.items]
    asked = list(zip(guide.questions.items, questions, strict=True))
    steps = [step for question, reviewed in asked for step in _steps(question, reviewed)]
    helpful = {room for question, reviewed in asked for room in _helpful(question, reviewed)}
    return Review(
        answers=merged,
        questions=tuple(questions),
        answered=tuple(question.id for question in questions if question.status is ReviewStatus.ANSWERED),
        open=tuple(
            path
            for question in questions
            for path, answer in question.answers.items()
            if answer is None or question.unsupported
        ),
        advice=tuple(steps),
        rooms=tuple(room for room in Room if room in helpful and room is not Room.NONE),
        disclaimer=guide.about.disclaimer,
        guide=guide,
    )


def _check(declared: Collection[str], guide: Guide) -> None:
    known = [question.id for question in guide.questions.items if question.kind is AnswerKind.YES_NO]
    if problems := [
        Problem(
            f"declared[{i}]", f"expected a question answered by yes or no, one of {', '.join(known)}, got {shown(name)}"
        )
        for i, name in enumerate(declared)
        if name not in known
    ]:
        raise DocumentError(problems)


def _read(answers: Checklist | Mapping[str, object] | None) -> Checklist:
    if isinstance(answers, Checklist):
        return answers
    return (
        Checklist()
        if answers is None
        else structure(dict(answers) if isinstance(answers, Mapping) else answers, Checklist)
    )


def _merged(given: Any, known: Any) -> Any:
    """The person's answers, gaps filled from the dossier; a question in two parts is filled part by part."""
    changes = {}
    for attribute in fields(type(given)):
        mine, theirs = getattr(given, attribute.name), getattr(known, attribute.name)
        if mine is None:
            mine = theirs
        elif theirs is not None and hasattr(mine, "__attrs_attrs__"):
            mine = _merged(mine, theirs)
        changes[attribute.name] = mine
    return type(given)(**changes)


def _slots(question: Question, answers: Checklist) -> dict[str, Any]:
    """The answers that a question asks for, by path; words are asked for only after a yes."""
    answer = getattr(answers, question.id)
    match question.kind:
        case AnswerKind.TWO_PARTS:
            return {f"{question.id}.{part.id}": getattr(answer, part.id, None) for part in question.parts}
        case AnswerKind.YES_NO_TEXT:
            past = answer or PastNeed()
            told = {f"{question.id}.solutions": past.solutions} if past.met else {}
            return {question.id: past.met, **told}
        case AnswerKind.CHOICE:
            return {question.id: None if answer is None else str(answer)}
        case AnswerKind.YES_NO:
            return {question.id: answer}


def _reviewed(question: Question, merged: Checklist, given: Checklist, declared: Collection[str]) -> Reviewed:
    slots, own = _slots(question, merged), _slots(question, given)
    known = [path for path, answer in slots.items() if answer is not None]
    status = ReviewStatus.ANSWERED if len(known) == len(slots) else ReviewStatus.PARTLY if known else ReviewStatus.OPEN
    from_person = any(answer is not None for answer in own.values())
    unsupported = bool(known) and not from_person and question.id in declared
    return Reviewed(
        number=question.number,
        id=question.id,
        label=question.label,
        room=question.room,
        status=ReviewStatus.PARTLY if unsupported else status,
        answers=slots,
        origin=(Origin.PERSON if from_person else Origin.DOSSIER) if known else None,
        unsupported=unsupported,
    )


def _steps(question: Question, reviewed: Reviewed) -> Iterator[NextStep]:
    """What to do about each answer of a question; about one that nothing supports, what is done about an open one."""
    rooms = {f"{question.id}.{part.id}": part.room for part in question.parts}
    for path, answer in reviewed.answers.items():
        if text := _advice(question, path, None if reviewed.unsupported else answer):
            yield NextStep(path=path, room=rooms.get(path, question.room), text=text)


def _advice(question: Question, path: str, answer: Any) -> str | None:
    texts: dict[Any, str | None] = {None: question.when_open, True: question.when_yes, False: question.when_no}
    texts |= {choice.id: choice.advice for choice in question.choices}
    for part in question.parts:
        if path == f"{question.id}.{part.id}":
            texts = {None: part.when_open, False: part.when_no}
    if path.endswith(".solutions"):
        texts = {None: question.when_untold}
    return texts.get(answer)


def _helpful(question: Question, reviewed: Reviewed) -> Iterator[Room]:
    """The rooms that help with what is open, answered by "no" or supported by nothing."""
    rooms = {f"{question.id}.{part.id}": part.room for part in question.parts}
    for path, answer in reviewed.answers.items():
        if answer is None or answer is False or reviewed.unsupported:
            yield rooms.get(path, question.room)
