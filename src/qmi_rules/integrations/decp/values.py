"""Single values of published contract data, whatever they hold: each becomes a typed value or None, never an error."""

import datetime
import re
from decimal import ROUND_HALF_UP, Decimal
from functools import cache, lru_cache
from typing import Any

from qmi_rules.documents.scalars import EARLIEST, LARGEST_AMOUNT, LATEST
from qmi_rules.integrations.decp.labels import labels, type_of_division

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
    if ("\0" in written or not written.isascii()) and _UNUSABLE.search(written):
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


@lru_cache(maxsize=50_000)
def _amount(written: str) -> Decimal | None:
    if not _NUMERAL.match(written):
        written = written.strip().translate(_SPACES)
        if written.count(",") == 1 and "." not in written:
            written = written.replace(",", ".")
        if not _NUMERAL.match(written):
            return None
    amount = Decimal(written)
    settings = labels().settings
    if not settings.smallest_amount <= amount < LARGEST_AMOUNT - 1:
        return None
    if amount >= settings.largest_amount and set(str(int(amount))) == {"9"}:
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


def cpv_of(value: Any) -> tuple[str | None, str]:
    """A CPV code of eight digits and its origin: ``cpv`` as published, ``cpv_repaired`` where a lost leading zero was put back."""
    return _cpv(value if type(value) is str else text_of(value))


@lru_cache(maxsize=20_000)
def _cpv(written: str) -> tuple[str | None, str]:
    found = _CPV.match(written.strip().translate(_SPACES))
    if not found:
        return None, ""
    code, origin = (found[1], "cpv") if found[1] else (f"0{found[2]}", "cpv_repaired")
    return (code, origin) if type_of_division(code) else (None, "")


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
