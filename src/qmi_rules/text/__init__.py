"""Texts: catalogues, the reader's formats, and pages that become text, Markdown or HTML; loaded when first used."""

from typing import TYPE_CHECKING

from qmi_rules.names import loaded_when_used

if TYPE_CHECKING:
    from qmi_rules.text.explained import Explained
    from qmi_rules.text.page import Grid, Heading, Items, Line, Link, Meter, Page, Paragraph, Strong
    from qmi_rules.text.reader import SOURCE_LANGUAGE, Language, language, languages, message
    from qmi_rules.text.render import html_line, markdown_line, text_line, to_html, to_markdown, to_text, visible
    from qmi_rules.text.said import AnyOf, Clauses, Quantity, Remark, Said, Sayable, Term, Value, remark

__getattr__ = loaded_when_used(
    __name__,
    {
        "explained": "Explained",
        "page": "Grid Heading Items Line Link Meter Page Paragraph Strong",
        "reader": "SOURCE_LANGUAGE Language language languages message",
        "render": "html_line markdown_line text_line to_html to_markdown to_text visible",
        "said": "AnyOf Clauses Quantity Remark Said Sayable Term Value remark",
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
