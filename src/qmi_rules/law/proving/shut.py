"""What local rules shut without speaking of it: a national row whose cases no local row of its procedure names.

While a local row of a procedure is in force, the procedure is open only where a national row *and* a local row hold. A rule about
supplies thus shuts works, of which its author may not have thought. What a local row is about, is what tells the rows of its
procedure apart: their words, yes/no facts and amounts, and the type of contract. A fact that none of them asks for is a condition
more, and an amount that the national row itself limits is tightened: both are what local rules are for.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from attrs import evolve

from qmi_rules.law.proving.boxes import Box, Interval, Scope, Space
from qmi_rules.law.rows import Rule
from qmi_rules.law.wording import SENTENCES
from qmi_rules.pages import message
from qmi_rules.pages.sentences import Clauses, Quantity, Remark, Said, Term, Value, remark

if TYPE_CHECKING:
    from qmi_rules.law.in_force import LawInForce
    from qmi_rules.law.table import Table

SHUT = message(
    "les règles locales ferment, sans en parler, « {procedure} » que le droit national ouvre ({row}), par exemple pour un achat lancé le {day} : {case}"
)
_SUBJECT = "contract_type"
"""What every row is about, whether it says so or not."""


def shut_by_silence(table: "Table") -> Iterator[Remark]:
    """The national rows that local ones shut without naming them, each once, with a case that shows it.

    Args:
        table: A table that local rules were laid over; any other has none.

    Returns:
        Remarks with the id of the national row.
    """
    if not any(rule.local_basis for rule in table.rules):
        return
    told: set[str] = set()
    for law in table.segments():
        laid = [rule for rule in law.rules if rule.local_basis]
        for lots in (False, True) if laid else ():
            scope = Scope(law, lots=lots)
            for procedure in dict.fromkeys(rule.procedure for rule in laid):
                yield from _of_procedure(scope, [rule for rule in laid if rule.procedure == procedure], told)


def _of_procedure(scope: Scope, laid: list[Rule], told: set[str]) -> Iterator[Remark]:
    law, space = scope.law, scope.space
    if not law.knows(law.table.procedures[laid[0].procedure]):
        return
    national, local = zip(*map(_split, laid), strict=True)
    national_rows = {rule.id: rule for rule in national}
    subject = {condition.fact for rule in national_rows.values() for condition in rule.when} | {_SUBJECT}
    world = law.worlds(strict=laid)[0]
    added = {rule.when: rule for rule in local}.values()
    spoken = [box for rule in added if (box := space.box(rule, world)) is not None]
    for name, rule in national_rows.items():
        # a row in doubt opens nothing for sure: whether it is shut is not said
        if name in told or (box := scope.box(rule, world)) is None:
            continue
        asked = subject - {condition.fact for condition in rule.when if condition.edge}
        # many local rows differ only in what is left out here: alike they are one, and the cuts stay few
        named = {frozenset(about.items()): about for about in (_about(cover, asked) for cover in spoken)}
        if left := space.uncovered(box, named.values()):
            told.add(name)
            yield _told(rule, law, space, left[0])


def _split(rule: Rule) -> tuple[Rule, Rule]:
    """The national and the local row that a tightened one is made of."""
    first = len(rule.when) - rule.local_conditions
    return evolve(rule, id=rule.id.split("..")[0], when=rule.when[:first]), evolve(rule, when=rule.when[first:])


def _about(box: Box, asked: set[str]) -> Box:
    """The cases that a local row speaks of, among those that are told apart."""
    return {fact: part for fact, part in box.items() if fact in asked}


def _told(rule: Rule, law: "LawInForce", space: Space, box: Box) -> Remark:
    shown = {condition.fact for condition in rule.when} | {_SUBJECT} | box.keys()
    words: list[Value] = []
    for name, value in _case(space, box).items():
        fact = law.facts[name]
        if name not in shown:
            continue
        if isinstance(value, bool):
            words.append(Term(fact.affirmed if value else fact.denied))
            continue
        label = next((choice.label for choice in fact.choices if choice.id == value), "")
        told: Value = Term(label) if label else Quantity(value, _unit(law, name))
        words.append(Said(SENTENCES["choice"], {"fact": Term(fact.label), "value": told}))
    return remark(
        rule.id,
        SHUT,
        procedure=Term(law.table.procedures[rule.procedure].label),
        row=rule.id,
        day=law.day,
        case=Clauses(tuple(words)),
    )


def _case(space: Space, box: Box) -> dict[str, Any]:
    """The most that a row opens at: that a purchase of nothing is shut surprises nobody; the least where nothing bounds it."""
    case = space.witness(box)
    for fact, step in space.steps.items():
        part, whole = box.get(fact, space.parts[fact]), space.parts[fact]
        assert isinstance(part, Interval)
        assert isinstance(whole, Interval)
        case[fact] = part.high - step if part.high < whole.high else part.low
    if space.lots and {"estimated_value", "lot_value"} <= case.keys():
        # the need that has room for such lots
        share = case.get("small_lots_share") or Decimal(1)
        case["estimated_value"] = max(case["estimated_value"], case["lot_value"] / share)
    return case


def _unit(law: "LawInForce", fact: str) -> str:
    used = (condition.threshold for row in law.table.rows() for condition in row.when if condition.fact == fact)
    return next((law.table.thresholds[threshold].unit for threshold in used if threshold), "EUR HT")
