"""The service, asked from outside: the same answers as in Python, and whatever is wrong said with its status and its faults."""

import json
import os
import socket
from base64 import b64encode
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from time import sleep
from typing import Any

import httpx
import pytest
from servers import Server, running

from qmi_rules import Dossier, Purchase, brief, decide, read
from qmi_rules.briefing.report import to_html_report
from qmi_rules.doors.cli import main
from qmi_rules.doors.operations import OPERATIONS

EXAMPLES = Path(__file__).parents[2] / "examples"
SENSORS = {
    "title": "Capteurs",
    "launched_on": "2026-05-15",
    "estimated_value": "85000",
    "contract_type": "services",
    "buyer": {"kind": "commune"},
}
DOSSIER = json.loads((EXAMPLES / "dossier-pelican-cycles.json").read_text("utf-8"))
MODIFIED = json.loads((EXAMPLES / "avenant-nettoyage.json").read_text("utf-8"))
QUESTIONS = {
    "/v1/decide": SENSORS,
    "/v1/brief": DOSSIER,
    "/v1/calendar": DOSSIER,
    "/v1/funding": DOSSIER,
    "/v1/score/replicability": {"experiment_deployed": 3},
    "/v1/modify": MODIFIED,
    "/v1/next-question": {"title": "Capteurs"},
    "/v1/what-if/innovative_purchase": SENSORS,
    "/v1/timeline": SENSORS,
}


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with running("--most-lines", "1000", "--most-bytes", "200000", "--silence", "2") as server:
        yield server


def faults(answer: httpx.Response) -> list[dict[str, Any]]:
    """The faults of a problem, once it is one as RFC 9457 has it."""
    document = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert document["status"] == answer.status_code
    assert document["type"].startswith("urn:qmi-rules:problem:")
    assert document["title"]
    return document["faults"]


# --- answers


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("detail", ["answer", "full"])
def test_a_decision_is_what_python_answers(server: Server, lang: str, detail: Any) -> None:
    answer = server.post(f"/v1/decide?lang={lang}&detail={detail}", SENSORS)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["content-language"] == lang
    assert answer.json() == decide(read(SENSORS, Purchase)).to_dict(lang, detail)


def test_the_card_is_the_default(server: Server) -> None:
    assert server.post("/v1/decide", SENSORS).json() == decide(read(SENSORS, Purchase)).to_dict("fr", "answer")


@pytest.mark.parametrize("path", QUESTIONS)
def test_every_question_is_answered(server: Server, path: str) -> None:
    answer = server.post(path, QUESTIONS[path])
    assert answer.status_code == 200, answer.text
    assert answer.json()


def test_there_is_an_address_for_every_question() -> None:
    assert {path.split("/")[2] for path in QUESTIONS} == set(OPERATIONS)


def test_a_dossier_is_taken_where_its_purchase_is(server: Server) -> None:
    assert server.post("/v1/decide", DOSSIER).json() == server.post("/v1/decide", DOSSIER["purchase"]).json()


def test_a_briefing_is_what_python_answers(server: Server) -> None:
    assert server.post("/v1/brief?detail=full", DOSSIER).json() == brief(read(DOSSIER, Dossier)).to_dict("fr")


def test_what_was_known_on_a_day_is_asked_by_that_day(server: Server) -> None:
    from datetime import date

    answer = server.post("/v1/decide?known_on=2025-11-01&detail=full", SENSORS).json()
    assert answer == decide(read(SENSORS, Purchase), known_on=date(2025, 11, 1)).to_dict()


@pytest.mark.parametrize(
    ("header", "lang"),
    [
        ("en-GB,fr;q=0.5", "en"),
        ("de, en;q=0.3, fr;q=0.8", "fr"),
        ("de", "fr"),
        ("", "fr"),
        ("en;q=0, *", "fr"),
        ("en;q=x", "fr"),
    ],
)
def test_the_language_is_the_best_that_the_reader_understands(server: Server, header: str, lang: str) -> None:
    answer = server.post("/v1/decide", SENSORS, headers={"accept-language": header})
    assert answer.headers["content-language"] == lang
    assert "accept-language" in answer.headers["vary"]


def test_the_address_wins_over_the_header(server: Server) -> None:
    answer = server.post("/v1/decide?lang=fr", SENSORS, headers={"accept-language": "en"})
    assert answer.headers["content-language"] == "fr"


def test_the_law_of_a_day_communes_schemas_and_health_are_read(server: Server) -> None:
    assert server.get("/v1/law?on=2026-05-15").json()["since"] == "2026-04-01"
    assert server.get("/v1/communes", params={"q": "meudon"}).json()["communes"][0]["insee_code"] == "92048"
    assert server.get("/v1/schemas/purchase").json()["title"] == "Purchase"
    assert server.get("/healthz").json()["status"] == "ok"


