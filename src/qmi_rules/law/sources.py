"""Where the law comes from: the texts that rows and values cite, and how sure the table is of what it took from them."""

from collections.abc import Callable
from datetime import date
from enum import StrEnum
from typing import ClassVar

from attrs import field, frozen

from qmi_rules.documents.scalars import DAY, IDENTIFIER, URL, is_a, optional
from qmi_rules.documents.scalars import text as a_text
from qmi_rules.errors import DocumentError, Problem


class Certainty(StrEnum):
    """How sure a fact of law is.

    ``confirmed``: two or more sources agree. ``single_source``: one source, or deduced from confirmed facts.
    ``unverified``: general knowledge or secondary sources; the text itself must be read before one relies on it.
    """

    CONFIRMED = "confirmed"
    SINGLE_SOURCE = "single_source"
    UNVERIFIED = "unverified"


@frozen(kw_only=True)
class Source:
    """A legal text as rows and values cite it.

    Attributes:
        id: Key by which rows and values name it.
        text: The code, decree or law, in French.
        article: The article, if one is meant.
        url: Where the official text can be read.
    """

    id: str = field(validator=IDENTIFIER)
    text: str = field(validator=a_text(500))
    article: str | None = field(default=None, validator=optional(a_text(100)))
    url: str | None = field(default=None, validator=optional(URL))

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
                    Problem(
                        "effective_until",
                        f"expected a day from {self.effective_from} (effective_from) on, got {self.effective_until}",
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
