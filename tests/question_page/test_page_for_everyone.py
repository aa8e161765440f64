"""The question page for everyone: by keyboard, read aloud, on a telephone, enlarged, in the dark, on paper, inside another page, whatever is written into it."""

import json
import re
from itertools import pairwise
from pathlib import Path

import pytest
from visits import PURCHASES

from qmi_rules import Dossier, decide, default_table, from_json, load_table
from qmi_rules.catalogues import printed
from qmi_rules.question_page import PageOptions, page_script, write_page
from service.servers import running

pytestmark = pytest.mark.browser
axe = pytest.importorskip("axe_playwright_python.sync_playwright")
EXAMPLES = Path(__file__).parents[2] / "examples"
HOSTILE_DUTY = "Demander </script><script>alert(3)</script><!-- trois devis"
HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(2)> \u202egauche\u202c **gras** {amount} 🚲"


def faults_of(visited):
    found = axe.Axe().run(visited.page)
    return found.generate_report() if found.violations_count else ""


@pytest.mark.parametrize(
    ("width", "scheme"),
    [
        (360, "light"),
        (1280, "dark"),
        pytest.param(360, "dark", marks=pytest.mark.slow),
        pytest.param(1280, "light", marks=pytest.mark.slow),
    ],
)
def test_axe_finds_nothing_from_the_first_question_to_the_end(visit, width, scheme):
    visited = visit(width=width, color_scheme=scheme)
    assert faults_of(visited) == ""
    visited.answer("commune")
    visited.answer(("services", "Mesure du bruit"))
    visited.answer(None)
    visited.answer("mars 2027")
    visited.choose("together")
    assert faults_of(visited) == ""
    visited.answer(["50 000", "60 000"])
    visited.go({})
    for summary in ("Un cas particulier ?", "Pourquoi ?", "Et si ?", "Toutes les procédures et leur état"):
        visited.page.get_by_text(summary, exact=True).click()
    assert faults_of(visited) == ""


@pytest.mark.parametrize(
    "width", [360, pytest.param(320, marks=pytest.mark.slow), pytest.param(640, marks=pytest.mark.slow)]
)
def test_nothing_runs_over_the_edge(visit, width):
    visited = visit(width=width)
    for fact in ("buyer.kind", "contract_type", "estimated_value", "launched_on"):
        assert visited.page.evaluate("document.documentElement.scrollWidth") <= width
        visited.answer(PURCHASES["works in lots"][fact])
    visited.answer("alone")
    visited.choose("several")
    assert visited.page.evaluate("document.documentElement.scrollWidth") <= width
    visited.answer(PURCHASES["works in lots"]["lots"])
    visited.go({})
    visited.page.get_by_text("Toutes les procédures et leur état").click()
    visited.card.get_by_text("Pourquoi ?", exact=True).click()
    assert visited.page.evaluate("document.documentElement.scrollWidth") <= width


def test_on_a_telephone_the_card_stays_in_view(visit):
    visited = visit(width=360)
    visited.page.set_viewport_size({"width": 360, "height": 640})
    for fact in ("buyer.kind", "contract_type", "estimated_value"):
        visited.answer(PURCHASES["air sensors"][fact])
    for position in (0, 200, 100_000):
        visited.page.evaluate(f"window.scrollTo(0, {position})")
        box = visited.card.bounding_box()
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= 641
        assert visited.card.locator(".headline").is_visible()
    assert not visited.card.locator(".signs").is_visible()
    visited.press("Voir toute la fiche")
    assert visited.card.locator(".signs").is_visible()


def test_headings_go_down_one_level_at_a_time(visit):
    visited = visit()
    visited.go(PURCHASES["air sensors"])
    levels = visited.page.evaluate(
        "[...document.querySelector('qmi-rules-question-page').shadowRoot.querySelectorAll('h1,h2,h3')].map(h => +h.tagName[1])"
    )
    assert levels[0] == 1
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels))


FOCUSED = """() => { let at = document.activeElement; while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
    return [at?.tagName, at?.type ?? "", at?.value ?? "", at?.textContent ?? ""]; }"""


