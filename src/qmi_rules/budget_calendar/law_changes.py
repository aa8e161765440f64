"""The known changes of the law that a plan crosses, read from the threshold series of the law table."""

from datetime import date, timedelta
from decimal import Decimal

from attrs import frozen

from qmi_rules.budget_calendar.limits import cite
from qmi_rules.law import Certainty, Table


@frozen(kw_only=True)
class LawChange:
    """A day on which the table changes, with what changes.

    Attributes:
        on: First day of the new law.
        label: What changes, in French.
        before: The value until then, EUR HT; None = not one value.
        after: The value from then on; None = not known yet, or contested.
        contested: Whether the sources of the law disagree on the new value.
        legal_basis: Article of the new value.
        certainty: How sure the table is of it.
        concerns: Whether the series bears on this type of contract.
    """

    on: date
    label: str
    before: Decimal | None
    after: Decimal | None
    contested: bool
    legal_basis: str | None
    certainty: Certainty | None
    concerns: bool


def law_changes(
    table: Table, since: date, until: date, contract_type: str | None, known_on: date | None = None
) -> tuple[LawChange, ...]:
    """The changes of threshold that take effect after `since` and up to `until`, in order of time, as known by `known_on`."""
    changes = []
    for name, threshold in table.thresholds.items():
        if (
            ".central" in name or ".utility" in name or not threshold.unit.startswith("EUR")
        ):  # not the limits of a commune
            continue
        for day in _change_days(table, name, since, until):
            before = table.in_force(day - timedelta(days=1), known_on).limit(name)
            after = table.in_force(day, known_on).limit(name)
            if before.amounts == after.amounts or not before.amounts:
                continue
            changes.append(
                LawChange(
                    on=day,
                    label=threshold.label,
                    before=before.amounts[0] if len(before.amounts) == 1 else None,
                    after=after.amounts[0] if len(after.amounts) == 1 else None,
                    contested=len(after.amounts) > 1,
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
