"""An independent checker of a proof's certificate: it reads the TOML, counts every cell itself, and believes nothing."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import combinations, pairwise, product
from math import prod

from oracle import YES, Oracle

WORDS = ("below", "from", "at_most", "above")
GRID = {"duration_months": ("1", "1201"), "small_lots_share": ("1E-20", "1.00000000000000000001")}


class Rejected(Exception):
    pass


def require(truth, *why):
    if not truth:
        raise Rejected(*why)


def verify(certificate, table_hash, oracle=None, memo=None):
    """Raise `Rejected` unless the certificate follows from the tables."""
    oracle, memo, counts = oracle or Oracle(), {} if memo is None else memo, certificate["counts"]
    tables, rules = oracle.tables, {row["id"]: row for row in oracle.tables["rules"]}
    require((certificate["table_hash"], certificate["edition"]) == (table_hash, tables["edition"]), "another table")
    spaces = {name: space_of(oracle, name) for name in ("whole", "lots")}
    require(
        {n: {f: read(oracle, f, p) for f, p in s.items()} for n, s in certificate["space"].items()} == spaces, "space"
    )
    require(int(counts["cases"]) == sum(size(oracle, space) for space in spaces.values()), "the size of the space")
    require(counts["rows"] == sum(len(tables[section]) for section in ("rules", "duty_rows", "cautions")), "the rows")
    require(counts["spans"] == len({span["since"] for span in certificate["spans"]}), "the number of spans")
    witnessed = {witness["row"] for witness in certificate["rows"]}
    require(witnessed == {name for name, row in rules.items() if opens_alone(oracle, row)}, "a row without a witness")
    for witness in certificate["rows"]:
        day, limits = date.fromisoformat(witness["on"]), limits_of(oracle, witness, date.fromisoformat(witness["on"]))
        case = {f: Decimal(v) if oracle.facts[f]["kind"] == "number" else v for f, v in witness["case"].items()}
        for row in (r for r in rules.values() if r["procedure"] == rules[witness["row"]]["procedure"]):
            holds = oracle.holds(row, day) and settled(row, limits) and oracle.row(row, case, limits) == YES
            require(holds == (row["id"] == witness["row"]), "not the only row", row["id"], witness["row"])
    check_days(oracle, certificate["spans"])
    for span in certificate["spans"]:
        check_span(oracle, span, spaces[span["scope"]], memo)


def opens_alone(oracle, row):
    """Whether a row may open its procedure by itself: one that nobody confirmed frees nobody from competition."""
    if row.get("unknown"):
        return False
    return row["certainty"] == "confirmed" or not oracle.procedures[row["procedure"]].get("dispensed")


def check_days(oracle, spans):
    """The spans follow one another, nothing begins or ends inside one, and each has every reading once."""
    entries = [value for values in oracle.series.values() for value in values]
    entries += [row for section in ("rules", "duty_rows", "cautions") for row in oracle.tables[section]]
    changes = {e["effective_from"] for e in entries} | {p.get("known_from") for p in oracle.procedures.values()} - {
        None
    }
    changes |= {e["effective_until"] + timedelta(days=1) for e in entries if "effective_until" in e}
    for scope in ("whole", "lots"):
        periods = list(dict.fromkeys((s["since"], s["until"]) for s in spans if s["scope"] == scope))
        require([p[0] for p in periods] == [None, *(d.isoformat() for d in sorted(changes))], "the days of the spans")
        for (_, until), (since, _) in pairwise(periods):
            require(date.fromisoformat(until) + timedelta(days=1) == date.fromisoformat(since), "a gap in time")
        for since, until in periods:
            worlds = [s["limits"] for s in spans if (s["scope"], s["since"], s["until"]) == (scope, since, until)]
            ends = [readings_of(oracle, worlds[0], date.fromisoformat(since or until), end) for end in (0, -1)]
            require(worlds == [end for i, end in enumerate(ends) if end not in ends[:i]], "a reading")


def readings_of(oracle, limits, day, end):
    """Every limit at its strictest (0) or its loosest (-1): each frees below it, so that these two settle every reading between."""
    for rule in oracle.tables["rules"]:
        for condition in rule.get("when", []) if oracle.holds(rule, day) else []:
            name = condition.get("from") or condition.get("above")
            require(
                name is None or len(oracle.amounts(name, day)) < 2, "a contested limit from which something opens", name
            )
    found = {name: oracle.amounts(name, day) for name in limits}
    return {name: str(amounts[end]) if amounts else None for name, amounts in found.items()}


def check_span(oracle, span, space, memo):
    """Boxes that do not overlap, each within the row that opens a procedure there, hold every case; and the counts."""
    day = date.fromisoformat(span["since"] or span["until"])
    limits, rows = limits_of(oracle, span, day), {r["id"]: r for r in oracle.tables["rules"] if oracle.holds(r, day)}
    require(
        set(limits) == {c[w] for row in rows.values() for c in row.get("when", []) for w in WORDS if w in c}, "limits"
    )
    known = {p: entry.get("known_from", day) <= day for p, entry in oracle.procedures.items()}
    boxes = [{f: read(oracle, f, part) for f, part in piece["box"].items()} for piece in span["covered"]]
    for box, piece in zip(boxes, span["covered"], strict=True):
        require(int(piece["cases"]) == size(oracle, space | box), "the size of a box")
        if piece["by"] == "not_known":
            require(not all(known.values()), "all is known")
            continue
        for c in rows[piece["by"]].get("when", []):  # a condition holds on all of an interval if it does at both ends
            part = (space | box)[c["fact"]]
            ends = part if isinstance(part, frozenset) else (part[0], part[1] - grid(c["fact"])[0])
            require(all(oracle.condition(c, {c["fact"]: end}, limits) == YES for end in ends), "a box outside its row")
    for a, b in combinations(boxes, 2):
        require(any(apart(a[fact], b[fact]) for fact in a.keys() & b.keys()), "two boxes overlap")
    require(sum(int(p["cases"]) for p in span["covered"]) == size(oracle, space) == int(span["cases"]), "not covered")
    require(set(span["open"]) == set(oracle.procedures), "a procedure is left out")
    for procedure, count in span["open"].items():
        own = [r for r in rows.values() if r["procedure"] == procedure and known[procedure] and settled(r, limits)]
        own = [r for r in own if all(c["fact"] in space for c in r.get("when", [])) and opens_alone(oracle, r)]
        used = tuple(sorted({(c[w], limits[c[w]]) for r in own for c in r.get("when", []) for w in WORDS if w in c}))
        key = (span["scope"], procedure, tuple(r["id"] for r in own), used)
        memo[key] = memo[key] if key in memo else count_cells(oracle, own, limits, space)
        require(int(count) == memo[key], "the count of", procedure)


def count_cells(oracle, rows, limits, space):
    """How many cases some row holds on: every elementary cell between the limits, one by one."""
    conditions = [c for row in rows for c in row.get("when", [])]
    used, cells = sorted({c["fact"] for c in conditions}), []
    for fact in used:
        if isinstance(space[fact], frozenset):
            cells.append([(word, 1) for word in space[fact]])
            continue
        step, tests = (
            grid(fact)[0],
            [(w, limits[c[w]]) for c in conditions if c["fact"] == fact for w in WORDS if w in c],
        )
        cuts = {*space[fact], *(limit + step * (word in ("at_most", "above")) for word, limit in tests)}
        cells.append([(a, int((b - a) / step)) for a, b in pairwise(sorted(cuts))])
    rest, holding = size(oracle, {f: part for f, part in space.items() if f not in used}), 0
    for cell in product(*cells):
        case = dict(zip(used, (value for value, _ in cell), strict=True))
        if any(all(oracle.condition(c, case, limits) == YES for c in row.get("when", [])) for row in rows):
            holding += prod(n for _, n in cell)
    return holding * rest


def space_of(oracle, name):
    """Every value of every fact: a set of words or truths, or the lowest number and the first one beyond."""
    facts = [fact for fact in oracle.facts.values() if name == "lots" or not fact.get("lot")]
    words = {f["id"]: frozenset(c["id"] for c in f.get("choices", [])) or frozenset({True, False}) for f in facts}
    for entry in oracle.tables.get("outside", []):
        words[entry["fact"]] -= frozenset(entry["in"])
    space = {f["id"]: (Decimal(0), grid(f["id"])[1]) if f["kind"] == "number" else words[f["id"]] for f in facts}
    return space | ({"allotted": frozenset({True})} if name == "lots" else {})


def grid(fact):
    return tuple(map(Decimal, GRID.get(fact, ("0.01", "1e12"))))


def read(oracle, fact, part):
    if oracle.facts[fact]["kind"] != "number":
        return frozenset(part)
    require(Decimal(part.get("step", grid(fact)[0])) == grid(fact)[0], "the grid of", fact)
    return Decimal(part["from"]), Decimal(part["below"])


def size(oracle, box):
    parts = [(f, part) for f, part in box.items()]
    return prod(len(p) if isinstance(p, frozenset) else int((p[1] - p[0]) / grid(f)[0]) for f, p in parts)


def apart(a, b):
    return not a & b if isinstance(a, frozenset) else a[1] <= b[0] or b[1] <= a[0]


def limits_of(oracle, entry, day):
    limits = {name: amount and Decimal(amount) for name, amount in entry["limits"].items()}
    require(all(v in (oracle.amounts(k, day) or [None]) for k, v in limits.items()), "no such limit")
    return limits


def settled(row, limits):
    return all(limits.get(c[w]) is not None for c in row.get("when", []) for w in WORDS if w in c)
