"""The need as a buyer describes it, and its value HT with every part shown (R2121-1 to R2121-9)."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, ClassVar, Final, Literal, TypeAlias

from attrs import field, frozen

from qmi_rules.errors import DocumentError, Problem, fault
from qmi_rules.model.buyer import ContractType, ContractTypeWord, to_contract_type
from qmi_rules.schema import Document
from qmi_rules.schema.scalars import (
    EUROS,
    SHARE,
    TRUTH,
    as_part,
    as_parts,
    each,
    is_a,
    one_of,
    optional,
    to_decimal,
    to_decimals,
    to_optional_decimal,
    to_whole,
    whole,
)

_CENT = Decimal("0.01")


@frozen(kw_only=True)
class Renewals(Document):
    """How often a contract may be renewed, and what each renewal is worth.

    Attributes:
        count: Number of possible renewals.
        each: Amount of one renewal, EUR.
    """

    count: int = field(converter=to_whole, validator=whole(0, 100))
    each: Decimal = field(converter=to_decimal, validator=EUROS)


@frozen(kw_only=True)
class Yearly(Document):
    """A recurrent need.

    Attributes:
        amount: Amount of one year, EUR.
        years: Full possible duration, years.
    """

    amount: Decimal = field(converter=to_decimal, validator=EUROS)
    years: int = field(converter=to_whole, validator=whole(1, 100))


@frozen(kw_only=True)
class Framework(Document):
    """A framework agreement.

    Attributes:
        maximum: Highest amount over the whole duration, EUR; mandatory in law, None = not known (or forgotten).
    """

    maximum: Decimal | None = field(default=None, converter=to_optional_decimal, validator=optional(EUROS))


def _to_part_type(value: ContractType | ContractTypeWord) -> ContractType:
    # what must be given: the type of a field that may be left out says None, and type checkers would refuse a word
    return to_contract_type(value)  # type: ignore[return-value]


@frozen(kw_only=True)
class Part(Document):
    """One part of a mixed contract.

    Attributes:
        contract_type: What this part buys.
        value: Amount of the part, EUR.
        specific_service: The part is a social or other specific service.
    """

    contract_type: ContractType = field(
        converter=_to_part_type,
        validator=one_of(ContractType),
    )
    value: Decimal = field(converter=to_decimal, validator=EUROS)
    specific_service: bool | None = field(default=None, validator=TRUTH)

    def __attrs_post_init__(self) -> None:
        if problems := list(self.contradictions(self)):
            raise DocumentError(problems)

    @staticmethod
    def contradictions(part: "Part") -> Iterator[Problem]:
        """The faults that concern several of its fields at once."""
        if part.specific_service and part.contract_type not in (None, ContractType.SERVICES):
            yield not_a_service("", part.contract_type)


def not_a_service(path: str, kind: ContractType) -> Problem:
    """Works or supplies that are said to be a specific service: only services are on that list."""
    return fault(
        "contradiction",
        f"{path}specific_service",
        "expected false or nothing where contract_type is {kind}, got true: only services are on the list of specific services",
        kind=kind,
    )


def to_parts(values: Iterable[Part | Mapping[str, Any]]) -> tuple[Part, ...]:
    """attrs converter: an iterable of parts, or of dicts of their keys, becomes a tuple."""
    return as_parts(values, Part)


def _to_renewals(value: Renewals | Mapping[str, Any] | None) -> Renewals | None:
    return as_part(value, Renewals)


def _to_yearly(value: Yearly | Mapping[str, Any] | None) -> Yearly | None:
    return as_part(value, Yearly)


def _to_framework(value: Framework | Mapping[str, Any] | None) -> Framework | None:
    return as_part(value, Framework)


@frozen(kw_only=True)
class Need(Document):
    """What a need is made of; an absent part is none. Amounts are EUR HT, or VAT included where `vat_rate` is given.

    Attributes:
        firm: Firm part of the contract.
        options: Amounts of the options.
        renewals: Possible renewals.
        yearly: A recurrent need over its full possible duration.
        framework: Present for a framework agreement.
        same_need: Homogeneous supplies or services already bought or planned, whoever supplies them.
        operation: Other contracts of the same works operation, supplies made available to the contractor included.
        rd_phases: Research and development phases of an innovation partnership.
        later_purchases: Purchases envisaged after a trial, or at the end of an innovation partnership.
        prizes: Prizes and premiums paid to candidates.
        parts: Parts of a mixed contract.
        vat_rate: VAT rate (0.20) to take off, when the amounts include VAT.
    """

    OMIT_UNFILLED: ClassVar[bool] = True

    firm: Decimal | None = field(default=None, converter=to_optional_decimal, validator=optional(EUROS))
    options: tuple[Decimal, ...] = field(default=(), converter=to_decimals, validator=each(EUROS))
    renewals: Renewals | None = field(default=None, converter=_to_renewals, validator=optional(is_a(Renewals)))
    yearly: Yearly | None = field(default=None, converter=_to_yearly, validator=optional(is_a(Yearly)))
    framework: Framework | None = field(default=None, converter=_to_framework, validator=optional(is_a(Framework)))
    same_need: tuple[Decimal, ...] = field(default=(), converter=to_decimals, validator=each(EUROS))
    operation: tuple[Decimal, ...] = field(default=(), converter=to_decimals, validator=each(EUROS))
    rd_phases: tuple[Decimal, ...] = field(default=(), converter=to_decimals, validator=each(EUROS))
    later_purchases: tuple[Decimal, ...] = field(default=(), converter=to_decimals, validator=each(EUROS))
    prizes: tuple[Decimal, ...] = field(default=(), converter=to_decimals, validator=each(EUROS))
    parts: tuple[Part, ...] = field(default=(), converter=to_parts, validator=each(is_a(Part)))
    vat_rate: Decimal | None = field(default=None, converter=to_optional_decimal, validator=optional(SHARE))


NeedPart: TypeAlias = Literal[
    "firm",
    "options",
    "renewals",
    "yearly",
    "framework",
    "same_need",
    "operation",
    "rd_phases",
    "later_purchases",
    "prizes",
    "parts",
    "lots",
    "members",
    "declared",
]
"""Which part of a need counts."""


@frozen(kw_only=True)
class ValuedPart:
    """One line of a valuation.

    Attributes:
        part: Which part of the need: ``firm``, ``options``, ``renewals``, ``yearly``, ``framework``, ``same_need``,
            ``operation``, ``rd_phases``, ``later_purchases``, ``prizes``, ``parts``, ``lots``, ``members`` or ``declared``.
        amount: EUR HT; None where it cannot be known (a framework agreement without a maximum).
        legal_basis: Id of the source that makes it count.
    """

    part: NeedPart
    amount: Decimal | None
    legal_basis: str


BASIS: Final[Mapping[NeedPart, str]] = {
    "firm": "ccp-r2121-1",
    "options": "ccp-r2121-1",
    "renewals": "ccp-r2121-1",
    "prizes": "ccp-r2121-1",
    "yearly": "ccp-r2121-7",
    "framework": "ccp-r2121-8",
    "same_need": "ccp-r2121-6",
    "operation": "ccp-r2121-5",
    "rd_phases": "ccp-r2121-9",
    "later_purchases": "ccp-r2121-9",
    "parts": "ccp-l1111-5",
    "lots": "ccp-r2121-1",
    "members": "ccp-r2121-1",
    "declared": "ccp-r2121-3",
}
"""By part of a valuation the source that makes it count."""


def valued(part: NeedPart, amount: Decimal | None) -> ValuedPart:
    """A line of a valuation with the article that makes the part count."""
    return ValuedPart(part=part, amount=amount, legal_basis=BASIS[part])


def value_need(need: Need) -> tuple[ValuedPart, ...]:
    """The parts of a need that are present, EUR HT, each with its article.

    VAT is taken off the running total, each part being what it adds: the parts then add up to the total HT to the cent, and
    no rounding of parts can carry the total over a threshold.
    """
    found: list[ValuedPart] = []
    gross = net = Decimal(0)
    for part, amount in _parts(need):
        if amount is not None and need.vat_rate is not None:
            gross += amount
            before, net = net, _without_vat(gross, need.vat_rate)
            amount = net - before
        # a trial and what is meant to follow it are one need; only in an innovation partnership has that an article of its own
        pilot = part == "later_purchases" and not need.rd_phases
        found.append(ValuedPart(part=part, amount=amount, legal_basis=BASIS["firm" if pilot else part]))
    return tuple(found)


def _parts(need: Need) -> Iterator[tuple[NeedPart, Decimal | None]]:
    if need.firm is not None:
        yield "firm", need.firm
    if need.renewals is not None:
        yield "renewals", need.renewals.count * need.renewals.each
    if need.yearly is not None:
        yield "yearly", need.yearly.amount * need.yearly.years
    if need.framework is not None:
        yield "framework", need.framework.maximum
    if need.parts:
        yield "parts", sum((part.value for part in need.parts), Decimal(0))
    for name in ("options", "same_need", "operation", "rd_phases", "later_purchases", "prizes"):
        if amounts := getattr(need, name):
            yield name, sum(amounts, Decimal(0))


def _without_vat(amount: Decimal, rate: Decimal) -> Decimal:
    return (amount / (1 + rate)).quantize(_CENT, ROUND_HALF_UP)


def total(parts: Iterable[ValuedPart]) -> Decimal | None:
    """The sum of a valuation; None where a part cannot be known, or where there is no part."""
    amounts = [part.amount for part in parts]
    if not amounts or None in amounts:
        return None
    return sum((amount for amount in amounts if amount is not None), Decimal(0))
