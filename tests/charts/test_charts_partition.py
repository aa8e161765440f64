"""The picture of the partition shows what `decide` says, and needs matplotlib only to be drawn."""

from datetime import date
from decimal import Decimal

import pytest

from qmi_rules.errors import DocumentError
from qmi_rules.tables.charts import partition_cells, partition_chart

SINCE, UNTIL = date(2019, 4, 1), date(2027, 12, 31)


def at(cells, day, amount):
    (cell,) = [c for c in cells if c.since <= day <= c.until and c.low <= amount < c.high]
    return cell


def test_the_cells_cover_amount_and_time_and_say_what_is_lightest():
    cells = partition_cells(SINCE, UNTIL)
    assert at(cells, date(2026, 3, 31), Decimal(40_000)).lightest == "innovative_purchase"
    assert at(cells, date(2026, 4, 1), Decimal(40_000)).lightest == "direct_award"
    assert at(cells, date(2026, 4, 1), Decimal(215_999)).lightest == "adapted_procedure"
    assert at(cells, date(2026, 4, 1), Decimal(216_000)).lightest == "open_procedure"
    contested = at(cells, date(2026, 7, 1), Decimal(120_000))
    assert (contested.lightest, contested.undetermined) == ("adapted_procedure", ("innovative_purchase",))
    assert at(cells, date(2026, 6, 30), Decimal(120_000)).undetermined == ()


def test_a_span_turned_round_is_refused():
    with pytest.raises(DocumentError, match="last day"):
        partition_cells(UNTIL, SINCE)


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_picture_is_drawn_in_both_languages(lang):
    pytest.importorskip("matplotlib")
    figure = partition_chart(SINCE, UNTIL, lang=lang)
    (plot,) = figure.axes
    assert len(plot.patches) == len(partition_cells(SINCE, UNTIL))
    assert ("lightest" in plot.get_title()) is (lang == "en")
