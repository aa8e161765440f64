"""The strict converter between plain data (JSON, TOML) and frozen attrs classes; all faults at once, each with its path."""

import types
from collections.abc import Callable, Iterator, Mapping
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

from qmi_rules.catalogues import SOURCE_LANGUAGE
from qmi_rules.errors import DocumentError, FaultCode, Problem, fault, language_code
from qmi_rules.schema import scalars
from qmi_rules.schema.faults import below, repeated, shown, step
from qmi_rules.schema.fields import (
    Document,
    absent_when_unfilled,
    default_of,
    hidden,
    is_result,
    is_told,
    key,
    keys,
    looks_like_another,
    may_be_null,
    not_read,
    said_by_of,
    short_form,
    tag,
    without_format,
    written_as_of,
)
from qmi_rules.schema.stored import is_stored, stored_document
from qmi_rules.schema.writing import CARD, Writing, begun, cited_in, head_of, writing, written_into
from qmi_rules.schema.written import is_whole, keys_of, names_around, names_its_keys, names_of

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
    raise DocumentError(scalars.is_a(bool).refusal("", value))


def _whole(value: Any, _: Any) -> int:
    found = value if type(value) is int else scalars.to_whole(value)
    if type(found) is int:
        return found
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


def _tells(kind: Any) -> bool:
    """Whether values of a type are texts of the catalogues, or lists of them."""
    return is_told(kind) or any(_tells(part) for part in get_args(kind))


def _is_pair(kind: Any) -> bool:
    return get_origin(kind) is tuple and not _is_list(kind)


def _is_mapping(kind: Any) -> bool:
    return get_origin(kind) in (dict, Mapping)


def _is_optional(kind: Any) -> bool:
    return get_origin(kind) in (Union, types.UnionType) and len(get_args(kind)) == 2 and type(None) in get_args(kind)


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
        self.register_unstructure_hook(
            StrEnum, lambda member: member.value
        )  # it is a str, which cattrs leaves as it is
        self.register_unstructure_hook_func(  # plain data has lists alone
            _is_pair,
            lambda value: [self.unstructure(item) for item in value],
        )
        self.register_unstructure_hook_factory(attrs.has, self._unstructure_class)
        self.register_unstructure_hook_factory(names_its_keys, self._written)
        self.register_unstructure_hook_func(is_told, lambda value: value if value is None else writing().tell(value))
        self.register_unstructure_hook_func(  # the last one registered is asked first: a sentence is told in the language asked for
            lambda kind: hasattr(kind, "told"), lambda value: value.told(writing().lang)
        )
        self.register_unstructure_hook_factory(lambda kind: hasattr(kind, "REGISTER"), self._once)
        self.register_unstructure_hook_factory(is_whole, self._whole)

    def forbids_unknown_keys(self, cls: Any) -> bool:
        """Whether a key that the class does not know is a fault."""
        return True

    def _written(self, cls: Any) -> Callable[[Any], dict[str, Any]]:
        """How what names its keys is written; most of its values are texts and short lists, which need no search for a hook."""
        names, other = names_of(cls), self.unstructure
        left_out = getattr(cls, "left_out", getattr(cls, "OPTIONAL", ()))

        def plain(value: Any) -> Any:
            if type(value) in _PLAIN:
                return value
            if type(value) is tuple:
                return [item if type(item) in _PLAIN else other(item) for item in value]
            return other(value)

        @cache  # not before the class is whole: a type may be named before it is there
        def sentences() -> dict[str, Any]:
            return {one.name: one.type for one in keys_of(cls) if _tells(one.type)}

        def written(result: Any) -> dict[str, Any]:
            if writing().lang == SOURCE_LANGUAGE:
                words = sentences()
                found = {
                    name: self.unstructure(getattr(result, attribute), unstructure_as=words[name])
                    if name in words
                    else plain(getattr(result, attribute))
                    for name, attribute in names.items()
                }
            else:
                found = {
                    one.name: self.unstructure(getattr(result, one.attribute), unstructure_as=one.type)
                    for one in keys_of(cls)
                }
            for name in result.left_out if isinstance(left_out, property) else left_out:
                if found[name] in (None, [], "", False):  # null would read as a limit that nobody knows
                    del found[name]
            return found

        return written

    def _once(self, cls: Any) -> Callable[[Any], Any]:
        """How an entry of a register is written: its id, and it itself in its register."""
        write = self._written(cls) if names_its_keys(cls) else self._unstructure_class(cls)
        return lambda value: writing().once(value, write)

    def _whole(self, cls: Any) -> Callable[[Any], dict[str, Any]]:
        """How a result is written: with registers of its own."""
        write = self._written(cls) if names_its_keys(cls) else self._unstructure_class(cls)

        def written(result: Any) -> dict[str, Any]:
            with written_into(begun(result)) as here:
                return _fitted(result, self._with_registers(result, write(result), here))

        return written

    def _with_registers(self, result: Any, found: dict[str, Any], here: Writing) -> dict[str, Any]:
        """The document of a result with what it cites by id, texts that only an id names too."""
        if (named := getattr(result, "source_named", None)) is not None:
            for name in dict.fromkeys(cited_in([found, here.registers])):
                if name not in here.entries("sources") and (source := named(name)) is not None:
                    self.unstructure(source)
        return {**found, **here.registered(type(result))}

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
            try:
                return tuple(_collected(((f"[{i}]", x) for i, x in enumerate(value)), hook, item))
            except DocumentError as error:
                if each is None or not each.own_ids:
                    raise
                # the class, which compares the ids of its items, is not reached
                raise DocumentError([*error.problems, *repeated("", value)]) from None

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
            written = without_format(value, cls)
            try:
                return inner(written, kind)
            except (BaseValidationError, ForbiddenExtraKeysError) as error:
                if not hasattr(cls, "contradictions"):
                    raise
                problems = problems_of(error)
            raise DocumentError([*problems, *self._contradictions(cls, written, problems)])

        return structure

    def _contradictions(self, cls: Any, value: dict[str, Any], problems: list[Problem]) -> list[Problem]:
        """What the readable keys of an object with faults say against each other."""
        faulty = {problem.path.partition(".")[0].partition("[")[0] for problem in problems}
        read: dict[str, Any] = {}
        for attribute in attrs.fields(cls):
            name = key(attribute)
            if name in value and name not in faulty and not hidden(attribute):
                found = (self._field_hook(attribute) or self.get_structure_hook(attribute.type))(
                    value[name], attribute.type
                )
                read[attribute.name] = attribute.converter(found) if callable(attribute.converter) else found
        # a contradiction found where every key could be read was told already
        told = {(problem.code, problem.path) for problem in problems}
        return [one for one in scalars.contradictions(cls, read) if (one.code, one.path) not in told]

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
        attrs.resolve_types(cls, localns=names_around(cls))
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
        word, told, less = tag(cls), said_by_of(cls), written_as_of(cls)
        if not (told or less):
            return plain if word is None else lambda value: {"kind": word, **plain(value)}

        def written(value: Any) -> dict[str, Any]:
            found = plain(value)
            for name, instead in less.items():
                found[name] = self.unstructure(getattr(value, instead))
            for name, private in told.items():
                if (sentence := getattr(value, private)) is not None:
                    found[name] = sentence.told(writing().lang)
            return found

        return written


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


