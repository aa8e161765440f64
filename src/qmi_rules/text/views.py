"""What every result can do: explain itself as text or Markdown, show itself in a notebook, travel as JSON."""

from typing import TYPE_CHECKING, ClassVar, Literal

from qmi_rules.documents import to_json
from qmi_rules.errors import DocumentError, Problem

if TYPE_CHECKING:
    from qmi_rules.text.page import Page
    from qmi_rules.text.reader import Language


class Explained:
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
            raise DocumentError([Problem("style", f"expected one of {', '.join(writers)}, got {style!r}")])
        return writers[style](self.page(language(lang)))

    def _repr_html_(self) -> str:
        return self.explain("fr", "html")

    def to_json(self, indent: int | None = 2) -> str:
        """The result as a JSON text."""
        return to_json(self, indent)
