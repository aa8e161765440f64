"""The French texts of the room and of its data are in good typography; that each has its English is seen for all rooms at once."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

CATALOGUE = Path(__file__).parents[2] / "src/qmi_rules/locale/en/LC_MESSAGES/budget_calendar.po"
with CATALOGUE.open("rb") as file:
    TEXTS = sorted(str(entry.id) for entry in read_po(file, locale="en") if entry.id)


@pytest.mark.parametrize("pattern", [r" [:;?!»]", r"« ", r"’", r"\d \d{3}\b", r"\.\.\."])
def test_french_typography_is_kept(pattern: str) -> None:
    assert len(TEXTS) > 200
    assert [text for text in TEXTS if re.search(pattern, text)] == []
