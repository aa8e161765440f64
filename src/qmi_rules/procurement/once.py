"""What is computed when first read and then kept, on objects that cannot be changed from outside."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Final, TypeVar

T = TypeVar("T")
UNREAD: Final[Any] = object()


def once(compute: Callable[[Any], T]) -> Callable[[Any], T]:
    """The body of a property whose value is kept in the slot of the same name with a leading underscore.

    Unlike `functools.cached_property` it needs no ``__dict__``, so that nothing can be put in the place of an answer.
    """
    slot = "_" + compute.__name__

    @wraps(compute)
    def read(self: Any) -> T:
        value: Any = getattr(self, slot, UNREAD)
        if value is UNREAD:
            value = compute(self)
            setattr(self, slot, value)
        return value  # type: ignore[no-any-return]

    return read
