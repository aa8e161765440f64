"""The page of a document that was read back: what it says, in the order in which it says it; no table is looked at."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from qmi_rules.pages.blocks import Block, Heading, Items, Line, Link, Paragraph, Strong
from qmi_rules.pages.i18n import message

if TYPE_CHECKING:
    from qmi_rules.pages.i18n import Language

_KEPT: Final = message("Réponse conservée, telle qu'elle a été donnée (édition de la base juridique : {edition}).")
_WITHOUT_EDITION: Final = message("Réponse conservée, telle qu'elle a été donnée.")
_SOURCES: Final = message("Sources")
_TITLES: Final = ("title", "label", "procedure_label")
_SENTENCES: Final = (
    "text",
    "advice",
    "reason",
    "note",
    "detail",
    "sentence",
    "disclaimer",
    "notice",
    "reading",
    "proposals",
)


def told_blocks(document: dict[str, Any], say: "Language") -> Iterator[Block]:
    """The card first, then every sentence of the document with what it is about, then the texts it cites."""
    yield Heading(_title(document), 1)
    yield kept_line(document, say)
    yield from answer_blocks(document)
    for key, value in document.items():
        if key in ("answer", "sources") or not isinstance(value, dict | list):
            continue
        if lines := list(_lines(value)):
            yield Heading(key.replace("_", " ").capitalize())
            yield Items(lines)
    yield from source_lines(document, say)


def kept_line(document: dict[str, Any], say: "Language") -> Block:
    """That the answer was kept, and the edition that gave it."""
    edition = document.get("table_edition")
    return Paragraph(say(_KEPT, edition=edition) if edition else say(_WITHOUT_EDITION), "note")


def answer_blocks(document: dict[str, Any]) -> Iterator[Block]:
    """The card as it was told; nothing where there is none."""
    answer = document.get("answer")
    if isinstance(answer, dict):
        first, *rest = str(answer.get("text", "")).split("\n")
        yield Paragraph([Strong(first)])
        yield Items(rest)


def source_lines(document: dict[str, Any], say: "Language") -> Iterator[Block]:
    """The texts that a document cites, each with its address."""
    if sources := document.get("sources"):
        yield Heading(say(_SOURCES))
        yield Items([_source(one) for one in sources.values()])


def _title(document: dict[str, Any]) -> str:
    for place in (document, document.get("purchase"), document.get("dossier")):
        if isinstance(place, dict):
            found = next((place[key] for key in _TITLES if isinstance(place.get(key), str)), None)
            if found:
                return str(found)
            if isinstance(inner := place.get("purchase"), dict) and isinstance(inner.get("title"), str):
                return str(inner["title"])
    return str(document.get("format", ""))


def _lines(value: Any) -> Iterator[Line]:
    """What a list or an object says, a line for each thing that has a name or a sentence."""
    match value:
        case str():
            yield value
        case list():
            for item in value:
                if isinstance(item, dict | list):
                    yield from _lines(item)
        case dict():
            name = next((value[key] for key in _TITLES if isinstance(value.get(key), str) and value[key]), None)
            status = value.get("status")
            words = [str(value[key]) for key in _SENTENCES if isinstance(value.get(key), str) and value[key]]
            if name or words:
                head = [Strong(name + (f" ({status})" if isinstance(status, str) else ""))] if name else []
                yield [*head, *([" — "] if head and words else []), " ".join(words)]
            for key, item in value.items():
                if isinstance(item, dict | list) and key not in (
                    "answer",
                    "sources",
                    "grounds",
                    "findings",
                    "purchase",
                ):
                    yield from _lines(item)


def _source(source: dict[str, Any]) -> Line:
    text, article = str(source.get("text") or ""), source.get("article")
    # a code by its short name stands before its article, as in a sentence
    words = (
        f"{text}, art. {article}"
        if article and " " not in text
        else " ".join(str(one) for one in (article, text) if one)
    )
    return Link(words, source["url"]) if source.get("url") else words
