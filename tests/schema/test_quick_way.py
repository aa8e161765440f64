"""The quick way reads no more than the converter, and reads it the same: documents of all kinds, right and wrong."""

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from properties import examples
from qmi_rules.errors import DocumentError
from qmi_rules.law import TableFile
from qmi_rules.model import FACT_NAMES, Case, Purchase
from qmi_rules.model.commune import Commune
from qmi_rules.model.dossier import Dossier
from qmi_rules.schema import package_data, read_toml
from qmi_rules.schema.converter import converter, problems_of
from qmi_rules.schema.quick import quick_reader

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.json"))


def both(data, cls):
    """What the converter and the quick way make of it; None for a refusal."""
    try:
        slow = converter().structure(data, cls)
    except Exception as error:
        slow = None if problems_of(error) else "refused without a word"
    try:
        quick = quick_reader(cls)(data)
    except DocumentError:
        quick = None
    except Exception:
        quick = "not quick"
    return slow, quick


VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 10**13),
    st.text(max_size=12),
    st.sampled_from(
        ["85000", "85000.50", "85000.505", "1e5", "-1", " 5", "٣", "1_000", "999999999999.99", "1000000000000"]
    ),
    st.sampled_from(["2026-05-15", "2026-W20-5", "20260515", "0218-01-01", "2026-13-01"]),
    st.sampled_from(["works", "services", "commune", "utility", "Works", 1, True]),
    st.lists(st.sampled_from(["a", 1, None]), max_size=2),
    st.dictionaries(st.sampled_from(["kind", "population", "x"]), st.sampled_from(["commune", 5, True]), max_size=2),
)


@settings(max_examples=examples(400), deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(
            [
                "title",
                "launched_on",
                "contract_type",
                "estimated_value",
                "buyer",
                "duration_months",
                "cpv",
                "lots",
                "oops",
                *FACT_NAMES[:4],
            ]
        ),
        VALUES,
    )
)
def test_a_purchase(data):
    data = {"title": "x", "launched_on": "2026-05-15"} | data
    slow, quick = both(data, Purchase)
    assert quick == "not quick" or quick == slow


@settings(max_examples=examples(200), deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["value", "lot_value", "small_lots_share", "buyer_kind", "contract_type", "innovative"]), VALUES
    )
)
def test_a_case(data):
    slow, quick = both({"launched_on": "2026-05-15"} | data, Case)
    assert quick == "not quick" or quick == slow


@settings(max_examples=examples(100), deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["budget_vote", "population", "delegation_limit", "council_meetings", "closed_days"]), VALUES
    )
)
def test_a_commune(data):
    slow, quick = both({"budget_vote": "spring"} | data, Commune)
    assert quick == "not quick" or quick == slow


@pytest.mark.parametrize(
    "file", ["thresholds.toml", "rules.toml", "duties.toml", "cautions.toml", "procedures.toml", "sources.toml"]
)
def test_the_tables_of_the_law_are_read_the_quick_way(file):
    slow, quick = both(read_toml(package_data("law", file)), TableFile)
    assert slow is not None
    assert quick == slow


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_examples(path):
    data = json.loads(path.read_text("utf-8"))
    for cls in (Purchase, Dossier):
        slow, quick = both(data, cls)
        assert quick == "not quick" or quick == slow


def test_true_is_no_number_and_one_is_no_truth():
    for data in ({"estimated_value": True}, {"innovative": 1}, {"duration_months": True}):
        assert quick_reader(Purchase) is not None
        slow, quick = both({"title": "x", "launched_on": "2026-05-15"} | data, Purchase)
        assert slow is None
        assert quick == "not quick"


def test_a_date_may_be_a_date():
    slow, quick = both({"title": "x", "launched_on": date(2026, 5, 15)}, Purchase)
    assert slow == quick
