"""The report in a real browser: it renders at every width, says nothing on the console, asks the network nothing, and axe finds no fault."""

import re
import shutil
from itertools import pairwise
from pathlib import Path

import pytest

from qmi_rules import Dossier, brief, from_json
from qmi_rules.budget_calendar import check_calendar
from qmi_rules.integrations.report import to_html_calendar, to_html_report

playwright = pytest.importorskip("playwright.sync_api")
axe = pytest.importorskip("axe_playwright_python.sync_playwright")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")]
EXAMPLES = Path(__file__).parents[2] / "examples"
HOSTILE = "<script>alert(1)</script> \u202egauche\u202c **gras** " + "mot " * 50 + "🚲" + "x" * 400


@pytest.fixture(scope="module")
def browser():
    with playwright.sync_playwright() as p:
        browser = p.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def reports(tmp_path_factory):
    folder = tmp_path_factory.mktemp("reports")
    dossier = from_json((EXAMPLES / "dossier-pelican-cycles.json").read_text("utf-8"), Dossier)
    bare = from_json((EXAMPLES / "floware-ecomesure.json").read_text("utf-8"), type(dossier.purchase))
    made = {
        "fr": (brief(dossier), "fr"),
        "en": (brief(dossier), "en"),
        "bare": (brief(Dossier(purchase=bare)), "fr"),
        "hostile": (brief(Dossier(purchase=bare.evolve(title=HOSTILE, evidence=[HOSTILE]))), "fr"),
    }
    paths = {}
    for name, (briefing, lang) in made.items():
        paths[name] = folder / f"{name}.html"
        paths[name].write_text(to_html_report(briefing, lang), "utf-8")
    paths["calendar"] = folder / "calendar.html"
    plan = check_calendar(dossier.purchase, dossier.commune, dossier.schedule)
    paths["calendar"].write_text(to_html_calendar(plan, "fr"), "utf-8")
    return paths


@pytest.fixture(params=["fr", "en", "bare", "hostile", "calendar"])
def opened(request, browser, reports):
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.said, page.asked, page.alerts = [], [], []
    page.on("console", lambda message: page.said.append(message.text))
    page.on("pageerror", lambda error: page.said.append(str(error)))
    page.on("request", lambda r: page.asked.append(r.url))
    page.on("dialog", lambda dialog: (page.alerts.append(dialog.message), dialog.dismiss()))
    page.goto(reports[request.param].as_uri())
    yield page
    page.close()


def test_it_says_nothing_on_the_console_and_asks_the_network_nothing(opened):
    assert opened.said == []
    assert opened.alerts == []
    assert [url for url in opened.asked if not url.startswith("file:")] == []
    assert len(opened.asked) == 1


@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing(opened, width):
    opened.set_viewport_size({"width": width, "height": 900})
    found = axe.Axe().run(opened)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_runs_over_the_edge(opened, width):
    opened.set_viewport_size({"width": width, "height": 900})
    assert opened.evaluate("document.documentElement.scrollWidth") <= width


def test_headings_go_down_one_level_at_a_time(opened):
    levels = opened.evaluate("[...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(h => +h.tagName[1])")
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels))


def test_the_decision_comes_first(browser, reports):
    page = browser.new_page()
    page.goto(reports["fr"].as_uri())
    assert page.locator("h2").first.inner_text() == "Vous pouvez acheter ainsi"
    assert "Achat public innovant" in page.locator(".answer li").first.inner_text()
    page.close()


def test_it_prints_on_a4(browser, reports):
    page = browser.new_page()
    page.goto(reports["fr"].as_uri())
    pdf = page.pdf(prefer_css_page_size=True)
    assert pdf.startswith(b"%PDF")
    boxes = re.findall(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)", pdf)
    assert {(round(float(w)), round(float(h))) for w, h in boxes} <= {(595, 842), (596, 842)}
    page.close()


CUT = """[...document.querySelectorAll("svg")].flatMap(svg => {
    const edge = svg.getBoundingClientRect();
    return [...svg.querySelectorAll("text")].filter(t => {
        const box = t.getBoundingClientRect();
        return box.left < edge.left - 1 || box.right > edge.right + 1 || box.top < edge.top - 1 || box.bottom > edge.bottom + 1;
    }).map(t => t.textContent);
})"""


def test_no_picture_cuts_its_words(opened):
    assert opened.evaluate(CUT) == []


WORDS = "[...document.querySelectorAll('svg text')].filter(t => t.checkVisibility()).map(t => t.getBoundingClientRect().height)"


def test_the_plan_can_be_read_on_a_telephone_without_scrolling_sideways(browser, reports):
    page = browser.new_page(viewport={"width": 360, "height": 900})
    page.goto(reports["calendar"].as_uri())
    heights = page.evaluate(WORDS)
    assert heights
    assert min(heights) >= 11
    assert page.evaluate("document.querySelector('.narrow svg').getBoundingClientRect().right") <= 360
    cells = page.evaluate("[...document.querySelectorAll('td')].map(cell => cell.getBoundingClientRect().right)")
    assert max(cells) <= 360
    named = page.evaluate("getComputedStyle(document.querySelector('td[data-label]'), '::before').content")
    assert named.startswith('"Du')
    page.close()


def test_procedures_but_the_lightest_are_folded_on_screen_and_open_on_paper(browser, reports, tmp_path):
    page = browser.new_page()
    page.goto(reports["fr"].as_uri())
    folded = page.locator("#why details > summary").all_inner_texts()
    assert any(text.startswith("Procédure adaptée") for text in folded)
    assert any(text.startswith("Fermé") for text in folded)
    assert not any(text.startswith("Achat public innovant") for text in folded)
    inside = page.locator("#why details > :not(summary)").first
    assert not inside.is_visible()
    page.emulate_media(media="print")
    assert inside.evaluate("e => getComputedStyle(e.parentElement, '::details-content').contentVisibility") == "visible"
    page.close()
