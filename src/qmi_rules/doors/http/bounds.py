"""What a request may take of the service, and how long: no document can tie it up, no client that never ends its sentence."""

import asyncio
import ctypes
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from attrs import frozen

from qmi_rules.schema import LARGEST_DOCUMENT

P = ParamSpec("P")
T = TypeVar("T")


@frozen(kw_only=True)
class ServiceBounds:
    """The limits of a request.

    Attributes:
        body: Bytes of a document, alone or as a line of a batch.
        lines: Lines of a batch.
        batch: Bytes of a batch.
        silence: Seconds that a client may let pass without sending what it began to send, or without reading its answer.
        answering: Seconds that one document may take to be answered.
        threads: How many documents are worked on at once; Python runs one at a time, the others keep short ones from waiting for long ones.
    """

    body: int = LARGEST_DOCUMENT
    lines: int = 100_000
    batch: int = 200_000_000
    silence: float = 20
    answering: float = 20
    threads: int = 4


class TooSlow(BaseException):
    """Raised in the midst of an answer whose time is over; no `except Exception` on its way holds it up."""


class Workroom:
    """The threads in which longer answers are made, so that the service goes on listening meanwhile."""

    def __init__(self, bounds: ServiceBounds) -> None:
        self._seconds = bounds.answering
        self._pool = ThreadPoolExecutor(bounds.threads, "qmi-rules")

    async def run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What the function gives.

        Raises:
            TooSlow: Its time was over, that of waiting for a thread included; it was stopped where it was.
        """
        under_way = _UnderWay()
        work = asyncio.get_running_loop().run_in_executor(self._pool, under_way.run, lambda: function(*args, **kwargs))
        done, _ = await asyncio.wait({work}, timeout=self._seconds)
        if not done:
            if work.cancel():  # it was still waiting for a thread
                raise TooSlow
            under_way.stop()
            await asyncio.wait({work})
        return await work


class _UnderWay:
    """A piece of work in a thread, which can be stopped from another."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._thread: int | None = None

    def run(self, function: Callable[[], T]) -> T:
        with self._lock:
            self._thread = threading.get_ident()
        try:
            return function()
        finally:
            with self._lock:
                self._thread = None

    def stop(self) -> None:
        """Raise `TooSlow` in the thread: Python has no other way to end a computation that does not look up."""
        with self._lock:
            if self._thread is not None:
                ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(self._thread), ctypes.py_object(TooSlow))
