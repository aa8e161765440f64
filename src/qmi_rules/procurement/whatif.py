"""What would change the answer: the smallest changes of a purchase that would open, or close, one procedure."""

import datetime
from collections.abc import Iterator
from decimal import Decimal
from itertools import combinations
from typing import Any

from attrs import field, frozen

from qmi_rules.contexts import Case, Purchase, whole_case
from qmi_rules.contexts.case import with_facts
from qmi_rules.documents.scalars import require, to_tuple
from qmi_rules.errors import UnknownNameError
from qmi_rules.findings import STATUS, Truth
from qmi_rules.law import (
    Condition,
    FactDefinition,
    FactKind,
    LawInForce,
    Rule,
    Table,
    default_table,
    examine,
    lots_under,
)
from qmi_rules.law.compilation import status
from qmi_rules.law.declarations import Bearing, Choice
from qmi_rules.procurement.alterations import LAUNCH, Alteration, Barred, Change, nearest
from qmi_rules.procurement.doubts import ContestedLimit, Doubt, contested_limits, doubts_about
from qmi_rules.text import Explained, Language, Page, message

STEPS = {"EUR HT": Decimal("0.01"), "months": Decimal(1)}
WINDOW = datetime.timedelta(days=366)
"""How far a launch may be moved by advice; `timeline` shows every day on which the answer changes."""
ANSWERED = message("Le document y répond déjà ; un fait ne se change pas pour obtenir une procédure.")


@frozen(kw_only=True)
class WhatIf(Explained):
    """What would change the answer for one procedure.

    Attributes:
        procedure: Id of the procedure.
        label: Its French name.
        status: What the answer is now.
        opens: The nearest changes that would open it; none where it is open.
        closes: The nearest changes that would close it; none where it is closed.
        barred: Facts that stand in the way and that no buyer may choose.
        contested: The limits on which the sources disagree and that keep it undetermined, with what each reading would answer.
        doubts: What it rests on that is not confirmed, where it is open.
    """

    procedure: str
    label: str
    status: str
    opens: tuple[Change, ...] = field(converter=to_tuple)
    closes: tuple[Change, ...] = field(converter=to_tuple)
    barred: tuple[Barred, ...] = field(converter=to_tuple)
    contested: tuple[ContestedLimit, ...] = field(default=(), converter=to_tuple)
    doubts: tuple[Doubt, ...] = field(default=(), converter=to_tuple)

    def page(self, say: Language) -> Page:
        """What would change the answer, in one language."""
        from qmi_rules.procurement.whatif_view import whatif_page

        return whatif_page(self, say)


def what_if(
    purchase: Purchase | Case,
    procedure: str,
    table: Table | None = None,
    known_on: datetime.date | None = None,
    lot: str | None = None,
) -> WhatIf:
    """The nearest changes of a purchase that would open one procedure, and those that would close it.

    Args:
        purchase: The purchase.
        procedure: Id of the procedure, or of an arrangement.
        table: The law; None = the national table of the package.
        known_on: Take only the law that was published by this day.
        lot: Id of a lot, to ask it of that lot.

    Returns:
        Minimal sets of changes, the smallest first, each checked by deciding anew; never through a fact that is given.

    Raises:
        UnknownNameError: There is no such procedure or lot; it lists those there are. It is a `KeyError` too.
        DocumentError: An argument is not what was expected.
    """
    require("purchase", purchase, Purchase, Case)
    table = default_table() if table is None else table
    require("table", table, Table)
    if procedure not in table.procedures:
        raise UnknownNameError("procedure", procedure, table.procedures)
    law = table.in_force(purchase.launched_on, known_on)
    return _Search(table, procedure, _case(purchase, lot, law), known_on).result()


def _case(purchase: Purchase | Case, lot: str | None, law: LawInForce) -> Purchase | Case:
    if lot is None or isinstance(purchase, Case):
        return whole_case(purchase)
    cases, _ = lots_under(law, purchase)
    for own, case in zip(purchase.lots, cases, strict=True):
        if own.id == lot:
            return case
    raise UnknownNameError("lot", lot, [own.id for own in purchase.lots])