def test_the_question_page_is_served_with_the_policy_that_it_was_made_for(server: Server) -> None:
    for lang in ("fr", "en"):
        answer = server.get("/", headers={"accept": "text/html", "accept-language": lang})
        assert f'<qmi-rules-question-page lang="{lang}"' in answer.text
        policy = answer.headers["content-security-policy"]
        program = answer.text.rpartition("<script>")[2].partition("</script>")[0]
        assert b64encode(sha256(program.encode()).digest()).decode() in policy
        assert policy.startswith("default-src 'none'")
        assert policy.endswith("frame-ancestors 'none'")
    assert server.get("/", headers={"accept": "application/json"}).status_code == 406


def test_a_browser_gets_the_report_of_a_dossier(server: Server) -> None:
    answer = server.post("/v1/brief?lang=en", DOSSIER, headers={"accept": "text/html"})
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.text == to_html_report(brief(read(DOSSIER, Dossier)), "en")
    assert server.post("/v1/brief", {}, headers={"accept": "text/html"}).status_code == 422


# --- what is wrong


def test_all_faults_come_at_once_in_the_language_asked_for(server: Server) -> None:
    wrong = {"title": "x", "launched_on": "15/05/2026", "estimated_valeu": "1"}
    answer = server.post("/v1/decide?lang=en", wrong)
    assert answer.status_code == 422
    found = {one["path"]: one for one in faults(answer)}
    assert found["launched_on"]["code"] == "not_a_date"
    assert found["launched_on"]["message"].startswith("expected a date")
    assert found["estimated_valeu"]["params"]["near"] == "estimated_value"
    assert server.post("/v1/decide", wrong).json()["faults"][0]["message"] != found["launched_on"]["message"]


@pytest.mark.parametrize("path", ["/v1/decide", "/v1/next-question", "/v1/timeline"])
def test_a_key_that_no_dossier_has_is_a_fault_where_its_purchase_is_taken(server: Server, path: str) -> None:
    answer = server.post(path, DOSSIER | {"purchases": []})
    assert answer.status_code == 422
    assert [(one["path"], one["code"]) for one in faults(answer)] == [("purchases", "unknown_key")]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "not_json"),
        (b"{", "not_json"),
        (b"\xff", "not_json"),
        (b'{"a": NaN}', "not_json"),
        (b"[" * 50 + b"]" * 50, "too_deep"),
        (b'{"title": "a", "title": "b"}', "duplicate"),
    ],
)
def test_what_is_no_document_is_a_fault(server: Server, content: bytes, code: str) -> None:
    answer = server.post("/v1/decide", content=content)
    assert answer.status_code == 422
    assert code in [one["code"] for one in faults(answer)]


@pytest.mark.parametrize(
    ("query", "path", "code"),
    [
        ("lang=de", "lang", "unknown_choice"),
        ("detail=all", "detail", "unknown_choice"),
        ("known-on=2026-01-01", "known-on", "unknown_key"),
        ("known_on=hier", "known_on", "not_a_date"),
        ("lang=fr&lang=en", "lang", "duplicate"),
    ],
)
def test_a_mistaken_parameter_is_said_not_passed_over(server: Server, query: str, path: str, code: str) -> None:
    answer = server.post(f"/v1/decide?{query}", SENSORS)
    assert answer.status_code == 422
    assert [(one["path"], one["code"]) for one in faults(answer)] == [(path, code)]


@pytest.mark.parametrize(
    "path",
    [
        "/v1/score/pyproject.toml",
        "/v1/score/..%2Fx.toml",
        "/v1/what-if/theft",
        "/v1/nothing",
        "/v1/decide/",
        "/v1/law/x",
    ],
)
def test_what_has_no_such_name_is_not_found(server: Server, path: str) -> None:
    answer = server.post(path, SENSORS)
    assert answer.status_code in (404, 405)
    faults(answer)


