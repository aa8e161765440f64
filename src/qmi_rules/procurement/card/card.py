"""What every card is, of a decision or of a change of a contract: a few lines, the answer first, with reasons and reservations.

What a card holds is computed once; text, HTML, JSON are views of it. Its sentences have names (`CARD`): the page in a browser says them from
the compiled table.
"""

import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar, Final, Literal

from attrs import field, frozen

from qmi_rules.law import Source, Table
from qmi_rules.law.truth import Certainty
from qmi_rules.law.wording import citations, sentence_case
from qmi_rules.pages import (
    SOURCE_LANGUAGE,
    Explained,
    Items,
    Language,
    Line,
    Link,
    Page,
    Paragraph,
    Said,
    Sayable,
    Strong,
    Term,
    language,
    message,
    text_line,
)
from qmi_rules.procurement.options import Competition
from qmi_rules.schema import unstructure, written_json
from qmi_rules.schema.fields import Layout
from qmi_rules.schema.scalars import to_tuple
from qmi_rules.schema.stored import is_stored
from qmi_rules.schema.writing import Writing, writing, written_into
from qmi_rules.schema.written import names_of

CARD: Final[Mapping[str, str]] = {
    # the first line
    "no_way": message("aucune procédure n'est établie"),
    "not_required": message("Sans publicité ni mise en concurrence : {procedure}."),
    "required": message("Avec publicité et mise en concurrence : {procedure}."),
    "other_regime": message("Un autre régime s'applique : cet acte n'est pas un marché."),
    "law_of_the_day_unknown": message("Le droit de ce jour n'est pas assez connu pour répondre."),
    "under_reserve": message("Sans publicité ni mise en concurrence, sous réserve : {procedure}."),
    "by_amount": message("Cela dépend du montant."),
    "by_text": message("Cela dépend d'un texte à vérifier ; en attendant, procédure sûre : {procedure}."),
    "by_point": message("Cela dépend d'un point à préciser ; en attendant, procédure sûre : {procedure}."),
    # the other lines
    "room": message("Il reste {distance} avant cette limite."),
    "to_verify": message("À vérifier : {doubts}."),
    "safe": message("Procédure sûre : {procedure}."),
    "rungs": message("Selon le montant HT : {rungs}."),
    "rung": message("moins de {below} : {procedure}"),
    "rung_if": message("moins de {below} si {fact} : {procedure}"),
    "last_rung": message("au-delà : {procedure}"),
    "last_rung_if": message("au-delà, si {fact} : {procedure}"),
    "signs": message("Qui signe : {who}"),
    "do": message("À faire, dans l'ordre : {duties}."),
    "next": message("Reste à savoir : {question}"),
    "presuming": message("Achat ordinaire supposé ; cas particuliers (recherche, urgence…) : autres règles."),
    # the reasons
    "side_below": message("{value}, sous le seuil de {limit}"),
    "side_at_most": message("{value}, dans la limite de {limit}"),
    "side_from": message("{value}, à partir de {limit}"),
    "side_above": message("{value}, au-delà de {limit}"),
    "only_below": message("{procedure} : seulement sous {limit}"),
    "to_establish": message("{procedure} : reste à établir {facts}"),
    # the reservations
    "contested": message("désaccord sur « {label} » : {choice}"),
    "contested_brief": message("« {label} », {amounts} selon le texte"),
    "law_unknown": message("la règle de ce jour n'est pas connue en entier ({procedures})"),
    "presumed": message("la réponse tient à ce qui est présumé, faute d'indication contraire : {facts}"),
    "notice": message("l'avis à publier dépend d'un point à préciser : {fact}"),
    "members": message("membres de nature différente : les seuils les plus bas, par prudence, faute de texte"),
    "beyond_review": message("le droit peut changer d'ici au lancement (relu le {on})"),
    f"value_{Certainty.UNVERIFIED}": message("seuil de {amount} non vérifié sur le texte officiel ({source})"),
    f"value_{Certainty.SINGLE_SOURCE}": message("seuil de {amount} connu d'une seule source ({source})"),
    f"row_{Certainty.UNVERIFIED}": message("règle non vérifiée sur le texte officiel ({source})"),
    f"row_{Certainty.SINGLE_SOURCE}": message("règle connue d'une seule source ({source})"),
    # who signs
    "mayor_by_delegation": message("le maire, par délégation du conseil, qui en rend compte à la réunion suivante"),
    "council": message(
        "le maire, une fois ce marché autorisé par le conseil, car la délégation ne va pas jusqu'à ce montant"
    ),
    "look_up_commune": message(
        "le maire si sa délégation va jusqu'à ce montant, sinon le conseil ; à lire dans la délibération"
    ),
    "look_up_local": message(
        "l'exécutif si sa délégation va jusqu'à ce montant, sinon l'assemblée ; à lire dans la délibération"
    ),
    "look_up_other": message("la personne que désignent les délégations de signature de l'acheteur"),
    # what is asked next
    "by_answer": message("Selon la réponse : {ways}."),
    "may_change": message("La réponse peut changer la procédure."),
    # the lots
    "lot_way": message("{procedure} ({basis})"),
    "lots_one": message("Lot {lots} : {way}"),
    "lots_several": message("Lots {lots} : {way}"),
    "others_one": message("{count} autre"),
    "others_several": message("{count} autres"),
    "other_lots_follow": message("les autres lots suivent la procédure de l'ensemble"),
    "lots_follow": message("Tous les lots suivent la procédure de l'ensemble"),
}
"""From a name to the French sentence; what is between braces is filled when it is said."""

