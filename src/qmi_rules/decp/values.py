"""What published words and values mean: each label, code, amount or day becomes a typed value or None, never an error."""

import datetime
import re
import unicodedata
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from enum import IntFlag, StrEnum
from functools import cache, lru_cache
from typing import Any, NamedTuple

from attrs import field, frozen

from qmi_rules.law import default_table
from qmi_rules.law.facts import in_ranges
from qmi_rules.model import BuyerKind, ContractType
from qmi_rules.read_only import to_read_only
from qmi_rules.schema import load_toml, package_data
from qmi_rules.schema.scalars import EARLIEST, LARGEST_AMOUNT, LATEST, to_decimal, to_tuple


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
class CloseToLimit:
    """Up to which share of a limit an amount below it, or from it on, is close to it."""

    below: Decimal = field(converter=to_decimal)
    above: Decimal = field(converter=to_decimal)


@frozen(kw_only=True)
class Conventions:
    """What the law does not say and the audit must suppose; every page says so.

    Attributes:
        launched_before_months: A consultation was launched at most so long before its notification.
        launched_before_publication_months: The same where only the publication of the data is dated: it follows by some months.
        same_record_days: One buyer's records with one title, amount and procedure are one contract if dated this close together.
        same_consultation_days: Lots of one consultation are notified within this time of the first.
        similar_within_days: Similar contracts are looked for within this time.
        similar_cpv_digits: Two contracts are similar if so many first digits of their CPV codes are the same.
        close_to_a_limit: What a hint calls close.
    """

    launched_before_months: int
    launched_before_publication_months: int
    same_record_days: int
    same_consultation_days: int
    similar_within_days: int
    similar_cpv_digits: int
    close_to_a_limit: CloseToLimit


@frozen(kw_only=True)
class Labels:
    """The file ``data/decp/labels.toml``; `columns` are the names of tables for keys of the other shapes."""

    columns: Mapping[str, str] = field(converter=to_read_only)
    procedures: Mapping[str, str] = field(converter=to_read_only)
    natures: Mapping[str, str] = field(converter=to_read_only)
    types: Mapping[str, str] = field(converter=to_read_only)
    settings: Settings
    conventions: Conventions


@frozen(kw_only=True)
class Objects:
    """The file ``data/decp/objects.toml``.

    Attributes:
        types: CPV divisions of each contract type.
        network_cpv: Divisions in which a local buyer may act as a network operator.
        words: Words of an object by what they speak of: a name of `Meaning`, in lower case.
        buyers: First digits of the SIREN of each kind of buyer.
    """

    types: Mapping[str, tuple[str, ...]] = field(converter=to_read_only)
    network_cpv: tuple[str, ...] = field(converter=to_tuple)
    words: Mapping[str, tuple[str, ...]] = field(converter=to_read_only)
    buyers: Mapping[str, tuple[str, ...]] = field(converter=to_read_only)


@cache
def labels() -> Labels:
    """The labels of the package, read once."""
    return load_toml(package_data("decp", "labels.toml"), Labels)


@cache
def objects() -> Objects:
    """What the package knows of CPV codes, words and SIREN, read once."""
    return load_toml(package_data("decp", "objects.toml"), Objects)


_DROPPED = bytes(i for i in range(128, 256) if not unicodedata.normalize("NFKD", chr(i)).encode("ascii", "ignore"))
"""Signs of Latin-1 that stand for no letter: the degree of "n°", guillemets."""


def _plain_byte(i: int) -> int:
    letters = unicodedata.normalize("NFKD", chr(i)).encode("ascii", "ignore").decode().lower()
    return ord(letters) if len(letters) == 1 and letters.isalnum() else ord(" ")


_PLAIN = bytes(map(_plain_byte, range(256)))


def words_of(text: str) -> list[str]:
    """The words of a text in lower case, without accents and punctuation."""
    try:  # nearly every title is Latin-1: a table of bytes is several times faster than the database of Unicode
        data = text.encode("latin-1")
    except UnicodeEncodeError:
        text = text.replace("’", " ").replace("œ", "oe").replace("Œ", "OE")
        data = unicodedata.normalize("NFKD", text).encode("ascii", "ignore")
    return data.translate(_PLAIN, _DROPPED).decode("ascii").split()


def plain(text: str) -> str:
    """A text in lower case without accents and punctuation, words apart by one space."""
    return " ".join(words_of(text))


DAMAGE = "\ufffd"
"""What stands in a text for a character that was lost on its way."""


def _label(text: str) -> str:
    # A lost character of a label was an é in every case met, and no two labels differ by it.
    return plain(text.replace(DAMAGE, "e"))


@cache
def _procedures() -> dict[str, Published]:
    return {label: Published(name) for label, name in labels().procedures.items()}


