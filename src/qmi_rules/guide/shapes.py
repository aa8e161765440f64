"""The shapes that the guide's sections and entries share: a title over a text, a label with its passage, an amount with its side."""

from decimal import Decimal

from attrs import field, frozen

from qmi_rules.documents.scalars import to_decimal
from qmi_rules.guide.words import AMOUNT, ID, LABEL, TEXT, Edge, one_of


@frozen(kw_only=True)
class Section:
    """A part of the guide under its title, in French."""

    title: str = field(validator=LABEL)


@frozen(kw_only=True)
class ToldSection(Section):
    """A part of the guide with what it says, in our words."""

    text: str = field(validator=TEXT)


@frozen(kw_only=True)
class Entry:
    """One thing that a section lists; `label` is shown, `id` names it."""

    id: str = field(validator=ID)
    label: str = field(validator=LABEL)


@frozen(kw_only=True)
class ToldEntry(Entry):
    """One thing that a section lists, with what the guide says of it, in our words."""

    text: str = field(validator=TEXT)


@frozen(kw_only=True)
class AmountEntry(Entry):
    """An amount that the guide prints.

    Attributes:
        edge: What it speaks of: below the amount, exactly at it (where the guide is silent), above it.
        amount: EUR HT, as printed; never the law of a day.
    """

    edge: Edge = field(validator=one_of(Edge))
    amount: Decimal = field(converter=to_decimal, validator=AMOUNT)
