"""What the guide says of itself and of its programme: its warning, key figures, advice, funds, resources and contacts."""

from decimal import Decimal

from attrs import field, frozen

from qmi_rules.documents.scalars import is_a, matching, optional, to_optional_decimal, to_tuple, whole
from qmi_rules.guide.shapes import Section, ToldEntry, ToldSection
from qmi_rules.guide.words import (
    AMOUNT,
    ID,
    LABEL,
    LABELS,
    SOME_COUNT,
    SOME_EMAIL,
    SOME_PERCENT,
    SOME_TEXT,
    SOME_URL,
    TEXT,
    Actor,
    Room,
    one_of,
)
from qmi_rules.law.sources import Certainty

CERTAINTY = is_a(Certainty)
ROOM = one_of(Room)


@frozen(kw_only=True)
class About:
    """What the guide is, and the warning that goes with every answer drawn from it.

    Attributes:
        disclaimer: What the guide says of its own limits.
        caution: What we add: undated amounts, our wording.
    """

    title: str = field(validator=LABEL)
    subtitle: str = field(validator=LABEL)
    publisher: str = field(validator=LABEL)
    partner: str = field(validator=LABEL)
    dated: str = field(validator=TEXT)
    purpose: str = field(validator=TEXT)
    call_to_action: str = field(validator=TEXT)
    disclaimer_title: str = field(validator=LABEL)
    disclaimer: str = field(validator=TEXT)
    caution: str = field(validator=TEXT)


@frozen(kw_only=True)
class KeyFigure:
    """One result of the programme's first edition, with how sure it is."""

    id: str = field(validator=ID)
    text: str = field(validator=TEXT)
    communes: tuple[str, ...] = field(default=(), converter=to_tuple, validator=LABELS)
    count: int | None = field(default=None, validator=SOME_COUNT)
    percent: int | None = field(default=None, validator=SOME_PERCENT)
    certainty: Certainty = field(validator=CERTAINTY)
    note: str | None = field(default=None, validator=SOME_TEXT)


@frozen(kw_only=True)
class Programme:
    """The programme that the guide draws on.

    Attributes:
        projects: About how many projects by `projects_by` (year and month).
    """

    name: str = field(validator=LABEL)
    question: str = field(validator=LABEL)
    since: int = field(validator=whole(2000, 2100))
    training_years: int = field(validator=whole(0, 10))
    communes: int = field(validator=whole())
    projects: int = field(validator=whole())
    projects_by: str = field(validator=matching(r"\d{4}-\d{2}", 'a month such as "2026-12"'))
    presentation: str = field(validator=TEXT)
    state: str = field(validator=TEXT)
    state_note: str = field(validator=TEXT)
    link: str | None = field(default=None, validator=SOME_URL)
    partners_title: str = field(validator=LABEL)
    partners: tuple[str, ...] = field(converter=to_tuple, validator=LABELS)
    figures_title: str = field(validator=LABEL)
    figures: tuple[KeyFigure, ...] = field(converter=to_tuple)


@frozen(kw_only=True)
class ScalingUp(ToldSection):
    """Why it is hard to go on after a trial, and what a tried solution is worth."""

    heard_title: str = field(validator=LABEL)
    heard: tuple[str, ...] = field(converter=to_tuple, validator=LABELS)
    why_a_tested_solution: str = field(validator=TEXT)


@frozen(kw_only=True)
class Advice(ToldEntry):
    """A piece of advice: a success factor or a point that moves the calendar.

    Attributes:
        tip: What a commune of the programme advises, in our words.
        tip_by: Who, where the guide says so.
        room: The room of the library that helps with it.
    """

    tip: str | None = field(default=None, validator=SOME_TEXT)
    tip_by: str | None = field(default=None, validator=SOME_TEXT)
    room: Room = field(validator=ROOM)


@frozen(kw_only=True)
class AdviceList(Section):
    """Pieces of advice under one title."""

    part_title: str | None = field(default=None, validator=optional(LABEL))
    items: tuple[Advice, ...] = field(converter=to_tuple)


@frozen(kw_only=True)
class Communication(ToldSection):
    """The advice to involve people early: when, and whom."""

    motto: str = field(validator=LABEL)
    when: str = field(validator=LABEL)
    who: tuple[str, ...] = field(converter=to_tuple, validator=LABELS)


@frozen(kw_only=True)
class Fund(ToldEntry):
    """A funding lever as the guide prints it; the funding room knows its conditions.

    Attributes:
        id: The scheme's id in the funding room.
        carrier: Who pays.
        actor: Who applies.
        rate_percent: Share of the cost.
        grant_maximum: Highest grant, euros.
        advance_maximum: Highest recoverable advance, euros.
    """

    carrier: str = field(validator=LABEL)
    actor: Actor = field(validator=one_of(Actor))
    beneficiaries: tuple[str, ...] = field(converter=to_tuple, validator=LABELS)
    rate_percent: int | None = field(default=None, validator=SOME_PERCENT)
    grant_maximum: Decimal | None = field(default=None, converter=to_optional_decimal, validator=optional(AMOUNT))
    advance_maximum: Decimal | None = field(default=None, converter=to_optional_decimal, validator=optional(AMOUNT))
    link: str | None = field(default=None, validator=SOME_URL)
    certainty: Certainty = field(validator=CERTAINTY)
    note: str | None = field(default=None, validator=SOME_TEXT)


@frozen(kw_only=True)
class Funds(Section):
    """The guide's funding levers."""

    part_title: str = field(validator=LABEL)
    closing: str = field(validator=TEXT)
    items: tuple[Fund, ...] = field(converter=to_tuple)


@frozen(kw_only=True)
class Resources(ToldSection):
    """Where the solutions already tried are presented."""

    support_months: int = field(validator=whole(0, 120))
    link: str | None = field(default=None, validator=SOME_URL)


@frozen(kw_only=True)
class Contact:
    """Whom to write to."""

    id: str = field(validator=ID)
    name: str = field(validator=LABEL)
    email: str | None = field(default=None, validator=SOME_EMAIL)
    site: str | None = field(default=None, validator=SOME_URL)
    note: str | None = field(default=None, validator=SOME_TEXT)


@frozen(kw_only=True)
class Contacts(ToldSection):
    """The programme's community and its two teams."""

    communes: int = field(validator=whole())
    projects_more_than: int = field(validator=whole())
    people_about: int = field(validator=whole())
    items: tuple[Contact, ...] = field(converter=to_tuple)
