"""The French texts that a reader may see (the msgids of the catalogues), each with the place that writes it."""

import ast
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from attrs import evolve, frozen
from babel.messages.pofile import read_po
from jinja2 import Environment, nodes

from parsed import PACKAGE, modules
from qmi_rules.catalogues import typed, typeset


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


SHOWN = {
    "law": _words(
        "label short question affirmed denied description guide_description ground text detail reason unknown"
    ),
    "rubrics": _words("title owner notice reading cautions caution label note text"),
    "calendar": _words("label note name text"),
    "funding": _words("label question affirmed denied description text advice carrier note"),
    "asking": _words("text help label"),
    "drafts": _words("title text label"),
    "question_page": _words("text"),
    "guide": _words(
        """title subtitle dated purpose call_to_action disclaimer_title disclaimer lead text label items_title note closing
        caution help when_yes when_no when_open when_untold advice"""
    ),
}
"""By data folder, the keys whose texts are handed to ``say`` when a page is made."""

_ROW = _words("id fact in is below from at_most above legal_basis source certainty procedure procedures members")
NOT_SHOWN = {
    "law": _ROW
    | _words(
        "kind ask path attribute guide note duty duties article url unit amount same_as edition choice rows identifier read_from words cpv "
        "presumed_choice with"
    ),
    "rubrics": _ROW
    | _words("origin edition url series kind sources bearing recent older evidence requires extends icon subject see"),
    "calendar": _ROW
    | _words("month_day share forbids kind date_status article url rule rules within series duty asks code severity"),
    "funding": _ROW
    | _words(
        """edition kind path url article unit amount ground actor advance aid ceiling contact family families highest_rate link
        moment rate rows schemes share start words"""
    ),
    "asking": _ROW
    | _words(
        "path kind asked question rate purchase.joint purchase.innovative checklist.experiment_or_direct_purchase choice"
    ),
    "drafts": _ROW | _words("kind when listed cites verify blank article"),
    "question_page": _words("name"),
    "guide": _ROW
    | _words("drawn_from publisher partner link email room insee_code example rubric kind article edge thresholds"),
}
"""By data folder, the keys of names, addresses, dates, keywords and maintainers' notes, which no page shows."""

KEYWORDS = _words("decp territory")
"""Data folders that hold only words to recognise and names."""

SHOWN["decp"] = _words("text")
"""The sentences of reasons; its other files are words to recognise."""
SHOWN["modification"], NOT_SHOWN["modification"] = SHOWN["law"], NOT_SHOWN["law"]
"""The rules of modification are rows like those of purchases."""

_OTHER_MEANING = {
    "rubrics/definition.toml": _words("note"),
    "funding/rules.toml": _words("note"),
    "funding/themes.toml": _words("label"),
    "funding/thresholds.toml": _words("label note"),
}
"""Files in which a key that is shown elsewhere holds something that is not."""
_KEYWORD = re.compile(r"(above|below|exactly)\Z")
"""Words of the vocabulary that stand under a key whose other values are texts."""
_ROOMS = {"rubrics": "scoring", "calendar": "budget_calendar", "drafts": "briefing", "asking": "procurement"}


@frozen
class Message:
    """One French text and where it stands.

    Attributes:
        text: The msgid.
        room: The room that shows it.
        where: File and line, or file and key.
    """

    text: str
    room: str
    where: str


@cache
def messages() -> tuple[Message, ...]:
    """Every text of the package that goes through a catalogue, in code and in data, as an ordinary keyboard types it."""
    said = (*_code_messages(), *_template_messages(), *_data_messages())
    return tuple(evolve(message, text=typed(message.text)) for message in said)


def texts_in_code() -> set[str]:
    """The French texts that stand in modules, not in templates or data."""
    return {message.text for message in _code_messages()}


PUBLISHED_AS_TYPED = _words("law modification rubrics")
"""Data folders whose texts stand in JSON, and in the hash that receipts quote, as they were typed."""


def typed_by_hand() -> Iterator[Message]:
    """Texts with a no-break space that the typesetter puts in by itself."""
    for message in (*_code_messages(), *_template_messages(), *_data_messages()):
        text, published = message.text, PUBLISHED_AS_TYPED & {*message.where.split("/")[1:2]}
        if not published and typed(text) != text and typeset(typed(text), "fr") == typeset(text, "fr"):
            yield message


def _code_messages() -> Iterator[Message]:
    """The constant texts that modules hand to ``say`` or ``message``."""
    for where, tree in modules().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and node.args:
                for text in _said(node):
                    yield Message(text, where.split("/")[0].removesuffix(".py"), f"{where}:{node.lineno}")


