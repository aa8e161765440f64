"""Who buys, and what: the closed lists of buyer kinds and contract types, and the buyer of a document."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar, Literal, TypeAlias

from attrs import field, frozen

from qmi_rules.model.insee import INSEE_CODE
from qmi_rules.schema import Document
from qmi_rules.schema.scalars import TRUTH, as_part, one_of, optional, to_optional_whole, whole

if TYPE_CHECKING:
    from qmi_rules.model.territory import TerritoryCommune


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


class Exclusion(StrEnum):
    """Why a contract is outside the rules of award (book V of the code)."""

    NONE = "none"
    IN_HOUSE = "in_house"
    JOINT_IN_HOUSE = "joint_in_house"
    PUBLIC_COOPERATION = "public_cooperation"
    EXCLUSIVE_RIGHT = "exclusive_right"
    LAND = "land"
    LEGAL_REPRESENTATION = "legal_representation"
    LOAN = "loan"
    EMPLOYMENT = "employment"
    OTHER = "other"


class Instrument(StrEnum):
    """What the buyer signs: a contract for a price, a grant, or a concession whose operator bears the risk."""

    CONTRACT = "contract"
    GRANT = "grant"
    CONCESSION = "concession"


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


def to_exclusion(value: Exclusion | str | None) -> Exclusion | None:
    """attrs converter: the word or the member; anything else passes on to the validator, which refuses it."""
    return _EXCLUSIONS.get(value, value) if isinstance(value, str) else value  # type: ignore[arg-type]


def to_instrument(value: Instrument | str | None) -> Instrument | None:
    """attrs converter: the word or the member; anything else passes on to the validator, which refuses it."""
    return _INSTRUMENTS.get(value, value) if isinstance(value, str) else value  # type: ignore[arg-type]


_CONTRACT_TYPES: dict[str, ContractType] = {member.value: member for member in ContractType}
_BUYER_KINDS: dict[str, BuyerKind] = {member.value: member for member in BuyerKind}
_EXCLUSIONS: dict[str, Exclusion] = {member.value: member for member in Exclusion}
_INSTRUMENTS: dict[str, Instrument] = {member.value: member for member in Instrument}
EXCLUSION = optional(one_of(Exclusion))
INSTRUMENT = optional(one_of(Instrument))
CONTRACT_TYPE = optional(one_of(ContractType))
BUYER_KIND = optional(one_of(BuyerKind))


@frozen(kw_only=True)
class Buyer(Document):
    """The public buyer.

    Attributes:
        kind: One of `BuyerKind`; None = not known, which some answers then ask for.
        local_authority: Of a utility: it is a local authority's service or one of its public bodies; an INSEE code says so too.
        insee_code: INSEE code of the commune; it fills in name, territory and population.
        population: Inhabitants; wins over the figure that the INSEE code fills in.
    """

    OMIT_UNFILLED: ClassVar[bool] = True

    kind: BuyerKind | None = field(default=None, converter=to_buyer_kind, validator=BUYER_KIND)
    local_authority: bool | None = field(default=None, validator=TRUTH)
    insee_code: str | None = field(default=None, validator=optional(INSEE_CODE))
    population: int | None = field(
        default=None, converter=to_optional_whole, validator=optional(whole(1, 70_000_000, "of inhabitants"))
    )

    @property
    def commune(self) -> "TerritoryCommune | None":
        """The commune that the INSEE code names; of an arrondissement or a delegated commune the whole commune."""
        from qmi_rules.model.territory import commune_of

        return commune_of(self.insee_code)

    @property
    def of_local_authority(self) -> bool | None:
        """Whether the buyer is a local authority or one of its bodies: as said, or by its INSEE code."""
        return True if self.local_authority is None and self.insee_code is not None else self.local_authority

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
