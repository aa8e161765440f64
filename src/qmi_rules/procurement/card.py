"""The card, first on every view of a decision: what to do, because of what, how sure, who signs, what is left to settle.

The decision presumes little; the card presumes that no particular case is there (facts asked ``on_request``) and lists what it presumed,
so that a rare way never hides the ordinary answer. What it says is computed once; text, HTML, JSON are views of it.
"""

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from itertools import combinations, product
from typing import TYPE_CHECKING, Any, ClassVar, Final, Literal

from attrs import field, frozen

from qmi_rules.contexts import BuyerKind, Case, Purchase, whole_case
from qmi_rules.contexts.case import with_facts
from qmi_rules.documents import unstructure
from qmi_rules.documents.scalars import to_tuple
from qmi_rules.documents.written import values_of
from qmi_rules.findings import AmountFinding, FactFinding, Finding, PeriodFinding, Truth
from qmi_rules.law import Asking, Certainty, FactDefinition, FactKind, LawInForce, Source, Table
from qmi_rules.law.doubts import ContestedLimit, Doubt
from qmi_rules.law.wording import citations, fact_at, finding_sentence, question_text, sentence_case
from qmi_rules.procurement.asking.inquiry import answers, cells
from qmi_rules.procurement.headline import limits_to_read, lots_line
from qmi_rules.procurement.options import Option, Submission, competition_of, lightest_of, options_of
from qmi_rules.procurement.warnings import beyond_review
from qmi_rules.text import (
    SOURCE_LANGUAGE,
    AnyOf,
    Clauses,
    Explained,
    Items,
    Language,
    Line,
    Link,
    Page,
    Paragraph,
    Quantity,
    Said,
    Sayable,
    Strong,
    Term,
    language,
    message,
    text_line,
)

if TYPE_CHECKING:
    from qmi_rules.procurement.decision import Decision

MOST_DUTIES: Final = 5
MOST_TRIED: Final = 2_000
"""So many sets of answers are tried before a fact is asked that may turn out not to matter."""
SIGNATURE: Final = "signature_authority"
IN_ORDER: Final = (
    "buyers_agreement",
    "guard_rails",
    "innovation_justification",
    "sustainable_specifications",
    "notice_free",
    "notice_boamp_or_journal",
    "notice_boamp_and_ojeu",
    "notice_ojeu",
    "documents_on_buyer_profile",
    "time_limit_candidatures",
    "time_limit_tenders",
    "exclusion_checks",
    "tender_committee",
    "rejection_letters",
    "standstill",
    "signature_authority",
    "written_contract",
    "prefect_transmission",
    "award_notice",
    "essential_data",
    "essential_data_yearly_list",
    "procurement_report",
    "decision_records",
    "keep_documents",
)
"""The duties of the vocabulary in the order in which they are done; any other, of a local table too, comes before the signature."""


@frozen
class Saying:
    """A sentence that a function makes of its values in the reader's language: a finding, a doubt, a choice of readings."""

    speak: Callable[..., str]
    values: tuple[Any, ...]

    def said(self, say: Language) -> str:
        """The sentence in one language."""
        return self.speak(say, *self.values)


def _words(sentence: Sayable, lang: str = SOURCE_LANGUAGE) -> str:
    return sentence.said(language(lang))


