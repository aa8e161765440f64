"""The evaluator of the page values, derives, decides and says as the library does: on the kit's purchases, and on any that Hypothesis makes up."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from page_engine import Engine

from qmi_rules.errors import DocumentError
from qmi_rules.law import default_table
from qmi_rules.model import Purchase
from qmi_rules.procurement.kit import case_of, document_kit
from qmi_rules.question_page.inlined import evaluator_script
from qmi_rules.schema import structure

TABLE = default_table()
ANSWERS = """({
  facts: qmiEvaluator.facts(it, rows),
  decisions: rows.languages.map((lang) => qmiEvaluator.decide(it, rows, lang)),
})"""


@pytest.fixture(scope="module")
def cases():
    return [json.loads(line) for line in document_kit(TABLE)]


def test_every_purchase_of_the_kit_is_answered_the_same_in_the_page(engine, cases):
    assert differences(engine, cases) == []


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ("below: (difference) => difference < 0", "below: (difference) => difference <= 0"),
        ("net = over(gross, plus(dec(1), rate), 2, true)", "net = over(gross, plus(dec(1), rate), 1, true)"),
        ("shareOf(plus(meant, one.lot_value))", "shareOf(one.lot_value)"),
        ("open < best.open", "open <= best.open"),
        ('"may_change"', '"by_point"'),
    ],
)
def test_a_fault_of_the_evaluator_is_seen(cases, said, fault):
    script = evaluator_script()
    assert script.count(said) == 1
    assert differences(Engine(TABLE, script.replace(said, fault)), cases[::3]) != []


def differences(engine, cases: list[dict[str, Any]]) -> list[Any]:
    """Where the evaluator says something else than a case of the kit."""
    found = engine.each(ANSWERS, [case["purchase"] for case in cases])
    return [
        (case["purchase"], part, expected[part], answer[part])
        for case, given in zip(cases, found, strict=True)
        for expected in [parts_of_case(case)]
        for answer in [parts_of_answer(given)]
        for part in expected
        if expected[part] != answer[part]
    ]


def parts_of_case(case: dict[str, Any]) -> dict[str, Any]:
    cards = {f"answer.{lang}.{key}": value for lang, card in case["answer"].items() for key, value in card.items()}
    return {"facts": case["facts"], "statuses": case["expected"], "lots": case["lots"], **cards}


def parts_of_answer(answer: dict[str, Any]) -> dict[str, Any]:
    decision = answer["decisions"][0]
    cards = zip(("fr", "en"), answer["decisions"], strict=True)
    return {
        "facts": answer["facts"],
        "statuses": statuses([*decision["options"], *decision["arrangements"]]),
        "lots": [{"id": lot["id"], "expected": statuses(lot["options"])} for lot in decision["lots"]],
        **{f"answer.{lang}.{key}": value for lang, one in cards for key, value in one["answer"].items()},
    }


def statuses(options: list[dict[str, str]]) -> dict[str, str]:
    return {option["procedure"]: option["status"] for option in options}


# --- whatever a purchase may be

LAWS = [law for law in TABLE.segments() if law.rules]
LIMITS = sorted(
    {a for law in LAWS for t in TABLE.thresholds.values() if t.unit == "EUR HT" for a in law.limit(t.id).amounts}
)
WORDS = {
    name: [word.id for word in TABLE.facts[name].choices]
    for name in ("contract_type", "buyer_kind", "exclusion", "instrument")
}
YES_NO = [fact.id for fact in TABLE.facts.values() if fact.kind == "truth" and not fact.lot and fact.where == fact.id]
CODES = [span[:8] for fact in TABLE.facts.values() if fact.asked for span in fact.asked.cpv[:3]] + [
    "45000000",
    "48000000-8",
]

amounts = st.one_of(
    st.tuples(st.sampled_from(LIMITS), st.sampled_from(["-0.01", "0", "0.01"])).map(
        lambda it: format(abs(it[0] + type(it[0])(it[1])), "f")
    ),
    st.integers(0, 30_000_000).map(lambda cents: f"{cents // 100}.{cents % 100:02d}"),
    st.integers(0, 400).map(lambda thousands: str(thousands * 1000)),
)
truths = st.dictionaries(st.sampled_from(YES_NO), st.booleans(), max_size=3)
lists = st.lists(amounts, min_size=1, max_size=3)
parts = st.fixed_dictionaries({"contract_type": st.sampled_from(WORDS["contract_type"]), "value": amounts})
needs = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(("options", "same_need", "operation", "rd_phases", "later_purchases", "prizes"), lists),
        "firm": amounts,
        "renewals": st.fixed_dictionaries({"count": st.integers(0, 4), "each": amounts}),
        "yearly": st.fixed_dictionaries({"amount": amounts, "years": st.integers(1, 6)}),
        "framework": st.one_of(st.just({}), st.fixed_dictionaries({"maximum": amounts})),
        "parts": st.lists(parts, min_size=1, max_size=3),
        "vat_rate": st.sampled_from(["0.2", "0.20", "0.055", "0.1", "0", "0.0210"]),
    },
)
buyers = st.fixed_dictionaries(
    {},
    optional={
        "kind": st.sampled_from(WORDS["buyer_kind"]),
        "local_authority": st.booleans(),
        "insee_code": st.just("93001"),
    },
)
lots = st.lists(
    st.tuples(
        truths,
        st.fixed_dictionaries(
            {"estimated_value": amounts},
            optional={"small_lot": st.booleans(), "contract_type": st.sampled_from(WORDS["contract_type"])},
        ),
    ),
    min_size=1,
    max_size=7,
).map(lambda found: [{"id": f"Lot {i}", **facts, **lot} for i, (facts, lot) in enumerate(found)])
members = st.lists(
    st.fixed_dictionaries(
        {"buyer": st.fixed_dictionaries({}, optional={"kind": st.sampled_from(WORDS["buyer_kind"])}), "part": amounts}
    ),
    min_size=2,
    max_size=4,
)
worth = st.one_of(
    st.just({}),
    amounts.map(lambda amount: {"estimated_value": amount}),
    needs.map(lambda need: {"need": need}),
    lots.map(lambda found: {"lots": found}),
    members.map(lambda found: {"members": found}),
)
documents = st.builds(
    lambda facts, valued, rest: {"title": "…", **facts, **valued, **rest},
    truths,
    worth,
    st.fixed_dictionaries(
        {"launched_on": st.sampled_from([law.day.isoformat() for law in LAWS] + ["2026-05-15", "2027-02-01"])},
        optional={
            "title": st.sampled_from(
                ["Avocats du contentieux", "Prêt bancaire", "Maîtrise d’œuvre de l’école", "Bancs"]
            ),
            "contract_type": st.sampled_from(WORDS["contract_type"]),
            "buyer": buyers,
            "cpv": st.sampled_from(CODES),
            "exclusion": st.sampled_from(WORDS["exclusion"]),
            "instrument": st.sampled_from(WORDS["instrument"]),
            "duration_months": st.sampled_from([12, 36, 48, 60]),
        },
    ),
)


@settings(max_examples=4, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(st.lists(documents, min_size=8, max_size=10))
def test_any_purchase_is_answered_the_same_in_the_page(engine, found):
    assert differences(engine, [case_of(TABLE, document) for document in found if is_valid(document)]) == []


def is_valid(document: dict[str, Any]) -> bool:
    try:
        structure(document, Purchase)
    except DocumentError:
        return False
    return True
