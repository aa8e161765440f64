"""From plain data (JSON, TOML) to objects: one compiled reader a class, derived from its fields, that finds every fault at once, each with its path.

A hook takes a value and returns what it means, or raises what is wrong with it. The reader of a class goes through the keys that are there and
collects what its hooks raise: most keys of a document are absent and most documents are right, so both the faultless way and the
faulty one copy the defaults once and pay for what is there alone (a `try` costs nothing until something is raised).
"""

import types
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import Enum, StrEnum
from functools import cache, partial
from typing import Any, Final, Literal, TypeVar, Union, get_args, get_origin

import attrs

from qmi_rules.errors import DocumentError, FaultCode, Problem, fault
from qmi_rules.read_only import to_read_only
from qmi_rules.schema import scalars
from qmi_rules.schema.faults import below, repeated, shown, step
from qmi_rules.schema.fields import (
    Document,
    default_of,
    hidden,
    is_result,
    key,
    keys,
    layout_of,
    looks_like_another,
    may_be_null,
    not_read,
    short_form,
    tag,
    without_format,
    without_marks,
)

T = TypeVar("T")
Hook = Callable[[Any], Any]


class Trust(StrEnum):
    """Who wrote what is read, and so how closely it is looked at."""

    USER = "user"
    """Somebody: an unknown key may be a fact that they believe they filled in, so it is a fault."""
    LIBRARY = "library"
    """The library, maybe a later version: keys that are not known are left alone; a user's document inside stays strict."""
    BUILD = "build"
    """A build, which checked every value: nothing is checked once more."""


MOST_FAULTS: Final = 100
"""Faults of a document that are told one by one; of the others it is told how many they are."""
MOST_GUESSES: Final = 10
"""Unknown keys of an object for which a known one is looked for that was meant."""


class _NotReadError(Exception):
    """A class of which no document can be read."""


def structure(data: Any, cls: type[T], where: str = "", trust: Trust = Trust.USER) -> T:
    """Turn plain data into an object of `cls`.

    Args:
        data: What `json.loads` or `tomllib.load` gives: decimals as strings or ints, dates as ISO strings or dates.
        cls: A frozen attrs class of the library, or the type of a single value.
        where: The file the data came from, for the messages.
        trust: Who wrote it.

    Raises:
        DocumentError: All faults at once, each with its path.
    """
    try:
        return hook_of(cls, trust)(data)  # type: ignore[no-any-return, arg-type]
    except _NotReadError:
        raise DocumentError(not_read(cls), where) from None
    except Exception as error:
        problems = list(_said_once(problems_of(error)))
    if type(data) is dict and attrs.has(cls) and problems[0].path != "format":  # where it says itself what it is
        problems = [*filter(None, [looks_like_another(data, cls)]), *problems]
    if len(problems) > MOST_FAULTS:
        rest = problems[MOST_FAULTS:]
        more = sum(one.params.get("more", 1) for one in rest)
        problems[MOST_FAULTS:] = [fault(rest[0].code, "", "and {more} more", more=more)]
    raise DocumentError(problems, where)


def read_document(data: Any, cls: type[T], where: str = "") -> T:
    """Turn a document into an object of `cls`: `structure`, and of a result unknown keys are those of a later version.

    Raises:
        DocumentError: All faults at once, each with its path.
    """
    if isinstance(cls, type) and is_result(cls):
        from qmi_rules.schema.stored import read_result

        return read_result(data, cls, where)  # type: ignore[no-any-return]
    return structure(data, cls, where)


