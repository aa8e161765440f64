"""How a card is made of a decision: its parts put together, who signs, what is to do first.

Each part is made of what the card sees in the case (``Seen``) and knows nothing of the others; only here do they meet.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import combinations, product
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar

from qmi_rules.law import Asking, FactDefinition, FactKind, LawInForce, Table
from qmi_rules.law.truth import Truth
from qmi_rules.law.wording import question_text
from qmi_rules.model import BuyerKind, Case, Purchase, whole_case
from qmi_rules.model.case import with_facts
from qmi_rules.pages import AnyOf, Said, Sayable, Term
from qmi_rules.procurement.card.card import (
    CARD,
    MAY_CHANGE,
    Answer,
    Because,
    NextFact,
    Rung,
    Saying,
    Signatory,
    Signature,
)
from qmi_rules.procurement.card.seen import Seen, after_review, as_clause, lots_line, margin_of, of_members, reasons_of
from qmi_rules.procurement.dialogue.inquiry import (
    answers,
    askable_facts,
    cells,
    is_asked,
    particular_facts,
    wanted_facts,
)
from qmi_rules.procurement.duties import DutyOwed
from qmi_rules.procurement.options import Competition, Option

if TYPE_CHECKING:
    from qmi_rules.law.sections import Outside
    from qmi_rules.procurement.decision import Decision


MOST_DUTIES: Final = 5


SIGNATURE: Final = "signature_authority"


def answer_of(
    decision: "Decision",
    delegation_limit: Decimal | None = None,
    skipped: Collection[str] = (),
    full: bool = False,
) -> Answer:
    """The card of a decision.

    Args:
        decision: The decision.
        delegation_limit: Up to which amount the mayor signs by delegation, EUR HT; None = not known.
        skipped: Paths of the facts that nobody can answer: they are not asked next.
        full: After the facts that are asked anyway, ask about the particular cases that the card presumes not to be there.
    """
    law, given = decision.law, whole_case(decision.purchase)
    if (outside := law.table.outside_of(given)) is not None:
        return _of_another_regime(decision, outside)
    rare = presumed_facts(law, given, title_of(decision))
    case = with_facts(given, {fact.slot: False for fact in rare if fact.kind is FactKind.TRUTH})
    seen = Seen(law, case)
    main, safe = seen.lightest, seen.safe
    # without an amount the ladder is the answer: nobody prepares for the heaviest procedure that the amount may ask for
    by_amount = case.value is None and seen.competition is Competition.UNDETERMINED
    return Answer(
        competition=seen.competition,
        procedure=None if main is None else main.procedure,
        because=() if by_amount else [*reasons_of(seen)],
        margin=None if main is None else margin_of(main),
        reservations=[
            *seen.reservations,
            *of_members(decision),
            *after_review(law.table, decision.purchase.launched_on),
        ],
        presuming=[fact.where for fact in rare],
        safe=None if safe is main or safe is None else safe.procedure,
        ladder=ladder_of(law, case, title_of(decision)) if case.value is None else (),
        signs=_signs(main, decision, delegation_limit),
        do=() if by_amount else first_duties(seen.duties, law.table),
        next=next_fact_of(decision, law, case, seen, skipped, rare if full else ()),
        table=law.table,
        lots=Saying(lots_line, (decision,)) if decision.lots else None,
    )


def _of_another_regime(decision: "Decision", outside: "Outside") -> Answer:
    """The card of an act that the table says nothing of: that another regime applies, which one, and nothing more."""
    table = decision.law.table
    return Answer(
        competition=Competition.UNDETERMINED,
        procedure=None,
        because=[
            Because(
                sentence=Saying(as_clause, (outside.text,)),
                source=table.cited(outside.legal_basis, decision.purchase.launched_on),
            )
        ],
        margin=None,
        reservations=after_review(table, decision.purchase.launched_on),
        presuming=(),
        safe=None,
        ladder=(),
        signs=Signature(who=Signatory.LOOK_UP, sentence=Said(CARD["look_up_other"]), source=None),
        do=(),
        next=None,
        table=table,
        lots=None,
        other_regime=True,
    )


_NOT_LOCAL: Final = (BuyerKind.STATE, BuyerKind.UTILITY, None)


def _signs(main: Option | None, decision: "Decision", delegation_limit: Decimal | None) -> Signature:
    duty = next((duty for duty in main.duties if duty.id == SIGNATURE), None) if main is not None else None
    kind, value = whole_case(decision.purchase).buyer_kind, decision.estimated_value
    who = Signatory.LOOK_UP
    if kind is BuyerKind.COMMUNE and delegation_limit is not None and value is not None:
        who = Signatory.MAYOR if value <= delegation_limit else Signatory.COUNCIL
        words = CARD[who]
    elif kind is BuyerKind.COMMUNE:
        words = CARD["look_up_commune"]
    else:
        words = CARD["look_up_other" if kind in _NOT_LOCAL else "look_up_local"]
    return Signature(who=who, sentence=Said(words), source=None if duty is None else duty.legal_basis)


def duty_order(table: Table) -> dict[str, int]:
    """The place of each duty that has one among the things to do, as the table says it."""
    placed = sorted((duty.done, duty.id) for duty in table.duties.values() if duty.done is not None)
    return {duty: i for i, (_, duty) in enumerate(placed)}


def first_duties(duties: Sequence[DutyOwed], table: Table) -> tuple[str, ...]:
    """The first things to do for certain, in the order in which they are done; what accompanies the whole contract comes last."""
    # the card says on a line of its own who signs
    sure = (duty.id for duty in duties if not duty.missing and not duty.unsettled and duty.id != SIGNATURE)
    owed = list(dict.fromkeys(sure))
    open_ = {duty.id for duty in duties}.difference(owed)
    # which notice is owed may hang on a fact that nobody filled: the one that goes furthest is named
    for ladder in table.ladders:
        if not set(ladder.duties).intersection(owed):
            owed += [duty for duty in ladder.duties if duty in open_][-1:]
    place = duty_order(table)
    local = {duty.id for duty in duties if duty.local}
    chosen = sorted(owed, key=lambda duty: (duty not in place and duty not in local, place.get(duty, 0)))[:MOST_DUTIES]
    before_signing = place.get(SIGNATURE, len(place))
    return tuple(sorted(chosen, key=lambda duty: place.get(duty, before_signing)))


def as_done(duties: Iterable[DutyOwed], table: Table) -> list[DutyOwed]:
    """Duties in the order in which they are done; what has no place of its own is to be settled before the signature."""
    place = duty_order(table)
    return sorted(duties, key=lambda duty: place.get(duty.id, place.get(SIGNATURE, len(place))))


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


MOST_TRIED: Final = 2_000
"""So many sets of answers are tried before a fact is asked that may turn out not to matter."""


def title_of(decision: "Decision") -> str:
    """What is bought, as the buyer says it; empty where the facts alone were given."""
    return decision.purchase.title if isinstance(decision.purchase, Purchase) else ""


def presumed_facts(law: LawInForce, case: "Case | Purchase", title: str) -> list[FactDefinition]:
    """The particular facts that nobody filled, that nothing calls for, and that would keep something open if they were so.

    After them what the table presumes of the act itself: an ordinary contract, under the rules of award.
    """
    wanted = wanted_facts(law, case)
    particular = {
        name: fact
        for name, fact in particular_facts(law).items()
        if fact.of(case) is None and not is_asked(fact, case, title, wanted)
    }
    concerned: set[str] = set()
    for procedure in law.table.procedures.values():
        rows = [
            rule
            for rule in (() if procedure.arrangement else law.relevant_rules(procedure.id, case))
            if Truth.NO
            not in (test.judge(test.fact.of(case)) for test in law.tests(rule) if test.fact.id not in particular)
        ]
        tests = [condition for rule in rows for condition in rule.when if condition.fact in particular]
        # what the table presumes itself, and another row of the procedure takes the other way, opens nothing more
        settled = {c.fact for c in tests if not c.is_ and particular[c.fact].presumed}
        concerned |= {c.fact for c in tests if c.is_ and c.fact not in settled}
    acts = [
        fact
        for fact in law.facts.values()
        if fact.kind is FactKind.CHOICE
        and fact.ask is Asking.ON_REQUEST
        and fact.is_presumed(case)
        and not is_asked(fact, case, title, wanted)
    ]
    return [*(fact for name, fact in particular.items() if name in concerned), *acts]


def next_fact_of(
    decision: "Decision",
    law: LawInForce,
    case: "Case | Purchase",
    seen: Seen,
    skipped: Collection[str],
    rare: Sequence[FactDefinition],
) -> NextFact | None:
    """The fact whose answers leave least open, if any can change the card; after all others those of particular cases."""

    def foresee(changes: dict[str, Any]) -> Seen:
        return Seen(law, with_facts(case, changes))

    asked, rarely = (
        [fact for fact in facts if fact.where not in skipped]
        for facts in ((*askable_facts(law, case, title_of(decision)), *seen.notice_facts), rare)
    )
    found = telling_fact(law, asked, seen.told, foresee) or telling_fact(law, rarely, seen.told, foresee, together=2)
    if found is None:
        return None
    fact, futures = found
    path = decision.submission.value_path if fact.id == "estimated_value" else fact.where
    ways = (future.lightest.label for future in futures if future.lightest is not None)
    return asking(law.table, path, ways, MAY_CHANGE)


class Foreseen(Protocol):
    """What a card says of one case."""

    @property
    def told(self) -> Any:
        """What a fact may change."""

    @property
    def undetermined(self) -> bool:
        """There is no answer yet."""
        ...


T = TypeVar("T", bound=Foreseen)


def telling_fact(
    law: LawInForce,
    asked: Sequence[FactDefinition],
    now: Any,
    foresee: Callable[[dict[str, Any]], T],
    together: int | None = None,
) -> tuple[FactDefinition, list[T]] | None:
    """The fact whose answers leave least open and what each would come to; None if none can change what is told now.

    Of facts that change it only together, all of `asked` or so many, it is the first, with nothing that its answers alone would come to.
    """
    best: tuple[tuple[Any, ...], FactDefinition, list[T]] | None = None
    for position, fact in enumerate(asked):
        futures = [foresee({fact.slot: value}) for value in answers(law, fact)]
        if all(future.told == now for future in futures):
            continue
        rank = (sum(future.undetermined for future in futures) / len(futures), position)
        if best is None or rank < best[0]:
            best = rank, fact, futures
    if best is not None:
        return best[1], best[2]
    # facts may change it only together: all their answers are tried, and where these are too many the first is asked
    tried = 0
    for size in range(2, (len(asked) if together is None else min(together, len(asked))) + 1):
        for facts in combinations(asked, size):
            for values in product(*(answers(law, fact) for fact in facts)):
                tried += 1
                changes = {fact.slot: value for fact, value in zip(facts, values, strict=True)}
                if tried > MOST_TRIED or foresee(changes).told != now:
                    return facts[0], []
    return None


def asking(table: Table, path: str, labels: Iterable[str], otherwise: Sayable) -> NextFact:
    """The fact at a path as the card asks for it: the ways that its answers open, or why it is asked otherwise."""
    ways = tuple(map(Term, dict.fromkeys(labels)))
    reason = Said(CARD["by_answer"], {"ways": AnyOf(ways)}) if 1 < len(ways) <= 3 else otherwise
    return NextFact(fact=path, asked=Said(question_text(table, path)), reason=reason)
