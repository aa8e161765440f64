"""What a document says of a purchase so far: the laws and amounts still possible, what all of them agree on, and what an answer would settle.

The document is that of a `Purchase` in which anything may still be missing, with two more keys: ``bounds`` holds what is only known
by "less than" or "from", ``{"estimated_value": {"from": "40000", "below": "60000"}}``, and ``unanswered`` the questions that
nobody could answer.
"""

import datetime
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING, Any

from attrs import evolve, field, frozen

from qmi_rules.errors import DocumentError, Problem, fault
from qmi_rules.law import Asking, FactDefinition, FactKind, LawInForce, Table, default_table
from qmi_rules.law.truth import Truth
from qmi_rules.model import Case, Purchase, whole_case
from qmi_rules.model.case import with_facts
from qmi_rules.read_only import to_read_only
from qmi_rules.schema import structure, unstructure
from qmi_rules.schema.faults import require, shown
from qmi_rules.schema.scalars import to_tuple

if TYPE_CHECKING:
    from qmi_rules.procurement.decision import Decision


EXTRA = ("bounds", "unanswered")
DAY = datetime.timedelta(days=1)
VALUE, LAUNCH, TITLE = "estimated_value", "launched_on", "title"


@frozen(kw_only=True)
class Inquiry:
    """What is known so far: the case of every law and amount that the document leaves possible.

    Attributes:
        case: The facts given.
        laws: The laws of the days that are possible.
        amounts: One amount for each cell that is possible; None alone where the value is known or does not matter.
        unanswered: Ids of the questions that nobody could answer.
        title: What is bought, as the buyer says it; empty = not said.
    """

    case: Case
    laws: tuple[LawInForce, ...]
    amounts: tuple[Decimal | None, ...] = field(converter=to_tuple)
    unanswered: tuple[str, ...]
    title: str = ""

    def undetermined(self) -> int:
        """How many procedures are not settled over all that is possible."""
        return len([truth for truth in self.statuses().values() if truth is Truth.UNDETERMINED])

    def statuses(self) -> dict[str, Truth]:
        """For each procedure what all possible laws and amounts agree on; arrangements are not asked about."""
        # a packed answer holds two bits a procedure: open in the lower half, may be open in the upper one
        procedures = list(self.laws[0].table.procedures)
        every, some = (1 << len(procedures)) - 1, 0
        for packed in self._packed():
            every &= packed
            some |= packed | packed >> len(procedures)
        return {
            name: Truth.YES if every >> i & 1 else Truth.UNDETERMINED if some >> i & 1 else Truth.NO
            for i, name in enumerate(procedures)
            if not self.laws[0].table.procedures[name].arrangement
        }

    def cases(self) -> Iterator[tuple[LawInForce, Case]]:
        """Every case that is possible, with its law."""
        for amount in self.amounts:
            case = self.case if amount is None else evolve(self.case, value=amount)
            for law in self.laws:
                yield law, case

    def _packed(self) -> Iterator[int]:
        return (law.evaluate(case) for law, case in self.cases())

    def with_fact(self, fact: FactDefinition, value: Any) -> "Inquiry":
        """The same with one more fact."""
        return evolve(self, case=with_facts(self.case, {fact.slot: value}))


def inquiry(
    document: dict[str, Any] | Purchase, table: Table | None = None, known_on: datetime.date | None = None
) -> Inquiry:
    """Read what a document says so far.

    Raises:
        DocumentError: Something in it is not what was expected; all faults at once.
    """
    require("document", document, Purchase, dict)
    table = default_table() if table is None else table
    require("table", table, Table)
    known = unstructure(document) if isinstance(document, Purchase) else dict(document)
    bounds, unanswered = known.pop("bounds", {}), known.pop("unanswered", [])
    if problems := list(_misshapen(bounds, unanswered)):
        raise DocumentError(problems)
    days = _day_bounds(bounds.get(LAUNCH, {}))
    # a purchase must have a title and a day; neither may be known yet, and neither decides here
    filled = {TITLE: "…", LAUNCH: "2000-01-01", **known}
    purchase = structure(filled, Purchase)
    if LAUNCH in known:
        laws: tuple[LawInForce, ...] = (table.in_force(purchase.launched_on, known_on),)
    else:
        # no day is known: every law that may apply is asked, and what they agree on is settled
        laws = tuple(law for law in table.segments(known_on) if meets(law, *days))
    case = with_facts(whole_case(purchase), {LAUNCH: laws[-1].day if LAUNCH not in known else purchase.launched_on})
    amounts: tuple[Decimal | None, ...] = (None,)
    if case.value is None:
        amounts = tuple(cells(laws, *_amount_bounds(bounds.get(VALUE, {}))))
    title = purchase.title if TITLE in known else ""
    return Inquiry(case=case, laws=laws, amounts=amounts, unanswered=tuple(unanswered), title=title)


