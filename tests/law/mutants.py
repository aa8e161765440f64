"""Every small change of the tables that a slip could make: a row or condition dropped, a cent, a day, a fact flipped, a text swapped."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal

from attrs import evolve, frozen

from qmi_rules.law import Certainty

DAY = timedelta(days=1)
EDGES = {"below": "at_most", "at_most": "below", "from_": "above", "above": "from_"}
FROM_LOTS = {"allotted", "small_lot"}  # nobody is asked: they follow from the lots
OTHER_TEXT = "https://www.legifrance.gouv.fr/codes/texte_lc/LEGITEXT000006070721"
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
        if isinstance(getattr(table, self.section), Mapping):
            return table.replace(**{self.section: {**getattr(table, self.section), self.target: self.made}})
        rows = [self.made if row is self.entry else row for row in getattr(table, self.section)]
        return table.replace(**{self.section: tuple(row for row in rows if row is not None)})


def all_mutants(table):
    for section in ("rules", "duty_rows", "cautions"):
        for row in getattr(table, section):
            for change, made in _of_row(table, row):
                yield Mutant(change, row.id, section, row, made)
    for section, slips in (("thresholds", _of_threshold), ("sources", _of_source), ("facts", _of_fact)):
        for name, entry in getattr(table, section).items():
            for change, made in slips(table, entry):
                yield Mutant(change, name, section, entry, made)


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
    yield "published +1 day", evolve(entry, published_on=entry.published_on + DAY)
    for certainty in set(Certainty) - {entry.certainty}:
        yield f"certainty {certainty}", evolve(entry, certainty=certainty)
    if entry.end_published_on is not None:
        yield "end published: dropped", evolve(entry, end_published_on=None)
        yield "end published: +1 day", evolve(entry, end_published_on=entry.end_published_on + DAY)


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
    for i, reduction in enumerate(getattr(row, "reductions", ())):
        rest = (row.reductions[:i], row.reductions[i + 1 :])
        for change, made in (
            ("basis", evolve(reduction, legal_basis=_other_basis(table, reduction.legal_basis))),
            ("days", evolve(reduction, days=reduction.days + 1)),
        ):
            yield f"reduction {i} {change}", evolve(row, reductions=(*rest[0], made, *rest[1]))


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
        made = list(_dated(table, value))
        if value.effective_until is not None:
            made.append(("derogation turned", evolve(value, derogation=not value.derogation)))
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
            for certainty in set(Certainty) - {reading.certainty}:
                changed = evolve(reading, certainty=certainty)
                readings = (*value.readings[:j], changed, *value.readings[j + 1 :])
                made.append((f"reading {j} certainty {certainty}", evolve(value, readings=readings)))
        for change, new in made:
            yield f"value {i} {change}", evolve(threshold, values=(*rest[0], new, *rest[1]))


def _of_source(table, source):
    yield "address of another text", evolve(source, url=OTHER_TEXT)
    if source.url is not None:
        yield "address dropped", evolve(source, url=None)
    if source.article is not None:
        yield "another article", evolve(source, article=f"{source.article}-9")
    for i, version in enumerate(source.versions):
        made = [("certainty", {"certainty": next(c for c in Certainty if c is not version.certainty)})]
        if version.identifier is not None:
            made.append(("identifier of another", {"identifier": "LEGIARTI000000000001"}))
            made.append(("identifier dropped", {"identifier": None}))
        if version.effective_from is not None and not i:
            made.append(("begins -1 day", {"effective_from": version.effective_from - DAY}))
        for change, slip in made:
            versions = (*source.versions[:i], evolve(version, **slip), *source.versions[i + 1 :])
            yield f"version {i} {change}", evolve(source, versions=versions)


def _of_fact(table, fact):
    if fact.kind != "truth" or fact.id in FROM_LOTS:
        return
    yield (
        "question of another fact",
        evolve(fact, question=next(f.question for f in table.facts.values() if f is not fact)),
    )
    yield "what is repeated turned round", evolve(fact, affirmed=fact.denied, denied=fact.affirmed)
