"""The schemes as data: who carries them, what they pay, what bounds their sum; those of the package and those of one's own."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

from attrs import Factory, evolve, field, frozen

from qmi_rules.errors import Problem, TableError, UnknownReferenceError, fault
from qmi_rules.law import Certainty, Dated, Procedure, Rule, Source, Table, TableFile
from qmi_rules.law.loading import assemble
from qmi_rules.read_only import to_read_only
from qmi_rules.schema import Wording, load_toml, package_data
from qmi_rules.schema.faults import require, shown
from qmi_rules.schema.scalars import DAY, IDENTIFIER, URL, each, is_a, matching, optional, text, to_tuple, whole

EMAIL = matching(r"[^\s@<>\"']{1,100}@[^\s@<>\"']{3,200}", "an e-mail address")


class Applicant(StrEnum):
    """Who asks for the aid and receives it."""

    COMMUNE = "commune"
    COMPANY = "company"


class Aid(StrEnum):
    """What kind of help a scheme is; only a grant to the commune enters the commune's plan."""

    GRANT = "grant"
    GRANT_AND_ADVANCE = "grant_and_advance"
    TAX_CREDIT = "tax_credit"
    LOAN = "loan"
    SUPPORT = "support"
    VAT_REFUND = "vat_refund"


class StartRule(StrEnum):
    """Whether the purchase may begin before the aid is awarded."""

    FORBIDDEN = "forbidden"
    FORBIDDEN_BY_ANALOGY = "forbidden_by_analogy"
    UNKNOWN = "unknown"


class Moment(StrEnum):
    """When a step is taken, relative to the file and to the signature of the contract."""

    BEFORE_FILING = "before_filing"
    BEFORE_SIGNATURE = "before_signature"
    AFTER_SIGNATURE = "after_signature"


@frozen(kw_only=True)
class Paper:
    """A paper of the file.

    Attributes:
        id: Its name, once in the scheme; empty where a file gives none.
        text: What it is, in French.
        analogous: Known of a sister scheme only.
    """

    OMIT_UNFILLED: ClassVar[bool] = True

    id: str = field(default="", validator=matching("([a-z][a-z0-9_.-]{0,79})?", IDENTIFIER.expected.text))
    text: Wording = field(validator=text(500))
    analogous: bool = field(default=False, validator=is_a(bool))


@frozen(kw_only=True)
class FilingStep:
    """A step of an application.

    Attributes:
        id: Its name, once in the scheme; empty where a file gives none.
        text: What to do, in French.
        moment: When, relative to the file and the signature.
        analogous: Known of a sister scheme only: a warning, not a rule.
        certainty: How sure it is.
    """

    OMIT_UNFILLED: ClassVar[bool] = True

    id: str = field(default="", validator=matching("([a-z][a-z0-9_.-]{0,79})?", IDENTIFIER.expected.text))
    text: Wording = field(validator=text(500))
    moment: Moment
    analogous: bool = field(default=False, validator=is_a(bool))
    certainty: Certainty = field(default=Certainty.CONFIRMED, validator=is_a(Certainty))