@frozen(kw_only=True)
class Because:
    """One reason of the answer.

    Attributes:
        sentence: The reason.
        source: The text.
    """

    DOCUMENT: ClassVar[str] = "text legal_basis url"

    sentence: Sayable
    source: Source

    @property
    def text(self) -> str:
        """The reason, in French."""
        return _words(self.sentence)

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
        return {"text": _words(self.sentence, lang), "legal_basis": self.legal_basis, "url": self.url}


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
class Reservation:
    """Why the answer is not to be relied on without a look at a text.

    Attributes:
        code: ``contested``, ``unverified``, ``single_source``, ``law_unknown``, ``presumed`` or ``beyond_review``.
        sentence: What to look at.
        about: Id of the limit, row or procedure concerned; empty for none.
        brief: The same without its texts, for a line that others share; None = as it is.
    """

    DOCUMENT: ClassVar[str] = "code text"

    code: str
    sentence: Sayable
    about: str = ""
    brief: Sayable | None = None

    @property
    def text(self) -> str:
        """What to look at, in French."""
        return _words(self.sentence)

    def told(self, lang: str) -> dict[str, Any]:
        """The reservation as it travels."""
        return {"code": self.code, "text": _words(self.sentence, lang)}


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
        return _words(self.sentence)

    @property
    def legal_basis(self) -> str | None:
        """Id of the text."""
        return None if self.source is None else self.source.id

    def told(self, lang: str) -> dict[str, Any]:
        """Who signs, as it travels."""
        return {"who": self.who, "text": _words(self.sentence, lang), "legal_basis": self.legal_basis}


@frozen(kw_only=True)
class NextFact:
    """The fact to ask for next: an answer can change the card.

    Attributes:
        fact: Its path in the document.
        asked: How to ask for it.
        reason: What hangs on it.
    """

    DOCUMENT: ClassVar[str] = "fact question why"

    fact: str
    asked: Sayable
    reason: Sayable

    @property
    def question(self) -> str:
        """How to ask for it, in French."""
        return _words(self.asked)

    @property
    def why(self) -> str:
        """What hangs on it, in French."""
        return _words(self.reason)

    def told(self, lang: str) -> dict[str, Any]:
        """The question as it travels."""
        return {"fact": self.fact, "question": _words(self.asked, lang), "why": _words(self.reason, lang)}


