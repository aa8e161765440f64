"""From the rows in force to one specialised Python function: the statuses of all procedures in a few comparisons.

A function is generated for each span of days, only from typed conditions: literals never reach the source text, they are
bound as constants, and the names in it come from the closed vocabulary of facts. What a row means is defined in
`examination`; the naive oracle of the tests proves that this module says the same.

The result is one integer. With n procedures, bit i is set where procedure i is open, bit n + i where it may be open: a row
holds but for facts that are not filled or limits that are not known. A missing buyer kind or contract type and contested
limits are decided world by world: only what all worlds agree on is settled.
"""

from collections.abc import Callable
from functools import cache
from itertools import product
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from qmi_rules.contexts import BuyerKind, ContractType
from qmi_rules.findings import Truth
from qmi_rules.law.facts import Condition, FactKind
from qmi_rules.law.rows import Rule

if TYPE_CHECKING:
    from qmi_rules.law.in_force import LawInForce

Evaluation: TypeAlias = Callable[[Any], int]
World: TypeAlias = dict[str, Any]
"""For each threshold its amount in this world; None where it is not known."""

_SIGNS: Final = {"below": "<", "from": ">=", "at_most": "<=", "above": ">"}


def compile_rules(law: "LawInForce") -> Evaluation:
    """The function from a case to the packed statuses under this law; the slow path is compiled when first taken."""
    # what is open however a limit is read shows under the strictest readings, what may be open under the loosest
    worlds = law.worlds(strict=law.rules)
    worlds += [world for world in law.worlds(loose=law.rules) if world not in worlds]

    @cache
    def exact() -> list[Callable[..., int]]:
        return [_function(law, world, entry=False) for world in worlds]

    @cache
    def unvalued() -> list[Callable[..., int]]:
        return [_function(law, world, entry=False, valued=False) for world in worlds]

    thorough = _thorough(exact, unvalued, len(law.table.procedures))
    return _function(law, worlds[0], entry=True, contested=_contested(law), thorough=thorough)


def bits(position: int, procedures: int) -> tuple[int, int]:
    """The open bit and the may-be-open bit of the procedure at a position of the table."""
    return 1 << position, 1 << procedures + position


def status(packed: int, position: int, procedures: int) -> Truth:
    """Whether the procedure at a position of the table is open in a packed result."""
    if packed >> position & 1:
        return Truth.YES
    return Truth.UNDETERMINED if packed >> (procedures + position) & 1 else Truth.NO


def _contested(law: "LawInForce") -> list[tuple[str, Any, Any]]:
    """Where worlds differ: a fact and the lowest and highest reading of a limit that it is compared with."""
    return list(
        dict.fromkeys(
            (condition.fact, amounts[0], amounts[-1])
            for rule in law.rules
            for condition in rule.when
            if condition.threshold and len(amounts := law.limit(condition.threshold).amounts) > 1
        )
    )


Functions: TypeAlias = Callable[[], list[Callable[..., int]]]


def _thorough(exact: Functions, unvalued: Functions, count: int) -> Evaluation:
    """The slow path: every world, and every kind and type where they are not filled; what all agree on."""
    low = (1 << count) - 1

    def evaluate(case: Any) -> int:
        kinds = tuple(BuyerKind) if case.buyer_kind is None else (case.buyer_kind,)
        types = tuple(ContractType) if case.contract_type is None else (case.contract_type,)
        functions = unvalued() if case.value is None else exact()
        every, some = low, 0
        for function in functions:
            for kind, contract in product(kinds, types):
                result = function(case, case.value, contract, kind)
                every &= result
                some |= result | result >> count
        return every | (some & low & ~every) << count

    return evaluate


