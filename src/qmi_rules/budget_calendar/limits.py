"""What the law asks of the calendar of one procedure: time limits and steps, read from the same duties as the decision."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from attrs import evolve, frozen

from qmi_rules.contexts import Buyer, BuyerKind, Purchase, whole_case
from qmi_rules.contexts.commune import Commune
from qmi_rules.findings import Truth
from qmi_rules.law import Certainty, DutyRow, LawInForce, Reduction, Source, Table, examine

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
    case = whole_case(_bought_by(purchase, commune))
    found = {}
    for duty in DUTIES:
        rows = [
            row for row in law.duty_rows if row.duty == duty and (not row.procedures or procedure in row.procedures)
        ]
        if (entry := _owed(rows, case, law)) is not None:
            found[duty] = entry
    return found


def _bought_by(purchase: Purchase, commune: Commune) -> Purchase:
    """The purchase, bought by the commune of the calendar where it does not say who buys."""
    buyer = purchase.buyer
    if buyer is not None and buyer.kind is not None:
        return purchase
    return purchase.evolve(
        buyer=Buyer(kind=BuyerKind.COMMUNE, insee_code=commune.insee_code, population=commune.population)
    )


def _owed(rows: list[DutyRow], case: Any, law: LawInForce) -> DutyInCalendar | None:
    """The row that binds: of those that hold, the one with the fewest days; else the first that may hold."""
    examined = [(row, examine(row, case, law)) for row in rows]
    holding = [row for row, examination in examined if examination.truth is Truth.YES]
    if holding:
        return _entry(min(holding, key=lambda row: row.days or 0), Truth.YES, law)
    open_ = [(row, examination) for row, examination in examined if examination.truth is Truth.UNDETERMINED]
    if not open_:
        return None
    row, examination = open_[0]
    labels = {definition.where: definition.label for definition in law.facts.values()}
    limits = (*examination.contested, *examination.unknown)
    return evolve(
        _entry(row, Truth.UNDETERMINED, law),
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


@frozen(kw_only=True)
class LawChange:
    """A day on which the table changes, with what changes.

    Attributes:
        on: First day of the new law.
        label: What changes, in French.
        before: The value until then, EUR HT; None = not one value.
        after: The value from then on; None = not known yet, or contested.
        legal_basis: Article of the new value.
        certainty: How sure the table is of it.
        concerns: Whether the series bears on this type of contract.
    """

    on: date
    label: str
    before: Decimal | None
    after: Decimal | None
    legal_basis: str | None
    certainty: Certainty | None
    concerns: bool


def law_changes(table: Table, since: date, until: date, contract_type: str | None) -> tuple[LawChange, ...]:
    """The changes of threshold that take effect after `since` and up to `until`, in order of time."""
    changes = []
    for name, threshold in table.thresholds.items():
        if (
            ".central" in name or ".utility" in name or not threshold.unit.startswith("EUR")
        ):  # not the limits of a commune
            continue
        for day in _change_days(table, name, since, until):
            before, after = table.in_force(day - timedelta(days=1)).limit(name), table.in_force(day).limit(name)
            if before.amounts == after.amounts or not before.amounts:
                continue
            changes.append(
                LawChange(
                    on=day,
                    label=threshold.label,
                    before=before.amounts[0] if len(before.amounts) == 1 else None,
                    after=after.amounts[0] if len(after.amounts) == 1 else None,
                    legal_basis=cite(table.sources[after.basis[0]]) if after.basis else None,
                    certainty=after.certainty,
                    concerns=_concerns(name, contract_type),
                )
            )
    return tuple(sorted(changes, key=lambda change: (change.on, not change.concerns, change.label)))


def _change_days(table: Table, id: str, since: date, until: date) -> list[date]:
    values = table.thresholds[id].values
    references = {value.same_as for value in values if value.same_as} | {
        reading.same_as for value in values for reading in value.readings if reading.same_as
    }
    series = [values, *(table.thresholds[name].values for name in references)]
    starts = {value.effective_from for entries in series for value in entries}
    ends = {
        value.effective_until + timedelta(days=1)
        for entries in series
        for value in entries
        if value.effective_until is not None
    }
    return sorted(day for day in starts | ends if since < day <= until)


def _concerns(id: str, contract_type: str | None) -> bool:
    if contract_type is None:
        return True
    if "works" in id.split("."):
        return contract_type == "works"
    if "supplies_services" in id.split("."):
        return contract_type != "works"
    return True
