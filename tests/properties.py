"""How much of a property is tried in every run, and how much in the slow stage of `.ci/run` only, which tries the whole."""

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import settings

FEWEST = 5


def examples(whole: int) -> int:
    """A share of `whole`: as many percent as the profile of Hypothesis says (`tests/conftest.py`), and never none."""
    return max(min(FEWEST, whole), whole * settings.default.max_examples // 100)


def newest(days: Sequence[Any], few: int) -> list[Any]:
    """The last few of the days a law turned on; the older ones in the slow stage."""
    return [*(pytest.param(day, marks=pytest.mark.slow) for day in days[:-few]), *days[-few:]]
