"""The strict converter between plain data (JSON, TOML) and frozen attrs classes; all faults at once, each with its path."""

import types
from collections.abc import Callable, Iterator, Mapping
from contextvars import ContextVar
from datetime import date
from decimal import Decimal
from enum import Enum, StrEnum
from functools import cache
from typing import Any, Literal, TypeVar, Union, get_args, get_origin

import attrs
from cattrs import Converter
from cattrs.errors import (
    AttributeValidationNote,
    BaseValidationError,
    ForbiddenExtraKeysError,
    IterableValidationNote,
    StructureHandlerNotFoundError,
)
from cattrs.gen import make_dict_structure_fn_from_attrs, make_dict_unstructure_fn_from_attrs, override

from qmi_rules.documents import scalars
from qmi_rules.documents.document import (
    Document,
    absent_when_unfilled,
    default_of,
    hidden,
    is_result,
    key,
    keys,
    looks_like_another,
    may_be_null,
    only_written,
    require_read_back,
    short_form,
    tag,
    without_format,
)
from qmi_rules.documents.faults import below, shown, step
from qmi_rules.documents.quick import quick_reader
from qmi_rules.documents.written import names_its_keys, values_of
from qmi_rules.errors import DocumentError, FaultCode, Problem, fault, language_code

T = TypeVar("T")

_PLAIN = frozenset({str, bool, int, type(None)})


# `type(x) is`, not `isinstance`: true is an int to Python, and a member of a closed list a str.


def _text(value: Any, _: Any) -> str:
    if type(value) is str:
        return value
    raise _refused("wrong_type", "expected a text, got {got}", got=shown(value))


def _truth(value: Any, _: Any) -> bool:
    if value is True or value is False:
        return value
    raise _refused("wrong_type", "expected true or false, got {got}", got=shown(value))


def _whole(value: Any, _: Any) -> int:
    if type(value) is int:
        return value
    raise _refused("wrong_type", "expected a whole number, got {got}", got=shown(value))


def _decimal(value: Any, _: Any) -> Decimal:
    return scalars.decimal(value)


def _day(value: Any, _: Any) -> date:
    return scalars.day(value)


@cache
def _choice(kind: type[Enum]) -> Callable[[Any, Any], Enum]:
    members = {
        member.value: member for member in kind
    }  # not `kind(value)`: it is slower, and takes a member for its word

    def structure(value: Any, _: Any) -> Enum:
        try:
            return members[value]
        except (KeyError, TypeError):
            words = "expected one of {choices}, got {got}"
            raise _refused("unknown_choice", words, choices=tuple(members), got=shown(value)) from None

    return structure


def _member(value: Any, kind: Any) -> Enum:
    return _choice(kind)(value, kind)


def _is_choice(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Enum)


def _is_list(kind: Any) -> bool:
    return get_origin(kind) is tuple and len(get_args(kind)) == 2 and get_args(kind)[1] is Ellipsis


def _is_mapping(kind: Any) -> bool:
    return get_origin(kind) in (dict, Mapping)


def _is_optional(kind: Any) -> bool:
    return get_origin(kind) in (Union, types.UnionType) and len(get_args(kind)) == 2 and type(None) in get_args(kind)


_told: ContextVar[str] = ContextVar("told", default="fr")
"""The language in which sentences are written into a document."""


