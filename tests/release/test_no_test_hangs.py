"""No test waits for ever: each has a limit by the clock, and so has everything that a test waits for."""

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

TESTS = Path(__file__).parents[1]
_RUN = {f"subprocess.{name}" for name in ("run", "call", "check_call", "check_output")}
_WAITS = {"wait", "communicate", "result"}


def calls() -> Iterator[tuple[str, ast.Call]]:
    for path in sorted(TESTS.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                yield f"{path.relative_to(TESTS)}:{node.lineno}", node


def may_wait_for_ever(call: ast.Call) -> bool:
    """Whether a call waits for a process, a barrier or a pool without saying how long."""
    whole, name = ast.unparse(call.func), ast.unparse(call.func).rpartition(".")[2]
    if {keyword.arg for keyword in call.keywords} & {"timeout", None}:
        return False
    if whole in _RUN:
        return True
    if name == "Barrier":
        return len(call.args) < 3
    return (name in _WAITS and not call.args) or (name == "map" and ("pool" in whole or "executor" in whole))


def test_whatever_a_test_waits_for_has_a_limit():
    barriers = "start.wait()"  # the limit is the barrier's
    assert [f"{at}: {ast.unparse(c)}" for at, c in calls() if may_wait_for_ever(c) and ast.unparse(c) != barriers] == []


def test_every_test_has_a_limit_and_leaves_a_trace():
    """pytest-timeout ends what takes longer and shows every thread; earlier still `faulthandler` writes where it stands."""
    told = tomllib.loads((TESTS.parent / "pyproject.toml").read_text("utf-8"))["tool"]["pytest"]["ini_options"]
    assert 0 < told["faulthandler_timeout"] < told["timeout"] <= 600


def test_a_test_that_hangs_is_ended(pytestconfig):
    """The plugin is there and reads the limit; of a test that is slow the limit is longer, not none."""
    assert pytestconfig.pluginmanager.hasplugin("timeout")
    assert float(pytestconfig.getini("timeout")) > 0
