"""The result of a rubric: each criterion with its answer, the interval of the total, the indices by series, what is missing."""

from datetime import date

from attrs import field, frozen

from qmi_rules.law import Certainty
from qmi_rules.scoring.criterion import Bearing, Origin
from qmi_rules.scoring.reading import Given
from qmi_rules.scoring.rubric import Source
from qmi_rules.scoring.scorecard_page import scorecard_page
from qmi_rules.scoring.wording import citation
from qmi_rules.text import Explained, Language, Page


@frozen(kw_only=True)
class ScoredCriterion:
    """One criterion with what was answered.

    Attributes:
        id: The criterion.
        label: The axis or the question, French.
        level: A level, a mark, an option's id, several ids, an ISO date; None = not known.
        level_label: The answer in words, French; None for a mark, a date or an unknown answer.
        evidence: What supports it, in words.
        source: Web address of the evidence.
        on: Day the evidence was established.
        document: Piece kept in the buyer's file.
        by: Who established it.
        icon: The axis's sign.
        series: The series it belongs to.
        top: The best level or mark; None where the answer is no number.
        weight: What one level counts in the total; 0 where it does not count.
        bearing: What the answer says of the innovative character; None = open.
        origin: Whose words the criterion holds.
        certainty: How sure it is that its owner asks this.
        sources: Where the criterion was read.
        labels: The chosen answers in words, one by one.
    """

    id: str
    label: str
    level: Given = None
    level_label: str | None = None
    evidence: str | None = None
    source: str | None = None
    on: date | None = None
    document: str | None = None
    by: str | None = None
    icon: str = ""
    series: str | None = None
    top: int | None = None
    weight: int = 0
    bearing: Bearing | None = None
    origin: Origin
    certainty: Certainty
    sources: tuple[Source, ...] = ()
    labels: tuple[str, ...] = ()

    @property
    def number(self) -> int | None:
        """The level or mark where the answer is a known number."""
        return self.level if self.top is not None and isinstance(self.level, int) else None


@frozen(kw_only=True)
class SeriesOfIndices:
    """What the answers of one series say, by criterion id; nothing is counted against anything.

    Attributes:
        speaks_for: Indices for the innovative character.
        speaks_against: Indices against it.
        informs: Answers that say neither.
        open: Not answered, set aside for want of evidence, or a date with nothing to compare it with.
        supporting_only: These indices support those of the other series and never stand for them.
    """

    id: str
    label: str
    supporting_only: bool = False
    speaks_for: tuple[str, ...] = ()
    speaks_against: tuple[str, ...] = ()
    informs: tuple[str, ...] = ()
    open: tuple[str, ...] = ()


@frozen(kw_only=True)
class Scorecard(Explained):
    """What the answers to one rubric come to. It is evidence; it decides nothing.

    Attributes:
        rubric: Id of the rubric.
        criteria: Every criterion, in the rubric's order.
        low: Lowest total over all ways to fill what is unknown; None where the rubric adds nothing up.
        high: Highest total over all ways to fill what is unknown.
        maximum: Best possible total.
        missing: Ids of the unknown criteria, the one that can move the result most first.
        convention: True where the total is the library's (or the file's author's) and not the owner's.
        unsupported: Among `missing`, those answered without the evidence that the rubric requires.
        series: The body of evidence; empty for a rubric that is none.
        cautions: Traps to know, French.
        as_of: The day against which dates were read.
        title: The rubric's title, French.
        owner: Who made the instrument.
        origin: Whose words the rubric holds.
        certainty: How sure it is that the owner's instrument is as written here.
        edition: Edition of the instrument.
        notice: What is official and what is not, French.
        reading: How to read the result, French.
        total_label: What the total is called, French.
        total_note: What to know of the total, French.
        sources: Where the rubric was read.
    """

    rubric: str
    criteria: tuple[ScoredCriterion, ...]
    low: int | None
    high: int | None
    maximum: int | None
    missing: tuple[str, ...]
    convention: bool
    unsupported: tuple[str, ...] = ()
    series: tuple[SeriesOfIndices, ...] = ()
    cautions: tuple[str, ...] = ()
    as_of: date | None = None
    title: str
    owner: str
    origin: Origin
    certainty: Certainty
    edition: str | None = None
    notice: str
    reading: str | None = None
    total_label: str | None = None
    total_note: str | None = None
    sources: tuple[Source, ...] = ()

    _by_id: dict[str, ScoredCriterion] = field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "_by_id", {criterion.id: criterion for criterion in self.criteria})

    def __getitem__(self, criterion: str) -> ScoredCriterion:
        if criterion not in self._by_id:
            raise KeyError(f"no criterion {criterion!r}; there are {', '.join(self._by_id)}")
        return self._by_id[criterion]

    def page(self, say: Language) -> Page:
        """The content of the explanation in one language."""
        return scorecard_page(self, say)

    def citation(self, say: Language) -> str:
        """One sentence that a decision or a note may cite as evidence; it concludes nothing."""
        return citation(self, say)
