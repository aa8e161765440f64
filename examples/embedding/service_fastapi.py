"""A small service: documents and results stand in the routes as they are; a browser that asks for HTML gets the report.

Run it with `uvicorn service_fastapi:app`; `/docs` shows what goes in and what comes out. The library keeps no state: one process may
serve many requests at once.
"""

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse

from qmi_rules import Dossier, Purchase, UnsupportedLocaleError, brief, decide
from qmi_rules.briefing.report import to_html_report
from qmi_rules.procurement import Decision
from qmi_rules.question_page import PageOptions, page_html

app = FastAPI(title="Comment acheter ?")
QUESTIONS = {lang: page_html(PageOptions(lang=lang)) for lang in ("fr", "en")}


@app.exception_handler(RequestValidationError)
def refused(request: Request, error: Exception) -> Response:
    """All faults at once, each with its place and its words in the reader's language: a form shows them beside its fields."""
    assert isinstance(error, RequestValidationError)
    lang = "en" if request.headers.get("accept-language", "fr").startswith("en") else "fr"
    faults = [
        {"loc": one["loc"][1:], "code": one["type"], "message": one.get("ctx", {}).get(lang, one["msg"])}
        for one in error.errors()
    ]
    return JSONResponse({"faults": faults}, status_code=422)


@app.exception_handler(UnsupportedLocaleError)
def not_spoken(request: Request, error: Exception) -> Response:
    """The language of the query is none there is a catalogue for."""
    return JSONResponse({"faults": [{"loc": ["lang"], "message": str(error)}]}, status_code=422)


@app.post("/decide")
def decide_purchase(purchase: Purchase) -> Decision:
    """A Purchase document in, a Decision document out."""
    return decide(purchase)


@app.post("/brief")
def brief_dossier(dossier: Dossier, request: Request, lang: str = "fr") -> Response:
    """A Dossier document in; HTML for a browser, JSON for a program."""
    briefing = brief(dossier)
    if "text/html" in request.headers.get("accept", ""):
        return HTMLResponse(to_html_report(briefing, lang))
    return Response(briefing.to_json(lang=lang), media_type="application/json")


@app.get("/achats")
def ask(lang: str = "fr") -> Response:
    """The question page: it asks, answers in the browser and saves the dossier that `/brief` takes."""
    return HTMLResponse(QUESTIONS.get(lang, QUESTIONS["fr"]))
