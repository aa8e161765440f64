"""The known changes of the law that a plan crosses, read from the threshold series of the law table."""

from datetime import date, timedelta
from decimal import Decimal

from attrs import frozen

from qmi_rules.budget_calendar.limits import cite
from qmi_rules.law import Certainty, Row, Table


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
    """

    on: date
    label: str
    before: Decimal | None
    after: Decimal | None
    contested: bool
    legal_basis: str | None
    certainty: Certainty | None


def law_changes(
    table: Table, procedure: str, contract_type: str | None, since: date, until: date, known_on: date | None = None
) -> tuple[LawChange, ...]:
    """The changes of threshold that bear on a purchase, in order of time, as known by `known_on`.

    Args:
        table: The law.
        procedure: Its procedure: changes for it, for its duties and for a lighter one are told.
        contract_type: Its type; None = not known, then changes for every type are told.
        since: The changes take effect after this day,
        until: and up to this one.
        known_on: Only the law published by this day.
    """
    tested = _tested(table, procedure)
    changes = []
    for name, threshold in table.thresholds.items():
        if name not in tested or not threshold.unit.startswith("EUR") or not _concerns(name, contract_type):
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
                )
            )
    return tuple(sorted(changes, key=lambda change: (change.on, change.label)))


def _tested(table: Table, procedure: str) -> frozenset[str]:
    """The thresholds that the grounds of a procedure, of lighter ones, and its duties compare with."""
    rank = table.procedures[procedure].rank
    near = {procedure} | {
        name
        for name, entry in table.procedures.items()
        if rank is not None and entry.rank is not None and entry.rank < rank
    }
    rows: list[Row] = [rule for rule in table.rules if rule.procedure in near]
    rows += [row for row in table.duty_rows if not row.procedures or procedure in row.procedures]
    return frozenset(condition.threshold for row in rows for condition in row.when if condition.threshold)


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
    """Whether a series bears on a commune's contract of that type."""
    if ".central" in id or ".utility" in id:
        return False
    if contract_type is None:
        return True
    if "works" in id.split("."):
        return contract_type == "works"
    if "supplies_services" in id.split("."):
        return contract_type != "works"
    return True
