"""Documents and results stand in pydantic models and FastAPI routes; their faults are pydantic's errors, in French and in English."""

import json
import re
from datetime import date
from typing import Any

import pytest

from qmi_rules import Dossier, Purchase, decide
from qmi_rules.procurement import Decision

pydantic = pytest.importorskip("pydantic")
FILLED: dict[str, Any] = {"title": "Capteurs", "launched_on": "2026-05-15", "estimated_value": "85000.50"}
FAULTY = {"title": "", "launched_on": "2026-05-15", "lots": [{"id": "1", "estimated_value": "85 000"}]}


class Request(pydantic.BaseModel):
    purchase: Purchase
    reference: str = ""


def test_a_model_reads_and_writes_a_document():
    request = Request.model_validate({"purchase": FILLED})
    assert request.purchase == Purchase(title="Capteurs", launched_on=date(2026, 5, 15), estimated_value="85000.50")
    assert request.model_dump()["purchase"] == FILLED
    assert Request.model_validate_json(request.model_dump_json()) == request
    assert Request(purchase=request.purchase) == request


@pytest.mark.parametrize(
    ("number", "kept"), [("85000.50", "85000.5"), ("0.1", "0.1"), ("999999999999.99", "999999999999.99"), ("3", "3")]
)
def test_a_json_number_is_the_amount_that_was_written(number, kept):
    text = f'{{"purchase": {{"title": "x", "launched_on": "2026-05-15", "lots": [{{"id": "1", "estimated_value": {number}}}]}}}}'
    for request in (Request.model_validate_json(text), Request.model_validate(json.loads(text))):
        assert str(request.purchase.lots[0].estimated_value) == kept


@pytest.mark.parametrize("number", ["1e300", "NaN", "0.125", "-1.5"])
def test_a_json_number_that_is_no_amount_is_refused(number):
    with pytest.raises(pydantic.ValidationError):
        Request.model_validate(
            json.loads(f'{{"purchase": {{"title": "x", "launched_on": "2026-05-15", "estimated_value": {number}}}}}')
        )


def test_faults_are_errors_at_their_place_in_both_languages():
    with pytest.raises(pydantic.ValidationError) as caught:
        Request.model_validate({"purchase": FAULTY, "reference": 3})
    errors = {error["loc"]: error for error in caught.value.errors()}
    assert errors.keys() == {
        ("purchase", "title"), ("purchase", "lots", 0, "estimated_value"), ("reference",),
    }  # fmt: skip
    amount = errors["purchase", "lots", 0, "estimated_value"]
    assert amount["type"] == "not_an_amount"
    assert amount["msg"].startswith("attendu")
    assert amount["ctx"]["en"].startswith("expected")


def test_the_schema_of_a_model_stands_alone():
    for cls in (Request, pydantic.create_model("Of", dossier=(Dossier, ...), decision=(Decision, ...))):
        schema = cls.model_json_schema()
        named = set(re.findall(r'"#/\$defs/(\w+)"', json.dumps(schema)))
        assert named <= schema["$defs"].keys()
        assert not any("$ref" in json.dumps(schema["$defs"][name]) for name in named - {"Request"})
    purchase = Request.model_json_schema()["$defs"]["Purchase"]
    assert purchase["properties"]["lots"]["items"]["properties"]["id"]["minLength"] == 1


def test_a_route_takes_a_purchase_and_gives_a_decision_as_it_stands():
    fastapi = pytest.importorskip("fastapi")
    testclient = pytest.importorskip("fastapi.testclient")
    app = fastapi.FastAPI()

    @app.post("/decide")
    def route(purchase: Purchase) -> Decision:
        return decide(purchase)

    client = testclient.TestClient(app)
    answer = client.post("/decide", json=FILLED)
    assert answer.json() == decide(Purchase(**FILLED)).to_dict()
    refused = client.post("/decide", json=FAULTY)
    assert refused.status_code == 422
    assert ["body", "lots", 0, "estimated_value"] in [error["loc"] for error in refused.json()["detail"]]
    hostile = client.post(
        "/decide", content='{"title": NaN, "launched_on": "2026-05-15"}', headers={"content-type": "application/json"}
    )
    assert hostile.status_code == 422
    named = client.get("/openapi.json").json()["components"]["schemas"]
    assert "launched_on" in named["Purchase"]["properties"]
    assert "options" in named["Decision"]["properties"]