@frozen(kw_only=True)
class Scheme:
    """One scheme. When it is open to a project stands in the rule rows that bear its id.

    Attributes:
        id: Its name in the vocabulary.
        label: Its name, French.
        carrier: Who pays, French.
        actor: Who asks for it.
        family: Schemes that some limits take together: ``metropolis``, ``state``…
        aid: What kind of help it is.
        rank: Among equal plans the lower rank is preferred.
        description: What it is for, in our own French words.
        rate: Id of the threshold with the share of the cost that it pays; None = not known.
        ceiling: Id of the threshold with the largest grant, EUR.
        advance: Id of the threshold with the largest recoverable advance, EUR.
        highest_rate: Id of the threshold with the highest rate it can have, where the rate itself is not known.
        on_request: A plan counts it only when it is requested.
        fonds_de_concours: It may be a fonds de concours; whether it is one is an open question.
        known_from: First day for which the table knows it; before, the answer is not known.
        known_until: Last day for which the table knows that it is open; after it the answer is not known. None = the end of
            the year that follows the review of the table.
        newest_source: Year of the most recent dated source that was read on it; None = no source bears a date.
        start: Whether the purchase may begin before the award.
        papers: The papers of the file.
        steps: What to do, in order.
        contact: E-mail address.
        link: Web address.
        legal_basis: Id of the source of the scheme.
        certainty: How sure its existence and object are.
    """

    OMIT_UNFILLED: ClassVar[bool] = True

    id: str = field(validator=IDENTIFIER)
    label: str = field(validator=text(300))
    carrier: str = field(validator=text(300))
    actor: Applicant
    family: str = field(default="other", validator=IDENTIFIER)
    aid: Aid = Aid.GRANT
    rank: int = field(default=50, validator=whole(0, 1_000))
    description: str = field(validator=text(1_000))
    rate: str | None = field(default=None, validator=optional(IDENTIFIER))
    ceiling: str | None = field(default=None, validator=optional(IDENTIFIER))
    advance: str | None = field(default=None, validator=optional(IDENTIFIER))
    highest_rate: str | None = field(default=None, validator=optional(IDENTIFIER))
    on_request: bool = field(default=False, validator=is_a(bool))
    fonds_de_concours: bool = field(default=False, validator=is_a(bool))
    known_from: date | None = field(default=None, validator=optional(DAY))
    known_until: date | None = field(default=None, validator=optional(DAY))
    newest_source: int | None = field(default=None, validator=optional(whole(1990, 2100)))
    start: StartRule = StartRule.UNKNOWN
    papers: tuple[Paper, ...] = field(default=(), converter=to_tuple)
    steps: tuple[FilingStep, ...] = field(default=(), converter=to_tuple)
    contact: str | None = field(default=None, validator=optional(EMAIL))
    link: str | None = field(default=None, validator=optional(URL))
    legal_basis: str = field(validator=IDENTIFIER)
    certainty: Certainty = field(validator=is_a(Certainty))

    @property
    def thresholds(self) -> dict[str, str]:
        """The thresholds it names, by field."""
        named = {
            "rate": self.rate,
            "ceiling": self.ceiling,
            "advance": self.advance,
            "highest_rate": self.highest_rate,
        }
        return {name: threshold for name, threshold in named.items() if threshold is not None}


class LimitKind(StrEnum):
    """What a limit bounds.

    ``own_share``: the commune pays at least a share of the public money. ``joint_ceiling``: the grants of some families
    are at most a share of the cost. ``one_of``: one scheme excludes those of some families. ``fonds_de_concours``: what is
    given by way of fonds de concours is at most what the commune pays itself.
    """

    OWN_SHARE = "own_share"
    JOINT_CEILING = "joint_ceiling"
    ONE_OF = "one_of"
    FONDS_DE_CONCOURS = "fonds_de_concours"


@frozen(kw_only=True)
class StackingLimit:
    """A bound on the sum of grants. When it applies stands in the rule rows that bear its id.

    Attributes:
        id: Its name; conflicts cite it.
        label: What it says, French.
        kind: What it bounds.
        share: Id of the threshold with the share.
        families: The families of schemes it takes together.
        schemes: The schemes it singles out (``one_of``).
        advice: What to do about a conflict, French.
    """

    OMIT_UNFILLED: ClassVar[bool] = True

    id: str = field(validator=IDENTIFIER)
    label: str = field(validator=text(300))
    kind: LimitKind
    share: str | None = field(default=None, validator=optional(IDENTIFIER))
    families: tuple[str, ...] = field(default=(), converter=to_tuple, validator=each(IDENTIFIER))
    schemes: tuple[str, ...] = field(default=(), converter=to_tuple, validator=each(IDENTIFIER))
    advice: str = field(default="", validator=is_a(str))


@frozen(kw_only=True)
class CompanySize:
    """A size of company; the sizes stand from the smallest up, each within the next.

    Attributes:
        id: ``micro``, ``sme``, ``eti``; a firm that is none of them is ``large``.
        label: Its name, French.
        rows: The procedure id of the rule rows that say which firms are of this size or smaller.
    """

    id: str = field(validator=IDENTIFIER)
    label: str = field(validator=text(100))
    rows: str = field(validator=IDENTIFIER)


