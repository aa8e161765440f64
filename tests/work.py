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


def steps(run: Callable[[], object]) -> int:
    """The lines of Python that `run` passes in this thread, from 3.12 on the instructions: of code that calls little, such as what is generated from the law."""
    passed = 0

    def count(*_: object) -> None:
        nonlocal passed
        passed += 1

    def trace(_frame: object, event: str, _argument: object) -> Any:
        if event == "line":
            count()
        return trace

    if sys.version_info >= (3, 12):  # which looks each line up from the first on, of long code a square: instructions
        watch = sys.monitoring
        watch.use_tool_id(watch.PROFILER_ID, "steps")
        watch.register_callback(watch.PROFILER_ID, watch.events.INSTRUCTION, count)
        watch.set_events(watch.PROFILER_ID, watch.events.INSTRUCTION)
        try:
            run()
        finally:
            watch.set_events(watch.PROFILER_ID, 0)
            watch.free_tool_id(watch.PROFILER_ID)
        return passed
    former = sys.gettrace()
    sys.settrace(trace)
    try:
        run()
    finally:
        sys.settrace(former)
    return passed
