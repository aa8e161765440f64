"""Buying together: how the members of a joint purchase share what it costs; cents are never lost."""

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any, ClassVar, Final

from attrs import field, frozen

from qmi_rules.errors import DocumentError, Problem, fault
from qmi_rules.model import Member, Purchase
from qmi_rules.pages import Explained, Language, Page
from qmi_rules.pages.templates import page_of
from qmi_rules.read_only import to_read_only
from qmi_rules.schema import given
from qmi_rules.schema.faults import below, require, shown
from qmi_rules.schema.fields import Layout
from qmi_rules.schema.scalars import EUROS, LARGEST_AMOUNT, SHARE, Check, decimal

_WEIGHT = Check(
    "a weight from 0 to 1e12, with at most thirty decimals",
    lambda value: value.is_finite() and 0 <= value <= LARGEST_AMOUNT and int(value.as_tuple().exponent) >= -30,
)


class SharingKey(StrEnum):
    """How a cost is shared: in equal parts, by inhabitants, by what each member needs, or by keys that are given."""

    EQUAL = "equal"
    POPULATION = "population"
    USE = "use"
    GIVEN = "given"


_OF_MEMBERS: Final = (SharingKey.EQUAL, SharingKey.POPULATION, SharingKey.USE)


@frozen(kw_only=True)
class SharedCost(Explained):
    """What each member pays.

    Attributes:
        amount: What is shared, EUR.
        key: How it is shared: ``equal``, ``population``, ``use`` or ``given``.
        shares: Amount of each member by name, EUR; they add up to `amount` to the cent.
    """

    _layout: ClassVar[Layout] = Layout(own_page=True)

    amount: Decimal
    key: SharingKey
    shares: Mapping[str, Decimal] = field(converter=to_read_only)

    @property
    def table_edition(self) -> None:
        """None: no table answers."""
        return None

    def page(self, say: Language) -> Page:
        """The shares as a table."""
        return page_of("shared_cost", say, it=self)


def share_cost(
    amount: Decimal | int | str, weights: Mapping[str, Decimal | int | str], key: SharingKey | str = SharingKey.GIVEN
) -> SharedCost:
    """Share an amount by weights, to the cent: every member gets the cents of its exact share, the rest goes to the largest fractions.

    Args:
        amount: What is shared, EUR.
        weights: The weight of each member by name; only their proportions matter.
        key: What the weights are, for the explanation.

    Raises:
        DocumentError: An amount or a weight that is none, no member, weights that are all zero, or a key that is none.

    >>> share_cost(900, {"A": 1, "B": 2}).shares["B"]
    Decimal('600')
    """
    require("weights", weights, Mapping)
    if key not in [*SharingKey]:
        raise DocumentError(
            [
                fault(
                    "unknown_choice",
                    "key",
                    "expected one of {choices}, got {got}",
                    choices=tuple(SharingKey),
                    got=shown(key),
                )
            ]
        )
    problems = _unnamed("weights", weights)
    cost = _read("amount", amount, EUROS, problems)
    values = {name: _read(f"weights.{name}", weight, _WEIGHT, problems) for name, weight in weights.items()}
    if not problems and not sum(values.values()):
        problems.append(fault("out_of_range", "weights", "expected at least one member with a weight above 0"))
    if problems:
        raise DocumentError(problems)
    return SharedCost(amount=cost, key=SharingKey(key), shares=_apportion(cost, values))


def share_by_percent(amount: Decimal | int | str, shares: Mapping[str, Decimal | int | str]) -> SharedCost:
    """Share an amount by the shares that an agreement gives, ``"0.35"`` for 35 %.

    Raises:
        DocumentError: A share that is none, or above 100 %, or shares that do not make 100 % together.
    """
    require("shares", shares, Mapping)
    problems = _unnamed("shares", shares)
    values = {name: _read(f"shares.{name}", share, SHARE, problems) for name, share in shares.items()}
    if not problems and (whole := sum(values.values(), Decimal(0))) != 1:
        problems.append(
            fault("contradiction", "shares", "expected shares that add up to 1 (100 %), got {got}", got=whole)
        )
    if problems:
        raise DocumentError(problems)
    return share_cost(amount, values, SharingKey.GIVEN)