@frozen(kw_only=True)
class StateAidBasis:
    """A ground on which aid to a company may rest in EU law. Its time is that of the rule rows that bear its id.

    Attributes:
        id: Its name.
        label: Its name, French.
        ceiling: Id of the threshold with the most that a firm may receive on this ground.
        note: What to know, French.
    """

    OMIT_UNFILLED: ClassVar[bool] = True

    id: str = field(validator=IDENTIFIER)
    label: str = field(validator=text(200))
    ceiling: str | None = field(default=None, validator=optional(IDENTIFIER))
    note: str = field(default="", validator=is_a(str))


@frozen(kw_only=True)
class Theme:
    """What a project may be about.

    Attributes:
        id: Its name.
        label: Its name, French.
        fact: Id of the fact that it makes true; None = of none, such as the theme ``other``.
        words: Other ways to write it: lower case, no accents, words separated by single spaces.
    """

    OMIT_UNFILLED: ClassVar[bool] = True

    id: str = field(validator=IDENTIFIER)
    label: str = field(validator=text(200))
    fact: str | None = field(default=None, validator=optional(IDENTIFIER))
    words: tuple[str, ...] = field(default=(), converter=to_tuple, validator=each(text(100)))


@frozen(kw_only=True)
class FundingFile(TableFile):
    """One TOML file of funding schemes: the sections of a table of the law, and those of this room.

    Attributes:
        schemes: The schemes.
        limits: Bounds on the sum of grants.
        sizes: Sizes of companies.
        state_aid: Grounds of State aid.
        themes: Themes of projects.
    """

    schemes: tuple[Scheme, ...] = field(default=(), converter=to_tuple)
    limits: tuple[StackingLimit, ...] = field(default=(), converter=to_tuple)
    sizes: tuple[CompanySize, ...] = field(default=(), converter=to_tuple)
    state_aid: tuple[StateAidBasis, ...] = field(default=(), converter=to_tuple)
    themes: tuple[Theme, ...] = field(default=(), converter=to_tuple)


def _by_subject(table: "SchemeTable") -> dict[str, tuple[Rule, ...]]:
    found: dict[str, list[Rule]] = {}
    for row in table.law.rules:
        found.setdefault(row.procedure, []).append(row)
    return {subject: tuple(rows) for subject, rows in found.items()}


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

    _files: tuple[tuple[str, FundingFile], ...] = field(alias="files", default=(), eq=False, repr=False)
    _rows: dict[str, tuple[Rule, ...]] = field(
        default=Factory(_by_subject, takes_self=True), init=False, eq=False, repr=False
    )

    @property
    def edition(self) -> str:
        """Name of the edition of the schemes."""
        return self.law.edition

    def support(self, subject: str) -> tuple[Dated, ...]:
        """What a limit, size or ground rests on, whatever the day: its rows, and the values that they compare with."""
        rows = self.rows_of(subject)
        named = dict.fromkeys(condition.threshold for row in rows for condition in row.when if condition.threshold)
        return (*rows, *(value for threshold in named for value in self.law.thresholds[threshold].values))

    def basis_of(self, subject: str) -> tuple[Source, ...]:
        """The sources of what a limit, size or ground rests on."""
        return tuple(
            self.law.sources[basis] for basis in dict.fromkeys(one.legal_basis for one in self.support(subject))
        )

    def rows_of(self, subject: str) -> tuple[Rule, ...]:
        """The rows of a scheme, limit, size or ground, whatever the day."""
        return self._rows.get(subject, ())

    def known_until(self, scheme: Scheme) -> date | None:
        """Last day for which a scheme is known: its own, else the end of the year that follows the review of the table.

        Rates, ceilings and credits are set from year to year, and an aid is asked for before the purchase begins: the year
        ahead is what a review can still speak of. None where the table does not say when it was reviewed.
        """
        if scheme.known_until is not None or self.law.reviewed_on is None:
            return scheme.known_until
        return date(self.law.reviewed_on.year + 1, 12, 31)


