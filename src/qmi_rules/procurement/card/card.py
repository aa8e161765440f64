"""What every card is, of a decision or of a change of a contract: a few lines, the answer first, with reasons and reservations.

What a card holds is computed once; text, HTML, JSON are views of it.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar, Final, Literal, TypeAlias

from attrs import frozen

from qmi_rules.law import Source, Table
from qmi_rules.law.wording import citations, sentence_case
from qmi_rules.pages import (
    SOURCE_LANGUAGE,
    Explained,
    Items,
    Language,
    Line,
    Link,
    Page,
    Paragraph,
    Said,
    Sayable,
    Strong,
    language,
    text_line,
)
from qmi_rules.procurement.card.sentences import CARD
from qmi_rules.schema import unstructure
from qmi_rules.schema.stored import is_stored
from qmi_rules.schema.writing import Writing, written_into
from qmi_rules.schema.written import names_of

MAY_CHANGE: Final = Said(CARD["may_change"])
"""Why a question is asked, where that needs more words than the card has; it goes without saying behind the question."""


@frozen
class Saying:
    """A sentence that a function makes of its values in the reader's language: a finding, a doubt, a choice of readings."""

    speak: Callable[..., str]
    values: tuple[Any, ...]

    def said(self, say: Language) -> str:
        """The sentence in one language."""
        return self.speak(say, *self.values)


def worded(sentence: Sayable, lang: str = SOURCE_LANGUAGE) -> str:
    return sentence.said(language(lang))


def short_name(say: Language, source: Source) -> str:
    """A text by its short name: a card has no room for the whole of it."""
    return citations(say, [source])


def cited(say: Language, source: Source) -> Link | str:
    text = short_name(say, source)
    return Link(text, source.url) if source.url else text


@frozen(kw_only=True)
class Because:
    """One reason of the answer.

    Attributes:
        sentence: The reason.
        source: The text.
    """

    DOCUMENT: ClassVar[str] = "text legal_basis url"

    sentence: Sayable
    source: Source

    @property
    def text(self) -> str:
        """The reason, in French."""
        return worded(self.sentence)

    @property
    def legal_basis(self) -> str:
        """Id of the text."""
        return self.source.id

    @property
    def url(self) -> str | None:
        """Where the text can be read."""
        return self.source.url

    def told(self, lang: str) -> dict[str, Any]:
        """The reason as it travels."""
        return {"text": worded(self.sentence, lang), "legal_basis": self.legal_basis, "url": self.url}


ReservationCode: TypeAlias = Literal[
    "contested", "unverified", "single_source", "law_unknown", "presumed", "beyond_review", "notice"
]
"""Why an answer is not to be relied on without a look at a text."""


@frozen(kw_only=True)
class Reservation:
    """Why the answer is not to be relied on without a look at a text.

    Attributes:
        code: ``contested``, ``unverified``, ``single_source``, ``law_unknown``, ``presumed``, ``beyond_review`` or ``notice``.
        sentence: What to look at.
        about: Id of the limit, row or procedure concerned; empty for none.
        brief: The same without its texts, for a line that others share; None = as it is.
    """

    DOCUMENT: ClassVar[str] = "code text"

    code: ReservationCode
    sentence: Sayable
    about: str = ""
    brief: Sayable | None = None

    @property
    def text(self) -> str:
        """What to look at, in French."""
        return worded(self.sentence)

    def told(self, lang: str) -> dict[str, Any]:
        """The reservation as it travels."""
        return {"code": self.code, "text": worded(self.sentence, lang)}


@frozen(kw_only=True)
class NextFact:
    """The fact to ask for next: an answer can change the card.

    Attributes:
        fact: Its path in the document.
        asked: How to ask for it.
        reason: What hangs on it.
    """

    DOCUMENT: ClassVar[str] = "fact question why"

    fact: str
    asked: Sayable
    reason: Sayable

    @property
    def question(self) -> str:
        """How to ask for it, in French."""
        return worded(self.asked)

    @property
    def why(self) -> str:
        """What hangs on it, in French."""
        return worded(self.reason)

    def told(self, lang: str) -> dict[str, Any]:
        """The question as it travels."""
        return {"fact": self.fact, "question": worded(self.asked, lang), "why": worded(self.reason, lang)}


class Card(Explained):
    """A card: a few lines, the answer first, and what they come from; a subclass says what it answers."""

    __slots__ = ()
    PART: ClassVar[bool] = True

    if TYPE_CHECKING:  # fields of every card
        because: tuple[Because, ...]
        reservations: tuple[Reservation, ...]
        do: tuple[str, ...]
        next: NextFact | None
        _table: Table

    def lines(self, say: Language) -> list[Line]:
        """The lines of the card; each of them may hold links."""
        raise NotImplementedError

    @property
    def text(self) -> str:
        """The card in at most twelve lines, in French."""
        return self.said(language(SOURCE_LANGUAGE))

    def told(self, lang: str) -> dict[str, Any]:
        """The card as it travels."""
        with written_into(Writing(lang)):
            told = {name: unstructure(getattr(self, name)) for name in names_of(type(self)) if name != "text"}
        return {**told, "text": self.said(language(lang))}

    @property
    def table_edition(self) -> str | None:
        """Name of the edition of the law."""
        return self._table.edition

    def said(self, say: Language) -> str:
        """The card in one language."""
        return "\n".join(text_line(line) for line in self.lines(say))

    def __str__(self) -> str:
        return self.text

    def explain(self, lang: str = "fr", style: Literal["text", "markdown", "html"] = "text") -> str:
        """The card in one language; as text a line is a line, however wide."""
        if style != "text":
            return super().explain(lang, style)
        return (self.text if is_stored(self) else self.said(language(lang))) + "\n"

    def told_page(self, say: Language) -> Page:
        """The lines as they were told."""
        first, *rest = self.text.split("\n")
        return Page(say.code, (Paragraph([Strong(first)], "warning" if self.reservations else ""), Items(rest)))

    def page(self, say: Language) -> Page:
        """The card as a page: the answer, then the rest as a list."""
        first, *rest = self.lines(say)
        return Page(say.code, (Paragraph(first, "warning" if self.reservations else ""), Items(rest)))

    def _reasons(self, say: Language) -> list[list[Any]]:
        return [
            [sentence_case(reason.sentence.said(say)), " (", cited(say, reason.source), ")."] for reason in self.because
        ]

    def _to_verify(self, say: Language) -> list[Line]:
        if not self.reservations:
            return []
        doubts = say.clauses((one.brief or one.sentence).said(say) for one in self.reservations)
        return [say(CARD["to_verify"], doubts=doubts)]

    def _to_do(self, say: Language) -> list[Line]:
        if not self.do:
            return []
        owed = (self._table.duties[duty] for duty in self.do)
        return [say(CARD["do"], duties=say.clauses(say(duty.short or duty.label) for duty in owed))]

    def _to_ask(self, say: Language) -> list[Line]:
        if self.next is None:
            return []
        asked = say(CARD["next"], question=self.next.asked.said(say))
        return [f"{asked} {self.next.reason.said(say)}" if self.next.reason != MAY_CHANGE else asked]
