"""The communes of France: an INSEE code gives name, department, region, population and EPCI; a name or a postcode gives the code."""

import re
import unicodedata
import zlib
from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping, Sequence
from enum import StrEnum
from functools import cache, cached_property, lru_cache
from typing import Any

from attrs import frozen

from qmi_rules.errors import Phrase
from qmi_rules.read_only import to_read_only
from qmi_rules.schema import package_data, read_toml
from qmi_rules.schema.faults import require

_GZIP = 16 + zlib.MAX_WBITS  # the standard library's gzip module would load a dozen others
_CODE = 5
_PLACE = re.compile(r"[0-9]{2,3}|2[ab]|[0-9]{5}|2[ab][0-9]{3}")
_MOST = 20
_SHORTEST_TIGHT = 3
_NAMED = 5
"""How many communes a fault names."""


PARIS = "75056"


class PlaceKind(StrEnum):
    """What an INSEE code names: a commune, or a part of one that has a code of its own."""

    COMMUNE = "commune"
    ARRONDISSEMENT = "arrondissement"
    DELEGATED = "delegated"
    ASSOCIATED = "associated"


_KINDS = {"": PlaceKind.COMMUNE, "m": PlaceKind.ARRONDISSEMENT, "d": PlaceKind.DELEGATED, "a": PlaceKind.ASSOCIATED}


@frozen(kw_only=True)
class Intercommunality:
    """An EPCI with its own taxes: what the commune has handed tasks to.

    Attributes:
        siren: Its SIREN.
        name: Official name.
        kind: ``CC``, ``CA``, ``CU``, ``METRO`` or ``MET69`` (Lyon, which is no EPCI in law).
    """

    siren: str
    name: str
    kind: str


@frozen(kw_only=True)
class TerritoryCommune:
    """One commune of France, or an arrondissement, a delegated or an associated commune.

    Attributes:
        insee_code: Code of the Code officiel géographique, five characters.
        name: Official name.
        kind: A commune or which part of one.
        part_of: INSEE code of the commune that it is a part of; None for a commune.
        postal_codes: Its postcodes; the file gives none for delegated and associated communes.
        department: Code of the department or overseas collectivity.
        department_name: Its name.
        region: Code of the region.
        region_name: Its name.
        population: Municipal population, inhabitants; None for delegated and associated communes.
        epci: EPCI that the commune (of which this is a part) belongs to; None on four islands and in some overseas collectivities.
        ept: Territory of the Métropole du Grand Paris, ``"T1"`` (Paris, which has no EPT) to ``"T12"``; None elsewhere.
        ept_name: Name of the établissement public territorial.
        siren: SIREN of the commune, where the file gives it.

    Source: INSEE, DGCL and La Poste through @etalab/decoupage-administratif, Licence Ouverte; the year is `communes_edition`.
    """

    insee_code: str
    name: str
    kind: PlaceKind = PlaceKind.COMMUNE
    part_of: str | None = None
    postal_codes: tuple[str, ...] = ()
    department: str
    department_name: str
    region: str
    region_name: str
    population: int | None = None
    epci: Intercommunality | None = None
    ept: str | None = None
    ept_name: str | None = None
    siren: str | None = None

    @property
    def in_metropolis(self) -> bool:
        """Whether it lies in the Métropole du Grand Paris."""
        return self.epci is not None and self.epci.siren == _metropolis()["siren"]

    @property
    def in_ile_de_france(self) -> bool:
        """Whether it lies in the region Île-de-France."""
        return bool(self.region == _metropolis()["region"])

    @property
    def territory_name(self) -> str:
        """What tells it from a commune of the same name: its territory in the Métropole, else its department."""
        return self.ept_name or self.department_name


