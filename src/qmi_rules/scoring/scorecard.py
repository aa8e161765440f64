"""The result of a rubric: each criterion with its answer, the interval of the total, the indices by series; and how it is told."""

from datetime import date
from typing import ClassVar, TypeAlias

from attrs import field, frozen

from qmi_rules.law import Certainty, default_table
from qmi_rules.law.wording import certainty_words, informs
from qmi_rules.pages import Explained, Language, Page, message
from qmi_rules.pages.templates import page_of
from qmi_rules.schema import Wording
from qmi_rules.schema.fields import Layout
from qmi_rules.scoring.rubric import Leaning, Origin, RubricSource

Given: TypeAlias = int | str | tuple[str, ...] | None
"""A level, a mark, ``"yes"``, an option's id, an ISO date; several ids; None = not known."""


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
    label: Wording
    level: Given = None
    level_label: Wording | None = None
    evidence: str | None = None
    source: str | None = None
    on: date | None = None
    document: str | None = None
    by: str | None = None
    icon: str = ""
    series: str | None = None
    top: int | None = None
    weight: int = 0
    bearing: Leaning | None = None
    origin: Origin
    certainty: Certainty
    sources: tuple[RubricSource, ...] = ()
    labels: tuple[Wording, ...] = ()

    @property
    def number(self) -> int | None:
        """The level or mark where the answer is a known number."""
        return self.level if self.top is not None and isinstance(self.level, int) else None

    @property
    def day(self) -> date | None:
        """The day where the answer is one."""
        return date.fromisoformat(self.level) if isinstance(self.level, str) and not self.labels else None

    @property
    def width(self) -> int:
        """What it can add to the total at most."""
        return self.weight * (self.top or 0)


@frozen(kw_only=True)
class SeriesOfIndices:
    """What the answers of one series say, by criterion id; nothing is counted against anything.

    Attributes:
        id: The name of the series.
        label: What it is called.
        speaks_for: Indices for the innovative character.
        speaks_against: Indices against it.
        informs: Answers that say neither.
        open: Not answered, set aside for want of evidence, or a date with nothing to compare it with.
        supporting_only: These indices support those of the other series and never stand for them.
    """

    id: str
    label: Wording
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
        caution_ids: The id of each of them, in the same order.
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

    _layout: ClassVar[Layout] = Layout(own_page=True)

    rubric: str
    criteria: tuple[ScoredCriterion, ...]
    low: int | None
    high: int | None
    maximum: int | None
    missing: tuple[str, ...]
    convention: bool
    unsupported: tuple[str, ...] = ()
    series: tuple[SeriesOfIndices, ...] = ()
    cautions: tuple[Wording, ...] = ()
    caution_ids: tuple[str, ...] = ()
    as_of: date | None = None
    title: Wording
    owner: Wording
    origin: Origin
    certainty: Certainty
    edition: str | None = None
    notice: Wording
    reading: Wording | None = None
    total_label: Wording | None = None
    total_note: Wording | None = None
    sources: tuple[RubricSource, ...] = ()

    _by_id: dict[str, ScoredCriterion] = field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "_by_id", {criterion.id: criterion for criterion in self.criteria})

    def __getitem__(self, criterion: str) -> ScoredCriterion:
        if criterion not in self._by_id:
            raise KeyError(f"no criterion {criterion!r}; there are {', '.join(self._by_id)}")
        return self._by_id[criterion]

    @property
    def table_edition(self) -> str:
        """Name of the edition of the tables of the package."""
        return default_table().edition

    @property
    def supporting(self) -> frozenset[str]:
        """Ids of the series whose indices only support those of the others."""
        return frozenset(series.id for series in self.series if series.supporting_only)

    @property
    def ties_for_most(self) -> bool:
        """Whether another unknown criterion can move the total as far as the first of `missing`."""
        first, *others = (self[name].width for name in self.missing)
        return bool(self.maximum) and first in others

    def page(self, say: Language) -> Page:
        """The profile first, then the total with its label, the evidence, what is missing, the traps."""
        return page_of("scorecard", say, voices=(certainty_words, total_words, informs), it=self)

    def citation(self, say: Language) -> str:
        """One sentence that a decision or a note may cite as evidence; it concludes nothing."""
        title = say(self.title)
        if self.series:
            return say(
                "{title} : réponses pour : {for_}, contre : {against}, qui éclairent : {informs}, questions ouvertes : {open}",
                title=title,
                for_=sum(len(s.speaks_for) for s in self.series),
                against=sum(len(s.speaks_against) for s in self.series),
                informs=sum(len(s.informs) for s in self.series),
                open=sum(len(s.open) for s in self.series),
            )
        if self.low is None:
            known, every = len(self.criteria) - len(self.missing), len(self.criteria)
            return say("{title} : critères renseignés : {known} sur {all}", title=title, known=known, all=every)
        pattern = message("{title} : {total} (convention)") if self.convention else message("{title} : {total}")
        return say(pattern, title=title, total=total_words(say, self))


def total_words(say: Language, card: Scorecard) -> str:
    """The total or its interval, in words; empty where the rubric adds nothing up."""
    low, high, maximum = card.low, card.high, card.maximum
    if maximum is None:
        return ""
    if low == high:
        return say("{total} sur {maximum}", total=low, maximum=maximum)
    return say("entre {low} et {high} sur {maximum}, selon ce qui reste inconnu", low=low, high=high, maximum=maximum)
