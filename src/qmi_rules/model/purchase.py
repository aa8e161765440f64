"""A purchase as a user describes it: what, how much, when, who buys, in which lots, and the facts that the law asks for."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from attrs import field, fields, frozen

from qmi_rules.errors import DocumentError, Problem, fault
from qmi_rules.model.buyer import (
    CONTRACT_TYPE,
    EXCLUSION,
    INSTRUMENT,
    Buyer,
    BuyerKind,
    ContractType,
    Exclusion,
    Instrument,
    to_buyer,
    to_contract_type,
    to_exclusion,
    to_instrument,
    to_optional_buyer,
)
from qmi_rules.model.need import Need, ValuedPart, not_a_service, total, value_need, valued
from qmi_rules.schema import Document
from qmi_rules.schema.faults import repeated
from qmi_rules.schema.scalars import (
    DAY,
    EUROS,
    TRUTH,
    as_part,
    as_parts,
    each,
    is_a,
    matching,
    optional,
    text,
    to_day,
    to_decimal,
    to_optional_decimal,
    to_optional_whole,
    to_texts,
    whole,
)

MOST_LOTS = 300
"""A purchase may have this many lots at most."""
MOST_MEMBERS = 300
"""A joint purchase may have this many members at most."""


@frozen(kw_only=True, slots=False, init=False, eq=False, repr=False)  # the classes that have them bring these
class Facts(Document):
    """Yes (True), no (False) or not filled (None), for each fact of the contract's vocabulary.

    Attributes:
        innovative: New or substantially improved in the sense of L2172-3; a person declares it.
        supplier_is_jei: The supplier is a jeune entreprise innovante.
        prototype: Made only for research, experiment, study or development.
        research_and_development: The contract includes research and development.
        available_on_market: Solutions already on the market meet the need.
        adaptation_needed: Ready solutions must be adapted to meet the need.
        design_included: The contract includes design.
        complex: Nature, complexity, legal or financial set-up, or risks call for negotiation.
        specifications_imprecise: The specifications cannot be defined precisely by reference to standards.
        failed_tender: An earlier call brought only irregular or unacceptable offers.
        no_tender_received: An earlier call brought no candidature or offer, or only inappropriate ones.
        conditions_unchanged: The initial conditions are not substantially changed.
        exclusive_supplier: Only one economic operator can supply.
        no_reasonable_alternative: No reasonable alternative exists, and the need was not narrowed artificially.
        unique_artistic_work: A unique work of art or artistic performance.
        extreme_urgency: Urgency from external, unforeseeable circumstances; the minimum time limits cannot be kept.
        justified_urgency: Urgency that justifies shorter time limits.
        buyer_owns_results: The buyer becomes the exclusive owner of the results.
        buyer_funds_entirely: The buyer pays the whole service.
        specific_service: A social or other specific service of the annexed list.
        books: Non-school books bought by or for libraries and the like.
        project_management: The design of a building is entrusted (maîtrise d'œuvre).
        new_building: The building is new, not one to be rehabilitated or reused.
        contest_held: A design contest was held, and the intended contractor is a laureate of it.
        partial_replacement: Supplies already delivered by the same supplier are replaced in part or extended.
        incompatible_otherwise: Another supplier's material would be incompatible or bring disproportionate difficulties.
        repeats_earlier_contract: Works or services like those of a contract awarded to the same contractor after competition.
        earlier_notice_foresaw_it: The first contract announced this sequel and counted its value.
        joint: Several buyers buy together.
    """

    OMIT_UNFILLED: ClassVar[bool] = True

    innovative: bool | None = field(default=None, validator=TRUTH)
    supplier_is_jei: bool | None = field(default=None, validator=TRUTH)
    prototype: bool | None = field(default=None, validator=TRUTH)
    research_and_development: bool | None = field(default=None, validator=TRUTH)
    available_on_market: bool | None = field(default=None, validator=TRUTH)
    adaptation_needed: bool | None = field(default=None, validator=TRUTH)
    design_included: bool | None = field(default=None, validator=TRUTH)
    complex: bool | None = field(default=None, validator=TRUTH)
    specifications_imprecise: bool | None = field(default=None, validator=TRUTH)
    failed_tender: bool | None = field(default=None, validator=TRUTH)
    no_tender_received: bool | None = field(default=None, validator=TRUTH)
    conditions_unchanged: bool | None = field(default=None, validator=TRUTH)
    exclusive_supplier: bool | None = field(default=None, validator=TRUTH)
    no_reasonable_alternative: bool | None = field(default=None, validator=TRUTH)
    unique_artistic_work: bool | None = field(default=None, validator=TRUTH)
    extreme_urgency: bool | None = field(default=None, validator=TRUTH)
    justified_urgency: bool | None = field(default=None, validator=TRUTH)
    buyer_owns_results: bool | None = field(default=None, validator=TRUTH)
    buyer_funds_entirely: bool | None = field(default=None, validator=TRUTH)
    specific_service: bool | None = field(default=None, validator=TRUTH)
    books: bool | None = field(default=None, validator=TRUTH)
    project_management: bool | None = field(default=None, validator=TRUTH)
    new_building: bool | None = field(default=None, validator=TRUTH)
    contest_held: bool | None = field(default=None, validator=TRUTH)
    partial_replacement: bool | None = field(default=None, validator=TRUTH)
    incompatible_otherwise: bool | None = field(default=None, validator=TRUTH)
    repeats_earlier_contract: bool | None = field(default=None, validator=TRUTH)
    earlier_notice_foresaw_it: bool | None = field(default=None, validator=TRUTH)
    joint: bool | None = field(default=None, validator=TRUTH)


FACT_NAMES: tuple[str, ...] = tuple(attribute.name for attribute in fields(Facts))
"""Names of the yes/no facts, in the order of the vocabulary."""


@frozen(kw_only=True, slots=False)
class Lot(Facts):
    """One lot of a purchase; its own facts win over the purchase's.

    Attributes:
        id: The lot's name or number.
        estimated_value: EUR HT.
        contract_type: What the lot buys; None = as the purchase.
        small_lot: The buyer means to use the small-lot rule for it; the 20 % counts all such lots.
    """

    id: str = field(validator=text(200))
    estimated_value: Decimal = field(converter=to_decimal, validator=EUROS)
    contract_type: ContractType | None = field(default=None, converter=to_contract_type, validator=CONTRACT_TYPE)
    small_lot: bool | None = field(default=None, validator=TRUTH)


@frozen(kw_only=True)
class Member(Document):
    """One buyer of a joint purchase.

    Attributes:
        buyer: Who.
        part: What this member's own need is worth, EUR HT.
    """

    buyer: Buyer = field(converter=to_buyer, validator=is_a(Buyer))
    part: Decimal = field(converter=to_decimal, validator=EUROS)


def to_lots(values: Iterable[Lot | Mapping[str, Any]]) -> tuple[Lot, ...]:
    """attrs converter: an iterable of lots, or of dicts of their keys, becomes a tuple."""
    return as_parts(values, Lot)


def to_members(values: Iterable[Member | Mapping[str, Any]]) -> tuple[Member, ...]:
    """attrs converter: an iterable of members, or of dicts of their keys, becomes a tuple."""
    return as_parts(values, Member)


def _to_need(value: Need | Mapping[str, Any] | None) -> Need | None:
    return as_part(value, Need)


@frozen(kw_only=True, slots=False)
class Purchase(Facts):
    """One purchase on one date. A fact that is not filled is not known; it is never taken for "no".

    It has the yes/no facts of `Facts` too, by name.

    Attributes:
        title: What is bought, in a few words.
        launched_on: Day the consultation is launched or the notice sent: it decides which law applies.
        contract_type: ``works``, ``supplies`` or ``services``.
        estimated_value: Estimated value of the whole need, EUR HT; if `need`, `lots` or `members` are given too, they must agree.
        need: What the need is made of.
        lots: The lots, if any.
        buyer: Who buys.
        duration_months: Duration of the contract, renewals left out, months.
        cpv: CPV code of the object.
        exclusion: Why the contract is outside the rules of award; not filled, it is presumed an ordinary one.
        instrument: What is signed; not filled, it is presumed a contract for a price.
        members: The buyers of a joint purchase, each with its part.
        evidence: Where the evidence of the innovative character is kept (titles, references, links); cited, never judged.
        value: The value that is compared with the thresholds, EUR HT: as declared, or computed; None = not known.
        buyer_kind: The kind of the buyer, if known.
        simple: Nothing is to be derived: the purchase is put to the table as it is.
        marked: It is to be looked at more closely: not simple, or something in it may call for a question that the table otherwise
            presumes answered.
    """

    COMMAND: ClassVar[str] = "decide"

    title: str = field(validator=text())
    launched_on: date = field(converter=to_day, validator=DAY)
    contract_type: ContractType | None = field(default=None, converter=to_contract_type, validator=CONTRACT_TYPE)
    estimated_value: Decimal | None = field(default=None, converter=to_optional_decimal, validator=optional(EUROS))
    need: Need | None = field(default=None, converter=_to_need, validator=optional(is_a(Need)))
    lots: tuple[Lot, ...] = field(default=(), converter=to_lots, validator=each(is_a(Lot), MOST_LOTS, own_ids=True))
    buyer: Buyer | None = field(default=None, converter=to_optional_buyer, validator=optional(is_a(Buyer)))
    duration_months: int | None = field(
        default=None, converter=to_optional_whole, validator=optional(whole(0, 1_200, "of months"))
    )
    cpv: str | None = field(
        default=None,
        validator=optional(
            matching("[0-9]{8}(-[0-9])?", 'a CPV code of eight digits such as "34430000"', "not_a_cpv_code")
        ),
    )
    exclusion: Exclusion | None = field(default=None, converter=to_exclusion, validator=EXCLUSION)
    instrument: Instrument | None = field(default=None, converter=to_instrument, validator=INSTRUMENT)
    members: tuple[Member, ...] = field(default=(), converter=to_members, validator=each(is_a(Member), MOST_MEMBERS))
    evidence: tuple[str, ...] = field(default=(), converter=to_texts, validator=each(text()))

    value: Decimal | None = field(init=False, eq=False, repr=False)
    buyer_kind: BuyerKind | None = field(init=False, eq=False, repr=False)
    simple: bool = field(init=False, eq=False, repr=False)
    marked: bool = field(init=False, eq=False, repr=False)

    # What only a `Case` says, so that a simple purchase can be put to the table as it is, without being copied.
    lot_value: ClassVar[None] = None
    lot_type: ClassVar[None] = None
    small_lot: ClassVar[None] = None
    small_lots_share: ClassVar[None] = None
    small_lots_value: ClassVar[None] = None

    def __attrs_post_init__(self) -> None:
        # kept, not computed when read: the table compares it dozens of times for one decision
        value = self.estimated_value
        if self.specific_service and self.contract_type not in (None, ContractType.SERVICES):
            _check(self)
        if self.need is not None or self.lots or self.members:
            _check(self)
            value = total(self.valuation)
        object.__setattr__(
            self, "simple", not (self.lots or self.members or (self.need is not None and self.need.parts))
        )
        object.__setattr__(self, "value", value)
        object.__setattr__(self, "buyer_kind", self.buyer.kind if self.buyer is not None else None)
        object.__setattr__(self, "marked", not self.simple or is_marked(self))

    @staticmethod
    def contradictions(purchase: "Purchase") -> Iterator[Problem]:
        """The faults that concern several fields of a purchase at once."""
        yield from _repeated(purchase)
        yield from _disagreements(purchase)
        yield from _specific(purchase)

    @property
    def valuation(self) -> tuple[ValuedPart, ...]:
        """The parts that make up `value`, each with its article; empty where nothing is known of the value."""
        if self.need is not None and (parts := value_need(self.need)):
            return parts
        if self.lots:
            return (valued("lots", sum((lot.estimated_value for lot in self.lots), Decimal(0))),)
        if self.members:
            return (valued("members", sum((member.part for member in self.members), Decimal(0))),)
        return () if self.estimated_value is None else (valued("declared", self.estimated_value),)

    @property
    def local_authority(self) -> bool | None:
        """Whether the buyer, as a utility, is a local authority or one of its bodies; None = not said."""
        return self.buyer.of_local_authority if self.buyer is not None else None

    @property
    def allotted(self) -> bool | None:
        """True where lots are given; where none are, nobody said whether there are any."""
        return True if self.lots else None


def is_marked(case: Any) -> bool:
    """Whether something in a case may call for a question that is otherwise presumed answered."""
    return (
        case.cpv is not None
        or case.exclusion is not None
        or case.instrument is not None
        or case.unique_artistic_work is not None
        or case.design_included is not None
    )


def _check(purchase: Purchase) -> None:
    """Refuse what several fields of a purchase say against each other."""
    if problems := list(purchase.contradictions(purchase)):
        raise DocumentError(problems)


def _repeated(purchase: Purchase) -> Iterator[Problem]:
    yield from repeated("lots", purchase.lots)
    kinds: dict[str, set[BuyerKind | None]] = {}
    for i, member in enumerate(purchase.members):
        commune, kind = member.buyer.commune, member.buyer.kind
        code = commune.insee_code if commune else None
        if code is not None:
            known = kinds.setdefault(code, set())
            # a commune and, say, the utility that it runs may share a code; a kind that is not given may be either
            if known and (kind is None or kind in known or None in known):
                yield fault("duplicate", f"members[{i}].buyer", "expected each member once, got {got} twice", got=code)
            known.add(kind)
    if len(purchase.members) == 1:
        yield fault("out_of_range", "members", "expected at least two members of a joint purchase, got one")
    if purchase.members and purchase.joint is False:
        yield fault("contradiction", "joint", "expected true or nothing where members are given, got false")


def _specific(purchase: Purchase) -> Iterator[Problem]:
    """Only services can be social or specific services: of the purchase, and of each lot by its own type or the purchase's."""
    lots = (
        (f"lots[{i}].", lot.contract_type or purchase.contract_type, lot.specific_service)
        for i, lot in enumerate(purchase.lots)
    )
    for path, kind, specific in (("", purchase.contract_type, purchase.specific_service), *lots):
        if specific and kind not in (None, ContractType.SERVICES):
            yield not_a_service(path, kind)


def _disagreements(purchase: Purchase) -> Iterator[Problem]:
    sums = {
        "estimated_value": purchase.estimated_value,
        "need": total(value_need(purchase.need)) if purchase.need is not None else None,
        "lots": sum((lot.estimated_value for lot in purchase.lots), Decimal(0)) if purchase.lots else None,
        "members": sum((member.part for member in purchase.members), Decimal(0)) if purchase.members else None,
    }
    known = {name: amount for name, amount in sums.items() if amount is not None}
    if len(set(known.values())) > 1:
        first, expected = next(iter(known.items()))
        for name, amount in known.items():
            if amount != expected:
                yield fault(
                    "contradiction",
                    name,
                    "expected the same total as {other} ({expected} EUR HT), got {got} EUR HT ({difference})",
                    other=first,
                    expected=expected,
                    got=amount,
                    difference=f"{amount - expected:+}",
                )
