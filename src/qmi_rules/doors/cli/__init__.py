"""The command line `qmi-rules` (extra ``cli``): JSON or text out, faults on standard error with their paths."""

import gc
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import copy_context
from typing import Final

__all__ = ["main"]

INTERRUPTED: Final = 128 + signal.SIGINT
"""The status of a command that a person ended."""
RARELY: Final = 300_000
"""New objects between two searches for cycles: what a command loads stays until it ends, and looking through it again and again was an eighth of its time."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit: 0 answered, 2 bad input or no room for the answer, 130 ended by a person, 1 anything else."""
    usual = gc.get_threshold()
    gc.set_threshold(RARELY, *usual[1:])
    try:
        _main(arguments)
    except KeyboardInterrupt:  # here, as what a command needs takes a while to load
        raise SystemExit(INTERRUPTED) from None
    finally:
        gc.set_threshold(*usual)  # who calls this from a program goes on as before


def _main(arguments: Sequence[str] | None) -> None:
    try:
        import cyclopts  # noqa: F401
        import rich  # noqa: F401
    except ImportError as error:
        from qmi_rules.errors import MissingExtraError

        print(MissingExtraError("cli", error.name or "cyclopts"), file=sys.stderr)
        raise SystemExit(1) from None
    from qmi_rules.doors.cli.app import run

    with _ending():
        # in a context of its own: the templates that a command is given are no other's
        raise SystemExit(copy_context().run(run, sys.argv[1:] if arguments is None else arguments))


@contextmanager
def _ending() -> Iterator[None]:
    """The system's request to end is an end like others: files that are not whole go away, temporary folders too."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    former = signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, former)
