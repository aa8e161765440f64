"""The nine questions on one purchase: what is answered, what is open, what to do next, and which room helps."""

from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import Any

from attrs import field, fields, frozen

from qmi_rules.catalogues import printed
from qmi_rules.errors import DocumentError, fault
from qmi_rules.guide.book import Guide, default_guide
from qmi_rules.guide.chapters import AnswerKind, AnswerSought, GuideQuestion, Room
from qmi_rules.law import default_table
from qmi_rules.model.dossier import Checklist, Intention, PastNeed
from qmi_rules.pages import Explained, Language, Page
from qmi_rules.pages.templates import page_of
from qmi_rules.read_only import to_read_only
from qmi_rules.schema import Wording, structure
from qmi_rules.schema.faults import require, shown
from qmi_rules.schema.scalars import to_tuple


class ReviewStatus(StrEnum):
    """Whether a question is answered."""

    ANSWERED = "answered"
    PARTLY = "partly"
    OPEN = "open"


class AnsweredBy(StrEnum):
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
    text: Wording


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
    label: Wording
    room: Room
    status: ReviewStatus
    answers: Mapping[str, bool | str | None] = field(converter=to_read_only)
    origin: AnsweredBy | None
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
    disclaimer: Wording
    _guide: Guide = field(alias="guide", repr=False, eq=False)

    @property
    def table_edition(self) -> str:
        """Name of the edition of the tables of the package."""
        return default_table().edition

    def page(self, say: Language) -> Page:
        """How many are answered, each question with its answer, then what to do next."""
        guide, labels = self._guide, {reviewed.id: reviewed.label for reviewed in self.questions}
        asked = list(zip(guide.questions.items, self.questions, strict=True))
        return page_of("review", say, it=self, asked=asked, labels=labels, about=guide.about, printed=printed)


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

    >>> review({"internal_sponsors_found": True}).explain("fr") != ""
    True
    """
    guide = default_guide() if guide is None else guide
    dossier = Checklist() if dossier is None else dossier
    require("guide", guide, Guide)
    require("dossier", dossier, Checklist)
    given = _read(answers)
    merged = _merged(given, dossier)
    _check(declared, guide)
    questions = [_reviewed(question, merged, given, declared) for question in guide.questions.items]
    steps: list[NextStep] = []
    helpful: set[Room] = set()
    for question, reviewed in zip(guide.questions.items, questions, strict=True):
        for sought, answer in _sought(question, merged).items():
            held = None if reviewed.unsupported else answer  # what nothing supports is gone about as if it were open
            if words := sought.advice.get(held):
                steps.append(NextStep(path=sought.path, room=sought.room, text=words))
            if held is None or held is False:
                helpful.add(sought.room)
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
        fault(
            "contradiction",
            f"declared[{i}]",
            "expected a question answered by yes or no, one of {choices}, got {got}",
            choices=tuple(known),
            got=shown(name),
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


def _sought(question: GuideQuestion, answers: Checklist) -> dict[AnswerSought, bool | str | None]:
    """The answers that a question asks for, with what was answered; words are asked for only after a yes."""
    answer: Any = getattr(answers, question.id)
    if question.kind is AnswerKind.TWO_PARTS:
        return {sought: getattr(answer, sought.path.rpartition(".")[2], None) for sought in question.sought()}
    (sought,) = question.sought()
    if question.kind is AnswerKind.YES_NO_TEXT:
        past = answer or PastNeed()
        return {sought: past.met} | ({question.words_sought(): past.solutions} if past.met else {})
    return {sought: str(answer) if isinstance(answer, Intention) else answer}


def _reviewed(question: GuideQuestion, merged: Checklist, given: Checklist, declared: Collection[str]) -> Reviewed:
    answers = {sought.path: answer for sought, answer in _sought(question, merged).items()}
    known = [path for path, answer in answers.items() if answer is not None]
    status = (
        ReviewStatus.ANSWERED if len(known) == len(answers) else ReviewStatus.PARTLY if known else ReviewStatus.OPEN
    )
    from_person = any(answer is not None for answer in _sought(question, given).values())
    unsupported = bool(known) and not from_person and question.id in declared
    return Reviewed(
        number=question.number,
        id=question.id,
        label=question.label,
        room=question.room,
        status=ReviewStatus.PARTLY if unsupported else status,
        answers=answers,
        origin=(AnsweredBy.PERSON if from_person else AnsweredBy.DOSSIER) if known else None,
        unsupported=unsupported,
    )
