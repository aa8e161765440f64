"""The examples of an integrator run: a FastAPI service, a Django view, a program in any language."""

import json
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"
EMBEDDING = EXAMPLES / "embedding"
PURCHASE = {"title": "Capteurs", "contract_type": "services", "launched_on": "2026-05-15", "estimated_value": "85000"}
DOSSIER = (EXAMPLES / "dossier-pelican-cycles.json").read_text("utf-8")


@pytest.fixture(scope="module")
def service():
    pytest.importorskip("fastapi")
    testclient = pytest.importorskip("fastapi.testclient")
    return testclient.TestClient(runpy.run_path(str(EMBEDDING / "service_fastapi.py"))["app"])


def test_the_service_answers_json(service):
    answer = service.post("/decide", json=PURCHASE)
    assert answer.status_code == 200
    assert answer.json()["lightest"] == "adapted_procedure"


def test_the_service_answers_html_to_a_browser(service):
    answer = service.post("/brief?lang=en", content=DOSSIER, headers={"accept": "text/html"})
    assert answer.status_code == 200
    assert answer.text.startswith("<!doctype html>")
    assert '<html lang="en">' in answer.text


def test_the_service_names_every_fault_with_its_path(service):
    answer = service.post("/decide", json=PURCHASE | {"launched_on": "soon", "colour": "green"})
    assert answer.status_code == 422
    faults = {fault["loc"][0]: fault for fault in answer.json()["faults"]}
    assert {name: fault["code"] for name, fault in faults.items()} == {
        "launched_on": "not_a_date",
        "colour": "unknown_key",
    }
    assert faults["launched_on"]["message"].startswith("attendu")
    english = service.post("/decide", json=PURCHASE | {"launched_on": "soon"}, headers={"accept-language": "en-GB"})
    assert english.json()["faults"][0]["message"].startswith("expected a date")


def test_the_service_shows_what_goes_in_and_what_comes_out(service):
    page = service.get("/openapi.json").json()
    route, named = page["paths"]["/decide"]["post"], page["components"]["schemas"]
    assert route["requestBody"]["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/Purchase"}
    assert route["responses"]["200"]["content"]["application/json"]["schema"] == {
        "$ref": "#/components/schemas/Decision"
    }
    assert {"Purchase", "Decision", "Dossier"} < named.keys()  # by name: a client that is generated has these classes
    assert "launched_on" in named["Purchase"]["properties"]
    assert "options" in named["Decision"]["properties"]


def test_the_service_refuses_a_language_it_does_not_speak(service):
    assert service.post("/brief?lang=tlh", content=DOSSIER, headers={"accept": "text/html"}).status_code == 422


def test_the_service_serves_the_question_page(service):
    assert '<html lang="fr">' in service.get("/achats").text
    assert '<qmi-rules-question-page lang="en"' in service.get("/achats?lang=en").text


@pytest.fixture(scope="module")
def django_client():
    pytest.importorskip("django")
    sys.path.insert(0, str(EMBEDDING))
    try:
        import view_django  # noqa: F401
    finally:
        sys.path.pop(0)
    from django.test import Client

    return Client()


def test_the_django_view_answers_json_and_html(django_client):
    answer = django_client.post("/decide", json.dumps(PURCHASE), content_type="application/json")
    assert answer.json()["lightest"] == "adapted_procedure"
    answer = django_client.post("/brief", DOSSIER, content_type="application/json", HTTP_ACCEPT="text/html")
    assert answer.content.startswith(b"<!doctype html>")


def test_the_django_view_names_every_fault(django_client):
    answer = django_client.post("/decide", "{}", content_type="application/json")
    assert answer.status_code == 422
    assert answer.json()["format"] == "qmi-rules/faults/1"
    assert {fault["path"] for fault in answer.json()["faults"]} == {"title", "launched_on"}


def test_the_django_form_shows_each_fault_at_its_field_in_french(django_client):
    typed = {"title": "Capteurs", "launched_on": "15/05/2026", "estimated_value": "85 000"}
    page = django_client.post("/", typed).content.decode()
    assert page.count('class="errorlist"') == page.count("attendu") == 2
    assert "pas d’espaces" in page
    page = django_client.post("/", typed | {"launched_on": "2026-05-15", "estimated_value": "85000"}).content.decode()
    assert "Achat public innovant" in page


def test_the_django_page_holds_the_element_and_serves_its_script(django_client):
    page = django_client.get("/achats").content.decode()
    assert "<qmi-rules-question-page" in page
    script = django_client.get("/achats.js")
    assert script["content-type"].startswith("text/javascript")
    assert "qmi-rules-question-page" in script.content.decode()


def test_a_program_in_any_language_calls_the_command(tmp_path):
    scripts = str(Path(sys.executable).parent)
    run = subprocess.run(
        ["sh", str(EMBEDDING / "call_from_any_language.sh")],
        capture_output=True,
        cwd=tmp_path,
        env={"PATH": f"{scripts}:/usr/bin:/bin"},
        check=True,
        timeout=600,
    )
    out = run.stdout.decode()
    assert '"lightest":"innovative_purchase"' in out
    faults = json.loads(out.partition("refused: ")[2])["faults"]
    assert [(fault["code"], fault["path"]) for fault in faults] == [("unknown_key", "colour")]
