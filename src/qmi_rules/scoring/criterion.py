"""One question or axis of a rubric: how it is answered, and what each answer says."""

from collections.abc import Iterator
from enum import StrEnum

from attrs import field, frozen

from qmi_rules.documents.scalars import IDENTIFIER, each, optional, text, to_tuple, whole
from qmi_rules.errors import DocumentError, Problem
from qmi_rules.law import Certainty


class Kind(StrEnum):
    """How a criterion is answered."""

    LEVELS = "levels"
    MARK = "mark"
    YES_NO = "yes_no"
    CHOICE = "choice"
    SEVERAL = "several"
    DATE = "date"


class Bearing(StrEnum):
    """What an answer says of the innovative character: it speaks for it, against it, or only informs."""

    FOR = "for"
    AGAINST = "against"
    NEUTRAL = "neutral"


class Origin(StrEnum):
    """Whose words a rubric or a criterion holds."""

    OFFICIAL = "official"
    PUBLISHED_DESCRIPTIONS = "published_descriptions"
    LIBRARY = "library"


@frozen(kw_only=True)
class Level:
    """One step of a scale of levels; levels go 0, 1, 2… without a gap."""

    level: int = field(validator=whole(0, 1_000))
    label: str = field(validator=text(500))
    bearing: Bearing = Bearing.NEUTRAL


@frozen(kw_only=True)
class Option:
    """One possible answer of a closed question (``yes`` and ``no`` for a yes/no question).

    Attributes:
        id: The word a document writes.
        label: The word a reader sees.
        bearing: What choosing it says.
        caution: Shown when it is chosen.
        certainty: How sure it is that the owner's tool has it.
    """

    id: str = field(validator=IDENTIFIER)
    label: str = field(validator=text(500))
    bearing: Bearing = Bearing.NEUTRAL
    caution: str | None = field(default=None, validator=optional(text(2_000)))
    certainty: Certainty | None = None


REQUIRABLE = ("evidence", "source", "on", "document", "by")


@frozen(kw_only=True)
class Criterion:
    """One question or axis.

    Attributes:
        id: The name documents use.
        label: The question, or the axis.
        kind: How it is answered.
        series: The series it belongs to.
        icon: A sign shown before the label.
        levels: For ``levels``: the scale.
        highest: For ``mark``: the best mark; the lowest is 0.
        options: For ``yes_no``, ``choice`` and ``several``: the possible answers.
        within_years: For ``date``: the age below which the answer speaks as `recent`, from the rest as `older`.
        weight: What one level counts in the total; 0 keeps the criterion out of it. None = 1 where all scales are alike.
        requires: Fields an answer must fill: ``by``, ``on``, ``source``…
        origin: Whose words it holds; None = as the rubric.
        certainty: How sure the source is; None = as the rubric.
        sources: Ids of the rubric's sources.
        caution: Shown when it is answered.
    """

    id: str = field(validator=IDENTIFIER)
    label: str = field(validator=text(500))
    kind: Kind
    series: str | None = field(default=None, validator=optional(IDENTIFIER))
    icon: str = ""
    levels: tuple[Level, ...] = field(default=(), converter=to_tuple)
    highest: int | None = field(default=None, validator=optional(whole(1, 1_000_000)))
    options: tuple[Option, ...] = field(default=(), converter=to_tuple)
    within_years: int | None = field(default=None, validator=optional(whole(1, 100, "of years")))
    recent: Bearing = Bearing.NEUTRAL
    older: Bearing = Bearing.NEUTRAL
    weight: int | None = field(default=None, validator=optional(whole(0, 1_000)))
    requires: tuple[str, ...] = field(default=(), converter=to_tuple)
    origin: Origin | None = None
    certainty: Certainty | None = None
    sources: tuple[str, ...] = field(default=(), converter=to_tuple, validator=each(IDENTIFIER))
    caution: str | None = field(default=None, validator=optional(text(2_000)))

    def __attrs_post_init__(self) -> None:
        if problems := list(_criterion_faults(self)):
            raise DocumentError(problems)

    @property
    def top(self) -> int | None:
        """The best level; None where the answer is no number."""
        match self.kind:
            case Kind.LEVELS:
                return len(self.levels) - 1
            case Kind.MARK:
                return self.highest
        return None

    @property
    def counted(self) -> int:
        """What one level counts in a total."""
        return 1 if self.weight is None else self.weight


_PARTS = {
    Kind.LEVELS: "levels",
    Kind.MARK: "highest",
    Kind.YES_NO: "options",
    Kind.CHOICE: "options",
    Kind.SEVERAL: "options",
    Kind.DATE: "within_years",
}


def _criterion_faults(criterion: Criterion) -> Iterator[Problem]:
    needed = _PARTS[criterion.kind]
    for name in ("levels", "highest", "options", "within_years"):
        given = bool(getattr(criterion, name))
        if name == needed and not given:
            yield Problem(name, f"required for a criterion of kind {criterion.kind}, but it is absent")
        elif name != needed and given:
            yield Problem(name, f"expected nothing here for a criterion of kind {criterion.kind}")
    if criterion.levels and [step.level for step in criterion.levels] != list(range(max(2, len(criterion.levels)))):
        yield Problem(
            "levels", f"expected the levels 0, 1, 2… in order, at least two, got {[s.level for s in criterion.levels]}"
        )
    ids = [option.id for option in criterion.options]
    if len(set(ids)) != len(ids):
        yield Problem("options", "expected an id of its own for each option")
    if criterion.kind is Kind.YES_NO and ids and sorted(ids) != ["no", "yes"]:
        yield Problem("options", f"expected the two options yes and no, got {', '.join(ids)}")
    if "unknown" in ids:
        yield Problem("options", "unknown is no option: it always may be answered")
    for i, name in enumerate(criterion.requires):
        if name not in REQUIRABLE:
            yield Problem(f"requires[{i}]", f"expected one of {', '.join(REQUIRABLE)}, got {name!r}")
