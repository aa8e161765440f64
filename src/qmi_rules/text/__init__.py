"""Texts: catalogues, the reader's formats, and pages that become text, Markdown or HTML."""

from qmi_rules.text.language import SOURCE_LANGUAGE, Language, language, languages, message
from qmi_rules.text.page import Grid, Heading, Items, Line, Link, Meter, Page, Paragraph, Strong
from qmi_rules.text.render import html_line, markdown_line, text_line, to_html, to_markdown, to_text, visible
from qmi_rules.text.views import Explained

__all__ = [
    "SOURCE_LANGUAGE",
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
    "Strong",
    "html_line",
    "language",
    "languages",
    "markdown_line",
    "message",
    "text_line",
    "to_html",
    "to_markdown",
    "to_text",
    "visible",
]
