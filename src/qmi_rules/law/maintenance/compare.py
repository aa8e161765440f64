"""Two days, or two tables, compared: every region of cases whose answer differs, with a witness and the text that did it."""

import datetime
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from functools import partial
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Literal

from attrs import field, frozen

from qmi_rules.law.doubts import Doubt, doubted, doubts_about
from qmi_rules.law.examination import examine
from qmi_rules.law.facts import FactDefinition, FactKind
from qmi_rules.law.proving.boxes import (
    CLOSED,
    OPEN,
    UNDETERMINED,
    Box,
    Interval,
    Part,
    Scope,
    Space,
    as_document,
    meetings,
)
from qmi_rules.law.rows import Rule
from qmi_rules.law.sources import Source
from qmi_rules.law.table import Table
from qmi_rules.law.truth import Status, Truth
from qmi_rules.law.wording import STATUSES
from qmi_rules.pages import Explained, Language, Page, message
from qmi_rules.pages.templates import page_of
from qmi_rules.read_only import to_read_only
from qmi_rules.schema import Wording
from qmi_rules.schema.faults import require
from qmi_rules.schema.scalars import to_tuple

if TYPE_CHECKING:
    from qmi_rules.law.in_force import LawInForce


SENTENCES = {
    "begins": message("la règle « {what} » entre en vigueur"),
    "ends": message("la règle « {what} » n'est plus en vigueur"),
    "tightened": message("une règle locale s'ajoute : « {what} »"),
    "limit": message("« {what} » passe de {before} à {after}"),
    "known": message("la base juridique ne contient cette procédure qu'à partir de ce jour"),
}


@frozen(kw_only=True)
class Cause:
    """One thing that changed between two laws and bears on the answer.

    Attributes:
        code: ``begins`` or ``ends`` (a row), ``tightened`` (a row to which a local table added conditions), ``limit`` (a
            threshold) or ``known`` (the table's knowledge).
        id: Id of the row, threshold or procedure.
        label: Its French name.
        before: The limit before: a figure, several readings, or empty where it is not known.
        after: The limit after.
        legal_basis: Id of the text that changed it; None for ``known``.
        source: That text.
        published_on: The day that text was published.
    """

    code: Literal["begins", "ends", "tightened", "limit", "known"]
    id: str
    label: Wording
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    legal_basis: str | None = None
    source: Source | None = None
    published_on: datetime.date | None = None

    def sentence(self, say: Language) -> str:
        """The cause in one language, with its article."""
        text = say(
            SENTENCES[self.code],
            what=say(self.label),
            before=_amounts(say, self.before),
            after=_amounts(say, self.after),
        )
        return f"{text} ({self.source.said(say)})" if self.source is not None else text


def _amounts(say: Language, amounts: tuple[str, ...]) -> str:
    if not amounts:
        return say("« non connu »")
    return say.any_of([say.number(Decimal(amount)) for amount in amounts])


@frozen(kw_only=True)
class Region:
    """Cases whose answer for one procedure differs.

    Attributes:
        procedure: Id of the procedure.
        label: Its French name.
        lots: The cases are single lots; else whole purchases.
        before: ``open``, ``closed`` or ``undetermined`` under the first law.
        after: The same under the second.
        box: The cases: for each fact that matters its words, or the numbers from and below.
        witness: The smallest such case.
        because: What changed.
        reservations: What the open one of the two answers rests on that is not confirmed; none where neither is open.
    """

    procedure: str
    label: Wording
    lots: bool
    before: Status
    after: Status
    box: Mapping[str, Any] = field(converter=to_read_only)
    witness: Mapping[str, bool | Decimal | str] = field(converter=to_read_only)
    because: tuple[Cause, ...] = field(converter=to_tuple)
    reservations: tuple[Doubt, ...] = field(default=(), converter=to_tuple)


