"""What every result that has a page can do; how a page is made and written is loaded when somebody reads one."""

from typing import TYPE_CHECKING, Any, Literal

from qmi_rules.errors import DocumentError, fault
from qmi_rules.schema import to_json
from qmi_rules.schema.faults import shown
from qmi_rules.schema.pydantic_hooks import InModels
from qmi_rules.schema.written import hash_of

if TYPE_CHECKING:
    from qmi_rules.pages.blocks import Page
    from qmi_rules.pages.i18n import Language


class Explained(InModels):
    """Mixin of the results: a subclass says what its page holds, and under which tables it answered; the rest follows."""

    __slots__ = ()

    def __init_subclass__(cls, **others: Any) -> None:
        super().__init_subclass__(**others)
        if cls.__dict__.get("__hash__") is None:
            # attrs would make one of every field, texts of one language and tables included, which a document does not bring back
            cls.__hash__ = Explained.__hash__  # type: ignore[method-assign]

    def __hash__(self) -> int:
        return hash_of(self, type(self))

    if TYPE_CHECKING:
        # `str | None`, said to no checker: a field of some, a property of others, and a declared type lets only ones or others override it
        table_edition: Any
        """Name of the edition of the tables that answered."""

    def page(self, say: "Language") -> "Page":
        """The content of the explanation in one language."""
        raise NotImplementedError

    def _in_own_language(self, say: "Language") -> "Language":
        """The language in which what was read back was told: its page is in one language."""
        from qmi_rules.pages.i18n import language

        told = self.to_dict().get("lang")
        return say if told in (None, say.code) else language(str(told))

    def _told_page(self, say: "Language") -> "Page":
        """The page of what was read back, where the page of the class needs more than the document holds."""
        from qmi_rules.pages.blocks import Page
        from qmi_rules.pages.told import told_blocks

        return Page(say.code, told_blocks(self.to_dict(), say))

    def explain(self, lang: str = "fr", style: Literal["text", "markdown", "html"] = "text") -> str:
        """Explain the result to a reader.

        Args:
            lang: A language there is a catalogue for: ``"fr"``, ``"en"``.
            style: ``"text"``, ``"markdown"`` or ``"html"`` (a fragment).

        Raises:
            UnsupportedLocaleError: There is no catalogue for `lang`.
            DocumentError: There is no such style.
        """
        from qmi_rules.pages.i18n import language
        from qmi_rules.pages.renderers import to_html, to_markdown, to_text

        writers = {"text": to_text, "markdown": to_markdown, "html": to_html}
        if style not in writers:
            words = "expected one of {choices}, got {got}"
            raise DocumentError(fault("unknown_choice", "style", words, choices=tuple(writers), got=shown(style)))
        return writers[style](self.page(language(lang)))

    def _repr_html_(self) -> str:
        return self.explain("fr", "html")

    def to_json(
        self, *, lang: str | None = None, detail: Literal["full", "answer"] = "full", indent: int | None = None
    ) -> str:
        """The result as a JSON text, its sentences in one language; ``detail="answer"`` gives its head and card alone."""
        return to_json(self, lang=lang, detail=detail, indent=indent)

    def to_dict(self, lang: str | None = None, detail: Literal["full", "answer"] = "full") -> dict[str, Any]:
        """The result as plain data: what `to_json` writes."""
        from qmi_rules.schema import document_of

        return document_of(self, lang, detail)  # type: ignore[no-any-return]
