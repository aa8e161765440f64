"""Pictures of the law: what they draw is what the table says."""

from datetime import date

import pytest
from attrs import evolve

from qmi_rules.errors import DocumentError
from qmi_rules.law import Certainty
from small_law import small_table

pytest.importorskip("matplotlib")

from qmi_rules.tables.charts import STYLES, threshold_ladder, tiers_chart

SERIES = ("direct_award.supplies_services", "direct_award.works", "innovative_purchase")


def lines(figure):
    return {line.get_label().replace("\n", " "): line for line in figure.axes[0].get_lines()}


def test_a_line_steps_up_on_the_day_of_the_decree():
    figure = threshold_ladder(SERIES[:1], date(2026, 3, 1), date(2026, 5, 1))
    (line,) = figure.axes[0].get_lines()
    assert list(zip(line.get_xdata(), line.get_ydata(), strict=True)) == [
        (date(2026, 3, 1), 40_000),
        (date(2026, 4, 1), 40_000),
        (date(2026, 4, 1), 60_000),
        (date(2026, 5, 2), 60_000),
    ]


def test_where_the_sources_disagree_there_is_a_band_and_no_line():
    figure = threshold_ladder(["innovative_purchase"], date(2026, 7, 1), date(2026, 12, 31))
    plot = figure.axes[0]
    (line,) = plot.get_lines()
    assert all(value != value for value in line.get_ydata())  # not a number: nothing is drawn
    bands = [band.get_datalim(plot.transData) for band in plot.collections]
    assert {(band.y0, band.y1) for band in bands} == {(100_000, 140_000)}


def test_after_the_last_known_day_nothing_is_drawn():
    figure = threshold_ladder(["eu.works"], date(2027, 12, 30), date(2028, 1, 3))
    (line,) = figure.axes[0].get_lines()
    drawn = [day for day, value in zip(line.get_xdata(), line.get_ydata(), strict=True) if value == value]
    assert max(drawn) == date(2028, 1, 1)  # the end of the last day of 2027


def test_an_unverified_value_has_a_hollow_mark():
    """One that frees nobody from competition: of those that would, both readings are drawn."""
    series = small_table().thresholds["formal"]
    last = evolve(series.values[-1], effective_from=date(2027, 1, 1), certainty=Certainty.UNVERIFIED)
    values = (series.values[0], last)
    table = small_table().replace(thresholds=small_table().thresholds | {"formal": evolve(series, values=values)})
    figure = threshold_ladder(["formal"], date(2026, 1, 1), date(2027, 6, 30), table, "en")
    mark = lines(figure)["not verified in the official text"]
    assert list(mark.get_xdata()) == [date(2027, 1, 1)]
    assert mark.get_fillstyle() == "none"


def test_the_tiers_of_a_day():
    figure = tiers_chart(date(2026, 9, 1), procedures=("direct_award", "innovative_purchase"), lang="en")
    bars = figure.axes[0].patches
    assert [(round(bar.get_x()), round(bar.get_x() + bar.get_width()), bool(bar.get_hatch())) for bar in bars] == (
        [
            (10_000, 100_000, False),  # works, direct award
            (10_000, 100_000, False),  # innovative purchase, sure
            (100_000, 140_000, True),  # by one reading only
            (10_000, 60_000, False),  # supplies and services
            (10_000, 100_000, False),
            (100_000, 140_000, True),
        ]
    )
    assert [text.get_text() for text in figure.axes[0].texts] == ["works", "supplies and services"]


@pytest.mark.parametrize(
    ("series", "since", "until"),
    [
        ((), date(2026, 1, 1), date(2026, 2, 1)),
        (("nothing",), date(2026, 1, 1), date(2026, 2, 1)),
        (SERIES, date(2026, 1, 1), date(2026, 1, 1)),
        (SERIES * 2, date(2026, 1, 1), date(2026, 2, 1)),
    ],
)
def test_bad_arguments_are_refused_in_words(series, since, until):
    assert len(SERIES * 2) > len(STYLES)
    with pytest.raises(DocumentError, match="expected"):
        threshold_ladder(series, since, until)


def test_an_unknown_procedure_is_refused():
    with pytest.raises(DocumentError, match="'nothing'"):
        tiers_chart(date(2026, 9, 1), procedures=("nothing",))


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_both_languages_draw(lang, tmp_path):
    threshold_ladder(SERIES, date(2012, 1, 1), date(2028, 6, 1), lang=lang).savefig(tmp_path / "a.svg")
    tiers_chart(date(2030, 1, 1), lang=lang).savefig(tmp_path / "b.svg")  # nothing is known: hatched
    assert (tmp_path / "a.svg").stat().st_size > 1_000


def test_a_value_is_marked_once_however_often_the_rest_of_the_law_changes():
    figure = threshold_ladder(["specific_services.ojeu.utility"], date(2016, 4, 1), date(2026, 12, 31))
    marks = [line for line in figure.axes[0].get_lines() if line.get_fillstyle() == "none"]
    assert len(marks) == 1
    (line,) = set(figure.axes[0].get_lines()) - set(marks)
    assert set(line.get_ydata()) == {1_000_000}
