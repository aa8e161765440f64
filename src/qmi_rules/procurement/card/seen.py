"""What the card sees in one case: with or without competition, the lightest procedure, the safe one, and what is not sure of it."""

from collections.abc import Iterator
from functools import cached_property, lru_cache
from typing import Any

from qmi_rules.law import Asking, DutyRow, FactDefinition, LawInForce, examine
from qmi_rules.law.doubts import Doubt
from qmi_rules.law.truth import Truth
from qmi_rules.law.wording import fact_at
from qmi_rules.model import Case, Purchase
from qmi_rules.pages import Said, Term
from qmi_rules.procurement.card.card import Reservation
from qmi_rules.procurement.card.reservations import contested, doubtful, law_unknown
from qmi_rules.procurement.card.sentences import CARD
from qmi_rules.procurement.duties import DutyOwed
from qmi_rules.procurement.headline import limits_to_read
from qmi_rules.procurement.options import Option, Submission, competition_of, lightest_of, options_of


class Seen:
    """What the card says of one case: competition, the lightest procedure, what is not sure of it."""

    def __init__(self, law: LawInForce, case: "Case | Purchase") -> None:
        self.law = law
        self.submission = Submission(law, case, law.evaluate(case))
        self.options = options_of(self.submission, arrangements=False)
        self.lightest = lightest_of(self.options)
        self.doubts: tuple[Doubt, ...] = () if self.lightest is None else self.lightest.doubts
        self.competition: Any = competition_of(self.options)
        if self.competition == "not_required" and all(
            option.doubts for option in self.options if option.definition.dispensed and option.truth is Truth.YES
        ):  # nobody is told to do without competition on the strength of law that nobody confirmed
            self.competition = "undetermined"

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
        held = [(row, found) for row in rows if (found := examine(row, case, self.law)).truth is not Truth.NO]
        if len({row.duty for row, _ in held}) < 2:
            return ()
        missing = {path for _, found in held for path in found.missing}
        return tuple(fact for fact in wanting if fact.where in missing)

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
        yield from (contested(limit) for limit, _ in limits_to_read(self.waiting).values())
        yield from map(doubtful, self.doubts)
        yield from law_unknown(o.label for o in self.waiting if o.unknown_ids or not self.law.knows(o.definition))
        main = self.lightest
        if main is not None and main.definition.dispensed and all(ground.presumed for ground in main.examined):
            facts = [fact.label for path in main.presumed if (fact := fact_at(self.law.table, path)) is not None]
            yield Reservation(
                code="presumed",
                sentence=Said(
                    CARD["presumed"],
                    {"facts": tuple(Term(fact) for fact in facts)},
                ),
                about=" ".join(main.presumed),
            )
        for fact in self.notice_facts:
            yield Reservation(
                code="notice", sentence=Said(CARD["notice"], {"fact": Term(fact.label)}), about=fact.where
            )

    @property
    def undetermined(self) -> bool:
        """Nobody can say yet whether competition is required."""
        return bool(self.competition == "undetermined")

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
