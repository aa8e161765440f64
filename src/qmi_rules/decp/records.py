"""One published record as a typed contract with the origin of each derived fact, or as a refusal with its reason."""

import datetime
import re
from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import Any, NamedTuple

from attrs import frozen

from qmi_rules.decp.values import (
    CpvCode,
    Meaning,
    Nature,
    Published,
    amount_of,
    column_keys,
    cpv_of,
    day_of,
    kind_of_siren,
    label_of,
    meaning_of,
    months_of,
    plain,
    published_nature,
    published_procedure,
    published_type,
    text_of,
    truth_of,
    words_of,
)
from qmi_rules.model import Buyer, BuyerKind, ContractType, Purchase

SIRET = re.compile(r"\d{9}(\d{5})?\Z", re.ASCII)
"""A SIRET, or the SIREN alone."""
NEW_FORMAT = datetime.date(2024, 1, 1)
"""From this day on the framework agreement is a technique and no longer a nature."""
_OTHER, _NETWORKS, _SPECIFIC, _FRAMEWORK, _SUBSEQUENT, _GROUND, _DAMAGED, _SPECIFIC_ARTICLE, _WORKS_FIRST = (
    meaning.value
    for meaning in (
        Meaning.OTHER,
        Meaning.NETWORKS,
        Meaning.SPECIFIC,
        Meaning.FRAMEWORK,
        Meaning.SUBSEQUENT,
        Meaning.GROUND,
        Meaning.DAMAGED,
        Meaning.SPECIFIC_ARTICLE,
        Meaning.WORKS_FIRST,
    )
)

_CONTRACT = Nature.CONTRACT  # of a million records: to look a member up in its enumeration is slow


def _inner(value: Any, name: str) -> list[str]:
    """The texts of a wrapped list (``techniques.technique[]``), of a bare list, or of a text with separators."""
    if isinstance(value, Mapping):
        value = value.get(name)
    if isinstance(value, str):
        return [plain(part) for part in re.split(r"[,;|/]", value)]
    if isinstance(value, (list, tuple)):
        return [text for item in value for text in _inner(item, name)]
    return []


def nature_of(raw: Mapping[str, Any], meaning: int, published: Nature, notified: datetime.date) -> Nature:
    """The nature with what stands elsewhere: in the title, and in the techniques and the framework's id of the format of 2024."""
    if published is not _CONTRACT and published is not Nature.UNKNOWN:
        return published
    if meaning & _SUBSEQUENT:
        return Nature.SUBSEQUENT
    if meaning & _FRAMEWORK:
        return Nature.FRAMEWORK
    techniques = _inner(raw["techniques"], "technique") if "techniques" in raw else ()
    if "accord cadre" in techniques:
        return Nature.FRAMEWORK
    if "modalitesExecution" in raw and "bons de commande" in _inner(raw["modalitesExecution"], "modaliteExecution"):
        return Nature.FRAMEWORK
    if "idAccordCadre" in raw and text_of(raw["idAccordCadre"]):
        return Nature.SUBSEQUENT
    if published is _CONTRACT and not meaning & _DAMAGED and (notified < NEW_FORMAT or any(techniques)):
        return published
    return Nature.UNKNOWN


MOST_DERIVED = 20_000
"""So many combinations are remembered."""


class Derived(NamedTuple):
    """What follows from the code, the words, the buyer and the columns, with the origin of each fact."""

    contract_type: ContractType | None
    buyer_kind: BuyerKind | None
    specific_service: bool | None
    origins: tuple[tuple[str, str], ...]


_DERIVED: dict[Any, Derived] = {}
"""The derived facts by all that they follow from, members of enumerations by their address: to hash them is slow."""

_ORIGINS: dict[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]] = {}
"""All origins met, a few hundred: each stands once, so that records are found to be alike by its address."""


