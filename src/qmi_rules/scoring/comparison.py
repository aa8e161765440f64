"""Comparing solutions, or two dates of one: profiles side by side, what is certain of the order, and what would change it."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from itertools import combinations

from attrs import field, frozen

from qmi_rules.documents.scalars import require, shown, step
from qmi_rules.errors import DocumentError, Problem
from qmi_rules.scoring.comparison_page import comparison_page
from qmi_rules.scoring.scorecard import Scorecard, ScoredCriterion
from qmi_rules.text import Explained, Language, Page


class Relation(StrEnum):
    """How two totals stand, over all ways to fill what is unknown."""

    ABOVE = "above"
    LEVEL = "level"
    BELOW = "below"
    UNDETERMINED = "undetermined"


@frozen(kw_only=True)
class Entry:
    """One solution of a comparison, or one date of a solution."""

    name: str
    card: Scorecard


@frozen(kw_only=True)
class Standing:
    """How the total of `first` stands to that of `second`.

    Attributes:
        undecided_by: Where undetermined: the unknown criteria that decide, as (name, criterion), widest first.
    """

    first: str
    second: str
    relation: Relation
    undecided_by: tuple[tuple[str, str], ...] = ()


@frozen(kw_only=True)
class LevelChange:
    """One level of one solution set otherwise.

    Attributes:
        name: The solution.
        criterion: The criterion.
        level: Its level now.
        other_level: The level that changes the order.
        pairs: The pairs whose order changes.
    """

    name: str
    criterion: str
    level: int
    other_level: int
    pairs: tuple[tuple[str, str], ...]

    @property
    def steps(self) -> int:
        """How many levels apart."""
        return abs(self.other_level - self.level)


@frozen(kw_only=True)
class Comparison(Explained):
    """Several scorecards of one rubric side by side.

    Attributes:
        rubric: Id of the rubric.
        entries: The scorecards with their names, in the order given.
        standings: Each pair once; empty where the rubric adds nothing up.
        smallest_changes: The changes of one level, by the fewest steps, that change the order of a pair; empty where no
            single one does..
        convention: True where the total that orders them is not the owner's.
    """

    rubric: str
    entries: tuple[Entry, ...]
    standings: tuple[Standing, ...]
    smallest_changes: tuple[LevelChange, ...]
    convention: bool

    _by_name: dict[str, Scorecard] = field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "_by_name", {entry.name: entry.card for entry in self.entries})

    def __getitem__(self, name: str) -> Scorecard:
        if name not in self._by_name:
            raise KeyError(f"no scorecard {name!r}; there are {', '.join(self._by_name)}")
        return self._by_name[name]

    @property
    def differing(self) -> tuple[str, ...]:
        """The criteria on which the known answers differ, in the rubric's order."""
        first = self.entries[0].card
        return tuple(c.id for c in first.criteria if len({e.card[c.id].level for e in self.entries} - {None}) > 1)

    def page(self, say: Language) -> Page:
        """The content of the explanation in one language."""
        return comparison_page(self, say)


def compare(cards: Mapping[str, Scorecard]) -> Comparison:
    """Put scorecards side by side: several solutions, or one solution at several dates.

    Args:
        cards: At least two scorecards of the same rubric, by the name to show ("Pelican", "2025-03").

    Raises:
        DocumentError: Fewer than two, scorecards of different rubrics, or no scorecards.
    """
    require("cards", cards, Mapping)
    for name, card in cards.items():
        if not isinstance(name, str):
            raise DocumentError([Problem("cards", f"expected a text as the name of each scorecard, got {shown(name)}")])
        require(f"cards.{step(name)}", card, Scorecard)
    entries = tuple(Entry(name=name, card=card) for name, card in cards.items())
    if problems := list(_unlike(entries)):
        raise DocumentError(problems)
    totals = {entry.name: (entry.card.low, entry.card.high) for entry in entries}
    known = {name: (low, high) for name, (low, high) in totals.items() if low is not None and high is not None}
    return Comparison(
        rubric=entries[0].card.rubric,
        entries=entries,
        standings=tuple(_standing(a, b) for a, b in combinations(entries, 2) if known),
        smallest_changes=_smallest(tuple(_changes(entries, known))),
        convention=entries[0].card.convention,
    )


def _unlike(entries: tuple[Entry, ...]) -> Iterator[Problem]:
    if len(entries) < 2:
        yield Problem("", f"expected at least two scorecards to compare, got {len(entries)}")
        return
    first = entries[0]
    scale = _scale(first.card)
    for entry in entries[1:]:
        if entry.card.rubric != first.card.rubric:
            yield Problem(
                entry.name, f"expected a scorecard of {first.card.rubric} as for {first.name}, got {entry.card.rubric}"
            )
        elif _scale(entry.card) != scale:
            yield Problem(
                entry.name, f"expected the same criteria and weights as for {first.name}: the rubric's file has changed"
            )


def _scale(card: Scorecard) -> list[tuple[str, int | None, int]]:
    return [(criterion.id, criterion.top, criterion.weight) for criterion in card.criteria]


def _relation(first: tuple[int, int], second: tuple[int, int]) -> Relation:
    """The unknowns of two solutions vary apart, so two intervals that touch leave the order open."""
    if first[0] > second[1]:
        return Relation.ABOVE
    if first[1] < second[0]:
        return Relation.BELOW
    if first[0] == first[1] == second[0] == second[1]:
        return Relation.LEVEL
    return Relation.UNDETERMINED


def _standing(first: Entry, second: Entry) -> Standing:
    relation = _relation((first.card.low or 0, first.card.high or 0), (second.card.low or 0, second.card.high or 0))
    unknown = [(e.name, e.card[name]) for e in (first, second) for name in e.card.missing if e.card[name].weight]
    widest = sorted(unknown, key=lambda pair: -_width(pair[1]))
    return Standing(
        first=first.name,
        second=second.name,
        relation=relation,
        undecided_by=tuple((name, c.id) for name, c in widest) if relation is Relation.UNDETERMINED else (),
    )


def _width(criterion: ScoredCriterion) -> int:
    return criterion.weight * (criterion.top or 0)


def _changes(entries: tuple[Entry, ...], totals: dict[str, tuple[int, int]]) -> Iterator[LevelChange]:
    """Every other level of every known criterion that changes how its solution stands to another one."""
    for entry in entries:
        if entry.name not in totals:
            continue
        low, high = totals[entry.name]
        others = {name: total for name, total in totals.items() if name != entry.name}
        for criterion in entry.card.criteria:
            if criterion.number is None or not criterion.weight:
                continue
            for level in range((criterion.top or 0) + 1):
                shift = criterion.weight * (level - criterion.number)
                moved = (low + shift, high + shift)
                pairs = tuple(
                    (entry.name, name)
                    for name, total in others.items()
                    if _relation(moved, total) != _relation((low, high), total)
                )
                if pairs:
                    yield LevelChange(
                        name=entry.name, criterion=criterion.id, level=criterion.number, other_level=level, pairs=pairs
                    )


def _smallest(changes: tuple[LevelChange, ...]) -> tuple[LevelChange, ...]:
    least = min((change.steps for change in changes), default=0)
    return tuple(change for change in changes if change.steps == least)
