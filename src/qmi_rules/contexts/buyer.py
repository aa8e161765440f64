"""Who buys, and what: the closed lists of buyer kinds and contract types, and the buyer of a document."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, ClassVar, Literal, TypeAlias

from attrs import field, frozen

from qmi_rules.contexts.territory import INSEE_CODE, TerritoryCommune, commune_of
from qmi_rules.documents import Document
from qmi_rules.documents.scalars import as_part, one_of, optional, to_optional_whole, whole


class ContractType(StrEnum):
    """What is bought (directive 2014/24/EU, article 2)."""

    WORKS = "works"
    SUPPLIES = "supplies"
    SERVICES = "services"


class BuyerKind(StrEnum):
    """Who buys. All but the State and utilities are sub-central authorities."""

    COMMUNE = "commune"
    EPT = "ept"
    EPCI = "epci"
    METROPOLIS = "metropolis"
    DEPARTMENT = "department"
    REGION = "region"
    OTHER_LOCAL = "other_local"
    STATE = "state"
    UTILITY = "utility"


ContractTypeWord: TypeAlias = Literal["works", "supplies", "services"]
BuyerKindWord: TypeAlias = Literal[
    "commune", "ept", "epci", "metropolis", "department", "region", "other_local", "state", "utility"
]


def to_contract_type(value: ContractType | ContractTypeWord | None) -> ContractType | None:
    """attrs converter: the word or the member; anything else passes on to the validator, which refuses it."""
    return _CONTRACT_TYPES.get(value, value) if isinstance(value, str) else value  # type: ignore[arg-type]


def to_buyer_kind(value: BuyerKind | BuyerKindWord | None) -> BuyerKind | None:
    """attrs converter: the word or the member; anything else passes on to the validator, which refuses it."""
    return _BUYER_KINDS.get(value, value) if isinstance(value, str) else value  # type: ignore[arg-type]


_CONTRACT_TYPES: dict[str, ContractType] = {member.value: member for member in ContractType}
_BUYER_KINDS: dict[str, BuyerKind] = {member.value: member for member in BuyerKind}
CONTRACT_TYPE = optional(one_of(ContractType))
BUYER_KIND = optional(one_of(BuyerKind))


@frozen(kw_only=True)
class Buyer(Document):
    """The public buyer.

    Attributes:
        kind: One of `BuyerKind`; None = not known, which some answers then ask for.
        insee_code: INSEE code of the commune; it fills in name, territory and population.
        population: Inhabitants; wins over the figure that the INSEE code fills in.
    """

    OMIT_UNFILLED: ClassVar[bool] = True

    kind: BuyerKind | None = field(default=None, converter=to_buyer_kind, validator=BUYER_KIND)
    insee_code: str | None = field(default=None, validator=optional(INSEE_CODE))
    population: int | None = field(
        default=None, converter=to_optional_whole, validator=optional(whole(1, 70_000_000, "of inhabitants"))
    )

    @property
    def commune(self) -> TerritoryCommune | None:
        """The commune that the INSEE code names; of an arrondissement or a delegated commune the whole commune."""
        return commune_of(self.insee_code)

    @property
    def inhabitants(self) -> int | None:
        """The population given, else that of the commune of the INSEE code."""
        if self.population is not None:
            return self.population
        return self.commune.population if self.commune else None


def to_buyer(value: Buyer | Mapping[str, Any]) -> Buyer:
    """attrs converter: a dict of the keys of a buyer becomes one."""
    return as_part(value, Buyer)


def to_optional_buyer(value: Buyer | Mapping[str, Any] | None) -> Buyer | None:
    """attrs converter: `to_buyer`, and None stays None."""
    return None if value is None else to_buyer(value)