def _derived(
    day_origin: str,
    usable_amount: bool,
    column_type: ContractType | None,
    works_rules: bool,
    meaning: int,
    cpv: tuple[Any, ...],
    kind: BuyerKind | None,
    innovative: bool | None,
) -> Derived:
    """The derived facts of a record; a million contracts share a few hundred, see `_DERIVED`.

    Args:
        day_origin: Which day is published.
        usable_amount: An amount is.
        column_type: The type that a column gives.
        works_rules: The general terms are those of works.
        meaning: What the words of the object speak of.
        cpv: What the code stands for, its digits left out.
        kind: The kind of buyer that the SIREN stands for.
        innovative: As the buyer published it.
    """
    code = CpvCode(None, *cpv)
    amount_origin = "published_amount_not_estimate" if usable_amount else "amount_not_usable"
    origins = [("launched_on", day_origin), ("estimated_value", amount_origin)]
    contract_type = _type(column_type, works_rules, meaning, code, origins)
    specific = None
    if contract_type is None or contract_type is ContractType.SERVICES:
        specific, origin = _specific_service(meaning, code)
        if specific:
            origins.append(("specific_service", origin))
    if innovative is not None:
        origins.append(("innovative", "published_by_buyer"))
    if kind is not None:
        if meaning & _DAMAGED:
            kind, origin = None, "siren_but_damaged_words"
        elif code.network or meaning & _NETWORKS:
            kind, origin = None, "siren_but_perhaps_network_operator"
        else:
            origin = "siren_prefix"
        origins.append(("buyer_kind", origin))
    one = tuple(origins)
    return Derived(contract_type, kind, specific, _ORIGINS.setdefault(one, one))


def _specific_service(meaning: int, code: CpvCode) -> tuple[bool | None, str]:
    """Whether it may be a specific service, and why: words are heard only where no code, or a general one, says what is bought."""
    if code.specific:
        return True, "cpv_list_unverified"
    if meaning & _SPECIFIC_ARTICLE:
        return True, "article_named"
    if code.specific is None and meaning & (_SPECIFIC | _DAMAGED):
        return True, "damaged_words" if meaning & _DAMAGED else "words"
    return None, ""


def _type(
    column_type: ContractType | None, works_rules: bool, meaning: int, cpv: CpvCode, origins: list[tuple[str, str]]
) -> ContractType | None:
    """The type that a column or the CPV division gives; a word somewhere in the title does not overrule it.

    Left open is what contradicts itself: supplies or services under the general terms of works, or with an object that says it is works
    and names nothing else (in the published files such codes are the wrong ones, nearly always).
    """
    found, origin = (column_type, "type_column") if column_type else (cpv.contract_type, f"{cpv.origin}_division")
    if found is None:
        return None
    if found is ContractType.WORKS:
        origins.append(("contract_type", origin))
        return found
    if works_rules:
        origins.append(("contract_type", "cpv_against_general_terms"))
    elif meaning & _DAMAGED:
        origins.append(("contract_type", f"{origin}_but_damaged_words"))
    elif meaning & _WORKS_FIRST and not meaning & _OTHER:
        origins.append(("contract_type", f"{origin}_against_words"))
    else:
        origins.append(("contract_type", origin))
        return found
    return None


_FILLERS = "0.-/ \t\n\r\u00a0\u202f"
"""What an id is made of that names nothing."""


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


