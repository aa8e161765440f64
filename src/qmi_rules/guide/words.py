"""The closed lists of the guide's data, and the checks of its texts."""

from decimal import Decimal
from enum import StrEnum

from qmi_rules.documents.scalars import IDENTIFIER, URL, Check, each, is_a, matching, optional, text, whole

LABEL = text(300)
TEXT = text(2_000)
SOME_TEXT = optional(TEXT)
LABELS = each(LABEL)
SOME_COUNT = optional(whole(0, 1_000_000))
SOME_PERCENT = optional(whole(0, 100))
SOME_URL = optional(URL)
SOME_EMAIL = optional(matching(r"[^\s@<>]{1,100}@[^\s@<>]{1,100}", "an e-mail address"))
SOME_ARTICLE = optional(matching(r"[LRD]\d{4}-\d+(-\d+)*", 'an article such as "R2122-10"'))
AMOUNT = is_a(Decimal, "an amount in euros")
ID = IDENTIFIER
IDS = each(IDENTIFIER)


class Room(StrEnum):
    """The room of the library that answers a question; ``none`` where people do."""

    PROCUREMENT = "procurement"
    SCORING = "scoring"
    FUNDING = "funding"
    BUDGET_CALENDAR = "budget_calendar"
    NONE = "none"


class Edge(StrEnum):
    """On which side of an amount the guide says something; at ``exactly`` the amount it says nothing."""

    BELOW = "below"
    EXACTLY = "exactly"
    ABOVE = "above"


class AnswerKind(StrEnum):
    """How a question is answered; each admits "not known"."""

    YES_NO = "yes_no"
    YES_NO_TEXT = "yes_no_text"
    CHOICE = "choice"
    TWO_PARTS = "two_parts"


class Actor(StrEnum):
    """Who applies for a fund."""

    COMMUNE = "commune"
    COMPANY = "company"


def one_of(kind: type[StrEnum]) -> Check:
    """A member of a closed list."""
    return is_a(kind, f"one of {', '.join(kind)}")
