"""Laws that hold for every purchase: knowing more never flips an answer, spending more frees nobody, time has no holes."""

import ast
import itertools
import json
import pickle
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from around import AMOUNTS, documents, known_days
from hypothesis import given, settings
from hypothesis import strategies as st

import qmi_rules
from oracle import KINDS, TYPES
from properties import examples
from qmi_rules.law import default_table
from qmi_rules.model import FACT_NAMES, Purchase
from qmi_rules.procurement import Decision, decide
from qmi_rules.schema import from_json, structure, to_json

SETTLED = ("open", "closed")
TABLE = default_table()
PRESUMED = {fact.id for fact in TABLE.facts.values() if fact.presumed}
CALLED_BY = {fact.where: fact.asked.with_ if fact.asked else () for fact in TABLE.facts.values()}
"""By presumed fact the facts that, being so, call for the question instead of the presumption."""


def read(document):
    return structure(json.loads(json.dumps(document)), Purchase)


def statuses(decision):
    return {o.procedure: o.status for o in (*decision.options, *decision.arrangements)}


@settings(max_examples=examples(250), deadline=None)
@given(documents(lots=False), st.sampled_from([n for n in FACT_NAMES if n not in PRESUMED]), st.booleans())
def test_filling_a_missing_fact_never_flips_a_settled_status(document, name, answer):
    document.pop(name, None)
    before, after = decide(read(document)), statuses(decide(read({**document, name: answer})))
    for option in (*before.options, *before.arrangements):
        if option.status in SETTLED and after[option.procedure] != option.status:
            # only what was presumed, and said so, may be open again: the new fact calls for the question
            assert after[option.procedure] == "undetermined"
            assert answer
            assert any(name in CALLED_BY[presumed] for presumed in option.presumed)


@settings(max_examples=examples(150), deadline=None)
@given(documents(lots=False), st.sampled_from(KINDS), st.sampled_from(TYPES), st.sampled_from(AMOUNTS))
def test_filling_kind_type_or_value_never_flips_a_settled_status(document, kind, contract, amount):
    before = statuses(decide(read(document)))
    for change in (
        {"buyer": {"kind": kind}} if "buyer" not in document else {},
        # only services are on the list of specific services
        {"contract_type": contract}
        if "contract_type" not in document and (contract == "services" or not document.get("specific_service"))
        else {},
        {"estimated_value": str(amount)} if "estimated_value" not in document else {},
    ):
        after = statuses(decide(read({**document, **change})))
        assert all(after[p] == s for p, s in before.items() if s in SETTLED)


@settings(max_examples=examples(250), deadline=None)
@given(documents(lots=False), st.sampled_from(AMOUNTS), st.sampled_from(AMOUNTS))
def test_raising_the_amount_never_opens_a_dispense_nor_an_adapted_procedure(document, one, other):
    low, high = sorted((one, other))
    cheap = statuses(decide(read({**document, "estimated_value": str(low)})))
    dear = statuses(decide(read({**document, "estimated_value": str(high)})))
    order = {"closed": 0, "undetermined": 1, "open": 2}
    for procedure in TABLE.procedures.values():
        if not procedure.formal:
            assert order[dear[procedure.id]] <= order[cheap[procedure.id]], procedure.id


def test_every_day_has_one_value_or_set_of_readings_for_each_threshold():
    first, last = date(2011, 1, 1), date(2028, 12, 31)
    day, spans = first, 0
    while day <= last:
        law = TABLE.in_force(day)
        assert law.since is None or law.since <= day
        assert law.until is None or day <= law.until
        for name, threshold in TABLE.thresholds.items():
            holding = [v for v in threshold.values if v.holds_on(day)]
            assert sum(v.derogation for v in holding) <= 1
            assert len({v.effective_from for v in holding}) == len(holding)
            amounts = law.limit(name).amounts
            assert amounts == tuple(sorted(set(amounts)))
            assert bool(amounts) <= bool(holding)
        day = (law.until or last) + timedelta(days=1)
        spans += 1
    assert spans > 20


def test_the_spans_of_the_table_follow_one_another():
    laws = list(TABLE.segments())
    assert laws[0].since is None
    assert laws[-1].until is None
    for earlier, later in itertools.pairwise(laws):
        assert earlier.until + timedelta(days=1) == later.since


@settings(max_examples=examples(50), deadline=None)
@given(documents(), known_days)
def test_purchases_and_decisions_travel_as_json_and_pickle(document, known_on):
    purchase = read(document)
    assert from_json(to_json(purchase), Purchase) == purchase
    decision = decide(purchase, known_on=known_on)
    assert from_json(decision.to_json(), Decision) == decision
    assert pickle.loads(pickle.dumps(decision)) == decision


@settings(max_examples=examples(60), deadline=None)
@given(documents())
def test_a_later_known_day_only_ever_adds_law(document):
    """What was known at the end of all publications is what is known without a limit."""
    purchase = read(document)
    assert statuses(decide(purchase, known_on=date(2035, 1, 1))) == statuses(decide(purchase))


ROOMS = ("law", "procurement", "model", "schema")
CLOCKS = {
    "today",
    "now",
    "utcnow",
    "time",
    "monotonic",
    "getlocale",
    "setlocale",
    "getdefaultlocale",
    "localtime",
    "getenv",
}


@pytest.mark.parametrize("room", ROOMS)
def test_no_room_reads_the_clock_the_locale_or_the_environment(room):
    root = Path(qmi_rules.__file__).parent
    files = [root / f"{room}.py"] if (root / f"{room}.py").is_file() else sorted((root / room).glob("*.py"))
    assert files
    for path in files:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                of_a_value = node.func.attr == "time" and not (
                    isinstance(node.func.value, ast.Name) and node.func.value.id == "time"
                )
                assert of_a_value or node.func.attr not in CLOCKS, (path.name, node.lineno)
            if isinstance(node, ast.Import | ast.ImportFrom):
                named = {alias.name for alias in node.names} if isinstance(node, ast.Import) else {node.module}
                names = {(name or "").partition(".")[0] for name in named}
                assert not names & {"time", "locale", "os", "random"}, (path.name, node.lineno)


def test_decisions_do_not_depend_on_the_order_of_questions():
    purchase = Purchase(title="x", launched_on=date(2026, 8, 1), estimated_value=Decimal(120_000), innovative=True)
    first = decide(purchase)
    _ = first.missing, first.warnings, first.to_json()
    assert decide(purchase) == first
