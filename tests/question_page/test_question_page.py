"""The question page in a real browser, as a person uses it: what it asks, what it answers, how one goes back, what is kept."""

import gzip
import json
from datetime import date
from pathlib import Path

import pytest
from visits import PURCHASES

from qmi_rules import Dossier, decide, default_table, from_json, what_if
from qmi_rules.pages import language
from qmi_rules.procurement.whatif.search import change_line

pytestmark = pytest.mark.browser
EXAMPLES = Path(__file__).parents[2] / "examples"


def same_as_the_library(visited):
    """The card is the one that the library draws for the same dossier."""
    dossier = from_json(json.dumps(visited.dossier), Dossier)
    answer = decide(dossier.purchase).answer
    assert visited.card.get_attribute("data-procedure") == (answer.procedure or "")
    assert visited.card.get_attribute("data-competition") == answer.competition
    assert visited.headline == answer.text.splitlines()[0]
    shown = visited.card.locator(".reservations li").all_inner_texts()
    assert [text.rstrip(".").lower() for text in shown] == [one.text.rstrip(".").lower() for one in answer.reservations]
    assert visited.card.locator(".do li").count() == len(answer.do)
    return answer


@pytest.mark.parametrize("name", PURCHASES)
def test_a_purchase_is_asked_for_and_its_card_is_that_of_the_library(visit, name):
    visited = visit()
    asked = visited.go(PURCHASES[name])
    assert asked[:3] == ["buyer.kind", "contract_type", "estimated_value"]
    assert 4 <= len(asked) <= 11
    answer = same_as_the_library(visited)
    assert visited.page.locator("[data-qmi=answers] tr").count() >= len(asked) - 1
    if name == "two bicycles":
        assert (answer.competition, len(asked)) == ("not_required", 5)
        assert visited.card.locator("[data-qmi=distance]").inner_text().startswith("47\u202f999,50")
    if name == "works in lots":
        assert visited.dossier["purchase"]["lots"][1] == {"id": "clôture", "estimated_value": "30000"}
        told = visited.page.locator('[data-qmi="answers"] tr[data-fact="lots"]').inner_text()
        assert told.split("\t")[:2] == ["Lots", "3\xa0; total 130\u202f000\xa0€ HT"]
    if name == "three communes":
        assert [one["part"] for one in visited.dossier["purchase"]["members"]] == ["50000", "60000", "40000"]
    if name == "nothing known":
        assert visited.card.locator(".ladder tbody tr").count() >= 3
    assert visited.said == []
    assert len(visited.asked) == 1


def test_a_solution_that_was_tried_is_declared_and_noted_in_the_checklist(visit):
    visited = visit()
    visited.go(PURCHASES["air sensors"] | {"innovative": "tried"})
    dossier = from_json(json.dumps(visited.dossier), Dossier)
    assert dossier.purchase.innovative is True
    assert dossier.checklist.need_met_before.met is True


def test_the_card_is_there_from_the_first_answer_on(visit):
    visited = visit()
    assert visited.card.count() == 0
    visited.answer("commune")
    assert visited.card.is_visible()
    assert visited.card.get_attribute("data-competition") == "undetermined"


def test_a_contested_value_is_amber_and_names_the_safe_way(visit):
    visited = visit()
    visited.set(
        {
            "purchase": {
                "title": "Drones",
                "contract_type": "services",
                "launched_on": "2026-09-01",
                "estimated_value": "120000",
                "buyer": {"kind": "commune"},
                "innovative": True,
            }
        }
    )
    answer = same_as_the_library(visited)
    assert [one.code for one in answer.reservations][:1] == ["contested"]
    assert "en attendant, procédure sûre" in visited.headline
    assert visited.card.locator(".reservations").is_visible()
    assert "doubtful" in visited.card.get_attribute("class")


def test_nobody_knows_anything_and_it_still_ends(visit):
    visited = visit()
    asked = visited.go({})
    assert len(asked) == len(set(asked))
    assert visited.card.get_attribute("data-competition") == "undetermined"
    assert visited.said == []