MAY_CHANGE: Final = Said(CARD["may_change"])
"""Why a question is asked, where that needs more words than the card has; it goes without saying behind the question."""


@frozen
class Saying:
    """A sentence that a function makes of its values in the reader's language: a finding, a doubt, a choice of readings."""

    speak: Callable[..., str]
    values: tuple[Any, ...]

    def said(self, say: Language) -> str:
        """The sentence in one language."""
        return self.speak(say, *self.values)


def worded(sentence: Sayable, lang: str = SOURCE_LANGUAGE) -> str:
    return sentence.said(language(lang))


def short_name(say: Language, source: Source) -> str:
    """A text by its short name: a card has no room for the whole of it."""
    return citations(say, [source])


def cited(say: Language, source: Source) -> Link | str:
    text = short_name(say, source)
    return Link(text, source.url) if source.url else text


@frozen(kw_only=True)
class Because:
    """One reason of the answer.

    Attributes:
        sentence: The reason.
        source: The text.
    """

    _layout: ClassVar[Layout] = Layout(keys="text legal_basis url")

    sentence: Sayable
    source: Source

    @property
    def text(self) -> str:
        """The reason, in French."""
        return worded(self.sentence)

    @property
    def legal_basis(self) -> str:
        """Id of the text."""
        return self.source.id

    @property
    def url(self) -> str | None:
        """Where the text can be read."""
        return self.source.url

    def told(self, lang: str) -> dict[str, Any]:
        """The reason as it travels."""
        return {"text": worded(self.sentence, lang), "legal_basis": self.legal_basis, "url": self.url}


class ReservationCode(StrEnum):
    """Why an answer is not to be relied on without a look at a text."""

    CONTESTED = "contested"
    UNVERIFIED = "unverified"
    SINGLE_SOURCE = "single_source"
    LAW_UNKNOWN = "law_unknown"
    PRESUMED = "presumed"
    BEYOND_REVIEW = "beyond_review"
    NOTICE = "notice"


@frozen(kw_only=True)
class Reservation:
    """Why the answer is not to be relied on without a look at a text.

    Attributes:
        code: ``contested``, ``unverified``, ``single_source``, ``law_unknown``, ``presumed``, ``beyond_review`` or ``notice``.
        sentence: What to look at.
        about: Id of the limit, row or procedure concerned; empty for none.
        brief: The same without its texts, for a line that others share; None = as it is.
    """

    _layout: ClassVar[Layout] = Layout(keys="code text")

    code: ReservationCode
    sentence: Sayable
    about: str = ""
    brief: Sayable | None = None

    @property
    def text(self) -> str:
        """What to look at, in French."""
        return worded(self.sentence)

    def told(self, lang: str) -> dict[str, Any]:
        """The reservation as it travels."""
        return {"code": self.code.value, "text": worded(self.sentence, lang)}


@frozen(kw_only=True)
class NextFact:
    """The fact to ask for next: an answer can change the card.

    Attributes:
        fact: Its path in the document.
        asked: How to ask for it.
        reason: What hangs on it.
    """

    _layout: ClassVar[Layout] = Layout(keys="fact question why")

    fact: str
    asked: Sayable
    reason: Sayable

    @property
    def question(self) -> str:
        """How to ask for it, in French."""
        return worded(self.asked)

    @property
    def why(self) -> str:
        """What hangs on it, in French."""
        return worded(self.reason)

    def told(self, lang: str) -> dict[str, Any]:
        """The question as it travels."""
        return {"fact": self.fact, "question": worded(self.asked, lang), "why": worded(self.reason, lang)}


