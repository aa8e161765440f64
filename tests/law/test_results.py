"""What every result of the room can do: compare, pickle, travel as JSON, explain itself in both languages, show itself."""

import json
import pickle
from datetime import date

import pytest

from qmi_rules.law import compare_law, default_table, stale
from qmi_rules.model import Purchase
from qmi_rules.procurement import decide, replay, timeline, what_if
from small_law import small_table

TABLE = default_table()
BIKES = Purchase(title="Vélos", launched_on=date(2026, 5, 15), estimated_value=85_000, contract_type="supplies")
RESULTS = {
    "proof": lambda: small_table().check(),
    "comparison": lambda: compare_law(TABLE, date(2026, 6, 30), date(2026, 7, 1)),
    "freshness": lambda: stale(TABLE, date(2026, 11, 24)),
    "what if": lambda: what_if(BIKES, "direct_award"),
    "timeline": lambda: timeline(BIKES),
    "replay": lambda: replay(decide(BIKES)),
}


@pytest.mark.parametrize("name", RESULTS)
def test_a_result_compares_travels_and_explains_itself(name):
    result, again = RESULTS[name](), RESULTS[name]()
    assert result == again
    assert pickle.loads(pickle.dumps(result)) == result
    assert json.loads(result.to_json())
    french, english = result.explain("fr"), result.explain("en")
    assert french != english
    assert result.explain("fr", "markdown").startswith("# ")
    assert "<h" in result._repr_html_()
    with pytest.raises(AttributeError):
        result.edition = "autre"
