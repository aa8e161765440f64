"""The French texts of the room and of its data are typed with an ordinary keyboard and reach the reader in good typography."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from qmi_rules.catalogues import printed

CATALOGUE = Path(__file__).parents[2] / "src/qmi_rules/locale/en/LC_MESSAGES/budget_calendar.po"
with CATALOGUE.open("rb") as file:
    TEXTS = sorted(str(entry.id) for entry in read_po(file, locale="en") if entry.id)


@pytest.mark.parametrize("pattern", [r" [:;?!»]", r"« ", r"'", r"\d \d{3}\b", r"\.\.\."])
def test_french_typography_is_kept(pattern: str) -> None:
    assert len(TEXTS) > 200
    assert [text for text in map(printed, TEXTS) if re.search(pattern, text)] == []


@pytest.mark.parametrize("sign", ["\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}", "’"])
def test_texts_need_no_sign_that_an_ordinary_keyboard_lacks(sign: str) -> None:
    assert [text for text in TEXTS if sign in text] == []
