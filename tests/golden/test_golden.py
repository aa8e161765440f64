"""What the commands answer on the examples stays what it was: as text, JSON and HTML, in both languages."""

import pytest

from golden.commands import HERE, documents

pytestmark = pytest.mark.filterwarnings("default")


@pytest.fixture(scope="module")
def made():
    return dict(documents())


def test_the_commands_answer_what_they_answered(made):
    differing = [
        path for path, text in made.items() if not (HERE / path).is_file() or (HERE / path).read_text("utf-8") != text
    ]
    assert differing == []


def test_no_golden_document_is_left_over(made):
    assert {
        str(path.relative_to(HERE)) for path in HERE.glob("*/*") if path.parent.name in ("fr", "en", "json")
    } == set(made)
