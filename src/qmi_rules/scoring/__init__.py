"""Scoring: rubrics as data, answers with their evidence, scorecards, comparisons and the justification note."""

from qmi_rules.scoring.comparison import (
    ComparedSolutions,
    LevelChange,
    NamedCard,
    PairOrder,
    Relation,
    compare_solutions,
)
from qmi_rules.scoring.marking import score, score_document, score_solution
from qmi_rules.scoring.note import JustificationNote, evidence_of, justification_note, link_evidence
from qmi_rules.scoring.radar import radar_svg
from qmi_rules.scoring.rubric import (
    Criterion,
    Kind,
    Leaning,
    Origin,
    Questionnaire,
    Rubric,
    find_rubric,
    load_rubric,
    rubrics,
)
from qmi_rules.scoring.scorecard import Scorecard, ScoredCriterion, SeriesOfIndices

__all__ = [
    "ComparedSolutions",
    "Criterion",
    "JustificationNote",
    "Kind",
    "Leaning",
    "LevelChange",
    "NamedCard",
    "Origin",
    "PairOrder",
    "Questionnaire",
    "Relation",
    "Rubric",
    "Scorecard",
    "ScoredCriterion",
    "SeriesOfIndices",
    "compare_solutions",
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
