"""The guide: what it says as data, its nine questions on one purchase, and its amounts against the law of a day."""

from qmi_rules.guide.against_law import Agreement, ComparedFigure, GuideAgainstLaw, guide_against_law
from qmi_rules.guide.book import Guide, default_guide, load_guide
from qmi_rules.guide.chapters import AnswerKind, Chapter, Edge, Entry, Room
from qmi_rules.guide.reviewing import AnsweredBy, NextStep, Review, Reviewed, ReviewStatus, review

__all__ = [
    "Agreement",
    "AnswerKind",
    "AnsweredBy",
    "Chapter",
    "ComparedFigure",
    "Edge",
    "Entry",
    "Guide",
    "GuideAgainstLaw",
    "NextStep",
    "Review",
    "ReviewStatus",
    "Reviewed",
    "Room",
    "default_guide",
    "guide_against_law",
    "load_guide",
    "review",
]