def _unnamed(path: str, values: Mapping[str, object]) -> list[Problem]:
    return [
        fault("wrong_type", path, "expected the names of members, got {got}", got=shown(n))
        for n in values
        if not isinstance(n, str)
    ]


def _read(path: str, raw: Decimal | int | str, check: Check, problems: list[Problem]) -> Decimal:
    try:
        number = decimal(raw)
    except DocumentError as error:
        problems += below(path, error.problems)
        return Decimal(0)
    if not check.test(number):
        problems.append(check.refusal(path, raw))
    return number


def _apportion(amount: Decimal, weights: dict[str, Decimal]) -> dict[str, Decimal]:
    """Largest remainders, in exact fractions; of equal remainders the larger weight, then the name, so that order is nothing."""
    cents = int(amount * 100)
    # in fractions: thirds of a cent add up again
    exact = {name: Fraction(weight) for name, weight in weights.items()}
    whole = sum(exact.values())
    shares = {name: cents * weight // whole for name, weight in exact.items()}
    rest = {name: cents * weight / whole - shares[name] for name, weight in exact.items()}
    left = cents - sum(shares.values())
    for name in sorted(exact, key=lambda name: (-rest[name], -exact[name], name))[:left]:
        shares[name] += 1
    return {name: Decimal(share) / 100 for name, share in shares.items()}


def share_of_members(
    purchase: Purchase | Mapping[str, Any], key: SharingKey | str, amount: Decimal | int | str | None = None
) -> SharedCost:
    """Share the cost of a joint purchase between its members.

    Args:
        purchase: A purchase with members.
        key: Equal parts, population, or use (each member's own need).
        amount: What is shared, EUR; None = the estimated value of the whole need.

    Raises:
        DocumentError: No purchase, no members, a key that is none, or a population that is not known.

    >>> from qmi_rules import Buyer, Member, Purchase
    >>> members = [Member(buyer=Buyer(kind=kind), part=part) for kind, part in (("commune", 100), ("ept", 300))]
    >>> joint = Purchase(title="Capteurs", launched_on="2026-05-15", members=members)
    >>> sum(share_of_members(joint, "equal").shares.values())
    Decimal('400')
    """
    purchase = given("purchase", purchase, Purchase)
    if key not in _OF_MEMBERS:
        raise DocumentError(
            [
                fault(
                    "unknown_choice",
                    "key",
                    "expected one of {choices}, got {got}; with keys of your own call share_cost or share_by_percent",
                    choices=tuple(_OF_MEMBERS),
                    got=shown(str(key)),
                )
            ]
        )
    if not purchase.members:
        raise DocumentError([fault("required", "members", "expected the members of a joint purchase, got none")])
    cost = purchase.value if amount is None else amount
    if cost is None:
        raise DocumentError(
            [fault("contradiction", "amount", "expected what is to be shared; the value of the purchase is not known")]
        )
    weights: dict[str, Decimal] = {}
    problems = []
    for i, (member, name) in enumerate(zip(purchase.members, member_names(purchase.members), strict=True)):
        weight = _weight(member, SharingKey(key))
        if weight is None:
            problems.append(
                fault("contradiction", f"members[{i}].buyer.population", "needed to share by population, but not known")
            )
        else:
            weights[name] = weight
    if problems:
        raise DocumentError(problems)
    return share_cost(cost, weights, SharingKey(key))


def _weight(member: Member, key: SharingKey) -> Decimal | None:
    match key:
        case SharingKey.EQUAL:
            return Decimal(1)
        case SharingKey.USE:
            return member.part
        case _:
            inhabitants = member.buyer.inhabitants
            return None if inhabitants is None else Decimal(inhabitants)


def member_names(members: tuple[Member, ...]) -> list[str]:
    """How members are named: by commune, else by INSEE code, else by their place in the list, which is said too of two with one name."""
    names = [
        commune.name if (commune := member.buyer.commune) else member.buyer.insee_code or f"members[{i}]"
        for i, member in enumerate(members)
    ]
    return [name if names.count(name) == 1 else f"{name} (members[{i}])" for i, name in enumerate(names)]
