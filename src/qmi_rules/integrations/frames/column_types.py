"""What types the columns of a frame may have, by what they hold."""

from collections.abc import Callable
from typing import Any, Final

import narwhals as nw


def advice(dtype: Any) -> str:
    """What to do about a type that is refused."""
    if dtype.is_float():
        return "; a cent has no exact binary form: cast to a decimal of two places, or to whole numbers"
    if isinstance(dtype, nw.Datetime):
        return "; take the zone off, or cast to days"
    return ""


def _is_day(dtype: Any) -> bool:
    return dtype == nw.Date or (isinstance(dtype, nw.Datetime) and dtype.time_zone is None)


TYPES: Final[dict[str, tuple[Callable[[Any], bool], str]]] = {
    "day": (_is_day, "days"),
    "truth": (lambda dtype: dtype == nw.Boolean, "yes/no (boolean)"),
    "choice": (lambda dtype: dtype in (nw.String, nw.Categorical) or isinstance(dtype, nw.Enum), "words (text)"),
    "money": (lambda dtype: dtype.is_integer() or dtype.is_decimal(), "euros (decimal, or whole numbers)"),
    "whole": (lambda dtype: dtype.is_integer(), "whole numbers"),
    "number": (lambda dtype: dtype.is_integer() or dtype.is_decimal(), "numbers (decimal, or whole numbers)"),
}
"""What types a column may have, by what it holds."""