@frozen(kw_only=True)
class Answer(Explained):
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

    competition: Literal["not_required", "required", "undetermined"]
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
    _table: Table = field(eq=False, repr=False)
    _lots: Sayable | None = field(eq=False, repr=False)

    @property
    def text(self) -> str:
        """The card in at most twelve lines, in French."""
        return self.said(language(SOURCE_LANGUAGE))

    def told(self, lang: str) -> dict[str, Any]:
        """The card as it travels."""
        return {**unstructure(values_of(self), lang), "text": self.said(language(lang))}

    def said(self, say: Language) -> str:
        """The card in one language."""
        return "\n".join(text_line(line) for line in self.lines(say))

    def __str__(self) -> str:
        return self.text

    def explain(self, lang: str = "fr", style: Literal["text", "markdown", "html"] = "text") -> str:
        """The card in one language; as text a line is a line, however wide."""
        return self.said(language(lang)) + "\n" if style == "text" else super().explain(lang, style)

    def page(self, say: Language) -> Page:
        """The card as a page: the answer, then the rest as a list."""
        first, *rest = self.lines(say)
        return Page(say.code, (Paragraph(first, "warning" if self.reservations else ""), Items(rest)))

    def name(self, say: Language, procedure: str | None) -> str:
        """The name of a procedure as a sentence has it."""
        return say("aucune voie n'est établie") if procedure is None else say(self._table.procedures[procedure].label)

    def lines(self, say: Language) -> list[Line]:
        """The lines of the card; each of them may hold links."""
        lines: list[Line] = [[Strong(self._headline(say))]]
        for i, reason in enumerate(self.because):
            told: list[Any] = [sentence_case(reason.sentence.said(say)), " (", _cited(say, reason.source), ")."]
            if i == 0 and self.margin is not None:
                told.append(" " + self._room(say, self.margin))
            lines.append(told)
        if self.reservations:
            doubts = say.clauses((one.brief or one.sentence).said(say) for one in self.reservations)
            lines.append(say("À vérifier : {doubts}.", doubts=doubts))
        if self.safe is not None:
            lines.append(say("Voie sûre : {procedure}.", procedure=self.name(say, self.safe)))
        if self.ladder:
            lines.append(self._rungs(say))
        if self._lots is not None and (lots := self._lots.said(say)):
            lines.append(lots)
        signed: list[Any] = [say("Qui signe : {who}", who=self.signs.sentence.said(say))]
        if self.signs.source is not None:
            signed += [" (", _cited(say, self.signs.source), ")"]
        lines.append([*signed, "."])
        if self.do:
            duties = say.clauses(say(self._table.duties[duty].label) for duty in self.do)
            lines.append(say("À faire, dans l'ordre : {duties}.", duties=duties))
        if self.next is not None:
            asked = say("Reste à savoir : {question}", question=self.next.asked.said(say))
            lines.append(f"{asked} {self.next.reason.said(say)}" if self.next.reason != _MAY_CHANGE else asked)
        if self.presuming:
            lines.append(
                say(
                    "Achat ordinaire supposé ; d'autres règles pour les cas particuliers (recherche, urgence, fournisseur unique…)."
                )
            )
        return lines

    def _headline(self, say: Language) -> str:
        name = self.name(say, self.procedure)
        match self.competition:
            case "not_required":
                return say("Sans publicité ni mise en concurrence : {procedure}.", procedure=name)
            case "required":
                return say("Avec publicité et mise en concurrence : {procedure}.", procedure=name)
        if any(reservation.code == "law_unknown" for reservation in self.reservations):
            return say("Le droit de ce jour n'est pas assez connu pour répondre.")
        if self.safe is not None:
            return say("Sans publicité ni mise en concurrence, sous réserve : {procedure}.", procedure=name)
        if self.ladder:
            return say("Cela dépend du montant.")
        if any(reservation.code == "contested" for reservation in self.reservations):
            return say("Cela dépend d'un texte à vérifier ; voie sûre en attendant : {procedure}.", procedure=name)
        return say("Cela dépend d'un point à préciser ; voie sûre en attendant : {procedure}.", procedure=name)

    def _room(self, say: Language, margin: Margin) -> str:
        return say("Il reste {distance} avant cette limite.", distance=say.euros(margin.distance))

    def _rungs(self, say: Language) -> str:
        def told(rung: Rung) -> str:
            name = self.name(say, rung.procedure)
            if rung.if_ is not None:
                fact = say(self._table.facts[rung.if_].affirmed)
                if rung.below is None:
                    return say("au-delà, si {fact} : {procedure}", fact=fact, procedure=name)
                below = say.euros(rung.below)
                return say("moins de {below} si {fact} : {procedure}", below=below, fact=fact, procedure=name)
            if rung.below is None:
                return say("au-delà : {procedure}", procedure=name)
            return say("moins de {below} : {procedure}", below=say.euros(rung.below), procedure=name)

        return say("Selon le montant HT : {rungs}.", rungs=say.clauses(told(rung) for rung in self.ladder))


def answer_of(decision: "Decision", delegation_limit: Decimal | None = None) -> Answer:
    """The card of a decision.

    Args:
        decision: The decision.
        delegation_limit: Up to which amount the mayor signs by delegation, EUR HT; None = not known.
    """
    law, given = decision.law, whole_case(decision.purchase)
    rare = _presumed(law, given)
    case = with_facts(given, {fact.slot: False for fact in rare if fact.kind is FactKind.TRUTH})
    seen = _Seen(law, case)
    main, safe = seen.lightest, seen.safe
    # without an amount the ladder is the answer: nobody prepares for the heaviest procedure that the amount may ask for
    by_amount = case.value is None and seen.competition == "undetermined"
    return Answer(
        competition=seen.competition,
        procedure=None if main is None else main.procedure,
        because=() if by_amount else [*_reasons(seen)],
        margin=None if main is None else _margin(main),
        reservations=[*seen.reservations, *_after_review(decision)],
        presuming=[fact.where for fact in rare],
        safe=None if safe is main or safe is None else safe.procedure,
        ladder=_ladder(law, case) if case.value is None else (),
        signs=_signs(main, decision, delegation_limit),
        do=() if by_amount else _first_duties(main),
        next=_next(decision, law, case, seen),
        table=law.table,
        lots=Saying(lots_line, (decision,)) if decision.lots else None,
    )


