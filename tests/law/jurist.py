"""The cases that a jurist reads (tests/cases/*.toml), loaded, and put to a table."""

import tomllib
from datetime import date
from functools import cache
from pathlib import Path

from qmi_rules.contexts import Purchase, lot_cases, whole_case
from qmi_rules.documents import structure
from qmi_rules.findings import Truth
from qmi_rules.law import examine
from qmi_rules.procurement import decide
from qmi_rules.procurement.duties import duties_of

FOLDER = Path(__file__).parents[1] / "cases"
EXPECTATIONS = ("open", "closed", "undetermined", "basis", "missing", "contested", "presumed", "duties", "no_caution")


@cache
def cases():
    """Every case, in the order of files and of each file."""
    found = []
    for path in sorted(FOLDER.glob("*.toml")):
        for case in tomllib.loads(path.read_text("utf-8"))["cases"]:
            case |= case.pop("answer", {})
            found.append(case | {"file": path.stem, "read": structure(_days(case["purchase"]), Purchase)})
    return tuple(found)


def _days(document):
    return {k: v.isoformat() if isinstance(v, date) else v for k, v in document.items()}


def check(case, table):
    """Raise AssertionError unless a table answers the case as it says."""
    decision = decide(case["read"], table)
    _check(case, {o.procedure: o for o in (*decision.options, *decision.arrangements)}, case["id"])
    lots = {lot.id: lot for lot in decision.lots}
    check_duties(case, table)
    for name, expected in case.get("lots", {}).items():
        _check(expected, {o.procedure: o for o in lots[name].options}, f"{case['id']} / {name}")


def _check(expected, options, where):
    for status in ("open", "closed", "undetermined"):
        for procedure in expected.get(status, []):
            assert options[procedure].status == status, (where, procedure, options[procedure].status)
    for procedure, ids in expected.get("basis", {}).items():
        assert [source.id for source in options[procedure].legal_basis] == ids, (where, procedure)
    for key in ("missing", "contested", "presumed"):
        for procedure, names in expected.get(key, {}).items():
            assert list(getattr(options[procedure], key)) == names, (where, procedure, key)


def check_duties(case, table, only=()):
    """Raise AssertionError unless each procedure, if it is used, brings the duties and cautions that the case states."""
    law, put = table.in_force(case["read"].launched_on), whole_case(case["read"])
    for procedure, stated in case.get("duties", {}).items():
        if only and procedure not in only:
            continue
        seen = {
            duty.id: " ".join([duty.legal_basis.id, *([f"{duty.days}"] if duty.days is not None else [])])
            for duty in duties_of(table.procedures[procedure], put, law)
            if not duty.missing and not duty.unsettled
        }
        assert seen == stated, (case["id"], procedure, seen)
    for procedure, ids in case.get("cautions", {}).items():
        if only and procedure not in only:
            continue
        assert shown(procedure, put, law) == ids, (case["id"], procedure)
    lots = dict(zip([lot.id for lot in case["read"].lots], lot_cases(case["read"]), strict=True))
    for name, part in {"": case, **case.get("lots", {})}.items():
        for procedure, ids in part.get("caution", {}).items():
            assert set(ids) <= set(shown(procedure, lots.get(name, put), law)), (case["id"], name, procedure)
        for procedure, ids in part.get("no_caution", {}).items():
            assert not set(ids) & set(shown(procedure, lots.get(name, put), law)), (case["id"], name, procedure)


def shown(procedure, put, law):
    """Ids of the cautions that concern a procedure on a case."""
    rows = [row for row in law.cautions if not row.procedures or procedure in row.procedures]
    return [row.id for row in rows if examine(row, put, law).truth is Truth.YES]


@cache
def ledger():
    """First day, last day and text of each duty row and caution, written down a second time."""
    return tomllib.loads((Path(__file__).parent / "ledger.toml").read_text("utf-8"))


def check_ledger(table, section, only=None):
    """Raise AssertionError unless the rows are in force from the first day to the last, and rest on the text."""
    rows = {row.id: row for row in getattr(table, section)}
    for name in only or ledger()[section]:
        since, until, basis = ledger()[section][name].split()
        row = rows[name]
        assert row.effective_from.isoformat() == since, name
        assert (row.effective_until.isoformat() if row.effective_until else "...") == until, name
        assert row.legal_basis == basis, name
