"""What the words of published contract data mean: labels of procedures and natures, CPV codes, first digits of a SIREN."""

import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from enum import IntFlag, StrEnum
from functools import cache, lru_cache

from attrs import field, frozen

from qmi_rules.contexts import BuyerKind, ContractType
from qmi_rules.documents import load_toml, package_data
from qmi_rules.documents.read_only import to_read_only
from qmi_rules.documents.scalars import to_decimal, to_tuple


class Published(StrEnum):
    """The procedure as it was published: an id of the vocabulary, or what the labels cannot say better."""

    OPEN = "open_procedure"
    RESTRICTED = "restricted_procedure"
    NEGOTIATION = "competitive_procedure_with_negotiation"
    DIALOGUE = "competitive_dialogue"
    PARTNERSHIP = "innovation_partnership"
    ADAPTED = "adapted_procedure"
    WITHOUT_PUBLICITY = "without_publicity"
    UNKNOWN = "unknown"


class Nature(StrEnum):
    """What kind of contract was published."""

    CONTRACT = "contract"
    FRAMEWORK = "framework"
    SUBSEQUENT = "subsequent"
    PARTNERSHIP = "partnership"
    DEFENCE = "defence"
    UNKNOWN = "unknown"


@frozen(kw_only=True)
class Settings:
    """How published files write that a value is not given, and what is no amount.

    Attributes:
        absent: Words, in lower case.
        prefixes: Beginnings of texts that keep an unusable value.
        yes: Words for true.
        no: Words for false.
        smallest_amount: Below it, an amount is a filler, EUR HT.
        largest_amount: From it on, an amount made of nines only is a filler, EUR HT.
    """

    absent: tuple[str, ...] = field(converter=to_tuple)
    prefixes: tuple[str, ...] = field(converter=to_tuple)
    yes: tuple[str, ...] = field(converter=to_tuple)
    no: tuple[str, ...] = field(converter=to_tuple)
    smallest_amount: Decimal = field(converter=to_decimal)
    largest_amount: Decimal = field(converter=to_decimal)


@frozen(kw_only=True)
class Labels:
    """The file ``data/decp/labels.toml``."""

    procedures: Mapping[str, str] = field(converter=to_read_only)
    natures: Mapping[str, str] = field(converter=to_read_only)
    types: Mapping[str, str] = field(converter=to_read_only)
    settings: Settings


@frozen(kw_only=True)
class TypeDivisions:
    """CPV divisions of each contract type."""

    works: tuple[str, ...] = field(converter=to_tuple)
    supplies: tuple[str, ...] = field(converter=to_tuple)
    services: tuple[str, ...] = field(converter=to_tuple)


@frozen(kw_only=True)
class Doubts:
    """Words and codes that speak against a guess."""

    works: tuple[str, ...] = field(converter=to_tuple)
    not_works: tuple[str, ...] = field(converter=to_tuple)
    networks: tuple[str, ...] = field(converter=to_tuple)
    network_cpv: tuple[str, ...] = field(converter=to_tuple)


@frozen(kw_only=True)
class ObjectList:
    """CPV codes (their first digits) and words of one category of objects."""

    cpv: tuple[str, ...] = field(converter=to_tuple)
    words: tuple[str, ...] = field(converter=to_tuple)
    certainty: str = "confirmed"
    source: str = ""


@frozen(kw_only=True)
class BuyerPrefixes:
    """First digits of the SIREN for each kind of buyer."""

    certainty: str
    commune: tuple[str, ...] = field(converter=to_tuple)
    department: tuple[str, ...] = field(converter=to_tuple)
    region: tuple[str, ...] = field(converter=to_tuple)
    other_local: tuple[str, ...] = field(converter=to_tuple)


@frozen(kw_only=True)
class Objects:
    """The file ``data/decp/objects.toml``."""

    types: TypeDivisions
    doubts: Doubts
    specific_services: ObjectList
    buyers: BuyerPrefixes