@cache
def class_reader(cls: Any, trust: Trust) -> Hook:
    """The function that reads the documents of a class."""
    if trust is Trust.LIBRARY and not issubclass(cls, Document):
        from qmi_rules.schema.stored import told_reader
        from qmi_rules.schema.written import names_around, names_its_keys

        if is_result(cls) or names_its_keys(cls):
            return told_reader(cls)
        attrs.resolve_types(cls, localns=names_around(cls))
    elif any(not isinstance(one.type, type) and "'" in repr(one.type) for one in attrs.fields(cls)):
        attrs.resolve_types(cls)  # slow, and few classes have types in quotation marks
    fields = attrs.fields(cls)
    written = [one for one in fields if not hidden(one)]
    hooks = {key(one): (one.name, _of_field(one, trust)) for one in written}
    made = {one.name: partial(_absent, one) for one in fields if isinstance(one.default, attrs.Factory)}  # type: ignore[arg-type]
    defaults = {one.name: _absent(one) for one in fields if one.default is not attrs.NOTHING and one.name not in made}
    required = {one.name: key(one) for one in written if one.default is attrs.NOTHING}
    whole = all(one.default is not attrs.NOTHING or not one.init for one in fields if hidden(one))
    finish = None if trust is Trust.BUILD else getattr(cls, "__attrs_post_init__", None)
    short, closed = short_form(cls), trust is not Trust.LIBRARY or issubclass(cls, Document)
    new, put, slotted = cls.__new__, object.__setattr__, cls.__dictoffset__ == 0

    def refuse(data: dict[Any, Any], values: dict[str, Any], faults: dict[str, list[Problem]]) -> DocumentError:
        """What is wrong with an object: in the order of its fields, then the keys that it does not know, then what its values say together."""
        problems: list[Problem] = []
        for name, (attribute, _) in hooks.items():
            problems += faults.get(name, ())
            if attribute in required and name not in data:
                problems.append(fault("required", name, "required, but it is absent"))
        if closed:
            known = keys(cls)
            unknown = sorted(data.keys() - hooks.keys(), key=str)
            problems += [_unknown_key(name, known, i < MOST_GUESSES) for i, name in enumerate(unknown[:MOST_FAULTS])]
            if more_unknown := len(unknown[MOST_FAULTS:]):
                problems.append(fault("unknown_key", "", "and {more} more", more=more_unknown))
        told = {(one.code, one.path) for one in problems}
        more = scalars.contradictions(cls, values)
        return DocumentError([*problems, *(one for one in more if (one.code, one.path) not in told)])

    def read(data: Any) -> Any:
        if type(data) is not dict:
            if isinstance(data, cls):  # a dict from Python may hold parts that are made already
                return data
            if short is None:
                words = "expected an object with {keys}, got {got}"
                raise _refused("wrong_type", words, keys=tuple(keys(cls)), got=shown(data))
            data = {short.name: data}
        if "format" in data:
            data = without_format(data, cls)
        values = defaults.copy()  # of forty fields five are filled: the cheapest way to have the other thirty-five
        faults: dict[str, list[Problem]] | None = None
        for name, value in data.items():
            try:
                attribute, hook = hooks[name]
                values[attribute] = hook(value)
            except Exception as error:
                if name in hooks:
                    faults = (faults or {}) | {name: below(name, problems_of(error))}
                elif closed:  # a key that is not known
                    faults = faults or {}
        if faults is not None or not required.keys() <= values.keys():
            raise refuse(data, values, faults or {})
        if not whole:
            raise _refused("another_document", "this is written in a document, never read from one")
        for name, default in made.items():
            if name not in values:
                values[name] = default()
        instance = new(cls)
        if slotted:
            for name, value in values.items():
                put(instance, name, value)  # `object.__setattr__`: the class is frozen, as attrs itself does it
        else:
            instance.__dict__.update(values)
        if finish is not None:
            finish(instance)
        return instance

    return read


def _absent(attribute: "attrs.Attribute[Any]") -> Any:
    """What a field holds where a document does not give it."""
    convert: Any = attribute.converter
    return default_of(attribute) if convert is None else convert(default_of(attribute))


def _of_field(attribute: "attrs.Attribute[Any]", trust: Trust) -> Hook:
    """How a field is read: by its type, then its converter where that does more than its type, then its check.

    Null is as good as absent where the class has an empty part of its own to put there.
    """
    read = _checked(attribute, trust)
    if not may_be_null(attribute):
        return read
    return lambda value: _absent(attribute) if value is None else read(value)


