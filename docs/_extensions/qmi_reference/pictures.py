"""The pictures of the documentation, drawn by the library from the documents of examples/ and from the table."""

import json
from datetime import date
from pathlib import Path

import matplotlib

from qmi_rules import Dossier, check_calendar, find_funding, from_json, score
from qmi_rules.budget_calendar import to_svg
from qmi_rules.funding import bar_svg
from qmi_rules.model.project import Project
from qmi_rules.tables.charts import bar_chart, partition_chart, threshold_ladder, tiers_chart

EXAMPLES = Path(__file__).parents[3] / "examples"
SERIES = (
    "direct_award.supplies_services",
    "direct_award.works",
    "innovative_purchase",
    "eu.sub_central.supplies_services",
)


def draw(folder: Path) -> None:
    """Write every picture in both languages; the same data give the same files."""
    folder.mkdir(parents=True, exist_ok=True)
    matplotlib.rcParams["svg.hashsalt"] = "qmi_rules"
    dossier = from_json((EXAMPLES / "dossier-pelican-cycles.json").read_bytes(), Dossier)
    assert dossier.commune is not None
    assert dossier.schedule is not None
    calendar = check_calendar(dossier.purchase, dossier.commune, dossier.schedule)
    funding = find_funding(from_json((EXAMPLES / "project-air-quality.json").read_bytes(), Project))
    cards = {
        name: score("replicability", _answers(EXAMPLES / f"solution-{name}.json"))
        for name in ("pelican-cycles", "floware-ecomesure")
    }
    for lang in ("fr", "en"):
        figures = {
            "ladder": threshold_ladder(SERIES, date(2012, 1, 1), date(2027, 12, 31), lang=lang),
            "tiers": tiers_chart(date(2026, 9, 1), lang=lang),
            "partition": partition_chart(date(2015, 10, 1), date(2027, 12, 31), lang=lang),
            "profiles": bar_chart(cards, lang),
        }
        for name, figure in figures.items():
            figure.savefig(folder / f"{name}-{lang}.svg", metadata={"Date": None, "Creator": None})
        for name, svg in (("gantt", to_svg(calendar, lang)), ("funding", bar_svg(funding, lang))):
            (folder / f"{name}-{lang}.svg").write_text(svg, "utf-8")


def _answers(file: Path) -> dict[str, object]:
    document = json.loads(file.read_text("utf-8"))
    return document["solution"]["replicability"]  # type: ignore[no-any-return]
