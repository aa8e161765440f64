"""Asking for a purchase: what to ask next, what an answer adds to the document, and the dialogue."""

from qmi_rules.procurement.asking.dialogue import interview, run_interview
from qmi_rules.procurement.asking.inquiry import as_purchase
from qmi_rules.procurement.asking.questions import Answerable, Question, answer, next_question

__all__ = ["Answerable", "Question", "answer", "as_purchase", "interview", "next_question", "run_interview"]
