"""Which rows of one duty bind a case: the national one, or a local one that asks for more."""

import math
from typing import TYPE_CHECKING, TypeAlias

from qmi_rules.findings import Truth
from qmi_rules.law.examination import Examination
from qmi_rules.law.rows import DutyRow

if TYPE_CHECKING:
    from qmi_rules.law.in_force import LawInForce

Candidate: TypeAlias = tuple[DutyRow, Examination]
"""A row of a duty that holds, or may hold, and what its examination saw."""


def binding_rows(candidates: list[Candidate], law: "LawInForce") -> list[Candidate]:
    """The rows that say what one duty is: the national one, or a local one that asks for more.

    Args:
        candidates: The rows of one duty that hold or may hold on a case; at least one.
        law: The law in force.

    Returns:
        One row; two, the stricter one last, while it is open whether a stricter local one holds.
    """
    national = [candidate for candidate in candidates if not candidate[0].local]
    local = [candidate for candidate in candidates if candidate[0].local]
    if not national:
        return [_first(local)]
    binding = _first(national)
    stricter = [candidate for candidate in local if _asks_for_more(candidate[0], binding[0], law)]
    if not stricter:
        # a local row that surely holds says more than a national one that may not
        sure = [candidate for candidate in local if candidate[1].truth is Truth.YES]
        return [binding if binding[1].truth is Truth.YES or not sure else sure[0]]
    hardest = max(stricter, key=lambda c: (c[1].truth is Truth.YES, (c[0].days or 0) * _sense(c[0], law)))
    # while it is open whether the local row holds, both are told
    return [hardest] if hardest[1].truth is Truth.YES else [binding, hardest]


def _first(candidates: list[Candidate]) -> Candidate:
    """Among rows that hold, the shortest; while none surely does, the one with the fewest questions, then the longest."""
    if sure := [candidate for candidate in candidates if candidate[1].truth is Truth.YES]:
        return min(sure, key=lambda c: math.inf if c[0].days is None else c[0].days)
    return min(candidates, key=lambda c: (len(c[1].missing), -(c[0].days or 0)))


def _asks_for_more(local: DutyRow, national: DutyRow, law: "LawInForce") -> bool:
    if local.days is None or national.days is None:
        return local.days is not None
    return (local.days - national.days) * _sense(local, law) > 0


def _sense(row: DutyRow, law: "LawInForce") -> int:
    """A deadline is stricter where it is shorter, a minimum where it is longer."""
    return -1 if law.table.duties[row.duty].deadline else 1
