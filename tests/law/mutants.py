"""Every small change of the tables that a slip could make: a row or condition dropped, a cent, a day, a fact flipped, a text swapped."""

from datetime import timedelta
from decimal import Decimal

from attrs import evolve, frozen

from qmi_rules.law import Rule

DAY = timedelta(days=1)
EDGES = {"below": "at_most", "at_most": "below", "from_": "above", "above": "from_"}
STEPS = {"EUR HT": Decimal("0.01"), "months": Decimal(1), "share": Decimal("0.0001")}


@frozen
class Mutant:
    """A changed table: what was changed, in which row or series, and how to make it."""

    change: str
    target: str
    section: str
    entry: object
    made: object  # the changed entry; None = dropped

    def table(self, table):
        """The table with the change; a row's id stays, so that tests still find it."""
        if self.section == "thresholds":
            return table.replace(thresholds={**table.thresholds, self.target: self.made})
        rows = [self.made if row is self.entry else row for row in getattr(table, self.section)]
        return table.replace(**{self.section: tuple(row for row in rows if row is not None)})


def all_mutants(table):
    for section in ("rules", "duty_rows", "cautions"):
        for row in getattr(table, section):
            for change, made in _of_row(table, row):
                yield Mutant(change, row.id, section, row, made)
    for threshold in table.thresholds.values():
        for change, made in _of_threshold(table, threshold):
            yield Mutant(change, threshold.id, "thresholds", threshold, made)


def _other_basis(table, basis):
    names = list(table.sources)
    return names[(names.index(basis) + 1) % len(names)]


def _dated(table, entry):
    for days in (-1, 1):
        if entry.effective_until is None or entry.effective_from + days * DAY <= entry.effective_until:
            yield f"begins {days:+} day", evolve(entry, effective_from=entry.effective_from + days * DAY)
        if entry.effective_until is not None and entry.effective_until + days * DAY >= entry.effective_from:
            yield f"ends {days:+} day", evolve(entry, effective_until=entry.effective_until + days * DAY)
    yield "basis swapped", evolve(entry, legal_basis=_other_basis(table, entry.legal_basis))


def _of_row(table, row):
    yield "row dropped", None
    yield from _dated(table, row)
    for i, condition in enumerate(row.when):
        rest = (*row.when[:i], *row.when[i + 1 :])
        yield f"condition {i} dropped", evolve(row, when=rest)
        for change, made in _of_condition(table, condition):
            yield f"condition {i} {change}", evolve(row, when=(*row.when[:i], made, *row.when[i + 1 :]))
    if getattr(row, "days", None) is not None:
        for days in (-1, 1):
            yield f"{days:+} day long", evolve(row, days=row.days + days)
    if isinstance(row, Rule):
        return


def _of_condition(table, condition):
    if condition.is_ is not None:
        yield "flipped", evolve(condition, is_=not condition.is_)
    elif condition.in_:
        words = [choice.id for choice in table.facts[condition.fact].choices]
        others = tuple(word for word in words if word not in condition.in_)
        if others:
            yield "flipped", evolve(condition, in_=others)
    else:
        edge = next(name for name in EDGES if getattr(condition, name) is not None)
        yield "edge moved", evolve(condition, **{edge: None, EDGES[edge]: getattr(condition, edge)})


def _of_threshold(table, threshold):
    step = STEPS.get(threshold.unit, Decimal("0.0001"))
    for i, value in enumerate(threshold.values):
        rest = (threshold.values[:i], threshold.values[i + 1 :])
        if len(threshold.values) > 1:
            yield f"value {i} dropped", evolve(threshold, values=(*rest[0], *rest[1]))
        made = list(_dated(table, value)) if not value.readings else list(_dated(table, value))[:-1]
        for sign in (-1, 1):
            if value.amount is not None:
                made.append((f"{sign * step:+}", evolve(value, amount=value.amount + sign * step)))
            for j, reading in enumerate(value.readings):
                if reading.amount is not None and reading.amount + sign * step >= 0:
                    changed = evolve(reading, amount=reading.amount + sign * step)
                    readings = (*value.readings[:j], changed, *value.readings[j + 1 :])
                    made.append((f"reading {j} {sign * step:+}", evolve(value, readings=readings)))
        for j, reading in enumerate(value.readings):
            changed = evolve(reading, legal_basis=_other_basis(table, reading.legal_basis))
            readings = (*value.readings[:j], changed, *value.readings[j + 1 :])
            made.append((f"reading {j} basis swapped", evolve(value, readings=readings)))
        for change, new in made:
            yield f"value {i} {change}", evolve(threshold, values=(*rest[0], new, *rest[1]))
