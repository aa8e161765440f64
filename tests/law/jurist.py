"""The cases that a jurist reads (tests/cases/*.toml), loaded, and put to a table."""

import tomllib
from datetime import date
from functools import cache
from pathlib import Path

from qmi_rules.contexts import Purchase
from qmi_rules.documents import structure
from qmi_rules.procurement import decide

FOLDER = Path(__file__).parents[1] / "cases"
EXPECTATIONS = ("open", "closed", "undetermined", "basis", "missing", "contested", "presumed", "duties", "not_owed")


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
    for procedure, owed in expected.get("duties", {}).items():
        seen = {
            duty.id: " ".join([duty.legal_basis.id, *([f"{duty.days}"] if duty.days is not None else [])])
            for duty in options[procedure].duties
            if not duty.missing and not duty.unsettled
        }
        assert seen == owed, (where, procedure, seen)
