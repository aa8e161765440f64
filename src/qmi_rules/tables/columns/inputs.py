"""The columns of a table of purchases: the fields of a purchase laid flat, one row a whole purchase (or one lot), and the value of a need laid flat.

The need is valued in stages that every engine computes, as `model.need` values one need.
"""

import datetime
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from difflib import get_close_matches
from math import ceil, floor
from typing import Final

from attrs import field, frozen

from qmi_rules.errors import DocumentError, Phrase, fault
from qmi_rules.law import FactDefinition, FactKind, Table
from qmi_rules.law.truth import Truth
from qmi_rules.model import BuyerKind, ContractType
from qmi_rules.model.buyer import Exclusion, Instrument
from qmi_rules.read_only import to_read_only
from qmi_rules.schema.faults import shown
from qmi_rules.schema.scalars import EARLIEST, LARGEST_AMOUNT, LATEST
from qmi_rules.tables.columns.formulas import (
    RATE_PLACES,
    Added,
    Amount,
    Bounded,
    Differing,
    FirstOf,
    Formula,
    Fractional,
    Holds,
    Mistyped,
    Product,
    Scaled,
    Stage,
    SumOf,
    Unfilled,
    WithoutVat,
    Word,
    every,
    negate,
    some,
)

DAY: Final = "launched_on"
CARRIED: Final = ("title", "cpv")
"""Fields of a purchase that no row of the table tests: carried along."""
MONEY: Final = ("estimated_value", "lot_value", "small_lots_value")
VAT_RATE: Final = "need_vat_rate"
NEED: Final = {
    "need_firm": "money",
    "need_options": "money",
    "need_renewals_count": "whole",
    "need_renewals_each": "money",
    "need_yearly_amount": "money",
    "need_yearly_years": "whole",
    "need_framework": "truth",
    "need_framework_maximum": "money",
    "need_same_need": "money",
    "need_operation": "money",
    "need_rd_phases": "money",
    "need_later_purchases": "money",
    "need_prizes": "money",
    VAT_RATE: "number",
}
"""The columns of a need laid flat, and what each holds; of a list of amounts, the sum."""
_NOT_FLAT: Final = {
    "need": Phrase(
        "lay it flat: need_firm, need_options (the sum), need_vat_rate, …; or put its total into estimated_value"
    ),
    "need_parts": Phrase("put the sum of the parts of a mixed contract into estimated_value"),
    "lots": Phrase(
        "one row is one whole purchase; a row for a lot fills lot_value, lot_type, small_lot and small_lots_share"
    ),
    "members": Phrase("put the sum of the parts into estimated_value and true into joint"),
    "buyer": Phrase("the column is called {name}", {"name": "buyer_kind"}),
    "value": Phrase("the column is called {name}", {"name": "estimated_value"}),
    "evidence": Phrase("name it in keep to carry it along"),
}
_WORDS: Final[dict[str, tuple[str, ...]]] = {
    "contract_type": tuple(ContractType),
    "buyer_kind": tuple(BuyerKind),
    "lot_type": tuple(ContractType),
    "exclusion": tuple(Exclusion),
    "instrument": tuple(Instrument),
}


@frozen(kw_only=True)
class Column:
    """What is known of a column before any row is read.

    Attributes:
        name: Its name.
        filled: No row leaves it empty.
        whole: It holds whole numbers, not decimals.
        cents: It cannot hold more than two decimals.
        unit: It holds so many parts of what is compared: 100 for cents of euros (whole numbers only).
        words: The only words it can hold (an enumeration); None = any text.
        holds: What it should hold, where its type does not make sure of it; else empty.
    """

    name: str
    filled: bool = False
    whole: bool = False
    cents: bool = False
    unit: int = 1
    words: frozenset[str] | None = None
    holds: str = ""


