"""What every picture begins with: matplotlib's figure, and texts that it takes as they stand."""

from typing import TYPE_CHECKING

from qmi_rules.errors import MissingExtraError
from qmi_rules.text import visible

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def figure_class() -> "type[Figure]":
    """matplotlib's figure, without pyplot and its global state.

    Raises:
        MissingExtraError: matplotlib is not installed.
    """
    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise MissingExtraError("charts", "matplotlib") from None
    return Figure


def plain(text: str) -> str:
    """A text that matplotlib takes as it stands: a dollar would begin a formula."""
    return visible(text).replace("$", r"\$")
