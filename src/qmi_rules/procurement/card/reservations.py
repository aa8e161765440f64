"""Why a card is not to be relied on without a look at a text: one reservation for each kind of doubt."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING

from qmi_rules.law import Table
from qmi_rules.law.doubts import ContestedLimit, Doubt, contested_limits
from qmi_rules.law.truth import Certainty
from qmi_rules.model import Purchase
from qmi_rules.model.case import kinds_differ
from qmi_rules.pages import AnyOf, Quantity, Said, Term
from qmi_rules.procurement.card.answer import MEMBERS
from qmi_rules.procurement.card.card import Reservation, Saying, short_name
from qmi_rules.procurement.card.sentences import CARD
from qmi_rules.procurement.options import Option
from qmi_rules.procurement.warnings import beyond_review

if TYPE_CHECKING:
    from qmi_rules.procurement.decision import Decision


def contested(limit: ContestedLimit) -> Reservation:
    """That an answer waits for a limit on which the sources of law disagree."""
    return Reservation(
        code="contested",
        sentence=_contested(limit),
        about=limit.threshold,
        brief=Said(
            CARD["contested_brief"],
            {
                "label": Term(limit.label),
                "amounts": AnyOf(tuple(Quantity(one.amount, limit.unit) for one in limit.readings)),
            },
        ),
    )


def doubtful(doubt: Doubt) -> Reservation:
    """That an answer rests on a value or a row that nobody confirmed."""
    return Reservation(
        code="single_source" if doubt.certainty is Certainty.SINGLE_SOURCE else "unverified",
        sentence=_doubt(doubt),
        about=doubt.about,
    )


def law_unknown(labels: Iterable[str]) -> Iterator[Reservation]:
    """That the law of the day is not known in full for what has these names; nothing where there are none."""
    if procedures := tuple(map(Term, labels)):
        yield Reservation(code="law_unknown", sentence=Said(CARD["law_unknown"], {"procedures": procedures}))


def _contested(limit: ContestedLimit) -> Said:
    readings = tuple(
        Said(
            "{amount} ({source})",
            {"amount": Quantity(one.amount, limit.unit), "source": Saying(short_name, (one.source,))},
        )
        for one in limit.readings
    )
    return Said(
        CARD["contested"],
        {"label": Term(limit.label), "choice": AnyOf(readings)},
    )


def _doubt(doubt: Doubt) -> Said:
    amount = {} if doubt.amount is None else {"amount": Quantity(doubt.amount, doubt.unit)}
    name = f"{'row' if doubt.amount is None else 'value'}_{doubt.certainty}"
    return Said(CARD[name], {**amount, "source": Saying(short_name, (doubt.source,))})


def of_members(decision: "Decision") -> Iterator[Reservation]:
    """No text says whose thresholds members of several kinds follow: the lowest decide, which is a reading."""
    if isinstance(decision.purchase, Purchase) and kinds_differ(decision.purchase):
        yield Reservation(code="contested", sentence=Said(CARD["members"]), about=MEMBERS)


def reservations_of(option: Option) -> tuple[Reservation, ...]:
    """What an open option rests on that is not confirmed, and the limits that keep one open to several readings."""
    doubts = map(doubtful, option.doubts)
    limits = contested_limits(option.examined, option.law) if option.contested else ()
    contested = (Reservation(code="contested", sentence=_contested(limit), about=limit.threshold) for limit in limits)
    return (*doubts, *contested)


def after_review(table: Table, launched_on: date) -> Iterator[Reservation]:
    """That the law is not known up to the day of a launch; nothing where it is."""
    caveat = beyond_review(table, launched_on)
    if caveat is not None:
        yield Reservation(
            code="beyond_review",
            sentence=Said(CARD["beyond_review"], {"on": caveat.on or ""}),
        )
