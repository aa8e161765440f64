"""A rubric: its criteria in their series, how each is answered, whether anything is added up; the shipped ones and a user's own."""

from collections.abc import Iterable, Iterator
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from attrs import evolve, field, frozen

from qmi_rules.errors import DocumentError, Problem, TableError, UnknownReferenceError, fault
from qmi_rules.law import Certainty, default_table
from qmi_rules.pages import Explained, Language, Page
from qmi_rules.pages.templates import page_of
from qmi_rules.schema import load_toml, package_data
from qmi_rules.schema.faults import repeated, require, shown
from qmi_rules.schema.scalars import IDENTIFIER, URL, each, optional, text, to_tuple, whole


class Kind(StrEnum):
    """How a criterion is answered."""

    LEVELS = "levels"
    MARK = "mark"
    YES_NO = "yes_no"
    CHOICE = "choice"
    SEVERAL = "several"
    DATE = "date"


class Leaning(StrEnum):
    """What an answer says of the innovative character: it speaks for it, against it, or only informs."""

    FOR = "for"
    AGAINST = "against"
    NEUTRAL = "neutral"


class Origin(StrEnum):
    """Whose words a rubric or a criterion holds."""

    OFFICIAL = "official"
    PUBLISHED_DESCRIPTIONS = "published_descriptions"
    LIBRARY = "library"
    OWN = "own"


@frozen(kw_only=True)
class Level:
    """One step of a scale of levels; levels go 0, 1, 2… without a gap.

    Attributes:
        level: Its number.
        label: What it is called.
        bearing: What it says of the innovative character.
    """

    level: int = field(validator=whole(0, 1_000))
    label: str = field(validator=text(500))
    bearing: Leaning = Leaning.NEUTRAL


@frozen(kw_only=True)
class AnswerOption:
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
    bearing: Leaning = Leaning.NEUTRAL
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
        recent: What an answer within these years says of the innovative character.
        older: What one before them says.
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
    options: tuple[AnswerOption, ...] = field(default=(), converter=to_tuple)
    within_years: int | None = field(default=None, validator=optional(whole(1, 100, "of years")))
    recent: Leaning = Leaning.NEUTRAL
    older: Leaning = Leaning.NEUTRAL
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
            yield fault(
                "required", name, "required for a criterion of kind {kind}, but it is absent", kind=criterion.kind
            )
        elif name != needed and given:
            yield fault(
                "contradiction", name, "expected nothing here for a criterion of kind {kind}", kind=criterion.kind
            )
    if criterion.levels and [step.level for step in criterion.levels] != list(range(max(2, len(criterion.levels)))):
        yield fault(
            "contradiction",
            "levels",
            "expected the levels 0, 1, 2… in order, at least two, got {got}",
            got=[s.level for s in criterion.levels],
        )
    ids = [option.id for option in criterion.options]
    if len(set(ids)) != len(ids):
        yield fault("duplicate", "options", "expected an id of its own for each option")
    if criterion.kind is Kind.YES_NO and ids and sorted(ids) != ["no", "yes"]:
        yield fault("contradiction", "options", "expected the two options yes and no, got {got}", got=", ".join(ids))
    if "unknown" in ids:
        yield fault("unknown_id", "options", "unknown is no option: it always may be answered")
    for i, name in enumerate(criterion.requires):
        if name not in REQUIRABLE:
            yield fault(
                "unknown_choice",
                f"requires[{i}]",
                "expected one of {choices}, got {got}",
                choices=tuple(REQUIRABLE),
                got=shown(name),
            )


class EvidenceRule(StrEnum):
    """Whether an answer without evidence counts."""

    OPTIONAL = "optional"
    REQUIRED = "required"


@frozen(kw_only=True)
class RubricSource:
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
class TotalRule:
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
    evidence: EvidenceRule = EvidenceRule.OPTIONAL
    body_of_evidence: bool = False
    extends: str | None = field(default=None, validator=optional(IDENTIFIER))
    total: TotalRule | None = None
    series: tuple[Series, ...] = field(default=(), converter=to_tuple)
    criteria: tuple[Criterion, ...] = field(converter=to_tuple)
    sources: tuple[RubricSource, ...] = field(default=(), converter=to_tuple)
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
        yield fault("required", "criteria", "expected at least one criterion, got none")
    for name in ("criteria", "series", "sources"):
        yield from repeated(name, getattr(rubric, name))


def _scale_faults(rubric: Rubric) -> Iterator[Problem]:
    """Nothing is added up unless the file says how: one scale for all, or a weight for each."""
    if rubric.total is None:
        for i, criterion in enumerate(rubric.criteria):
            if criterion.weight is not None:
                yield fault(
                    "contradiction",
                    f"criteria[{i}].weight",
                    "a weight without a total: declare [total], or leave the weight out",
                )
        return
    scales = {criterion.top for criterion in rubric.criteria}
    for i, criterion in enumerate(rubric.criteria):
        if criterion.top is None and criterion.weight != 0:
            yield fault(
                "contradiction",
                f"criteria[{i}].weight",
                "a criterion of kind {kind} has no number to add up: declare weight = 0 to keep it out of the total",
                kind=criterion.kind,
            )
        elif len(scales) > 1 and criterion.weight is None:
            yield fault(
                "contradiction",
                f"criteria[{i}].weight",
                "the rubric mixes scales: declare what one level of each criterion counts, 0 to keep it out of the total",
            )
    if rubric.criteria and not rubric.maximum:
        yield fault("required", "total", "expected at least one criterion that counts, got none")


# --- where rubrics come from

NOT_RUBRICS = ("definition.toml",)
"""Files of the rubrics' folder that hold what the justification note cites of the law."""


