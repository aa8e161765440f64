"""The report in a real browser: it renders at every width, says nothing on the console, asks the network nothing, and axe finds no fault."""

import re
from itertools import pairwise
from pathlib import Path

import pytest

from qmi_rules import Dossier, brief, from_json
from qmi_rules.briefing.report import to_html_calendar, to_html_report
from qmi_rules.budget_calendar import check_calendar

axe = pytest.importorskip("axe_playwright_python.sync_playwright")
pytestmark = pytest.mark.browser
EXAMPLES = Path(__file__).parents[2] / "examples"
HOSTILE = "<script>alert(1)</script> \u202egauche\u202c **gras** " + "mot " * 50 + "🚲" + "x" * 400


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


@pytest.fixture(
    params=[
        "fr",
        "hostile",
        "calendar",
        pytest.param("en", marks=pytest.mark.slow),
        pytest.param("bare", marks=pytest.mark.slow),
    ]
)
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


@pytest.mark.parametrize("width", [360, pytest.param(1280, marks=pytest.mark.slow)])
def test_axe_finds_nothing(opened, width):
    opened.set_viewport_size({"width": width, "height": 900})
    opened.evaluate(
        "document.querySelectorAll('details').forEach(e => e.open = true)"
    )  # what is folded is looked at too
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


def test_the_card_comes_first_and_the_rest_is_folded_in_six_parts(browser, reports):
    page = browser.new_page()
    page.goto(reports["fr"].as_uri())
    first = page.locator(".answer p").first.inner_text().replace("\N{NO-BREAK SPACE}", " ")
    assert first == "Sans publicité ni mise en concurrence : Achat public innovant."
    assert page.locator("h2").all_inner_texts() == ["Pourquoi", "À faire", "Quand", "Qui paie", "Preuves", "Annexe"]
    assert page.locator("details[open]").count() == 0
    assert not page.locator("#why h3").first.is_visible()
    page.close()


@pytest.mark.parametrize("name", ["fr", "en", "bare"])
def test_the_first_screen_of_a_telephone_holds_the_whole_card_and_its_picture(browser, reports, name):
    page = browser.new_page(viewport={"width": 360, "height": 800})
    page.goto(reports[name].as_uri())
    bottom = "e => e.getBoundingClientRect().bottom"
    assert page.locator(".answer").evaluate(bottom) <= 800
    for picture in page.locator("figure.dates").all():
        assert picture.evaluate(bottom) <= 800
    assert page.locator("figure.dates").count() == (name != "bare")
    assert page.evaluate("document.documentElement.scrollHeight") <= 12 * 800
    assert page.evaluate("getComputedStyle(document.querySelector('.answer p:last-child')).fontSize") == "16px"
    page.close()


@pytest.mark.parametrize("name", ["fr", "en", "bare"])
def test_it_prints_on_at_most_eight_a4_pages_the_first_with_the_whole_card(browser, reports, name):
    page = browser.new_page()
    page.goto(reports[name].as_uri())
    pdf = page.pdf(prefer_css_page_size=True)
    boxes = re.findall(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)", pdf)
    assert {(round(float(w)), round(float(h))) for w, h in boxes} <= {(595, 842), (596, 842)}
    assert 1 <= len(re.findall(rb"/Type\s*/Page\b", pdf)) <= 8
    page.set_viewport_size({"width": 700, "height": 1000})
    page.emulate_media(media="print")
    assert page.locator(".answer").evaluate("e => e.getBoundingClientRect().bottom") <= 1_000
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


@pytest.mark.parametrize("part", ["when", "funding", "evidence"])
def test_every_picture_can_be_read_on_a_telephone(browser, reports, part):
    page = browser.new_page(viewport={"width": 360, "height": 900})
    page.goto(reports["fr"].as_uri())
    page.evaluate("document.querySelectorAll('details.group').forEach(e => e.open = true)")
    heights = page.evaluate(WORDS.replace("svg text", f"#{part} svg text"))
    assert heights
    assert min(heights) >= 11
    assert page.locator(f"#{part} .narrow svg").evaluate("e => e.getBoundingClientRect().right") <= 360
    page.close()


def test_the_six_parts_are_open_on_paper_and_other_procedures_stay_folded(browser, reports):
    page = browser.new_page()
    page.goto(reports["fr"].as_uri())
    folded = page.locator("#annex details > summary").all_text_contents()
    assert any("Autres procédures ouvertes" in text for text in folded)
    assert any("Fermé" in text for text in folded)
    assert not any(
        "Ouvert à l’acheteur" in text for text in folded
    )  # told under its own heading: nothing would be inside
    page.emulate_media(media="print")
    content = "e => getComputedStyle(e, '::details-content').contentVisibility"
    assert page.locator("#why > details").evaluate(content) == "visible"
    assert page.locator("#annex details details").first.evaluate(content) == "hidden"
    page.close()


def test_where_two_totals_differ_the_reason_stands_beside_them(browser, reports):
    page = browser.new_page()
    page.goto(reports["fr"].as_uri())
    said = page.locator("#funding").text_content().replace("\u202f", " ").replace("\xa0", " ")
    assert "Le projet coûte 61 500 € ; le besoin comparé aux seuils vaut 68 000 €" in said
    assert "besoins homogènes déjà achetés ou prévus, 6 500 €" in said
    page.close()


@pytest.mark.parametrize("name", ["fr", "bare"])
def test_no_line_ends_within_the_number_of_an_article_or_an_amount(browser, reports, name):
    page = browser.new_page(viewport={"width": 360, "height": 800})
    page.goto(reports[name].as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(e => e.open = true)")
    lines = page.locator(".whole").evaluate_all("all => all.map(e => [e.textContent, e.getClientRects().length])")
    assert len(lines) > 20
    assert [text for text, on in lines if on != 1] == []
    assert any(text.endswith("2122-9-1") for text, _ in lines)
    assert any(text.endswith("HT") for text, _ in lines)
    page.close()


def test_what_is_to_be_done_stands_in_the_order_in_which_it_is_done(browser, reports):
    page = browser.new_page()
    page.goto(reports["fr"].as_uri())
    said = page.locator("#do ul.check li").all_text_contents()
    order = [
        next(i for i, text in enumerate(said) if word in text) for word in ("Définir le besoin", "signe", "Garder")
    ]
    assert order == sorted(order)
    assert order[0] == 0
    assert order[-1] == len(said) - 1
    page.close()
