"""What a rubric file holds: criteria in their series, sources, and whether anything is added up."""

from collections.abc import Iterator
from enum import StrEnum

from attrs import field, frozen

from qmi_rules.documents.scalars import IDENTIFIER, URL, each, optional, text, to_tuple
from qmi_rules.errors import DocumentError, Problem
from qmi_rules.law import Certainty
from qmi_rules.scoring.criterion import Criterion, Origin


class Evidence(StrEnum):
    """Whether an answer without evidence counts."""

    OPTIONAL = "optional"
    REQUIRED = "required"


@frozen(kw_only=True)
class Source:
    """Where a rubric or a question was read."""

    id: str = field(validator=IDENTIFIER)
    title: str = field(validator=text(300))
    url: str | None = field(default=None, validator=optional(URL))


@frozen(kw_only=True)
class Series:
    """A group of criteria.

    Attributes:
        supporting_only: Its answers support the others and never stand for them.
        caution: Shown as soon as one of its criteria is answered.
    """

    id: str = field(validator=IDENTIFIER)
    label: str = field(validator=text(300))
    supporting_only: bool = False
    caution: str | None = field(default=None, validator=optional(text(2_000)))


@frozen(kw_only=True)
class Total:
    """How levels are added up: each level times its criterion's weight.

    Attributes:
        convention: True where the total is the library's (or the file's author's) and not the owner's.
        label: What the total is called.
        note: What a reader must know of it.
    """

    convention: bool
    label: str = field(validator=text(300))
    note: str | None = field(default=None, validator=optional(text(2_000)))


@frozen(kw_only=True)
class Rubric:
    """An instrument that looks at a solution: data, not code.

    Attributes:
        id: The name that `score` takes.
        title: What readers see.
        owner: Who made the instrument.
        origin: Whose words the file holds.
        notice: What is official in it and what is not.
        reading: How the result is to be read.
        certainty: How sure it is that the owner's instrument is as written here.
        edition: Edition of the instrument.
        evidence: ``required``: an answer without evidence counts as unknown.
        body_of_evidence: True where answers are read as indices for or against the innovative character.
        extends: Id of a shipped rubric whose series, criteria, sources and cautions come first.
        total: How levels are added up; None = nothing is added up.
        series: The groups, in reading order.
        criteria: The questions or axes, in reading order.
        sources: Where all this was read.
        cautions: Always shown.
    """

    id: str = field(validator=IDENTIFIER)
    title: str = field(validator=text(300))
    owner: str = field(validator=text(300))
    origin: Origin
    notice: str = field(validator=text(3_000))
    reading: str | None = field(default=None, validator=optional(text(3_000)))
    certainty: Certainty
    edition: str | None = field(default=None, validator=optional(text(200)))
    evidence: Evidence = Evidence.OPTIONAL
    body_of_evidence: bool = False
    extends: str | None = field(default=None, validator=optional(IDENTIFIER))
    total: Total | None = None
    series: tuple[Series, ...] = field(default=(), converter=to_tuple)
    criteria: tuple[Criterion, ...] = field(converter=to_tuple)
    sources: tuple[Source, ...] = field(default=(), converter=to_tuple)
    cautions: tuple[str, ...] = field(default=(), converter=to_tuple, validator=each(text(2_000)))

    def __attrs_post_init__(self) -> None:
        if problems := [*_repeated(self), *_scale_faults(self)]:
            raise DocumentError(problems)

    @property
    def counted(self) -> tuple[Criterion, ...]:
        """The criteria that enter the total."""
        return tuple(c for c in self.criteria if c.counted) if self.total is not None else ()

    @property
    def maximum(self) -> int | None:
        """The best total; None where nothing is added up."""
        return None if self.total is None else sum(c.counted * (c.top or 0) for c in self.counted)


def _repeated(rubric: Rubric) -> Iterator[Problem]:
    if not rubric.criteria:
        yield Problem("criteria", "expected at least one criterion, got none")
    for name in ("criteria", "series", "sources"):
        seen: set[str] = set()
        for i, item in enumerate(getattr(rubric, name)):
            if item.id in seen:
                yield Problem(f"{name}[{i}].id", f"expected an id of its own, got {item.id!r} twice")
            seen.add(item.id)


def _scale_faults(rubric: Rubric) -> Iterator[Problem]:
    """Nothing is added up unless the file says how: one scale for all, or a weight for each."""
    if rubric.total is None:
        for i, criterion in enumerate(rubric.criteria):
            if criterion.weight is not None:
                yield Problem(
                    f"criteria[{i}].weight", "a weight without a total: declare [total], or leave the weight out"
                )
        return
    scales = {criterion.top for criterion in rubric.criteria}
    for i, criterion in enumerate(rubric.criteria):
        if criterion.top is None and criterion.weight != 0:
            yield Problem(
                f"criteria[{i}].weight",
                f"a criterion of kind {criterion.kind} has no number to add up: declare weight = 0 to keep it out of the total",
            )
        elif len(scales) > 1 and criterion.weight is None:
            yield Problem(
                f"criteria[{i}].weight",
                "the rubric mixes scales: declare what one level of each criterion counts, 0 to keep it out of the total",
            )
    if rubric.criteria and not rubric.maximum:
        yield Problem("total", "expected at least one criterion that counts, got none")
