"""How one fact of a case may be altered: what makes a condition hold or fail, how far that is, and what no buyer may choose."""

import datetime
from decimal import Decimal
from typing import Any, Final

from qmi_rules.contexts import Case, Purchase
from qmi_rules.law import Condition, FactDefinition, FactKind, LawInForce, Source, Table
from qmi_rules.law.rows import Choice
from qmi_rules.procurement.alterations import LAUNCH, Alteration, Barred
from qmi_rules.text import message

STEPS = {"EUR HT": Decimal("0.01"), "months": Decimal(1)}
ANSWERED = message("Le document y répond déjà ; un fait ne se change pas pour obtenir une procédure.")
OPPOSITE: Final = {"below": "from", "from": "below", "at_most": "above", "above": "at_most"}


class Altering:
    """The alterations of one case, and what the table says of each."""

    def __init__(self, table: Table, case: Purchase | Case) -> None:
        self.case = case
        self._sources = table.sources
        self._bearings = {bearing.fact: bearing for bearing in table.bearings}

    def launch(self, day: datetime.date) -> Alteration:
        """The launch moved to a day."""
        before = self.case.launched_on
        days = Decimal(abs((day - before).days))
        return Alteration(
            fact=LAUNCH, label="la date de lancement", before=before, after=day, distance=days, unit="days"
        )

    def bar(self, fact: FactDefinition) -> Barred | None:
        """Why no advice goes through a fact; None where it may."""
        choice, reason, source = self._bearing(fact)
        given, filled = choice is Choice.GIVEN, fact.of(self.case) is not None
        if not given and not (choice is Choice.ESTABLISHED and filled):
            return None
        told = reason if reason and (given or not filled) else ANSWERED
        return Barred(fact=fact.where, label=fact.label, reason=told, source=source)

    def to_hold(self, law: LawInForce, condition: Condition) -> Alteration | None:
        """The nearest alteration that makes a condition hold whichever reading of its limit is right; None where there is none."""
        return self._made(law, condition, bool(condition.is_), condition.edge)

    def to_fail(self, law: LawInForce, condition: Condition) -> Alteration | None:
        """The nearest alteration that makes a condition fail whichever reading of its limit is right; None where there is none."""
        return self._made(law, condition, not condition.is_, OPPOSITE.get(condition.edge, ""))

    def _made(self, law: LawInForce, condition: Condition, truth: bool, edge: str) -> Alteration | None:
        """The fact of a condition made true or false, or its number brought to an edge of the limit."""
        fact = law.facts[condition.fact]
        match fact.kind:
            case FactKind.CHOICE:
                return None
            case FactKind.TRUTH:
                sentence = fact.affirmed if truth else fact.denied
                return self._altered(fact, after=truth, distance=Decimal(1), sentence=sentence)
        limit = law.limit(condition.threshold)
        if not limit.amounts:
            return None
        unit = limit.threshold.unit
        step = STEPS.get(unit, Decimal("0.0001"))
        lowest, highest = limit.amounts[0], limit.amounts[-1]
        after = {"below": lowest - step, "at_most": lowest, "from": highest, "above": highest + step}[edge]
        if after < 0:
            return None
        before = fact.of(self.case)
        distance = abs(after - before) if before is not None else Decimal(0)
        bound = "at_most" if edge in ("below", "at_most") else "at_least"
        return self._altered(fact, after=after, distance=distance, unit=unit, bound=bound)

    def _altered(self, fact: FactDefinition, **change: Any) -> Alteration:
        choice, reason, source = self._bearing(fact)
        return Alteration(
            fact=fact.where,
            label=fact.label,
            before=fact.of(self.case),
            choice=str(choice),
            note=reason,
            note_basis=source,
            **change,
        )

    def _bearing(self, fact: FactDefinition) -> tuple[Choice, str, Source | None]:
        """Whether a buyer may change a fact, why, and the text; one of which the table says nothing is given."""
        bearing = self._bearings.get(fact.id)
        if bearing is None:
            return Choice.GIVEN, "", None
        basis = bearing.legal_basis
        return bearing.choice, bearing.reason, None if basis is None else self._sources[basis]
