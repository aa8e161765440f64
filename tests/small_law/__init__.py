"""A small frozen law, for tests of the machinery: tests that hold the law of the day against its texts are in tests/cases and tests/law."""

from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent


@cache
def small_table():
    """The table, loaded once; it passes its proof."""
    from qmi_rules.law import load_table

    return load_table(FOLDER)
