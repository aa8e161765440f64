"""What the guide says of buying: definitions and tools, tiers, variants, further reading, cases, figures held against the law."""

from decimal import Decimal

from attrs import field, frozen

from qmi_rules.contexts.buyer import ContractType
from qmi_rules.contexts.territory import INSEE_CODE
from qmi_rules.documents.scalars import matching, optional, to_decimal, to_optional_decimal, to_tuple
from qmi_rules.guide.shapes import AmountEntry, Entry, Section, ToldEntry, ToldSection
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
    Room,
    one_of,
)


@frozen(kw_only=True)
class Definition(ToldEntry):
    """A definition in our words, with the body that the guide cites for it."""

    attribution: str | None = field(default=None, validator=optional(LABEL))
    kinds: tuple[str, ...] = field(default=(), converter=to_tuple, validator=LABELS)
    note: str | None = field(default=None, validator=SOME_TEXT)


@frozen(kw_only=True)
class Definitions(Section):
    """The guide's definitions; `legal` points to the law's own."""

    legal: str = field(validator=TEXT)
    items: tuple[Definition, ...] = field(converter=to_tuple)


@frozen(kw_only=True)
class Tool(ToldEntry):
    """A tool to qualify an innovation.

    Attributes:
        named: The criteria that the guide names; never the whole list.
        scale_maximum: Highest mark, where the tool gives one.
        rubric: Id of the rubric of the scoring room that stands for it.
    """

    link: str | None = field(default=None, validator=SOME_URL)
    email: str | None = field(default=None, validator=SOME_EMAIL)
    scale_maximum: int | None = field(default=None, validator=SOME_COUNT)
    named: tuple[str, ...] = field(converter=to_tuple, validator=LABELS)
    note: str | None = field(default=None, validator=SOME_TEXT)
    rubric: str = field(validator=ID)
    room: Room = field(validator=one_of(Room))


@frozen(kw_only=True)
class Tools(Section):
    """The guide's three tools."""

    items: tuple[Tool, ...] = field(converter=to_tuple)


@frozen(kw_only=True)
class Replicability(ToldSection):
    """Pointer to the replicability index; its levels are a rubric of the scoring room."""

    question: str = field(validator=LABEL)
    rubric: str = field(validator=ID)
    axes: tuple[str, ...] = field(converter=to_tuple, validator=LABELS)
    note: str = field(validator=TEXT)


@frozen(kw_only=True)
class Tier(AmountEntry):
    """One of the guide's three tiers; the amount itself belongs to no tier."""

    text: str = field(validator=TEXT)
    condition: str | None = field(default=None, validator=optional(LABEL))


@frozen(kw_only=True)
class Tiers(ToldSection):
    """The three tiers, what they leave open at the edge, and that they are undated."""

    edge: str = field(validator=TEXT)
    caution: str = field(validator=TEXT)
    items: tuple[Tier, ...] = field(converter=to_tuple)


@frozen(kw_only=True)
class Variant(ToldEntry):
    """One of the six variants; `procedures` are the ids of procedures or arrangements in the table of the law."""

    procedures: tuple[str, ...] = field(converter=to_tuple, validator=IDS)
    article: str | None = field(default=None, validator=SOME_ARTICLE)
    amount: Decimal | None = field(default=None, converter=to_optional_decimal, validator=optional(AMOUNT))


@frozen(kw_only=True)
class Variants(ToldSection):
    """The six variants, and what guides the choice between them."""

    factors_title: str = field(validator=LABEL)
    factors: tuple[str, ...] = field(converter=to_tuple, validator=LABELS)
    items: tuple[Variant, ...] = field(converter=to_tuple)


@frozen(kw_only=True)
class InnovativeContracts(ToldSection):
    """What the guide says of the innovative purchase and its article."""

    article: str = field(validator=SOME_ARTICLE)
    amount: Decimal = field(converter=to_decimal, validator=AMOUNT)
    contract_types: tuple[ContractType, ...] = field(converter=to_tuple)


@frozen(kw_only=True)
class Work(Entry):
    """A work to read; its title stays in its own language."""

    authors: tuple[str, ...] = field(default=(), converter=to_tuple, validator=LABELS)


@frozen(kw_only=True)
class FurtherReading(Section):
    """The works that the guide recommends or cites."""

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
class Cases(ToldSection):
    """The guide's three cases."""

    items: tuple[Case, ...] = field(converter=to_tuple)


@frozen(kw_only=True)
class Figure(AmountEntry):
    """A figure of the guide that the law can be asked about.

    Attributes:
        thresholds: Ids of the law's thresholds that it stands for.
    """

    thresholds: tuple[str, ...] = field(converter=to_tuple, validator=IDS)
