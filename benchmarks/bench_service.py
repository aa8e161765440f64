"""The service beside itself and beside OpenFisca's Web API: ratios of one run, one process a server.

python benchmarks/bench_service.py [--seconds 5] [--lines 50_000] [--openfisca PYTHON]

PYTHON is the interpreter of an environment with openfisca-core[web-api], which needs one of its own. Each server answers eight connections;
the candidates are asked in turns. Beside requests a second stand requests for each second of processor time that the server took: on
a machine that others use as well these say more.
"""

import argparse
import asyncio
import json
import os
import random
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
CONNECTIONS = 8
TICKS = os.sysconf("SC_CLK_TCK")


def purchases(count: int) -> list[dict[str, Any]]:
    """Purchases as a commune's list has them: any day of three years, any amount, most of them with the facts that matter most."""
    chosen = random.Random(7)
    return [
        {
            "title": f"Achat n° {i}",
            "launched_on": f"{chosen.choice((2024, 2025, 2026))}-{chosen.randint(1, 12):02}-{chosen.randint(1, 28):02}",
            "contract_type": chosen.choice(("works", "supplies", "services")),
            "estimated_value": f"{chosen.randint(1_000, 300_000)}.{chosen.choice(('00', '50'))}",
            "buyer": {"kind": "commune"},
            **({"innovative": chosen.random() < 0.5} if chosen.random() < 0.7 else {}),
        }
        for i in range(count)
    ]


class Server:
    """A server in a process of its own."""

    def __init__(self, command: list[str]) -> None:
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=HERE)
        assert self.process.stderr is not None
        for line in self.process.stderr:
            if found := re.search(r"http://127\.0\.0\.1:(\d+)", line):
                self.port = int(found[1])
                break
        else:
            raise SystemExit(f"{command} does not serve")

    def processor(self) -> float:
        """Seconds of processor time so far, those of its children (gunicorn's one worker) included."""
        pids = [self.process.pid]
        for status in Path("/proc").glob("[0-9]*/stat"):
            fields = status.read_text().rpartition(")")[2].split()
            if int(fields[1]) == self.process.pid:
                pids.append(int(status.parent.name))
        times = [Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13] for pid in pids]
        return sum(int(ticks) for pair in times for ticks in pair) / TICKS

    def end(self) -> None:
        self.process.terminate()
        self.process.wait()


def request(path: str, document: Any = None, method: str = "POST") -> bytes:
    body = b"" if document is None else json.dumps(document).encode()
    head = f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


async def ask(port: int, requests: list[bytes], until: float) -> int:
    """Ask one after another on one connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    count = 0
    while count == 0 or time.perf_counter() < until:
        writer.write(requests[count % len(requests)])
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200"), head
        found = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
        assert found is not None
        await reader.readexactly(int(found[1]))
        count += 1
    writer.close()
    return count


def rate(server: Server, requests: list[bytes], seconds: float) -> tuple[float, float]:
    """Requests a second, and for each second of processor time."""

    async def together() -> int:
        until = time.perf_counter() + seconds
        parts = [requests[i::CONNECTIONS] or requests for i in range(CONNECTIONS)]
        return sum(await asyncio.gather(*(ask(server.port, part, until) for part in parts)))

    began, processor = time.perf_counter(), server.processor()
    count = asyncio.run(together())
    return count / (time.perf_counter() - began), count / max(server.processor() - processor, 1 / TICKS)


async def everything(server: Server, requests: list[bytes]) -> None:
    """Ask all of it once: a server that has run for a while has seen most kinds of purchases."""
    for one in requests:
        await ask(server.port, [one], time.perf_counter() + 0.000_1)


def best(
    candidates: dict[str, tuple[Server, list[bytes]]], seconds: float, rounds: int = 3
) -> dict[str, tuple[float, float]]:
    """The best of some rounds, in turns."""
    for server, requests in candidates.values():
        asyncio.run(everything(server, requests))
    found: dict[str, tuple[float, float]] = dict.fromkeys(candidates, (0.0, 0.0))
    for _ in range(rounds):
        for name, (server, requests) in candidates.items():
            one = rate(server, requests, seconds)
            found[name] = (max(found[name][0], one[0]), max(found[name][1], one[1]))
    return found


def lines(server: Server, documents: list[dict[str, Any]]) -> tuple[float, float]:
    """Lines of a batch a second, and for each second of processor time."""
    body = "".join(json.dumps(one) + "\n" for one in documents).encode()
    began, processor = time.perf_counter(), server.processor()
    command = [
        "curl",
        "-sS",
        "--data-binary",
        "@-",
        "-H",
        "content-type: application/x-ndjson",
        f"http://127.0.0.1:{server.port}/v1/decide",
    ]
    answer = subprocess.run(command, input=body, capture_output=True, check=True).stdout
    assert answer.count(b"\n") == len(documents) == answer.count(b'"answer"')
    return len(documents) / (time.perf_counter() - began), len(documents) / (server.processor() - processor)


def openfisca_request(one: dict[str, Any]) -> bytes:
    month = one["launched_on"][:7]
    given = {
        "estimated_value": int(float(one["estimated_value"])),
        "contract_type": one["contract_type"],
        "buyer_kind": "commune",
        "innovative": one.get("innovative", False),
    }
    procedures = [
        "direct",
        "innovative",
        "adapted",
        "formal",
        "prototype",
        "partnership",
        "dialogue",
        "negotiation",
        "jointly",
        "small_lot",
    ]
    asked = {f"open_{name}": {month: None} for name in procedures}
    return request(
        "/calculate", {"purchases": {"p": {**{key: {month: value} for key, value in given.items()}, **asked}}}
    )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--lines", type=int, default=50_000)
    parser.add_argument("--openfisca", help="the interpreter of an environment with openfisca-core[web-api]")
    options = parser.parse_args()
    documents = purchases(max(options.lines, 4_000))
    command = "from qmi_rules.doors.cli import main; main()"
    ours = Server([sys.executable, "-c", command, "serve", "--port", "0", "--quiet"])
    servers = [ours]
    candidates = {
        "an empty endpoint (GET /healthz)": (ours, [request("/healthz", method="GET")]),
        "POST /v1/decide?detail=answer": (
            ours,
            [request("/v1/decide?detail=answer", one) for one in documents[:500]],
        ),
    }
    if options.openfisca:
        peer = Server([options.openfisca, str(HERE / "openfisca_service.py")])
        servers.append(peer)
        candidates["OpenFisca POST /calculate, ten procedures"] = (
            peer,
            [openfisca_request(one) for one in documents[:500]],
        )
    try:
        found = best(candidates, options.seconds)
        for name, (wall, processor) in found.items():
            print(f"{name:45} {wall:9,.0f} a second {processor:9,.0f} a second of processor time")
        (empty, empty_cpu), (decide, decide_cpu), *others = found.values()
        print(
            f"decide / empty endpoint: {decide / empty:.2f}; by processor time {decide_cpu / empty_cpu:.2f} (at least 0.3)"
        )
        for wall, processor in others:
            print(
                f"decide / OpenFisca: {decide / wall:.1f}; by processor time {decide_cpu / processor:.1f} (at least 10)"
            )
        for name, batch in (("first", documents[: options.lines]), ("again", documents[: options.lines])):
            wall, processor = lines(ours, batch)
            print(
                f"a batch of {len(batch):,} purchases, {name}: {wall:,.0f} a second; {processor:,.0f} a second of processor time (at least 5 000)"
            )
    finally:
        for server in servers:
            server.end()


if __name__ == "__main__":
    main()
