"""The guide: what it says as data, its nine questions on one purchase, and its amounts against the law of a day."""

from qmi_rules.guide.against_law import Comparison, GuideAgainstLaw, Verdict, guide_against_law
from qmi_rules.guide.book import Guide, default_guide, load_guide
from qmi_rules.guide.reviewing import NextStep, Origin, Review, Reviewed, ReviewStatus, review
from qmi_rules.guide.words import Actor, AnswerKind, Edge, Room

__all__ = [
    "Actor",
    "AnswerKind",
    "Comparison",
    "Edge",
    "Guide",
    "GuideAgainstLaw",
    "NextStep",
    "Origin",
    "Review",
    "ReviewStatus",
    "Reviewed",
    "Room",
    "Verdict",
    "default_guide",
    "guide_against_law",
    "load_guide",
    "review",
]
