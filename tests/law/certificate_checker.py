"""An independent checker of a proof's certificate: it reads the TOML, counts every cell itself, and believes nothing."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import combinations, pairwise, product
from math import prod

from oracle import YES, Oracle

WORDS = ("below", "from", "at_most", "above")


class Rejected(Exception):
    pass


def require(truth, *why):
    if not truth:
        raise Rejected(*why)


def verify(certificate, table_hash, oracle=None, memo=None):
    """Raise `Rejected` unless the certificate follows from the tables."""
    oracle = oracle or Oracle()
    rules = {row["id"]: row for row in oracle.tables["rules"]}
    require(certificate["table_hash"] == table_hash, "another table")
    spaces = {name: check_space(oracle, name, space) for name, space in certificate["space"].items()}
    total = sum(prod(size(part) for part in space.values()) for space in spaces.values())
    require(int(certificate["counts"]["cases"]) == total, "the size of the space")
    require(certificate["counts"]["rows"] == sum(len(oracle.tables[s]) for s in ("rules", "duty_rows", "cautions")))
    for witness in certificate["rows"]:
        day, row = date.fromisoformat(witness["on"]), rules[witness["row"]]
        case = {k: Decimal(v) if spaces["lots"][k][0] == "number" else v for k, v in witness["case"].items()}
        limits = {k: v and Decimal(v) for k, v in witness["limits"].items()}
        require(all(v in oracle.amounts(k, day) for k, v in limits.items() if v), "no such limit")
        for other in rules.values():
            if other["procedure"] == row["procedure"] and oracle.holds(other, day):
                settled = all(limits[c[w]] for c in other.get("when", []) for w in WORDS if w in c)
                holds = settled and oracle.row(other, case, limits) == YES
                require(holds == (other is row), "not the only row", row["id"], other["id"])
    require({witness["row"] for witness in certificate["rows"]} == set(rules), "a row without a witness")
    check_days(oracle, certificate["spans"])
    require(len({s["since"] for s in certificate["spans"]}) == certificate["counts"]["spans"], "the number of spans")
    require(certificate["edition"] == oracle.tables["edition"], "the edition")
    memo = {} if memo is None else memo
    for span in certificate["spans"]:
        check_span(oracle, span, spaces[span["scope"]], memo)


def check_space(oracle, name, space):
    facts = {f["id"]: f for f in oracle.facts.values() if name == "lots" or not f.get("lot")}
    require(set(space) == set(facts), "the facts of the space")
    parts = {}
    for fact, part in space.items():
        if facts[fact]["kind"] == "number":
            parts[fact] = ("number", Decimal(part["from"]), Decimal(part["below"]), Decimal(part["step"]))
            require(parts[fact][1] == 0 and parts[fact][3] > 0, "a number starts at nought")
        else:
            words = {choice["id"] for choice in facts[fact].get("choices", [])} or {True, False}
            require(set(part) == ({True} if (name, fact) == ("lots", "allotted") else words), "the values of", fact)
            parts[fact] = ("words", list(part))
    return parts


def size(part):
    return len(part[1]) if part[0] == "words" else int((part[2] - part[1]) / part[3])


def check_days(oracle, spans):
    """The spans follow one another without gap, and no row or value begins or ends inside one."""
    entries = [v for values in oracle.series.values() for v in values]
    entries += [row for section in ("rules", "duty_rows", "cautions") for row in oracle.tables[section]]
    changes = {e["effective_from"] for e in entries} | {
        p["known_from"] for p in oracle.procedures.values() if "known_from" in p
    }
    changes |= {e["effective_until"] + timedelta(days=1) for e in entries if "effective_until" in e}
    for scope in ("whole", "lots"):
        periods = list(dict.fromkeys((s["since"], s["until"]) for s in spans if s["scope"] == scope))
        require([p[0] for p in periods] == [None, *(d.isoformat() for d in sorted(changes))], "the days of the spans")
        for since, until in periods:  # every way to read the contested limits, once
            worlds = [s["limits"] for s in spans if (s["scope"], s["since"], s["until"]) == (scope, since, until)]
            day = date.fromisoformat(since or until)
            readings = prod(len(oracle.amounts(threshold, day)) or 1 for threshold in worlds[0])
            require(
                len({tuple(sorted(world.items(), key=str)) for world in worlds}) == len(worlds) == readings, "a reading"
            )
        for (_, until), (since, _) in pairwise(periods):
            require(date.fromisoformat(until) + timedelta(days=1) == date.fromisoformat(since), "a gap in time")


def check_span(oracle, span, space, memo):
    day = date.fromisoformat(span["since"] or span["until"])
    limits = {k: v and Decimal(v) for k, v in span["limits"].items()}
    rows = [row for row in oracle.tables["rules"] if oracle.holds(row, day)]
    require(set(limits) == {c[w] for row in rows for c in row.get("when", []) for w in WORDS if w in c}, "the limits")
    require(all(v in (oracle.amounts(k, day) or [None]) for k, v in limits.items()), "no such limit")
    whole = prod(size(part) for part in space.values())
    boxes = [({f: to_part(space[f], p) for f, p in piece["box"].items()}, piece) for piece in span["covered"]]
    for box, piece in boxes:
        require(int(piece["cases"]) == prod(size(box.get(f, space[f])) for f in space), "the size of a box")
        if piece["by"] != "not_known":
            row = next(row for row in rows if row["id"] == piece["by"])
            ends = {f: p[1] if p[0] == "words" else [p[1], p[2] - p[3]] for f, p in (space | box).items()}
            for condition in row.get("when", []):
                require(
                    all(
                        oracle.condition(condition, {condition["fact"]: e}, limits) == YES
                        for e in ends[condition["fact"]]
                    )
                )
        else:
            require(any(day < p["known_from"] for p in oracle.procedures.values() if "known_from" in p), "all is known")
    for (a, _), (b, _) in combinations(boxes, 2):
        require(any(apart(a[f], b[f]) for f in a.keys() & b.keys()), "two boxes overlap")
    require(sum(int(piece["cases"]) for _, piece in boxes) == whole == int(span["cases"]), "a case is not covered")
    require(set(span["open"]) == set(oracle.procedures), "a procedure is left out")
    for procedure, count in span["open"].items():
        own = [
            r
            for r in rows
            if r["procedure"] == procedure and day >= oracle.procedures[procedure].get("known_from", day)
        ]
        own = [r for r in own if all(limits[c[w]] is not None for c in r.get("when", []) for w in WORDS if w in c)]
        if span["scope"] == "whole":
            own = [r for r in own if not any(oracle.facts[c["fact"]].get("lot") for c in r.get("when", []))]
        used = tuple(sorted({(c[w], limits[c[w]]) for r in own for c in r.get("when", []) for w in WORDS if w in c}))
        key = (span["scope"], procedure, tuple(r["id"] for r in own), used)
        if key not in memo:
            memo[key] = count_cells(oracle, own, limits, space)
        require(int(count) == memo[key], "the count of", procedure)


def to_part(whole, part):
    if whole[0] == "words":
        require(set(part) <= set(whole[1]), "no such word")
        return ("words", list(part))
    return ("number", Decimal(part["from"]), Decimal(part["below"]), whole[3])


def apart(a, b):
    return not set(a[1]) & set(b[1]) if a[0] == "words" else a[2] <= b[1] or b[2] <= a[1]


def count_cells(oracle, rows, limits, space):
    """How many cases some row holds on: every elementary cell between the limits, one by one."""
    used = sorted({c["fact"] for row in rows for c in row.get("when", [])})
    cells = []
    for fact in used:
        if space[fact][0] == "words":
            cells.append([(word, 1) for word in space[fact][1]])
            continue
        _, low, high, step = space[fact]
        tests = [(w, limits[c[w]]) for row in rows for c in row["when"] if c["fact"] == fact for w in WORDS if w in c]
        cuts = sorted({low, high} | {limit + step * (word in ("at_most", "above")) for word, limit in tests})
        cells.append([(a, int((b - a) / step)) for a, b in pairwise(cuts)])
    rest = prod(size(part) for fact, part in space.items() if fact not in used)
    holding = 0
    for cell in product(*cells):
        case = {"lot_value": Decimal(0)} | {fact: value for fact, (value, _) in zip(used, cell, strict=True)}
        if any(all(oracle.condition(c, case, limits) == YES for c in row.get("when", [])) for row in rows):
            holding += prod(n for _, n in cell)
    return holding * rest
