"""What to ask next about a purchase of which only a part is known: a document of its own, as other programs get it."""

import datetime
from typing import Any

from attrs import frozen

from qmi_rules.errors import DocumentError
from qmi_rules.law import Table
from qmi_rules.model import Purchase
from qmi_rules.pages import Explained, Language, Page, Paragraph
from qmi_rules.procurement import next_question
from qmi_rules.procurement.dialogue.questions import Question
from qmi_rules.schema.faults import below
from qmi_rules.schema.fields import format_of
from qmi_rules.schema.json_text import ParsedText


@frozen(kw_only=True)
class NextQuestion(Explained):
    """What to ask next about a purchase.

    Attributes:
        question: The question that settles most; None where no answer would settle anything.
        table_edition: Name of the edition of the law.
    """

    question: Question | None
    table_edition: str

    def page(self, say: Language) -> Page:
        """The question in one language."""
        return (
            Page(say.code, [Paragraph(say("Plus rien à demander."))])
            if self.question is None
            else self.question.page(say)
        )


def asked_next(text: ParsedText, data: Any, root: str, table: Table, known_on: datetime.date | None) -> NextQuestion:
    """The next question about a purchase, complete or not, that stands at `root` of a text."""
    if not isinstance(data, dict):
        return text.structured(data, Purchase, root)  # type: ignore[return-value]  # it raises, saying what is expected
    text.faultless()
    known = {key: value for key, value in data.items() if key != "format" or value != format_of(Purchase)}
    try:
        return NextQuestion(question=next_question(known, table, known_on), table_edition=table.edition)
    except DocumentError as error:
        raise DocumentError(below(root, error.problems)) from None
