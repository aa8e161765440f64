"""The folder of real published data where it is present, and files to read."""

from collections.abc import Callable
from pathlib import Path

import pytest

REAL = Path(__file__).resolve().parents[3] / "shared" / "decp"


@pytest.fixture
def real() -> Path:
    """The folder of published data beside the checkout; the test is skipped where it is not there."""
    if not REAL.is_dir():
        pytest.skip("no published data beside the checkout")
    return REAL


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write a text into a file and give its path."""

    def written(text: str | bytes, name: str = "published", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
        return path

    return written
