"""How a result is written: in one language, its head first, what many of its parts cite once by id."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final

from qmi_rules.catalogues import SOURCE_LANGUAGE, translations, typeset
from qmi_rules.schema.fields import format_of, layout_of
from qmi_rules.schema.written import REGISTERS, registers_of
from qmi_rules.version import VERSION

HEAD: Final = ("format", "lang", "table_edition", "package_version")
"""The keys with which every result begins."""
CARD: Final = (*HEAD, "answer")
"""What ``detail="answer"`` gives of a result."""


class Writing:
    """A document that is being written.

    Attributes:
        lang: The language of its sentences.
        registers: What stands once in the result, by register and id; None outside results, where everything stands in its place.
        root: The result that is written; None outside results.
    """

    __slots__ = ("_ids", "lang", "registers", "root")

    def __init__(
        self, lang: str = SOURCE_LANGUAGE, registers: dict[str, dict[str, Any]] | None = None, root: Any = None
    ) -> None:
        self.lang = lang
        self.registers = registers
        self.root = root
        self._ids: dict[Any, str] = {}

    def tell(self, text: str) -> str:
        """A French text of the catalogues in the language of the document."""
        return typeset(translations(self.lang).gettext(text), self.lang) if text else text

    def once(self, value: Any, write: Callable[[Any], dict[str, Any]]) -> Any:
        """The id under which a value stands in its register, where it is put when it is first met."""
        if self.registers is None:
            return write(value)
        if (known := self._ids.get(value)) is not None:
            return known
        found = write(value)
        layout = layout_of(type(value))
        if isinstance(layout.entry, str):  # what has nothing but a text needs no object around it
            entry: Any = found[layout.entry]
        else:
            entry = {key: found[key] for key in layout.entry if key in found}
            entry |= {key: self.tell(getattr(value, name)) for key, name in layout.entry_as.items()}
        entries = self.registers.setdefault(layout.register, {})
        name, number = value.register_id, 1
        while entries.get(name, entry) != entry:  # one row may oblige to other things for a lot than for the whole
            number += 1
            name = f"{value.register_id}-{number}"
        entries[name] = entry
        self._ids[value] = name
        return name

    def entries(self, register: str) -> dict[str, Any]:
        """What stands in a register so far."""
        return (self.registers or {}).get(register, {})

    def registered(self, cls: Any) -> dict[str, dict[str, Any]]:
        """The registers that the documents of a class have, in the order of all of them; one may be empty."""
        found, filled = registers_of(cls), self.registers or {}
        return {name: filled.get(name, {}) for name in REGISTERS if name in found or name in filled}


_writing: ContextVar[Writing | None] = ContextVar("writing", default=None)
_PLAIN: Final = Writing()


def writing() -> Writing:
    """What is being written."""
    return _writing.get() or _PLAIN


@contextmanager
def written_into(here: Writing) -> Iterator[Writing]:
    """Write into this document, whatever was being written before."""
    token = _writing.set(here)
    try:
        yield here
    finally:
        _writing.reset(token)


def begun(result: Any, lang: str | None = None) -> Writing:
    """A result that begins, in a language; None = that of the document of which it is a part."""
    return Writing(lang or writing().lang, {}, result)


def cited_in(data: Any) -> Iterator[str]:
    """The ids of texts that plain data names under ``legal_basis``."""
    match data:
        case dict():
            for key, value in data.items():
                if key == "legal_basis":
                    yield from [value] if isinstance(value, str) else value or ()
                else:
                    yield from cited_in(value)
        case list():
            for item in data:
                yield from cited_in(item)


def head_of(result: Any, lang: str) -> dict[str, Any]:
    """What the document of a result begins with."""
    return {
        "format": format_of(type(result)),
        "lang": lang,
        "table_edition": result.table_edition,
        "package_version": VERSION,
    }