def load_schemes(*paths: Path | str, alone: bool = False) -> SchemeTable:
    """The schemes of the package with those of one or more TOML files beside them.

    Args:
        paths: A TOML file, or a folder of them; each adds schemes, rows, values, sources, limits of its own.
        alone: True to take these files only: they then hold facts, limits and grounds of State aid too.

    Raises:
        DocumentError: A path is none.
        TableError: All faults of a file at once; each names file, path and what to do.
        UnknownReferenceError: A row or scheme names something that is not declared.

    >>> "innover_dans_la_ville" in load_schemes().schemes
    True
    """
    for i, path in enumerate(paths):
        require(f"paths[{i}]", path, str, Path)
    own: list[tuple[str, FundingFile]] = []
    for path in map(Path, paths):
        files = sorted(path.glob("*.toml")) if path.is_dir() else [path]
        if not files:
            raise TableError(fault("contradiction", "", "no TOML file in this folder"), str(path))
        own += [(str(file), load_toml(file, FundingFile)) for file in files]
    return _assemble(own if alone else [*default_schemes()._files, *own])


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
                    yield fault(
                        "duplicate", f"{where}: {name}[{i}].id", "{id} stands twice; each id once", id=shown(entry.id)
                    )
                seen.add(key)


def _unknown(table: SchemeTable) -> Iterator[Problem]:
    """Every id that a scheme, limit, ground or theme names is declared, and says what is needed."""
    law = table.law
    for scheme in table.schemes.values():
        if scheme.legal_basis not in law.sources:
            yield fault(
                "unknown_id",
                f"schemes[{scheme.id}].legal_basis",
                "unknown source {legal_basis}; declare it",
                legal_basis=shown(scheme.legal_basis),
            )
        for name, threshold in scheme.thresholds.items():
            yield from _measured(law, f"schemes[{scheme.id}].{name}", threshold, "share" if "rate" in name else "EUR")
    for limit in table.limits.values():
        path = f"limits[{limit.id}]"
        if limit.share is not None:
            yield from _measured(law, f"{path}.share", limit.share, "share")
        elif limit.kind in (LimitKind.OWN_SHARE, LimitKind.JOINT_CEILING):
            yield fault("required", f"{path}.share", "required for a limit of the kind {kind}", kind=limit.kind)
        for i, name in enumerate(limit.schemes):
            if name not in table.schemes:
                yield fault("unknown_id", f"{path}.schemes[{i}]", "unknown scheme {name}; declare it", name=shown(name))
    joint = [
        (limit.id, family)
        for limit in table.limits.values()
        if limit.kind is LimitKind.JOINT_CEILING
        for family in limit.families
    ]
    for limit_id, family in joint:  # so that the best plan can be found exactly by filling family after family
        if sum(family == other for _, other in joint) > 1:
            yield fault(
                "duplicate",
                f"limits[{limit_id}].families",
                "expected each family in one joint ceiling, got {got} twice",
                got=shown(family),
            )
    for basis in table.state_aid:
        if basis.ceiling is not None:
            yield from _measured(law, f"state_aid[{basis.id}].ceiling", basis.ceiling, "EUR")
    for theme in table.themes:
        if theme.fact is not None and theme.fact not in law.facts:
            yield fault(
                "unknown_id", f"themes[{theme.id}].fact", "unknown fact {fact}; declare it", fact=shown(theme.fact)
            )


def _measured(law: Table, path: str, id: str, unit: str) -> Iterator[Problem]:
    threshold = law.thresholds.get(id)
    if threshold is None:
        yield fault("unknown_id", path, "unknown threshold {id}; declare it", id=shown(id))
    elif not threshold.unit.startswith(unit):
        yield fault(
            "contradiction", path, "expected a threshold in {unit}, got one in {unit2}", unit=unit, unit2=threshold.unit
        )
    elif unit == "share" and any(value.amount is not None and value.amount > 1 for value in threshold.values):
        yield fault("out_of_range", path, "expected a share from 0 to 1 in {id}", id=shown(id))
