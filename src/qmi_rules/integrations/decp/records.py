"""One published record as a typed contract with the origin of each derived fact, or as a refusal with its reason."""

import datetime
import re
from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Any

from attrs import frozen

from qmi_rules.contexts import Buyer, BuyerKind, ContractType, Purchase
from qmi_rules.integrations.decp.derived import SIRET, kind_of, nature_of, perhaps_specific, shared, type_of
from qmi_rules.integrations.decp.labels import (
    Nature,
    Published,
    meaning_of,
    plain,
    published_nature,
    published_procedure,
)
from qmi_rules.integrations.decp.values import amount_of, cpv_of, day_of, label_of, months_of, text_of, truth_of

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
        reason: Why.
        detail: What was found, in a few words.
        id: The published id, if any.
    """

    source: str
    position: int
    reason: RefusalReason
    detail: str = ""
    id: str = ""


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
