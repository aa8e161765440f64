"""The mutation gate: every small slip in the tables is caught by a named test, or proved to change no answer on no case."""

from collections import Counter, defaultdict

import contract_changes
import hand
import jurist
import pytest
from attrs import evolve
from equivalence import equivalent
from mutants import DAY, Mutant, all_mutants

from qmi_rules.errors import TableError
from qmi_rules.law import DutyRow, default_table
from qmi_rules.law.proving.boxes import Scope
from qmi_rules.law.proving.checks import DutyCheck
from qmi_rules.law.sections import FlawKind
from qmi_rules.procurement.modification import modification_table

TABLE = default_table()
SECTIONS = ("rules", "thresholds", "duty_rows", "cautions", "sources", "facts")
LEDGER = ("certainty", "published", "end published", "reduction")  # what no answer of a day shows


def follows(name):
    """The series whose amounts follow a series."""
    return [
        other.id
        for other in TABLE.thresholds.values()
        if other.id == name or any(name in (v.same_as, *(r.same_as for r in v.readings)) for v in other.values)
    ]


def by_procedure():
    """For each procedure the cases that say something about it, and of which lots."""
    found = defaultdict(list)
    for case in jurist.cases():
        parts = (case, *case.get("lots", {}).values())
        for procedure in {
            p for part in parts for status in ("open", "closed", "undetermined") for p in part.get(status, [])
        }:
            found[procedure].append(case)
    return found


def _stated(case):
    """The procedures of which a case states duties or cautions."""
    parts = (case, *case.get("lots", {}).values())
    return {p for part in parts for key in jurist.OF_DUTIES for p in part.get(key, {})}


CASES = by_procedure()
OF_DUTIES = [case for case in jurist.cases() if _stated(case)]


def attempts_on(mutant, table):
    """The named tests that may catch a mutant, the most likely first."""
    row = mutant.entry
    if mutant.section == "thresholds":
        yield "hand-written series", lambda: hand.check_series(table, follows(mutant.target))
        yield "ledger", lambda: jurist.check_ledger(table, "values", [mutant.target])
        return
    if mutant.section == "sources":
        yield "address", lambda: jurist.check_addresses(table, [mutant.target])
        if mutant.target in jurist.ledger()["versions"]:
            yield "ledger", lambda: jurist.check_ledger(table, "versions", [mutant.target])
        return
    if mutant.section == "facts":
        yield "question", lambda: jurist.check_asked(table, [mutant.target])
        return
    if mutant.change.startswith(LEDGER):
        section = "reductions" if mutant.change.startswith("reduction") else mutant.section
        yield "ledger", lambda: jurist.check_ledger(table, section, [mutant.target])
        return
    if mutant.change.startswith(("begins", "ends", "basis")):
        if mutant.section == "rules":
            yield "hand-written grounds", lambda: hand.check_grounds(table, [mutant.target])
        else:
            yield "ledger", lambda: jurist.check_ledger(table, mutant.section, [mutant.target])
        return
    if mutant.section == "rules":
        for case in sorted(CASES[row.procedure], key=lambda case: -_likely(case, row)):
            yield f"case {case['id']}", lambda case=case: jurist.check(case, table)
        return
    spoken = {case["id"]: _speaks_of(case, row) for case in OF_DUTIES if row.holds_on(case["read"].launched_on)}
    for case in sorted(OF_DUTIES, key=lambda case: -spoken.get(case["id"], 0)):
        if spoken.get(case["id"]):
            yield f"case {case['id']}", lambda case=case: jurist.check_duties(case, table, row.procedures)
    if mutant.section == "duty_rows":
        yield "proof of the table", lambda: no_two_of_a_ladder(table, row)


def no_two_of_a_ladder(table, row):
    """The part of the proof that concerns one row: of a ladder, one duty at most is owed at once.

    A row that tests facts of lots is proved on lots; there the table declares that a small lot may owe less than the need does.
    """
    lots = any(table.facts[condition.fact].lot for condition in row.when)
    for ladder in (ladder for ladder in table.ladders if row.duty in ladder.duties):
        for law in table.segments():
            for procedure in row.procedures if row.holds_on(law.day) else ():
                check = DutyCheck(Scope(law, lots=lots), procedure, ladder.duties, ladder)
                assert not [s for s in check.suspicions() if not lots or s.kind is FlawKind.CONTRADICTION], row.id


def _speaks_of(case, row):
    """How much a case says of a duty row or caution: 2 that it is owed or not, 1 all that goes with one of its procedures, 0 nothing."""
    whole, name = ("duties", row.duty) if isinstance(row, DutyRow) else ("cautions", row.id)
    parts = (case, *case.get("lots", {}).values())
    procedures = row.procedures or _stated(case)
    if any(name in part.get(key, {}).get(p, ()) for part in parts for key in jurist.SOME_DUTIES for p in procedures):
        return 2
    return int(any(p in part.get(whole, {}) for part in parts for p in procedures))