@frozen(kw_only=True)
class Columns:
    """The columns that a table of purchases has, as conditions see them; one that it has not is a fact nobody filled."""

    present: Mapping[str, Column] = field(factory=dict, converter=to_read_only)

    def unfilled(self, name: str) -> Formula:
        """Whether a row leaves a fact empty."""
        column = self.present.get(name)
        if column is None:
            return Truth.YES
        return Truth.NO if column.filled else Unfilled(column=column.name)

    def holds(self, fact: FactDefinition) -> Formula:
        """A yes/no fact; where the table presumes it false, not filled is no, unless the row calls for the question."""
        column = self.present.get(fact.id)
        asked = self.asked(fact) if fact.presumed else Truth.NO
        if column is None:
            return every(asked, Truth.UNDETERMINED) if fact.presumed else Truth.UNDETERMINED
        if asked is not Truth.NO and not column.filled:
            # undetermined where it is not filled and asked for, no where it is not filled otherwise
            return every(Holds(column=fact.id), some(negate(self.unfilled(fact.id)), asked))
        return Holds(
            column=fact.id,
            presumed=fact.presumed and not column.filled,
            nullable=not (fact.presumed or column.filled),
        )

    def asked(self, fact: FactDefinition) -> Formula:
        """Whether the CPV code or another fact of a row calls for the question about a fact; never undetermined."""
        if fact.asked is None:
            return Truth.NO
        told = negate(self.unfilled("cpv"))
        codes = () if told is Truth.NO else fact.asked.cpv
        return some(
            every(told, some(*(_within(span) for span in codes))),
            *(Holds(column=name, presumed=True, nullable=False) for name in fact.asked.with_ if name in self.present),
        )

    def presumed_word(self, fact: FactDefinition, words: Iterable[str]) -> Formula:
        """A word among some of a closed list of which one is presumed where nobody filled it and nothing asks for it."""
        empty, asked = self.unfilled(fact.id), self.asked(fact)
        presumed = Truth.YES if fact.presumed_choice in words else Truth.NO
        return some(
            every(negate(empty), self.word(fact.id, words)),
            every(empty, some(every(asked, Truth.UNDETERMINED), every(negate(asked), presumed))),
        )

    def word(self, name: str, words: Iterable[str]) -> Formula:
        """A word among some of a closed list; the shorter of the list and its complement is tested."""
        column = self.present.get(name)
        if column is None:
            return Truth.UNDETERMINED
        wanted = set(words)
        every_word = _WORDS.get(name)
        if every_word is not None and len(wanted) * 2 > len(every_word):
            return every(*(negate(self._is(column, word)) for word in every_word if word not in wanted))
        return some(*(self._is(column, word) for word in sorted(wanted)))

    def _is(self, column: Column, word: str) -> Formula:
        if column.words is not None and word not in column.words:
            return Truth.NO
        return Word(column=column.name, word=str(word), nullable=not column.filled)

    def compare(self, name: str, edge: str, limit: Decimal) -> Formula:
        """A number against an amount."""
        column = self.present.get(name)
        if column is None:
            return Truth.UNDETERMINED
        nullable = not column.filled
        if not column.whole:
            return Bounded(column=column.name, edge=edge, limit=limit, nullable=nullable)
        scaled = limit * column.unit
        bound = ceil(scaled) if edge in ("below", "from") else floor(scaled)  # 59 999 < 60 000.50, as 59 999 < 60 001
        return Bounded(column=column.name, edge=edge, limit=bound, nullable=nullable)

    def between(self, since: datetime.date | None, before: datetime.date | None) -> Formula:
        """A launch from a day on and before another."""
        return every(
            Truth.YES if since is None else Bounded(column=DAY, edge="from", limit=since, nullable=False),
            Truth.YES if before is None else Bounded(column=DAY, edge="below", limit=before, nullable=False),
        )

    def faults(self) -> dict[str, Formula]:
        """For each column, whether what a row says in it is refused, as a purchase refuses it; none is undetermined."""
        day = self.present[DAY]
        out = some(
            Truth.NO if day.filled else Unfilled(column=DAY),
            Mistyped(column=DAY, kind=day.holds) if day.holds else Truth.NO,
            Bounded(column=DAY, edge="below", limit=EARLIEST, nullable=not day.filled),
            Bounded(column=DAY, edge="from", limit=LATEST + datetime.timedelta(days=1), nullable=not day.filled),
        )
        found = {DAY: out}
        for name, column in self.present.items():
            bad: Formula = Truth.NO
            if name in MONEY:
                bad = some(
                    self.compare(name, "below", Decimal(0)),
                    self.compare(name, "from", LARGEST_AMOUNT),
                    Truth.NO if column.whole or column.cents else Fractional(column=name),
                )
            elif name == "duration_months":
                bad = some(self.compare(name, "below", Decimal(0)), self.compare(name, "above", Decimal(1200)))
            elif name == "small_lots_share":
                bad = some(self.compare(name, "below", Decimal(0)), self.compare(name, "above", Decimal(1)))
            elif name in _WORDS and not (column.words is not None and column.words <= set(_WORDS[name])):
                bad = every(*(negate(self._is(column, word)) for word in _WORDS[name]))
            if column.holds and name != DAY:
                bad = some(bad, Mistyped(column=name, kind=column.holds))
            if bad is not Truth.NO:
                found[name] = every(negate(self.unfilled(name)), bad)
        if "specific_service" in self.present and "contract_type" in self.present:  # only services are on that list
            other = every(negate(self.unfilled("contract_type")), self.word("contract_type", ("works", "supplies")))
            said = Holds(column="specific_service", presumed=True, nullable=False)
            found["specific_service"] = some(found.get("specific_service", Truth.NO), every(said, other))
        return found


