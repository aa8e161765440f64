"""A small service: JSON in, JSON out; a browser that asks for HTML gets the report.

Run it with `uvicorn service_fastapi:app`. The library keeps no state: one process may serve many requests at once.
"""

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse

from qmi_rules import DocumentError, Dossier, Purchase, UnsupportedLocaleError, brief, decide, from_json, json_schema
from qmi_rules.integrations.report import to_html_report

app = FastAPI(title="Comment acheter ?")


@app.exception_handler(DocumentError)
def refused(request: Request, error: Exception) -> Response:
    """All faults at once, each with its path: a form can show them beside its fields."""
    assert isinstance(error, DocumentError)
    problems = [{"path": problem.path, "message": problem.message} for problem in error.problems]
    return JSONResponse({"problems": problems}, status_code=422)


@app.exception_handler(UnsupportedLocaleError)
def not_spoken(request: Request, error: Exception) -> Response:
    """The language of the query is none there is a catalogue for."""
    return JSONResponse({"problems": [{"path": "lang", "message": str(error)}]}, status_code=422)


@app.post("/decide")
async def decide_purchase(request: Request) -> Response:
    """A Purchase document in, a Decision document out."""
    decision = decide(from_json(await request.body(), Purchase))
    return Response(decision.to_json(), media_type="application/json")


@app.post("/brief")
async def brief_dossier(request: Request, lang: str = "fr") -> Response:
    """A Dossier document in; HTML for a browser, JSON for a program."""
    briefing = brief(from_json(await request.body(), Dossier))
    if "text/html" in request.headers.get("accept", ""):
        return HTMLResponse(to_html_report(briefing, lang))
    return Response(briefing.to_json(), media_type="application/json")


@app.get("/schema/purchase")
def purchase_schema() -> dict[str, object]:
    """What a Purchase document looks like."""
    return json_schema(Purchase)