def test_an_answer_that_no_longer_matters_is_kept_and_counts_for_nothing(visit):
    visited = visit()
    visited.go(PURCHASES["air sensors"] | {"innovative": "new"})
    assert visited.dossier["purchase"]["innovative"] is True
    visited.change("estimated_value", "12 000")
    assert "innovative" not in visited.dossier["purchase"]
    assert visited.page.locator('[data-qmi="answers"] tr[data-fact="innovative"]').count() == 0
    assert "Innovation" in visited.page.locator(".asleep").inner_text()
    same_as_the_library(visited)
    visited.change("estimated_value", "85 000")
    assert visited.dossier["purchase"]["innovative"] is True
    assert visited.fact is None


def test_one_goes_back_and_finds_what_one_answered(visit):
    visited = visit()
    visited.answer("commune")
    visited.answer(("works", "Cour"))
    visited.press("Précédent")
    assert visited.page.locator("input[type=radio][value=works]").is_checked()
    visited.press("Précédent")
    assert visited.page.locator("input[type=radio][value=commune]").is_checked()
    assert visited.page.get_by_role("button", name="Précédent", exact=True).count() == 0
    visited.press("Continuer")
    visited.press("Continuer")
    assert visited.fact == "estimated_value"


def test_what_is_typed_wrong_is_said_at_its_field(visit):
    visited = visit()
    visited.press("Continuer")
    assert visited.page.locator('[data-qmi="question"] .error').inner_text().startswith("Choisissez une réponse")
    visited.answer("commune")
    visited.answer(("services", ""))
    visited.page.get_by_label("Montant en euros").fill("beaucoup")
    visited.press("Continuer")
    field = visited.page.get_by_label("Montant en euros")
    assert field.get_attribute("aria-invalid") == "true"
    assert field.evaluate("field => field.getRootNode().activeElement === field")
    field.fill("102 000 TTC")
    assert "102\u202f000" in visited.page.locator('[data-qmi="question"] .echo').inner_text()
    visited.press("Continuer")
    assert visited.dossier["purchase"]["need"] == {"firm": "102000", "vat_rate": "0.20"}


def test_members_and_lots_that_disagree_are_said(visit):
    visited = visit()
    visited.go(PURCHASES["three communes"] | {"lots": [("a", "50 000"), ("b", "50 000")]})
    assert "corrigez" in visited.page.locator("[data-qmi=answers] .reservations").inner_text()
    assert "members" not in visited.dossier["purchase"]
    same_as_the_library(visited)


# --- what is kept


def test_a_refresh_loses_nothing(visit):
    visited = visit()
    for answer in ("commune", ("services", "Capteurs"), "85 000"):
        visited.answer(answer)
    before = visited.dossier
    visited.page.reload()
    assert visited.dossier == before
    assert visited.fact == "launched_on"


@pytest.mark.parametrize("way", ["location.reload()", "location.href = 'about:blank'"])
def test_an_answer_is_kept_by_who_leaves_in_the_same_moment(visit, way):
    visited = visit()
    visited.answer("commune")
    visited.choose("works")
    visited.page.evaluate(
        f"document.querySelector('qmi-rules-question-page').shadowRoot.querySelector('[data-qmi=question] button').click(); {way}"
    )
    visited.page.wait_for_load_state()
    if "blank" in way:
        visited.page.wait_for_url("about:blank")
        visited.page.go_back()
    visited.page.locator('[data-qmi="question"][data-fact="estimated_value"]').wait_for()
    assert visited.dossier["purchase"]["contract_type"] == "works"


FORBIDDEN = (
    "Object.defineProperty(window, 'sessionStorage', {get() { throw new DOMException('no', 'SecurityError'); }});"
)


def test_where_nothing_may_be_stored_the_address_keeps_it(visit):
    visited = visit(script=FORBIDDEN)
    visited.answer("commune")
    visited.answer(("services", "Capteurs"))
    before = visited.dossier
    visited.page.reload()
    assert visited.dossier == before
    assert visited.said == []


def test_the_dossier_is_saved_and_loaded_again(visit, tmp_path):
    visited = visit()
    visited.go(PURCHASES["works in lots"])
    with visited.page.expect_download() as download:
        visited.press("Enregistrer le dossier")
    path = tmp_path / "dossier.json"
    download.value.save_as(path)
    saved = from_json(path.read_text("utf-8"), Dossier)
    assert saved.purchase.value == 130_000
    other = visit()
    other.page.locator("input[type=file]").set_input_files(path)
    other.card.locator(".headline").wait_for()
    assert other.dossier == visited.dossier
    assert other.headline == visited.headline


