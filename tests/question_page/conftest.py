"""A browser with the question page."""

from pathlib import Path
from typing import Any

import pytest
from visits import Visit


@pytest.fixture(scope="session")
def page_file(tmp_path_factory) -> Path:
    from qmi_rules.question_page import write_page

    path = tmp_path_factory.mktemp("page") / "page.html"
    write_page(path)
    return path


@pytest.fixture
def visit(browser, page_file):
    """Opens the page; closed at the end."""
    opened = []

    def open_(path: Path | None = None, **options: Any) -> Visit:
        opened.append(Visit(browser, path or page_file, **options))
        return opened[-1]

    yield open_
    for one in opened:
        one.context.close()
