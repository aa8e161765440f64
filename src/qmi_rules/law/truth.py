"""Three truth values, and how a procedure stands by them."""

from enum import StrEnum
from typing import Final


class Truth(StrEnum):
    """Whether a condition, or a row of conditions, holds."""

    YES = "yes"
    NO = "no"
    UNDETERMINED = "undetermined"


class Status(StrEnum):
    """How a procedure stands."""

    OPEN = "open"
    CLOSED = "closed"
    UNDETERMINED = "undetermined"


class Certainty(StrEnum):
    """How sure a fact of law is.

    ``confirmed``: two or more sources agree. ``single_source``: one source, or deduced from confirmed facts.
    ``unverified``: general knowledge or secondary sources; the text itself must be read before one relies on it.
    """

    CONFIRMED = "confirmed"
    SINGLE_SOURCE = "single_source"
    UNVERIFIED = "unverified"


STATUS: Final = {Truth.NO: Status.CLOSED, Truth.YES: Status.OPEN, Truth.UNDETERMINED: Status.UNDETERMINED}
"""How a procedure stands where its grounds do not hold, hold, or cannot be told."""


def conjunction(truths: "tuple[Truth, ...] | list[Truth]") -> Truth:
    """Yes if all are, no if one is, else undetermined."""
    if Truth.NO in truths:
        return Truth.NO
    return Truth.UNDETERMINED if Truth.UNDETERMINED in truths else Truth.YES


def disjunction(truths: "tuple[Truth, ...] | list[Truth]") -> Truth:
    """Yes if one is, no if all are, else undetermined."""
    if Truth.YES in truths:
        return Truth.YES
    return Truth.UNDETERMINED if Truth.UNDETERMINED in truths else Truth.NO