def test_a_wrong_method_form_or_size_has_its_status(server: Server) -> None:
    assert server.get("/v1/decide").status_code == 405
    assert server.get("/v1/decide").headers["allow"] == "POST"
    for headers in (
        {"content-type": "text/plain"},
        {"content-type": "application/json; charset=latin-1"},
        {"content-encoding": "gzip"},
    ):
        answer = server.post("/v1/decide", SENSORS, headers=headers)
        assert (answer.status_code, faults(answer)) == (415, [])
    answer = server.post("/v1/decide", SENSORS, headers={"accept": "application/xml"})
    assert (answer.status_code, faults(answer)) == (406, [])
    assert server.get("/v1/law?on=2026-05-15", headers={"accept": "text/csv"}).status_code == 406
    long = server.post("/v1/decide", SENSORS | {"title": "x" * 200_000})
    assert (long.status_code, [one["code"] for one in faults(long)]) == (413, ["too_long"])
    endless = server.post("/v1/decide", content=iter([b'{"title": "', *[b"x" * 50_000] * 5]))
    assert endless.status_code == 413


def test_a_client_that_never_ends_its_sentence_is_told_so(server: Server) -> None:
    host, port = server.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=20) as slow:
        slow.sendall(
            b"POST /v1/decide HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"
        )
        assert slow.recv(4_096).startswith(b"HTTP/1.1 408 ")


# --- batches


def batch(server: Server, lines: Any, path: str = "/v1/decide", **headers: str) -> httpx.Response:
    return server.post(path, content=lines, headers={"content-type": "application/x-ndjson", **headers})


def test_a_batch_answers_line_for_line_faults_in_their_place(server: Server) -> None:
    lines = [
        json.dumps(SENSORS),
        "nonsense",
        "",
        json.dumps({"title": "x"}),
        json.dumps(SENSORS | {"title": "é"}, ensure_ascii=False),
    ]
    answer = batch(server, "\n".join(lines).encode(), path="/v1/decide?lang=en")
    assert answer.headers["content-type"] == "application/x-ndjson"
    first, *wrong, last = map(json.loads, answer.text.splitlines())
    assert first == server.post("/v1/decide?lang=en", SENSORS).json()
    assert [(one["line"], one["faults"][0]["code"]) for one in wrong] == [
        (2, "not_json"),
        (3, "not_json"),
        (4, "required"),
    ]
    assert last["answer"]["procedure"] == "adapted_procedure"


def test_lines_may_end_anyhow_and_come_in_any_pieces(server: Server) -> None:
    text = (json.dumps(SENSORS) + "\r\n") * 3
    pieces = [text.encode()[i : i + 7] for i in range(0, len(text), 7)]
    assert len(batch(server, iter(pieces)).text.splitlines()) == 3
    assert batch(server, b"").text == ""


def test_other_questions_take_batches_too(server: Server) -> None:
    for path, document in QUESTIONS.items():
        (line,) = batch(server, json.dumps(document).encode(), path).text.splitlines()
        assert json.loads(line) == server.post(path, document).json()
    assert batch(server, b"{}", "/v1/what-if/theft").status_code == 404


def test_lines_and_bytes_of_a_batch_are_bounded(server: Server) -> None:
    answers = [json.loads(line) for line in batch(server, b"[]\n" * 1_500).text.splitlines()]
    assert [one["line"] for one in answers] == [*range(1, 1_002)]
    assert answers[-1]["faults"][0]["code"] == "too_long"
    long = batch(server, b'{"title": "' + b"x" * 300_000 + b'"}\n[]\n').text.splitlines()
    assert [(one["line"], one["faults"][0]["code"]) for one in map(json.loads, long)] == [
        (1, "too_long"),
        (2, "wrong_type"),
    ]


def test_answers_can_be_read_while_lines_are_sent(server: Server) -> None:
    host, port = server.url.removeprefix("http://").split(":")
    line = json.dumps(SENSORS).encode() + b"\n"
    with socket.create_connection((host, int(port)), timeout=20) as client:
        client.sendall(
            b"POST /v1/decide HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n"
            + f"{len(line):x}\r\n".encode() + line + b"\r\n"
        )  # fmt: skip
        seen = b""
        while b'"answer"' not in seen:
            seen += client.recv(65_536)
        client.sendall(b"0\r\n\r\n")
        while not seen.endswith(b"0\r\n\r\n"):
            seen += client.recv(65_536)
    assert seen.startswith(b"HTTP/1.1 200 OK")


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").is_file(), reason="reads /proc")
def test_a_hundred_thousand_purchases_take_the_memory_of_a_few(server: Server) -> None:
    """Memory, not time: sent whole before a byte of the answer is read, as most clients do."""
    line = json.dumps(SENSORS).encode() + b"\n"

    def largest() -> int:
        status = Path(f"/proc/{server.process.pid}/status").read_text()
        return int(status.partition("VmHWM:")[2].split()[0])

    with running("--quiet") as server:
        batch(server, line * 100)
        before, count = largest(), 0
        with httpx.stream(
            "POST",
            server.url + "/v1/decide",
            content=(line * 1_000 for _ in range(100)),
            headers={"content-type": "application/x-ndjson"},
            timeout=600,
        ) as answer:
            for piece in answer.iter_bytes():
                count += piece.count(b"\n")
        assert count == 100_000
        assert largest() - before < 40_000  # kB


