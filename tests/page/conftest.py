"""The evaluator of the page with the table of the package, for every test here."""

import pytest
from page_engine import Engine

from qmi_rules.law import default_table


@pytest.fixture(scope="session")
def engine() -> Engine:
    return Engine(default_table())
