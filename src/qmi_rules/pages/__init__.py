"""Texts: catalogues, the reader's formats, and pages that become text, Markdown or HTML; loaded when first used."""

from typing import TYPE_CHECKING

from qmi_rules.names import loaded_when_used

if TYPE_CHECKING:
    from qmi_rules.pages.blocks import Grid, Heading, Items, Line, Link, Meter, Page, Paragraph, Strong
    from qmi_rules.pages.i18n import SOURCE_LANGUAGE, Language, language, languages, message
    from qmi_rules.pages.renderers import html_line, markdown_line, text_line, to_html, to_markdown, to_text, visible
    from qmi_rules.pages.result import Explained
    from qmi_rules.pages.sentences import AnyOf, Clauses, Quantity, Remark, Said, Sayable, Term, Value, remark

__getattr__ = loaded_when_used(
    __name__,
    {
        "result": "Explained",
        "blocks": "Grid Heading Items Line Link Meter Page Paragraph Strong",
        "i18n": "SOURCE_LANGUAGE Language language languages message",
        "renderers": "html_line markdown_line text_line to_html to_markdown to_text visible",
        "sentences": "AnyOf Clauses Quantity Remark Said Sayable Term Value remark",
    },
)

__all__ = [
    "SOURCE_LANGUAGE",
    "AnyOf",
    "Clauses",
    "Explained",
    "Grid",
    "Heading",
    "Items",
    "Language",
    "Line",
    "Link",
    "Meter",
    "Page",
    "Paragraph",
    "Quantity",
    "Remark",
    "Said",
    "Sayable",
    "Strong",
    "Term",
    "Value",
    "html_line",
    "language",
    "languages",
    "markdown_line",
    "message",
    "remark",
    "text_line",
    "to_html",
    "to_markdown",
    "to_text",
    "visible",
]
