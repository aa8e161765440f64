"""Particular cases: the facts asked on request, which of them belong to a way that the buyer wants, and what is asked of a purchase.

A table says of each fact when a person is asked about it. One that is asked on request is asked all the same where the CPV code or
another fact calls for it, where the title gives reason to, or where the buyer already said something that only that way needs.
"""

from collections.abc import Mapping
from functools import lru_cache

from qmi_rules.law import Asking, FactDefinition, FactKind, LawInForce
from qmi_rules.model import Case, Purchase
from qmi_rules.read_only import to_read_only


@lru_cache(maxsize=64)
def particular_facts(law: LawInForce) -> Mapping[str, FactDefinition]:
    """The facts of particular cases, by id: asked on request, and such that a row wants one of its like to be so."""
    found: set[str] = set()
    for rule in law.rules:
        rare = [(c, law.facts[c.fact]) for c in rule.when if law.facts[c.fact].ask is Asking.ON_REQUEST]
        if any(condition.is_ for condition, _ in rare):
            found |= {fact.id for _, fact in rare if fact.kind is FactKind.TRUTH}
    return to_read_only({name: fact for name, fact in law.facts.items() if name in found})


def wanted_facts(law: LawInForce, case: "Case | Purchase") -> set[str]:
    """The particular facts that belong to a way which the buyer wants: another fact of the row is so."""
    particular = particular_facts(law)
    found = set()
    for rule in law.rules:
        rare = [particular[c.fact] for c in rule.when if c.fact in particular]
        if any(c.is_ and c.fact in particular and particular[c.fact].of(case) is True for c in rule.when):
            found |= {fact.id for fact in rare}
    return found


def is_asked(fact: FactDefinition, case: "Case | Purchase", title: str, wanted: set[str]) -> bool:
    """Whether a person is asked about a fact that nobody filled: it is no particular case, or something speaks for it.

    Args:
        fact: The fact.
        case: What is known.
        title: What is bought, as the buyer says it; empty = not said.
        wanted: As `wanted_facts` gives it.
    """
    return (
        fact.ask is not Asking.ON_REQUEST
        or fact.id in wanted
        or fact.is_called_for(case)
        or fact.is_suggested_by(title)
    )


def askable_facts(law: LawInForce, case: "Case | Purchase", title: str) -> list[FactDefinition]:
    """The facts that a person is asked about: not filled, no particular case or one that something speaks for, and tested by a procedure."""
    wanted = wanted_facts(law, case)
    procedures = law.table.procedures
    tested = {c.fact for rule in law.rules if not procedures[rule.procedure].arrangement for c in rule.when}
    tested |= {one.fact for one in law.table.outside}
    return [
        fact
        for name, fact in law.facts.items()
        if name in tested and not fact.lot and fact.of(case) is None and is_asked(fact, case, title, wanted)
    ]
