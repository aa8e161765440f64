"""How objects are written as plain data, by cattrs: its writer walks the fields that the readers are made of, and it reads with those readers."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Any, Literal, get_args, get_origin

import attrs
from cattrs import Converter
from cattrs.gen import make_dict_unstructure_fn_from_attrs, override

from qmi_rules.catalogues import SOURCE_LANGUAGE
from qmi_rules.errors import DocumentError, fault, language_code
from qmi_rules.schema.faults import shown
from qmi_rules.schema.fields import (
    absent_when_unfilled,
    hidden,
    is_result,
    is_told,
    key,
    layout_of,
    said_by_of,
    tag,
    written_as_of,
)
from qmi_rules.schema.reader import structure
from qmi_rules.schema.stored import is_stored, stored_document
from qmi_rules.schema.writing import CARD, Writing, begun, cited_in, head_of, writing, written_into
from qmi_rules.schema.written import is_whole, keys_of, names_around, names_its_keys, names_of

_PLAIN = frozenset({str, bool, int, type(None)})


def _tells(kind: Any) -> bool:
    """Whether values of a type are texts of the catalogues, or lists of them."""
    return is_told(kind) or any(_tells(part) for part in get_args(kind))


def _is_pair(kind: Any) -> bool:
    return get_origin(kind) is tuple and get_args(kind)[1:] != (Ellipsis,)


class DocumentConverter(Converter):
    """cattrs with the readers and the writers of the library's classes."""

    def __init__(self) -> None:
        super().__init__()
        self.register_structure_hook_factory(attrs.has, lambda cls: lambda data, _: structure(data, cls))
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
        self.register_unstructure_hook_factory(lambda kind: bool(layout_of(kind).register), self._once)
        self.register_unstructure_hook_factory(is_whole, self._whole)

    def _written(self, cls: Any) -> Callable[[Any], dict[str, Any]]:
        """How what names its keys is written; most of its values are texts and short lists, which need no search for a hook."""
        names, other = names_of(cls), self.unstructure
        left_out = getattr(cls, "_left_out", layout_of(cls).optional)

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
            for name in result._left_out if isinstance(left_out, property) else left_out:
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
        if (named := getattr(result, "_source_named", None)) is not None:
            for name in dict.fromkeys(cited_in([found, here.registers])):
                if name not in here.entries("sources") and (source := named(name)) is not None:
                    self.unstructure(source)
        return {**found, **here.registered(type(result))}

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


@cache
def converter() -> DocumentConverter:
    """The converter, made when first used."""
    return DocumentConverter()


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
        alone = layout_of(type(value)).register  # what others cite by id, shown by itself
        found = converter()._written(type(value))(value) if alone else converter().unstructure(value)
        if layout_of(type(value)).part:
            found = converter()._with_registers(value, found, here)
    first = {"answer": found.pop("answer")} if "answer" in found else {}
    return head | first | {name: item for name, item in found.items() if name not in head}


def _fitted(value: Any, document: dict[str, Any]) -> dict[str, Any]:
    """The document within the length that its class promises, where it promises one."""
    fit: Callable[[dict[str, Any]], dict[str, Any]] | None = getattr(value, "_fitted", None)
    return document if fit is None else fit(document)
