"""The figures of a French legal text: amounts, numbers of days and months, shares and dates, in digits or in words."""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from itertools import pairwise
from typing import Final

from attrs import frozen

from qmi_rules.pages.formats import FORMATS


class FigureKind(StrEnum):
    """What a figure counts; `NUMBER` is one without a unit, as in the cell of a table."""

    EUROS = "euros"
    DAYS = "days"
    MONTHS = "months"
    YEARS = "years"
    HOURS = "hours"
    SHARE = "share"
    DATE = "date"
    NUMBER = "number"


@frozen
class Figure:
    """One figure of a text.

    Attributes:
        kind: What it counts.
        value: How many (a share of 20 % is 0.2); a date is a day.
        written: How the text writes it.
    """

    kind: FigureKind
    value: Decimal | date
    written: str


_ONES: Final = [
    "zéro",
    "un",
    "deux",
    "trois",
    "quatre",
    "cinq",
    "six",
    "sept",
    "huit",
    "neuf",
    "dix",
    "onze",
    "douze",
    "treize",
    "quatorze",
    "quinze",
    "seize",
    "dix-sept",
    "dix-huit",
    "dix-neuf",
]
_TENS: Final = (
    "",
    "",
    "vingt",
    "trente",
    "quarante",
    "cinquante",
    "soixante",
    "soixante",
    "quatre-vingt",
    "quatre-vingt",
)
_SCALES: Final = ((10**9, "milliard"), (10**6, "million"), (10**3, "mille"))
_VALUES: Final = {
    **{word: i for i, word in enumerate(_ONES) if "-" not in word},
    **{word: 10 * i for i, word in enumerate(_TENS) if word and i not in (7, 8, 9)},
    "une": 1,
    "septante": 70,
    "huitante": 80,
    "octante": 80,
    "nonante": 90,
}
_HUNDRED: Final = ("cent", "cents")
_TWENTY: Final = ("vingt", "vingts")
_LARGE: Final = {"mille": 10**3, "million": 10**6, "millions": 10**6, "milliard": 10**9, "milliards": 10**9}
_BELONGS_TO_FOUR: Final = 76  # quatre-vingt: 4 and 76 are 80
_MOST_GROUPS: Final = 3
"""A number of the law is below a billion."""
_MONTH_NAMES: Final = FORMATS["fr"].months


def in_words(number: int) -> str:
    """A number from 0 to 999 999 999 999 as French writes it: 71 is "soixante et onze"."""
    for scale, word in _SCALES:
        if number >= scale:
            many, rest = divmod(number, scale)
            if word == "mille":
                # cent and vingt lose their plural before mille
                head = "" if many == 1 else re.sub(r"(cent|vingt)s$", r"\1", in_words(many)) + " "
                text = f"{head}mille"
            else:
                text = f"{in_words(many)} {word}{'s' if many > 1 else ''}"
            return f"{text} {in_words(rest)}" if rest else text
    return _below_thousand(number)


def _below_thousand(number: int) -> str:
    hundreds, rest = divmod(number, 100)
    if not hundreds:
        return _below_hundred(rest)
    head = "cent" if hundreds == 1 else f"{_ONES[hundreds]} cent"
    if not rest:
        return head + ("s" if hundreds > 1 else "")
    return f"{head} {_below_hundred(rest)}"


def _below_hundred(number: int) -> str:
    if number < len(_ONES):
        return _ONES[number]
    tens, ones = divmod(number, 10)
    head = _TENS[tens]
    if tens in (7, 9):  # soixante-dix, quatre-vingt-dix
        ones += 10
    if ones == 0:
        return head + ("s" if tens == 8 else "")
    if ones in (1, 11) and tens < 8:
        return f"{head} et {_ONES[ones]}"
    return f"{head}-{_ONES[ones]}"


def from_words(text: str) -> int | None:
    """The number that French words write; None where they are none, or several in a row."""
    words = _words(text)
    value = _value(words)
    return value if value is not None and _canonical(in_words(value)) == _plain_words(words) else None


def _words(text: str) -> list[str]:
    return [word for word in re.split(r"[\s\-‑]+", text.lower()) if word and word != "et"]


