"""How may a French commune buy an innovative solution: procedures, duties, calendar, funding, each answer with its article.

The public names are loaded when first used, so that importing the package costs next to nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qmi_rules.contexts import Buyer, BuyerKind, Case, ContractType, Framework, Lot, Member, Need, Part, Purchase
    from qmi_rules.contexts import Renewals, Yearly
    from qmi_rules.documents import from_json, json_schema, to_json
    from qmi_rules.errors import (
        DocumentError,
        LooseningError,
        MissingExtraError,
        OverlappingPeriodsError,
        Problem,
        QmiRulesError,
        TableError,
        UnknownReferenceError,
        UnsupportedLocaleError,
    )
    from qmi_rules.law import Table, default_table, load_table
    from qmi_rules.procurement import Decision, Option, decide

__version__ = "0.1.0"

_ROOMS = {
    "contexts": "Buyer BuyerKind Case ContractType Framework Lot Member Need Part Purchase Renewals Yearly",
    "documents": "from_json json_schema to_json",
    "errors": "DocumentError LooseningError MissingExtraError OverlappingPeriodsError Problem QmiRulesError TableError "
    "UnknownReferenceError UnsupportedLocaleError",
    "law": "Table default_table load_table",
    "procurement": "Decision Option decide",
}
_ROOM_OF = {name: room for room, names in _ROOMS.items() for name in names.split()}

__all__ = [
    "Buyer",
    "BuyerKind",
    "Case",
    "ContractType",
    "Decision",
    "DocumentError",
    "Framework",
    "LooseningError",
    "Lot",
    "Member",
    "MissingExtraError",
    "Need",
    "Option",
    "OverlappingPeriodsError",
    "Part",
    "Problem",
    "Purchase",
    "QmiRulesError",
    "Renewals",
    "Table",
    "TableError",
    "UnknownReferenceError",
    "UnsupportedLocaleError",
    "Yearly",
    "decide",
    "default_table",
    "from_json",
    "json_schema",
    "load_table",
    "to_json",
]


def __getattr__(name: str) -> Any:
    if name not in _ROOM_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_ROOM_OF[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