class Card(Explained):
    """A card: a few lines, the answer first, and what they come from; a subclass says what it answers."""

    __slots__ = ()
    _layout: ClassVar[Layout] = Layout(part=True)

    if TYPE_CHECKING:  # fields of every card
        because: tuple[Because, ...]
        reservations: tuple[Reservation, ...]
        do: tuple[str, ...]
        next: NextFact | None
        _table: Table

    def lines(self, say: Language) -> list[Line]:
        """The lines of the card; each of them may hold links."""
        raise NotImplementedError

    @property
    def text(self) -> str:
        """The card in at most twelve lines, in French."""
        return self.said(language(SOURCE_LANGUAGE))

    def told(self, lang: str) -> dict[str, Any]:
        """The card as it travels."""
        with written_into(Writing(lang)):
            told = {name: unstructure(getattr(self, name)) for name in names_of(type(self)) if name != "text"}
        return {**told, "text": self.said(language(lang))}

    @property
    def table_edition(self) -> str | None:
        """Name of the edition of the law."""
        return self._table.edition

    def said(self, say: Language) -> str:
        """The card in one language."""
        return "\n".join(text_line(line) for line in self.lines(say))

    def __str__(self) -> str:
        return self.text

    def explain(self, lang: str = "fr", style: Literal["text", "markdown", "html"] = "text") -> str:
        """The card in one language; as text a line is a line, however wide."""
        if style != "text":
            return super().explain(lang, style)
        return (self.text if is_stored(self) else self.said(language(lang))) + "\n"

    def _told_page(self, say: Language) -> Page:
        """The lines as they were told."""
        first, *rest = self.text.split("\n")
        return Page(say.code, (Paragraph([Strong(first)], "warning" if self.reservations else ""), Items(rest)))

    def page(self, say: Language) -> Page:
        """The card as a page: the answer, then the rest as a list."""
        first, *rest = self.lines(say)
        return Page(say.code, (Paragraph(first, "warning" if self.reservations else ""), Items(rest)))

    def _reasons(self, say: Language) -> list[list[Any]]:
        return [
            [sentence_case(reason.sentence.said(say)), " (", cited(say, reason.source), ")."] for reason in self.because
        ]

    def _to_verify(self, say: Language) -> list[Line]:
        if not self.reservations:
            return []
        doubts = say.clauses((one.brief or one.sentence).said(say) for one in self.reservations)
        return [say(CARD["to_verify"], doubts=doubts)]

    def _to_do(self, say: Language) -> list[Line]:
        if not self.do:
            return []
        owed = (self._table.duties[duty] for duty in self.do)
        return [say(CARD["do"], duties=say.clauses(say(duty.short or duty.label) for duty in owed))]

    def _to_ask(self, say: Language) -> list[Line]:
        if self.next is None:
            return []
        asked = say(CARD["next"], question=self.next.asked.said(say))
        return [f"{asked} {self.next.reason.said(say)}" if self.next.reason != MAY_CHANGE else asked]


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


class Signatory(StrEnum):
    """Who signs: the mayor by delegation, the council, or somebody whom the documents do not name."""

    MAYOR = "mayor_by_delegation"
    COUNCIL = "council"
    LOOK_UP = "look_up"


@frozen(kw_only=True)
class Signature:
    """Who signs.

    Attributes:
        who: ``mayor_by_delegation``, ``council``, or ``look_up`` where the documents do not say.
        sentence: What to do or to look up.
        source: The text; None where the table cites none.
    """

    _layout: ClassVar[Layout] = Layout(keys="who text legal_basis")

    who: Signatory
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
        return {"who": self.who.value, "text": worded(self.sentence, lang), "legal_basis": self.legal_basis}


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

    _layout: ClassVar[Layout] = Layout(
        keys="competition procedure because margin reservations presuming safe ladder signs do next text", part=True
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

    def _fitted(self, document: dict[str, Any]) -> dict[str, Any]:
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
        if limit is None or reservation.code is not ReservationCode.CONTESTED:
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
            case Competition.NOT_REQUIRED:
                return say(CARD["not_required"], procedure=name)
            case Competition.REQUIRED:
                return say(CARD["required"], procedure=name)
        if any(reservation.code is ReservationCode.LAW_UNKNOWN for reservation in self.reservations):
            return say(CARD["law_of_the_day_unknown"])
        if self.safe is not None:
            return say(CARD["under_reserve"], procedure=name)
        if self.ladder:
            return say(CARD["by_amount"])
        if any(one.code is ReservationCode.CONTESTED and one.about != MEMBERS for one in self.reservations):
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