def _checked(attribute: "attrs.Attribute[Any]", trust: Trust) -> Hook:
    kind, check = without_marks(attribute.type), attribute.validator
    inner, nullable = _without_none(kind)
    if check is scalars.TRUTH:
        return _fact
    if isinstance(check, scalars.Check) and check.expected in _OFTEN:
        quick = partial(_OFTEN[check.expected], check)
        return _or_none(quick) if nullable else quick
    if isinstance(check, scalars.EachCheck) and _is_list(kind):
        return _list(kind, trust, check)
    read = hook_of(kind, trust)
    members: list[Enum] = [*inner] if isinstance(inner, type) and issubclass(inner, Enum) else []
    convert: Any = attribute.converter
    if members or attrs.has(inner) or inner in (Decimal, int, date):
        convert = None  # it makes of other values what was read already
    if (
        check is None
        or trust is Trust.BUILD
        or (members and isinstance(check, scalars.Check) and all(map(check.test, members)))
    ):
        return read if convert is None else lambda value: convert(read(value))
    test: Any = getattr(check, "test", None)

    def checked(value: Any) -> Any:
        found = read(value) if convert is None else convert(read(value))
        if test is None or not test(found):
            try:
                check(None, attribute, found)
            except DocumentError as error:
                here = attribute.name
                raise DocumentError(one.at(one.path.removeprefix(here)) for one in error.problems) from None
        return found

    return checked


@cache
def hook_of(kind: Any, trust: Trust) -> Hook:
    """How a value of a type is read."""
    kind = without_marks(kind)
    inner, nullable = _without_none(kind)
    if nullable:
        return _or_none(hook_of(inner, trust))
    if get_origin(kind) in (Union, types.UnionType):
        return _one_of(get_args(kind), trust)
    if get_origin(kind) in (dict, Mapping):
        return _mapping(hook_of(get_args(kind)[1], trust))
    if trust is Trust.LIBRARY and (special := _told(kind, trust)) is not None:
        return special
    if _is_list(kind):
        return _list(kind, trust)
    if hasattr(kind, "from_document"):
        return kind.from_document  # type: ignore[no-any-return]
    if isinstance(kind, type) and issubclass(kind, Enum):
        return _choice(kind)
    if attrs.has(kind):
        return _part(kind, trust)
    if trust is Trust.BUILD and kind in (str, int, bool):
        return _as_it_is
    try:
        return _SCALARS[kind]
    except (KeyError, TypeError):
        raise _NotReadError(kind) from None


def _part(cls: Any, trust: Trust) -> Hook:
    """How a part is read; its reader is made when there is one: a class may hold itself, and most documents hold few kinds of parts."""
    reader: Hook | None = None

    def read(value: Any) -> Any:
        nonlocal reader
        if reader is None:
            reader = class_reader(cls, trust)
        return reader(value)

    return read


def _or_none(read: Hook) -> Hook:
    return lambda value: None if value is None else read(value)


def _without_none(kind: Any) -> tuple[Any, bool]:
    """A type without None, and whether it had it; of several others it stays as it is."""
    arguments = get_args(kind)
    if get_origin(kind) in (Union, types.UnionType) and type(None) in arguments and len(arguments) == 2:
        return without_marks(arguments[arguments[0] is type(None)]), True
    return kind, False


def _one_of(kinds: tuple[Any, ...], trust: Trust) -> Hook:
    """How a value of one of several types is read: by the word under ``kind`` where each has one, else as the first that it fits."""
    others = [kind for kind in kinds if kind is not type(None)]
    hooks = [hook_of(kind, trust) for kind in others]
    tagged = {tag(kind): hook for kind, hook in zip(others, hooks, strict=True)}

    def read(value: Any) -> Any:
        if value is None and type(None) in kinds:
            return None
        if None not in tagged:
            word = value.get("kind") if isinstance(value, dict) else None
            if word not in tagged:
                raise DocumentError(unfit("kind", word, tuple(map(tag, kinds))))
            return tagged[word](value)
        first: Exception | None = None
        for hook in hooks:
            try:
                return hook(value)
            except Exception as error:
                first = first or error
        assert first is not None  # a union has a hook for each of its types
        raise first

    return read


