"""A small frozen table of schemes, for tests of the machinery: tests that hold the schemes of the day against their sources use the package's."""

from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent


@cache
def small_schemes():
    """The schemes, loaded once, and nothing beside them."""
    from qmi_rules.funding import load_schemes

    return load_schemes(FOLDER, alone=True)
