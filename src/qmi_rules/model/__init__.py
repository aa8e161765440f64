"""Contexts: what a user describes; typed, validated, all faults at once."""

from typing import TYPE_CHECKING

from qmi_rules.model.buyer import Buyer, BuyerKind, ContractType
from qmi_rules.model.insee import INSEE_CODE
from qmi_rules.model.need import Framework, Need, Part, Renewals, ValuedPart, Yearly, total, value_need
from qmi_rules.model.purchase import FACT_NAMES, Facts, Lot, Member, Purchase
from qmi_rules.names import loaded_when_used

if TYPE_CHECKING:
    from qmi_rules.model.case import Case, lot_cases, main_type, small_lots_share, small_lots_value, whole_case
    from qmi_rules.model.territory import (
        Intercommunality,
        PlaceKind,
        TerritoryCommune,
        commune_of,
        communes_edition,
        find_commune,
        find_communes,
        metropolitan_communes,
        one_commune,
    )

# What a simple purchase does not need is loaded when first used.
__getattr__ = loaded_when_used(
    __name__,
    {
        "case": "Case lot_cases main_type small_lots_share small_lots_value whole_case",
        "territory": "Intercommunality PlaceKind TerritoryCommune commune_of communes_edition find_commune find_communes metropolitan_communes one_commune",
    },
)

__all__ = [
    "FACT_NAMES",
    "INSEE_CODE",
    "Buyer",
    "BuyerKind",
    "Case",
    "ContractType",
    "Facts",
    "Framework",
    "Intercommunality",
    "Lot",
    "Member",
    "Need",
    "Part",
    "PlaceKind",
    "Purchase",
    "Renewals",
    "TerritoryCommune",
    "ValuedPart",
    "Yearly",
    "commune_of",
    "communes_edition",
    "find_commune",
    "find_communes",
    "lot_cases",
    "main_type",
    "metropolitan_communes",
    "one_commune",
    "small_lots_share",
    "small_lots_value",
    "total",
    "value_need",
    "whole_case",
]
