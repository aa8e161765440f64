"""Batches: lines of JSON come in, a line of JSON goes out for each, in the same order, while they come; memory does not grow with them.

A client may read answers while it sends. One that sends everything first would wait for ever on a service that waits to be read: what
such a client sends ahead is laid down in a file without a name, which is gone with the request.
"""

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from tempfile import SpooledTemporaryFile
from time import perf_counter
from typing import Final

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from qmi_rules.doors.answers import Terms, answered_line, faulty_line
from qmi_rules.doors.http.asking import LINES, pieces_of, too_long
from qmi_rules.doors.http.bounds import ServiceBounds, TooSlow, Workroom
from qmi_rules.doors.http.responses import Refused, problem_text
from qmi_rules.doors.operations import Operation
from qmi_rules.errors import DocumentError, Problem, fault

_IN_MEMORY: Final = 1_000_000
_PIECE: Final = 65_536
_SLICE: Final = 0.03
"""Seconds of work after which other requests have their turn."""


class _Ahead:
    """What the client has sent and nobody has read yet."""

    def __init__(self, request: Request, bounds: ServiceBounds) -> None:
        self._request, self._bounds = request, bounds
        self._file = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 it is closed when the answer ends
        self._read = self._written = 0
        self._more = asyncio.Event()
        self.ended = False
        self.fault: BaseException | None = None

    async def fill(self) -> None:
        """Take what the client sends until it has sent all."""
        try:
            async for piece in pieces_of(self._request, self._bounds):
                if self._written + len(piece) > self._bounds.batch:
                    raise too_long(self._bounds.batch)
                self._file.seek(self._written)
                self._file.write(piece)
                self._written += len(piece)
                self._more.set()
        except (Refused, ClientDisconnect) as error:
            self.fault = error
        finally:
            self.ended = True
            self._more.set()

    async def piece(self) -> bytes:
        """The next piece; empty once there is no more."""
        while self._read == self._written:
            if self.ended:
                return b""
            self._more.clear()
            await self._more.wait()
        self._file.seek(self._read)
        found = self._file.read(_PIECE)
        self._read += len(found)
        return found

    def close(self) -> None:
        """Forget all of it."""
        self._file.close()


class _Lines:
    """Cuts pieces into lines; of a line that is too long it keeps no more than is needed to say so."""

    def __init__(self, longest: int) -> None:
        self._longest = longest
        self._rest: list[bytes] = []
        self._length = 0

    def cut(self, piece: bytes) -> Iterator[bytes]:
        """The lines that end in this piece."""
        first, *others = piece.split(b"\n")
        self._keep(first)
        for other in others:
            yield self.rest()
            self._keep(other)

    def rest(self) -> bytes:
        """The line that has come so far."""
        line = b"".join(self._rest)
        self._rest, self._length = [], 0
        return line

    @property
    def pending(self) -> bool:
        """A line has begun."""
        return bool(self._length)

    def _keep(self, piece: bytes) -> None:
        if piece and self._length <= self._longest:
            self._rest.append(piece[: self._longest + 1 - self._length])
        self._length += len(piece)


class BatchResponse(Response):
    """The answers to a batch, sent while its lines come."""

    def __init__(
        self, operation: Operation, terms: Terms, request: Request, bounds: ServiceBounds, room: Workroom
    ) -> None:
        self.status_code, self.background, self.body = 200, None, b""
        self.media_type = LINES
        self.init_headers({"content-language": terms.lang, "cache-control": "no-store"})
        del self.headers["content-length"]
        self._operation, self._terms, self._bounds, self._room = operation, terms, bounds, room
        self._request = request
        self._ahead = _Ahead(request, bounds)
        self._number = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer."""
        scope["qmi_rules.lines"] = 0
        filling = asyncio.create_task(self._ahead.fill())
        try:
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            lines = _Lines(self._bounds.body)
            while self._number <= self._bounds.lines and (piece := await self._ahead.piece()):
                await self._answer([*lines.cut(piece)], send)
                scope["qmi_rules.lines"] = self._number
            if lines.pending and self._number < self._bounds.lines:
                await self._answer([lines.rest()], send)
            await self._last_word(send)
            scope["qmi_rules.lines"] = self._number
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        except (ClientDisconnect, OSError):
            pass
        finally:
            filling.cancel()
            with suppress(asyncio.CancelledError):
                await filling
            self._ahead.close()

    async def _answer(self, lines: list[bytes], send: Send) -> None:
        """Answer some lines, a slice of time after the other."""
        left = lines[: self._bounds.lines + 1 - self._number]
        while left:
            under_way = _Slice(self._operation, self._terms, self._bounds, self._number, left)
            try:
                await self._room.run(under_way.work)
            except TooSlow:
                under_way.give_up()
            self._number += len(under_way.answers)
            left = left[len(under_way.answers) :]
            body = "".join(f"{answer}\n" for answer in under_way.answers).encode("utf-8", "backslashreplace")
            await self._send(send, body)

    async def _send(self, send: Send, body: bytes) -> None:
        """Send; a client that has sent all and reads nothing is left after a time."""
        sending = asyncio.ensure_future(send({"type": "http.response.body", "body": body, "more_body": True}))
        while True:
            ended = self._ahead.ended
            done, _ = await asyncio.wait({sending}, timeout=self._bounds.silence)
            if done:
                return await sending
            if ended:
                sending.cancel()
                raise ClientDisconnect

    async def _last_word(self, send: Send) -> None:
        """Why not all lines are answered, where that is so."""
        fault_ = self._ahead.fault
        if isinstance(fault_, ClientDisconnect):
            raise fault_
        if isinstance(fault_, Refused):
            text = problem_text(fault_.status, self._terms.lang, fault_.faults)
            line = f'{{"line":{self._number + 1},{text[1:]}\n'
            await self._send(send, line.encode())


class _Slice:
    """Some lines, answered in a thread until the time of a slice is over."""

    def __init__(
        self, operation: Operation, terms: Terms, bounds: ServiceBounds, before: int, lines: list[bytes]
    ) -> None:
        self._operation, self._terms, self._bounds, self._before, self._lines = operation, terms, bounds, before, lines
        self.answers: list[str] = []

    def work(self) -> None:
        """Answer at least one."""
        until = perf_counter() + _SLICE
        for line in self._lines:
            self.answers.append(self._answered(line, self._before + len(self.answers) + 1))
            if perf_counter() > until:
                return

    def _answered(self, line: bytes, number: int) -> str:
        if number > self._bounds.lines:
            words = "expected at most {most} lines; the others are not answered"
            return self._faulty(fault("too_long", "", words, most=self._bounds.lines), number)
        if len(line) > self._bounds.body:
            return self._faulty(
                fault("too_long", "", "expected at most {most} bytes, got more", most=self._bounds.body), number
            )
        try:
            return answered_line(self._operation, line, number, self._terms)
        except Exception:  # a fault of the library: the other lines are answered all the same
            return self._unanswered(500)

    def _faulty(self, problem: Problem, number: int) -> str:
        return faulty_line(DocumentError(problem), number, self._terms.lang)

    def give_up(self) -> None:
        """The line at which it was stopped takes too long."""
        if len(self.answers) < len(self._lines):  # it may have been stopped behind the last one
            self.answers.append(self._unanswered(503))

    def _unanswered(self, status: int) -> str:
        text = problem_text(status, self._terms.lang)
        return f'{{"line":{self._before + len(self.answers) + 1},{text[1:]}'