class _Seen:
    """What the card says of one case: competition, the lightest procedure, what is not sure of it."""

    def __init__(self, law: LawInForce, case: "Case | Purchase") -> None:
        self.law = law
        self.options = options_of(Submission(law, case, law.evaluate(case)), arrangements=False)
        self.lightest = lightest_of(self.options)
        self.doubts: tuple[Doubt, ...] = () if self.lightest is None else self.lightest.doubts
        self.competition: Any = competition_of(self.options)
        if self.competition == "not_required" and all(
            option.doubts for option in self.options if option.definition.dispensed and option.truth is Truth.YES
        ):  # nobody is told to do without competition on the strength of law that nobody confirmed
            self.competition = "undetermined"

    @property
    def safe(self) -> Option | None:
        """The lightest open procedure that rests on confirmed law only."""
        if not self.doubts:
            return self.lightest
        return lightest_of(option for option in self.options if option.truth is Truth.YES and not option.doubts)

    @property
    def waiting(self) -> list[Option]:
        """The ways without competition that are not settled and would be lighter."""
        order = self.lightest.order if self.lightest is not None else None
        return [
            option
            for option in sorted(self.options, key=lambda option: option.order)
            if option.truth is Truth.UNDETERMINED
            and option.definition.dispensed
            and (order is None or option.order < order)
        ]

    @property
    def reservations(self) -> Iterator[Reservation]:
        """What is not sure of it, but for the day."""
        for limit, _ in limits_to_read(self.waiting).values():
            yield Reservation(
                code="contested",
                sentence=_contested(limit),
                about=limit.threshold,
                brief=Said(
                    message("« {label} », {amounts} selon le texte"),
                    {
                        "label": Term(limit.label),
                        "amounts": AnyOf(tuple(Quantity(one.amount, limit.unit) for one in limit.readings)),
                    },
                ),
            )
        for doubt in self.doubts:
            yield Reservation(code=str(doubt.certainty), sentence=_doubt(doubt), about=doubt.about)
        unknown = [o for o in self.waiting if o.unknown or not self.law.knows(o.definition)]
        if unknown:
            yield Reservation(
                code="law_unknown",
                sentence=Said(
                    message("la règle de ce jour n'est pas connue en entier ({procedures})"),
                    {"procedures": tuple(Term(option.label) for option in unknown)},
                ),
            )
        main = self.lightest
        if main is not None and main.definition.dispensed and all(ground.presumed for ground in main.grounds):
            facts = [fact.label for path in main.presumed if (fact := fact_at(self.law.table, path)) is not None]
            yield Reservation(
                code="presumed",
                sentence=Said(
                    message("la réponse tient à ce qui est présumé, faute d'indication contraire : {facts}"),
                    {"facts": tuple(Term(fact) for fact in facts)},
                ),
                about=" ".join(main.presumed),
            )

    @property
    def told(self) -> tuple[Any, ...]:
        """What a fact may change: competition, procedure, reservations."""
        return (
            self.competition,
            None if self.lightest is None else self.lightest.procedure,
            frozenset((reservation.code, reservation.about) for reservation in self.reservations),
        )


def _contested(limit: ContestedLimit) -> Said:
    readings = tuple(
        Said(
            "{amount} ({source})", {"amount": Quantity(one.amount, limit.unit), "source": Saying(_short, (one.source,))}
        )
        for one in limit.readings
    )
    return Said(
        message("sources en désaccord sur « {label} » : {choice}"),
        {"label": Term(limit.label), "choice": AnyOf(readings)},
    )


def _short(say: Language, source: Source) -> str:
    """A text by its short name: a card has no room for the whole of it."""
    return citations(say, [source])


def _cited(say: Language, source: Source) -> Link | str:
    text = _short(say, source)
    return Link(text, source.url) if source.url else text


_DOUBTS: Final = {
    (Certainty.UNVERIFIED, True): message("seuil de {amount} non vérifié sur le texte officiel ({source})"),
    (Certainty.SINGLE_SOURCE, True): message("seuil de {amount} connu d'une seule source ({source})"),
    (Certainty.UNVERIFIED, False): message("règle non vérifiée sur le texte officiel ({source})"),
    (Certainty.SINGLE_SOURCE, False): message("règle connue d'une seule source ({source})"),
}