class _Writer:
    """The text of one generated function and the constants it is bound to."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.constants: dict[str, object] = {}

    def constant(self, value: object) -> str:
        """The name of a constant."""
        for name, known in self.constants.items():
            if type(known) is type(value) and known == value:
                return name
        name = f"c{len(self.constants)}"
        self.constants[name] = value
        return name

    def line(self, depth: int, text: str) -> None:
        self.lines.append("    " * depth + text)

    def build(self, head: str) -> Callable[..., int]:
        parameters = ", ".join((head, *(f"{name}={name}" for name in self.constants)))
        source = f"def evaluate({parameters}):\n" + "\n".join(self.lines) + "\n"
        namespace: dict[str, Any] = dict(self.constants)
        exec(compile(source, "<rules>", "exec"), namespace)
        return namespace["evaluate"]  # type: ignore[no-any-return]


def _function(
    law: "LawInForce",
    world: World,
    *,
    entry: bool,
    contested: list[tuple[str, Any, Any]] | None = None,
    thorough: Evaluation | None = None,
    valued: bool = True,
) -> Callable[..., int]:
    """Generate the function of one world: the entry takes a case, the others also its value, type and kind."""
    write = _Writer()
    if entry:
        slow = f"return {write.constant(thorough)}(p)"
        write.line(1, "a = p.value; t = p.contract_type; k = p.buyer_kind")
        write.line(1, "if a is None: " + slow)
        for fact, low, high in contested or ():
            slot = "a" if fact == "estimated_value" else f"p.{law.facts[fact].slot}"
            guard = f"{write.constant(low)} <= {slot} <= {write.constant(high)}"  # at_most and above differ at the top
            write.line(1, f"if {guard if slot == 'a' else f'{slot} is not None and {guard}'}: " + slow)
    types = tuple(ContractType)
    for i, contract in enumerate(types):
        write.line(1, f"{'if' if i == 0 else 'elif'} t is {write.constant(contract)}:")
        groups: dict[tuple[tuple[Rule, tuple[Condition, ...]], ...], list[BuyerKind]] = {}
        for kind in BuyerKind:
            groups.setdefault(_live(law, contract, kind), []).append(kind)
        ordered = sorted(groups.items(), key=lambda group: len(group[1]))
        for j, (rows, kinds) in enumerate(ordered):
            depth = 2
            if len(ordered) > 1 or entry:
                last = j == len(ordered) - 1
                test = "k is not None" if last else " or ".join(f"k is {write.constant(kind)}" for kind in kinds)
                write.line(2, f"{'if' if j == 0 else 'elif'} {test}:")
                depth = 3
            _body(write, law, world, rows, depth, valued)
    if entry:
        write.line(1, slow)
    return write.build("p" if entry else "p, a, t, k")


def _live(law: "LawInForce", contract: ContractType, kind: BuyerKind) -> tuple[tuple[Rule, tuple[Condition, ...]], ...]:
    """The rows that can still hold for a contract type and buyer kind, with the conditions left to test."""
    known = {"contract_type": contract, "buyer_kind": kind}
    return tuple(
        (rule, tuple(c for c in rule.when if c.fact not in known))
        for rule in law.rules
        if law.knows(law.table.procedures[rule.procedure])
        and all(known[c.fact] in c.in_ for c in rule.when if c.fact in known)
    )


def _body(
    write: _Writer,
    law: "LawInForce",
    world: World,
    rows: tuple[tuple[Rule, tuple[Condition, ...]], ...],
    depth: int,
    valued: bool,
) -> None:
    """Straight-line code: each row adds the open or the may-be-open bit of its procedure."""
    position = {name: i for i, name in enumerate(law.table.procedures)}
    count = len(position)
    unknown = sum(1 << count + position[p.id] for p in law.table.procedures.values() if not law.knows(p))
    certain: list[str] = []
    always = 0
    tested: list[tuple[int, list[str], list[str], bool]] = []
    for rule, conditions in rows:
        possible, sure, lot = _tests(write, law, world, conditions, valued)
        if not law.table.trusts(rule):  # a row in doubt opens nothing by itself: it may be open
            sure = ["False"]
        if not possible and not sure:
            always |= 1 << position[rule.procedure]
        tested.append((position[rule.procedure], possible, sure, lot))
    write.line(depth, f"m = {unknown | always}")
    uses = [test for place, possible, sure, lot in tested if not always >> place & 1 for test in possible]
    for fact in law.facts.values():
        if fact.kind is FactKind.TRUTH and sum(f"p.{fact.slot} " in test + " " for test in uses) > 1:
            write.line(depth, f"f_{fact.slot} = p.{fact.slot}")
            certain.append(fact.slot)

    def local(test: str) -> str:
        for slot in certain:
            test = (test + " ").replace(f"p.{slot} ", f"f_{slot} ").rstrip()
        return test

    def emit(place: int, possible: list[str], sure: list[str], depth: int) -> None:
        opens, may = 1 << place, 1 << count + place
        test = " and ".join(local(t) for t in possible)
        if sure == ["False"]:
            action = f"m |= {may}"
        elif sure:
            action = f"m |= {opens} if {' and '.join(local(t) for t in sure)} else {may}"
        else:
            action = f"m |= {opens}"
        write.line(depth, f"if {test}: {action}" if test else action)

    in_lots = [entry for entry in tested if entry[3]]
    for place, possible, sure, lot in tested:
        if not lot and not always >> place & 1:
            emit(place, possible, sure, depth)
    if in_lots:
        write.line(depth, "if p.lot_value is not None:")
        write.line(depth + 1, "v = p.lot_value; s = p.small_lots_share; y = p.lot_type")
        for place, possible, sure, _ in in_lots:
            emit(place, possible, sure, depth + 1)
    write.line(depth, "return m")


def _tests(
    write: _Writer, law: "LawInForce", world: World, conditions: tuple[Condition, ...], valued: bool
) -> tuple[list[str], list[str], bool]:
    """For a row: the tests that let it be possible, those that make it sure once possible, and whether it speaks of lots."""
    possible: list[str] = []
    sure: list[str] = []
    lot = False
    for condition in conditions:
        fact = law.facts[condition.fact]
        lot = lot or fact.lot
        slot = f"p.{fact.slot}"
        match fact.kind:
            case FactKind.TRUTH if fact.presumed:
                possible.append(slot if condition.is_ else f"not {slot}")
            case FactKind.TRUTH if condition.is_:
                possible.append(f"{slot} is not False")
                sure.append(slot)
            case FactKind.TRUTH:
                possible.append(f"not {slot}")
                sure.append(f"{slot} is False")
            case FactKind.CHOICE:  # only the type of a lot is left
                words = " or ".join(f"y is {write.constant(ContractType(word))}" for word in condition.in_)
                possible.append(f"(y is None or {words})")
                sure.append("y is not None")
            case FactKind.NUMBER:
                limit = world[condition.threshold]
                name = {"value": "a", "lot_value": "v", "small_lots_share": "s"}.get(fact.slot, slot)
                if limit is None or (name == "a" and not valued):
                    sure.append("False")
                    continue
                test = f"{name} {_SIGNS[condition.edge]} {write.constant(limit)}"
                if name in ("a", "v"):
                    possible.append(test)
                else:
                    possible.append(f"({name} is None or {test})")
                    sure.append(f"{name} is not None")
    if "False" in sure:
        sure = ["False"]
    return possible, sure, lot