@frozen(kw_only=True)
class LawOfDay:
    """One of the two laws compared.

    Attributes:
        edition: Name of the edition of its table.
        on: The day.
    """

    edition: str
    on: datetime.date


@frozen(kw_only=True)
class Comparison(Explained):
    """What differs between two laws; two days of a table, or a day of two tables.

    Attributes:
        before: The first law: edition and day.
        after: The second.
        regions: Every region of cases whose answer differs; none where the answers are the same on every case.
    """

    before: LawOfDay
    after: LawOfDay
    regions: tuple[Region, ...] = field(converter=to_tuple)
    _tables: tuple[Table, Table] = field(alias="tables", repr=False)

    @property
    def table_edition(self) -> str:
        """Name of the edition of the second law."""
        return self.after.edition

    def page(self, say: Language) -> Page:
        """The comparison in one language."""
        first, second = self._tables
        return page_of("comparison", say, it=self, two_tables=first != second, in_words=partial(in_words, say, second))


def in_words(say: Language, table: Table, region: Region) -> dict[str, str]:
    """What a page says of a region: its `cases`, the answer `before` and `after` (the reservations with the open one), and `why`."""
    before, after = (
        doubted(say, say(STATUSES[status]), region.reservations if status == OPEN else ())
        for status in (region.before, region.after)
    )
    shares = {
        c.fact
        for row in table.rows()
        for c in row.when
        if c.threshold and table.thresholds[c.threshold].unit == "share"
    }
    cases = [
        describe(say, table.facts[fact], part, say.percent if fact in shares else say.number)
        for fact, part in region.box.items()
    ]
    why = "; ".join(cause.sentence(say) for cause in region.because)
    return {"cases": say.all_of(cases) or say("tous"), "before": before, "after": after, "why": why}


def describe(say: Language, fact: FactDefinition, part: Any, number: Callable[[Decimal], str]) -> str:
    """One side of a box in words: "le type de marché : travaux", "la valeur estimée : de 40 000 € à moins de 60 000 €"."""
    match fact.kind:
        case FactKind.TRUTH:
            return say(fact.affirmed if part == [True] else fact.denied)
        case FactKind.CHOICE:
            words = {choice.id: choice.label for choice in fact.choices}
            return say("{fact} : {words}", fact=say(fact.label), words=say.any_of([say(words[w]) for w in part]))
        case FactKind.NUMBER:
            return _numbers(say, say(fact.label), Decimal(part["from"]), Decimal(part["below"]), number)


def _numbers(say: Language, fact: str, low: Decimal, high: Decimal, number: Callable[[Decimal], str]) -> str:
    """An interval in words; a bound a hair beyond a figure, as of shares, says that the figure itself is in, or out."""
    lowest, highest = low.quantize(Decimal("0.0001")), high.quantize(Decimal("0.0001"))
    shown = number(lowest) if low == lowest else say("plus de {n}", n=number(lowest))
    if high >= Decimal("1e12") or (high != highest and highest == 1):
        return say("{fact} : {low} et plus", fact=fact, low=shown)
    if high != highest:
        return say("{fact} : au plus {high}", fact=fact, high=number(highest))
    if not low:
        return say("{fact} : moins de {high}", fact=fact, high=number(high))
    return say("{fact} : de {low} à moins de {high}", fact=fact, low=shown, high=number(high))