def column_keys(names: list[str]) -> list[str]:
    """For each column of a table the key of the other shapes that it stands for; a column that has that very name goes first."""
    known = labels().columns
    keys = [name if name.startswith("_") else known.get(name.replace("_", "").lower(), name) for name in names]
    return [name if key in names else key for name, key in zip(names, keys, strict=True)]


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
    return {division: ContractType(kind) for kind, divisions in objects().types.items() for division in divisions}


@cache
def _siren_kinds() -> dict[str, BuyerKind]:
    return {prefix: BuyerKind(kind) for kind, prefixes in objects().buyers.items() for prefix in prefixes}


def kind_of_siren(siren: str) -> BuyerKind | None:
    """The kind of a buyer by the first two digits of its SIREN; None where they do not say."""
    return _siren_kinds().get(siren[:2])


class Meaning(IntFlag):
    """What the words of an object speak of."""

    NOTHING = 0
    WORKS = 1
    OTHER = 2
    NETWORKS = 4
    SPECIFIC = 8
    FRAMEWORK = 16
    SUBSEQUENT = 32
    GROUND = 64
    DAMAGED = 128
    """Letters are lost: any word may have stood there, and none is evidence."""
    SPECIFIC_ARTICLE = 256
    WORKS_FIRST = 512
    """It says that it is works, and not only for what: "Travaux de …", "Réfection de …", not "Mobilier pour l'extension de …"."""


# whole numbers: members of an enumeration are slow to combine
_DAMAGED, _WORKS, _WORKS_FIRST = Meaning.DAMAGED.value, Meaning.WORKS.value, Meaning.WORKS_FIRST.value
_FIRST_WORDS = 3
"""So far into a title its head noun is looked for: "Marché de travaux"."""


@cache
def _words() -> tuple[dict[str, int], dict[str, list[tuple[str, int]]], frozenset[str]]:
    """For each single word, with its plurals, its meanings; for each first word of phrases, these; all of these words."""
    single: dict[str, int] = {}
    phrases: dict[str, list[tuple[str, int]]] = {}
    for name, words in objects().words.items():
        meaning = Meaning[name.upper()]
        for word in words:
            first = word.split()[0]
            if first == word:
                for form in (word, word + "s", word + "es", word + "x"):
                    single[form] = single.get(form, 0) | meaning.value
            else:
                phrases.setdefault(first, []).append((f" {word} ", meaning.value))
    return single, phrases, frozenset((*single, *phrases))


def meaning_of(title: str, words: list[str], key: str) -> int:
    """The meanings, as the bits of `Meaning`, of a title, its `words_of` and these words in one text."""
    single, phrases, known = _words()
    found = _DAMAGED if DAMAGE in title else 0
    for word in known.intersection(words):
        meant = single.get(word, 0)
        for phrase, meaning in phrases.get(word, ()):
            if phrase in f" {key} ":
                meant |= meaning
        if meant & _WORKS and word in words[:_FIRST_WORDS]:
            meant |= _WORKS_FIRST
        found |= meant
    return found


_DIVISION, _DIGITS = 2, 8
"""Digits of a CPV division, and of a whole code."""
_CENT = Decimal("0.01")
_NUMERAL = re.compile(r"-?\d{1,25}(\.\d{1,25})?([eE][+-]?\d{1,2})?\Z", re.ASCII)
_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:\Z|[T +\-Z])", re.ASCII)
_FRENCH_DATE = re.compile(r"(\d{2})/(\d{2})/(\d{4})\Z", re.ASCII)
_CPV = re.compile(r"(\d{8})(?:-?\d)?\Z|(\d{7})\Z", re.ASCII)
_SPACES = str.maketrans("", "", " \u00a0\u202f€")
_UNUSABLE = re.compile("[\0\ud800-\udfff]")
_LONGEST = 2_000
_LONGEST_LABEL = 200
# The patterns of numbers, days and codes refuse the markers of absence by themselves: what follows needs no `text_of` of a text.
_LARGEST_NUMBER = 10**30


@cache
def _absent() -> frozenset[str]:
    return frozenset(labels().settings.absent)


@cache
def _prefixes() -> tuple[str, ...]:
    return labels().settings.prefixes


@cache
def _truths() -> dict[str, bool]:
    settings = labels().settings
    return dict.fromkeys(settings.yes, True) | dict.fromkeys(settings.no, False)


def text_of(value: Any) -> str:
    """A text without the markers of absence, trimmed, at most 2 000 characters; empty where nothing usable is given."""
    if type(value) is not str:
        if value is None:
            return ""
        match value:
            case bool():
                return ""
            case int() if abs(value) < _LARGEST_NUMBER:
                value = str(value)
            case float() | Decimal() | datetime.date() | str():
                value = str(value)
            case _:
                return ""
    written: str = value.strip()
    length = len(written)
    if length <= 11:
        if written.lower() in _absent():
            return ""
    elif length > _LONGEST:
        written = written[:_LONGEST].strip()
    if written.startswith(_prefixes()):
        return ""
    if not written.isprintable() and _UNUSABLE.search(written):
        written = _UNUSABLE.sub("", written).strip()
    return written


