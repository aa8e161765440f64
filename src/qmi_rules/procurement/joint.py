"""Buying together: how the members of a joint purchase share what it costs; cents are never lost."""

from collections.abc import Mapping
from decimal import ROUND_FLOOR, Decimal
from enum import StrEnum

from attrs import frozen

from qmi_rules.contexts import Member, Purchase
from qmi_rules.documents.scalars import EUROS, decimal
from qmi_rules.errors import DocumentError, Problem
from qmi_rules.text import Explained, Grid, Heading, Language, Line, Page, Paragraph, message

_CENT = Decimal("0.01")


class SharingKey(StrEnum):
    """How a cost is shared: in equal parts, by inhabitants, by what each member needs, or by keys that are given."""

    EQUAL = "equal"
    POPULATION = "population"
    USE = "use"
    GIVEN = "given"


_WORDS = {
    SharingKey.EQUAL: message("à parts égales"),
    SharingKey.POPULATION: message("selon la population"),
    SharingKey.USE: message("selon le besoin de chacun"),
    SharingKey.GIVEN: message("selon les clés convenues"),
}


@frozen(kw_only=True)
class SharedCost(Explained):
    """What each member pays.

    Attributes:
        amount: What is shared, EUR.
        key: How it is shared.
        shares: Amount of each member by name, EUR; they add up to `amount` to the cent.
    """

    amount: Decimal
    key: SharingKey
    shares: dict[str, Decimal]

    def page(self, say: Language) -> Page:
        """The shares as a table."""
        rows: list[list[Line]] = [[name, say.euros(share)] for name, share in self.shares.items()]
        rows.append([say("Total"), say.euros(self.amount)])
        return Page(
            say.code,
            (
                Heading(say("Partage du coût d'acquisition"), 1),
                Paragraph(
                    say(
                        "Partagé {key} ; les centimes qui restent vont aux plus grandes fractions.",
                        key=say(_WORDS[self.key]),
                    )
                ),
                Grid((say("Membre"), say("Part")), rows),
            ),
        )


def share_cost(
    amount: Decimal | int | str, weights: Mapping[str, Decimal | int | str], key: SharingKey = SharingKey.GIVEN
) -> SharedCost:
    """Share an amount by weights, to the cent: every member gets the cents of its exact share, the rest goes to the largest fractions.

    Args:
        amount: What is shared, EUR.
        weights: The weight of each member by name; only their proportions matter.
        key: What the weights are, for the explanation.

    Raises:
        DocumentError: An amount or a weight that is none, no member, or weights that are all zero.
    """
    problems = []
    values: dict[str, Decimal] = {}
    for path, raw, store in (
        ("amount", amount, None),
        *((f"weights.{name}", weight, name) for name, weight in weights.items()),
    ):
        try:
            number = decimal(raw)
        except ValueError as error:
            problems.append(Problem(path, str(error)))
            continue
        if store is None and not EUROS.test(number):
            problems.append(Problem(path, f"expected {EUROS.expected}, got {raw}"))
        elif store is not None and not (number.is_finite() and number >= 0):
            problems.append(Problem(path, f"expected a weight of at least 0, got {raw}"))
        elif store is not None:
            values[store] = number
    if not problems and not sum(values.values()):
        problems.append(Problem("weights", "expected at least one member with a weight above 0"))
    if problems:
        raise DocumentError(problems)
    return SharedCost(amount=decimal(amount), key=key, shares=_apportion(decimal(amount), values))


def _apportion(amount: Decimal, weights: dict[str, Decimal]) -> dict[str, Decimal]:
    whole = sum(weights.values(), Decimal(0))
    exact = {name: amount * weight / whole for name, weight in weights.items()}
    shares = {name: share.quantize(_CENT, ROUND_FLOOR) for name, share in exact.items()}
    left = int((amount - sum(shares.values(), Decimal(0))) / _CENT)
    for name in sorted(exact, key=lambda name: (shares[name] - exact[name], name))[:left]:
        shares[name] += _CENT
    return shares


def share_of_members(purchase: Purchase, key: SharingKey, amount: Decimal | None = None) -> SharedCost:
    """Share the cost of a joint purchase between its members.

    Args:
        purchase: A purchase with members.
        key: Equal parts, population, or use (each member's own need).
        amount: What is shared, EUR; None = the estimated value of the whole need.

    Raises:
        DocumentError: No members, or a population that is not known.
    """
    if not purchase.members:
        raise DocumentError([Problem("members", "expected the members of a joint purchase, got none")])
    cost = purchase.value if amount is None else amount
    if cost is None:
        raise DocumentError(
            [Problem("amount", "expected what is to be shared; the value of the purchase is not known")]
        )
    weights: dict[str, Decimal] = {}
    problems = []
    for i, member in enumerate(purchase.members):
        weight = _weight(member, key)
        if weight is None:
            problems.append(Problem(f"members[{i}].buyer.population", "needed to share by population, but not known"))
        else:
            weights[member_name(member, i)] = weight
    if problems:
        raise DocumentError(problems)
    return share_cost(cost, weights, key)


def _weight(member: Member, key: SharingKey) -> Decimal | None:
    match key:
        case SharingKey.EQUAL:
            return Decimal(1)
        case SharingKey.USE:
            return member.part
        case SharingKey.POPULATION:
            inhabitants = member.buyer.inhabitants
            return None if inhabitants is None else Decimal(inhabitants)
        case SharingKey.GIVEN:
            raise DocumentError("expected the keys themselves: call share_cost with them")


def member_name(member: Member, position: int) -> str:
    """How a member is named: its commune, else its INSEE code, else its place in the list."""
    commune = member.buyer.commune
    return commune.name if commune else member.buyer.insee_code or f"members[{position}]"
