"""The contested limits that options wait for."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from qmi_rules.law.doubts import ContestedLimit, Doubt, contested_limits, doubts_about, doubts_of

if TYPE_CHECKING:
    from qmi_rules.procurement.options import Option

__all__ = ["ContestedLimit", "Doubt", "contested_limits", "doubts_about", "doubts_of", "limits_to_read"]


def limits_to_read(options: "Iterable[Option]") -> "dict[str, tuple[ContestedLimit, Option]]":
    """The contested limits that keep options undetermined, by id, each with the first option that waits for it."""
    found: dict[str, tuple[ContestedLimit, Option]] = {}
    for option in options:
        if option.contested:
            for limit in contested_limits(option.grounds, option.law):
                found.setdefault(limit.threshold, (limit, option))
    return found
