"""The mutation gate: every small slip in the tables is caught by a named test, or proved to change no answer on no case."""

from collections import Counter, defaultdict

import hand
import jurist
import pytest
from equivalence import equivalent
from mutants import all_mutants

from qmi_rules.errors import TableError
from qmi_rules.law import default_table
from qmi_rules.law.proving.boxes import Scope
from qmi_rules.law.proving.checks import DutyCheck

TABLE = default_table()
SECTIONS = ("rules", "thresholds", "duty_rows", "cautions")


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
    return {p for part in parts for key in ("duties", "cautions", "caution", "no_caution") for p in part.get(key, {})}


CASES = by_procedure()
OF_DUTIES = [case for case in jurist.cases() if _stated(case)]


def attempts_on(mutant, table):
    """The named tests that may catch a mutant, the most likely first."""
    row = mutant.entry
    if mutant.section == "thresholds":
        yield "hand-written series", lambda: hand.check_series(table, follows(mutant.target))
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
    for case in OF_DUTIES:
        if row.holds_on(case["read"].launched_on) and (not row.procedures or _stated(case) & set(row.procedures)):
            yield f"case {case['id']}", lambda case=case: jurist.check_duties(case, table, row.procedures)
    if mutant.section == "duty_rows":
        yield "proof of the table", lambda: no_two_of_a_ladder(table, row)


def no_two_of_a_ladder(table, row):
    """The part of the proof that concerns one row: of a ladder, one duty at most is owed at once."""
    for ladder in (ladder for ladder in table.ladders if row.duty in ladder.duties):
        for law in table.segments():
            for procedure in row.procedures if row.holds_on(law.day) else ():
                assert not list(DutyCheck(Scope(law, lots=False), procedure, ladder.duties, ladder).suspicions()), (
                    row.id
                )


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
    return "equivalent" if equivalent(TABLE, table, mutant) else None


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
    assert len(verdicts) > 300
