"""Cards of many purchases, quickly: what a card says is the same for all purchases that no row, no date and no limit tells apart, but for amounts.

A card is made once for a purchase like others, at an amount chosen so that it can be found again in what the card says; for the others
the amounts are put in its place. Where that cannot be done (lots, members, a need of several parts), the card is made as always. Both
ways say the same, character for character: a test compares them.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from operator import attrgetter
from typing import Any, Final

import attrs

from qmi_rules.law import LawInForce, Table
from qmi_rules.law.facts import stands_in
from qmi_rules.model import Case, Purchase
from qmi_rules.pages import Language, language
from qmi_rules.procurement.decision import Decision, decide
from qmi_rules.schema import to_json

MOST_CARDS: Final = 5_000
"""Cards that are remembered at once, a few kilobytes each; the oldest is forgotten first."""

_VALUE: Final = "value"
_APART: Final = (
    "launched_on",
    _VALUE,
    "cpv",
    "lot_value",
    "lot_type",
    "small_lot",
    "small_lots_share",
    "small_lots_value",
)
_facts_of: Any = attrgetter(*(one.name for one in attrs.fields(Case) if one.name not in _APART))
_CENTS: Final = Decimal("0.37")
"""Added to the lower end of a stretch of amounts, so that the amount is told from every limit, which have no cents."""
_HOLES: Final = ("\ue000", "\ue001", "\ue002")
"""Where the amount, what is left to the limit, and that as a decimal stand in what is remembered: characters that no text has."""


class RememberedCards:
    """The cards of one table, as compact JSON: the head of a decision and its card.

    It may be shared by threads: one that does not find a card makes it again.
    """

    def __init__(self, table: Table) -> None:
        self._table = table
        self._cards: dict[tuple[Any, ...], _Card | None] = {}
        self._edges: dict[LawInForce, list[Decimal]] = {}
        self._euros: dict[str, _Euros] = {}

    def card(self, purchase: Purchase, lang: str = "fr", known_on: date | None = None) -> str:
        """What `decide` answers to a purchase, with ``detail="answer"``."""
        if purchase.lots or purchase.members or purchase.need is not None:
            return _text(self._decided(purchase, known_on), lang)
        law = self._table.in_force(purchase.launched_on, known_on)
        value = purchase.value
        place: Any = None if value is None else self._place(law, value)
        key = (
            lang,
            law,
            bisect_right(self._days, purchase.launched_on),
            place,
            bisect_right(self._codes, purchase.cpv[:8]) if purchase.cpv is not None else None,
            self._suggested_by(purchase.title),
            _facts_of(purchase),
        )
        try:
            found = self._cards[key]
        except KeyError:
            found = self._remember(key, purchase, lang, law)
        if found is None:
            return _text(self._decided(purchase, known_on), lang)
        return found.filled(value, self._written(lang))

    def _decided(self, purchase: Purchase, known_on: date | None) -> Decision:
        return decide(purchase, self._table, known_on)

    def _remember(self, key: tuple[Any, ...], purchase: Purchase, lang: str, law: LawInForce) -> "_Card | None":
        low = None if purchase.value is None else self._below(law, purchase.value)
        # no amount, or one that is a limit itself: there is nothing to fill in
        alike = purchase if low is None else purchase.evolve(estimated_value=low + _CENTS)
        decision = self._decided(alike, law.known_on)
        whole = all(edge == int(edge) for edge in self._edges_of(law))
        made = _Card.of(_text(decision, lang), decision, low is None, language(lang)) if whole else None
        while len(self._cards) >= MOST_CARDS:
            self._cards.pop(next(iter(self._cards)), None)
        self._cards[key] = made
        return made

    # --- what tells purchases apart

    def _edges_of(self, law: LawInForce) -> list[Decimal]:
        found = self._edges.get(law)
        if found is None:
            rows = (*law.rules, *law.duty_rows, *law.cautions)
            limits = {c.threshold for row in rows for c in row.when if c.threshold and law.facts[c.fact].slot == _VALUE}
            amounts = {amount for limit in limits for amount in law.limit(limit).amounts}
            found = self._edges[law] = sorted({Decimal(0), *amounts})
        return found

    def _place(self, law: LawInForce, value: Decimal) -> tuple[int, Any]:
        """Between which limits an amount lies, or on which, and then with how many decimals it was written: the margin has as many."""
        edges = self._edges_of(law)
        place = bisect_left(edges, value)
        on = place < len(edges) and edges[place] == value
        return place, value.as_tuple().exponent if on else None

    def _below(self, law: LawInForce, value: Decimal) -> Decimal | None:
        """The limit below an amount; None where it is one itself."""
        edges = self._edges_of(law)
        place = bisect_left(edges, value)
        return None if place < len(edges) and edges[place] == value else edges[place - 1]

    @cached_property
    def _days(self) -> list[date]:
        """The days from which an article is cited in another version, and the one after the last review."""
        return sorted(
            {*self._version_days(), *(() if self._table.reviewed_on is None else (self._table.reviewed_on + _DAY,))}
        )

    def _version_days(self) -> Iterator[date]:
        for source in self._table.sources.values():
            for version in source.versions:
                if version.effective_from is not None:
                    yield version.effective_from
                if version.effective_until is not None:
                    yield version.effective_until + _DAY

    @cached_property
    def _words(self) -> dict[str, tuple[str, ...]]:
        """The words of a title that give reason to ask for a fact, by its id."""
        facts = self._table.facts.values()
        return {fact.id: fact.asked.words for fact in facts if fact.asked is not None and fact.asked.words}

    @cached_property
    def _any_word(self) -> tuple[str, ...]:
        return tuple(word for words in self._words.values() for word in words)

    def _suggested_by(self, title: str) -> tuple[str, ...]:
        """The facts that a title gives reason to ask for."""
        if not self._any_word or not stands_in(self._any_word, title):  # most titles: one look for all words
            return ()
        return tuple(fact for fact, words in self._words.items() if stands_in(words, title))

    @cached_property
    def _codes(self) -> list[str]:
        """The CPV codes at which a range of the table begins, and those behind its end."""
        ranges = [span for fact in self._table.facts.values() for word in fact.choices for span in word.cpv]
        ranges += [span for fact in self._table.facts.values() if fact.asked is not None for span in fact.asked.cpv]
        return sorted({*(span[:8] for span in ranges), *(f"{int(span[9:]) + 1:08}" for span in ranges)})

    def _written(self, lang: str) -> "_Euros":
        found = self._euros.get(lang)
        if found is None:
            found = self._euros[lang] = _Euros(language(lang))
        return found


_DAY: Final = timedelta(days=1)


def _text(decision: Decision, lang: str) -> str:
    return to_json(decision, indent=None, lang=lang, detail="answer")


@attrs.frozen
class _Card:
    """A card with holes for what differs between purchases like each other.

    Attributes:
        text: The card.
        limit: The limit to which the margin is counted; None = there is none.
    """

    text: str
    limit: Decimal | None

    @classmethod
    def of(cls, text: str, decision: Decision, exact: bool, say: Language) -> "_Card | None":
        """The card of a decision; None where it cannot stand for those of others."""
        day = decision.purchase.launched_on
        if day.isoformat() in text or say.date(day) in text:
            return None
        if exact:
            return cls(text, None)
        value, margin = decision.estimated_value, decision.answer.margin
        assert value is not None
        holes = [(say.euros(value), _HOLES[0])]
        if margin is not None:
            holes += [(say.euros(margin.distance), _HOLES[1]), (f'"{margin.distance:f}"', f'"{_HOLES[2]}"')]
        for written, hole in holes:
            text = text.replace(written, hole)
        # cents that are left are those of an amount that was worked out in a way not known here
        if any(sign + cents in text for sign in ",." for cents in ("37", "63")):
            return None
        return cls(text, None if margin is None else margin.limit)

    def filled(self, value: Decimal | None, euros: "_Euros") -> str:
        """The card of a purchase of this amount."""
        text = self.text
        if value is not None and _HOLES[0] in text:
            text = text.replace(_HOLES[0], euros(value))
        if value is not None and self.limit is not None:
            distance = self.limit - value
            text = text.replace(_HOLES[1], euros(distance)).replace(_HOLES[2], f"{distance:f}")
        return text


class _Euros:
    """Amounts as `Language.euros` writes them, learnt from two of them: it is asked for twice a card."""

    def __init__(self, say: Language) -> None:
        self._say = say
        whole, cents = say.euros(Decimal(1_234_567)), say.euros(Decimal("1234567.89"))
        self._before, _, rest = whole.partition("1")
        self._group = rest[: rest.index("234")]
        self._after = rest[rest.index("567") + 3 :]
        self._point = cents[cents.index("567") + 3 : cents.index("89")]
        self._after_cents = cents[cents.index("89") + 2 :]

    def __call__(self, amount: Decimal) -> str:
        text = f"{amount:f}"
        whole, _, cents = text.partition(".")
        if not whole.isdigit() or (cents and len(cents) != 2):
            return self._say.euros(amount)
        grouped = self._before + f"{int(whole):,}".replace(",", self._group)
        return grouped + self._after if cents in ("", "00") else f"{grouped}{self._point}{cents}{self._after_cents}"
