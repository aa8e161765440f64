"""Loading the schemes: those of the package, and a commune's or integrator's own laid beside them."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from attrs import evolve, field, frozen

from qmi_rules.documents import load_toml, package_data
from qmi_rules.documents.read_only import to_read_only
from qmi_rules.documents.scalars import require
from qmi_rules.errors import Problem, TableError, UnknownReferenceError
from qmi_rules.funding.funding_file import CompanySize, FundingFile, StateAidBasis, Theme
from qmi_rules.funding.limits import LimitKind, StackingLimit
from qmi_rules.funding.schemes import Scheme
from qmi_rules.law import Procedure, Table
from qmi_rules.law.loading import assemble


@frozen(kw_only=True)
class SchemeTable:
    """The schemes as data. Frozen; compares by value.

    Attributes:
        law: The rule rows, dated values and sources, as a table of the law.
        schemes: The schemes by id, in the order of their ranks.
        limits: Bounds on the sum of grants, by id.
        sizes: Sizes of companies, the smallest first.
        state_aid: Grounds of State aid.
        themes: Themes of projects.
    """

    law: Table
    schemes: Mapping[str, Scheme] = field(converter=to_read_only)
    limits: Mapping[str, StackingLimit] = field(converter=to_read_only)
    sizes: tuple[CompanySize, ...]
    state_aid: tuple[StateAidBasis, ...]
    themes: tuple[Theme, ...]

    _files: tuple[tuple[str, FundingFile], ...] = field(default=(), eq=False, repr=False)

    @property
    def edition(self) -> str:
        """Name of the edition of the schemes."""
        return self.law.edition

    def known_until(self, scheme: Scheme) -> date | None:
        """Last day for which a scheme is known: its own, else the end of the year that follows the review of the table.

        Rates, ceilings and credits are set from year to year, and an aid is asked for before the purchase begins: the year
        ahead is what a review can still speak of. None where the table does not say when it was reviewed.
        """
        if scheme.known_until is not None or self.law.reviewed_on is None:
            return scheme.known_until
        return date(self.law.reviewed_on.year + 1, 12, 31)


def load_schemes(*paths: Path | str) -> SchemeTable:
    """The schemes of the package with those of one or more TOML files beside them.

    Args:
        paths: A TOML file, or a folder of them; each adds schemes, rows, values, sources, limits of its own.

    Raises:
        DocumentError: A path is none.
        TableError: All faults of a file at once; each names file, path and what to do.
        UnknownReferenceError: A row or scheme names something that is not declared.
    """
    for i, path in enumerate(paths):
        require(f"paths[{i}]", path, str, Path)
    own: list[tuple[str, FundingFile]] = []
    for path in map(Path, paths):
        files = sorted(path.glob("*.toml")) if path.is_dir() else [path]
        if not files:
            raise TableError("no TOML file in this folder", str(path))
        own += [(str(file), load_toml(file, FundingFile)) for file in files]
    return _assemble([*default_schemes()._files, *own])


@cache
def default_schemes() -> SchemeTable:
    """The schemes of the package."""
    folder = package_data("funding")
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".toml")), key=lambda file: file.name)
    return _assemble([(file.name, load_toml(file, FundingFile)) for file in files])


def _assemble(files: list[tuple[str, FundingFile]]) -> SchemeTable:
    """One table; schemes, limits, sizes and grounds are put to the law's table as what its rows speak of."""
    if problems := [*_repeated(files)]:
        raise TableError(problems)
    law = assemble([(where, evolve(content, procedures=_subjects(content))) for where, content in files])
    schemes = [scheme for _, content in files for scheme in content.schemes]
    table = SchemeTable(
        law=law,
        schemes={scheme.id: scheme for scheme in sorted(schemes, key=lambda one: (one.rank, one.id))},
        limits={limit.id: limit for _, content in files for limit in content.limits},
        sizes=tuple(size for _, content in files for size in content.sizes),
        state_aid=tuple(basis for _, content in files for basis in content.state_aid),
        themes=tuple(theme for _, content in files for theme in content.themes),
        files=tuple(files),
    )
    if problems := [*_unknown(table)]:
        raise UnknownReferenceError(problems)
    return table


def _subjects(content: FundingFile) -> tuple[Procedure, ...]:
    return (
        *content.procedures,
        *(Procedure(id=scheme.id, label=scheme.label) for scheme in content.schemes),
        *(Procedure(id=limit.id, label=limit.label) for limit in content.limits),
        *(Procedure(id=basis.id, label=basis.label) for basis in content.state_aid),
        *(Procedure(id=size.rows, label=size.label) for size in content.sizes),
    )


def _repeated(files: Iterable[tuple[str, FundingFile]]) -> Iterator[Problem]:
    seen: set[str] = set()
    for where, content in files:
        for name in ("schemes", "limits", "sizes", "state_aid", "themes"):
            entries: tuple[Any, ...] = getattr(content, name)
            for i, entry in enumerate(entries):
                key = f"{'themes' if name == 'themes' else ''}{entry.id}"
                if key in seen:
                    yield Problem(f"{where}: {name}[{i}].id", f"{entry.id!r} stands twice; each id once")
                seen.add(key)


def _unknown(table: SchemeTable) -> Iterator[Problem]:
    """Every id that a scheme, limit, ground or theme names is declared, and says what is needed."""
    law = table.law
    for scheme in table.schemes.values():
        if scheme.legal_basis not in law.sources:
            yield Problem(f"schemes[{scheme.id}].legal_basis", f"unknown source {scheme.legal_basis!r}; declare it")
        for name, threshold in scheme.thresholds.items():
            yield from _measured(law, f"schemes[{scheme.id}].{name}", threshold, "share" if "rate" in name else "EUR")
    for limit in table.limits.values():
        path = f"limits[{limit.id}]"
        if limit.share is not None:
            yield from _measured(law, f"{path}.share", limit.share, "share")
        elif limit.kind in (LimitKind.OWN_SHARE, LimitKind.JOINT_CEILING):
            yield Problem(f"{path}.share", f"required for a limit of the kind {limit.kind}")
        for i, name in enumerate(limit.schemes):
            if name not in table.schemes:
                yield Problem(f"{path}.schemes[{i}]", f"unknown scheme {name!r}; declare it")
    joint = [
        (limit.id, family)
        for limit in table.limits.values()
        if limit.kind is LimitKind.JOINT_CEILING
        for family in limit.families
    ]
    for limit_id, family in joint:  # so that the best plan can be found exactly by filling family after family
        if sum(family == other for _, other in joint) > 1:
            yield Problem(
                f"limits[{limit_id}].families", f"expected each family in one joint ceiling, got {family!r} twice"
            )
    for basis in table.state_aid:
        if basis.ceiling is not None:
            yield from _measured(law, f"state_aid[{basis.id}].ceiling", basis.ceiling, "EUR")
    for theme in table.themes:
        if theme.fact is not None and theme.fact not in law.facts:
            yield Problem(f"themes[{theme.id}].fact", f"unknown fact {theme.fact!r}; declare it")


def _measured(law: Table, path: str, id: str, unit: str) -> Iterator[Problem]:
    threshold = law.thresholds.get(id)
    if threshold is None:
        yield Problem(path, f"unknown threshold {id!r}; declare it")
    elif not threshold.unit.startswith(unit):
        yield Problem(path, f"expected a threshold in {unit}, got one in {threshold.unit}")
    elif unit == "share" and any(value.amount is not None and value.amount > 1 for value in threshold.values):
        yield Problem(path, f"expected a share from 0 to 1 in {id!r}")
