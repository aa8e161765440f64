"""The oracle lies beside the test folders, not in the package."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))


@pytest.fixture(scope="session")
def table():
    from qmi_rules.law import default_table

    return default_table()


@pytest.fixture(scope="session")
def oracle():
    from oracle import Oracle

    return Oracle()
