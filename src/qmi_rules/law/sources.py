"""Where the law comes from: the texts that rows and values cite."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import cached_property
from itertools import pairwise
from typing import ClassVar, Final

from attrs import evolve, field, frozen

from qmi_rules.catalogues import printed
from qmi_rules.errors import DocumentError, fault
from qmi_rules.law.truth import Certainty
from qmi_rules.pages import message
from qmi_rules.schema import Wording
from qmi_rules.schema.fields import UNFILLED_IS_ABSENT, Layout
from qmi_rules.schema.scalars import DAY, IDENTIFIER, URL, each, is_a, matching, optional, to_tuple
from qmi_rules.schema.scalars import text as a_text

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

SHORT_NAMES: Final[Mapping[str, str]] = {
    "du code général des collectivités territoriales": message("CGCT"),
    "du code de la commande publique": message("CCP"),
    "du code électoral": message("Code électoral"),
    "de la Constitution": message("Constitution"),
}
"""The short names of codes, as every sentence of a card cites them."""
_NAMED_SHORT: Final = {short: name for name, short in SHORT_NAMES.items()}


def _whole_name(text: str) -> str:
    """The name of a text, where a result has told its short one."""
    return _NAMED_SHORT.get(text, text) if isinstance(text, str) else text  # its validator refuses anything else


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
        text: The code, decree or law, in French; a code by its short name (CCP, CGCT) where a result cites it.
        article: The article, if one is meant.
        url: Where the official text can be read: the version of the day where a result cites it and its identifier is known,
            else the whole code, decree or law.
        versions: The dated versions of the article that were read, in order; a source cited in a result has none.
        version_from: First day of the version in force on the day of the result; None in the table, or where it is not known.
    """

    _layout: ClassVar[Layout] = Layout(
        register="sources", entry=("text", "article", "url", "version_from"), entry_as={"text": "short_name"}
    )
    # a decision cites forty articles, thirty-five of them of one code
    id: str = field(validator=IDENTIFIER)
    text: Wording = field(validator=a_text(500), converter=_whole_name)
    article: str | None = field(default=None, validator=optional(a_text(100)))
    url: str | None = field(default=None, validator=optional(URL))
    versions: tuple[ArticleVersion, ...] = field(
        default=(), converter=to_tuple, validator=each(is_a(ArticleVersion)), metadata=UNFILLED_IS_ABSENT
    )
    version_from: date | None = field(default=None, validator=optional(DAY), metadata=UNFILLED_IS_ABSENT)

    @property
    def register_id(self) -> str:
        """Its id in a result."""
        return self.id

    @property
    def short_name(self) -> str:
        """The name of its text as a result tells it."""
        return SHORT_NAMES.get(self.text, self.text)

    def __attrs_post_init__(self) -> None:
        for i, (version, following) in enumerate(pairwise(self.versions)):
            if version.effective_until is None or version.effective_until >= (following.effective_from or date.min):
                words = "expected a day before the next version begins"
                raise DocumentError(fault("contradiction", f"versions[{i}].effective_until", words))

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
        """The same in the reader's language: the article as print has it, the name of its text translated."""
        if not self.article:
            return say(self.text)
        number = printed(self.article)
        # a number without a letter is no article by itself; the word is the same in both languages
        return f"{'article ' if number[0].isdigit() else ''}{number} {say(self.text)}"