class DocumentConverter(Converter):
    """cattrs, made strict: no coercion, no unknown keys, the attrs validators run field by field.

    An unknown key may be a fact that somebody believes they filled in; coercion would answer a question that nobody asked.
    """

    def __init__(self) -> None:
        super().__init__(forbid_extra_keys=True, detailed_validation=True)
        for kind, hook in ((str, _text), (bool, _truth), (int, _whole), (Decimal, _decimal), (date, _day)):
            self.register_structure_hook(kind, hook)
        self.register_structure_hook(StrEnum, _member)  # before the hook of str, which it also is
        self.register_structure_hook_factory(_is_choice, _choice)
        self.register_structure_hook_factory(_is_mapping, self._mapping_hook)
        self.register_structure_hook_factory(_is_list, self._list_hook)
        self.register_structure_hook_factory(_is_optional, self._optional_hook)
        self.register_structure_hook_factory(attrs.has, self._class_hook)
        self.register_structure_hook_func(
            lambda kind: hasattr(kind, "from_document"), lambda value, kind: kind.from_document(value)
        )
        self.register_unstructure_hook(Decimal, lambda value: format(value, "f"))
        self.register_unstructure_hook(date, date.isoformat)
        self.register_unstructure_hook_factory(attrs.has, self._unstructure_class)
        self.register_unstructure_hook_factory(names_its_keys, self._written)
        self.register_unstructure_hook_func(  # the last one registered is asked first: a class that says how it travels
            lambda kind: hasattr(kind, "as_document"), lambda value: value.as_document()
        )
        self.register_unstructure_hook_func(  # a sentence is told in the language asked for
            lambda kind: hasattr(kind, "told"), lambda value: value.told(_told.get())
        )

    def forbids_unknown_keys(self, cls: Any) -> bool:
        """Whether a key that the class does not know is a fault."""
        return True

    def _written(self, cls: Any) -> Callable[[Any], dict[str, Any]]:
        """How a result that names its keys is written; most of its values are texts and short lists, which need no search for a hook."""
        names, other = cls.DOCUMENT.split(), self.unstructure

        def plain(value: Any) -> Any:
            if type(value) in _PLAIN:
                return value
            if type(value) is tuple:
                return [item if type(item) in _PLAIN else other(item) for item in value]
            return other(value)

        return lambda result: {name: plain(getattr(result, name)) for name in names}

    def _optional_hook(self, kind: Any) -> Callable[[Any, Any], Any]:
        (inner,) = (argument for argument in get_args(kind) if argument is not type(None))
        hook = self.get_structure_hook(inner)
        return lambda value, _: None if value is None else hook(value, inner)

    def _list_hook(self, kind: Any, each: scalars.EachCheck | None = None) -> Callable[[Any, Any], tuple[Any, ...]]:
        item = get_args(kind)[0]
        hook = self.get_structure_hook(item)
        most = scalars.LONGEST_LIST
        if each is not None:  # item by item, so that a fault of one does not hide those of the others
            hook, most = _then(hook, each.check), each.most

        def structure(value: Any, _: Any) -> tuple[Any, ...]:
            if type(value) is not list and type(value) is not tuple:
                raise _refused("wrong_type", "expected a list, got {got}", got=shown(value))
            if len(value) > most:
                raise _refused("too_long", "expected at most {most} items, got {got}", most=most, got=len(value))
            return tuple(_collected(((f"[{i}]", x) for i, x in enumerate(value)), hook, item))

        return structure

    def _mapping_hook(self, kind: Any) -> Callable[[Any, Any], dict[str, Any]]:
        item = get_args(kind)[1]
        hook = self.get_structure_hook(item)

        def structure(value: Any, _: Any) -> dict[str, Any]:
            if type(value) is not dict:
                raise _refused("wrong_type", "expected an object, got {got}", got=shown(value))
            return dict(zip(value, _collected(((f".{step(k)}", x) for k, x in value.items()), hook, item), strict=True))

        return structure

    def _class_hook(self, cls: Any) -> Callable[[Any, Any], Any]:
        attrs.resolve_types(cls)
        overrides: Any = {
            a.name: override(omit=hidden(a), rename=key(a), struct_hook=None if hidden(a) else self._field_hook(a))
            for a in attrs.fields(cls)
        }
        strict = self.forbids_unknown_keys(cls)
        inner = make_dict_structure_fn_from_attrs(
            list(attrs.fields(cls)), cls, self, _cattrs_forbid_extra_keys=strict, **overrides
        )
        names = keys(cls)
        short = short_form(cls)

        def structure(value: Any, kind: Any) -> Any:
            if isinstance(value, cls):  # a dict from Python may hold parts that are made already
                return value
            if type(value) is not dict and short is not None:
                value = {short.name: value}
            if type(value) is not dict:
                words = "expected an object with {keys}, got {got}"
                raise _refused("wrong_type", words, keys=tuple(names), got=shown(value))
            return inner(without_format(value, cls), kind)

        return structure

    def _field_hook(self, attribute: "attrs.Attribute[Any]") -> Callable[[Any, Any], Any] | None:
        """How to read a field; null is as good as absent where the class has an empty part of its own to put there."""
        hook = self._checked(attribute) if attribute.validator is not None else None
        if not may_be_null(attribute):
            return hook
        read = hook or self.get_structure_hook(attribute.type)
        return lambda value, kind: default_of(attribute) if value is None else read(value, attribute.type)

    def _checked(self, attribute: "attrs.Attribute[Any]") -> Callable[[Any, Any], Any]:
        """The hook of a field's type, then its converter and validator, so that every field's fault is reported."""
        convert, validate = attribute.converter, attribute.validator
        if isinstance(validate, scalars.EachCheck) and _is_list(attribute.type):
            return self._list_hook(attribute.type, validate)
        hook = self.get_structure_hook(attribute.type)

        def structure(value: Any, kind: Any) -> Any:
            result = hook(value, attribute.type)
            try:
                validate(None, attribute, convert(result) if callable(convert) else result)  # type: ignore[misc]
            except DocumentError as error:
                raise DocumentError(
                    problem.at(problem.path.removeprefix(attribute.name)) for problem in error.problems
                ) from None
            return result

        return structure

    def _unstructure_class(self, cls: Any) -> Callable[[Any], dict[str, Any]]:
        attrs.resolve_types(cls)
        overrides: Any = {
            a.name: override(omit=hidden(a), omit_if_default=absent_when_unfilled(a), rename=key(a))
            for a in attrs.fields(cls)
        }
        plain = (
            make_dict_unstructure_fn_from_attrs(  # what a user writes comes back without the fields that nobody filled
                list(attrs.fields(cls)),
                cls,
                self,
                _cattrs_omit_if_default=getattr(cls, "OMIT_UNFILLED", False),
                **overrides,
            )
        )
        word = tag(cls)
        return plain if word is None else lambda value: {"kind": word, **plain(value)}


