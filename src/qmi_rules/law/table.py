"""The table of the law: everything that its files declare, checked as a whole, and the law in force on a day."""

import datetime
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

from attrs import evolve, field, fields, frozen

from qmi_rules.errors import DocumentError, TableError, fault
from qmi_rules.law.compilation import bits
from qmi_rules.law.facts import FactDefinition, fact_definitions
from qmi_rules.law.in_force import LawInForce
from qmi_rules.law.rows import Dated, Procedure, Row, Rule
from qmi_rules.law.thresholds import Prudence, Threshold
from qmi_rules.law.truth import Certainty
from qmi_rules.read_only import to_read_only
from qmi_rules.schema import to_json
from qmi_rules.schema.faults import require, shown
from qmi_rules.schema.scalars import is_a

if TYPE_CHECKING:
    from qmi_rules.law.proving.proof import Proof
    from qmi_rules.law.sections import Bearing, Caution, Declared, Duty, DutyRow, Ladder, Outside
    from qmi_rules.law.sources import Source


MOST_DAYS_ASKED = 4_096
"""The law of so many days is remembered by the day, eleven years of them."""
MOST_DAYS_KNOWN = 256
"""So many laws as known by some day are remembered beside those between two publications; a long run stays small."""


@frozen(kw_only=True, slots=False)
class Table:
    """The law as data. Frozen; compares by value; one table may be shared by threads.

    A section of the law that a build compiled is made when it is first read: most questions read few of them.

    Attributes:
        edition: Name of the edition.
        reviewed_on: Day up to which the maintainers know the law; None = not said.
        local: It is a commune's own table: it must be laid over the national one before it can answer.
        sources: The texts cited, by id.
        thresholds: The dated series, by id.
        procedures: Procedures and arrangements, in the order of the table.
        facts: The vocabulary of facts: that of the package and those the table adds, by id.
        rules: The rows, in the order of the table.
        duties: The duties, by id.
        duty_rows: When each duty is owed.
        cautions: Pitfalls worth showing.
        ladders: Duties of which one at most is owed at once.
        declared: What the proof of the table lets pass, and why.
        bearings: What a buyer may do about each fact.
        outside: Acts that the table says nothing of.
    """

    edition: str = field(validator=is_a(str))
    reviewed_on: datetime.date | None = None
    local: bool = False
    sources: Mapping[str, "Source"] = field(converter=to_read_only)
    thresholds: Mapping[str, Threshold] = field(converter=to_read_only)
    procedures: Mapping[str, Procedure] = field(converter=to_read_only)
    facts: Mapping[str, FactDefinition] = field(factory=fact_definitions, converter=to_read_only)
    rules: tuple[Rule, ...] = ()
    duties: Mapping[str, "Duty"] = field(factory=dict, converter=to_read_only)
    duty_rows: tuple["DutyRow", ...] = ()
    cautions: tuple["Caution", ...] = ()
    ladders: tuple["Ladder", ...] = ()
    declared: tuple["Declared", ...] = ()
    bearings: tuple["Bearing", ...] = ()
    outside: tuple["Outside", ...] = ()

    def __attrs_post_init__(self) -> None:
        if not self.local:  # what a local table refers to is checked once it is laid over the national one
            from qmi_rules.law.consistency import check_ids, check_periods, check_references

            check_ids(self)
            check_references(self)
            check_periods(self)

    def in_force(self, on: datetime.date, known_on: datetime.date | None = None) -> LawInForce:
        """The law in force on a day, resolved once for all days between two changes and then remembered.

        Args:
            on: The day the consultation is launched or the notice sent.
            known_on: Take only what was published by this day; None = everything the table holds.

        Raises:
            DocumentError: One of the two is no date; a date with a time is none.
        """
        try:
            if known_on is None and (latest := self.of_days.get(on)) is not None:
                return latest  # a day that was asked for before: nothing else is looked at
            position = bisect_right(self._changes, on)
            known = None if known_on is None else bisect_right(self._published, known_on)
        except TypeError:
            words = "expected a date without a time, such as date(2026, 5, 15), got {got}"
            raise DocumentError(
                [
                    fault("not_a_date", name, words, got=shown(value))
                    for name, value in (("on", on), ("known_on", known_on))
                    if type(value) is not datetime.date and (value is not None or name == "on")
                ]
            ) from None
        if self.local:
            words = "a local table answers nothing alone: lay it over the national one, local.over(default_table())"
            raise TableError(fault("contradiction", "", words))
        law = self._laws.get((position, known))
        if law is None:
            law = self._laws[position, known] = self._resolve(position, known_on)
        if known_on is None:
            if len(self.of_days) >= MOST_DAYS_ASKED:
                self.of_days.clear()
            self.of_days[on] = law
        return law if law.known_on == known_on else self._known_by_another_day(position, known_on, law)

    def _known_by_another_day(self, position: int, known_on: datetime.date | None, law: LawInForce) -> LawInForce:
        """The same law, as known by a day between the same two publications: what is told of it names the day that was asked."""
        asked = self._asked.get((position, known_on))
        if asked is None:
            if len(self._asked) >= MOST_DAYS_KNOWN:
                self._asked.clear()
            asked = self._asked[position, known_on] = law.known_by(known_on)
        return asked

    def segments(self, known_on: datetime.date | None = None) -> Iterator[LawInForce]:
        """The law of each span of days without a change, from the first to the last."""
        for position in range(len(self._changes) + 1):
            day = self._changes[position - 1] if position else self._changes[0] - datetime.timedelta(days=1)
            yield self.in_force(day, known_on)

    def over(self, other: "Table") -> "Table":
        """This (local) table laid over another (national) one; it may only tighten.

        Raises:
            LooseningError: A row would open what the other table closes; with the row and a witness case.
            DocumentError: `other` is no table.

        Warns:
            LocalRuleWarning: A row shuts national ones that it does not name; each with a case.
        """
        require("other", other, Table)
        from qmi_rules.law.proving.local_rules import lay_over

        return lay_over(self, other)

    def check(self) -> "Proof":
        """Prove the table over every case that its facts can describe, and every day; exact, without sampling.

        Returns:
            Flaws with their smallest witness, exceptions declared, and a certificate that others can verify.
        """
        from qmi_rules.law.proving.proof import prove

        return prove(self)

    def outside_of(self, case: Any) -> "Outside | None":
        """Why the table says nothing of a case; None where it does, and where nothing in the case is out of the ordinary."""
        if not case.marked:
            return None
        return next((one for one in self.outside if self.facts[one.fact].of(case) in one.in_), None)

    def bits(self, arrangements: bool | None) -> tuple[tuple[Procedure, int, int], ...]:
        """Each procedure (False), arrangement (True) or both (None) with its open bit and its may-be-open bit."""
        return self._bits[arrangements]

    @cached_property
    def _bits(self) -> dict[bool | None, tuple[tuple[Procedure, int, int], ...]]:
        count = len(self.procedures)
        every = tuple((procedure, *bits(i, count)) for i, procedure in enumerate(self.procedures.values()))
        return {None: every, **{kind: tuple(e for e in every if e[0].arrangement is kind) for kind in (False, True)}}

    @cached_property
    def hash(self) -> str:
        """SHA-256 of the canonical JSON of the table: the same content, the same hash."""
        from hashlib import sha256

        return sha256(to_json(self).encode()).hexdigest()

    @cached_property
    def _changes(self) -> list[datetime.date]:
        """Every day on which a value or a row begins, or is no longer there, in order."""
        day = datetime.timedelta(days=1)
        dated: Iterable[Dated] = self.dated()
        days = {entry.effective_from for entry in dated}
        days |= {entry.effective_until + day for entry in self.dated() if entry.effective_until is not None}
        days |= {p.known_from for p in self.procedures.values() if p.known_from is not None}
        return sorted(days)

    @cached_property
    def _published(self) -> list[datetime.date]:
        days = {entry.published_on for entry in self.dated()}
        days |= {entry.end_published_on for entry in self.dated() if entry.end_published_on is not None}
        return sorted(days)

    @cached_property
    def of_days(self) -> dict[datetime.date, LawInForce]:
        """The law of the days that were asked for, which `in_force` finds here."""
        return {}

    @cached_property
    def _laws(self) -> dict[tuple[int, int | None], LawInForce]:
        return {}

    @cached_property
    def _asked(self) -> dict[tuple[int, datetime.date | None], LawInForce]:
        return {}

    def _resolve(self, position: int, known_on: datetime.date | None) -> LawInForce:
        changes = self._changes
        since = changes[position - 1] if position else None
        until = changes[position] - datetime.timedelta(days=1) if position < len(changes) else None
        day = since or until or datetime.date(1990, 1, 1)
        return LawInForce(table=self, day=day, since=since, until=until, known_on=known_on)

    def dated(self) -> Iterator[Dated]:
        """Every dated entry: the values of the thresholds and the rows."""
        for threshold in self.thresholds.values():
            yield from threshold.values
        yield from self.rules
        yield from self.duty_rows
        yield from self.cautions

    def rows(self) -> Iterator[Row]:
        """Every row: rules, duties, cautions."""
        yield from self.rules
        yield from self.duty_rows
        yield from self.cautions

    def cited(self, source: str, day: datetime.date) -> "Source":
        """A source as a result of that day cites it."""
        return self.sources[source].on(day)

    @cached_property
    def facts_at(self) -> Mapping[str, tuple[FactDefinition, ...]]:
        """The facts by the path at which a document fills them; rows tell those of one path apart."""
        found: dict[str, tuple[FactDefinition, ...]] = {}
        for fact in self.facts.values():
            found[fact.where] = (*found.get(fact.where, ()), fact)
        return to_read_only(found)

    def trusts(self, row: Row) -> bool:
        """Whether a row may open something by itself: none that says that no more is known does, and no procedure without
        competition rests on a row that is not confirmed.
        """
        if isinstance(row, Rule) and row.unknown:
            return False
        return row.certainty is Certainty.CONFIRMED or not (
            isinstance(row, Rule) and row.procedure in self.procedures and self.procedures[row.procedure].dispensed
        )

    @cached_property
    def prudence(self) -> Mapping[str, Prudence]:
        """How each threshold that frees from competition is read where its value is not confirmed.

        The conditions that a local table added are left out: they tighten, so that their value is the prudent one.
        """
        found: dict[str, Prudence] = {}
        for rule in self.rules:
            if self.procedures[rule.procedure].dispensed and not (rule.local and not rule.local_conditions):
                for condition in rule.when[: len(rule.when) - rule.local_conditions]:
                    if condition.threshold:
                        lower = (
                            condition.edge in ("below", "at_most") and found.get(condition.threshold) != Prudence.KNOWN
                        )
                        found[condition.threshold] = Prudence.LOWER if lower else Prudence.KNOWN
        return found

    def label(self, name: str) -> str:
        """The French name of a threshold, or of a ground, by its id."""
        if name in self.thresholds:
            return self.thresholds[name].label
        return next((rule.ground for rule in self.rules if rule.id == name and rule.ground), name)

    def tested_by(self, row: str) -> frozenset[str]:
        """Ids of the facts that a row tests; none where there is no such row."""
        return self._tested.get(row, frozenset())

    @cached_property
    def _tested(self) -> dict[str, frozenset[str]]:
        return {row.id: frozenset(condition.fact for condition in row.when) for row in self.rows()}

    @classmethod
    def compiled(cls, section: Callable[[str], Any], days: list[datetime.date], **known: Any) -> Self:
        """The table that a build compiled: what the tests read with every check is not checked again.

        Args:
            section: Makes a section, by its name.
            days: Every day on which a value or a row begins, or is no longer there, in order.
            known: The fields that are there already.
        """
        table = cls.__new__(cls)
        table.__dict__.update(known, _section=section, _changes=days)
        return table

    if not TYPE_CHECKING:  # which would take any name for a field

        def __getattr__(self, name: str) -> Any:
            section = self.__dict__.get("_section")
            if section is None or name not in _FIELDS:
                raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
            return self.__dict__.setdefault(name, section(name))  # of two threads both have what the first one made

    def __getstate__(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in _FIELDS}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)

    def __hash__(self) -> int:
        return hash((self.edition, len(self.rules)))

    def replace(self, **changes: Any) -> "Table":
        """A copy with some parts changed, checked anew."""
        return evolve(self, **changes)


_FIELDS = frozenset(attribute.name for attribute in fields(Table))