class Gazetteer:
    """The file, open: its lines are sorted by code and stay text until one is asked for."""

    def __init__(self, packed: bytes) -> None:
        edition, regions, departments, groupings, communes, former = (
            zlib.decompress(packed, _GZIP).decode().split("\n\n")
        )
        self.edition = tuple(edition.split("\t"))
        self.regions = dict(line.split("\t") for line in regions.split("\n"))
        self.departments = {code: (name, region) for code, name, region in _fields(departments)}
        self.groupings = [
            Intercommunality(siren=siren, kind=kind, name=name) for siren, kind, name in _fields(groupings)
        ]
        self.lines = communes.split("\n")
        self.former = former.split("\n")

    def line(self, code: str) -> str | None:
        """The line of a code; the commune of today where a part of it has the same code."""
        # An empty kind sorts before a letter.
        i = bisect_left(self.lines, code)
        return self.lines[i] if i < len(self.lines) and self.lines[i].startswith(f"{code}\t") else None

    def successor(self, code: str) -> str | None:
        """The commune that took in the one which had this code."""
        i = bisect_left(self.former, code)
        return self.former[i][6:] if i < len(self.former) and self.former[i].startswith(f"{code}\t") else None

    @cached_property
    def names(self) -> list[str]:
        """The name of each line as a search compares it."""
        return _plain("\n".join([line.split("\t", 3)[2] for line in self.lines])).split("\n")

    @cached_property
    def postal(self) -> dict[str, list[int]]:
        """The lines of each postcode, by their place."""
        found: dict[str, list[int]] = {}
        for i, line in enumerate(self.lines):
            for code in " ".join(line.split("\t", 4)[3:4]).split():
                found.setdefault(code, []).append(i)
        return found

    def lying_in(self, place: str) -> Sequence[int]:
        """The lines with this postcode or INSEE code, or of this department, by their place."""
        first = bisect_left(self.lines, place)
        coded = range(first, bisect_left(self.lines, f"{place}\x7f"))
        return [*coded, *self.postal.get(place, ())] if len(place) == _CODE else coded

    def weight(self, i: int) -> tuple[bool, int]:
        """How a line is sorted among its likes: communes before their parts, the larger first."""
        _, kind, _, _, population, *_ = [*self.lines[i].split("\t"), "", ""]
        return bool(kind), -int(population or 0)

    def place(self, line: str) -> TerritoryCommune:
        """A line as an object."""
        code, kind, name, postal, population, epci, ept, part_of, siren, *_ = [*line.split("\t"), *[""] * 8]
        home = (self.line(part_of) or line) if part_of else line
        _, _, _, _, _, epci, ept, *_ = [*home.split("\t"), *[""] * 8]
        department = home[:3] if home[:2] in ("97", "98") else home[:2]
        department_name, region = self.departments[department]
        number, territory = _territory(home[:_CODE], self.groupings[int(ept)] if ept else None)
        return TerritoryCommune(
            insee_code=code,
            name=name,
            kind=_KINDS[kind],
            part_of=part_of or None,
            postal_codes=tuple(postal.split()),
            department=department,
            department_name=department_name,
            region=region,
            region_name=self.regions[region],
            population=int(population) if population else None,
            epci=self.groupings[int(epci)] if epci else None,
            ept=number,
            ept_name=territory,
            siren=None if siren == "-" or kind else siren or usual_siren(code),
        )


@cache
def _gazetteer() -> Gazetteer:
    return Gazetteer(package_data("territory", "communes.tsv.gz").read_bytes())


@cache
def _metropolis() -> dict[str, Any]:
    return read_toml(package_data("territory", "metropolis.toml"))


def _territory(insee_code: str, ept: Intercommunality | None) -> tuple[str | None, str | None]:
    """Number and name of a commune's territory of the Métropole; Paris is one without an EPT."""
    if ept is not None:
        return _metropolis()["territories"][ept.siren], ept.name
    if insee_code == PARIS:
        paris = _metropolis()["paris"]
        return paris["number"], paris["name"]
    return None, None


def _fields(section: str) -> Iterator[list[str]]:
    return (line.split("\t") for line in section.split("\n"))


def usual_siren(insee_code: str) -> str:
    """The SIREN that a commune's code gives where it never merged: 21, the code with a zero after the department, a check digit."""
    digits = f"21{insee_code[:2]}0{insee_code[2:]}".replace("A", "0").replace("B", "0")
    # Luhn: every second digit from the right is doubled, the check digit's place not counted.
    doubled = sum(sum(divmod(int(digit) * (2 - i % 2), 10)) for i, digit in enumerate(reversed(digits)))
    return digits + str(-doubled % 10)


def communes_edition() -> str:
    """The year whose communes these are, as in "2026"."""
    return _gazetteer().edition[0]


@lru_cache(maxsize=4096)
def _found(code: str) -> TerritoryCommune | None:
    gazetteer = _gazetteer()
    line = gazetteer.line(code)
    if line is None and (successor := gazetteer.successor(code)) and code not in gazetteer.postal:
        line = gazetteer.line(successor)
    return None if line is None else gazetteer.place(line)


def find_commune(insee_code: str | None) -> TerritoryCommune | None:
    """The commune, arrondissement, delegated or associated commune with this code; None where there is none.

    A code that a merger ended gives the commune of today, unless it is a postcode too: then that is meant more likely, and the answer None.
    """
    return _found(insee_code) if insee_code and len(insee_code) == _CODE else None


def commune_of(insee_code: str | None) -> TerritoryCommune | None:
    """The commune that buys under this code: itself, or the one that the arrondissement or delegated commune is a part of."""
    place = find_commune(insee_code)
    return find_commune(place.part_of) if place and place.part_of else place


