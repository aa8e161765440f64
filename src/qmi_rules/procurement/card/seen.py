"""What the card sees in one case: with or without competition, the lightest procedure, the safe one, and what is not sure of it."""

from collections.abc import Iterable, Iterator
from datetime import date
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from qmi_rules.law import Asking, DutyRow, Examination, FactDefinition, LawInForce, Table, examine, truth_of
from qmi_rules.law.doubts import ContestedLimit, Doubt, contested_limits
from qmi_rules.law.findings import AmountFinding, FactFinding, Finding, PeriodFinding
from qmi_rules.law.truth import STATUS, Truth
from qmi_rules.law.wording import STATUSES, fact_at, finding_sentence, quantity
from qmi_rules.model import Case, Purchase
from qmi_rules.model.case import kinds_differ
from qmi_rules.pages import AnyOf, Clauses, Language, Quantity, Said, Sayable, Term
from qmi_rules.procurement.card.card import (
    CARD,
    MEMBERS,
    Because,
    Margin,
    Reservation,
    ReservationCode,
    Saying,
    short_name,
)
from qmi_rules.procurement.duties import DutyOwed
from qmi_rules.procurement.options import Competition, Option, Submission, competition_of, lightest_of, options_of
from qmi_rules.procurement.warnings import beyond_review

if TYPE_CHECKING:
    from qmi_rules.procurement.decision import Decision, LotDecision


class Seen:
    """What the card says of one case: competition, the lightest procedure, what is not sure of it."""

    def __init__(self, law: LawInForce, case: "Case | Purchase") -> None:
        self.law = law
        self.submission = Submission(law, case, law.evaluate(case))
        self.options = options_of(self.submission, arrangements=False)
        self.lightest = lightest_of(self.options)
        self.doubts: tuple[Doubt, ...] = () if self.lightest is None else self.lightest.doubts
        self.competition = competition_of(self.options)
        if self.competition is Competition.NOT_REQUIRED and all(
            option.doubts for option in self.options if option.definition.dispensed and option.truth is Truth.YES
        ):  # nobody is told to do without competition on the strength of law that nobody confirmed
            self.competition = Competition.UNDETERMINED

    @property
    def duties(self) -> tuple[DutyOwed, ...]:
        """What the lightest procedure obliges the buyer to, and the arrangements that the purchase says it uses."""
        if self.lightest is None:
            return ()
        used = (option for option in options_of(self.submission, arrangements=True) if option.is_declared)
        return (*self.lightest.duties, *(duty for option in used for duty in option.duties))

    @cached_property
    def notice_facts(self) -> tuple[FactDefinition, ...]:
        """The facts that nobody filled and on which it hangs which notice is published, though no procedure asks for them."""
        if self.lightest is None:
            return ()
        rows, facts = notice_rows(self.law, self.lightest.procedure)
        case = self.submission.case
        wanting = [fact for fact in facts if fact.of(case) is None]
        if not wanting:
            return ()
        held = [row for row in rows if truth_of(row, case, self.law) is not Truth.NO]
        if len({row.duty for row in held}) < 2:
            return ()
        missing = {path for row in held for path in examine(row, case, self.law).missing}
        return tuple(fact for fact in wanting if fact.where in missing)

    @property
    def safe(self) -> Option | None:
        """The lightest open procedure that rests on confirmed law only."""
        if not self.doubts:
            return self.lightest
        return lightest_of(option for option in self.options if option.truth is Truth.YES and not option.doubts)

    @cached_property
    def waiting(self) -> list[Option]:
        """The ways without competition that are not settled and would be lighter."""
        order = self.lightest.order if self.lightest is not None else None
        found = (o for o in self.options if o.truth is Truth.UNDETERMINED and o.definition.dispensed)
        return sorted((o for o in found if order is None or o.order < order), key=lambda option: option.order)

    @property
    def reservations(self) -> Iterator[Reservation]:
        """What is not sure of it, but for the day."""
        yield from (contested(limit) for limit, _ in limits_to_read(self.waiting).values())
        yield from map(doubtful, self.doubts)
        yield from law_unknown(o.label for o in self.waiting if o.unknown_ids or not self.law.knows(o.definition))
        main = self.lightest
        if main is not None and main.definition.dispensed and all(ground.presumed for ground in main.examined):
            facts = [fact.label for path in main.presumed if (fact := fact_at(self.law.table, path)) is not None]
            yield Reservation(
                code=ReservationCode.PRESUMED,
                sentence=Said(
                    CARD["presumed"],
                    {"facts": tuple(Term(fact) for fact in facts)},
                ),
                about=" ".join(main.presumed),
            )
        for fact in self.notice_facts:
            yield Reservation(
                code=ReservationCode.NOTICE, sentence=Said(CARD["notice"], {"fact": Term(fact.label)}), about=fact.where
            )

    @property
    def undetermined(self) -> bool:
        """Nobody can say yet whether competition is required."""
        return self.competition is Competition.UNDETERMINED

    @property
    def told(self) -> tuple[Any, ...]:
        """What a fact may change: competition, procedure, reservations."""
        return (
            self.competition,
            None if self.lightest is None else self.lightest.procedure,
            frozenset((reservation.code, reservation.about) for reservation in self.reservations),
        )


