"""Where the law comes from: the texts that rows and values cite, and how sure the table is of what it took from them."""

from collections.abc import Callable
from datetime import date
from enum import StrEnum
from functools import cached_property
from itertools import pairwise
from typing import ClassVar

from attrs import evolve, field, frozen

from qmi_rules.documents.document import UNFILLED_IS_ABSENT
from qmi_rules.documents.scalars import DAY, IDENTIFIER, URL, each, is_a, matching, optional, to_tuple
from qmi_rules.documents.scalars import text as a_text
from qmi_rules.errors import DocumentError, fault


class Certainty(StrEnum):
    """How sure a fact of law is.

    ``confirmed``: two or more sources agree. ``single_source``: one source, or deduced from confirmed facts.
    ``unverified``: general knowledge or secondary sources; the text itself must be read before one relies on it.
    """

    CONFIRMED = "confirmed"
    SINGLE_SOURCE = "single_source"
    UNVERIFIED = "unverified"


_ADDRESSES = {
    "LEGIARTI": "https://www.legifrance.gouv.fr/codes/article_lc/{}",
    "JORFTEXT": "https://www.legifrance.gouv.fr/jorf/id/{}",
    "JORFARTI": "https://www.legifrance.gouv.fr/jorf/article_jo/{}",
}
_EUR_LEX = "https://eur-lex.europa.eu/legal-content/FR/TXT/?uri=CELEX:{}"
_IDENTIFIER = matching(
    rf"({'|'.join(_ADDRESSES)})[0-9]{{12}}|[0-9]{{5}}[A-Z]{{1,2}}[0-9]{{4}}(-[0-9]{{8}})?",
    "an identifier of Légifrance (LEGIARTI000053222294) or a CELEX number (32025R2152)",
)


@frozen(kw_only=True)
class ArticleVersion:
    """The text that an article had for a time.

    Attributes:
        effective_from: First day of this version; None = not known.
        effective_until: Last day; None = no end known.
        identifier: Its identifier on Légifrance, or the CELEX number of an act of the Union; None = not known.
        read_on: Day the maintainers read it; None = not noted.
        read_from: Where they read it.
        certainty: How sure the days are.
    """

    OMIT_UNFILLED: ClassVar[bool] = True

    effective_from: date | None = field(default=None, validator=optional(DAY))
    effective_until: date | None = field(default=None, validator=optional(DAY))
    identifier: str | None = field(default=None, validator=optional(_IDENTIFIER))
    read_on: date | None = field(default=None, validator=optional(DAY))
    read_from: str = field(validator=a_text(2_000))
    certainty: Certainty = field(validator=is_a(Certainty))

    @property
    def url(self) -> str | None:
        """Where this very version can be read; None where its identifier is not known."""
        if self.identifier is None:
            return None
        return _ADDRESSES.get(self.identifier[:8], _EUR_LEX).format(self.identifier)

    def holds_on(self, day: date) -> bool:
        """Whether the article had this text on a day."""
        return (self.effective_from or date.min) <= day <= (self.effective_until or date.max)


@frozen(kw_only=True)
class Source:
    """A legal text as rows and values cite it.

    Attributes:
        id: Key by which rows and values name it.
        text: The code, decree or law, in French.
        article: The article, if one is meant.
        url: Where the official text can be read: the version of the day where a result cites it and its identifier is known,
            else the whole code, decree or law.
        versions: The dated versions of the article that were read, in order; a source cited in a result has none.
        version_from: First day of the version in force on the day of the result; None in the table, or where it is not known.
    """

    id: str = field(validator=IDENTIFIER)
    text: str = field(validator=a_text(500))
    article: str | None = field(default=None, validator=optional(a_text(100)))
    url: str | None = field(default=None, validator=optional(URL))
    versions: tuple[ArticleVersion, ...] = field(
        default=(), converter=to_tuple, validator=each(is_a(ArticleVersion)), metadata=UNFILLED_IS_ABSENT
    )
    version_from: date | None = field(default=None, validator=optional(DAY), metadata=UNFILLED_IS_ABSENT)

    def __attrs_post_init__(self) -> None:
        for i, (version, following) in enumerate(pairwise(self.versions)):
            if version.effective_until is None or version.effective_until >= (following.effective_from or date.min):
                raise DocumentError(
                    [
                        fault(
                            "contradiction",
                            f"versions[{i}].effective_until",
                            "expected a day before the next version begins",
                        )
                    ]
                )

    def version_on(self, day: date) -> ArticleVersion | None:
        """The version in force on a day, as far as the table knows."""
        return next((version for version in self.versions if version.holds_on(day)), None)

    def on(self, day: date) -> "Source":
        """The source as a result of that day cites it: with the address of the version then in force."""
        if not self.versions:
            return self
        version = self.version_on(day)
        return self._without_version if version is None else self._dated[self.versions.index(version)]

    @cached_property
    def _without_version(self) -> "Source":
        return Source(id=self.id, text=self.text, article=self.article, url=self.url)

    @cached_property
    def _dated(self) -> "tuple[Source, ...]":
        return tuple(
            evolve(self._without_version, url=version.url or self.url, version_from=version.effective_from)
            for version in self.versions
        )

    @property
    def citation(self) -> str:
        """The article with the short name of its text, as a sentence cites it."""
        return f"{self.article} {self.text}" if self.article else self.text

    def said(self, say: Callable[[str], str]) -> str:
        """The same in the reader's language: the article stays, the name of its text is translated."""
        return f"{self.article} {say(self.text)}" if self.article else say(self.text)


@frozen(kw_only=True)
class Dated:
    """What every row and value of the table must say of itself.

    Attributes:
        legal_basis: Id of the source it rests on.
        source: Where the maintainers read it.
        published_on: Day the text was published: before it, nobody could know.
        effective_from: First day it is in force (consultations launched from then on).
        effective_until: Last day; None = no end known.
        end_published_on: Day the text that ended it was published; None = the end was known from the start.
        certainty: How sure it is.
        note: What a maintainer or a jurist should know about it.
    """

    OMIT_UNFILLED: ClassVar[bool] = True

    legal_basis: str = field(validator=IDENTIFIER)
    source: str = field(validator=a_text(2_000))
    published_on: date = field(validator=DAY)
    effective_from: date = field(validator=DAY)
    effective_until: date | None = field(default=None, validator=optional(DAY))
    end_published_on: date | None = field(default=None, validator=optional(DAY))
    certainty: Certainty = field(validator=is_a(Certainty))
    note: str | None = field(default=None, validator=optional(a_text(2_000)))

    def __attrs_post_init__(self) -> None:
        if self.effective_until is not None and self.effective_until < self.effective_from:
            raise DocumentError(
                [
                    fault(
                        "contradiction",
                        "effective_until",
                        "expected a day from {effective_from} (effective_from) on, got {got}",
                        effective_from=self.effective_from,
                        got=self.effective_until,
                    )
                ]
            )

    def ends(self, known_on: date | None) -> date | None:
        """Its last day, as far as one could know by `known_on`."""
        if known_on is not None and self.end_published_on is not None and self.end_published_on > known_on:
            return None
        return self.effective_until

    def begun_on(self, day: date, known_on: date | None = None) -> bool:
        """Whether its first day has come, and one could know of it by `known_on`."""
        return self.effective_from <= day and (known_on is None or self.published_on <= known_on)

    def holds_on(self, day: date, known_on: date | None = None) -> bool:
        """Whether it is in force on a day, as far as one could know by `known_on`."""
        if not self.begun_on(day, known_on):
            return False
        end = self.ends(known_on)
        return end is None or day <= end
