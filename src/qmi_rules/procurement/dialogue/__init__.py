"""Asking for a purchase: what to ask next, what an answer adds to the document, and the dialogue."""

from typing import TYPE_CHECKING

from qmi_rules.names import loaded_when_used

if TYPE_CHECKING:
    from qmi_rules.procurement.dialogue.dialogue import run_interview
    from qmi_rules.procurement.dialogue.inquiry import as_purchase
    from qmi_rules.procurement.dialogue.questions import Answerable, Question, answer, interview, next_question

# the card asks too, and waits for nothing but the inquiry; the dialogue shows the card: it is loaded when it is held
__getattr__ = loaded_when_used(
    __name__,
    {
        "dialogue": "run_interview",
        "inquiry": "as_purchase",
        "questions": "Answerable Question answer interview next_question",
    },
)

__all__ = ["Answerable", "Question", "answer", "as_purchase", "interview", "next_question", "run_interview"]