def _told(kind: Any, trust: Trust) -> Hook | None:
    """How a value of a type that only the library writes is read; None for the types that a user writes too."""
    origin, arguments = get_origin(kind), get_args(kind)
    if kind in (Any, object):
        return lambda value: to_read_only(value) if isinstance(value, dict) else value
    if origin is Literal:
        return partial(_literal, arguments)
    if origin is tuple or kind is tuple or Sequence in (origin, kind):
        return _items(arguments or (Any, ...), trust)
    if getattr(kind, "_is_protocol", False):
        return _as_it_is  # a sentence: its words
    if isinstance(kind, type) and not hasattr(kind, "from_document"):
        if layout_of(kind).register:
            from qmi_rules.schema.stored import entry_reader

            return entry_reader(kind, _part(kind, trust))
        if layout_of(kind).keys:
            return _part(kind, trust)
    return None


def _literal(choices: tuple[Any, ...], value: Any) -> Any:
    if value not in choices:
        raise DocumentError(unfit("", value, choices))
    return value


def _items(kinds: tuple[Any, ...], trust: Trust) -> Hook:
    """A list without a longest length, or one whose items have a type each."""
    alike = len(kinds) == 1 or kinds[-1] is Ellipsis
    hooks = [hook_of(kind, trust) for kind in (kinds[:1] if alike else kinds)]
    entries = bool(layout_of(without_marks(kinds[0])).register)

    def read(value: Any) -> tuple[Any, ...]:
        if entries and type(value) is dict:
            value = list(value)  # an option by itself: the list of its ids and the list of the entries are one
        if type(value) is not list and type(value) is not tuple:
            raise _refused("wrong_type", "expected a list, got {got}", got=shown(value))
        pairs = list(zip(hooks * len(value) if alike else hooks, value, strict=False))
        try:
            return tuple([hook(one) for hook, one in pairs])
        except Exception:
            raise DocumentError(_each((f"[{i}]", hook, one) for i, (hook, one) in enumerate(pairs))) from None

    return read


def _is_list(kind: Any) -> bool:
    return get_origin(kind) is tuple and get_args(kind)[1:] == (Ellipsis,)


def _list(kind: Any, trust: Trust, each: scalars.EachCheck | None = None) -> Hook:
    item, most = hook_of(get_args(kind)[0], trust), scalars.LONGEST_LIST if each is None else each.most
    if item is _as_it_is:
        return tuple
    if (
        each is not None and trust is not Trust.BUILD
    ):  # item by item, so that a fault of one does not hide those of the others
        item = _then(item, each.check)

    def read(value: Any) -> Any:
        if type(value) is not list and type(value) is not tuple:
            raise _refused("wrong_type", "expected a list, got {got}", got=shown(value))
        if len(value) > most:
            raise _refused("too_long", "expected at most {most} items, got {got}", most=most, got=len(value))
        try:
            return tuple([item(one) for one in value])
        except Exception:
            problems = _each((f"[{i}]", item, one) for i, one in enumerate(value))
        if each is not None and each.own_ids:
            problems += repeated("", value)  # the class, which compares the ids of its items, is not reached
        raise DocumentError(problems)

    return read


def _mapping(item: Hook) -> Hook:
    def read(value: Any) -> Any:
        if type(value) is not dict:
            raise _refused("wrong_type", "expected an object, got {got}", got=shown(value))
        try:
            return {name: item(one) for name, one in value.items()}
        except Exception:
            raise DocumentError(_each((f".{step(name)}", item, one) for name, one in value.items())) from None

    return read


def _each(items: Iterator[tuple[str, Hook, Any]]) -> list[Problem]:
    """What is wrong with each of the items of a list or of an object."""
    found: list[Problem] = []
    for path, read, item in items:
        try:
            read(item)
        except Exception as error:
            found += below(path, problems_of(error))
    return found


