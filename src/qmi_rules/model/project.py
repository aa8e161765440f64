"""A project to be paid for: its cost, who buys, who sells, and the money already in sight."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from attrs import field, frozen

from qmi_rules.errors import DocumentError, fault
from qmi_rules.model.buyer import BUYER_KIND, BuyerKind, to_buyer_kind
from qmi_rules.model.insee import INSEE_CODE
from qmi_rules.model.schedule import Expense, to_expense
from qmi_rules.model.territory import TerritoryCommune, commune_of
from qmi_rules.schema import Document
from qmi_rules.schema.faults import shown
from qmi_rules.schema.scalars import (
    DAY,
    EUROS,
    IDENTIFIER,
    SHARE,
    TRUTH,
    as_part,
    as_parts,
    each,
    is_a,
    one_of,
    optional,
    text,
    to_decimal,
    to_optional_day,
    to_optional_decimal,
    to_optional_whole,
    to_texts,
    whole,
)


@frozen(kw_only=True)
class Beneficiary(Document):
    """The public body that buys and asks for aid.

    Attributes:
        kind: One of `BuyerKind`; None = not known.
        insee_code: INSEE code of the commune; it tells whether it belongs to the Métropole du Grand Paris.
        population: Inhabitants; wins over the figure that the INSEE code fills in.
        priority_neighbourhood: A priority neighbourhood of the city policy lies in the commune.
        rural_grant_eligible: The prefect counts the commune among those eligible for the DETR.
    """

    OMIT_UNFILLED: ClassVar[bool] = True

    kind: BuyerKind | None = field(default=None, converter=to_buyer_kind, validator=BUYER_KIND)
    insee_code: str | None = field(default=None, validator=optional(INSEE_CODE))
    population: int | None = field(
        default=None, converter=to_optional_whole, validator=optional(whole(1, 70_000_000, "of inhabitants"))
    )
    priority_neighbourhood: bool | None = field(default=None, validator=TRUTH)
    rural_grant_eligible: bool | None = field(default=None, validator=TRUTH)

    @property
    def commune(self) -> TerritoryCommune | None:
        """The commune that the INSEE code names; of an arrondissement or a delegated commune the whole commune."""
        return commune_of(self.insee_code)

    @property
    def inhabitants(self) -> int | None:
        """The population given, else that of the commune of the INSEE code."""
        if self.population is not None:
            return self.population
        return self.commune.population if self.commune else None

    @property
    def in_ile_de_france(self) -> bool | None:
        """Whether it is a body of Île-de-France; None = not known."""
        return self.commune.in_ile_de_france if self.commune is not None else self.in_metropolis

    @property
    def in_metropolis(self) -> bool | None:
        """Whether it is a body of the Métropole du Grand Paris; None = not known."""
        if self.commune is not None:
            return self.commune.in_metropolis
        return True if self.kind is BuyerKind.EPT else None  # EPTs exist only inside the Métropole


@frozen(kw_only=True)
class Supplier(Document):
    """The company that offers the solution. Its figures count those of linked and partner firms where the rules say so.

    Attributes:
        in_ile_de_france: It has at least one site in Île-de-France.
        settling_in_ile_de_france: It has none yet and means to settle there.
        staff: Staff, people.
        turnover: Yearly turnover, EUR.
        balance_sheet: Balance-sheet total, EUR.
        linked_firms: It is linked to other firms (group, majority owner), whose figures then count.
        de_minimis_received: De minimis aid that the single undertaking received in the last three years, EUR.
        project_cost: What the experiment costs the company itself, EUR HT.
        grant_asked: Grant the company means to ask for, EUR.
        advance_asked: Recoverable advance it means to ask for, EUR.
        advance_grant_equivalent: Gross grant equivalent of that advance, EUR, as its funder computes it.
    """

    OMIT_UNFILLED: ClassVar[bool] = True

    in_ile_de_france: bool | None = field(default=None, validator=TRUTH)
    settling_in_ile_de_france: bool | None = field(default=None, validator=TRUTH)
    staff: int | None = field(
        default=None, converter=to_optional_whole, validator=optional(whole(0, 10_000_000, "of people"))
    )
    turnover: Decimal | None = field(default=None, converter=to_optional_decimal, validator=optional(EUROS))
    balance_sheet: Decimal | None = field(default=None, converter=to_optional_decimal, validator=optional(EUROS))
    linked_firms: bool | None = field(default=None, validator=TRUTH)
    de_minimis_received: Decimal | None = field(default=None, converter=to_optional_decimal, validator=optional(EUROS))
    project_cost: Decimal | None = field(default=None, converter=to_optional_decimal, validator=optional(EUROS))
    grant_asked: Decimal | None = field(default=None, converter=to_optional_decimal, validator=optional(EUROS))
    advance_asked: Decimal | None = field(default=None, converter=to_optional_decimal, validator=optional(EUROS))
    advance_grant_equivalent: Decimal | None = field(
        default=None, converter=to_optional_decimal, validator=optional(EUROS)
    )

    def __attrs_post_init__(self) -> None:
        equivalent = self.advance_grant_equivalent
        if equivalent is not None and equivalent > (self.advance_asked or 0):
            raise DocumentError(
                fault(
                    "contradiction",
                    "advance_grant_equivalent",
                    "expected at most the advance asked for ({limit}), got {got}",
                    limit=self.advance_asked or 0,
                    got=equivalent,
                )
            )


@frozen(kw_only=True)
class Grant(Document):
    """Public money for the commune from somebody else, obtained or hoped for.

    Attributes:
        name: Who pays, or what the grant is called.
        amount: EUR.
        scheme: Id of the scheme it comes from; None = of no scheme of the table.
    """

    OMIT_UNFILLED: ClassVar[bool] = True

    name: str = field(validator=text(300))
    amount: Decimal = field(converter=to_decimal, validator=EUROS)
    scheme: str | None = field(default=None, validator=optional(IDENTIFIER))


def to_grants(values: Iterable[Grant | Mapping[str, Any]]) -> tuple[Grant, ...]:
    """attrs converter: an iterable of grants, or of dicts of their keys, becomes a tuple."""
    return as_parts(values, Grant)


def _to_beneficiary(value: Beneficiary | Mapping[str, Any]) -> Beneficiary:
    return as_part(value, Beneficiary)


def _to_supplier(value: Supplier | Mapping[str, Any]) -> Supplier:
    return as_part(value, Supplier)


@frozen(kw_only=True)
class Project(Document):
    """A purchase as those who may help to pay see it. What is not filled is not known, and never grants anything.

    Attributes:
        cost: What the operation costs the commune, EUR HT.
        expense: ``investment`` or ``operating``.
        innovative: The solution is innovative; a person declares it.
        digital: The solution is digital: some schemes take it for that alone.
        beneficiary: The public body that buys.
        supplier: The company.
        other_public_grants: Public money from elsewhere.
        private_funding: Private money (patronage, foundations), EUR.
        starts_on: Day the purchase begins to be performed; it decides which rules apply.
        theme: What the project is about, such as ``mobility``.
        requested: Ids of the schemes wanted; none = every scheme that fits.
        research_and_development: The company does research and development for it.
        lead_competence: The operation falls in a competence for which the beneficiary leads the others (CGCT L1111-9).
        vat_rate: VAT rate of the purchase (``"0.20"``), if the plan is to be shown with VAT as well.
    """

    COMMAND: ClassVar[str] = "funding"
    OMIT_UNFILLED: ClassVar[bool] = True

    cost: Decimal = field(converter=to_decimal, validator=EUROS)
    expense: Expense | None = field(default=None, converter=to_expense, validator=optional(one_of(Expense)))
    innovative: bool | None = field(default=None, validator=TRUTH)
    digital: bool | None = field(default=None, validator=TRUTH)
    beneficiary: Beneficiary = field(
        factory=Beneficiary, converter=_to_beneficiary, validator=is_a(Beneficiary, "a beneficiary")
    )
    supplier: Supplier = field(factory=Supplier, converter=_to_supplier, validator=is_a(Supplier, "a supplier"))
    other_public_grants: tuple[Grant, ...] = field(
        default=(), converter=to_grants, validator=each(is_a(Grant, "a grant with name and amount"))
    )
    private_funding: Decimal | None = field(default=None, converter=to_optional_decimal, validator=optional(EUROS))
    starts_on: date | None = field(default=None, converter=to_optional_day, validator=optional(DAY))
    theme: str | None = field(default=None, validator=optional(text(200)))
    requested: tuple[str, ...] = field(default=(), converter=to_texts, validator=each(IDENTIFIER))
    research_and_development: bool | None = field(default=None, validator=TRUTH)
    lead_competence: bool | None = field(default=None, validator=TRUTH)
    vat_rate: Decimal | None = field(default=None, converter=to_optional_decimal, validator=optional(SHARE))

    def __attrs_post_init__(self) -> None:
        problems = [
            fault("duplicate", f"requested[{i}]", "expected each scheme once, got {got} twice", got=shown(name))
            for i, name in enumerate(self.requested)
            if name in self.requested[:i]
        ]
        if self.private_funding is not None and self.private_funding > self.cost:
            words = "expected at most the cost ({limit}), got {got}"
            problems.append(fault("contradiction", "private_funding", words, limit=self.cost, got=self.private_funding))
        if problems:
            raise DocumentError(problems)