def test_a_file_that_is_no_dossier_changes_nothing(visit, tmp_path):
    visited = visit()
    visited.answer("commune")
    before = visited.dossier
    for text in ("no JSON", "[]", '{"purchase": {"lots": [{"estimated_value": "x"}]}}'):
        path = tmp_path / "file.json"
        path.write_text(text)
        visited.page.locator("input[type=file]").set_input_files(path)
        visited.page.locator(".said.fault").wait_for()
        assert visited.dossier == before
    assert visited.said == []


@pytest.mark.parametrize(
    "example",
    [
        "dossier-pelican-cycles",
        "groupement",
        pytest.param("lots", marks=pytest.mark.slow),
        pytest.param("floware-ecomesure", marks=pytest.mark.slow),
    ],
)
def test_the_examples_come_back_as_they_were(visit, example):
    document = json.loads((EXAMPLES / f"{example}.json").read_text("utf-8"))
    dossier = document if "purchase" in document else {"purchase": document}
    visited = visit()
    visited.set(dossier)
    back = from_json(json.dumps(visited.dossier), Dossier)
    assert back == from_json(json.dumps(dossier), Dossier)
    same_as_the_library(visited)


def test_who_signs_follows_from_the_delegation_of_a_loaded_dossier(visit):
    visited = visit()
    visited.set(json.loads((EXAMPLES / "dossier-pelican-cycles.json").read_text("utf-8")))
    assert "par délégation du conseil" in visited.card.locator(".signs").inner_text()
    day = visited.dossier["purchase"]["launched_on"]
    article = default_table().sources["cgct-l2122-22"]
    address = visited.card.locator(".signs a").get_attribute("href")
    assert address == article.version_on(date.fromisoformat(day)).url != article.url
    assert visited.page.evaluate("document.querySelector('qmi-rules-question-page').decision.answer.signs.who") == (
        "mayor_by_delegation"
    )


def test_a_link_carries_the_answers_in_its_fragment(visit, browser, page_file):
    visited = visit(permissions=["clipboard-read", "clipboard-write"])
    visited.go(PURCHASES["two bicycles"])
    visited.press("Copier le lien")
    visited.page.get_by_text("Le lien est copié").first.wait_for()
    address = visited.page.evaluate("navigator.clipboard.readText()")
    assert address.startswith(page_file.as_uri() + "#")
    other = visit()
    other.page.goto(address)
    other.page.reload()
    assert other.dossier == visited.dossier


def test_a_paragraph_is_copied_for_the_file(visit):
    visited = visit(permissions=["clipboard-read", "clipboard-write"])
    visited.go(PURCHASES["two bicycles"])
    visited.press("Copier pour le dossier")
    visited.page.get_by_text("Le paragraphe est copié").first.wait_for()
    text = visited.page.evaluate("navigator.clipboard.readText()")
    assert "\n" not in text
    assert text.startswith("Deux vélos. ")
    assert visited.headline in text
    assert "Édition des règles" in text


# --- what unfolds


def test_why_and_what_if_unfold(visit):
    visited = visit()
    visited.go(PURCHASES["air sensors"] | {"innovative": "new"})
    visited.card.get_by_text("Pourquoi ?", exact=True).click()
    assert "60\u202f000" in visited.card.locator(".why .unfolded").inner_text()
    link = visited.card.locator(".why a").first
    assert link.get_attribute("href").startswith("https://www.legifrance.gouv.fr/")
    visited.card.get_by_text("Et si ?", exact=True).click()
    told = [line for line in visited.card.locator(".what-if .unfolded").inner_text().splitlines() if line]
    purchase = from_json(json.dumps(visited.dossier), Dossier).purchase
    for procedure, changes in (
        ("direct_award", what_if(purchase, "direct_award").opens),
        ("innovative_purchase", what_if(purchase, "innovative_purchase").closes),
    ):
        label = default_table().procedures[procedure].label
        at = next(i for i, line in enumerate(told) if line.endswith(f": {label}"))
        lines = [change_line(language("fr"), change) for change in changes]
        assert [line.lower() for line in told[at + 1 : at + 1 + len(lines)]] == [f"{line}.".lower() for line in lines]
    assert "baisse de 25\u202f000,01\u00a0€" in told[1]
    assert "il ne se découpe pas" in told[2]