def _doubt(doubt: Doubt) -> Said:
    amount = {} if doubt.amount is None else {"amount": Quantity(doubt.amount, doubt.unit)}
    return Said(
        _DOUBTS[doubt.certainty, doubt.amount is not None], {**amount, "source": Saying(_short, (doubt.source,))}
    )


def _after_review(decision: "Decision") -> Iterator[Reservation]:
    caveat = beyond_review(decision)
    if caveat is not None:
        yield Reservation(
            code="beyond_review",
            sentence=Said(message("le droit a été relu au {on}, avant la date de lancement"), {"on": caveat.on or ""}),
        )


def _reasons(seen: _Seen) -> Iterator[Because]:
    """Why the lightest procedure is open; then why no lighter one is, the one that may still open before those that are closed."""
    table, main = seen.law.table, seen.lightest
    if main is not None and (ground := next(iter(main.grounds), None)) is not None:
        told = [finding for finding in ground.findings if _tells(finding)]
        ordinary = Saying(_described, (main.definition.description or main.label,))
        yield Because(
            sentence=_clauses(table, told) if told else ordinary,
            source=table.cited(ground.row.legal_basis, main.case.launched_on),
        )
    if seen.competition == "not_required":
        return
    order = None if main is None else main.order
    lighter = [o for o in seen.options if o.definition.dispensed and (order is None or o.order < order)]
    waiting = seen.waiting
    bounded = (o for o in sorted(lighter, key=lambda o: o.order) if o.truth is Truth.NO and _amounts(o, Truth.NO))
    option = waiting[0] if waiting else next(bounded, None)
    if option is None or not option.grounds:
        return
    name = Term(option.label)
    facts = tuple(Term(fact.label) for path in option.missing if (fact := fact_at(table, path)) is not None)
    if option.truth is Truth.NO:
        limit = max(finding.limit or max(finding.readings) for finding in _amounts(option, Truth.NO))
        why = Said(
            message("{procedure} : seulement sous {limit}"), {"procedure": name, "limit": Quantity(limit, "EUR HT")}
        )
    elif facts:
        why = Said(message("{procedure} : reste à établir {facts}"), {"procedure": name, "facts": facts})
    else:  # a reservation says what it waits for
        return
    yield Because(sentence=why, source=table.cited(option.grounds[0].row.legal_basis, option.case.launched_on))


def _described(say: Language, text: str) -> str:
    return say(text).rstrip(".")


def _tells(finding: Finding) -> bool:
    """Whether a finding that holds says something of this purchase, and not only that a rare case is not there."""
    match finding:
        case FactFinding(value=value):
            return bool(value)
        case AmountFinding() | PeriodFinding():
            return True
    return False


def _clauses(table: Table, findings: Iterable[Finding]) -> Sayable:
    return Clauses(tuple(_clause(table, finding) for finding in findings))


def _clause(table: Table, finding: Finding) -> Sayable:
    """A finding that holds; of the value of the need shorter than the explanation has it."""
    if not isinstance(finding, AmountFinding) or finding.unit != "EUR HT" or finding.edge not in _SIDES:
        return Saying(finding_sentence, (table, finding))
    limits = tuple(Quantity(amount, finding.unit) for amount in finding.readings or (finding.limit,))
    return Said(_SIDES[finding.edge], {"value": Quantity(finding.value, finding.unit), "limit": AnyOf(limits)})


_SIDES: Final = {
    "below": message("{value}, sous le seuil de {limit}"),
    "at_most": message("{value}, dans la limite de {limit}"),
    "from": message("{value}, à partir de {limit}"),
    "above": message("{value}, au-delà de {limit}"),
}


def _amounts(option: Option, truth: Truth) -> list[AmountFinding]:
    """What compares the value of the need with a limit in the grounds of an option, with one answer."""
    return [
        finding
        for ground in option.grounds
        for finding in ground.findings
        if isinstance(finding, AmountFinding) and finding.unit == "EUR HT" and finding.truth is truth
    ]


