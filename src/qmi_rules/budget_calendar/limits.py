"""What the law asks of the calendar of one procedure: time limits and steps, read from the same duties as the decision."""

from typing import Any

from attrs import evolve, frozen

from qmi_rules.contexts import Buyer, BuyerKind, Purchase, whole_case
from qmi_rules.contexts.commune import Commune
from qmi_rules.findings import Truth
from qmi_rules.law import Certainty, DutyRow, LawInForce, Reduction, Source, binding_rows, examine

DUTIES = (
    "time_limit_candidatures",
    "time_limit_tenders",
    "standstill",
    "prefect_transmission",
    "tender_committee",
    "award_notice",
    "essential_data",
)


@frozen(kw_only=True)
class DutyInCalendar:
    """One duty of the law table that takes time in a plan.

    Attributes:
        duty: Id of the duty.
        label: What it asks, in French.
        owed: Yes, or undetermined where a fact is missing.
        days: Length, days; None where the duty has none.
        legal_basis: The article that sets it.
        certainty: How sure the table is of it.
        missing: Paths of the facts that would settle it.
        unsettled: What would settle it, in French: facts, and limits that are contested or not known.
        reductions: Shorter lengths that the law allows on conditions the table does not test, longest first.
    """

    duty: str
    label: str
    owed: Truth
    days: int | None
    legal_basis: str
    certainty: Certainty
    missing: tuple[str, ...] = ()
    unsettled: tuple[str, ...] = ()
    reductions: tuple[Reduction, ...] = ()

    @property
    def floor(self) -> int:
        """The shortest length that the law knows, days; a case in which there is no such time limit aside."""
        return min([self.days or 0, *(reduction.days for reduction in self.reductions if reduction.days)])

    def allows(self, days: int) -> bool:
        """Whether a length is possible, on whatever conditions."""
        return days >= self.floor or days in {reduction.days for reduction in self.reductions}


def duties_in_calendar(
    purchase: Purchase, commune: Commune, procedure: str, law: LawInForce
) -> dict[str, DutyInCalendar]:
    """The duties of one procedure that weigh on the calendar, by duty id; those that are not owed are left out."""
    case = whole_case(bought_by(purchase, commune))
    found = {}
    for duty in DUTIES:
        rows = [
            row for row in law.duty_rows if row.duty == duty and (not row.procedures or procedure in row.procedures)
        ]
        if (entry := _owed(rows, case, law)) is not None:
            found[duty] = entry
    return found


def bought_by(purchase: Purchase, commune: Commune) -> Purchase:
    """The purchase, bought by the commune of the calendar where it does not say who buys."""
    buyer = purchase.buyer
    if buyer is not None and buyer.kind is not None:
        return purchase
    return purchase.evolve(
        buyer=Buyer(kind=BuyerKind.COMMUNE, insee_code=commune.insee_code, population=commune.population)
    )


def _owed(rows: list[DutyRow], case: Any, law: LawInForce) -> DutyInCalendar | None:
    """The row that binds, as the decision takes it; where it is open whether a stricter one does, the stricter one."""
    examined = [(row, examine(row, case, law)) for row in rows]
    candidates = [(row, examination) for row, examination in examined if examination.truth is not Truth.NO]
    if not candidates:
        return None
    row, examination = binding_rows(candidates, law)[-1]
    labels = {definition.where: definition.label for definition in law.facts.values()}
    limits = (*examination.contested, *examination.unknown)
    return evolve(
        _entry(row, examination.truth, law),
        missing=examination.missing,
        unsettled=(
            *(labels.get(path, path) for path in examination.missing),
            *(law.table.thresholds[name].label for name in limits),
        ),
    )


def _entry(row: DutyRow, owed: Truth, law: LawInForce) -> DutyInCalendar:
    return DutyInCalendar(
        duty=row.duty,
        label=law.table.duties[row.duty].label,
        owed=owed,
        days=row.days,
        legal_basis=cite(law.table.sources[row.legal_basis]),
        certainty=row.certainty,
        reductions=tuple(
            sorted(
                (reduction for reduction in row.reductions if row.days is not None and reduction.days < row.days),
                key=lambda reduction: -reduction.days,
            )
        ),
    )


_CODES = {
    "du code de la commande publique": "CCP",
    "du code général des collectivités territoriales": "CGCT",
}


def cite(source: Source) -> str:
    """A source in the short form of the calendar: ``CCP, art. R2161-3``."""
    if source.article and source.text in _CODES:
        return f"{_CODES[source.text]}, art. {source.article}"
    return source.citation
