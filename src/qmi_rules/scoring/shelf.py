"""Where rubrics come from: the shipped ones, and a user's own TOML file, which may replace one of them."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import evolve

from qmi_rules.documents import load_toml, package_data
from qmi_rules.documents.scalars import require
from qmi_rules.errors import DocumentError, Problem, TableError, UnknownReferenceError
from qmi_rules.scoring.criterion import Criterion
from qmi_rules.scoring.rubric import Rubric

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

NOT_RUBRICS = ("definition.toml",)
"""Files of the rubrics' folder that hold what the justification note cites of the law."""


def load_rubric(file: Path | str) -> Rubric:
    """Read a rubric from a TOML file, in the format of the shipped ones.

    Raises:
        DocumentError: `file` is no path.
        TableError: All faults at once, each with file and path.
        UnknownReferenceError: It names a series, a source or a rubric to extend that nobody declares.
    """
    require("file", file, str, Path)
    return _load(Path(file))


@cache
def _shipped() -> dict[str, Rubric]:
    files = sorted(package_data("rubrics").iterdir(), key=lambda entry: entry.name)
    own = [_read(entry) for entry in files if entry.name.endswith(".toml") and entry.name not in NOT_RUBRICS]
    bases = {rubric.id: rubric for rubric in own if rubric.extends is None}
    return {rubric.id: _checked(_extended(rubric, bases, rubric.id), rubric.id) for rubric in own}


def rubrics(*files: Path | str) -> dict[str, Rubric]:
    """The shipped rubrics by id; a file that bears the id of one of them replaces it, any other is added.

    Raises:
        TableError: As `load_rubric`.
    """
    for i, file in enumerate(files):
        require(f"files[{i}]", file, str, Path)
    return _shipped() | {rubric.id: rubric for rubric in map(load_rubric, files)}


def find_rubric(rubric: "Rubric | Path | str") -> Rubric:
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
        f"expected the path of a TOML file or one of {', '.join(sorted(_shipped()))}, got {str(rubric)[:80]!r}"
    )


def _read(file: "Path | Traversable") -> Rubric:
    return load_toml(file, Rubric)


def _load(file: Path) -> Rubric:
    rubric = _read(file)
    bases = {key: value for key, value in _shipped().items() if value.extends is None}
    return _checked(_extended(rubric, bases, str(file)), str(file))


def _extended(rubric: Rubric, bases: dict[str, Rubric], where: str) -> Rubric:
    """The rubric with what it extends in front of its own."""
    if rubric.extends is None:
        return rubric
    if rubric.extends not in bases:
        raise UnknownReferenceError(
            [Problem("extends", f"expected one of {', '.join(bases)}, got {rubric.extends!r}")], where
        )
    base = bases[rubric.extends]
    try:
        return evolve(
            rubric,
            series=base.series + rubric.series,
            criteria=tuple(_attributed(base)) + rubric.criteria,
            sources=base.sources + rubric.sources,
            cautions=base.cautions + rubric.cautions,
        )
    except DocumentError as error:
        raise TableError(error.problems, where) from None


def _attributed(base: Rubric) -> Iterator[Criterion]:
    """The criteria of a rubric, each saying itself what it used to take from the rubric."""
    for criterion in base.criteria:
        yield evolve(criterion, origin=criterion.origin or base.origin, certainty=criterion.certainty or base.certainty)


def _checked(rubric: Rubric, where: str) -> Rubric:
    """The rubric, if every series and source that a criterion names is declared."""
    series = {item.id for item in rubric.series}
    sources = {item.id for item in rubric.sources}
    problems = [
        Problem(
            f"criteria[{i}].series",
            f"expected one of {', '.join(sorted(series)) or 'no series'}, got {criterion.series!r}",
        )
        for i, criterion in enumerate(rubric.criteria)
        if criterion.series not in series and (series or criterion.series is not None)
    ] + [
        Problem(
            f"criteria[{i}].sources[{j}]",
            f"expected one of {', '.join(sorted(sources)) or 'no source'}, got {source!r}",
        )
        for i, criterion in enumerate(rubric.criteria)
        for j, source in enumerate(criterion.sources)
        if source not in sources
    ]
    if problems:
        raise UnknownReferenceError(problems, where)
    return rubric
