"""Facts that a published record does not state but lets one derive, each with its origin: nature, type, kind of buyer."""

import datetime
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from qmi_rules.contexts import BuyerKind, ContractType
from qmi_rules.integrations.decp.labels import (
    Meaning,
    Nature,
    kind_of_siren,
    objects,
    plain,
    published_type,
    type_of_division,
)
from qmi_rules.integrations.decp.values import label_of, text_of

SIRET = re.compile(r"\d{9}(\d{5})?\Z", re.ASCII)
"""A SIRET, or the SIREN alone."""
NEW_FORMAT = datetime.date(2024, 1, 1)
"""From this day on the framework agreement is a technique and no longer a nature."""
_WORKS, _OTHER = Meaning.WORKS.value, Meaning.OTHER.value
_NETWORKS, _SPECIFIC = Meaning.NETWORKS.value, Meaning.SPECIFIC.value


def _inner(value: Any, name: str) -> list[str]:
    """The texts of a wrapped list (``techniques.technique[]``), of a bare list, or of a text with separators."""
    if isinstance(value, Mapping):
        value = value.get(name)
    if isinstance(value, str):
        return [plain(part) for part in re.split(r"[,;|/]", value)]
    if isinstance(value, (list, tuple)):
        return [text for item in value for text in _inner(item, name)]
    return []


def nature_of(raw: Mapping[str, Any], key: str, published: Nature, notified: datetime.date) -> Nature:
    """The nature with what stands elsewhere: in the title, and in the techniques and the framework's id of the format of 2024."""
    if published not in (Nature.CONTRACT, Nature.UNKNOWN):
        return published
    if "subsequent" in key:
        return Nature.SUBSEQUENT
    if "accord cadre" in key or "accords cadre" in key or "bons de commande" in key or "bon de commande" in key:
        return Nature.FRAMEWORK
    techniques = _inner(raw["techniques"], "technique") if "techniques" in raw else ()
    if "accord cadre" in techniques:
        return Nature.FRAMEWORK
    if "modalitesExecution" in raw and "bons de commande" in _inner(raw["modalitesExecution"], "modaliteExecution"):
        return Nature.FRAMEWORK
    if "idAccordCadre" in raw and text_of(raw["idAccordCadre"]):
        return Nature.SUBSEQUENT
    if published is Nature.CONTRACT and (notified < NEW_FORMAT or any(techniques)):
        return Nature.CONTRACT
    return Nature.UNKNOWN


def type_of(
    raw: Mapping[str, Any],
    meaning: int,
    cpv: str | None,
    cpv_origin: str,
    origins: list[tuple[str, str]],
) -> ContractType | None:
    """The type that a column or the CPV division gives, unless the rules of execution or the words speak against it."""
    found = published_type(label_of(raw["type"])) if "type" in raw else None
    origin = "type_column"
    if found is None and cpv is not None:
        found, origin = type_of_division(cpv), f"{cpv_origin}_division"
    works_rules = text_of(raw.get("ccag")).lower() == "travaux" if "ccag" in raw else False
    if found is None:
        return None
    if found is ContractType.WORKS:
        against = bool(meaning & _OTHER)
    elif works_rules:
        origins.append(("contract_type", "cpv_against_general_terms"))
        return None
    else:
        against = bool(meaning & _WORKS)
    if against and not (works_rules and found is ContractType.WORKS):
        origins.append(("contract_type", f"{origin}_against_words"))
        return None
    origins.append(("contract_type", origin))
    return found


def kind_of(buyer: str, meaning: int, cpv: str | None, origins: list[tuple[str, str]]) -> BuyerKind | None:
    """The kind that the SIREN stands for, unless the buyer may act as a network operator, whose limits are higher."""
    kind = kind_of_siren(buyer) if SIRET.match(buyer) else None
    if kind is None:
        return None
    if (cpv is not None and cpv[:2] in objects().doubts.network_cpv) or meaning & _NETWORKS:
        origins.append(("buyer_kind", "siren_but_perhaps_network_operator"))
        return None
    origins.append(("buyer_kind", "siren_prefix"))
    return kind


def perhaps_specific(meaning: int, cpv: str | None) -> bool | None:
    """True where code or words are on the list of specific services; None otherwise: a list that is not sure never says no."""
    if meaning & _SPECIFIC or (cpv is not None and cpv.startswith(objects().specific_services.cpv)):
        return True
    return None


@lru_cache(maxsize=5_000)
def shared(origins: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """The one object for equal origins: a million contracts share a few dozen."""
    return origins
