"""What `evolve` may change, class by class, for editors and type checkers alone: a misspelt field is an error where it is written.

Nothing imports it at run time; a test holds it against the constructors.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Literal, TypedDict

from qmi_rules.model.buyer import Buyer, BuyerKind, ContractType, Exclusion, Instrument
from qmi_rules.model.commune import BudgetVote, Commune
from qmi_rules.model.contract import Change, Contract, EarlierChange, ModificationGround
from qmi_rules.model.dossier import Checklist, Contacted, Intention, PastNeed, Staff
from qmi_rules.model.need import Framework, Need, Part, Renewals, Yearly
from qmi_rules.model.project import Beneficiary, Grant, Project, Supplier
from qmi_rules.model.purchase import Lot, Member, Purchase
from qmi_rules.model.schedule import Expense, Milestone, Schedule
from qmi_rules.model.solution import Alternative, GuardRails


class FactChanges(TypedDict, total=False):
    """What `evolve` may change of the yes/no facts."""

    innovative: bool | None
    supplier_is_jei: bool | None
    prototype: bool | None
    research_and_development: bool | None
    available_on_market: bool | None
    adaptation_needed: bool | None
    design_included: bool | None
    complex: bool | None
    specifications_imprecise: bool | None
    failed_tender: bool | None
    no_tender_received: bool | None
    conditions_unchanged: bool | None
    exclusive_supplier: bool | None
    no_reasonable_alternative: bool | None
    unique_artistic_work: bool | None
    extreme_urgency: bool | None
    justified_urgency: bool | None
    buyer_owns_results: bool | None
    buyer_funds_entirely: bool | None
    specific_service: bool | None
    books: bool | None
    project_management: bool | None
    new_building: bool | None
    contest_held: bool | None
    partial_replacement: bool | None
    incompatible_otherwise: bool | None
    repeats_earlier_contract: bool | None
    earlier_notice_foresaw_it: bool | None
    joint: bool | None


class BuyerChanges(TypedDict, total=False):
    """What `evolve` may change of a `Buyer`."""

    kind: (
        BuyerKind
        | Literal["commune", "ept", "epci", "metropolis", "department", "region", "other_local", "state", "utility"]
        | None
    )
    local_authority: bool | None
    insee_code: str | None
    population: int | None


class CaseChanges(FactChanges, total=False):
    """What `evolve` may change of a `Case`."""

    launched_on: date | str
    contract_type: ContractType | Literal["works", "supplies", "services"] | None
    buyer_kind: (
        BuyerKind
        | Literal["commune", "ept", "epci", "metropolis", "department", "region", "other_local", "state", "utility"]
        | None
    )
    value: Decimal | int | str | None
    duration_months: int | None
    allotted: bool | None
    lot_value: Decimal | int | str | None
    lot_type: ContractType | Literal["works", "supplies", "services"] | None
    small_lot: bool | None
    small_lots_share: Decimal | int | str | None
    small_lots_value: Decimal | int | str | None
    exclusion: Exclusion | str | None
    instrument: Instrument | str | None
    local_authority: bool | None
    cpv: str | None


class CommuneChanges(TypedDict, total=False):
    """What `evolve` may change of a `Commune`."""

    insee_code: str | None
    population: int | None
    budget_vote: BudgetVote | Literal["year_end", "spring"]
    budget_voted_on: date | str | None
    orientation_debate_on: date | str | None
    draft_budget_sent_on: date | str | None
    council_meetings: Iterable[date | str]
    delegation_limit: Decimal | int | str | None
    previous_investment_credits: Decimal | int | str | None
    early_investment_authorised: bool | None
    orders_stop_on: date | str | None
    alsace_moselle: bool | None
    closed_days: Iterable[date | str]


class ChangeChanges(TypedDict, total=False):
    """What `evolve` may change of a `Change`."""

    amount: Decimal | int | str
    on: date | str
    clause_foresees: bool | None
    needed: bool | None
    other_contractor_impossible: bool | None
    unforeseeable: bool | None
    substitution: bool | None
    substantial: bool | None


class ContractChanges(TypedDict, total=False):
    """What `evolve` may change of a `Contract`."""

    contract_type: ContractType | Literal["works", "supplies", "services"] | None
    launched_on: date | str
    initial_amount: Decimal | int | str
    buyer: Buyer | Mapping[str, Any] | None
    formal: bool | None
    earlier_changes: Iterable[EarlierChange | Mapping[str, Any]]


class EarlierChangeChanges(TypedDict, total=False):
    """What `evolve` may change of an `EarlierChange`."""

    amount: Decimal | int | str
    ground: ModificationGround | str


class ModifiedContractChanges(TypedDict, total=False):
    """What `evolve` may change of a `ModifiedContract`."""

    contract: Contract | Mapping[str, Any]
    change: Change | Mapping[str, Any]


class ChecklistChanges(TypedDict, total=False):
    """What `evolve` may change of a `Checklist`."""

    evaluations_read: bool | None
    mgp_or_parisandco_contacted: Contacted | Mapping[str, Any] | None
    need_identified_and_validated: bool | None
    internal_sponsors_found: bool | None
    need_met_before: PastNeed | bool | Mapping[str, Any] | None
    experiment_or_direct_purchase: Intention | Literal["experiment", "direct_purchase"] | None
    innovative_character_checked: bool | None
    legal_vehicle_identified: bool | None
    human_resources_available: Staff | Mapping[str, Any] | None


class ContactedChanges(TypedDict, total=False):
    """What `evolve` may change of a `Contacted`."""

    information: bool | None
    sourcing: bool | None


class DossierChanges(TypedDict, total=False):
    """What `evolve` may change of a `Dossier`."""

    purchase: Purchase | Mapping[str, Any]
    commune: Commune | Mapping[str, Any] | None
    solution: Mapping[str, Mapping[str, object]] | None
    schedule: Schedule | Mapping[str, Any] | None
    project: Project | Mapping[str, Any] | None
    checklist: Checklist | Mapping[str, Any] | None


class PastNeedChanges(TypedDict, total=False):
    """What `evolve` may change of a `PastNeed`."""

    met: bool | None
    solutions: str | None


class StaffChanges(TypedDict, total=False):
    """What `evolve` may change of a `Staff`."""

    follow_projects: bool | None
    raise_funding: bool | None


class FrameworkChanges(TypedDict, total=False):
    """What `evolve` may change of a `Framework`."""

    maximum: Decimal | int | str | None


class NeedChanges(TypedDict, total=False):
    """What `evolve` may change of a `Need`."""

    firm: Decimal | int | str | None
    options: Iterable[Decimal | int | str]
    renewals: Renewals | Mapping[str, Any] | None
    yearly: Yearly | Mapping[str, Any] | None
    framework: Framework | Mapping[str, Any] | None
    same_need: Iterable[Decimal | int | str]
    operation: Iterable[Decimal | int | str]
    rd_phases: Iterable[Decimal | int | str]
    later_purchases: Iterable[Decimal | int | str]
    prizes: Iterable[Decimal | int | str]
    parts: Iterable[Part | Mapping[str, Any]]
    vat_rate: Decimal | int | str | None


class PartChanges(TypedDict, total=False):
    """What `evolve` may change of a `Part`."""

    contract_type: ContractType | Literal["works", "supplies", "services"]
    value: Decimal | int | str
    specific_service: bool | None


class RenewalsChanges(TypedDict, total=False):
    """What `evolve` may change of a `Renewals`."""

    count: Any
    each: Decimal | int | str


class YearlyChanges(TypedDict, total=False):
    """What `evolve` may change of a `Yearly`."""

    amount: Decimal | int | str
    years: Any


class BeneficiaryChanges(TypedDict, total=False):
    """What `evolve` may change of a `Beneficiary`."""

    kind: (
        BuyerKind
        | Literal["commune", "ept", "epci", "metropolis", "department", "region", "other_local", "state", "utility"]
        | None
    )
    insee_code: str | None
    population: int | None
    priority_neighbourhood: bool | None
    rural_grant_eligible: bool | None


class GrantChanges(TypedDict, total=False):
    """What `evolve` may change of a `Grant`."""

    name: str
    amount: Decimal | int | str
    scheme: str | None


class ProjectChanges(TypedDict, total=False):
    """What `evolve` may change of a `Project`."""

    cost: Decimal | int | str
    expense: Expense | Literal["investment", "operating"] | None
    innovative: bool | None
    digital: bool | None
    beneficiary: Beneficiary | Mapping[str, Any]
    supplier: Supplier | Mapping[str, Any]
    other_public_grants: Iterable[Grant | Mapping[str, Any]]
    private_funding: Decimal | int | str | None
    starts_on: date | str | None
    theme: str | None
    requested: Iterable[str]
    research_and_development: bool | None
    lead_competence: bool | None
    vat_rate: Decimal | int | str | None


class SupplierChanges(TypedDict, total=False):
    """What `evolve` may change of a `Supplier`."""

    in_ile_de_france: bool | None
    settling_in_ile_de_france: bool | None
    staff: int | None
    turnover: Decimal | int | str | None
    balance_sheet: Decimal | int | str | None
    linked_firms: bool | None
    de_minimis_received: Decimal | int | str | None
    project_cost: Decimal | int | str | None
    grant_asked: Decimal | int | str | None
    advance_asked: Decimal | int | str | None
    advance_grant_equivalent: Decimal | int | str | None


class LotChanges(FactChanges, total=False):
    """What `evolve` may change of a `Lot`."""

    id: str
    estimated_value: Decimal | int | str
    contract_type: ContractType | Literal["works", "supplies", "services"] | None
    small_lot: bool | None


class MemberChanges(TypedDict, total=False):
    """What `evolve` may change of a `Member`."""

    buyer: Buyer | Mapping[str, Any]
    part: Decimal | int | str


class PurchaseChanges(FactChanges, total=False):
    """What `evolve` may change of a `Purchase`."""

    title: str
    launched_on: date | str
    contract_type: ContractType | Literal["works", "supplies", "services"] | None
    estimated_value: Decimal | int | str | None
    need: Need | Mapping[str, Any] | None
    lots: Iterable[Lot | Mapping[str, Any]]
    buyer: Buyer | Mapping[str, Any] | None
    duration_months: int | None
    cpv: str | None
    exclusion: Exclusion | str | None
    instrument: Instrument | str | None
    members: Iterable[Member | Mapping[str, Any]]
    evidence: Iterable[str]


class MilestoneChanges(TypedDict, total=False):
    """What `evolve` may change of a `Milestone`."""

    id: str
    on: date | str
    who: str


class ScheduleChanges(TypedDict, total=False):
    """What `evolve` may change of a `Schedule`."""

    procedure: str | None
    wanted_on: date | str | None
    not_before: date | str | None
    expense: Expense | Literal["investment", "operating"] | None
    programme_authorised: bool | None
    durations: Mapping[Any, Any]
    milestones: Iterable[Milestone | Mapping[str, Any]]


class AlternativeChanges(TypedDict, total=False):
    """What `evolve` may change of an `Alternative`."""

    name: str
    supplier: str | None
    looked_at_on: date | str | None
    source: str | None
    assessment: str | None


class CriterionAnswerChanges(TypedDict, total=False):
    """What `evolve` may change of a `CriterionAnswer`."""

    level: Any
    evidence: str | None
    source: str | None
    on: date | str | None
    document: str | None
    by: str | None


class EvidenceFileChanges(TypedDict, total=False):
    """What `evolve` may change of an `EvidenceFile`."""

    title: str
    launched_on: date | str
    buyer: str | None
    supplier: str | None
    need: str | None
    contract_type: ContractType | Literal["works", "supplies", "services"] | None
    estimated_value: Decimal | int | str | None
    conclusion: str | None
    solution: Mapping[str, Mapping[str, object]]
    alternatives: Iterable[Alternative | Mapping[str, Any]]
    guard_rails: GuardRails | Mapping[str, Any]
    signatory: str | None
    place: str | None
    written_on: date | str | None


class GuardRailsChanges(TypedDict, total=False):
    """What `evolve` may change of a `GuardRails`."""

    relevant_offer: str | None
    good_use_of_public_money: str | None
    no_systematic_supplier: str | None
