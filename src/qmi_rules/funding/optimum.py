"""The best admissible plans, found exactly: whole cents, a few families of grants, every number of files tried.

For a given set of grants the largest total is reached by filling them one after the other, those that are no fonds de
concours first: a cent moved from a fonds de concours to another grant keeps every limit and frees room under the limit of
the fonds de concours, which counts its own cents twice. Grants that stand under the same limits are interchangeable, so of
each family only the largest need be tried for each number of files. The tests hold this against brute force.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from math import prod
from typing import Final

from attrs import field, frozen

from qmi_rules.errors import DocumentError, Phrase, fault

MOST_SHARES: Final = 200_000
"""Most shares that a search may work out, plans to compare times grants: about a second."""


@frozen(kw_only=True)
class Wish:
    """A grant that a plan may hold, whole or cut.

    Attributes:
        name: Scheme id, or the name of the grant.
        most: The most it can bring, cents.
        family: The family that joint ceilings speak of.
        scheme: Id of its scheme; None = of no scheme.
        fonds_de_concours: It would count as a fonds de concours.
        given: The user gave its amount; kept whole before those that the table computes.
        rank: Among equal plans the lower rank is preferred.
    """

    name: str
    most: int
    family: str = ""
    scheme: str | None = None
    fonds_de_concours: bool = False
    given: bool = False
    rank: int = 0


@frozen(kw_only=True)
class Bounds:
    """What a plan must keep to, cents.

    Attributes:
        public: The public money of the project, the commune's own included: cost less private money.
        total: The most that all grants together may be.
        joint: The most that the grants of some families together may be.
        alone: Schemes that exclude other grants of some families.
        fonds_de_concours_binds: Fonds de concours may together be at most what the commune pays itself.
    """

    public: int
    total: int
    joint: tuple[tuple[frozenset[str], int], ...] = ()
    alone: tuple[tuple[tuple[str, ...], frozenset[str]], ...] = ()
    fonds_de_concours_binds: bool = False


@frozen
class Share:
    """What one wish brings in a plan, cents."""

    wish: Wish = field()
    amount: int = field()


@frozen
class Allocation:
    """A plan in cents: what each wish brings; those that bring nothing are left out."""

    shares: tuple[Share, ...]

    total: int = field(init=False)
    """All grants together."""

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "total", sum(share.amount for share in self.shares))

    @property
    def files(self) -> int:
        """How many grants must be asked for."""
        return len(self.shares)


@frozen(kw_only=True)
class Search:
    """What was found.

    Attributes:
        frontier: The best plan, then the best ones with fewer files.
        by_choice: The best plan of each choice among schemes that exclude each other.
    """

    frontier: tuple[Allocation, ...]
    by_choice: tuple[Allocation, ...]


def keeps(allocation: Allocation, bounds: Bounds) -> bool:
    """Whether a plan keeps to every bound."""
    shares = allocation.shares
    own = bounds.public - allocation.total
    return (
        allocation.total <= bounds.total
        and all(sum(s.amount for s in shares if s.wish.family in families) <= most for families, most in bounds.joint)
        and not any(excluded(allocation, schemes, families) for schemes, families in bounds.alone)
        and (not bounds.fonds_de_concours_binds or sum(s.amount for s in shares if s.wish.fonds_de_concours) <= own)
    )


def excluded(allocation: Allocation, schemes: tuple[str, ...], families: frozenset[str]) -> tuple[Wish, ...]:
    """The wishes of a plan that stand beside a scheme which excludes them; none where it stands alone."""
    wishes = [share.wish for share in allocation.shares]
    singled = [wish for wish in wishes if wish.scheme in schemes]
    beside = [wish for wish in wishes if wish.family in families or wish.scheme in schemes]
    return tuple(beside) if singled and len({wish.scheme or wish.name for wish in beside}) > 1 else ()


def best_allocations(wishes: Sequence[Wish], bounds: Bounds) -> tuple[Allocation, ...]:
    """The best plan, then those with fewer files that bring the most for their number; the order of wishes is irrelevant.

    Returns:
        Plans in falling order of total and of files; each has the largest total of all plans with as many files or fewer.

    Raises:
        DocumentError: The search would take more than `MOST_SHARES`.
    """
    return search(wishes, bounds).frontier


def search(wishes: Sequence[Wish], bounds: Bounds) -> Search:
    """Try every number of files of every group, in every choice among schemes that exclude each other.

    Raises:
        DocumentError: The search would take more than `MOST_SHARES`.
    """
    _require_bounded(wishes, bounds)
    # the search sorts each plan: by a number that is known beforehand, not by the whole key
    order = {wish: place for place, wish in enumerate(sorted(wishes, key=_others_first))}
    best: dict[int, Allocation] = {}
    by_choice = []
    for choice in choices(wishes, bounds):
        found: dict[int, Allocation] = {}
        for chosen in _subsets(choice, bounds):
            plan = fill(sorted(chosen, key=order.__getitem__), bounds)
            for known in (found, best):
                other = known.get(plan.files)
                if (
                    other is None
                    or plan.total > other.total
                    or (plan.total == other.total and _preference(plan) > _preference(other))
                ):
                    known[plan.files] = plan
        by_choice.append(_frontier(found)[0])
    return Search(frontier=_frontier(best), by_choice=tuple(by_choice))


def _frontier(best: Mapping[int, Allocation]) -> tuple[Allocation, ...]:
    """Of the best plans by number of files those that bring more than any with fewer."""
    kept: list[Allocation] = []
    for files in sorted(best):
        if not kept or best[files].total > kept[-1].total:
            kept.append(best[files])
    return tuple(reversed(kept))


def _require_bounded(wishes: Sequence[Wish], bounds: Bounds) -> None:
    """Refuse what would take too long: the plans to try multiply with each joint ceiling and each exclusion."""
    present = {wish.scheme for wish in wishes}
    work = prod(1 + len(present.intersection(schemes)) for schemes, _ in bounds.alone) * len(wishes)
    if work <= MOST_SHARES:  # else even listing the choices takes too long
        plans = (prod(len(group) + 1 for group in _groups(choice, bounds)) for choice in choices(wishes, bounds))
        work = sum(plans) * len(wishes)
    if work > MOST_SHARES:
        got = work if work < 10**9 else Phrase("over 1000000000")
        words = "expected at most {most} shares to work out (plans to compare times grants), got {got}; ask for fewer schemes or grants at once"
        raise DocumentError(fault("out_of_range", "requested", words, most=MOST_SHARES, got=got))


def choices(wishes: Sequence[Wish], bounds: Bounds) -> Iterator[tuple[Wish, ...]]:
    """The largest sets of wishes in which no scheme stands beside one that it excludes."""
    seen: set[tuple[Wish, ...]] = set()
    present = {wish.scheme for wish in wishes}
    # of each exclusion one of its schemes is kept, or none
    options = [(None, *(name for name in schemes if name in present)) for schemes, _ in bounds.alone]
    for kept in product(*options):
        left = tuple(wish for wish in wishes if not _dropped(wish, kept, bounds))
        if left not in seen:
            seen.add(left)
            yield left


def _dropped(wish: Wish, kept: tuple[str | None, ...], bounds: Bounds) -> bool:
    for name, (schemes, families) in zip(kept, bounds.alone, strict=True):
        if wish.scheme in schemes and wish.scheme != name:
            return True
        if name is not None and wish.family in families and wish.scheme != name:
            return True
    return False


def _groups(wishes: tuple[Wish, ...], bounds: Bounds) -> list[list[Wish]]:
    """The wishes that stand under the same limits, the largest first."""
    groups: dict[tuple[object, ...], list[Wish]] = defaultdict(list)
    for wish in sorted(wishes, key=lambda one: (-one.most, *_others_first(one))):
        if wish.most:
            under = tuple(i for i, (names, _) in enumerate(bounds.joint) if wish.family in names)
            groups[(under, wish.fonds_de_concours)].append(wish)
    return list(groups.values())


def _subsets(wishes: tuple[Wish, ...], bounds: Bounds) -> Iterator[list[Wish]]:
    """For every number of files from each group the largest wishes."""
    groups = _groups(wishes, bounds)
    for counts in product(*(range(len(group) + 1) for group in groups)):
        yield [wish for group, count in zip(groups, counts, strict=True) for wish in group[:count]]


def fill(wishes: Sequence[Wish], bounds: Bounds) -> Allocation:
    """Give each wish in turn as much as the bounds leave."""
    shares: list[Share] = []
    total = fonds = 0
    joint = [most for _, most in bounds.joint]
    for wish in wishes:
        under = [i for i, (families, _) in enumerate(bounds.joint) if wish.family in families]
        room = min(wish.most, bounds.total - total, *(joint[i] for i in under))
        if bounds.fonds_de_concours_binds:
            left = bounds.public - total - fonds
            # its own cents also lower the share of the commune that it is held against: they count twice
            room = min(room, left // 2 if wish.fonds_de_concours else left)
        if room <= 0:
            continue
        shares.append(Share(wish, room))
        total += room
        fonds += room if wish.fonds_de_concours else 0
        for i in under:
            joint[i] -= room
    return Allocation(tuple(shares))


def schemes_first(allocation: Allocation, bounds: Bounds) -> Allocation:
    """The same grants with the cut on those whose amount the user gave instead of on the schemes."""
    order = sorted((share.wish for share in allocation.shares), key=lambda one: (one.given, *_others_first(one)))
    return fill(order, bounds)


def _others_first(wish: Wish) -> tuple[object, ...]:
    return (wish.fonds_de_concours, not wish.given, wish.rank, -wish.most, wish.name, wish.scheme or "")


def _preference(plan: Allocation) -> tuple[object, ...]:
    """Of two plans with the same total: more of what the user already has; then the schemes of lower rank; then the names."""
    given = sum(share.amount for share in plan.shares if share.wish.given)
    ranks = sorted(share.wish.rank for share in plan.shares)
    names = sorted((share.wish.name, share.amount) for share in plan.shares)
    return given, tuple(-rank for rank in ranks), tuple(names)
