"""What a class says of its documents: a user writes them, they read back, a command reads them; and who is meant by one."""

from collections.abc import Iterator
from typing import Any, ClassVar, Self

import attrs

from qmi_rules.documents.fields import hidden, key
from qmi_rules.documents.quoting import a
from qmi_rules.errors import DocumentError, Problem


class Document:
    """Mixin of the frozen classes whose documents a user writes.

    Attributes:
        COMMAND: The command that reads such a document by itself; empty for a part of other documents.
    """

    __slots__ = ()

    COMMAND: ClassVar[str] = ""

    def evolve(self, **changes: Any) -> Self:
        """A copy with some fields changed.

        Raises:
            DocumentError: As the constructor does.
        """
        return attrs.evolve(self, **changes)  # type: ignore[misc]


def require_document(cls: object) -> None:
    """Refuse what is no class of documents.

    Raises:
        DocumentError: What was expected and what came.
    """
    if not isinstance(cls, type) or not (attrs.has(cls) or hasattr(cls, "document_class")):
        kinds = ", ".join(sorted(kind.__name__ for kind in _kinds(Document) if kind.COMMAND)) or "Purchase"
        raise DocumentError([Problem("cls", f"expected a class of documents, such as {kinds}, got {_name(cls)}")])


def require_read_back(cls: Any, where: str = "") -> None:
    """Refuse to read what is only ever written: a result says ``READ_BACK`` where its documents hold all of it.

    Raises:
        DocumentError: It is written as a document, never read from one.
    """
    if getattr(cls, "READ_BACK", True) is False:
        raise DocumentError(only_written(cls), where)


def only_written(cls: Any) -> str:
    """The words for a class whose documents cannot be read."""
    return f"{a(_name(cls))} is written as a document, never read from one"


def keys(cls: Any) -> list[str]:
    """The keys of the documents of a class, sorted."""
    return sorted(key(attribute) for attribute in attrs.fields(cls) if not hidden(attribute))


def looks_like_another(data: dict[Any, Any], cls: Any) -> str:
    """Says so where most keys of an object belong to a document of another class; the empty text otherwise."""
    own = len(data.keys() & set(keys(cls)))
    for kind in _kinds(Document):
        if kind.COMMAND and kind is not cls:
            theirs = len(data.keys() & set(keys(kind)))
            if theirs > own and 2 * theirs > len(data):
                return f"this looks like {a(_words(kind))}: `qmi-rules {kind.COMMAND}` reads it"
    return ""


def _kinds(cls: type[Document]) -> Iterator[type[Document]]:
    for kind in cls.__subclasses__():
        yield kind
        yield from _kinds(kind)


def _name(cls: object) -> str:
    return cls.__name__ if isinstance(cls, type) else repr(cls)[:60]


def _words(cls: type) -> str:
    return "".join(f" {c.lower()}" if c.isupper() else c for c in cls.__name__).strip()
