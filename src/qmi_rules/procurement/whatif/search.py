"""What would change the answer: the smallest changes of a purchase that would open, or close, one procedure."""

import datetime
from collections.abc import Iterator, Mapping
from itertools import combinations
from types import MappingProxyType
from typing import Any, ClassVar, Final

from attrs import field, frozen

from qmi_rules.errors import UnknownNameError
from qmi_rules.law import Choice, LawInForce, Rule, Table, default_table, examine, lots_under
from qmi_rules.law.compilation import status
from qmi_rules.law.doubts import ContestedLimit, Doubt, contested_limits, doubts_about
from qmi_rules.law.truth import STATUS, Status, Truth
from qmi_rules.law.wording import STATUSES, citation, quantity, sentence_case
from qmi_rules.model import Case, Purchase, whole_case
from qmi_rules.model.case import with_facts
from qmi_rules.pages import Explained, Language, Page, message
from qmi_rules.pages.templates import page_of
from qmi_rules.procurement.whatif.alterations import LAUNCH, Alteration, Altering, Barred, ChangeSet, nearest
from qmi_rules.schema import Wording, given
from qmi_rules.schema.faults import require
from qmi_rules.schema.fields import Layout
from qmi_rules.schema.scalars import to_tuple

WINDOW = datetime.timedelta(days=366)
"""How far a launch may be moved by advice; `timeline` shows every day on which the answer changes."""


@frozen(kw_only=True)
class WhatIf(Explained):
    """What would change the answer for one procedure.

    Attributes:
        procedure: Id of the procedure.
        label: Its French name.
        status: What the answer is now.
        opens: The nearest changes that would open it; none where it is open.
        closes: The nearest changes that would close it; none where it is closed.
        barred: Facts that stand in the way and that no buyer may choose.
        contested: The limits on which the sources disagree and that keep it undetermined, with what each reading would answer.
        doubts: What it rests on that is not confirmed, where it is open.
        table_edition: Name of the edition of the law.
    """

    _layout: ClassVar[Layout] = Layout(own_page=True)

    procedure: str
    label: Wording
    status: Status
    opens: tuple[ChangeSet, ...] = field(converter=to_tuple)
    closes: tuple[ChangeSet, ...] = field(converter=to_tuple)
    barred: tuple[Barred, ...] = field(converter=to_tuple)
    contested: tuple[ContestedLimit, ...] = field(default=(), converter=to_tuple)
    doubts: tuple[Doubt, ...] = field(default=(), converter=to_tuple)
    table_edition: str

    def page(self, say: Language) -> Page:
        """What would change the answer, in one language."""
        voices = (readings, change_line, citation, notes)
        return page_of("what_if", say, voices=voices, it=self, statuses=STATUSES, sentence_case=sentence_case)


def what_if(
    purchase: Purchase | Case | Mapping[str, Any],
    procedure: str,
    table: Table | None = None,
    known_on: datetime.date | None = None,
    lot: str | None = None,
) -> WhatIf:
    """The nearest changes of a purchase that would open one procedure, and those that would close it.

    Args:
        purchase: The purchase.
        procedure: Id of the procedure, or of an arrangement.
        table: The law; None = the national table of the package.
        known_on: Take only the law that was published by this day.
        lot: Id of a lot, to ask it of that lot.

    Returns:
        Minimal sets of changes, the smallest first, each checked by deciding anew; never through a fact that is given.

    Raises:
        UnknownNameError: There is no such procedure or lot; it lists those there are. It is a `KeyError` too.
        DocumentError: An argument is not what was expected.

    >>> from qmi_rules import Purchase
    >>> purchase = Purchase(title="Capteurs", launched_on="2024-05-15", estimated_value=50_000, contract_type="services")
    >>> what_if(purchase, "innovative_purchase").procedure
    'innovative_purchase'
    """
    purchase = given("purchase", purchase, Purchase, Case)
    table = default_table() if table is None else table
    require("table", table, Table)
    if procedure not in table.procedures:
        raise UnknownNameError("procedure", procedure, table.procedures)
    law = table.in_force(purchase.launched_on, known_on)
    return _Search(table, procedure, _case(purchase, lot, law), known_on).result()


def _case(purchase: Purchase | Case, lot: str | None, law: LawInForce) -> Purchase | Case:
    if lot is None or isinstance(purchase, Case):
        return whole_case(purchase)
    cases, _ = lots_under(law, purchase)
    for own, case in zip(purchase.lots, cases, strict=True):
        if own.id == lot:
            return case
    raise UnknownNameError("lot", lot, [own.id for own in purchase.lots])


