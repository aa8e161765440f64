"""No picture cuts its own words."""

from pathlib import Path

import pytest

from qmi_rules.budget_calendar import check_calendar
from qmi_rules.contexts.dossier import Dossier
from qmi_rules.documents import from_json
from qmi_rules.scoring import score

pytest.importorskip("matplotlib")

CARD = score("replicability", {"operational_ease": 3})
EXAMPLE = Path(__file__).parents[2] / "examples" / "dossier-pelican-cycles.json"


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_labels_of_a_radar_stand_outside_its_circle_and_inside_the_picture(lang):
    from qmi_rules.integrations.charts.scoring import radar_chart

    figure = radar_chart(CARD, lang)
    figure.draw_without_rendering()
    (plot,) = figure.axes
    circle = plot.get_window_extent()
    middle, radius = (circle.x0 + circle.x1) / 2, circle.width / 2
    for label in plot.get_xticklabels():
        box = label.get_window_extent()
        assert figure.bbox.x0 <= box.x0
        assert box.x1 <= figure.bbox.x1
        near = min((abs(x - middle) ** 2 + abs(y - (circle.y0 + circle.y1) / 2) ** 2) ** 0.5
                   for x in (box.x0, box.x1) for y in (box.y0, box.y1))  # fmt: skip
        assert near >= radius


def test_a_long_title_of_a_calendar_takes_several_lines():
    from qmi_rules.integrations.charts.calendar import draw_gantt

    dossier = from_json(EXAMPLE.read_bytes(), Dossier)
    purchase = dossier.purchase.evolve(title="Deux vélos-cargos pour les espaces verts " * 5)
    figure = draw_gantt(check_calendar(purchase, dossier.commune, dossier.schedule))
    figure.draw_without_rendering()
    box = figure._suptitle.get_window_extent()
    assert figure.bbox.x0 <= box.x0
    assert box.x1 <= figure.bbox.x1


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_legend_of_a_calendar_stands_below_its_days_and_inside_the_picture(lang):
    from qmi_rules.integrations.charts.calendar import draw_gantt

    dossier = from_json(EXAMPLE.read_bytes(), Dossier)
    figure = draw_gantt(check_calendar(dossier.purchase, dossier.commune, dossier.schedule), lang)
    figure.draw_without_rendering()
    box = figure.legends[0].get_window_extent()
    assert figure.bbox.x0 <= box.x0
    assert box.x1 <= figure.bbox.x1
    assert figure.bbox.y0 <= box.y0
    assert box.y1 <= figure.axes[0].get_tightbbox().y0