def converted(data: Any, cls: type[T], where: str) -> T:
    """Plain data as an object of `cls`, by the way that finds every fault.

    Raises:
        DocumentError: All faults at once, each with its path.
    """
    try:
        return converter().structure(data, cls)
    except StructureHandlerNotFoundError:
        raise DocumentError(not_read(cls), where) from None
    except (ValueError, KeyError, TypeError, NameError, BaseValidationError, ForbiddenExtraKeysError) as error:
        problems = list(_said_once(problems_of(error)))
    if type(data) is dict and attrs.has(cls) and (other := looks_like_another(data, cls)):
        problems.insert(0, other)
    raise DocumentError(problems, where)


def document_of(value: Any, lang: str | None = None, detail: Literal["full", "answer"] = "full") -> Any:
    """The document of an object of the library; that of a result begins with its head.

    Args:
        value: A document or a result.
        lang: The language of the sentences in it; None = French, or that in which a result that was read back was told.
        detail: ``"answer"`` for the head and the card of a result alone.

    Raises:
        UnsupportedLocaleError: There is no catalogue for `lang`.
        DocumentError: There is no such detail.
    """
    if detail not in ("full", "answer"):
        words = "expected one of {choices}, got {got}"
        raise DocumentError(fault("unknown_choice", "detail", words, choices=("full", "answer"), got=shown(detail)))
    lang = SOURCE_LANGUAGE if lang is None else language_code(lang)
    if is_stored(value):
        found = stored_document(value)
        return {key: item for key, item in found.items() if key in CARD} if detail == "answer" else dict(found)
    if not is_result(type(value)):
        with written_into(Writing(lang)):
            return converter().unstructure(value)
    head = head_of(value, lang)
    if detail == "answer":  # the rest is not even computed
        with written_into(Writing(lang)):
            if not hasattr(value, "answer"):
                return head
            return head | {"answer": _fitted(value.answer, converter().unstructure(value.answer))}
    with written_into(begun(value, lang)) as here:
        alone = hasattr(type(value), "REGISTER")  # what others cite by id, shown by itself
        found = converter()._written(type(value))(value) if alone else converter().unstructure(value)
        if type(value).PART:
            found = converter()._with_registers(value, found, here)
    first = {"answer": found.pop("answer")} if "answer" in found else {}
    return head | first | {name: item for name, item in found.items() if name not in head}


def _fitted(value: Any, document: dict[str, Any]) -> dict[str, Any]:
    """The document within the length that its class promises, where it promises one."""
    fit: Callable[[dict[str, Any]], dict[str, Any]] | None = getattr(value, "fitted", None)
    return document if fit is None else fit(document)


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
