"""The catalogues: which languages there are, and the translations of each; everything that speaks looks here."""

import re
from functools import cache, lru_cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gettext import NullTranslations
    from importlib.resources.abc import Traversable

SOURCE_LANGUAGE = "fr"
_TAG = re.compile("([A-Za-z]{2,3})(?:[-_][A-Za-z0-9]{2,8})*")
"""A language tag of BCP 47, as browsers and locales write it."""
_APOSTROPHE = re.compile(r"(?<=\w)'(?=[\w{« ])")
"""An apostrophe behind a letter, before a word, a place or a quotation; a mark that quotes stands before or behind no letter."""
_ARTICLE = re.compile(r"(?<![\w\"-])([LRD])(?=\*?\d{3,4}(?!\d))")
"""An article of a code as the tables write it, for programs: not in quotation marks, where a text says what to type."""
_SPACED = re.compile("(?<=«) | (?=[:;?!»€%])|(?<=€) (?=HT|TTC)")
"""A space that French keeps on the line of its mark, wherever a text was written with an ordinary one."""
_ORDINARY = str.maketrans("\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}", "  ")
_GROUPED = re.compile(r"(?<=\d) (?=\d{3}(?!\d))")
"""A space between the groups of a number."""


def locale_folder() -> "Traversable":
    """The folder with a folder for each language."""
    folder = Path(__file__).parent / "locale"
    if folder.is_dir():
        return folder
    from importlib.resources import files  # the package is in an archive

    return files("qmi_rules").joinpath("locale")


def languages() -> tuple[str, ...]:
    """Codes of the languages there is a catalogue for; the source language first."""
    codes = sorted(entry.name for entry in locale_folder().iterdir() if entry.is_dir())
    return (SOURCE_LANGUAGE, *(code for code in codes if code != SOURCE_LANGUAGE))


def code_of(tag: object) -> str | None:
    """The code of the language that a tag such as ``"fr-FR"`` means; None where there is no catalogue for it."""
    return _code(tag) if isinstance(tag, str) else None


@lru_cache(maxsize=64)  # the folders are looked through once a tag, not once a sentence; tags may come from anybody
def _code(tag: str) -> str | None:
    found = _TAG.fullmatch(tag)
    return code if found and (code := found[1].lower()) in languages() else None


def forget() -> None:
    """Look for the languages anew: a folder was added."""
    _code.cache_clear()
    translations.cache_clear()


@lru_cache(maxsize=8192)  # the texts are the catalogues' own, said again and again; a stored answer's pass through
def typeset(text: str, code: str) -> str:
    """A text as print has it, whatever was typed: curly apostrophes, articles as R. 2122-8, the spaces its language does not break.

    Every text passes here before its places are filled, so that every view has it and what a user wrote stays as it is.
    """
    text = _ARTICLE.sub("\\1.\N{NO-BREAK SPACE}", _APOSTROPHE.sub("’", text))
    if code != SOURCE_LANGUAGE:
        return text
    return _GROUPED.sub("\N{NARROW NO-BREAK SPACE}", _SPACED.sub("\N{NO-BREAK SPACE}", text))


def printed(text: str) -> str:
    """What stays French whichever the reader's language, as print has it: the number of an article, a name, a maintainer's note."""
    return typeset(text, SOURCE_LANGUAGE)


def typed(text: str) -> str:
    """A text as an ordinary keyboard types it: so the catalogues hold it, and a sentence finds its translation whatever its spaces are."""
    return text.translate(_ORDINARY)


@cache
def translations(code: str) -> "NullTranslations":
    """The compiled catalogue; in a source tree whose .po files are newer, or where none was built, the same made from them."""
    from gettext import GNUTranslations  # only here: every module knows of errors, few say one

    class Typed(GNUTranslations):
        def gettext(self, message: str) -> str:
            found = super().gettext(message)
            if found is not message or (plain := typed(message)) == message:
                return found
            found = super().gettext(plain)
            return message if found is plain else found

    folder = locale_folder().joinpath(code, "LC_MESSAGES")
    written = sorted((entry for entry in folder.iterdir() if entry.name.endswith(".po")), key=lambda entry: entry.name)
    compiled = folder.joinpath("qmi_rules.mo")
    if compiled.is_file() and not any(_newer(entry, compiled) for entry in written):
        return Typed(BytesIO(compiled.read_bytes()))
    from babel.messages.catalog import Catalog
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    catalogue: Any = Catalog(locale=code)
    for path in written:
        for entry in read_po(BytesIO(path.read_bytes()), locale=code):
            if entry.id:
                catalogue.add(entry.id, entry.string)
    buffer = BytesIO()
    write_mo(buffer, catalogue)
    buffer.seek(0)
    return Typed(buffer)


def _newer(one: "Traversable", other: "Traversable") -> bool:
    return isinstance(one, Path) and isinstance(other, Path) and one.stat().st_mtime > other.stat().st_mtime