class _Search:
    """The search of the smallest changes for one procedure and one case."""

    def __init__(self, table: Table, procedure: str, case: Purchase | Case, known_on: datetime.date | None) -> None:
        self.table = table
        self.procedure = procedure
        self.case = case
        self.known_on = known_on
        self.position = list(table.procedures).index(procedure)
        self.bearings = {bearing.fact: bearing for bearing in table.bearings}
        self.barred: dict[str, Barred] = {}

    def result(self) -> WhatIf:
        """Both directions, and what no advice goes through."""
        law = self.table.in_force(self.case.launched_on, self.known_on)
        now = self._status(law, self.case)
        opens = self._opens() if now is not Truth.YES else ()
        barred = tuple(self.barred.values())
        return WhatIf(
            procedure=self.procedure,
            label=self.table.procedures[self.procedure].label,
            status=STATUS[now],
            opens=opens,
            closes=self._closes(law) if now is not Truth.NO else (),
            barred=barred,
            contested=contested_limits(
                (examine(rule, self.case, law) for rule in law.relevant_rules(self.procedure, self.case)), law
            )
            if now is Truth.UNDETERMINED
            else (),
            doubts=doubts_about(self.procedure, self.case, law) if now is Truth.YES else (),
        )

    def _status(self, law: LawInForce, case: Purchase | Case) -> Truth:
        return status(law.evaluate(case), self.position, len(self.table.procedures))

    def _laws(self) -> Iterator[tuple[LawInForce, tuple[Alteration, ...]]]:
        """The law of the day, and that of every other span, with the change of launch that it takes."""
        day = self.case.launched_on
        for law in self.table.segments(self.known_on):
            if law.since is not None and law.since > day:
                yield law, (self._launch(law.since),)
            elif law.until is not None and law.until < day:
                yield law, (self._launch(law.until),)
            else:
                yield law, ()

    def _near(self) -> Iterator[tuple[LawInForce, tuple[Alteration, ...]]]:
        for law, launch in self._laws():
            if all(a.distance <= WINDOW.days for a in launch):
                yield law, launch

    def _launch(self, day: datetime.date) -> Alteration:
        before = self.case.launched_on
        days = Decimal(abs((day - before).days))
        return Alteration(
            fact=LAUNCH, label="la date de lancement", before=before, after=day, distance=days, unit="days"
        )

    def _opens(self) -> tuple[Change, ...]:
        found = []
        for law, launch in self._near():
            if not law.knows(self.table.procedures[self.procedure]):
                continue
            for rule in law.rules_of(self.procedure):
                if not examine(rule, self.case, law).applies:
                    continue
                concerns = rule in law.relevant_rules(self.procedure, self.case)
                needed = self._needed(law, rule, note_bars=concerns and not launch)
                if needed is not None and (change := self._checked(law, rule, (*needed, *launch), Truth.YES)):
                    found.append(change)
        return nearest(found)

    def _needed(self, law: LawInForce, rule: Rule, *, note_bars: bool) -> list[Alteration] | None:
        """What makes every condition of a row hold; None where a fact stands in the way that is not the buyer's to choose."""
        needed: dict[str, Alteration] = {}
        for condition, test in zip(rule.when, law.tests(rule), strict=True):
            if test.judge(getattr(self.case, test.slot, None)) is Truth.YES:
                continue
            alteration = self._satisfy(law, condition, law.facts[condition.fact], note_bars=note_bars)
            if alteration is None or condition.fact in needed:
                return None
            needed[condition.fact] = alteration
        return list(needed.values())

    def _satisfy(
        self, law: LawInForce, condition: Condition, fact: FactDefinition, *, note_bars: bool
    ) -> Alteration | None:
        bearing = self.bearings.get(fact.id)
        value = fact.of(self.case)
        choice = bearing.choice if bearing is not None else Choice.GIVEN
        if choice is Choice.GIVEN or (choice is Choice.ESTABLISHED and value is not None):
            if note_bars:
                self.barred.setdefault(fact.id, self._bar(fact, bearing, value))
            return None
        if fact.kind is FactKind.CHOICE:
            return None
        if fact.kind is FactKind.TRUTH:
            return self._altered(fact, bearing, value, bool(condition.is_), Decimal(1))
        limit = law.limit(condition.threshold)
        if not limit.amounts:
            return None
        step = STEPS.get(limit.threshold.unit, Decimal("0.0001"))
        lowest, highest = limit.amounts[0], limit.amounts[-1]
        after = {"below": lowest - step, "at_most": lowest, "from": highest, "above": highest + step}[condition.edge]
        if after < 0:
            return None
        distance = abs(after - value) if value is not None else Decimal(0)
        bound = "at_most" if condition.edge in ("below", "at_most") else "at_least"
        return self._altered(fact, bearing, value, after, distance, limit.threshold.unit, bound)

    def _altered(
        self,
        fact: FactDefinition,
        bearing: Bearing | None,
        before: Any,
        after: Any,
        distance: Decimal,
        unit: str = "",
        bound: str = "",
    ) -> Alteration:
        basis = bearing.legal_basis if bearing is not None else None
        return Alteration(
            fact=fact.where,
            label=fact.label,
            before=before,
            after=after,
            distance=distance,
            unit=unit,
            choice=str(bearing.choice) if bearing is not None else str(Choice.GIVEN),
            sentence={True: fact.affirmed, False: fact.denied}.get(after, "") if unit == "" else "",
            note=bearing.reason if bearing is not None else "",
            note_basis=self.table.sources[basis] if basis is not None else None,
            bound=bound,
        )

    def _bar(self, fact: FactDefinition, bearing: Bearing | None, value: Any) -> Barred:
        given = bearing is not None and bearing.choice is Choice.GIVEN
        basis = bearing.legal_basis if bearing is not None else None
        return Barred(
            fact=fact.where,
            label=fact.label,
            reason=bearing.reason if bearing is not None and (given or value is None) else ANSWERED,
            source=self.table.sources[basis] if basis is not None else None,
        )

    def _checked(
        self, law: LawInForce, rule: Rule, alterations: tuple[Alteration, ...], wanted: Truth
    ) -> Change | None:
        """The change, if deciding anew gives what is wanted."""
        slots = {
            fact.where: fact.slot for fact in law.facts.values() if not fact.lot or self.case.lot_value is not None
        }
        changes = {slots.get(a.fact, a.fact): a.after for a in alterations}
        changed = with_facts(self.case, changes)
        if self._status(law, changed) is not wanted:
            return None
        doubtful = changed if wanted is Truth.YES else self.case
        moved = wanted is Truth.NO and any(a.fact == LAUNCH for a in alterations)  # the law it leaves does not matter
        return Change(
            alterations=alterations,
            legal_basis=self.table.sources[rule.legal_basis],
            rule=rule.id,
            doubts=() if moved else doubts_about(self.procedure, doubtful, law),
        )

    def _closes(self, law: LawInForce) -> tuple[Change, ...]:
        """For every row that holds or may hold, one condition broken; in every combination of at most three facts."""
        found = []
        for other, launch in self._near():
            rules = other.rules_of(self.procedure)
            if launch and self._status(other, self.case) is Truth.NO:
                live = [r for r in law.rules_of(self.procedure) if examine(r, self.case, law).truth is not Truth.NO]
                ground = next(
                    iter(live or rules or [r for r in self.table.rules if r.procedure == self.procedure]), None
                )
                if ground is not None and (change := self._checked(other, ground, launch, Truth.NO)):
                    found.append(change)
            if launch:
                continue
            live = [r for r in rules if (e := examine(r, self.case, law)).applies and e.truth is not Truth.NO]
            breaks = {a.fact: (a, rule) for rule in live for a in self._breaking(law, rule)}
            for size in (1, 2, 3):
                for chosen in combinations(breaks.values(), size):
                    alterations = tuple(a for a, _ in chosen)
                    if change := self._checked(law, chosen[0][1], alterations, Truth.NO):
                        found.append(change)
        return nearest(found)

    def _breaking(self, law: LawInForce, rule: Rule) -> Iterator[Alteration]:
        for condition in rule.when:
            fact = law.facts[condition.fact]
            bearing, value = self.bearings.get(fact.id), fact.of(self.case)
            if fact.kind is FactKind.TRUTH:
                yield self._altered(fact, bearing, value, not condition.is_, Decimal(1))
            elif fact.kind is FactKind.NUMBER and (amounts := law.limit(condition.threshold).amounts):
                unit = law.limit(condition.threshold).threshold.unit
                step = STEPS.get(unit, Decimal("0.0001"))
                edges = {"below": amounts[-1], "at_most": amounts[-1] + step}
                after = edges.get(condition.edge, amounts[0] - step if condition.edge == "from" else amounts[0])
                distance = abs(after - value) if value is not None else Decimal(0)
                bound = "at_least" if condition.edge in edges else "at_most"
                yield self._altered(fact, bearing, value, after, distance, unit, bound)
