"""Texts: catalogues, the reader's formats, and pages that become text, Markdown or HTML; loaded when first used."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from qmi_rules.text.language import SOURCE_LANGUAGE, Language, language, languages

if TYPE_CHECKING:
    from qmi_rules.text.messages import message
    from qmi_rules.text.page import Grid, Heading, Items, Line, Link, Meter, Page, Paragraph, Strong
    from qmi_rules.text.render import html_line, markdown_line, text_line, to_html, to_markdown, to_text, visible
    from qmi_rules.text.views import Explained

# `language` is the name of a module too: loaded late, the name would be the module for whoever comes second
_MODULES = {
    "messages": "message",
    "page": "Grid Heading Items Line Link Meter Page Paragraph Strong",
    "render": "html_line markdown_line text_line to_html to_markdown to_text visible",
    "views": "Explained",
}
_MODULE_OF = {name: module for module, names in _MODULES.items() for name in names.split()}

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


def __getattr__(name: str) -> Any:
    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULE_OF[name]}"), name)