def _said(call: ast.Call) -> Iterator[str]:
    """The texts that a call hands to a catalogue: ``say(…)``, ``message(…)``, ``Said(…)``, or both forms of ``say.count(n, …, …)``."""
    match _called(call.func), call.args:
        case (("say" | "_say" | "message" | "Said" | "Term"), [text, *_]):
            yield from _constants(text)
            for keyword in call.keywords:
                if keyword.arg == "plural":
                    yield from _constants(keyword.value)
        case "remark", [_, text, *_]:
            yield from _constants(text)
        case "count", [_, one, several, *_]:
            yield from _constants(one)
            yield from _constants(several)


def _called(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _constants(argument: ast.expr) -> Iterator[str]:
    match argument:
        case ast.Constant(value=str(text)) if text:
            yield text
        case ast.IfExp(body=body, orelse=other):
            yield from _constants(body)
            yield from _constants(other)
        case ast.JoinedStr():
            raise AssertionError(f"an f-string is no message, line {argument.lineno}: {ast.unparse(argument)}")


def _template_messages() -> Iterator[Message]:
    """The constant texts that templates hand to ``say``, ``_`` or ``count``."""
    for path in sorted(PACKAGE.rglob("*.j2")):
        where = path.relative_to(PACKAGE).as_posix()
        for call in Environment().parse(path.read_text(encoding="utf-8")).find_all(nodes.Call):
            called = getattr(call.node, "name", "") or getattr(call.node, "attr", "")
            texts = call.args[:1] if called in ("say", "_") else call.args[1:3] if called == "count" else []
            for constant in (constant for text in texts for constant in _chosen(text)):
                yield Message(constant, where.split("/")[0], f"{where}:{call.lineno}")


def _chosen(text: nodes.Expr | None) -> Iterator[str]:
    """The constants that an expression of a template may be; what it asks or looks up is none of them."""
    match text:
        case nodes.Const(value=str(constant)) if constant:
            yield constant
        case nodes.CondExpr(expr1=one, expr2=other) | nodes.Or(left=one, right=other):
            yield from _chosen(one)
            yield from _chosen(other)
        case nodes.Concat():
            raise AssertionError(f"a sentence that is put together is no message, line {text.lineno}")


def _data_messages() -> Iterator[Message]:
    """The texts of the package's TOML files that pages show."""
    for where, key, text in data_texts():
        folder = where.split("/")[0]
        if key in SHOWN.get(folder, ()) and key not in _OTHER_MEANING.get(where, ()) and not _KEYWORD.match(text):
            yield Message(text, _ROOMS.get(folder, folder), f"data/{where}: {key}")


@cache
def data_texts() -> tuple[tuple[str, str, str], ...]:
    """Every text of every TOML file of the package: file, key, text."""
    return tuple(
        (path.relative_to(PACKAGE / "data").as_posix(), key, text)
        for path in sorted((PACKAGE / "data").rglob("*.toml"))
        for key, text in _texts(tomllib.loads(path.read_text(encoding="utf-8")), "")
    )


def _texts(value: Any, key: str) -> Iterator[tuple[str, str]]:
    match value:
        case dict():
            for name, inner in value.items():
                yield from _texts(inner, name)
        case list():
            for inner in value:
                yield from _texts(inner, key)
        case str() if value.strip():
            yield key, value


@cache
def written() -> set[str]:
    """Every text that stands anywhere in code, templates or data, said or not: what is not among them is obsolete."""
    constants = {
        node.value
        for tree in modules().values()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    constants |= {text for _, _, text in data_texts()}
    return {typed(text) for text in constants} | {message.text for message in messages()}


def catalogue_files(language: str) -> tuple[Path, ...]:
    """The .po files of a language, one a room."""
    return tuple(sorted((PACKAGE / "locale" / language / "LC_MESSAGES").glob("*.po")))


def entries(path: Path) -> dict[str, str]:
    """The translations of one .po file by msgid."""
    with path.open("rb") as file:
        found = [entry for entry in read_po(file) if entry.id]
    return {
        text: translated
        for entry in found
        for text, translated in zip(_forms(entry.id), _forms(entry.string), strict=True)
    }


def _forms(text: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    """A text alone, or the text for one and the text for several."""
    return (text,) if isinstance(text, str) else tuple(text)


def places(text: str) -> list[str]:
    """The named places of a message, sorted."""
    return sorted(re.findall(r"{\w*(?::[^{}]*)?}", text))
