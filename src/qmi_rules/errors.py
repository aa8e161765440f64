"""The error family: everything the library raises on purpose, with what to do about it."""

from collections.abc import Iterable

from attrs import field, frozen


@frozen
class Problem:
    """One fault of a document or a table.

    Attributes:
        path: Where, from the root: ``lots[2].estimated_value``; the empty string is the whole document.
        message: What was expected and what came.
    """

    path: str = field()
    message: str = field()

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" if self.path else self.message


class QmiRulesError(Exception):
    """Root of all errors of the library."""


class _WithProblems(QmiRulesError, ValueError):
    def __init__(self, problems: Iterable[Problem] | str, where: str = "") -> None:
        self.problems: tuple[Problem, ...] = (Problem("", problems),) if isinstance(problems, str) else tuple(problems)
        self.where = where
        super().__init__(self.problems, where)

    def __str__(self) -> str:
        prefix = f"{self.where}: " if self.where else ""
        return "\n".join(f"{prefix}{problem}" for problem in self.problems)

    def __reduce__(self) -> tuple[type, tuple[tuple[Problem, ...], str]]:
        return type(self), (self.problems, self.where)


class DocumentError(_WithProblems):
    """A user's document (or the arguments of a class) is not what was expected.

    Attributes:
        problems: Every fault at once, each with path and message.
        where: The file the document came from, if any.
    """


class UnknownNameError(DocumentError, KeyError):
    """A procedure or a lot was asked for that there is none of; the message lists those there are."""

    def __init__(self, kind: str, name: object, known: Iterable[str]) -> None:
        self.kind, self.name, self.known = kind, name, tuple(known)
        shown = repr(name) if len(repr(name)) <= 80 else repr(name)[:79] + "…"
        super().__init__([Problem(kind, f"no {kind} {shown}; there are {', '.join(self.known) or 'none'}")])

    def __reduce__(self) -> tuple[type, tuple[str, object, tuple[str, ...]]]:  # type: ignore[override]
        return type(self), (self.kind, self.name, self.known)


class TableError(_WithProblems):
    """A table of the law, or another data file, does not load.

    Attributes:
        problems: Every fault at once, each with path and message.
        where: The file at fault.
    """


class UnknownReferenceError(TableError):
    """A row names a source, threshold, fact or procedure that no table declares."""


class OverlappingPeriodsError(TableError):
    """Two values of one series, or two texts of one row, claim the same day."""


class LooseningError(TableError):
    """A local table would open what the law closes."""


class UnsupportedLocaleError(QmiRulesError, LookupError):
    """No catalogue for the language that was asked."""


class MissingExtraError(QmiRulesError, ImportError):
    """An optional part of the library needs packages that are not installed."""

    def __init__(self, extra: str, package: str) -> None:
        self.extra = extra
        self.package = package
        super().__init__(
            f"this needs the package {package!r}, which is not installed: pip install 'qmi-rules[{extra}]'"
        )

    def __reduce__(self) -> tuple[type, tuple[str, str]]:
        return type(self), (self.extra, self.package)
