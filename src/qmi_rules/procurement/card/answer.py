"""The card of a decision, first on every view of it: what to do, how far from the limit, who signs, what is left to settle."""

import json
from decimal import Decimal
from typing import Any, ClassVar, Final, Literal

from attrs import field, frozen

from qmi_rules.law import Source, Table
from qmi_rules.pages import Language, Line, Said, Sayable, Strong, Term, message
from qmi_rules.procurement.card.card import Because, Card, NextFact, Reservation, cited, worded
from qmi_rules.procurement.card.sentences import CARD
from qmi_rules.procurement.options import Competition
from qmi_rules.schema import written_json
from qmi_rules.schema.scalars import to_tuple
from qmi_rules.schema.writing import writing

LONGEST_CARD: Final = 2_950
"""The longest card, in bytes of JSON: with the head of its document at most 3 kB."""
_DISAGREEMENT: Final = message("désaccord : {label}")
MEMBERS: Final = "members"
"""What a reservation is about that comes of members of several kinds, not of a threshold."""


def _fits(document: dict[str, Any]) -> bool:
    return len(written_json(document).encode()) <= LONGEST_CARD


_PLAIN: Final = str.maketrans(
    {"\N{NARROW NO-BREAK SPACE}": " ", "\N{NO-BREAK SPACE}": " ", "\N{RIGHT SINGLE QUOTATION MARK}": "'"}
)


def _plainly_set(document: dict[str, Any]) -> dict[str, Any]:
    """The same with the spaces and apostrophes of a typewriter: those of a printer take two or three bytes each."""
    return json.loads(written_json(document).translate(_PLAIN))  # type: ignore[no-any-return]


@frozen(kw_only=True)
class Margin:
    """How far the value of the need is from the limit of the procedure.

    Attributes:
        threshold: Id of the limit.
        limit: Its value, EUR HT; the lowest where the sources disagree.
        distance: Euros left below it.
        readings: The values that the sources give, where they disagree.
    """

    OMIT_UNFILLED: ClassVar[bool] = True

    threshold: str
    limit: Decimal
    distance: Decimal
    readings: tuple[Decimal, ...] = field(default=(), converter=to_tuple)


@frozen(kw_only=True)
class Rung:
    """A span of amounts and the lightest procedure in it.

    Attributes:
        from_: The lowest amount, EUR HT.
        below: The amount that is not reached any more; None = no end.
        procedure: Id of the procedure; None where none is sure.
        if_: Id of the yes/no fact that it takes; None = none.
    """

    OMIT_UNFILLED: ClassVar[bool] = True

    from_: Decimal
    below: Decimal | None
    procedure: str | None
    if_: str | None = None


@frozen(kw_only=True)
class Signature:
    """Who signs.

    Attributes:
        who: ``mayor_by_delegation``, ``council``, or ``look_up`` where the documents do not say.
        sentence: What to do or to look up.
        source: The text; None where the table cites none.
    """

    DOCUMENT: ClassVar[str] = "who text legal_basis"

    who: Literal["mayor_by_delegation", "council", "look_up"]
    sentence: Sayable
    source: Source | None

    @property
    def text(self) -> str:
        """What to do or to look up, in French."""
        return worded(self.sentence)

    @property
    def legal_basis(self) -> str | None:
        """Id of the text."""
        return None if self.source is None else self.source.id

    def told(self, lang: str) -> dict[str, Any]:
        """Who signs, as it travels."""
        return {"who": self.who, "text": worded(self.sentence, lang), "legal_basis": self.legal_basis}


