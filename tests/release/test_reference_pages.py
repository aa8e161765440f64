"""The reference pages are made from the data: every entry of the shipped data has its place, in both languages."""

import re
import sys
from datetime import date
from pathlib import Path

import pytest

from qmi_rules.budget_calendar import elections
from qmi_rules.budget_calendar.facts import calendar_rules
from qmi_rules.funding import default_schemes
from qmi_rules.law import default_table
from qmi_rules.scoring import rubrics

DOCS = Path(__file__).parents[2] / "docs"
pytest.importorskip("matplotlib")


@pytest.fixture(scope="module")
def written():
    sys.path.insert(0, str(DOCS / "_extensions"))
    try:
        import qmi_reference
    finally:
        sys.path.pop(0)
    return {
        (name, lang): "\n".join(page(qmi_reference.Writer(lang)))
        for name, page in qmi_reference.PAGES.items()
        for lang in (("en",) if name in ("command-line", "documents") else ("fr", "en"))
    }


def ids():
    table, schemes = default_table(), default_schemes()
    yield "procedures", table.procedures
    yield "thresholds", table.thresholds
    # those of a lot are the purchase's, and what a CPV code says is no question of its own
    yield "facts", [f.path or f.id for f in table.facts.values() if not f.lot and f.path not in ("lots", "cpv")]
    yield "duties", table.duties
    yield "sources", table.sources
    yield "schemes", schemes.schemes
    yield "funding-limits", schemes.limits
    yield "rubrics", rubrics()
    yield "calendar", [fact.id for fact in calendar_rules().facts]
    yield "elections", [election.id for election in elections(date(1990, 1, 1), date(2100, 1, 1))]


@pytest.mark.parametrize(("page", "expected"), list(ids()), ids=lambda value: value if isinstance(value, str) else "")
@pytest.mark.parametrize("lang", ["fr", "en"])
def test_every_entry_has_its_place(written, page, expected, lang):
    text = written[page, lang]
    assert [name for name in expected if f"`{name}`" not in text] == []


def test_every_value_of_a_series_is_there_with_its_day(written):
    for threshold in default_table().thresholds.values():
        section = written["thresholds", "fr"].split(f"\n`{threshold.id}`\n")[1].split("\n## ")[0]
        assert section.count("\n| ") - 2 == len(threshold.values), (
            threshold.id
        )  # one line a value below the head and its rule


def test_doubt_is_shown(written):
    assert "**contested**" in written["thresholds", "en"]
    assert "**not verified in the official text**" in written["thresholds", "en"]


def test_the_pages_that_the_repository_shows_are_what_the_data_give(written):
    import qmi_reference

    stale = [
        name
        for name in qmi_reference.KEPT
        if (text := qmi_reference.kept_page(name).read_text("utf-8")) != qmi_reference.filled(text)
    ]
    assert stale == [], "write them anew: python docs/_extensions/qmi_reference"
    assert all(len(qmi_reference.kept_page(name).read_text("utf-8")) > 5_000 for name in qmi_reference.KEPT)


def test_each_stub_asks_for_a_page_that_exists(written):
    stubs = list((DOCS / "reference").rglob("*.md"))
    asked = {
        found for path in stubs for found in re.findall(r"<!-- generated: (\S+) (fr|en) -->", path.read_text("utf-8"))
    }
    assert asked == set(written)