@cache
def metropolitan_communes() -> Mapping[str, TerritoryCommune]:
    """The communes of the Métropole du Grand Paris by INSEE code."""
    gazetteer, siren = _gazetteer(), _metropolis()["siren"]
    (epci,) = (str(i) for i, grouping in enumerate(gazetteer.groupings) if grouping.siren == siren)
    members = (line for line in gazetteer.lines if line.split("\t")[5:6] == [epci])
    return to_read_only({line[:5]: gazetteer.place(line) for line in members})


def find_communes(query: str, most: int = _MOST) -> tuple[TerritoryCommune, ...]:
    """The communes that somebody means who types a name, a postcode, an INSEE code, or a name with one of them or with a department.

    Case, accents, hyphens and apostrophes are nothing; "st" is "saint". The best come first: the same name, then a name that begins so,
    then one with a word that begins so; of those the larger communes first.

    Args:
        query: What was typed: ``"saint denis"``, ``"St-Denis 974"``, ``"31000"``, ``"paris 15"``.
        most: How many to give at most.

    Raises:
        DocumentError: `query` is no text.
    """
    require("most", most, int)
    best = _best(query)
    return tuple(_gazetteer().place(_gazetteer().lines[i]) for *_, i in best[: max(most, 0)])


def one_commune(query: str) -> TerritoryCommune | None:
    """The commune that is meant beyond doubt: the only one that fits, or the only one with exactly this name; None where there is none.

    Raises:
        DocumentError: `query` is no text.
    """
    best = _best(query)
    exact = [entry for entry in best if entry[0] == 0]
    only = best if len(best) == 1 else exact if len(exact) == 1 else []
    return _gazetteer().place(_gazetteer().lines[only[0][-1]]) if only else None


def _best(query: str) -> list[tuple[int, bool, int, int]]:
    """How well each line fits that fits at all, whether it is a part, minus its inhabitants, its place; the best first."""
    require("query", query, str)
    words = _plain(query[:200].replace("\n", " ")).split()
    if not words:
        return []
    gazetteer = _gazetteer()
    found = _named(range(len(gazetteer.lines)), words)
    if not found and (places := [word for word in words if _PLACE.fullmatch(word)]):
        pool = set.intersection(*(set(gazetteer.lying_in(place.upper())) for place in places))
        found = _named(pool, [word for word in words if word not in places])
    return sorted((fit, *gazetteer.weight(i), i) for fit, i in found)


def _named(pool: Collection[int], words: list[str]) -> list[tuple[int, int]]:
    """Which lines of a pool have a name with these words, and how well it fits; without words all of them."""
    if not words:
        return [(0, i) for i in pool]
    names = _gazetteer().names
    wanted, first, tight = " ".join(words), words[0], "".join(words)
    starts = [f" {word}" for word in words]
    found = [
        (_fit(name, wanted), i)
        for i in pool
        if first in (name := names[i]) and all(start in f" {name}" for start in starts)
    ]
    if found or len(tight) < _SHORTEST_TIGHT:
        return found
    return [(0, i) for i in pool if names[i].replace(" ", "").startswith(tight)]  # "lhay les roses"


def _fit(name: str, wanted: str) -> int:
    if wanted in (name, name.partition(" ")[2] if name.startswith(_ARTICLES) else ""):
        return 0
    return 1 if name.startswith(wanted) else 2 if f" {wanted}" in name else 3


_ARTICLES = ("l ", "la ", "le ", "les ")
_SHORT = {"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes"}
_SHORT_WORD = re.compile(r"\b(?:stes?|sts?)\b")


def _plain(text: str) -> str:
    """A name as a search compares it: small letters without accents, words apart by one space; line breaks stay."""
    letters = text.casefold().replace("œ", "oe").replace("’", " ").replace("s/", "sur ")
    letters = unicodedata.normalize("NFKD", letters).encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9\n]+", " ", letters)
    return _SHORT_WORD.sub(lambda short: _SHORT[short[0]], words)


def communes_meant(value: object) -> Phrase | None:
    """Which communes a postcode stands for that was given as INSEE code."""
    gazetteer = _gazetteer()
    meant = gazetteer.postal.get(value, ()) if isinstance(value, str) else ()
    if not meant:
        return None
    named = ", ".join(
        " ".join(gazetteer.lines[i].split("\t")[0:3:2]) for i in sorted(meant, key=gazetteer.weight)[:_NAMED]
    )
    if len(meant) > _NAMED:
        return Phrase(
            "it is the postcode of {communes} and {count} more", {"communes": named, "count": len(meant) - _NAMED}
        )
    return Phrase("it is the postcode of {communes}", {"communes": named})
