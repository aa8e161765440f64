"""The README runs: its Python blocks as written, its JSON example through the command line."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from readme import README, commands

BLOCKS = re.findall(r"^```python\n(.*?)^```", README.read_text("utf-8"), re.DOTALL | re.MULTILINE)


def test_the_python_blocks_run_in_order() -> None:
    namespace: dict[str, object] = {}
    assert len(BLOCKS) >= 2
    for block in BLOCKS:
        exec(compile(block, "README.md", "exec"), namespace)


@pytest.mark.parametrize("command", commands(README.read_text("utf-8"))[2:])
def test_the_other_commands_run(command: str) -> None:
    scripts = str(Path(sys.executable).parent)
    run = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", command],
        capture_output=True,
        env={"PATH": f"{scripts}:/usr/bin:/bin"},
        timeout=600,
    )
    assert run.returncode == 0, run.stderr.decode()
    assert run.stdout.startswith(b"{")


def test_the_two_first_commands_are_the_main_job_and_the_tests() -> None:
    main, tests, *_ = commands(README.read_text("utf-8"))
    assert "qmi-rules" in main
    assert "pytest" in tests