# --- around


def test_a_browser_may_only_read_what_it_is_given(server: Server) -> None:
    for path in ("/healthz", "/docs", "/openapi.json", "/nothing"):
        headers = server.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["content-security-policy"].startswith("default-src 'none'")
        assert "access-control-allow-origin" not in headers
    assert "http" not in server.get("/docs").text.replace("HTTP", "").split("<h2>Documents")[0]
    assert "<script" not in server.get("/docs").text


def test_what_is_not_the_usual_is_asked_for(server: Server) -> None:
    """Other origins read answers, and an answer that takes too long is given up: one server for both, since starting one takes its time."""
    origin = {"origin": "https://www.example.org"}
    assert "access-control-allow-origin" not in server.get("/healthz", headers=origin).headers
    with running("--cors", "https://www.example.org", "--most-seconds", "0.2") as server:
        allowed = server.post("/v1/decide", SENSORS, headers=origin)
        assert allowed.headers["access-control-allow-origin"] == "https://www.example.org"
        other = server.post("/v1/decide", SENSORS, headers={"origin": "https://example.net"})
        assert "access-control-allow-origin" not in other.headers
        _gives_up_what_takes_too_long(server)


def _gives_up_what_takes_too_long(server: Server) -> None:
    lots = [{"id": str(i), "estimated_value": "30000"} for i in range(300)]
    answer = server.post("/v1/decide?detail=full", {"title": "x", "launched_on": "2026-05-15", "lots": lots})
    assert answer.status_code == 503
    assert answer.headers["retry-after"]
    # the thread is free again, and the service answers
    assert server.post("/v1/next-question", SENSORS).status_code in (200, 503)
    lines = server.post("/v1/timeline", content=b"[]\n", headers={"content-type": "application/x-ndjson"}).text
    assert json.loads(lines)["line"] == 1


def test_what_is_given_up_is_not_worked_on() -> None:
    lots = [{"id": str(i), "estimated_value": "30000"} for i in range(300)]
    slow = json.dumps({"title": "x", "launched_on": "2026-05-15", "lots": lots}).encode()
    with running("--most-seconds", "0.2") as server, ThreadPoolExecutor(6) as clients:
        busy = Path(f"/proc/{server.process.pid}/stat")
        if not busy.exists():
            pytest.skip("this system does not tell how long a process was busy")

        def seconds() -> float:
            user, system = busy.read_text().rpartition(")")[2].split()[11:13]
            return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")

        answers = [*clients.map(lambda _: server.post("/v1/decide?detail=full", content=slow), range(6))]
        assert [answer.status_code for answer in answers] == [503] * 6
        sleep(0.5)
        before = seconds()
        sleep(0.5)
        assert seconds() - before < 0.1


def test_it_ends_when_told_to_and_answers_what_is_under_way() -> None:
    lots = [{"id": str(i), "estimated_value": "30000"} for i in range(40)]
    body = json.dumps({"title": "secret", "launched_on": "2026-05-15", "lots": lots}).encode()
    head = f"POST /v1/decide?detail=full HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    with running() as server:
        host, port = server.url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), timeout=60) as client:
            client.sendall(head.encode() + body)
            assert server.get("/healthz").status_code == 200  # it came later: the other one is under way
            status, log = server.stop()
            assert client.recv(4_096).startswith(b"HTTP/1.1 200 OK")
    assert status == 0
    assert [line["event"] for line in log] == ["request", "request", "stopped"]
    decided = next(line for line in log if line.get("path") == "/v1/decide")
    assert decided.keys() == {"event", "method", "path", "status", "ms", "bytes_out"}
    assert "secret" not in json.dumps(log)


@pytest.mark.slow
def test_several_processes_answer_and_end() -> None:
    with running("--workers", "2") as server:
        assert server.post("/v1/decide", SENSORS).status_code == 200
        status, log = server.stop()
    assert status == 0
    assert log[-1] == {"event": "stopped"}


@pytest.mark.parametrize(
    "arguments",
    [
        ("--workers", "0"),
        ("--port", "99999"),
        ("--host", "192.0.2.1"),
        ("--table", "nowhere.toml"),
        ("--most-seconds", "-1"),
    ],
)
def test_what_cannot_be_served_is_said_once(arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["serve", "--port", "0", *arguments])
    assert ended.value.code == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
