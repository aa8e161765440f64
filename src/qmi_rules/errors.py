"""The error family: everything the library raises on purpose; every fault has a code, a path, parameters and words in each language."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from json import dumps
from typing import Any, Final, Literal, Protocol, TypeAlias, get_args

from attrs import evolve, field, frozen

from qmi_rules.catalogues import code_of, languages, translations, typeset
from qmi_rules.read_only import to_read_only

FaultCode: TypeAlias = Literal[
    "unknown_key",
    "wrong_type",
    "not_an_amount",
    "not_a_date",
    "out_of_range",
    "unknown_choice",
    "unknown_id",
    "required",
    "duplicate",
    "contradiction",
    "not_an_insee_code",
    "not_a_cpv_code",
    "too_long",
    "too_deep",
    "not_json",
    "newer_format",
    "another_document",
]
"""What is wrong, for programs: these words stay as they are. ``not_json`` is said of any text that is not in its format."""
FAULT_CODES: Final[tuple[FaultCode, ...]] = get_args(FaultCode)
FAULTS_FORMAT: Final = "qmi-rules/faults/1"


@frozen
class Phrase:
    """Words with named places; English here, other languages in their catalogues.

    Attributes:
        text: The words.
        values: What stands in the places; a `Phrase` is translated too, a list is told item after item, anything else stays as it is.
    """

    text: str
    values: Mapping[str, Any] = field(factory=dict, converter=to_read_only, hash=False)

    def say(self, lang: str) -> str:
        """The words in one language.

        Raises:
            UnsupportedLocaleError: There is no catalogue for `lang`.
        """
        code = language_code(lang)
        text = typeset(translations(code).gettext(self.text), code) if self.text else ""
        return text.format_map(
            {name: _told(value, lambda words: words.say(code)) for name, value in self.values.items()}
        )

    def __str__(self) -> str:
        # English needs no catalogue, so that an error can always be shown
        return self.text.format_map({name: _told(value, str) for name, value in self.values.items()})


def _told(value: Any, tell: Callable[[Phrase], str]) -> str:
    if isinstance(value, Phrase):
        return tell(value)
    if isinstance(value, tuple | list):
        return ", ".join(_told(item, tell) for item in value)
    return str(value)


def _plain(value: Any, lang: str) -> Any:
    """A parameter as JSON holds it."""
    match value:
        case None | bool() | int() | str():
            return value
        case Phrase():
            return value.say(lang)
        case date():
            return value.isoformat()
        case Decimal():
            return format(value, "f")
        case tuple() | list():
            return [_plain(item, lang) for item in value]
    return str(value)


def language_code(lang: object) -> str:
    """The code of the language that a tag such as ``"fr-FR"`` means.

    Raises:
        UnsupportedLocaleError: There is no catalogue for it; the message lists those there are.
    """
    if (code := code_of(lang)) is None:
        raise UnsupportedLocaleError(f"no catalogue for the language {lang!r}; there are {', '.join(languages())}")
    return code


@frozen
class Problem:
    """One fault of a document or a table.

    Attributes:
        code: What is wrong, for programs.
        path: Where, from the root: ``lots[2].estimated_value``; the empty string is the whole document.
        params: What the words are filled with: what was expected, what came, which choices there are.
        text: The words, in English, with places for the parameters: what was expected, what came, what to write instead.
    """

    code: FaultCode
    path: str
    params: Mapping[str, Any] = field(factory=dict, converter=to_read_only, hash=False)
    text: str = ""

    @property
    def message(self) -> str:
        """The words in English."""
        return str(Phrase(self.text, self.params))

    def say(self, lang: str) -> str:
        """The words in one language, without the path.

        Raises:
            UnsupportedLocaleError: There is no catalogue for `lang`.
        """
        return Phrase(self.text, self.params).say(lang)

    def at(self, path: str) -> "Problem":
        """The same fault at another path."""
        return evolve(self, path=path)

    def to_dict(self, lang: str = "fr") -> dict[str, Any]:
        """The fault as plain data."""
        return {
            "code": self.code,
            "path": self.path,
            "params": {name: _plain(value, lang) for name, value in self.params.items()},
            "message": self.say(lang),
        }

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" if self.path else self.message


def fault(code: FaultCode, path: str, text: str, /, **params: Any) -> Problem:
    """A fault with its English words; a test sees to it that every such text has its French."""
    return Problem(code, path, params, text)


class QmiRulesError(Exception):
    """Root of all errors of the library."""


class _WithProblems(QmiRulesError, ValueError):
    def __init__(self, problems: Iterable[Problem] | Problem, where: str = "") -> None:
        self.problems: tuple[Problem, ...] = (problems,) if isinstance(problems, Problem) else tuple(problems)
        self.where = where
        super().__init__(self.problems, where)

    def __str__(self) -> str:
        prefix = f"{self.where}: " if self.where else ""
        return "\n".join(f"{prefix}{problem}" for problem in self.problems)

    def say(self, lang: str) -> str:
        """The faults in one language, a line each, with file and path."""
        from_root = ((problem.path, problem.say(lang)) for problem in self.problems)
        return "\n".join(": ".join(part for part in (self.where, *words) if part) for words in from_root)

    def to_dict(self, lang: str = "fr") -> dict[str, Any]:
        """The faults as plain data: what programs read."""
        file = {"where": self.where} if self.where else {}
        return {"format": FAULTS_FORMAT, **file, "faults": [problem.to_dict(lang) for problem in self.problems]}

    def to_json(self, lang: str = "fr") -> str:
        """The faults as a JSON text."""
        return dumps(self.to_dict(lang), ensure_ascii=False)

    def __reduce__(self) -> tuple[type, tuple[tuple[Problem, ...], str]]:
        return type(self), (self.problems, self.where)


class DocumentError(_WithProblems):
    """A user's document (or the arguments of a class) is not what was expected.

    Attributes:
        problems: Every fault at once, each with code, path and words.
        where: The file the document came from, if any.
    """


class UnknownNameError(DocumentError, KeyError):
    """A procedure or a lot was asked for that there is none of; the message lists those there are."""

    def __init__(self, kind: str, name: object, known: Iterable[str]) -> None:
        self.kind, self.name, self.known = kind, name, tuple(known)
        shown = repr(name) if len(repr(name)) <= 80 else repr(name)[:79] + "…"
        super().__init__(
            fault(
                "unknown_id",
                kind,
                "no {kind} {got}; there are {choices}",
                kind=kind,
                got=shown,
                choices=", ".join(self.known) or Phrase("none"),
            )
        )

    def __reduce__(self) -> tuple[type, tuple[str, object, tuple[str, ...]]]:  # type: ignore[override]
        return type(self), (self.kind, self.name, self.known)


class TableError(_WithProblems):
    """A table of the law, or another data file, does not load.

    Attributes:
        problems: Every fault at once, each with code, path and words.
        where: The file at fault.
    """


class UnknownReferenceError(TableError):
    """A row names a source, threshold, fact or procedure that no table declares."""


class OverlappingPeriodsError(TableError):
    """Two values of one series, or two texts of one row, claim the same day."""


class LooseningError(TableError):
    """A local table would open what the law closes."""


class Spoken(Protocol):
    """Something with an id and words in each language."""

    @property
    def id(self) -> str:
        """What it is about."""
        raise NotImplementedError

    def told(self, lang: str) -> Any:
        """Its words as they travel."""
        raise NotImplementedError


class LocalRuleWarning(UserWarning):
    """Local rules shut what the national table opens without speaking of it: allowed, and seldom meant.

    Attributes:
        shut: One remark for each national row, with its id and a case.
        where: The name of the local table.
    """

    def __init__(self, shut: Iterable[Spoken], where: str) -> None:
        self.shut = tuple(shut)
        self.where = where
        super().__init__(self.shut, where)

    def say(self, lang: str) -> str:
        """The rows that are shut in one language, a line each."""
        return "\n".join(f"{self.where}: {one.told(lang)['text']}" for one in self.shut)

    def __str__(self) -> str:
        return self.say(lang="en")


class UnsupportedLocaleError(QmiRulesError, LookupError):
    """No catalogue for the language that was asked."""


class MissingExtraError(QmiRulesError, ImportError):
    """An optional part of the library needs packages that are not installed."""

    def __init__(self, extra: str, package: str) -> None:
        self.extra = extra
        self.package = package
        # no release is published: what is printed here must work from where the reader has the library
        super().__init__(
            f"this needs the package {package!r}, which is not installed; it comes with the extra {extra!r}: "
            f"in a clone of qmi-rules, pip install '.[{extra}]'"
        )

    def __reduce__(self) -> tuple[type, tuple[str, str]]:
        return type(self), (self.extra, self.package)