def label_of(value: Any) -> str:
    """A label as it was written; empty where there is none, or where it is too long to be one."""
    if type(value) is not str:
        value = text_of(value)
    return value if len(value) <= _LONGEST_LABEL else ""


def amount_of(value: Any) -> Decimal | None:
    """An amount in EUR HT, to the cent; None where there is none or it is a filler (0, 1, 999999999)."""
    return _amount(value if type(value) is str else text_of(value))


@cache
def _amounts() -> tuple[Decimal, Decimal, Decimal]:
    """From which amount on one is no filler, from which on it may be one of nines, and below which it must be."""
    settings = labels().settings
    return settings.smallest_amount, settings.largest_amount, LARGEST_AMOUNT - 1


@lru_cache(maxsize=50_000)
def _amount(written: str) -> Decimal | None:
    if not _NUMERAL.match(written):
        written = written.strip().translate(_SPACES)
        if written.count(",") == 1 and "." not in written:
            written = written.replace(",", ".")
        if not _NUMERAL.match(written):
            return None
    amount = Decimal(written)
    smallest, nines, largest = _amounts()
    if not smallest <= amount < largest:
        return None
    if amount >= nines and set(str(int(amount))) == {"9"}:
        return None
    return amount.quantize(_CENT, ROUND_HALF_UP)


def day_of(value: Any) -> datetime.date | None:
    """A day from ``2024-05-15``, ``2024-05-15+01:00``, ``2024-05-15T…`` or ``15/05/2024``; None for anything else (year 0218)."""
    return _day(value if type(value) is str else text_of(value))


@lru_cache(maxsize=20_000)
def _day(written: str) -> datetime.date | None:
    written = written.strip()
    if found := _DATE.match(written):
        year, month, day = found.groups()
    elif found := _FRENCH_DATE.match(written):
        day, month, year = found.groups()
    else:
        return None
    try:
        result = datetime.date(int(year), int(month), int(day))
    except ValueError:
        return None
    return result if EARLIEST <= result <= LATEST else None


class CpvCode(NamedTuple):
    """A CPV code as published, and what it stands for.

    Attributes:
        code: Eight digits; None where there is none, or no such division.
        origin: ``cpv`` as published, ``cpv_repaired`` where a lost leading zero was put back; empty without a code.
        contract_type: The type that its division stands for.
        network: A local buyer may act as a network operator there.
        specific: Whether it is on the law's list of specific services; None without a code, or for a general one that holds some.
    """

    code: str | None = None
    origin: str = ""
    contract_type: ContractType | None = None
    network: bool = False
    specific: bool | None = None


_NO_CPV = CpvCode()


def cpv_of(value: Any) -> CpvCode:
    """The CPV code of a value."""
    return _cpv(value if type(value) is str else text_of(value))


@lru_cache(maxsize=20_000)
def _cpv(written: str) -> CpvCode:
    found = _CPV.match(written.strip().translate(_SPACES))
    if not found:
        return _NO_CPV
    code, origin = (found[1], "cpv") if found[1] else (f"0{found[2]}", "cpv_repaired")
    kind = _divisions().get(code[:_DIVISION])
    if kind is None:
        return _NO_CPV
    return CpvCode(code, origin, kind, code[:2] in objects().network_cpv, _specific(code))


def _specific(code: str) -> bool | None:
    asked = default_table().facts["specific_service"].asked
    if asked is None:  # a law without a list: no code says anything
        return None
    if in_ranges(code, asked.cpv):
        return True
    general = code.rstrip("0").ljust(_DIVISION, "0")  # "75" stands for all that begins with it
    first, last = general.ljust(_DIGITS, "0"), general.ljust(_DIGITS, "9")
    return None if any(span[:_DIGITS] <= last and first <= span[-_DIGITS:] for span in asked.cpv) else False


def truth_of(value: Any) -> bool | None:
    """Yes or no out of true, "oui", "1" …; None where it is not said."""
    if isinstance(value, bool):
        return value
    return _truths().get(text_of(value).lower())


def months_of(value: Any) -> int | None:
    """A duration in whole months from 1 to 1 200; None where there is none."""
    return _months(value if type(value) is str else text_of(value))


@lru_cache(maxsize=2_000)
def _months(written: str) -> int | None:
    written = written.strip().removesuffix(".0").removesuffix(".00")
    if not (written.isascii() and written.isdigit() and len(written) <= 4):
        return None
    return int(written) if 1 <= int(written) <= 1_200 else None
