"""A page (headings, paragraphs, lists and tables without a format), and what every result that has one can do."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Literal, TypeAlias

from attrs import field, frozen

from qmi_rules.documents import to_json, unstructure
from qmi_rules.documents.faults import shown
from qmi_rules.documents.models import InModels
from qmi_rules.errors import DocumentError, fault

if TYPE_CHECKING:
    from qmi_rules.text.reader import Language


@frozen
class Link:
    """A text that leads to a web address."""

    text: str
    url: str


@frozen
class Strong:
    """A text that stands out."""

    text: str


@frozen
class Meter:
    """A value on a scale from 0 to `maximum`; HTML shows it as a native ``<meter>``, text as figures."""

    value: int
    maximum: int
    text: str


Inline: TypeAlias = str | Link | Strong | Meter
Line: TypeAlias = Inline | Sequence[Inline]


@frozen
class Heading:
    """A heading; level 1 is the page's title."""

    text: str
    level: int = 2


@frozen
class Paragraph:
    """A paragraph; `kind` may be ``"note"`` or ``"warning"``, which HTML shows apart."""

    line: Line
    kind: str = ""


@frozen
class Items:
    """A list; `kind` may be ``"check"`` (boxes to tick) or ``"numbers"``."""

    lines: Sequence[Line]
    kind: str = ""


@frozen
class Grid:
    """A table with a header row; the first column of each row heads it."""

    header: Sequence[str]
    rows: Sequence[Sequence[Line]]
    caption: str = ""


Block: TypeAlias = Heading | Paragraph | Items | Grid


def _to_blocks(blocks: Iterable[Block]) -> tuple[Block, ...]:
    return tuple(blocks)


@frozen
class Page:
    """What a result says to one reader, before it has a format.

    Attributes:
        language: The code of the language it is written in.
        blocks: Headings, paragraphs, lists and tables in reading order.
    """

    language: str
    blocks: tuple[Block, ...] = field(converter=_to_blocks)


class Explained(InModels):
    """Mixin of the results: a subclass says what its page holds, the rest follows."""

    __slots__ = ()

    READ_BACK: ClassVar[bool] = False
    """Whether `from_json` reads what `to_json` writes: a subclass whose document holds all of it says so."""

    def page(self, say: "Language") -> "Page":
        """The content of the explanation in one language."""
        raise NotImplementedError

    def explain(self, lang: str = "fr", style: Literal["text", "markdown", "html"] = "text") -> str:
        """Explain the result to a reader.

        Args:
            lang: A language there is a catalogue for: ``"fr"``, ``"en"``.
            style: ``"text"``, ``"markdown"`` or ``"html"`` (a fragment).

        Raises:
            UnsupportedLocaleError: There is no catalogue for `lang`.
            DocumentError: There is no such style.
        """
        from qmi_rules.text.reader import language
        from qmi_rules.text.render import to_html, to_markdown, to_text

        writers = {"text": to_text, "markdown": to_markdown, "html": to_html}
        if style not in writers:
            words = "expected one of {choices}, got {got}"
            raise DocumentError(fault("unknown_choice", "style", words, choices=tuple(writers), got=shown(style)))
        return writers[style](self.page(language(lang)))

    def _repr_html_(self) -> str:
        return self.explain("fr", "html")

    def to_json(self, indent: int | None = 2, lang: str = "fr", detail: Literal["full", "answer"] = "full") -> str:
        """The result as a JSON text, its sentences in one language; ``detail="answer"`` gives its head and card alone."""
        return to_json(self, indent, lang, detail)

    def to_dict(self, lang: str = "fr", detail: Literal["full", "answer"] = "full") -> dict[str, Any]:
        """The result as plain data: what `to_json` writes."""
        return unstructure(self, lang, detail)  # type: ignore[no-any-return]
