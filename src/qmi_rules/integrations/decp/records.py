"""One published record as a typed contract with the origin of each derived fact, or as a refusal with its reason."""

import datetime
import re
from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import Any

from attrs import frozen

from qmi_rules.contexts import Buyer, BuyerKind, ContractType, Purchase
from qmi_rules.integrations.decp.values import (
    Meaning,
    Nature,
    Published,
    amount_of,
    cpv_of,
    day_of,
    kind_of_siren,
    label_of,
    meaning_of,
    months_of,
    objects,
    plain,
    published_nature,
    published_procedure,
    published_type,
    text_of,
    truth_of,
    type_of_division,
)

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


NAMES = {
    "codecpv": "codeCPV",
    "datenotification": "dateNotification",
    "datepublicationdonnees": "datePublicationDonnees",
    "dureemois": "dureeMois",
    "marcheinnovant": "marcheInnovant",
    "idaccordcadre": "idAccordCadre",
    "modalitesexecution": "modalitesExecution",
}
"""Columns of the table with lower-case names, as the other shapes call them."""
_NO_ID = re.compile(r"[\s0.\-/]*\Z")


class RefusalReason(StrEnum):
    """Why a record is not judged."""

    NOT_A_RECORD = "not_a_record"
    CONCESSION = "concession"
    NO_BUYER = "no_buyer"
    NO_DATE = "no_date"
    UNREADABLE = "unreadable"


@frozen(kw_only=True)
class Refusal:
    """A record that cannot be read as a contract, and why.

    Attributes:
        source: File it comes from.
        position: Its place in the file, from 1.
        id: The published id, if any.
        reason: Why.
        detail: What was found, in a few words.
    """

    source: str
    position: int
    id: str = ""
    reason: RefusalReason
    detail: str = ""


@frozen(kw_only=True)
class PublishedContract:
    """One published record. What is None was not published, or not in a usable form.

    Attributes:
        source: File it comes from.
        position: Its place in the file, from 1.
        id: The published id; empty where it is unusable.
        uid: The unique id of consolidated files; empty where there is none.
        buyer: SIRET of the buyer as published, or its name.
        buyer_name: Name of the buyer.
        title: Object of the contract.
        key: The title in plain lower-case words, for comparing.
        procedure: The procedure that the label names.
        nature: What kind of contract.
        amount: EUR HT; of a framework agreement the estimated maximum.
        notified_on: Day of notification; the launch came before it. Where only the publication is dated, that day.
        cpv: CPV code, eight digits.
        contract_type: Guessed from CPV and words; None where they disagree.
        buyer_kind: Guessed from the SIREN; None where it does not say, or where the buyer may act as a network operator.
        innovative: As the buyer published it.
        specific_service: It may be a social or other specific service: true or None (not known), never false.
        duration_months: Duration.
        origins: Where each derived fact comes from, as pairs of fact and origin.
    """

    source: str
    position: int
    id: str
    uid: str
    buyer: str
    buyer_name: str
    title: str
    key: str
    procedure: Published
    nature: Nature
    amount: Decimal | None
    notified_on: datetime.date
    cpv: str | None
    contract_type: ContractType | None
    buyer_kind: BuyerKind | None
    innovative: bool | None
    specific_service: bool | None
    duration_months: int | None
    origins: tuple[tuple[str, str], ...]

    @property
    def siren(self) -> str:
        """What identifies the buyer, whatever its establishment: the SIREN, or the name."""
        return self.buyer[:9] if SIRET.match(self.buyer) else self.buyer

    @property
    def purchase(self) -> Purchase:
        """The record as a purchase: `launched_on` is the day of notification, which is later than the launch."""
        return Purchase(
            title=self.title or self.id or "(objet non publié)",
            launched_on=self.notified_on,
            contract_type=self.contract_type,
            estimated_value=self.amount,
            buyer=None if self.buyer_kind is None else Buyer(kind=self.buyer_kind),
            duration_months=self.duration_months,
            cpv=self.cpv,
            innovative=self.innovative,
        )


