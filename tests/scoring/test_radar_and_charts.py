"""Radars and bars: what is unknown is drawn as open, never as zero; without matplotlib the SVG and the meters remain."""

import sys
from xml.etree import ElementTree

import pytest

from qmi_rules.errors import DocumentError, MissingExtraError, UnsupportedLocaleError
from qmi_rules.scoring import Scorecard, radar_svg, score
from qmi_rules.scoring.radar import runs, spokes
from qmi_rules.tables.charts import bar_chart

AXES = (
    "experiment_deployed",
    "operational_ease",
    "commercial_traction",
    "financial_stability",
    "industrialisation_potential",
)
SVG = "{http://www.w3.org/2000/svg}"


def card(*levels: int | None) -> Scorecard:
    return score("replicability", dict(zip(AXES, levels, strict=False)))


def test_a_full_profile_is_one_closed_surface() -> None:
    root = ElementTree.fromstring(radar_svg(card(3, 2, 1, 0, 2)))
    filled = [p for p in root.iter(f"{SVG}polygon") if p.get("fill") != "none"]
    assert len(filled) == 1
    assert len((filled[0].get("points") or "").split()) == 5
    assert not list(root.iter(f"{SVG}polyline"))


def test_an_unknown_axis_opens_the_line_and_is_dashed_over_its_whole_range() -> None:
    root = ElementTree.fromstring(radar_svg(card(3, 2, None, 0, 2)))
    assert not [p for p in root.iter(f"{SVG}polygon") if p.get("fill") != "none"]
    assert len([line for line in root.iter(f"{SVG}line") if line.get("stroke-dasharray")]) == 1
    assert len(list(root.iter(f"{SVG}circle"))) == 4
    assert any("(?)" in (t.text or "") for t in root.iter(f"{SVG}text"))


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        ((1, 1, 1, 1, 1), ((0, 1, 2, 3, 4),)),
        ((1, None, 1, None, 1), ((2,), (4, 0))),
        ((None, 1, 1, 1, 1), ((1, 2, 3, 4),)),
        ((None,) * 5, ()),
    ],
)
def test_neighbouring_known_axes_are_joined_going_round(
    levels: tuple[int | None, ...], expected: tuple[tuple[int, ...], ...]
) -> None:
    assert runs(spokes(card(*levels))) == expected


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_no_label_is_cut_by_the_edge(lang: str) -> None:
    root = ElementTree.fromstring(radar_svg(card(3, 2, 1, 0, 2), lang))
    left, _, width, _ = (float(number) for number in (root.get("viewBox") or "").split())
    for label in root.iter(f"{SVG}text"):
        room = 7 * len(label.text or "")  # a wide sans-serif of size 12
        x = float(label.get("x") or 0)
        start = x - {"start": 0, "middle": room / 2, "end": room}[label.get("text-anchor") or "start"]
        assert left <= start, label.text
        assert start + room <= left + width, label.text


def test_the_svg_reads_itself_to_a_screen_reader_in_both_languages() -> None:
    french = ElementTree.fromstring(radar_svg(card(3)))
    assert french.get("role") == "img"
    assert "Expérimentation déployée\u00a0: 3 sur 3" in (french.findtext(f"{SVG}desc") or "")
    english = radar_svg(card(3), "en")
    assert "Experiment deployed: 3 out of 3" in english
    with pytest.raises(UnsupportedLocaleError):
        radar_svg(card(3), "xx")


def test_a_rubric_with_fewer_than_three_axes_has_no_radar_but_still_its_text() -> None:
    root = ElementTree.fromstring(radar_svg(score("innovscore", {})))
    assert not list(root.iter(f"{SVG}polygon"))
    assert root.findtext(f"{SVG}desc")


def test_without_matplotlib_the_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(MissingExtraError, match="the extra 'charts'"):
        bar_chart(card(3, 2))


def test_bars_show_an_unknown_axis_as_an_empty_hatched_bar() -> None:
    pytest.importorskip("matplotlib")
    figure = bar_chart(card(3, 2, None, 0, 2))
    bars = figure.axes[0].patches
    assert [bar.get_width() for bar in bars] == [3, 2, 3, 0, 2]
    assert [bool(bar.get_hatch()) for bar in bars] == [False, False, True, False, False]
    assert "non renseigné" in [text.get_text() for text in figure.axes[0].texts]


def test_a_chart_that_cannot_be_drawn_says_why() -> None:
    pytest.importorskip("matplotlib")
    with pytest.raises(DocumentError, match="at least one axis"):
        bar_chart(score("innovation_indices", {}))
    with pytest.raises(DocumentError, match="one to 4"):
        bar_chart({str(i): card(1) for i in range(5)})
    with pytest.raises(DocumentError, match="one to 4"):
        bar_chart({})
    with pytest.raises(DocumentError, match="one rubric"):
        bar_chart({"A": card(1), "B": score("innovscore", {})})


def test_the_title_follows_the_language() -> None:
    pytest.importorskip("matplotlib")
    assert bar_chart(card(1), "en").get_suptitle() == "Replicability index"
