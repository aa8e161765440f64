"""How the tests run: how many examples Hypothesis takes, how long a test may last, what the collector of garbage leaves alone; and the browser."""

import gc
import os
import shutil

import pytest
from hypothesis import given, settings
from hypothesis.strategies import none

# no deadlines, as the machine may be shared; in CI the same examples each time
for name, share in (("thrifty", 20), ("whole", 100)):
    settings.register_profile(name, deadline=None, max_examples=share, derandomize=bool(os.environ.get("CI")))
settings.load_profile("thrifty")  # --hypothesis-profile=whole tries all examples: a step before a release


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What is slow may take its time, up to half an hour; everything else has what pyproject.toml gives."""
    for item in items:
        if any(item.get_closest_marker(name) for name in ("slow", "spark", "postgresql", "mariadb")):
            item.add_marker(pytest.mark.timeout(1800))


def pytest_collection_finish() -> None:
    """The modules and the six thousand tests live as long as the process: the collector need not look at them again and again."""
    # Hypothesis makes its source of chance with its first example, and warns (an error here) where the collector cannot see who holds it
    given(none())(lambda nothing: None)()
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="module")
def browser():
    """Chromium; for one module at a time, as the loop that drives it must be gone where others start one of their own."""
    playwright = pytest.importorskip("playwright.sync_api")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.skip("no Chromium on this machine")
    with playwright.sync_playwright() as started:
        browser = started.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        yield browser
        browser.close()