class _Search:
    """The search of the smallest changes for one procedure and one case."""

    def __init__(self, table: Table, procedure: str, case: Purchase | Case, known_on: datetime.date | None) -> None:
        self.table = table
        self.procedure = procedure
        self.case = case
        self.known_on = known_on
        self.position = list(table.procedures).index(procedure)
        self.altering = Altering(table, case)
        self.barred: dict[str, Barred] = {}

    def result(self) -> WhatIf:
        """Both directions, and what no advice goes through."""
        law = self.table.in_force(self.case.launched_on, self.known_on)
        now = self._status(law, self.case)
        opens = self._opens() if now is not Truth.YES else ()
        barred = tuple(self.barred.values())
        return WhatIf(
            procedure=self.procedure,
            label=self.table.procedures[self.procedure].label,
            status=STATUS[now],
            opens=opens,
            closes=self._closes(law) if now is not Truth.NO else (),
            barred=barred,
            contested=contested_limits(
                (examine(rule, self.case, law) for rule in law.relevant_rules(self.procedure, self.case)), law
            )
            if now is Truth.UNDETERMINED
            else (),
            doubts=doubts_about(self.procedure, self.case, law) if now is Truth.YES else (),
            table_edition=self.table.edition,
        )

    def _status(self, law: LawInForce, case: Purchase | Case) -> Truth:
        return status(law.evaluate(case), self.position, len(self.table.procedures))

    def _near(self) -> Iterator[tuple[LawInForce, tuple[Alteration, ...]]]:
        """The law of the day, and that of every span to which advice may move the launch, with the move that it takes."""
        day = self.case.launched_on
        for law in self.table.segments(self.known_on):
            if law.since is not None and law.since > day:
                moved = law.since
            elif law.until is not None and law.until < day:
                moved = law.until
            else:
                yield law, ()
                continue
            # farther off a law may still change, and nobody plans a purchase by it
            if abs(moved - day) <= WINDOW:
                yield law, (self.altering.launch(moved),)

    def _opens(self) -> tuple[ChangeSet, ...]:
        found = []
        for law, launch in self._near():
            if not law.knows(self.table.procedures[self.procedure]):
                continue
            for rule in law.rules_of(self.procedure):
                if not examine(rule, self.case, law).applies:
                    continue
                # what bars a row about other buyers, or the row of another day, is of no use to this one
                concerns = rule in law.relevant_rules(self.procedure, self.case)
                needed = self._needed(law, rule, note_bars=concerns and not launch)
                if needed is not None and (change := self._checked(law, rule, (*needed, *launch), Truth.YES)):
                    found.append(change)
        return nearest(found)

    def _needed(self, law: LawInForce, rule: Rule, *, note_bars: bool) -> list[Alteration] | None:
        """What makes every condition of a row hold; None where a fact stands in the way that is not the buyer's to choose."""
        needed: dict[str, Alteration] = {}
        for condition, test in zip(rule.when, law.tests(rule), strict=True):
            if test.judge(getattr(self.case, test.slot, None)) is Truth.YES:
                continue
            fact = law.facts[condition.fact]
            if (barred := self.altering.bar(fact)) is not None:
                if note_bars:
                    self.barred.setdefault(fact.id, barred)
                return None
            alteration = self.altering.to_hold(law, condition)
            if alteration is None or fact.id in needed:
                return None
            needed[fact.id] = alteration
        return list(needed.values())

    def _checked(
        self, law: LawInForce, rule: Rule, alterations: tuple[Alteration, ...], wanted: Truth
    ) -> ChangeSet | None:
        """The change, if deciding anew gives what is wanted."""
        slots = {
            fact.where: fact.slot for fact in law.facts.values() if not fact.lot or self.case.lot_value is not None
        }
        changes = {slots.get(a.fact, a.fact): a.after for a in alterations}
        changed = with_facts(self.case, changes)
        # altering single facts may close elsewhere what it opens here: only a new decision counts
        if self._status(law, changed) is not wanted:
            return None
        doubtful = changed if wanted is Truth.YES else self.case
        moved = wanted is Truth.NO and any(a.fact == LAUNCH for a in alterations)  # the law it leaves does not matter
        return ChangeSet(
            alterations=alterations,
            legal_basis=self.table.sources[rule.legal_basis],
            rule=rule.id,
            doubts=() if moved else doubts_about(self.procedure, doubtful, law),
        )

    def _closes(self, law: LawInForce) -> tuple[ChangeSet, ...]:
        """For every row that holds or may hold, one condition broken; in every combination of at most three facts."""
        found = []
        for other, launch in self._near():
            rules = other.rules_of(self.procedure)
            if launch and self._status(other, self.case) is Truth.NO:
                live = [r for r in law.rules_of(self.procedure) if examine(r, self.case, law).truth is not Truth.NO]
                ground = next(
                    iter(live or rules or [r for r in self.table.rules if r.procedure == self.procedure]), None
                )
                if ground is not None and (change := self._checked(other, ground, launch, Truth.NO)):
                    found.append(change)
            if launch:
                continue
            live = [r for r in rules if (e := examine(r, self.case, law)).applies and e.truth is not Truth.NO]
            breaks = {
                broken.fact: (broken, rule)
                for rule in live
                for condition in rule.when
                if (broken := self.altering.to_fail(law, condition)) is not None
            }
            # four facts that must change at once are no advice
            for size in (1, 2, 3):
                for chosen in combinations(breaks.values(), size):
                    alterations = tuple(a for a, _ in chosen)
                    if change := self._checked(law, chosen[0][1], alterations, Truth.NO):
                        found.append(change)
        return nearest(found)