def _likely(case, row):
    """How likely a case is to tell: the same day span and text first."""
    parts = (case, *case.get("lots", {}).values())
    said = any(row.legal_basis in part.get("basis", {}).get(row.procedure, []) for part in parts)
    lots = any(condition.fact == "small_lot" for condition in row.when) == ("lots" in case)
    return 2 * row.holds_on(case["read"].launched_on) + lots + said


def verdict(mutant):
    """Who caught a mutant; "equivalent" where no case could; None where nobody did."""
    try:
        table = mutant.table(TABLE)
    except TableError:
        return "loader"
    for name, test in attempts_on(mutant, table):
        try:
            test()
        except AssertionError:
            return name
    of_answers = mutant.section not in ("sources", "facts") and not mutant.change.startswith(LEDGER)
    return "equivalent" if of_answers and equivalent(TABLE, table, mutant) else None


@pytest.mark.slow
@pytest.mark.parametrize("section", SECTIONS)
def test_every_mutant_is_killed_or_proved_equivalent(section, record_property):
    verdicts = {mutant: verdict(mutant) for mutant in all_mutants(TABLE) if mutant.section == section}
    survivors = [f"{mutant.target}: {mutant.change}" for mutant, found in verdicts.items() if found is None]
    counts = Counter((found or "nobody").split()[0] for found in verdicts.values())
    killed = len(verdicts) - counts["equivalent"] - counts["nobody"]
    rate = killed / (len(verdicts) - counts["equivalent"])
    record_property("mutants", len(verdicts))
    record_property("kill rate", round(rate, 4))
    print(
        f"{section}: {len(verdicts)} mutants, {killed} killed, {counts['equivalent']} equivalent, rate {rate:.1%} ({dict(counts)})"
    )
    assert not survivors, survivors
    assert len(verdicts) > (50 if section == "facts" else 300)


# --- the rules of modification, which are a table of their own

CHANGES = modification_table()
OF_CHANGES = ("rules", "duty_rows", "cautions", "thresholds", "sources", "facts", "procedures")


def slips_in_changes(section):
    """Every slip in what the rules of modification add to the law of purchases; of a ground its place and its first day."""
    listed = {entry.id for entry in getattr(contract_changes.own(), section)}
    yield from (mutant for mutant in all_mutants(CHANGES) if mutant.section == section and mutant.target in listed)
    if section == "procedures":
        for name in listed:
            ground = CHANGES.procedures[name]
            for change, slip in (
                ("a place later", {"rank": ground.rank + 15}),
                ("known +1 day", {"known_from": ground.known_from + DAY}),
            ):
                yield Mutant(change, name, section, ground, evolve(ground, **slip))
    if section == "duty_rows":
        for row in (row for row in CHANGES.duty_rows if row.id in listed and row.detail):
            yield Mutant(
                "what exactly",
                row.id,
                section,
                row,
                evolve(row, detail=row.detail.replace("deux", "trois") + " Autre chose."),
            )


def _may_tell(row):
    """Which cases can tell a slip in a row: those launched while it is in force that say something of one of its grounds."""
    grounds = set(getattr(row, "procedures", ())) | {getattr(row, "procedure", "")}

    def may(case):
        said = {ground for key in contract_changes.STATED for ground in case.get(key, ())}
        return row.holds_on(case["read"].contract.launched_on) and bool(grounds & said)

    return may


def caught(mutant):
    """Who caught a slip in the rules of modification; None where nobody did and some case tells it from them."""
    try:
        table = mutant.table(CHANGES)
    except TableError:
        return "loader"
    kept = (
        "values" if mutant.section == "thresholds" else "grounds" if mutant.section == "procedures" else mutant.section
    )
    kept = "asked" if kept == "facts" else kept
    if mutant.made is not None and contract_changes.said(table)[kept] != contract_changes.ledger()[kept]:
        return "ledger"
    for case in filter(_may_tell(mutant.entry), contract_changes.cases()):
        try:
            contract_changes.check(case, table)
        except AssertionError:
            return "case"
    return "equivalent" if mutant.section in ("rules", "duty_rows") and equivalent(CHANGES, table, mutant) else None


@pytest.mark.slow
@pytest.mark.parametrize("section", OF_CHANGES)
def test_every_slip_in_the_rules_of_modification_is_killed_or_proved_equivalent(section):
    verdicts = [(mutant, caught(mutant)) for mutant in slips_in_changes(section)]
    print(f"modification, {section}: {len(verdicts)} mutants, {dict(Counter(found for _, found in verdicts))}")
    assert [f"{mutant.target}: {mutant.change}" for mutant, found in verdicts if found is None] == []
    assert len(verdicts) >= 10