def read_record(raw: Any, source: str = "", position: int = 0, container: str = "") -> PublishedContract | Refusal:
    """Read one record of any published shape; total: whatever comes, the result is a contract or a refusal.

    Args:
        raw: The record: nested (2019 or 2024 JSON, XML) or flat (a row of a table).
        source: File it comes from.
        position: Its place in the file.
        container: Name of the list it stood in, such as ``"contrat-concession"``.
    """
    if not isinstance(raw, Mapping):
        return Refusal(source=source, position=position, reason=RefusalReason.NOT_A_RECORD, detail=type(raw).__name__)
    if "montant" in raw and "codecpv" in raw:
        raw = {NAMES.get(name, name): value for name, value in raw.items()}
    get = raw.get
    number = text_of(get("id"))

    def refuse(reason: RefusalReason, detail: Any = "") -> Refusal:
        return Refusal(source=source, position=position, reason=reason, detail=text_of(detail)[:80], id=number)

    label = label_of(get("nature"))
    nature = published_nature(label)
    if nature is None or "concession" in container or "autoriteConcedante" in raw or _is_concession(get("_type")):
        return refuse(RefusalReason.CONCESSION, label)
    buyer, name = _buyer(raw)
    if not (buyer or name):
        return refuse(RefusalReason.NO_BUYER)
    origins: list[tuple[str, str]] = []
    notified = _notified(raw, origins)
    if notified is None:
        return refuse(RefusalReason.NO_DATE, get("dateNotification"))
    amount = amount_of(get("montant"))
    origins.append(("estimated_value", "published_amount_not_estimate" if amount is not None else "amount_not_usable"))
    title = text_of(get("objet"))
    key = plain(title)
    meaning = meaning_of(key)
    cpv, cpv_origin = cpv_of(get("codeCPV"))
    contract_type = type_of(raw, meaning, cpv, cpv_origin, origins)
    specific = None
    if contract_type is None or contract_type is ContractType.SERVICES:
        specific = perhaps_specific(meaning, cpv)
    if specific:
        origins.append(("specific_service", "cpv_or_words_list_unverified"))
    innovative = None
    if "marcheInnovant" in raw:
        innovative = truth_of(raw["marcheInnovant"])
        if innovative is not None:
            origins.append(("innovative", "published_by_buyer"))
    return PublishedContract(
        source=source,
        position=position,
        id="" if _NO_ID.match(number) else number,
        uid=text_of(raw["uid"]) if "uid" in raw else "",
        buyer=buyer or name,
        buyer_name=name,
        title=title,
        key=key,
        procedure=published_procedure(label_of(get("procedure"))),
        nature=nature_of(raw, key, nature, notified),
        amount=amount,
        notified_on=notified,
        cpv=cpv,
        contract_type=contract_type,
        buyer_kind=kind_of(buyer, meaning, cpv, origins),
        innovative=innovative,
        specific_service=specific,
        duration_months=months_of(get("dureeMois")),
        origins=shared(tuple(origins)),
    )


def _is_concession(kind: Any) -> bool:
    return isinstance(kind, str) and "oncession" in kind


def _buyer(raw: Mapping[str, Any]) -> tuple[str, str]:
    """The buyer's id and name: nested, under a key with a dot, or in columns."""
    nested = raw.get("acheteur")
    if isinstance(nested, dict):
        return text_of(nested.get("id")).replace(" ", ""), text_of(nested.get("nom"))
    for siret, name in (("acheteur.id", "acheteur.nom"), ("acheteur_id", "acheteur_nom")):
        if siret in raw or name in raw:
            return text_of(raw.get(siret)).replace(" ", ""), text_of(raw.get(name))
    return "", ""


def _notified(raw: Mapping[str, Any], origins: list[tuple[str, str]]) -> datetime.date | None:
    day = day_of(raw.get("dateNotification"))
    if day is not None:
        origins.append(("launched_on", "notification_not_launch"))
        return day
    day = day_of(raw.get("datePublicationDonnees"))
    if day is not None:
        origins.append(("launched_on", "data_publication_not_launch"))
    return day
