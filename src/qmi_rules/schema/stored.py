"""Results read back from their documents: what was answered then, whatever the tables are today; nothing is computed anew.

A result that was read back is of the class of the result, in a subclass made for it. An attrs class is filled with what its document
holds; a class that names its keys answers each of them from the document. It compares by its document and writes it again as it was
told, with the keys that a later version added. Objects of the library are open: a key that is not known is left alone. A document that
a user wrote, and that stands inside, stays strict.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from contextvars import ContextVar
from functools import cache
from typing import Any, Final, NamedTuple, get_origin

import attrs

from qmi_rules.errors import DocumentError, Problem, fault
from qmi_rules.schema.faults import below, shown, step
from qmi_rules.schema.fields import (
    format_of,
    is_result,
    layout_of,
    without_format,
    without_marks,
)
from qmi_rules.schema.reader import Trust, hook_of, problems_of
from qmi_rules.schema.writing import HEAD
from qmi_rules.schema.written import REGISTERS, Key, hash_of, is_whole, keys_of, names_its_keys, registers_of

_ABSENT: Final[Any] = object()


class Stored:
    """What a result that was read back can do by itself; the first base of the classes made for them."""

    __slots__ = ()

    def to_dict(self, lang: str | None = None, detail: str = "full") -> dict[str, Any]:
        """The document again; its sentences stay in the language in which they were told."""
        from qmi_rules.schema.converter import document_of

        return document_of(self, lang, detail)  # type: ignore[arg-type, no-any-return]

    def page(self, say: Any) -> Any:
        """Its page, in the language in which it was told: that of its class where it needs nothing but what the document holds."""
        cls: Any = _result_class(type(self))
        say = cls._in_own_language(self, say)
        return cls.page(self, say) if layout_of(cls).own_page else cls._told_page(self, say)

    def __eq__(self, other: Any) -> bool:
        cls = _result_class(type(self))
        if not isinstance(other, cls):
            return NotImplemented
        mine: Any = stored_document(self)
        theirs = other.to_dict(mine.get("lang"))
        return _without_stamp(mine) == _without_stamp(theirs)

    def __hash__(self) -> int:
        # what is equal hashes alike, so that it is found beside a fresh one; its layout may say what its own hash is made of
        cls = _result_class(type(self))
        if name := layout_of(cls).hashed:
            return hash(getattr(self, name))
        return hash_of(self, cls)

    def __reduce__(self) -> tuple[Any, ...]:
        return read_result, (stored_document(self), _result_class(type(self)))

    def __getattr__(self, name: str) -> Any:
        # only what neither the document nor the class has: a table, a law, what stands in no document
        raise AttributeError(f"{name} is not kept in a document: ask anew to have it")


def _without_stamp(document: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in document.items() if key not in ("package_version", "format")}


def is_stored(value: object) -> bool:
    """Whether it was read back."""
    return isinstance(value, Stored)


def stored_document(value: Any) -> dict[str, Any]:
    """The document that a result was read from; that of a part as a document of its own."""
    found: dict[str, Any] = object.__getattribute__(value, "_document")
    return found


def complete(value: Any, **others: Any) -> None:
    """Give an object that was read back what its document does not hold and its class needs."""
    values = object.__getattribute__(value, "_values")
    for name, other in others.items():
        values[name] = other
        with suppress(AttributeError):  # a property that answers from these values
            object.__setattr__(value, name, other)


def _result_class(cls: Any) -> Any:
    return cls.__mro__[2] if issubclass(cls, Stored) else cls


@cache
def _class_for(cls: Any) -> Any:
    """The class of what is read back in place of a class; one for each."""
    members: dict[str, Any] = {
        "__slots__": ("_document", "_values"),
        "__module__": cls.__module__,
        "__qualname__": cls.__qualname__,
        "__doc__": cls.__doc__,
        "__hash__": Stored.__hash__,
    }
    if names_its_keys(cls):
        for one in keys_of(cls):  # under both names: the key says what was told, the other what the class computes
            members[one.name] = property(_reader(one.name, one.attribute))
            members[one.attribute] = property(_reader(one.attribute, one.attribute))
    if is_result(cls):
        members["package_version"] = property(lambda self: stored_document(self).get("package_version"))
    if is_result(cls) and "table_edition" not in (attrs.fields_dict(cls) if attrs.has(cls) else {}):
        members["table_edition"] = property(lambda self: stored_document(self).get("table_edition"))
    return type(cls.__name__, (Stored, cls), members)


def _reader(name: str, attribute: str) -> Callable[[Any], Any]:
    def read(self: Any) -> Any:
        values = object.__getattribute__(self, "_values")
        return values[name] if name in values else values[attribute]

    return read


class _Place(NamedTuple):
    """The result around what is being read: the head of the whole document, and what parts cite by id, by list and id."""

    head: Mapping[str, Any]
    registers: Mapping[str, Any]


_around: ContextVar[_Place] = ContextVar("around")
_NOWHERE: Final = _Place({}, {})


@cache
def told_reader(cls: Any) -> Callable[[Any], Any]:
    """The function that reads what the library wrote of a class: a result, a part of one, or what names its keys."""
    keys = keys_of(cls)
    result, whole, registers = is_result(cls), is_whole(cls), registers_of(cls)
    hooks: dict[str, Callable[[Any], Any]] = {}  # made when there is something to read: a class may hold itself

    def filled(data: dict[str, Any], head: Mapping[str, Any]) -> dict[str, Any]:
        """What a document holds, by field or property; what it lacks and must have is a fault."""
        found: dict[str, Any] = {}
        problems: list[Problem] = []
        for one in keys:
            if one.name not in hooks:
                hooks[one.name] = hook_of(one.type, Trust.LIBRARY)
            value = data.get(one.name, head.get(one.name, _ABSENT) if one.name in HEAD else _ABSENT)
            if value is not _ABSENT:
                try:
                    found[one.attribute] = hooks[one.name](value)
                except Exception as error:
                    problems += below(step(one.name), problems_of(error))
            elif one.required:
                problems.append(fault("required", one.name, "required, but it is absent"))
            else:
                found[one.attribute] = _default(one)
        if problems:
            raise DocumentError(problems)
        return found

    def read(data: Any) -> Any:
        if type(data) is not dict:
            raise DocumentError(fault("wrong_type", "", "expected an object, got {got}", got=shown(data)))
        around = _around.get(_NOWHERE)
        if not result:
            return _made(cls, filled(data, around.head), data)
        here = around
        if whole or not around.registers:
            here = _Place(around.head, {name: data.get(name, {}) for name in REGISTERS})
        token = _around.set(here)
        try:
            values = filled(data, here.head)
        finally:
            _around.reset(token)
        own = {key: value for key, value in data.items() if key not in HEAD}
        if not whole:
            own |= {name: here.registers.get(name, {}) for name in registers}
        edition = data.get("table_edition", here.head.get("table_edition"))
        head = {"format": format_of(cls)} | {key: here.head[key] for key in HEAD[1:] if key in here.head}
        return _made(cls, values, {**head, **({"table_edition": edition} if "table_edition" in head else {}), **own})

    return read


def entry_reader(cls: Any, read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """How what stands once in a list of the result is read where only its id is."""
    layout = layout_of(cls)

    def found(value: Any) -> Any:
        if type(value) is str:
            entry = _around.get(_NOWHERE).registers.get(layout.register, {}).get(value, _ABSENT)
            if entry is _ABSENT:
                words = "no entry of this id under {register}"
                raise DocumentError(fault("unknown_id", "", words, register=layout.register))
            whole = {layout.entry: entry} if isinstance(layout.entry, str) else entry
            value = {"id": value, **whole} if isinstance(whole, dict) else whole
        return read(value)

    return found


def _made(cls: Any, values: dict[str, Any], document: dict[str, Any]) -> Any:
    """An object filled with what was read."""
    made: Any = object.__new__(_class_for(cls))
    put = object.__setattr__
    put(made, "_document", document)
    put(made, "_values", values)
    if attrs.has(cls):
        fields = attrs.fields_dict(cls)
        if not names_its_keys(cls):
            for name, value in values.items():
                put(made, name, value)
        for name, one in fields.items():
            if name not in values and one.default is not attrs.NOTHING:
                with suppress(AttributeError):  # a property that answers from the document stands in its place
                    put(made, name, _factored(one))
        if (finish := getattr(cls, "__attrs_post_init__", None)) is not None:
            finish(made)
    if (finish := getattr(cls, "_read_back", None)) is not None:
        finish(made)
    return made


def _factored(one: Any) -> Any:
    default: Any = one.default
    return default.factory() if type(default).__name__ == "Factory" else default


def _default(one: Key) -> Any:
    if one.field is not None and one.field.default is not attrs.NOTHING:
        return _factored(one.field)
    kind = without_marks(one.type)
    if get_origin(kind) in (tuple, Sequence):
        return ()
    return {bool: False, str: ""}.get(kind)


def read_result(data: Any, cls: Any, where: str = "") -> Any:
    """Read a result back from its document.

    Raises:
        DocumentError: All faults at once, each with its path; a newer major version is refused as newer.
    """
    cls = _result_class(cls)
    if type(data) is not dict:
        raise DocumentError(fault("wrong_type", "", "expected an object, got {got}", got=shown(data)), where)
    try:
        without_format(data, cls)
    except DocumentError as error:
        raise DocumentError(error.problems, where) from None
    problems: list[Problem] = []
    head = {key: data[key] for key in HEAD if key in data}
    if (lang := head.get("lang", "fr")) is not None and type(lang) is not str:
        problems.append(fault("wrong_type", "lang", "expected a text, got {got}", got=shown(lang)))
    made: Any = None
    token = _around.set(_Place(head, {}))
    try:
        made = told_reader(cls)(data)
    except DocumentError as error:
        problems += error.problems
    finally:
        _around.reset(token)
    if problems:
        raise DocumentError(problems, where)
    object.__setattr__(made, "_document", data)  # as it was told, later keys and all
    return made