def _plain_words(words: list[str]) -> list[str]:
    """The words without their plural, the Belgian and Swiss ones as the French."""
    other = {
        "une": "un",
        "septante": "soixante dix",
        "huitante": "quatre vingt",
        "octante": "quatre vingt",
        "nonante": "quatre vingt dix",
    }
    plain = " ".join(other.get(word, word) for word in words)
    found = [re.sub(r"^(cent|vingt|million|milliard)s$", r"\1", word) for word in plain.split()]
    return _joined_teens(found)


def _joined_teens(words: list[str]) -> list[str]:
    """Septante-deux is soixante-douze: a ten and a unit below seven are one word in the French of France."""
    out: list[str] = []
    for word in words:
        if out and out[-1] == "dix" and word in _ONES[1:7]:
            out[-1] = _ONES[10 + _ONES.index(word)]
        else:
            out.append(word)
    return out


def _canonical(text: str) -> list[str]:
    return _plain_words(_words(text))


def _value(words: list[str]) -> int | None:
    total = thousands = current = 0
    seen = False
    for word in words:
        if word in _TWENTY and current % 100 == 4:
            current += _BELONGS_TO_FOUR
        elif word in _VALUES:
            current += _VALUES[word]
        elif word in _TWENTY:
            current += 20
        elif word in _HUNDRED:
            current = current - current % 100 + max(current % 100, 1) * 100 if current < 100 else current * 100
        elif word == "mille":
            thousands += max(current, 1) * 1000
            current = 0
        elif word in _LARGE:
            total += max(thousands + current, 1) * _LARGE[word]
            thousands = current = 0
        else:
            return None
        seen = True
    found = total + thousands + current
    return found if seen and found < 10**12 else None


_WORD: Final = "|".join(sorted({*_VALUES, *_HUNDRED, *_TWENTY, *_LARGE}, key=len, reverse=True))
_IN_WORDS: Final = rf"(?<![\w-])(?:{_WORD})(?:(?:[ \-‑]+|[ \-‑]et[ \-‑]+)(?:{_WORD}))*(?![\w-])"
_IN_DIGITS: Final = r"(?<![\w,.\-/])\d{1,3}(?:[ .,'’]\d{3})+(?!\d)(?:,\d+)?|(?<![\w,.\-/])\d+(?:[.,]\d+)?"
_UNITS: Final = {
    FigureKind.EUROS: r"€|euros?\b|eur\b",
    FigureKind.DAYS: r"jours?\b|j\b",
    FigureKind.MONTHS: r"mois\b",
    FigureKind.YEARS: r"ans?\b|années?\b",
    FigureKind.HOURS: r"heures?\b|h\b",
    FigureKind.SHARE: r"%|pour ?cents?\b|p\. ?100|p\. ?cent",
}
_UNIT: Final = "|".join(f"(?P<{kind}>{pattern})" for kind, pattern in _UNITS.items())
_FIGURE: Final = re.compile(
    rf"(?P<number>{_IN_DIGITS}|{_IN_WORDS})(?: ?(?P<scale>millions?|milliards?|mille|k(?= ?€)|m(?= ?€)|k€|m€))?(?: ?\(\d[\d ]*\))?"
    rf"(?: ?(?:d'|d’|de )? ?(?:{_UNIT}))?",
)
_SCALE: Final = {"k": 10**3, "m": 10**6, "k€": 10**3, "m€": 10**6, **_LARGE}
_FRACTIONS: Final = {
    "moitié": Decimal("0.5"), "tiers": Decimal(1) / 3, "quart": Decimal("0.25"), "cinquième": Decimal("0.2"),
    "dixième": Decimal("0.1"), "deux tiers": Decimal(2) / 3, "trois quarts": Decimal("0.75"),
}  # fmt: skip
_FRACTION: Final = re.compile(r"\b(deux tiers|trois quarts|moitié|tiers|quart|cinquième|dixième)\b")
_DATE: Final = re.compile(
    rf"\b(1er|premier|\d{{1,2}}) ({'|'.join(_MONTH_NAMES)}) (\d{{4}})\b|\b(\d{{1,2}})/(\d{{1,2}})/(\d{{4}})\b|\b(\d{{4}})-(\d{{2}})-(\d{{2}})\b"
)
_REFERENCE: Final = re.compile(
    r"\b(?:articles?|art\.) +(?:[lrda]\.? ?\*? ?)?\d[\d\-]*(?:(?:, | et | à | ou )(?:[lrda]\.? ?\*? ?)?\d+-[\d\-]+)*"
    r"|\b[lrda]\.? ?\*? ?\d+(?:-\d+)+|\bn° ?\d[\d\-/]*|\b\d{4}/\d+(?:/\w+)?\b|\b\d+-\d+(?:-\d+)*\b|\b\d+°"
)


