"""How the service is run; what a request may take of it, and how long: no document can tie it up, no client that never ends its sentence."""

import asyncio
import ctypes
import datetime
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Final, Generic, NoReturn, ParamSpec, TypeVar

from attrs import field, frozen

from qmi_rules.schema import LARGEST_DOCUMENT

_AGAIN: Final = 0.1
"""Seconds after which work whose time is over is told so once more."""

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


@frozen(kw_only=True)
class ServiceOptions:
    """How the service is run; it travels to worker processes, which load the law themselves.

    Attributes:
        host: The address to listen on.
        port: The port; 0 = a free one.
        workers: How many processes answer.
        table: TOML file or folder to use instead of the national table; local rules are laid over it.
        known_on: Take only what was published by this day, unless a request says another one.
        cors: Origins whose pages a browser lets read the answers; none = no page but the service's own.
        bounds: The limits of a request.
        stopping: Seconds that requests under way have left once the service is told to end.
        quiet: Write no line of log for each request.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 1
    table: Path | None = None
    known_on: datetime.date | None = None
    cors: tuple[str, ...] = ()
    bounds: ServiceBounds = field(factory=ServiceBounds)
    stopping: int = 30
    quiet: bool = False


class TooSlow(Exception):
    """An answer whose time was over; it is no longer worked on."""


class _Stop(BaseException):
    """Raised in the midst of an answer whose time is over; no `except Exception` on its way holds it up."""


class Workroom:
    """Where longer answers are made, each in a thread of its own, so that the service goes on listening meanwhile."""

    def __init__(self, bounds: ServiceBounds) -> None:
        self._seconds = bounds.answering
        self._places = asyncio.Semaphore(bounds.threads)

    async def run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What the function gives.

        Raises:
            TooSlow: Its time was over, that of waiting for a place included; where it had begun, it was stopped and has ended.
        """
        loop = asyncio.get_running_loop()
        until = loop.time() + self._seconds
        try:
            async with asyncio.timeout_at(until):
                await self._places.acquire()
        except TimeoutError:
            raise TooSlow from None
        work = _Work(lambda: function(*args, **kwargs), loop)
        try:
            work.start()
            await asyncio.wait({work.ended}, timeout=until - loop.time())
            while not work.ended.done() and work.is_alive():
                work.stop()  # more than once: what clears up on its way may swallow what it was told
                await asyncio.wait({work.ended}, timeout=_AGAIN)
        finally:  # also where nobody waits for the answer any more
            work.stop()
            self._places.release()
        if not work.ended.done():  # it was stopped while it told of its end
            raise TooSlow
        try:
            return work.ended.result()()
        except _Stop:
            raise TooSlow from None


class _Work(threading.Thread, Generic[T]):
    """A piece of work, which can be stopped.

    No thread is used twice and all are started by the loop that stops them, so that what is told to one never reaches another's work.
    """

    def __init__(self, function: Callable[[], T], loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(name="qmi-rules", daemon=True)
        self._function, self._loop = function, loop
        self.ended: asyncio.Future[Callable[[], T]] = loop.create_future()

    def run(self) -> None:
        """Work, and tell the loop how it ended."""
        with suppress(_Stop, RuntimeError):  # a loop that is closed is told nothing
            try:
                found = self._function()
                end: Callable[[], T] = lambda: found  # noqa: E731
            except BaseException as error:
                end = partial(_raise, error)
            self._loop.call_soon_threadsafe(self._tell, end)

    def _tell(self, end: Callable[[], T]) -> None:
        if not self.ended.done():
            self.ended.set_result(end)

    def stop(self) -> None:
        """Raise `_Stop` in the thread: Python has no other way to end a computation that does not look up.

        Not while it loads a module: the lock of one that is half loaded would never open again, for any thread.
        """
        if self.ended.done() or not self.is_alive() or self.ident is None:
            return
        frame = sys._current_frames().get(self.ident)
        while frame is not None:
            if frame.f_code.co_filename.startswith("<frozen importlib"):
                return
            frame = frame.f_back
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(self.ident), ctypes.py_object(_Stop))


def _raise(error: BaseException) -> NoReturn:
    raise error
