"""The card of a decision: what to do, because of what, how sure, who signs, what is left to settle."""

from typing import TYPE_CHECKING

from qmi_rules.names import loaded_when_used

if TYPE_CHECKING:
    from qmi_rules.procurement.card.answer import Answer
    from qmi_rules.procurement.card.card import Reservation
    from qmi_rules.procurement.card.making import answer_of
    from qmi_rules.procurement.card.reservations import reservations_of

# the headline of a decision says sentences of the card, and the card lines of the headline: nothing is loaded before it is held
__getattr__ = loaded_when_used(
    __name__,
    {
        "answer": "Answer",
        "card": "Reservation",
        "making": "answer_of",
        "reservations": "reservations_of",
    },
)

__all__ = ["Answer", "Reservation", "answer_of", "reservations_of"]