def test_what_an_answer_does_not_change_stands(visit):
    visited = visit()
    for fact in ("buyer.kind", "contract_type", "estimated_value", "launched_on"):
        visited.answer(PURCHASES["air sensors"][fact])
    visited.card.get_by_text("Pourquoi ?", exact=True).click()
    visited.card.locator(".why .unfolded").wait_for()
    visited.page.evaluate(
        "window.stood = [...document.querySelector('qmi-rules-question-page').shadowRoot"
        ".querySelectorAll('[data-qmi=card], [data-qmi=answers] tr')]"
    )
    visited.answer("alone")
    assert visited.page.evaluate("window.stood.map(one => one.isConnected)") == [True] * 5
    assert visited.page.locator("[data-qmi=answers] tr").count() == 5
    assert "60\u202f000" in visited.card.locator(".why .unfolded").inner_text()
    visited.change("contract_type", ("works", "Cour"))
    assert visited.page.evaluate("window.stood.map(one => one.isConnected)") == [False, True, False, True, True]


COUNTED = """value => {
    const element = document.querySelector("qmi-rules-question-page"), count = {decided: 0, made: 0};
    const of = (name, object, method) => {
        const before = object[method];
        object[method] = (...given) => { count[name] += 1; return before.apply(object, given); };
    };
    for (const method of ["decide", "glance", "facts"]) of("decided", qmiEvaluator, method);
    of("made", document, "createElement");
    element.shadowRoot.querySelector("[data-qmi=question] button").click();
    return count;
}"""


def test_a_press_only_shows_what_is_worked_out_while_one_reads(visit):
    visited = visit()
    for fact in ("buyer.kind", "contract_type"):
        visited.answer(PURCHASES["air sensors"][fact])
    visited.page.locator('[data-qmi="question"] input[type=text]').fill("85 000")
    visited.page.evaluate(
        """() => new Promise(done => {
            const {drawn} = document.querySelector("qmi-rules-question-page");
            const isDrawn = () => [...drawn.keys()].some(key => key.startsWith("answer ") && key.includes("85\u202f000"));
            const look = left => isDrawn() || left === 0 ? done() : setTimeout(look, 10, left - 1);
            look(1000);
        })"""
    )
    assert visited.page.evaluate(COUNTED) == {"decided": 0, "made": 0}
    assert visited.fact == "launched_on"
    assert "Cela dépend" in visited.headline


@pytest.mark.parametrize("width", [360, 1280])
def test_what_an_answer_shows_is_laid_out_unseen_before_it_is_given(visit, width):
    visited = visit(width=width)
    visited.page.locator(".question.ahead").wait_for(state="attached")
    assert visited.page.evaluate(
        """() => {
            const root = document.querySelector("qmi-rules-question-page").shadowRoot;
            window.laid = [...root.querySelectorAll(".ahead")];
            return window.laid.map(one => [one.classList[0], one.firstChild.getBoundingClientRect().height > 20]);
        }"""
    ) == [["question", True], ["card", True], ["answers", True]]
    # it takes no place
    assert (
        visited.page.evaluate(
            "window.laid.map(one => [getComputedStyle(one).position, one.getBoundingClientRect().height > 2])"
        )
        == [["absolute", False]] * 3
    )
    # nobody finds it: no program by its hook, no person with a screen reader, no paper
    assert visited.fact == "buyer.kind"
    assert visited.card.count() == 0
    assert visited.page.get_by_role("button", name="Continuer", exact=True).count() == 1
    visited.page.emulate_media(media="print")
    assert visited.page.evaluate("window.laid.map(one => one.getClientRects().length)") == [0, 0, 0]
    visited.page.emulate_media(media="screen")
    visited.press("Je ne sais pas")
    assert visited.page.evaluate(
        "window.laid.map(one => [one.dataset.qmi, one.isConnected, one.className.includes('ahead')])"
    ) == [
        ["question", True, False],
        ["card", True, False],
        ["answers", True, False],
    ]