def _within(span: str) -> Formula:
    """A CPV code in a range such as ``"85000000-85323000"``: texts of eight digits compare as their numbers do."""
    first, last = span.split("-")
    return every(
        Bounded(column="cpv", edge="from", limit=first),
        Bounded(column="cpv", edge="below", limit=f"{int(last) + 1:08}"),
    )


def each_once(names: Iterable[str]) -> tuple[str, ...]:
    """Names that a caller gave, each once; a lone one is one name, not its letters."""
    return (names,) if isinstance(names, str) else tuple(dict.fromkeys(names))


def check_names(names: Iterable[str], table: Table, keep: Iterable[str]) -> None:
    """Every column is a fact of the table, a scalar field of a purchase, or one that the caller means to keep.

    Raises:
        DocumentError: All faults at once, the path is the column.
    """
    names, keep = each_once(names), each_once(keep)
    known = [DAY, *(fact.id for fact in table.facts.values()), *NEED, *CARRIED]
    words = "no such column; keep names columns of the frame to carry along"
    problems = [fault("unknown_id", name, words) for name in keep if name not in names]
    if DAY not in names:
        problems.append(fault("contradiction", DAY, "expected a column of days: it decides which law applies"))
    for name in names:
        if name in known or name in keep:
            continue
        if name in _NOT_FLAT:
            problems.append(
                fault("contradiction", name, "not a column of a table of purchases: {why}", why=_NOT_FLAT[name])
            )
            continue
        near = get_close_matches(name, known, 1)
        problems.append(
            fault(
                "unknown_key",
                name,
                "unknown column; did you mean {near}? to carry it along unread, name it in keep=[{name}]"
                if near
                else "unknown column; to carry it along unread, name it in keep=[{name}]",
                near=", ".join(map(shown, near)),
                name=shown(name),
            )
        )
    if problems:
        raise DocumentError(problems)


def expected_kind(name: str, table: Table) -> str:
    """What a column holds: ``day``, ``truth``, ``choice``, ``money``, ``whole``, ``number`` or ``any``."""
    fact = table.facts.get(name)
    if name == DAY:
        return "day"
    if name == "cpv":
        return "choice"
    if name in NEED:
        return NEED[name]
    if fact is None:
        return "any"
    if fact.kind is FactKind.NUMBER:
        return "money" if name in MONEY else "whole" if name == "duration_months" else "number"
    return str(fact.kind)


# --- the need


FRAMEWORK: Final = "need_framework"
"""Yes where the need is a framework agreement; a maximum says so as well."""
MAXIMUM: Final = "need_framework_maximum"
MAXIMUM_PATH: Final = "need.framework.maximum"
"""What is missing where a framework agreement has no maximum."""
VALUE: Final = "estimated_value"
_HIDDEN: Final = "_qmi_need_"
_PAIRED: Final = {
    "renewals": ("need_renewals_count", "need_renewals_each"),
    "yearly": ("need_yearly_years", "need_yearly_amount"),
}
PARTS: Final = (
    "firm",
    "renewals",
    "yearly",
    "framework",
    "options",
    "same_need",
    "operation",
    "rd_phases",
    "later_purchases",
    "prizes",
)
"""In the order of a valuation: VAT is taken off the running total."""


@frozen(kw_only=True)
class Valuation:
    """How the need of each row is valued.

    Attributes:
        stages: Columns of cents by name, stage by stage: each stage over the columns of the frame and of earlier stages.
        outputs: For each column of the valuation, the stage that holds it in cents.
        faults: For each column, whether what a row says of its need is refused; none is undetermined.
        boundless: Whether a row is a framework agreement without a maximum: its value is not known, whatever else is given.
        value: The stage that holds the value of a row in cents.
    """

    stages: tuple[dict[str, Amount], ...]
    outputs: dict[str, str]
    faults: dict[str, Formula]
    boundless: Formula
    value: str = field(default=_HIDDEN + "value", init=False)

    def missing(self, missing: Mapping[str, Formula]) -> dict[str, Formula]:
        """What is missing: where a framework agreement has no maximum, that and not the value that follows from it."""
        found: dict[str, Formula] = {}
        for path, formula in missing.items():
            if path != VALUE or self.boundless is Truth.NO:
                found[path] = formula
                continue
            found[path] = every(formula, negate(self.boundless))
            found[MAXIMUM_PATH] = every(formula, self.boundless)
        return found


