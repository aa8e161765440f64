"""Mutations that keep a JSON text a JSON text and a TOML text a TOML text, so that the fuzzer gets past the parser into what they mean."""

import json
import random
import tomllib
from collections.abc import Callable
from copy import deepcopy
from datetime import date

import atheris

VALUES = (
    None, True, False, 0, 1, -1, 10**31, "", " ", "0", "1", "0.005", "-1", "99999999999.99", "1e400", "NaN", "40000", "59999.99", "100000", "5404000",
    "1990-01-01", "2020-02-29", "2026-04-01", "2026-07-01", "2100-12-31", "9999-12-31", "commune", "utility", "works", "supplies", "investment",
    "direct_award", "innovative_purchase", "92048", "2A004", "\0", "\ud800", "<b>&\u202e", [], {}, [[]], {"": ""},
)  # fmt: skip
KEYS = ("innovative", "need", "lots", "members", "estimated_value", "buyer", "kind", "renewals", "framework", "duration_months", "cpv", "parts", "level")  # fmt: skip


def places(value: object) -> list[tuple[dict | list, object]]:
    """Every place inside a value, as the container and the key or index in it."""
    found: list[tuple[dict | list, object]] = []
    waiting = [value]
    while waiting:
        container = waiting.pop()
        if isinstance(container, dict | list):
            keys = list(container) if isinstance(container, dict) else list(range(len(container)))
            found += [(container, key) for key in keys]
            waiting += [container[key] for key in keys]
    return found


def inline_toml(value: object) -> str:
    """A value as TOML writes it on one line; what TOML has no word for (null, a lone surrogate) becomes a text."""
    match value:
        case dict():
            return "{" + ", ".join(f"{inline_toml(str(k))} = {inline_toml(v)}" for k, v in value.items()) + "}"
        case list():
            return "[" + ", ".join(map(inline_toml, value)) + "]"
        case bool() | str():
            return json.dumps(value).replace("\x7f", "?")
        case date():
            return value.isoformat()
    return str(value) if isinstance(value, int | float) else '"null"'


def written_toml(document: dict[str, object]) -> str:
    """A TOML file with one line for each key."""
    return "".join(f"{inline_toml(str(key))} = {inline_toml(value)}\n" for key, value in document.items())


def changed(document: object, chance: random.Random) -> object:
    """The document with one to three places changed, each by a value from the list, a part of itself, a doubling or a loss."""
    for _ in range(chance.randint(1, 3)):
        known = places(document)
        if not known:
            break
        container, key = chance.choice(known)
        match chance.randrange(5):
            case 0 | 1:
                container[key] = deepcopy(chance.choice(VALUES))
            case 2:
                container[key] = deepcopy(chance.choice(known)[0])
            case 3 if isinstance(container, list):
                container.append(deepcopy(container[key]))
            case 3:
                container[chance.choice(KEYS)] = deepcopy(chance.choice(VALUES))
            case _:
                del container[key]
    return document


def mutator(
    prefix: int, read: Callable[[str], object], write: Callable[..., str]
) -> Callable[[bytes, int, int], bytes]:
    """An atheris mutator of inputs that are `prefix` bytes and a text; one time in four, and where the text cannot be read, atheris' own."""

    def mutate(data: bytes, longest: int, seed: int) -> bytes:
        chance = random.Random(seed)
        if chance.random() < 0.25:
            return atheris.Mutate(data, longest)
        try:
            text = write(changed(read(data[prefix:].decode("utf-8", "ignore")), chance))
        except (ValueError, RecursionError, AttributeError):  # no such text
            return atheris.Mutate(data, longest)
        return (data[:prefix].ljust(prefix, b"\0") + text.encode("utf-8", "surrogatepass"))[:longest]

    return mutate


def json_after(prefix: int) -> Callable[[bytes, int, int], bytes]:
    """The mutator of inputs that end in a JSON text."""
    return mutator(prefix, json.loads, json.dumps)


def toml_after(prefix: int) -> Callable[[bytes, int, int], bytes]:
    """The mutator of inputs that end in a TOML text."""
    return mutator(prefix, tomllib.loads, written_toml)
