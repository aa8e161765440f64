"""Arguments of the wrong kind are named."""

from datetime import date

import pytest

from qmi_rules.errors import DocumentError
from qmi_rules.guide import guide_against_law, load_guide, review

DAY = date(2026, 5, 15)


@pytest.mark.parametrize(
    ("path", "call"),
    [
        ("dossier", lambda: review(dossier=3)),
        ("guide", lambda: review(guide=3)),
        ("table", lambda: guide_against_law(DAY, 3)),
        ("guide", lambda: guide_against_law(DAY, guide=3)),
        ("known_on", lambda: guide_against_law(DAY, known_on="2026")),
        ("folder", lambda: load_guide(5)),
    ],
)
def test_an_argument_of_the_wrong_kind_is_named(path, call):
    with pytest.raises(DocumentError) as caught:
        call()
    assert [problem.path for problem in caught.value.problems] == [path]
