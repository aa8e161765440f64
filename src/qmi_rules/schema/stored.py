"""Results read back from their documents: what was answered then, whatever the tables are today; nothing is computed anew.

A result that was read back is of the class of the result, in a subclass made for it. An attrs class is filled with what its document
holds; a class that names its keys answers each of them from the document. It compares by its document and writes it again as it was
told, with the keys that a later version added. Objects of the library are open: a key that is not known is left alone. A document that
a user wrote, and that stands inside, stays strict.
"""

import types
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import cache
from typing import Any, Final, Literal, Union, get_args, get_origin

import attrs

from qmi_rules.errors import DocumentError, Problem, fault
from qmi_rules.read_only import to_read_only
from qmi_rules.schema.faults import below, joined, shown, step
from qmi_rules.schema.fields import (
    Document,
    format_of,
    is_result,
    layout_of,
    tag,
    without_format,
    without_marks,
)
from qmi_rules.schema.writing import HEAD
from qmi_rules.schema.written import Key, hash_of, is_whole, keys_of, names_its_keys, registers_of

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


class _Reading:
    """The result that is being read: its head, and what its parts cite by id.

    Attributes:
        head: The head of the whole document.
        registers: The lists of the nearest result around, by name and id.
    """

    __slots__ = ("head", "registers")

    def __init__(self, head: Mapping[str, Any], registers: Mapping[str, Any]) -> None:
        self.head = head
        self.registers = registers

    def result(self, data: dict[str, Any], cls: Any, path: str, problems: list[Problem]) -> Any:
        """A result, or a part of one that can stand by itself."""
        here = self
        if is_whole(cls) or not self.registers:
            here = _Reading(self.head, {name: data.get(name, {}) for name in ("duties", "cautions", "sources")})
        values = here.values(data, cls, path, problems)
        own = {key: value for key, value in data.items() if key not in HEAD}
        if not is_whole(cls):
            own |= {name: here.registers.get(name, {}) for name in registers_of(cls)}
        edition = data.get("table_edition", self.head.get("table_edition"))
        head = {"format": format_of(cls)} | {key: self.head[key] for key in HEAD[1:] if key in self.head}
        document = {**head, **({"table_edition": edition} if "table_edition" in head else {}), **own}
        return _made(cls, values, document)

    def values(self, data: dict[str, Any], cls: Any, path: str, problems: list[Problem]) -> dict[str, Any]:
        """What a document holds, by field or property; what it lacks and must have is a fault."""
        found: dict[str, Any] = {}
        for one in keys_of(cls):
            value = data.get(one.name, _ABSENT)
            if value is _ABSENT and one.name in HEAD and one.name in self.head:
                value = self.head[one.name]
            if value is _ABSENT:
                if one.required:
                    problems.append(fault("required", joined(path, one.name), "required, but it is absent"))
                else:
                    found[one.attribute] = _default(one)
                continue
            found[one.attribute] = self.typed(one.type, value, joined(path, step(one.name)), problems)
        return found

    def typed(self, kind: Any, value: Any, path: str, problems: list[Problem]) -> Any:
        """A value of a document as its type has it; a fault is put down with its path."""
        kind = without_marks(kind)
        origin, arguments = get_origin(kind), get_args(kind)
        if kind is Any:
            return to_read_only(value) if isinstance(value, dict) else value
        if origin in (Union, types.UnionType):
            return self._one_of(arguments, value, path, problems)
        if origin is Literal:
            if value not in arguments:
                problems.append(_unfit(path, value, arguments))
            return value
        if origin in (tuple, Sequence) or kind in (tuple, Sequence):
            return self._list(arguments, value, path, problems)
        if origin in (dict, Mapping):
            if type(value) is not dict:
                problems.append(fault("wrong_type", path, "expected an object, got {got}", got=shown(value)))
                return {}
            item = arguments[1]
            return to_read_only(
                {key: self.typed(item, one, joined(path, f".{step(key)}"), problems) for key, one in value.items()}
            )
        if isinstance(kind, type) and self._is_part(kind):
            return self._part(kind, value, path, problems)
        return _scalar(kind, value, path, problems)

    @staticmethod
    def _is_part(kind: Any) -> bool:
        if issubclass(kind, Document) or hasattr(kind, "from_document"):
            return False
        return attrs.has(kind) or names_its_keys(kind)

    def _one_of(self, kinds: tuple[Any, ...], value: Any, path: str, problems: list[Problem]) -> Any:
        if value is None and type(None) in kinds:
            return None
        others = [kind for kind in kinds if kind is not type(None)]
        if len(others) > 1 and all(tag(kind) for kind in others):
            word = value.get("kind") if isinstance(value, dict) else None
            others = [kind for kind in others if tag(kind) == word]
            if not others:
                problems.append(_unfit(joined(path, "kind"), word, tuple(map(tag, kinds))))
                return None
        first: list[Problem] = []
        for kind in others:
            found: list[Problem] = []
            read = self.typed(kind, value, path, found)
            if not found:
                return read
            first = first or found
        problems += first
        return None

    def _list(self, arguments: tuple[Any, ...], value: Any, path: str, problems: list[Problem]) -> tuple[Any, ...]:
        if type(value) is dict and arguments and layout_of(without_marks(arguments[0])).register:
            value = list(value)  # an option by itself: the list of its ids and the list of the entries are one
        if type(value) not in (list, tuple):
            problems.append(fault("wrong_type", path, "expected a list, got {got}", got=shown(value)))
            return ()
        kinds = arguments or (Any, ...)
        if len(kinds) == 1 or kinds[-1] is Ellipsis:
            return tuple(self.typed(kinds[0], one, f"{path}[{i}]", problems) for i, one in enumerate(value))
        return tuple(
            self.typed(kind, one, f"{path}[{i}]", problems)
            for i, (kind, one) in enumerate(zip(kinds, value, strict=False))
        )

    def _part(self, kind: Any, value: Any, path: str, problems: list[Problem]) -> Any:
        if (register := layout_of(kind).register) and type(value) is str:
            entry = self.registers.get(register, {}).get(value, _ABSENT)
            if entry is _ABSENT:
                words = "no entry of this id under {register}"
                problems.append(fault("unknown_id", path, words, register=register))
                return None
            whole = {layout_of(kind).entry: entry} if isinstance(layout_of(kind).entry, str) else entry
            value = {"id": value, **whole} if isinstance(whole, dict) else whole
        if type(value) is not dict:
            problems.append(fault("wrong_type", path, "expected an object, got {got}", got=shown(value)))
            return None
        if is_result(kind):
            return self.result(value, kind, path, problems)
        return _made(kind, self.values(value, kind, path, problems), value, problems)