def compare_law(
    table: Table,
    before: datetime.date,
    after: datetime.date,
    other: Table | None = None,
    known_on: datetime.date | None = None,
) -> Comparison:
    """Compare the law of two days, or of two tables (another edition, or local rules laid over the same table).

    Args:
        table: The table of the first day.
        before: The first day.
        after: The second day; may be the first where two tables are compared.
        other: The table of the second day; None = the same.
        known_on: Take only what was published by this day.

    Returns:
        Every region of cases whose answer differs: exact, by boxes.

    Raises:
        DocumentError: An argument is not what was expected.

    >>> from datetime import date
    >>> from qmi_rules import default_table
    >>> compare_law(default_table(), date(2019, 12, 31), date(2020, 1, 1)).regions != ()
    True
    """
    other = table if other is None else other
    for name, value, kind in (
        ("table", table, Table), ("before", before, datetime.date), ("after", after, datetime.date), ("other", other, Table),
    ):  # fmt: skip
        require(name, value, kind)
    first, second = table.in_force(before, known_on), other.in_force(after, known_on)
    return Comparison(
        before=LawOfDay(edition=table.edition, on=before),
        after=LawOfDay(edition=other.edition, on=after),
        regions=tuple(_regions(first, second)),
        tables=(table, other),
    )


def _regions(first: "LawInForce", second: "LawInForce") -> Iterator[Region]:
    for procedure in {**first.table.procedures, **second.table.procedures}.values():
        of_whole: dict[tuple[str, str], list[Box]] = {}
        for lots in (False, True):
            old, new = Scope(first, lots=lots), Scope(second, lots=lots)
            here, there = _statuses(old, procedure.id), _statuses(new, procedure.id)
            for before, boxes in here.items():
                for after, others in there.items():
                    differing = meetings(boxes, others) if before != after else []
                    said = of_whole.setdefault((before, after), [])  # of a lot only what its whole does not say
                    left = [rest for box in new.space.disjoint(differing) for rest in new.space.uncovered(box, said)]
                    for box in merged(new.space, left):
                        if not lots:
                            said.append(box)
                        witness = new.space.witness(box)
                        case = as_case(new.space, second, witness)
                        yield Region(
                            procedure=procedure.id,
                            label=procedure.label,
                            lots=lots,
                            before=Status(before),
                            after=Status(after),
                            box=as_document(box),
                            witness=witness,
                            because=causes(first, second, procedure.id, case),
                            reservations=_reservations(
                                new.space, second if after == OPEN else first, procedure.id, box
                            ),
                        )


def _reservations(space: Space, law: "LawInForce", procedure: str, box: Box) -> dict[Doubt, None]:
    """What a procedure rests on that is not confirmed, where it is open: on the smallest cases of a box or on the largest ones."""
    # a value in doubt may show at one end only: under a raised limit nobody doubts what the confirmed one before it would open too
    top = {
        fact: Interval(part.high - space.steps[fact], part.high) if isinstance(part, Interval) else part
        for fact, part in box.items()
    }
    cases = [as_case(space, law, space.witness(end)) for end in (box, top)]
    return dict.fromkeys(doubt for case in cases for doubt in doubts_about(procedure, case, law))


def _statuses(scope: Scope, procedure: str) -> dict[str, list[dict[str, Part]]]:
    """As the scope has it; a procedure that the table does not declare is closed on every case."""
    if procedure in scope.law.table.procedures:
        return scope.statuses(procedure)
    return {OPEN: [], UNDETERMINED: [], CLOSED: [{}]}


def as_case(space: Space, law: "LawInForce", witness: dict[str, Any]) -> SimpleNamespace:
    """A witness with the attributes that `examine` reads."""
    empty = {fact.slot: None for fact in law.facts.values()}
    return SimpleNamespace(**(empty | {law.facts[fact].slot: value for fact, value in witness.items()}))


def merged(space: Space, boxes: list[dict[str, Part]]) -> list[Box]:
    """The same cases in fewer boxes: two that differ in one fact only, and meet there, are one."""
    found: list[Box] = list(boxes)
    changed = True
    while changed:
        changed = False
        for i, a in enumerate(found):
            for j in range(i + 1, len(found)):
                if (joined := _joined(space, a, found[j])) is not None:
                    found[i] = joined
                    del found[j]
                    changed = True
                    break
            if changed:
                break
    return found


