"""Decimal numbers of documents: read strictly, kept in plain notation, refused with what to write instead."""

import re
from decimal import Decimal

from qmi_rules.documents.quoting import shown

PLAIN = r"-?[0-9]{1,30}(\.[0-9]{1,30})?"
"""A number in plain notation, as a pattern."""
_NUMERAL = re.compile(PLAIN)
_MOST_DIGITS = 30
_FAULTS = (
    (re.compile(r"\d,\d"), "a point before the decimals, no comma"),
    (re.compile(r"\s"), "no spaces"),
    (re.compile(r"[^\d\s.,+\-eE_'\u2019]"), "no currency sign or other letters"),
    (re.compile(r"\d[eE][+-]?\d"), "no exponent"),
)


def decimal(value: object) -> Decimal:
    """A number of a document: a decimal string, an int or a Decimal; never a float. In plain notation, whatever came.

    Raises:
        ValueError: What was expected and what came.
    """
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, str):
        if _NUMERAL.fullmatch(value):
            return Decimal(value) if value[0] != "-" and value[-1] != "0" else plain(Decimal(value))
        raise ValueError(
            f'expected a decimal number in a string such as "85000.00"{_remedy(value)}, got {shown(value)}'
        )
    if isinstance(value, int) and not isinstance(value, bool):
        if abs(value) < 10**_MOST_DIGITS:
            return Decimal(value)
        raise ValueError("expected a number below 1e30, got one that is larger")
    if isinstance(value, float):
        raise ValueError(f'expected a decimal number in a string such as "85000.00", got the float {shown(value)}')
    raise ValueError(f'expected a decimal number in a string such as "85000.00", got {shown(value)}')


def plain(value: Decimal) -> Decimal:
    """The same number without exponent, without the sign of a zero, without zeros behind the second decimal.

    What is no number, or has more digits than a document may, stays as it is: checks refuse it.
    """
    _, digits, exponent = value.as_tuple()
    if not isinstance(exponent, int) or (value and abs(value.adjusted()) > _MOST_DIGITS):
        return value
    if not value:
        return Decimal(0).scaleb(max(min(exponent, 0), -2))
    if exponent > 0:
        return Decimal(format(value, "f"))
    if exponent < -2 and not digits[-1]:
        whole, _, decimals = format(value, "f").rstrip("0").partition(".")
        return Decimal(f"{whole}.{decimals:0<2}")
    return value


def _remedy(text: str) -> str:
    faults = [words for pattern, words in _FAULTS if pattern.search(text[:100])]
    return f" ({', '.join(faults)})" if faults else ""
