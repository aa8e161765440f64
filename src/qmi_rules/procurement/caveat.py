"""Something to beware of in an answer: its sentence, the day, the amount and what it is about."""

import datetime
from collections.abc import Mapping
from decimal import Decimal

from attrs import frozen

from qmi_rules.text import Explained, Language, Page, Paragraph, language


@frozen(kw_only=True)
class Caveat(Explained):
    """Something to beware of.

    Attributes:
        code: ``splitting``, ``main_object``, ``counted_by_operation``, ``change_of_law``, ``beyond_review``,
            ``threshold_unknown``, ``unverified``, or ``limited_knowledge``.
        text: The sentence, in French.
        on: The day it speaks of.
        about: Ids of the thresholds, rows, procedures or facts concerned.
        amount: The amount it speaks of, EUR HT.
        template: The French sentence with its places ``{on}``, ``{about}`` and ``{amount}``, as the catalogues have it.
        labels: The French names of what it is about.
    """

    code: str
    text: str
    on: datetime.date | None = None
    about: tuple[str, ...] = ()
    amount: Decimal | None = None
    template: str
    labels: tuple[str, ...] = ()

    def sentence(self, say: Language) -> str:
        """The sentence in the reader's words."""
        return _filled(say, self.template, self.on, self.labels, self.amount)

    def page(self, say: Language) -> Page:
        """The sentence alone, in one language."""
        return Page(say.code, [Paragraph(self.sentence(say))])


def caveat(
    code: str,
    template: str,
    on: datetime.date | None = None,
    about: Mapping[str, str] | None = None,
    amount: Decimal | None = None,
) -> Caveat:
    """A caveat with its French sentence; `about` gives the French name of each id."""
    labels = tuple(about.values()) if about else ()
    return Caveat(
        code=code,
        text=_filled(language("fr"), template, on, labels, amount),
        on=on,
        about=tuple(about or ()),
        amount=amount,
        template=template,
        labels=labels,
    )


def _filled(
    say: Language, template: str, on: datetime.date | None, labels: tuple[str, ...], amount: Decimal | None
) -> str:
    return say(
        template,
        on=say.date(on) if on else "",
        about=say.all_of([say(label) for label in labels]) if labels else "",
        amount=say("{amount} HT", amount=say.euros(amount)) if amount is not None else "",
    )
