"""Words that several pages of the guide share: its warning, the rooms' names, and how sure a figure is."""

from typing import TYPE_CHECKING

from qmi_rules.guide.words import Room
from qmi_rules.law.sources import Certainty
from qmi_rules.text import Language, Paragraph, Strong, message
from qmi_rules.text.page import Block

if TYPE_CHECKING:
    from qmi_rules.guide.book import Guide

ROOM_NAMES: dict[Room, str] = {
    Room.PROCUREMENT: message("Procédures d'achat"),
    Room.SCORING: message("Innovation et répliquabilité"),
    Room.FUNDING: message("Financements"),
    Room.BUDGET_CALENDAR: message("Calendrier budgétaire"),
    Room.NONE: message("La commune elle-même"),
}

_DOUBT: dict[Certainty, str] = {
    Certainty.CONFIRMED: "",
    Certainty.SINGLE_SOURCE: message("une seule source"),
    Certainty.UNVERIFIED: message("à vérifier"),
}


def warning(guide: "Guide", say: Language) -> list[Block]:
    """The source and the disclaimer: they go with every answer drawn from the guide."""
    about = guide.about
    source = say(
        "Source : {programme}, « {title} », {publisher} avec la {partner}.",
        programme=guide.programme.name,
        title=say(about.title),
        publisher=about.publisher,
        partner=about.partner,
    )
    return [
        Paragraph([lead(say(about.disclaimer_title), say), " " + say(about.disclaimer)], "note"),
        Paragraph(say(about.caution), "note"),
        Paragraph(f"{source} {say(about.dated)}"),
    ]


def lead(label: str, say: Language) -> Strong:
    """What a line is about, before its text; the colon is the language's."""
    return Strong(say("{label} :", label=label))


def doubtful(text: str, certainty: Certainty, say: Language) -> str:
    """A text, and how sure it is where that is not settled."""
    doubt = _DOUBT[certainty]
    return f"{text} ({say(doubt)})" if doubt else text
