"""The OpenAPI document is valid, and what the service does is what it says: tried by schemathesis on every operation, from outside."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from openapi_spec_validator import validate
from servers import Server, running

from qmi_rules import json_schema
from qmi_rules.doors.http import openapi
from qmi_rules.doors.operations import shape

CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,"
    "response_schema_conformance,negative_data_rejection,unsupported_method"
)
"""All of schemathesis's that the document can be held to: that documents contradict themselves across keys no schema can say."""


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with running("--quiet") as server:
        yield server


def test_the_document_is_valid_and_the_same_for_everybody(server: Server) -> None:
    served = server.get("/openapi.json").json()
    validate(served)
    assert served == json.loads(json.dumps(openapi()))


def test_its_schemas_are_those_that_the_command_prints() -> None:
    schemas = openapi()["components"]["schemas"]
    for name in (
        "purchase",
        "dossier",
        "decision",
        "briefing",
        "calendar-check",
        "funding-plan",
        "scorecard",
        "what-if",
        "timeline",
        "law",
    ):
        cls = shape(name)
        printed, here = json_schema(cls), schemas[cls.__name__]
        assert here["properties"].keys() == printed["properties"].keys()
        assert here.get("required") == printed.get("required")
        assert printed.get("$defs", {}).keys() <= schemas.keys()


def try_all(server: Server, cases: int, phases: str, folder: Path, paths: str = ".") -> str:
    """Run schemathesis as its own program; it ends with 0 where no check failed."""
    config = folder / "schemathesis.toml"
    config.write_text("", "utf-8")
    run = subprocess.run(
        [
            *(str(Path(sys.executable).parent / "schemathesis"), "--config-file", str(config)),
            *("run", f"{server.url}/openapi.json", "--checks", CHECKS, "--mode", "all", "--phases", phases),
            *(
                "--include-path-regex",
                paths,
                "--max-examples",
                str(cases),
                "--no-color",
                "--suppress-health-check",
                "all",
            ),
            *("--seed", "20", "--generation-deterministic", "--request-timeout", "60"),
        ],
        capture_output=True,
        text=True,
        cwd=folder,
        timeout=600,
    )
    assert run.returncode == 0, run.stdout[-8_000:] + run.stderr[-2_000:]
    return run.stdout


@pytest.mark.slow
def test_a_few_made_up_requests_keep_to_it(server: Server, tmp_path: Path) -> None:
    """Of the operations whose documents are made up in no time; all of them take minutes."""
    paths = r"^/(v1/(law|communes|schemas|score)|healthz|docs|openapi)"
    assert "passed" in try_all(server, 3, "fuzzing", tmp_path, paths)


@pytest.mark.slow
def test_thousands_of_made_up_requests_of_every_operation_keep_to_it(server: Server, tmp_path: Path) -> None:
    assert "passed" in try_all(server, 100, "examples,coverage,fuzzing", tmp_path)