def plain(text: str) -> str:
    """A text in small letters with one kind of space and no soft hyphens, composed letter by letter."""
    text = unicodedata.normalize("NFC", text).replace("\u00ad", "").lower()
    return re.sub(r"[^\S\n]+", " ", text)


def figures(text: str) -> Iterator[Figure]:
    """The figures of a text in order: dates, then what has a unit, then shares in words; numbers of articles and texts are none."""
    rest = plain(text)
    for found in _DATE.finditer(rest):
        if (day := _day(found)) is not None:
            yield Figure(FigureKind.DATE, day, found[0])
    rest = _REFERENCE.sub(_blank, _DATE.sub(_blank, rest))
    for found in _FIGURE.finditer(rest):
        yield from _read(found)
    for found in _FRACTION.finditer(rest):
        yield Figure(FigureKind.SHARE, _FRACTIONS[found[0]], found[0])


def _blank(found: "re.Match[str]") -> str:
    # a bar, not a space: the digits on both sides are no one number
    return "|" * len(found[0])


def _read(found: "re.Match[str]") -> Iterator[Figure]:
    kind = FigureKind(next((name for name in _UNITS if found[name]), FigureKind.NUMBER))
    scale = found["scale"] or ""
    if scale in ("k€", "m€"):
        kind = FigureKind.EUROS
    for value, written in _numbers(found["number"], scale):
        if kind is FigureKind.SHARE:
            value /= 100
        # words without a unit are articles ("un", "une") or counts of things: only digits in a table's cell are a figure
        if kind is not FigureKind.NUMBER or written[:1].isdigit():
            yield Figure(kind, value, found[0].strip())


def _numbers(written: str, scale: str) -> Iterator[tuple[Decimal, str]]:
    if written[:1].isdigit():
        # 5,404 is five thousand, and 5,404 millions five million
        number = (
            Decimal(written.replace(",", ".")) if scale and re.fullmatch(r"\d+,\d+", written) else _decimal(written)
        )
        yield number * _SCALE.get(scale, 1), written
        groups = written.split(" ")
        if len(groups) > _MOST_GROUPS and not scale:  # the cells of a row of a table, one after another
            for pair in pairwise(groups):
                yield Decimal("".join(pair)), " ".join(pair)
        return
    value = from_words(written)
    if value is not None:
        yield Decimal(value) * _SCALE.get(scale, 1), written
        return
    # several numbers in a row, "deux cent trente mille vingt": the last one has the unit
    words = written.split()
    for i in range(1, len(words)):
        if (value := from_words(" ".join(words[i:]))) is not None:
            yield Decimal(value) * _SCALE.get(scale, 1), " ".join(words[i:])
            return


def _decimal(written: str) -> Decimal:
    """60 000, 60.000, 60,000 and 60'000 are sixty thousand; 0,5 and 0.5 a half."""
    if re.fullmatch(r"\d{1,3}(?:[ .,'’]\d{3})+(?:,\d+)?", written):
        whole, _, cents = written.partition(",") if re.search(r"[ .'’]", written) else (written, "", "")
        digits = re.sub(r"\D", "", whole)
        return Decimal(f"{digits}.{cents}" if cents else digits)
    return Decimal(written.replace(",", "."))


def _day(found: "re.Match[str]") -> date | None:
    first, month, year, *numbers = found.groups()
    try:
        if first is not None:
            return date(int(year), _MONTH_NAMES.index(month) + 1, 1 if first in ("1er", "premier") else int(first))
        d, m, y, iso_y, iso_m, iso_d = numbers
        return date(int(y), int(m), int(d)) if y else date(int(iso_y), int(iso_m), int(iso_d))
    except ValueError:
        return None


@cache
def article_number(text: str) -> str:
    """The number of an article as it is compared: R. 2122-8, R*2122-8 and Article R2122-8 are one; "art. 1er" is 1."""
    letters = unicodedata.normalize("NFKD", text.replace("°", "o ")).encode("ascii", "ignore").decode().upper()
    compact = re.sub(r"\b(?:ARTICLES?|ART|NO|N)\b\.?", " ", letters)
    compact = re.sub(r"^\W*(\d+)ER\b", r"\1", compact)
    return re.sub(r"[^A-Z0-9-]", "", compact)