@lru_cache(maxsize=1_000)
def notice_rows(law: LawInForce, procedure: str) -> tuple[tuple[DutyRow, ...], tuple[FactDefinition, ...]]:
    """The rows that say which notice of a ladder a procedure owes, and the facts that only they ask a person for."""
    duties = {duty for ladder in law.table.ladders for duty in ladder.duties}
    known = law.table.procedures[procedure]
    rows = tuple(
        row
        for row in law.duty_rows
        if row.duty in duties and (procedure in row.procedures or not (row.procedures or known.arrangement))
    )
    of_procedures = {condition.fact for rule in law.rules for condition in rule.when}
    named = {condition.fact for row in rows for condition in row.when} - of_procedures
    asked = (fact for name, fact in law.facts.items() if name in named and not fact.lot)
    return rows, tuple(fact for fact in asked if fact.ask is not Asking.ON_REQUEST)


NAMED_LOTS = 5
"""So many lots are named in a sentence; the page lists all."""


def doubt_text(option: "Option", say: Language) -> str:
    """What an open option leaves in doubt, as one clause; empty where it is sure."""
    return say.clauses(doubt.sentence(say) for doubt in option.doubts)


def named(say: Language, lots: "list[LotDecision]") -> str:
    """Lots by name, a few of them where there are many."""
    names = [lot.id for lot in lots[:NAMED_LOTS]]
    if (rest := len(lots) - NAMED_LOTS) > 0:
        names.append(say.count(rest, CARD["others_one"], CARD["others_several"]))
    return say.all_of(names)


def lots_line(say: Language, decision: "Decision") -> str:
    """The lots that go another way than the whole, in one line; empty where there are no lots."""
    lines = list(_lots(decision, say))
    return say.clauses(lines) + "." if lines else ""


def _lots(decision: "Decision", say: Language) -> Iterator[str]:
    """The lightest way of the lots that do not follow the whole, those that have the same together; and the others."""
    ways: dict[str, list[LotDecision]] = {}
    for lot in decision.lots:
        option = min(
            (option for option in lot.options if option.truth is Truth.YES),
            key=lambda option: option.order,
            default=None,
        )
        # the empty way stands for that of the whole
        way = "" if option is None or option.procedure == decision.lightest else _way(option, say)
        ways.setdefault(way, []).append(lot)
    following = ways.pop("", [])
    for way, lots in ways.items():
        yield say.count(len(lots), CARD["lots_one"], CARD["lots_several"], lots=named(say, lots), way=way)
    if following:
        yield (say(CARD["other_lots_follow"]) if ways else say(CARD["lots_follow"]))


def _way(option: "Option", say: Language) -> str:
    basis = doubt_text(option, say) or ", ".join(short_name(say, source) for source in option.legal_basis)
    return say(CARD["lot_way"], procedure=say(option.label), basis=basis)


def limits_to_read(options: "Iterable[Option]") -> "dict[str, tuple[ContestedLimit, Option]]":
    """The contested limits that keep options undetermined, by id, each with the first option that waits for it."""
    found: dict[str, tuple[ContestedLimit, Option]] = {}
    for option in options:
        if option.contested:
            for limit in contested_limits(option.examined, option.law):
                found.setdefault(limit.threshold, (limit, option))
    return found


def limit_questions(decision: "Decision", say: Language) -> list[str]:
    """Which reading of each contested limit is right: what to read, and what it would open; of lots too."""
    options = (*decision.options, *(option for lot in decision.lots for option in lot.options))
    return [limit_question(say, limit, option.label) for limit, option in limits_to_read(options).values()]


def limit_question(say: Language, limit: ContestedLimit, procedure: str) -> str:
    """A contested limit as something to establish."""
    asked = say(
        "Quel montant faut-il retenir pour « {label} » : {choice} ? Lire ces textes.",
        label=say(limit.label),
        choice=limit.choice(say),
    )
    return " ".join([asked, *reading_lines(say, [limit], procedure)])


def reading_lines(say: Language, limits: Iterable[ContestedLimit], procedure: str) -> list[str]:
    """What each reading that settles the answer would open."""
    return [
        say(
            "Si la lecture à {amount} est confirmée, la procédure « {procedure} » est {status}.",
            amount=quantity(say, reading.amount, limit.unit),
            procedure=say(procedure),
            status=say(STATUSES[reading.status]),
        )
        for limit in limits
        for reading in limit.readings
        if reading.status == STATUS[Truth.YES]
    ]


def contested(limit: ContestedLimit) -> Reservation:
    """That an answer waits for a limit on which the sources of law disagree."""
    return Reservation(
        code=ReservationCode.CONTESTED,
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
        code=ReservationCode(doubt.certainty),
        sentence=_doubt(doubt),
        about=doubt.about,
    )