class PublishedContract(NamedTuple):
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
        article_named: The object names an article that a procedure without publicity rests on.
        specific_service: It may be a social or other specific service (its code is on the law's list; or words say so and no precise
            code says otherwise): true or None (not known), never false.
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
    article_named: bool
    duration_months: int | None
    origins: tuple[tuple[str, str], ...]

    @property
    def siren(self) -> str:
        """What identifies the buyer, whatever its establishment: the SIREN, or the name."""
        return _siren(self.buyer)

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
    if type(raw) is not dict and not isinstance(raw, Mapping):
        return Refusal(source=source, position=position, reason=RefusalReason.NOT_A_RECORD, detail=type(raw).__name__)
    if "dateNotification" not in raw and "acheteur" not in raw:
        raw = dict(zip(column_keys(list(map(str, raw))), raw.values(), strict=True))
    get = raw.get
    number = text_of(get("id"))
    label = label_of(get("nature"))
    nature = published_nature(label)
    kind = get("_type")
    conceded = (
        "concession" in container or "autoriteConcedante" in raw or (isinstance(kind, str) and "oncession" in kind)
    )
    if nature is None or conceded:
        return _refused(source, position, number, RefusalReason.CONCESSION, label)
    buyer = _buyer(raw)
    if not (buyer.id or buyer.name):
        return _refused(source, position, number, RefusalReason.NO_BUYER)
    notified, day_origin = day_of(get("dateNotification")), "notification_not_launch"
    if notified is None:
        notified, day_origin = day_of(get("datePublicationDonnees")), "data_publication_not_launch"
        if notified is None:
            return _refused(source, position, number, RefusalReason.NO_DATE, get("dateNotification"))
    amount = amount_of(get("montant"))
    objet = get("objet")
    title, plain_title, meaning = _titled(objet if type(objet) is str else text_of(objet))
    cpv = cpv_of(get("codeCPV"))
    innovative = truth_of(raw["marcheInnovant"]) if "marcheInnovant" in raw else None
    code, cpv_origin, cpv_type, network, specific = cpv
    published = published_type(label_of(raw["type"])) if "type" in raw else None
    works_rules = "ccag" in raw and text_of(raw["ccag"]).lower() == "travaux"
    usable = amount is not None
    key = (day_origin, usable, id(published), works_rules, meaning, cpv_origin, id(cpv_type), network, specific, id(buyer.kind), innovative)  # fmt: skip
    facts = _DERIVED.get(key)
    if facts is None:
        facts = _derived(day_origin, usable, published, works_rules, meaning, cpv[1:], buyer.kind, innovative)
        if len(_DERIVED) < MOST_DERIVED:
            _DERIVED[key] = facts
    contract_type, buyer_kind, specific_service, origins = facts
    # in the order of its fields, past the constructor: of a million records each name would be looked up
    values = (
        source,
        position,
        number if number.strip(_FILLERS) else "",
        text_of(raw["uid"]) if "uid" in raw else "",
        buyer.id or buyer.name,
        buyer.name,
        title,
        plain_title,
        published_procedure(label_of(get("procedure"))),
        nature_of(raw, meaning, nature, notified),
        amount,
        notified,
        code,
        contract_type,
        buyer_kind,
        innovative,
        specific_service,
        bool(meaning & _GROUND),
        months_of(get("dureeMois")),
        origins,
    )
    return tuple.__new__(PublishedContract, values)


@lru_cache(maxsize=1_000)
def _titled(written: str) -> tuple[str, str, int]:
    """A title, its words in one text, and what they speak of; rows and lots of one contract often follow each other."""
    title = text_of(written)
    words = words_of(title)
    key = " ".join(words)
    return title, key, meaning_of(title, words, key)


def _refused(source: str, position: int, number: str, reason: RefusalReason, detail: Any = "") -> Refusal:
    return Refusal(source=source, position=position, reason=reason, detail=text_of(detail)[:80], id=number)


@lru_cache(maxsize=20_000)
def _siren(buyer: str) -> str:
    return buyer[:9] if SIRET.match(buyer) else buyer


class BuyerFound(NamedTuple):
    """Id and name of a buyer as published, and the kind that its SIREN stands for."""

    id: str
    name: str
    kind: BuyerKind | None


def _buyer(raw: Mapping[str, Any]) -> BuyerFound:
    """The buyer: nested, under keys with a dot, or in columns."""
    nested = raw.get("acheteur")
    if isinstance(nested, dict):
        number, name = nested.get("id"), nested.get("nom")
    elif "acheteur.id" in raw or "acheteur.nom" in raw:
        number, name = raw.get("acheteur.id"), raw.get("acheteur.nom")
    else:
        number, name = raw.get("acheteur_id"), raw.get("acheteur_nom")
    return _known_buyer(
        number if type(number) is str else text_of(number), name if type(name) is str else text_of(name)
    )


@lru_cache(maxsize=20_000)
def _known_buyer(number: str, name: str) -> BuyerFound:
    number = text_of(number).replace(" ", "")
    return BuyerFound(number, text_of(name), kind_of_siren(number) if SIRET.match(number) else None)
