"""The card of a decision: what to do, because of what, how sure, who signs, what is left to settle."""

from typing import TYPE_CHECKING

from qmi_rules.names import loaded_when_used

if TYPE_CHECKING:
    from qmi_rules.procurement.card.card import Answer, Reservation
    from qmi_rules.procurement.card.making import answer_of
    from qmi_rules.procurement.card.seen import reservations_of

# an option says its reservations, and the card is made of options: nothing is loaded before it is held
__getattr__ = loaded_when_used(
    __name__,
    {
        "card": "Answer Reservation",
        "making": "answer_of",
        "seen": "reservations_of",
    },
)

__all__ = ["Answer", "Reservation", "answer_of", "reservations_of"]