def _then(hook: Callable[[Any, Any], Any], check: scalars.Check) -> Callable[[Any, Any], Any]:
    def structure(value: Any, kind: Any) -> Any:
        result = hook(value, kind)
        if not check.test(result):
            raise DocumentError(check.refusal("", result))
        return result

    return structure


class OpenConverter(DocumentConverter):
    """Reads what the library made: keys that it does not know are a later version's; the user's documents inside stay strict."""

    def forbids_unknown_keys(self, cls: Any) -> bool:
        """Only in what a user wrote."""
        return issubclass(cls, Document)


@cache
def converter() -> DocumentConverter:
    """The converter of what users write, made when first used."""
    return DocumentConverter()


@cache
def open_converter() -> DocumentConverter:
    """The converter of what the library wrote, made when first used."""
    return OpenConverter()


def structure(data: Any, cls: type[T], where: str = "") -> T:
    """Turn plain data that somebody wrote into an object of `cls`: an unknown key is a fault.

    Args:
        data: What `json.loads` or `tomllib.load` gives: decimals as strings or ints, dates as ISO strings or dates.
        cls: A frozen attrs class of the library.
        where: The file the data came from, for the messages.

    Raises:
        DocumentError: All faults at once, each with its path.
    """
    return _structured(data, cls, where, converter)


def read_document(data: Any, cls: type[T], where: str = "") -> T:
    """Turn a document into an object of `cls`: `structure`, and of a result unknown keys are those of a later version.

    Raises:
        DocumentError: All faults at once, each with its path.
    """
    return _structured(data, cls, where, open_converter if is_result(cls) else converter)


def _structured(data: Any, cls: type[T], where: str, chosen: Callable[[], DocumentConverter]) -> T:
    if type(data) is dict and "format" in data and isinstance(cls, type):
        try:
            data = without_format(data, cls)
        except DocumentError as error:
            raise DocumentError(error.problems, where) from None
    if type(data) is dict and (read := quick_reader(cls)) is not None:  # type: ignore[arg-type]
        try:
            return read(data)  # type: ignore[no-any-return]
        except Exception:  # the converter finds out what is wrong, or reads what the quick way cannot
            pass
    require_read_back(cls, where)
    try:
        return chosen().structure(data, cls)
    except StructureHandlerNotFoundError:
        raise DocumentError(only_written(cls), where) from None
    except (ValueError, KeyError, TypeError, NameError, BaseValidationError, ForbiddenExtraKeysError) as error:
        problems = list(_said_once(problems_of(error)))
    if type(data) is dict and attrs.has(cls) and (other := looks_like_another(data, cls)):
        problems.insert(0, other)
    raise DocumentError(problems, where)