def _joined(space: Space, a: Box, b: Box) -> Box | None:
    facts = a.keys() | b.keys()
    differing = [f for f in facts if a.get(f, space.parts[f]) != b.get(f, space.parts[f])]
    if len(differing) != 1:
        return None
    (fact,) = differing
    one, two = a.get(fact, space.parts[fact]), b.get(fact, space.parts[fact])
    if isinstance(one, frozenset) and isinstance(two, frozenset):
        union: Part = one | two
    elif isinstance(one, Interval) and isinstance(two, Interval) and (one.high == two.low or two.high == one.low):
        union = Interval(min(one.low, two.low), max(one.high, two.high))
    else:
        return None
    joined = {**a, fact: union}
    if union == space.parts[fact]:
        del joined[fact]
    return joined


def causes(before: "LawInForce", after: "LawInForce", procedure: str, case: Any) -> tuple[Cause, ...]:
    """What tells two laws apart for one procedure on one case; only what changes how a row judges the case."""
    return tuple(dict.fromkeys(_causes(before, after, procedure, case)))


def _causes(before: "LawInForce", after: "LawInForce", procedure: str, case: Any) -> Iterator[Cause]:
    definition = {**before.table.procedures, **after.table.procedures}[procedure]
    declared = [law.table.procedures.get(procedure) for law in (before, after)]
    if any(one is not None and not law.knows(one) for law, one in zip((before, after), declared, strict=True)):
        yield Cause(code="known", id=procedure, label=definition.label)
        return
    old = {rule.id: rule for rule in before.rules_of(procedure)}
    new = {rule.id: rule for rule in after.rules_of(procedure)}
    for name in dict.fromkeys((*old, *new)):
        was, becomes = old.get(name), new.get(name)
        if becomes is not None and becomes.local_conditions and was is None:
            national = next((rule for key, rule in old.items() if name.startswith(f"{key}..")), None)
            if national and examine(national, case, before).truth is not examine(becomes, case, after).truth:
                yield _tightened(becomes, after)
        elif was is not None and any(
            rule.local_conditions and rule.id.startswith(f"{name}..") for rule in new.values()
        ):
            continue
        elif was is not None and becomes is not None:
            yield from _limits(before, after, was, becomes, case)
        elif becomes is not None and examine(becomes, case, after).truth is not Truth.NO:
            yield _of_row("begins", becomes, after)
        elif was is not None and examine(was, case, before).truth is not Truth.NO:
            yield _of_row("ends", was, before)


def _of_row(code: Literal["begins", "ends"], rule: Rule, law: "LawInForce") -> Cause:
    return Cause(
        code=code,
        id=rule.id,
        label=rule.ground or rule.id,
        legal_basis=rule.legal_basis,
        source=law.table.sources[rule.legal_basis],
        published_on=rule.published_on,
    )


def _tightened(rule: Rule, law: "LawInForce") -> Cause:
    return Cause(
        code="tightened",
        id=rule.id,
        label=rule.local_ground or rule.ground or rule.id,
        legal_basis=rule.local_basis or None,
        source=law.table.sources.get(rule.local_basis),
        published_on=rule.published_on,
    )


def _limits(before: "LawInForce", after: "LawInForce", old: Rule, new: Rule, case: Any) -> Iterator[Cause]:
    if examine(old, case, before).truth is examine(new, case, after).truth:
        return
    for condition in new.when:
        if not condition.threshold:
            continue
        was, becomes = before.limit(condition.threshold), after.limit(condition.threshold)
        if was.amounts == becomes.amounts:
            continue
        entry = becomes.value or was.value
        basis = becomes.basis[-1] if becomes.basis else entry.legal_basis if entry else ""
        yield Cause(
            code="limit",
            id=condition.threshold,
            label=becomes.threshold.label,
            before=tuple(str(amount) for amount in was.amounts),
            after=tuple(str(amount) for amount in becomes.amounts),
            legal_basis=basis or None,
            source=after.table.sources.get(basis),
            published_on=entry.published_on if entry else None,
        )
