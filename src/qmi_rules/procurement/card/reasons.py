"""Because of what the card answers, and with what room below the limit."""

from collections.abc import Iterable, Iterator

from qmi_rules.law import Examination, Table
from qmi_rules.law.findings import AmountFinding, FactFinding, Finding, PeriodFinding
from qmi_rules.law.truth import Truth
from qmi_rules.law.wording import fact_at, finding_sentence
from qmi_rules.pages import AnyOf, Clauses, Language, Quantity, Said, Sayable, Term
from qmi_rules.procurement.card.answer import Margin
from qmi_rules.procurement.card.card import Because, Saying
from qmi_rules.procurement.card.seen import Seen
from qmi_rules.procurement.card.sentences import CARD
from qmi_rules.procurement.options import Option


def reasons_of(seen: Seen) -> Iterator[Because]:
    """Why the lightest procedure is open; then why no lighter one is, the one that may still open before those that are closed."""
    table, main = seen.law.table, seen.lightest
    if main is not None and (ground := next(iter(main.examined), None)) is not None:
        told = [finding for finding in ground.findings if _tells(finding)]
        ordinary = Saying(as_clause, (main.definition.description or main.label,))
        yield Because(
            sentence=clauses(table, told) if told else ordinary,
            source=table.cited(ground.row.legal_basis, main.case.launched_on),
        )
    if seen.competition == "not_required":
        return
    order = None if main is None else main.order
    lighter = [o for o in seen.options if o.definition.dispensed and (order is None or o.order < order)]
    waiting = seen.waiting
    bounded = (o for o in sorted(lighter, key=lambda o: o.order) if o.truth is Truth.NO and _amounts(o, Truth.NO))
    option = waiting[0] if waiting else next(bounded, None)
    if option is None or not option.examined:
        return
    name = Term(option.label)
    facts = tuple(Term(fact.label) for path in option.missing if (fact := fact_at(table, path)) is not None)
    if option.truth is Truth.NO:
        limit = max(finding.limit or max(finding.readings) for finding in _amounts(option, Truth.NO))
        why = Said(CARD["only_below"], {"procedure": name, "limit": Quantity(limit, "EUR HT")})
    elif facts:
        why = Said(CARD["to_establish"], {"procedure": name, "facts": facts})
    else:  # a reservation says what it waits for
        return
    yield Because(sentence=why, source=table.cited(option.examined[0].row.legal_basis, option.case.launched_on))


def as_clause(say: Language, text: str) -> str:
    """A sentence of the table as a clause: the card ends it itself."""
    return say(text).rstrip(".")


def _tells(finding: Finding) -> bool:
    """Whether a finding that holds says something of this purchase, and not only that a rare case is not there."""
    match finding:
        case FactFinding(value=value):
            return bool(value)
        case AmountFinding() | PeriodFinding():
            return True
    return False


def clauses(table: Table, findings: Iterable[Finding]) -> Sayable:
    """Findings as the clauses of one sentence."""
    return Clauses(tuple(_clause(table, finding) for finding in findings))


def _clause(table: Table, finding: Finding) -> Sayable:
    """A finding that holds; of the value of the need shorter than the explanation has it."""
    if not isinstance(finding, AmountFinding) or finding.unit != "EUR HT":
        return Saying(finding_sentence, (table, finding))
    limits = tuple(Quantity(amount, finding.unit) for amount in finding.readings or (finding.limit,))
    return Said(CARD[f"side_{finding.edge}"], {"value": Quantity(finding.value, finding.unit), "limit": AnyOf(limits)})


def _amounts(option: Option, truth: Truth) -> list[AmountFinding]:
    """What compares the value of the need with a limit in the grounds of an option, with one answer."""
    return [finding for ground in option.examined for finding in _compared(ground, truth)]


def _compared(ground: Examination, truth: Truth) -> list[AmountFinding]:
    return [
        finding
        for finding in ground.findings
        if isinstance(finding, AmountFinding) and finding.unit == "EUR HT" and finding.truth is truth
    ]


def margin_of(main: Option) -> Margin | None:
    """The limit above the value that the procedure is open under; of several grounds the highest, and none where one holds at any amount."""
    holding = (ground for ground in main.examined if ground.truth is Truth.YES)
    limits = [[f for f in _compared(ground, Truth.YES) if f.edge in ("below", "at_most")] for ground in holding]
    if not all(limits):
        return None
    found = [
        Margin(threshold=f.threshold, limit=limit, distance=limit - f.value, readings=f.readings)
        for amounts in limits
        for f in amounts
        if f.value is not None
        for limit in (f.limit if f.limit is not None else min(f.readings),)
    ]
    return max(found, key=lambda margin: margin.limit, default=None)
