"""Two days, or two tables, compared: every region of cases whose answer differs, with a witness and the text that did it."""

import datetime
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from qmi_rules.documents.read_only import to_read_only
from qmi_rules.documents.scalars import require, to_tuple
from qmi_rules.law.boxes import Box, Interval, Part, Space
from qmi_rules.law.causes import Cause, causes
from qmi_rules.law.facts import FactDefinition, FactKind
from qmi_rules.law.partition import CLOSED, OPEN, UNDETERMINED, Scope, as_document, meetings
from qmi_rules.law.table import Table
from qmi_rules.text import Explained, Language, Page, message
from qmi_rules.text.page import Block, Grid, Heading, Paragraph

if TYPE_CHECKING:
    from qmi_rules.law.in_force import LawInForce

STATUSES = {OPEN: message("ouverte"), CLOSED: message("fermée"), UNDETERMINED: message("indéterminée")}


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
    """

    procedure: str
    label: str
    lots: bool
    before: str
    after: str
    box: Mapping[str, Any] = field(converter=to_read_only)
    witness: Mapping[str, Any] = field(converter=to_read_only)
    because: tuple[Cause, ...] = field(converter=to_tuple)


@frozen(kw_only=True, slots=False)
class Comparison(Explained):
    """What differs between two laws; two days of a table, or a day of two tables.

    Attributes:
        before: The first law: edition and day.
        after: The second.
        regions: Every region of cases whose answer differs; none where the answers are the same on every case.
    """

    before: "LawInForce" = field(repr=False)
    after: "LawInForce" = field(repr=False)
    days: tuple[datetime.date, datetime.date]
    regions: tuple[Region, ...] = field(converter=to_tuple)

    @classmethod
    def document_class(cls) -> type:
        """The class that describes its JSON document."""
        from qmi_rules.law.documents import ComparisonDocument

        return ComparisonDocument

    def as_document(self) -> dict[str, Any]:
        """The comparison as plain data."""
        return {
            "before": {"edition": self.before.table.edition, "on": self.days[0].isoformat()},
            "after": {"edition": self.after.table.edition, "on": self.days[1].isoformat()},
            "regions": [region_document(region) for region in self.regions],
        }

    def page(self, say: Language) -> Page:
        """The comparison in one language."""
        first, second = self.days
        title = say("Ce qui change du {first} au {second}", first=say.date(first), second=say.date(second))
        if self.before.table != self.after.table:
            title += f" ({self.before.table.edition} → {self.after.table.edition})"
        blocks: list[Block] = [Heading(title, level=1)]
        if not self.regions:
            blocks.append(Paragraph(say("Aucun cas ne reçoit une autre réponse.")))
        else:
            header = [say("Procédure"), say("Cas"), say("Avant"), say("Après"), say("Pourquoi")]
            blocks.append(
                Grid(
                    header,
                    [
                        [
                            say(region.label) + (say(" (un lot)") if region.lots else ""),
                            cases_of(say, self.after.table, region),
                            say(STATUSES[region.before]),
                            say(STATUSES[region.after]),
                            "; ".join(cause.sentence(say) for cause in region.because),
                        ]
                        for region in self.regions
                    ],
                )
            )
        return Page(say.code, blocks)


def region_document(region: Region) -> dict[str, Any]:
    """A region as plain data."""
    return {
        "procedure": region.procedure,
        "lots": region.lots,
        "before": region.before,
        "after": region.after,
        "box": region.box,
        "witness": {k: v if isinstance(v, bool) else str(v) for k, v in region.witness.items()},
        "because": [
            {
                "code": cause.code,
                "id": cause.id,
                "before": list(cause.before),
                "after": list(cause.after),
                "legal_basis": cause.source and cause.source.id,
            }
            for cause in region.because
        ],
    }


def cases_of(say: Language, table: Table, region: Region) -> str:
    """The cases of a region in words; "tous" where no fact limits them."""
    shares = {c.fact for row in table.rows() for c in row.when if c.threshold and _is_share(table, c.threshold)}
    return say.all_of(
        [
            describe(say, table.facts[fact], part, say.percent if fact in shares else say.number)
            for fact, part in region.box.items()
        ]
    ) or say("tous")


def _is_share(table: Table, threshold: str) -> bool:
    return table.thresholds[threshold].unit == "share"


def describe(say: Language, fact: FactDefinition, part: Any, number: Callable[[Decimal], str]) -> str:
    """One side of a box in words: "le type de marché : travaux", "la valeur estimée : de 40 000 € à moins de 60 000 €"."""
    match fact.kind:
        case FactKind.TRUTH:
            return say(fact.affirmed if part == [True] else fact.denied)
        case FactKind.CHOICE:
            words = {choice.id: choice.label for choice in fact.choices}
            return say("{fact} : {words}", fact=say(fact.label), words=say.any_of([say(words[w]) for w in part]))
        case FactKind.NUMBER:
            return _numbers(say, say(fact.label), Decimal(part["from"]), Decimal(part["below"]), number)


def _numbers(say: Language, fact: str, low: Decimal, high: Decimal, number: Callable[[Decimal], str]) -> str:
    """An interval in words; a bound a hair beyond a figure, as of shares, says that the figure itself is in, or out."""
    lowest, highest = low.quantize(Decimal("0.0001")), high.quantize(Decimal("0.0001"))
    shown = number(lowest) if low == lowest else say("plus de {n}", n=number(lowest))
    if high >= Decimal("1e12") or (high != highest and highest == 1):
        return say("{fact} : {low} et plus", fact=fact, low=shown)
    if high != highest:
        return say("{fact} : au plus {high}", fact=fact, high=number(highest))
    if not low:
        return say("{fact} : moins de {high}", fact=fact, high=number(high))
    return say("{fact} : de {low} à moins de {high}", fact=fact, low=shown, high=number(high))


def compare(
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
    """
    other = table if other is None else other
    for name, value, kind in (
        ("table", table, Table), ("before", before, datetime.date), ("after", after, datetime.date), ("other", other, Table),
    ):  # fmt: skip
        require(name, value, kind)
    first, second = table.in_force(before, known_on), other.in_force(after, known_on)
    return Comparison(before=first, after=second, days=(before, after), regions=tuple(_regions(first, second)))


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
                        yield Region(
                            procedure=procedure.id,
                            label=procedure.label,
                            lots=lots,
                            before=before,
                            after=after,
                            box=as_document(box),
                            witness=witness,
                            because=causes(first, second, procedure.id, as_case(new.space, second, witness)),
                        )


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