HEAD = ("format", "lang", "table_edition", "package_version", "answer")
"""The keys of a result that come first and are all that ``detail="answer"`` gives."""


def unstructure(value: object, lang: str | None = None, detail: Literal["full", "answer"] = "full") -> Any:
    """Turn an object of the library into plain data: dicts, lists, strings, ints, booleans, None.

    Args:
        value: A document or a result.
        lang: The language of the sentences in it; None = that of the document of which it is a part, French where it is none.
        detail: ``"answer"`` for the head and the card of a result alone.

    Raises:
        UnsupportedLocaleError: There is no catalogue for `lang`.
        DocumentError: There is no such detail.
    """
    if detail not in ("full", "answer"):
        words = "expected one of {choices}, got {got}"
        raise DocumentError(fault("unknown_choice", "detail", words, choices=("full", "answer"), got=shown(detail)))
    if lang is None and detail == "full":
        return converter().unstructure(value)
    asked = _told.set(_told.get() if lang is None else language_code(lang))
    try:
        if detail == "full":
            return converter().unstructure(value)
        if names_its_keys(type(value)):  # the rest is not even computed
            return {name: converter().unstructure(item) for name, item in values_of(value, HEAD).items()}
        return {key: item for key, item in converter().unstructure(value).items() if key in HEAD}
    finally:
        _told.reset(asked)


# --- what cattrs raised, as faults


def _refused(code: FaultCode, text: str, /, **params: Any) -> DocumentError:
    return DocumentError(fault(code, "", text, **params))


# cattrs raises a group of errors at each level and keeps the place in notes; here a fault has its whole path, and no group leaves.


def _collected(items: Iterator[tuple[str, Any]], hook: Callable[[Any, Any], Any], kind: Any) -> list[Any]:
    """Structure each item; raise once with the faults of all of them."""
    results, problems = [], []
    for path, item in items:
        try:
            results.append(hook(item, kind))
        except Exception as error:
            problems += below(path, problems_of(error))
    if problems:
        raise DocumentError(problems)
    return results


def problems_of(error: BaseException) -> list[Problem]:
    """Flatten what structuring raised (cattrs' groups included) into problems with paths."""
    if isinstance(error, DocumentError):
        return list(error.problems)
    if isinstance(error, ForbiddenExtraKeysError):
        known = keys(error.cl) if error.cl else []
        return [_unknown_key(key, known) for key in sorted(error.extra_fields, key=str)]
    if isinstance(error, BaseValidationError):
        problems = []
        for inner in error.exceptions:
            notes = getattr(inner, "__notes__", ())  # where cattrs writes down which field or item it was at
            note = next((n for n in notes if isinstance(n, (AttributeValidationNote, IterableValidationNote))), None)
            match note:
                case AttributeValidationNote():
                    prefix = note.name.removesuffix("_")
                case IterableValidationNote():
                    prefix = f"[{note.index}]"
                case _:
                    prefix = ""
            problems += below(prefix, problems_of(inner))
        return problems
    if isinstance(error, KeyError):
        return [fault("required", "", "required, but it is absent")]
    if isinstance(error, TypeError):  # cattrs, or a constructor, lacks what was never written
        return [fault("another_document", "", "this is written in a document, never read from one")]
    return [fault("wrong_type", "", "{words}", words=str(error) or type(error).__name__)]


def _unknown_key(key: object, known: list[str]) -> Problem:
    from difflib import get_close_matches  # only faulty documents need it

    near = get_close_matches(str(key)[:100], known, 1)
    words = "unknown key; did you mean {near}?; the keys are {keys}" if near else "unknown key; the keys are {keys}"
    return fault("unknown_key", step(key), words, **({"near": near[0]} if near else {}), keys=tuple(known))


def _said_once(problems: list[Problem]) -> Iterator[Problem]:
    """The same problems, each list of known keys only where it is first due."""
    said = set()
    for problem in problems:
        if problem.code == "unknown_key" and (known := problem.params.get("keys")) is not None:
            if known in said:
                others = {name: value for name, value in problem.params.items() if name != "keys"}
                words = "unknown key; did you mean {near}?" if "near" in others else "unknown key"
                problem = Problem("unknown_key", problem.path, others, words)
            said.add(known)
        yield problem
