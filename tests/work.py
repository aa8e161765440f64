"""How much work something is, which neither another program nor a slower machine changes: what a test of speed may ask."""

import sys
from collections.abc import Callable
from typing import Any


def calls(run: Callable[[], object]) -> int:
    """The calls, of functions of Python and of C, that `run` makes in this thread."""
    made = 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal made
        made += event in ("call", "c_call")

    former = sys.getprofile()
    sys.setprofile(count)
    try:
        run()
    finally:
        sys.setprofile(former)
    return made


def lines(run: Callable[[], object]) -> int:
    """The lines of Python that `run` passes in this thread: of code that calls little, such as what is generated from the rows of the law."""
    passed = 0

    def count(_frame: object, event: str, _argument: object) -> Any:
        nonlocal passed
        passed += event == "line"
        return count

    former = sys.gettrace()
    sys.settrace(count)
    try:
        run()
    finally:
        sys.settrace(former)
    return passed
