"""A review of the nine questions as blocks of a page: each question with its answer, then what to do next."""

from typing import TYPE_CHECKING

from qmi_rules.guide.questions import Question
from qmi_rules.guide.wording import ROOM_NAMES, lead, warning
from qmi_rules.text import Grid, Heading, Items, Language, Line, Paragraph, Strong, message
from qmi_rules.text.page import Block

if TYPE_CHECKING:
    from qmi_rules.guide.book import Guide
    from qmi_rules.guide.reviewing import Review, Reviewed

_ANSWERS: dict[bool | None, str] = {True: message("oui"), False: message("non"), None: message("à établir")}


def review_blocks(review: "Review", guide: "Guide", say: Language) -> list[Block]:
    """The whole review; the guide's warning closes it."""
    counted = say(
        "Questions répondues en entier : {answered} sur {all}.",
        answered=len(review.answered),
        all=len(review.questions),
    )
    blocks: list[Block] = [
        Heading(say("Les neuf questions du guide"), 1),
        Paragraph(counted),
        Grid(
            [say("Question"), say("Réponse"), say("Ce qui aide")],
            [
                _row(asked, reviewed, say)
                for asked, reviewed in zip(guide.questions.items, review.questions, strict=True)
            ],
        ),
    ]
    if review.advice:
        labels = {reviewed.id: reviewed.label for reviewed in review.questions}
        steps: list[Line] = [
            [lead(say(labels[step.path.partition(".")[0]]), say), " " + say(step.text)] for step in review.advice
        ]
        blocks += [Heading(say("À faire ensuite")), Items(steps, "check")]
    return [*blocks, *warning(guide, say)]


def _row(asked: Question, reviewed: "Reviewed", say: Language) -> list[Line]:
    return [f"{reviewed.number}. {say(asked.text)}", _answer(asked, reviewed, say), say(ROOM_NAMES[reviewed.room])]


def _answer(asked: Question, reviewed: "Reviewed", say: Language) -> Line:
    """The answer in words; what the dossier filled in says so."""
    choices = {choice.id: choice.label for choice in asked.choices}
    labels = {f"{asked.id}.{part.id}": part.label for part in asked.parts}
    words = []
    for path, answer in reviewed.answers.items():
        if isinstance(answer, str):  # a choice, or the user's own words
            word = say(choices[answer]) if answer in choices else answer
        else:
            word = say(_ANSWERS[answer])
        words.append(say("{label} : {answer}", label=say(labels[path]), answer=word) if path in labels else word)
    origin = " " + say("(selon le dossier)") if reviewed.origin == "dossier" else ""
    unproven = ", " + say("déclaré sans preuve") if reviewed.unsupported else ""
    return [Strong(words[0]), "".join(f", {word}" for word in words[1:]) + unproven + origin]
