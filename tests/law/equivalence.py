"""Proof that a mutant says the same as the table: exact, on boxes for grounds, on every elementary cell for duties."""

from datetime import timedelta
from decimal import Decimal
from itertools import product
from types import SimpleNamespace

from qmi_rules.law import DutyRow, examine
from qmi_rules.law.proving.boxes import Scope
from qmi_rules.law.truth import Truth

DAY = timedelta(days=1)
SMALL = Decimal("0.01")


def equivalent(table, mutated, mutant):
    """Whether no case on no day tells them apart."""
    days = sorted({*table._changes, *mutated._changes})
    days.insert(0, days[0] - DAY)
    pairs = [(table.in_force(day), mutated.in_force(day)) for day in days]
    match mutant.section:
        case "thresholds":
            names = table.thresholds
            return all(
                (a.limit(n).amounts, a.limit(n).basis) == (b.limit(n).amounts, b.limit(n).basis)
                for a, b in pairs
                for n in names
            )
        case "rules":
            return all(_same_statuses(a, b, mutant.entry.procedure) for a, b in _different(pairs, mutant))
        case _:
            return isinstance(mutant.entry, DutyRow) and all(
                _same_duties(a, b, mutant.entry) for a, b in _different(pairs, mutant)
            )


def _different(pairs, mutant):
    """Pairs of laws that are not, for the mutated row, the same as a pair seen before."""
    seen = set()
    for before, after in pairs:
        rows = [
            row
            for law in (before, after)
            for row in (*law.rules, *law.duty_rows)
            if getattr(row, "procedure", None) == getattr(mutant.entry, "procedure", "")
            or getattr(row, "duty", None) == getattr(mutant.entry, "duty", "")
        ]
        used = tuple((c.threshold, before.limit(c.threshold).amounts) for row in rows for c in row.when if c.threshold)
        key = (tuple(row.id for row in rows), used)
        if key not in seen:
            seen.add(key)
            yield before, after


def _same_statuses(before, after, procedure):
    for lots in (False, True):
        old, new = Scope(before, lots=lots), Scope(after, lots=lots)
        here, there = old.statuses(procedure), new.statuses(procedure)
        for status in here:
            left = [rest for box in here[status] for rest in old.space.uncovered(box, there[status])]
            more = [rest for box in there[status] for rest in old.space.uncovered(box, here[status])]
            if left or more:
                return False
    return True


def _same_duties(before, after, entry):
    for old, new in {
        tuple(_rows(before, entry.duty, p)): _rows(after, entry.duty, p) for p in entry.procedures
    }.items():
        kept = {id(row) for row in old} & {id(row) for row in new}
        gone, come = ([row for row in rows if id(row) not in kept] for rows in (old, new))
        for case in _cells(old, new, before):
            # rows that both tables have bind alike: only where the changed one tells may the binding differ
            was, becomes = _telling(gone, case, before), _telling(come, case, after)
            if was != becomes and _binding(old, case, before) != _binding(new, case, after):
                return False
    return True


def _telling(rows, case, law):
    return [(row.legal_basis, row.days) for row in rows if examine(row, case, law).truth is Truth.YES]


def _rows(law, duty, procedure):
    return [row for row in law.duty_rows if row.duty == duty and procedure in row.procedures]


def _binding(rows, case, law):
    holding = [row for row in rows if examine(row, case, law).truth is Truth.YES]
    holding.sort(key=lambda row: float("inf") if row.days is None else row.days)
    return (holding[0].legal_basis, holding[0].days) if holding else None


def _cells(rows, others, law):
    """One case for each elementary cell between the limits that the rows compare with."""
    conditions = [c for row in (*rows, *others) for c in row.when]
    values = {}
    for fact in {c.fact for c in conditions}:
        definition, own = law.facts[fact], [c for c in conditions if c.fact == fact]
        if definition.choices:
            kinds = {tuple(word.id in c.in_ for c in own): word.id for word in definition.choices}
            words = list(kinds.values())  # words that no row tells apart are one
            if definition.path == "cpv":  # what the object is, its code says
                codes = {word.id: word.cpv[0][:8] if word.cpv else None for word in definition.choices}
                values["cpv"] = [codes[word] for word in words]
            else:
                values[definition.slot] = words
        elif own[0].threshold:
            step = 1 if fact == "duration_months" else SMALL
            limits = {a for c in own for a in law.limit(c.threshold).amounts}
            values[definition.slot] = sorted({v for a in limits for v in (a - step, a, a + step)})
        else:
            values[definition.slot] = [True, False]
    for cell in product(*values.values()):
        yield SimpleNamespace(**dict(zip(values, cell, strict=True)))