def _margin(main: Option) -> Margin | None:
    """The limit above the value that the procedure is open under; of several grounds the highest."""
    found = [
        Margin(threshold=f.threshold, limit=limit, distance=limit - f.value, readings=f.readings)
        for f in _amounts(main, Truth.YES)
        if f.edge in ("below", "at_most") and f.value is not None
        for limit in (f.limit if f.limit is not None else min(f.readings),)
    ]
    return max(found, key=lambda margin: margin.limit, default=None)


def _ladder(law: LawInForce, case: "Case | Purchase") -> Iterator[Rung]:
    """The lightest procedure for every amount; where a fact that helps is not filled, also what it would open."""
    amounts = [*cells((law,), Decimal(0), None)]
    helping = [fact for fact in _askable(law, case) if fact.kind is FactKind.TRUTH and fact.ask is Asking.WHEN_IT_HELPS]
    plain = [_Seen(law, with_facts(case, {"value": amount})) for amount in amounts]
    found: list[tuple[str | None, list[Option | None]]] = [(None, [seen.safe for seen in plain])]
    for fact in helping:
        helped = [_Seen(law, with_facts(case, {"value": amount, fact.slot: True})) for amount in amounts]
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


_SIGNED: Final = {
    "mayor_by_delegation": message("le maire, par délégation du conseil, qui en rend compte à la réunion suivante"),
    "council": message(
        "le maire, une fois ce marché autorisé par le conseil, car la délégation ne va pas jusqu'à ce montant"
    ),
    "commune": message(
        "le maire si sa délégation va jusqu'à ce montant, sinon le conseil ; à lire dans la délibération"
    ),
    "local": message(
        "l'exécutif si sa délégation va jusqu'à ce montant, sinon l'assemblée ; à lire dans la délibération"
    ),
    "other": message("la personne que désignent les délégations de signature de l'acheteur"),
}
_NOT_LOCAL: Final = (BuyerKind.STATE, BuyerKind.UTILITY, None)


def _signs(main: Option | None, decision: "Decision", delegation_limit: Decimal | None) -> Signature:
    duty = next((duty for duty in main.duties if duty.id == SIGNATURE), None) if main is not None else None
    kind, value = whole_case(decision.purchase).buyer_kind, decision.estimated_value
    who: Any = "look_up"
    if kind is BuyerKind.COMMUNE and delegation_limit is not None and value is not None:
        who = "mayor_by_delegation" if value <= delegation_limit else "council"
        words = _SIGNED[who]
    elif kind is BuyerKind.COMMUNE:
        words = _SIGNED["commune"]
    else:
        words = _SIGNED["other" if kind in _NOT_LOCAL else "local"]
    return Signature(who=who, sentence=Said(words), source=None if duty is None else duty.legal_basis)


def _first_duties(main: Option | None) -> tuple[str, ...]:
    """The first things to do for certain, in the order in which they are done; what accompanies the whole contract comes last."""
    if main is None:
        return ()
    # the card says on a line of its own who signs
    sure = (duty.id for duty in main.duties if not duty.missing and not duty.unsettled and duty.id != SIGNATURE)
    owed = list(dict.fromkeys(sure))
    place = {duty: i for i, duty in enumerate(IN_ORDER)}
    local = {duty.id for duty in main.duties if duty.local}
    chosen = sorted(owed, key=lambda duty: (duty not in place and duty not in local, place.get(duty, 0)))[:MOST_DUTIES]
    return tuple(sorted(chosen, key=lambda duty: place.get(duty, place[SIGNATURE])))


# --- what is asked, and what is presumed


def _particular(law: LawInForce) -> dict[str, FactDefinition]:
    """The facts of particular cases, by id: asked on request, and such that a row wants one of its like to be so."""
    found: set[str] = set()
    for rule in law.rules:
        rare = [(c, law.facts[c.fact]) for c in rule.when if law.facts[c.fact].ask is Asking.ON_REQUEST]
        if any(condition.is_ for condition, _ in rare):
            found |= {fact.id for _, fact in rare if fact.kind is FactKind.TRUTH}
    return {name: fact for name, fact in law.facts.items() if name in found}