def as_purchase(document: dict[str, Any], title: str = "") -> Purchase:
    """The purchase that the answers describe; what is only known by bounds stays unfilled.

    Args:
        document: As for `next_question`.
        title: What is bought, where the document does not say.

    Raises:
        DocumentError: The title or the day of launch is missing, or something is wrong in the document.
    """
    filled = {key: value for key, value in document.items() if key not in EXTRA}
    if title and TITLE not in filled:
        filled[TITLE] = title
    return structure(filled, Purchase)


def _misshapen(bounds: Any, unanswered: Any) -> Iterator[Problem]:
    if not isinstance(bounds, dict) or not all(isinstance(bound, dict) for bound in bounds.values()):
        yield fault(
            "contradiction",
            "bounds",
            'expected {{"estimated_value": {{"from": "40000"}}}} or the like, got {got}',
            got=shown(bounds),
        )
    if not isinstance(unanswered, list):
        yield fault("wrong_type", "unanswered", "expected a list of ids of questions, got {got}", got=shown(unanswered))


def meets(law: LawInForce, since: datetime.date | None, before: datetime.date | None) -> bool:
    """Whether a law is in force on some day from `since` and before `before`; None = no bound."""
    return (law.until is None or since is None or law.until >= since) and (
        law.since is None or before is None or law.since < before
    )


def _day_bounds(bounds: dict[str, Any]) -> tuple[datetime.date | None, datetime.date | None]:
    try:
        low, high = (datetime.date.fromisoformat(bounds[k]) if k in bounds else None for k in ("from", "below"))
    except (TypeError, ValueError):
        raise DocumentError(
            [
                fault(
                    "not_a_date", "bounds.launched_on", "expected days such as 2026-04-01, got {got}", got=shown(bounds)
                )
            ]
        ) from None
    return low, high


def _amount_bounds(bounds: dict[str, Any]) -> tuple[Decimal, Decimal | None]:
    try:
        low, high = Decimal(bounds.get("from", 0)), Decimal(bounds["below"]) if "below" in bounds else None
    except (TypeError, ArithmeticError):
        raise DocumentError(
            [
                fault(
                    "not_an_amount", "bounds.estimated_value", "expected amounts in euros, got {got}", got=shown(bounds)
                )
            ]
        ) from None
    return low, high


def edges_of(laws: tuple[LawInForce, ...]) -> list[Decimal]:
    """The amounts that the rules of some laws compare the whole value with."""
    fact = laws[0].facts[VALUE]
    return sorted({edge for law in laws for edge in limits_of(law, fact)})


def cells(laws: tuple[LawInForce, ...], low: Decimal, high: Decimal | None) -> Iterator[Decimal]:
    """One amount for each stretch between two edges of the laws, from `low` and below `high`."""
    yield low
    yield from (edge for edge in edges_of(laws) if low < edge and (high is None or edge < high))


def ranked_facts(decision: "Decision") -> tuple[str, ...]:
    """Paths of the missing facts of a decision; the one that settles most undetermined options on average first.

    The facts of lots follow those of the whole.
    """
    law, case = decision.law, whole_case(decision.purchase)
    wanted = dict.fromkeys(path for option in decision.options for path in option.missing)
    definitions = {fact.where: fact for fact in law.facts.values() if not fact.lot}
    # where the value follows from the need, it is the need that lacks something
    definitions[decision.submission.value_path] = definitions["estimated_value"]
    order = list(definitions)
    ranked = sorted(
        (path for path in wanted if path in definitions),
        # of facts that settle alike the first of the table goes first: no order may depend on a hash
        key=lambda path: (*_rank(settling(law, case, definitions[path])), order.index(path)),
    )
    in_lots = dict.fromkeys(chain.from_iterable(option.missing for lot in decision.lots for option in lot.options))
    # what is asked for the whole is not asked again for each lot
    of_lots = (path for path in in_lots if path.rsplit("].", 1)[-1] not in wanted)
    return tuple(dict.fromkeys((*ranked, *wanted, *of_lots)))


