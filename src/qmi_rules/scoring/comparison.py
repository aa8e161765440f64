"""Comparing solutions, or two dates of one: profiles side by side, what is certain of the order, and what would change it."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from itertools import combinations
from typing import ClassVar

from attrs import field, frozen

from qmi_rules.errors import DocumentError, Problem, fault
from qmi_rules.pages import Explained, Language, Page
from qmi_rules.pages.templates import page_of
from qmi_rules.schema.faults import require, shown, step
from qmi_rules.schema.fields import Layout
from qmi_rules.scoring.scorecard import Scorecard, total_words


class Relation(StrEnum):
    """How two totals stand, over all ways to fill what is unknown."""

    ABOVE = "above"
    LEVEL = "level"
    BELOW = "below"
    UNDETERMINED = "undetermined"


@frozen(kw_only=True)
class NamedCard:
    """One solution of a comparison, or one date of a solution."""

    name: str
    card: Scorecard


@frozen(kw_only=True)
class PairOrder:
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
class ComparedSolutions(Explained):
    """Several scorecards of one rubric side by side.

    Attributes:
        rubric: Id of the rubric.
        entries: The scorecards with their names, in the order given.
        standings: Each pair once; empty where the rubric adds nothing up.
        smallest_changes: The changes of one level, by the fewest steps, that change the order of a pair; empty where no
            single one does.
        convention: True where the total that orders them is not the owner's.
    """

    _layout: ClassVar[Layout] = Layout(own_page=True)

    rubric: str
    entries: tuple[NamedCard, ...]
    standings: tuple[PairOrder, ...]
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
    def table_edition(self) -> str:
        """Name of the edition of the tables of the package."""
        return self.entries[0].card.table_edition

    @property
    def differing(self) -> tuple[str, ...]:
        """The criteria on which the known answers differ, in the rubric's order."""
        first = self.entries[0].card
        return tuple(c.id for c in first.criteria if len({e.card[c.id].level for e in self.entries} - {None}) > 1)

    def step(self, criterion: str) -> str:
        """From the level of the first of two to that of the second; empty where one of them is not known."""
        first, second = (entry.card[criterion].number for entry in self.entries)
        return "" if first is None or second is None else f"{second - first:+d}" if second != first else "="

    def page(self, say: Language) -> Page:
        """The profiles side by side, the order and how sure it is, the levels to check twice."""
        labels = {criterion.id: criterion.label for criterion in self.entries[0].card.criteria}
        return page_of("compared_solutions", say, voices=(total_words,), it=self, labels=labels)


def compare_solutions(cards: Mapping[str, Scorecard]) -> ComparedSolutions:
    """Put scorecards side by side: several solutions, or one solution at several dates.

    Args:
        cards: At least two scorecards of the same rubric, by the name to show ("Pelican", "2025-03").

    Raises:
        DocumentError: Fewer than two, scorecards of different rubrics, or no scorecards.

    >>> from qmi_rules import score
    >>> cards = {name: score("replicability", {"operational_ease": level}) for name, level in (("A", 1), ("B", 2))}
    >>> [entry.name for entry in compare_solutions(cards).entries]
    ['A', 'B']
    """
    require("cards", cards, Mapping)
    for name, card in cards.items():
        if not isinstance(name, str):
            raise DocumentError(
                [
                    fault(
                        "wrong_type",
                        "cards",
                        "expected a text as the name of each scorecard, got {got}",
                        got=shown(name),
                    )
                ]
            )
        require(f"cards.{step(name)}", card, Scorecard)
    entries = tuple(NamedCard(name=name, card=card) for name, card in cards.items())
    if problems := list(_unlike(entries)):
        raise DocumentError(problems)
    totals = {entry.name: (entry.card.low, entry.card.high) for entry in entries}
    known = {name: (low, high) for name, (low, high) in totals.items() if low is not None and high is not None}
    return ComparedSolutions(
        rubric=entries[0].card.rubric,
        entries=entries,
        standings=tuple(_standing(a, b) for a, b in combinations(entries, 2) if known),
        smallest_changes=_smallest(tuple(_changes(entries, known))),
        convention=entries[0].card.convention,
    )


def _unlike(entries: tuple[NamedCard, ...]) -> Iterator[Problem]:
    if len(entries) < 2:
        yield fault("out_of_range", "", "expected at least two scorecards to compare, got {got}", got=len(entries))
        return
    first = entries[0]
    scale = _scale(first.card)
    for entry in entries[1:]:
        if entry.card.rubric != first.card.rubric:
            yield fault(
                "contradiction",
                entry.name,
                "expected a scorecard of {rubric} as for {name}, got {got}",
                rubric=first.card.rubric,
                name=first.name,
                got=entry.card.rubric,
            )
        elif _scale(entry.card) != scale:
            yield fault(
                "contradiction",
                entry.name,
                "expected the same criteria and weights as for {name}: the rubric's file has changed",
                name=first.name,
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


def _standing(first: NamedCard, second: NamedCard) -> PairOrder:
    relation = _relation((first.card.low or 0, first.card.high or 0), (second.card.low or 0, second.card.high or 0))
    unknown = [(e.name, e.card[name]) for e in (first, second) for name in e.card.missing if e.card[name].weight]
    widest = sorted(unknown, key=lambda pair: -pair[1].width)
    return PairOrder(
        first=first.name,
        second=second.name,
        relation=relation,
        undecided_by=tuple((name, c.id) for name, c in widest) if relation is Relation.UNDETERMINED else (),
    )


def _changes(entries: tuple[NamedCard, ...], totals: dict[str, tuple[int, int]]) -> Iterator[LevelChange]:
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