def tab_to(page, wanted):
    for _ in range(40):
        page.keyboard.press("Tab")
        found = page.evaluate(FOCUSED)
        if wanted(*found):
            return
    raise AssertionError("never reached by keyboard")


def test_the_keyboard_is_enough(visit):
    visited = visit()
    keys = visited.page.keyboard
    tab_to(visited.page, lambda tag, kind, *_: kind == "radio")
    keys.press("Space")
    keys.press("Enter")
    assert visited.fact == "contract_type"
    assert visited.page.evaluate(FOCUSED)[0] == "H2"
    tab_to(visited.page, lambda tag, kind, *_: kind == "radio")
    keys.press("Space")
    keys.press("ArrowDown")
    keys.press("ArrowDown")
    keys.press("Enter")
    assert visited.dossier["purchase"]["contract_type"] == "services"
    tab_to(visited.page, lambda tag, kind, *_: kind == "text")
    keys.type("12 000,50")
    keys.press("Enter")
    assert visited.fact == "launched_on"
    tab_to(visited.page, lambda *found: found[3] == "Je ne sais pas")
    keys.press("Enter")
    tab_to(visited.page, lambda *found: found[3] == "Précédent")
    keys.press("Space")
    assert visited.fact == "launched_on"
    tab_to(visited.page, lambda *found: found[3] == "Modifier")
    keys.press("Enter")
    assert visited.fact == "buyer.kind"


def test_a_new_answer_is_told_to_who_does_not_see_it(visit):
    visited = visit()
    told = visited.page.locator("qmi-rules-question-page [role=status]").last
    visited.answer("commune")
    assert "Cela dépend du montant" in told.inner_text()
    visited.answer(("services", ""))
    visited.answer("12 000")
    assert "Sans publicité ni mise en concurrence" in told.inner_text()


@pytest.mark.parametrize(
    "name",
    [
        "works in lots",
        pytest.param("air sensors", marks=pytest.mark.slow),
        pytest.param("nothing known", marks=pytest.mark.slow),
    ],
)
def test_the_card_prints_on_one_page(visit, name):
    visited = visit()
    visited.go(PURCHASES[name])
    pdf = visited.page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1
    boxes = re.findall(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)", pdf)
    assert {(round(float(w)), round(float(h))) for w, h in boxes} <= {(595, 842), (596, 842)}
    visited.page.emulate_media(media="print")
    assert visited.card.locator(".signs").is_visible()
    assert not visited.page.get_by_role("button", name="Imprimer la fiche").is_visible()


# --- whatever is written into it


def test_a_hostile_title_stays_text(visit):
    visited = visit()
    visited.go(PURCHASES["two bicycles"] | {"contract_type": ("supplies", HOSTILE)})
    visited.page.reload()
    assert HOSTILE in visited.card.locator(".title").text_content()
    assert visited.page.locator("qmi-rules-question-page img, qmi-rules-question-page script").count() == 0
    assert visited.said == []
    assert len(visited.asked) == 2  # the page, and the same again
    assert from_json(json.dumps(visited.dossier), Dossier).purchase.title == HOSTILE


@pytest.fixture(scope="module")
def local_page(tmp_path_factory):
    folder = tmp_path_factory.mktemp("local")
    rules = (EXAMPLES / "regles-locales.toml").read_text("utf-8")
    rules = rules.replace("Demander trois devis", HOSTILE_DUTY)
    (folder / "rules.toml").write_text(rules, "utf-8")
    table = load_table(folder / "rules.toml").over(default_table())
    write_page(folder / "page.html", PageOptions(table=table))
    return folder / "page.html", table


def test_local_rules_are_in_the_page_and_stay_text(visit, local_page):
    path, table = local_page
    visited = visit(path)
    purchase = {
        "title": "Bancs",
        "contract_type": "supplies",
        "launched_on": "2026-09-01",
        "estimated_value": "20000",
        "buyer": {"kind": "commune"},
    }
    visited.set({"purchase": purchase})
    answer = decide(purchase, table=table).answer
    assert visited.headline == answer.text.splitlines()[0]
    assert visited.card.get_attribute("data-competition") == answer.competition
    assert visited.card.locator(".do li").all_inner_texts() == [printed(table.duties[duty].label) for duty in answer.do]
    assert "three_quotes" in answer.do
    assert visited.said == []