def load_rubric(file: Path | str) -> Rubric:
    """Read a rubric from a TOML file, in the format of the shipped ones.

    Raises:
        DocumentError: `file` is no path.
        TableError: All faults at once, each with file and path.
        UnknownReferenceError: It names a series, a source or a rubric to extend that nobody declares.

    >>> import pathlib, qmi_rules
    >>> file = pathlib.Path(qmi_rules.__file__).parent / "data" / "rubrics" / "replicability.toml"
    >>> load_rubric(file).id
    'replicability'
    """
    require("file", file, str, Path)
    return _whole(load_toml(Path(file), Rubric), _shipped().values(), str(file))


@cache
def _shipped() -> dict[str, Rubric]:
    files = sorted(package_data("rubrics").iterdir(), key=lambda entry: entry.name)
    own = [load_toml(file, Rubric) for file in files if file.name.endswith(".toml") and file.name not in NOT_RUBRICS]
    return {rubric.id: _whole(rubric, own, rubric.id) for rubric in own}


def rubrics(*files: Path | str) -> dict[str, Rubric]:
    """The shipped rubrics by id; a file that bears the id of one of them replaces it, any other is added.

    Raises:
        TableError: As `load_rubric`.

    >>> "replicability" in rubrics()
    True
    """
    for i, file in enumerate(files):
        require(f"files[{i}]", file, str, Path)
    return _shipped() | {rubric.id: rubric for rubric in map(load_rubric, files)}


def find_rubric(rubric: Rubric | Path | str) -> Rubric:
    """The rubric of that id, or in that TOML file.

    Raises:
        DocumentError: No shipped rubric has that id; the message lists those there are.
        TableError: The file does not load.
    """
    if isinstance(rubric, Rubric):
        return rubric
    if isinstance(rubric, Path) or (isinstance(rubric, str) and rubric.endswith(".toml")):
        return load_rubric(rubric)
    if isinstance(rubric, str) and rubric in _shipped():
        return _shipped()[rubric]
    raise DocumentError(
        fault(
            "contradiction",
            "",
            "expected the path of a TOML file or one of {choices}, got {got}",
            choices=", ".join(sorted(_shipped())),
            got=shown(str(rubric)[:80]),
        )
    )


def _whole(rubric: Rubric, shipped: Iterable[Rubric], where: str) -> Rubric:
    """The rubric with what it extends in front of its own, if everything that it names is declared."""
    bases = {other.id: other for other in shipped if other.extends is None}
    if rubric.extends is not None and rubric.extends not in bases:
        raise UnknownReferenceError(
            [
                fault(
                    "unknown_choice",
                    "extends",
                    "expected one of {choices}, got {got}",
                    choices=tuple(bases),
                    got=shown(rubric.extends),
                )
            ],
            where,
        )
    if rubric.extends is not None:
        base = bases[rubric.extends]
        try:
            rubric = evolve(
                rubric,
                series=base.series + rubric.series,
                criteria=tuple(_attributed(base)) + rubric.criteria,
                sources=base.sources + rubric.sources,
                cautions=base.cautions + rubric.cautions,
            )
        except DocumentError as error:
            raise TableError(error.problems, where) from None
    if problems := [*_undeclared(rubric)]:
        raise UnknownReferenceError(problems, where)
    return rubric


def _attributed(base: Rubric) -> Iterator[Criterion]:
    """The criteria of a rubric, each saying itself what it used to take from the rubric."""
    for criterion in base.criteria:
        yield evolve(criterion, origin=criterion.origin or base.origin, certainty=criterion.certainty or base.certainty)


def _undeclared(rubric: Rubric) -> Iterator[Problem]:
    """The series, then the sources, that a criterion names and the rubric does not declare."""
    series = {item.id for item in rubric.series}
    sources = {item.id for item in rubric.sources}
    for i, criterion in enumerate(rubric.criteria):
        if criterion.series not in series and (series or criterion.series is not None):
            known = ", ".join(sorted(series)) or "no series"
            yield fault(
                "unknown_choice",
                f"criteria[{i}].series",
                "expected one of {known}, got {got}",
                known=known,
                got=shown(criterion.series),
            )
    for i, criterion in enumerate(rubric.criteria):
        for j, source in enumerate(criterion.sources):
            if source not in sources:
                known = ", ".join(sorted(sources)) or "no source"
                yield fault(
                    "unknown_choice",
                    f"criteria[{i}].sources[{j}]",
                    "expected one of {known}, got {got}",
                    known=known,
                    got=shown(source),
                )


# --- a rubric as a form: the keys of its answers, each with its question and what may be answered, and the document to fill

_PROOF = ("evidence", "source", "document")


@frozen(kw_only=True)
class Questionnaire(Explained):
    """The form of a rubric.

    Attributes:
        rubric: The rubric.
    """

    rubric: Rubric

    @property
    def table_edition(self) -> str:
        """Name of the edition of the tables of the package."""
        return default_table().edition

    @property
    def template(self) -> dict[str, Any]:
        """A document with every key and no answer: what `score` takes, once filled. What stays null is not known."""
        return {criterion.id: self._empty(criterion) for criterion in self.rubric.criteria}

    def _empty(self, criterion: Criterion) -> Any:
        proof = _PROOF if self.rubric.evidence is EvidenceRule.REQUIRED else ()
        fields = dict.fromkeys((*criterion.requires, *proof))
        return {"level": None, **fields} if fields else None

    def page(self, say: Language) -> Page:
        """Each key with its question and its answers."""
        series = {item.id: item.label for item in self.rubric.series}
        return page_of("questionnaire", say, it=self, series=series)
