"""What a class says of its documents: who writes them, under which keys its fields stand, what their texts are."""

import re
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from inspect import getdoc
from typing import Annotated, Any, ClassVar, Final, NamedTuple, Self, TypeAlias, get_origin

import attrs

from qmi_rules.errors import DocumentError, Problem, fault
from qmi_rules.schema.faults import a, shown
from qmi_rules.schema.pydantic_hooks import AsDataclass, InModels

FORMAT_VERSION: Final = 1
"""The major version of every document's format; a minor one only adds keys."""
IN_CATALOGUES: Final = "told in the language of the document"
"""What marks the type of a text that is written in the language asked for."""
Wording: TypeAlias = Annotated[str, IN_CATALOGUES]
"""A French text of the catalogues. A plain `str` is an id, or what a user wrote, and stays as it is."""
_FORMAT = re.compile(r"qmi-rules/([a-z0-9-]{1,60})/([0-9]{1,4})(\.[0-9]{1,4})?")


class Document(InModels):
    """Mixin of the frozen classes whose documents a user writes.

    Attributes:
        COMMAND: The command that reads such a document by itself; empty for a part of other documents.
    """

    __slots__ = ()

    COMMAND: ClassVar[str] = ""

    __dataclass_fields__: ClassVar[Any] = AsDataclass()

    def evolve(self, **changes: Any) -> Self:
        """A copy with some fields changed; ``attrs.evolve`` does the same, and mypy knows the fields that it takes.

        Raises:
            DocumentError: As the constructor does.
        """
        return attrs.evolve(self, **changes)  # type: ignore[misc]  # every class that mixes it in is one of attrs


class Layout(NamedTuple):
    """How what the library writes stands in a document: a class says it once in ``_layout``, where it differs from its attrs fields.

    Attributes:
        keys: The keys of the document, separated by spaces, of a class whose document is not its attrs fields; where a key and the field
            or property that gives its value have two names, ``key:name``.
        optional: Keys that are absent where there is nothing to say.
        part: It is a part of a result, which has none of the results' own lists of sources.
        own_page: Its page needs nothing but what its document holds: so it is the page of what was read back too.
        hashed: The field or property that alone hashes it; empty = all that is the same in every language.
        register: The list of the result in which it stands once, by id; empty = where it is.
        entry: The keys that stand there; one name alone = its value and no object around it.
        entry_as: Keys that hold something else there, a text, each with the property that gives it.
        cites: Lists of which only ids are cited.
        largest: A JSON text that is read back may have this many characters; 0 = as any other.
    """

    keys: str = ""
    optional: tuple[str, ...] = ()
    part: bool = False
    own_page: bool = False
    hashed: str = ""
    register: str = ""
    entry: tuple[str, ...] | str = ()
    entry_as: Mapping[str, str] = {}
    cites: tuple[str, ...] = ()
    largest: int = 0


_FIELDS_ALONE: Final = Layout()


def layout_of(cls: Any) -> Layout:
    """How what a class writes stands in a document."""
    found: Layout = getattr(cls, "_layout", _FIELDS_ALONE)
    return found


def is_result(cls: Any) -> bool:
    """Whether it is a class of results, or of parts of them that can be shown by themselves."""
    return hasattr(cls, "explain")


def is_told(kind: Any) -> bool:
    """Whether a type is that of texts which are written in the language asked for."""
    return IN_CATALOGUES in getattr(kind, "__metadata__", ())


def without_marks(kind: Any) -> Any:
    """The type itself, whatever it is marked with."""
    return kind.__origin__ if hasattr(kind, "__metadata__") else kind


SAID_BY: Final = "qmi_rules.said_by"


def said_by(name: str) -> dict[str, str]:
    """Metadata of a French text made of values: the private field that tells it in each language."""
    return {SAID_BY: name}


_WRITTEN_AS: Final = "qmi_rules.written_as"


def written_as(name: str) -> dict[str, str]:
    """Metadata of a field of which a document holds less: the property that says what."""
    return {_WRITTEN_AS: name}


def written_as_of(cls: Any) -> dict[str, str]:
    """The keys of such fields in the documents of a class, each with that property."""
    return {key(one): one.metadata[_WRITTEN_AS] for one in attrs.fields(cls) if _WRITTEN_AS in one.metadata}


def said_by_of(cls: Any) -> dict[str, str]:
    """The keys of such texts in the documents of a class, each with the field that tells it."""
    return {key(one): one.metadata[SAID_BY] for one in attrs.fields(cls) if SAID_BY in one.metadata}


def document_name(cls: Any) -> str:
    """What the documents of a class are called: ``purchase``, ``calendar-check``; a class may say another name in ``NAME``."""
    return getattr(cls, "NAME", None) or re.sub(r"(?<=[a-z])(?=[A-Z])", "-", cls.__name__).lower()


def format_of(cls: Any) -> str:
    """What the documents of a class say under ``format``: ``qmi-rules/purchase/1``."""
    return f"qmi-rules/{document_name(cls)}/{FORMAT_VERSION}"


def without_format(data: dict[Any, Any], cls: Any) -> dict[Any, Any]:
    """A document without its key ``format``, once that is one which is read here.

    Raises:
        DocumentError: It is no format, that of another document, or a newer one: then nothing else is said of the document, whose keys
            may all be new.
    """
    own = attrs.has(cls) and "format" in keys(cls)
    if "format" not in data or own or not (issubclass(cls, Document) or is_result(cls)):
        return data
    said = data["format"]
    found = _FORMAT.fullmatch(said) if isinstance(said, str) else None
    if found is None:
        words = "expected a format such as {expected}, got {got}"
        raise DocumentError(fault("wrong_type", "format", words, expected=format_of(cls), got=shown(said)))
    if found[1] != document_name(cls):
        words = "expected {expected}, got {got}"
        raise DocumentError(fault("another_document", "format", words, expected=format_of(cls), got=said))
    if int(found[2]) > FORMAT_VERSION:
        words = "expected {expected} or earlier, got {got}: a newer version of qmi_rules reads it"
        raise DocumentError(fault("newer_format", "format", words, expected=format_of(cls), got=said))
    return {key: value for key, value in data.items() if key != "format"}