@frozen(kw_only=True)
class Answer(Card):
    """The card of a decision.

    Attributes:
        competition: ``not_required``, ``required`` or ``undetermined``; never ``not_required`` on law that nobody confirmed.
        procedure: Id of the lightest open procedure; None where none is open.
        because: The reasons, at most two.
        margin: How far the value is from the limit; None where no limit bounds the procedure from above.
        reservations: Why it is not to be relied on without a look at a text; none = it is settled.
        presuming: Paths of the facts that nobody filled and that the card takes for not so.
        safe: Id of the lightest procedure that rests on confirmed law only, where it is another one.
        ladder: The lightest procedure by amount, where the amount is not known.
        signs: Who signs.
        do: Ids of the first things to do, in order.
        next: What to ask next; None as soon as no fact that is asked can change the answer.
    """

    DOCUMENT: ClassVar[str] = (
        "competition procedure because margin reservations presuming safe ladder signs do next text"
    )

    competition: Competition
    procedure: str | None
    because: tuple[Because, ...] = field(converter=to_tuple)
    margin: Margin | None
    reservations: tuple[Reservation, ...] = field(converter=to_tuple)
    presuming: tuple[str, ...] = field(converter=to_tuple)
    safe: str | None
    ladder: tuple[Rung, ...] = field(converter=to_tuple)
    signs: Signature
    do: tuple[str, ...] = field(converter=to_tuple)
    next: NextFact | None
    _table: Table = field(alias="table", eq=False, repr=False)
    _lots: Sayable | None = field(alias="lots", eq=False, repr=False)
    _other_regime: bool = field(alias="other_regime", default=False, eq=False, repr=False)

    def fitted(self, document: dict[str, Any]) -> dict[str, Any]:
        """The card alone within its length: where it would be longer, limits on which texts disagree are named and no more, and where
        it still is, the addresses of the reasons are left out, the last one first. Its lines say the rest."""
        if _fits(document):
            return document
        told = [
            one | self._named(reservation)
            for one, reservation in zip(document["reservations"], self.reservations, strict=True)
        ]
        shorter = document | {"reservations": told, "because": [dict(reason) for reason in document["because"]]}
        for reason in reversed(shorter["because"]):
            if not _fits(shorter):
                reason["url"] = None  # its lines and `legal_basis` name the text
        return shorter if _fits(shorter) else _plainly_set(shorter)

    def _named(self, reservation: Reservation) -> dict[str, str]:
        """The name of a limit on which texts disagree, as the text of a reservation; nothing where it is about something else."""
        limit = self._table.thresholds.get(reservation.about)
        if limit is None or reservation.code != "contested":
            return {}
        return {"text": worded(Said(_DISAGREEMENT, {"label": Term(limit.label)}), writing().lang)}

    def name(self, say: Language, procedure: str | None) -> str:
        """The name of a procedure as a sentence has it."""
        return say(CARD["no_way"]) if procedure is None else say(self._table.procedures[procedure].label)

    def lines(self, say: Language) -> list[Line]:
        """The lines of the card; each of them may hold links."""
        lines: list[Line] = [[Strong(self._headline(say))]]
        for i, reason in enumerate(self._reasons(say)):
            if i == 0 and self.margin is not None:
                reason.append(" " + self._room(say, self.margin))
            lines.append(reason)
        lines += self._to_verify(say)
        if self.safe is not None:
            lines.append(say(CARD["safe"], procedure=self.name(say, self.safe)))
        if self.ladder:
            lines.append(self._rungs(say))
        if self._lots is not None and (lots := self._lots.said(say)):
            lines.append(lots)
        signed: list[Any] = [say(CARD["signs"], who=self.signs.sentence.said(say))]
        if self.signs.source is not None:
            signed += [" (", cited(say, self.signs.source), ")"]
        lines.append([*signed, "."])
        lines += [*self._to_do(say), *self._to_ask(say)]
        if self.presuming:
            lines.append(say(CARD["presuming"]))
        return lines

    def _headline(self, say: Language) -> str:
        if self._other_regime:
            return say(CARD["other_regime"])
        name = self.name(say, self.procedure)
        match self.competition:
            case "not_required":
                return say(CARD["not_required"], procedure=name)
            case "required":
                return say(CARD["required"], procedure=name)
        if any(reservation.code == "law_unknown" for reservation in self.reservations):
            return say(CARD["law_of_the_day_unknown"])
        if self.safe is not None:
            return say(CARD["under_reserve"], procedure=name)
        if self.ladder:
            return say(CARD["by_amount"])
        if any(one.code == "contested" and one.about != MEMBERS for one in self.reservations):
            return say(CARD["by_text"], procedure=name)
        return say(CARD["by_point"], procedure=name)

    def _room(self, say: Language, margin: Margin) -> str:
        return say(CARD["room"], distance=say.euros(margin.distance))

    def _rungs(self, say: Language) -> str:
        def told(rung: Rung) -> str:
            name = self.name(say, rung.procedure)
            if rung.if_ is not None:
                fact = say(self._table.facts[rung.if_].affirmed)
                if rung.below is None:
                    return say(CARD["last_rung_if"], fact=fact, procedure=name)
                below = say.euros(rung.below)
                return say(CARD["rung_if"], below=below, fact=fact, procedure=name)
            if rung.below is None:
                return say(CARD["last_rung"], procedure=name)
            return say(CARD["rung"], below=say.euros(rung.below), procedure=name)

        return say(CARD["rungs"], rungs=say.clauses(told(rung) for rung in self.ladder))
