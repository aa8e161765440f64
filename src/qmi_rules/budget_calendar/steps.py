"""The steps of each procedure with their estimates, which are kept as data, and a step before it has dates."""

from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum
from functools import cache

from attrs import field, frozen

from qmi_rules.budget_calendar.planner import Task
from qmi_rules.contexts.schedule import StepId
from qmi_rules.documents import load_toml, package_data
from qmi_rules.documents.read_only import to_read_only
from qmi_rules.documents.scalars import IDENTIFIER, is_a, optional, shown, text, to_tuple, whole
from qmi_rules.errors import DocumentError, Problem
from qmi_rules.law import Table
from qmi_rules.text import message

STEP_LABELS: dict[StepId, str] = {
    StepId.SOURCING: message("Sourcing"),
    StepId.NEED: message("Besoin et estimation"),
    StepId.CREDITS: message("Crédits ouverts"),
    StepId.DRAFTING: message("Rédaction du dossier"),
    StepId.PUBLICATION: message("Envoi de l'avis"),
    StepId.RECEIPT: message("Réception des offres"),
    StepId.ANALYSIS: message("Analyse"),
    StepId.NEGOTIATION: message("Négociation"),
    StepId.TENDER_COMMITTEE: message("Commission d'appel d'offres"),
    StepId.REJECTION_LETTERS: message("Lettres de rejet"),
    StepId.STANDSTILL: message("Délai de suspension"),
    StepId.COUNCIL: message("Conseil municipal"),
    StepId.SIGNATURE: message("Signature"),
    StepId.PREFECT: message("Transmission au préfet"),
    StepId.NOTIFICATION: message("Notification"),
    StepId.START: message("Début d'exécution"),
}


@frozen(kw_only=True)
class Estimate:
    """A duration nobody is bound by.

    Attributes:
        days: Days taken if the user gives none.
        low: Short end of the published range.
        high: Long end.
        note: What a reader should know, in French.
    """

    days: int = field(validator=whole(0, 400))
    low: int = field(validator=whole(0, 400))
    high: int = field(validator=whole(0, 400))
    note: str | None = field(default=None, validator=optional(text(300)))


@frozen(kw_only=True)
class Chain:
    """The steps of a family of procedures with their estimates.

    Attributes:
        id: Its name.
        label: What it is, in French.
        procedures: Procedures that follow it.
        notice: A notice is sent, so that a time limit for receipt runs from its sending.
        two_phases: Candidatures first, then tenders of those admitted.
        forbids: Steps that the procedure does not allow.
        steps: Estimate of each step; ``selection`` and ``tenders`` belong to the receipt in two phases.
    """

    id: str = field(validator=IDENTIFIER)
    label: str = field(validator=text(200))
    procedures: tuple[str, ...] = field(converter=to_tuple)
    notice: bool = field(validator=is_a(bool))
    two_phases: bool = field(default=False, validator=is_a(bool))
    forbids: tuple[str, ...] = field(default=(), converter=to_tuple)
    steps: Mapping[str, Estimate] = field(converter=to_read_only)


@frozen(kw_only=True)
class Durations:
    """The file ``durations.toml``."""

    council_wait: Estimate
    prefect: Estimate
    chains: tuple[Chain, ...] = field(converter=to_tuple)


@cache
def durations() -> Durations:
    """The estimates of the package."""
    return load_toml(package_data("calendar", "durations.toml"), Durations)


def chain_of(procedure: str, table: Table) -> Chain:
    """The steps that a procedure goes through; one that an integrator added follows its nearest kind.

    Raises:
        DocumentError: The table has no such procedure.
    """
    by_id = {chain.id: chain for chain in durations().chains}
    by_procedure = {name: chain for chain in by_id.values() for name in chain.procedures}
    if procedure in by_procedure:
        return by_procedure[procedure]
    known = table.procedures.get(procedure)
    if known is None or known.arrangement:
        names = sorted(name for name, entry in table.procedures.items() if not entry.arrangement)
        raise DocumentError(
            [Problem("schedule.procedure", f"expected one of {', '.join(names)}, got {shown(procedure)}")]
        )
    return by_id["direct" if known.dispensed else "open" if known.formal else "adapted"]


class Basis(StrEnum):
    """What the duration of a step rests on."""

    LAW = "law"
    ESTIMATE = "estimate"
    USER = "user"
    COUNCIL_DATES = "council_dates"


BASIS_LABELS = {
    Basis.LAW: message("droit"),
    Basis.ESTIMATE: message("estimation"),
    Basis.USER: message("durée donnée"),
    Basis.COUNCIL_DATES: message("dates du conseil"),
}


@frozen(kw_only=True)
class Part:
    """One span inside a step, such as the candidatures inside a receipt in two phases."""

    label: str
    start: date
    end: date
    days: int
    legal_basis: str | None = None


@frozen(kw_only=True)
class ChainStep:
    """One step before it has dates.

    Attributes:
        id: Which step.
        days: Its length, calendar days.
        basis: What that length rests on.
        legal_basis: Article, where the law asks for the step or sets its length.
        note: What a reader should know, in French.
        task: The same for the scheduler.
        parts: The spans inside it once it starts on a day.
    """

    id: StepId
    days: int
    basis: Basis
    legal_basis: str | None
    note: str | None
    task: Task
    parts: Callable[[date], tuple[Part, ...]] = lambda start: ()
