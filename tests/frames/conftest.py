"""Corners of the law and what `decide` says of them, computed once."""

import pytest
from purchases import Row, answer, corners


@pytest.fixture(scope="session")
def corner_rows() -> list[Row]:
    return corners()


@pytest.fixture(scope="session")
def corner_answers(corner_rows: list[Row]) -> list[Row]:
    return [answer(row) for row in corner_rows]