@cache
def labels() -> Labels:
    """The labels of the package, read once."""
    return load_toml(package_data("decp", "labels.toml"), Labels)


@cache
def objects() -> Objects:
    """What the package knows of CPV codes, words and SIREN, read once."""
    return load_toml(package_data("decp", "objects.toml"), Objects)


_NOT_WORD = re.compile(r"[^a-z0-9]+")


def plain(text: str) -> str:
    """A text in lower case without accents and punctuation, words apart by one space."""
    if not text.isascii():
        text = text.replace("’", " ").replace("œ", "oe").replace("Œ", "OE")
        text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return _NOT_WORD.sub(" ", text.lower()).strip()


def _label(text: str) -> str:
    # A lost character of a label was an é in every case met, and no two labels differ by it.
    return plain(text.replace("\ufffd", "e"))


@cache
def _procedures() -> dict[str, Published]:
    return {label: Published(name) for label, name in labels().procedures.items()}


@lru_cache(maxsize=2_000)
def published_procedure(text: str) -> Published:
    """The procedure that a label names; `UNKNOWN` where it names none that we know."""
    return _procedures().get(_label(text), Published.UNKNOWN)


@lru_cache(maxsize=2_000)
def published_nature(text: str) -> Nature | None:
    """The nature that a label names; None for a concession, which is no public contract of this code's second part."""
    name = _label(text)
    if name.startswith(("concession", "delegation", "contrat de concession")):
        return None
    return Nature(labels().natures.get(name, Nature.UNKNOWN))


@lru_cache(maxsize=2_000)
def published_type(text: str) -> ContractType | None:
    """The contract type that a label names."""
    found = labels().types.get(_label(text))
    return ContractType(found) if found else None


@cache
def _divisions() -> dict[str, ContractType]:
    types = objects().types
    return {division: kind for kind in ContractType for division in getattr(types, kind.value)}


def type_of_division(cpv: str) -> ContractType | None:
    """The contract type that the division of a CPV code stands for; None where there is no such division."""
    return _divisions().get(cpv[:2])


@cache
def _prefixes() -> dict[str, BuyerKind]:
    buyers = objects().buyers
    return {
        prefix: BuyerKind(kind)
        for kind in ("commune", "department", "region", "other_local")
        for prefix in getattr(buyers, kind)
    }


def kind_of_siren(siren: str) -> BuyerKind | None:
    """The kind of a buyer by the first two digits of its SIREN; None where they do not say."""
    return _prefixes().get(siren[:2])


class Meaning(IntFlag):
    """What the words of an object speak of."""

    NOTHING = 0
    WORKS = 1
    OTHER = 2
    NETWORKS = 4
    SPECIFIC = 8
    PHRASE = 16


@cache
def _words() -> tuple[dict[str, int], tuple[tuple[str, int], ...]]:
    """For each single word, with its plurals, its meanings; the phrases, whose first words mean `PHRASE`."""
    known = objects()
    single: dict[str, int] = {}
    phrases: list[tuple[str, int]] = []
    for meaning, words in (
        (Meaning.WORKS, known.doubts.works),
        (Meaning.OTHER, known.doubts.not_works),
        (Meaning.NETWORKS, known.doubts.networks),
        (Meaning.SPECIFIC, known.specific_services.words),
    ):
        for word in words:
            first = word.split()[0]
            if first == word:
                for form in (word, word + "s", word + "es", word + "x"):
                    single[form] = single.get(form, 0) | meaning.value
            else:
                phrases.append((f" {word} ", meaning.value))
                single[first] = single.get(first, 0) | Meaning.PHRASE.value
    return single, tuple(phrases)


def meaning_of(text: str) -> int:
    """The meanings, as the bits of `Meaning`, that stand in a `plain` text."""
    single, phrases = _words()
    found = 0
    for word in text.split():
        if word in single:
            found |= single[word]
    if found & Meaning.PHRASE.value:
        padded = f" {text} "
        for phrase, meaning in phrases:
            if phrase in padded:
                found |= meaning
    return found
