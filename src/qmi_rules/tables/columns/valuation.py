"""The need laid flat in columns, and its value: the stages that every engine computes, as `contexts.need` values one need."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Final

from attrs import field, frozen

from qmi_rules.law.truth import Truth
from qmi_rules.schema.scalars import LARGEST_AMOUNT
from qmi_rules.tables.columns.formulas import (
    RATE_PLACES,
    Added,
    Amount,
    Differing,
    FirstOf,
    Formula,
    Fractional,
    Holds,
    Product,
    Scaled,
    Stage,
    SumOf,
    WithoutVat,
    every,
    negate,
    some,
)
from qmi_rules.tables.columns.purchase import NEED, VAT_RATE, Column, Columns

FRAMEWORK: Final = "need_framework"
"""Yes where the need is a framework agreement; a maximum says so as well."""
MAXIMUM: Final = "need_framework_maximum"
MAXIMUM_PATH: Final = "need.framework.maximum"
"""What is missing where a framework agreement has no maximum."""
VALUE: Final = "estimated_value"
_HIDDEN: Final = "_qmi_need_"
_PAIRS: Final = {
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

    def seen_by_law(self, columns: Columns) -> Columns:
        """The columns with the value in place of the one that was declared."""
        valued = Column(name=self.value, whole=True, unit=100)
        return Columns(present={**columns.present, VALUE: valued})

    def with_faults(self, faults: Mapping[str, Formula]) -> dict[str, Formula]:
        """The faults of the other columns and of the need."""
        names = dict.fromkeys((*faults, *self.faults))
        return {name: some(faults.get(name, Truth.NO), self.faults.get(name, Truth.NO)) for name in names}

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
    faults = _faults(present)
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
        if part in _PAIRS:
            count, each = _PAIRS[part]
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


def _faults(present: Mapping[str, Column]) -> dict[str, Formula]:
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
    for one, other in (pair for count, each in _PAIRS.values() for pair in ((count, each), (each, count))):
        if one in present:  # the half that is given is named if the other has no column, else the half that is missing
            alone = every(negate(columns.unfilled(one)), columns.unfilled(other))
            add(other if other in present else one, alone)
    if FRAMEWORK in present and MAXIMUM in present:
        denied = every(negate(columns.unfilled(FRAMEWORK)), negate(Holds(column=FRAMEWORK)))
        add(FRAMEWORK, every(denied, negate(columns.unfilled(MAXIMUM))))
    return found


def _filled(column: str) -> Formula:
    return negate(Columns(present={column: Column(name=column)}).unfilled(column))