def _wanted(law: LawInForce, case: "Case | Purchase") -> set[str]:
    """The particular facts that belong to a way which the buyer wants: another fact of the row is so."""
    particular = _particular(law)
    found = set()
    for rule in law.rules:
        rare = [particular[c.fact] for c in rule.when if c.fact in particular]
        if any(c.is_ and c.fact in particular and particular[c.fact].of(case) is True for c in rule.when):
            found |= {fact.id for fact in rare}
    return found


def _presumed(law: LawInForce, case: "Case | Purchase") -> list[FactDefinition]:
    """The particular facts that nobody filled, that nothing calls for, and that would keep something open if they were so."""
    wanted = _wanted(law, case)
    particular = {name: fact for name, fact in _particular(law).items() if fact.of(case) is None and name not in wanted}
    concerned: set[str] = set()
    for procedure in law.table.procedures.values():
        for rule in () if procedure.arrangement else law.relevant_rules(procedure.id, case):
            others = (test.judge(test.fact.of(case)) for test in law.tests(rule) if test.fact.id not in particular)
            if Truth.NO not in others:
                concerned |= {c.fact for c in rule.when if c.fact in particular and c.is_}
    return [fact for name, fact in particular.items() if name in concerned]


def _askable(law: LawInForce, case: "Case | Purchase") -> list[FactDefinition]:
    """The facts that a person is asked about: not filled, no particular case or one that is wanted, and tested by a procedure."""
    wanted = _wanted(law, case)
    procedures = law.table.procedures
    tested = {c.fact for rule in law.rules if not procedures[rule.procedure].arrangement for c in rule.when}
    return [
        fact
        for name, fact in law.facts.items()
        if name in tested
        and not fact.lot
        and fact.of(case) is None
        and (fact.ask is not Asking.ON_REQUEST or name in wanted)
    ]


def _next(decision: "Decision", law: LawInForce, case: "Case | Purchase", seen: _Seen) -> NextFact | None:
    """The fact whose answers leave least open, if any can change the card; of facts that change it only together the first."""
    now = seen.told
    asked = _askable(law, case)
    best: tuple[tuple[Any, ...], FactDefinition, list[_Seen]] | None = None
    for position, fact in enumerate(asked):
        futures = [_Seen(law, with_facts(case, {fact.slot: value})) for value in answers(law, fact)]
        if all(future.told == now for future in futures):
            continue
        open_ = sum(future.competition == "undetermined" for future in futures) / len(futures)
        rank = (open_, position)
        if best is None or rank < best[0]:
            best = rank, fact, futures
    if best is not None:
        return _asking(decision, best[1], best[2])
    # facts may change it only together: all their answers are tried, and where these are too many the first is asked
    tried = 0
    for size in range(2, len(asked) + 1):
        for facts in combinations(asked, size):
            for values in product(*(answers(law, fact) for fact in facts)):
                changes = {fact.slot: value for fact, value in zip(facts, values, strict=True)}
                tried += 1
                if tried > MOST_TRIED or _Seen(law, with_facts(case, changes)).told != now:
                    return _asking(decision, facts[0], [])
    return None


_MAY_CHANGE: Final = Said(message("La réponse peut changer la procédure."))
"""Why a question is asked, where that needs more words than the card has; it goes without saying behind the question."""


def _asking(decision: "Decision", fact: FactDefinition, futures: list[_Seen]) -> NextFact:
    path = decision.submission.value_path if fact.id == "estimated_value" else fact.where
    ways = dict.fromkeys(future.lightest.label for future in futures if future.lightest is not None)
    if 1 < len(ways) <= 3:
        reason = Said(message("Selon la réponse : {ways}."), {"ways": AnyOf(tuple(Term(way) for way in ways))})
    else:
        reason = _MAY_CHANGE
    return NextFact(fact=path, asked=Said(question_text(decision.law.table, path)), reason=reason)
