"""The changes of running contracts that a jurist reads (tests/cases/modification/*.toml), put to the rules of modification; and their ledger."""

import tomllib
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from unittest import mock

import jurist

from qmi_rules import may_modify
from qmi_rules.law import TableFile
from qmi_rules.model.contract import ModifiedContract
from qmi_rules.procurement import modification
from qmi_rules.schema import load_toml, package_data, structure

STATUSES = ("open", "closed", "undetermined")
OF_GROUNDS = (*STATUSES, "basis", "left", "missing", "order")
"""What a case may state of a ground; the order is of all."""
OF_DUTIES = ("duties", "owed", "not_owed", "in_doubt", "cautions")
STATED = (*OF_GROUNDS, *OF_DUTIES)


@cache
def cases():
    """Every case, in the order of files and of each file."""
    found = []
    for path in sorted((jurist.FOLDER / "modification").glob("*.toml")):
        for case in tomllib.loads(path.read_text("utf-8"))["cases"]:
            document = {part: _days(case[part]) for part in ("contract", "change")}
            found.append(case | {"read": structure(document, ModifiedContract)})
    return tuple(found)


def _days(document):
    return {key: value.isoformat() if isinstance(value, date) else value for key, value in document.items()}


@cache
def own():
    """What the rules of modification add to the law of purchases."""
    (file,) = package_data("modification").iterdir()
    return load_toml(file, TableFile)


def check(case, rules):
    """Raise AssertionError unless the rules answer the case as it says."""
    with mock.patch.object(modification, "modification_table", return_value=rules):
        answer = may_modify(case["read"].contract, case["read"].change)
    grounds = {one.ground: one for one in answer.grounds}
    name = case["id"]
    for status in STATUSES:
        for ground in case.get(status, ()):
            assert grounds[ground].status == status, (name, ground, grounds[ground].status)
    assert list(grounds) == case.get("order", list(grounds)), name
    for ground, ids in case.get("basis", {}).items():
        assert [source.id for source in grounds[ground].legal_basis] == ids, (name, ground)
    for ground, left in case.get("left", {}).items():
        assert grounds[ground].left == (Decimal(left) if left else None), (name, ground, grounds[ground].left)
    for ground, paths in case.get("missing", {}).items():
        assert list(grounds[ground].missing) == paths, (name, ground)
    for ground in {ground for key in OF_DUTIES for ground in case.get(key, {})}:
        _check_duties(case, ground, grounds[ground])


def _check_duties(case, ground, answer):
    where = case["id"], ground
    owed = {duty.id: duty.legal_basis.id for duty in answer.duties if not duty.missing and not duty.unsettled}
    listed = {duty.id for duty in answer.duties}
    assert owed == case.get("duties", {}).get(ground, owed), where
    assert case.get("owed", {}).get(ground, {}).items() <= owed.items(), where
    assert not listed & set(case.get("not_owed", {}).get(ground, ())), where
    assert set(case.get("in_doubt", {}).get(ground, ())) <= listed - set(owed), where
    cautions = [caution.id for caution in answer.cautions]
    assert cautions == case.get("cautions", {}).get(ground, cautions), where


@cache
def ledger():
    """What each row, value, ground and question of the rules of modification must say, written down a second time."""
    return tomllib.loads(Path(__file__).with_name("modification_ledger.toml").read_text("utf-8"))


def said(rules):
    """What the rules of modification say, in the words of the ledger."""
    names = own()
    listed = {section: {row.id for row in getattr(names, section)} for section in jurist.ROWS}
    kept = {section: [row for row in getattr(rules, section) if row.id in listed[section]] for section in jurist.ROWS}
    return {
        **{
            section: {row.id: " ".join(filter(None, [jurist.dated(row), getattr(row, "detail", "")])) for row in rows}
            for section, rows in kept.items()
        },
        "values": {
            one.id: [f"{value.amount} {jurist.dated(value)}" for value in rules.thresholds[one.id].values]
            for one in names.thresholds
        },
        "sources": {
            one.id: f"{rules.sources[one.id].article} {rules.sources[one.id].url or ''}".strip()
            for one in names.sources
        },
        "grounds": {
            one.id: f"{rules.procedures[one.id].rank} {rules.procedures[one.id].known_from}" for one in names.procedures
        },
        "asked": {
            one.id: [rules.facts[one.id].question, rules.facts[one.id].affirmed, rules.facts[one.id].denied]
            for one in names.facts
            if one.kind == "truth"
        },
    }