def law_unknown(labels: Iterable[str]) -> Iterator[Reservation]:
    """That the law of the day is not known in full for what has these names; nothing where there are none."""
    if procedures := tuple(map(Term, labels)):
        yield Reservation(
            code=ReservationCode.LAW_UNKNOWN, sentence=Said(CARD["law_unknown"], {"procedures": procedures})
        )


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
        yield Reservation(code=ReservationCode.CONTESTED, sentence=Said(CARD["members"]), about=MEMBERS)


def reservations_of(option: Option) -> tuple[Reservation, ...]:
    """What an open option rests on that is not confirmed, and the limits that keep one open to several readings."""
    doubts = map(doubtful, option.doubts)
    limits = contested_limits(option.examined, option.law) if option.contested else ()
    contested = (
        Reservation(code=ReservationCode.CONTESTED, sentence=_contested(limit), about=limit.threshold)
        for limit in limits
    )
    return (*doubts, *contested)


def after_review(table: Table, launched_on: date) -> Iterator[Reservation]:
    """That the law is not known up to the day of a launch; nothing where it is."""
    caveat = beyond_review(table, launched_on)
    if caveat is not None:
        yield Reservation(
            code=ReservationCode.BEYOND_REVIEW,
            sentence=Said(CARD["beyond_review"], {"on": caveat.on or ""}),
        )


def reasons_of(seen: Seen) -> Iterator[Because]:
    """Why the lightest procedure is open; then why no lighter one is, the one that may still open before those that are closed."""
    table, main = seen.law.table, seen.lightest
    if main is not None and (ground := next(iter(main.examined), None)) is not None:
        told = [finding for finding in ground.findings if _tells(finding)]
        ordinary = Saying(as_clause, (main.definition.description or main.label,))
        yield Because(
            sentence=clauses(table, told) if told else ordinary,
            source=table.cited(ground.row.legal_basis, main.case.launched_on),
        )
    if seen.competition is Competition.NOT_REQUIRED:
        return
    order = None if main is None else main.order
    lighter = [o for o in seen.options if o.definition.dispensed and (order is None or o.order < order)]
    waiting = seen.waiting
    bounded = (o for o in sorted(lighter, key=lambda o: o.order) if o.truth is Truth.NO and _amounts(o, Truth.NO))
    option = waiting[0] if waiting else next(bounded, None)
    if option is None or not option.examined:
        return
    name = Term(option.label)
    facts = tuple(Term(fact.label) for path in option.missing if (fact := fact_at(table, path)) is not None)
    if option.truth is Truth.NO:
        limit = max(finding.limit or max(finding.readings) for finding in _amounts(option, Truth.NO))
        why = Said(CARD["only_below"], {"procedure": name, "limit": Quantity(limit, "EUR HT")})
    elif facts:
        why = Said(CARD["to_establish"], {"procedure": name, "facts": facts})
    else:  # a reservation says what it waits for
        return
    yield Because(sentence=why, source=table.cited(option.examined[0].row.legal_basis, option.case.launched_on))


def as_clause(say: Language, text: str) -> str:
    """A sentence of the table as a clause: the card ends it itself."""
    return say(text).rstrip(".")


def _tells(finding: Finding) -> bool:
    """Whether a finding that holds says something of this purchase, and not only that a rare case is not there."""
    match finding:
        case FactFinding(value=value):
            return bool(value)
        case AmountFinding() | PeriodFinding():
            return True
    return False


def clauses(table: Table, findings: Iterable[Finding]) -> Sayable:
    """Findings as the clauses of one sentence."""
    return Clauses(tuple(_clause(table, finding) for finding in findings))


def _clause(table: Table, finding: Finding) -> Sayable:
    """A finding that holds; of the value of the need shorter than the explanation has it."""
    if not isinstance(finding, AmountFinding) or finding.unit != "EUR HT":
        return Saying(finding_sentence, (table, finding))
    limits = tuple(Quantity(amount, finding.unit) for amount in finding.readings or (finding.limit,))
    return Said(CARD[f"side_{finding.edge}"], {"value": Quantity(finding.value, finding.unit), "limit": AnyOf(limits)})


def _amounts(option: Option, truth: Truth) -> list[AmountFinding]:
    """What compares the value of the need with a limit in the grounds of an option, with one answer."""
    return [finding for ground in option.examined for finding in _compared(ground, truth)]


def _compared(ground: Examination, truth: Truth) -> list[AmountFinding]:
    return [
        finding
        for finding in ground.findings
        if isinstance(finding, AmountFinding) and finding.unit == "EUR HT" and finding.truth is truth
    ]


def margin_of(main: Option) -> Margin | None:
    """The limit above the value that the procedure is open under; of several grounds the highest, and none where one holds at any amount."""
    holding = (ground for ground in main.examined if ground.truth is Truth.YES)
    limits = [[f for f in _compared(ground, Truth.YES) if f.edge in ("below", "at_most")] for ground in holding]
    if not all(limits):
        return None
    found = [
        Margin(threshold=f.threshold, limit=limit, distance=limit - f.value, readings=f.readings)
        for amounts in limits
        for f in amounts
        if f.value is not None
        for limit in (f.limit if f.limit is not None else min(f.readings),)
    ]
    return max(found, key=lambda margin: margin.limit, default=None)
