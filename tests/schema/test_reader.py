"""The reader of a class takes and refuses what its constructor does; a build's own data is read the same without a check."""

import json
from datetime import date
from pathlib import Path

import pytest
from attrs import fields_dict, frozen
from hypothesis import given, settings
from hypothesis import strategies as st

from properties import examples
from qmi_rules.errors import DocumentError
from qmi_rules.law import TableFile
from qmi_rules.model import FACT_NAMES, Case, Purchase
from qmi_rules.model.commune import Commune
from qmi_rules.model.dossier import Dossier
from qmi_rules.schema import package_data, read_toml, structure
from qmi_rules.schema.converter import converter
from qmi_rules.schema.reader import Trust

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.json"))


def both(data, cls):
    """What the reader and the constructor make of it; None for a refusal."""
    try:
        read = structure(data, cls)
    except DocumentError:
        read = None
    try:
        filled = {key: value for key, value in data.items() if value is not None or key not in fields_dict(cls)}
        made = cls(**filled)  # in a document null is as good as absent
    except (DocumentError, TypeError):  # Python itself refuses an argument that there is not
        made = None
    return read, made


@frozen
class _Told:
    """What the library might write, with a document of a user in it."""

    scheme: str
    purchase: Purchase | None = None


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
    read, made = both(data, Purchase)
    assert read == made


@settings(max_examples=examples(200), deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["value", "lot_value", "small_lots_share", "buyer_kind", "contract_type", "innovative"]), VALUES
    )
)
def test_a_case(data):
    read, made = both({"launched_on": "2026-05-15"} | data, Case)
    assert read == made


@settings(max_examples=examples(100), deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(["budget_vote", "population", "delegation_limit", "council_meetings", "closed_days"]), VALUES
    )
)
def test_a_commune(data):
    read, made = both({"budget_vote": "spring"} | data, Commune)
    assert read == made


@pytest.mark.parametrize(
    "file", ["thresholds.toml", "rules.toml", "duties.toml", "cautions.toml", "procedures.toml", "sources.toml"]
)
def test_the_tables_of_the_law_are_read_the_same_without_a_check(file):
    data = read_toml(package_data("law", file))
    assert structure(data, TableFile, trust=Trust.BUILD) == structure(data, TableFile)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_examples(path):
    data = json.loads(path.read_text("utf-8"))
    for cls in (Purchase, Dossier):
        read, made = both(data, cls)
        assert read == made


@pytest.mark.parametrize("data", [{"estimated_value": True}, {"innovative": 1}, {"duration_months": True}])
def test_true_is_no_number_and_one_is_no_truth(data):
    assert both({"title": "x", "launched_on": "2026-05-15"} | data, Purchase) == (None, None)


def test_a_date_may_be_a_date():
    read, made = both({"title": "x", "launched_on": date(2026, 5, 15)}, Purchase)
    assert read == made
    assert read.launched_on == date(2026, 5, 15)


def test_cattrs_reads_with_the_same_readers():
    (read,) = converter().structure([{"title": "x", "launched_on": "2026-05-15"}], list[Purchase])
    assert read == Purchase(title="x", launched_on="2026-05-15")


def test_what_a_later_version_added_is_left_alone_only_in_what_the_library_wrote():
    later = {"scheme": "x", "newer": 1}
    assert structure(later, _Told, trust=Trust.LIBRARY) == _Told(scheme="x")
    with pytest.raises(DocumentError, match="newer: unknown key"):
        structure(later, _Told)
    with pytest.raises(DocumentError, match=r"purchase\.newer: unknown key"):
        structure({"scheme": "x", "purchase": {"newer": 1}}, _Told, trust=Trust.LIBRARY)
