"""The lightest procedure for every amount: the answer where nobody knows the amount yet."""

from collections.abc import Iterator
from decimal import Decimal

from qmi_rules.law import Asking, FactKind, LawInForce
from qmi_rules.model import Case, Purchase
from qmi_rules.model.case import with_facts
from qmi_rules.procurement.card.answer import Rung
from qmi_rules.procurement.card.seen import Seen
from qmi_rules.procurement.dialogue.inquiry import cells
from qmi_rules.procurement.dialogue.particular import askable_facts
from qmi_rules.procurement.options import Option


def ladder_of(law: LawInForce, case: "Case | Purchase", title: str) -> Iterator[Rung]:
    """The lightest procedure for every amount; where a fact that helps is not filled, also what it would open."""
    amounts = [*cells((law,), Decimal(0), None)]
    helping = [
        fact
        for fact in askable_facts(law, case, title)
        if fact.kind is FactKind.TRUTH and fact.ask is Asking.WHEN_IT_HELPS
    ]
    # a ladder is planned by: each amount has its safe way, not one that rests on law that nobody confirmed
    plain = [Seen(law, with_facts(case, {"value": amount})) for amount in amounts]
    found: list[tuple[str | None, list[Option | None]]] = [(None, [seen.safe for seen in plain])]
    for fact in helping:
        helped = [Seen(law, with_facts(case, {"value": amount, fact.slot: True})) for amount in amounts]
        # said only where it opens a lighter way
        lighter = [
            o if o is not None and (p is None or o.order < p.order) else None
            for o, p in zip((seen.safe for seen in helped), found[0][1], strict=True)
        ]
        found.append((fact.id, lighter))
    rungs = []
    for fact_id, options in found:
        start = 0
        for i in range(1, len(amounts) + 1):
            here = options[start]
            if i < len(amounts) and _same(options[i], here):
                continue
            if here is not None or fact_id is None:
                rungs.append(
                    Rung(
                        from_=amounts[start],
                        below=amounts[i] if i < len(amounts) else None,
                        procedure=None if here is None else here.procedure,
                        if_=fact_id,
                    )
                )
            start = i
    top = Decimal("Infinity")
    yield from sorted(rungs, key=lambda rung: (rung.below or top, rung.from_, rung.if_ or ""))


def _same(one: Option | None, other: Option | None) -> bool:
    return (one and one.procedure) == (other and other.procedure)
