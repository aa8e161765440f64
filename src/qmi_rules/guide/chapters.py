"""The guide's chapters and what they list: one shape for all of them, and how each becomes part of a page."""

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar

from attrs import field, frozen

from qmi_rules.errors import DocumentError, fault
from qmi_rules.law import Certainty
from qmi_rules.model.insee import INSEE_CODE
from qmi_rules.read_only import to_read_only
from qmi_rules.schema import Wording
from qmi_rules.schema.scalars import (
    IDENTIFIER,
    URL,
    each,
    is_a,
    matching,
    one_of,
    optional,
    text,
    to_decimal,
    to_tuple,
)

LABEL = text(300)
TEXT = text(2_000)
SOME_TEXT = optional(TEXT)


class Room(StrEnum):
    """The room of the library that answers a question; ``none`` where people do."""

    PROCUREMENT = "procurement"
    SCORING = "scoring"
    FUNDING = "funding"
    BUDGET_CALENDAR = "budget_calendar"
    NONE = "none"


class Edge(StrEnum):
    """On which side of an amount the guide says something; at ``exactly`` the amount it says nothing."""

    BELOW = "below"
    EXACTLY = "exactly"
    ABOVE = "above"


@frozen(kw_only=True)
class Detail:
    """A further thing that is told, under a label of its own."""

    label: Wording = field(validator=LABEL)
    text: Wording = field(validator=TEXT)


@frozen(kw_only=True)
class Entry:
    """One thing that a chapter lists. What readers see is words; the rest is for programs and points elsewhere.

    Attributes:
        id: Names it.
        label: Its name, or all there is to say of it.
        text: What the guide says of it, in our words.
        details: What else it says, each under a label.
        note: What a reader should know about it.
        certainty: How sure it is, where that is known; the note of what is unverified says why.
        email: Where to write.
        link: Where to read on.
        numbers: The numbers that its words hold, by name; an amount is in euros.
        article: The article that the guide names.
        procedures: Ids of procedures or arrangements in the table of the law.
        rubric: Id of the rubric of the scoring room that stands for it.
        room: The room of the library that helps with it.
        insee_code: The commune where it was tried (ours).
        example: Name of the purchase document made of it, in the folder of examples (ours).
    """

    OMIT_UNFILLED: ClassVar[bool] = True

    id: str = field(validator=IDENTIFIER)
    label: Wording = field(validator=LABEL)
    text: Wording | None = field(default=None, validator=SOME_TEXT)
    details: tuple[Detail, ...] = field(default=(), converter=to_tuple)
    note: Wording | None = field(default=None, validator=SOME_TEXT)
    certainty: Certainty | None = field(default=None, validator=optional(one_of(Certainty)))
    email: str | None = field(
        default=None, validator=optional(matching(r"[^\s@<>]{1,100}@[^\s@<>]{1,100}", "an e-mail address"))
    )
    link: str | None = field(default=None, validator=optional(URL))
    numbers: Mapping[str, int] = field(factory=dict, converter=to_read_only)
    article: str | None = field(
        default=None, validator=optional(matching(r"[LRD]\d{4}-\d+(-\d+)*", 'an article such as "R2122-10"'))
    )
    procedures: tuple[str, ...] = field(default=(), converter=to_tuple, validator=each(IDENTIFIER))
    rubric: str | None = field(default=None, validator=optional(IDENTIFIER))
    room: Room | None = field(default=None, validator=optional(one_of(Room)))
    insee_code: str | None = field(default=None, validator=optional(INSEE_CODE))
    example: str | None = field(default=None, validator=optional(matching(r"[a-z-]+\.json", "the name of a JSON file")))

    def __attrs_post_init__(self) -> None:
        if self.certainty is Certainty.UNVERIFIED and not self.note:
            raise DocumentError(
                [fault("contradiction", "note", "expected what is to be verified, since the entry is unverified")]
            )


@frozen(kw_only=True)
class Chapter:
    """A part of the guide under its title.

    Attributes:
        lead: A few words that stand out before the text.
        text: What it says, paragraph by paragraph.
        details: What else it says, each under a label.
        items_title: A title over what it lists.
        items: What it lists.
        closing: What it says after the list.
        caution: What we add: how far it can be relied on.
        link: Where to read on.
        numbers: The numbers that its words hold, by name.
        rubric: Id of the rubric of the scoring room that stands for it.
    """

    OMIT_UNFILLED: ClassVar[bool] = True

    title: Wording = field(validator=LABEL)
    lead: Wording | None = field(default=None, validator=optional(LABEL))
    text: tuple[Wording, ...] = field(default=(), converter=to_tuple, validator=each(TEXT))
    details: tuple[Detail, ...] = field(default=(), converter=to_tuple)
    items_title: Wording | None = field(default=None, validator=optional(LABEL))
    items: tuple[Entry, ...] = field(default=(), converter=to_tuple)
    closing: tuple[Wording, ...] = field(default=(), converter=to_tuple, validator=each(TEXT))
    caution: Wording | None = field(default=None, validator=SOME_TEXT)
    link: str | None = field(default=None, validator=optional(URL))
    numbers: Mapping[str, int] = field(factory=dict, converter=to_read_only)
    rubric: str | None = field(default=None, validator=optional(IDENTIFIER))


@frozen(kw_only=True)
class PrintedAmount:
    """An amount that the guide prints and that the law can be asked about.

    Attributes:
        label: What the guide says of it, in French.
        edge: What it speaks of: below the amount, exactly at it (where the guide is silent), above it.
        amount: EUR HT, as printed; never the law of a day.
        thresholds: Ids of the law's thresholds that it stands for.
    """

    id: str = field(validator=IDENTIFIER)
    label: Wording = field(validator=LABEL)
    edge: Edge = field(validator=one_of(Edge))
    amount: Decimal = field(converter=to_decimal, validator=is_a(Decimal, "an amount in euros"))
    thresholds: tuple[str, ...] = field(converter=to_tuple, validator=each(IDENTIFIER))
