"""Round trips of the protocol with its own SDK's client: over standard input and output, and over local HTTP."""

import asyncio
import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Awaitable, Callable, Iterator
from datetime import date
from importlib.util import find_spec
from typing import Any

import pytest
from assistant_dialogues import dialogues

from qmi_rules import decide, default_table
from qmi_rules.doors.mcp import TOOLS, call
from qmi_rules.doors.operations import SHAPES

if find_spec("mcp") is None:
    pytest.skip("needs the SDK of the protocol", allow_module_level=True)
COMMAND = [sys.executable, "-c", "from qmi_rules.doors.cli import main; main()", "mcp"]
TURNS = list(dialogues())


def sdk() -> Any:
    """Loaded by the worker that talks: it takes two seconds."""
    import mcp

    return mcp


def talk(server: Any, say: Callable[[Any], Awaitable[Any]]) -> Any:
    async def whole() -> Any:
        async with sdk().Client(server) as client:
            return await say(client)

    return asyncio.run(asyncio.wait_for(whole(), 60))


async def everything(client: Any) -> dict[str, Any]:
    """Every tool, every kind of resource, faults and a question, in one connection."""
    tools = (await client.list_tools()).tools
    resources = (await client.list_resources()).resources
    schema = await client.read_resource("qmi-rules://schemas/purchase")
    glossary = await client.read_resource("qmi-rules://glossary")
    answers = [await client.call_tool("decide", {"purchase": turn}) for turns in TURNS[::6] for turn in turns]
    faults = await client.call_tool("decide", {"purchase": {"titel": "x"}})
    return {
        "tools": {tool.name: tool for tool in tools},
        "resources": [str(resource.uri) for resource in resources],
        "schema": json.loads(schema.contents[0].text),
        "glossary": glossary.contents[0].text,
        "answers": answers,
        "faults": faults,
        "instructions": client.instructions if hasattr(client, "instructions") else None,
    }


def check(found: dict[str, Any]) -> None:
    assert list(found["tools"]) == list(TOOLS)
    for tool in found["tools"].values():
        assert tool.annotations.read_only_hint is True
        assert tool.annotations.destructive_hint is False
        assert tool.annotations.open_world_hint is False
    assert {f"qmi-rules://schemas/{name}" for name in SHAPES} | {"qmi-rules://glossary"} == set(found["resources"])
    assert found["schema"]["title"] == "Purchase"
    assert "gré à gré" in found["glossary"]
    asked = [turn for turns in TURNS[::6] for turn in turns]
    for turn, answer in zip(asked, found["answers"], strict=True):
        wanted = call("decide", {"purchase": turn}, default_table())
        assert answer.content[0].text == wanted.text
        assert answer.structured_content == json.loads(wanted.text)
        assert not answer.is_error
        if "launched_on" in turn:
            direct = decide(
                {**turn, "estimated_value": str(turn["estimated_value"])} if "estimated_value" in turn else turn
            )
            assert answer.structured_content["answer"]["procedure"] == direct.answer.procedure
            assert answer.structured_content["answer"]["text"] == direct.answer.text
    assert found["faults"].is_error
    assert {one["path"] for one in found["faults"].structured_content["faults"]} >= {"purchase.titel", "purchase.title"}


def test_over_standard_input_and_output() -> None:
    server = sdk().StdioServerParameters(command=COMMAND[0], args=COMMAND[1:], env={**os.environ})
    check(talk(server, everything))


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A server of our own over HTTP, on a free port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [*COMMAND, "--http", "--port", str(port)], stderr=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        for _ in range(600):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            assert process.poll() is None, process.stderr and process.stderr.read()
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}/mcp"
    finally:
        process.terminate()
        out, err = process.communicate(timeout=120)
    assert out == b""
    assert b"Traceback" not in err


def test_over_local_http(address: str) -> None:
    check(talk(address, everything))


@pytest.mark.parametrize("header", [{"Host": "evil.example"}, {"Origin": "https://evil.example"}])
def test_a_page_of_another_origin_does_not_reach_the_tools(address: str, header: dict[str, str]) -> None:
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/list"}).encode()
    headers = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream", **header}
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(urllib.request.Request(address, body, headers), timeout=10)
    assert refused.value.code in (403, 421)
    refused.value.close()


def test_in_process_with_the_law_and_the_day_of_knowledge_of_ones_own() -> None:
    from qmi_rules.doors.mcp import make_server

    purchase = {"title": "x", "launched_on": "2026-05-15", "contract_type": "services", "estimated_value": "50000"}

    async def ask(client: Any) -> Any:
        return (await client.call_tool("decide", {"purchase": purchase})).structured_content

    today = talk(make_server(), ask)
    before = talk(make_server(known_on=date(2025, 11, 30), lang="en"), ask)
    assert today["answer"]["procedure"] == "direct_award"
    assert before["answer"]["procedure"] == "adapted_procedure"
    assert "Adapted procedure" in before["answer"]["text"]


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_instructions_say_what_must_be_quoted(lang: str) -> None:
    from qmi_rules.doors.mcp import make_server

    instructions = make_server(lang=lang).instructions or ""
    assert {"fr": "toutes les réserves", "en": "every reservation"}[lang] in instructions


def test_a_tool_or_a_resource_that_is_not_there_is_an_error_that_lists_those_there_are() -> None:
    from qmi_rules.doors.mcp import make_server

    async def ask(client: Any) -> list[str]:
        said = []
        for request in (client.call_tool("buy", {}), client.read_resource("qmi-rules://secrets")):
            with pytest.raises(sdk().MCPError) as refused:
                await request
            said.append(str(refused.value))
        return said

    tool, resource = talk(make_server(), ask)
    assert "verify_quote" in tool
    assert "qmi-rules://glossary" in resource
