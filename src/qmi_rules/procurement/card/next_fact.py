"""What a card asks for next, and what the card of a decision presumes instead of asking.

The decision presumes little; the card presumes that no particular case is there (facts asked ``on_request``) and lists what it presumed,
so that a rare way never hides the ordinary answer.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from itertools import combinations, product
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar

from qmi_rules.law import Asking, FactDefinition, FactKind, LawInForce, Table
from qmi_rules.law.truth import Truth
from qmi_rules.law.wording import question_text
from qmi_rules.model import Case, Purchase
from qmi_rules.model.case import with_facts
from qmi_rules.pages import AnyOf, Said, Sayable, Term
from qmi_rules.procurement.card.card import MAY_CHANGE, NextFact
from qmi_rules.procurement.card.seen import Seen
from qmi_rules.procurement.card.sentences import CARD
from qmi_rules.procurement.dialogue.inquiry import answers
from qmi_rules.procurement.dialogue.particular import askable_facts, is_asked, particular_facts, wanted_facts

if TYPE_CHECKING:
    from qmi_rules.procurement.decision import Decision


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