def _then(read: Hook, check: scalars.Check) -> Hook:
    test = check.test

    def checked(value: Any) -> Any:
        found = read(value)
        if not test(found):
            raise DocumentError(check.refusal("", found))
        return found

    return checked


# --- single values: `type(x) is`, not `isinstance`: true is an int to Python, and a member of a closed list a str


@cache
def _choice(kind: type[Enum]) -> Hook:
    members = {
        member.value: member for member in kind
    }  # not `kind(value)`: it is slower, and takes a member for its word

    def read(value: Any) -> Any:
        try:
            return members[value]
        except (KeyError, TypeError):
            words = "expected one of {choices}, got {got}"
            raise _refused("unknown_choice", words, choices=tuple(members), got=shown(value)) from None

    return read


def _as_it_is(value: Any) -> Any:
    return value


def _text(value: Any) -> str:
    if type(value) is str:
        return value
    raise _refused("wrong_type", "expected a text, got {got}", got=shown(value))


def _truth(value: Any) -> bool:
    if value is True or value is False:
        return value
    raise DocumentError(scalars.is_a(bool).refusal("", value))


def _fact(value: Any) -> bool | None:
    return None if value is None else _truth(value)


def _whole(value: Any) -> int:
    found = value if type(value) is int else scalars.to_whole(value)
    if type(found) is int:
        return found
    raise _refused("wrong_type", "expected a whole number, got {got}", got=shown(value))


def _day(value: Any) -> date:
    if type(value) is str and len(value) == 10 and value[4] == value[7] == "-":  # nearly every day
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    return scalars.day(value)


def _day_within(check: scalars.Check, value: Any) -> date:
    found = _day(value)
    if scalars.EARLIEST <= found <= scalars.LATEST:
        return found
    raise DocumentError(check.refusal("", found))


def _euros(check: scalars.Check, value: Any) -> Decimal:
    if type(value) is str and value.isascii():  # nearly every amount is plain as it stands
        whole, point, cents = value.partition(".")
        if whole.isdigit() and len(whole) <= 12 and (not point or (cents.isdigit() and len(cents) <= 2)):
            return Decimal(value)
    found = scalars.decimal(value)
    if check.test(found):
        return found
    raise DocumentError(check.refusal("", found))


_OFTEN: dict[Any, Callable[[scalars.Check, Any], Any]] = {
    scalars.EUROS.expected: _euros,
    scalars.DAY.expected: _day_within,
}
"""The checks that most documents pass, by their words, each with a type of its own, as one function."""
_SCALARS: dict[Any, Hook] = {
    str: _text,
    bool: _truth,
    int: _whole,
    Decimal: scalars.decimal,
    date: _day,
    object: _as_it_is,
    Any: _as_it_is,
}


# --- faults


def _refused(code: FaultCode, text: str, /, **params: Any) -> DocumentError:
    return DocumentError(fault(code, "", text, **params))


def problems_of(error: Exception) -> list[Problem]:
    """What a hook raised, as faults."""
    match error:
        case DocumentError():
            return list(error.problems)
        case _NotReadError():
            raise error
    return [fault("wrong_type", "", "{words}", words=str(error) or type(error).__name__)]


def unfit(path: str, value: Any, choices: tuple[Any, ...]) -> Problem:
    """The fault of a word that is none of a closed list."""
    return fault("unknown_choice", path, "expected one of {choices}, got {got}", choices=choices, got=shown(value))


def _unknown_key(name: object, known: list[str], guessed: bool) -> Problem:
    from difflib import get_close_matches  # only faulty documents need it

    near = get_close_matches(str(name)[:100], known, 1) if guessed else []
    words = "unknown key; did you mean {near}?; the keys are {keys}" if near else "unknown key; the keys are {keys}"
    return fault("unknown_key", step(name), words, **({"near": near[0]} if near else {}), keys=tuple(known))


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
