"""What the guide says of buying: definitions and tools, tiers, variants, further reading, cases, figures held against the law."""

from decimal import Decimal

from attrs import field, frozen

from qmi_rules.contexts.buyer import ContractType
from qmi_rules.contexts.territory import INSEE_CODE
from qmi_rules.documents.scalars import matching, optional, to_decimal, to_optional_decimal, to_tuple
from qmi_rules.guide.words import (
    AMOUNT,
    ID,
    IDS,
    LABEL,
    LABELS,
    SOME_ARTICLE,
    SOME_COUNT,
    SOME_EMAIL,
    SOME_TEXT,
    SOME_URL,
    TEXT,
    Edge,
    Room,
    one_of,
)


@frozen(kw_only=True)
class Definition:
    """A definition in our words, with the body that the guide cites for it."""

    id: str = field(validator=ID)
    label: str = field(validator=LABEL)
    attribution: str | None = field(default=None, validator=optional(LABEL))
    text: str = field(validator=TEXT)
    kinds: tuple[str, ...] = field(default=(), converter=to_tuple, validator=LABELS)
    note: str | None = field(default=None, validator=SOME_TEXT)


@frozen(kw_only=True)
class Definitions:
    """The guide's definitions; `legal` points to the law's own."""

    title: str = field(validator=LABEL)
    legal: str = field(validator=TEXT)
    items: tuple[Definition, ...] = field(converter=to_tuple)


@frozen(kw_only=True)
class Tool:
    """A tool to qualify an innovation.

    Attributes:
        named: The criteria that the guide names; never the whole list.
        scale_maximum: Highest mark, where the tool gives one.
        rubric: Id of the rubric of the scoring room that stands for it.
    """

    id: str = field(validator=ID)
    label: str = field(validator=LABEL)
    text: str = field(validator=TEXT)
    link: str | None = field(default=None, validator=SOME_URL)
    email: str | None = field(default=None, validator=SOME_EMAIL)
    scale_maximum: int | None = field(default=None, validator=SOME_COUNT)
    named: tuple[str, ...] = field(converter=to_tuple, validator=LABELS)
    note: str | None = field(default=None, validator=SOME_TEXT)
    rubric: str = field(validator=ID)
    room: Room = field(validator=one_of(Room))


@frozen(kw_only=True)
class Tools:
    """The guide's three tools."""

    title: str = field(validator=LABEL)
    items: tuple[Tool, ...] = field(converter=to_tuple)


@frozen(kw_only=True)
class Replicability:
    """Pointer to the replicability index; its levels are a rubric of the scoring room."""

    title: str = field(validator=LABEL)
    question: str = field(validator=LABEL)
    text: str = field(validator=TEXT)
    rubric: str = field(validator=ID)
    axes: tuple[str, ...] = field(converter=to_tuple, validator=LABELS)
    note: str = field(validator=TEXT)


@frozen(kw_only=True)
class Tier:
    """One of the guide's three tiers, with the amount it prints.

    Attributes:
        edge: The side of the amount it speaks of; the amount itself belongs to no tier.
        amount: EUR HT, as printed; never the law of a day.
    """

    id: str = field(validator=ID)
    label: str = field(validator=LABEL)
    edge: Edge = field(validator=one_of(Edge))
    amount: Decimal = field(converter=to_decimal, validator=AMOUNT)
    text: str = field(validator=TEXT)
    condition: str | None = field(default=None, validator=optional(LABEL))


@frozen(kw_only=True)
class Tiers:
    """The three tiers, what they leave open at the edge, and that they are undated."""

    title: str = field(validator=LABEL)
    text: str = field(validator=TEXT)
    edge: str = field(validator=TEXT)
    caution: str = field(validator=TEXT)
    items: tuple[Tier, ...] = field(converter=to_tuple)


@frozen(kw_only=True)
class Variant:
    """One of the six variants; `procedures` are the ids of procedures or arrangements in the table of the law."""

    id: str = field(validator=ID)
    label: str = field(validator=LABEL)
    procedures: tuple[str, ...] = field(converter=to_tuple, validator=IDS)
    article: str | None = field(default=None, validator=SOME_ARTICLE)
    amount: Decimal | None = field(default=None, converter=to_optional_decimal, validator=optional(AMOUNT))
    text: str = field(validator=TEXT)


@frozen(kw_only=True)
class Variants:
    """The six variants, and what guides the choice between them."""

    title: str = field(validator=LABEL)
    text: str = field(validator=TEXT)
    factors_title: str = field(validator=LABEL)
    factors: tuple[str, ...] = field(converter=to_tuple, validator=LABELS)
    items: tuple[Variant, ...] = field(converter=to_tuple)


@frozen(kw_only=True)
class InnovativeContracts:
    """What the guide says of the innovative purchase and its article."""

    title: str = field(validator=LABEL)
    article: str = field(validator=SOME_ARTICLE)
    amount: Decimal = field(converter=to_decimal, validator=AMOUNT)
    contract_types: tuple[ContractType, ...] = field(converter=to_tuple)
    text: str = field(validator=TEXT)


@frozen(kw_only=True)
class Work:
    """A work to read; its title stays in its own language."""

    id: str = field(validator=ID)
    label: str = field(validator=LABEL)
    authors: tuple[str, ...] = field(default=(), converter=to_tuple, validator=LABELS)


@frozen(kw_only=True)
class FurtherReading:
    """The works that the guide recommends or cites."""

    title: str = field(validator=LABEL)
    note: str = field(validator=TEXT)
    items: tuple[Work, ...] = field(converter=to_tuple)


@frozen(kw_only=True)
class CaseFigure:
    """A figure of a case, with its unit."""

    label: str = field(validator=LABEL)
    value: str = field(validator=LABEL)


@frozen(kw_only=True)
class Case:
    """A solution tried in a commune of the programme.

    Attributes:
        insee_code: The commune's INSEE code (ours).
        example: Name of the purchase document made of it, in the folder of examples.
    """

    id: str = field(validator=ID)
    name: str = field(validator=LABEL)
    text: str = field(validator=TEXT)
    experiment: str = field(validator=TEXT)
    target: str = field(validator=LABEL)
    commune: str = field(validator=LABEL)
    insee_code: str = field(validator=INSEE_CODE)
    place: str = field(validator=LABEL)
    figures: tuple[CaseFigure, ...] = field(default=(), converter=to_tuple)
    note: str | None = field(default=None, validator=SOME_TEXT)
    example: str = field(validator=matching(r"[a-z-]+\.json", "the name of a JSON file"))


@frozen(kw_only=True)
class Cases:
    """The guide's three cases."""

    title: str = field(validator=LABEL)
    text: str = field(validator=TEXT)
    items: tuple[Case, ...] = field(converter=to_tuple)


@frozen(kw_only=True)
class Figure:
    """A figure of the guide that the law can be asked about.

    Attributes:
        edge: What it speaks of: below the amount, exactly at it (where the guide is silent), above it.
        amount: EUR HT, as the guide prints it.
        thresholds: Ids of the law's thresholds that it stands for.
    """

    id: str = field(validator=ID)
    label: str = field(validator=LABEL)
    edge: Edge = field(validator=one_of(Edge))
    amount: Decimal = field(converter=to_decimal, validator=AMOUNT)
    thresholds: tuple[str, ...] = field(converter=to_tuple, validator=IDS)