def valuation_of(columns: Columns) -> Valuation | None:
    """How the need is valued over some columns; None where they have none of a need."""
    present = {name: column for name, column in columns.present.items() if name in NEED}
    if not present:
        return None
    declared = columns.present.get(VALUE)
    first = {_HIDDEN + part: amount for part, amount in _amounts(present)}
    if declared is not None:
        first[_HIDDEN + "declared"] = _scaled(declared)
    framework = present.get(FRAMEWORK)
    maximum = columns.unfilled(MAXIMUM)
    boundless: Formula = Truth.NO
    if framework is not None:
        boundless = every(Holds(column=FRAMEWORK, presumed=not framework.filled, nullable=False), maximum)
    parts = [part for part in PARTS if _HIDDEN + part in first]
    if VAT_RATE in present:
        first[_HIDDEN + "rate"] = _scaled(present[VAT_RATE], RATE_PLACES)
    running = [_HIDDEN + f"to_{part}" for part in parts]
    gross = {name: SumOf(of=tuple(_HIDDEN + part for part in parts[: i + 1])) for i, name in enumerate(running)}
    stages: list[dict[str, Amount]] = [first, dict(gross)]
    if VAT_RATE in present:
        net = [name + "_net" for name in running]
        stages.append({n: WithoutVat(gross=g, rate=_HIDDEN + "rate") for n, g in zip(net, running, strict=True)})
        running = net
    given = {part: _filled(_HIDDEN + part) for part in parts}
    before = [None, *running][: len(running)]
    last: dict[str, Amount] = {
        _HIDDEN + f"value_{part}": FirstOf(cases=((given[part], Added(after=after, before=b)),))
        for part, after, b in zip(parts, running, before, strict=True)
    }
    needed = every(some(*given.values()), negate(boundless))
    cases: list[tuple[Formula, Amount]] = [(needed, Stage(column=running[-1]))] if parts else []
    faults = _need_faults(present)
    if declared is not None:
        if parts:  # a need and a declared value must agree
            needs, says = running[-1], _HIDDEN + "declared"
            faults[VALUE] = every(needed, _filled(says), Differing(columns=(needs, says)))
        cases.append((negate(boundless), Stage(column=_HIDDEN + "declared")))
    last[_HIDDEN + "value"] = FirstOf(cases=tuple(cases))
    stages.append(last)
    outputs = {f"value_{part}": _HIDDEN + f"value_{part}" for part in parts}
    return Valuation(
        stages=tuple(stages),
        outputs=outputs | {VALUE: _HIDDEN + "value"},
        faults=faults,
        boundless=boundless,
    )


def _amounts(present: Mapping[str, Column]) -> Iterator[tuple[str, Amount]]:
    """The parts of the need in cents, as they are given."""
    for part in PARTS:
        if part in _PAIRED:
            count, each = _PAIRED[part]
            if count in present and each in present:
                yield part, Product(of=(_scaled(present[count], 0), _scaled(present[each])))
            continue
        name = MAXIMUM if part == "framework" else f"need_{part}"
        if name in present:
            yield part, _scaled(present[name])


def _scaled(column: Column, places: int = 2) -> Scaled:
    return Scaled(column=column.name, places=places, whole=column.whole, valid=negate(_out_of_range(column)))


def _out_of_range(column: Column) -> Formula:
    """Whether a value is one that `Need` refuses."""
    kind = NEED.get(column.name, "money")
    if kind == "truth":
        return Truth.NO
    low, edge, high = {
        "money": (0, "from", LARGEST_AMOUNT),
        "whole": (1 if column.name == "need_yearly_years" else 0, "above", Decimal(100)),
        "number": (0, "above", Decimal(1)),
    }[kind]
    one = Columns(present={column.name: column})
    return some(one.compare(column.name, "below", Decimal(low)), one.compare(column.name, edge, high))


def _need_faults(present: Mapping[str, Column]) -> dict[str, Formula]:
    """Whether what a row says in a column of its need is refused: by itself, or because the other of a pair is not filled."""
    columns = Columns(present=dict(present))
    found: dict[str, Formula] = {}

    def add(name: str, fault: Formula) -> None:
        if fault is not Truth.NO:
            found[name] = some(found.get(name, Truth.NO), fault)

    for name, column in present.items():
        places = {"money": 2, "number": RATE_PLACES}.get(NEED[name])
        exact = places is None or column.whole or (places == 2 and column.cents)
        bad = some(
            _out_of_range(column),
            Truth.NO if exact or places is None else Fractional(column=name, places=places),
        )
        if bad is not Truth.NO:
            add(name, every(negate(columns.unfilled(name)), bad))
    for one, other in (pair for count, each in _PAIRED.values() for pair in ((count, each), (each, count))):
        if one in present:  # the half that is given is named if the other has no column, else the half that is missing
            alone = every(negate(columns.unfilled(one)), columns.unfilled(other))
            add(other if other in present else one, alone)
    if FRAMEWORK in present and MAXIMUM in present:
        denied = every(negate(columns.unfilled(FRAMEWORK)), negate(Holds(column=FRAMEWORK)))
        add(FRAMEWORK, every(denied, negate(columns.unfilled(MAXIMUM))))
    return found


def _filled(column: str) -> Formula:
    return negate(Columns(present={column: Column(name=column)}).unfilled(column))