def undetermined(law: LawInForce, case: "Case | Purchase") -> int:
    """How many procedures a case leaves undetermined."""
    procedures = law.table.procedures
    packed, count = law.evaluate(case), len(procedures)
    maybe = (packed >> count) & ~packed
    return sum(maybe >> i & 1 for i, procedure in enumerate(procedures.values()) if not procedure.arrangement)


@frozen
class Settling:
    """How many undetermined procedures an answer to a question settles.

    Attributes:
        worst: Whatever the answer is.
        average: Over the answers that there are.
    """

    worst: int
    average: Decimal


def settling(law: LawInForce, case: "Case | Purchase", fact: FactDefinition) -> Settling:
    """How many undetermined procedures an answer about a fact settles."""
    before = undetermined(law, case)
    left = [undetermined(law, with_facts(case, {fact.slot: answer})) for answer in answers(law, fact)]
    return settled(before, left)


def settled(before: int, left: Sequence[int]) -> Settling:
    """What answers settle of so many undetermined procedures, each leaving its own number."""
    return Settling(before - max(left), Decimal(sum(before - after for after in left)) / len(left))


def _rank(settling: Settling) -> tuple[Decimal, int]:
    return -settling.average, -settling.worst


def answers(law: LawInForce, fact: FactDefinition) -> list[Any]:
    """The answers that a fact may be given: yes and no, each word, or one amount a cell between the limits in force."""
    match fact.kind:
        case FactKind.TRUTH:
            return [True, False]
        case FactKind.CHOICE:
            return [choice.id for choice in fact.choices]
        case FactKind.NUMBER:
            # one amount a cell is enough: between two limits every amount gets the same answer
            return [Decimal(0), *sorted(set(limits_of(law, fact)))]


def limits_of(law: LawInForce, fact: FactDefinition) -> Iterator[Decimal]:
    """The amounts that the rules in force compare a fact with."""
    for rule in law.rules:
        for condition in rule.when:
            if condition.fact == fact.id and condition.threshold:
                yield from law.limit(condition.threshold).amounts


@lru_cache(maxsize=64)
def particular_facts(law: LawInForce) -> Mapping[str, FactDefinition]:
    """The facts of particular cases, by id: asked on request, and such that a row wants one of its like to be so."""
    found: set[str] = set()
    for rule in law.rules:
        rare = [(c, law.facts[c.fact]) for c in rule.when if law.facts[c.fact].ask is Asking.ON_REQUEST]
        if any(condition.is_ for condition, _ in rare):
            found |= {fact.id for _, fact in rare if fact.kind is FactKind.TRUTH}
    return to_read_only({name: fact for name, fact in law.facts.items() if name in found})


@lru_cache(maxsize=64)
def _ways(law: LawInForce) -> tuple[tuple[tuple[FactDefinition, ...], frozenset[str]], ...]:
    """Of each row that tests particular facts those that it wants to be so, and the ids of all."""
    particular = particular_facts(law)
    tested = ([c for c in rule.when if c.fact in particular] for rule in law.rules)
    found = ((tuple(particular[c.fact] for c in rare if c.is_), frozenset(c.fact for c in rare)) for rare in tested)
    return tuple(dict.fromkeys(way for way in found if way[0]))


def wanted_facts(law: LawInForce, case: "Case | Purchase") -> set[str]:
    """The particular facts that belong to a way which the buyer wants: another fact of the row is so."""
    return {name for wanting, names in _ways(law) if any(fact.of(case) is True for fact in wanting) for name in names}


@lru_cache(maxsize=64)
def _tested(law: LawInForce) -> tuple[FactDefinition, ...]:
    """The facts that a procedure, or the bounds of the table, test of a whole purchase."""
    procedures = law.table.procedures
    tested = {c.fact for rule in law.rules if not procedures[rule.procedure].arrangement for c in rule.when}
    tested |= {one.fact for one in law.table.outside}
    return tuple(fact for name, fact in law.facts.items() if name in tested and not fact.lot)


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
    return [fact for fact in _tested(law) if fact.of(case) is None and is_asked(fact, case, title, wanted)]