SENTENCES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "reading": message("si la lecture à {amount} est confirmée : ouverte ({source})"),
        "doubted": message("{change} — {doubts}"),
        "launched_from": message("si la consultation est lancée à partir du {day}"),
        "launched_until": message("si la consultation est lancée au plus tard le {day}"),
        "falls": message("si {fact} baisse de {distance} ({amount})"),
        "rises": message("si {fact} augmente de {distance} ({amount})"),
        "at_most": message("si {fact} est d'au plus {amount}"),
        "at_least": message("si {fact} est d'au moins {amount}"),
        "fact": message("si {fact}"),
        "fact_il": message("s'{fact}"),
        "chosen": message("{condition} (au choix de l'acheteur)"),
    }
)
"""How a change is said, by name; other evaluators say it with the same sentences."""


def readings(say: Language, result: "WhatIf") -> list[str]:
    """The readings of contested limits that would open it: nothing is left to change, only a text to read."""
    return [
        say(
            SENTENCES["reading"],
            amount=quantity(say, reading.amount, limit.unit),
            source=citation(say, reading.source),
        )
        for limit in result.contested
        for reading in limit.readings
        if reading.status == "open"
    ]


def change_line(say: Language, change: "ChangeSet") -> str:
    """One change in a sentence, with its article, or the text to read where it rests on something that is not confirmed."""
    text = say.all_of([alteration_text(say, a) for a in change.alterations])
    if change.doubts:  # the text to read is the one that gives the value
        return say(SENTENCES["doubted"], change=text, doubts=say.clauses(d.sentence(say) for d in change.doubts))
    return f"{text} ({citation(say, change.legal_basis)})"


def alteration_text(say: Language, a: "Alteration") -> str:
    """One alteration as a condition: "si la valeur estimée du besoin baisse de 0,01 € (59 999,99 €)"."""
    if a.unit == "days":
        return say(SENTENCES["launched_from" if a.after > a.before else "launched_until"], day=say.date(a.after))
    fact = say(a.label)
    if a.unit == "EUR HT" and a.before is not None:
        name = "falls" if a.after < a.before else "rises"
        return say(SENTENCES[name], fact=fact, distance=say.euros(a.distance), amount=say.euros(a.after))
    if a.unit:
        amount = quantity(say, a.after, a.unit)
        return say(SENTENCES["at_most" if a.bound == "at_most" else "at_least"], fact=fact, amount=amount)
    text = say(SENTENCES["fact_il" if a.sentence.startswith("il ") else "fact"], fact=say(a.sentence))
    return say(SENTENCES["chosen"], condition=text) if a.choice == Choice.CHOSEN else text


def notes(say: Language, result: "WhatIf") -> list[str]:
    """What is to be known of a change that would open it where a value is estimated, each once."""
    made = (a for change in result.opens for a in change.alterations if a.note and a.choice == Choice.ESTIMATED)
    return [
        *dict.fromkeys(f"{say(a.note)} ({citation(say, a.note_basis)})" if a.note_basis else say(a.note) for a in made)
    ]
