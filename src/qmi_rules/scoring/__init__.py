"""Scoring: rubrics as data, answers with their evidence, scorecards, comparisons and the justification note."""

from qmi_rules.scoring.comparison import Comparison, Entry, LevelChange, Relation, Standing, compare
from qmi_rules.scoring.criterion import Bearing, Criterion, Kind, Origin
from qmi_rules.scoring.marking import score, score_document, score_solution
from qmi_rules.scoring.note import JustificationNote, evidence_of, justification_note, link_evidence
from qmi_rules.scoring.questionnaire import Questionnaire
from qmi_rules.scoring.radar import radar_svg
from qmi_rules.scoring.rubric import Rubric
from qmi_rules.scoring.scorecard import Scorecard, ScoredCriterion, SeriesOfIndices
from qmi_rules.scoring.shelf import find_rubric, load_rubric, rubrics

__all__ = [
    "Bearing",
    "Comparison",
    "Criterion",
    "Entry",
    "JustificationNote",
    "Kind",
    "LevelChange",
    "Origin",
    "Questionnaire",
    "Relation",
    "Rubric",
    "Scorecard",
    "ScoredCriterion",
    "SeriesOfIndices",
    "Standing",
    "compare",
    "evidence_of",
    "find_rubric",
    "justification_note",
    "link_evidence",
    "load_rubric",
    "radar_svg",
    "rubrics",
    "score",
    "score_document",
    "score_solution",
]
