"""From the rows in force to one specialised Python function: the statuses of all procedures in a few comparisons.

A function is generated for each span of days, only from typed conditions: literals never reach the source text, they are
bound as constants, and the names in it come from the closed vocabulary of facts. What a row means is defined in
`examination`; the naive oracle of the tests proves that this module says the same.

The result is one integer. With n procedures, bit i is set where procedure i is open, bit n + i where it may be open: a row
holds but for facts that are not filled or limits that are not known. A missing buyer kind or contract type and contested
limits are decided world by world: only what all worlds agree on is settled.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection
from functools import cache
from itertools import product
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

from qmi_rules.law.facts import Condition, FactKind
from qmi_rules.law.rows import Rule
from qmi_rules.law.truth import Truth
from qmi_rules.model import BuyerKind, ContractType

if TYPE_CHECKING:
    from qmi_rules.law.in_force import LawInForce

Evaluation: TypeAlias = Callable[[Any], int]
World: TypeAlias = dict[str, Any]
"""For each threshold its amount in this world; None where it is not known."""

_SLOT: Final = re.compile(r"\bp\.(\w+)(?= |$)")
"""A fact of the case in a test, compared by identity or as it is."""
_SIGNS: Final = {"below": "<", "from": ">=", "at_most": "<=", "above": ">"}


WARM: Final = 1_000
"""After so many cases under one law its whole function is worth generating: before, only the parts that they needed."""


def compile_rules(law: "LawInForce") -> Evaluation:
    """The function from a case to the packed statuses under this law.

    The first cases take the slow way, for which little is generated: a program that decides once does not wait for what a
    million purchases need. From then on the law has its whole function.
    """
    # what is open however a limit is read shows under the strictest readings, what may be open under the loosest
    worlds = law.worlds(strict=law.rules)
    worlds += [world for world in law.worlds(loose=law.rules) if world not in worlds]
    thorough = _thorough(law, worlds)
    marked = _marked(law, worlds, thorough)
    cases = 0
    whole: Evaluation | None = None

    def first(case: Any) -> int:
        nonlocal cases, whole
        if whole is None:
            cases += 1
            if cases <= WARM:
                return marked(case) if case.marked else thorough(case)
            whole = _function(law, worlds[0], entry=True, contested=_contested(law), thorough=thorough, marked=marked)
            vars(law)["evaluate"] = whole  # who asks the law again does not come here any more
        return whole(case)

    return first


def _marked(law: "LawInForce", worlds: list[World], ordinary: Evaluation) -> Evaluation:
    """The way of a case that is marked: something in it calls for a question that is presumed answered in other cases,
    or it is none of what the table speaks of.
    """
    count = len(law.table.procedures)
    askable = [fact for fact in law.facts.values() if fact.asked is not None]

    @cache
    def unpresumed(asked: frozenset[str]) -> Evaluation:
        return _thorough(law, worlds, asked)

    def evaluate(case: Any) -> int:
        if law.table.outside_of(case) is not None:
            return ((1 << count) - 1) << count
        asked = frozenset(fact.id for fact in askable if fact.of(case) is None and not fact.is_presumed(case))
        return unpresumed(asked)(case) if asked else ordinary(case)

    return evaluate


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


def _thorough(law: "LawInForce", worlds: list[World], asked: frozenset[str] = frozenset()) -> Evaluation:
    """The slow path: every world, and every kind and type where they are not filled; what all agree on.

    Args:
        law: The law.
        worlds: The ways to read its contested limits.
        asked: Facts that are not presumed.
    """
    count = len(law.table.procedures)
    low = (1 << count) - 1

    @cache
    def functions(contract: ContractType, valued: bool) -> list[Callable[..., int]]:
        return [
            _function(law, world, entry=False, contracts=(contract,), valued=valued, asked=asked) for world in worlds
        ]

    def evaluate(case: Any) -> int:
        kinds = tuple(BuyerKind) if case.buyer_kind is None else (case.buyer_kind,)
        types = tuple(ContractType) if case.contract_type is None else (case.contract_type,)
        every, some = low, 0
        for contract in types:
            for function, kind in product(functions(contract, case.value is not None), kinds):
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
        self.names: dict[tuple[type, object], str] = {}

    def constant(self, value: object) -> str:
        """The name of a constant."""
        key = type(value), value  # to Python, one, one as a decimal and True are equal
        name = self.names.get(key)
        if name is None:
            name = self.names[key] = f"c{len(self.constants)}"
            self.constants[name] = value
        return name

    def line(self, depth: int, text: str) -> None:
        self.lines.append("    " * depth + text)

    def build(self, head: str) -> Callable[..., int]:
        source = f"def evaluate({head}):\n" + "\n".join(self.lines) + "\n"
        namespace: dict[str, Any] = dict(self.constants)
        exec(compile(source, "<rules>", "exec"), namespace)
        return namespace["evaluate"]  # type: ignore[no-any-return]


def _function(
    law: "LawInForce",
    world: World,
    *,
    entry: bool,
    contracts: tuple[ContractType, ...] = tuple(ContractType),
    contested: list[tuple[str, Any, Any]] | None = None,
    thorough: Evaluation | None = None,
    marked: Evaluation | None = None,
    valued: bool = True,
    asked: frozenset[str] = frozenset(),
) -> Callable[..., int]:
    """Generate the function of one world, for some types of contract: the entry takes a case, the others also its value, type and kind."""
    write = _Writer()
    slow = ""  # only the entry hands on to the thorough evaluation
    if entry:
        write.line(1, f"if p.marked: return {write.constant(marked)}(p)")
        slow = f"return {write.constant(thorough)}(p)"
        write.line(1, "a = p.value; t = p.contract_type; k = p.buyer_kind")
        write.line(1, "if a is None: " + slow)
        for fact, low, high in contested or ():
            slot = "a" if fact == "estimated_value" else f"p.{law.facts[fact].slot}"
            guard = f"{write.constant(low)} <= {slot} <= {write.constant(high)}"  # at_most and above differ at the top
            write.line(1, f"if {guard if slot == 'a' else f'{slot} is not None and {guard}'}: " + slow)
    live = _live(law)
    for i, contract in enumerate(contracts):
        write.line(1, f"{'if' if i == 0 else 'elif'} t is {write.constant(contract)}:")
        rows = [row for row in live if contract in row.contracts]
        # half the code, which a first decision waits for; a million are quicker where each kind has its own
        shared = [] if entry else [row for row in rows if len(row.kinds) == len(BuyerKind)]
        if shared:
            _body(write, law, world, shared, 2, valued, asked)
            rows = [row for row in rows if len(row.kinds) < len(BuyerKind)]
        groups: dict[tuple[int, ...], list[BuyerKind]] = {}
        for kind in BuyerKind:
            alive = tuple(n for n, row in enumerate(rows) if kind in row.kinds)
            groups.setdefault(alive, []).append(kind)
        ordered = sorted(groups.items(), key=lambda group: len(group[1]))
        for j, (alive, kinds) in enumerate(ordered):
            depth = 2
            if len(ordered) > 1 or entry:
                last = j == len(ordered) - 1
                test = "k is not None" if last else " or ".join(f"k is {write.constant(kind)}" for kind in kinds)
                write.line(2, f"{'if' if j == 0 else 'elif'} {test}:")
                depth = 3
            _body(write, law, world, [rows[n] for n in alive], depth, valued, asked, begun=bool(shared))
            write.line(depth, "return m")
    if entry:
        write.line(1, slow)
    return write.build("p" if entry else "p, a, t, k")


class _Live(NamedTuple):
    """A row that can hold under a law: for which contract types and buyer kinds, and the conditions left to test."""

    rule: Rule
    contracts: Collection[str]
    kinds: Collection[str]
    conditions: tuple[Condition, ...]


def _live(law: "LawInForce") -> list[_Live]:
    """The rows of the procedures that the law knows."""
    found = []
    for rule in law.rules:
        if not law.knows(law.table.procedures[rule.procedure]):
            continue
        scope: dict[str, Collection[str]] = {"contract_type": [*ContractType], "buyer_kind": [*BuyerKind]}
        left = []
        for condition in rule.when:
            if condition.fact in scope:
                scope[condition.fact] = [word for word in scope[condition.fact] if word in condition.in_]
            else:
                left.append(condition)
        found.append(_Live(rule, scope["contract_type"], scope["buyer_kind"], tuple(left)))
    return found


def _body(
    write: _Writer,
    law: "LawInForce",
    world: World,
    rows: list[_Live],
    depth: int,
    valued: bool,
    asked: frozenset[str],
    begun: bool = False,
) -> None:
    """Straight-line code: each row adds the open or the may-be-open bit of its procedure, to those of other rows where it has begun."""
    position = {name: i for i, name in enumerate(law.table.procedures)}
    count = len(position)
    unknown = sum(1 << count + position[p.id] for p in law.table.procedures.values() if not law.knows(p))
    certain: set[str] = set()
    always = 0
    tested: list[tuple[int, list[str], list[str], bool]] = []
    for row in rows:
        rule = row.rule
        possible, sure, lot = _tests(write, law, world, row.conditions, valued, asked)
        if not law.table.trusts(rule):  # a row in doubt opens nothing by itself: it may be open
            sure = ["False"]
        if not possible and not sure:
            always |= 1 << position[rule.procedure]
        tested.append((position[rule.procedure], possible, sure, lot))
    write.line(depth, f"m |= {always}" if begun else f"m = {unknown | always}")
    used = Counter(
        slot
        for place, possible, _, _ in tested
        if not always >> place & 1
        for test in possible
        for slot in set(_SLOT.findall(test))
    )
    for fact in law.facts.values():
        if fact.kind is FactKind.TRUTH and used[fact.slot] > 1:
            write.line(depth, f"f_{fact.slot} = p.{fact.slot}")
            certain.add(fact.slot)

    def local(test: str) -> str:
        return _SLOT.sub(lambda found: f"f_{found[1]}" if found[1] in certain else found[0], test)

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


def _tests(
    write: _Writer,
    law: "LawInForce",
    world: World,
    conditions: tuple[Condition, ...],
    valued: bool,
    asked: frozenset[str],
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
            case FactKind.TRUTH if fact.presumed and fact.id not in asked:
                possible.append(slot if condition.is_ else f"not {slot}")
            case FactKind.TRUTH if condition.is_:
                possible.append(f"{slot} is not False")
                sure.append(slot)
            case FactKind.TRUTH:
                possible.append(f"not {slot}")
                sure.append(f"{slot} is False")
            case FactKind.CHOICE if fact.id != "lot_type":
                words = write.constant(frozenset(condition.in_))
                slot = f"{write.constant(fact.of)}(p)" if fact.path == "cpv" else slot
                unfilled = fact.presumed_choice in condition.in_ or fact.id in asked
                possible.append(f"({slot} is None or {slot} in {words})" if unfilled else f"{slot} in {words}")
                if fact.id in asked:
                    sure.append(f"{slot} is not None")
            case FactKind.CHOICE:  # the type of a lot
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
