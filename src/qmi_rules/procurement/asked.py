"""A question put to a person: its words, the answers there are, and how much they settle."""

import datetime
from decimal import Decimal

from attrs import field, frozen

from qmi_rules.documents.scalars import to_tuple
from qmi_rules.text import Explained, Items, Language, Line, Page, Paragraph


@frozen(kw_only=True)
class Answerable:
    """A word that a question may be answered with, and its French name."""

    id: str
    label: str


@frozen(kw_only=True)
class Question(Explained):
    """A question that settles something.

    Attributes:
        id: What a stateless form sends back: the path of the fact, with the edge after ``<`` where the question is "below?".
        path: The path of the fact in a document.
        kind: ``truth``, ``choice``, ``below`` (an amount), ``before``, ``date``, or ``amount`` (the exact one).
        text: The question in French.
        edge: The amount or day asked about.
        choices: The words to choose from.
        worst: How many undetermined procedures any answer settles.
        average: How many an answer settles on average.
        template: The French question with a place for the edge, as the catalogues have it; empty where there is no edge.
    """

    id: str
    path: str
    kind: str
    text: str
    edge: Decimal | datetime.date | None = None
    choices: tuple[Answerable, ...] = field(default=(), converter=to_tuple)
    worst: int = 0
    average: Decimal = Decimal(0)
    template: str = ""

    def ask(self, say: Language) -> str:
        """The question in one language."""
        return say(self.text) if self.edge is None else with_edge(say, self.template, self.edge)

    def page(self, say: Language) -> Page:
        """The question and the words to choose from, in one language."""
        choices: list[Line] = [say(choice.label) for choice in self.choices]
        return Page(say.code, [Paragraph(self.ask(say)), *([Items(choices, "numbers")] if choices else [])])


def with_edge(say: Language, template: str, edge: Decimal | datetime.date) -> str:
    """A question about an amount or a day, in one language."""
    return say(template, edge=say.euros(edge) if isinstance(edge, Decimal) else say.date(edge))
