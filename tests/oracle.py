"""A second interpreter of the law tables: naive, obvious, slow. It reads the TOML itself and imports nothing of the library.

A case is a plain dict from fact id to value; a fact that is absent or None is not known. Money is Decimal, a share is a Fraction.
"""

import tomllib
from decimal import Decimal
from fractions import Fraction
from itertools import product
from pathlib import Path

LAW = Path(__file__).parents[1] / "src" / "qmi_rules" / "data" / "law"
YES, NO, MAYBE = "open", "closed", "undetermined"
KINDS = ("commune", "ept", "epci", "metropolis", "department", "region", "other_local", "state", "utility")
TYPES = ("works", "supplies", "services")


def read_tables(folder=LAW):
    """All sections of all files of a folder, as one dict of lists."""
    tables = {}
    for path in sorted(Path(folder).glob("*.toml")):
        for section, content in tomllib.loads(path.read_text("utf-8"), parse_float=Decimal).items():
            if isinstance(content, list):
                tables.setdefault(section, []).extend(content)
            else:
                tables[section] = content
    groups = {"@" + group["id"]: group["members"] for group in tables.get("groups", [])}
    for row in tables.get("duty_rows", []) + tables.get("cautions", []):
        while any(name in groups for name in row.get("procedures", [])):
            row["procedures"] = [each for name in row["procedures"] for each in groups.get(name, [name])]
    return tables


def all_of(answers):
    return NO if NO in answers else MAYBE if MAYBE in answers else YES


def one_of(answers):
    return YES if YES in answers else MAYBE if MAYBE in answers else NO


def among(cpv, ranges):
    return cpv is not None and any(
        int(first) <= int(cpv[:8]) <= int(last) for first, last in (r.split("-") for r in ranges)
    )


class Oracle:
    def __init__(self, tables=None):
        self.tables = tables or read_tables()
        self.facts = {fact["id"]: fact for fact in self.tables["facts"]}
        self.series = {threshold["id"]: threshold["values"] for threshold in self.tables["thresholds"]}
        self.procedures = {procedure["id"]: procedure for procedure in self.tables["procedures"]}
        self.freeing = {
            condition["below"]
            for rule in self.tables["rules"]
            if self.procedures[rule["procedure"]].get("dispensed")
            for condition in rule.get("when", [])
            if "below" in condition
        }

    # what is in force

    def holds(self, entry, day, known_on=None):
        if known_on is not None and entry["published_on"] > known_on:
            return False
        end = entry.get("effective_until")
        if known_on is not None and entry.get("end_published_on") and entry["end_published_on"] > known_on:
            end = None
        return entry["effective_from"] <= day and (end is None or day <= end)

    def amounts(self, threshold, day, known_on=None):
        """Every amount that the threshold may have that day, lowest first; none where it is not known."""
        begun = [
            value
            for value in self.series[threshold]
            if value["effective_from"] <= day and (known_on is None or value["published_on"] <= known_on)
        ]
        covering = [value for value in begun if value.get("derogation") and self.holds(value, day, known_on)]
        code = [value for value in begun if not value.get("derogation")]
        value = (covering or code or [None])[-1]
        if value is None or not self.holds(value, day, known_on):  # the last one has ended: none before it comes back
            return []
        found = []
        readings = value.get("readings", [value])
        for reading in readings:
            if "same_as" in reading:
                other = self.amounts(reading["same_as"], day, known_on)
                if not other:
                    return []
                found += other
            else:
                found.append(Decimal(str(reading["amount"])))
        if threshold in self.freeing and all(r.get("certainty", "confirmed") != "confirmed" for r in readings):
            # nobody is freed from competition by a value that is not confirmed: the last confirmed one counts too
            sure = [
                v
                for v in begun
                if v is not value and v["certainty"] == "confirmed" and v["effective_from"] < value["effective_from"]
            ]
            last = max(sure, key=lambda v: v["effective_from"], default=None)
            found += [Decimal(0)] if last is None else self.amounts(threshold, last["effective_from"], known_on)
        return sorted(set(found))

    # what a row says of a case, in one world

    def condition(self, condition, case, world):
        fact = self.facts[condition["fact"]]
        value = self.value(fact, case)
        if value is None and not self.asked(fact, case):
            value = False if fact.get("presumed") else fact.get("presumed_choice")
        if value is None:
            return MAYBE
        if "is" in condition:
            return YES if value == condition["is"] else NO
        if "in" in condition:
            return YES if value in condition["in"] else NO
        for word, test in (
            ("below", lambda a, b: a < b),
            ("from", lambda a, b: a >= b),
            ("at_most", lambda a, b: a <= b),
            ("above", lambda a, b: a > b),
        ):
            if word in condition:
                limit = world[condition[word]]
                if limit is None:
                    return MAYBE
                return YES if test(Fraction(value), Fraction(limit)) else NO
        raise AssertionError(condition)

    def value(self, fact, case):
        """What a case says of a fact; the object is what the CPV code says."""
        if fact.get("path") != "cpv":
            return case.get(fact["id"])
        words = [choice["id"] for choice in fact["choices"] if among(case.get("cpv"), choice.get("cpv", []))]
        return words[0] if words else None

    def asked(self, fact, case):
        """Whether a CPV code or another fact calls for the question that is otherwise presumed answered."""
        calls = fact.get("asked", {})
        return among(case.get("cpv"), calls.get("cpv", [])) or any(case.get(name) for name in calls.get("with", []))

    def row(self, row, case, world):
        of_lots = any(self.facts[condition["fact"]].get("lot") for condition in row.get("when", []))
        if of_lots and case.get("lot_value") is None:
            return NO
        answer = all_of([self.condition(condition, case, world) for condition in row.get("when", [])])
        doubtful = row["certainty"] != "confirmed" and self.procedures.get(row.get("procedure"), {}).get("dispensed")
        return MAYBE if (doubtful or row.get("unknown")) and answer == YES else answer

    def worlds(self, rows, day, known_on=None):
        words = ("below", "from", "at_most", "above")
        used = sorted({c[word] for row in rows for c in row.get("when", []) for word in words if word in c})
        for amounts in product(*(self.amounts(threshold, day, known_on) or [None] for threshold in used)):
            yield dict(zip(used, amounts, strict=True))

    # the answer

    def status(self, procedure, case, day, known_on=None):
        """Open, closed or undetermined: what all worlds agree on is settled."""
        if any(case.get(entry["fact"]) in entry["in"] for entry in self.tables.get("outside", [])):
            return MAYBE
        known_from = self.procedures[procedure].get("known_from")
        if known_from is not None and day < known_from:
            return MAYBE
        rows = [r for r in self.tables["rules"] if r["procedure"] == procedure and self.holds(r, day, known_on)]
        answers = set()
        for world in self.worlds(rows, day, known_on):
            for kind in [case["buyer_kind"]] if case.get("buyer_kind") else KINDS:
                for contract in [case["contract_type"]] if case.get("contract_type") else TYPES:
                    seen = {**case, "buyer_kind": kind, "contract_type": contract}
                    answers.add(one_of([self.row(row, seen, world) for row in rows]))
        return answers.pop() if len(answers) == 1 else MAYBE

    def settled(self, lots, day, known_on=None):
        """The lots with the share of the small ones, where each lot that the rule could help says whether it uses it."""
        total = sum(Fraction(lot["lot_value"]) for lot in lots)
        small = sum(Fraction(lot["lot_value"]) for lot in lots if lot["small_lot"])

        def share(value):
            return value / total if total else Fraction(0)

        for lot in lots:
            used = {**lot, "small_lot": True, "small_lots_share": share(small + Fraction(lot["lot_value"]))}
            unused = {**lot, "small_lot": False}
            if lot["small_lot"] is None and self.statuses(used, day, known_on) != self.statuses(unused, day, known_on):
                return lots
        return [{**lot, "small_lots_share": share(small), "small_lots_value": small} for lot in lots]

    def statuses(self, case, day, known_on=None):
        return {procedure: self.status(procedure, case, day, known_on) for procedure in self.procedures}

    def holding_rows(self, procedure, case, day, known_on=None):
        """Ids of the rows of a procedure that hold in every world."""
        rows = [r for r in self.tables["rules"] if r["procedure"] == procedure and self.holds(r, day, known_on)]
        return {
            row["id"]
            for row in rows
            if all(self.row(row, case, world) == YES for world in self.worlds([row], day, known_on))
        }

    def duties(self, procedure, case, day, known_on=None):
        """The duties surely owed, each with the shortest time limit of the rows that hold (None: no time limit)."""
        owed = {}
        for row in self.tables.get("duty_rows", []):
            names = row.get("procedures", [])
            concerns = procedure in names or (not names and not self.procedures[procedure].get("arrangement"))
            if not concerns or not self.holds(row, day, known_on):
                continue
            readings = [{}]
            if any(word in c for c in row.get("when", []) for word in ("below", "from", "at_most", "above")):
                readings = list(self.worlds([row], day, known_on))
            if all(self.row(row, case, world) == YES for world in readings):
                days = row.get("days")
                shorter = owed.get(row["duty"])
                owed[row["duty"]] = days if shorter is None or (days is not None and days < shorter) else shorter
        return owed


