"""What every value and row of the law says of itself: from which text, from when until when, and how sure the table is of it."""

from datetime import date
from typing import ClassVar

from attrs import field, frozen

from qmi_rules.errors import DocumentError, fault
from qmi_rules.law.truth import Certainty as Certainty
from qmi_rules.schema.scalars import DAY, IDENTIFIER, is_a, optional
from qmi_rules.schema.scalars import text as a_text


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
