"""How a card is made of a decision: its parts put together, who signs, what is to do first.

Each part is made of what the card sees in the case (``Seen``) and knows nothing of the others; only here do they meet.
"""

from collections.abc import Collection, Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from qmi_rules.law import FactKind, Table
from qmi_rules.model import BuyerKind, whole_case
from qmi_rules.model.case import with_facts
from qmi_rules.pages import Said
from qmi_rules.procurement.card.answer import Answer, Signature
from qmi_rules.procurement.card.card import Because, Saying
from qmi_rules.procurement.card.ladder import ladder_of
from qmi_rules.procurement.card.next_fact import next_fact_of, presumed_facts, title_of
from qmi_rules.procurement.card.reasons import as_clause, margin_of, reasons_of
from qmi_rules.procurement.card.reservations import after_review, of_members
from qmi_rules.procurement.card.seen import Seen
from qmi_rules.procurement.card.sentences import CARD
from qmi_rules.procurement.duties import DutyOwed
from qmi_rules.procurement.headline import lots_line
from qmi_rules.procurement.options import Option

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
    by_amount = case.value is None and seen.competition == "undetermined"
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
        competition="undetermined",
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
        signs=Signature(who="look_up", sentence=Said(CARD["look_up_other"]), source=None),
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
    who: Any = "look_up"
    if kind is BuyerKind.COMMUNE and delegation_limit is not None and value is not None:
        who = "mayor_by_delegation" if value <= delegation_limit else "council"
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