# --- inside other pages, and where scripts may not stand in a page


def test_beside_its_script_for_sites_that_forbid_inline_ones(visit, tmp_path):
    write_page(tmp_path / "here" / "page.html", external=tmp_path / "static")
    html = (tmp_path / "here" / "page.html").read_text("utf-8")
    assert re.findall(r"<script(?! src=)|<style|style=|onclick", html) == []
    assert "script-src 'self'" in html
    visited = visit(tmp_path / "here" / "page.html")
    visited.go(PURCHASES["two bicycles"])
    assert visited.card.get_attribute("data-competition") == "not_required"
    assert visited.said == []
    assert [url.rsplit("/", 1)[-1].split(".", 1)[-1] for url in visited.asked] == ["html", "css", "js"]


def test_one_tag_in_a_page_of_ones_own(visit, tmp_path):
    (tmp_path / "page.js").write_text(page_script(), "utf-8")
    (tmp_path / "own.html").write_text(
        """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Town</title><script src="page.js" defer></script>
        <style>* { color: red !important; font-size: 40px } button { display: none } qmi-rules-question-page { --qmi-accent: rgb(1, 2, 3) }</style>
        </head><body><h1>Town</h1><qmi-rules-question-page lang="en"></qmi-rules-question-page></body></html>""",
        "utf-8",
    )
    visited = visit(tmp_path / "own.html")
    button = visited.page.get_by_role("button", name="Continue", exact=True)
    assert button.evaluate("one => getComputedStyle(one).backgroundColor") == "rgb(1, 2, 3)"
    assert visited.page.locator("h1").all_inner_texts() == ["Town"]
    visited.choose("commune")
    button.click()
    assert visited.headline.startswith("That depends") or visited.headline
    assert visited.said == []


def test_the_law_in_it_cannot_end_its_script(local_page):
    html = local_page[0].read_text("utf-8")
    data = re.search(r'<script type="application/json" id="qmi-rules-data">(.*?)</script>', html, re.DOTALL)[1]
    assert "<" not in data
    assert json.loads(data)["rows"]["format"] == "qmi-rules/rows/1"
    assert html.count("</script>") == 2


@pytest.fixture(scope="module")
def served():
    """`qmi-rules serve`, a process of its own."""
    with running("--quiet") as server:
        yield f"{server.url}/"


def test_served_it_finds_the_commune_and_opens_the_briefing(visit, served):
    visited = visit(locale="fr-FR")
    visited.page.goto(served)
    visited.page.get_by_label("Nom de la commune").fill("meudon")
    visited.page.get_by_role("button", name="Meudon (Hauts-de-Seine)").click()
    visited.press("Continuer")
    assert visited.dossier["purchase"]["buyer"] == {"kind": "commune", "insee_code": "92048"}
    visited.answer(("services", "Capteurs </h1><script>alert(1)</script>"))
    visited.go({"estimated_value": "12 000", "launched_on": "mars 2027", "joint": "alone"})
    with visited.page.expect_popup() as popup:
        visited.press("Ouvrir la note complète")
    note = popup.value
    note.get_by_role("heading", name="Capteurs </h1><script>alert(1)</script>").first.wait_for()
    note.get_by_text(visited.headline).first.wait_for()
    assert "sans-serif" in note.locator("body").evaluate("body => getComputedStyle(body).fontFamily")
    assert note.locator("details").count() >= 4
    assert {url for url in visited.asked if not url.startswith("file:")} == {
        served,
        f"{served}v1/communes?q=meudon",
        f"{served}v1/brief?lang=fr",
    }
    assert visited.said == []


def test_served_it_says_when_no_commune_has_the_name(visit, served):
    visited = visit(locale="fr-FR")
    visited.page.goto(served)
    visited.page.get_by_label("Nom de la commune").fill("zzzzz")
    visited.page.get_by_text("Aucune commune de ce nom").wait_for()
    visited.answer("ept")
    assert visited.dossier["purchase"]["buyer"] == {"kind": "ept"}
