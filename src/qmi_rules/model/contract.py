"""A running contract and a change of it, as a user describes them."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar

from attrs import field, frozen

from qmi_rules.errors import DocumentError, fault
from qmi_rules.model.buyer import CONTRACT_TYPE, Buyer, ContractType, to_contract_type, to_optional_buyer
from qmi_rules.schema import Document
from qmi_rules.schema.scalars import (
    DAY,
    EUROS,
    TRUTH,
    as_part,
    as_parts,
    each,
    is_a,
    one_of,
    optional,
    to_day,
    to_decimal,
)

MOST_CHANGES = 200
"""A contract may have this many earlier changes at most."""


class ModificationGround(StrEnum):
    """The six grounds on which a running contract may be modified without a new procedure."""

    REVIEW_CLAUSE = "review_clause"
    ADDITIONAL_NEEDED = "additional_needed"
    UNFORESEEN = "unforeseen"
    NEW_CONTRACTOR = "new_contractor"
    NOT_SUBSTANTIAL = "not_substantial"
    SMALL_AMOUNT = "small_amount"


_GROUNDS: dict[str, ModificationGround] = {member.value: member for member in ModificationGround}


def to_ground(value: ModificationGround | str) -> ModificationGround:
    """attrs converter: the word or the member; anything else passes on to the validator, which refuses it."""
    return _GROUNDS.get(value, value) if isinstance(value, str) else value  # type: ignore[arg-type]


@frozen(kw_only=True)
class EarlierChange(Document):
    """A change that the contract has had already.

    Attributes:
        amount: What it added to the contract, EUR HT.
        ground: The ground it was made on: amounts of one ground are not added to those of another.
    """

    amount: Decimal = field(converter=to_decimal, validator=EUROS)
    ground: ModificationGround = field(converter=to_ground, validator=one_of(ModificationGround))


def to_changes(values: Iterable[EarlierChange | Mapping[str, Any]]) -> tuple[EarlierChange, ...]:
    """attrs converter: an iterable of earlier changes, or of dicts of their keys, becomes a tuple."""
    return as_parts(values, EarlierChange)


@frozen(kw_only=True)
class Contract(Document):
    """A running contract.

    Attributes:
        contract_type: ``works``, ``supplies`` or ``services``.
        launched_on: Day its consultation was launched or its notice sent: it stays under the law of that day.
        initial_amount: Its initial amount, updated by its own price-variation clause, EUR HT.
        buyer: Who bought.
        formal: It was awarded by a formal procedure; None = not said.
        earlier_changes: The changes it has had.
    """

    OMIT_UNFILLED: ClassVar[bool] = True

    contract_type: ContractType | None = field(default=None, converter=to_contract_type, validator=CONTRACT_TYPE)
    launched_on: date = field(converter=to_day, validator=DAY)
    initial_amount: Decimal = field(converter=to_decimal, validator=EUROS)
    buyer: Buyer | None = field(default=None, converter=to_optional_buyer, validator=optional(is_a(Buyer)))
    formal: bool | None = field(default=None, validator=TRUTH)
    earlier_changes: tuple[EarlierChange, ...] = field(
        default=(), converter=to_changes, validator=each(is_a(EarlierChange), MOST_CHANGES)
    )

    def __attrs_post_init__(self) -> None:
        if not self.initial_amount:
            raise DocumentError(
                fault("out_of_range", "initial_amount", "expected an amount above zero: ceilings are shares of it")
            )


@frozen(kw_only=True)
class Change(Document):
    """A change that is meant. A fact that is not filled is not known; it is never taken for "no".

    Attributes:
        amount: What it adds to the contract, EUR HT.
        on: Day it is made.
        clause_foresees: A clear and precise clause of the initial documents foresees it: scope, nature, conditions.
        needed: Works, supplies or services have become necessary that the initial contract did not hold.
        other_contractor_impossible: Another contractor is impossible for economic or technical reasons.
        unforeseeable: A diligent buyer could not foresee the circumstances.
        substitution: A new contractor takes the place of the first.
        substantial: It would have drawn other candidates, tilts the balance to the contractor, or much changes the object.
    """

    OMIT_UNFILLED: ClassVar[bool] = True

    amount: Decimal = field(converter=to_decimal, validator=EUROS)
    on: date = field(converter=to_day, validator=DAY)
    clause_foresees: bool | None = field(default=None, validator=TRUTH)
    needed: bool | None = field(default=None, validator=TRUTH)
    other_contractor_impossible: bool | None = field(default=None, validator=TRUTH)
    unforeseeable: bool | None = field(default=None, validator=TRUTH)
    substitution: bool | None = field(default=None, validator=TRUTH)
    substantial: bool | None = field(default=None, validator=TRUTH)


def _to_contract(value: Contract | Mapping[str, Any]) -> Contract:
    return as_part(value, Contract)


def _to_change(value: Change | Mapping[str, Any]) -> Change:
    return as_part(value, Change)


@frozen(kw_only=True)
class ModifiedContract(Document):
    """A contract with the change that is meant: what the command ``modify`` reads.

    Attributes:
        contract: The running contract.
        change: The change.
    """

    COMMAND: ClassVar[str] = "modify"

    contract: Contract = field(converter=_to_contract, validator=is_a(Contract))
    change: Change = field(converter=_to_change, validator=is_a(Change))

    def __attrs_post_init__(self) -> None:
        if self.change.on < self.contract.launched_on:
            words = "expected a day from {first} (contract.launched_on) on, got {got}"
            raise DocumentError(
                fault("contradiction", "change.on", words, first=self.contract.launched_on, got=self.change.on)
            )
