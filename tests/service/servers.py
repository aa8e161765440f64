"""A running service, as any program meets it: a process of its own on a free port."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).parents[2]


class Server:
    """The process and its address."""

    def __init__(self, process: "subprocess.Popen[str]", url: str) -> None:
        self.process, self.url = process, url

    def post(self, path: str, document: Any = None, **more: Any) -> httpx.Response:
        """Ask a question."""
        content = more.pop("content", None)
        headers = {"content-type": "application/json"} | more.pop("headers", {})
        content = json.dumps(document).encode() if content is None else content
        return httpx.post(self.url + path, content=content, headers=headers, timeout=60, **more)

    def get(self, path: str, **more: Any) -> httpx.Response:
        """Read something."""
        return httpx.get(self.url + path, timeout=60, **more)

    def stop(self) -> tuple[int, list[dict[str, Any]]]:
        """End it as systemd does; its status and its log."""
        self.process.terminate()
        _, errors = self.process.communicate(timeout=60)
        return self.process.returncode, [json.loads(line) for line in errors.splitlines()]


@contextmanager
def running(*arguments: str, program: tuple[str, ...] = ()) -> Iterator[Server]:
    """A server while the block lasts."""
    command = program or (sys.executable, "-c", "from qmi_rules.doors.cli import main; main()", "serve")
    process = subprocess.Popen([*command, "--port", "0", *arguments], stderr=subprocess.PIPE, text=True, cwd=ROOT)
    try:
        assert process.stderr is not None
        first = process.stderr.readline()
        found = re.search(r'"url": "(http://[^"]+)"', first)
        assert found, first + process.stderr.read()
        yield Server(process, found[1])
    finally:
        process.kill()
        process.communicate(timeout=60)