# from the JSON document of a purchase to its cases


def cases_of(document):
    """The case of the whole purchase, and one case a lot; a need is not valued here."""
    lots, members = document.get("lots", []), document.get("members", [])
    case = {k: v for k, v in document.items() if isinstance(v, bool)}
    case["contract_type"] = document.get("contract_type")
    case["buyer_kind"] = document.get("buyer", {}).get("kind")
    case["local_authority"] = document.get("buyer", {}).get("local_authority")
    case |= {name: document.get(name) for name in ("duration_months", "cpv", "exclusion", "instrument")}
    amounts = [lot["estimated_value"] for lot in lots] or [member["part"] for member in members]
    if document.get("estimated_value") is not None:
        case["estimated_value"] = Decimal(document["estimated_value"])
    elif amounts:
        case["estimated_value"] = sum(map(Decimal, amounts))
    if members:
        case["joint"] = True
        kinds = {member["buyer"].get("kind") for member in members} | ({case["buyer_kind"]} - {None})
        if None in kinds:
            case["buyer_kind"] = kinds.pop() if len(kinds) == 1 else None
        elif "state" in kinds:
            case["buyer_kind"] = "state"
        elif len(kinds) == 1:
            case["buyer_kind"] = kinds.pop()
        elif case["buyer_kind"] in (None, "utility"):
            case["buyer_kind"] = "other_local"
    if not lots:
        return case, []
    case["allotted"] = True
    total = sum(Decimal(lot["estimated_value"]) for lot in lots)
    share = small = None
    if all(lot.get("small_lot") is not None for lot in lots):
        small = sum(Decimal(lot["estimated_value"]) for lot in lots if lot["small_lot"])
        share = Fraction(small) / Fraction(total) if total else Fraction(0)
    return case, [
        {
            **case,
            **{
                k: v
                for k, v in lot.items()
                if isinstance(v, bool)
                and k != "small_lot"
                and (k != "specific_service" or case["contract_type"] in (None, "services"))
            },
            "lot_value": Decimal(lot["estimated_value"]),
            "lot_type": lot.get("contract_type") or case["contract_type"],
            "small_lot": lot.get("small_lot"),
            "small_lots_share": share,
            "small_lots_value": small,
        }
        for lot in lots
    ]
