"""What is written out steers nothing: no terminal, no browser, no spreadsheet, whatever a user or a publisher wrote."""

import json
import re
import unicodedata
from typing import Final

_SUSPECT: Final = re.compile(
    "[\0-\x09\x0b-\x1f\x7f-\x9f\xad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b\u200c\u200e\u200f\u2028-\u202e"
    "\u2060-\u206f\ufeff\ufff9-\ufffb\U000110bd\U000110cd\U00013430-\U0001345f\U0001bca0-\U0001d17f\U000e0000-\U000e0fff]"
)
"""Where characters stand that steer or hide; which of them do is looked up. The line break and the joiner of emoji are not among them."""
_STEERING: Final = ("Cc", "Cf", "Zl", "Zp")
_FORMULA: Final = re.compile(r"(^|[;,\t\r\n|])([\s\"']*)(?=[=+\-@＝＋－＠])")
"""Where a spreadsheet would begin to compute, whichever separator it splits at."""


def escaped(document: str) -> str:
    """A JSON text whose strings hold nothing that steers a terminal or hides: such characters are escaped, not lost."""
    return _SUSPECT.sub(lambda found: json.dumps(found[0])[1:-1] if _steers(found[0]) else found[0], document)


def cleaned(text: str) -> str:
    """A text of several lines (HTML, Markdown, a calendar file) without such characters; tabs and the ends of lines stay."""
    return _SUSPECT.sub(lambda found: found[0] if found[0] in "\t\r" or not _steers(found[0]) else "", text)


def cell(text: str) -> str:
    """A cell of a table that no spreadsheet takes for a formula, nor a part of it."""
    return _FORMULA.sub(r"\1\2'", cleaned(text).replace("\t", " ").replace("\r", " "))


def _steers(character: str) -> bool:
    return unicodedata.category(character) in _STEERING
