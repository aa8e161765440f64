"""Mappings that cannot be changed: what a frozen class holds instead of a dict, so that who shares it cannot empty it."""

from collections.abc import Mapping
from typing import Any, NoReturn, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class ReadOnlyDict(dict[K, V]):
    """A dict that refuses every change: looked up, compared, written and pickled as a dict, hashed by its items."""

    __slots__ = ()

    def _refuse(self: Any, *_: Any, **__: Any) -> NoReturn:
        raise TypeError("this mapping is read-only, as it may be shared: change a copy of it, dict(...)")

    __setitem__ = __delitem__ = __ior__ = clear = pop = popitem = setdefault = update = _refuse

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(frozenset(self.items()))

    def __reduce__(self) -> tuple[type, tuple[dict[K, V]]]:
        return type(self), (dict(self),)


def to_read_only(values: Mapping[Any, Any]) -> ReadOnlyDict[Any, Any]:
    """attrs converter: a mapping, and those in it, cannot be changed any more; anything else passes on to the validator."""
    if isinstance(values, ReadOnlyDict) or not isinstance(values, Mapping):
        return values
    return ReadOnlyDict({key: to_read_only(item) for key, item in values.items()})