def _made(cls: Any, values: dict[str, Any], document: dict[str, Any], problems: list[Problem] | None = None) -> Any:
    """An object filled with what was read."""
    if is_result(cls) or names_its_keys(cls):
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
    try:
        return cls(**{name.lstrip("_"): value for name, value in values.items()})
    except (DocumentError, TypeError, ValueError) as error:
        if problems is not None:
            found = (
                error.problems
                if isinstance(error, DocumentError)
                else [fault("wrong_type", "", "{words}", words=str(error))]
            )
            problems += found
        return None


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


def _unfit(path: str, value: Any, choices: tuple[Any, ...]) -> Problem:
    return fault("unknown_choice", path, "expected one of {choices}, got {got}", choices=choices, got=shown(value))


def _scalar(kind: Any, value: Any, path: str, problems: list[Problem]) -> Any:
    from qmi_rules.schema.reader import Trust, hook_of, problems_of

    try:
        if getattr(kind, "_is_protocol", False):  # a sentence: its words
            return value
        return hook_of(kind, Trust.LIBRARY)(value)
    except Exception as error:
        problems += below(path, problems_of(error))
        return None


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
    made = _Reading(head, {}).result(data, cls, "", problems)
    if problems:
        raise DocumentError(problems, where)
    object.__setattr__(made, "_document", data)  # as it was told, later keys and all
    return made