def test_all_ways_are_listed_with_their_status(visit):
    visited = visit()
    visited.go(PURCHASES["air sensors"] | {"innovative": "new"})
    visited.page.get_by_text("Toutes les procédures et leur état").click()
    visited.page.locator("qmi-rules-question-page .ways > li").first.wait_for()  # they are drawn after the card
    shown = visited.page.evaluate(
        "[...document.querySelector('qmi-rules-question-page').shadowRoot.querySelectorAll('.ways > li')]"
        ".map(one => [one.dataset.procedure, one.dataset.status])"
    )
    decision = decide(from_json(json.dumps(visited.dossier), Dossier).purchase)
    options = [*decision.options, *decision.arrangements]
    assert dict(shown) == {option.procedure: str(option.status) for option in options}


def test_the_open_list_of_all_ways_follows_an_answer_at_once(visit):
    visited = visit()
    visited.go(PURCHASES["air sensors"] | {"innovative": "new"})
    visited.page.get_by_text("Toutes les procédures et leur état").click()
    direct = visited.page.locator('.ways > li[data-procedure="direct_award"]')
    assert direct.locator(".status").inner_text() == "fermée"
    direct.locator("summary").click()
    assert "60\u202f000" in direct.locator(".unfolded").inner_text()
    visited.page.locator('[data-qmi="answers"] tr[data-fact="estimated_value"] button').click()
    visited.page.locator('[data-qmi="question"] input[type=text]').fill("12 000")
    told = visited.page.evaluate(
        """() => {
            const root = document.querySelector("qmi-rules-question-page").shadowRoot;
            root.querySelector("[data-qmi=question] button").click();
            const way = root.querySelector(".ways > li[data-procedure=direct_award]");
            return [way.dataset.status, way.querySelector(".status").textContent, way.querySelector(".unfolded").textContent];
        }"""
    )
    assert told[:2] == ["open", "ouverte"]
    assert "12\u202f000" in told[2]


def test_a_particular_case_counts_and_can_be_taken_back(visit):
    visited = visit()
    visited.go(PURCHASES["air sensors"] | {"innovative": "ordinary"})
    before = visited.headline
    visited.page.get_by_text("Un cas particulier ?").click()
    visited.page.get_by_role("button", name="urgence impérieuse").click()
    visited.answer(True)
    assert visited.dossier["purchase"]["extreme_urgency"] is True
    visited.go({})
    assert visited.headline != before
    same_as_the_library(visited)
    visited.change("extreme_urgency", None)
    assert "extreme_urgency" not in visited.dossier["purchase"]
    assert visited.headline == before


def test_english_at_a_click(visit):
    visited = visit()
    visited.go(PURCHASES["two bicycles"])
    visited.press("English")
    assert visited.headline.startswith("Without ")
    assert visited.page.get_by_role("button", name="Français").is_visible()
    assert visited.page.locator("qmi-rules-question-page").get_attribute("lang") == "en"
    visited.press("Français")
    same_as_the_library(visited)


# --- the hooks


def test_what_other_programs_read(visit):
    visited = visit()
    purchase = {"contract_type": "services", "launched_on": "2026-05-15", "estimated_value": "85000"}
    heard = visited.page.evaluate(
        """purchase => {
            const element = document.querySelector("qmi-rules-question-page"), heard = [];
            document.body.addEventListener("qmi-rules-change", event => heard.push(event.detail));
            element.dossier = {purchase};
            return {heard, decision: element.decision, again: element.decide(purchase), hook: window.qmiRules.decide(purchase),
                    facts: window.qmiRules.facts(purchase), edition: window.qmiRules.edition};
        }""",
        purchase,
    )
    decision = decide({"title": "x", **purchase})
    expected = {option.procedure: str(option.status) for option in decision.options}
    for found in (heard["decision"], heard["again"], heard["hook"]):
        assert {one["procedure"]: one["status"] for one in found["options"]} == expected
        assert found["answer"]["competition"] == decision.answer.competition
    assert heard["edition"] == decision.table_edition
    assert heard["facts"]["estimated_value"] == "85000"
    (event,) = heard["heard"]
    assert event["dossier"]["purchase"]["estimated_value"] == "85000"
    assert event["answer"] == event["decision"]["answer"]


# --- light, quiet


def test_it_is_light(page_file):
    assert len(gzip.compress(page_file.read_bytes(), 9)) <= 120_000