def require_document(cls: object) -> None:
    """Refuse what is no class of documents.

    Raises:
        DocumentError: What was expected and what came.
    """
    if not isinstance(cls, type) or not (attrs.has(cls) or hasattr(cls, "document_class") or layout_of(cls).keys):
        kinds = ", ".join(sorted(kind.__name__ for kind in _kinds(Document) if kind.COMMAND)) or "Purchase"
        raise DocumentError(
            fault(
                "wrong_type",
                "cls",
                "expected a class of documents, such as {choices}, got {got}",
                choices=kinds,
                got=_name(cls),
            )
        )


def not_read(cls: Any) -> Problem:
    """The fault of asking for a class whose documents cannot be read."""
    return fault("another_document", "", "{what} is written as a document, never read from one", what=a(_name(cls)))


def keys(cls: Any) -> list[str]:
    """The keys of the documents of a class, sorted."""
    return sorted(key(attribute) for attribute in attrs.fields(cls) if not hidden(attribute))


def looks_like_another(data: dict[Any, Any], cls: Any) -> Problem | None:
    """Says so where most keys of an object belong to a document of another class."""
    own = len(data.keys() & set(keys(cls)))
    for kind in _kinds(Document):
        if kind.COMMAND and kind is not cls:
            theirs = len(
                data.keys() & set(keys(kind))
            )  # more than ours and more than half: a slip is no other document
            if theirs > own and 2 * theirs > len(data):
                words = "this looks like {what}: `qmi-rules {command}` reads it"
                return fault("another_document", "", words, what=a(_words(kind)), command=kind.COMMAND)
    return None


def _kinds(cls: type[Document]) -> Iterator[type[Document]]:
    for kind in cls.__subclasses__():
        # of a class with slots attrs makes a second one; the first lingers among the subclasses until it is collected
        if kind is getattr(sys.modules.get(kind.__module__), kind.__name__, kind):
            yield kind
        yield from _kinds(kind)


def _name(cls: object) -> str:
    return cls.__name__ if isinstance(cls, type) else repr(cls)[:60]


def _words(cls: type) -> str:
    return "".join(f" {c.lower()}" if c.isupper() else c for c in cls.__name__).strip()


# --- how a field stands in a document


def hidden(attribute: "attrs.Attribute[Any]") -> bool:
    """Fields that are no part of the document: private ones and those that ``__init__`` does not take."""
    return attribute.name.startswith("_") or not attribute.init


UNFILLED_IS_ABSENT: dict[str, Any] = {"qmi_rules.unfilled_is_absent": True}
"""Metadata of a field that a document leaves out where nobody filled it."""


def absent_when_unfilled(attribute: "attrs.Attribute[Any]") -> bool | None:
    """Whether a document leaves the field out where it has its default; None = as its class has it."""
    return True if UNFILLED_IS_ABSENT.keys() <= attribute.metadata.keys() else None


def short_form(cls: Any) -> "attrs.Attribute[Any] | None":
    """The field whose value a document may write alone instead of the object: a class names it in ``SHORT_FORM``."""
    name = getattr(cls, "SHORT_FORM", None)
    return None if name is None else attrs.fields_dict(cls)[name]


_KEY: Final = "qmi_rules.key"


def under(name: str) -> dict[str, str]:
    """Metadata of a field whose key in a document has another name than it."""
    return {_KEY: name}


def key(attribute: "attrs.Attribute[Any]") -> str:
    """The key of a field in a document: a field named after a Python keyword ends in "_" there, its key does not."""
    return attribute.metadata.get(_KEY) or attribute.name.removesuffix("_")


def tag(cls: Any) -> str | None:
    """The word that tells results of several classes apart in a document: a class says it as ``kind: ClassVar[str]``."""
    word = getattr(cls, "kind", None)
    return word if type(word) is str else None


def default_of(attribute: "attrs.Attribute[Any]") -> Any:
    """What a field holds where a document does not give it."""
    default: Any = attribute.default
    return default.factory() if isinstance(default, attrs.Factory) else default  # type: ignore[arg-type]


def may_be_null(attribute: "attrs.Attribute[Any]") -> bool:
    """Whether null is as good as absent: an optional list, mapping or part, which the class fills with an empty one of its own."""
    kind: Any = attribute.type
    parts = get_origin(kind) in (tuple, dict, Mapping) or attrs.has(kind)
    return parts and attribute.default is not attrs.NOTHING


# --- what docstrings say


_FIELD = re.compile(r"    (\w+): (.*)")


@cache
def attribute_texts(cls: Any) -> dict[str, str]:
    """The text of each attribute, by name; those of the classes it inherits from included."""
    texts: dict[str, str] = {}
    for kind in reversed(cls.__mro__):
        if "__doc__" in vars(kind):
            texts |= _section(getdoc(kind) or "")
    return texts


def _section(doc: str) -> dict[str, str]:
    texts: dict[str, str] = {}
    name = None
    _, _, section = doc.partition("Attributes:\n")
    for line in section.splitlines():
        if found := _FIELD.fullmatch(line):
            name = found[1]
            texts[name] = found[2]
        elif name is not None and line.startswith("     "):
            texts[name] += " " + line.strip()
        else:
            break
    return texts


def first_line(cls: Any) -> str:
    """The first line of a class's docstring."""
    return (getdoc(cls) or "").split("\n", 1)[0]
